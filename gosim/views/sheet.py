"""A sheet: drawing marks with their places, without a renderer.

Units are points, x to the right and y *downwards* from the upper left corner.  Colours are names of
`gosim.views.palette`.  `gosim.views.svg` writes a sheet as SVG, `gosim.views.plot` paints it with
matplotlib.  `Sheet.overlaps` finds labels that overlap or are cut off, so that a test can say that
no picture has any.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal, NamedTuple, TypeAlias

from gosim.views.metrics import ASCENT, DESCENT, text_width

Point: TypeAlias = tuple[float, float]

HATCHES: Final = ("", "/", "\\", "x", ".", "-", "|", "+")
"""The hatchings a rectangle may have."""

EDGE: Final = "the edge of the sheet"
"""What `Sheet.overlaps` names when a label is cut off."""


class Extent(NamedTuple):
    """A rectangle by its corners, y downwards."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Extent, slack: float = 0.0) -> bool:
        """Say whether the two share more than `slack` points in both directions."""
        return (
            min(self.right, other.right) - max(self.left, other.left) > slack
            and min(self.bottom, other.bottom) - max(self.top, other.top) > slack
        )

    def holds(self, other: Extent, slack: float = 0.0) -> bool:
        """Say whether the other lies in this one, give or take `slack` points."""
        return (
            self.left - slack <= other.left
            and self.top - slack <= other.top
            and other.right <= self.right + slack
            and other.bottom <= self.bottom + slack
        )


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle; `fill` or `stroke` may be ``""`` for none.

    `hatch` is one of `HATCHES`, drawn in `hatch_color`.  `tip` is shown when a pointer rests on the
    mark, `key` names it for a stepper.
    """

    x: float
    y: float
    width: float
    height: float
    fill: str = ""
    stroke: str = ""
    thickness: float = 1.0
    radius: float = 0.0
    dash: tuple[float, ...] = ()
    hatch: str = ""
    hatch_color: str = "paper"
    tip: str = ""
    key: str = ""

    @property
    def extent(self) -> Extent:
        """Where it is."""
        return Extent(self.x, self.y, self.x + self.width, self.y + self.height)


@dataclass(frozen=True, slots=True)
class Path:
    """A line through points.

    With `curve` the points are those of cubic Bézier curves: a start, then two control points and
    an end for each piece.  With `arrow` the line ends in a head, which is drawn inside its length.
    """

    points: tuple[Point, ...]
    stroke: str = "line"
    thickness: float = 1.0
    dash: tuple[float, ...] = ()
    curve: bool = False
    arrow: bool = False
    tip: str = ""
    key: str = ""

    @property
    def extent(self) -> Extent:
        """A rectangle that holds its points (also the control points)."""
        return _around(self.points)

    def head(self) -> tuple[tuple[Point, ...], tuple[Point, ...]]:
        """Return the points of the line without its head, and the three corners of the head."""
        if not self.arrow:
            return self.points, ()
        end = self.points[-1]
        before = next((p for p in reversed(self.points[:-1]) if p != end), (end[0] - 1, end[1]))
        length = math.dist(before, end)
        ux, uy = (end[0] - before[0]) / length, (end[1] - before[1]) / length
        size = 5.5 + 1.6 * self.thickness
        half = size * 0.46
        bx, by = end[0] - ux * size, end[1] - uy * size
        # The line stops inside the head, so that no gap shows and its square end does not either.
        base = end[0] - ux * size * 0.8, end[1] - uy * size * 0.8
        corners = end, (bx - uy * half, by + ux * half), (bx + uy * half, by - ux * half)
        return (*self.points[:-1], base), corners


@dataclass(frozen=True, slots=True)
class Polygon:
    """A filled area."""

    points: tuple[Point, ...]
    fill: str = "ink"
    stroke: str = ""
    thickness: float = 1.0
    tip: str = ""
    key: str = ""

    @property
    def extent(self) -> Extent:
        """A rectangle that holds it."""
        return _around(self.points)


Anchor: TypeAlias = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text; `y` is its baseline, `angle` turns it clockwise about (x, y) in degrees."""

    x: float
    y: float
    text: str
    size: float = 9.0
    bold: bool = False
    italic: bool = False
    mono: bool = False
    color: str = "ink"
    anchor: Anchor = "start"
    tip: str = ""
    key: str = ""
    angle: float = 0.0

    @property
    def width(self) -> float:
        """Its measured width."""
        return text_width(self.text, self.size, self.bold, self.italic, self.mono)

    @property
    def extent(self) -> Extent:
        """The rectangle that its letters take (turned: the rectangle around them)."""
        left = self.x - {"start": 0.0, "middle": 0.5, "end": 1.0}[self.anchor] * self.width
        top, bottom = self.y - ASCENT * self.size, self.y + DESCENT * self.size
        right = left + self.width
        if not self.angle:
            return Extent(left, top, right, bottom)
        turn = math.radians(self.angle)
        sin, cos = math.sin(turn), math.cos(turn)
        return _around(
            [
                (
                    self.x + (x - self.x) * cos - (y - self.y) * sin,
                    self.y + (x - self.x) * sin + (y - self.y) * cos,
                )
                for x in (left, right)
                for y in (top, bottom)
            ]
        )


Mark: TypeAlias = Rect | Path | Polygon | Text


def _around(points: Sequence[Point]) -> Extent:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return Extent(min(xs), min(ys), max(xs), max(ys))


@dataclass(slots=True)
class Sheet:
    """Marks on a page, painted in their order.

    Attributes
    ----------
    width, height : float
        Size in points.
    title : str
        What the picture shows, in words: the accessible name, not drawn.
    background : str
        The colour of the page, or ``""`` for none.
    description : str
        A longer text for readers who do not see the picture, not drawn.
    """

    width: float
    height: float
    title: str = ""
    background: str = "paper"
    description: str = ""
    marks: list[Mark] = field(default_factory=list)

    def add(self, *marks: Mark) -> None:
        """Put marks on top of all others."""
        self.marks.extend(marks)

    def place(self, other: Sheet, x: float, y: float) -> None:
        """Put the marks of another sheet here, moved to the right by `x` and down by `y`."""
        self.marks.extend([moved(mark, x, y) for mark in other.marks])

    def labels(self) -> Iterator[tuple[str, Extent]]:
        """Yield every text with the rectangle that it takes."""
        for mark in self.marks:
            if isinstance(mark, Text) and mark.text.strip():
                yield mark.text, mark.extent

    def overlaps(self, slack: float = 0.5) -> list[tuple[str, str]]:
        """Return the pairs of labels that overlap, and labels that the sheet's edge cuts off.

        Two labels overlap when they share more than `slack` points in both directions.  A label
        that is cut off comes in a pair with `EDGE`.
        """
        page = Extent(0.0, 0.0, self.width, self.height)
        found = []
        active: list[tuple[str, Extent]] = []
        for text, box in sorted(self.labels(), key=lambda label: (label[1].top, label[1].left)):
            if not page.holds(box, slack):
                found.append((text, EDGE))
            active = [other for other in active if other[1].bottom > box.top]
            found += [(other, text) for other, extent in active if extent.meets(box, slack)]
            active.append((text, box))
        return found

    def crossed(self, slack: float = 1.0) -> list[tuple[str, Extent]]:
        """Return labels that stick out of a rectangle or stick into one, with that rectangle.

        What is written lies in a box or beside it; a label with one foot in was too long.
        Rectangles without a border and a fill do not count, nor do labels under a rectangle.
        """
        found = []
        boxes: list[Extent] = []
        texts: list[tuple[str, Extent]] = []
        for mark in self.marks:
            if isinstance(mark, Rect) and (mark.stroke or mark.fill):
                boxes.append(mark.extent)
            elif isinstance(mark, Text) and mark.text.strip():
                texts.append((mark.text, mark.extent))
        boxes.sort(key=lambda box: box.top)
        for text, extent in texts:
            for box in boxes:
                if box.top >= extent.bottom:
                    break
                if box.meets(extent, slack) and not box.holds(extent, slack):
                    if extent.holds(box):
                        continue  # a swatch behind a word
                    found.append((text, box))
        return found

    def keys(self) -> list[str]:
        """Return the keys of the marks, each once, in order."""
        return list(dict.fromkeys(mark.key for mark in self.marks if mark.key))


def moved(mark: Mark, x: float, y: float) -> Mark:
    """Return a mark moved to the right by `x` and down by `y`."""
    if isinstance(mark, Rect | Text):
        return replace(mark, x=mark.x + x, y=mark.y + y)
    return replace(mark, points=tuple([(px + x, py + y) for px, py in mark.points]))
