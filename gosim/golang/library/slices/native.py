"""What of ``slices`` is Python."""

from __future__ import annotations

from typing import Any

from gosim.golang.values.slices import Slice
from gosim.memory.features import features
from gosim.runtime.current import current_world


def clearsTails() -> bool:
    """Report whether functions that remove elements zero what they leave behind."""
    return features(current_world("slices").version.go).slices_delete_clears


def overlaps(a: Slice, b: Slice) -> bool:
    """Report whether two slices share elements."""
    return a.n > 0 and b.n > 0 and a.a is b.a and a.o < b.o + b.n and b.o < a.o + a.n


def plainSort(x: Slice) -> bool:
    """Sort numbers or strings of which equal ones are the same, and report whether it was done."""
    if x.n < 2:
        return True
    cells: Any = x.a
    part = sorted(cells[x.o : x.o + x.n])
    if type(part[0]) is float:
        # NaNs are in the way of Python's sort.
        part = cells[x.o : x.o + x.n]
        if 0.0 in part:
            return False
        good = [v for v in part if v == v]
        nans = [v for v in part if v != v]
        part = nans + sorted(good)
    cells[x.o : x.o + x.n] = part
    return True
