"""Where everything of a wait-for graph stands in a picture; nothing is drawn here.

Goroutines stand left, what they wait for in the middle, who could have helped on the right; the
members of a cycle on both sides of it, so that the cycle is a ring.  `arrange` computes boxes,
curves and labels in points from measured text, so that nothing overlaps and nothing is cut off.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from gosim.leaks.graph import COULD_WAKE, HELD_BY, USES, WAITS_FOR, fold
from gosim.leaks.messages import knows, say
from gosim.views.text import short

if TYPE_CHECKING:
    import networkx

# Okabe and Ito's palette: told apart by colour-blind readers, too.
BLACK, GREY = "#222222", "#595959"
ORANGE, SKY, GREEN = "#E69F00", "#56B4E9", "#009E73"
YELLOW, VERMILLION, PURPLE = "#B8A800", "#D55E00", "#CC79A7"

FILLS: Final = {
    ORANGE: "#FCF0D6",
    SKY: "#E4F2FB",
    GREEN: "#DDF2EB",
    YELLOW: "#FBF8DC",
    VERMILLION: "#FBE6D9",
    PURPLE: "#F8E9F2",
    GREY: "#FFFFFF",
    BLACK: "#F2F2F2",
}

THINGS: Final = {
    "chan": ("channel", ORANGE),
    "nil chan": ("nil channel", BLACK),
    "mutex": ("mutex", PURPLE),
    "rwmutex": ("RWMutex", PURPLE),
    "semaphore": ("semaphore", PURPLE),
    "once": ("Once", PURPLE),
    "waitgroup": ("WaitGroup", GREEN),
    "cond": ("Cond", GREEN),
    "timer": ("timer channel", YELLOW),
    "sleep": ("clock", YELLOW),
}

DARK: Final = "#A84A00"
"""Vermillion dark enough for text on its own fill."""


class State(NamedTuple):
    """How goroutines of one verdict look; colour never says it alone."""

    color: str
    hatch: str
    words: str
    legend: str


STATES: Final[dict[str | None, State]] = {
    "permanent": State(
        VERMILLION, "////", "stuck for good", "goroutine stuck for good (permanent)"
    ),
    "unproven": State(
        PURPLE, "....", "blocked, unproven", "goroutine blocked at the end (unproven)"
    ),
    "endless": State(SKY, "----", "goes on for ever", "goroutine that goes on for ever (endless)"),
    None: State(SKY, "", "", "goroutine"),
}

_MOST_ROWS: Final = 24
_MOST_CELLS: Final = 12
_LONGEST: Final = 46

# Measures in points.
_TITLE, _NAME, _SMALL = 13.0, 10.5, 8.5
LEADING: Final = 1.28
PAD_X, PAD_Y, STRIPE = 9.0, 6.0, 8.0
ROW_GAP, MARGIN, ARROW = 18.0, 16.0, 8.0
CELL: Final = 8.0


# -- what is drawn ---------------------------------------------------------------------------------


@dataclass(slots=True)
class Line:
    """A line of text in a box."""

    text: str
    size: float = _SMALL
    bold: bool = False
    italic: bool = False
    color: str = BLACK


@dataclass(slots=True)
class Box:
    """A node: where it is and what is written in it; `x`, `y` is its lower left corner."""

    node: str
    column: int
    lines: list[Line]
    color: str
    leak: str | None = None
    goroutine: bool = False
    gone: bool = False
    marked: bool = False
    nil: bool = False
    cells: tuple[int, int] | None = None
    x: float = 0.0
    y: float = 0.0
    width: float = 0.0
    height: float = 0.0

    @property
    def middle(self) -> float:
        """Height of its middle."""
        return self.y + self.height / 2


@dataclass(slots=True)
class Arrow:
    """An edge: a curve with horizontal ends (vertical ones between things), and its label."""

    tail: Box
    head: Box
    kind: str
    count: int
    label: str
    marked: bool
    points: tuple[tuple[float, float], ...] = ()
    label_at: tuple[float, float] | None = None
    label_size: tuple[float, float] = (0.0, 0.0)

    @property
    def width(self) -> float:
        """Thickness of the line: more goroutines, thicker."""
        return min(7.0, 1.1 + math.sqrt(self.count) / 2.5 + (1.0 if self.marked else 0.0))


@dataclass(slots=True)
class Picture:
    """Everything with its place, in points from the lower left corner."""

    title: list[Line]
    boxes: list[Box]
    arrows: list[Arrow]
    legend: list[tuple[str, str]]
    message: str = ""
    width: float = 0.0
    height: float = 0.0
    legend_at: list[tuple[float, float]] = field(default_factory=list)


# -- from the graph to boxes -----------------------------------------------------------------------


def arrange(graph: networkx.MultiDiGraph, title: str = "") -> Picture:
    """Return the picture of a wait-for graph with every position computed."""
    graph = _few(fold(merge_things(graph)))
    boxes = _boxes(graph)
    arrows = list(_arrows(graph, boxes))
    measure = _Measure()
    for box in boxes.values():
        _size(box, measure)
    columns = _columns(boxes.values(), _depths(graph))
    for arrow in arrows:
        arrow.label_size = measure.block([Line(arrow.label, 8.0)]) if arrow.label else (0.0, 0.0)
    _place(columns, arrows)
    picture = Picture([], list(boxes.values()), arrows, _legend(boxes.values(), arrows))
    _finish(picture, title, graph, measure)
    return picture


def merge_things(graph: networkx.MultiDiGraph) -> networkx.MultiDiGraph:
    """Make one node of things that look alike and that nobody holds or serves: clocks, nils."""
    first: dict[object, str] = {}
    into: dict[str, str] = {}
    for node, data in graph.nodes(data=True):
        key: object = node
        if data["kind"] in ("sleep", "select", "event", "nil chan") and not graph.out_degree(node):
            key = data["kind"], data["label"], data["detail"]
        into[node] = first.setdefault(key, node)
    if len(first) == len(into):
        return graph
    merged = type(graph)(**graph.graph)
    for node, data in graph.nodes(data=True):
        if into[node] == node:
            merged.add_node(node, **data)
    for a, b, data in graph.edges(data=True):
        merged.add_edge(a, into[b], **data)
    return merged


def _few(graph: networkx.MultiDiGraph) -> networkx.MultiDiGraph:
    """Leave out the smallest groups when there are more than a page can hold."""
    goroutines = [n for n, d in graph.nodes(data=True) if d["kind"] == "goroutine"]
    if len(goroutines) <= _MOST_ROWS:
        return graph
    held = {b for _, b, kind in graph.edges(data="kind") if kind == HELD_BY}
    order = {n: i for i, n in enumerate(goroutines)}

    def importance(n: str) -> tuple[bool, bool, int, int]:
        data = graph.nodes[n]
        return not data["in_cycle"], n not in held, -data["count"], order[n]

    left_out = sorted(goroutines, key=importance)[_MOST_ROWS:]
    number = sum(graph.nodes[n]["count"] for n in left_out)
    small = graph.copy()
    small.remove_nodes_from(left_out)
    things = [n for n, d in small.nodes(data=True) if d["kind"] != "goroutine"]
    small.remove_nodes_from([n for n in things if not small.degree(n)])
    gone = [n for n, d in small.nodes(data=True) if d["kind"] == "ghost"]
    small.remove_nodes_from([n for n in gone if not small.degree(n)])
    groups = "group" if len(left_out) == 1 else "groups"
    small.graph["left_out"] = (
        f"… and {len(left_out)} more {groups} ({number} goroutines), not drawn"
    )
    return small


def _boxes(graph: networkx.MultiDiGraph) -> dict[str, Box]:
    """Return a box for each node, in its column."""
    right = _right_of_cycles(graph)
    twins: dict[tuple[str, str], list[str]] = {}
    for node, data in graph.nodes(data=True):
        if data["kind"] not in ("goroutine", "ghost"):
            twins.setdefault((data["kind"], data["label"]), []).append(node)
    boxes = {}
    for node, data in graph.nodes(data=True):
        if data["kind"] == "goroutine":
            helps_only = graph.in_degree(node) and not graph.out_degree(node)
            boxes[node] = _goroutine(node, data, 2 if node in right or helps_only else 0)
        elif data["kind"] == "ghost":
            lines = [
                Line(_cut(data["label"]), _NAME, italic=True, color=GREY),
                Line(data["detail"], italic=True, color=GREY),
            ]
            boxes[node] = Box(node, 2, lines, GREY, gone=True)
        else:
            alike = twins[data["kind"], data["label"]]
            number = f" ({alike.index(node) + 1})" if len(alike) > 1 else ""
            boxes[node] = _thing(graph, node, data, number)
    return boxes


def _right_of_cycles(graph: networkx.MultiDiGraph) -> set[str]:
    """Return the goroutines of each cycle that stand on its right half, so that it is a ring."""
    right: set[str] = set()
    seen: set[str] = set()
    for cycle in graph.graph.get("cycles", ()):
        members = [n for n in cycle if n in graph and graph.nodes[n]["kind"] == "goroutine"]
        if not seen.intersection(members):
            right.update(members[1 : 1 + len(members) // 2])
        seen.update(members)
    return right


def _goroutine(node: str, data: dict[str, Any], column: int) -> Box:
    state = STATES.get(data["leak"], STATES[None])
    who = "" if data["count"] > 1 else f"goroutine {data['goroutines'][0]} "
    where = f" at {short(data['at'])}" if data["at"] else ""
    lines = [
        Line(_cut(data["label"]), _NAME, bold=True),
        Line(f"{who}[{data['wait_reason'] or data['state']}]{where}"),
    ]
    if state.words:
        dark = DARK if state.color == VERMILLION else BLACK
        lines.append(Line(state.words, bold=True, color=dark))
    marked = bool(data["in_cycle"])
    return Box(node, column, lines, state.color, data["leak"], goroutine=True, marked=marked)


def _thing(graph: networkx.MultiDiGraph, node: str, data: dict[str, Any], number: str) -> Box:
    kind, color = THINGS.get(data["kind"], (data["kind"], GREEN))
    detail, _, made = data["detail"].partition("made at ")
    parts = [p for p in detail.split(", ") if p and p != data["kind"]]
    lines = [Line(_cut(data["label"]) + number, _NAME, bold=True)]
    about = ", ".join([kind, *parts])
    if data["kind"] != "sleep":
        lines.append(Line(about))
    nil = data["kind"] == "nil chan"
    if made:
        lines.append(Line(f"{'declared' if nil else 'made'} at {made}", color=GREY))
    if nil:
        lines.append(Line("never made, so never ready", bold=True))
    elif not graph.out_degree(node):
        ops = sorted({op for _, _, op in graph.in_edges(node, data="label")})
        words = [say(f"graph.nobody.{op}") for op in ops if knows(f"graph.nobody.{op}")]
        lines += [Line(text, bold=True) for text in dict.fromkeys(words)]
    box = Box(node, 1, lines, color, marked=bool(data["in_cycle"]), nil=nil)
    cap = data.get("cap") or 0
    if data["kind"] == "chan" and 0 < cap <= _MOST_CELLS:
        box.cells = data["len"] or 0, cap
    return box


def _cut(text: str) -> str:
    """Shorten a long name in its middle: its ends tell most."""
    if len(text) <= _LONGEST:
        return text
    return f"{text[: _LONGEST // 2 - 1]}…{text[-_LONGEST // 2 :]}"


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


def _arrows(graph: networkx.MultiDiGraph, boxes: dict[str, Box]) -> Iterator[Arrow]:
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


def _label(graph: networkx.MultiDiGraph, tail: str, kind: str, edges: list[dict[str, Any]]) -> str:
    if kind == WAITS_FOR:
        # In its box stands what it waits for; only a select has several such arrows.
        several = sum(1 for k in graph.out_edges(tail, data="kind") if k[2] == WAITS_FOR) > 1
        return "/".join(dict.fromkeys(e["label"] for e in edges)) if several else ""
    if kind == HELD_BY:
        return ", ".join(
            f"{_HOLDS.get(e['label'], 'held since')} {short(e['at'])}" for e in edges[:2]
        )
    if kind == COULD_WAKE:
        places = [f"{_DOES.get(e['label'], e['label'])} at {short(e['at'])}" for e in edges]
        more = f", {len(places) - 2} more" if len(places) > 2 else ""
        return ", ".join(places[:2]) + more
    return str(edges[0]["label"])


# -- sizes -----------------------------------------------------------------------------------------


class _Measure:
    """Measures text without a figure."""

    def __init__(self) -> None:
        from matplotlib.textpath import TextToPath

        self.paths = TextToPath()

    def line(self, line: Line) -> float:
        """Return the width of a line in points."""
        from matplotlib.font_manager import FontProperties

        font = FontProperties(
            family="DejaVu Sans",
            size=line.size,
            weight="bold" if line.bold else "normal",
            style="italic" if line.italic else "normal",
        )
        width, _, _ = self.paths.get_text_width_height_descent(line.text or " ", font, False)
        return float(width)

    def block(self, lines: Sequence[Line]) -> tuple[float, float]:
        """Return width and height of lines of text."""
        return max(map(self.line, lines)), sum(line.size * LEADING for line in lines)


def _size(box: Box, measure: _Measure) -> None:
    width, height = measure.block(box.lines)
    if box.cells is not None:
        width = max(width, box.cells[1] * (CELL + 2))
        height += CELL + 6
    box.width = math.ceil(width * 1.02 + 2 * PAD_X + (STRIPE if box.leak else 0))
    box.height = math.ceil(height + 2 * PAD_Y)


def _depths(graph: networkx.MultiDiGraph) -> dict[str, float]:
    """Return how far from the top each member of a cycle hangs when the cycle is a ring.

    The first thing is the top, and both sides go down from it to the member opposite.
    """
    depths: dict[str, float] = {}
    below = 0
    for cycle in graph.graph.get("cycles", ()):
        if not depths.keys().isdisjoint(cycle):
            continue
        for i, node in enumerate(cycle):
            around = (i - 1) % len(cycle)
            # The member at the bottom may be a goroutine on the left: its thing of the right side
            # hangs lower than that of the left.
            right = 0 < 2 * around < len(cycle)
            depths[node] = below + min(around, len(cycle) - around) + right / 2
        below += len(cycle)
    return depths


def _columns(boxes: Iterable[Box], depths: dict[str, float]) -> list[list[Box]]:
    """Return the boxes of each column, in one width; who is in a cycle comes first."""
    columns: list[list[Box]] = [[], [], []]
    for box in boxes:
        columns[box.column].append(box)
    for column in columns:
        column.sort(key=lambda box: depths.get(box.node, math.inf))
        for box in column:
            box.width = max(b.width for b in column)
    return columns


# -- places ----------------------------------------------------------------------------------------


def _place(columns: list[list[Box]], arrows: list[Arrow]) -> None:
    """Give every box its place, then every arrow its curve and its label."""
    x = 0.0
    for i, column in enumerate(columns):
        if not column:
            continue
        if x:
            # An arrow stays one with its label on it: some line must show on both sides.
            labels = [a.label_size[0] for a in arrows if a.label and _gap(a) == i]
            x += max(70.0, max(labels, default=0.0) + 76.0)
        for box in column:
            box.x = x
        x += column[0].width
    neighbours: dict[str, list[Box]] = {}
    for arrow in arrows:
        neighbours.setdefault(arrow.tail.node, []).append(arrow.head)
        neighbours.setdefault(arrow.head.node, []).append(arrow.tail)
    for column in columns:
        _stack(column, [0.0] * len(column))
    # First rings stay as they begin; then every box moves towards its neighbours, order included.
    best = _relaxed(columns, neighbours, arrows, sort=False)
    for _ in range(6):
        best = min(best, _relaxed(columns, neighbours, arrows, sort=True), key=lambda b: b[0])
    for column, (order, heights) in zip(columns, best[1], strict=True):
        column[:] = order
        for box, y in zip(order, heights, strict=True):
            box.y = y
    everything = [box for column in columns for box in column]
    low = min((box.y for box in everything), default=0.0)
    for box in everything:
        box.y -= low
    _curves(arrows)
    _labels(arrows, everything)


def _relaxed(
    columns: list[list[Box]], neighbours: dict[str, list[Box]], arrows: list[Arrow], sort: bool
) -> tuple[tuple[int, float], list[tuple[list[Box], list[float]]]]:
    """Move boxes towards their neighbours; return how good that is, the order, and the heights."""
    for _ in range(1 if sort else 4):
        for column in (columns[0], columns[2], columns[1]):
            wanted = {box.node: _wanted(box, neighbours.get(box.node, [])) for box in column}
            if sort:
                column.sort(key=lambda box: -wanted[box.node])
            _stack(column, [wanted[box.node] for box in column])
    length = sum(abs(arrow.tail.middle - arrow.head.middle) for arrow in arrows)
    places = [(list(column), [box.y for box in column]) for column in columns]
    return (_crossings(arrows), length), places


def _crossings(arrows: list[Arrow]) -> int:
    """Return how many pairs of arrows between the same columns cross."""
    gaps: dict[tuple[int, int], list[tuple[float, float]]] = {}
    for arrow in arrows:
        left, right = sorted((arrow.tail, arrow.head), key=lambda box: box.column)
        if left.column != right.column:
            ends = (left.middle, right.middle)
            gaps.setdefault((left.column, right.column), []).append(ends)
    return sum(
        (a[0] - b[0]) * (a[1] - b[1]) < 0
        for ends in gaps.values()
        for a, b in itertools.combinations(ends, 2)
    )


def _gap(arrow: Arrow) -> int:
    """Return the gap in which an arrow's label lies, by the column on its right."""
    return max(arrow.tail.column, arrow.head.column)


def _wanted(box: Box, neighbours: list[Box]) -> float:
    """Return the height at which a box would like its middle: that of its neighbours."""
    others = [n for n in neighbours if n.column != box.column]
    if others:
        return sum(n.middle for n in others) / len(others)
    beside = [n for n in neighbours if n is not box]
    return beside[0].middle - 1.0 if beside else box.middle


def _stack(column: list[Box], wanted: list[float]) -> None:
    """Put boxes below each other in this order, each as near as possible to where it wants to be.

    Least squares under a fixed order and distance: pool neighbours that would overlap.
    """
    pools: list[tuple[float, list[Box]]] = []  # the sum of wishes for the first box's middle
    offset, offsets = 0.0, []
    for i, box in enumerate(column):
        if i:
            offset += (column[i - 1].height + box.height) / 2 + ROW_GAP
        offsets.append(offset)
    at = {box.node: off for box, off in zip(column, offsets, strict=True)}
    for box, wish in zip(column, wanted, strict=True):
        pools.append((wish + at[box.node], [box]))
        while len(pools) > 1 and _mean(pools[-2]) < _mean(pools[-1]):
            total, members = pools.pop()
            before, earlier = pools.pop()
            pools.append((before + total, earlier + members))
    for pool in pools:
        for box in pool[1]:
            box.y = _mean(pool) - at[box.node] - box.height / 2


def _mean(pool: tuple[float, list[Box]]) -> float:
    return pool[0] / len(pool[1])


def _curves(arrows: list[Arrow]) -> None:
    """Give each arrow its curve; the ends at one side of a box are spread over it."""
    ends: dict[tuple[str, str], list[tuple[float, int, Arrow, bool]]] = {}
    for i, arrow in enumerate(arrows):
        if arrow.tail.column == arrow.head.column:
            continue
        for box, other, is_tail in (
            (arrow.tail, arrow.head, True),
            (arrow.head, arrow.tail, False),
        ):
            side = "right" if other.column > box.column else "left"
            ends.setdefault((box.node, side), []).append((-other.middle, i, arrow, is_tail))
    port: dict[tuple[int, bool], tuple[float, float]] = {}
    for (_, side), group in ends.items():
        # Two arrows between the same boxes keep their order at both ends, so they do not cross.
        group.sort(key=lambda end: end[:2])
        for k, (_, i, arrow, is_tail) in enumerate(group):
            box = arrow.tail if is_tail else arrow.head
            y = box.y + box.height * (1 - (k + 1) / (len(group) + 1))
            port[i, is_tail] = (box.x + box.width if side == "right" else box.x, y)
    for i, arrow in enumerate(arrows):
        if arrow.tail.column == arrow.head.column:
            arrow.points = _beside(arrow)
            continue
        (x1, y1), (x2, y2) = port[i, True], port[i, False]
        bend = 0.45 * (x2 - x1)
        arrow.points = ((x1, y1), (x1 + bend, y1), (x2 - bend, y2), (x2, y2))


def _beside(arrow: Arrow) -> tuple[tuple[float, float], ...]:
    """Return a curve between two boxes of one column: straight to the next, around others."""
    tail, head = arrow.tail, arrow.head
    down = tail.middle > head.middle
    x = tail.x + tail.width / 2
    y1, y2 = (tail.y, head.y + head.height) if down else (tail.y + tail.height, head.y)
    if abs(y1 - y2) <= 3 * ROW_GAP:
        return (x, y1), (x, (2 * y1 + y2) / 3), (x, (y1 + 2 * y2) / 3), (x, y2)
    x = tail.x + tail.width
    return (x, tail.middle), (x + 34, tail.middle), (x + 34, head.middle), (x, head.middle)


def _at(points: tuple[tuple[float, float], ...], t: float) -> tuple[float, float]:
    """Return the point of a Bézier curve."""
    u = 1 - t
    weights = (u**3, 3 * u * u * t, 3 * u * t * t, t**3)
    return (
        sum(w * p[0] for w, p in zip(weights, points, strict=True)),
        sum(w * p[1] for w, p in zip(weights, points, strict=True)),
    )


def _labels(arrows: list[Arrow], boxes: list[Box]) -> None:
    """Put each label on its curve, where it covers no box and no other label."""
    taken = [(b.x, b.y, b.x + b.width, b.y + b.height) for b in boxes]
    for arrow in arrows:
        if not arrow.label:
            continue
        width, height = arrow.label_size[0] + 8, arrow.label_size[1] + 3
        for t in (0.5, 0.42, 0.58, 0.35, 0.65, 0.28, 0.72, 0.2, 0.8):
            x, y = _at(arrow.points, t)
            place = (x - width / 2, y - height / 2, x + width / 2, y + height / 2)
            if not any(_overlap(place, other) for other in taken):
                arrow.label_at = (x, y)
                taken.append(place)
                break


def _overlap(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


# -- title and legend ------------------------------------------------------------------------------


def _legend(boxes: Iterable[Box], arrows: list[Arrow]) -> list[tuple[str, str]]:
    """Return what is explained below the picture: only what occurs in it."""
    boxes = list(boxes)
    leaks = {box.leak for box in boxes if box.goroutine}
    entries = [(f"state {leak}", state.legend) for leak, state in STATES.items() if leak in leaks]
    if any(box.gone for box in boxes):
        entries.append(("gone", "gone: it has returned or ended"))
    kinds = {arrow.kind for arrow in arrows}
    if WAITS_FOR in kinds:
        entries.append((WAITS_FOR, "waits for"))
    if HELD_BY in kinds:
        entries.append((HELD_BY, "held by"))
    helpers = [arrow.head for arrow in arrows if arrow.kind == COULD_WAKE]
    if helpers:
        late = all(helper.gone for helper in helpers)
        entries.append((COULD_WAKE, f"could {'have been' if late else 'be'} released by"))
    if USES in kinds:
        entries.append((USES, "uses"))
    if any(arrow.marked for arrow in arrows):
        entries.append(("cycle", "circle of waiting: nobody can go first"))
    return entries


def _finish(picture: Picture, title: str, graph: Any, measure: _Measure) -> None:
    """Add title, legend and margins."""
    width = max((box.x + box.width for box in picture.boxes), default=0.0)
    height = max((box.y + box.height for box in picture.boxes), default=0.0)
    for arrow in picture.arrows:
        width = max(width, *(x for x, _ in arrow.points))
    if not picture.boxes:
        picture.message = "nobody waits: no goroutine is left"
        height = 30.0
    width = max(width, 430.0)
    left_out = graph.graph.get("left_out")
    if left_out:
        picture.message = left_out
        for box in picture.boxes:
            box.y += 22
        picture.arrows[:] = [_moved(arrow, 22) for arrow in picture.arrows]
        height += 22
    rows = _legend_rows(picture.legend, width, measure)
    below = len(rows) * 16 + (14 if rows else 0)
    for k, row in enumerate(rows):
        picture.legend_at += [(MARGIN + x, MARGIN + 16 * (len(rows) - 1 - k)) for x in row]
    for box in picture.boxes:
        box.x += MARGIN
        box.y += MARGIN + below
    picture.arrows[:] = [_moved(arrow, MARGIN + below, MARGIN) for arrow in picture.arrows]
    picture.title = _title(title, width, measure)
    top = sum(line.size * 1.35 for line in picture.title) + 12
    picture.width = width + 2 * MARGIN
    picture.height = height + below + top + 2 * MARGIN


def _moved(arrow: Arrow, up: float, right: float = 0.0) -> Arrow:
    arrow.points = tuple((x + right, y + up) for x, y in arrow.points)
    if arrow.label_at is not None:
        arrow.label_at = arrow.label_at[0] + right, arrow.label_at[1] + up
    return arrow


def _legend_rows(
    entries: list[tuple[str, str]], width: float, measure: _Measure
) -> list[list[float]]:
    """Return where the entries of each row of the legend begin."""
    rows: list[list[float]] = []
    x = width + 1
    for _, words in entries:
        needed = 34 + measure.line(Line(words)) + 18
        if x + needed - 18 > width:
            rows.append([])
            x = 0.0
        rows[-1].append(x)
        x += needed
    return rows


def _title(title: str, width: float, measure: _Measure) -> list[Line]:
    """Break the title into lines that fit."""
    lines = [Line("", _TITLE, bold=True)]
    for word in (title or "who waits for whom").split():
        longer = f"{lines[-1].text} {word}".strip()
        if lines[-1].text and measure.line(Line(longer, _TITLE, bold=True)) > width:
            lines.append(Line(word, _TITLE, bold=True))
        else:
            lines[-1].text = longer
    return lines
