"""Weak pointers (Go: package ``weak``, from 1.24)."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from gosim.runtime.current import current_world

T = TypeVar("T")


class Pointer(Generic[T]):
    """A pointer that does not keep its object alive.

    `value` gives the object until a collection has found it unreachable, and None from then on.  It
    compares equal to every other weak pointer to the same object, also afterwards.
    """

    __slots__ = ("_key", "_target")

    def __init__(self, target: T) -> None:
        self._target: T | None = target
        self._key = object()

    def value(self) -> T | None:
        """Return the object, or None if it is gone (Go: ``Pointer.Value``)."""
        return self._target

    def clear(self) -> None:
        """Forget the object; for the collector."""
        self._target = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Pointer) and self._key is other._key

    def __hash__(self) -> int:
        return hash(self._key)

    def __gosim_referents__(self) -> tuple[object, ...]:
        return ()

    def __repr__(self) -> str:
        return f"weak pointer to {self._target!r}"


def make(obj: Any) -> Pointer[Any]:
    """Return a weak pointer to `obj`, something that lies on the heap (Go: ``weak.Make``)."""
    made: Pointer[Any] = current_world("weak.make()").memory_of().weak_to(obj, Pointer)
    return made
