"""Pointers to what Python cannot change in place: variables, elements, fields.

Pointers to structs and arrays are these themselves; the classes here have an attribute `v`.
"""

from __future__ import annotations

from typing import Any

__all__ = ["Cell", "ElementPointer", "FieldPointer"]


class Cell:
    """A variable that somebody points at or that closures share, and the pointer to it."""

    __slots__ = ("__weakref__", "v")

    def __init__(self, v: Any) -> None:
        self.v = v


class ElementPointer:
    """A pointer to cell `i` of a list or bytearray."""

    __slots__ = ("__weakref__", "a", "i")

    def __init__(self, a: Any, i: int) -> None:
        self.a = a
        self.i = i

    @property
    def v(self) -> Any:
        """What it points at."""
        return self.a[self.i]

    @v.setter
    def v(self, value: Any) -> None:
        self.a[self.i] = value

    def __eq__(self, other: object) -> bool:
        return type(other) is ElementPointer and self.a is other.a and self.i == other.i

    def __hash__(self) -> int:
        return hash((id(self.a), self.i))


class FieldPointer:
    """A pointer to a field of a struct."""

    __slots__ = ("__weakref__", "name", "of")

    def __init__(self, of: Any, name: str) -> None:
        self.of = of
        self.name = name

    @property
    def v(self) -> Any:
        """What it points at."""
        return getattr(self.of, self.name)

    @v.setter
    def v(self, value: Any) -> None:
        setattr(self.of, self.name, value)

    def __eq__(self, other: object) -> bool:
        return type(other) is FieldPointer and self.of is other.of and self.name == other.name

    def __hash__(self) -> int:
        return hash((id(self.of), self.name))


def element_pointer(s: Any, i: int) -> ElementPointer:
    """Return ``&s[i]`` of a slice."""
    from gosim.golang.values.panics import index_panic

    if not 0 <= i < s.n:
        index_panic(i, s.n)
    return ElementPointer(s.a, s.o + i)


def array_pointer(a: Any, i: int) -> ElementPointer:
    """Return ``&a[i]`` of an array."""
    from gosim.golang.values.panics import index_panic

    if not 0 <= i < len(a):
        index_panic(i, len(a))
    return ElementPointer(a, i)


def field_pointer(x: Any, name: str) -> FieldPointer:
    """Return ``&x.name``; panics where `x` is nil."""
    if x is None:
        from gosim.golang.values.panics import nil_panic

        nil_panic()
    return FieldPointer(x, name)
