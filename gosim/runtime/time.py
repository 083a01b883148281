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
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from heapq import heapify
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from gosim.runtime.chan import Chan
    from gosim.runtime.g import G
    from gosim.runtime.proc import World

MAX_WHEN = (1 << 63) - 1
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
        Called as ``f(arg, delta)`` when it fires, `delta` ns late; must not block.
    ch : Chan or None
        The channel it feeds, if any.
    blocked : int
        Goroutines blocked on that channel (used since Go 1.23).
    entry : Entry or None
        Its place in the calendar.
    """

    __slots__ = (
        "__weakref__",
        "arg",
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
        f: Callable[[Any, int], None],
        arg: Any,
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
        if ch is not None:
            ch.timer = self

    # -- start, stop, reset ---------------------------------------------------------------------

    def start(self, when: int, period: int = 0) -> None:
        """Run from now on, with the first deadline at `when`."""
        self.when = min(max(when, 1), MAX_WHEN)
        self.period = period
        self._add_if_needed()

    def stop(self) -> bool:
        """Stop; True if that kept it from firing (since 1.23 also if the value was not read)."""
        self.maybe_run()
        pending = self.when > 0
        self.when = 0
        self._remove()
        return self._drain() or pending

    def reset(self, when: int, period: int = 0) -> bool:
        """Start anew with another deadline; the result is that of :meth:`stop`."""
        pending = self.stop()
        self.start(when, period)
        return pending

    def _drain(self) -> bool:
        """Throw an unread value away (1.23)."""
        if self.sync and self.ch is not None and self.ch.buf:
            self.ch.buf.clear()
            return True
        return False

    # -- the calendar ---------------------------------------------------------------------------

    def _add_if_needed(self) -> None:
        if self.when > 0 and self.entry is None and (not self.sync or self.blocked > 0):
            self.entry = Entry(_FIRE, self)
            self.world.schedule(self.entry, self.when)

    def _remove(self) -> None:
        if self.entry is not None:
            self.entry.timer = None
            self.entry = None
            self.world.tombstone()

    def run(self) -> None:
        """Fire: the deadline has come (or had come, when it is looked at late)."""
        now = self.world.now
        delta = now - self.when
        if self.period > 0:
            # A late ticker skips the ticks it missed.
            self.when += self.period * (1 + delta // self.period)
            self._add_if_needed()
        else:
            self.when = 0
        self.world.timer_fired(self)
        self.f(self.arg, delta)

    # -- what its channel needs -------------------------------------------------------------------

    def maybe_run(self) -> None:
        """Bring the channel up to date before somebody looks at it (``maybeRunChan``)."""
        if self.sync and self.entry is None and 0 < self.when <= self.world.now:
            self.run()

    def block(self) -> None:
        """A goroutine is about to block on the channel: the timer must be in the calendar."""
        self.blocked += 1
        if self.sync:
            self._add_if_needed()

    def unblock(self) -> None:
        """A goroutine no longer blocks on the channel: the timer may leave the calendar."""
        self.blocked -= 1
        if self.sync and self.blocked == 0:
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
        yield self.f
        yield self.arg

    def __repr__(self) -> str:
        kind = "ticker" if self.period else "timer"
        return f"{kind} at {self.when} ns" if self.when else f"stopped {kind}"


def offer(ch: Chan[Any], value: Any) -> bool:
    """Send without blocking, as timers do: hand off, else fill the one slot, else drop."""
    recvq = ch.recvq
    while recvq:
        sg = recvq.popleft()
        if sg.select is None:
            sg.elem = value
            ch.world.ready(sg)
        elif sg.select.fired is None:
            sg.select.fire(sg, value)
            ch.world.ready(sg.select.g)
        else:
            ch.dead -= 1
            continue
        return True
    if ch.buf is None:
        ch.buf = deque()
    if len(ch.buf) < ch.cap_:
        ch.buf.append(value)
        return True
    return False


def sweep(queue: list[Any]) -> None:
    """Remove the tombstones from simpy's heap."""
    queue[:] = [item for item in queue if not is_tombstone(item[3])]
    heapify(queue)


def is_tombstone(event: Any) -> bool:
    """Whether a calendar event is what a stopped timer left behind."""
    return type(event) is Entry and event.timer is None
