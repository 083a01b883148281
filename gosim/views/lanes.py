"""Who was in which state when, and where that stands on an axis: what timelines are drawn from.

`lives` turns a recording into pieces, one for each state of each goroutine; `folded` puts equal
goroutines into one lane where there are many; `axis_of_events` and `axis_of_time` give every event
its place.  Nothing here draws.
"""

from __future__ import annotations

import itertools
import math
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from gosim.leaks.explain import duration

if TYPE_CHECKING:
    from gosim.leaks.recording import Event, Member, Recording

MOST_LANES: Final = 50
"""With more goroutines than this, equal ones share a lane."""

ABSENT: Final = "absent"


class Piece(NamedTuple):
    """A goroutine in one state from one event to another.

    Attributes
    ----------
    state : str
        A key of ``palette.STATES``.
    start, end : int
        Numbers of events; the number after the last event is the end of the run.
    event : Event
        What began it.
    """

    state: str
    start: int
    end: int
    event: Event


@dataclass(slots=True)
class Life:
    """One goroutine from its go statement to its end.

    `verdict` is that of its leak, ``""`` for none; `gone` says how it ended.
    """

    member: Member
    pieces: list[Piece] = field(default_factory=list)
    verdict: str = ""
    gone: str = ""

    @property
    def id(self) -> int:
        """Its goroutine ID."""
        return self.member.id

    @property
    def last(self) -> Piece | None:
        """What it does at the end of the run, if it is still there."""
        return self.pieces[-1] if self.pieces and not self.gone else None


@dataclass(slots=True)
class Lane:
    """A row of a timeline: one goroutine, or a band of equal ones."""

    members: list[Life]
    label: str

    @property
    def count(self) -> int:
        """How many goroutines."""
        return len(self.members)

    @property
    def verdict(self) -> str:
        """The verdict that all or some of its goroutines have."""
        return next((life.verdict for life in self.members if life.verdict), "")


def state_of(reason: str) -> str:
    """Return the state that goes with one of Go's wait reasons.

    Examples
    --------
    >>> state_of("chan send (nil chan)"), state_of("sync.RWMutex.RLock"), state_of("semacquire")
    ('send', 'lock', 'wait')
    """
    for beginning, state in _STATES:
        if reason.startswith(beginning):
            return state
    return "lock" if reason.endswith(("Lock", "mutex")) else "wait"


_STATES: Final = (
    ("chan send", "send"),
    ("chan receive", "receive"),
    ("select", "select"),
    ("sleep", "sleep"),
    ("sync.Mutex", "lock"),
    ("sync.RWMutex", "lock"),
)


def lives(recording: Recording, verdicts: Mapping[int, str]) -> list[Life]:
    """Return the goroutines of a recording with their states, in the order of their IDs.

    A goroutine with one of the verdicts ``permanent``, ``unproven`` and ``endless`` is in that
    state from its last wait on.
    """
    found = {id_: Life(member) for id_, member in recording.goroutines.items()}
    now: dict[int, tuple[str, int, Event]] = {}

    def turn(g: int, state: str, at: int, event: Event) -> None:
        before = now.get(g)
        if before is not None and before[1] < at:
            found[g].pieces.append(Piece(before[0], before[1], at, before[2]))
        now[g] = state, at, event

    for i, event in enumerate(recording.events):
        kind = event.kind
        if kind == "run":
            turn(event.g, "running", i, event)
        elif kind == "ready" or kind == "go":
            if event.other not in now or now[event.other][0] != "runnable":
                turn(event.other, "runnable", i, event)
        elif kind == "park":
            turn(event.g, state_of(event.text), i, event)
        elif kind == "yield":
            turn(event.g, "runnable", i, event)
        elif kind == "end":
            turn(event.g, ABSENT, i, event)
            found[event.g].gone = event.text
    end = len(recording.events)
    for g, (state, at, event) in now.items():
        if state != ABSENT:
            verdict = verdicts.get(g, "")
            if verdict in ("permanent", "unproven", "endless"):
                found[g].verdict = state = verdict
            found[g].pieces.append(Piece(state, at, end, event))
    return [found[id_] for id_ in sorted(found) if found[id_].pieces]


# -- lanes -----------------------------------------------------------------------------------------


def folded(all_of: Sequence[Life], most: int = MOST_LANES) -> list[Lane]:
    """Return a lane for each goroutine, or for equal ones where there are more than `most`.

    Goroutines are equal when they stood at the same places in the same states, one after another.
    Where that leaves too many lanes, only where they stand at last counts, and then only their
    function.  Main has a lane of its own.
    """
    if len(all_of) <= most:
        return [Lane([life], life.member.function) for life in all_of]
    groups: list[list[Life]] = []
    for likeness in (_history, _last, _function):
        alike: dict[object, list[Life]] = {}
        for life in all_of:
            alike.setdefault("main" if life.id == 1 else likeness(life), []).append(life)
        groups = list(alike.values())
        if len(groups) <= most:
            break
    lanes = [Lane(group, _called(group)) for group in groups]
    if len(lanes) > most:
        lanes.sort(key=lambda lane: (lane.members[0].id != 1, -lane.count, lane.members[0].id))
        rest = [life for lane in lanes[most - 1 :] for life in lane.members]
        lanes = lanes[: most - 1]
        lanes.sort(key=lambda lane: lane.members[0].id)
        lanes.append(Lane(rest, f"{len(rest)} others"))
    return lanes


def _called(group: Sequence[Life]) -> str:
    name = group[0].member.function
    return name if len(group) == 1 else f"{len(group)} × {name}"


def _history(life: Life) -> object:
    stations = [
        (piece.state, piece.event.file, piece.event.line)
        for piece in life.pieces
        if piece.state not in ("running", "runnable")
    ]
    return life.member.function, life.verdict, life.gone, tuple(stations)


def _last(life: Life) -> object:
    piece = life.last
    at = (piece.state, piece.event.file, piece.event.line) if piece is not None else ()
    return life.member.function, life.gone, at


def _function(life: Life) -> object:
    return life.member.function


# -- the axis --------------------------------------------------------------------------------------


class Moment(NamedTuple):
    """A stretch of the axis in which the virtual clock stands still, at `at` ns."""

    at: int
    left: float
    right: float


class Cut(NamedTuple):
    """A part of the run that is left out: which events, and where the gap stands."""

    first: int
    after: int
    left: float
    right: float


@dataclass(slots=True)
class Axis:
    """Where events stand.

    Attributes
    ----------
    places : list of float
        Of each event; one more for the end of the run.
    moments : list of Moment
        In order; two of them may have the same time where a part is left out between them.
    cuts : list of Cut
    width : float
    linear : bool
        Whether equal lengths are equal times.
    unit : float
        The room of one event; small ones leave no room for words.
    """

    places: list[float]
    moments: list[Moment]
    cuts: list[Cut]
    width: float
    linear: bool = False
    unit: float = 0.0

    def at(self, ns: int) -> float:
        """Return the place of a moment of virtual time: where it begins, or between two."""
        before = None
        for moment in self.moments:
            if moment.at >= ns:
                if moment.at == ns or before is None:
                    return moment.left
                part = (ns - before.at) / (moment.at - before.at)
                return before.right + part * (moment.left - before.right)
            before = moment
        return self.width if before is None else before.right

    def cut_through(self, left: float, right: float) -> bool:
        """Say whether a part that is left out lies between two places."""
        return any(cut.left < right and left < cut.right for cut in self.cuts)


def weight(event: Event, before: Event | None) -> float:
    """Return how much room an event needs in front of it, in units."""
    kind = event.kind
    if before is None:
        return 0.5
    if not event.g and not event.other and not before.g and kind != "return":
        return 0.0  # the clock's doings, at one stroke
    if kind == "ready":
        # Right after its go statement or its deadline it is one and the same thing to look at.
        return 0.0 if before.kind in ("go", "timer") and before.other == event.other else 1.0
    if kind in ("send", "recv"):
        return 0.0 if before.kind == "ready" and before.other == event.other else 1.0
    return _WEIGHTS.get(kind, 1.0)


_WEIGHTS: Final = {"run": 0.6, "timer": 0.3, "lock": 0.7, "print": 0.5, "gc": 0.5, "return": 0.3}

_BREAK: Final = 64.0
TAIL: Final = 66.0

Widen: TypeAlias = "Callable[[Event, float], float]"
"""Given an event and its place, returns the place it gets."""


def axis_of_events(
    recording: Recording, widest: float, keep: Sequence[int], unit: float, widen: Widen | None
) -> Axis:
    """Return an axis on which events stand one after another, in steps.

    Parameters
    ----------
    widest : float
        How long it may become, in points.
    keep : sequence of int
        Events round which nothing is left out when the run is too long to be shown.
    unit : float
        The room of one event; it is made smaller when that is too much.
    widen : callable, optional
        Moves events to the right so that words find room.

    When there are so many events that a unit would become too small to be seen, the middle of the
    run is left out; only its beginning, its end and what lies round `keep` stays.  With `widen`
    the axis may become longer than that.
    """
    events = recording.events
    axis = _in_steps(events, [], unit, 1.0, widen)
    if axis.width <= widest or widen is not None:
        return axis
    small = _shrunk(events, [], unit, widest, axis.width)
    if small.unit < _SMALLEST and keep:
        gaps = _left_out(events, keep)
        small = _in_steps(events, gaps, unit, 1.0, None)
        if small.width > widest:
            small = _shrunk(events, gaps, unit, widest, small.width)
    return small


_SMALLEST: Final = 1.6


def _shrunk(
    events: Sequence[Event],
    gaps: Sequence[tuple[int, int]],
    unit: float,
    widest: float,
    width: float,
) -> Axis:
    room = widest - TAIL - _BREAK * len(gaps)
    between = _in_steps(events, gaps, 0.0, 1.0, None).width - TAIL - _BREAK * len(gaps)
    # The gaps between moments keep a third of the room if they need it: there time goes by.
    factor = min(1.0, max(room / (width - widest + room), room / 3 / max(between, 1.0)))
    rest = width - (widest - room) - between
    return _in_steps(events, gaps, unit * (room - between * factor) / rest, factor, None)


def _in_steps(
    events: Sequence[Event],
    gaps: Sequence[tuple[int, int]],
    unit: float,
    factor: float,
    widen: Widen | None,
) -> Axis:
    """Place events; `gaps` are left out, `factor` scales what lies between two moments."""
    times = sorted({event.at for event in events})
    shortest = min((b - a for a, b in itertools.pairwise(times)), default=1)
    places: list[float] = []
    moments: list[Moment] = []
    cuts: list[Cut] = []
    skip = dict(gaps)
    x, until, at, left = 0.0, -1, 0, 0.0
    before: Event | None = None
    for i, event in enumerate(events):
        if i < until:
            places.append(x - _BREAK / 2)
            continue
        if i in skip:
            until = skip[i]
            moments.append(Moment(at, left, x + unit / 2))
            x += unit / 2
            cuts.append(Cut(i, until, x, x + _BREAK))
            x += _BREAK
            places.append(x - _BREAK / 2)
            at, left, before = events[until].at, x, None
            continue
        if event.at != at:
            moments.append(Moment(at, left, x + unit / 2))
            longer = math.log2((event.at - at) / shortest)
            x += unit / 2 + factor * min(54.0, 26.0 + 4.0 * longer)
            at, left, before = event.at, x, None
        x += unit * weight(event, before)
        if widen is not None:
            x = widen(event, x)
        places.append(x)
        before = event
    moments.append(Moment(at, left, x + unit / 2))
    x += TAIL
    places.append(x)
    return Axis(places, moments, cuts, x, unit=unit)


_BEGINNING, _ENDING, _AROUND = 90, 90, 24


def _left_out(events: Sequence[Event], keep: Sequence[int]) -> list[tuple[int, int]]:
    """Return what is not shown: from an event to before another."""
    shown = [(0, _BEGINNING), (len(events) - _ENDING, len(events))]
    shown += [(i - _AROUND, i + _AROUND // 2) for i in keep]
    gaps: list[tuple[int, int]] = []
    end = 0
    for first, after in sorted(shown):
        # What takes less room than the gap itself is not left out.
        room = sum(
            weight(*pair) for pair in zip(events[end:first], events[end - 1 :], strict=False)
        )
        if room > _AROUND:
            gaps.append((end, first))
        end = max(end, after)
    return gaps


def axis_of_time(recording: Recording, width: float) -> Axis:
    """Return an axis on which equal lengths are equal times."""
    events = recording.events
    last = max((event.at for event in events), default=0)
    room = width - TAIL
    factor = room / last if last else 0.0
    places = [event.at * factor for event in events]
    times = sorted({event.at for event in events})
    moments = [Moment(at, at * factor, at * factor) for at in times]
    return Axis([*places, width], moments, [], width, linear=True)


# -- many goroutines in one lane -------------------------------------------------------------------


def shares(lane: Lane, axis: Axis, columns: int) -> list[dict[str, float]]:
    """Return for each of equally wide columns which part of the goroutines is in which state.

    The parts of a column add up to 1, or to less where some are not yet there or gone.
    """
    wide = axis.width / columns
    begins: dict[str, list[float]] = {}
    partly: dict[str, list[float]] = {}
    for life in lane.members:
        for piece in life.pieces:
            if piece.state not in begins:
                begins[piece.state] = [0.0] * (columns + 2)
                partly[piece.state] = [0.0] * (columns + 2)
            begin, part = begins[piece.state], partly[piece.state]
            for x, sign in ((axis.places[piece.start], 1.0), (axis.places[piece.end], -1.0)):
                column = min(int(x / wide), columns - 1)
                part[column] += sign * ((column + 1) - x / wide)
                begin[column + 1] += sign
    found: list[dict[str, float]] = [{} for _ in range(columns)]
    for state in begins:
        whole = 0.0
        for column in range(columns):
            whole += begins[state][column]
            share = (whole + partly[state][column]) / lane.count
            if share > 1e-6:
                found[column][state] = share
    return found


# -- words -----------------------------------------------------------------------------------------


def place_of(event: Event) -> str:
    """Return ``main.py:12``, or ``""`` where nobody stands."""
    return f"{os.path.basename(event.file)}:{event.line}" if event.line else ""


def moment_words(ns: int) -> str:
    """Return a virtual time as it stands at an axis."""
    return duration(ns) if ns else "0s"


def thing_names(recording: Recording) -> dict[int, str]:
    """Return what things are called, by number; of those with one name each has its own."""
    alike: dict[tuple[str, str], list[int]] = {}
    for thing in recording.things.values():
        alike.setdefault((thing.kind, thing.name), []).append(thing.number)
    names = {}
    for thing in recording.things.values():
        same = alike[thing.kind, thing.name]
        several = thing.name and 1 < len(same) <= 9
        names[thing.number] = thing.label + (f" ({same.index(thing.number) + 1})" * bool(several))
    return names


def waiting_words(event: Event, names: Mapping[int, str]) -> list[str]:
    """Return what a parked goroutine waits for in Go's notation, from long to short."""
    state = state_of(event.text)
    if state == "sleep":
        if event.when >= 0:
            return [f"sleeps {duration(event.when - event.at)}", duration(event.when - event.at)]
        return ["sleeps"]
    things = [names[abs(n)] for n in event.others if n]
    if event.thing:
        things = [names[event.thing]]
    name = ", ".join(dict.fromkeys(things))
    if state == "send":
        return [f"{name or 'nil'} ← {event.value}".rstrip()]
    if state == "receive":
        return [f"← {name or 'nil'}"]
    if state == "select":
        return [f"select {name}".rstrip(), "select"]
    verb = "Wait" if event.text == "semacquire" else event.text.rpartition(".")[2]
    return [f"{name}: {verb}" if name else verb, name or verb]


def done_words(event: Event, names: Mapping[int, str]) -> list[str]:
    """Return what a goroutine did to a channel or lock, from long to short; nothing for others."""
    if not event.thing:
        return []
    name = names[event.thing]
    if event.kind == "send":
        return [f"{name} ← {event.value}", f"← {event.value}"]
    if event.kind == "recv":
        if event.text == "closed" and not event.value:
            return [f"← {name}: closed", "← closed"]
        return [f"← {name}: {event.value}", f"← {event.value}"]
    if event.kind == "close":
        return [f"close {name}", "close"]
    if event.kind == "lock" and event.text and not event.others:
        # Who holds a lock is drawn.
        return [f"unlock {name}"] if event.text == "free" else [f"{name}: {event.text}", event.text]
    return []
