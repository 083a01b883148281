"""Signals (Go: package ``os/signal``), which a program sends to itself with :func:`kill`.

The goroutine that hands them on, ``os/signal.loop``, starts with the first :func:`notify`, stays,
and stands in ``[syscall]``, as in Go.
"""

from __future__ import annotations

import sys
from typing import Any, Final

from gosim.runtime.current import current_world
from gosim.runtime.errors import UsageError
from gosim.runtime.netpoll import works_for
from gosim.runtime.panic import caller_line, gopanic
from gosim.runtime.proc import World, go
from gosim.runtime.select import default, recv, select, send
from gosim.runtime.sigqueue import LAST, PID, signals, stops
from gosim.runtime.traceback import library_name
from gosim.std import context, errors
from gosim.std.sync import Mutex

__all__ = [
    "SIGHUP", "SIGINT", "SIGKILL", "SIGQUIT", "SIGTERM", "SIGUSR1", "SIGUSR2", "Interrupt", "Kill",
    "Signal", "getpid", "ignore", "ignored", "kill", "notify", "notify_context", "reset", "stop",
]  # fmt: skip

_STATE: Final = "gosim.std.signal"


class Signal(int):
    """A signal; prints as Go's does."""

    __slots__ = ()
    __go_type__ = "syscall.Signal"

    def string(self) -> str:
        """Return Go's text."""
        return _NAMES.get(int(self), f"signal {int(self)}")

    __str__ = string


_NAMES: Final = {
    1: "hangup",
    2: "interrupt",
    3: "quit",
    6: "aborted",
    9: "killed",
    10: "user defined signal 1",
    12: "user defined signal 2",
    13: "broken pipe",
    14: "alarm clock",
    15: "terminated",
}
SIGHUP: Final = Signal(1)
SIGINT: Final = Signal(2)
SIGQUIT: Final = Signal(3)
SIGKILL: Final = Signal(9)
SIGUSR1: Final = Signal(10)
SIGUSR2: Final = Signal(12)
SIGTERM: Final = Signal(15)
Interrupt: Final = SIGINT
Kill: Final = SIGKILL


class _Handlers:
    """Which channel wants which signals."""

    def __init__(self) -> None:
        self.mu = Mutex()
        self.wanted: dict[Any, set[int]] = {}
        self.stopping: list[tuple[Any, set[int]]] = []
        self.watching = False


def _handlers(w: World) -> _Handlers:
    found = w.__dict__.get(_STATE)
    if found is None:
        found = w.__dict__[_STATE] = _Handlers()
    made: _Handlers = found
    return made


@library_name("os/signal.loop")
async def _loop() -> None:
    w = current_world("signal")
    while True:
        await _process(w, await signals(w).recv())


async def _process(w: World, number: int) -> None:
    handlers = _handlers(w)
    await handlers.mu.lock()
    for c, wanted in [*handlers.wanted.items(), *handlers.stopping]:
        if number in wanted:
            await select(send(c, Signal(number)), default)
    await handlers.mu.unlock()


@library_name("os/signal.Notify.func1.1")
def _watch(w: World) -> None:
    works_for(w, sys._getframe(1), w.next_goid)
    go(_loop)


async def notify(c: Any, *sigs: Signal) -> None:
    """Have signals sent to a channel, all of them if none are named (``signal.Notify``)."""
    w = current_world("signal.notify")
    if c is None:
        gopanic("os/signal: Notify using nil channel")
    handlers, queue = _handlers(w), signals(w)
    await handlers.mu.lock()
    wanted = handlers.wanted.setdefault(c, set())
    queue.heard[c] = None
    for number in sigs or range(LAST + 1):
        wanted.add(int(number))
        queue.wanted.add(int(number))
        queue.ignored.discard(int(number))
    if not handlers.watching:
        handlers.watching = True
        _watch(w)
    await handlers.mu.unlock()


async def stop(c: Any) -> None:
    """Have no more signals sent to a channel (``signal.Stop``)."""
    w = current_world("signal.stop")
    handlers, queue = _handlers(w), signals(w)
    await handlers.mu.lock()
    wanted = handlers.wanted.pop(c, None)
    queue.heard.pop(c, None)
    if wanted is None:
        await handlers.mu.unlock()
        return
    queue.wanted -= {n for n in wanted if not any(n in s for s in handlers.wanted.values())}
    handlers.stopping.append((c, wanted))
    await handlers.mu.unlock()
    await queue.settle()
    await handlers.mu.lock()
    handlers.stopping = [(other, s) for other, s in handlers.stopping if other is not c]
    await handlers.mu.unlock()


async def _cancel(sigs: tuple[Signal, ...], ignores: bool) -> None:
    w = current_world("signal.reset")
    handlers, queue = _handlers(w), signals(w)
    numbers = {int(s) for s in sigs} if sigs else set(range(LAST + 1))
    await handlers.mu.lock()
    for c, wanted in list(handlers.wanted.items()):
        wanted -= numbers
        if not wanted:
            del handlers.wanted[c]
            queue.heard.pop(c, None)
    queue.wanted -= numbers
    queue.ignored -= numbers
    if ignores:
        queue.ignored |= numbers
    await handlers.mu.unlock()


async def ignore(*sigs: Signal) -> None:
    """Have signals ignored, all of them if none are named (``signal.Ignore``)."""
    await _cancel(sigs, True)


async def reset(*sigs: Signal) -> None:
    """Let signals do what they do when nobody asks for them (``signal.Reset``)."""
    await _cancel(sigs, False)


def ignored(sig: Signal) -> bool:
    """Whether a signal is ignored (``signal.Ignored``)."""
    return int(sig) in signals(current_world("signal.ignored")).ignored


class _SignalError(errors.Error):
    __slots__ = ("text",)
    __go_type__ = "signal.signalError"

    def __init__(self, text: str) -> None:
        self.text = text

    def error(self) -> str:
        return self.text

    def is_(self, target: Any) -> bool:
        return target is context.Canceled


@library_name("os/signal.NotifyContext.func1")
async def _await_signal(ctx: Any, c: Any, cancel: Any, tells: bool) -> None:
    i, sig, _ = await select(recv(c), recv(ctx.done()))
    if i == 0:
        await cancel(_SignalError(f"{sig} signal received") if tells else None)


async def notify_context(parent: Any, *sigs: Signal) -> tuple[Any, Any]:
    """Return a context that ends with one of the signals, and the awaitable `stop`."""
    from gosim.runtime.chan import chan

    w = current_world("signal.notify_context")
    ctx, cancel = context.with_cancel_cause(parent)
    c = chan(Signal, 1)
    await notify(c, *sigs)
    signals(w).heard[ctx.done()] = None
    if ctx.err() is None:
        _start(w, ctx, c, cancel)

    async def stop_context() -> None:
        await cancel(None)
        signals(w).heard.pop(ctx.done(), None)
        await stop(c)

    return ctx, stop_context


@library_name("os/signal.NotifyContext")
def _start(w: World, ctx: Any, c: Any, cancel: Any) -> None:
    works_for(w, sys._getframe(1), w.next_goid)
    go(_await_signal, ctx, c, cancel, w.version.notify_context_cause)


def getpid() -> int:
    """Return the ID of the process (``os.Getpid``)."""
    return PID


async def kill(pid: int, sig: Signal) -> Any:
    """Send a signal to the process itself (``syscall.Kill``); return an error, or None."""
    if not isinstance(sig, int) or not 0 <= sig <= LAST:
        return errors.new("invalid argument")
    if pid not in (PID, 0):
        return errors.new("operation not permitted" if pid == 1 else "no such process")
    if stops(int(sig)):
        raise UsageError(
            f"signal {int(sig)} would stop the process, and nobody is there to let it go on",
            *caller_line(),
        )
    if sig:
        await signals(current_world("signal.kill")).send(int(sig))
    return None
