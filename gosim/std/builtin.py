"""Go's built-in functions for what lies in memory (Go: spec "Built-in functions").

Everything is made on the heap of the run that is going on, with the bytes of the Go version that is
simulated.

Examples
--------
>>> import gosim as gs
>>> async def main():
...     s = gs.make_slice(int, 0, 3)
...     s = gs.append(s, 1, 2)
...     print(list(s), len(s), gs.cap(s))
>>> gs.run(main).stdout
'[1, 2] 2 3\\n'
"""

from __future__ import annotations

import sys
from typing import Any, Final, TypeVar

from gosim.memory import array as arrays
from gosim.memory import slice as slices
from gosim.memory import string as strings
from gosim.memory import struct as structs
from gosim.memory.array import Array
from gosim.memory.map import GoMap, NilMap
from gosim.memory.pointer import Box, FieldPointer, shade
from gosim.memory.slice import Slice
from gosim.memory.string import String
from gosim.memory.struct import Struct
from gosim.memory.types import Kind, as_type
from gosim.runtime import current
from gosim.runtime.chan import cap
from gosim.std.types import ptr
from gosim.std.values import (
    door,
    integer,
    map_of_types,
    map_value,
    new_map,
    slice_value,
    string_value,
    the_heap,
    wrong,
)

__all__ = [
    "append",
    "append_slice",
    "array",
    "array_from",
    "cap",
    "clear",
    "concat",
    "copy",
    "delete",
    "field_pointer",
    "literal",
    "make_map",
    "make_slice",
    "new",
    "nil_map",
    "nil_slice",
    "ptr",
    "slice_of",
    "string",
    "struct",
    "to_bytes",
]

_ARRAY: Final = Kind.ARRAY  # an enumeration looks its members up slowly

C = TypeVar("C", bound=type)


# ------------------------------------------------------------------------------------------ slices


@door
def make_slice(elem: object, length: int, capacity: int | None = None) -> Slice:
    """Return ``make([]elem, length, capacity)``.

    Parameters
    ----------
    elem
        ``int``, ``str``, …, a type of ``gosim.types``, a struct class, ``ptr(T)``.
    length, capacity : int
        Elements; the capacity is the length when it is left out.

    Raises
    ------
    Panic
        ``makeslice: len out of range`` or ``makeslice: cap out of range``.
    """
    t = as_type(elem)
    n = integer(length, "length")
    room = None if capacity is None else integer(capacity, "capacity")
    return slices.make_slice(t, n, room, heap=the_heap("make_slice"))


@door
def slice_of(elem: object, *values: Any) -> Slice:
    """Return the slice literal ``[]elem{values...}``."""
    t = as_type(elem)
    return slices.slice_of_values(t, values, heap=the_heap("slice_of"))


@door
def nil_slice(elem: object) -> Slice:
    """Return the nil slice of a type, ``var s []elem``."""
    return Slice(as_type(elem))


def append(s: Slice, *values: Any) -> Slice:
    """Return ``append(s, values...)``: in the same array if there is room, else in a larger one."""
    try:
        return slices.append(s, *values, heap=current.world.heap)  # type: ignore[union-attr]
    except (TypeError, ValueError) as error:
        raise wrong("append", _about(s) or error) from None
    except AttributeError:
        the_heap("append")
        about = _about(s)
        if about is None:
            raise
        raise wrong("append", about) from None


def _about(s: object) -> TypeError | None:
    """Return what is wrong with an argument that is no slice."""
    try:
        slice_value(s)
    except TypeError as error:
        return error
    return None


@door
def append_slice(s: Slice, t: Slice | String | str | bytes) -> Slice:
    """Return ``append(s, t...)``; `t` may be a string, for a slice of bytes."""
    into = slice_value(s)
    return slices.append_slice(into, _source(into, t), heap=the_heap("append_slice"))


def _source(into: Slice, t: object) -> Slice | bytes:
    if isinstance(t, Slice):
        if t.elem != into.elem:
            raise TypeError(f"elements of []{t.elem} do not go into []{into.elem}")
        return t
    if isinstance(t, (String, str, bytes)) and into.elem.kind is Kind.UINT8:
        return strings.as_bytes(t)
    return slice_value(t)


@door
def copy(dst: Slice, src: Slice | String | str | bytes) -> int:
    """Copy as many elements as both have and return how many; `src` may be a string for bytes."""
    into = slice_value(dst)
    return slices.copy(into, _source(into, src))


# -------------------------------------------------------------------------------------------- maps


@door
def make_map(key: object, elem: object, hint: int = 0) -> GoMap:
    """Return ``make(map[key]elem, hint)``.

    Parameters
    ----------
    hint : int
        Entries to make room for. A negative number makes no room.
    """
    typ = map_of_types(as_type(key), as_type(elem))
    return new_map(typ, integer(hint, "number of entries"), "make_map")


@door
def nil_map(key: object, elem: object) -> NilMap:
    """Return the nil map of a type, ``var m map[key]elem``."""
    typ = map_of_types(as_type(key), as_type(elem))
    return NilMap(typ, the_heap("nil_map").features)


@door
def delete(m: GoMap | NilMap, key: Any) -> None:
    """Do ``delete(m, key)``: nothing where there is no such key."""
    map_value(m).delete(key)


@door
def clear(x: Slice | GoMap | NilMap) -> None:
    """Do ``clear(x)``: zero the elements of a slice, or delete the entries of a map."""
    if isinstance(x, Slice):
        slices.clear(x)
    elif isinstance(x, (GoMap, NilMap)):
        x.clear()
    else:
        raise TypeError(f"{x!r} is neither a slice nor a map")


# ----------------------------------------------------------------------------------------- strings


@door
def string(x: Slice | String | str | bytes = "", count: int = 1) -> String:
    """Return a string made at run time: it lies on the heap.

    Parameters
    ----------
    x
        A slice of bytes or runes, which is copied; a string, which is not; or a Python text that
        the program is said to have read or computed.
    count : int
        How often the text comes; a megabyte of one letter takes no memory of Python's.
    """
    heap = the_heap("string")
    times = integer(count, "count")
    if isinstance(x, Slice):
        if x.elem.kind is Kind.INT32:
            return strings.from_runes(x, heap=heap)
        if x.elem.kind is not Kind.UINT8:
            raise TypeError(
                f"a []{x.elem} is not converted to a string, only a []byte or []rune is"
            )
        return strings.from_bytes(x, heap=heap)
    if isinstance(x, String):
        return x if times == 1 else strings.repeat(x, times, heap=heap)
    if not isinstance(x, (str, bytes)):
        raise TypeError(f"{x!r} is neither a text nor a slice of bytes")
    return strings.dynamic(x, times, heap=heap)


@door
def literal(text: str | bytes) -> String:
    """Return a string that is part of the program: it takes nothing from the heap."""
    if not isinstance(text, (str, bytes)):
        raise TypeError(f"{text!r} is no text")
    return strings.literal(text)


@door
def concat(*parts: String | str | bytes) -> String:
    """Return ``a + b + c``, which takes memory once; Python adds two at a time."""
    return strings.concat(*map(string_value, parts), heap=the_heap("concat"))


@door
def to_bytes(s: String | str | bytes) -> Slice:
    """Return ``[]byte(s)``, a copy; the capacity is what the memory's size class gives."""
    return strings.to_bytes(string_value(s), heap=the_heap("to_bytes"))


# ------------------------------------------------------------------------ arrays, structs, pointers


@door
def array(elem: object, length: int, *values: Any) -> Array:
    """Return an array variable ``[length]elem{values...}``; what is left out is zero.

    It is a value on the stack: ``b = a.copy()`` is Go's ``b := a``. ``new(array_type(elem, n))``
    lies on the heap.
    """
    t = arrays.array_type(as_type(elem), integer(length, "length"))
    return arrays.array_of_values(t, values)


@door
def array_from(s: Slice, length: int) -> Array:
    """Return ``[length]T(s)``.

    Raises
    ------
    Panic
        ``cannot convert slice with length 3 to array or pointer to array with length 4``.
    """
    return arrays.from_slice(slice_value(s), integer(length, "length"))


def struct(cls: C) -> C:
    """Make a struct of a class with annotations (a decorator).

    ``T(x=1)`` is a struct value, ``new(T, x=1)`` one on the heap and the pointer to it;
    ``b = a.copy()`` is Go's ``b := a``. ``T.go_type`` is the type, ``types.draw(T)`` its layout.

    Examples
    --------
    >>> @struct
    ... class Node:
    ...     next: ptr("Node")
    ...     value: int
    >>> Node(value=3), Node.go_type.size
    (Node{next: nil, value: 3}, 16)
    """
    frame = sys._getframe(1)
    try:
        made = structs.define(cls, {**frame.f_globals, **frame.f_locals})
    except TypeError as error:
        raise wrong("struct", error) from None
    return made  # type: ignore[return-value]


def new(kind: Any, /, **fields: Any) -> Any:
    """Return ``new(kind)``, a pointer to a variable on the heap.

    Parameters
    ----------
    kind
        A struct class: the result is the struct, ``&T{fields...}``. An array type: the array. Any
        other type: a pointer whose ``value`` is the variable. Or a struct or array: a copy of it on
        the heap.
    **fields
        Values of fields; for other types ``value``.

    Examples
    --------
    >>> import gosim as gs
    >>> async def main():
    ...     p = gs.new(int)
    ...     p.value += 5
    ...     print(p.value)
    >>> gs.run(main).stdout
    '5\\n'
    """
    world = current.world
    if world is None:
        world = current.current_world("new")
    # Programs make a million nodes: what follows is `structs.new_struct`, in line.
    cls = getattr(kind, "_gs_new", None) if type(kind) is type else None
    if cls is not None:
        try:
            made = cls(**fields)
        except TypeError as error:
            raise _wrong_fields(kind, fields) or wrong("new", error) from None
        heap = made._heap = world.heap
        heap.allocate(made, kind._gs_size, kind._gs_noscan)
        if heap.marking:
            shade(heap, made)
        return made
    return _new(kind, fields)


def _wrong_fields(kind: type[Struct], fields: dict[str, Any]) -> Exception | None:
    names = {f.name for f in kind.go_type.fields}
    for name in fields:
        if name not in names:
            return wrong("new", TypeError(structs.no_field(kind.go_type, name)))
    return None


def _new(kind: Any, fields: dict[str, Any]) -> Any:
    heap = the_heap("new")
    try:
        if isinstance(kind, type):
            if issubclass(kind, Struct):
                return structs.new_struct(kind, fields, heap=heap)
        elif isinstance(kind, (Struct, Array)):
            _no_fields(fields, ())
            if isinstance(kind, Array):
                return kind.copied_to(heap)
            return structs.copied_to(heap, kind)
        t = as_type(kind)
        if t.kind is _ARRAY:
            _no_fields(fields, ())
            return arrays.new_array(t, heap=heap)
        if fields:
            _no_fields(fields, ("value",))
        return Box(t, fields.get("value"), heap=heap)
    except (TypeError, ValueError) as error:
        known = isinstance(kind, type) and issubclass(kind, Struct)
        raise (known and _wrong_fields(kind, fields)) or wrong("new", error) from None


def _no_fields(fields: dict[str, Any], known: tuple[str, ...]) -> None:
    for name in fields:
        if name not in known:
            raise TypeError(f"there is no field {name} here, only structs have fields")


@door
def field_pointer(x: Struct, name: str) -> FieldPointer:
    """Return ``&x.name``: a pointer into a struct, which keeps all of it alive."""
    if not isinstance(x, Struct):
        raise TypeError(f"{x!r} is no struct")
    if name not in {f.name for f in x.go_type.fields}:
        raise TypeError(structs.no_field(x.go_type, name))
    return FieldPointer(x, name)
