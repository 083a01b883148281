"""The heap: who has how many bytes of it, and of which span (Go: ``malloc.go``, ``mheap.go``).

A heap object is a Python object of a class that derives from `Object`; `Heap.allocate` gives it its
bytes. Small objects take a slot of a span of their size class, large ones have a span of their own,
and spans take whole pages of 8 KiB. The heap holds a reference to every object until a sweep finds
it dead, so what a program has dropped stays allocated until a collection, as in Go.

Invariants: ``heap_inuse`` is the bytes of all spans with an object (or being filled);
``heap_idle = heap_sys - heap_inuse``; ``heap_sys`` never falls.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable
from sys import getrefcount
from typing import Any, Final

from gosim.memory.features import MemoryFeatures
from gosim.memory.sizeclass import (
    PAGE_SIZE,
    allocated_bytes,
    is_small,
    objects_per_span,
    size_class,
)

__all__ = ["Block", "Heap", "Object", "Span"]


class Object:
    """Something that has bytes of the heap.

    Attributes
    ----------
    allocated : int
        The bytes taken from the heap, rounding and header included; set by `Heap.allocate`.
    span : Span or None
        Where it lies.
    site : str
        Where it was allocated; set only while the heap keeps a profile.
    """

    __slots__ = ("allocated", "site", "span")

    allocated: int
    span: Span | None
    site: str

    def __gosim_referents__(self) -> Iterable[object]:
        """What the memory of this object refers to."""
        return ()


class Block(Object):
    """A bare piece of memory: a part of a map, a channel's buffer, a closure, a defer record.

    Attributes
    ----------
    refs : iterable
        What it refers to; nothing at first.
    """

    __slots__ = ("refs",)

    def __init__(self, refs: Iterable[object] = ()) -> None:
        self.refs = refs

    def __gosim_referents__(self) -> Iterable[object]:
        return self.refs


class Span:
    """A run of pages with objects of one size.

    Attributes
    ----------
    size : int
        Bytes of a slot.
    pages : int
        Pages of the span.
    slots : int
        How many objects fit.
    used : int
        Slots taken. While the span is being filled all its slots count as taken.
    noscan : bool
        Its objects hold no pointers.
    """

    __slots__ = ("cell", "noscan", "pages", "size", "slots", "used")

    def __init__(self, size: int, pages: int, slots: int, noscan: bool, cell: Cell | None) -> None:
        self.size = size
        self.pages = pages
        self.slots = slots
        self.used = 0
        self.noscan = noscan
        self.cell = cell


class Cell:
    """The spans of one size class, with or without pointers (``mcentral.go``, ``mcache.go``).

    Attributes
    ----------
    span : Span
        The one being filled.
    free : int
        Its slots that are still free.
    """

    __slots__ = ("frees", "free", "mallocs", "noscan", "pages", "partial", "size", "slots", "span")

    def __init__(self, size: int, pages: int, slots: int, noscan: bool) -> None:
        self.size = size
        self.pages = pages
        self.slots = slots
        self.noscan = noscan
        self.span: Span = Span(size, 0, 0, noscan, self)
        self.free = 0
        self.mallocs = 0
        self.frees = 0
        self.partial: dict[Span, None] = {}


class Heap:
    """The memory of one program."""

    marking = False

    def __init__(self, features: MemoryFeatures) -> None:
        self.features: Final = features
        self.objects: list[Object] = []
        self.on_trigger: Callable[[], object] | None = None
        self.on_goal: Callable[[], object] | None = None
        self.on_barrier: Callable[[object, object], object] | None = None
        self.clock: Callable[[], int] = lambda: 0
        self.trigger = 4 << 20
        self.goal = 4 << 20
        self._threshold = self.trigger
        self._heap_live = 0
        self._tables: tuple[dict[int, Cell], dict[int, Cell]] = ({}, {})
        self._cells: dict[tuple[int, bool], Cell] = {}
        self._large_mallocs = self._large_frees = 0
        self._large_bytes = self._large_freed = 0
        self._pages = 0
        self.stack_pages = 0

    # --- allocation -------------------------------------------------------------------------

    def allocate(self, obj: Object, size: int, noscan: bool) -> None:
        """Give `obj` the memory of an object of `size` bytes.

        Parameters
        ----------
        obj : Object
            Not allocated yet.
        size : int
            Bytes asked for, at least 0; an object of none takes none.
        noscan : bool
            The memory holds no pointers.
        """
        cell = self._tables[noscan].get(size)
        if cell is None:
            cell = self._cell(obj, size, noscan)
            if cell is None:
                return
        if cell.free:
            cell.free -= 1
        else:
            self._refill(cell)
        obj.allocated = cell.size
        obj.span = cell.span
        self.objects.append(obj)

    def malloc(self, size: int, noscan: bool) -> Block:
        """Return a bare block of `size` bytes."""
        block = Block()
        self.allocate(block, size, noscan)
        return block

    def barrier(self, old: object, new: object) -> None:
        """Tell the collector that a pointer to `old` is overwritten by one to `new`."""
        if self.on_barrier is not None:
            self.on_barrier(old, new)

    def _cell(self, obj: Object, size: int, noscan: bool) -> Cell | None:
        """The class for `size`; None if `obj` has been dealt with."""
        if size <= 0:
            obj.allocated = 0
            obj.span = None
            return None
        if not is_small(size, self.features):
            self._allocate_large(obj, size, noscan)
            return None
        slot = allocated_bytes(size, noscan, self.features)
        cell = self._cells.get((slot, noscan))
        if cell is None:
            kind = size_class(slot)
            slots = objects_per_span(kind, noscan, self.features)
            cell = self._cells[slot, noscan] = Cell(kind.size, kind.pages, slots, noscan)
        self._tables[noscan][size] = cell
        return cell

    def _allocate_large(self, obj: Object, size: int, noscan: bool) -> None:
        taken = allocated_bytes(size, noscan, self.features)
        pages = taken // PAGE_SIZE
        span = Span(taken, pages, 1, noscan, None)
        span.used = 1
        self._pages += pages
        self._heap_live += taken
        self._large_mallocs += 1
        self._large_bytes += taken
        if self._heap_live >= self._threshold:
            self._reached()
        obj.allocated = taken
        obj.span = span
        self.objects.append(obj)

    def _refill(self, cell: Cell) -> None:
        """Take a slot of another span, which is then being filled."""
        if cell.partial:
            span = next(iter(cell.partial))
            del cell.partial[span]
        else:
            span = Span(cell.size, cell.pages, cell.slots, cell.noscan, cell)
            self._pages += cell.pages
        gained = span.slots - span.used
        span.used = span.slots
        cell.span = span
        cell.free = gained - 1
        cell.mallocs += gained
        self._heap_live += gained * cell.size
        if self._heap_live >= self._threshold:
            self._reached()

    def _reached(self) -> None:
        if self._threshold < self.goal:
            self._threshold = self.goal
            if self.on_trigger is not None:
                self.on_trigger()
        if self._heap_live >= self.goal and self.on_goal is not None:
            self.on_goal()

    # --- sweeping ---------------------------------------------------------------------------

    def sweep(self, marked: Container[int]) -> int:
        """Free every object whose ``id`` is not in `marked`; return the bytes freed."""
        dead = [o for o in self.objects if id(o) not in marked]
        self.objects = [o for o in self.objects if id(o) in marked]
        return self._free(dead)

    def sweep_counts(self) -> int:
        """Free every object that nothing refers to; return the bytes freed."""
        freed = 0
        while True:
            counts = list(map(getrefcount, self.objects))
            dead = [o for o, n in zip(self.objects, counts, strict=True) if n <= _OURS]
            if not dead:
                return freed
            self.objects = [o for o, n in zip(self.objects, counts, strict=True) if n > _OURS]
            freed += self._free(dead)
            del dead

    def _free(self, dead: list[Object]) -> int:
        for cell in self._cells.values():
            self._flush(cell)
        freed = 0
        for span, n in Counter([o.span for o in dead]).items():
            if span is None:
                continue
            freed += n * span.size
            span.used -= n
            of = span.cell
            if of is None:
                self._large_frees += 1
                self._large_freed += span.size
                self._pages -= span.pages
                continue
            of.frees += n
            if span.used:
                of.partial[span] = None
            else:
                of.partial.pop(span, None)
                self._pages -= span.pages
        self._heap_live -= freed
        return freed

    def _flush(self, cell: Cell) -> None:
        """Put the span that is being filled back with the others."""
        if cell.free:
            cell.mallocs -= cell.free
            self._heap_live -= cell.free * cell.size
            cell.span.used -= cell.free
            if cell.span.used:
                cell.partial[cell.span] = None
            else:
                self._pages -= cell.pages
            cell.free = 0

    # --- figures ----------------------------------------------------------------------------

    @property
    def live(self) -> int:
        """Bytes of all objects not swept yet (``HeapAlloc``)."""
        return self._heap_live - sum(c.free * c.size for c in self._cells.values())

    @property
    def mallocs(self) -> int:
        """Objects allocated so far."""
        return self._large_mallocs + sum(c.mallocs - c.free for c in self._cells.values())

    @property
    def frees(self) -> int:
        """Objects freed so far."""
        return self._large_frees + sum(c.frees for c in self._cells.values())

    @property
    def total_alloc(self) -> int:
        """Bytes allocated so far (``TotalAlloc``)."""
        return self._large_bytes + sum((c.mallocs - c.free) * c.size for c in self._cells.values())

    # --- pages for others -------------------------------------------------------------------

    def allocate_manual(self, pages: int) -> Span:
        """Take `pages` pages for something that is not the heap's: a goroutine's stack."""
        self.stack_pages += pages
        return Span(pages * PAGE_SIZE, pages, 1, True, None)

    def free_manual(self, span: Span) -> None:
        """Give pages of `allocate_manual` back."""
        self.stack_pages -= span.pages


def _count_of_one_holder() -> int:
    """What ``map(getrefcount, list)`` says of an object that only the list holds."""
    holder: list[Any] = [Object()]
    return next(map(getrefcount, holder))


_OURS: Final = _count_of_one_holder()
