"""Many calls at once: the heap goes on as it did, without an object of Python's for each of Go's.

A leak that loses the same with every call makes a heap of millions of equal objects. When it is
known what a call allocates, how much of that stays, and which stacks it leaves behind, the rest is
book-keeping: slots of spans, pages, stacks, collections when the pacing calls for them. `Bulk` does
that on the real `Heap` and `Stacks`, so spans, pages, pacing and scavenging are those of any run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from gosim.memory.heap import Heap, Span, TinyBlock
from gosim.memory.object import Block

if TYPE_CHECKING:
    from collections.abc import Container

    from gosim.memory.descriptors import Descriptors
    from gosim.memory.stack import Stacks

__all__ = ["Bulk", "Footprint", "Kind", "PerCall", "footprint"]


class Kind(NamedTuple):
    """Objects of one size class; `large` ones have a span each, and `size` is that of the span."""

    size: int
    noscan: bool
    large: bool = False


@dataclass
class Footprint:
    """What there is at one moment, in objects.

    Attributes
    ----------
    made : Counter of Kind
        Ever allocated; large ones are counted under size 0, for their sizes are not kept.
    made_large : int
        Bytes of all large ones ever allocated.
    kept : Counter of Kind
        Reachable, without the runtime's own tables.
    stacks : dict of int to int
        Stacks in use, by size.
    """

    made: Counter[Kind] = field(default_factory=Counter)
    made_large: int = 0
    kept: Counter[Kind] = field(default_factory=Counter)
    stacks: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class PerCall:
    """What one call leaves behind, as a mean.

    Attributes
    ----------
    kept, lost : mapping of Kind to float
        Objects that stay, and objects that the next collection frees.
    stacks : mapping of int to float
        Stacks that stay, by size.
    goroutines : float
        Goroutines that stay.
    """

    kept: Mapping[Kind, float]
    lost: Mapping[Kind, float]
    stacks: Mapping[int, float]
    goroutines: float

    @property
    def allocated(self) -> float:
        """Bytes that a call allocates."""
        both = (*self.kept.items(), *self.lost.items())
        return sum(kind.size * n for kind, n in both)

    @property
    def stays(self) -> float:
        """Bytes of heap and stacks that a call leaves behind."""
        heap = sum(kind.size * n for kind, n in self.kept.items())
        return heap + sum(size * n for size, n in self.stacks.items())


_LARGE = Kind(0, False, True)


def footprint(
    heap: Heap, descriptors: Descriptors, stacks: Stacks, marked: Container[int]
) -> Footprint:
    """Return what there is; `marked` has the identities of what is reachable."""
    found = Footprint()
    tables = {id(table.block) for table in descriptors.tables}
    blocks: dict[TinyBlock, None] = {}
    for obj in heap.objects:
        if id(obj) not in marked or id(obj) in tables:
            continue
        where = obj.span
        if type(where) is TinyBlock:
            blocks[where] = None
        elif type(where) is Span:
            found.kept[_kind_of(where)] += 1
    for block in blocks:
        found.kept[_kind_of(block.span)] += 1
    for cell in heap.cells:
        found.made[Kind(cell.size, cell.noscan)] = cell.mallocs - cell.free
    found.made[_LARGE], found.made_large = heap.large
    for table in descriptors.tables:
        for size, large in table.made:
            if large:
                found.made[_LARGE] -= 1
                found.made_large -= size
            else:
                found.made[Kind(size, False)] -= 1
    found.stacks = stacks.taken
    return found


def _kind_of(span: Span) -> Kind:
    cell = span.cell
    if cell is None:
        return Kind(span.size, False, True)
    return Kind(cell.size, cell.noscan)


class Bulk:
    """Carries calls out on the books.

    Parameters
    ----------
    heap, stacks, descriptors
        Those of the world, in which nothing else runs meanwhile.
    each : PerCall
    marked : container of int
        Identities of what is reachable now; everything else is garbage already.
    """

    def __init__(
        self,
        heap: Heap,
        stacks: Stacks,
        descriptors: Descriptors,
        each: PerCall,
        marked: Container[int],
    ) -> None:
        self.heap, self.stacks, self.descriptors, self.each = heap, stacks, descriptors, each
        self._dead: Counter[Span | TinyBlock | None] = Counter()
        self._gone: dict[int, Block] = {}  # tables that were too small
        self._owed: dict[object, float] = {}
        self._tables = tuple(table.block for table in descriptors.tables)
        self.due = False
        heap.on_trigger = self._triggered
        alive = []
        current = {id(block) for block in self._tables}
        for obj in heap.objects:
            if id(obj) in marked or id(obj) in current:
                alive.append(obj)
            elif obj.span is not None:
                self._dead[obj.span] += 1
        heap.objects = alive

    def _triggered(self) -> None:
        self.due = True

    def calls(self, n: int, places: int, timers: int) -> None:
        """Let `n` calls happen; then there are `places` goroutines and `timers` timers."""
        heap, each = self.heap, self.each
        for kind in dict.fromkeys((*each.kept, *each.lost)):
            stay = self._due((kind, True), each.kept.get(kind, 0.0) * n)
            go = self._due((kind, False), each.lost.get(kind, 0.0) * n)
            if kind.large:
                for i in range(stay + go):
                    span = heap.take_large(kind.size)
                    if i < go:
                        self._dead[span] += 1
            elif stay or go:
                left, dead = stay + go, go
                for span, taken in heap.take_slots(kind.size, kind.noscan, stay + go):
                    # What is dropped lies between what stays, evenly.
                    share = dead * taken // left
                    left, dead = left - taken, dead - share
                    if share:
                        self._dead[span] += share
        for size, mean in each.stacks.items():
            more = self._due(size, mean * n)
            if more:
                self.stacks.more(size, more)
        self._hold(places, timers)

    def _due(self, key: object, wanted: float) -> int:
        """Return how many whole ones are due; the rest of `wanted` is owed."""
        wanted += self._owed.get(key, 0.0)
        whole = int(wanted + 1e-9)
        self._owed[key] = wanted - whole
        return whole

    def _hold(self, places: int, timers: int) -> None:
        """Let the runtime's tables grow; the old ones are garbage."""
        self.descriptors.hold(places, timers)
        now = tuple(table.block for table in self.descriptors.tables)
        for old, new in zip(self._tables, now, strict=True):
            if old is not new and old is not None and old.span is not None:
                self._dead[old.span] += 1
                self._gone[id(old)] = old
        self._tables = now

    def collect(self) -> None:
        """Do a collection: free what is dead, see to stacks and pacing."""
        heap = self.heap
        self.due = False
        heap.marking_ended()
        dead, self._dead = self._dead, Counter()
        heap.free_slots(dead)
        self.stacks.collect()
        heap.pacer.roots = self.stacks.scanned
        heap.cycle_ended()

    def end(self) -> None:
        """Give the heap back: from now on it hears of each object again.

        What is dead by now stays there; a collection by `collect` still frees it.
        """
        gone = self._gone
        self.heap.objects = [obj for obj in self.heap.objects if id(obj) not in gone]
