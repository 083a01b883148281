"""Layered layout: where boxes, curves and labels stand when arrows lead between three columns.

What it is given are boxes and arrows with texts; what they mean is not its business.  Boxes of a
column have one width and never overlap; parts that no arrow connects stand below each other; a
label lies on its curve where it covers no box and no other label.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from gosim.leaks.graph import COULD_WAKE
from gosim.leaks.multigraph import MultiGraph
from gosim.views.metrics import LEADING, text_width
from gosim.views.sheet import Point

Area: TypeAlias = tuple[float, float, float, float]
"""Left, top, right and bottom."""

# Measures in points.
TITLE, NAME, SMALL, TINY, LABEL = 13.0, 10.5, 8.5, 7.5, 8.0
PAD_X, PAD_Y, STRIPE = 9.0, 6.0, 8.0
CELL, CAPTION = 12.0, 34.0
_ROW_GAP, _PART_GAP = 18.0, 26.0

GONE: Final = f"{COULD_WAKE}, gone"
STUCK: Final = f"{COULD_WAKE}, stuck"

# -- what is drawn ---------------------------------------------------------------------------------


@dataclass(slots=True)
class Line:
    """A line of text in a box."""

    text: str
    size: float = SMALL
    bold: bool = False
    italic: bool = False
    color: str = "ink"

    @property
    def width(self) -> float:
        """Its measured width."""
        return text_width(self.text, self.size, self.bold, self.italic)


@dataclass(slots=True)
class Strip:
    """A row of cells in a channel's box: its buffer, or a queue of goroutines.

    `cells` are pairs of a text and whether something is in the cell; `more` says what is left out.
    """

    caption: str
    cells: list[tuple[str, bool]]
    more: str = ""
    queue: bool = False

    @property
    def cell(self) -> float:
        """The width of each of its cells."""
        widest = max((text_width(text, TINY) for text, _ in self.cells), default=0.0)
        return max(CELL, widest + 6)

    @property
    def width(self) -> float:
        """Everything from the caption to what is left out."""
        more = text_width(self.more, TINY) + 4 if self.more else 0.0
        return CAPTION + len(self.cells) * (self.cell + 2) + more


@dataclass(slots=True)
class Box:
    """A node: where it is and what is written in it; `x`, `y` is its upper left corner."""

    node: str
    column: int
    lines: list[Line]
    color: str
    leak: str | None = None
    goroutine: bool = False
    gone: bool = False
    marked: bool = False
    nil: bool = False
    strips: list[Strip] = field(default_factory=list)
    tip: str = ""
    x: float = 0.0
    y: float = 0.0
    width: float = 0.0
    height: float = 0.0

    @property
    def middle(self) -> float:
        """Height of its middle."""
        return self.y + self.height / 2

    def measure(self) -> None:
        """Make it as large as what is in it."""
        width = max(line.width for line in self.lines)
        height = sum(line.size * LEADING for line in self.lines)
        for strip in self.strips:
            width = max(width, strip.width)
            height += CELL + 4
        if self.strips:
            height += 2
        self.width = math.ceil(width + 2 * PAD_X + (STRIPE if self.leak else 0))
        self.height = math.ceil(height + 2 * PAD_Y)


@dataclass(slots=True)
class Arrow:
    """An edge: a curve with horizontal ends (vertical ones between things), and its label."""

    tail: Box
    head: Box
    kind: str
    count: int
    label: str
    marked: bool
    points: tuple[Point, ...] = ()
    label_at: Point | None = None

    @property
    def look(self) -> str:
        """Its kind; of help that may come also what became of the helper."""
        if self.kind != COULD_WAKE:
            return self.kind
        return GONE if self.head.gone else STUCK if self.head.leak == "permanent" else COULD_WAKE

    @property
    def thickness(self) -> float:
        """Of the line: more goroutines, thicker."""
        return min(7.0, 1.1 + math.sqrt(self.count) / 2.5 + (1.0 if self.marked else 0.0))

    @property
    def label_width(self) -> float:
        """Of the label with the paper around it."""
        return text_width(self.label, LABEL) + 6 if self.label else 0.0


# -- places ----------------------------------------------------------------------------------------


def depths(graph: MultiGraph) -> dict[str, float]:
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


def columns_of(boxes: Iterable[Box], depths: dict[str, float]) -> list[list[Box]]:
    """Return the boxes of each column, in one width; who is in a cycle comes first."""
    columns: list[list[Box]] = [[], [], []]
    for box in boxes:
        columns[box.column].append(box)
    for column in columns:
        column.sort(key=lambda box: depths.get(box.node, math.inf))
        widest = max((box.width for box in column), default=0.0)
        for box in column:
            box.width = widest
    return columns


def place(columns: list[list[Box]], arrows: list[Arrow]) -> None:
    """Give every box its place, then every arrow its curve and its label."""
    x = 0.0
    for i, column in enumerate(columns):
        if not column:
            continue
        if x:
            # An arrow stays one with its label on it: some line must show on both sides.
            labels = [a.label_width for a in arrows if a.label and _gap(a) == i]
            x += max(70.0, max(labels, default=0.0) + 70.0)
        for box in column:
            box.x = x
        x += column[0].width
    below = 0.0
    for part, among in _parts(columns, arrows):
        below = _arrange_part(part, among, below) + _PART_GAP
    curves(arrows)
    place_labels(arrows, [box for column in columns for box in column])


def _parts(
    columns: list[list[Box]], arrows: list[Arrow]
) -> Iterator[tuple[list[list[Box]], list[Arrow]]]:
    """Yield the parts of the picture that no arrow connects, as columns; those in order."""
    first = {box.node: box.node for column in columns for box in column}

    def root(node: str) -> str:
        while first[node] != node:
            first[node] = node = first[first[node]]
        return node

    for arrow in arrows:
        first[root(arrow.head.node)] = root(arrow.tail.node)
    parts: dict[str, list[list[Box]]] = {}
    for i, column in enumerate(columns):
        for box in column:
            parts.setdefault(root(box.node), [[] for _ in columns])[i].append(box)
    for name, part in parts.items():
        yield part, [arrow for arrow in arrows if root(arrow.tail.node) == name]


def _arrange_part(columns: list[list[Box]], arrows: list[Arrow], top: float) -> float:
    """Give the boxes of one part their heights, from `top` on; return where they end."""
    neighbours: dict[str, list[Box]] = {}
    for arrow in arrows:
        neighbours.setdefault(arrow.tail.node, []).append(arrow.head)
        neighbours.setdefault(arrow.head.node, []).append(arrow.tail)
    for column in columns:
        stack(column, [0.0] * len(column))
    # First rings stay as they begin; then every box moves towards its neighbours, order included.
    best = _relaxed(columns, neighbours, arrows, sort=False)
    for _ in range(6):
        best = min(best, _relaxed(columns, neighbours, arrows, sort=True), key=lambda b: b[0])
    for column, (order, heights) in zip(columns, best[1], strict=True):
        column[:] = order
        for box, y in zip(order, heights, strict=True):
            box.y = y
    everything = [box for column in columns for box in column]
    up = min(box.y for box in everything) - top
    for box in everything:
        box.y -= up
    return max(box.y + box.height for box in everything)


def _relaxed(
    columns: list[list[Box]], neighbours: dict[str, list[Box]], arrows: list[Arrow], sort: bool
) -> tuple[tuple[int, float], list[tuple[list[Box], list[float]]]]:
    """Move boxes towards their neighbours; return how good that is, the order, and the heights."""
    for _ in range(1 if sort else 4):
        for column in (columns[0], columns[2], columns[1]):
            wanted = {box.node: _wanted(box, neighbours.get(box.node, [])) for box in column}
            if sort:
                column.sort(key=lambda box: wanted[box.node])
            stack(column, [wanted[box.node] for box in column])
    length = sum(abs(arrow.tail.middle - arrow.head.middle) for arrow in arrows)
    places = [(list(column), [box.y for box in column]) for column in columns]
    return (crossings(arrows), length), places


def crossings(arrows: list[Arrow]) -> int:
    """Return how many pairs of arrows between the same columns cross."""
    gaps: dict[tuple[int, int], list[Point]] = {}
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
    return beside[0].middle + 1.0 if beside else box.middle


def stack(column: list[Box], wanted: list[float]) -> None:
    """Put boxes below each other in this order, each as near as possible to where it wants to be.

    Least squares under a fixed order and distance: pool neighbours that would overlap.
    """
    pools: list[tuple[float, list[Box]]] = []  # the sum of wishes for the first box's middle
    offset, offsets = 0.0, []
    for i, box in enumerate(column):
        if i:
            offset += (column[i - 1].height + box.height) / 2 + _ROW_GAP
        offsets.append(offset)
    at = {box.node: off for box, off in zip(column, offsets, strict=True)}
    for box, wish in zip(column, wanted, strict=True):
        pools.append((wish - at[box.node], [box]))
        while len(pools) > 1 and _mean(pools[-2]) > _mean(pools[-1]):
            total, members = pools.pop()
            before, earlier = pools.pop()
            pools.append((before + total, earlier + members))
    for pool in pools:
        for box in pool[1]:
            box.y = _mean(pool) + at[box.node] - box.height / 2


def _mean(pool: tuple[float, list[Box]]) -> float:
    return pool[0] / len(pool[1])


def curves(arrows: list[Arrow]) -> None:
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
            ends.setdefault((box.node, side), []).append((other.middle, i, arrow, is_tail))
    port: dict[tuple[int, bool], Point] = {}
    for (_, side), group in ends.items():
        # Two arrows between the same boxes keep their order at both ends, so they do not cross.
        group.sort(key=lambda end: end[:2])
        for k, (_, i, arrow, is_tail) in enumerate(group):
            box = arrow.tail if is_tail else arrow.head
            y = box.y + box.height * (k + 1) / (len(group) + 1)
            port[i, is_tail] = (box.x + box.width if side == "right" else box.x, y)
    for i, arrow in enumerate(arrows):
        if arrow.tail.column == arrow.head.column:
            arrow.points = _beside(arrow)
            continue
        (x1, y1), (x2, y2) = port[i, True], port[i, False]
        bend = 0.45 * (x2 - x1)
        arrow.points = ((x1, y1), (x1 + bend, y1), (x2 - bend, y2), (x2, y2))


def _beside(arrow: Arrow) -> tuple[Point, ...]:
    """Return a curve between two boxes of one column: straight to the next, around others."""
    tail, head = arrow.tail, arrow.head
    down = tail.middle < head.middle
    x = tail.x + tail.width / 2
    y1, y2 = (tail.y + tail.height, head.y) if down else (tail.y, head.y + head.height)
    if abs(y1 - y2) <= 3 * _ROW_GAP:
        return (x, y1), (x, (2 * y1 + y2) / 3), (x, (y1 + 2 * y2) / 3), (x, y2)
    x = tail.x + tail.width
    return (x, tail.middle), (x + 34, tail.middle), (x + 34, head.middle), (x, head.middle)


def point_at(points: Sequence[Point], t: float) -> Point:
    """Return the point of a chain of Bézier curves, 0 its beginning and 1 its end."""
    pieces = max(1, (len(points) - 1) // 3)
    piece = min(int(t * pieces), pieces - 1)
    t = t * pieces - piece
    u = 1 - t
    weights = (u**3, 3 * u * u * t, 3 * u * t * t, t**3)
    four = points[3 * piece : 3 * piece + 4]
    return (
        sum(w * p[0] for w, p in zip(weights, four, strict=True)),
        sum(w * p[1] for w, p in zip(weights, four, strict=True)),
    )


_TRIES: Final = (0.5, 0.42, 0.58, 0.35, 0.65, 0.28, 0.72, 0.2, 0.8)


def place_labels(arrows: list[Arrow], boxes: list[Box]) -> None:
    """Put each label on its curve, where it covers no box and no other label.

    One that finds no place stands only in the arrow's tooltip.
    """
    taken = [(b.x, b.y, b.x + b.width, b.y + b.height) for b in boxes]
    traces = [[point_at(arrow.points, k / 24) for k in range(25)] for arrow in arrows]
    for i, arrow in enumerate(arrows):
        if not arrow.label or arrow.label_at is not None:
            continue
        width, height = arrow.label_width + 2, LABEL * LEADING + 3
        others = [p for j, trace in enumerate(traces) if j != i for p in trace]
        (x1, y1), (x2, y2) = arrow.points[0], arrow.points[-1]
        free: list[tuple[int, int, Point, Area]] = []
        for rank, t in enumerate(_TRIES):
            x, y = point_at(arrow.points, t)
            area = (x - width / 2, y - height / 2, x + width / 2, y + height / 2)
            if not any(overlap(area, other) for other in taken):
                # It had better hide no piece of another arrow.
                hidden = sum(area[0] < px < area[2] and area[1] < py < area[3] for px, py in others)
                # Some line has to show before the head and behind the tail.
                near = (x - width / 2 - 12, y - height / 2, x + width / 2 + 12, y + height / 2)
                hidden += 50 * sum(
                    near[0] < px < near[2] and near[1] < py < near[3]
                    for px, py in ((x1, y1), (x2, y2))
                )
                free.append((hidden, rank, (x, y), area))
        if free:
            _, _, arrow.label_at, area = min(free)
            taken.append(area)


def overlap(a: Area, b: Area) -> bool:
    """Say whether two areas share a point."""
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
