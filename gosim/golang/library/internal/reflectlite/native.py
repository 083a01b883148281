"""What is in an interface (Go: ``internal/reflectlite``)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gosim.golang.values import rtype as rt
from gosim.golang.values.slices import Slice


def kind(x: Any) -> str:
    """Return the name of the kind of a value, "" for nil."""
    t = None if x is None else rt.rtype(type(x))
    return "" if t is None else rt.KIND_NAMES[t.kind]


def length(x: Any) -> int:
    """Return the length of what has one."""
    x = rt.unbox(x)
    return x.n if type(x) is Slice else len(x)


def swapper(x: Any) -> Callable[[int, int], None]:
    """Return what exchanges two elements of the slice `x`."""
    t = rt.rtype(type(x))
    s = x.v
    cells, start = s.a, s.o
    assert t is not None and t.elem is not None
    if t.elem.kind == rt.STRUCT:

        def swap(i: int, j: int) -> None:
            # Somebody may point at the elements: they stay where they are.
            a, b = cells[start + i], cells[start + j]
            was = a.copy()
            a.assign(b)
            b.assign(was)

    elif t.elem.kind == rt.ARRAY:

        def swap(i: int, j: int) -> None:
            a, b = cells[start + i], cells[start + j]
            a[:], b[:] = b[:], a[:]

    elif not start:

        def swap(i: int, j: int) -> None:
            cells[i], cells[j] = cells[j], cells[i]

    else:

        def swap(i: int, j: int) -> None:
            cells[start + i], cells[start + j] = cells[start + j], cells[start + i]

    return swap
