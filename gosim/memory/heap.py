"""The heap: who has how many bytes of it, and in which span
(Go: ``malloc.go``, ``mcentral.go``, ``mheap.go``).

A heap object is a Python object of a class that derives from `Object`; `Heap.allocate` gives it its
bytes. Small objects take a slot of a span of their size class, large ones have a span of their own,
tiny ones without pointers share a slot; spans take whole pages (`gosim.memory.pages`). The heap
holds a reference to every object until a sweep finds it dead: what a program has dropped stays
allocated until a collection, as in Go.

A span that is being filled counts as full, in ``heap_inuse`` as well as for the pacing, and the
pacing is looked at when a new one is taken: that is Go's rule, and keeps `Heap.allocate` short.

Invariants: ``heap_inuse`` is the pages of all spans with an object or being filled;
``heap_idle = heap_sys - heap_inuse``; neither ``heap_sys + stack_sys`` nor ``sys`` ever falls.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from pathlib import Path
from sys import getrefcount
from types import CodeType
from typing import Any, Final, NamedTuple

from gosim.memory.errors import OutOfMemory
from gosim.memory.features import MemoryFeatures
from gosim.memory.memstats import MemStats, SizeCount, process
from gosim.memory.object import Block, Object, Part
from gosim.memory.pacer import NO_LIMIT, Pacer, Use, force_due
from gosim.memory.pages import CHUNK_PAGES as CHUNK
from gosim.memory.pages import Full, Pages
from gosim.memory.samples import Sample
from gosim.memory.scavenger import Scavenger
from gosim.memory.sizeclass import (
    PAGE_SIZE,
    TINY_SIZE,
    allocated_bytes,
    is_small,
    objects_per_span,
    size_class,
)

__all__ = ["Block", "Cell", "Heap", "Object", "Site", "Span"]

_RUNTIME_SPANS: Final = 82
_ARENA: Final = 64 << 20
_TINY: Final = TINY_SIZE, True
"""Class of the slots that several objects share."""
_SPAN_RECORDS: Final = 16 << 10
"""Records of spans are allocated so many bytes at a time."""


class Span(Part):
    """A run of pages cut into slots of one size.

    Attributes
    ----------
    size : int
        Bytes of a slot.
    start, pages : int
        The first page, and how many.
    slots : int
        How many objects fit.
    used : int
        Slots taken. While the span is being filled all its slots count as taken.
    cell : Cell or None
        The class it belongs to; None for a large object and for a stack.
    fresh : int
        Bytes that nobody has written to since the system gave them: they are not resident.
    """

    __slots__ = ("cell", "fresh", "pages", "size", "slots", "start", "used")

    def __init__(self, size: int, start: int, pages: int, slots: int, cell: Cell | None) -> None:
        self.size = size
        self.start = start
        self.pages = pages
        self.slots = slots
        self.used = slots
        self.cell = cell
        self.fresh = 0


class TinyBlock:
    """A slot of 16 bytes shared by small objects without pointers; alive as long as one of them.

    Attributes
    ----------
    span : Span
        Where the slot is.
    used : int
        Objects in it.
    """

    __slots__ = ("span", "used")

    def __init__(self, span: Span) -> None:
        self.span = span
        self.used = 0


class Cell(Part):
    """The spans of one size class, with or without pointers (``mcentral.go``, ``mcache.go``).

    Attributes
    ----------
    size, pages, slots : int
        What each of its spans has.
    noscan : bool
        Its objects hold no pointers.
    span : Span or None
        The one being filled.
    free : int
        Its slots that are still free.
    mallocs, frees : int
        Slots allocated so far (all of `span` counted) and freed.
    partial : dict
        Spans with objects and free slots, as an ordered set.
    """

    __slots__ = ("free", "frees", "mallocs", "noscan", "pages", "partial", "size", "slots", "span")

    def __init__(self, size: int, pages: int, slots: int, noscan: bool) -> None:
        self.size = size
        self.pages = pages
        self.slots = slots
        self.noscan = noscan
        self.span: Span | None = None
        self.free = 0
        self.mallocs = 0
        self.frees = 0
        self.partial: dict[Span, None] = {}


class Site(NamedTuple):
    """What was allocated at one place of the program (a record of Go's heap profile).

    Attributes
    ----------
    live_objects, live_bytes : int
        Not swept yet.
    objects, bytes : int
        Ever allocated.
    """

    live_objects: int
    live_bytes: int
    objects: int
    bytes: int


class Heap(Part):
    """The memory of one program.

    Parameters
    ----------
    features : MemoryFeatures
        The version.

    Attributes
    ----------
    features : MemoryFeatures
    objects : list of Object
        All that has not been swept, in the order of allocation.
    marking : bool
        The write barrier is on: who overwrites a pointer must call `barrier`.
    on_trigger : callable or None
        Called when a collection may begin (``Pacer.early``), and at each span or large object from
        there on until there was one. It may collect by reference counts. Without it the heap does
        so itself, at the trigger.
    overdue : bool
        When it was called last, the trigger was reached.
    on_barrier : callable or None
        Gets what `barrier` is told.
    clock : callable
        Virtual time in ns.
    untouched : callable
        Bytes of goroutines' stacks that no frame has reached: they are not resident.
    pacer : Pacer
    scavenger : Scavenger
    pages : Pages

    Notes
    -----
    `live`, `mallocs`, `frees` and `total_alloc` count the program's objects. `stats` adds what the
    runtime itself has allocated before ``main`` (`gosim.memory.memstats.Process`).
    """

    marking = False

    def __init__(self, features: MemoryFeatures) -> None:
        self.features: Final = features
        self.objects: list[Object] = []
        self.on_trigger: Callable[[], object] | None = None
        self.overdue = False
        self.on_barrier: Callable[[object, object], object] | None = None
        self.clock: Callable[[], int] = _nothing
        self.untouched: Callable[[], int] = _nothing
        self._process = runtime = process(features.go)
        self.pages = Pages()
        self.pages.allocate(1)
        self.pages.free(0, 1)
        if features.heap_padding_pages:
            self.pages.pad(features.heap_padding_pages)
        self.pages.allocate((runtime.heap_inuse + runtime.stack_inuse) // PAGE_SIZE)
        self._stack_pages = runtime.stack_inuse // PAGE_SIZE
        # The page taken and given back above to map the first chunk is not backed by memory.
        self.pages.scavenge(CHUNK, force=True)
        self.pacer = Pacer(runtime)
        self.scavenger = Scavenger(self.pages, self, features.scavenge_page_ns)
        self._heap_live = runtime.heap_alloc
        self._tables: tuple[dict[int, Cell], dict[int, Cell]] = ({}, {})
        self._cells: dict[tuple[int, bool], Cell] = {}
        self._large_mallocs = self._large_frees = 0
        # Pages from here on are as the system gives them: zeroed, and not resident until written.
        # Go clears what lies below, and so makes it resident (``mheap.allocNeedsZero``).
        self._zeroed = 0
        self._fresh = 0  # sum of Span.fresh
        self._large_bytes = 0
        self._spans = self._most_spans = 0
        self._tiny_block: TinyBlock | None = None
        self._tiny_end = 0  # bytes of it that are taken
        self._tiny_shared = 0
        self._num_gc = self._num_forced = 0
        self._last_gc: int | None = None
        self._inuse_when_marked = 0
        self._profile: dict[str, list[int]] | None = None

    # -- allocation --------------------------------------------------------------------------

    def allocate(self, obj: Object, size: int, noscan: bool) -> None:
        """Give `obj` the memory of an object of `size` bytes.

        Parameters
        ----------
        obj : Object
            Not allocated yet.
        size : int
            Bytes asked for, at least 0; an object of none takes none, and is not one of `objects`.
        noscan : bool
            The memory holds no pointers.
        """
        cell = self._tables[noscan].get(size)
        if cell is None:
            self._allocate_other(obj, size, noscan)
            return
        if cell.free:
            cell.free -= 1
        else:
            self._refill(cell)
            obj.site = _site()
        obj.allocated = cell.size
        obj.span = cell.span
        self.objects.append(obj)

    def malloc(self, size: int, noscan: bool) -> Block:
        """Return a bare block of `size` bytes."""
        block = Block()
        self.allocate(block, size, noscan)
        return block

    def _allocate_other(self, obj: Object, size: int, noscan: bool) -> None:
        """Allocate what is empty, tiny, large, or of a size met for the first time."""
        if size <= 0:
            obj.allocated = 0
            obj.span = None
        elif noscan and size < TINY_SIZE:
            self._allocate_tiny(obj, size)
        elif is_small(size, self.features):
            self._tables[noscan][size] = self._cell(
                allocated_bytes(size, noscan, self.features), noscan
            )
            Heap.allocate(self, obj, size, noscan)
        else:
            self._allocate_large(obj, allocated_bytes(size, noscan, self.features))

    def _cell(self, slot: int, noscan: bool) -> Cell:
        """The class of slots of `slot` bytes."""
        cell = self._cells.get((slot, noscan))
        if cell is None:
            kind = size_class(slot)
            slots = objects_per_span(kind, noscan, self.features)
            cell = self._cells[slot, noscan] = Cell(slot, kind.pages, slots, noscan)
        return cell

    def _allocate_tiny(self, obj: Object, size: int) -> None:
        block = self._tiny_block
        align = size & -size
        start = (self._tiny_end + align - 1) & -align
        if block is not None and start + size <= TINY_SIZE:
            self._tiny_end = start + size
            self._tiny_shared += 1
            obj.allocated = 0
        else:
            cell = self._cells.get(_TINY) or self._cell(*_TINY)
            if cell.free:
                cell.free -= 1
            else:
                self._refill(cell)
            assert cell.span is not None
            block = TinyBlock(cell.span)
            # The block with more room left is the one to go on with.
            if self._tiny_block is None or size < self._tiny_end:
                self._tiny_block, self._tiny_end = block, size
            obj.allocated = TINY_SIZE
        block.used += 1
        obj.span = block
        self.objects.append(obj)

    def _allocate_large(self, obj: Object, taken: int) -> None:
        if self._heap_live + taken >= self.pacer.early:
            self._triggered(taken)
        new = self._zeroed
        obj.span = span = self._take(taken, taken // PAGE_SIZE, 1, None)
        if obj.tells_writes and span.start >= new:
            span.fresh = taken
            self._fresh += taken
        self._heap_live += taken
        self._large_mallocs += 1
        self._large_bytes += taken
        obj.allocated = taken
        obj.site = _site()
        self.objects.append(obj)

    def _refill(self, cell: Cell) -> None:
        """Take a slot of another span, which is then being filled."""
        if self._heap_live + cell.slots * cell.size >= self.pacer.early:
            self._triggered(cell.slots * cell.size)
        if cell.partial:
            span, _ = cell.partial.popitem()
            gained = span.slots - span.used
            span.used = span.slots
        else:
            span = self._take(cell.size, cell.pages, cell.slots, cell)
            gained = cell.slots
        cell.span = span
        cell.free = gained - 1
        cell.mallocs += gained
        self._heap_live += gained * cell.size

    def _take(self, size: int, pages: int, slots: int, cell: Cell | None) -> Span:
        """Take a span of pages for objects."""
        try:
            start, backed, grown = self.pages.allocate(pages)
        except Full as full:
            stacks = self._stack_pages
            inuse = (self.pages.mapped - stacks) * PAGE_SIZE
            raise OutOfMemory(full.pages * PAGE_SIZE, inuse) from None
        if backed:
            self.scavenger.assist(backed * PAGE_SIZE, grown * PAGE_SIZE, self.pacer.memory_limit)
        if start + pages > self._zeroed:
            self._zeroed = start + pages
        self._spans += 1
        if self._spans > self._most_spans:
            self._most_spans = self._spans
        return Span(size, start, pages, slots, cell)

    def _give_back(self, span: Span, untouched: int = 0) -> None:
        self.pages.free(span.start, span.pages, untouched)
        self._spans -= 1

    def allocate_manual(self, pages: int) -> Span:
        """Take `pages` pages for something that is not the heap's: goroutines' stacks.

        They count as ``stack_inuse``, not as ``heap_inuse``. The stacks of ``main`` and of the
        runtime's own goroutines are there already (`Process.stack_inuse`).
        """
        span = self._take(pages * PAGE_SIZE, pages, 1, None)
        self._stack_pages += pages
        return span

    def free_manual(self, span: Span, untouched: int = 0) -> None:
        """Give back what `allocate_manual` returned; the first `untouched` bytes nobody used."""
        self._give_back(span, untouched // PAGE_SIZE)
        self._stack_pages -= span.pages

    # -- without objects ---------------------------------------------------------------------

    @property
    def cells(self) -> Iterable[Cell]:
        """The size classes that were ever used."""
        return self._cells.values()

    @property
    def large(self) -> tuple[int, int]:
        """How many large objects were allocated, and their bytes."""
        return self._large_mallocs, self._large_bytes

    @property
    def fresh(self) -> int:
        """Bytes of large objects that nobody has written to."""
        return self._fresh

    def take_slots(self, size: int, noscan: bool, n: int) -> Iterator[tuple[Span, int]]:
        """Take `n` slots of `size` bytes that no Python object stands for; yield where they are.

        `free_slots` takes them back.
        """
        cell = self._cell(size, noscan)
        while n:
            if not cell.free:
                self._refill(cell)
                cell.free += 1
            taken = min(n, cell.free)
            cell.free -= taken
            n -= taken
            assert cell.span is not None
            yield cell.span, taken

    def take_large(self, taken: int) -> Span:
        """Take the span of a large object of `taken` bytes that no Python object stands for."""
        if self._heap_live + taken >= self.pacer.early:
            self._triggered(taken)
        span = self._take(taken, taken // PAGE_SIZE, 1, None)
        self._heap_live += taken
        self._large_mallocs += 1
        self._large_bytes += taken
        return span

    def touched(self, obj: Object, n: int) -> None:
        """Hear that `n` bytes of a large object are written for the first time."""
        span = obj.span
        if type(span) is Span and span.fresh:
            n = min(n, span.fresh)
            span.fresh -= n
            self._fresh -= n

    def barrier(self, old: object, new: object) -> None:
        """Tell the collector that a pointer to `old` is overwritten by one to `new`."""
        if self.on_barrier is not None:
            self.on_barrier(old, new)

    # -- collections -------------------------------------------------------------------------

    def _triggered(self, more: int) -> None:
        self.overdue = self._heap_live + more >= self.pacer.trigger
        if self.on_trigger is not None:
            self.on_trigger()
        elif self.overdue:
            self.sweep_counts()
            self.cycle_ended()

    def sweep(self, marked: Container[int]) -> int:
        """Free every object whose ``id`` is not in `marked`; return the bytes freed.

        `cycle_ended` has to follow.
        """
        self.marking_ended()
        dead = [o.span for o in self.objects if id(o) not in marked]
        if not dead:
            return 0
        self.objects = [o for o in self.objects if id(o) in marked]
        return self._free(dead)

    def sweep_counts(self) -> int:
        """Free every object that nothing refers to; return the bytes freed.

        What is referred to only by what is freed goes too; cyclic garbage stays. Sound while the
        program runs: an object that a running frame can come to is referred to from somewhere. Do
        not call it while a list of such objects is borrowed. `cycle_ended` has to follow.
        """
        self.marking_ended()
        freed = 0
        for _ in range(2):
            objects = self.objects
            counts = list(map(getrefcount, objects))
            for i, n in enumerate(counts):
                if n <= _OURS and objects[i].part_held:
                    counts[i] = _OURS + 1
            dead = [o.span for o, n in zip(objects, counts, strict=True) if n <= _OURS]
            if not dead:
                return freed
            self.objects = [o for o, n in zip(objects, counts, strict=True) if n > _OURS]
            del objects
            freed += self._free(dead)
            if not any(map(_leads_on, dead)):
                return freed
        return freed + self._free(self._sweep_chains())

    def _sweep_chains(self) -> list[Span | TinyBlock | None]:
        """Drop unreferenced objects until there are no more; return where they lay.

        Chains of objects run along the order of allocation or against it, so going to and fro gets
        to their ends in few passes.
        """
        objects: list[Any] = self.objects
        self.objects = []
        dead = []
        going = True
        order: range = range(len(objects))
        while going:
            going = False
            for i in order:
                o = objects[i]
                if o is not None and getrefcount(o) <= _OURS_AT_HAND and not o.part_held:
                    objects[i] = None
                    dead.append(o.span)
                    going = True
            order = order[::-1]
        self.objects = [o for o in objects if o is not None]
        return dead

    def marking_ended(self) -> None:
        """Hear that a collection has marked what is alive, and is about to sweep."""
        self._inuse_when_marked = self.pages.taken - self._stack_pages
        self.pages.next_generation()
        self.release_cache()

    def release_cache(self) -> None:
        """Put all spans that are being filled back with the others, and end the tiny block.

        A collection does that, and so does ``runtime.ReadMemStats`` (``mcache.releaseAll``).
        """
        for cell in self._cells.values():
            self._flush(cell)
        self._tiny_block = None

    def _flush(self, cell: Cell) -> None:
        """Put the span that is being filled back with the others."""
        span, free = cell.span, cell.free
        cell.span = None
        if span is None or not free:
            return
        cell.free = 0
        cell.mallocs -= free
        self._heap_live -= free * cell.size
        span.used -= free
        # At least one object was put into it, and none can have been freed before this.
        cell.partial[span] = None

    def _free(self, dead: list[Span | TinyBlock | None]) -> int:
        """Take one object's slot for each element of `dead`, while no span is being filled."""
        return self.free_slots(Counter(dead))

    def free_slots(self, dead: Mapping[Span | TinyBlock | None, int]) -> int:
        """Take so many slots of each span, while no span is being filled; return the bytes."""
        freed = 0
        for where, n in dead.items():
            if type(where) is TinyBlock:
                where.used -= n
                if where.used:
                    continue
                span, n = where.span, 1
            elif type(where) is Span:
                span = where
            else:
                continue
            freed += n * span.size
            span.used -= n
            cell = span.cell
            if cell is None:
                self._large_frees += 1
                self._fresh -= span.fresh
                self._give_back(span, span.fresh // PAGE_SIZE)
                continue
            cell.frees += n
            if span.used:
                cell.partial[span] = None
            else:
                cell.partial.pop(span, None)
                self._give_back(span)
        self._heap_live -= freed
        return freed

    def cycle_ended(self, forced: bool = False, counted: bool = True) -> None:
        """Pace the next collection, after a sweep.

        Parameters
        ----------
        forced : bool
            The program asked for this collection (``runtime.GC``).
        counted : bool
            It was the program's; what only we want to know counts nowhere.
        """
        self._num_gc += counted
        self._num_forced += forced and counted
        self._last_gc = now = self.clock()
        pacer = self.pacer
        pacer.last_goal = pacer.goal
        pacer.marked = self._runtime_live
        self._commit()
        self.scavenger.wake(now)

    def forced(self, n: int) -> None:
        """Count `n` collections that the clock forced and that find nothing to do."""
        self._num_gc += n

    def _commit(self) -> None:
        pacer = self.pacer
        idle = self.pages.idle - self.pages.released
        pacer.commit(Use(self.ready, idle * PAGE_SIZE, self._runtime_live))
        self.scavenger.pace(
            pacer.memory_limit, pacer.goal, pacer.last_goal, self._inuse_when_marked
        )

    @property
    def _runtime_live(self) -> int:
        """Bytes of objects, the runtime's own too."""
        return self._heap_live - sum(c.free * c.size for c in self._cells.values())

    @property
    def goal(self) -> int:
        """The heap size (``heap_alloc``) below which the next collection should end."""
        return self.pacer.goal

    @property
    def trigger(self) -> int:
        """The heap size at which the next collection begins."""
        return self.pacer.trigger

    def set_gc_percent(self, percent: int) -> int:
        """Set ``GOGC``, negative for off; return what it was (``debug.SetGCPercent``)."""
        old = self.pacer.gc_percent
        self.pacer.gc_percent = max(percent, -1)
        self._commit()
        return old

    def set_memory_limit(self, limit: int) -> int:
        """Set ``GOMEMLIMIT`` in bytes; return what it was (``debug.SetMemoryLimit``).

        A negative limit changes nothing.
        """
        old = self.pacer.memory_limit
        if limit >= 0:
            self.pacer.memory_limit = limit
            self._commit()
        return old

    def follow_limit(self) -> None:
        """Let the goal follow from what stacks have left of the memory limit by now.

        Go looks at that whenever it asks for the goal (``memoryLimitHeapGoal``).
        """
        if self.pacer.memory_limit != NO_LIMIT:
            self._commit()

    @property
    def force_due(self) -> int | None:
        """When a collection is forced if there is none before (virtual ns); None for never."""
        return force_due(self._last_gc, self.pacer.gc_percent)

    # -- memory that goes back ---------------------------------------------------------------

    def advance(self, now: int) -> None:
        """Let the background scavenger do its work up to virtual time `now` (ns)."""
        self.scavenger.advance(now)

    def free_os_memory(self) -> None:
        """Give all idle memory back (``debug.FreeOSMemory``, after its collection)."""
        self.scavenger.release_all()

    # -- figures -----------------------------------------------------------------------------

    @property
    def live(self) -> int:
        """Bytes of the program's objects that have not been swept."""
        return self._runtime_live - self._process.heap_alloc

    @property
    def mallocs(self) -> int:
        """Objects that the program has allocated so far."""
        slots = sum(c.mallocs - c.free for c in self._cells.values())
        return self._large_mallocs + slots + self._tiny_shared

    @property
    def frees(self) -> int:
        """Objects of the program freed so far; a tiny one that shares a slot counts at once."""
        slots = sum(c.frees for c in self._cells.values())
        return self._large_frees + slots + self._tiny_shared

    @property
    def total_alloc(self) -> int:
        """Bytes that the program has allocated so far."""
        return self._large_bytes + sum((c.mallocs - c.free) * c.size for c in self._cells.values())

    @property
    def retained(self) -> int:
        """Bytes of the heap, without stacks, that are backed by memory (``heapRetained``)."""
        pages = self.pages
        return (pages.mapped - pages.released - self._stack_pages) * PAGE_SIZE

    @property
    def ready(self) -> int:
        """Bytes that the process has from the system (``mappedReady``)."""
        pages = self.pages
        return (pages.mapped - pages.released) * PAGE_SIZE + self._records()[3]

    @property
    def inuse(self) -> int:
        """Bytes of the spans that hold objects (``HeapInuse``)."""
        return (self.pages.taken - self._stack_pages) * PAGE_SIZE

    @property
    def rss(self) -> int:
        """Bytes of the process that are resident, what ``top`` shows."""
        runtime = self._process
        mspan, gc, _, _ = self._records()
        stacks = self._stack_pages * PAGE_SIZE
        return (
            runtime.rss
            + (self.retained + stacks - runtime.heap_inuse - runtime.stack_inuse)
            + (mspan - _SPAN_RECORDS + gc - runtime.gc_sys)
            - self.pages.untouched * PAGE_SIZE
            - self._fresh
            - self.untouched()
        )

    def sample(self, at: int, goroutines: int) -> Sample:
        """Return the figures of this moment for a curve: those of `stats` without the counts."""
        return Sample(
            at,
            self._runtime_live,
            self.inuse,
            self._stack_pages * PAGE_SIZE,
            self.rss,
            self.pacer.goal,
            goroutines,
            self._num_gc,
        )

    def _records(self) -> tuple[int, int, int, int]:
        """``mspan_sys``, ``gc_sys``, ``other_sys``, and those with all others beside the heap."""
        runtime = self._process
        per_chunk = _SPAN_RECORDS // runtime.mspan_bytes
        chunks = -(-(_RUNTIME_SPANS + self._most_spans) // per_chunk)
        mspan = chunks * per_chunk * runtime.mspan_bytes
        grown = (self.pages.mapped - CHUNK) * PAGE_SIZE
        gc = runtime.gc_sys + (grown * runtime.gc_sys_per_mib >> 20)
        gc += grown // _ARENA * runtime.gc_sys_per_arena
        other = runtime.other_sys
        if self._num_gc:
            gc += runtime.first_gc_sys
            other += runtime.first_other_sys
        return mspan, gc, other, mspan + gc + other + runtime.mcache_sys + runtime.buck_hash_sys

    @property
    def stats(self) -> MemStats:
        """The figures of this moment (``runtime.ReadMemStats``)."""
        runtime, pages = self._process, self.pages
        alloc = self._runtime_live
        mallocs = self.mallocs + runtime.heap_objects + runtime.frees
        frees = self.frees + runtime.frees
        stacks = self._stack_pages * PAGE_SIZE
        heap_sys = pages.mapped * PAGE_SIZE - stacks
        inuse = self.inuse
        mspan, gc, other, records = self._records()
        counts: dict[int, SizeCount] = {}
        for cell in self._cells.values():
            was = counts.get(cell.size, _NONE)
            counts[cell.size] = SizeCount(
                cell.size, was.mallocs + cell.mallocs - cell.free, was.frees + cell.frees
            )
        return MemStats(
            alloc=alloc,
            total_alloc=self.total_alloc + runtime.heap_alloc,
            sys=pages.mapped * PAGE_SIZE + records,
            mallocs=mallocs,
            frees=frees,
            heap_alloc=alloc,
            heap_sys=heap_sys,
            heap_idle=heap_sys - inuse,
            heap_inuse=inuse,
            heap_released=pages.released * PAGE_SIZE,
            heap_objects=mallocs - frees,
            stack_inuse=stacks,
            stack_sys=stacks,
            mspan_inuse=(_RUNTIME_SPANS + self._spans) * runtime.mspan_bytes,
            mspan_sys=mspan,
            mcache_inuse=runtime.mcache_inuse,
            mcache_sys=runtime.mcache_sys,
            buck_hash_sys=runtime.buck_hash_sys,
            gc_sys=gc,
            other_sys=other,
            next_gc=self.pacer.goal,
            last_gc=self._last_gc or 0,
            pause_total_ns=0,
            num_gc=self._num_gc,
            num_forced_gc=self._num_forced,
            by_size=tuple(counts[size] for size in sorted(counts)),
            rss=self.rss,
        )

    # -- allocation sites --------------------------------------------------------------------

    @property
    def profile(self) -> bool:
        """Whether each allocation records where in the program it was made; off at first.

        Without it every large object does, and of the small ones the first in a span: a sample, as
        Go's own heap profile is one.
        """
        return self._profile is not None

    @profile.setter
    def profile(self, on: bool) -> None:
        if on and self._profile is None:
            self._profile = {}
            self.allocate = self._allocate_noting  # type: ignore[method-assign]
        elif not on and self._profile is not None:
            self._profile = None
            del self.allocate

    def _allocate_noting(self, obj: Object, size: int, noscan: bool) -> None:
        Heap.allocate(self, obj, size, noscan)
        if self._profile is None:
            return
        obj.site = site = _site()
        totals = self._profile.setdefault(site, [0, 0])
        totals[0] += 1
        totals[1] += obj.allocated

    def sites(self) -> dict[str, Site]:
        """Return what was allocated where since `profile` was switched on, most live bytes first.

        A site is ``file:line`` of the innermost frame that is not gosim's own; for what the runtime
        allocates on nobody's behalf it is ``runtime``.
        """
        live: dict[str, list[int]] = {}
        for obj in self.objects:
            site = getattr(obj, "site", None)
            if site is not None:
                counts = live.setdefault(site, [0, 0])
                counts[0] += 1
                counts[1] += obj.allocated
        found = {
            site: Site(*live.get(site, (0, 0)), *totals)
            for site, totals in (self._profile or {}).items()
        }
        return dict(sorted(found.items(), key=lambda item: (-item[1].live_bytes, item[0])))


_NONE: Final = SizeCount(0, 0, 0)
_GOSIM: Final = str(Path(__file__).parent.parent) + "/"
_LOOP: Final = str(Path(__file__).parent.parent / "runtime" / "proc.py")
_is_ours: dict[CodeType, bool] = {}


def _site() -> str:
    frame = sys._getframe(2)
    while True:
        code = frame.f_code
        ours = _is_ours.get(code)
        if ours is None:
            name = code.co_filename
            ours = _is_ours[code] = name.startswith((_GOSIM, "<"))
        if not ours:
            return f"{code.co_filename}:{frame.f_lineno}"
        # Below the scheduler's loop is who asked for the run, not the program.
        if frame.f_back is None or (code.co_filename == _LOOP and code.co_name == "loop"):
            return "runtime"
        frame = frame.f_back


def _nothing() -> int:
    return 0


def _leads_on(where: Span | TinyBlock | None) -> bool:
    """Whether an object that lies there can refer to others."""
    return type(where) is Span and (where.cell is None or not where.cell.noscan)


def _count_of_one_holder() -> tuple[int, int]:
    """What ``getrefcount`` says of an object that only a list holds: mapped, and at hand."""
    holder: list[Any] = [Object()]
    mapped = next(map(getrefcount, holder))
    o = holder[0]
    return mapped, getrefcount(o)


_OURS, _OURS_AT_HAND = _count_of_one_holder()
