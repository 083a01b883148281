"""What of ``reflect`` is Python: questions about run-time types, and ``DeepEqual``."""

from __future__ import annotations

from typing import Any

from gosim.golang.library.fmt import reading
from gosim.golang.library.strconv.native import unquote
from gosim.golang.values import rtype as types
from gosim.golang.values.rtype import RType
from gosim.runtime.panic import plain_error

_BITS = {
    types.INT8: 8,
    types.UINT8: 8,
    types.INT16: 16,
    types.UINT16: 16,
    types.INT32: 32,
    types.UINT32: 32,
    types.FLOAT32: 32,
    types.COMPLEX128: 128,
}
_HAVE_ELEM = (types.ARRAY, types.CHAN, types.MAP, types.POINTER, types.SLICE)


def typeOf(i: Any) -> RType | None:
    return None if i is None else reading.type_of(i)


def kindOf(t: RType) -> int:
    return t.kind


def textOf(t: RType) -> str:
    return t.text


def nameOf(t: RType) -> str:
    return t.name


def packageOf(t: RType) -> str:
    return t.pkg


def elemOf(t: RType) -> RType | None:
    return t.elem if t.kind in _HAVE_ELEM else None


def keyOf(t: RType) -> RType | None:
    return t.key


def number(t: RType, what: str) -> int:
    if what == "bits":
        return _BITS.get(t.kind, 64) if types.INT <= t.kind <= types.COMPLEX128 else -1
    if what == "direction":
        return {"": 3, "recv": 1, "send": 2}[t.direction]
    if what == "comparable":
        return _comparable(t)
    if what == "methods":
        if t.kind == types.INTERFACE:
            return len(t.methods)
        return sum(1 for name in t.methods if "__" not in name)
    value: Any = getattr(t, what)
    return len(value) if isinstance(value, tuple) else int(value)


def _comparable(t: RType) -> bool:
    if t.kind in (types.SLICE, types.MAP, types.FUNC):
        return False
    if t.kind == types.ARRAY:
        assert t.elem is not None
        return _comparable(t.elem)
    return all(_comparable(f.type) for f in t.fields)


def partOf(t: RType, what: str, i: int) -> RType:
    parts: tuple[RType, ...] = getattr(t, what)
    if not 0 <= i < len(parts):
        raise plain_error("reflect: index out of range")
    return parts[i]


def fieldOf(t: RType, i: int) -> tuple[str, str, RType, str, bool]:
    f = t.fields[i]
    return f.name, "" if f.exported else t.pkg or "main", f.type, f.tag, f.embedded


def lookup(tag: str, key: str) -> tuple[str, bool]:
    """Find a key in a tag such as ``json:"a" xml:"b"``."""
    while tag:
        tag = tag.lstrip(" ")
        name, colon, rest = tag.partition(":")
        if not colon or not name or any(c <= " " or c in '"\x7f' for c in name):
            break
        if rest[:1] != '"':
            break
        end = 1
        while end < len(rest) and rest[end] != '"':
            end += 1 + (rest[end] == "\\")
        if end >= len(rest):
            break
        value, tag = rest[: end + 1], rest[end + 1 :]
        if name == key:
            return unquote(value)
    return "", False


# -- comparing ------------------------------------------------------------------------------------


def DeepEqual(x: Any, y: Any) -> bool:
    if x is None or y is None:
        return x is y
    t = reading.type_of(x)
    return t is reading.type_of(y) and _equal(types.unbox(x), types.unbox(y), t, set())


def _equal(x: Any, y: Any, t: RType, seen: set[tuple[int, int, RType]]) -> bool:
    kind = t.kind
    if kind in (types.POINTER, types.MAP, types.SLICE):
        if reading.is_nil(x, t) or reading.is_nil(y, t):
            return reading.is_nil(x, t) and reading.is_nil(y, t)
        visit = (id(x), id(y), t)
        if visit in seen:
            return True
        seen.add(visit)
    if kind in (types.ARRAY, types.SLICE):
        elem = t.elem
        assert elem is not None
        if kind == types.SLICE:
            if x.n != y.n:
                return False
            if x.a is y.a and x.o == y.o:
                return True
        pairs = zip(reading.elements(x, t), reading.elements(y, t), strict=True)
        return all(_equal(a, b, elem, seen) for a, b in pairs)
    if kind == types.STRUCT:
        return all(_equal(reading.field(x, f), reading.field(y, f), f.type, seen) for f in t.fields)
    if kind == types.INTERFACE:
        if x is None or y is None:
            return x is y
        dynamic = reading.type_of(x)
        return dynamic is reading.type_of(y) and _equal(
            types.unbox(x), types.unbox(y), dynamic, seen
        )
    if kind == types.POINTER:
        elem = t.elem
        assert elem is not None
        if x is y or (elem.kind not in (types.STRUCT, types.ARRAY) and x == y):
            return True
        if elem.kind == types.INVALID:
            return False
        return _equal(reading.target(x, t), reading.target(y, t), elem, seen)
    if kind == types.MAP:
        return _equal_maps(x, y, t, seen)
    if kind == types.FUNC:
        return x is None and y is None
    return bool(x == y)


def _equal_maps(x: Any, y: Any, t: RType, seen: set[tuple[int, int, RType]]) -> bool:
    if len(x.d) != len(y.d):
        return False
    if x is y:
        return True
    elem = t.elem
    assert elem is not None
    return all(form in y.d and _equal(value, y.d[form], elem, seen) for form, value in x.d.items())
