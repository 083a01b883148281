"""Mutual exclusion (Go: ``internal/sync/mutex.go``, ``sync/mutex.go``)."""

from __future__ import annotations

import sys
from types import CodeType
from typing import Any, Final

from gosim.runtime.forms import OBSERVED, Op, operation, two_forms
from gosim.runtime.g import CHOICE, PARK, G
from gosim.runtime.panic import fatal
from gosim.runtime.proc import World
from gosim.runtime.sema import Semaphore, semacquire, semrelease, semrelease_handoff
from gosim.std.primitive import Hold, Lock

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
    def lock(self) -> Op:
        """Lock; wait while it is locked (wait reason ``sync.Mutex.Lock``)."""
        w = self.world
        if w.g is None:
            w.misused(self, "lock")
        if OBSERVED:
            if w.policy is not None and w.must_announce():
                w.g.pending = ("mutex lock", self)
                yield CHOICE
        if self.locked or self.starving:
            yield from self._lock_slow(w, self)
        else:
            self.locked = True
        self.holder = w.g
        frame = _getframe(1)
        self.locked_code = frame.f_code
        self.locked_lasti = frame.f_lasti
        if OBSERVED and w.observers:
            w.emit("lock_changed", self)

    def _lock_slow(self, w: World, on: object) -> Op:
        """Queue until the mutex is ours; ``on`` is what the goroutine is seen waiting for."""
        since: int | None = None
        starving = False
        awake = False
        while True:
            taken = self.locked or self.starving
            if not self.starving:
                self.locked = True
            if awake:
                self.woken = False
            if not taken:
                return
            self.waiters += 1
            if starving and self.locked:
                self.starving = True
            again = since is not None
            if since is None:
                since = w.now
            yield from semacquire(w, self.sema, on, "sync.Mutex.Lock", lifo=again)
            starving = starving or w.now - since > STARVATION_THRESHOLD_NS
            if self.starving:
                # Handed over: the mutex was kept from everybody else, and is ours to mark.
                self.locked = True
                self.waiters -= 1
                if not starving or self.waiters == 0:
                    self.starving = False
                return
            awake = True

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
            w.emit("lock_changed", self)
        return True

    @operation
    def unlock(self) -> Op:
        """Unlock.  Unlocking a mutex that is not locked is a fatal error."""
        w = self.world
        if w.g is None:
            w.misused(self, "unlock")
        if OBSERVED:
            if w.policy is not None and w.must_announce():
                w.g.pending = ("mutex unlock", self)
                yield CHOICE
        if not self.locked:
            yield from fatal("sync: unlock of unlocked mutex")
        self.locked = False
        self.holder = None
        if self.waiters:
            yield from self._unlock_slow(w)
        if OBSERVED and w.observers:
            w.emit("lock_changed", self)

    def _unlock_slow(self, w: World) -> Op:
        """Pass the mutex on, with ``locked`` cleared already and somebody waiting."""
        if self.starving:
            yield from semrelease_handoff(w, self.sema)
        elif not self.woken and not self.locked:
            self.waiters -= 1
            self.woken = True
            semrelease(w, self.sema)

    def holders(self) -> tuple[Hold, ...]:
        """Who holds it (nobody or one)."""
        return self._holds("holder") if self.locked else ()

    def _holds(self, role: str) -> tuple[Hold, ...]:
        if self.holder is None or self.locked_code is None:
            return ()
        return (Hold(self.holder, role, self.locked_code, self.locked_lasti),)

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
