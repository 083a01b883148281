"""Sleeping, clocks, timers and tickers (Go: ``sleep.go``, ``tick.go``).

A timer sends the instant at which it expired, however late that is read.  What ``stop`` and
``reset`` do with a value that nobody has read yet, and what ``len`` and ``cap`` of the channel say,
changed with Go 1.23; both ways are described in :mod:`gosim.runtime.time`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Coroutine
from inspect import CO_COROUTINE
from types import FrameType
from typing import TYPE_CHECKING, Any, ClassVar

from gosim.runtime import current
from gosim.runtime import time as rtime
from gosim.runtime.current import current_world
from gosim.runtime.errors import UsageError
from gosim.runtime.forms import OBSERVED, Op, in_form, invoke, operation, two_forms
from gosim.runtime.panic import caller_line, gopanic
from gosim.runtime.traceback import go_name
from gosim.runtime.tracked import watch
from gosim.std.time.duration import Duration
from gosim.std.time.instant import Time

if TYPE_CHECKING:
    from gosim.runtime.chan import Chan
    from gosim.runtime.proc import World

_getframe = sys._getframe

_UNITS = (("Second", 10**9), ("Millisecond", 10**6), ("Microsecond", 10**3), ("Nanosecond", 1))


def _ns(what: str, d: object) -> int:
    """Return a duration as a plain int, the only kind of number the calendar gets to see."""
    if isinstance(d, int):
        return int(d)
    hint = "500 * time.Millisecond"
    if isinstance(d, float) and 1e-9 <= abs(d) < 1e9:
        ns = round(d * 1e9)
        unit, size = next((unit, size) for unit, size in _UNITS if ns % size == 0)
        hint = f"{ns // size} * time.{unit} for {d!r} seconds"
    raise UsageError(
        f"time.{what}: durations are whole nanoseconds, not {d!r}; write {hint}", *caller_line()
    )


def sleep(d: int) -> Any:
    """Pause the goroutine for `d` ns of virtual time; not at all if `d` <= 0 (``time.Sleep``).

    Raises
    ------
    UsageError
        When `d` is not a whole number: ``sleep(0.5)``.
    """
    if d.__class__ is not int:
        d = _ns("sleep", d)
    w = current.world or current_world("time.sleep()")
    if w.complaints is not None:
        return watch(w.sleep(d), "sleep", w)
    return w.sleep(d)


# -- clocks ---------------------------------------------------------------------------------------


def now() -> Time:
    """Return the virtual time; it stands still while goroutines run (``time.Now``).

    A loop that only reads the clock does end: after 10 000 reads time is pushed on to the next
    timer, and the run notes the line.
    """
    w = current.world or current_world("time.now()")
    w.poll()
    if w.policy is not None:
        w.policy.looked(None)
    return Time(w.env._now)  # type: ignore[arg-type]


def since(t: Time) -> Duration:
    """Return the virtual time that has passed since `t` (``time.Since``)."""
    return now().sub(t)


def until(t: Time) -> Duration:
    """Return the virtual time until `t` (``time.Until``)."""
    return t.sub(now())


# -- timers ---------------------------------------------------------------------------------------


def _send_time(timer: rtime.Timer, delta: int) -> None:
    rtime.offer(timer.ch, Time(timer.world.env._now - delta))  # type: ignore[arg-type]


def feed(w: World, d: int, period: int, frame: FrameType | None) -> rtime.Timer:
    """Start a timer that sends the time to a channel of its own, made at `frame`."""
    ch = w.Chan(w, Time, 1)
    timer = rtime.Timer(w, _send_time, None, ch)
    if frame is not None:
        ch.made_code = timer.made_code = frame.f_code
        ch.made_lasti = timer.made_lasti = frame.f_lasti
    timer.start(d, period)
    return timer


async def _call(function: Callable[[], Any]) -> None:
    call: Any = _invoked(function)
    await call


@operation
def _invoked(function: Callable[[], Any]) -> Op:
    yield from invoke(function)


def coroutine_of(function: Callable[[], Any]) -> Coroutine[Any, Any, Any]:
    """Return what a goroutine runs that calls `function`, a plain or a coroutine function."""
    code = getattr(function, "__code__", None)
    if code is not None and code.co_flags & CO_COROUTINE:
        return function()  # type: ignore[no-any-return]
    return _call(function)


@go_name("time.goFunc")
def _go_func(timer: rtime.Timer, delta: int) -> None:
    w = timer.world
    # Not a goroutine starts it but the runtime, even if one computes or polls while it is due.
    running, w.g = w.g, None
    try:
        w.spawn(coroutine_of(timer.arg), _go_func.__code__)
    finally:
        w.g = running


def start_func(w: World, d: int, f: Callable[[], Any], frame: FrameType | None) -> rtime.Timer:
    """Start a timer that starts a goroutine; the timer was made at `frame`."""
    timer = rtime.Timer(w, _go_func, f)
    if frame is not None:
        timer.made_code, timer.made_lasti = frame.f_code, frame.f_lasti
    timer.start(d)
    return timer


class _Stoppable:
    """What timers and tickers share: the runtime's timer and the channel it feeds.

    Attributes
    ----------
    C : Chan
        The channel on which the times come.
    timer : gosim.runtime.time.Timer or None
        None for a zero value, which Go calls uninitialized.
    """

    __slots__ = ("C", "__weakref__", "timer", "world")

    Fast: ClassVar[type[Any]]

    def __init__(self, timer: rtime.Timer | None = None) -> None:
        self.world: World = current_world(f"time.{type(self).__name__}()")
        self.timer = timer
        # Go: nil for a zero value and for AfterFunc.
        self.C: Chan[Time] = (timer and timer.ch) or self.world.nil_channel()

    def __gosim_referents__(self) -> Any:
        yield self.C
        if self.timer is not None:
            yield self.timer

    def __repr__(self) -> str:
        return repr(self.timer) if self.timer is not None else "uninitialized timer"


@two_forms
class Timer(_Stoppable):
    """A single event in the future.  Make one with :func:`new_timer` or :func:`after_func`."""

    __slots__ = ()

    @operation
    def stop(self) -> Op:
        """Keep the timer from firing (``Timer.Stop``).

        Returns
        -------
        bool
            Whether it did.  False if the timer has fired or was stopped before; since Go 1.23 true
            also if it has fired and its value was not received, which then never will be.

        Raises
        ------
        Panic
            "time: Stop called on uninitialized Timer".
        """
        if OBSERVED:
            w = self.world
            if w.policy is not None:
                yield from w.announce("timer stop", self.timer, self.C)
        if self.timer is None:
            gopanic("time: Stop called on uninitialized Timer")
        return self.timer.stop()
        yield

    @operation
    def reset(self, d: int) -> Op:
        """Let the timer expire after `d` ns from now (``Timer.Reset``).

        Up to Go 1.22 an unread value stays in the channel.

        Returns
        -------
        bool
            What :meth:`stop` would return.

        Raises
        ------
        Panic
            "time: Reset called on uninitialized Timer".
        """
        if OBSERVED:
            w = self.world
            if w.policy is not None:
                yield from w.announce("timer reset", self.timer, self.C)
        if d.__class__ is not int:
            d = _ns("Timer.reset", d)
        if self.timer is None:
            gopanic("time: Reset called on uninitialized Timer")
        return self.timer.reset(d)
        yield


def new_timer(d: int) -> Timer:
    """Return a timer that sends the time on its channel ``C`` after `d` ns (``time.NewTimer``)."""
    if d.__class__ is not int:
        d = _ns("new_timer", d)
    w = current.world or current_world("time.new_timer()")
    return in_form(Timer, w)(feed(w, d, 0, _getframe(1)))  # type: ignore[no-any-return]


def after(d: int) -> Chan[Time]:
    """Return a channel that gets the time after `d` ns (``time.After``).

    Examples
    --------
    ``await time.after(time.Second).recv()``; as a case ``recv(time.after(time.Second))``.
    """
    if d.__class__ is not int:
        d = _ns("after", d)
    w = current.world or current_world("time.after()")
    return feed(w, d, 0, _getframe(1)).ch  # type: ignore[return-value]


def after_func(d: int, f: Callable[[], Any]) -> Timer:
    """Call `f` in a goroutine of its own after `d` ns (``time.AfterFunc``).

    Parameters
    ----------
    d : int
        Virtual ns.
    f
        A plain or a coroutine function without parameters.

    Returns
    -------
    Timer
        To stop it; nothing is ever sent on its ``C``.
    """
    if d.__class__ is not int:
        d = _ns("after_func", d)
    if not callable(f):
        if hasattr(f, "close"):
            f.close()
        raise UsageError(
            "time.after_func(d, f) takes the function, not the result of calling it", *caller_line()
        )
    w = current.world or current_world("time.after_func()")
    return in_form(Timer, w)(start_func(w, d, f, _getframe(1)))  # type: ignore[no-any-return]


@two_forms
class Ticker(_Stoppable):
    """Sends the time on its channel ``C`` again and again.  Make one with :func:`new_ticker`.

    A receiver that falls behind finds the oldest tick it has not seen; later ones are dropped
    until it is read.  Ticks stay on the grid of the period.
    """

    __slots__ = ()

    @operation
    def stop(self) -> Op:
        """Send no more ticks (``Ticker.Stop``).  The channel is not closed: receivers wait on."""
        if OBSERVED:
            w = self.world
            if w.policy is not None:
                yield from w.announce("ticker stop", self.timer, self.C)
        if self.timer is not None:  # Go lets a zero Ticker be stopped
            self.timer.stop()
        return
        yield

    @operation
    def reset(self, d: int) -> Op:
        """Tick every `d` ns from now on (``Ticker.Reset``).

        Raises
        ------
        Panic
            "non-positive interval for Ticker.Reset" or
            "time: Reset called on uninitialized Ticker".
        """
        if OBSERVED:
            w = self.world
            if w.policy is not None:
                yield from w.announce("ticker reset", self.timer, self.C)
        if d.__class__ is not int:
            d = _ns("Ticker.reset", d)
        if d <= 0:
            gopanic("non-positive interval for Ticker.Reset")
        if self.timer is None:
            gopanic("time: Reset called on uninitialized Ticker")
        self.timer.reset(d, d)
        return
        yield


def new_ticker(d: int) -> Ticker:
    """Return a ticker that sends the time every `d` ns (``time.NewTicker``).

    Raises
    ------
    Panic
        "non-positive interval for NewTicker".
    """
    if d.__class__ is not int:
        d = _ns("new_ticker", d)
    if d <= 0:
        gopanic("non-positive interval for NewTicker")
    w = current.world or current_world("time.new_ticker()")
    return in_form(Ticker, w)(feed(w, d, d, _getframe(1)))  # type: ignore[no-any-return]


def tick(d: int) -> Chan[Time]:
    """Return the channel of a new ticker that nobody can stop (``time.Tick``).

    A nil channel if `d` <= 0.
    """
    if d.__class__ is not int:
        d = _ns("tick", d)
    w = current.world or current_world("time.tick()")
    if d <= 0:
        return w.nil_channel()
    return feed(w, d, d, _getframe(1)).ch  # type: ignore[return-value]
