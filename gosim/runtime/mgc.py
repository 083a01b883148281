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

A goroutine that allocates on and on without ever parking gives no safe point.  From a little before
the trigger on a collection begins at the next one that comes.  At the trigger, if `_GRACE` spans or
large objects were taken meanwhile, and at the goal, the heap is collected *by reference counts*:
what nothing at all refers to is freed.  Nothing that is alive can be freed by that; dead variables
and cyclic garbage wait for the next safe point.

Simplifications: a collection takes no virtual time, and sweeping is done at its end (Go sweeps
little by little, so its ``HeapAlloc`` falls later).

Finalizers
----------
As in Go, what an object with a finalizer refers to stays alive with it, the object itself does not
unless something else leads there: so of a chain the first link is finalized first, one link in each
collection, and a cycle never.  One goroutine runs all finalizers, the one set last first; one that
blocks keeps all others waiting.  It is one of the runtime's own: `runtime.num_goroutine` leaves it
out, and a dump shows it only while it runs a finalizer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from inspect import CO_VARARGS
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from gosim.memory.collector import Collector
from gosim.memory.descriptors import Descriptors, defer_record_bytes
from gosim.memory.errors import FatalError
from gosim.memory.features import features
from gosim.memory.goroutine import channel_parts, sudogs_of
from gosim.memory.heap import Block, Heap, Object
from gosim.memory.memstats import MemStats
from gosim.memory.pacer import FORCE_PERIOD, MalformedMemoryLimit, read_gogc, read_gomemlimit
from gosim.memory.pointer import ElementPointer, FieldPointer
from gosim.memory.samples import Cycle, Sample
from gosim.memory.sizeclass import PAGE_SIZE
from gosim.memory.stack import Stacks
from gosim.memory.types import Type, as_type, struct_of
from gosim.runtime import time as rtime
from gosim.runtime.errors import UsageError
from gosim.runtime.forms import Op, operation
from gosim.runtime.g import PARK, SAFE, G, Select
from gosim.runtime.leakmark import GoEdges, held_by, module_roots
from gosim.runtime.panic import caller_line
from gosim.runtime.program import program_namespaces

if TYPE_CHECKING:
    from gosim.runtime.forms import Operation
    from gosim.runtime.proc import World

_WORK: Final = 20_000
"""Grey objects looked into at one safe point."""
_GRACE: Final = 4
_IDLE_NS: Final = FORCE_PERIOD // 2
"""So long sleeps the thread that forces collections (``sysmon``) while nothing happens."""
_EMPTY: Final = struct_of()
_NO_POINTERS: Final = {bool: "bool", float: "float64", int: "int", str: "string"}
BUDGET: Final = 8 << 30
"""Bytes of address space that the heap and the stacks of a simulated process have: one that wants
more is out of memory."""
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
    absent : int
        Goroutines that have stacks and descriptors, and are nowhere else: a load keeps books on
        them.
    attentive : bool
        Bring what goroutines cost up to date whenever the clock moves, and not only for figures: so
        nobody who has slept goes unnoticed.
    ran : set of G
        Goroutines that were picked lately: what they wait for may be something else now.
    """

    def __init__(
        self,
        world: World,
        gogc: str | None = None,
        memlimit: str | None = None,
        budget: int = BUDGET,
    ) -> None:
        self.world = world
        self.heap = heap = Heap(features(world.version.go))
        heap.on_trigger = self._triggered
        heap.on_barrier = self._stored
        heap.clock = lambda: world.now
        heap.pages.most = budget // PAGE_SIZE
        self.stacks = stacks = Stacks(heap)
        heap.untouched = lambda: stacks.untouched
        plus = heap.features.settings_take_plus
        if gogc is not None:
            heap.set_gc_percent(read_gogc(gogc, plus=plus))
        if memlimit is not None:
            try:
                heap.set_memory_limit(read_gomemlimit(memlimit, plus=plus))
            except MalformedMemoryLimit as error:
                raise UsageError(error.text.replace("\n", ": ")) from None
        self.wanted = False
        self.write_barrier = True
        self._frozen = False
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
        self.ran = set(world.allgs)
        self._queued: dict[G, int] = {}  # sudogs of those that wait
        self._sudogs = 0  # sum of them
        self._main_ended = 0
        self._slept: set[G] = set()  # a goroutine keeps the timer of its first sleep
        self._syncing = False
        self._finalizers: dict[int, tuple[object, Callable[[Any], Any]]] = {}
        self._to_finalize: list[tuple[object, Callable[[Any], Any]]] = []
        self._finalizing: G | None = None  # the goroutine that runs finalizers
        self._finalizing_ended = False
        self._weak: dict[int, Any] = {}
        # By identity of the object: it, and its cleanups by number.
        self._cleanups: dict[int, tuple[object, dict[int, Callable[[], Any]]]] = {}
        self._cleanup_number = 0
        self._shades: list[Shade] = []
        self._reached: list[object] = []
        self.absent = 0
        self.attentive = False

    # -- when ------------------------------------------------------------------------------------

    def _triggered(self) -> None:
        """The heap has reached its trigger; called again at every allocation from there on."""
        if self._syncing or self._by_hand:
            return  # it is the runtime that allocates; or a lesson is going on
        self.wanted = True
        heap = self.heap
        running = self.world.g is not None
        if self._collector is not None:
            if not running or heap.live < 2 * heap.goal:
                return  # at work already
            # No safe point comes at which it could go on: give it up.
            heap.marking = False
            self._collector = None
        self._over += 1
        if running and heap.overdue and (self._over > _GRACE or heap.live >= heap.goal):
            self._collect_by_counts()

    def safe_point(self, picked: G | None = None) -> None:
        """Let the collector work; every goroutine is suspended, `picked` is to run next."""
        self._picked = picked
        if self._by_hand:
            self.wanted = False
            return
        if self._collector is None:
            self._begin(self._reason)
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
        if self.attentive:
            self.sync()
            self.heap.follow_limit()
        if not self.frozen:
            self._sample()
        quiet = 0
        while (due := self._forced_at()) is not None and (due < instant or due <= world.now):
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

    def _forced_at(self) -> int | None:
        """Return when the next collection is forced if nothing happens until then.

        ``sysmon`` looks after the goroutines that a timer has woken have run, and every minute
        while nothing happens; so a forced collection may come later than two minutes after the last
        one (go-facts 5.10: up to ten seconds).
        """
        due, now = self.heap.force_due, self.world.now
        if due is None or due <= now:
            return due if due is None else now
        return now - (now - due) // _IDLE_NS * _IDLE_NS

    def collect(self, kind: str) -> None:
        """Do a whole collection now; every goroutine is suspended."""
        if self._collector is not None:
            self._end()
        self._begin(kind)
        self._end()

    @property
    def _reason(self) -> str:
        """Why a collection begins that the size of the heap calls for."""
        return "limit" if self.heap.pacer.limited else "heap"

    @property
    def frozen(self) -> bool:
        """Whether main has returned: what comes then is neither sampled nor counted.

        A collection at work then is ended before, and a last sample is taken when it is.
        """
        return self._frozen

    @frozen.setter
    def frozen(self, frozen: bool) -> None:
        if frozen and not self._frozen:
            self.finish()
            self._sample(always=True)
            self.heap.pages.most = None
        self._frozen = frozen

    def finish(self) -> None:
        """End the collection that is at work, if there is one; every goroutine is suspended."""
        if self._collector is not None and not self._by_hand:
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
        self._edges = GoEdges()
        self._collector = collector = Collector(
            self._edges, [id(world), id(self)], watcher=watcher, barrier=self.write_barrier
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
            self._births(collector)
            collector.terminate(self._roots())
        else:
            collector.drain()
        heap.marking = False
        self._collector = None
        finalized = [pair for key, pair in self._finalizers.items() if key not in collector.marked]
        # Weak pointers are cleared even if a finalizer brings the object back.
        for key, weak in list(self._weak.items()):
            if key not in collector.marked:
                weak.clear()
                del self._weak[key]
        cleaned: list[tuple[object, Callable[[Any], Any]]] = []
        for key, (_, functions) in list(self._cleanups.items()):
            if key not in collector.marked and key not in self._finalizers:
                del self._cleanups[key]
                cleaned += [(None, _Cleanup(f)) for f in reversed(functions.values())]
        if finalized:
            for pair in finalized:
                del self._finalizers[id(pair[0])]
            collector.add([obj for obj, _ in finalized], None, "finalizer")
            collector.drain()
        if world.observers:
            for obj in heap.objects:
                if id(obj) not in collector.marked:
                    world.emit("gc_freed", obj)
        heap.sweep(collector.marked)
        self._ended()
        if finalized or cleaned:
            self._finalize(finalized + cleaned)

    def _collect_by_counts(self) -> None:
        """Collect although a goroutine runs: free what nothing at all refers to."""
        for hook in self.world.gc_hooks:
            hook()
        self.sync()
        self._descriptors.collect()
        if not self.frozen:
            self._sample()
        self._kind = self._reason
        self._before = self.heap.live
        if self.world.observers:
            self.world.emit("gc_started", self._kind)
        self.heap.sweep_counts()
        self._ended()

    def _ended(self) -> None:
        world, heap = self.world, self.heap
        self.wanted = False
        self._over = 0
        self.stacks.collect()
        heap.pacer.roots = self.stacks.scanned
        heap.cycle_ended(forced=self._kind == "runtime.GC", counted=not self.frozen)
        cycle = Cycle(world.now - world.started_at, self._kind, self._before, heap.live, heap.goal)
        if not self.frozen:
            self.cycles.append(cycle)
            self._sample(always=True)
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
        edges = self._edges
        for obj, f in self._finalizers.values():
            yield f
            yield from edges.referents(obj)
        for _, functions in self._cleanups.values():
            yield from functions.values()
        for obj, f in self._to_finalize:
            yield f
            yield obj

    def _stored(self, old: object, new: object) -> None:
        if self._collector is not None:
            self._births(self._collector)
            self._collector.barrier(old, new)

    def _births(self, collector: Collector) -> None:
        """Make black what was allocated since this was asked last, while marking is on."""
        objects = self.heap.objects
        if len(objects) > self._born_from:
            for obj in objects[self._born_from :]:
                collector.allocated_black(obj)
            self._born_from = len(objects)

    # -- finalizers and weak pointers --------------------------------------------------------------

    def set_finalizer(self, obj: object, f: Callable[[Any], Any] | None) -> None:
        """Call `f(obj)` once a collection has found `obj` unreachable; None takes that back.

        Raises
        ------
        FatalError
            Where Go's runtime throws: for what is no pointer to the beginning of something on the
            heap, for what is no function, and when `obj` has a finalizer already.
        """
        if obj is None:
            raise FatalError("runtime.SetFinalizer: first argument is nil")
        if isinstance(obj, ElementPointer | FieldPointer):
            raise FatalError("runtime.SetFinalizer: pointer not at beginning of allocated block")
        if type(obj) in _NO_POINTERS:
            kind = _NO_POINTERS[type(obj)]
            raise FatalError(f"runtime.SetFinalizer: first argument is {kind}, not pointer")
        if f is None:
            self._finalizers.pop(id(obj), None)
            return
        if not callable(f):
            kind = _NO_POINTERS.get(type(f), type(f).__name__)
            raise FatalError(f"runtime.SetFinalizer: second argument is {kind}, not a function")
        if id(obj) in self._finalizers:
            raise FatalError("runtime.SetFinalizer: finalizer already set")
        self._finalizers[id(obj)] = obj, f
        if self._collector is not None:  # it has been through the finalizers already
            self._collector.add(self._edges.referents(obj))
            self._collector.add((f,))

    def add_cleanup(self, obj: object, f: Callable[[], Any]) -> int:
        """Call `f()` once a collection has found `obj` gone (Go: ``AddCleanup``); return a number.

        Of several the one added first is called first. An object with a finalizer is gone only in
        a collection after that has run.

        Raises
        ------
        FatalError
            For what is no pointer to something on the heap.
        """
        if obj is None:
            raise FatalError("runtime.AddCleanup: ptr is nil")
        if type(obj) in _NO_POINTERS:
            raise FatalError("runtime.AddCleanup: ptr not in allocated block")
        self._cleanup_number += 1
        self._cleanups.setdefault(id(obj), (obj, {}))[1][self._cleanup_number] = f
        if self._collector is not None:
            self._collector.add((f,))
        return self._cleanup_number

    def stop_cleanup(self, number: int) -> None:
        """Take a cleanup back that has not begun."""
        for key, (_, functions) in self._cleanups.items():
            if functions.pop(number, None) is not None:
                if not functions:
                    del self._cleanups[key]
                return

    def _finalize(self, found: list[tuple[object, Callable[[Any], Any]]]) -> None:
        """Wake the goroutine that runs finalizers; it takes the last one first."""
        world = self.world
        self._to_finalize += found
        g = self._finalizing
        if g is None:
            # It is there since before main, and has the number before that of the first `go`.
            g = self._finalizing = G(world.version.first_goroutine_id - 1, self._run_finalizers())
            world.daemons.add(g)
            if world.observers:
                world.emit("goroutine_created", g, None)
        elif g in world.allgs or self._finalizing_ended:
            return  # at work, or gone: a finalizer has called Goexit
        world.allgs.add(g)
        g.wait_reason = ""
        world.ready(g)

    async def _run_finalizers(self) -> None:
        while True:
            while self._to_finalize:
                obj, f = self._to_finalize.pop()
                result = f(obj)
                obj = None
                if hasattr(result, "__await__"):
                    await result
                f = result = None  # type: ignore[assignment]
            await self._no_finalizer()

    @operation
    def _no_finalizer(self) -> Op:
        world = self.world
        g = world.g
        g.wait_reason = "finalizer wait"
        g.waiting = None
        world.allgs.discard(g)
        yield PARK

    @property
    def of_runtime(self) -> int:
        """Goroutines in ``allgs`` that are the runtime's own: the one that runs finalizers."""
        return int(self._finalizing in self.world.allgs)

    def weak_to(self, obj: object, make: Callable[[Any], Any], typed: bool = False) -> Any:
        """Return the weak pointer to `obj`, made when it is the first one.

        `typed`: a type checker has seen that it is a pointer.
        """
        pointers = Object | ElementPointer | FieldPointer
        if obj is not None and not typed and not isinstance(obj, pointers):
            raise UsageError(
                f"weak.make({obj!r}): a weak pointer is made of a pointer to something on the "
                "heap: what gs.new(...) returns, or a pointer to an element or a field",
                *caller_line(),
            )
        weak = self._weak.get(id(obj))
        if weak is None:
            weak = self._weak[id(obj)] = make(obj)
        return weak

    # -- what the runtime itself has on the heap ---------------------------------------------------

    def ended(self, g: G) -> None:
        """A goroutine is gone; of main, what it has stays as long as the process."""
        self.ran.discard(g)
        self._sudogs -= self._queued.pop(g, 0)
        if g is self.world.main:
            self._main_ended = 1
            return
        if g is self._finalizing:
            self.world.free_slots.pop()  # it has no place that another one could take
            self._finalizing_ended = True
            return
        self.stacks.died(g)
        if g in self._slept:
            self._slept.discard(g)
            self._descriptors.lose_timer()

    def sync(self) -> None:
        """Bring what goroutines cost up to date: descriptors, places in queues, stacks."""
        world = self.world
        alive = len(world.allgs) - self.of_runtime
        places = alive + len(world.free_slots) + len(world.more_free_slots)
        running = self._running()
        sudogs = self._sudogs_with(running)
        pending = len(world.env._queue) - world.tombstones
        self._syncing = True
        try:
            self._descriptors.update(places, sudogs, len(self._slept), pending)
        finally:
            self._syncing = False
        self.stacks.alive = alive + self._main_ended + self.absent

    def _sudogs_with(self, running: set[G | None]) -> int:
        """Return the sudogs in queues now; only who ran since this was asked last is looked at."""
        queued = self._queued
        for g in self.ran - running:  # of who runs, the wait reason is that of an earlier wait
            self._sudogs -= queued.pop(g, 0)
            if g not in self.world.allgs:
                continue
            n = 0
            if g.wait_reason == "sleep":
                self._slept.add(g)
            elif type(g.waiting) is Select:
                n = sudogs_of(g.wait_reason, len(g.waiting.parts()))
            else:
                n = sudogs_of(g.wait_reason)
            if n:
                queued[g] = n
                self._sudogs += n
        self.ran &= running
        return self._sudogs - sum(queued.get(g, 0) for g in running if g is not None)

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
        """Return the figures of this moment, as the program asks for them (``ReadMemStats``)."""
        if self.world.g is None:
            self.heap.pages.most = None  # it is over, and asks no more
        self.sync()
        self.heap.release_cache()
        return self.heap.stats

    def _sample(self, always: bool = False) -> None:
        """Write the figures down; `always`, even if the last ones were written just before."""
        world = self.world
        at = world.now - world.started_at
        samples = self.samples
        if samples and not always and at != samples[-1].at and at - samples[-1].at < self._every:
            return
        self.sync()
        samples.append(self.heap.sample(at, len(world.allgs)))
        if len(samples) > _SAMPLES:
            del samples[1:-1:2]
            span = samples[-1].at - samples[0].at
            self._every = max(2 * self._every, span // _SAMPLES)

    def sample_every(self, ns: int) -> None:
        """Write the figures down every `ns` of virtual time, and at collections."""
        self._every = ns

    def sample(self) -> None:
        """Write the figures down now."""
        self._sample(always=True)

    @property
    def descriptors(self) -> Descriptors:
        """What the runtime itself has on the heap for goroutines."""
        return self._descriptors

    def reachable(self) -> set[int]:
        """Return the identities of all that is reachable now; every goroutine is suspended.

        It is no collection: the process does not notice it.
        """
        world, before = self.world, getattr(self, "_edges", None)
        self._edges = edges = GoEdges()
        marker = Collector(edges, [id(world), id(self)])
        marker.begin(self._roots())
        marker.drain()
        if before is not None:
            self._edges = before
        self._reached = marker.queue  # so that no identity is used again
        return marker.marked

    @property
    def reached(self) -> list[object]:
        """What `reachable` found last."""
        return self._reached

    # -- step by step ------------------------------------------------------------------------------

    def awaited(self, op: Operation[Any], name: str) -> Operation[Any]:
        """Return an operation for a program to await; one that it forgets is complained of."""
        if self.world.complaints is None:
            return op
        from gosim.runtime.tracked import watch

        tracked: Any = watch(op, name, self.world)
        return tracked  # type: ignore[no-any-return]

    @operation
    def whole_collection(self, task: Callable[[], Any]) -> Op:
        """Do `task`, a whole collection, for a goroutine that waits for its end.

        Who is runnable runs meanwhile, and finalizers have run when it returns, as in Go with one
        processor.
        """
        yield from self._others_run()
        yield from self.at_safe_point(task)
        yield from self._others_run()

    def _others_run(self) -> Op:
        world = self.world
        if world.g is None:
            world.misused(self, "collect")
        if world.runnext is not None or world.runq or world.globq:
            world.gosched_prepare(world.g)
            yield PARK

    @operation
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
            self._births(self._collector)
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
        collector = self._collector
        if collector is None:
            return "white"
        self._births(collector)
        return collector.colour(obj)

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


class _Cleanup:
    """A cleanup in the queue of finalizers: it gets no object."""

    __slots__ = ("f",)

    def __init__(self, f: Callable[[], Any]) -> None:
        self.f = f

    def __call__(self, _: object) -> Any:
        return self.f()

    def __gosim_referents__(self) -> Iterator[object]:
        yield self.f


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
