"""What is written down about memory while a program runs: pure data, for charts and reports."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Sample:
    """The memory of the simulated process at one moment; all sizes in bytes.

    Attributes
    ----------
    at : int
        Virtual ns since the program started.
    heap_live : int
        Go's ``HeapAlloc``: objects that were not swept yet, reachable or not.
    heap_inuse : int
        Go's ``HeapInuse``: spans that hold at least one object.
    stack_inuse : int
        Go's ``StackInuse``: spans of goroutine stacks.
    rss : int
        Resident memory of the process, the number that ``top`` shows.
    next_gc : int
        Go's ``NextGC``: the live heap at which the collection that comes next is to be done.
    goroutines : int
    num_gc : int
        Collections finished so far.
    """

    at: int
    heap_live: int
    heap_inuse: int
    stack_inuse: int
    rss: int
    next_gc: int
    goroutines: int
    num_gc: int


@dataclass(frozen=True)
class Holding:
    """Memory that stays, and who keeps it.

    Attributes
    ----------
    holder : str
        ``global cache``, ``goroutine 7 main.worker (chan send)``,
        ``12 × main.worker (chan receive)``, ``runtime: dead goroutines``.
    what : str
        ``[]byte, 100 × 1 MiB``, ``string text``, ``map[int]int table``, ``stacks``.
    bytes : int
        What would be freed if the holder let go (retained bytes).
    seen : int
        The part of it that the program can still reach by an index or a name.
    hidden : int
        The part that is there only because a smaller thing shares its backing store (pinned).
    at : str
        Where most of it was allocated (of what has a hidden part, most of that), ``file.py:12``;
        empty when that is not known.
    kind : str
        Empty for objects of the program; ``stacks`` of goroutines, with their descriptors; of the
        runtime, ``dead`` (descriptors), ``spare`` (stacks), ``idle`` (pages in no use).
    places : int
        How many places it was allocated at.
    """

    holder: str
    what: str
    bytes: int
    seen: int
    hidden: int
    at: str = ""
    kind: str = ""
    places: int = 1


class Cycle(NamedTuple):
    """One collection.

    Attributes
    ----------
    at : int
        Virtual ns since the program started.
    kind : str
        Why it ran: ``heap`` (the goal was reached), ``forced`` (nothing for two minutes),
        ``runtime.GC`` or ``limit`` (``GOMEMLIMIT``).
    before, after : int
        Live heap in bytes, before it and after it.
    goal : int
        The goal for the next one, in bytes.
    """

    at: int
    kind: str
    before: int
    after: int
    goal: int


@dataclass(repr=False)
class MemoryRecord:
    """What a run says about its memory.

    Attributes
    ----------
    samples : list of Sample
        In the order of time.
    holdings : list of Holding
        Who held what when main returned, the largest first.
    stats : dict of str to int
        ``runtime.MemStats`` when main returned, its fields in snake_case, and ``rss``.
    stats_after_gc : dict of str to int
        The same after a full collection.
    cycles : list of Cycle
    moment : str
        What `stats` and `holdings` show: ``main returns``, or ``the run ends`` where main did not.
    """

    samples: list[Sample] = field(default_factory=list)
    holdings: list[Holding] = field(default_factory=list)
    stats: dict[str, int] = field(default_factory=dict)
    stats_after_gc: dict[str, int] = field(default_factory=dict)
    cycles: list[Cycle] = field(default_factory=list)
    moment: str = "main returns"

    def __repr__(self) -> str:
        live = self.stats.get("heap_alloc", 0)
        return f"<MemoryRecord: {live} bytes live when {self.moment}, {len(self.samples)} samples>"
