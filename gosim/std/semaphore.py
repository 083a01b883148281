"""A weighted semaphore (Go: ``golang.org/x/sync/semaphore``).

Who waits is served first come, first served: a small request never overtakes a large one.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterable
from typing import Any

from gosim.runtime.chan import Chan, bare
from gosim.runtime.forms import Op, operation
from gosim.runtime.g import PARK, G
from gosim.runtime.panic import gopanic
from gosim.runtime.select import recv, select
from gosim.std import context
from gosim.std.primitive import Hold, Primitive, held

__all__ = ["Weighted", "new_weighted"]

_getframe = sys._getframe


class _Waiter:
    """A request that waits; ``ready`` is closed when it is granted."""

    __slots__ = ("hold", "n", "ready")

    def __init__(self, hold: Hold, n: int, ready: Chan[Any]) -> None:
        self.hold = hold
        self.n = n
        self.ready = ready


class Weighted(Primitive):
    """A semaphore of ``size`` units of which several may be acquired at once.

    Its operations are one step each: Go's inner mutex protects no more than that.

    Invariant: the first waiter asks for more than is free.
    """

    __slots__ = ("_held", "_waiters", "cur", "size")

    package = "semaphore"

    def __init__(self, n: int = 0) -> None:
        self.size = n
        self.cur = 0
        self._waiters: deque[_Waiter] = deque()
        # Holds, oldest first, with their weights; released by whoever calls `release`.
        self._held: list[tuple[Hold, int]] = []

    @operation
    def acquire(self, ctx: context.Context, n: int) -> Op:
        """Take ``n`` units, waiting until there are so many or ``ctx`` ends.

        Returns
        -------
        error or None
            ``ctx.err()`` when ``ctx`` ended first; then nothing was taken.  Asking for more than
            the size waits for ``ctx``.
        """
        w = self.world
        if w.g is None:
            w.misused(self, "acquire")
        if w.policy is not None:
            yield from w.announce("semaphore acquire", self)
        _synchronized(w, self)
        done = bare(ctx.done()) or w.nil_channel()
        if w.policy is not None:
            w.policy.looked(done)
        if done.can_recv():
            return ctx.err()
        frame = _getframe(1)
        hold = held(w.g, "holder", frame.f_code, frame.f_lasti)
        if self.size - self.cur >= n and not self._waiters:
            self._take(hold, n)
            return None
        if n > self.size:
            yield from done.recv()
            return ctx.err()
        ready = w.Chan(w, "struct {}", 0)
        ready.made_code, ready.made_lasti = self.made_code, self.made_lasti
        waiter = _Waiter(hold, n, ready)
        self._waiters.append(waiter)
        chosen, _, _ = yield from select(recv(done), recv(ready))
        if chosen == 1:
            if done.can_recv():
                yield from self.release(n)
                return ctx.err()
            return None
        if ready.closed:
            # Granted after the context had ended: give it back.
            self._give(n, hold.g)
            yield from self._notify()
        else:
            first = self._waiters[0] is waiter
            self._waiters.remove(waiter)
            if first and self.size > self.cur:
                yield from self._notify()
        return ctx.err()

    @operation
    def try_acquire(self, n: int) -> Op:
        """Take ``n`` units if they are free and nobody waits; return whether they were taken."""
        w = self.world
        if w.g is None:
            w.misused(self, "try_acquire")
        if w.policy is not None:
            yield from w.announce("semaphore try", self)
        if w.poll():
            w.gosched_prepare(w.g)
            yield PARK
        _synchronized(w, self)
        if self.size - self.cur < n or self._waiters:
            return False
        frame = _getframe(1)
        self._take(held(w.g, "holder", frame.f_code, frame.f_lasti), n)
        return True

    @operation
    def release(self, n: int) -> Op:
        """Give ``n`` units back.  Panics when fewer are held."""
        w = self.world
        if w.g is None:
            w.misused(self, "release")
        if w.policy is not None:
            yield from w.announce("semaphore release", self)
        _synchronized(w, self)
        if self.cur < n:
            self.cur -= n
            gopanic("semaphore: released more than held")
        self._give(n, w.g)
        yield from self._notify()

    def _notify(self) -> Op:
        """Grant what can be granted, in order, stopping at the first that does not fit."""
        w = self.world
        while self._waiters:
            waiter = self._waiters[0]
            if self.size - self.cur < waiter.n:
                break
            self._waiters.popleft()
            self._take(waiter.hold, waiter.n)
            w.announced = w.policy is not None  # closing it belongs to this step
            yield from waiter.ready.close()
        if w.observers:
            w.emit("lock_changed", self)

    def _take(self, hold: Hold, n: int) -> None:
        self.cur += n
        self._held.append((hold, n))

    def _give(self, n: int, g: G) -> None:
        """Strike ``n`` units off the holds, those of ``g`` first, then the oldest."""
        self.cur -= n
        for mine in (True, False):
            i = 0
            while n and i < len(self._held):
                hold, units = self._held[i]
                if mine and hold.g is not g:
                    i += 1
                    continue
                taken = min(units, n)
                n -= taken
                if taken == units:
                    del self._held[i]
                else:
                    self._held[i] = (hold, units - taken)

    def holders(self) -> tuple[Hold, ...]:
        """Who holds units, oldest first."""
        return tuple(hold for hold, _ in self._held)

    def statistics(self) -> dict[str, Any]:
        """Return size, units held, and the IDs of holders and of waiters, first in line first."""
        return {
            "size": self.size,
            "held": self.cur,
            "holders": [hold.g.id for hold, _ in self._held],
            "waiters": [waiter.hold.g.id for waiter in self._waiters],
        }

    def __gosim_referents__(self) -> Iterable[object]:
        return [waiter.ready for waiter in self._waiters]


def _synchronized(w: Any, semaphore: Weighted) -> None:
    """Tell of Go's inner mutex, which orders all operations on one semaphore."""
    if w.observers:
        w.emit("acquired", semaphore, "semaphore")
        w.emit("released", semaphore, "semaphore")


new_weighted = Weighted
"""Go's ``semaphore.NewWeighted``."""
