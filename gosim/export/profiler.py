"""What the profiles ``heap``, ``block`` and ``mutex`` need to know, collected while a program runs.

It records every event: ``runtime.MemProfileRate = 1``, ``runtime.SetBlockProfileRate(1)`` and
``runtime.SetMutexProfileFraction(1)`` in Go's terms.  Delays are virtual time, and one cycle of the
simulated processor is one nanosecond.  All three stand still when main returns, where a real
process would be gone.

Read beside it: ``runtime/mprof.go``, and ``sema.go`` for what an unlock is charged with.
"""

from __future__ import annotations

import sys
from collections.abc import Collection
from typing import TYPE_CHECKING, Any, Final

from gosim.leaks.judge import _kind
from gosim.memory.heap import Heap, Object
from gosim.runtime.gostacks import (
    ALLOCATED,
    BLOCKING,
    CONTENDED,
    called,
    unlocking,
    whole,
)
from gosim.runtime.leakmark import held_by, module_roots, reachable
from gosim.runtime.observer import Observer
from gosim.runtime.program import program_namespaces
from gosim.runtime.roots import RootsUnknown
from gosim.runtime.sema import TICKET
from gosim.runtime.time import Entry, Wakeup
from gosim.runtime.traceback import _GO_NAMES, Frame, function_name, is_runtime_file
from gosim.std.sync.mutex import Mutex
from gosim.std.sync.once import Once
from gosim.std.sync.rwmutex import RWMutex

if TYPE_CHECKING:
    from types import CodeType, FrameType

    from gosim.runtime.g import G
    from gosim.runtime.proc import World
    from gosim.runtime.sema import Semaphore

Stack = tuple[Frame, ...]

PROFILED: Final = ("heap", "allocs", "block", "mutex")
"""The kinds that have to be collected while the program runs."""
_MOST_WAITERS: Final = 0xFFFF
"""Go counts those in a queue with 16 bits."""


class _Wait:
    """A goroutine that is blocked: since when, where, and in which queue (Go: ``sudog``)."""

    __slots__ = (
        "acquired",
        "queue",
        "reason",
        "released",
        "semaphore",
        "since",
        "stack",
        "thing",
        "waiters",
    )

    def __init__(self, since: int, stack: Stack, reason: str, thing: str) -> None:
        self.since = self.acquired = since
        self.stack = stack
        self.reason = reason
        self.thing = thing
        self.released = -1
        self.waiters = 0
        self.queue: tuple[int, str] | None = None
        self.semaphore: Semaphore | None = None


class Profiler(Observer):
    """Collects allocations, waits and contention.

    Parameters
    ----------
    kinds : collection of str
        Which profiles are wanted, of `PROFILED`.

    Attributes
    ----------
    block, mutex : dict
        By stack: how many events, and their delay in ns.
    heap : dict
        By stack and bytes of an object: objects allocated, and those of them that a collection at
        the end would keep.
    """

    def __init__(self, kinds: Collection[str] = PROFILED) -> None:
        self.kinds = frozenset(kinds)
        self.block: dict[Stack, list[int]] = {}
        self.mutex: dict[Stack, list[int]] = {}
        self.heap: dict[tuple[Stack, int], list[int]] = {}
        self._waits: dict[G, _Wait] = {}
        self._queues: dict[tuple[int, str], list[_Wait]] = {}
        self._buckets: dict[int, list[int]] = {}  # by identity of an object that is not swept
        self._world: Any = None
        self._done = False

    # -- from where to where -----------------------------------------------------------------------

    def run_started(self, world: World) -> None:
        """Have every allocation reported from here on."""
        self._world = world
        memory = world.memory
        if memory is None or self.kinds.isdisjoint(("heap", "allocs")):
            return
        heap = memory.heap
        for obj in heap.objects:  # of variables of the package
            file, _, line = getattr(obj, "site", "").rpartition(":")
            initialised = (Frame("main.init", file, int(line)),) if file else ()
            self._allocated(obj, whole(initialised, True))

        # It may run inside an allocation of the program's, on nobody's behalf.
        runtime = type(memory).sync.__code__

        def allocate(obj: Object, size: int, noscan: bool) -> None:
            Heap.allocate(heap, obj, size, noscan)
            if not self._done and obj.allocated:  # what shares the slot of another has none
                self._allocated(obj, self._stack(runtime) or ALLOCATED)

        heap.allocate = allocate  # type: ignore[method-assign]

    def main_returned(self, world: World) -> None:
        """Go's process is over."""
        self._end()

    def run_ended(self, world: World) -> None:
        """It ended in another way."""
        self._end()

    def _end(self) -> None:
        if self._done:
            return
        self._done = True
        world = self._world
        if self._buckets:
            kept = _reachable(world)
            own = {id(b) for (stack, _), b in self.heap.items() if stack == ALLOCATED}
            for obj in world.memory.heap.objects:
                bucket = self._buckets.get(id(obj))
                if bucket is None:
                    continue
                # What the runtime has for itself is known to it alone.
                if kept is None or id(obj) in kept or id(bucket) in own:
                    bucket[1] += 1
        self._world = None
        self._buckets.clear()
        self._waits.clear()
        self._queues.clear()

    # -- memory ------------------------------------------------------------------------------------

    def _allocated(self, obj: Object, stack: Stack) -> None:
        bucket = self.heap.setdefault((stack, obj.allocated), [0, 0])
        bucket[0] += 1
        self._buckets[id(obj)] = bucket

    # -- waits -------------------------------------------------------------------------------------

    def goroutine_parked(self, g: G, reason: str, on: Any) -> None:
        """Start the clock of a wait."""
        if self._done or reason not in BLOCKING:
            return
        wait = self._waits.get(g)
        if wait is None:
            wait = self._waits[g] = _Wait(self._world.now, self._stack(), reason, _kind(on))
            wait.semaphore = _semaphore(on, reason)
        semaphore = wait.semaphore
        if semaphore is not None and "mutex" in self.kinds:
            first = semaphore.queue is not None and semaphore.queue[0] is g
            self._enqueue(wait, (id(on), reason), first)

    def goroutine_readied(self, g: G, by: G | None) -> None:
        """Stop it; charge who ended the wait for a lock."""
        wait = self._waits.get(g)
        if wait is None or self._done:
            return
        wait.released = now = self._world.now
        if wait.queue is not None:
            delay = self._dequeue(wait, now)
            stack = unlocking(wait.reason, wait.thing) + self._stack()
            _add(self.mutex, stack, delay)

    def goroutine_picked(self, g: G) -> None:
        """Record the wait that is over: in Go the goroutine itself does it, once it runs again."""
        wait = self._waits.get(g)
        if wait is None or wait.released < 0 or self._done:
            return
        semaphore = wait.semaphore
        if semaphore is not None and not semaphore.count and g.elem is not TICKET:
            return  # somebody has taken the wake-up: it queues again, and it is one wait
        del self._waits[g]
        if "block" in self.kinds:
            stack = called(wait.reason, wait.thing) + wait.stack
            _add(self.block, stack, max(wait.released - wait.since, 1))

    # -- the queue of a lock -----------------------------------------------------------------------

    def _enqueue(self, wait: _Wait, key: tuple[int, str], first: bool) -> None:
        """Queue as ``semaRoot.queue``: who lost a race stands in front, with the oldest time."""
        wait.queue = key
        wait.waiters = 0
        queue = self._queues.setdefault(key, [])
        if not queue:
            queue.append(wait)
            return
        head = queue[0]
        if first:
            wait.acquired = head.acquired
            wait.waiters = min(head.waiters + 1, _MOST_WAITERS)
            queue.insert(0, wait)
        else:
            head.waiters = min(head.waiters + 1, _MOST_WAITERS)
            queue.append(wait)

    def _dequeue(self, wait: _Wait, now: int) -> int:
        """Leave the queue as ``semaRoot.dequeue``; return the delay that the unlock is charged.

        It is Go's estimate: the wait of the one released, and for everybody behind the mean of the
        longest and the shortest wait.  What was charged once is not charged again.
        """
        assert wait.queue is not None
        queue = self._queues[wait.queue]
        queue.remove(wait)
        if queue:
            head = queue[0]
            head.waiters = wait.waiters - 1 if wait.waiters > 1 else wait.waiters
            head.acquired = now
            tail = queue[-1].acquired
            queue[-1].acquired = now
        else:
            tail = wait.acquired
            del self._queues[wait.queue]
        delay = longest = now - wait.acquired
        if wait.waiters and self._world.version.contention_of_all:
            delay += (now - tail + longest) // 2 * wait.waiters
        return delay

    def _stack(self, runtime: CodeType | None = None) -> Stack:
        """Return the stack of the goroutine that runs, innermost first.

        Empty if nobody runs, or if `runtime` is at work, a function of the runtime's own.
        """
        world = self._world
        g = world.g
        if g is None:
            return ()
        frame: FrameType | None = sys._getframe(1)
        last = getattr(g.coro, "cr_frame", None) or getattr(g.coro, "gi_frame", None)
        found: list[Frame] = []
        while frame is not None:
            code = frame.f_code
            if code is runtime:
                return ()
            if code in _GO_NAMES or not is_runtime_file(code.co_filename):
                found.append(Frame(function_name(code), code.co_filename, frame.f_lineno))
            if frame is last:
                break
            frame = frame.f_back
        return whole(found, g is world.main)


def _add(records: dict[Stack, list[int]], stack: Stack, delay: int) -> None:
    record = records.setdefault(stack, [0, 0])
    record[0] += 1
    record[1] += delay


def _semaphore(on: Any, reason: str) -> Semaphore | None:
    """Return what a waiter for `on` sleeps on, if Go charges such waits to who unlocks."""
    if reason not in CONTENDED:
        return None
    if isinstance(on, Mutex):
        return on.sema
    if isinstance(on, Once):
        return on.m.sema
    if isinstance(on, RWMutex):
        if reason == "sync.RWMutex.RLock":
            return on.reader_sem
        return on.writer_sem if reason == "sync.RWMutex.Lock" else on.w.sema
    return None


def _reachable(world: World) -> set[int] | None:
    """Return the identities of what a collection would keep; None if that cannot be known.

    It can be while every goroutine is suspended.
    """
    roots: list[object] = []
    for namespace in program_namespaces(world.globals):
        roots += module_roots(namespace).values()
    for g in world.allgs:
        roots += held_by(g)
        roots.append(g.waiting)
    for item in world.env._queue:
        event: Any = item[3]
        if type(event) is Entry:
            roots.append(event.timer)
        elif type(event) is not Wakeup:
            roots.append(event)
    try:
        return {id(obj) for obj in reachable(roots, [world, world.memory])}
    except RootsUnknown:
        return None
