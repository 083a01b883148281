"""What stands behind the functions of ``print.go`` and ``scan.go`` that have no body."""

from __future__ import annotations

import math
from typing import Any

from gosim.golang.library.fmt import reading
from gosim.golang.library.fmt.printing import Printer, blocking
from gosim.golang.library.strconv import characters  # noqa: F401 (it gives Go's tables to gosim.std)
from gosim.golang.values import rtype as types
from gosim.golang.values.floats import c64, f32
from gosim.golang.values.slices import NIL_SLICE, Slice
from gosim.runtime import current

# -- printing: arguments, then how to call Error, String, GoString and Format ----------------------


def sprint(a: Slice, *calls: Any) -> str:
    printer = Printer(calls)
    printer.print(a.values())
    return "".join(printer.out)


async def sprint_blocking(a: Slice, *calls: Any) -> str:
    printer = blocking()(calls)
    await printer.print(a.values())
    return "".join(printer.out)


def sprintln(a: Slice, *calls: Any) -> str:
    texts = []
    for value in a.values():
        # Nearly all programs print little else.
        cls = type(value)
        if cls is str:
            texts.append(value)
        elif cls is int:
            texts.append(str(value))
        else:
            break
    else:
        return " ".join(texts) + "\n"
    printer = Printer(calls)
    printer.println(a.values())
    return "".join(printer.out)


async def sprintln_blocking(a: Slice, *calls: Any) -> str:
    printer = blocking()(calls)
    await printer.println(a.values())
    return "".join(printer.out)


def sprintf(format: str, a: Slice, *calls: Any) -> str:
    printer = Printer(calls)
    printer.printf(format, a.values())
    return "".join(printer.out)


async def sprintf_blocking(format: str, a: Slice, *calls: Any) -> str:
    printer = blocking()(calls)
    await printer.printf(format, a.values())
    return "".join(printer.out)


def _errorf(printer: Any) -> tuple[str, Slice]:
    wrapped = sorted(printer.wrapped)
    n = len(wrapped)
    return "".join(printer.out), Slice(wrapped, 0, n, n) if n else NIL_SLICE


def errorf(format: str, a: Slice, *calls: Any) -> tuple[str, Slice]:
    printer = Printer(calls, wrap=True)
    printer.printf(format, a.values())
    return _errorf(printer)


async def errorf_blocking(format: str, a: Slice, *calls: Any) -> tuple[str, Slice]:
    printer = blocking()(calls, wrap=True)
    await printer.printf(format, a.values())
    return _errorf(printer)


# -- the State of a Formatter: p.printer is the Printer ----------------------------------------


def pp_Write(p: Any, b: Slice) -> tuple[int, None]:
    p.printer.out.append(str(b.values(), "latin-1") if b.n else "")
    return b.n, None


def pp_WriteString(p: Any, s: str) -> tuple[int, None]:
    p.printer.out.append(s)
    return len(s), None


def pp_Width(p: Any) -> tuple[int, bool]:
    width = p.printer.f.width
    return (0, False) if width is None else (width, True)


def pp_Precision(p: Any) -> tuple[int, bool]:
    precision = p.printer.f.precision
    return (0, False) if precision is None else (precision, True)


def pp_Flag(p: Any, b: int) -> bool:
    f = p.printer.f
    if b == ord("-"):
        return bool(f.minus)
    if b == ord("+"):
        return bool(f.plus or f.plus_v)
    if b == ord("#"):
        return bool(f.sharp or f.sharp_v)
    if b == ord(" "):
        return bool(f.space)
    if b == ord("0"):
        world = current.world
        if world is not None and not world.version.zero_flag_beside_minus:
            return bool(f.zero and not f.minus)
        return bool(f.zero)
    return False


# -- scanning ----------------------------------------------------------------------------------

_BITS = {
    types.INT8: 8,
    types.INT16: 16,
    types.INT32: 32,
    types.UINT8: 8,
    types.UINT16: 16,
    types.UINT32: 32,
    types.FLOAT32: 32,
    types.COMPLEX128: 128,
}


def pointee(arg: Any) -> tuple[int, int, str]:
    if arg is None:
        return 0, 0, "<nil>"
    t = reading.type_of(arg)
    elem = t.elem
    if t.kind != types.POINTER or elem is None:
        return 0, 0, t.text
    kind = elem.kind
    what = 8
    if kind == types.BOOL:
        what = 1
    elif types.INT <= kind <= types.INT64:
        what = 2
    elif types.UINT <= kind <= types.UINTPTR:
        what = 3
    elif kind in (types.FLOAT32, types.FLOAT64):
        what = 4
    elif kind in (types.COMPLEX64, types.COMPLEX128):
        what = 5
    elif kind == types.STRING:
        what = 6
    elif kind == types.SLICE and elem.elem is not None and elem.elem.kind == types.UINT8:
        what = 7
    return what, _BITS.get(kind, 64), t.text


def store(arg: Any, value: Any) -> None:
    elem = reading.type_of(arg).elem
    assert elem is not None
    value = types.unbox(value)
    if elem.kind == types.COMPLEX64:
        value = c64(value)
    elif elem.kind == types.FLOAT32:
        value = f32(value)
    types.unbox(arg).v = value


def find(text: str, r: int) -> int:
    return text.find(chr(r)) if 0 <= r < 0x80 else -1


def ldexp(f: float, exp: int) -> float:
    try:
        return math.ldexp(f, exp)
    except OverflowError:
        return math.copysign(math.inf, f)
