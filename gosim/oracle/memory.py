"""Put the bytes of a simulated run beside those that real Go read of itself.

Real Go's figures are those of the whole process. What the oracle needs for itself is in them: some
10 KB of heap and fifty objects. Little differences are therefore no differences (`TOLERANCE`,
`FLOOR`). What the oracle allocates to look at a process cannot be told from what the program
allocated, so totals are compared as they were when main returned, and what is alive is compared
after two collections as well.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from gosim.oracle.run import GoResult

__all__ = ["AFTER", "AT_RETURN", "FLOOR", "TOLERANCE", "ByteRow", "compare_bytes"]

AT_RETURN = "when main returned"
AFTER = "after two collections"

#: Parts of the larger one from which on two figures count as different.
TOLERANCE = 0.05
#: Bytes, and objects, below which two figures count as equal whatever their ratio is.
FLOOR = {"bytes": 64 << 10, "count": 200, "cycles": 1}

_CHANCE = "depends on the moment of the last collection"
_SYSTEM = "depends on the machine"
#: Field of runtime.MemStats, its unit, and why it need not be equal ("": it should be).
_FIELDS: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    AT_RETURN: (
        ("TotalAlloc", "bytes", ""),
        ("Mallocs", "count", ""),
        ("HeapAlloc", "bytes", _CHANCE),
        ("HeapInuse", "bytes", _CHANCE),
        ("HeapObjects", "count", _CHANCE),
        ("StackInuse", "bytes", ""),
        ("NumGC", "cycles", _CHANCE),
        ("Sys", "bytes", _SYSTEM),
        ("RSS", "bytes", _SYSTEM),
    ),
    AFTER: (
        ("HeapAlloc", "bytes", ""),
        ("HeapInuse", "bytes", ""),
        ("HeapObjects", "count", ""),
        ("StackInuse", "bytes", ""),
        ("RSS", "bytes", _SYSTEM),
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
        Whether they agree within the tolerance; None where they differ and nothing says that
        they should be equal.
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
    stats: Mapping[str, int], stats_after_gc: Mapping[str, int], go: GoResult
) -> list[ByteRow]:
    """Compare two readings of a run with real Go's.

    Parameters
    ----------
    stats, stats_after_gc
        ``Run.memory_record.stats`` and ``.stats_after_gc``: MemStats in snake_case, and ``rss``.
    go
        What real Go did. Of a recorded result, and of a process whose main did not return, there
        are no bytes.

    Returns
    -------
    list of ByteRow
        Without the fields that one side does not have.
    """
    rows: list[ByteRow] = []
    for moment, ours, theirs in (
        (AT_RETURN, stats, go.memstats_at_return),
        (AFTER, stats_after_gc, go.memstats_after_gc),
    ):
        for field, unit, note in _FIELDS[moment]:
            a, b = ours.get(_snake(field)), theirs.get(field)
            if a is None or b is None:
                continue
            near = abs(a - b) <= max(TOLERANCE * max(a, b), FLOOR[unit])
            part = (a - b) / b if b else (0.0 if a == b else float("inf"))
            same = True if near else (None if note else False)
            rows.append(ByteRow(moment, field, unit, a, b, part, same, note))
    return rows
