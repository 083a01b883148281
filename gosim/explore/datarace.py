"""Races of data: two accesses to one variable that nothing orders, and the rule that is missing.

What orders accesses is in `gosim.explore.happens`; as it does not depend on the order in which a
schedule does things, a race is found in every schedule in which both accesses are made, whichever
of them comes first. (Flanagan and Freund: FastTrack, PLDI 2009; https://go.dev/ref/mem.)

Who wants to see accesses has to have them announced: variables of Python programs are
`gosim.std.shared.Shared`, Go programs are compiled with ``races=True``.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from textwrap import wrap
from typing import Any, Final

from gosim.explore.control import Control
from gosim.explore.exploration import Finding
from gosim.explore.happens import (
    Goroutine,
    HappensBefore,
    Hold,
    Sync,
    at_line,
    stack_here,
    told_stack,
    who,
)
from gosim.leaks.run import Run
from gosim.runtime.traceback import Frame
from gosim.std.shared import Location

__all__ = ["Access", "DataRaces", "Race", "report"]

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
        Locks it held.
    """

    how: str
    name: str
    who: int
    clock: int
    stack: list[Frame]
    held: tuple[Hold, ...]

    @property
    def at(self) -> tuple[str, int]:
        """File and line."""
        return (self.stack[0].file, self.stack[0].line) if self.stack else ("", 0)


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

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON of ``run --race --json``."""
        at = [f"{os.path.basename(file)}:{line}" for file, line in self.places]
        return {"at": at, "text": self.text}


class DataRaces(HappensBefore):
    """Finds the races of one run; a watcher of explorations, and an observer of plain runs, too.

    Attributes
    ----------
    races : list of Race
        One for each pair of places.
    """

    def __init__(self) -> None:
        super().__init__()
        self.races: list[Race] = []
        self._seen: set[tuple[Any, ...]] = set()
        self._variables: dict[Any, dict[tuple[int, str], Access]] = {}

    def findings(self, control: Control, run: Run) -> Iterable[Finding]:
        """Return the races of an execution."""
        for race in self.races:
            places = [f"{os.path.basename(file)}:{line}" for file, line in race.places]
            key = "|".join(f"{file}:{line}" for file, line in race.places)
            yield Finding("data race", key, race.text, tuple(places))

    # -- accesses ---------------------------------------------------------------------------------

    def accessed(self, thing: Any, how: str) -> None:
        """Compare with the accesses before."""
        mine = self.running()
        if mine is None:
            return
        name = ""
        part: Any = "use" if how == "send" else None
        if isinstance(thing, Location):
            thing, part, name = thing.of, thing.part, thing.name
        self._access(mine, thing, part, how, name, stack_here())

    def used(self, mine: Goroutine, ch: Any, how: str, stack: list[Frame]) -> None:
        """A channel is no variable, but it must not be closed while others may send."""
        self._access(mine, ch, "use", how, "", stack)

    def _access(
        self, mine: Goroutine, thing: Any, part: Any, how: str, name: str, stack: list[Frame]
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
        name = race.later.name or race.earlier.name or self.named(thing)
        race.earlier.name, race.later.name = race.earlier.name or name, race.later.name or name
        race.why = self._missing(race)
        race.text = report(race, self.goroutines)
        self.races.append(race)

    # -- in words ---------------------------------------------------------------------------------

    def _missing(self, race: Race) -> str:
        """Say which rule would order the two, if the program kept to it."""
        a, b = race.earlier, race.later
        one, other = self.goroutines[a.who], self.goroutines[b.who]
        texts = [
            *self._locks(a, b, one, other),
            *self._wait_group(a, b),
            *self._order(a, b, one, other),
        ]
        return " ".join(texts)

    def _locks(self, a: Access, b: Access, one: Goroutine, other: Goroutine) -> Iterator[str]:
        if not a.held and not b.held:
            return
        shared = [x.lock for x in a.held if any(x.lock is y.lock for y in b.held)]
        rule = "an Unlock comes before a later Lock of the same mutex, and orders nothing else"
        if shared:
            lock = self.named(shared[0])
            yield (
                f"Both hold {lock}, but only for reading, which several may do at a time: "
                "writing needs Lock."
            )
        elif a.held and b.held:
            x, y = self.named(a.held[-1].lock), self.named(b.held[-1].lock)
            yield (
                f"{who(one, True)} holds {x}{at_line(a.held[-1].at)}, {who(other)} holds "
                f"{y}{at_line(b.held[-1].at)}: {rule}."
            )
        else:
            (has, access), lacks = ((one, a), other) if a.held else ((other, b), one)
            lock = self.named(access.held[-1].lock)
            yield (
                f"{who(has, True)} holds {lock}{at_line(access.held[-1].at)}, {who(lacks)} does "
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

    def _order(self, a: Access, b: Access, one: Goroutine, other: Goroutine) -> Iterator[str]:
        """Say what the later one knows of the earlier one, and what it should have waited for."""
        if a.how not in ("read", "write", "atomic read", "atomic write") or (b.held and a.held):
            return
        x, y = a.how, b.how
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
                f"The go statement{at_line(last.at)} orders what {who(one)} did before it, "
                f"and the {x}{at_line(_first(a))} comes after it."
            )
        elif last is not None and last.how != "go":
            yield (
                f"The last that {who(other)} knows of {who(one)} is "
                f"{self._told(last)}{at_line(last.at)}; the {x} comes after that."
            )
        elif one.parent == other.number:
            yield (
                f"{who(other, True)} started {who(one)} and does not wait for it: the end of "
                "a goroutine is not synchronized before anything."
            )
        if a.held or b.held:
            return
        if after is not None:
            yield (
                f"Nothing orders them: {self._told(after)}{at_line(after.at)} comes after the {x}, "
                f"but {who(other)} has not waited for it; "
                f"{_CURES[after.how].format(thing=self.named(after.thing))} before the {y} would."
            )
        else:
            yield (
                "Nothing orders them: no channel, lock, WaitGroup, Once or atomic comes after the "
                f"{x} and before the {y}, only this schedule has them in this order."
            )

    def _told(self, sync: Sync) -> str:
        text = _RELEASES.get(sync.how, "what it did with {thing}")
        return text.format(thing=self.named(sync.thing) if "{" in text else "")


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


def _first(access: Access) -> Frame | None:
    return access.stack[0] if access.stack else None


def report(race: Race, goroutines: list[Goroutine]) -> str:
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
        lines += told_stack(access.stack)
        lines.append("")
    for number in dict.fromkeys((b.who, a.who)):
        g = goroutines[number]
        if g.number and g.created:
            state = "finished" if g.over else "running"
            lines.append(f"Goroutine {g.id} ({state}) created at:")
            lines += told_stack(g.created)
            lines.append("")
    if race.why:
        lines += wrap(race.why, 96, break_long_words=False, break_on_hyphens=False)
    lines.append("==================")
    return "\n".join(lines) + "\n"
