"""Go's types, for slices, maps, arrays and the fields of structs (Go: spec "Types").

``int``, ``float``, ``bool``, ``str`` and ``object`` stand for int, float64, bool, string and any;
the others are here: ``INT8`` … ``UINT64``, ``BYTE``, ``RUNE``, ``FLOAT32``, ``UINTPTR``, ``ERROR``,
``ptr(T)``, ``array_type(T, n)``, ``slice_type(T)``, ``map_type(K, V)``, ``chan_type(T)``,
``func_type()``. ``draw(T)`` shows where the bytes of a struct go, ``tightest(T)`` the best order of
its fields.

Examples
--------
>>> array_type(BYTE, 64).size, ptr("Node").name, slice_type(int).size
(64, '*Node', 24)
"""

from __future__ import annotations

from dataclasses import replace

from gosim.memory import array, slice, types
from gosim.memory.map import NilMap
from gosim.memory.struct import ItSelf
from gosim.memory.types import (
    ANY,
    BOOL,
    BYTE,
    COMPLEX64,
    COMPLEX128,
    ERROR,
    FLOAT32,
    FLOAT64,
    INT,
    INT8,
    INT16,
    INT32,
    INT64,
    RUNE,
    STRING,
    UINT,
    UINT8,
    UINT16,
    UINT32,
    UINT64,
    UINTPTR,
    UNSAFE_POINTER,
    Field,
    Kind,
    Piece,
    Type,
    as_type,
    draw,
    layout,
    padding_bytes,
    pointer_to,
    tightest,
)
from gosim.std.values import door, integer, map_of_types, the_heap

__all__ = [
    "ANY",
    "BOOL",
    "BYTE",
    "COMPLEX64",
    "COMPLEX128",
    "ERROR",
    "FLOAT32",
    "FLOAT64",
    "INT",
    "INT8",
    "INT16",
    "INT32",
    "INT64",
    "RUNE",
    "STRING",
    "UINT",
    "UINT8",
    "UINT16",
    "UINT32",
    "UINT64",
    "UINTPTR",
    "UNSAFE_POINTER",
    "Field",
    "Kind",
    "Piece",
    "Type",
    "array_type",
    "chan_type",
    "draw",
    "func_type",
    "layout",
    "map_type",
    "padding_bytes",
    "ptr",
    "slice_type",
    "struct_type",
    "tightest",
]


@door
def ptr(elem: object) -> Type:
    """Return ``*elem``.

    Parameters
    ----------
    elem
        A type, or the name of a struct that is yet to be defined (or is being defined).
    """
    if isinstance(elem, ItSelf):
        elem = elem.name
    if isinstance(elem, str):
        return pointer_to(None, f"*{elem}")
    return pointer_to(as_type(elem))


@door
def array_type(elem: object, length: int) -> Type:
    """Return ``[length]elem``."""
    return array.array_type(as_type(elem), integer(length, "length"))


@door
def slice_type(elem: object) -> Type:
    """Return ``[]elem``; the zero value is the nil slice."""
    return slice.slice_type(as_type(elem))


@door
def map_type(key: object, elem: object) -> Type:
    """Return ``map[key]elem``; the zero value is the nil map."""
    k, e = as_type(key), as_type(elem)
    of = map_of_types(k, e)
    return replace(types.map_of(k, e), make=lambda _: NilMap(of, the_heap("a nil map").features))


@door
def chan_type(elem: object) -> Type:
    """Return ``chan elem``; the zero value is the nil channel."""

    def make(_: Type) -> object:
        from gosim.runtime.chan import nil_chan

        return nil_chan(elem)

    t = ANY if elem is None or (isinstance(elem, type) and elem not in _BASIC) else as_type(elem)
    return replace(types.chan_of(t), make=make)


_BASIC = (int, float, bool, str, complex, object)


def func_type(signature: str = "func()") -> Type:
    """Return a function type: one pointer to a closure. Its zero value is None."""
    return types.func_of(signature)


@door
def struct_type(name: str = "", /, **fields: object) -> Type:
    """Return a struct type without a class, for its size and layout.

    Examples
    --------
    >>> struct_type(a=bool, b=int, c=bool).size
    24
    """
    return types.struct_of(*((n, as_type(t)) for n, t in fields.items()), name=name)
