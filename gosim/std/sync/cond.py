"""Condition variables (Go: ``sync/cond.go``)."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

from gosim.runtime.forms import OBSERVED, Op, invoke, operation, two_forms
from gosim.runtime.g import CHOICE, PARK
from gosim.runtime.panic import gopanic
from gosim.runtime.sema import (
    NotifyList,
    notify_list_add,
    notify_list_notify_all,
    notify_list_notify_one,
    notify_list_wait,
)
from gosim.std.primitive import Locker, Primitive, Scoped


@two_forms
class Cond(Primitive):
    """A meeting point for goroutines that wait for an event (``src/sync/cond.go``).

    Parameters
    ----------
    locker
        The lock held when changing the condition and when calling `wait`; kept as ``.L``. Without
        one it is Go's zero value, whose field ``L`` is to be set.
    """

    __slots__ = ("L", "_copied", "_used", "notify")

    def __init__(self, locker: Locker | None = None) -> None:
        self.L: Any = locker
        self.notify = NotifyList()
        self._used = False
        self._copied = False

    def __copy__(self) -> Cond:
        made = Cond(self.L)
        made.made_like(self)
        # A copy made before the first use is as good as the original, in Go too.
        made._copied = self._used or self._copied
        made.notify.wait, made.notify.notify = self.notify.wait, self.notify.notify
        return made

    def _check(self) -> None:
        if self._copied:
            gopanic("sync.Cond is copied")
        self._used = True

    @operation
    def wait(self) -> Op:
        """Unlock ``.L``, wait to be signalled, and lock ``.L`` again.

        A signal is not kept for later: without a waiter it is lost.
        """
        w = self.world
        if w.g is None:
            w.misused(self, "wait")
        if OBSERVED:
            if w.policy is not None and w.must_announce():
                w.g.pending = ("cond wait", self)
                yield CHOICE
        self._check()
        ticket = notify_list_add(self.notify)
        locker = self.L
        # A lock of a Go program has Go's names.
        yield from invoke(getattr(locker, "unlock", None) or locker.Unlock)
        if OBSERVED and w.observers:
            w.emit("lock_changed", self)
        yield from notify_list_wait(w, self.notify, ticket, self)
        locker = self.L
        yield from invoke(getattr(locker, "lock", None) or locker.Lock)
        if isinstance(self.L, Scoped):
            frame = sys._getframe(1)
            self.L.held_at(w.g, frame.f_code, frame.f_lasti)

    @operation
    def signal(self) -> Op:
        """Wake the goroutine that has waited longest, if any."""
        w = self.world
        if w.g is None:
            w.misused(self, "signal")
        if OBSERVED:
            if w.policy is not None and w.must_announce():
                w.g.pending = ("cond signal", self)
                yield CHOICE
        self._check()
        if self.notify.notify == self.notify.wait and w.poll():
            w.gosched_prepare(w.g)
            yield PARK
        notify_list_notify_one(w, self.notify)
        if OBSERVED and w.observers:
            w.emit("lock_changed", self)

    @operation
    def broadcast(self) -> Op:
        """Wake all goroutines that wait."""
        w = self.world
        if w.g is None:
            w.misused(self, "broadcast")
        if OBSERVED:
            if w.policy is not None and w.must_announce():
                w.g.pending = ("cond broadcast", self)
                yield CHOICE
        self._check()
        if self.notify.notify == self.notify.wait and w.poll():
            w.gosched_prepare(w.g)
            yield PARK
        notify_list_notify_all(w, self.notify)
        if OBSERVED and w.observers:
            w.emit("lock_changed", self)

    def statistics(self) -> dict[str, Any]:
        """Return the IDs of the goroutines that wait, next one to be signalled first."""
        return {"waiters": [g.id for g in self.notify.waiters()]}

    def __gosim_referents__(self) -> Iterable[object]:
        return (self.L,)


new_cond = Cond
"""Go's ``sync.NewCond``."""
