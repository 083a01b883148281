"""What the runtime tells about memory, and what a program costs that does nothing
(Go: ``mstats.go``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class SizeCount:
    """How many objects of one size class there have been (an element of ``MemStats.BySize``).

    Attributes
    ----------
    size : int
        Bytes of a slot.
    mallocs, frees : int
        Objects allocated and freed so far. Only the program's: what the runtime itself allocated
        before ``main`` is not divided into sizes.
    """

    size: int
    mallocs: int
    frees: int


@dataclass(frozen=True, slots=True)
class MemStats:
    """The figures of ``runtime.MemStats``, under their Go names; bytes unless said otherwise.

    Attributes
    ----------
    alloc, heap_alloc : int
        Objects that have not been swept yet, the same figure twice as in Go.
    total_alloc : int
        All that was ever allocated.
    sys : int
        The sum of all ``*_sys``.
    mallocs, frees, heap_objects : int
        Objects allocated, freed, and the difference.
    heap_sys, heap_idle, heap_inuse, heap_released : int
        Address space of the heap without stacks; without an object; in spans with an object; of the
        idle part what the system has back.
    stack_inuse, stack_sys, mspan_inuse, mspan_sys, mcache_inuse, mcache_sys : int
        Stacks, and the heap's own records of spans and caches.
    buck_hash_sys, gc_sys, other_sys : int
        Profiling tables, the collector's own memory, everything else.
    next_gc : int
        The heap size that the next collection should end below.
    last_gc : int
        When the last collection ended, in ns of virtual time; 0 for never.
    pause_total_ns, num_gc, num_forced_gc : int
        Pauses (always 0: a collection takes no virtual time), collections, and how many of them the
        program asked for.
    by_size : tuple of SizeCount
        By size class, from the smallest up.
    rss : int
        What ``top`` would show (not in Go's): memory that the system has handed out.
    lookups : int
        Always 0, as in Go.
    """

    alloc: int
    total_alloc: int
    sys: int
    mallocs: int
    frees: int
    heap_alloc: int
    heap_sys: int
    heap_idle: int
    heap_inuse: int
    heap_released: int
    heap_objects: int
    stack_inuse: int
    stack_sys: int
    mspan_inuse: int
    mspan_sys: int
    mcache_inuse: int
    mcache_sys: int
    buck_hash_sys: int
    gc_sys: int
    other_sys: int
    next_gc: int
    last_gc: int
    pause_total_ns: int
    num_gc: int
    num_forced_gc: int
    by_size: tuple[SizeCount, ...]
    rss: int
    lookups: int = 0


@dataclass(frozen=True, slots=True)
class Process:
    """What a process shows whose ``main`` does nothing but read its figures.

    Measured with ``GOMAXPROCS=1`` on linux/amd64 (``tests/test_heap.py`` measures again). The
    figures differ by a few hundred bytes from run to run.

    Attributes
    ----------
    heap_alloc, heap_objects, frees, heap_inuse, stack_inuse : int
        What the runtime itself has taken before ``main``, and freed.
    mspan_bytes, mcache_inuse, mcache_sys, buck_hash_sys, gc_sys, other_sys : int
        Its own records; the first is one span's.
    rss : int
        Memory, the program's text included.
    roots : int
        Global variables and stacks that a collection scans.
    first_gc_sys, first_other_sys : int
        What the first collection adds to ``gc_sys`` and ``other_sys``.
    gc_sys_per_arena, gc_sys_per_mib : int
        What each further 64 MiB, and each MiB, of heap adds to ``gc_sys``: bitmaps, tables of
        spans. (Up to 1.21 the heap bitmap, a 64th of the heap, is among it.)
    """

    heap_alloc: int
    heap_objects: int
    frees: int
    heap_inuse: int
    stack_inuse: int
    mspan_bytes: int
    mcache_inuse: int
    mcache_sys: int
    buck_hash_sys: int
    gc_sys: int
    other_sys: int
    rss: int
    roots: int
    first_gc_sys: int
    first_other_sys: int
    gc_sys_per_arena: int
    gc_sys_per_mib: int


# fmt: off
_MEASURED: Final = {
    #               alloc objects frees inuse   stacks  span cache  c.sys  buckets  gc_sys   other
    "1.21": Process(23408,  90, 3, 253952, 262144, 168, 1200, 15600,    3211, 2557800, 396165,
                    1764 << 10, 207520, 266768, 126448, 1_130_000, 1500),
    "1.22": Process(24064,  88, 3, 253952, 229376, 160, 1200, 15600,    6408, 1492840, 392944,
                    1804 << 10, 412056, 266768, 126448, 90_000, 1700),
    "1.23": Process(35440, 191, 6, 286720, 229376, 160, 1200, 15600,    2374, 1511344, 378474,
                    2132 << 10, 153952, 279104, 114112, 90_000, 1700),
    "1.24": Process(37264, 205, 6, 270336, 229376, 160, 1208, 15704,    2390, 1505176, 384522,
                    2060 << 10, 154946, 272936, 120280, 90_000, 1700),
    "1.25": Process(40160, 217, 3, 270336, 229376, 160, 1208, 15704, 1442616, 1526032, 364456,
                    2216 << 10, 156618, 292864, 100352, 90_000, 1700),
    "1.26": Process(50816, 248, 4, 270336, 229376, 160, 2296, 16072, 1442648, 1546000, 344088,
                    2416 << 10, 157650, 307712,  85504, 90_000, 1700),
    "1.27": Process(46592, 111, 4, 229376, 262144, 160, 2296, 16072, 1442537, 1519376, 370823,
                    2304 << 10, 154754, 301056,  92160, 90_000, 1700),
}
# fmt: on


def process(go: str) -> Process:
    """Return what a program of Go `go` costs that does nothing; `go` as in `features`."""
    return _MEASURED[go]
