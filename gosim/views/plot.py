"""A sheet painted with matplotlib: on axes, as a figure, as a PNG, PDF or SVG file.

matplotlib is imported inside functions only, and its global state (pyplot, rcParams) is left alone.
"""

from __future__ import annotations

import os
import unicodedata
import warnings
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from gosim.views import palette
from gosim.views.sheet import Path, Polygon, Rect, Sheet, Text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SUFFIXES: Final = (".png", ".svg", ".pdf")

_MAX_PIXELS: Final = 12_000


def paint(sheet: Sheet, ax: Axes, theme: str = "light") -> Axes:
    """Paint a sheet on axes, filled as they are, and return them.

    Their units are the sheet's points, y downwards.  Text and lines shrink or grow with the axes.
    """
    space = ax.get_window_extent()
    scale = min(space.width / sheet.width, space.height / sheet.height)
    _paint(sheet, ax, scale * 72 / ax.figure.dpi, theme == "dark")
    return ax


def figure(sheet: Sheet, theme: str = "light") -> Figure:
    """Return a figure of the sheet's size that holds nothing else."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    # Agg refuses pictures of 2**16 pixels and more; a very long sheet gets coarser instead.
    dpi = min(144.0, _MAX_PIXELS * 72 / max(sheet.width, sheet.height, 1.0))
    page = Figure(figsize=(sheet.width / 72, sheet.height / 72), dpi=dpi)
    dark = theme == "dark"
    page.patch.set_facecolor(palette.value(sheet.background, dark) if sheet.background else "none")
    FigureCanvasAgg(page)
    _paint(sheet, page.add_axes((0.0, 0.0, 1.0, 1.0)), 1.0, dark)
    return page


def save(sheet: Sheet, path: str | os.PathLike[str], theme: str = "light") -> None:
    """Write a sheet into a file: PNG, PDF or SVG, by the suffix of its name.

    The same sheet gives the same bytes.

    Raises
    ------
    UsageError
        For another suffix.
    OSError
        When the file cannot be written.
    """
    suffix = os.path.splitext(path)[1].lower()
    if suffix not in SUFFIXES:
        from gosim.runtime.errors import UsageError

        name = os.fspath(path)
        raise UsageError(f"{name}: the name of a picture ends in {', '.join(SUFFIXES)}")
    if suffix == ".svg":
        from gosim.views.svg import save_svg

        save_svg(sheet, path, "dark" if theme == "dark" else "light")
        return
    # Dates and the versions of libraries stay out: the same sheet gives the same bytes.
    metadata: dict[str, Any] = {
        ".png": {"Software": None},
        ".pdf": {"CreationDate": None, "Creator": "gosim", "Producer": None, "Title": sheet.title},
    }
    with warnings.catch_warnings():
        # Characters that DejaVu Sans lacks become boxes; a notebook must see nothing on stderr.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        figure(sheet, theme).savefig(path, format=suffix[1:], metadata=metadata[suffix])


def _paint(sheet: Sheet, ax: Axes, scale: float, dark: bool) -> None:
    ax.set_xlim(0, sheet.width)
    ax.set_ylim(sheet.height, 0)
    ax.set_aspect("equal")
    ax.axis("off")
    brush = _Brush(ax, scale, dark)
    for order, mark in enumerate(sheet.marks):
        match mark:
            case Rect():
                brush.rect(mark, order)
            case Path():
                brush.path(mark, order)
            case Polygon():
                brush.polygon(mark, order)
            case Text():
                brush.text(mark, order)


class _Brush:
    """Paints marks on axes; `scale` is the size of a point of the sheet in points."""

    def __init__(self, ax: Axes, scale: float, dark: bool) -> None:
        self.ax = ax
        self.scale = scale
        self.dark = dark

    def color(self, name: str) -> str:
        return palette.value(name, self.dark) if name else "none"

    def line(self, dash: tuple[float, ...]) -> Any:
        # matplotlib measures dashes in widths of the line, a sheet in points.
        return (0, dash) if dash else "solid"

    def dashes(self, dash: tuple[float, ...], thickness: float) -> tuple[float, ...]:
        return tuple(length / max(thickness, 0.1) for length in dash)

    def rect(self, mark: Rect, order: int) -> None:
        from matplotlib.patches import FancyBboxPatch

        radius = min(mark.radius, mark.width / 2, mark.height / 2)
        style = f"round,pad=0,rounding_size={radius}" if radius else "square,pad=0"

        def box(**look: Any) -> None:
            self.ax.add_patch(
                FancyBboxPatch(
                    (mark.x, mark.y),
                    mark.width,
                    mark.height,
                    boxstyle=style,
                    mutation_aspect=1,
                    zorder=order,
                    **look,
                )
            )

        if mark.fill:
            box(facecolor=self.color(mark.fill), edgecolor="none", linewidth=0)
        if mark.hatch:
            hatch = mark.hatch * (3 if mark.hatch in ".+" else 4)
            box(facecolor="none", edgecolor=self.color(mark.hatch_color), linewidth=0, hatch=hatch)
        if mark.stroke:
            box(
                facecolor="none",
                edgecolor=self.color(mark.stroke),
                linewidth=mark.thickness * self.scale,
                linestyle=self.line(self.dashes(mark.dash, mark.thickness)),
            )

    def path(self, mark: Path, order: int) -> None:
        from matplotlib.patches import PathPatch
        from matplotlib.patches import Polygon as Area
        from matplotlib.path import Path as Trace

        points, head = mark.head()
        code = Trace.CURVE4 if mark.curve else Trace.LINETO
        trace = Trace(list(points), [Trace.MOVETO, *[code] * (len(points) - 1)])
        color = self.color(mark.stroke)
        self.ax.add_patch(
            PathPatch(
                trace,
                facecolor="none",
                edgecolor=color,
                linewidth=mark.thickness * self.scale,
                linestyle=self.line(self.dashes(mark.dash, mark.thickness)),
                capstyle="butt",
                zorder=order,
            )
        )
        if head:
            area = Area(list(head), closed=True, facecolor=color, edgecolor="none", zorder=order)
            self.ax.add_patch(area)

    def polygon(self, mark: Polygon, order: int) -> None:
        from matplotlib.patches import Polygon as Area

        self.ax.add_patch(
            Area(
                list(mark.points),
                closed=True,
                facecolor=self.color(mark.fill),
                edgecolor=self.color(mark.stroke),
                linewidth=mark.thickness * self.scale if mark.stroke else 0,
                zorder=order,
            )
        )

    def text(self, mark: Text, order: int) -> None:
        self.ax.text(
            mark.x,
            mark.y,
            mark.text,
            fontsize=mark.size * self.scale,
            fontfamily=fonts(mark.text, mark.mono),
            fontweight="bold" if mark.bold else "normal",
            fontstyle="italic" if mark.italic else "normal",
            color=self.color(mark.color),
            ha={"start": "left", "middle": "center", "end": "right"}[mark.anchor],
            va="baseline",
            rotation=-mark.angle,
            rotation_mode="anchor",
            parse_math=False,
            zorder=order,
        )


def fonts(text: str, mono: bool = False) -> list[str]:
    """Return the fonts for a text: an installed Chinese one behind the usual where it is needed."""
    usual = ["DejaVu Sans Mono" if mono else "DejaVu Sans"]
    wide = any(unicodedata.east_asian_width(c) in "WF" for c in text)
    return [*usual, *_chinese()] if wide else usual


@cache
def _chinese() -> tuple[str, ...]:
    from matplotlib.font_manager import fontManager

    installed = set(fontManager.get_font_names())
    known = ("Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Micro Hei", "SimHei")
    return tuple(name for name in known if name in installed)[:1]
