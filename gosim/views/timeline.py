"""The timeline of a run: who was in which state when, who woke whom, and what that did to memory.

Most of what a program does takes no virtual time.  So that events of one moment can be told apart,
the axis gives each event room: in a *moment* (a bracket under the lanes) the clock stands still and
events stand one after another; between two moments nobody runs, and the gap is shortened.  With
``scale="time"`` equal lengths are equal times.

No meaning is carried by colour alone: states have hatchings and words, arrows have two kinds of
line.
"""

from __future__ import annotations

import math
import os
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeAlias

from gosim.leaks.explain import duration
from gosim.views import palette
from gosim.views.lanes import (
    ABSENT,
    TAIL,
    Axis,
    Lane,
    Piece,
    Widen,
    axis_of_events,
    axis_of_time,
    done_words,
    folded,
    lives,
    moment_words,
    place_of,
    shares,
    thing_names,
    waiting_words,
)
from gosim.views.metrics import cut, text_width, wrap
from gosim.views.scales import byte_ticks, time_ticks
from gosim.views.sheet import Path, Point, Polygon, Rect, Sheet, Text
from gosim.views.shown import Shown
from gosim.views.svg import Theme, to_svg

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from gosim.leaks.recording import Event, Recording
    from gosim.leaks.run import Run

Scale: TypeAlias = Literal["events", "time"]

SCALES: Final = ("events", "time")

# Measures in points.
MARGIN: Final = 16.0
_TITLE, _NAME, _SMALL, _TINY = 13.0, 9.0, 8.0, 7.5
_WIDEST, _NARROWEST = 880.0, 430.0
_UNIT: Final = 15.0
_FEW_LANES: Final = 26
"""Up to so many lanes there is room for words above each."""
_MOST_ARROWS: Final = 260
_MOST_MARKS: Final = 1_200
"""About so many bars make a picture, however long the run was."""
_WORDLESS: Final = 2.0
"""Events with less room than this have no words."""
_LONGEST: Final = 112.0
_MEMORY: Final = 92.0


@dataclass(slots=True)
class Row:
    """A lane with its place on the sheet."""

    lane: Lane
    top: float
    words: float
    bar: float
    held: int = 0

    @property
    def bar_top(self) -> float:
        """Where the bars begin; words stand above."""
        return self.top + self.words

    @property
    def bar_bottom(self) -> float:
        """Where the bars end; what is held stands below."""
        return self.top + self.words + self.bar

    @property
    def bottom(self) -> float:
        """Where the row ends."""
        return self.bar_bottom + self.held * _HOLD + _SPACE


_HOLD: Final = 9.5
_SPACE: Final = 5.0


@dataclass(slots=True)
class Hold:
    """A lock in somebody's hands, or asked for by a writer before whom no reader gets it.

    `row` counts those below a lane.
    """

    g: int
    name: str
    left: float
    right: float
    row: int = 0
    pending: bool = False


class Wish(NamedTuple):
    """Words that want to stand above a lane, from `left` to `right` at most; 0 comes first."""

    priority: int
    left: float
    right: float
    words: list[str]
    italic: bool = False


Crossing: TypeAlias = tuple[float, str]
"""Where an arrow crosses the words of a lane, and how: ``head``, ``tail`` or ``through``."""


class Timeline(Shown):
    """The timeline of a run.

    Parameters
    ----------
    recording : Recording
        From ``Run.recording()``.
    verdicts : mapping
        The verdict on each goroutine that leaks, by ID.
    title : str
        What the picture says.
    scale : {"events", "time"}
        Every event has room of its own, or equal lengths are equal times.
    ending : str
        How the process ended, where main did not return: ``deadlock``, ``panic`` …

    Raises
    ------
    UsageError
        For another scale.

    Examples
    --------
    >>> import gosim as gs
    >>> async def main():
    ...     ch = gs.chan(int)
    ...     gs.go(ch.send, 1)
    ...     print(await ch.recv())
    >>> gs.run(main).timeline()
    <Timeline: timeline of 2 goroutines over 0s, 0 of them stuck for good at its end>
    """

    def __init__(
        self,
        recording: Recording,
        verdicts: Mapping[int, str] | None = None,
        title: str = "",
        scale: Scale = "events",
        ending: str = "",
    ) -> None:
        if scale not in SCALES:
            from gosim.runtime.errors import UsageError

            raise UsageError(f"scale={scale!r}: there are {' and '.join(SCALES)}")
        self.recording = recording
        self.title = title
        self.scale: Scale = scale
        self.ending = ending
        self.lanes = folded(lives(recording, verdicts or {}))

    @property
    def sheet(self) -> Sheet:
        """The picture as marks on a sheet."""
        return _Layout(self).sheet()

    def to_svg(self, theme: Theme = "light") -> str:
        """Return the picture as SVG."""
        return to_svg(self.sheet, theme)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the timeline with matplotlib; return the axes.

        Their units are points of a picture at full size, y downwards.
        """
        from gosim.views.plot import figure, paint

        page = self.sheet
        return figure(page).axes[0] if ax is None else paint(page, ax)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the picture into a file: PNG, SVG or PDF, by the suffix of its name.

        Raises
        ------
        UsageError
            For another suffix.
        OSError
            When the file cannot be written.
        """
        from gosim.views.plot import save

        save(self.sheet, path)

    def to_text(self, width: int = 100) -> str:
        """Return the timeline as lines for a terminal."""
        return _text(self, width)

    def _alt(self) -> str:
        stuck = sum(life.verdict == "permanent" for lane in self.lanes for life in lane.members)
        return (
            f"timeline of {len(self.recording.goroutines)} goroutines over "
            f"{moment_words(_last_time(self.recording))}, {stuck} of them stuck for good at its end"
        )

    def __repr__(self) -> str:
        return f"<Timeline: {self._alt()}>"


def timeline(run: Run, title: str = "", scale: Scale = "events") -> Timeline:
    """Return the timeline of a run.

    Raises
    ------
    UsageError
        When the run was not recorded and cannot be done again, or for another scale.
    """
    recording = run.recording()
    verdicts = {g.id: g.leak for g in run.goroutines if g.leak}
    ending = "cut" if recording.cut else run.outcome if run.outcome in _ENDINGS else ""
    return Timeline(recording, verdicts, title, scale, ending)


def _last_time(recording: Recording) -> int:
    return recording.events[-1].at if recording.events else 0


# -- the picture -----------------------------------------------------------------------------------


class _Layout:
    """Finds the places of everything and puts the marks on a sheet."""

    def __init__(self, timeline: Timeline) -> None:
        self.recording = timeline.recording
        self.events = timeline.recording.events
        self.ending = timeline.ending
        self.title = timeline.title or "what happened when"
        self.lanes = timeline.lanes
        self.roomy = len(self.lanes) <= _FEW_LANES
        self.row_of = {life.id: i for i, lane in enumerate(self.lanes) for life in lane.members}
        self.names = thing_names(self.recording)
        self.axis = self._axis(timeline.scale)
        self.page = Sheet(0.0, 0.0, self.title)
        self.seen: dict[str, None] = {}
        self.lines_seen: dict[str, None] = {}
        self.most_pieces = max(30, min(300, _MOST_MARKS // max(1, len(self.lanes))))
        self.clocks: list[tuple[float, int]] = []
        self.drawn: list[tuple[float, int, int]] = []
        self.returned: float | None = None

    # -- places ----------------------------------------------------------------------------------

    def _axis(self, scale: str) -> Axis:
        if scale == "time" and _last_time(self.recording):
            return axis_of_time(self.recording, _WIDEST)
        verdicts = [life for lane in self.lanes for life in lane.members if life.verdict]
        keep = [life.pieces[-1].start for life in verdicts[:6]]
        keep += [i for i, event in enumerate(self.events) if event.kind == "return"]
        many = any(lane.count > 1 for lane in self.lanes)
        plain = axis_of_events(self.recording, _WIDEST, [] if many else keep, _UNIT, None)
        if plain.unit == _UNIT and self.roomy:
            # Words get the room that they need; if that is too much, the important ones.
            for kinds in (("send", "recv", "close", "lock", "print"), ("send", "recv", "close")):
                axis = axis_of_events(self.recording, _WIDEST, (), _UNIT, self._widen(kinds))
                if axis.width <= _WIDEST:
                    break
            else:
                axis = plain
        else:
            axis = plain
        if axis.width < _NARROWEST:
            _stretch(axis, _NARROWEST)
        return axis

    def _widen(self, kinds: Sequence[str]) -> Widen:
        """Return what moves events on until the words above them stand side by side."""
        ends: dict[int, float] = {}

        def widen(event: Event, x: float) -> float:
            offers = event.kind == "park" and bool(event.value)
            if (event.kind in kinds or (offers and kinds)) and event.g:
                waits = waiting_words(event, self.names) if offers else []
                words = waits or self.words_of(event)
                if words:
                    x = max(x, ends.get(event.g, 0.0))
                    ends[event.g] = x + min(_LONGEST, text_width(words[0], _TINY)) + 8
            elif event.kind == "park" and event.g:
                x = max(x, ends.get(event.g, 0.0) - 8)
            return x

        return widen

    def words_of(self, event: Event) -> list[str]:
        """Return the words that stand above an event."""
        if event.kind == "print":
            text = event.text.rstrip("\n").replace("\n", " ")
            return [f"prints {text}"] if text else []
        return done_words(event, self.names)

    def sheet(self) -> Sheet:
        axis, page = self.axis, self.page
        names = [self._name(lane) for lane in self.lanes]
        self.left = MARGIN + max((text_width(n, _NAME) for n in names), default=60.0) + 10
        self.left = max(self.left, MARGIN + 76.0)
        notes = [self._note(lane) for lane in self.lanes]
        right = max((text_width(note, _SMALL, bold=True) for note in notes), default=0.0)
        samples = len(self.recording.samples) > 1
        right = max(right + 10 if right else 0.0, 84.0 if samples else 0.0, 8.0)
        page.width = self.left + axis.width + right + MARGIN
        y = MARGIN
        for line in wrap(self.title, page.width - 2 * MARGIN, _TITLE, bold=True):
            y += _TITLE * 1.05
            page.add(Text(MARGIN, y, line, _TITLE, bold=True))
            y += _TITLE * 0.3
        head = y + 16
        rows = self._rows(head + 8)
        bottom = rows[-1].bottom if rows else head + 30
        fired = self._fired_for_nobody()
        clock = bottom
        bottom += 15 if fired else 0
        foot = bottom + (_MEMORY + 22 if samples else 0.0)
        self._ground(rows, head, foot)
        for row, name, note in zip(rows, names, notes, strict=True):
            self._lane(row, name, note)
        self._holds(rows)
        self._arrows(rows)
        self._hold_names(rows)
        self._clock(fired, clock)
        if self.roomy:
            self._words(rows)
        if samples:
            self._memory(bottom + 16, bottom + 16 + _MEMORY)
        self._cuts(head, foot)
        y = self._time(foot + 4)
        y = self._legend(y + 8)
        page.height = math.ceil(y + 8)
        page.width = math.ceil(page.width)
        return page

    def x(self, i: int) -> float:
        """Return the place of an event on the sheet."""
        return self.left + self.axis.places[i]

    def hidden(self, i: int) -> bool:
        """Say whether an event is left out."""
        return any(cut.first <= i < cut.after for cut in self.axis.cuts)

    def _name(self, lane: Lane) -> str:
        name = lane.label if lane.count > 1 else f"{lane.members[0].id}  {lane.label}"
        return cut(name, 190.0, _NAME)

    def _note(self, lane: Lane) -> str:
        """Return what stands behind a lane: why somebody in it does not end."""
        bad = [life for life in lane.members if life.verdict]
        if not bad:
            return ""
        last = bad[0].last
        assert last is not None
        words = _VERDICTS[bad[0].verdict]
        number = f"{len(bad)} " if 1 < len(bad) < lane.count else ""
        reason = last.event.text if last.event.kind == "park" else ""
        where = place_of(last.event)
        about = " at ".join(filter(None, [reason, where])) if lane.count == 1 or reason else ""
        return cut(
            f"{number}{words}: {about}" if about else f"{number}{words}", 290.0, _SMALL, bold=True
        )

    def _rows(self, top: float) -> list[Row]:
        rows = []
        self.holds = self._held() if self.roomy else []
        for i, lane in enumerate(self.lanes):
            band = lane.count > 1
            words = 11.0 if self.roomy and not band else 0.0
            bar = (min(56.0, 16.0 + 5.0 * math.log2(lane.count))) if band else 11.0
            held = max((h.row + 1 for h in self.holds if self.row_of[h.g] == i), default=0)
            row = Row(lane, top, words, bar, held)
            rows.append(row)
            top = row.bottom
        return rows

    # -- ground ----------------------------------------------------------------------------------

    def _ground(self, rows: Sequence[Row], head: float, foot: float) -> None:
        page, axis = self.page, self.axis
        right = self.left + axis.width
        returns = next((i for i, e in enumerate(self.events) if e.kind == "return"), None)
        self.returned = None if returns is None else self.x(returns)
        if self.returned is not None:
            words = "after main (as a server)"
            x = self.returned
            corners = (x, head - 12), (right, head - 12), (right, foot), (x, foot)
            page.add(Polygon(corners, "panel"))
            self._heading(x, head - 3, words, "main returns", right)
        elif self.ending:
            words = _ENDINGS.get(self.ending, self.ending)
            page.add(Text(right, head - 3, words, _SMALL, bold=True, color="alarm", anchor="end"))
        for moment in axis.moments if len(axis.moments) < 60 else ():
            x = self.left + moment.left
            page.add(Path(((x, head), (x, foot)), "grid", 0.6))
            if not axis.linear and moment.right > moment.left:
                x = self.left + moment.right
                page.add(Path(((x, head), (x, foot)), "grid", 0.6))
        for row in rows:
            y = (row.bar_top + row.bar_bottom) / 2
            page.add(Path(((self.left, y), (right, y)), "grid", 0.8))
        if self.returned is not None:
            x = self.returned
            page.add(Path(((x, head - 12), (x, foot + 4)), "ink", 1.4, key="return"))
        elif self.ending:
            page.add(Path(((right, head), (right, foot + 4)), "alarm", 1.4, key="end"))

    def _heading(self, x: float, y: float, after: str, at: str, right: float) -> None:
        """Write what the line of main's return is, on its left, and what follows it."""
        page = self.page
        width = text_width(at, _SMALL, bold=True)
        if x - width - 5 >= MARGIN:
            page.add(Text(x - 5, y, at, _SMALL, bold=True, anchor="end"))
        else:
            page.add(Text(x + 5, y, at, _SMALL, bold=True))
            x += width + 8
        room = page.width - MARGIN - x - 5
        for words in (after, "after main"):
            if text_width(words, _SMALL, italic=True) <= room:
                page.add(Text(x + 5, y, words, _SMALL, italic=True, color="muted"))
                break

    # -- lanes -----------------------------------------------------------------------------------

    def _lane(self, row: Row, name: str, note: str) -> None:
        page, lane = self.page, row.lane
        y = (row.bar_top + row.bar_bottom) / 2 + _NAME * 0.33
        first = lane.members[0]
        tip = _who(lane)
        page.add(Text(self.left - 8, y, name, _NAME, anchor="end", tip=tip, key=f"name {first.id}"))
        if lane.count > 1:
            self._band(row)
        elif sum(not self._covered(piece) for piece in first.pieces) > self.most_pieces:
            self._crowded(row)
        else:
            # What is too short to be seen stands on top of what is not.
            places = self.axis.places
            brief = [p for p in first.pieces if places[p.end] - places[p.start] < 0.9]
            long = [p for p in first.pieces if places[p.end] - places[p.start] >= 0.9]
            for piece in [*long, *brief]:
                self._piece(row, piece, first.id)
        if note:
            color = "alarm" if lane.verdict == "permanent" else "ink"
            x = self.left + self.axis.width + 10
            page.add(Text(x, y, note, _SMALL, bold=True, color=color, tip=tip))
            self._for_ever(row)

    def _for_ever(self, row: Row) -> None:
        """Let the bar of who stays go on beyond the end."""
        state = palette.STATES[row.lane.verdict]
        x, y1, y2 = self.left + self.axis.width, row.bar_top, row.bar_bottom
        high = min(y2 - y1, 11.0)
        self.page.add(Polygon(((x, y2 - high), (x + 6, y2 - high / 2), (x, y2)), state.color))

    def _outside_cuts(self, left: float, right: float) -> list[tuple[float, float]]:
        """Return the parts of a bar that are not left out."""
        parts = [(left, right)]
        for gap in self.axis.cuts:
            begin, end = self.left + gap.left, self.left + gap.right
            parts = [(a, min(b, begin)) for a, b in parts if a < begin] + [
                (max(a, end), b) for a, b in parts if b > end
            ]
        return parts

    def _covered(self, piece: Piece) -> bool:
        """Say whether a piece lies in a part that is left out."""
        return any(c.first <= piece.start and piece.end <= c.after for c in self.axis.cuts)

    def _crowded(self, row: Row) -> None:
        """Draw a goroutine that changes its state too often: what it mostly does, in steps.

        Every state that it was in is seen at least once.
        """
        axis, lane = self.axis, row.lane
        columns = max(60, min(int(axis.width / 2), 2 * _MOST_MARKS // len(self.lanes)))
        wide = axis.width / columns
        shown: dict[str, None] = {}
        state, start = ABSENT, 0.0
        for column, parts in enumerate([*shares(lane, axis, columns), {}]):
            x = column * wide
            now = max(parts, key=lambda s: parts[s]) if parts else ABSENT
            now = next((s for s in parts if s not in shown), now)
            if parts and axis.cut_through(x, x + wide):
                now = ABSENT
            if now != state:
                if state != ABSENT:
                    self.seen[state] = None
                    place = self.left + start, row.bar_top, x - start + 0.3
                    self._bar(*place, row.bar, state, _who(lane), lane.members[0].id)
                state, start = now, x
            shown[now] = None

    def _piece(self, row: Row, piece: Piece, g: int) -> None:
        x1, x2 = self.x(piece.start), self.x(piece.end)
        parts = self._outside_cuts(x1, max(x2, x1 + 0.9))
        for a, b in parts:
            self.seen[piece.state] = None
            self._bar(a, row.bar_top, b - a, row.bar, piece.state, self._tip(piece), g)

    def _bar(
        self, x: float, y: float, width: float, height: float, state: str, tip: str = "", g: int = 0
    ) -> None:
        look = palette.STATES[state]
        self.page.add(
            Rect(
                x,
                y,
                width,
                height,
                fill=look.color,
                hatch=look.hatch if width > 1.5 and height > 2 else "",
                hatch_color=_HATCHED_IN.get(state, "paper"),
                tip=tip,
                key=f"g{g}" if g else "",
            )
        )

    def _tip(self, piece: Piece) -> str:
        event = piece.event
        words = palette.STATES[piece.state].words
        if event.kind == "park":
            about = f"{waiting_words(event, self.names)[0]} [{event.text}]"
            words = f"{about}, {words}" if piece.state in _VERDICTS else about
        end = piece.end
        until = self.events[end].at if end < len(self.events) else None
        time = duration(event.at)
        if until is None:
            time += " to the end"
        elif until != event.at:
            time += f" to {duration(until)}"
        return " · ".join(filter(None, [words, place_of(event), time]))

    def _band(self, row: Row) -> None:
        """Draw which part of a band is in which state, stacked; who runs is at the bottom."""
        axis, lane = self.axis, row.lane
        columns = max(40, min(150, 2 * _MOST_MARKS // len(self.lanes)))
        wide = axis.width / columns
        g, tip = lane.members[0].id, _who(lane)
        open_: dict[str, tuple[float, float, float]] = {}
        for column, parts in enumerate([*shares(lane, axis, columns), {}]):
            x = self.left + column * wide
            heights = _heights(parts, row.bar)
            stacked: dict[str, tuple[float, float]] = {}
            y = row.bar_bottom
            for state in _STACK:
                if heights.get(state):
                    y -= heights[state]
                    stacked[state] = y, heights[state]
                    self.seen[state] = None
            for state, (start, top, height) in list(open_.items()):
                now = stacked.get(state)
                if now is None or abs(now[0] - top) > 0.4 or abs(now[1] - height) > 0.4:
                    # A hair wider, so that no seam shows where two stripes meet.
                    self._bar(start, top, x - start + 0.3, height, state, tip, g)
                    del open_[state]
            for state, (top, height) in stacked.items():
                open_.setdefault(state, (x, top, height))

    # -- locks -----------------------------------------------------------------------------------

    def _held(self) -> list[Hold]:
        """Return who held which lock from where to where (without the left margin)."""
        places = self.axis.places
        holds: list[Hold] = []
        now: dict[int, dict[int, Hold]] = {}
        for i, event in enumerate(self.events):
            if event.kind != "lock":
                continue
            current = now.setdefault(event.thing, {})
            pending = "pending writer" in event.text
            was_pending = any(hold.pending for hold in current.values())
            for g, hold in list(current.items()):
                if g not in event.others or (hold.pending and not pending):
                    current.pop(g).right = places[i]
            for g in event.others:
                if g not in current and g in self.row_of:
                    hold = Hold(g, self.names[event.thing], places[i], places[-1])
                    hold.pending = pending and not was_pending
                    hold.name += ": is next" if hold.pending else ""
                    current[g] = hold
                    holds.append(hold)
        taken: dict[tuple[int, int], float] = {}
        kept = []
        for hold in holds:
            if self.lanes[self.row_of[hold.g]].count > 1:
                continue
            rows = (row for row in range(3) if taken.get((hold.g, row), -1.0) <= hold.left)
            hold.row = next(rows, 3)
            if hold.row < 3:
                taken[hold.g, hold.row] = hold.right
                kept.append(hold)
        return kept

    def _holds(self, rows: Sequence[Row]) -> None:
        for hold in self.holds:
            if not self._outside_cuts(self.left + hold.left, self.left + hold.right):
                continue
            self.lines_seen["next" if hold.pending else "held"] = None
            row = rows[self.row_of[hold.g]]
            y = row.bar_bottom + 1.5 + hold.row * _HOLD
            width = max(hold.right - hold.left, 1.5)
            tip = hold.name if hold.pending else f"holds {hold.name}"
            x = self.left + hold.left
            look: dict[str, Any] = {"tip": tip, "key": f"g{hold.g}"}
            fill, dash = ("", (3.0, 2.0)) if hold.pending else ("purple-faint", ())
            for a, b in self._outside_cuts(x, x + width):
                place = a, y, b - a, _HOLD - 2
                self.page.add(Rect(*place, fill=fill, stroke="held", dash=dash, **look))

    def _hold_names(self, rows: Sequence[Row]) -> None:
        """Write into what is held what it is, where no mark of the clock stands."""
        size = 6.5
        marks: dict[int, list[float]] = {}
        for x, row in self.clocks:
            marks.setdefault(row, []).append(x)
        for x, tail, head in self.drawn:
            for row in range(min(tail, head), max(tail, head)):
                marks.setdefault(row, []).append(x)
        for hold in self.holds:
            number = self.row_of[hold.g]
            y = rows[number].bar_bottom + 1.5 + hold.row * _HOLD
            width = text_width(hold.name, size)
            left, right = self.left + hold.left, self.left + hold.right
            x = left + 4
            for mark in sorted(marks.get(number, ())):
                if x - 4 < mark < x + width + 4:
                    x = mark + 5
            if x + width + 2 <= right and self._outside_cuts(x, x + width) == [(x, x + width)]:
                self.page.add(Text(x, y + 6, hold.name, size, key=f"g{hold.g}"))

    # -- arrows ----------------------------------------------------------------------------------

    def _arrows(self, rows: Sequence[Row]) -> None:
        """Draw who started and who woke whom; those that are too near each other are one."""
        found: dict[tuple[int, int, str], list[tuple[float, int, str]]] = {}
        previous: Event | None = None
        for i, event in enumerate(self.events):
            before, previous = previous, event
            if event.kind not in ("go", "ready") or self.hidden(i):
                continue
            if event.kind == "ready" and before is not None and before.kind == "go":
                continue  # it is there: that is the same thing to look at
            tail, head = self.row_of.get(event.g, -1), self.row_of.get(event.other, -1)
            if head < 0 or tail == head or (tail < 0 and event.other == 1 and event.kind == "go"):
                continue
            kind = "starts" if event.kind == "go" else "wakes" if tail >= 0 else "timer"
            bands = self.lanes[head].count > 1 or (tail >= 0 and self.lanes[tail].count > 1)
            arrows = found.setdefault((tail, head, kind), [])
            x = self.x(i)
            if arrows and x - arrows[-1][0] < (12.0 if bands or self.axis.linear else 5.0):
                last = arrows.pop()
                arrows.append((last[0], last[1] + 1, last[2]))
            else:
                arrows.append((x, 1, self._arrow_tip(i, event)))
        number = sum(map(len, found.values()))
        for (tail, head, kind), arrows in found.items():
            if number > _MOST_ARROWS:
                arrows = arrows[:: math.ceil(number / _MOST_ARROWS)]
            self.lines_seen[kind] = None
            for x, count, tip in arrows:
                more = f" (and {count - 1} more)" if count > 1 else ""
                if tail >= 0:
                    self.drawn.append((x, tail, head))
                else:
                    self.clocks.append((x, head))
                self._arrow(x, None if tail < 0 else rows[tail], rows[head], kind, tip + more)

    def _arrow_tip(self, i: int, event: Event) -> str:
        verb = "starts" if event.kind == "go" else "wakes"
        who = f"goroutine {event.g}" if event.g else "the clock"
        tip = f"{who} {verb} goroutine {event.other}"
        after = self.events[i + 1] if i + 1 < len(self.events) else None
        if after is not None and after.other == event.other and after.kind in ("send", "recv"):
            tip += f": {done_words(after, self.names)[0]}"
        return " · ".join(filter(None, [tip, place_of(event), duration(event.at)]))

    def _arrow(self, x: float, tail: Row | None, head: Row, kind: str, tip: str) -> None:
        page = self.page
        if tail is None:
            y = head.bar_bottom
            corners = (x - 3.2, y + 4.6), (x + 3.2, y + 4.6), (x, y - 0.8)
            page.add(Polygon(corners, "ink", tip=tip))
            return
        down = head.top > tail.top
        y1 = tail.bar_bottom if down else tail.bar_top
        y2 = head.bar_top if down else head.bar_bottom
        points: tuple[Point, ...] = (x, y1), (x, y2)
        if kind == "starts":
            page.add(Path(points, "faint", 0.9, dash=(2.0, 1.6), arrow=True, tip=tip))
        else:
            page.add(Path(points, "paper", 2.2))
            page.add(Path(points, "ink", 1.0, arrow=True, tip=tip))

    def _fired_for_nobody(self) -> list[tuple[float, int, int]]:
        """Return where timers fired that woke nobody: the place, the time, how many."""
        found: list[tuple[float, int, int]] = []
        for i, event in enumerate(self.events):
            if event.kind != "timer" or event.other or self.hidden(i):
                continue
            k = i + 1
            while k < len(self.events) and not self.events[k].g and self.events[k].kind == "send":
                k += 1
            after = self.events[k] if k < len(self.events) else None
            if after is not None and not after.g and after.kind in ("ready", "go"):
                continue
            x = self.x(i)
            if found and x - found[-1][0] < 3:
                found[-1] = found[-1][0], event.at, found[-1][2] + 1
            else:
                found.append((x, event.at, 1))
        return found

    def _clock(self, fired: Sequence[tuple[float, int, int]], top: float) -> None:
        """Draw timers that fired for nobody, below all lanes."""
        if not fired:
            return
        page = self.page
        y = top + 10
        page.add(Text(self.left - 8, y, "timers", _NAME, italic=True, color="muted", anchor="end"))
        free = 0.0
        for x, at, count in fired:
            noun = "timer fires" if count == 1 else "timers fire"
            tip = f"{count} {noun} and wake{'s' * (count == 1)} nobody · {moment_words(at)}"
            page.add(Polygon(((x - 3.2, y), (x + 3.2, y), (x, y - 5.4)), "muted", tip=tip))
            words = f"× {count}"
            width = text_width(words, _TINY)
            following = next((f[0] for f in fired if f[0] > x), self.left + self.axis.width)
            if count > 1 and x + 6 >= free and x + 6 + width < following - 4:
                page.add(Text(x + 6, y, words, _TINY, color="muted", tip=tip))
                free = x + width + 12
        self.lines_seen["fired"] = None

    # -- words -----------------------------------------------------------------------------------

    def _words(self, rows: Sequence[Row]) -> None:
        """Write above the bars what is done there, the important first, where there is room."""
        wishes: dict[int, list[Wish]] = {}
        end = self.left + self.axis.width
        for i, event in enumerate(self.events):
            if event.kind not in _PRIORITY or self.axis.unit < _WORDLESS or self.hidden(i):
                continue
            row = self.row_of.get(event.g, -1)
            words = self.words_of(event) if row >= 0 and rows[row].lane.count == 1 else []
            if words:
                wish = Wish(_PRIORITY[event.kind], self.x(i), end, words, event.kind == "print")
                wishes.setdefault(row, []).append(wish)
        for row, lane in enumerate(self.lanes):
            pieces = lane.members[0].pieces
            if lane.count > 1 or len(pieces) > 2 * self.axis.width:
                continue
            for piece in pieces:
                event = piece.event
                if event.kind != "park" or self.hidden(piece.start):
                    continue
                left, right = self.x(piece.start), self.x(piece.end)
                stuck = piece.state in _VERDICTS
                words = waiting_words(event, self.names)
                wishes.setdefault(row, []).append(Wish(0 if stuck else 2, left, right, words))
        crossings: dict[int, list[Crossing]] = {}
        for x, tail, head in self.drawn:
            for row in range(min(tail, head), max(tail, head) + 1):
                how = "through"
                if row == tail:
                    how = "tail" if head < tail else ""
                elif row == head:
                    how = "head" if tail < head else ""
                if how:
                    crossings.setdefault(row, []).append((x, how))
        for number, asked in wishes.items():
            self._write(rows[number], asked, crossings.get(number, ()))

    def _write(self, row: Row, asked: list[Wish], arrows: Sequence[Crossing]) -> None:
        taken = [(self.left + c.left, self.left + c.right) for c in self.axis.cuts]
        taken += [(x - 3.5, x + 2.5) for x, how in arrows if how == "head"]
        passing = [(x - 0.5, x + 0.5) for x, how in arrows if how == "through"]
        tails = {x for x, how in arrows if how == "tail"}
        y = row.bar_top - 2.6
        end = self.left + self.axis.width
        starts = sorted(wish.left for wish in asked)
        # What is important finds its place first; of equals, what comes first.
        for wish in sorted(asked, key=lambda w: (w.priority, w.left)):
            left = wish.left + (3.0 if wish.left in tails else 0.0)
            right = min(wish.right, end)
            if wish.priority > 1:  # it gives way to whatever comes next
                k = bisect_right(starts, wish.left + 0.1)
                right = min(end, starts[k] - 3 if k < len(starts) else end)
                if self.returned is not None and left < self.returned:
                    right = min(right, self.returned - 2)
            obstacles = taken + passing if wish.priority > 1 else taken
            room = min((a for a, _ in obstacles if a > left), default=right + 3) - 3 - left
            longest = right - left if wish.priority == 0 else _LONGEST
            if wish.priority != 1:
                room = min(room, right - left)
            if any(a < left + 1 and left < b for a, b in obstacles):
                continue
            for words in wish.words:
                words = cut(words, longest, _TINY, italic=wish.italic)
                width = text_width(words, _TINY, italic=wish.italic)
                if width > room and words is wish.words[-1] and room >= 42 and width > 50:
                    words = cut(words, room, _TINY, italic=wish.italic)
                    width = text_width(words, _TINY, italic=wish.italic)
                if width <= room and left + width <= end + 2:
                    taken.append((left - 1, left + width + 4))
                    self._label(left, y, words, width, wish.italic)
                    break

    def _label(self, x: float, y: float, words: str, width: float, italic: bool) -> None:
        ground = "paper"
        if self.returned is not None and x >= self.returned - 1:
            ground = "panel"
        self.page.add(Rect(x, y - 6.6, width + 1, 8.4, fill=ground))
        color = "muted" if italic else "ink"
        self.page.add(Text(x, y, words, _TINY, italic=italic, color=color))

    # -- what is left out ------------------------------------------------------------------------

    def _cuts(self, head: float, foot: float) -> None:
        """Draw a torn strip where a part of the run is left out."""
        for gap in self.axis.cuts:
            left, right = self.left + gap.left, self.left + gap.right
            steps = max(2, int((foot - head) / 9))
            high = (foot + 2 - head) / steps
            sides: list[list[Point]] = [[], []]
            for side, x in enumerate((left, right)):
                for k in range(steps + 1):
                    sides[side].append((x + (3.0 if k % 2 else -3.0), head + k * high))
            page = self.page
            page.add(Polygon((*sides[0], *reversed(sides[1])), "paper"))
            page.add(Path(tuple(sides[0]), "faint", 0.9), Path(tuple(sides[1]), "faint", 0.9))
            number = gap.after - gap.first
            time = self.events[gap.after].at - self.events[gap.first].at
            middle, y = (left + right) / 2, (head + foot) / 2
            page.add(
                Text(middle, y - 3, f"{number}", _SMALL, bold=True, anchor="middle"),
                Text(middle, y + 7, "events", _TINY, color="muted", anchor="middle"),
            )
            if time and foot - head > 40:
                page.add(
                    Text(middle, y + 17, duration(time), _TINY, color="muted", anchor="middle")
                )

    # -- time and memory -------------------------------------------------------------------------

    def _time(self, y: float) -> float:
        """Draw the axis below everything; return where it ends."""
        page, axis = self.page, self.axis
        right = self.left + axis.width
        if axis.linear:
            page.add(Path(((self.left, y), (right - TAIL, y)), "line", 1.0))
        else:
            page.add(Path(((self.left, y), (right - TAIL, y)), "faint", 0.8, dash=(1.5, 2.5)))
        ticks: list[tuple[float, str]] = []
        if axis.linear:
            last = _last_time(self.recording)
            unit, marks = time_ticks(last)
            ticks = [
                (self.left + (at / last if last else 0.0) * (axis.width - TAIL), f"{words} {unit}")
                for at, words in marks
            ]
            for x, _ in ticks:
                page.add(Path(((x, y), (x, y + 4)), "line", 1.0))
        drawn = 0.0  # as far as lines are there already: thousands may lie within a point
        for moment in axis.moments if not axis.linear else ():
            a, b = self.left + moment.left, self.left + moment.right
            if b > drawn - 0.5 or moment is axis.moments[-1]:
                drawn = max(b, a + 1)
                page.add(Path(((a, y), (drawn, y)), "line", 2.2))
            ticks.append(((a + b) / 2, moment_words(moment.at)))
        # The last moment is named first, then as many as find room.
        taken: list[tuple[float, float]] = []
        order = [*ticks[:1], *ticks[-1:], *ticks[1:-1]] if len(ticks) > 1 else ticks
        for x, words in order:
            width = text_width(words, _SMALL)
            if not any(a < x + width / 2 + 9 and x - width / 2 - 9 < b for a, b in taken):
                taken.append((x - width / 2, x + width / 2))
                page.add(Text(x, y + 13, words, _SMALL, anchor="middle"))
        words = "virtual time"
        if not axis.linear:
            words += (
                ": on a thick line the clock stands still and events follow one another; "
                "dotted gaps are shortened"
            )
        y += 13
        for line in wrap(words, page.width - self.left - MARGIN, _SMALL, italic=True):
            y += 12
            page.add(Text(self.left, y, line, _SMALL, italic=True, color="muted"))
        return y + 4

    def _memory(self, top: float, bottom: float) -> None:
        """Draw the curves of memory on the same axis."""
        page, axis, samples = self.page, self.axis, self.recording.samples
        highest = max(max(s.rss, s.heap_inuse, s.heap_live) for s in samples)
        high = bottom - top

        def y_of(value: float) -> float:
            return bottom - high * value / (highest * 1.05)

        right = self.left + axis.width
        base = bottom
        for value, words in byte_ticks(highest, 3):
            page.add(Path(((self.left, y_of(value)), (right, y_of(value))), "grid", 0.6))
            page.add(
                Text(self.left - 8, y_of(value) + 3, words, _TINY, color="muted", anchor="end")
            )
        xs = self._sampled_at()
        end = self.left + axis.width - TAIL
        labels = []
        for name, field, color, dash, wide in _CURVES:
            values = [getattr(s, field) for s in samples]
            points = _thinned([(x, y_of(v)) for x, v in zip(xs, values, strict=True)])
            if points[-1][0] < end:
                points.append((end, points[-1][1]))
            if field == "heap_live":
                page.add(
                    Polygon(((points[0][0], base), *points, (points[-1][0], base)), "green-faint")
                )
            labels.append((points[-1][1], points[-1][0], name, color))
            page.add(Path(tuple(points), color, wide, dash, tip=name, key=f"memory {field}"))
        page.add(Path(((self.left, bottom), (right, bottom)), "faint", 0.8))
        low = bottom + 2
        for y, x, name, color in sorted(labels, reverse=True):
            at = min(y + 2.6, low)
            page.add(Path(((x + 1, y), (x + 8, at - 2.6)), color, 0.8))
            page.add(Text(x + 10, at, name, _TINY, bold=True, color="ink"))
            low = at - 10

    def _sampled_at(self) -> list[float]:
        """Return where samples of memory stand: at a collection, or when the clock moves on."""
        axis, samples = self.axis, self.recording.samples
        moments = {moment.at: moment for moment in axis.moments}
        collections = [i for i, event in enumerate(self.events) if event.kind == "gc"]

        def collection(number: int, at: int) -> float | None:
            i = collections[number - 1] if 0 < number <= len(collections) else -1
            return axis.places[i] if i >= 0 and self.events[i].at == at else None

        xs: list[float] = []
        x, at = 0.0, -1
        for k, sample in enumerate(samples):
            new = sample.at != at
            at = sample.at
            moment = moments.get(at)
            place = None
            if not new and sample.num_gc > samples[k - 1].num_gc:
                place = collection(sample.num_gc, at)
            elif k + 1 < len(samples) and samples[k + 1].at == at:
                place = collection(sample.num_gc + 1, at)
            elif moment is not None:
                place = moment.right
            x = max(x, axis.at(at) if place is None else place)
            xs.append(self.left + x)
        return xs

    # -- legend ----------------------------------------------------------------------------------

    def _legend(self, y: float) -> float:
        """Explain what occurs; return where that ends."""
        page = self.page
        entries = [(state, palette.STATES[state].words) for state in _LEGEND if state in self.seen]
        lines = [(kind, words) for kind, words in _LINES.items() if kind in self.lines_seen]
        x = MARGIN
        for what, words in [*entries, *lines]:
            needed = 26 + text_width(words, _SMALL) + 18
            if x > MARGIN and x + needed - 18 > page.width - MARGIN:
                x = MARGIN
                y += 15
            if what in palette.STATES:
                self._bar(x, y, 20, 9, what)
            elif what in ("timer", "fired"):
                corners = (x + 6.5, y + 8), (x + 13.5, y + 8), (x + 10, y + 1.5)
                page.add(Polygon(corners, "ink" if what == "timer" else "muted"))
            elif what == "held":
                page.add(Rect(x, y + 1, 20, 7, fill="purple-faint", stroke="held"))
            elif what == "next":
                page.add(Rect(x, y + 1, 20, 7, stroke="held", dash=(3.0, 2.0)))
            elif what == "starts":
                points: tuple[Point, ...] = (x, y + 4.5), (x + 20, y + 4.5)
                page.add(Path(points, "faint", 0.9, dash=(2.0, 1.6), arrow=True))
            else:
                page.add(Path(((x, y + 4.5), (x + 20, y + 4.5)), "ink", 1.0, arrow=True))
            page.add(Text(x + 26, y + 7.6, words, _SMALL))
            x += needed
        return y + 15


_VERDICTS: Final = {
    "permanent": "stuck for good",
    "unproven": "blocked, unproven",
    "endless": "goes on for ever",
}
_ENDINGS: Final = {
    "deadlock": "all goroutines are asleep: deadlock",
    "panic": "panic: the process ends",
    "fatal": "fatal error: the process ends",
    "exit": "os.Exit: the process ends",
    "limit": "stopped here: the budget is used up",
    "cut": "no more was written down",
}
# White lines would not be seen on these.
_HATCHED_IN: Final = {"receive": "send", "endless": "select"}
_STACK: Final = (
    "running",
    "permanent",
    "unproven",
    "endless",
    "send",
    "receive",
    "select",
    "lock",
    "wait",
    "sleep",
    "runnable",
)
_LEGEND: Final = tuple(palette.STATES)
_LINES: Final = {
    "wakes": "wakes",
    "starts": "starts (go)",
    "timer": "woken by the clock",
    "fired": "timer fires and wakes nobody",
    "held": "holds a lock",
    "next": "is next to get it",
}
_PRIORITY: Final = {"send": 1, "recv": 1, "close": 1, "lock": 3, "print": 4}
_CURVES: Final[tuple[tuple[str, str, str, tuple[float, ...], float], ...]] = (
    ("live heap", "heap_live", "green", (), 1.2),
    ("heap in use", "heap_inuse", "blue", (6.0, 2.0), 1.3),
    ("RSS", "rss", "vermillion", (), 1.8),
)


def _stretch(axis: Axis, width: float) -> None:
    """Make an axis wider; the tail behind its end stays as long as it is."""
    factor = (width - TAIL) / max(axis.width - TAIL, 1.0)
    last = axis.places[-1]
    axis.places = [x * factor for x in axis.places[:-1]] + [last]
    axis.moments = [m._replace(left=m.left * factor, right=m.right * factor) for m in axis.moments]
    axis.unit *= factor
    axis.width = axis.places[-1] = width


def _heights(parts: Mapping[str, float], height: float) -> dict[str, float]:
    """Return how high each state stands in a column; what is there can be seen."""
    if not parts:
        return {}
    total = min(1.0, sum(parts.values())) * height
    heights = {state: max(share * height, 1.8) for state, share in parts.items()}
    over = sum(heights.values()) - max(total, 1.8)
    largest = max(heights, key=lambda state: heights[state])
    heights[largest] = max(1.8, heights[largest] - max(0.0, over))
    return {state: round(h, 1) for state, h in heights.items()}


def _thinned(points: list[Point]) -> list[Point]:
    """Return at most about 300 points of a curve, its peaks among them."""
    if len(points) <= 300:
        return points
    bucket = math.ceil(len(points) / 100)
    kept: list[Point] = []
    for i in range(0, len(points), bucket):
        part = points[i : i + bucket]
        peaks = {0, part.index(min(part, key=lambda p: p[1])), len(part) - 1}
        kept += [part[k] for k in sorted(peaks)]
    return kept


def _who(lane: Lane) -> str:
    """Name the goroutines of a lane."""
    ids = [life.id for life in lane.members]
    name = lane.members[0].member.function
    if len(ids) == 1:
        member = lane.members[0].member
        made = f", started at {os.path.basename(member.file)}:{member.line}" if member.line else ""
        return f"goroutine {ids[0]} {name}{made}"
    return f"{name}: {len(ids)} goroutines, {ids[0]} to {ids[-1]}"


# -- text ------------------------------------------------------------------------------------------

_LETTERS: Final = {
    "running": "R",
    "runnable": "r",
    "send": "s",
    "receive": "c",
    "select": "x",
    "lock": "l",
    "wait": "w",
    "sleep": "z",
    "permanent": "#",
    "unproven": "?",
    "endless": "~",
}


def _text(timeline: Timeline, width: int) -> str:
    """Return lanes of letters, one for the state in each column, under the virtual times."""
    layout = _Layout(timeline)
    axis, recording = layout.axis, timeline.recording
    names = [cut_text(layout._name(lane), 30) for lane in timeline.lanes]
    margin = max(map(len, names), default=0) + 2
    columns = max(20, width - margin)
    lines = [timeline.title] if timeline.title else []
    lines.append((" " * margin + _times(axis, columns)).rstrip())
    seen: dict[str, None] = {}
    for lane, name in zip(timeline.lanes, names, strict=True):
        letters = []
        for column, parts in enumerate(shares(lane, axis, columns)):
            state = _shown_state(parts, lane.count)
            seen[state] = None
            gone = axis.cut_through(*(axis.width * (column + k) / columns for k in (0, 1)))
            letters.append(":" if gone else _LETTERS.get(state, " "))
        lines.append(f"{name:>{margin - 2}}  {''.join(letters)}".rstrip())
    i = next((i for i, event in enumerate(recording.events) if event.kind == "return"), None)
    if i is not None:
        column = min(int(axis.places[i] / axis.width * columns), columns - 1)
        words = "^ main returns"
        if column + len(words) > columns:
            column, words = max(0, column - len(words) + 1), "main returns ^"
        lines.append(" " * (margin + column) + words)
    elif timeline.ending:
        lines.append(" " * margin + _ENDINGS.get(timeline.ending, timeline.ending))
    lines.append("")
    legend = [f"{_LETTERS[s]} {palette.STATES[s].words}" for s in _LEGEND if s in seen]
    if axis.cuts:
        legend.append(": left out")
    line = ""
    for word in legend:
        if line and len(line) + 3 + len(word) > width:
            lines.append(line)
            line = ""
        line = f"{line} · {word}" if line else word
    lines.append(line)
    for lane in timeline.lanes:
        note = layout._note(lane)
        if note:
            lines.append(f"{layout._name(lane)}: {note}")
    return "\n".join(lines)


def cut_text(text: str, longest: int) -> str:
    """Return a name of at most so many characters; its end tells most."""
    return (
        text if len(text) <= longest else f"{text[: longest // 3]}…{text[-longest * 2 // 3 + 1 :]}"
    )


def _shown_state(parts: Mapping[str, float], count: int) -> str:
    """Return the state that stands for a column: who runs is seen in a lane of one."""
    if not parts:
        return ABSENT
    if count == 1 and parts.get("running", 0.0) > 0.2:
        return "running"
    return max(parts, key=lambda state: parts[state])


def _times(axis: Axis, columns: int) -> str:
    """Return the line of virtual times, each where its moment begins."""
    line = [" "] * (columns + 12)
    free = 0
    for moment in axis.moments:
        column = round(moment.left / axis.width * columns)
        words = moment_words(moment.at)
        if column >= free and column + len(words) <= columns + 8:
            line[column : column + len(words)] = words
            free = column + len(words) + 1
    return "".join(line)
