"""Sizes and offsets (Go: package ``unsafe``)."""

from __future__ import annotations

from gosim.memory.struct import no_field
from gosim.memory.types import Kind, Type, as_type
from gosim.std.values import door, go_type_of

__all__ = ["alignof", "offsetof", "sizeof"]


def _type(x: object) -> Type:
    """The type that `x` is, or the type of the value `x`."""
    if isinstance(x, (type, Type)):
        return as_type(x)
    return go_type_of(x)


@door
def sizeof(x: object) -> int:
    """Return the bytes of a type, or of a value's type, without what it points to (``Sizeof``).

    Examples
    --------
    >>> sizeof(str), sizeof(7)
    (16, 8)
    """
    return _type(x).size


@door
def alignof(x: object) -> int:
    """Return of what number addresses of such values are multiples (``Alignof``)."""
    return _type(x).align


@door
def offsetof(x: object, field: str) -> int:
    """Return at which byte of a struct a field begins (``Offsetof``)."""
    t = _type(x)
    if t.kind is not Kind.STRUCT:
        raise TypeError(f"{t} is no struct")
    if field not in {f.name for f in t.fields}:
        raise TypeError(no_field(t, field))
    return t.offsetof(field)
