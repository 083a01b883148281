"""Loops that come back to where they were, so that exploration ends; livelock and starvation.

A goroutine that polls (an atomic load, ``TryLock``, a ``select`` with ``default``, ``Gosched`` in a
loop) can go round for ever. When it comes to a place where it has been, with the same values in its
variables, and everything that it touched in between is as it was, going round once more can change
nothing for anybody. From then on it waits there, as if it had a condition variable, until somebody
else changes what it touched. So the search stays finite, and complete for all the rest.

*Livelock*: nobody can go on but those who go round. They do so for ever, in every schedule that is
only as fair as that who can always go on goes on at some time (weak fairness).

*Starvation*: one who goes round takes a lock for which somebody else waits, and all who can always
go on go round, too. A scheduler that is only weakly fair lets the other one never in.
"""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat
from types import (
    AsyncGeneratorType,
    BuiltinFunctionType,
    CellType,
    CodeType,
    CoroutineType,
    FunctionType,
    GeneratorType,
    MethodType,
    ModuleType,
)
from typing import TYPE_CHECKING, Any, Final

from gosim.explore.dependence import changes
from gosim.explore.step import CLOCK, STDOUT, Label, Step
from gosim.leaks.bytecode import in_loop
from gosim.runtime.chan import Chan
from gosim.runtime.g import G, Select
from gosim.runtime.proc import World
from gosim.runtime.time import Timer
from gosim.runtime.traceback import frames, user_place
from gosim.std.primitive import Primitive
from gosim.std.shared import Location

if TYPE_CHECKING:
    from gosim.explore.control import Control

__all__ = ["Progress", "Round"]

_MOST: Final = 2_000
"""Values that are looked at to compare two states; a larger state is taken for a new one."""
_GIVES: Final = frozenset(("unlock", "wunlock", "runlock"))
_TAKES: Final = frozenset(("lock", "wlock", "rlock", "try+"))
_OBJECTS: Final = 200
"""Objects that are looked at to compare the states of everything."""
_LOOK_NS: Final = 10_000_000
"""How much time passes for a goroutine that only looks at the clock, at first."""


@dataclass(slots=True)
class Round:
    """A way that a goroutine goes again and again.

    Attributes
    ----------
    who : str
    label : Label
        Its first step.
    steps : list of int
        The indices of its steps.
    keys : frozenset of str
        What they touch.
    place : tuple
        File and line where it begins.
    text : str
        The steps in words.
    group : tuple of str
        Those who go round together, if one alone would not.
    """

    who: str
    label: Label
    steps: list[int]
    keys: frozenset[str]
    state: Any
    place: tuple[Any, Any]
    text: str = ""
    group: tuple[str, ...] = ()


class Progress:
    """Watches a run for goroutines that do not get on.

    Attributes
    ----------
    withheld : dict of str to Round
        Who waits for a change, and the way it would go otherwise.
    findings : list of dict
        ``kind`` (``livelock`` or ``starvation``), ``text``, ``at``, ``goroutine``.
    clock_read : bool
        The step under way has looked at the clock.
    """

    def __init__(self, control: Control) -> None:
        self.control = control
        self.withheld: dict[str, Round] = {}
        self.findings: list[dict[str, Any]] = []
        self.clock_read = False
        self._own: dict[str, list[int]] = {}
        self._visits: dict[str, dict[Any, tuple[int, int, Any]]] = {}
        self._times: dict[str, int] = {}
        self._clock: set[int] = set()
        # Kept with the strategy: the next execution has the same code.
        kept = control.strategy.__dict__
        self._looping: dict[tuple[CodeType, int], bool] = kept.setdefault("_looping", {})
        self._pushes: dict[str, int] = {}
        self._goroutines: dict[str, G] = {}
        self._wholes: dict[Any, int] = {}
        self._put_off: dict[str, int] = {}

    # ---- what the control asks ----

    def allowed(self, labels: Sequence[Label]) -> list[Label]:
        """Return the steps that may be taken: not those that lead round once more."""
        rounds = {each.label for each in self.withheld.values()}
        return [label for label in labels if label not in rounds]

    def suspects(self, who: Sequence[str]) -> bool:
        """Whether what these do should be told, because they have been where they are."""
        return any(name in self._visits for name in who)

    def forget(self, who: str) -> None:
        """Hear that somebody goes on who was withheld."""
        self.withheld.pop(who, None)

    def took(self, step: Step) -> None:
        """Hear of a step; let those go on for whom it has changed something."""
        index = len(self.control.steps) - 1
        for name in step.who:
            self._own.setdefault(name, []).append(index)
        if self.clock_read:
            self._clock.add(index)
        if not self.withheld:
            return
        changed = {key for key, mode in step.accesses if changes(mode)}
        for who, each in list(self.withheld.items()):
            if who in step.who or any(name in each.group for name in step.who):
                continue
            if not changed.isdisjoint(each.keys) or self._state(self._goroutines[who]) != (
                each.state
            ):
                self._release(who, step)

    def _release(self, who: str, step: Step) -> None:
        del self.withheld[who]
        operation = self.control.announced_by(who)
        operation.arrival |= step.before
        # What it does next is new, although it is where it was.
        self._visits.pop(who, None)

    # ---- coming round ----

    def came(self, g: G, who: str) -> None:
        """Hear that a goroutine stands before its next step."""
        if not self._comes_again(g):
            return
        self._goroutines[who] = g
        state = self._state(g)
        if state is None:
            return
        own = self._own.get(who, [])
        visits = self._visits.setdefault(who, {})
        earlier = visits.get(state)
        if earlier is None or earlier[0] == len(own):
            visits[state] = len(own), len(self.control.steps), None
            return
        steps = own[earlier[0] :]
        keys = self._same(steps, earlier)
        if keys is None:
            self._together()
            return
        things = self._things(keys)
        visits[state] = len(own), len(self.control.steps), things
        pure = not any(changes(mode) for i in steps for _, mode in self.control.steps[i].accesses)
        if not pure and (earlier[2] is None or earlier[2] != things or things is None):
            self._together()
            return
        if any(i in self._clock for i in steps):
            # It waits for time to pass, which takes none by itself.
            n = self._pushes[who] = self._pushes.get(who, 0) + 1
            self.control.timers.push(who, _LOOK_NS << min(n, 40))
            visits.clear()
            return
        if self._holds(steps) and self._waits(who, len(steps)):
            return
        self._put_off.pop(who, None)
        label = self.control.steps[steps[0]].label
        place = user_place(frames(g))
        made = Round(who, label, steps, frozenset(keys), state, place, self._told(steps))
        self.withheld[who] = made
        operation = self.control.announced_by(who)
        operation.spins = True
        self._look_for_the_starving(made)

    def _holds(self, steps: list[int]) -> bool:
        """Whether one who waits before these steps would keep a lock that it gives back in them."""
        seen: set[str] = set()
        for i in steps:
            for key, mode in self.control.steps[i].accesses:
                if key not in seen and mode[0] in _GIVES:
                    return True
                seen.add(key)
        return False

    def _waits(self, who: str, most: int) -> bool:
        """Let somebody go on to a better place to wait at, unless there is none in a round."""
        n = self._put_off[who] = self._put_off.get(who, 0) + 1
        return n <= most + 1

    def _together(self) -> None:
        """See whether all are where they have been: several may go round together."""
        control = self.control
        if len(control.things) > _OBJECTS:
            return
        here = self._whole()
        if here is None:
            return
        first = self._wholes.get(here)
        self._wholes[here] = now = len(control.steps)
        if first is None:
            return
        window = control.steps[first:]
        for step in window:
            if step.born or any(key == STDOUT for key, _ in step.accesses):
                return
        keys = frozenset(key for step in window for key, _ in step.accesses)
        group = tuple(dict.fromkeys(name for step in window for name in step.who))
        by_name = {control.names[g]: g for g in control.goroutines()}
        for who in group if len(by_name) > len(group) else ():
            steps = [i for i in range(first, now) if who in control.steps[i].who]
            if self._holds(steps) and self._waits(who, now - first):
                return
        for who in group:
            g = by_name.get(who)
            if g is None or who in self.withheld:
                continue
            steps = [i for i in range(first, now) if who in control.steps[i].who]
            label = control.steps[steps[0]].label
            place = user_place(frames(g))
            self._goroutines[who] = g
            state = self._state(g)
            each = Round(who, label, steps, keys, state, place, self._told(steps), group)
            self.withheld[who] = each
            control.announced_by(who).spins = True

    def _whole(self) -> Any:
        """Return the state of everything; None if it cannot be told."""
        control = self.control
        states = []
        for g in control.goroutines():
            state = self._state(g)
            if state is None:
                return None
            states.append((control.names[g], state))
        things = self._things(set(control.things))
        return None if things is None else (tuple(sorted(states, key=lambda s: s[0])), things)

    def _comes_again(self, g: G) -> bool:
        """Whether the place where a goroutine stands is in a loop."""
        at: Any = g.coro
        known = self._looping
        while at is not None:
            if type(at) is CoroutineType:
                frame, inner = at.cr_frame, at.cr_await
            elif type(at) is GeneratorType:
                frame, inner = at.gi_frame, at.gi_yieldfrom
            else:
                return True
            if frame is None:
                return False
            here = frame.f_code, frame.f_lasti
            loops = known.get(here)
            if loops is None:
                loops = known[here] = in_loop(*here)
            if loops:
                return True
            at = inner
        return False

    def _same(self, steps: list[int], earlier: tuple[int, int, Any]) -> set[str] | None:
        """Return what a way round has touched; None if it is not one, or others had a hand in it.

        A goroutine that was started, or woken, and everything printed is new each time.
        """
        all_steps = self.control.steps
        keys: set[str] = set()
        for i in steps:
            step = all_steps[i]
            if step.born or step.wakes or (step.label.partner and not step.label.timer):
                return None
            for key, _ in step.accesses:
                if key == STDOUT:
                    return None
                keys.add(key)
        mine = set(steps)
        for i in range(earlier[1], len(all_steps)):
            if i in mine:
                continue
            for key, mode in all_steps[i].accesses:
                if key in keys and changes(mode):
                    return None
        return keys

    # ---- the end ----

    def _timed(self, each: Round) -> bool:
        """Whether a timer comes in a round."""
        return any(self.control.steps[i].label.timer for i in each.steps)

    def stuck(self) -> str:
        """Only those who go round could go on; return what that is called.

        Who waits for a timer in each round, such as a ticker's, does not keep anybody busy: then
        the run is ``endless``.
        """
        endless = all(map(self._timed, self.withheld.values()))
        if endless:
            return "endless"
        for who, each in sorted(self.withheld.items()):
            file, line = each.place
            others = [name for name in sorted(self.withheld) if name != who]
            with_whom = f", as do {' and '.join(others)}" if others else ""
            self.findings.append(
                {
                    "kind": "livelock",
                    "text": f"{who} goes round for ever{with_whom}: {each.text}; "
                    "nobody is left who could change what it looks at",
                    "at": f"{file}:{line}",
                    "goroutine": who,
                }
            )
        return "livelock"

    def _told(self, steps: list[int]) -> str:
        words = []
        for i in steps:
            step = self.control.steps[i]
            line = f" (line {step.place[1]})" if step.place and step.place[1] else ""
            words.append(f"{step.text or 'goes on'}{line}")
        return ", ".join(words) + ", and again"

    def _look_for_the_starving(self, made: Round) -> None:
        """Note who can go on now and then, but not while one who goes round has what it needs."""
        control = self.control
        taken = {
            key for i in made.steps for key, mode in control.steps[i].accesses if mode[0] in _TAKES
        }
        if not taken or self._timed(made):
            return
        waiting = []
        for who, operation in control.operations.items():
            if who == made.who or who.startswith(CLOCK):
                continue
            wants = [key for key, mode in operation.wanted if mode[0] in ("lock", "wlock", "rlock")]
            if any(key in taken for key in wants):
                if operation.came <= made.steps[0]:
                    waiting.append((who, wants[0]))
            elif who not in self.withheld and control.can_go_on(who):
                return  # it can always go on, and will
        for who, key in waiting:
            file, line = made.place
            thing = control.things[key]
            handed = type(thing).__name__ == "Mutex"
            self.findings.append(
                {
                    "kind": "starvation",
                    "text": f"{who} waits for {thing!r} and may never get it: {made.who} takes it "
                    f"again and again: {made.text}"
                    + ("; Go hands a mutex over after 1 ms of waiting" if handed else ""),
                    "at": f"{file}:{line}",
                    "goroutine": who,
                }
            )

    # ---- states ----

    def _state(self, g: G) -> Any:
        """Return the place and the values of a goroutine; None if they cannot be told."""
        try:
            return _Reader().read(g.coro), _names(g.pending)
        except _Unknown:
            return None

    def _things(self, keys: set[str]) -> Any:
        """Return the states of objects; None if they cannot be told."""
        try:
            reader = _Reader()
            return tuple(
                (key, reader.object(self.control.things[key]))
                for key in sorted(keys)
                if key in self.control.things
            )
        except _Unknown:
            return None


def _names(pending: Any) -> Any:
    """Return what a goroutine is about to do, without the values it would send."""
    if pending is None:
        return None
    return pending[0], tuple(
        (id(p.of), p.part) if type(p) is Location else id(p[0]) if type(p) is tuple else id(p)
        for p in pending[1:]
    )


class _Unknown(Exception):
    """A state cannot be compared."""


_PLAIN: Final = frozenset((int, float, complex, str, bytes, bool, type(None), type(...)))
_FIXED: Final = (
    CodeType,
    ModuleType,
    FunctionType,
    BuiltinFunctionType,
    MethodType,
    type,
    World,
    Chan,
    Primitive,
    Timer,
    G,
)


class _Reader:
    """Makes values comparable: by content what can change, by identity what is watched anyway."""

    def __init__(self) -> None:
        self.left = _MOST
        self.seen: dict[int, int] = {}

    def read(self, value: Any) -> Any:
        kind = type(value)
        if kind in _PLAIN:
            return kind.__name__, value
        if kind in (FunctionType, MethodType):
            cells = getattr(value, "__closure__", None) or ()
            return kind.__name__, id(getattr(value, "__code__", value)), *map(self.read, cells)
        if isinstance(value, _FIXED):
            return kind.__name__, id(value)
        number = self.seen.get(id(value))
        if number is not None:
            return "again", number
        self.left -= 1
        if self.left < 0:
            raise _Unknown
        self.seen[id(value)] = len(self.seen)
        if kind in (list, tuple, deque):
            return kind.__name__, *map(self.read, value)
        if kind is dict:
            return kind.__name__, *((self.read(k), self.read(v)) for k, v in value.items())
        if kind in (set, frozenset):
            return kind.__name__, frozenset(map(self.read, value))
        if kind is CellType:
            try:
                return "cell", self.read(value.cell_contents)
            except ValueError:
                return ("cell",)
        if kind in (CoroutineType, GeneratorType, AsyncGeneratorType):
            return self._suspended(value, kind)
        if kind is Select:
            return "select", id(value)
        if kind is Location:
            return "variable", id(value.of), value.part
        if kind is repeat:
            return ("turns",)  # of a loop in compiled Go, which are counted for nothing
        return self.object(value)

    def _suspended(self, value: Any, kind: type) -> Any:
        frame = getattr(value, "cr_frame", None) or getattr(value, "gi_frame", None)
        if frame is None:
            if kind is AsyncGeneratorType:
                raise _Unknown
            return kind.__name__, "over"
        held = [
            self.read(each)
            for each in gc.get_referents(value)
            if each is not frame and type(each) is not dict
        ]
        dicts = [
            self.read(each)
            for each in gc.get_referents(value)
            if type(each) is dict and each is not frame.f_globals and each is not frame.f_builtins
        ]
        return kind.__name__, id(frame.f_code), frame.f_lasti, tuple(held), tuple(dicts)

    def object(self, value: Any) -> Any:
        """Return an object by what it holds."""
        kind = type(value)
        if not kind.__flags__ & 1 << 9:  # not a class of Python's: what it holds may be hidden
            try:
                made = value.__reduce__()
            except Exception:
                raise _Unknown from None
            if type(made) is not tuple:
                raise _Unknown
            return kind.__name__, *map(self.read, made[1:])
        found = []
        for base in kind.__mro__:
            for slot in base.__dict__.get("__slots__", ()):
                if slot in ("__weakref__", "__dict__", "world"):
                    continue
                found.append(self.read(getattr(value, slot, None)))
        inner = getattr(value, "__dict__", None)
        if inner:
            found.append(self.read(inner))
        for base in (list, dict, set, tuple, deque):
            if isinstance(value, base):
                found.append(self.read(base(value)))
        return kind.__name__, id(value), tuple(found)
