"""The wait-for graph as a picture: `draw` on matplotlib's axes, `save` into a file.

`gosim.views.scene` says where everything stands; here it is painted.  matplotlib is imported inside
functions only, and its global state (pyplot, rcParams) is left alone.  No meaning is carried by
colour alone: each state of a goroutine has a stripe with a hatching of its own and a word, what is
gone has a dashed border, and each kind of edge has a line of its own.
"""

from __future__ import annotations

import math
import os
from typing import TYPE_CHECKING, Any, Final

from gosim.leaks.graph import COULD_WAKE, HELD_BY, USES, WAITS_FOR, fold
from gosim.views.scene import (
    ARROW,
    CELL,
    DARK,
    FILLS,
    GREEN,
    GREY,
    LEADING,
    MARGIN,
    PAD_X,
    PAD_Y,
    STATES,
    STRIPE,
    THINGS,
    VERMILLION,
    Arrow,
    Box,
    Line,
    Picture,
    arrange,
    merge_things,
)
from gosim.views.text import short

if TYPE_CHECKING:
    import networkx
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# -- painting --------------------------------------------------------------------------------------


def draw(graph: networkx.MultiDiGraph, ax: Axes | None = None, title: str = "") -> Axes:
    """Draw a wait-for graph.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        From ``Run.graph()``.
    ax : matplotlib.axes.Axes, optional
        Where to draw, filled as it is; left out, a figure of the right size is made.
    title : str
        What the picture says; ``gosim run --graph`` gives the verdict.

    Returns
    -------
    matplotlib.axes.Axes
        Its units are points of a picture at full size.
    """
    picture = arrange(graph, title)
    if ax is None:
        ax = _figure(picture).axes[0]
        _paint(picture, ax, 1.0)
        return ax
    space = ax.get_window_extent()
    scale = min(space.width / picture.width, space.height / picture.height)
    _paint(picture, ax, scale * 72 / ax.figure.dpi)
    return ax


def _paint(picture: Picture, ax: Axes, scale: float) -> None:
    ax.set_xlim(0, picture.width)
    ax.set_ylim(0, picture.height)
    ax.set_aspect("equal")
    ax.axis("off")
    _Brush(ax, scale).paint(picture)


def _figure(picture: Picture) -> Figure:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(picture.width / 72, picture.height / 72), dpi=144, facecolor="white")
    FigureCanvasAgg(figure)
    figure.add_axes((0.0, 0.0, 1.0, 1.0))
    return figure


class _Brush:
    """Paints a picture on axes; `scale` is the size of a point of the picture in points."""

    def __init__(self, ax: Axes, scale: float) -> None:
        self.ax = ax
        self.scale = scale

    def paint(self, picture: Picture) -> None:
        for arrow in sorted(picture.arrows, key=lambda arrow: arrow.marked):
            self.arrow(arrow)
        for box in picture.boxes:
            self.box(box)
        y = picture.height - MARGIN
        for line in picture.title:
            y -= line.size * 1.05
            self.text(MARGIN, y, line, "baseline")
            y -= line.size * 0.3
        if picture.message:
            lowest = min((box.y for box in picture.boxes), default=picture.height / 2 + 4)
            self.text(
                MARGIN,
                lowest - 18,
                Line(picture.message, 9.5, italic=True, color=GREY),
                "baseline",
            )
        for (what, words), (x, y) in zip(picture.legend, picture.legend_at, strict=True):
            self.swatch(what, x, y)
            self.text(x + 34, y + 5, Line(words), "center")

    def text(self, x: float, y: float, line: Line, va: str, ha: str = "left", **more: Any) -> Any:
        return self.ax.text(
            x,
            y,
            line.text,
            fontsize=line.size * self.scale,
            fontfamily="DejaVu Sans",
            fontweight="bold" if line.bold else "normal",
            fontstyle="italic" if line.italic else "normal",
            color=line.color,
            va=va,
            ha=ha,
            parse_math=False,
            **more,
        )

    def rectangle(
        self, x: float, y: float, w: float, h: float, round: float = 0, **look: Any
    ) -> Any:
        from matplotlib.patches import FancyBboxPatch

        look["linewidth"] = look.get("linewidth", 1.2) * self.scale
        style = f"round,pad=0,rounding_size={round}" if round else "square,pad=0"
        patch = FancyBboxPatch((x, y), w, h, boxstyle=style, mutation_aspect=1, **look)
        return self.ax.add_patch(patch)

    def stripe(self, leak: str | None, x: float, y: float, w: float, h: float, zorder: int) -> None:
        state = STATES[leak]
        if state.hatch:
            look: dict[str, Any] = {"facecolor": state.color, "edgecolor": "white", "linewidth": 0}
            self.rectangle(x, y, w, h, zorder=zorder, hatch=state.hatch, **look)

    def box(self, box: Box) -> None:
        heavy = 2.6 if box.marked else 1.8 if box.leak == "permanent" else 1.2
        self.rectangle(
            box.x,
            box.y,
            box.width,
            box.height,
            round=9 if box.goroutine or box.gone else 0,
            facecolor=FILLS[box.color],
            edgecolor=VERMILLION if box.marked else box.color,
            linewidth=heavy,
            linestyle=(0, (4, 2.5)) if box.gone or box.nil else "solid",
            zorder=3,
        )
        x = box.x + PAD_X
        if box.leak:
            self.stripe(box.leak, box.x + 4, box.y + 6, STRIPE - 2, box.height - 12, 4)
            x += STRIPE
        y = box.y + box.height - PAD_Y
        for line in box.lines:
            self.text(x, y - line.size * LEADING / 2, line, "center_baseline", zorder=5)
            y -= line.size * LEADING
        if box.cells is not None:
            filled, cap = box.cells
            for k in range(cap):
                self.rectangle(
                    x + k * (CELL + 2),
                    y - 3 - CELL,
                    CELL,
                    CELL,
                    facecolor=box.color if k < filled else "white",
                    edgecolor=GREY,
                    linewidth=0.8,
                    zorder=5,
                )

    def arrow(self, arrow: Arrow) -> None:
        color, style = _look(arrow.kind, arrow.marked)
        self.curve(arrow.points, color, style, arrow.width)
        if arrow.label_at is not None:
            x, y = arrow.label_at
            ground = {"boxstyle": "round,pad=0.18", "facecolor": "white", "edgecolor": "none"}
            line = Line(arrow.label, 8.0, color=DARK if arrow.marked else GREY)
            self.text(x, y, line, "center", "center", bbox=ground, zorder=2.5)

    def curve(self, points: Any, color: str, style: Any, width: float) -> None:
        from matplotlib.patches import PathPatch, Polygon
        from matplotlib.path import Path

        (x, y), (x3, y3) = points[2], points[3]
        length = math.hypot(x3 - x, y3 - y) or 1.0
        ux, uy = (x3 - x) / length, (y3 - y) / length
        size = ARROW + width
        base = (x3 - ux * size * 0.9, y3 - uy * size * 0.9)
        path = Path([points[0], points[1], points[2], base], [1, 4, 4, 4])
        look = {"edgecolor": color, "facecolor": "none", "linewidth": width * self.scale}
        self.ax.add_patch(PathPatch(path, linestyle=style, capstyle="butt", zorder=2, **look))
        half = size * 0.5
        tips = [
            (x3, y3),
            (x3 - ux * size - uy * half, y3 - uy * size + ux * half),
            (x3 - ux * size + uy * half, y3 - uy * size - ux * half),
        ]
        self.ax.add_patch(Polygon(tips, closed=True, facecolor=color, edgecolor="none", zorder=2))

    def swatch(self, what: str, x: float, y: float) -> None:
        if what.startswith("state "):
            leak = next(state for state in STATES if what == f"state {state}")
            color = STATES[leak].color
            look: dict[str, Any] = {"facecolor": FILLS[color], "edgecolor": color}
            self.rectangle(x, y, 27, 10, round=4, zorder=3, linewidth=1.4, **look)
            self.stripe(leak, x + 3.5, y + 2, 6, 6, 4)
        elif what == "gone":
            look = {"facecolor": "white", "edgecolor": GREY, "linestyle": (0, (4, 2.5))}
            self.rectangle(x, y, 27, 10, round=4, zorder=3, **look)
        else:
            marked = what == "cycle"
            color, style = _look(WAITS_FOR if marked else what, marked)
            points = ((x, y + 5), (x + 9, y + 5), (x + 18, y + 5), (x + 27, y + 5))
            self.curve(points, color, style, 2.6 if marked else 1.5)


_STYLES: Final[dict[str, Any]] = {
    HELD_BY: (0, (7, 1.6)),
    COULD_WAKE: (0, (3.2, 2.6)),
    USES: (0, (1, 1.6)),
}
_COLORS: Final = {WAITS_FOR: "#4D4D4D", HELD_BY: "#A3527F"}


def _look(kind: str, marked: bool) -> tuple[str, Any]:
    """Return colour and line style of an arrow."""
    color = VERMILLION if marked else _COLORS.get(kind, "#7A7A7A")
    return color, _STYLES.get(kind, "solid")


# -- files -----------------------------------------------------------------------------------------


def save(graph: networkx.MultiDiGraph, path: str | os.PathLike[str], title: str = "") -> None:
    """Draw a wait-for graph into a file: PNG, SVG, PDF or DOT, by the suffix of its name.

    The same graph gives the same bytes.

    Raises
    ------
    UsageError
        For another suffix.
    OSError
        When the file cannot be written.
    """
    suffix = os.path.splitext(path)[1].lower()
    if suffix == ".dot":
        with open(path, "w", encoding="utf-8") as file:
            file.write(dot(graph, title))
        return
    # Dates and the versions of libraries stay out: the same graph gives the same bytes.
    metadata: dict[str, Any] = {
        ".png": {"Software": None},
        ".svg": {"Date": None, "Creator": "gosim", "Title": title or "who waits for whom"},
        ".pdf": {"CreationDate": None, "Creator": "gosim", "Producer": None},
    }
    if suffix not in metadata:
        from gosim.runtime.errors import UsageError

        name = os.fspath(path)
        raise UsageError(f"{name}: the name of a picture ends in .png, .svg, .pdf or .dot")
    from matplotlib import rc_context

    picture = arrange(graph, title)
    with rc_context({"svg.hashsalt": "gosim", "svg.fonttype": "path"}):
        figure = _figure(picture)
        _paint(picture, figure.axes[0], 1.0)
        figure.savefig(path, format=suffix[1:], metadata=metadata[suffix])


def dot(graph: networkx.MultiDiGraph, title: str = "") -> str:
    """Return the graph, equal goroutines folded, in Graphviz's language."""
    folded = fold(merge_things(graph))
    lines = ["digraph waits {", "  rankdir=LR;", '  node [fontname="DejaVu Sans"];']
    if title:
        lines.append(f"  label={_quoted(title)}; labelloc=t;")
    for node, data in folded.nodes(data=True):
        gone, goroutine = data["kind"] == "ghost", data["kind"] == "goroutine"
        color = GREY if gone else THINGS.get(data["kind"], ("", GREEN))[1]
        style = "rounded,filled,dashed" if gone else "filled"
        if goroutine:
            color, style = STATES.get(data["leak"], STATES[None]).color, "rounded,filled"
        look = {
            "label": f"{data['label']}\n{data['detail']}",
            "shape": "box",
            "style": style,
            "color": VERMILLION if data["in_cycle"] else color,
            "fillcolor": FILLS[color],
        }
        lines.append(f"  {_quoted(node)} [{_attributes(look)}];")
    for a, b, data in folded.edges(data=True):
        where = "" if data["kind"] == WAITS_FOR else f" {short(data['at'])}"
        look = {"label": f"{data['label']}{where}".strip(), "style": data["style"]}
        lines.append(f"  {_quoted(a)} -> {_quoted(b)} [{_attributes(look)}];")
    return "\n".join([*lines, "}", ""])


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _attributes(values: dict[str, str]) -> str:
    return ", ".join(f"{name}={_quoted(value)}" for name, value in values.items())
