"""The curves of a run's memory over virtual time, beside those of its repair on the same scale.

The curves are those that people watch: what ``top`` shows (RSS), heap in use, live heap, stacks,
and the live heap at which the next collection is due.  No meaning is carried by colour alone: each
curve has its own line and its name at its end.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Final

from gosim.memory.samples import MemoryRecord, Sample
from gosim.views.metrics import ASCENT, DESCENT, cut, text_width, wrap
from gosim.views.scales import byte_ticks, count_ticks, spread, steps, thin, time_ticks
from gosim.views.sheet import Extent, Path, Point, Polygon, Rect, Sheet, Text
from gosim.views.text import collections, duration, size, stays, time_moves


@dataclass(frozen=True)
class Curve:
    """How one quantity is drawn; `brief` is its name where there is little room."""

    key: str
    name: str
    brief: str
    color: str
    words: str
    dash: tuple[float, ...]
    width: float
    filled: bool = False

    @property
    def value(self) -> Callable[[Sample], int]:
        """Takes the quantity from a sample."""
        return attrgetter(self.key)


CURVES: Final = (
    Curve("rss", "RSS, what top shows", "RSS", "vermillion", "alarm", (), 2.0),
    Curve("heap_inuse", "heap in use", "in use", "blue", "blue", (8.4, 2.8), 1.4),
    Curve("heap_live", "live heap", "live", "green", "calm", (), 1.2, filled=True),
    Curve("stack_inuse", "stacks", "stacks", "purple", "held", (7.0, 2.1, 1.4, 2.1), 1.4),
)
GOAL: Final = Curve("next_gc", "goal of the next GC", "GC goal", "faint", "muted", (2.2, 1.8), 0.9)
_NO_GOAL: Final = 1 << 60
"""A goal beyond this means that the collector is off."""

_COLUMNS: Final = 200
_BEYOND: Final = 1.06
"""How high a panel is, in parts of what is drawn in it."""

# Measures in points.
AXIS: Final = 50.0
"""The room on the left for the numbers of the vertical axis."""
PANEL, LOW = 250.0, 185.0
"""How high a panel is, and how high each of several below one another."""
_BETWEEN: Final = 16.0
_LARGEST, _SMALLEST = 8.5, 6.0
_LEADING: Final = 1.35
_LEADER, _GAP = 12.0, 3.0
_MARK: Final = 7.0


@dataclass(frozen=True)
class Across:
    """The horizontal axis of a panel: virtual time, or the samples one after the other."""

    time: bool
    last: int
    title: str
    ticks: list[tuple[float, str]]


def across(records: Sequence[MemoryRecord], intervals: int = 6) -> list[Across]:
    """Return the horizontal axis of each record; the same for all where that can be read.

    A repair is done sooner than its leak, or later: with one axis for both one sees it.  Where the
    shorter of the two would be hard to see, each has its own.
    """
    made = []
    for record in records:
        samples = record.samples
        if time_moves(samples):
            last = samples[-1].at
            unit, ticks = time_ticks(last, intervals)
            made.append(Across(True, last, f"virtual time ({unit})", ticks))
            continue
        last = max(1, len(samples) - 1)
        words = "virtual time hardly moves"
        if len({s.at for s in samples}) < 2:
            words = f"virtual time stands still at {duration(samples[-1].at if samples else 0)}"
        made.append(
            Across(False, last, f"sample after sample: {words}", count_ticks(last, intervals))
        )
    lasts = [a.last for a in made]
    if len({a.time for a in made}) == 1 and min(lasts) * 4 >= max(lasts):
        longest = max(made, key=lambda a: a.last)
        return [longest] * len(made)
    return made


def highest(record: MemoryRecord) -> int:
    """Return the top of what is drawn of a record, in bytes; a goal far above it is cut off."""
    top = max((c.value(s) for c in CURVES for s in record.samples), default=0)
    goals = [s.next_gc for s in record.samples if s.next_gc <= 2.5 * top]
    return max([top, *goals, 1])


def _seen(record: MemoryRecord) -> list[Curve]:
    """Return the curves that are ever above the axis, in the order in which they are painted."""
    return [
        curve
        for curve in (GOAL, *reversed(CURVES))
        if any(0 < curve.value(s) < _NO_GOAL for s in record.samples)
    ]


def _ends(record: MemoryRecord) -> list[tuple[Curve, int]]:
    """Return the curves that have an end, each with its last value."""
    ends = [(curve, curve.value(record.samples[-1])) for curve in _seen(record)]
    return [(curve, value) for curve, value in ends if value < _NO_GOAL]


class Chart:
    """Panels, one for each record, all in one vertical scale.

    Parameters
    ----------
    records : sequence of MemoryRecord
    titles : sequence of str
        What stands above each panel; ``""`` for nothing.
    width : float
        In points, all panels and the numbers of the axis together.
    height : float
        In points, with all words; 0 makes each panel `PANEL` high.
    stacked : bool
        Panels stand below one another and not side by side.
    """

    def __init__(
        self,
        records: Sequence[MemoryRecord],
        titles: Sequence[str],
        width: float,
        height: float = 0.0,
        stacked: bool = False,
    ) -> None:
        self.records, self.titles = records, titles
        self.stacked = stacked
        beside = 1 if stacked else len(records)
        self.each = (width - AXIS - _BETWEEN * (beside - 1)) / beside
        self.font = min(_LARGEST, max(_SMALLEST, self.each / 28))
        self.line = self.font * _LEADING
        self.axes = across(records, max(1, min(6, int(self.each / 70))))
        self.top = max(map(highest, records)) * _BEYOND
        said = self.font + 0.5
        self.said = [wrap(stays(record, 44), self.each - 4, said) for record in records]
        self.counted = [
            wrap(collections(record), self.each - _MARK, self.font) for record in records
        ]
        # Titles and axes of all panels stand at one height, however much is said of each.
        self.above = max(map(len, self.said)) * said * _LEADING + 6
        if any(titles):
            self.above += (self.font + 2) * _LEADING
        self.below = 2 * self.line + 8
        self.below += max(len(lines) if any(lines) else 0 for lines in self.counted) * self.line
        below = len(records) if stacked else 1
        self.panel = LOW if stacked else PANEL
        if height:
            free = (height - _BETWEEN * (below - 1)) / below
            self.panel = max(40.0, free - self.above - self.below)
        self.one = self.above + self.panel + self.below
        self.height = self.one * below + _BETWEEN * (below - 1)

        self.words, self.room = self._names()

    def _names(self) -> tuple[list[list[str]], float]:
        """Return the words at the ends of curves, and the room that all panels keep for them."""
        for brief in (False, True):
            words = [
                [
                    f"{size(value)}  {curve.brief if brief else curve.name}"
                    + (" ↑" if value > self.top else "")
                    for curve, value in _ends(record)
                ]
                for record in self.records
            ]
            widths = [text_width(text, self.font) for each in words for text in each]
            room = max(widths) + _LEADER + 1 if widths else 0.0
            if room < self.each / 2:
                break
        return words, room

    def draw(self, page: Sheet, left: float, top: float) -> None:
        """Put the panels on a sheet."""
        for i in range(len(self.records)):
            x = left + AXIS + (0 if self.stacked else i * (self.each + _BETWEEN))
            y = top + (i * (self.one + _BETWEEN) if self.stacked else 0)
            self._words(page, i, x, y)
            y += self.above
            self._panel(page, i, Extent(x, y, x + self.each, y + self.panel))

    def _words(self, page: Sheet, i: int, x: float, top: float) -> None:
        """Write what the panel is called, and the verdict."""
        y = top
        if any(self.titles):
            bold = self.font + 2
            name = cut(self.titles[i], self.each, bold, bold=True)
            page.add(Text(x, y + bold * ASCENT, name, bold, bold=True))
            y += bold * _LEADING
        said = self.font + 0.5
        for line in self.said[i]:
            page.add(Text(x, y + said * ASCENT, line, said))
            y += said * _LEADING

    def _panel(self, page: Sheet, i: int, box: Extent) -> None:
        record, axis = self.records[i], self.axes[i]
        samples = record.samples
        panel = Panel(page, box, axis, self.top, self.font, self.room)
        marks = byte_ticks(self.top, max(2, min(5, int(self.panel / 34))))
        xs: list[float] = [s.at if axis.time else k for k, s in enumerate(samples)]
        seen = _seen(record)
        for curve in seen:
            if curve.filled:
                panel.fill(curve, xs, [curve.value(s) for s in samples])
        for value, text in marks:
            panel.rule(value, text if i == 0 or self.stacked else "")
        panel.labels(_ends(record), self.words[i], xs[-1] if xs else 0.0)
        for curve in seen:
            panel.curve(curve, xs, [curve.value(s) for s in samples])
        panel.collections(_collected(record, axis))
        panel.axis(len(samples) > 1)
        y = box.bottom + 5 + self.line
        for line in (axis.title, *self.counted[i]):
            y += self.line
            if not line:
                continue
            x = box.left
            if line is not axis.title:
                x += _MARK
                if line is self.counted[i][0]:
                    page.add(Path(((box.left + 1, y + 1), (box.left + 1, y - 6)), "ink", 0.8))
            page.add(Text(x, y, cut(line, self.each, self.font), self.font, color="muted"))
        if not samples:
            middle = (box.left + box.right) / 2, (box.top + box.bottom) / 2
            page.add(Text(*middle, "no samples", self.font, color="muted", anchor="middle"))


class Panel:
    """One record's curves; `box` is the room for them and for their names."""

    def __init__(
        self, page: Sheet, box: Extent, axis: Across, top: float, font: float, room: float
    ) -> None:
        self.page, self.box, self.across = page, box, axis
        self.top, self.font = top, font
        self.right = box.right - room

    def x(self, at: float) -> float:
        return self.box.left + at / self.across.last * (self.right - self.box.left)

    def y(self, value: float) -> float:
        part = min(value / self.top, 1.0)
        return self.box.bottom - part * (self.box.bottom - self.box.top)

    def axis(self, marked: bool) -> None:
        """Draw the horizontal axis; one moment alone has no marks."""
        foot = self.box.bottom
        self.page.add(Path(((self.box.left, foot), (self.right, foot)), "muted", 0.9))
        for at, text in self.across.ticks if marked else ():
            if at <= self.across.last * (1 + 1e-9):
                x = self.x(at)
                self.page.add(Path(((x, foot), (x, foot + 3)), "muted", 0.9))
                base = foot + 5 + self.font * ASCENT
                self.page.add(Text(x, base, text, self.font, anchor="middle"))

    def rule(self, value: float, text: str) -> None:
        """Draw a horizontal line at so many bytes, with its number."""
        y = self.y(value)
        self.page.add(Path(((self.box.left, y), (self.right, y)), "grid", 0.6))
        if text:
            base = y + self.font * (ASCENT - DESCENT) / 2
            self.page.add(Text(self.box.left - 6, base, text, self.font, anchor="end"))

    def fill(self, curve: Curve, xs: Sequence[float], values: Sequence[int]) -> None:
        """Colour the area below a curve."""
        if len(xs) < 2:
            return
        points = self._corners(xs, values)
        foot = self.box.bottom
        area = ((points[0][0], foot), *points, (points[-1][0], foot))
        self.page.add(Polygon(area, f"{curve.color}-faint"))

    def curve(self, curve: Curve, xs: Sequence[float], values: Sequence[int]) -> None:
        """Draw a curve; what lies above the panel is cut off."""
        tip = (
            f"{curve.name}: {size(values[-1])} at the end, {size(max(values))} at most"
            if values[-1] < _NO_GOAL
            else curve.name
        )
        if len(xs) == 1:
            x, y = self.x(xs[0]), self.y(values[0])
            self.page.add(Rect(x - 2, y - 2, 4, 4, curve.color, radius=2, tip=tip, key=curve.key))
            return
        for points in self._pieces(xs, values):
            self.page.add(
                Path(points, curve.color, curve.width, curve.dash, tip=tip, key=curve.key)
            )

    def _pieces(self, xs: Sequence[float], values: Sequence[int]) -> list[tuple[Point, ...]]:
        """Return the parts of a curve that lie within the panel."""
        runs: list[list[int]] = [[]]
        for k, value in enumerate(values):
            if value < _NO_GOAL:
                runs[-1].append(k)
            elif runs[-1]:
                runs.append([])
        pieces: list[list[Point]] = []
        for run in filter(None, runs):
            points = self._corners([xs[k] for k in run], [values[k] for k in run])
            # Along its upper edge the curve is outside.
            edge = round(self.y(self.top), 1)
            pieces.append(points[:1])
            for before, point in itertools.pairwise(points):
                if before[1] <= edge and point[1] <= edge:
                    pieces.append([point])
                else:
                    pieces[-1].append(point)
        return [tuple(piece) for piece in pieces if len(piece) > 1]

    def _corners(self, xs: Sequence[float], values: Sequence[int]) -> list[Point]:
        places = [self.x(x) for x in xs]
        kept = thin(places, values, max(1.5, (self.right - self.box.left) / _COLUMNS))
        # A tenth of a point is what a picture can show; what is level then needs no corners.
        return steps(
            [round(places[k], 1) for k in kept], [round(self.y(values[k]), 1) for k in kept]
        )

    def labels(self, labels: Sequence[tuple[Curve, int]], words: Sequence[str], end: float) -> None:
        """Name the curves at their ends."""
        font = self.font
        wanted = [-self.y(value) for _, value in labels]
        low, high = -self.box.bottom + font * 0.6, -self.box.top - font * 0.5
        edge = self.right + 2
        for (curve, _), text, was, place in zip(
            labels, words, wanted, spread(wanted, font * 1.22, low, high), strict=True
        ):
            # From the curve's end to the edge of the panel's curves, then to the words.
            y, at = -was, -place
            if self.x(end) < self.right:  # the run is over here: only the way to its name
                way = (self.x(end), y), (edge, y)
                self.page.add(Path(way, curve.color, 0.7, (0.7, 2.8)))
                line: tuple[Point, ...] = (edge, y), (self.right + _LEADER - _GAP, at)
            else:
                line = (self.right, y), (edge, y), (self.right + _LEADER - _GAP, at)
            self.page.add(Path(line, curve.color, 0.6))
            base = at + font * (ASCENT - DESCENT) / 2
            self.page.add(Text(self.right + _LEADER, base, text, font, color=curve.words))

    def collections(self, places: Sequence[float]) -> None:
        """Mark collections on the axis; marks that would stand on one another are one mark."""
        foot = self.box.bottom
        cells = {int(self.x(at) / 1.5): self.x(at) for at in places if at <= self.across.last}
        for x in cells.values():
            self.page.add(Path(((x, foot), (x, foot - _MARK)), "ink", 0.8))


def _collected(record: MemoryRecord, axis: Across) -> list[float]:
    """Return where on the axis collections were."""
    samples = record.samples
    if axis.time and record.cycles:
        return [float(cycle.at) for cycle in record.cycles]
    return [
        float(after.at) if axis.time else float(i)
        for i, (before, after) in enumerate(itertools.pairwise(samples), 1)
        if after.num_gc > before.num_gc
    ]
