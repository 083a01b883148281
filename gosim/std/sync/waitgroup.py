"""Waiting for a group of tasks (Go: ``sync/waitgroup.go``)."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from gosim.runtime.forms import OBSERVED, Op, invoke, operation, two_forms
from gosim.runtime.g import CHOICE
from gosim.runtime.panic import GoExit, Panic, as_panic, gopanic
from gosim.runtime.proc import World
from gosim.runtime.sema import Semaphore, semacquire, semrelease
from gosim.std.primitive import Primitive, repanic


@two_forms
class WaitGroup(Primitive):
    """Waits until a counter of tasks is back at zero (``src/sync/waitgroup.go``)."""

    __slots__ = ("counter", "sema", "waiters")

    def __init__(self) -> None:
        self.counter = 0
        self.waiters = 0
        self.sema = Semaphore()

    def __copy__(self) -> WaitGroup:
        made = WaitGroup()
        made.made_like(self)
        made.counter, made.waiters = self.counter, self.waiters
        made.sema.count = self.sema.count
        return made

    @operation
    def add(self, delta: int) -> Op:
        """Add ``delta``, which may be negative, to the counter; at zero all waiters are released.

        Panics when the counter becomes negative, and when the counter leaves zero while goroutines
        are still counted as waiting.
        """
        w = self.world
        if w.g is None:
            w.misused(self, "add")
        if OBSERVED:
            if w.policy is not None and w.must_announce():
                w.g.pending = ("waitgroup add", self)
                yield CHOICE
        if OBSERVED and w.observers:
            if delta < 0:
                w.emit("released", self, "done")
            elif self.counter == 0:
                w.emit("accessed", self, "add")
        self._apply(w, delta)
        if OBSERVED and w.observers:
            w.emit("lock_changed", self)
        return
        yield

    @operation
    def done(self) -> Op:
        """Subtract one from the counter."""
        w = self.world
        if w.g is None:
            w.misused(self, "done")
        if OBSERVED:
            if w.policy is not None and w.must_announce():
                w.g.pending = ("waitgroup add", self)
                yield CHOICE
        if OBSERVED and w.observers:
            w.emit("released", self, "done")
        if self.counter > 1:  # nobody is released yet
            self.counter -= 1
        else:
            self._apply(w, -1)
        if OBSERVED and w.observers:
            w.emit("lock_changed", self)
        return
        yield

    def _apply(self, w: World, delta: int) -> None:
        # The counter is an int32 in Go.
        counter = self.counter = (self.counter + delta + 0x8000_0000) % 0x1_0000_0000 - 0x8000_0000
        if counter < 0:
            gopanic("sync: negative WaitGroup counter")
        if self.waiters:
            if delta > 0 and counter == delta:
                gopanic("sync: WaitGroup misuse: Add called concurrently with Wait")
            if counter == 0:
                waiters, self.waiters = self.waiters, 0
                for _ in range(waiters):
                    semrelease(w, self.sema)

    @operation
    def wait(self) -> Op:
        """Wait until the counter is zero (wait reason ``sync.WaitGroup.Wait``, by version)."""
        w = self.world
        if w.g is None:
            w.misused(self, "wait")
        if OBSERVED:
            if w.policy is not None and w.must_announce():
                w.g.pending = ("waitgroup wait", self)
                yield CHOICE
        if OBSERVED and w.observers:
            w.emit("accessed", self, "wait")
        if self.counter == 0:
            if OBSERVED and w.observers:
                w.emit("acquired", self, "wait")
            return
        self.waiters += 1
        if OBSERVED and w.observers:
            w.emit("lock_changed", self)
        yield from semacquire(w, self.sema, self, w.version.waitgroup_wait_reason)
        if self.counter or self.waiters:
            gopanic("sync: WaitGroup is reused before previous Wait has returned")
        if OBSERVED and w.observers:
            w.emit("acquired", self, "wait")

    @operation
    def go(self, f: Callable[..., Any], *args: Any) -> Op:
        """Add one, and call ``f(*args)`` in a new goroutine that subtracts it at its end.

        When ``f`` panics nothing is subtracted: the process is about to crash.
        """
        yield from self.add(1)
        frame = sys._getframe(1)
        self.world.spawn(_run_task(self, f, args), frame.f_code, frame.f_lasti)

    def statistics(self) -> dict[str, Any]:
        """Return the counter and the IDs of the goroutines that wait."""
        return {"counter": self.counter, "waiters": [g.id for g in self.sema.waiters()]}


async def _run_task(group: Any, f: Callable[..., Any], args: tuple[Any, ...]) -> None:
    try:
        await _call(f, args)
    except GoExit:
        await group.done()
        raise
    except Exception as error:
        raise repanic(as_panic(error)) from error
    except Panic as panic:
        raise repanic(panic) from panic
    await group.done()


@operation
def _call(f: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    return (yield from invoke(f, *args))
