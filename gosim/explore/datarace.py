"""Races of data: two accesses to one variable that nothing orders, and the rule that is missing.

An observer with a vector clock for each goroutine, and one for each thing that synchronises. Only
what Go's memory model names makes one event happen before another: the ``go`` statement, channels
(a send before its receive completes, the k-th receive before send k + cap completes, a close before
the receive that sees it), unlock before a later lock, ``Once``, ``Done`` before ``Wait`` returns,
atomics, timers, ``Cond``, the maps and pools of ``sync``, contexts, semaphores. The end of a
goroutine orders nothing, and neither does the order in which a schedule happens to do things: so a
race is found in every schedule in which both accesses are made, whichever of them comes first.
(Flanagan and Freund: FastTrack, PLDI 2009; https://go.dev/ref/mem. Where Go's detector orders more
than the memory model asks for, because it keeps one clock where there could be several, this one
follows the memory model.)

Who wants to see accesses has to have them announced: variables of Python programs are
`gosim.std.shared.Shared`, Go programs are compiled with ``races=True``.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from inspect import CO_COROUTINE, CO_GENERATOR
from types import FrameType
from typing import Any, Final

from gosim.explore.control import Control
from gosim.explore.exploration import Finding
from gosim.explore.search import Watcher
from gosim.leaks.names import Code, name_of
from gosim.leaks.run import Run
from gosim.runtime.g import G
from gosim.runtime.time import Timer
from gosim.runtime.traceback import Frame, frames, is_runtime_file, running_frames
from gosim.std.shared import Location
from gosim.std.sync import Cond

__all__ = ["Access", "DataRaces", "Race", "report"]

Clock = dict[int, int]
_SUSPENDS: Final = CO_COROUTINE | CO_GENERATOR

#: Pairs of kinds of accesses, the plain ones apart, that must be ordered.
_CONFLICTS: Final = frozenset(
    frozenset(pair)
    for pair in (
        ("write", "write"),
        ("write", "read"),
        ("write", "atomic write"),
        ("write", "atomic read"),
        ("read", "atomic write"),
        # Adding to a group that is at zero must come before Wait; closing after all sends.
        ("add", "wait"),
        ("send", "close"),
        ("close", "close"),
    )
)
_VERBS: Final = {
    "read": "Read",
    "write": "Write",
    "atomic read": "Atomic read",
    "atomic write": "Atomic write",
    "add": "Add",
    "wait": "Wait",
    "send": "Send",
    "close": "Close",
}


@dataclass(slots=True)
class Sync:
    """Something that a goroutine did by which others may know of it.

    Attributes
    ----------
    how : str
        ``"send"``, ``"recv"``, ``"close"``, ``"lock"`` (its release), ``"done"``, ``"go"``, ….
    thing
        With what.
    at : Frame or None
        Where.
    """

    how: str
    thing: Any
    at: Frame | None


@dataclass(slots=True)
class Access:
    """One access to a variable.

    Attributes
    ----------
    how : str
    name : str
        What the variable is called.
    who : int
        Number of the goroutine, in the order of their creation in this run.
    clock : int
        How many things that others could know of it had done before.
    stack : list of Frame
        Innermost first.
    held : tuple
        Locks it held: (lock, "lock" or "rlock", Frame).
    """

    how: str
    name: str
    who: int
    clock: int
    stack: list[Frame]
    held: tuple[tuple[Any, str, Frame | None], ...]

    @property
    def at(self) -> tuple[str, int]:
        """File and line."""
        return (self.stack[0].file, self.stack[0].line) if self.stack else ("", 0)


@dataclass(slots=True)
class _Goroutine:
    """What is known of a goroutine."""

    number: int
    id: int
    clock: Clock
    parent: int = -1
    created: list[Frame] = field(default_factory=list)
    over: bool = False
    held: list[tuple[Any, str, Frame | None]] = field(default_factory=list)
    #: What it did that others could know of, the n-th at clock n.
    syncs: list[Sync] = field(default_factory=list)
    #: What it learned from others: (whom, their clock, what it did itself).
    learned: list[tuple[int, int, Sync]] = field(default_factory=list)


@dataclass(slots=True)
class Race:
    """Two accesses that nothing orders.

    Attributes
    ----------
    earlier, later : Access
        As this schedule had them.
    text : str
        The report, in the style of Go's detector, and which rule is missing.
    why : str
        The last part of it alone.
    """

    earlier: Access
    later: Access
    text: str = ""
    why: str = ""

    @property
    def places(self) -> list[tuple[str, int]]:
        """Where the two are, in an order that is the same in every schedule."""
        return sorted((self.earlier.at, self.later.at))


class DataRaces(Watcher):
    """Finds the races of one run; a watcher of explorations, and an observer of plain runs, too.

    Attributes
    ----------
    races : list of Race
        One for each pair of places.
    """

    def __init__(self) -> None:
        self.races: list[Race] = []
        self._world: Any = None
        self._known: dict[G, _Goroutine] = {}
        self._all: list[_Goroutine] = []
        self._seen: set[tuple[Any, ...]] = set()
        self._clocks: dict[Any, Clock] = {}
        self._variables: dict[Any, dict[tuple[int, str], Access]] = {}
        self._counts: dict[int, list[int]] = {}
        self._alive: list[Any] = []  # things keep their ids
        self._fired: Clock = {}

    def findings(self, control: Control, run: Run) -> Iterable[Finding]:
        """Return the races of an execution."""
        for race in self.races:
            places = [f"{os.path.basename(file)}:{line}" for file, line in race.places]
            key = "|".join(f"{file}:{line}" for file, line in race.places)
            yield Finding("data race", key, race.text, tuple(places))

    # -- goroutines -------------------------------------------------------------------------------

    def run_started(self, world: Any) -> None:
        """Remember the world."""
        self._world = world

    def goroutine_created(self, g: G, by: G | None) -> None:
        """The ``go`` statement comes before what the goroutine does."""
        number = len(self._all)
        if by is None:
            clock = dict(self._fired)
            made = _Goroutine(number, g.id, clock)
        else:
            parent = self._of(by)
            stack = _stack_here()
            clock = self._release(parent, "go", g, stack[0] if stack else None)
            made = _Goroutine(number, g.id, dict(clock), parent.number, stack)
        made.clock[number] = 0
        self._all.append(made)
        self._known[g] = made

    def goroutine_ended(self, g: G, how: str) -> None:
        """Nobody learns anything from that."""
        if g in self._known:
            self._known[g].over = True

    def goroutine_readied(self, g: G, by: G | None) -> None:
        """``Signal`` and ``Broadcast`` come before the ``Wait`` that they end."""
        if by is not None and isinstance(g.waiting, Cond):
            mine, other = self._of(by), self._of(g)
            clock = self._release(mine, "cond", g.waiting, self._here())
            self._learn(other, clock, Sync("cond", g.waiting, None), mine)

    def _of(self, g: G) -> _Goroutine:
        found = self._known.get(g)
        if found is None:
            found = self._known[g] = _Goroutine(len(self._all), g.id, {len(self._all): 0})
            self._all.append(found)
        return found

    def _running(self) -> _Goroutine | None:
        g = self._world.g if self._world is not None else None
        return None if g is None else self._of(g)

    @staticmethod
    def _here() -> Frame | None:
        stack = _stack_here()
        return stack[0] if stack else None

    # -- clocks -----------------------------------------------------------------------------------

    def _release(self, mine: _Goroutine, how: str, thing: Any, at: Frame | None) -> Clock:
        """Return what others may know now; what comes after it is another time."""
        n = mine.clock[mine.number] + 1
        snapshot = dict(mine.clock)
        mine.syncs.append(Sync(how, thing, at))
        mine.clock[mine.number] = n
        return snapshot

    def _learn(
        self, mine: _Goroutine, clock: Clock, sync: Sync, other: _Goroutine | None = None
    ) -> None:
        """Know what another one did."""
        own = mine.clock
        for number, n in clock.items():
            if number != mine.number and own.get(number, -1) < n:
                own[number] = n
                mine.learned.append((number, n, sync))

    def _key(self, thing: Any, part: Any) -> Any:
        key = id(thing), part
        if key not in self._clocks:
            self._alive.append(thing)
            self._clocks[key] = {}
        return key

    def _merge(self, key: Any, clock: Clock) -> None:
        into = self._clocks[key]
        for number, n in clock.items():
            if into.get(number, -1) < n:
                into[number] = n

    # -- locks and what is like them --------------------------------------------------------------

    def acquired(self, thing: Any, how: str, part: Any = None) -> None:
        """Know what was released."""
        mine = self._running()
        if mine is None:
            return
        thing, part = _place(thing, part)
        at = self._here()
        sync = Sync(how, thing, at)
        self._learn(mine, self._clocks[self._key(thing, ("w", part))], sync)
        if how == "lock":
            self._learn(mine, self._clocks[self._key(thing, ("r", part))], sync)
        if how in ("lock", "rlock"):
            mine.held.append((thing, how, at))

    def released(self, thing: Any, how: str, part: Any = None) -> None:
        """Let others know."""
        mine = self._running()
        if mine is None:
            if isinstance(thing, Timer):
                self._clocks[self._key(thing, ("w", part))] = {}
            return
        thing, part = _place(thing, part)
        if how in ("lock", "rlock"):
            self._give_back(mine, thing, how)
        key = self._key(thing, ("r" if how == "rlock" else "w", part))
        if how in ("lock", "timer", "atomic store"):  # nobody sees what was released before
            self._clocks[key] = {}
        self._merge(key, self._release(mine, how, thing, self._here()))

    def _give_back(self, mine: _Goroutine, thing: Any, how: str) -> None:
        for owner in (mine, *self._all):
            for i in range(len(owner.held) - 1, -1, -1):
                if owner.held[i][0] is thing and owner.held[i][1] == how:
                    del owner.held[i]
                    return

    def timer_fired(self, timer: Any) -> None:
        """What started a timer comes before what it does."""
        self._fired = {}
        if isinstance(timer, Timer):
            self._fired = self._clocks[self._key(timer, ("w", None))]

    # -- channels ---------------------------------------------------------------------------------

    def channel_sent(self, ch: Any, value: Any, to: G | None) -> None:
        """A send comes before its receive completes."""
        if ch.timer is not None:
            clock = self._clocks[self._key(ch.timer, ("w", None))]
            if to is not None:
                self._learn(self._of(to), clock, Sync("recv", ch, None))
            else:
                key = self._key(ch, 0)
                self._clocks[key] = dict(clock)
            return
        mine = self._running()
        if mine is None:
            return
        at = self._here()
        self._use(mine, ch, "send")
        if ch.cap_ == 0:
            if to is not None:
                self._meet(mine, self._of(to), ch, at)
            return
        counts = self._counts.setdefault(id(ch), [0, 0])
        self._slot(mine, ch, counts[0], "send", at)
        counts[0] += 1
        if to is not None:
            self._slot(self._of(to), ch, counts[1], "recv", None)
            counts[1] += 1

    def channel_received(self, ch: Any, value: Any, sender: G | None, ok: bool) -> None:
        """A receive comes before the send completes that needs its room."""
        mine = self._running()
        if mine is None:
            return
        at = self._here()
        if not ok:
            self._learn(mine, self._clocks[self._key(ch, "close")], Sync("close", ch, at))
        elif ch.timer is not None:
            self._learn(mine, self._clocks[self._key(ch, 0)], Sync("recv", ch, at))
        elif ch.cap_ == 0:
            if sender is not None:
                self._use(self._of(sender), ch, "send")
                self._meet(self._of(sender), mine, ch, at)
        else:
            counts = self._counts.setdefault(id(ch), [0, 0])
            self._slot(mine, ch, counts[1], "recv", at)
            counts[1] += 1
            if sender is not None:
                self._use(self._of(sender), ch, "send")
                self._slot(self._of(sender), ch, counts[0], "send", None)
                counts[0] += 1

    def channel_closed(self, ch: Any, released: tuple[G, ...]) -> None:
        """A close comes before the receive that sees it."""
        mine = self._running()
        if mine is None:
            return
        at = self._here()
        self._use(mine, ch, "close")
        key = self._key(ch, "close")
        self._merge(key, self._release(mine, "close", ch, at))
        for g in released:
            self._learn(self._of(g), self._clocks[key], Sync("close", ch, None), mine)

    def _meet(self, sender: _Goroutine, receiver: _Goroutine, ch: Any, at: Frame | None) -> None:
        running = self._running()
        sent = self._release(sender, "send", ch, at if sender is running else _where(sender, self))
        received = self._release(
            receiver, "recv", ch, at if receiver is running else _where(receiver, self)
        )
        self._learn(receiver, sent, receiver.syncs[-1], sender)
        self._learn(sender, received, sender.syncs[-1], receiver)

    def _slot(self, mine: _Goroutine, ch: Any, n: int, how: str, at: Frame | None) -> None:
        key = self._key(ch, n % ch.cap_)
        self._learn(mine, self._clocks[key], Sync(how, ch, at))
        self._clocks[key] = self._release(mine, how, ch, at)

    # -- accesses ---------------------------------------------------------------------------------

    def accessed(self, thing: Any, how: str) -> None:
        """Compare with the accesses before."""
        mine = self._running()
        if mine is None:
            return
        name = ""
        part: Any = "use" if how == "send" else None
        if isinstance(thing, Location):
            thing, part, name = thing.of, thing.part, thing.name
        self._access(mine, thing, part, how, name, _stack_here())

    def _use(self, who: _Goroutine, ch: Any, how: str) -> None:
        """A channel is no variable, but it must not be closed while others may send."""
        stack = _stack_here() if who is self._running() else who.created[:0]
        if not stack:
            at = _where(who, self)
            stack = [at] if at is not None else []
        self._access(who, ch, "use", how, "", stack)

    def _access(
        self, mine: _Goroutine, thing: Any, part: Any, how: str, name: str, stack: list[Frame]
    ) -> None:
        key = id(thing), part
        history = self._variables.get(key)
        if history is None:
            history = self._variables[key] = {}
            self._alive.append(thing)
        access = Access(how, name, mine.number, mine.clock[mine.number], stack, tuple(mine.held))
        known = mine.clock
        for earlier in history.values():
            if (
                earlier.who != mine.number
                and frozenset((earlier.how, how)) in _CONFLICTS
                and known.get(earlier.who, -1) < earlier.clock
            ):
                self._found(Race(earlier, access), thing)
        history.pop((mine.number, how), None)
        history[mine.number, how] = access

    def _found(self, race: Race, thing: Any) -> None:
        places = tuple(race.places)
        if places in self._seen:
            return
        self._seen.add(places)
        name = race.later.name or race.earlier.name or self._named(thing)
        race.earlier.name, race.later.name = race.earlier.name or name, race.later.name or name
        race.why = self._missing(race)
        race.text = report(race, self._all)
        self.races.append(race)

    # -- in words ---------------------------------------------------------------------------------

    def _named(self, thing: Any) -> str:
        name = getattr(thing, "name", None)
        if isinstance(name, str) and name:
            return name
        codes = {code: None for g in self._known if (code := g.go_code) is not None}
        made = getattr(thing, "made_code", None)
        if made is not None:
            codes[made] = None
        found = name_of(thing, Code(codes=codes))
        return found if found is not None else f"a {type(thing).__name__}"

    def _missing(self, race: Race) -> str:
        """Say which rule would order the two, if the program kept to it."""
        a, b = race.earlier, race.later
        one, other = self._all[a.who], self._all[b.who]
        texts = [
            *self._locks(a, b, one, other),
            *self._wait_group(a, b),
            *self._order(a, b, one, other),
        ]
        return " ".join(texts)

    def _locks(self, a: Access, b: Access, one: _Goroutine, other: _Goroutine) -> Iterator[str]:
        if not a.held and not b.held:
            return
        shared = [x[0] for x in a.held if any(x[0] is y[0] for y in b.held)]
        rule = "an Unlock comes before a later Lock of the same mutex, and orders nothing else"
        if shared:
            lock = self._named(shared[0])
            yield (
                f"Both hold {lock}, but only for reading, which several may do at a time: "
                "writing needs Lock."
            )
        elif a.held and b.held:
            x, y = self._named(a.held[-1][0]), self._named(b.held[-1][0])
            yield (
                f"{_who(one)} holds {x}{_at(a.held[-1][2])}, {_who(other, False)} holds "
                f"{y}{_at(b.held[-1][2])}: {rule}."
            )
        else:
            (has, access), lacks = ((one, a), other) if a.held else ((other, b), one)
            lock = self._named(access.held[-1][0])
            yield (
                f"{_who(has)} holds {lock}{_at(access.held[-1][2])}, {_who(lacks, False)} does "
                f"not: {rule}."
            )

    @staticmethod
    def _wait_group(a: Access, b: Access) -> Iterator[str]:
        if "wait" in (a.how, b.how):
            yield (
                "An Add to a counter that is zero must come before Wait: before the go statement "
                "of the goroutine that is waited for, not inside that goroutine."
            )
        elif "send" in (a.how, b.how) or a.how == b.how == "close":
            yield (
                "Nothing orders them: where the close comes first, the other one panics. Whoever "
                "closes must know that everybody is done."
            )

    def _order(self, a: Access, b: Access, one: _Goroutine, other: _Goroutine) -> Iterator[str]:
        """Say what the later one knows of the earlier one, and what it should have waited for."""
        if a.how not in ("read", "write", "atomic read", "atomic write") or (b.held and a.held):
            return
        x, y = _noun(a.how), _noun(b.how)
        if "atomic" in x or "atomic" in y:
            yield (
                "Atomic operations are ordered among each other; a plain access of the same "
                "variable is not ordered by them."
            )
        known = other.clock.get(one.number, -1)
        last = one.syncs[known] if 0 <= known < len(one.syncs) else None
        later = [s for s in one.syncs[a.clock :] if s.how in _CURES]
        after = min(later, key=lambda s: _ORDER.index(s.how), default=None)
        if last is not None and last.how == "go" and other.parent == one.number:
            yield (
                f"The go statement{_at(last.at)} orders what {_who(one, False)} did before it, "
                f"and the {x}{_at(_first(a))} comes after it."
            )
        elif last is not None and last.how != "go":
            yield (
                f"The last that {_who(other, False)} knows of {_who(one, False)} is "
                f"{self._told(last)}{_at(last.at)}; the {x} comes after that."
            )
        elif one.parent == other.number:
            yield (
                f"{_who(other)} started {_who(one, False)} and does not wait for it: the end of "
                "a goroutine is not synchronized before anything."
            )
        if a.held or b.held:
            return
        if after is not None:
            yield (
                f"Nothing orders them: {self._told(after)}{_at(after.at)} comes after the {x}, "
                f"but {_who(other, False)} has not waited for it; "
                f"{_CURES[after.how].format(thing=self._named(after.thing))} before the {y} would."
            )
        else:
            yield (
                "Nothing orders them: no channel, lock, WaitGroup, Once or atomic comes after the "
                f"{x} and before the {y}, only this schedule has them in this order."
            )

    def _told(self, sync: Sync) -> str:
        text = _RELEASES.get(sync.how, "what it did with {thing}")
        return text.format(thing=self._named(sync.thing) if "{" in text else "")


_RELEASES: Final = {
    "send": "the send on {thing}",
    "recv": "the receive from {thing}",
    "close": "the close of {thing}",
    "lock": "the unlock of {thing}",
    "rlock": "the read unlock of {thing}",
    "done": "the Done of {thing}",
    "atomic": "the atomic operation on {thing}",
    "atomic store": "the atomic store to {thing}",
    "go": "a go statement",
    "timer": "the start of a timer",
    "context": "the cancelling of a context",
    "cond": "the wake-up by {thing}",
}
#: What has to be done with something so that one knows what came before it.
_CURES: Final = {
    "send": "a receive from {thing}",
    "recv": "a send on {thing} that this receive takes",
    "close": "a receive from {thing} that sees it closed",
    "done": "a Wait of {thing}",
    "atomic": "an atomic load of {thing} that sees it",
    "atomic store": "an atomic load of {thing} that sees it",
    "context": "a receive from its Done channel",
}
#: Which of several things is the one to wait for.
_ORDER: Final = ("done", "close", "send", "context", "atomic store", "atomic", "recv")


def _stack_here() -> list[Frame]:
    """Return the stack of the goroutine that runs, below what tells observers."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and not frame.f_code.co_flags & _SUSPENDS:
        if not is_runtime_file(frame.f_code.co_filename):
            break
        frame = frame.f_back
    return running_frames(frame)


def _place(thing: Any, part: Any) -> tuple[Any, Any]:
    """Return the object and the part of it that a place is."""
    return (thing.of, thing.part) if isinstance(thing, Location) else (thing, part)


def _noun(how: str) -> str:
    return how


def _first(access: Access) -> Frame | None:
    return access.stack[0] if access.stack else None


def _at(frame: Frame | None) -> str:
    if frame is None:
        return ""
    return f" at {frame.file.replace(chr(92), '/').rpartition('/')[2]}:{frame.line}"


def _who(g: _Goroutine, begins: bool = True) -> str:
    if g.number == 0:
        return "The main goroutine" if begins else "the main goroutine"
    return f"{'G' if begins else 'g'}oroutine {g.id}"


def _where(g: _Goroutine, races: DataRaces) -> Frame | None:
    """Return where a goroutine waits that is not running."""
    for each, known in races._known.items():
        if known is g:
            stack = frames(each)
            return stack[0] if stack else None
    return None


def report(race: Race, goroutines: list[_Goroutine]) -> str:
    """Return what Go's race detector prints, with names instead of addresses, and why."""
    a, b = race.earlier, race.later
    lines = ["==================", "WARNING: DATA RACE"]
    for access, previous in ((b, False), (a, True)):
        verb = _VERBS[access.how]
        if previous:
            verb = f"Previous {verb.lower()}"
        g = goroutines[access.who]
        by = "main goroutine" if g.number == 0 else f"goroutine {g.id}"
        preposition = "of" if access.how in ("close",) else "on" if access.how == "send" else "at"
        lines.append(f"{verb} {preposition} {access.name} by {by}:")
        lines += _stack(access.stack)
        lines.append("")
    for who in dict.fromkeys((b.who, a.who)):
        g = goroutines[who]
        if g.number and g.created:
            state = "finished" if g.over else "running"
            lines.append(f"Goroutine {g.id} ({state}) created at:")
            lines += _stack(g.created)
            lines.append("")
    if race.why:
        lines.append(race.why)
    lines.append("==================")
    return "\n".join(lines) + "\n"


def _stack(stack: list[Frame]) -> Iterator[str]:
    for frame in stack:
        yield f"  {frame.function}()"
        yield f"      {frame.file}:{frame.line}"
