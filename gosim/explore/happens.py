"""What happens before what by Go's memory model, in one execution.

A vector clock for each goroutine, and one for each thing that synchronises. Only what the memory
model names makes one event happen before another: the ``go`` statement, channels (a send before its
receive completes, the k-th receive before send k + cap completes, a close before the receive that
sees it), unlock before a later lock, ``Once``, ``Done`` before ``Wait`` returns, atomics, timers,
``Cond``, the maps and pools of ``sync``, contexts, semaphores. The end of a goroutine orders
nothing, and neither does the order in which a schedule happens to do things.

Where Go's race detector orders more than the memory model asks for, because it keeps one clock
where there could be several, this follows the memory model.
"""

from __future__ import annotations

import gc
import sys
from dataclasses import dataclass, field
from inspect import CO_COROUTINE, CO_GENERATOR
from types import FrameType
from typing import Any, ClassVar, Final

from gosim.explore.search import Watcher
from gosim.golang.values.structs import Struct
from gosim.leaks.names import Code, name_of
from gosim.runtime.chan import Chan
from gosim.runtime.g import G
from gosim.runtime.time import Timer
from gosim.runtime.traceback import (
    Frame,
    frames,
    function_name,
    is_runtime_file,
    running_frames,
)
from gosim.std.shared import Location
from gosim.std.sync import Cond, Once

__all__ = [
    "Goroutine",
    "HappensBefore",
    "Hold",
    "Sync",
    "at_line",
    "stack_here",
    "told_stack",
    "who",
]

Clock = dict[int, int]
_SUSPENDS: Final = CO_COROUTINE | CO_GENERATOR
_LOCKS: Final = {"lock": "lock", "trylock": "lock", "rlock": "rlock", "tryrlock": "rlock"}


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
class Hold:
    """A lock that a goroutine holds.

    Attributes
    ----------
    lock
    how : str
        ``"lock"`` or ``"rlock"``.
    at : Frame or None
        Where it was taken.
    """

    lock: Any
    how: str
    at: Frame | None


@dataclass(slots=True)
class Goroutine:
    """What is known of a goroutine."""

    number: int
    id: int
    clock: Clock
    parent: int = -1
    created: list[Frame] = field(default_factory=list)
    over: bool = False
    held: list[Hold] = field(default_factory=list)
    #: What it did that others could know of, the n-th at clock n.
    syncs: list[Sync] = field(default_factory=list)


class HappensBefore(Watcher):
    """Keeps the clocks of an execution, of exploration or plain."""

    #: Whether an unlock comes before the next lock.
    locks_order: ClassVar[bool] = True
    #: Whether it matters where things were done (of locks it always does).
    places: ClassVar[bool] = True

    def __init__(self) -> None:
        self.goroutines: list[Goroutine] = []
        self._world: Any = None
        self._known: dict[G, Goroutine] = {}
        self._clocks: dict[Any, Clock] = {}
        self._counts: dict[int, list[int]] = {}
        self._alive: list[Any] = []  # things keep their ids
        self._fired: Clock = {}

    # -- goroutines -------------------------------------------------------------------------------

    def run_started(self, world: Any) -> None:
        """Remember the world."""
        self._world = world

    def goroutine_created(self, g: G, by: G | None) -> None:
        """The ``go`` statement comes before what the goroutine does."""
        number = len(self.goroutines)
        if by is None:
            clock = dict(self._fired)
            made = Goroutine(number, g.id, clock)
        else:
            parent = self.of(by)
            stack = stack_here()
            clock = self.release(parent, "go", g, stack[0] if stack else None)
            made = Goroutine(number, g.id, dict(clock), parent.number, stack)
        made.clock[number] = 0
        self.goroutines.append(made)
        self._known[g] = made

    def goroutine_ended(self, g: G, how: str) -> None:
        """Nobody learns anything from that."""
        if g in self._known:
            self._known[g].over = True

    def goroutine_readied(self, g: G, by: G | None) -> None:
        """``Signal`` and ``Broadcast`` come before the ``Wait`` that they end."""
        if by is not None and isinstance(g.waiting, Cond):
            mine, other = self.of(by), self.of(g)
            clock = self.release(mine, "cond", g.waiting, self._here())
            self.learn(other, clock)

    def of(self, g: G) -> Goroutine:
        found = self._known.get(g)
        if found is None:
            found = self._known[g] = Goroutine(
                len(self.goroutines), g.id, {len(self.goroutines): 0}
            )
            self.goroutines.append(found)
        return found

    def running(self) -> Goroutine | None:
        g = self._world.g if self._world is not None else None
        return None if g is None else self.of(g)

    def _here(self, always: bool = False) -> Frame | None:
        return _innermost() if always or self.places else None

    # -- clocks -----------------------------------------------------------------------------------

    def release(self, mine: Goroutine, how: str, thing: Any, at: Frame | None) -> Clock:
        """Return what others may know now; what comes after it is another time."""
        n = mine.clock[mine.number] + 1
        snapshot = dict(mine.clock)
        mine.syncs.append(Sync(how, thing, at))
        mine.clock[mine.number] = n
        return snapshot

    def learn(self, mine: Goroutine, clock: Clock) -> None:
        """Know what another one did."""
        own = mine.clock
        for number, n in clock.items():
            if number != mine.number and own.get(number, -1) < n:
                own[number] = n

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
        mine = self.running()
        if mine is None:
            return
        if how == "bubble":  # synctest.Wait: all others of the bubble wait, or have ended
            for other in self.goroutines:
                if other is not mine and other.id >= part:
                    self.learn(mine, self.release(other, how, thing, None))
            return
        lock = _LOCKS.get(how)
        if lock is None or self.locks_order or isinstance(thing, Once):
            thing, part = _place(thing, part)
            self.learn(mine, self._clocks[self._key(thing, ("w", part))])
            if lock == "lock":
                self.learn(mine, self._clocks[self._key(thing, ("r", part))])
        if lock is not None:
            hold = Hold(thing, lock, self._here(True))
            self.locked(mine, hold, how == lock)
            mine.held.append(hold)

    def released(self, thing: Any, how: str, part: Any = None) -> None:
        """Let others know."""
        mine = self.running()
        if mine is None:
            if isinstance(thing, Timer):
                self._clocks[self._key(thing, ("w", part))] = {}
            return
        thing, part = _place(thing, part)
        if how in _LOCKS:
            self._give_back(mine, thing, how)
            if not self.locks_order and not isinstance(thing, Once):
                return
        key = self._key(thing, ("r" if how == "rlock" else "w", part))
        if how in ("lock", "timer", "atomic store"):  # nobody sees what was released before
            self._clocks[key] = {}
        self._merge(key, self.release(mine, how, thing, self._here()))

    def _give_back(self, mine: Goroutine, lock: Any, how: str) -> None:
        for owner in (mine, *self.goroutines):
            for i in range(len(owner.held) - 1, -1, -1):
                if owner.held[i].lock is lock and owner.held[i].how == how:
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
                self.learn(self.of(to), clock)
            else:
                key = self._key(ch, 0)
                self._clocks[key] = dict(clock)
            return
        mine = self.running()
        if mine is None:
            return
        at = self._here()
        self._uses(mine, ch, "send")
        if ch.cap_ == 0:
            if to is not None:
                self._meet(mine, self.of(to), ch, at)
            return
        counts = self._counts.setdefault(id(ch), [0, 0])
        self._slot(mine, ch, counts[0], "send", at)
        counts[0] += 1
        if to is not None:
            self._slot(self.of(to), ch, counts[1], "recv", None)
            counts[1] += 1

    def channel_received(self, ch: Any, value: Any, sender: G | None, ok: bool) -> None:
        """A receive comes before the send completes that needs its room."""
        mine = self.running()
        if mine is None:
            return
        at = self._here()
        if not ok:
            self.learn(mine, self._clocks[self._key(ch, "close")])
        elif ch.timer is not None:
            self.learn(mine, self._clocks[self._key(ch, 0)])
        elif ch.cap_ == 0:
            if sender is not None:
                self._uses(self.of(sender), ch, "send")
                self._meet(self.of(sender), mine, ch, at)
        else:
            counts = self._counts.setdefault(id(ch), [0, 0])
            self._slot(mine, ch, counts[1], "recv", at)
            counts[1] += 1
            if sender is not None:
                self._uses(self.of(sender), ch, "send")
                self._slot(self.of(sender), ch, counts[0], "send", None)
                counts[0] += 1

    def channel_closed(self, ch: Any, released: tuple[G, ...]) -> None:
        """A close comes before the receive that sees it."""
        mine = self.running()
        if mine is None:
            return
        at = self._here()
        self._uses(mine, ch, "close")
        key = self._key(ch, "close")
        self._merge(key, self.release(mine, "close", ch, at))
        for g in released:
            self.learn(self.of(g), self._clocks[key])

    def _uses(self, mine: Goroutine, ch: Any, how: str) -> None:
        if not self.places:
            return
        stack = stack_here() if mine is self.running() else []
        if not stack and (at := where(mine, self)) is not None:
            stack = [at]
        self.used(mine, ch, how, stack)

    def _meet(self, sender: Goroutine, receiver: Goroutine, ch: Any, at: Frame | None) -> None:
        running = self.running()
        sent = self.release(sender, "send", ch, at if sender is running else where(sender, self))
        received = self.release(
            receiver, "recv", ch, at if receiver is running else where(receiver, self)
        )
        self.learn(receiver, sent)
        self.learn(sender, received)

    def _slot(self, mine: Goroutine, ch: Any, n: int, how: str, at: Frame | None) -> None:
        key = self._key(ch, n % ch.cap_)
        self.learn(mine, self._clocks[key])
        self._clocks[key] = self.release(mine, how, ch, at)

    # -- for those who look for something ---------------------------------------------------------

    def locked(self, mine: Goroutine, hold: Hold, waits: bool) -> None:
        """A goroutine takes a lock; what it holds already is in ``mine.held``."""

    def used(self, mine: Goroutine, ch: Any, how: str, stack: list[Frame]) -> None:
        """A goroutine sends on a channel, or closes it."""

    def named(self, thing: Any) -> str:
        name = getattr(thing, "name", None)
        if isinstance(name, str) and name:
            return name
        codes = {code: None for g in self._known if (code := g.go_code) is not None}
        made = getattr(thing, "made_code", None)
        if made is not None:
            codes[made] = None
        found = name_of(thing, Code(codes=codes))
        if found is not None:
            return found
        field = _field_of(thing)
        if field is not None:
            return field
        return "a channel" if isinstance(thing, Chan) else f"a {type(thing).__name__}"


def _field_of(thing: Any) -> str | None:
    """Return what a field of a Go struct is called that holds a lock or a channel."""
    names = {
        f"{type(of).__name__.rpartition('.')[2]}.{slot}"
        for of in gc.get_referrers(thing)
        if isinstance(of, Struct)
        for slot in type(of).__slots__
        if getattr(of, slot, None) is thing
    }
    return min(names, default=None)


def stack_here() -> list[Frame]:
    """Return the stack of the goroutine that runs, below what tells observers."""
    return running_frames(_below())


def _innermost() -> Frame | None:
    """Return the first of these frames, at less cost."""
    frame = _below()
    while frame is not None:
        code = frame.f_code
        if not is_runtime_file(code.co_filename):
            return Frame(function_name(code), code.co_filename, frame.f_lineno)
        frame = frame.f_back
    return None


def _below() -> FrameType | None:
    frame: FrameType | None = sys._getframe(2)
    while frame is not None and not frame.f_code.co_flags & _SUSPENDS:
        if not is_runtime_file(frame.f_code.co_filename):
            break
        frame = frame.f_back
    return frame


def _place(thing: Any, part: Any) -> tuple[Any, Any]:
    """Return the object and the part of it that a place is."""
    return (thing.of, thing.part) if isinstance(thing, Location) else (thing, part)


def where(g: Goroutine, watcher: HappensBefore) -> Frame | None:
    """Return where a goroutine waits that is not running."""
    for each, known in watcher._known.items() if watcher.places else ():
        if known is g:
            stack = frames(each)
            return stack[0] if stack else None
    return None


def at_line(frame: Frame | None) -> str:
    """Return `` at file.go:7``, or nothing."""
    if frame is None:
        return ""
    return f" at {frame.file.replace(chr(92), '/').rpartition('/')[2]}:{frame.line}"


def who(g: Goroutine, begins: bool = False) -> str:
    """Return what a goroutine is called in a sentence."""
    if g.number == 0:
        return "The main goroutine" if begins else "the main goroutine"
    return f"{'G' if begins else 'g'}oroutine {g.id}"


def told_stack(stack: list[Frame]) -> list[str]:
    """Return the lines of a stack in Go's race reports."""
    lines = []
    for frame in stack:
        lines += [f"  {frame.function}()", f"      {frame.file}:{frame.line}"]
    return lines
