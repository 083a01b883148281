"""Functions on slices (Go: package ``slices``)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gosim.memory import slice as slices
from gosim.memory.slice import Slice
from gosim.std.values import checked, door, integer, slice_value, the_heap

__all__ = [
    "clip",
    "clone",
    "contains",
    "delete",
    "delete_func",
    "equal",
    "grow",
    "index",
    "insert",
    "reverse",
    "sort",
]


@door
def clone(s: Slice) -> Slice:
    """Return a copy of `s` with an array of its own (``slices.Clone``).

    In 1.22 and 1.23 the clone of an empty slice keeps the array of the original alive.
    """
    return slices.clone(slice_value(s), heap=the_heap("slices.clone"))


@door
def clip(s: Slice) -> Slice:
    """Return ``s[:len(s):len(s)]``; the array stays as large as it was (``slices.Clip``)."""
    return slices.clip(slice_value(s))


@door
def grow(s: Slice, n: int) -> Slice:
    """Return `s` with room for `n` more elements (``slices.Grow``).

    Raises
    ------
    Panic
        ``cannot be negative``.
    """
    return slices.grow(slice_value(s), integer(n, "number"), heap=the_heap("slices.grow"))


@door
def insert(s: Slice, i: int, *values: Any) -> Slice:
    """Return `s` with `values` put in at `i` (``slices.Insert``)."""
    i = integer(i, "index")
    return slices.insert(slice_value(s), i, *values, heap=the_heap("slices.insert"))


@door
def delete(s: Slice, i: int, j: int) -> Slice:
    """Return `s` without elements `i` to `j` (``slices.Delete``).

    The tail moves down; what is left behind the new length is zeroed from 1.22 on. Before, it
    stayed and kept alive what it pointed at.
    """
    i, j = integer(i, "first index"), integer(j, "second index")
    return slices.delete(slice_value(s), i, j, heap=the_heap("slices.delete"))


def delete_func(s: Slice, remove: Callable[[Any], bool]) -> Slice:
    """Return `s` without the elements for which `remove` is true (``slices.DeleteFunc``)."""
    s = checked("delete_func", slice_value, s)
    return slices.delete_func(s, remove, heap=the_heap("slices.delete_func"))


@door
def contains(s: Slice, value: Any) -> bool:
    """Return whether an element equals `value` (``slices.Contains``)."""
    return slices.index(slice_value(s), value) >= 0


@door
def index(s: Slice, value: Any) -> int:
    """Return where the first element equal to `value` is, or -1 (``slices.Index``)."""
    return slices.index(slice_value(s), value)


@door
def reverse(s: Slice) -> None:
    """Reverse the elements in place (``slices.Reverse``)."""
    slices.reverse(slice_value(s))


@door
def sort(s: Slice) -> None:
    """Sort the elements in place; NaN comes first (``slices.Sort``)."""
    slices.sort(slice_value(s))


@door
def equal(s: Slice, t: Slice) -> bool:
    """Return whether both have the same length and equal elements (``slices.Equal``)."""
    return slices.equal(slice_value(s), slice_value(t))
