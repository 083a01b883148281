"""What simulated memory costs: allocating and marking, beside the same in plain Python.

``python -m benchmarks.memory ROW COUNT`` measures one row in this process and prints the ns that
one object takes in Python and in gosim.
"""

from __future__ import annotations

import gc
import json
import statistics
import subprocess
import sys
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gosim as gs
from benchmarks.measure import check, clock
from benchmarks.table import amount

ROOT = Path(__file__).parent.parent

#: Objects in one measurement.
COUNT = 1_000_000
#: A goroutine gives way once in so many allocations: the collector marks only where all are parked.
TURN = 1000


@gs.struct
class Node:
    """The small object of every row: 16 bytes, one of its two words a pointer."""

    next: gs.ptr("Node")  # type: ignore[valid-type]
    value: int


class Plain:
    """The same in Python."""

    __slots__ = ("next", "value")

    def __init__(self, next: Plain | None, value: int) -> None:
        self.next = next
        self.value = value


def appending(n: int) -> int:
    """Make `n` plain objects and append each to a list."""
    objects = []
    start = clock()
    for i in range(n):
        objects.append(Plain(None, i))
    return clock() - start


def in_a_run(main: Callable[[], Coroutine[Any, Any, tuple[int, int]]]) -> tuple[int, int]:
    result: list[tuple[int, int]] = []

    async def measured_main() -> None:
        result.append(await main())

    run = gs.run(measured_main, memory=True)
    if not result:
        raise AssertionError(f"the run ended as {run.outcome}: {run.stderr}")
    return result[0]


def dropped(n: int) -> tuple[int, int]:
    """Every object is garbage at once; the goroutine never parks."""
    plain = appending(n)

    async def main() -> tuple[int, int]:
        start = clock()
        for i in range(n):
            gs.new(Node, value=i)
        return plain, clock() - start

    return in_a_run(main)


def kept(n: int) -> tuple[int, int]:
    """Every object stays alive in a linked list, and is marked by each collection."""
    plain = appending(n)

    async def main() -> tuple[int, int]:
        start = clock()
        last = None
        for i in range(n):
            last = gs.new(Node, next=last, value=i)
            if not i % TURN:
                await gs.gosched()
        return plain, clock() - start

    return in_a_run(main)


def windows(n: int) -> tuple[int, int]:
    """Go's own list: a slice of pointers that grows by append, the price of which comes on top."""
    plain = appending(n)

    async def main() -> tuple[int, int]:
        start = clock()
        nodes = gs.make_slice(gs.ptr(Node), 0)
        for i in range(n):
            nodes = gs.append(nodes, gs.new(Node, value=i))
            if not i % TURN:
                await gs.gosched()
        spent = clock() - start
        check(len(nodes), n)
        return plain, spent

    return in_a_run(main)


def walk(root: object) -> int:
    """Visit what can be reached from `root` with ``gc.get_referents``, and do nothing else."""
    seen = {id(root), id(type(root))}
    queue = [root]
    for obj in queue:
        for child in gc.get_referents(obj):
            if id(child) not in seen:
                seen.add(id(child))
                queue.append(child)
    return len(queue)


def marking(n: int) -> tuple[int, int]:
    """A whole ``runtime.GC`` over a linked list: roots, marking, and a sweep that frees nothing."""

    async def main() -> tuple[int, int]:
        last = None
        for i in range(n):
            last = gs.new(Node, next=last, value=i)
        gc.collect()
        start = clock()
        visited = walk(last)
        bare = clock() - start
        if visited < n:
            raise AssertionError(f"the walk found {visited} objects")
        start = clock()
        await gs.runtime.gc()
        spent = clock() - start
        alive = gs.runtime.read_mem_stats().heap_objects
        if alive < n or last is None:
            raise AssertionError(f"{alive} objects are alive")
        return bare, spent

    return in_a_run(main)


@dataclass(frozen=True)
class Row:
    """One line: the work, its program, and how many times Python's time it may take, if asked."""

    work: str
    program: Callable[[int], tuple[int, int]]
    at_most: float | None = None


ROWS = {
    "dropped": Row("allocate an object and drop it, collections included", dropped, 12),
    "kept": Row("allocate an object and keep it in a linked list, the same", kept, 12),
    "windows": Row("allocate an object and `append` it to a slice, the same", windows),
    "marking": Row("collect a heap of which all is alive, an object", marking, 3),
}


@dataclass(frozen=True)
class Cost:
    """The medians of one row, in ns for each object."""

    row: Row
    python: float
    gosim: float

    @property
    def ratio(self) -> float:
        return self.gosim / self.python

    @property
    def kept(self) -> bool:
        return self.row.at_most is None or self.ratio <= self.row.at_most


def once_in_a_fresh_process(key: str, count: int) -> tuple[float, float]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.memory", key, str(count)],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"{key}: {done.stderr.strip()}")
    python, gosim = json.loads(done.stdout)
    return python, gosim


def measure(rounds: int, count: int = COUNT) -> list[Cost]:
    """Measure every row round after round; the two figures of a row come from the same process."""
    found: dict[str, list[tuple[float, float]]] = {key: [] for key in ROWS}
    for _ in range(rounds):
        for key, measured in found.items():
            measured.append(once_in_a_fresh_process(key, count))
    return [
        Cost(
            ROWS[key],
            statistics.median(python for python, _ in measured),
            statistics.median(gosim for _, gosim in measured),
        )
        for key, measured in found.items()
    ]


def as_markdown(costs: list[Cost]) -> str:
    lines = [
        "| memory, 1 000 000 objects | plain Python | gosim | gosim ÷ Python | |",
        "|---|---:|---:|---:|---|",
    ]
    for cost in costs:
        bound = cost.row.at_most
        asked, verdict = "", ""
        if bound is not None:
            asked, verdict = f" (≤ {bound:g})", "kept" if cost.kept else "missed"
        lines.append(
            f"| {cost.row.work} | {amount(cost.python)} | {amount(cost.gosim)} "
            f"| {cost.ratio:.2f}{asked} | {verdict} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    spent = ROWS[sys.argv[1]].program(int(sys.argv[2]))
    print(json.dumps([ns / int(sys.argv[2]) for ns in spent]))
