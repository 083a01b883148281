"""What generated code calls, by the names it uses (``go:NAME``)."""

from __future__ import annotations

import functools
from typing import Any

from gosim.golang.values import (
    builtins,
    floats,
    integers,
    interfaces,
    maps,
    panics,
    pointers,
    rtype,
    runes,
    slices,
    strings,
    structs,
)
from gosim.runtime import chan, current
from gosim.runtime.panic import gopanic

__all__ = ["HELPERS"]


def no_channel() -> Any:
    """Return the nil channel that stands for nil in an operation."""
    world = current.world
    assert world is not None
    return world.nil_channel()


def address(p: Any) -> int:
    """Return ``uintptr(p)`` of an ``unsafe.Pointer``: what ``%p`` prints, the same in every run."""
    from gosim.std import reflect

    return 0 if p is None else reflect.address(p)


def chan_len(c: Any) -> int:
    """Return ``len`` of a channel, which may be nil."""
    return 0 if c is None else len(c)


def chan_cap(c: Any) -> int:
    """Return ``cap`` of a channel, which may be nil."""
    return 0 if c is None else c.cap


def check_nil(p: Any) -> Any:
    """Return a pointer that is not nil."""
    if p is None:
        panics.nil_panic()
    return p


class _Missing:
    """What no value is."""


_MISSING = _Missing()


def identity(x: Any) -> Any:
    """Return `x`."""
    return x


_MODULES = (
    builtins,
    floats,
    integers,
    interfaces,
    maps,
    panics,
    pointers,
    rtype,
    runes,
    slices,
    structs,
)

#: By name; a program's globals begin with them (each behind ``go:``).
HELPERS: dict[str, Any] = {
    name: value
    for module in _MODULES
    for name, value in vars(module).items()
    if callable(value) and getattr(value, "__module__", None) == module.__name__
}
HELPERS.update(
    {
        "BASIC": rtype.BASIC,
        "ANY": rtype.ANY,
        "ERROR": rtype.ERROR,
        "MISSING": _MISSING,
        "NIL_MAP": maps.NIL_MAP,
        "NIL_SLICE": slices.NIL_SLICE,
        "address": address,
        "chan": chan.chan,
        "chan_cap": chan_cap,
        "chan_len": chan_len,
        "check_nil": check_nil,
        "decode": strings.decode,
        "encode": strings.encode,
        "gopanic": gopanic,
        "identity": identity,
        "no_channel": no_channel,
        "print": builtins.print_,
        "partial": functools.partial,
        # Python's own, under names that no program can hide.
        "bool": bool,
        "bytearray": bytearray,
        "chr": chr,
        "complex": complex,
        "dict": dict,
        "enumerate": enumerate,
        "float": float,
        "int": int,
        "isinstance": isinstance,
        "iter": iter,
        "len": len,
        "list": list,
        "map": map,
        "max": max,
        "min": min,
        "object": object,
        "ord": ord,
        "range": range,
        "str": str,
        "tuple": tuple,
        "type": type,
        "zip": zip,
    }
)
