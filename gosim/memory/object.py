"""What lies on the heap, for those who only look at it: the heap itself is not loaded for that.

A run whose program uses no memory marks objects too, to prove what leaks, and has no heap.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gosim.memory.heap import Span, TinyBlock

__all__ = ["Block", "Object", "Part"]


class Part:
    """A part of the heap's own machinery: it may know all objects, and keeps none alive."""

    __slots__ = ()


class Object:
    """Something that has bytes of the heap.

    Attributes
    ----------
    allocated : int
        The bytes taken from the heap, rounding and header included; set by `Heap.allocate`. A tiny
        object that shares the slot of another has taken none.
    span : Span or TinyBlock or None
        Where it lies; None for an object of no bytes.
    site : str
        Where it was allocated, ``file:line``; not there for most of the small ones, unless the heap
        kept a profile then.
    """

    __slots__ = ("allocated", "site", "span")

    allocated: int
    span: Span | TinyBlock | None
    site: str

    #: Whether somebody refers to a part of it that Python does not count as this object.
    part_held = False
    #: Whether it tells the heap (`Heap.touched`) which of its bytes are written for the first time.
    tells_writes = False

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
