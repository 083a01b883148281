"""Predeclared functions that are no single Python operation."""

from __future__ import annotations

import functools
import math
import sys
from collections.abc import Callable, Generator
from itertools import islice
from typing import Any

from gosim.golang.values.panics import shift_panic
from gosim.golang.values.rtype import Box, RType
from gosim.golang.values.slices import Elem, Slice
from gosim.golang.values.strings import decode
from gosim.runtime import current
from gosim.runtime.chan import NilChan
from gosim.runtime.current import current_world
from gosim.runtime.forms import operation
from gosim.runtime.panic import plain_error, repr_float

__all__ = ["close", "each", "method_value", "println"]

_NO_CHANNEL: Any = None


@operation
def close(c: Any) -> Generator[object, None, None]:
    """Do ``close(c)``."""
    if c is None or type(c).is_nil:
        raise plain_error("close of nil channel")
    yield from c.close()


def method_value(function: Callable[..., Any], receiver: Any) -> Callable[..., Any]:
    """Return ``x.M`` of a receiver that was evaluated."""
    return functools.partial(function, receiver)


def is_nil_of(x: Any, t: RType) -> bool:
    """Whether `x` is the nil pointer of a type in an interface."""
    return type(x) is t.nil_box


def pointer_in(x: Any) -> Any:
    """Return the pointer to a struct that an interface value holds."""
    return x.v if isinstance(x, Box) else x


def shift_left(x: int, n: int, bits: int) -> int:
    """Return ``x << n``; the caller wraps."""
    if n < 0:
        shift_panic()
    return x << n if n < bits else 0


def sparse(elem: Elem, n: int, values: dict[int, Any]) -> Any:
    """Return the cells of a literal that gives few of them."""
    cells = elem.zeros(n)
    for i, value in values.items():
        cells[i] = value
    return cells


def each(s: Slice) -> Any:
    """Return an iterator over the elements that reads each as its turn comes."""
    a = s.a
    if a is None:
        return iter(())
    return islice(a, s.o, s.o + s.n)


def float_min(*xs: float) -> float:
    """Return ``min`` of floats: NaN if one is, -0 before 0."""
    low = xs[0]
    for x in xs:
        if x != x:
            return x
        if x < low or (x == low == 0 and math.copysign(1, x) < 0):
            low = x
    return low


def float_max(*xs: float) -> float:
    """Return ``max`` of floats: NaN if one is, 0 before -0."""
    high = xs[0]
    for x in xs:
        if x != x:
            return x
        if x > high or (x == high == 0 and math.copysign(1, x) > 0):
            high = x
    return high


# -- print -----------------------------------------------------------------------------------------


def _shown(kind: str, x: Any) -> str:
    kind = kind.removeprefix("untyped ")
    if kind == "bool":
        return "true" if x else "false"
    if kind == "string":
        return decode(x)
    if kind.startswith("float"):
        return _float(x, kind == "float32")
    if kind.startswith("complex"):
        single = kind == "complex64"
        imaginary = _float(x.imag, single)
        sign = "" if imaginary[0] in "+-" else "+"
        return f"({_float(x.real, single)}{sign}{imaginary}i)"
    if kind.startswith(("int", "uint", "rune")):
        return str(x)
    from gosim.std.reflect import address

    if kind == "slice":
        at = 0 if x.a is None else address(x.a)
        return f"[{x.n}/{x.c}]{at:#x}"
    if kind == "interface":
        return "(0x0,0x0)" if x is None else f"({address(type(x)):#x},{address(x):#x})"
    return "0x0" if x is None or type(x) is NilChan else f"{address(x):#x}"


def _float(x: float, single: bool) -> str:
    return repr_float(x, current_world("println()").version, single)


def _write(text: str) -> None:
    world = current.world
    stderr = getattr(world, "stderr", None)
    write = getattr(stderr, "write", None) or sys.stderr.write
    write(text)


def print_(*args: Any) -> None:
    """Do ``print``: to standard error, pairs of kind and value."""
    _write("".join(map(_shown, args[::2], args[1::2])))


def println(*args: Any) -> None:
    """Do ``println``."""
    _write(" ".join(map(_shown, args[::2], args[1::2])) + "\n")
