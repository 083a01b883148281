"""The rows, what is asked of them, and how they are measured and written down."""

from __future__ import annotations

import gc
import importlib
import json
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.golang import Go
from benchmarks.measure import Programs

ROOT = Path(__file__).parent.parent

#: Column name and module of every contender written in Python, in the order of the columns.
PYTHON = {
    "SimPy": "benchmarks.with_simpy",
    "asyncio": "benchmarks.with_asyncio",
    "floor": "benchmarks.floor",
    "gosim": "benchmarks.with_gosim",
}
COLUMNS = (*PYTHON, "Go")


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Parameters
    ----------
    key
        Name of the program in each contender.
    work
        What one operation is, in words.
    count
        Operations in one measurement of a Python contender (Go has its own counts).
    simpy_at_least
        SimPy's time divided by gosim's must not be less; None: nothing is asked.
    go_at_most
        gosim's time divided by real Go's must not be more; None: nothing is asked.
    fresh
        Each measurement in a process of its own: the memory of an earlier one is not reused.
    compare
        The row whose SimPy and Go figures stand beside this one, where it has none itself.
    """

    key: str
    work: str
    count: int
    simpy_at_least: float | None = None
    go_at_most: float | None = None
    fresh: bool = False
    compare: str = ""


ROWS = (
    Row("pingpong", "ping-pong over two unbuffered channels, a round trip", 10_000, 7, 2.7),
    Row("buffered", "producer → consumer, buffer of 100, an item", 20_000, 10, 7.5),
    Row("select", "select over two channels, an item", 10_000, 4, 5),
    Row("spawn", "start and end of a goroutine, all waited for at the end", 10_000, 4, 1.7),
    Row("spawn_report", "one after another, each reporting on a channel", 10_000),
    Row("spawn_join", "the same, SimPy waiting for the process instead", 10_000,
        compare="spawn_report"),
    Row("blocked", "100 000 goroutines blocked on one channel, a goroutine", 100_000, 2.5, 0.8,
        fresh=True),
    Row("sleeps", "1 000 goroutines × 100 random sleeps, virtual time, a sleep", 100_000, 0.95, 2),
    Row("sieve", "prime sieve, chain of 200 goroutines, the chain", 1, 7, 2.2),
    Row("mutex", "contended mutex, 10 goroutines, a lock and unlock", 10_000, 5, 2.6),
    Row("pingpong_random", "every operation a choice point: ping-pong", 10_000, 3,
        compare="pingpong"),
    Row("buffered_random", "every operation a choice point: buffer of 100", 20_000, 3,
        compare="buffered"),
    Row("mutex_random", "every operation a choice point: mutex", 10_000, 3, compare="mutex"),
)  # fmt: skip

#: Bytes per goroutine: gosim's divided by Go's must not be more.
MEMORY_AT_MOST = 0.27


@dataclass
class Result:
    """All measurements of one row: column → ns for each operation, one entry per round."""

    row: Row
    ns: dict[str, list[float]] = field(default_factory=dict)
    bytes_each: dict[str, list[float]] = field(default_factory=dict)

    def add(self, column: str, ns: float, bytes_each: float) -> None:
        self.ns.setdefault(column, []).append(ns)
        if bytes_each > 0:
            self.bytes_each.setdefault(column, []).append(bytes_each)


def programs(column: str) -> Programs:
    found: Programs = importlib.import_module(PYTHON[column]).PROGRAMS
    return found


def once(column: str, row: Row) -> tuple[float, float]:
    """Measure one row of one Python contender, here and now: ns an operation, bytes each."""
    program = programs(column)[row.key]
    gc.collect()
    measured = program(row.count)
    return measured.spent / row.count, measured.bytes_each


def once_in_a_fresh_process(column: str, row: Row) -> tuple[float, float]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--one", column, row.key],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"{column}, {row.key}: {done.stderr.strip()}")
    ns, each = json.loads(done.stdout)
    return ns, each


def measure(rows: Iterable[Row], rounds: int, go: Go, say: Callable[[str], None]) -> list[Result]:
    """Measure every contender in turn, row by row, round after round.

    Interleaved, so that a change of the machine's mood meets every contender alike. One round that
    does not count warms up (imports, caches).
    """
    results = [Result(row) for row in rows]
    for turn in range(rounds + 1):
        say("warming up" if turn == 0 else f"round {turn} of {rounds}")
        for result in results:
            row = result.row
            if turn == 0 and row.fresh:
                continue
            for column in PYTHON:
                if row.key in programs(column):
                    how = once_in_a_fresh_process if row.fresh else once
                    measured = how(column, row)
                    if turn:
                        result.add(column, *measured)
            from_go = go.measure(row.key)
            if from_go is not None and turn:
                result.add("Go", *from_go)
    return results


@dataclass(frozen=True)
class Line:
    """One printed line: medians and the two ratios beside what is asked of them."""

    work: str
    cells: dict[str, str]
    simpy: float | None
    simpy_at_least: float | None
    go: float | None
    go_at_most: float | None

    @property
    def kept(self) -> bool:
        """Whether every ratio that is asked for and could be measured holds."""
        return not (
            (self.simpy_at_least and self.simpy and self.simpy < self.simpy_at_least)
            or (self.go_at_most and self.go and self.go > self.go_at_most)
        )


def amount(value: float) -> str:
    """A time in the unit a person would say it in."""
    return f"{value / 1e6:.2f} ms" if value >= 1e6 else f"{value:,.0f} ns".replace(",", " ")


def lines(results: list[Result]) -> list[Line]:
    """Medians of all rounds and the ratios between medians."""
    by_key = {result.row.key: result for result in results}
    made: list[Line] = []
    for result in results:
        row = result.row
        ns = {column: statistics.median(all_) for column, all_ in result.ns.items()}
        # A variant without a program of its own stands beside the plain row's medians.
        beside = by_key.get(row.compare)
        for column in ("SimPy", "Go"):
            if beside is not None and column not in ns and column in beside.ns:
                ns[column] = statistics.median(beside.ns[column])
        made.append(
            Line(
                row.work,
                {column: amount(value) for column, value in ns.items()},
                ns["SimPy"] / ns["gosim"] if "SimPy" in ns and "gosim" in ns else None,
                row.simpy_at_least,
                ns["gosim"] / ns["Go"] if "Go" in ns and "gosim" in ns else None,
                row.go_at_most,
            )
        )
        if result.bytes_each:
            each = {column: statistics.median(all_) for column, all_ in result.bytes_each.items()}
            made.append(
                Line(
                    "the same: resident memory, a goroutine",
                    {column: f"{value:,.0f} B".replace(",", " ") for column, value in each.items()},
                    each["SimPy"] / each["gosim"] if "SimPy" in each and "gosim" in each else None,
                    None,
                    each["gosim"] / each["Go"] if "Go" in each and "gosim" in each else None,
                    MEMORY_AT_MOST,
                )
            )
    return made


def _ratio(value: float | None, bound: float | None, sign: str) -> str:
    if value is None:
        return "–"
    return f"{value:.2f}" + (f" ({sign} {bound:g})" if bound else "")


def _verdict(line: Line) -> str:
    asked = (line.simpy_at_least and line.simpy) or (line.go_at_most and line.go)
    return ("kept" if line.kept else "missed") if asked else ""


HEAD = ("work", *COLUMNS, "SimPy ÷ gosim", "gosim ÷ Go", "")


def cells(line: Line) -> tuple[str, ...]:
    return (
        line.work,
        *(line.cells.get(column, "–") for column in COLUMNS),
        _ratio(line.simpy, line.simpy_at_least, "≥"),
        _ratio(line.go, line.go_at_most, "≤"),
        _verdict(line),
    )


def as_text(made: list[Line]) -> str:
    """The table for a terminal."""
    grid = [HEAD, *(cells(line) for line in made)]
    widths = [max(len(row[i]) for row in grid) for i in range(len(HEAD))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if i == 0 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in grid
    )


def as_markdown(made: list[Line]) -> str:
    """The table for docs/performance.md."""
    grid = [cells(line) for line in made]
    rule = "|" + "---|" + "---:|" * (len(HEAD) - 2) + "---|"
    return "\n".join(
        ["| " + " | ".join(HEAD) + " |", rule, *("| " + " | ".join(row) + " |" for row in grid)]
    )
