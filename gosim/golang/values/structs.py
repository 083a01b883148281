"""What generated struct classes derive from.

A class has one slot per field and the methods ``copy`` (a copy), ``assign(other)`` (take
over all fields), ``__same__(other)`` (Go's ==) and ``__key__`` (a tuple that is equal and hashed by
Go's rules). In Python an instance is equal to itself only: as a Go pointer.
"""

from __future__ import annotations

from typing import Any

__all__ = ["Struct"]


class Struct:
    """Base of generated struct classes."""

    __slots__ = ("__weakref__",)

    __rtype__: Any  # of the pointer to it

    def copy(self) -> Any:
        raise NotImplementedError

    def assign(self, other: Any) -> None:
        raise NotImplementedError
