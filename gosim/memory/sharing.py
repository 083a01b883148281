"""What a store costs and what of it anybody can see: the arithmetic of pinned bytes.

Slices and strings are small windows on a *store*. The store lives whole as long as one window does,
so a short window can keep a large store: those bytes are *pinned*.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol


class Store(Protocol):
    """Memory that several values share."""

    @property
    def bytes(self) -> int:
        """Bytes that can be used."""

    @property
    def allocated(self) -> int:
        """Bytes taken from the heap, rounding and header included; 0 if not on the heap."""


class Window(Protocol):
    """A value that sees a part of a store."""

    @property
    def store(self) -> Store | None:
        """The store, or None (a nil slice, an empty string)."""

    @property
    def extent(self) -> tuple[int, int, int]:
        """Where in the store, in bytes: start, end of what is seen, end of what is in reach.

        Out of sight but in reach is what lies between a slice's length and its capacity: reslicing
        shows it.
        """


@dataclass(frozen=True, slots=True)
class Held:
    """How the bytes of one store are held.

    Attributes
    ----------
    allocated : int
        What the store takes from the heap: the sum of the four below.
    seen : int
        Bytes within the length of some window.
    hidden : int
        Bytes within the capacity but not the length: the hidden tail.
    out_of_reach : int
        Bytes no window can come to any more.
    slack : int
        Rounding up to the size class or page, and a header.
    """

    allocated: int
    seen: int
    hidden: int
    out_of_reach: int
    slack: int

    @property
    def pinned(self) -> int:
        """Bytes alive only because something smaller shares their store."""
        return self.hidden + self.out_of_reach


def held(store: Store, windows: Iterable[Window]) -> Held:
    """Divide the bytes of `store` among what `windows` see; windows on other stores do not count.

    A store that is not on the heap (a literal's text, a buffer on the stack) holds nothing.
    """
    if not store.allocated:
        return Held(0, 0, 0, 0, 0)
    extents = [w.extent for w in windows if w.store is store]
    seen = _covered((start, end) for start, end, _ in extents)
    reach = _covered((start, end) for start, _, end in extents)
    return Held(
        allocated=store.allocated,
        seen=seen,
        hidden=reach - seen,
        out_of_reach=store.bytes - reach,
        slack=store.allocated - store.bytes,
    )


def _covered(intervals: Iterable[tuple[int, int]]) -> int:
    """The length of the union."""
    total = 0
    last = 0
    for start, end in sorted(intervals):
        if end > last:
            total += end - max(start, last)
            last = end
    return total
