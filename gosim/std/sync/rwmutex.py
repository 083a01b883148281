"""The reader/writer lock (Go: ``sync/rwmutex.go``)."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from types import CodeType
from typing import Any

from gosim.runtime.forms import OBSERVED, Op, operation, two_forms
from gosim.runtime.g import CHOICE, PARK, G
from gosim.runtime.panic import fatal
from gosim.runtime.sema import Semaphore, semacquire, semrelease, semrelease_handoff
from gosim.std.primitive import Hold, Lock, Scoped, held
from gosim.std.sync.mutex import Mutex

_getframe = sys._getframe


@two_forms
class RWMutex(Lock):
    """A lock held by any number of readers or one writer; new ones are unlocked.

    A writer that waits keeps new readers out, so a goroutine that reads-locks twice deadlocks when
    a writer comes between (``src/sync/rwmutex.go``).

    ``async with rw:`` is the write lock, ``async with rw.rlocker():`` the read lock.

    Invariants: ``writer`` is true from the moment a writer announces itself until it unlocks, and
    only while it holds ``w``; ``reader_count`` counts readers that hold or wait; ``reader_wait``
    counts the readers the announced writer still waits for.
    """

    __slots__ = (
        "reader_count",
        "reader_sem",
        "reader_wait",
        "readers",
        "w",
        "writer",
        "writer_pending",
        "writer_sem",
    )

    def __init__(self) -> None:
        self.w = Mutex()
        self.w.made_like(self)
        self.writer_sem = Semaphore()
        self.reader_sem = Semaphore()
        self.reader_count = 0
        self.reader_wait = 0
        self.writer = False
        self.writer_pending = False
        # Who reads and where it was locked, oldest first; a goroutine may hold it several times.
        self.readers: dict[G, list[tuple[CodeType, int]]] = {}

    def __copy__(self) -> RWMutex:
        made = RWMutex()
        made.made_like(self)
        made.w = self.w.__copy__()
        made.writer_sem.count = self.writer_sem.count
        made.reader_sem.count = self.reader_sem.count
        made.reader_count, made.reader_wait = self.reader_count, self.reader_wait
        made.writer, made.writer_pending = self.writer, self.writer_pending
        made.readers = {g: list(places) for g, places in self.readers.items()}
        return made

    @operation
    def rlock(self) -> Op:
        """Lock for reading; wait while a writer holds it or waits for it."""
        w = self.world
        if w.g is None:
            w.misused(self, "rlock")
        if OBSERVED:
            if w.policy is not None and w.must_announce():
                w.g.pending = ("rwmutex rlock", self)
                yield CHOICE
        self.reader_count += 1
        if self.writer:
            yield from semacquire(w, self.reader_sem, self, "sync.RWMutex.RLock")
        frame = _getframe(1)
        self.readers.setdefault(w.g, []).append((frame.f_code, frame.f_lasti))
        if OBSERVED and w.observers:
            w.emit("acquired", self, "rlock")
            w.emit("lock_changed", self)

    @operation
    def try_rlock(self) -> Op:
        """Lock for reading if no writer holds it or waits; return whether it was locked."""
        w = self.world
        if w.g is None:
            w.misused(self, "try_rlock")
        if OBSERVED:
            if w.policy is not None and w.must_announce():
                w.g.pending = ("rwmutex tryrlock", self)
                yield CHOICE
        if w.poll():
            w.gosched_prepare(w.g)
            yield PARK
        if self.writer:
            return False
        self.reader_count += 1
        frame = _getframe(1)
        self.readers.setdefault(w.g, []).append((frame.f_code, frame.f_lasti))
        if OBSERVED and w.observers:
            w.emit("acquired", self, "tryrlock")
            w.emit("lock_changed", self)
        return True

    @operation
    def runlock(self) -> Op:
        """Undo one `rlock`.  Without one this is a fatal error."""
        w = self.world
        if w.g is None:
            w.misused(self, "runlock")
        if OBSERVED:
            if w.policy is not None and w.must_announce():
                w.g.pending = ("rwmutex runlock", self)
                yield CHOICE
        if self.reader_count == 0:
            yield from fatal("sync: RUnlock of unlocked RWMutex")
        if OBSERVED and w.observers:
            w.emit("released", self, "rlock")
        self.reader_count -= 1
        self._forget_reader(w.g)
        if self.writer:
            self.reader_wait -= 1
            if self.reader_wait == 0:
                semrelease(w, self.writer_sem)
        if OBSERVED and w.observers:
            w.emit("lock_changed", self)

    def _forget_reader(self, g: G) -> None:
        """Strike one hold of ``g`` off; without one it unlocks for the oldest reader."""
        if g not in self.readers:
            if not self.readers:
                return
            g = next(iter(self.readers))
        places = self.readers[g]
        places.pop()
        if not places:
            del self.readers[g]

    @operation
    def lock(self) -> Op:
        """Lock for writing; wait for the writer that holds it, then for the readers inside."""
        w = self.world
        if w.g is None:
            w.misused(self, "lock")
        if OBSERVED:
            if w.policy is not None and w.must_announce():
                w.g.pending = ("rwmutex lock", self)
                yield CHOICE
        m = self.w
        if m.locked or m.starving:
            if OBSERVED:
                w.announced = w.policy is not None  # it was announced as ours
            yield from m.lock(self)
        else:
            m.locked = True
            m.holder = w.g
        frame = _getframe(1)
        m.locked_code = frame.f_code
        m.locked_lasti = frame.f_lasti
        self.writer = True
        if self.reader_count:
            self.reader_wait += self.reader_count
            if self.reader_wait:
                self.writer_pending = True
                if OBSERVED and w.observers:
                    w.emit("lock_changed", self)
                yield from semacquire(w, self.writer_sem, self, "sync.RWMutex.Lock")
                self.writer_pending = False
        if OBSERVED and w.observers:
            w.emit("acquired", self, "lock")
            w.emit("lock_changed", self)

    @operation
    def try_lock(self) -> Op:
        """Lock for writing if nobody holds it; return whether it was locked."""
        w = self.world
        if w.g is None:
            w.misused(self, "try_lock")
        if OBSERVED:
            if w.policy is not None and w.must_announce():
                w.g.pending = ("rwmutex trylock", self)
                yield CHOICE
        if w.poll():
            w.gosched_prepare(w.g)
            yield PARK
        m = self.w
        # Go takes the inner mutex and gives it back when there are readers; nothing can happen
        # between the two here, and giving back wakes nobody that was not awake already.
        if m.locked or m.starving or self.reader_count:
            return False
        m.locked = True
        m.holder = w.g
        frame = _getframe(1)
        m.locked_code = frame.f_code
        m.locked_lasti = frame.f_lasti
        self.writer = True
        if OBSERVED and w.observers:
            w.emit("acquired", self, "trylock")
            w.emit("lock_changed", self)
        return True

    @operation
    def unlock(self) -> Op:
        """Unlock for writing: first the readers that wait, then the next writer.

        Without a write lock this is a fatal error.
        """
        w = self.world
        if w.g is None:
            w.misused(self, "unlock")
        if OBSERVED:
            if w.policy is not None and w.must_announce():
                w.g.pending = ("rwmutex unlock", self)
                yield CHOICE
        if not self.writer:
            yield from fatal("sync: Unlock of unlocked RWMutex")
        if OBSERVED and w.observers:
            w.emit("released", self, "lock")
        self.writer = False
        for _ in range(self.reader_count):
            semrelease(w, self.reader_sem)
        m = self.w
        m.locked = False
        m.holder = None
        if m.waiters and m.wake(w):
            yield from semrelease_handoff(w, m.sema)
        if OBSERVED and w.observers:
            w.emit("lock_changed", self)

    def rlocker(self) -> RLocker:
        """Return a `Locker` whose lock and unlock are `rlock` and `runlock`."""
        return RLocker(self)

    def held_at(self, g: G, code: CodeType, lasti: int) -> None:
        """Say where the write lock was taken."""
        self.w.held_at(g, code, lasti)

    def holders(self) -> tuple[Hold, ...]:
        """Who holds it: the writer (perhaps only pending), then the readers, oldest first."""
        writer: tuple[Hold, ...] = ()
        if self.writer:
            writer = self.w._holds("pending writer" if self.writer_pending else "writer")
        return writer + tuple(
            held(g, "reader", code, lasti)
            for g, places in self.readers.items()
            for code, lasti in places
        )

    def statistics(self) -> dict[str, Any]:
        """Return the IDs of the readers inside, of the writer, and of those that wait for it.

        ``writer`` may still be waiting for readers to leave (``pending``); ``waiting_writers`` are
        the ones behind it.
        """
        writer = self.w.holder if self.writer else None
        return {
            "readers": [g.id for g, places in self.readers.items() for _ in places],
            "writer": writer.id if writer else None,
            "pending": self.writer_pending,
            "waiting_readers": [g.id for g in self.reader_sem.waiters()],
            "waiting_writers": [g.id for g in self.w.sema.waiters()],
        }

    def __gosim_blocks__(self, kind: str) -> str | None:
        """Return the wait reason if an operation of this kind would have to wait now.

        A writer is one step only up to the moment it keeps new readers out; waiting for the
        readers inside is a second one (else a recursive read lock could never deadlock).
        """
        if kind == "rwmutex lock" and (self.w.locked or self.w.starving):
            return "sync.Mutex.Lock"
        return None


class RLocker(Scoped):
    """The read side of a `RWMutex` as a `Locker`."""

    __slots__ = ("rw",)

    def __init__(self, rw: RWMutex) -> None:
        self.rw = rw

    def lock(self) -> Op:
        """Lock for reading."""
        return self.rw.rlock()

    def unlock(self) -> Op:
        """Undo one read lock."""
        return self.rw.runlock()

    def held_at(self, g: G, code: CodeType, lasti: int) -> None:
        """Say where `g` took its latest read lock."""
        if g in self.rw.readers:
            self.rw.readers[g][-1] = code, lasti

    def __gosim_referents__(self) -> Iterable[object]:
        return (self.rw,)
