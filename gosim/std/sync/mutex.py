"""Mutual exclusion (Go: ``internal/sync/mutex.go``, ``sync/mutex.go``)."""

from __future__ import annotations

import sys
from collections import deque
from types import CodeType
from typing import Any, Final

from gosim.runtime.forms import OBSERVED, Op, operation, two_forms
from gosim.runtime.g import CHOICE, PARK, G
from gosim.runtime.panic import fatal
from gosim.runtime.proc import World
from gosim.runtime.sema import TICKET, Semaphore, semrelease, semrelease_handoff
from gosim.std.primitive import Hold, Lock, held

_getframe = sys._getframe

STARVATION_THRESHOLD_NS: Final = 1_000_000
"""A waiter that has waited longer than this gets the mutex handed over instead of racing for it."""


@two_forms
class Mutex(Lock):
    """A mutual exclusion lock; new ones are unlocked.

    It belongs to no goroutine: one may lock it and another unlock it, and locking it twice blocks.
    An unlocked mutex goes to whoever asks first, so a running goroutine usually wins against the
    one just woken; a waiter that lost for more than 1 ms of virtual time puts the mutex into
    starvation mode, in which each unlock hands it to the first waiter (``internal/sync/mutex.go``).

    ``async with mu:`` locks for the length of a block.

    Invariant: ``starving`` implies that somebody is queued or has just been handed the mutex.
    """

    __slots__ = (
        "holder",
        "locked",
        "locked_code",
        "locked_lasti",
        "sema",
        "starving",
        "waiters",
        "woken",
    )

    def __init__(self) -> None:
        self.locked = False
        self.woken = False  # a waiter is awake and racing: unlock need not wake another
        self.starving = False
        self.waiters = 0
        self.sema = Semaphore()
        self.holder: G | None = None
        self.locked_code: CodeType | None = None
        self.locked_lasti = 0

    def __copy__(self) -> Mutex:
        made = Mutex()
        made.made_like(self)
        made.locked, made.woken, made.starving = self.locked, self.woken, self.starving
        made.waiters, made.sema.count = self.waiters, self.sema.count
        made.holder = self.holder
        made.locked_code, made.locked_lasti = self.locked_code, self.locked_lasti
        return made

    @operation
    def lock(self, _on: object = None) -> Op:
        """Lock; wait while it is locked (wait reason ``sync.Mutex.Lock``)."""
        # _on: what the goroutine is seen waiting for when this is the inner lock of something.
        w = self.world
        g = w.g
        if g is None:
            w.misused(self, "lock")
        if OBSERVED:
            if w.policy is not None:  # must_announce(), without the call
                if w.announced:
                    w.announced = False
                elif w.runq or w.policy.every_step:
                    g.pending = ("mutex lock", self)
                    yield CHOICE
        if self.locked or self.starving:
            # The semaphore is inlined: whoever is woken passes through every generator between
            # here and the loop, and may be woken often before the mutex is his.
            sema = self.sema
            queue = sema.queue
            if queue is None:
                queue = sema.queue = deque()
            env = w.env
            patience: Any = env._now + STARVATION_THRESHOLD_NS
            starving = again = False
            g.elem = None
            g.wait_reason = "sync.Mutex.Lock"
            g.waiting = self if _on is None else _on
            while True:
                self.waiters += 1
                if starving and self.locked:
                    self.starving = True
                while True:
                    if sema.count:
                        # Also at first: a newcomer takes the wake-up of one that has not run yet.
                        sema.count -= 1
                        break
                    if again:
                        queue.appendleft(g)
                    else:
                        queue.append(g)
                    if OBSERVED and w.observers:
                        w.emit("goroutine_parked", g, "sync.Mutex.Lock", g.waiting)
                    yield PARK
                    if g.elem is TICKET:
                        g.elem = None
                        break
                starving = starving or env._now > patience
                if self.starving:
                    # Handed over: the mutex was kept from everybody else, and is ours to mark.
                    self.waiters -= 1
                    if not starving or self.waiters == 0:
                        self.starving = False
                    break
                self.woken = False
                if not self.locked:
                    break
                again = True
        self.locked = True
        self.holder = g
        frame = _getframe(1)
        self.locked_code = frame.f_code
        self.locked_lasti = frame.f_lasti
        if OBSERVED and w.observers and _on is None:
            w.emit("acquired", self, "lock")
            w.emit("lock_changed", self)

    @operation
    def try_lock(self) -> Op:
        """Lock if it is free at this moment.

        Returns
        -------
        bool
            Whether it is ours now.
        """
        w = self.world
        if w.g is None:
            w.misused(self, "try_lock")
        if OBSERVED:
            if w.policy is not None and w.must_announce():
                w.g.pending = ("mutex trylock", self)
                yield CHOICE
        if w.poll():
            w.gosched_prepare(w.g)
            yield PARK
        if self.locked or self.starving:
            return False
        self.locked = True
        self.holder = w.g
        frame = _getframe(1)
        self.locked_code = frame.f_code
        self.locked_lasti = frame.f_lasti
        if OBSERVED and w.observers:
            w.emit("acquired", self, "trylock")
            w.emit("lock_changed", self)
        return True

    @operation
    def unlock(self) -> Op:
        """Unlock.  Unlocking a mutex that is not locked is a fatal error."""
        w = self.world
        if w.g is None:
            w.misused(self, "unlock")
        if OBSERVED:
            if w.policy is not None:  # must_announce(), without the call
                if w.announced:
                    w.announced = False
                elif w.runq or w.policy.every_step:
                    w.g.pending = ("mutex unlock", self)
                    yield CHOICE
        if not self.locked:
            yield from fatal("sync: unlock of unlocked mutex")
        if OBSERVED and w.observers:
            w.emit("released", self, "lock")
        self.locked = False
        self.holder = None
        if self.waiters:
            if self.starving:
                yield from semrelease_handoff(w, self.sema)
            elif not self.woken:
                self.waiters -= 1
                self.woken = True
                sema = self.sema
                sema.count += 1
                if sema.queue:  # a copy of a mutex counts waiters it does not have
                    g = sema.queue.popleft()
                    if OBSERVED and w.observers:
                        w.ready(g)
                    else:  # the same, without a call
                        previous = w.runnext
                        w.runnext = g
                        if previous is not None:
                            w.runqput(previous)
        if OBSERVED and w.observers:
            w.emit("lock_changed", self)

    def wake(self, w: World) -> bool:
        """Wake the first waiter, unless one is awake already; True: hand the mutex over instead.

        For the locks that have a mutex inside; they have cleared ``locked`` and ``holder``.
        """
        if self.starving:
            return True
        if not self.woken:
            self.waiters -= 1
            self.woken = True
            semrelease(w, self.sema)
        return False

    def held_at(self, g: G, code: CodeType, lasti: int) -> None:
        """Say where it was locked."""
        self.locked_code, self.locked_lasti = code, lasti

    def holders(self) -> tuple[Hold, ...]:
        """Who holds it (nobody or one)."""
        return self._holds("holder") if self.locked else ()

    def _holds(self, role: str) -> tuple[Hold, ...]:
        if self.holder is None or self.locked_code is None:
            return ()
        return (held(self.holder, role, self.locked_code, self.locked_lasti),)

    def statistics(self) -> dict[str, Any]:
        """Return locked, starving, and the IDs of holder and waiters, next one first."""
        return {
            "locked": self.locked,
            "starving": self.starving,
            "holder": self.holder.id if self.locked and self.holder else None,
            "waiters": [g.id for g in self.sema.waiters()],
        }

    def __gosim_blocks__(self, kind: str) -> str | None:
        """Return the wait reason if an operation of this kind would have to wait now."""
        if kind == "mutex lock" and (self.locked or self.starving):
            return "sync.Mutex.Lock"
        return None
