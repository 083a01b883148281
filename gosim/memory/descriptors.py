"""What the runtime has on the heap for goroutines (Go: ``runtime2.go``, ``proc.go``, ``panic.go``).

`gosim.memory.goroutine` says what each of them costs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gosim.memory.features import MemoryFeatures
from gosim.memory.heap import Block, Heap, Span
from gosim.memory.sizeclass import allocated_bytes
from gosim.memory.slice import grown_capacity
from gosim.memory.types import INT, PTR_SIZE, Type, pointer_to, struct_of

__all__ = ["Descriptors", "defer_record_bytes"]

_SYSTEM: Final = 5
"""The runtime's own goroutines in ``allgs``."""
_SUDOGS_KEPT: Final = 128
_POINTER: Final = pointer_to(None)
_TIMER_SLOT: Final = struct_of(("timer", _POINTER), ("when", INT))


def defer_record_bytes(features: MemoryFeatures, captured_words: int = 0) -> int:
    """Return the heap bytes of one pending ``defer`` that stands in a loop.

    Parameters
    ----------
    features : MemoryFeatures
        The version.
    captured_words : int
        Words of variables that the deferred function literal captures by value, or of arguments of
        the deferred call, which the compiler captures in a literal of its own. Without any there is
        no closure to allocate.

    Examples
    --------
    >>> from gosim.memory.features import features
    >>> [defer_record_bytes(features(go), n) for go in ("1.21", "1.27") for n in (0, 1)]
    [80, 96, 48, 64]
    """
    if not captured_words:
        return features.defer_bytes
    closure = allocated_bytes(PTR_SIZE * (1 + captured_words), False, features)
    return features.defer_bytes + closure


class _Table:
    """An array that ``append`` makes larger one element at a time, and nobody smaller."""

    def __init__(self, heap: Heap, elem: Type) -> None:
        self._heap = heap
        self._elem = elem
        self._cap = 0
        self.block: Block | None = None
        self.made: list[tuple[int, bool]] = []  # bytes of all there were, and whether large

    def hold(self, n: int) -> None:
        """Make room for `n`; the arrays that were too small are garbage."""
        heap, elem = self._heap, self._elem
        while self._cap < n:
            self._cap = grown_capacity(self._cap + 1, self._cap, elem, heap.features)
            self.block = heap.malloc(self._cap * elem.size, False)
            self.made.append((self.block.allocated, _is_large(self.block)))


def _is_large(block: Block) -> bool:
    return type(block.span) is Span and block.span.cell is None


class Descriptors:
    """What the runtime itself has on the heap for its goroutines.

    It hears now and then how many there are, not of each: what it makes is right for that moment.
    All of it is a root of the collector; what is dropped here the next collection frees.

    Parameters
    ----------
    heap : Heap
        Where the objects are made.

    Examples
    --------
    >>> from gosim.memory.features import features
    >>> heap = Heap(features("1.27"))
    >>> descriptors = Descriptors(heap)
    >>> descriptors.update(places=1000, sudogs=999)
    >>> heap.live >= 1000 * 480 + 999 * 112
    True
    """

    def __init__(self, heap: Heap) -> None:
        kinds = heap.features
        self._heap = heap
        self._gs: list[Block] = []
        self._allgs = _Table(heap, _POINTER)
        self._sudogs: list[Block] = []
        self._waiting = 0
        self._timers: list[Block] = []
        self._sleeping = 0
        slot = _TIMER_SLOT if kinds.timer_slot_bytes == _TIMER_SLOT.size else _POINTER
        self._timer_heap = _Table(heap, slot)

    def update(self, places: int, sudogs: int, sleeping: int = 0, timers: int = 0) -> None:
        """Hear how many there are now.

        Parameters
        ----------
        places : int
            Goroutines alive, and dead ones whose places are free.
        sudogs : int
            Sudogs in queues (`sudogs_of`, summed up).
        sleeping : int
            Goroutines that have been in ``time.Sleep``: each keeps its timer until it ends.
        timers : int
            Timers pending, theirs included.
        """
        kinds = self._heap.features
        self._allgs.hold(places + _SYSTEM)
        self._make(self._gs, places, kinds.g_struct_bytes)
        self._make(self._sudogs, sudogs, kinds.sudog_bytes)
        self._make(self._timers, sleeping, kinds.timer_bytes)
        self._timer_heap.hold(timers)
        self._waiting, self._sleeping = sudogs, sleeping

    def hold(self, places: int, timers: int) -> None:
        """Make the tables large enough, and nothing else: somebody else counts the rest."""
        self._allgs.hold(places + _SYSTEM)
        self._timer_heap.hold(timers)

    def _make(self, have: list[Block], n: int, size: int) -> None:
        if len(have) < n:
            malloc = self._heap.malloc
            have += [malloc(size, False) for _ in range(n - len(have))]

    def lose_timer(self) -> None:
        """One that has slept ends; the next that sleeps in its place makes a timer anew."""
        if self._timers:
            self._timers.pop()
            self._sleeping -= 1

    def collect(self) -> None:
        """A collection begins: let go of what nobody waits with (``clearpools``)."""
        spare = len(self._sudogs) - self._waiting
        if spare > _SUDOGS_KEPT:
            # Of a full cache each sudog more sends half away, to where a collection frees them.
            half = _SUDOGS_KEPT // 2
            spare = half + 1 + (spare - _SUDOGS_KEPT - 1) % half
        del self._sudogs[self._waiting + spare :]
        del self._timers[self._sleeping :]

    @property
    def tables(self) -> tuple[_Table, _Table]:
        """The tables of goroutines and of timers."""
        return self._allgs, self._timer_heap

    def __iter__(self) -> Iterator[Block]:
        """Yield the objects, for the collector."""
        yield from self._gs
        yield from self._sudogs
        yield from self._timers
        for table in (self._allgs, self._timer_heap):
            if table.block is not None:
                yield table.block
