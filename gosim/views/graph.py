"""The picture of who waits for whom.

Goroutines stand left, what they wait for in the middle, who could have helped on the right; the
members of a cycle on both sides of it, so that the cycle is a ring.  `gosim.views.layers` finds the
places of boxes, curves and labels from measured text, so that nothing overlaps and nothing is cut
off, and `sheet` draws them.  No meaning is carried by colour alone: each state of a goroutine has a
stripe with a hatching of its own and a word, what is gone has a dashed border, and each kind of
edge has a line of its own.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from gosim.leaks.graph import (
    COULD_WAKE,
    HELD_BY,
    USES,
    WAITS_FOR,
    Graph,
    fold,
    merge_things,
    text_graph,
)
from gosim.leaks.messages import knows, say
from gosim.leaks.multigraph import MultiGraph
from gosim.views import palette
from gosim.views.layers import (
    CAPTION,
    CELL,
    GONE,
    LABEL,
    NAME,
    PAD_X,
    PAD_Y,
    SMALL,
    STRIPE,
    STUCK,
    TINY,
    TITLE,
    Arrow,
    Box,
    Line,
    Strip,
    columns_of,
    depths,
    place,
)
from gosim.views.metrics import ASCENT, DESCENT, LEADING, cut, text_width, wrap
from gosim.views.sheet import Path, Point, Rect, Sheet, Text
from gosim.views.text import short

if TYPE_CHECKING:
    from matplotlib.axes import Axes

THINGS: Final = {
    "chan": ("channel", "orange"),
    "nil chan": ("nil channel", "ink"),
    "mutex": ("mutex", "purple"),
    "rwmutex": ("RWMutex", "purple"),
    "semaphore": ("semaphore", "purple"),
    "pool": ("database/sql", "purple"),
    "signals": ("signals", "yellow"),
    "once": ("Once", "purple"),
    "waitgroup": ("WaitGroup", "green"),
    "cond": ("Cond", "green"),
    "timer": ("timer channel", "yellow"),
    "sleep": ("clock", "yellow"),
}

WORDS: Final[dict[str | None, tuple[str, str]]] = {
    "permanent": ("stuck for good", "goroutine stuck for good (permanent)"),
    "unproven": ("blocked, unproven", "goroutine blocked at the end (unproven)"),
    "endless": ("goes on for ever", "goroutine that goes on for ever (endless)"),
    None: ("", "goroutine"),
}
"""What is written on a goroutine of each verdict, and in the legend."""

_MOST_ROWS: Final = 24
_MOST_IN_CYCLES: Final = 60
_MOST_CELLS: Final = 12
_MOST_CHIPS: Final = 6
_LONGEST: Final = 290.0

MARGIN: Final = 16.0


@dataclass(slots=True)
class Picture:
    """Everything with its place, in points from the upper left corner; `words` say the same."""

    title: list[Line]
    boxes: list[Box]
    arrows: list[Arrow]
    legend: list[tuple[str, str]]
    message: str = ""
    message_y: float = 0.0
    width: float = 0.0
    height: float = 0.0
    legend_at: list[Point] = field(default_factory=list)
    words: str = ""


# -- from the graph to boxes -----------------------------------------------------------------------


def arrange(graph: Graph, title: str = "", engine: str = "") -> Picture:
    """Return the picture of a wait-for graph with every position computed.

    Parameters
    ----------
    graph
        From ``Run.graph()``.
    title : str
        What the picture says.
    engine : {"", "dot"}
        Who computes the places: gosim itself, or Graphviz.

    Raises
    ------
    UsageError
        For an engine that is not known or not there.
    """
    small = _few(fold(merge_things(_plain(graph))))
    boxes = _boxes(small)
    for box in boxes.values():
        box.measure()
    arrows = list(_arrows(small, boxes))
    if engine == "":
        place(columns_of(boxes.values(), depths(small)), arrows)
    elif engine == "dot":
        from gosim.views import graphviz

        graphviz.place(list(boxes.values()), arrows)
    else:
        from gosim.runtime.errors import UsageError

        raise UsageError(
            f"engine={engine!r}: there is only 'dot' beside gosim's own (leave it out)"
        )
    picture = Picture([], list(boxes.values()), arrows, _legend(boxes.values(), arrows))
    picture.words = text_graph(small)
    _finish(picture, title, small.graph.get("left_out", ""))
    return picture


def _plain(graph: Graph) -> MultiGraph:
    """Return the same graph without networkx."""
    if isinstance(graph, MultiGraph):
        return graph
    plain = MultiGraph(**graph.graph)
    for node, data in graph.nodes(data=True):
        plain.add_node(node, **data)
    for a, b, data in graph.edges(data=True):
        plain.add_edge(a, b, **data)
    return plain


def _few(graph: MultiGraph) -> MultiGraph:
    """Leave out the smallest groups when there are more than a page can hold."""
    goroutines = [n for n, d in graph.nodes(data=True) if d["kind"] == "goroutine"]
    # A ring of which some members are missing would be none.
    in_cycles = sum(bool(graph.nodes[n]["in_cycle"]) for n in goroutines)
    most = max(_MOST_ROWS, min(in_cycles, _MOST_IN_CYCLES))
    if len(goroutines) <= most:
        return graph
    held = {b for _, b, kind in graph.edges(data="kind") if kind == HELD_BY}
    order = {n: i for i, n in enumerate(goroutines)}

    def importance(n: str) -> tuple[bool, bool, int, int]:
        data = graph.nodes[n]
        return not data["in_cycle"], n not in held, -data["count"], order[n]

    left_out = set(sorted(goroutines, key=importance)[most:])
    number = sum(graph.nodes[n]["count"] for n in left_out)
    edges = [e for e in graph.edges(data=True) if not left_out.intersection(e[:2])]
    ends = {n for a, b, _ in edges for n in (a, b)}
    small = MultiGraph(**graph.graph)
    for node, data in graph.nodes(data=True):
        if node in ends or (data["kind"] == "goroutine" and node not in left_out):
            small.add_node(node, **data)
    for a, b, data in edges:
        small.add_edge(a, b, **data)
    cycles = graph.graph.get("cycles", ())
    small.graph["cycles"] = [cycle for cycle in cycles if all(n in small for n in cycle)]
    groups = "group" if len(left_out) == 1 else "groups"
    small.graph["left_out"] = (
        f"… and {len(left_out)} more {groups} ({number} goroutines), not drawn"
    )
    return small


def _boxes(graph: MultiGraph) -> dict[str, Box]:
    """Return a box for each node, in its column."""
    right = _right_of_cycles(graph)
    twins: dict[tuple[str, str], list[str]] = {}
    for node, data in graph.nodes(data=True):
        if data["kind"] not in ("goroutine", "ghost"):
            twins.setdefault((data["kind"], data["label"]), []).append(node)
    leaving = {a for a, _, _ in graph.edges(data=True)}
    entered = {b for _, b, _ in graph.edges(data=True)}
    boxes = {}
    for node, data in graph.nodes(data=True):
        if data["kind"] == "goroutine":
            helps_only = node in entered and node not in leaving
            boxes[node] = _goroutine(node, data, 2 if node in right or helps_only else 0)
        elif data["kind"] == "ghost":
            boxes[node] = _ghost(node, data)
        else:
            alike = twins[data["kind"], data["label"]]
            number = f" ({alike.index(node) + 1})" if len(alike) > 1 else ""
            boxes[node] = _thing(graph, node, data, number)
    return boxes


def _right_of_cycles(graph: MultiGraph) -> set[str]:
    """Return the goroutines of each cycle that stand on its right half, so that it is a ring."""
    right: set[str] = set()
    seen: set[str] = set()
    for cycle in graph.graph.get("cycles", ()):
        members = [n for n in cycle if n in graph and graph.nodes[n]["kind"] == "goroutine"]
        if not seen.intersection(members):
            right.update(members[1 : 1 + len(members) // 2])
        seen.update(members)
    return right


def _name(text: str) -> Line:
    return Line(cut(text, _LONGEST, NAME, bold=True), NAME, bold=True)


def _goroutine(node: str, data: dict[str, Any], column: int) -> Box:
    ids = data["goroutines"]
    who = "" if data["count"] > 1 or not ids else f"goroutine {ids[0]} "
    where = f" at {short(data['at'])}" if data["at"] else ""
    lines = [_name(data["label"]), _cut(f"{who}[{data['wait_reason'] or data['state']}]{where}")]
    words, _ = WORDS.get(data["leak"], WORDS[None])
    if words:
        lines.append(
            Line(words, bold=True, color="alarm" if data["leak"] == "permanent" else "ink")
        )
    return Box(
        node,
        column,
        lines,
        data["leak"] or "runnable",
        data["leak"],
        goroutine=True,
        marked=bool(data["in_cycle"]),
        tip=f"{data['function']} · {_who(ids)} · {data['wait_reason'] or data['state']}{where}",
    )


def _who(ids: Sequence[int]) -> str:
    """Name goroutines: ``goroutines 7 to 16, 20``; a file may have no numbers."""
    if not ids:
        return "goroutines"
    if len(ids) == 1:
        return f"goroutine {ids[0]}"
    runs: list[list[int]] = []
    for id_ in ids:
        if runs and id_ == runs[-1][-1] + 1:
            runs[-1][1:] = [id_]
        else:
            runs.append([id_])
    words = [f"{run[0]} to {run[-1]}" if len(run) > 1 else str(run[0]) for run in runs[:6]]
    return f"goroutines {', '.join(words)}{', …' if len(runs) > 6 else ''}"


def _ghost(node: str, data: dict[str, Any]) -> Box:
    places = [short(place) for place in data.get("returned", ())]
    if 1 <= len(places) <= 2:
        # Two places of one file: the file's name once.
        file = places[0].rpartition(":")[0]
        rest = [f" or :{p.rpartition(':')[2]}" for p in places[1:] if p.startswith(f"{file}:")]
        about = f"returned at {places[0]}{''.join(rest)}"
    else:
        about = "has returned" if places else data["detail"]
    if places and data["goroutines"]:
        about = f"goroutine {data['goroutines'][0]}, {about}"
    name = cut(data["label"], _LONGEST, NAME, italic=True)
    lines = [
        Line(name, NAME, italic=True, color="muted"),
        Line(about, italic=True, color="muted"),
    ]
    return Box(node, 2, lines, "muted", gone=True, tip=f"{data['label']}: {about}")


def _thing(graph: MultiGraph, node: str, data: dict[str, Any], number: str) -> Box:
    kind, color = THINGS.get(data["kind"], (data["kind"], "green"))
    detail, _, made = data["detail"].partition("made at ")
    parts = [p for p in detail.split(", ") if p and p != data["kind"]]
    lines = [_name(data["label"] + number)]
    if data["kind"] != "sleep":
        lines.append(_cut(", ".join([kind, *parts])))
    nil = data["kind"] == "nil chan"
    if made:
        line = _cut(f"{'declared' if nil else 'made'} at {made}")
        line.color = "muted"
        lines.append(line)
    if nil:
        lines.append(Line("never made, so never ready", bold=True))
    elif not any(True for _ in graph.out_edges(node)):
        ops = sorted({op for _, _, op in graph.in_edges(node, data="label")})
        words = [say(f"graph.nobody.{op}") for op in ops if knows(f"graph.nobody.{op}")]
        lines += [Line(text, bold=True) for text in dict.fromkeys(words)]
    box = Box(node, 1, lines, color, marked=bool(data["in_cycle"]), nil=nil)
    box.tip = " · ".join(filter(None, [data["label"], data["detail"]]))
    if data["kind"] == "chan":
        box.strips = list(_strips(data))
    return box


def _strips(data: dict[str, Any]) -> Iterator[Strip]:
    """Yield what is in a channel: its buffer with the values, then both queues, first in line."""
    cap, filled = data.get("cap") or 0, data.get("len") or 0
    values = list(data.get("values", ()))
    if cap:
        # The values that are known, then those that are only counted, then room.
        texts = [values[i] if i < len(values) else "" for i in range(min(cap, _MOST_CELLS))]
        cells = [(text, i < filled) for i, text in enumerate(texts)]
        more = f"… {cap - len(cells)} more" if cap > len(cells) else ""
        yield Strip("buffer", cells, more)
    for caption, total, line in (
        ("sendq", data.get("senders", 0), [f"{g}: {v}" for g, v in data.get("sendq", ())]),
        ("recvq", data.get("receivers", 0), [str(g) for g in data.get("recvq", ())]),
    ):
        if line:
            shown = line[:_MOST_CHIPS]
            more = f"… {total - len(shown)} more" if total > len(shown) else ""
            yield Strip(caption, [(text, True) for text in shown], more, queue=True)


def _cut(text: str) -> Line:
    """Return a line that is shortened in its middle when it is very long."""
    return Line(cut(text, _LONGEST, SMALL))


_DOES: Final = {
    "receive": "receives",
    "range": "ranges",
    "send": "sends",
    "close": "closes",
    "cancel": "cancels",
    "done": "calls Done",
    "go": "starts it",
    "signal": "signals",
    "broadcast": "broadcasts",
    "release": "releases",
    "acquire": "acquires",
}
_HOLDS: Final = {
    "holder": "locked at",
    "writer": "locked at",
    "reader": "read-locked at",
    "pending writer": "wants to write at",
}


def _arrows(graph: MultiGraph, boxes: dict[str, Box]) -> Iterator[Arrow]:
    """Yield an arrow for all edges of one kind between two nodes."""
    hot: set[tuple[str, str]] = set()
    for cycle in graph.graph.get("cycles", ()):
        hot.update(zip(cycle, [*cycle[1:], cycle[0]], strict=True))
    together: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for a, b, data in graph.edges(data=True):
        together.setdefault((a, b, data["kind"]), []).append(data)
    for (a, b, kind), edges in together.items():
        count = graph.nodes[a]["count"] if kind == WAITS_FOR else 1
        marked = (a, b) in hot and kind in (WAITS_FOR, HELD_BY)
        yield Arrow(boxes[a], boxes[b], kind, count, _label(graph, a, kind, edges), marked)


def _label(graph: MultiGraph, tail: str, kind: str, edges: list[dict[str, Any]]) -> str:
    if kind == WAITS_FOR:
        # In its box stands what it waits for; only a select has several such arrows.
        several = sum(1 for k in graph.out_edges(tail, data="kind") if k[2] == WAITS_FOR) > 1
        return "/".join(dict.fromkeys(e["label"] for e in edges)) if several else ""
    if kind == HELD_BY:
        return ", ".join(
            f"{_HOLDS.get(e['label'], 'held since')} {short(e['at'])}" if e["at"] else e["label"]
            for e in edges[:2]
        )
    if kind == COULD_WAKE:
        places = [
            f"{_DOES.get(e['label'], e['label'])} at {short(e['at'])}" if e["at"] else e["label"]
            for e in edges
        ]
        more = f", {len(places) - 2} more" if len(places) > 2 else ""
        return ", ".join(places[:2]) + more
    return str(edges[0]["label"])


# -- title and legend ------------------------------------------------------------------------------


def _legend(boxes: Iterable[Box], arrows: list[Arrow]) -> list[tuple[str, str]]:
    """Return what is explained below the picture: only what occurs in it."""
    boxes = list(boxes)
    leaks = {box.leak for box in boxes if box.goroutine}
    entries = [(f"state {leak}", legend) for leak, (_, legend) in WORDS.items() if leak in leaks]
    if any(box.gone for box in boxes):
        entries.append(("gone", "gone: it has returned or ended"))
    kinds = {arrow.look for arrow in arrows}
    if WAITS_FOR in kinds:
        entries.append((WAITS_FOR, "waits for"))
    if HELD_BY in kinds:
        entries.append((HELD_BY, "held by"))
    if COULD_WAKE in kinds:
        entries.append((COULD_WAKE, "could still be released by"))
    if STUCK in kinds:
        entries.append((STUCK, "released only by one that is stuck itself"))
    if GONE in kinds:
        entries.append((GONE, "could have been released by"))
    if USES in kinds:
        entries.append((USES, "uses"))
    if any(arrow.marked for arrow in arrows):
        entries.append(("cycle", "circle of waiting: nobody can go first"))
    strips = {strip.caption for box in boxes for strip in box.strips}
    if "sendq" in strips:
        entries.append(("offer", "goroutine: its value, first in line first"))
    elif "recvq" in strips:
        entries.append(("turn", "goroutine, first in line first"))
    return entries


def _finish(picture: Picture, title: str, left_out: str) -> None:
    """Add title, legend and margins."""
    width = max((box.x + box.width for box in picture.boxes), default=0.0)
    height = max((box.y + box.height for box in picture.boxes), default=0.0)
    for arrow in picture.arrows:
        width = max(width, *(x for x, _ in arrow.points))
        height = max(height, *(y for _, y in arrow.points))
        if arrow.label_at is not None:
            width = max(width, arrow.label_at[0] + arrow.label_width / 2)
    width = max(width, 430.0)
    words = title or "who waits for whom"
    picture.title = [Line(text, TITLE, bold=True) for text in wrap(words, width, TITLE, bold=True)]
    top = MARGIN + sum(line.size * 1.35 for line in picture.title) + 12
    for box in picture.boxes:
        box.x += MARGIN
        box.y += top
    for arrow in picture.arrows:
        arrow.points = tuple([(x + MARGIN, y + top) for x, y in arrow.points])
        if arrow.label_at is not None:
            arrow.label_at = arrow.label_at[0] + MARGIN, arrow.label_at[1] + top
    y = top + height
    picture.message = left_out if picture.boxes else "nobody waits: no goroutine is left"
    if picture.message:
        y += 22
        picture.message_y = y - 4
    rows = _legend_rows(picture.legend, width)
    y += 14 if rows else 0
    for row in rows:
        picture.legend_at += [(MARGIN + x, y) for x in row]
        y += 16
    picture.width = width + 2 * MARGIN
    picture.height = y + (6 if rows else MARGIN)


def _legend_rows(entries: list[tuple[str, str]], width: float) -> list[list[float]]:
    """Return where the entries of each row of the legend begin."""
    rows: list[list[float]] = []
    x = width + 1
    for _, words in entries:
        needed = 34 + text_width(words, SMALL) + 18
        if x + needed - 18 > width:
            rows.append([])
            x = 0.0
        rows[-1].append(x)
        x += needed
    return rows


# -- painting --------------------------------------------------------------------------------------

_DASHES: Final = {
    HELD_BY: (9.0, 2.5),
    COULD_WAKE: (4.0, 3.0),
    STUCK: (4.0, 2.0, 1.0, 2.0),
    GONE: (1.5, 3.0),
    USES: (1.0, 2.0),
}
_COLORS: Final = {WAITS_FOR: "line", HELD_BY: "held", COULD_WAKE: "calm", STUCK: "alarm"}


def sheet(graph: Graph, title: str = "", engine: str = "") -> Sheet:
    """Return the picture of a wait-for graph as marks on a sheet.

    The marks of a node have its name as `key`, those of an edge ``"tail -> head"``.
    """
    picture = arrange(graph, title, engine)
    text = " ".join(line.text for line in picture.title)
    page = Sheet(math.ceil(picture.width), math.ceil(picture.height), text)
    page.description = picture.words
    Brush(page).picture(picture)
    return page


class Brush:
    """Puts a picture's marks on a sheet."""

    def __init__(self, page: Sheet) -> None:
        self.page = page

    def picture(self, picture: Picture) -> None:
        y = MARGIN
        for line in picture.title:
            y += line.size * 1.05
            self.line(MARGIN, y, line)
            y += line.size * 0.3
        # Labels come after all curves: none is struck through.
        for arrow in sorted(picture.arrows, key=lambda arrow: arrow.marked):
            self.curve(arrow.points, arrow.look, arrow.marked, arrow.thickness, *_about(arrow))
        for arrow in picture.arrows:
            self.label(arrow)
        for box in picture.boxes:
            self.box(box)
        if picture.message:
            line = Line(picture.message, 9.5, italic=True, color="muted")
            self.line(MARGIN, picture.message_y, line)
        for (what, words), (x, y) in zip(picture.legend, picture.legend_at, strict=True):
            self.swatch(what, x, y)
            self.line(x + 34, y + 8, Line(words))

    def line(self, x: float, y: float, line: Line, tip: str = "", key: str = "") -> None:
        look = (line.size, line.bold, line.italic)
        self.page.add(Text(x, y, line.text, *look, color=line.color, tip=tip, key=key))

    def box(self, box: Box) -> None:
        name: dict[str, Any] = {"tip": box.tip, "key": box.node}
        heavy = 2.6 if box.marked else 1.8 if box.leak == "permanent" else 1.2
        fill = "paper" if box.gone else palette.faint(box.color)
        self.page.add(
            Rect(
                box.x,
                box.y,
                box.width,
                box.height,
                fill=fill,
                stroke="cycle" if box.marked else _border(box.color),
                thickness=heavy,
                radius=9 if box.goroutine or box.gone else 0,
                dash=(5.0, 3.0) if box.gone or box.nil else (),
                **name,
            )
        )
        x = box.x + PAD_X
        if box.leak:
            self.stripe(box.leak, box.x + 4, box.y + 6, STRIPE - 2, box.height - 12, **name)
            x += STRIPE
        y = box.y + PAD_Y
        for line in box.lines:
            middle = y + line.size * LEADING / 2
            self.line(x, middle + line.size * (ASCENT - DESCENT) / 2, line, **name)
            y += line.size * LEADING
        for strip in box.strips:
            y += 4
            self.strip(strip, x, y, box, **name)
            y += CELL

    def strip(self, strip: Strip, x: float, y: float, box: Box, tip: str, key: str) -> None:
        base = y + CELL / 2 + TINY * (ASCENT - DESCENT) / 2
        name: dict[str, Any] = {"tip": tip, "key": key}
        self.page.add(Text(x, base, strip.caption, TINY, color="muted", **name))
        x += CAPTION
        for text, filled in strip.cells:
            look: dict[str, Any] = {"fill": "paper", "stroke": "faint"}
            if strip.queue:
                look = {"fill": "paper", "stroke": "muted", "radius": 5.0}
            elif filled:
                # A value that is not known one by one is a full cell without a text.
                look = {"fill": "paper" if text else box.color, "stroke": box.color}
                look["thickness"] = 1.4
            self.page.add(Rect(x, y, strip.cell, CELL, **look, **name))
            if text:
                self.page.add(Text(x + strip.cell / 2, base, text, TINY, anchor="middle", **name))
            x += strip.cell + 2
        if strip.more:
            self.page.add(Text(x + 4, base, strip.more, TINY, color="muted", **name))

    def stripe(
        self, leak: str, x: float, y: float, w: float, h: float, tip: str = "", key: str = ""
    ) -> None:
        state = palette.STATES[leak]
        look: dict[str, Any] = {"hatch": state.hatch, "hatch_color": state.hatch_color}
        self.page.add(Rect(x, y, w, h, fill=state.color, tip=tip, key=key, **look))

    def label(self, arrow: Arrow) -> None:
        if arrow.label_at is None:
            return
        tip, key = _about(arrow)
        (x, y), width, height = arrow.label_at, arrow.label_width, LABEL * LEADING + 1
        color = "cycle" if arrow.marked else "muted"
        base = y + LABEL * (ASCENT - DESCENT) / 2
        self.page.add(
            Rect(x - width / 2, y - height / 2, width, height, "paper", tip=tip, key=key),
            Text(x, base, arrow.label, LABEL, color=color, anchor="middle", tip=tip, key=key),
        )

    def curve(
        self,
        points: tuple[Point, ...],
        kind: str,
        marked: bool,
        thickness: float,
        tip: str = "",
        key: str = "",
    ) -> None:
        color = "cycle" if marked else _COLORS.get(kind, "faint")
        dash = _DASHES.get(kind, ())
        self.page.add(Path(points, color, thickness, dash, True, True, tip, key))

    def swatch(self, what: str, x: float, y: float) -> None:
        if what.startswith("state "):
            leak = next(state for state in WORDS if what == f"state {state}")
            color = leak or "runnable"
            fill = palette.faint(color)
            border = _border(color)
            self.page.add(Rect(x, y, 27, 10, fill=fill, stroke=border, thickness=1.4, radius=4))
            if leak:
                self.stripe(leak, x + 3.5, y + 2, 6, 6)
        elif what == "gone":
            look: dict[str, Any] = {"fill": "paper", "stroke": "muted", "dash": (4.0, 2.5)}
            self.page.add(Rect(x, y, 27, 10, radius=4, **look))
        elif what in ("offer", "turn"):
            self.page.add(Rect(x, y, 27, 10, fill="paper", stroke="muted", radius=5))
            text = "7: 42" if what == "offer" else "7"
            self.page.add(Text(x + 13.5, y + 7.6, text, 7, anchor="middle"))
        else:
            points = ((x, y + 5), (x + 9, y + 5), (x + 18, y + 5), (x + 27, y + 5))
            marked = what == "cycle"
            self.curve(points, WAITS_FOR if marked else what, marked, 2.6 if marked else 1.5)


def _border(color: str) -> str:
    """Return a colour that shows against paper, too."""
    return palette.STATES[color].border if color in palette.STATES else color


def _about(arrow: Arrow) -> tuple[str, str]:
    """Return what is said of an arrow in a tooltip, and its name."""
    words = arrow.label or arrow.kind.replace("-", " ")
    tip = f"{arrow.tail.lines[0].text} → {arrow.head.lines[0].text}: {words}"
    return tip, f"{arrow.tail.node} -> {arrow.head.node}"


# -- doors -----------------------------------------------------------------------------------------


def plot(graph: Graph, ax: Axes | None = None, title: str = "", engine: str = "") -> Axes:
    """Draw a wait-for graph with matplotlib.

    Parameters
    ----------
    graph
        From ``Run.graph()``.
    ax : matplotlib.axes.Axes, optional
        Where to draw, filled as it is; left out, a figure of the right size is made.
    title : str
        What the picture says.
    engine : {"", "dot"}

    Returns
    -------
    matplotlib.axes.Axes
        Its units are points of a picture at full size, y downwards.
    """
    from gosim.views.plot import figure, paint

    page = sheet(graph, title, engine)
    return figure(page).axes[0] if ax is None else paint(page, ax)


def save(graph: Graph, path: str | os.PathLike[str], title: str = "", engine: str = "") -> None:
    """Draw a wait-for graph into a file: PNG, SVG or PDF, by the suffix of its name.

    The same graph gives the same bytes.

    Raises
    ------
    UsageError
        For another suffix.
    OSError
        When the file cannot be written.
    """
    from gosim.views.plot import save as save_sheet

    save_sheet(sheet(graph, title, engine), path)
