"""The memory of one world: when it is collected, from which roots, and what it costs
(Go: ``mgc.go``, ``mfinal.go``, ``mstats.go``).

A world gets its :class:`Memory` when a program first uses a value of gosim.memory, or asks for
figures.  The heap itself, its pacing and the marking are in ``gosim/memory``; here is what only the
runtime knows: goroutines, globals, timers, and when all of them stand still.

Two kinds of collection
-----------------------
CPython shows neither variables nor value stack of a frame that runs.  So marking happens at *safe
points*, where every goroutine is suspended: before the scheduler lets the next one run, in
``runtime.gc()``, and before the clock moves.  It goes on in steps from one safe point to the next,
while the program runs in between (the write barrier of `gosim.memory.collector`).

A goroutine that allocates on and on without ever parking gives no safe point.  After `_GRACE` more
allocations beyond the trigger, or at twice the goal, the heap is collected *by reference counts*:
what nothing at all refers to is freed.  Nothing that is alive can be freed by that; dead variables
and cyclic garbage wait for the next safe point.

Simplifications: a collection takes no virtual time, and sweeping is done at its end (Go sweeps
little by little, so its ``HeapAlloc`` falls later).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from inspect import CO_VARARGS
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from gosim.memory.collector import Collector
from gosim.memory.features import features
from gosim.memory.goroutine import Descriptors, channel_parts, defer_record_bytes, sudogs_of
from gosim.memory.heap import Block, Heap
from gosim.memory.memstats import MemStats
from gosim.memory.pacer import FORCE_PERIOD, MalformedMemoryLimit, read_gogc, read_gomemlimit
from gosim.memory.samples import Cycle, Sample
from gosim.memory.stack import Stacks
from gosim.memory.types import Type, as_type, struct_of
from gosim.runtime import time as rtime
from gosim.runtime.errors import UsageError
from gosim.runtime.forms import Op
from gosim.runtime.g import SAFE, G, Select
from gosim.runtime.leakmark import GoEdges, held_by, module_roots
from gosim.runtime.program import program_namespaces

if TYPE_CHECKING:
    from gosim.runtime.proc import World

_WORK: Final = 20_000
"""Grey objects looked into at one safe point."""
_GRACE: Final = 8
_EMPTY: Final = struct_of()
_SAMPLES: Final = 2_000
"""Samples kept; when there are more, every other one goes and the next ones are twice as rare."""


class Shade(NamedTuple):
    """A change of colour: `obj` is `colour` now, because of `why`, reached through `by`."""

    colour: str
    obj: object
    why: str
    by: object


class Memory:
    """Heap, stacks and collector of one world.

    Attributes
    ----------
    heap : Heap
    stacks : Stacks
    wanted : bool
        The next safe point belongs to the collector.
    write_barrier : bool
        False only in lessons: what Go's write barrier is good for.
    cycles : list of Cycle
        The collections so far.
    samples : list of Sample
        Figures over time; thinned out when they become too many.
    """

    def __init__(self, world: World, gogc: str | None = None, memlimit: str | None = None) -> None:
        self.world = world
        self.heap = heap = Heap(features(world.version.go))
        heap.on_trigger = self._triggered
        heap.on_barrier = self._stored
        heap.clock = lambda: world.now
        self.stacks = Stacks(heap)
        if gogc is not None:
            heap.set_gc_percent(read_gogc(gogc))
        if memlimit is not None:
            try:
                heap.set_memory_limit(read_gomemlimit(memlimit))
            except MalformedMemoryLimit as error:
                raise UsageError(error.text.replace("\n", ": ")) from None
        self.wanted = False
        self.write_barrier = True
        self.frozen = False
        self.cycles: list[Cycle] = []
        self.samples: list[Sample] = []
        self._collector: Collector | None = None
        self._by_hand = False
        self._kind = "heap"
        self._before = 0
        self._over = 0  # allocations since the trigger was reached
        self._picked: G | None = None  # runnable, but in no queue
        self._interrupted = False  # the program ran while marking was on
        self._born_from = 0
        self._every = 0  # least distance of two samples in ns
        self._descriptors = Descriptors(heap)
        self._main_ended = 0
        self._slept: set[G] = set()  # a goroutine keeps the timer of its first sleep
        self._syncing = False
        self._finalizers: dict[int, tuple[object, Callable[[Any], Any]]] = {}
        self._weak: dict[int, Any] = {}
        self._shades: list[Shade] = []

    # -- when ------------------------------------------------------------------------------------

    def _triggered(self) -> None:
        """The heap has reached its trigger; called again at every allocation from there on."""
        if self._collector is not None or self._syncing:
            return  # at work already; or it is the runtime that allocates
        self.wanted = True
        self._over += 1
        if self.world.g is not None and (
            self._over > _GRACE or self.heap.live >= 2 * self.heap.goal
        ):
            self._collect_by_counts()

    def safe_point(self, picked: G | None = None) -> None:
        """Let the collector work; every goroutine is suspended, `picked` is to run next."""
        self._picked = picked
        if self._by_hand:
            self.wanted = False
            return
        if self._collector is None:
            self._begin("heap")
        assert self._collector is not None
        self.wanted = not self._collector.step(_WORK)
        if not self.wanted:
            self._end()
        else:
            self._interrupted = True
        self._picked = None

    def advance(self, instant: int) -> bool:
        """Let the runtime's own work be done that is due before the clock comes to `instant`.

        Every goroutine is suspended.  True if a collection has made one runnable: then the clock
        stands where it did that, and must not move on yet.
        """
        world = self.world
        if self.wanted:
            while self.wanted:
                self.safe_point()
            if world.runnable():
                return True
        if not self.frozen:
            self._sample()
        quiet = 0
        while (due := self.heap.force_due) is not None and due <= instant:
            if quiet > 2:  # nothing changes any more from one to the next
                self.heap.forced((instant - due) // FORCE_PERIOD + 1)
                break
            mallocs = self.heap.mallocs
            if world.own_calendar and due > world.now:
                world.env._now = due
            self.heap.advance(due)
            self.collect("forced")
            if not self.frozen:
                self._sample()
            if world.runnable():
                return True
            quiet = quiet + 1 if self.heap.mallocs == mallocs else 0
        self.heap.advance(instant)
        return False

    def collect(self, kind: str) -> None:
        """Do a whole collection now; every goroutine is suspended."""
        if self._collector is not None:
            self._end()
        self._begin(kind)
        self._end()

    # -- a collection ----------------------------------------------------------------------------

    def _begin(self, kind: str) -> None:
        world, heap = self.world, self.heap
        for hook in world.gc_hooks:
            hook()
        self.sync()
        self._descriptors.collect()
        if not self.frozen:
            self._sample()
        self._kind = kind
        self._before = heap.live
        self._born_from = len(heap.objects)
        self._interrupted = self._by_hand
        watcher = self if self._by_hand or world.observers else None
        self._collector = collector = Collector(
            GoEdges(), [id(world), id(self)], watcher=watcher, barrier=self.write_barrier
        )
        heap.marking = True
        if world.observers:
            world.emit("gc_started", kind)
        collector.begin(self._roots())

    def _end(self) -> None:
        world, heap, collector = self.world, self.heap, self._collector
        assert collector is not None
        if self._interrupted:
            # Those made meanwhile are black: they survive this one.
            for obj in heap.objects[self._born_from :]:
                collector.allocated_black(obj)
            collector.terminate(self._roots())
        else:
            collector.drain()
        heap.marking = False
        self._collector = None
        finalized = self._unreachable_with_finalizer(collector)
        if finalized:
            collector.add([obj for obj, _ in finalized], None, "finalizer")
            collector.drain()
        for key, weak in list(self._weak.items()):
            if key not in collector.marked:
                weak.clear()
                del self._weak[key]
        if world.observers:
            for obj in heap.objects:
                if id(obj) not in collector.marked:
                    world.emit("gc_freed", obj)
        heap.sweep(collector.marked)
        self._ended()
        if finalized:
            self._finalize(finalized)

    def _collect_by_counts(self) -> None:
        """Collect although a goroutine runs: free what nothing at all refers to."""
        for hook in self.world.gc_hooks:
            hook()
        self.sync()
        self._descriptors.collect()
        if not self.frozen:
            self._sample()
        self._kind = "heap"
        self._before = self.heap.live
        if self.world.observers:
            self.world.emit("gc_started", "heap")
        self.heap.sweep_counts()
        self._ended()

    def _ended(self) -> None:
        world, heap = self.world, self.heap
        self.wanted = False
        self._over = 0
        self.stacks.collect()
        heap.pacer.roots = self.stacks.scanned
        heap.cycle_ended(forced=self._kind in ("forced", "runtime.GC"))
        cycle = Cycle(world.now - world.started_at, self._kind, self._before, heap.live, heap.goal)
        if not self.frozen:
            self.cycles.append(cycle)
            self._sample()
        if world.observers:
            world.emit("gc_cycle", cycle)

    def _roots(self) -> Iterator[object]:
        """Yield what Go's collector starts from: globals, goroutines, timers."""
        world = self.world
        for namespace in program_namespaces(world.globals):
            yield from module_roots(namespace).values()
        running = self._running()
        for g in sorted(world.allgs, key=_by_id):
            yield from held_by(g)
            # Its place in a queue (sudog) points at the channel: also the last thing that does.
            if g not in running and g.waiting is not None:
                yield g.waiting
        for item in world.env._queue:
            event: Any = item[3]
            if type(event) is rtime.Entry:
                if event.timer is not None:
                    yield event.timer
            elif type(event) is not rtime.Wakeup:
                yield event
        yield from self._descriptors

    def _stored(self, old: object, new: object) -> None:
        if self._collector is not None:
            self._collector.barrier(old, new)

    # -- finalizers and weak pointers --------------------------------------------------------------

    def set_finalizer(self, obj: object, f: Callable[[Any], Any] | None) -> None:
        """Call `f(obj)` once a collection has found `obj` unreachable; None takes that back."""
        if f is None:
            self._finalizers.pop(id(obj), None)
        else:
            self._finalizers[id(obj)] = obj, f

    def _unreachable_with_finalizer(
        self, collector: Collector
    ) -> list[tuple[object, Callable[[Any], Any]]]:
        found = [pair for key, pair in self._finalizers.items() if key not in collector.marked]
        for obj, _ in found:
            del self._finalizers[id(obj)]
        return found

    def _finalize(self, found: list[tuple[object, Callable[[Any], Any]]]) -> None:
        """Start the goroutine that runs finalizers, one after another, as Go's does."""

        async def run_finalizers() -> None:
            for obj, f in found:
                result = f(obj)
                if hasattr(result, "__await__"):
                    await result

        world = self.world
        world.daemons.add(world.spawn(run_finalizers()))

    def weak_to(self, obj: object, make: Callable[[Any], Any]) -> Any:
        """Return the weak pointer to `obj`, made when it is the first one."""
        weak = self._weak.get(id(obj))
        if weak is None:
            weak = self._weak[id(obj)] = make(obj)
        return weak

    # -- what the runtime itself has on the heap ---------------------------------------------------

    def ended(self, g: G) -> None:
        """A goroutine is gone; of main, what it has stays as long as the process."""
        if g is self.world.main:
            self._main_ended = 1
            return
        self.stacks.died(g)
        self._slept.discard(g)

    def sync(self) -> None:
        """Bring what goroutines cost up to date: descriptors, places in queues, stacks."""
        world = self.world
        places = len(world.allgs) + len(world.free_slots) + len(world.more_free_slots)
        running = self._running()
        sudogs = 0
        for g in world.allgs:
            if g in running:  # its wait reason is that of an earlier wait
                continue
            reason = g.wait_reason
            if reason == "sleep":
                self._slept.add(g)
            elif type(g.waiting) is Select:
                sudogs += sudogs_of(reason, len(g.waiting.parts()))
            else:
                sudogs += sudogs_of(reason)
        pending = len(world.env._queue) - world.tombstones
        self._syncing = True
        try:
            self._descriptors.update(places, sudogs, len(self._slept), pending)
        finally:
            self._syncing = False
        self.stacks.alive = len(world.allgs) + self._main_ended

    def _running(self) -> set[G | None]:
        """Return the goroutines that run or could: what they say of a wait is of an earlier one."""
        return {self.world.g, self._picked, *self.world.runnable()}

    def started(self, coro: Any) -> None:
        """A goroutine begins: ``go f(x)`` makes a closure of `f` and its arguments."""
        code, frame = getattr(coro, "cr_code", None), getattr(coro, "cr_frame", None)
        if code is None or frame is None:
            return  # none that Python code describes
        if code.co_flags & CO_VARARGS:  # a wrapper of ours: what it passes on counts
            words = len(frame.f_locals[code.co_varnames[code.co_argcount + code.co_kwonlyargcount]])
        else:
            words = code.co_argcount + len(code.co_freevars)
        if words:
            self.heap.malloc(8 * (1 + words), False)

    def channel(self, elem: Any, cap: int) -> tuple[Block, ...]:
        """Return the objects of a new channel with room for `cap` elements."""
        kind = _type_of(elem)
        size, noscan = (8, True) if kind is None else (kind.size, kind.noscan)
        parts = channel_parts(size, cap, noscan, self.heap.features)
        return tuple(self.heap.malloc(*part) for part in parts)

    def timer(self) -> Block:
        """Return the object of a new timer that a program has made."""
        return self.heap.malloc(self.heap.features.channel_timer_bytes, False)

    def deferred(self, words: int) -> Block:
        """Return the record of a deferred call in a loop, with `words` of arguments or captures."""
        heap = self.heap
        record = heap.malloc(defer_record_bytes(heap.features), False)
        if words:
            record.refs = (heap.malloc(8 * (1 + words), False),)
        return record

    # -- figures -----------------------------------------------------------------------------------

    def read(self) -> MemStats:
        """Return the figures of this moment (Go: ``runtime.ReadMemStats``)."""
        self.sync()
        return self.heap.stats

    def _sample(self) -> None:
        world = self.world
        at = world.now - world.started_at
        samples = self.samples
        if samples and at != samples[-1].at and at - samples[-1].at < self._every:
            return
        stats = self.read()
        samples.append(
            Sample(
                at,
                stats.heap_alloc,
                stats.heap_inuse,
                stats.stack_inuse,
                stats.rss,
                stats.next_gc,
                len(world.allgs),
                stats.num_gc,
            )
        )
        if len(samples) > _SAMPLES:
            del samples[1:-1:2]
            span = samples[-1].at - samples[0].at
            self._every = max(2 * self._every, span // _SAMPLES)

    # -- step by step ------------------------------------------------------------------------------

    def at_safe_point(self, task: Callable[[], Any]) -> Op:
        """Do `task` while every goroutine is suspended; use with ``yield from``."""
        g = self.world.g
        if g is None:
            self.world.misused(self, "collect")
        g.elem = task
        yield SAFE
        result, g.elem = g.elem, None
        return result

    def begin_by_hand(self) -> list[Shade]:
        """Start a collection that goes on only when it is told to."""
        if self._collector is not None:
            self._end()
        self._by_hand = True
        self._begin("runtime.GC")
        return self._told()

    def step_by_hand(self, n: int) -> list[Shade]:
        """Look into up to `n` grey objects."""
        if self._collector is not None:
            self._collector.step(n)
        return self._told()

    def finish_by_hand(self) -> list[Shade]:
        """End the collection that was started by hand."""
        if self._collector is not None:
            self._end()
        self._by_hand = False
        return self._told()

    def colour(self, obj: object) -> str:
        """Return the colour of `obj` in the collection that goes on."""
        return "white" if self._collector is None else self._collector.colour(obj)

    def grey(self, obj: object, why: str, by: object) -> None:
        """Hear from the collector that `obj` is grey now."""
        if self._by_hand:
            self._shades.append(Shade("grey", obj, why, by))
        if self.world.observers:
            self.world.emit("gc_grey", obj, why, by)

    def black(self, obj: object) -> None:
        """Hear from the collector that `obj` is black now."""
        if self._by_hand:
            self._shades.append(Shade("black", obj, "", None))
        if self.world.observers:
            self.world.emit("gc_black", obj)

    def free_os_memory(self) -> None:
        """Collect, then give every idle page back."""
        self.collect("runtime.GC")
        self.heap.free_os_memory()
        if not self.frozen:
            self._sample()

    def _told(self) -> list[Shade]:
        told, self._shades = self._shades, []
        return told


def _by_id(g: G) -> int:
    return g.id


def _type_of(elem: Any) -> Type | None:
    """Return the Go type of a channel's elements; None if `elem` does not say."""
    if elem is None or elem == "struct {}":
        return None if elem is None else _EMPTY
    try:
        return as_type(elem)
    except (TypeError, ValueError):
        return None
