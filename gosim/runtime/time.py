"""Timers and the calendar (Go: ``runtime/time.go``).

The calendar is a ``simpy.Environment`` in integer nanoseconds.  Only timers live in it; runnable
goroutines live in the run queue.  simpy cannot cancel, so a stopped timer leaves its entry behind
as a *tombstone*: it moves no clock, is no pending timer, and is swept when tombstones outnumber
the living.

A timer that feeds a channel works in one of two ways (``Version.timer_channels_sync``):

- up to Go 1.22 it is always in the calendar, and its channel has a buffer of one that keeps a stale
  value after ``Stop`` and ``Reset``;
- since Go 1.23 it is in the calendar only while a goroutine is blocked on its channel; otherwise it
  is brought up to date when somebody looks at the channel, ``Stop`` and ``Reset`` throw an unread
  value away, and ``len`` and ``cap`` are 0.

Invariants
----------
- ``when > 0`` exactly while the timer runs; ``entry`` is None exactly while it is not in the
  calendar, and then no live entry of it is in simpy's heap.
- A running timer is in the calendar, except one that feeds a channel in the new way: that one must
  be there while a goroutine waits in the channel's queue.
- A timer whose deadline has come fires before any other goroutine runs: one that is started with a
  deadline that is not in the future fires at once.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING, Any, ClassVar, Final

from simpy import Environment

from gosim.runtime.g import G

if TYPE_CHECKING:
    from gosim.runtime.chan import Chan
    from gosim.runtime.proc import World

MAX_WHEN: Final = (1 << 63) - 1
"""The last instant the runtime can name; deadlines beyond it are cut to it."""


class Entry:
    """An event in simpy's calendar that belongs to a timer; a tombstone once ``timer`` is None.

    It is as much of a ``simpy.Event`` as ``Environment.step`` touches, and a third of its cost.
    """

    __slots__ = ("callbacks", "timer")

    _ok: ClassVar[bool] = True

    def __init__(self, callbacks: Any, timer: Timer | None) -> None:
        self.callbacks = callbacks
        self.timer = timer


class Wakeup:
    """The calendar event of one ``time.Sleep``: it is never stopped, so it needs no timer."""

    __slots__ = ("callbacks", "g")

    _ok: ClassVar[bool] = True

    def __init__(self, callbacks: Any, g: G) -> None:
        self.callbacks = callbacks
        self.g = g


class Moment(Wakeup):
    """An instant that ends a stretch of computing; does what its callbacks say."""

    __slots__ = ()


def _fire(entry: Entry) -> None:
    timer = entry.timer
    if timer is not None:
        entry.timer = None
        timer.entry = None
        timer.run()


_FIRE = (_fire,)


class Timer:
    """One runtime timer.

    Attributes
    ----------
    when : int
        Deadline in virtual ns; 0 when the timer is not running.
    period : int
        Distance to the next deadline in ns; 0 for a single shot.
    f : callable
        Called as ``f(timer, delta)`` when it fires, `delta` ns late; must not block.
    arg
        For `f`.
    ch : Chan or None
        The channel it feeds, if any.
    sync : bool
        It feeds a channel in the way of Go 1.23.
    blocked : int
        Goroutines that stopped at that channel and have not run since.
    entry : Entry or None
        Its place in the calendar.
    """

    __slots__ = (
        "__weakref__",
        "arg",
        "heap_block",
        "blocked",
        "ch",
        "entry",
        "f",
        "made_code",
        "made_lasti",
        "period",
        "sync",
        "when",
        "world",
    )

    def __init__(
        self,
        world: World,
        f: Callable[[Timer, int], None],
        arg: Any = None,
        ch: Chan[Any] | None = None,
    ) -> None:
        self.world = world
        self.f = f
        self.arg = arg
        self.ch = ch
        self.sync = ch is not None and world.version.timer_channels_sync
        self.when = 0
        self.period = 0
        self.blocked = 0
        self.entry: Entry | None = None
        self.made_code: Any = None
        self.made_lasti = 0
        if world.policy is not None:
            world.policy.made(self)
        memory = world.memory
        self.heap_block = None if memory is None else memory.timer()
        if ch is not None:
            ch.timer = self

    # -- start, stop, reset ---------------------------------------------------------------------

    def start(self, delay: int, period: int = 0) -> None:
        """Run from now on, with the first deadline `delay` ns from now (``when``, ``modify``)."""
        now: int = self.world.env._now  # type: ignore[assignment]
        when = now + delay if delay > 0 else now
        self.when = when if when < MAX_WHEN else MAX_WHEN
        self.period = period
        if self.world.observers:
            self.world.emit("released", self, "timer")
        if not self.sync or self.blocked > 0:
            if when <= now:
                # Go fires it the next time it schedules, a synctest bubble at once.
                self.run()
            else:
                self._add()

    def stop(self) -> bool:
        """Stop; True if that kept it from firing (since 1.23 also if the value was not read)."""
        pending = self.when > 0
        self.when = 0
        if self.entry is not None:
            self._remove()
        if self.sync:
            buf = self.ch.buf  # type: ignore[union-attr]
            if buf:
                buf.clear()
                return True
        return pending

    def reset(self, delay: int, period: int = 0) -> bool:
        """Start anew with another deadline; the result is that of :meth:`stop`."""
        pending = self.stop()
        self.start(delay, period)
        return pending

    # -- the calendar ---------------------------------------------------------------------------

    def _add(self) -> None:
        entry = self.entry = Entry(_FIRE, self)
        env = self.world.env
        heappush(env._queue, (self.when, 1, next(env._eid), entry))  # type: ignore[misc]

    def _remove(self) -> None:
        assert self.entry is not None
        self.entry.timer = None
        self.entry = None
        self.world.tombstone()

    def run(self) -> None:
        """Fire: the deadline has come (or had come, when it is looked at late)."""
        world = self.world
        delta: int = world.env._now - self.when  # type: ignore[assignment]
        period = self.period
        if period > 0:
            # A late ticker skips the ticks it missed and stays on its grid.
            when = self.when + period * (1 + delta // period)
            self.when = when if when <= MAX_WHEN else 0
        else:
            self.when = 0
        if world.observers:
            world.timer_fired(self)
        self.f(self, delta)
        # Re-armed only if somebody still waits in line: one that was just served and comes back
        # for more puts the ticker into the calendar itself.  Go keeps it there; nobody can tell.
        if self.when > 0 and self.entry is None:
            if not self.sync or self.ch.recvq:  # type: ignore[union-attr]
                self._add()

    # -- what its channel needs -------------------------------------------------------------------

    def maybe_run(self) -> None:
        """Bring the channel up to date before somebody looks at it (``maybeRunChan``)."""
        if self.sync and self.entry is None and 0 < self.when <= self.world.env._now:
            self.run()

    def block(self) -> None:
        """A goroutine has queued at the channel: the timer must be in the calendar."""
        self.blocked += 1
        if self.when > 0 and self.entry is None:
            self._add()

    def unblock(self) -> None:
        """A goroutine no longer blocks on the channel: the timer may leave the calendar."""
        self.blocked -= 1
        if self.sync and self.blocked == 0 and self.entry is not None:
            self._remove()

    def channel_len(self) -> int:
        """Go's ``len`` of the channel."""
        if self.sync:
            return 0
        buf = self.ch.buf if self.ch is not None else None
        return len(buf) if buf else 0

    def channel_cap(self) -> int:
        """Go's ``cap`` of the channel."""
        return 0 if self.sync else 1

    def __gosim_referents__(self) -> Iterable[Any]:
        if self.ch is not None:
            yield self.ch
        yield self.arg
        yield self.heap_block

    def __repr__(self) -> str:
        kind = "ticker" if self.period else "timer"
        return f"{kind} at {self.when} ns" if self.when else f"stopped {kind}"


def offer(ch: Chan[Any], value: Any) -> bool:
    """Send without blocking, as timers do: hand off, else fill the one slot, else drop."""
    world = ch.world
    recvq = ch.recvq
    while recvq:
        sg = recvq.popleft()
        if type(sg) is G:
            g = sg
        elif sg.fired < 0:
            g = sg.g
            sg.fire(ch, False)
        else:
            ch.dead -= 1
            continue
        sg.elem = value
        world.ready(g)
        if world.observers:
            world.emit("channel_sent", ch, value, g)
        return True
    if ch.buf is None:
        ch.buf = deque()
    if len(ch.buf) < ch.cap_:
        ch.buf.append(value)
        if world.observers:
            world.emit("channel_sent", ch, value, None)
        return True
    return False


def fire_due(world: World, instant: int) -> None:
    """Move the clock to `instant`, that of the next event, and fire everything due then."""
    env = world.env
    queue = env._queue
    if type(env) is not Environment:  # one that waits for the wall clock, for example
        while queue and queue[0][0] == instant:
            env.step()
        return
    env._now = instant
    while queue and queue[0][0] == instant:
        event: Any = queue[0][3]
        kind = type(event)
        # What Environment.step would do with our own events, without its detours.
        if kind is Wakeup:
            heappop(queue)
            if world.observers:
                world.emit("timer_fired", event)
                world.ready(event.g)
            else:  # the same, without a call
                previous = world.runnext
                world.runnext = event.g
                if previous is not None:
                    world.runqput(previous)
        elif kind is Entry:
            heappop(queue)
            if event.timer is None:
                world.tombstones -= 1
            else:
                _fire(event)
        else:
            env.step()


def sweep(queue: list[Any]) -> None:
    """Remove the tombstones from simpy's heap."""
    queue[:] = [item for item in queue if not is_tombstone(item[3])]
    heapify(queue)


def is_tombstone(event: Any) -> bool:
    """Whether a calendar event is what a stopped timer left behind."""
    return type(event) is Entry and event.timer is None
