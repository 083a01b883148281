"""Size classes: how many bytes the heap takes for an object (Go: ``msize.go``, ``sizeclasses.go``).

Small objects lie in *spans*, runs of whole pages cut into equal slots; there is one kind of span
for each *size class*. An object gets the smallest slot it fits, a large one whole pages. The table
is not written down here but made by the rules of Go's own generator, ``mksizeclasses.go``; it is
the same in all versions from 1.21 to 1.27 (a test compares it with every toolchain).
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import Final

from gosim.memory.features import MemoryFeatures

PAGE_SIZE: Final = 8192
MAX_SMALL_SIZE: Final = 32768
TINY_SIZE: Final = 16
"""The block that the tiny allocator fills with several objects without pointers."""
MALLOC_HEADER_SIZE: Final = 8
MIN_SIZE_FOR_MALLOC_HEADER: Final = 512
"""Objects with pointers *above* this size have a header, where there are headers at all."""

_INLINE_MARK_BYTES: Final = 128
_LARGE_SIZE_DIV: Final = 128
#: Sizes are multiples of a unit that grows with the size: from 16 bytes on, step and size double
#: together, so that the distance to the next class is never more than an eighth of the size.
_EIGHTHS_FROM, _EIGHTHS_UP_TO = 128, 2048


@dataclass(frozen=True, slots=True)
class SizeClass:
    """One row of the table.

    Attributes
    ----------
    size : int
        Bytes of a slot.
    pages : int
        Pages of 8 KiB in a span.
    """

    size: int
    pages: int

    @property
    def span_bytes(self) -> int:
        """Bytes of a span."""
        return self.pages * PAGE_SIZE

    @property
    def slots(self) -> int:
        """Slots a whole span would have; see :func:`objects_per_span`."""
        return self.span_bytes // self.size

    @property
    def tail_waste(self) -> int:
        """Bytes at the end of a span too few for a slot."""
        return self.span_bytes % self.size


def _span_pages(size: int) -> int:
    """The fewest pages of which cutting slots of `size` bytes wastes at most an eighth."""
    pages = 1
    while pages * PAGE_SIZE % size > pages * PAGE_SIZE // 8:
        pages += 1
    return pages


def _step_after(size: int, step: int) -> int:
    """The distance from a power of two, `size`, to the sizes that follow it."""
    if size >= _EIGHTHS_UP_TO:
        return _EIGHTHS_UP_TO // 8
    if size >= _EIGHTHS_FROM:
        return size // 8
    return 16 if size >= 32 else step


def _make_classes() -> tuple[SizeClass, ...]:
    classes: list[SizeClass] = []
    step = size = 8
    while size <= MAX_SMALL_SIZE:
        if size.bit_count() == 1:
            step = _step_after(size, step)
        pages = _span_pages(size)
        made = SizeClass(size, pages)
        # As many slots of as large a span as the size before: that size is pointless.
        if classes and classes[-1].pages == pages and classes[-1].slots == made.slots:
            classes.pop()
        classes.append(made)
        size += step
    # Give each slot what the span has over, in the unit in which large sizes are looked up.
    return tuple(
        SizeClass(max(c.size, _down(c.span_bytes // c.slots, _LARGE_SIZE_DIV)), c.pages)
        for c in classes
    )


def _down(n: int, multiple: int) -> int:
    return n // multiple * multiple


CLASSES: Final = _make_classes()
"""The classes from the smallest up. Go counts from 1; its class 0 is "a large object"."""

SIZES: Final = tuple(c.size for c in CLASSES)


def size_class(size: int) -> SizeClass:
    """Return the smallest class whose slots hold `size` bytes, 0 < `size` <= 32768."""
    return CLASSES[bisect_left(SIZES, size)]


def round_to_pages(size: int) -> int:
    """Return `size` rounded up to whole pages."""
    return -(-size // PAGE_SIZE) * PAGE_SIZE


def _header_bytes(size: int, noscan: bool, features: MemoryFeatures) -> int:
    """Bytes of the header that a small object of `size` bytes needs."""
    if features.malloc_headers and not noscan and size > MIN_SIZE_FOR_MALLOC_HEADER:
        return MALLOC_HEADER_SIZE
    return 0


def is_small(size: int, features: MemoryFeatures) -> bool:
    """Whether an object of `size` bytes lies in a slot; otherwise it has a span of its own."""
    # Room for a header is kept whether the object needs one or not.
    return size <= MAX_SMALL_SIZE - (MALLOC_HEADER_SIZE if features.malloc_headers else 0)


def roundupsize(size: int, noscan: bool, features: MemoryFeatures) -> int:
    """Return the usable bytes of the memory that Go takes for `size` bytes.

    This is what ``append`` makes capacities from (``runtime.roundupsize``). A malloc header is not
    usable and not counted; see :func:`allocated_bytes`.

    Parameters
    ----------
    size : int
        Bytes asked for, at least 0.
    noscan : bool
        The memory holds no pointers.
    features : MemoryFeatures
        The version.

    Examples
    --------
    >>> from gosim.memory.features import features
    >>> roundupsize(520, True, features("1.27")), roundupsize(570, False, features("1.27"))
    (576, 632)
    """
    if not is_small(size, features):
        return round_to_pages(size)
    if size <= 0:
        return 0
    header = _header_bytes(size, noscan, features)
    return size_class(size + header).size - header


def allocated_bytes(size: int, noscan: bool, features: MemoryFeatures) -> int:
    """Return the bytes that one object of `size` bytes takes from the heap, its header included.

    This is what ``MemStats.TotalAlloc`` and ``HeapAlloc`` count. An object without pointers below
    16 bytes counts as the tiny block that it makes necessary; others may share that block
    (:class:`TinyAllocator`). An object of no bytes takes none.

    Examples
    --------
    >>> from gosim.memory.features import features
    >>> [allocated_bytes(n, True, features("1.27")) for n in (0, 10, 20, 1000, 40000)]
    [0, 16, 24, 1024, 40960]
    """
    if size <= 0:
        return 0
    if noscan and size < TINY_SIZE:
        return TINY_SIZE
    if not is_small(size, features):
        return round_to_pages(size)
    return size_class(size + _header_bytes(size, noscan, features)).size


def objects_per_span(c: SizeClass, noscan: bool, features: MemoryFeatures) -> int:
    """Return the slots in a span of class `c` (``mheap.initSpan``).

    The end of the span is kept for the heap bitmap (one bit a word) where the objects have pointers
    and no headers, and for the mark bits where those lie in the span.
    """
    kept = 0
    if c.size <= MIN_SIZE_FOR_MALLOC_HEADER:
        if features.inline_mark_bits and c.size >= 16:
            kept += _INLINE_MARK_BYTES
        if features.malloc_headers and not noscan:
            kept += c.span_bytes // 8 // 8
    return (c.span_bytes - kept) // c.size


class TinyAllocator:
    """Packs small objects without pointers into blocks of 16 bytes (``malloc.go``: tiny allocator).

    A block lives as long as anything in it, so a byte can keep another's 16 bytes.

    Examples
    --------
    >>> tiny = TinyAllocator()
    >>> [tiny.allocate(size) for size in (5, 8, 1, 1)]
    [True, False, True, False]
    """

    __slots__ = ("_offset",)

    def __init__(self) -> None:
        self._offset: int | None = None

    def allocate(self, size: int) -> bool:
        """Place an object of `size` bytes, 0 < `size` < 16; return whether that took a new block.

        The current block stays when the new one has less room left over.
        """
        if self._offset is not None:
            align = min(size & -size, 8)
            start = -(-self._offset // align) * align
            if start + size <= TINY_SIZE:
                self._offset = start + size
                return False
        if self._offset is None or size < self._offset:
            self._offset = size
        return True

    def reset(self) -> None:
        """Forget the current block, as a collection does when it begins."""
        self._offset = None
