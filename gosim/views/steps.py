"""A run as steps to go through, forwards and backwards: what is to be seen, and what changes.

A :class:`Steps` is made from a recording.  Its *cast* gives every goroutine and every thing one
fixed place for the whole run, so that the eye can follow; a long cast is folded (equal goroutines
share a place, never one that holds a lock).  What a place or panel shows is a short text in a
*slot*; a step is a sentence and the slots that change with it.  The HTML stepper and the terminal
show the same slots.

Slots: ``say`` (the sentence), ``time``, ``run``, ``next`` and ``queue`` (chips), ``timers``
(cells), ``heap``, ``out`` (characters printed so far), ``line N`` (chips of source row N),
``g7`` or ``G1`` (a place of goroutines: a letter and a text), ``t3`` or ``T1`` (of things) with
``t3.buffer`` (cells), ``t3.sendq`` and ``t3.recvq`` (chips), and ``g7>t3`` (an edge: ``w`` waits
for, ``h`` is held by, or both).  Chips stand apart by spaces and begin with the letter of a state.
"""

from __future__ import annotations

import linecache
import os
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from gosim.leaks.recording import Event, Object, Queues, Recording, Standing, State
from gosim.leaks.telling import tell
from gosim.std.time.duration import Duration
from gosim.views.shown import asked
from gosim.views.text import headline, plural, size

if TYPE_CHECKING:
    from gosim.leaks.run import Run

HEAD: Final = 300
TAIL: Final = 1500
"""Steps of a long run that are kept: the first and the last."""
CROWD: Final = 1000
"""So many goroutines are a crowd: of its steps a third is kept."""
MOST_GOROUTINES: Final = 16
MOST_THINGS: Final = 10
"""Places on either side; a longer cast is folded."""
MOST_CHIPS: Final = 6
MOST_CELLS: Final = 8
CELL: Final = "\x1f"
"""Stands between two cells."""
EMPTY: Final = "\x1e"
"""A cell of a buffer in which no value is."""

WORDS: Final = {
    "u": "not there yet",
    "r": "running",
    "n": "runnable",
    "s": "blocked: chan send",
    "v": "blocked: chan receive",
    "x": "blocked: select",
    "l": "blocked: lock",
    "w": "blocked: other",
    "z": "asleep",
    "g": "gone",
    "p": "stuck for good",
    "e": "goes on for ever",
    "o": "blocked at the end",
}
"""What the letters of goroutines mean."""

_VERDICTS: Final = {"permanent": "p", "unproven": "o", "endless": "e"}
_SHORT: Final = {"p": "stuck", "o": "blocked", "e": "endless"}
_LONGEST: Final = 16
_ROOM: Final = 36
"""Characters that a line of a place holds."""
_MOST_OUTPUT: Final = 16_000
_NEAR: Final = 4
_WHOLE: Final = 90
"""A file of at most so many lines is shown whole."""


class Place(NamedTuple):
    """Where something stands during the whole run.

    Attributes
    ----------
    key : str
        The slot of its state: ``g7`` or, of many, ``G1``; ``t3`` or ``T1`` for things.
    title, detail : str
        What it is; where it was made.
    cap : int
        Of a channel; -1 for what has no buffer.
    members : tuple of int
        Goroutines or things that stand here.
    queues : bool
        It is a channel, with a queue of senders and one of receivers.
    near : float
        Of a thing: at which of the goroutines' places its users stand, on average.
    """

    key: str
    title: str
    detail: str = ""
    cap: int = -1
    members: tuple[int, ...] = ()
    queues: bool = False
    near: float = 0.0

    @property
    def many(self) -> bool:
        """More than one stand here."""
        return len(self.members) > 1


class Row(NamedTuple):
    """A line of source; `number` 0 stands for lines left out or a file's name."""

    file: str
    number: int
    text: str


class Step(NamedTuple):
    """What happened, and what looks different since the step before.

    Attributes
    ----------
    changes : dict
        Slot → new text; a slot that was never mentioned is empty.
    actors : tuple of int
        Goroutines that took part.
    events : tuple of int
        First and last event in the recording.
    """

    changes: dict[str, str]
    actors: tuple[int, ...]
    events: tuple[int, int]

    @property
    def text(self) -> str:
        """The sentence."""
        return self.changes["say"]


class Steps:
    """The steps of a run.

    In a notebook it shows itself as a stepper; ``to_html()`` is that fragment, ``to_text()`` the
    sentences.

    Parameters
    ----------
    recording : Recording
    run : Run, optional
        Ends the steps with the verdicts of this run.
    title : str
        Over the picture.

    Attributes
    ----------
    steps : list of Step
    goroutines, things : list of Place
    rows : list of Row
        The source.
    output : str
        What was printed (its middle left out where it is very long).
    note : str
        What is left out, in one sentence; empty when nothing is.

    Examples
    --------
    >>> import gosim as gs
    >>> async def main():
    ...     print("hello")
    >>> steps = gs.run(main).stepper()
    >>> len(steps), steps.at(2)["run"]
    (6, 'rG1')
    """

    def __init__(self, recording: Recording, run: Run | None = None, title: str = "") -> None:
        self.recording = recording
        self.title = title
        self.steps: list[Step] = []
        self.left_out = (0, 0)
        cast = _Cast(recording)
        self.goroutines, self.things = cast.goroutines, cast.things
        self.rows = _rows(recording)
        self.output, shown = _output(recording)
        maker = _Maker(recording, cast, self.rows, shown)
        groups = list(_groups(recording.events))
        part = 3 if len(recording.goroutines) >= CROWD else 1
        head, tail = HEAD // part, TAIL // part
        skipped = range(head, max(head, len(groups) - tail))
        at = 0
        for number, (first, last) in enumerate(groups):
            while at <= last:
                maker.apply(at)
                at += 1
            if number in skipped:
                continue
            events = recording.events[first : last + 1]
            slots = maker.slots(_sentence(events, recording))
            self.steps.append(Step(slots, _actors(events), (first, last)))
        if run is not None and self.steps:
            slots = maker.verdicts(run)
            if slots:
                last = len(recording.events) - 1
                self.steps.append(Step(slots, (), (last, last)))
        if skipped:
            self.left_out = skipped.start, len(skipped)

    @property
    def note(self) -> str:
        """What is left out, in one sentence."""
        head, count = self.left_out
        if not count:
            note = ""
        else:
            note = (
                f"Of {len(self) + count} steps the first {head} and the last {len(self) - head} "
                f"are here; the {count} between them are left out."
            )
        if self.recording.cut:
            note += f" The recording ends after {len(self.recording.events)} events."
        return note.strip()

    def __len__(self) -> int:
        return len(self.steps)

    def at(self, number: int) -> dict[str, str]:
        """Return all slots after a step (counted from 0)."""
        slots: dict[str, str] = {}
        for step in self.steps[: number + 1]:
            slots.update(step.changes)
        return slots

    def next_of(self, g: int, number: int) -> int | None:
        """Return the first step behind `number` in which goroutine `g` takes part."""
        for found in range(number + 1, len(self.steps)):
            if g in self.steps[found].actors:
                return found
        return None

    def drop(self, count: int) -> None:
        """Leave out `count` more steps in the middle."""
        head, already = self.left_out
        count = min(count, len(self) - 2)
        if count <= 0:
            return
        # The gap stays one: what is dropped lies around it, or makes it.
        kept_head = max(1, min(HEAD, (len(self) - count) // 5))
        head = max(min(head, kept_head), head - count) if already else kept_head
        count = min(count, len(self) - head - 1)
        changes: dict[str, str] = {}
        for step in self.steps[head : head + count + 1]:
            changes.update(step.changes)
        kept = self.steps[head + count]
        self.steps[head : head + count + 1] = [kept._replace(changes=changes)]
        self.left_out = head, already + count

    def sentences(self, most: int = 200) -> Iterator[tuple[int, str]]:
        """Yield numbers and sentences: the first third and the rest from the end."""
        head = len(self) if len(self) <= most else most // 3
        for number, step in enumerate(self.steps):
            if number < head or number >= len(self) - (most - head):
                yield number, step.text

    def to_text(self, most: int = 200) -> str:
        """Return the sentences as numbered lines."""
        lines, before = [self.note] if self.note else [], -1
        for number, text in self.sentences(most):
            if number != before + 1:
                lines.append(f"… {number - before - 1} steps …")
            lines.append(f"{number + 1:>4}  {text}")
            before = number
        return "\n".join(lines)

    def to_html(self) -> str:
        """Return the stepper as a self-contained piece of HTML."""
        from gosim.views.stepper import fragment

        return fragment(self)

    def __repr__(self) -> str:
        return f"<Steps: {len(self)}>"

    def _repr_mimebundle_(
        self, include: Collection[str] | None = None, exclude: Collection[str] | None = None
    ) -> dict[str, str]:
        return asked({"text/plain": self.to_text, "text/html": self.to_html}, include, exclude)


def steps(run: Run, title: str = "") -> Steps:
    """Return the steps of a run, with its verdicts at the end."""
    name = run.program if run.variant == "main" else f"{run.program} · {run.variant}"
    return Steps(run.recording(), run, title or name)


def letter(standing: Standing | None) -> str:
    """Return the letter of a goroutine's state (see `WORDS`)."""
    if standing is None:
        return "u"
    if standing.state != "waiting":
        return {"running": "r", "runnable": "n"}.get(standing.state, "g")
    reason = standing.reason
    for begin, which in (
        ("chan send", "s"),
        ("chan receive", "v"),
        ("select", "x"),
        ("sleep", "z"),
        ("sync.Mutex", "l"),
        ("sync.RWMutex", "l"),
    ):
        if reason.startswith(begin):
            return which
    return "w"


# -- which events are one step ---------------------------------------------------------------------


def _groups(events: list[Event]) -> Iterator[tuple[int, int]]:
    """Yield first and last index of the events that are one happening.

    That somebody becomes runnable belongs to what made it so: a go statement, an operation on a
    channel or lock (told before or after it), a deadline.
    """
    end = len(events)
    at = 0
    while at < end:
        first, event = at, events[at]
        at += 1
        if event.kind == "go":
            if at < end and events[at].kind == "ready" and events[at].other == event.other:
                at += 1
        elif event.kind == "timer":
            while (
                at < end
                and events[at].kind in ("ready", "send")
                and events[at].g == 0
                and events[at].at == event.at
            ):
                at += 1
        elif event.kind == "ready" and event.g:
            while at < end and events[at].kind == "ready" and events[at].g == event.g:
                at += 1
            if at < end and _main(events[at]) and events[at].g == event.g:
                at += 1
        elif event.kind in ("lock", "close") and event.g:
            then = at
            while then < end and events[then].kind == "ready" and events[then].g == event.g:
                then += 1
            if then == end or not (_main(events[then]) and events[then].g == event.g):
                at = then
        yield first, at - 1


def _main(event: Event) -> bool:
    return event.kind in ("send", "recv", "close", "lock")


def _sentence(events: list[Event], recording: Recording) -> str:
    readies = [event for event in events if event.kind == "ready"]
    others = [event for event in events if event.kind != "ready"]
    if not others:
        return " ".join([tell(event, recording) for event in readies[:3]])
    first = others[0]
    if first.kind == "timer" and not first.thing and readies:
        return " ".join([tell(event, recording) for event in readies])
    told = [tell(event, recording) for event in others]
    if first.kind not in ("go", "timer") and len(readies) == 1:
        told += [tell(event, recording) for event in readies]
    return " ".join(told)


def _actors(events: list[Event]) -> tuple[int, ...]:
    found = dict.fromkeys(
        g
        for event in events
        for g in (event.g, event.other, *(event.others if event.kind == "close" else ()))
        if g
    )
    return tuple(found)[:20]


# -- who has a place -------------------------------------------------------------------------------


class _Cast:
    """Every goroutine and thing has a place; equal ones share one when there are many."""

    def __init__(self, recording: Recording) -> None:
        self.of_goroutine: dict[int, str] = {}
        self.of_thing: dict[int, str] = {}
        self.goroutines = self._goroutines(recording)
        used: Counter[int] = Counter()
        users: dict[int, list[int]] = {}
        order = {place.key: at for at, place in enumerate(self.goroutines)}
        for event in recording.events:
            things = event.others if event.kind == "park" else ()
            for thing in (event.thing, *things):
                if thing:
                    used[abs(thing)] += 1
                    if event.g:
                        users.setdefault(abs(thing), []).append(event.g)
        # Things stand beside those who use them: edges are short then.
        heights = {}
        for thing in recording.things:
            near = [order[self.of_goroutine[g]] for g in users.get(thing, ())]
            heights[thing] = sum(near) / len(near) if near else 0.0
        self.things = self._things(recording, used, heights)

    def _goroutines(self, recording: Recording) -> list[Place]:
        members = recording.goroutines
        if len(members) <= MOST_GOROUTINES:
            places = [_one(member.id, recording) for member in members.values()]
        else:
            holders: dict[int, None] = {}
            for event in recording.events:
                if event.kind == "lock":
                    for g in event.others[:MOST_GOROUTINES]:
                        holders[g] = None
                    if len(holders) >= MOST_GOROUTINES // 2:
                        break
            alike: dict[str, list[int]] = {}
            for member in members.values():
                if member.id not in holders and member.parent:
                    alike.setdefault(member.function, []).append(member.id)
            room = MOST_GOROUTINES - len(holders) - 1 - min(4, len(alike))
            alone = {g for g in members if not members[g].parent} | set(holders)
            # One of each function in turn, as long as there is room: the first ones.
            for turn in range(MOST_GOROUTINES):
                for ids in alike.values():
                    if turn < min(len(ids), 3) and room > 0:
                        alone.add(ids[turn])
                        room -= 1
            places = [_one(g, recording) for g in members if g in alone]
            rest = {f: [g for g in ids if g not in alone] for f, ids in alike.items()}
            rest = {f: ids for f, ids in rest.items() if ids}
            groups = sorted(rest, key=lambda f: (-len(rest[f]), f))
            own = groups if len(groups) <= 4 else groups[:3]
            number = 0
            for function in own:
                ids = rest[function]
                if len(ids) == 1:
                    places.append(_one(ids[0], recording))
                    continue
                number += 1
                title = f"{len(ids)} × {function}"
                places.append(Place(f"G{number}", title, _span(ids), members=tuple(ids)))
            others = [g for function in groups[len(own) :] for g in rest[function]]
            if others:
                title = f"{len(others)} others"
                places.append(Place(f"G{number + 1}", title, members=tuple(others)))
        for place in places:
            self.of_goroutine.update(dict.fromkeys(place.members, place.key))
        return places

    def _things(
        self, recording: Recording, used: Counter[int], heights: dict[int, float]
    ) -> list[Place]:
        alike: dict[tuple[str, str, str, int], list[int]] = {}
        for thing in recording.things.values():
            if thing.number in used:
                key = (thing.kind, thing.name, thing.file, thing.line)
                alike.setdefault(key, []).append(thing.number)
        groups = list(alike.values())
        if sum(map(len, groups)) > MOST_THINGS:
            groups = [
                part
                for ids in groups
                for part in ([ids] if len(ids) > 3 else [[number] for number in ids])
            ]
        else:
            groups = [[number] for ids in groups for number in ids]
        groups.sort(key=lambda ids: -max(used[number] for number in ids))
        kept, rest = groups[:MOST_THINGS], groups[MOST_THINGS:]
        if len(rest) == 1:
            kept, rest = groups, []
        places: list[Place] = []
        folded = 0
        for ids in kept:
            thing = recording.things[ids[0]]
            if len(ids) == 1:
                places.append(_thing(thing)._replace(near=heights[ids[0]]))
            else:
                folded += 1
                title = f"{len(ids)} × {thing.name or thing.kind}"
                height = sum(heights[number] for number in ids) / len(ids)
                members = tuple(ids)
                places.append(Place(f"T{folded}", title, _made(thing), -1, members, near=height))
        if rest:
            ids = [number for part in rest for number in part]
            title = f"{len(ids)} others"
            last = float(len(self.goroutines))
            places.append(Place(f"T{folded + 1}", title, members=tuple(ids), near=last))
        titles = Counter(place.title for place in places)
        for at, place in enumerate(places):
            if titles[place.title] > 1 and not place.many:
                name, bracket, kind = place.title.partition(" (")
                title = f"{name} #{place.members[0]}{bracket}{kind}"
                places[at] = place._replace(title=title)
        places.sort(key=lambda place: (place.near, place.members))
        for place in places:
            self.of_thing.update(dict.fromkeys(place.members, place.key))
        return places


def _one(g: int, recording: Recording) -> Place:
    member = recording.goroutines[g]
    place = f"{os.path.basename(member.file)}:{member.line}" if member.file else ""
    by = f"started at {place} by G{member.parent}" if place and member.parent else ""
    return Place(f"g{g}", f"G{g} {member.function}", by, members=(g,))


def _span(ids: list[int]) -> str:
    return f"G{ids[0]} to G{ids[-1]}"


def _made(thing: Object) -> str:
    return f"made at {os.path.basename(thing.file)}:{thing.line}" if thing.line else ""


def _thing(thing: Object) -> Place:
    words = thing.kind
    if thing.kind == "chan":
        words = f"chan, buffer of {thing.cap}" if thing.cap else "chan, unbuffered"
    title = f"{thing.name} ({words})" if thing.name else f"{thing.kind} {thing.number}"
    queues = thing.kind in ("chan", "nil chan", "timer")
    cap = thing.cap if thing.cap else -1
    return Place(f"t{thing.number}", title, _made(thing), cap, (thing.number,), queues)


# -- source and output -----------------------------------------------------------------------------


def _rows(recording: Recording) -> list[Row]:
    """Return the lines of the program that are shown: those where something happened, and near."""
    used: dict[str, set[int]] = {}
    for event in recording.events:
        if event.line:
            used.setdefault(event.file, set()).add(event.line)
    rows: list[Row] = []
    for file, numbers in used.items():
        lines = [line.rstrip("\n") for line in linecache.getlines(file)]
        while lines and not lines[-1].strip():
            lines.pop()
        if len(used) > 1:
            rows.append(Row(file, 0, os.path.basename(file)))
        if not lines:
            rows += [Row(file, number, "(no source at hand)") for number in sorted(numbers)]
            continue
        last = 0
        for number in range(1, len(lines) + 1):
            if len(lines) > _WHOLE and not any(abs(number - n) <= _NEAR for n in numbers):
                continue
            if number != last + 1:
                rows.append(Row(file, 0, "…"))
            rows.append(Row(file, number, lines[number - 1].expandtabs(4)))
            last = number
        if last < len(lines):
            rows.append(Row(file, 0, "…"))
    return rows


def _output(recording: Recording) -> tuple[str, list[int]]:
    """Return what was printed, and after each print how many characters of that are to be seen."""
    text = recording.stdout
    head = tail = len(text)
    hole = ""
    if len(text) > _MOST_OUTPUT:
        head, tail = _MOST_OUTPUT // 4, len(text) - _MOST_OUTPUT * 3 // 4
        hole = f"\n… {tail - head} characters are left out …\n"
    shown, printed = [], 0
    for event in recording.events:
        if event.kind == "print":
            printed += len(event.text)
            behind = printed - tail + head + len(hole)
            shown.append(printed if printed <= head else max(head + len(hole), behind))
    return text[:head] + hole + text[tail:], shown


# -- what is to be seen ----------------------------------------------------------------------------


@dataclass(slots=True)
class _Fold:
    """What the goroutines in one place do, counted."""

    states: Counter[str] = field(default_factory=Counter)
    words: Counter[str] = field(default_factory=Counter)
    edges: Counter[str] = field(default_factory=Counter)


class _Maker:
    """Goes through a recording and tells which slots look different."""

    def __init__(
        self, recording: Recording, cast: _Cast, rows: list[Row], shown: list[int]
    ) -> None:
        self.recording = recording
        self.cast = cast
        self.state = State()
        self.shown = shown
        self.before: dict[str, str] = {}
        self.row = {(row.file, row.number): at for at, row in enumerate(rows) if row.number}
        self.alone = [place.members[0] for place in cast.goroutines if not place.many]
        self.folds = {place.key: _Fold() for place in cast.goroutines if place.many}
        self.fold_of = {
            g: place.key for place in cast.goroutines if place.many for g in place.members
        }
        self.lines: Counter[int] = Counter()  # of folded goroutines
        self.counted: dict[int, tuple[str, str, tuple[str, ...], int]] = {}
        self.touched: dict[int, None] = {}
        self.acted: set[int] = set()
        self.first: dict[int, tuple[str, int]] = {}
        for event in recording.events:
            if event.g and event.line and event.g not in self.first:
                self.first[event.g] = event.file, event.line
        self.waiting: Counter[str] = Counter()  # goroutines, by the place of what they wait for
        self.sample = -1  # the newest one that is not later than the state
        self.sleeps: dict[int, int] = {}
        self.times: list[tuple[int, int, int]] = []  # when, goroutine, thing
        self.seen: set[int] = set()
        self.fires: dict[int, list[int]] = {}
        for event in reversed(recording.events):
            if event.kind == "timer" and event.thing:
                self.fires.setdefault(event.thing, []).append(event.at)

    # -- going on ------------------------------------------------------------------------------

    def apply(self, at: int) -> None:
        """Become the state after an event."""
        event = self.recording.events[at]
        self.state.apply(event)
        for g in (event.g, event.other):
            if g:
                self.touched[g] = None
        if event.line:
            self.acted.add(event.g)
        for thing in (event.thing, *(event.others if event.kind == "park" else ())):
            if thing and abs(thing) not in self.seen:
                self.seen.add(abs(thing))
                if abs(thing) in self.fires:
                    insort(self.times, (self.fires[abs(thing)][-1], 0, abs(thing)))
        if event.kind == "timer" and event.thing in self.fires:
            fires = self.fires[event.thing]
            self._remove((fires.pop(), 0, event.thing))
            if fires:
                insort(self.times, (fires[-1], 0, event.thing))

    def slots(self, text: str) -> dict[str, str]:
        """Return the slots that have changed."""
        for g in self.touched:
            self._count(g)
        self.touched.clear()
        now = {"say": text, **self._panels(), **self._goroutines()}
        edges = self._edges()
        now.update(self._things())
        now.update(self._source())
        now.update(edges)
        changes = {slot: value for slot, value in now.items() if self.before.get(slot, "") != value}
        changes["say"] = text
        for slot in self.before:
            if slot not in now:
                changes[slot] = ""
        self.before = {slot: value for slot, value in now.items() if value}
        return changes

    def verdicts(self, run: Run) -> dict[str, str]:
        """Return the slots that change when the judgement is known."""
        found = {
            g: _VERDICTS[leak.verdict]
            for leak in run.leaks
            if leak.verdict in _VERDICTS
            for g in getattr(leak, "goroutines", ())
        }
        words = headline(run).removeprefix("leak: ").removeprefix("ok: ")
        changes = {"say": f"The run is over: {words}."}
        for place in self.cast.goroutines:
            verdicts = Counter(found[g] for g in place.members if g in found)
            if verdicts:
                which, count = verdicts.most_common(1)[0]
                words = self.before.get(place.key, "").partition(" ")[2].removeprefix("all ")
                many = "" if count == len(place.members) else f"{count} "
                changes[place.key] = f"{which} {many}{_SHORT[which]}: {words}"
        return changes

    def _remove(self, time: tuple[int, int, int]) -> None:
        at = bisect_left(self.times, time)
        if at < len(self.times) and self.times[at] == time:
            del self.times[at]

    def _count(self, g: int) -> None:
        """Put a goroutine's sleep, and its share in a folded place, right."""
        standing = self.state.goroutines.get(g)
        if standing is None:
            return
        until = standing.until if standing.state == "waiting" else -1
        before = self.sleeps.get(g, -1)
        if until != before:
            if before >= 0:
                self._remove((before, g, 0))
                del self.sleeps[g]
            if until >= 0:
                insort(self.times, (until, g, 0))
                self.sleeps[g] = until
        key = self.fold_of.get(g)
        if key is None:
            return
        fold = self.folds[key]
        old = self.counted.get(g)
        if old is not None:
            self._add(fold, old, -1)
        which = letter(standing)
        word = standing.reason if standing.state == "waiting" else WORDS[which]
        edges = tuple(
            dict.fromkeys(
                f"{key}>{self.cast.of_thing[abs(thing)]}"
                for thing in standing.things
                if abs(thing) in self.cast.of_thing
            )
        )
        row = -1 if which == "g" else self.row.get(self._place(g, standing), -1)
        new = self.counted[g] = (which, word, edges, row)
        self._add(fold, new, 1)

    def _add(self, fold: _Fold, share: tuple[str, str, tuple[str, ...], int], by: int) -> None:
        which, word, edges, row = share
        fold.states[which] += by
        fold.words[word] += by
        for edge in edges:
            fold.edges[edge] += by
        if row >= 0:
            self.lines[row] += by

    # -- the slots -----------------------------------------------------------------------------

    def _place(self, g: int, standing: Standing) -> tuple[str, int]:
        """Return where a goroutine stands: one that has just begun, where it does something."""
        if g not in self.acted and standing.state == "running" and g in self.first:
            return self.first[g]
        return standing.file, standing.line

    def _panels(self) -> dict[str, str]:
        state = self.state
        time = str(Duration(state.at))
        times = [
            f"{Duration(when)} {f'G{g}' if g else self._name(thing)}"
            for when, g, thing in self.times[:MOST_CHIPS]
        ]
        if len(self.times) > MOST_CHIPS:
            times.append(f"+{len(self.times) - MOST_CHIPS}")
        return {
            "time": f"{time}, main returned" if state.after_main else time,
            "run": f"rG{state.running}" if state.running else "",
            "next": f"nG{state.runnext}" if state.runnext else "",
            "queue": self._chips(state.runq),
            "timers": CELL.join(times),
            "out": str(self.shown[state.printed - 1]) if state.printed else "",
            "heap": self._heap(),
        }

    def _heap(self) -> str:
        samples = self.recording.samples
        while self.sample + 1 < len(samples) and samples[self.sample + 1].at <= self.state.at:
            self.sample += 1
        if self.sample < 0:
            return ""
        now = samples[self.sample]
        return f"{size(now.heap_live)} live, {plural(now.num_gc, 'collection')} so far"

    def _name(self, thing: int) -> str:
        return self.recording.things[thing].label

    def _chips(self, ids: list[int]) -> str:
        chips = [self._chip(g) for g in ids[:MOST_CHIPS]]
        # Long numbers take the room of more of them.
        while len(chips) > 2 and sum(map(len, chips)) + len(chips) > _ROOM - 8:
            chips.pop()
        if len(ids) > len(chips):
            chips.append(f"+{len(ids) - len(chips)}")
        return " ".join(chips)

    def _chip(self, g: int) -> str:
        return f"{letter(self.state.goroutines.get(g))}G{g}"

    def _goroutines(self) -> dict[str, str]:
        found = {}
        for g in self.alone:
            standing = self.state.goroutines.get(g)
            if standing is not None:
                found[f"g{g}"] = f"{letter(standing)} {self._doing(standing)}"
        for key, fold in self.folds.items():
            words = [(count, word) for word, count in fold.words.items() if count]
            if not words:
                continue
            words.sort(key=lambda pair: (-pair[0], pair[1]))
            text = f"all {words[0][1]}"
            if len(words) > 1 or words[0][0] < self._size(key):
                text = _counted(words)
            which = max(sorted(fold.states), key=lambda state: fold.states[state])
            found[key] = f"{which} {text}"
        return found

    def _size(self, key: str) -> int:
        return next(len(place.members) for place in self.cast.goroutines if place.key == key)

    def _doing(self, standing: Standing) -> str:
        if standing.state == "gone":
            return "gone" if standing.reason == "returned" else f"gone: {standing.reason}"
        if standing.state != "waiting":
            return standing.state
        reason = standing.reason
        if reason == "sleep":
            return f"asleep until {Duration(max(0, standing.until))}"
        value = f" {standing.value}" if standing.value else ""
        if len(value) > _LONGEST + 1:  # the sentence has all of it
            value = f"{value[:_LONGEST]}…"
        return f"{reason}{value}"

    def _things(self) -> dict[str, str]:
        found = {}
        for place in self.cast.things:
            if place.many:
                met = sum([number in self.seen for number in place.members[:2000]])
                if met:
                    waiting = self.waiting[place.key]
                    words = f", {waiting} waiting" if waiting else ""
                    found[place.key] = f"o {met} used so far{words}"
                continue
            number = place.members[0]
            if number not in self.seen:
                continue
            queues = self.state.things.get(number) or Queues()
            found[place.key] = self._of_thing(place, queues)
            if place.cap > 0:
                found[f"{place.key}.buffer"] = _cells(queues.buffer, place.cap)
            if place.queues:
                found[f"{place.key}.sendq"] = self._chips(queues.sendq)
            found[f"{place.key}.recvq"] = self._chips(queues.recvq)
        return found

    def _of_thing(self, place: Place, queues: Queues) -> str:
        if queues.closed:
            return "k closed"
        if place.queues:
            return "o open"
        held = "h" if queues.holders else "o"
        if queues.holders:
            who = ", ".join(f"G{g}" for g in queues.holders[:3])
            more = f", +{len(queues.holders) - 3}" if len(queues.holders) > 3 else ""
            role = "" if queues.text == "holder" else f" ({queues.text})"
            return f"{held} held by {who}{more}{role}"
        return f"{held} {queues.text or 'idle'}"

    def _source(self) -> dict[str, str]:
        chips: dict[int, list[str]] = {}
        order = sorted(self.alone, key=lambda g: g != self.state.running)
        for g in order:
            standing = self.state.goroutines.get(g)
            if standing is None or standing.state == "gone":
                continue
            row = self.row.get(self._place(g, standing))
            if row is not None:
                chips.setdefault(row, []).append(f"{letter(standing)}G{g}")
        found = {}
        for row in {**chips, **self.lines}:
            here = chips.get(row, [])
            more = max(0, len(here) - 2) + self.lines[row]
            if more:
                here = [*here[:2], f"+{more}"]
            found[f"line {row}"] = " ".join(here)
        return found

    def _edges(self) -> dict[str, str]:
        found: dict[str, str] = {}
        of_thing = self.cast.of_thing
        self.waiting = waiting = Counter[str]()
        for g in self.alone:
            standing = self.state.goroutines.get(g)
            if standing is not None and standing.state == "waiting":
                for thing in standing.things:
                    if abs(thing) in of_thing:
                        found[f"g{g}>{of_thing[abs(thing)]}"] = "w"
                for key in dict.fromkeys(of_thing.get(abs(n), "") for n in standing.things):
                    waiting[key] += 1
        for fold in self.folds.values():
            for edge, count in fold.edges.items():
                if count:
                    found[edge] = "w"
                    waiting[edge.partition(">")[2]] += count
        for place in self.cast.things:
            if place.queues:
                continue
            for number in place.members[:50]:
                queues = self.state.things.get(number)
                for g in queues.holders[:20] if queues is not None else ():
                    edge = f"{self.cast.of_goroutine[g]}>{place.key}"
                    if "h" not in found.get(edge, ""):
                        found[edge] = found.get(edge, "") + "h"
        return found


def _counted(words: list[tuple[int, str]]) -> str:
    """Return the most frequent words with their counts, and how many are left."""
    parts: list[str] = []
    left = sum(count for count, _ in words)
    for count, word in words:
        part = f"{count} {word}"
        if parts and len(", ".join([*parts, part])) + len(f", {left} other") > _ROOM:
            parts.append(f"{left} other")
            break
        parts.append(part)
        left -= count
    return ", ".join(parts)


def _cells(values: list[str], cap: int) -> str:
    """Return the buffer of a channel: every place of a small one, of a large one the first."""
    if cap <= MOST_CELLS:
        cells = [_short(value, max(2, _ROOM // cap - 2)) for value in values]
        return CELL.join([*cells, *[EMPTY] * (cap - len(cells))])
    cells = [f"{len(values)} of {cap}"]
    room = _ROOM - len(cells[0]) - 2
    for value in values[:MOST_CELLS]:
        cell = _short(value, 8)
        room -= len(cell) + 2
        if room < 0:
            break
        cells.append(cell)
    return CELL.join(cells)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
