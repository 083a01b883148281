"""Axes and places: round marks for bytes and times, labels that keep apart, curves of steps.

Pure numbers; nothing here draws.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Final

from gosim.views.sheet import Point


def byte_ticks(top: float, intervals: int = 5) -> list[tuple[float, str]]:
    """Return places and words of the marks of an axis from 0 to `top` bytes.

    Steps are round in a unit of 1024, so that 64 MiB and not 67.1 million stands at a mark.
    """
    units = ("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB")
    top = max(top, 1)
    unit = min(int(math.log2(top) // 10), len(units) - 1)
    one = float(1 << 10 * unit)
    step = _step(top / one, intervals, 1.0 if unit == 0 else 0.0)
    marks = range(1, int(top / one / step + 1e-9) + 1)
    return [(0.0, "0"), *((i * step * one, f"{i * step:g} {units[unit]}") for i in marks)]


def _step(top: float, intervals: int, smallest: float = 0.0, usual: Sequence[float] = ()) -> float:
    """Return the distance of marks: a usual one, or 1, 2, 5, 10, …; one mark at least is seen."""
    least = top / intervals
    power = 10.0 ** math.floor(math.log10(least)) if least > 0 else 1.0
    steps = [s for s in usual if s >= least / 10] if least <= max(usual, default=0.0) else []
    steps = steps or [f * power for f in (1.0, 2.0, 5.0, 10.0, 20.0, 50.0)]
    step = next(s for s in steps if s >= least * (1 - 1e-9))
    if step > top:
        step = max((s for s in steps if s <= top), default=step)
    return max(step, smallest)


_TIMES: Final = (
    ("ns", 1, 1_000),
    ("µs", 1_000, 1_000_000),
    ("ms", 1_000_000, 1_000_000_000),
    ("s", 1_000_000_000, 120_000_000_000),
    ("min", 60_000_000_000, 7_200_000_000_000),
    ("h", 3_600_000_000_000, 0),
)
_CLOCK: Final = {
    "s": (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0),
    "min": (0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0),
    "h": (0.5, 1.0, 2.0, 3.0, 6.0, 12.0, 24.0, 48.0, 96.0, 240.0),
}
"""Nobody counts 20 minutes or 5 hours to a mark."""


def time_ticks(last: int, intervals: int = 6) -> tuple[str, list[tuple[float, str]]]:
    """Return the unit of an axis from 0 to `last` ns, and its marks: place in ns, and number."""
    unit, one = next((u, one) for u, one, below in _TIMES if last < below or not below)
    smallest = 1.0 if unit == "ns" else 0.0
    step = _step(max(last, 1) / one, intervals, smallest, _CLOCK.get(unit, ()))
    marks = range(int(last / one / step + 1e-9) + 1)
    return unit, [(i * step * one, f"{i * step:g}") for i in marks]


def count_ticks(last: int, intervals: int = 6) -> list[tuple[float, str]]:
    """Return marks of an axis that counts from 0 to `last`."""
    step = _step(max(last, 1), intervals, 1.0)
    return [(i * step, f"{i * step:g}") for i in range(int(last / step) + 1)]


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Return places at least `gap` apart between `low` and `high`, near the wanted ones.

    The order is kept; labels that would overlap are moved aside together.  When they do not all
    fit, they stand at equal distances.
    """
    if not wanted:
        return []
    n = len(wanted)
    gap = min(gap, (high - low) / max(1, n - 1))
    order = sorted(range(n), key=lambda i: wanted[i])
    # Blocks of labels that touch: the sum of what each would like its block's foot to be.
    blocks: list[tuple[float, int]] = []
    for i in order:
        total, count = min(max(wanted[i], low), high), 1
        while blocks and _foot(blocks[-1], gap, low, high) + blocks[-1][1] * gap > _foot(
            (total, count), gap, low, high
        ):
            # A label k places above the foot would like it k gaps lower.
            before, members = blocks.pop()
            total += before - members * gap * count
            count += members
        blocks.append((total, count))
    places = [0.0] * n
    at = iter(order)
    for block in blocks:
        foot = _foot(block, gap, low, high)
        for k in range(block[1]):
            places[next(at)] = foot + k * gap
    return places


def _foot(block: tuple[float, int], gap: float, low: float, high: float) -> float:
    """Return where the lowest label of a block stands."""
    total, count = block
    return min(max(total / count, low), high - (count - 1) * gap)


def thin(xs: Sequence[float], ys: Sequence[float], column: float) -> list[int]:
    """Return which points of a curve of steps show: in each column first, lowest, highest, last.

    Parameters
    ----------
    xs, ys : sequence of float
        The curve; `xs` never falls.
    column : float
        How wide a column is; what happens within one cannot be told apart.
    """
    kept: list[int] = []
    for _, group in itertools.groupby(range(len(xs)), lambda i: xs[i] // column):
        part = list(group)
        low, high = min(part, key=ys.__getitem__), max(part, key=ys.__getitem__)
        kept += sorted({part[0], low, high, part[-1]})
    return kept


def steps(xs: Sequence[float], ys: Sequence[float]) -> list[Point]:
    """Return the corners of a curve of steps: each value holds until the next one."""
    corners: list[Point] = []
    for x, y in zip(xs, ys, strict=True):
        if corners and y != corners[-1][1]:
            _corner(corners, (x, corners[-1][1]))
        _corner(corners, (x, y))
    return corners


def _corner(corners: list[Point], point: Point) -> None:
    """Add a point; one that lies on the way to it is left out."""
    if len(corners) > 1:
        (ax, ay), (bx, by) = corners[-2:]
        along = ay == by == point[1] and ax <= bx <= point[0]
        # Several steps at one place are one, when they go the same way.
        up = ax == bx == point[0] and (ay <= by <= point[1] or ay >= by >= point[1])
        if along or up:
            corners.pop()
    if not corners or corners[-1] != point:
        corners.append(point)
