"""What stands behind the functions of ``print.go`` and ``scan.go`` that have no body."""

from __future__ import annotations

from typing import Any

from gosim.golang.library.fmt.printing import Printer, blocking
from gosim.golang.values.slices import NIL_SLICE, Slice

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


# -- the State of a Formatter: p.printer is the Printer ---------------------------------------------


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
        return bool(f.zero)
    return False
