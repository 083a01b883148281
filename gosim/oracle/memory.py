"""Put the bytes of a simulated run beside those that real Go read of itself.

Real Go's figures are those of the whole process. What the oracle needs for itself is in them: some
10 KB of heap and fifty objects. Little differences are therefore no differences: each figure has
its own share and its own floor (`FIGURES`). What the oracle allocates to look at a process cannot
be told from what the program allocated, so totals are compared as they were when main returned,
and what is alive is compared after two collections as well.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from gosim.oracle.run import GoResult

__all__ = ["AFTER", "AT_RETURN", "FIGURES", "ByteRow", "Figure", "compare_bytes"]

AT_RETURN: Final = "when main returned"
AFTER: Final = "after two collections"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that both sides have, and how near is near.

    Attributes
    ----------
    field : str
        Go's name in ``runtime.MemStats``; ``RSS`` is what ``top`` shows.
    unit : str
        ``bytes``, ``count`` (objects) or ``cycles`` (collections).
    share : float
        Two figures are the same if they differ by at most this part of the larger one,
    floor : int
        or by at most so many.
    note : str
        Why they need not be the same ("": they should be).
    """

    field: str
    unit: str
    share: float
    floor: int
    note: str = ""


_CHANCE = "depends on the moment of the last collection, which runs beside the program in real Go"
_SYSTEM = "depends on the machine"
_PAGES = (
    "what top shows; the system gives a page when it is first written to, and gosim follows that "
    "for large slices only"
)
_BACKGROUND = (
    "what top shows; real Go gives pages back in the background once they are free, while gosim's "
    "clock stands still after main has returned"
)
#: Objects of the runtime's own start, many of which it soon lets go, and of printing.
_START = 150
#: Spans are whole: eight of the heap (8 KiB each) and three of stacks (32 KiB each) are little.
_SPANS, _STACK_SPANS = 64 << 10, 96 << 10

#: By moment, the figures that are compared.
FIGURES: Final[Mapping[str, tuple[Figure, ...]]] = {
    AT_RETURN: (
        Figure("TotalAlloc", "bytes", 0.02, 16 << 10),
        Figure("Mallocs", "count", 0.02, _START),
        Figure("HeapAlloc", "bytes", 0.02, 16 << 10, _CHANCE),
        Figure("HeapInuse", "bytes", 0.02, _SPANS, _CHANCE),
        Figure("HeapObjects", "count", 0.02, _START, _CHANCE),
        Figure("StackInuse", "bytes", 0.05, _STACK_SPANS),
        Figure("NextGC", "bytes", 0.02, 200 << 10, _CHANCE),
        Figure("NumGC", "cycles", 0.0, 1, _CHANCE),
        Figure("Sys", "bytes", 0.05, 64 << 10, _SYSTEM),
        Figure("RSS", "bytes", 0.05, 1 << 20, _PAGES),
    ),
    AFTER: (
        Figure("HeapAlloc", "bytes", 0.02, 16 << 10),
        Figure("HeapInuse", "bytes", 0.02, _SPANS),
        Figure("HeapObjects", "count", 0.02, _START),
        Figure("StackInuse", "bytes", 0.05, _STACK_SPANS),
        Figure("NextGC", "bytes", 0.02, 200 << 10),
        Figure("RSS", "bytes", 0.05, 1 << 20, _BACKGROUND),
    ),
}


@dataclass(frozen=True, slots=True)
class ByteRow:
    """One figure of both.

    Attributes
    ----------
    moment : str
        `AT_RETURN` or `AFTER`.
    field : str
        Go's name of it; ``RSS`` is what ``top`` shows.
    unit : str
        ``bytes``, ``count`` (objects) or ``cycles`` (collections).
    gosim, go : int
    difference : float
        How much more gosim has, in parts of Go's figure; 0.0 where both have nothing.
    same : bool or None
        Whether they are as near as `FIGURES` says; None where they differ and there is a reason.
    note : str
        Why they need not be equal.
    """

    moment: str
    field: str
    unit: str
    gosim: int
    go: int
    difference: float
    same: bool | None
    note: str = ""


def _snake(field: str) -> str:
    """``HeapInuse`` → ``heap_inuse``, ``NumGC`` → ``num_gc``."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", field).lower()


def compare_bytes(
    stats: Mapping[str, int],
    stats_after_gc: Mapping[str, int],
    go: GoResult,
    unlike: Mapping[str, str] | None = None,
) -> list[ByteRow]:
    """Compare two readings of a run with real Go's.

    Parameters
    ----------
    stats, stats_after_gc
        ``Run.memory_record.stats`` and ``.stats_after_gc``: MemStats in snake_case, and ``rss``.
    go
        What real Go did. Of a process whose main did not return there are no bytes.
    unlike
        What the model is known to leave out of this program: Go's name of a figure, and why it
        differs.

    Returns
    -------
    list of ByteRow
        Without the fields that one side does not have.
    """
    rows: list[ByteRow] = []
    reasons = unlike or {}
    for moment, ours, theirs in (
        (AT_RETURN, stats, go.memstats_at_return),
        (AFTER, stats_after_gc, go.memstats_after_gc),
    ):
        for f in FIGURES[moment]:
            a, b = ours.get(_snake(f.field)), theirs.get(f.field)
            if a is None or b is None:
                continue
            near = abs(a - b) <= max(f.share * max(a, b), f.floor)
            part = (a - b) / b if b else (0.0 if a == b else float("inf"))
            note = reasons.get(f.field, f.note)
            same = True if near else (None if note else False)
            rows.append(ByteRow(moment, f.field, f.unit, a, b, part, same, note))
    return rows
