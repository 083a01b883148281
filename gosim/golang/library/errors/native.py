"""What package errors needs of Python."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

from gosim.golang.values.interfaces import Iface, uncomparable
from gosim.golang.values.rtype import (
    ARRAY,
    INTERFACE,
    POINTER,
    STRUCT,
    Box,
    RType,
    rtype,
    unbox,
)
from gosim.golang.values.strings import decode, encode
from gosim.std.errors import Error, ErrorString, ErrUnsupported


def New(text: str) -> Error:
    """``errors.New``."""
    return ErrorString(decode(text))


def errorString_Error(e: ErrorString) -> str:
    """``(*errorString).Error``."""
    return encode(e.s)


def unsupported() -> Error:
    """The error that all packages share."""
    return ErrUnsupported


def comparable_(v: Any) -> bool:
    """Tell whether ``==`` of a type is allowed (what stands in an interface may still panic)."""
    t = rtype(type(v))
    return t is None or not uncomparable(t)


def pointer(target: Any) -> tuple[bool, bool]:
    """Tell whether `target` is a pointer that is not nil, and whether to something fit for As."""
    t = rtype(type(target))
    if t is None or t.kind != POINTER or t.elem is None or unbox(target) is None:
        return False, False
    return True, t.elem.kind == INTERFACE or t.elem.methods.get("Error") == "func() string"


def _elem(target: Any) -> RType:
    t = rtype(type(target))
    assert t is not None and t.elem is not None
    return t.elem


def assignable(v: Any, target: Any) -> bool:
    """Tell whether the variable behind `target` can hold `v`."""
    elem = _elem(target)
    if elem.kind != INTERFACE:
        return rtype(type(v)) is elem
    wanted = _wanted.get(elem)
    if wanted is None:
        wanted = _wanted[elem] = Iface(elem.text, dict(elem.methods))
    return wanted.has(type(v))


_wanted: WeakKeyDictionary[RType, Iface] = WeakKeyDictionary()


def assign(v: Any, target: Any) -> None:
    """Store `v` in the variable behind `target`."""
    elem = _elem(target)
    if elem.kind == STRUCT:
        target.assign(v.v)
        return
    cell = target.v
    if elem.kind == INTERFACE or not isinstance(v, Box):
        cell.v = v
    elif elem.kind == ARRAY:
        cell[:] = v.v
    else:
        cell.v = v.v
