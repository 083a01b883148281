"""Compiled Go: what a Go program costs under gosim, beside plain Python and real Go."""

from __future__ import annotations

import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gosim.golang.build import build_and_compile
from gosim.golang.program import GoProgram
from gosim.leaks.run import execute
from gosim.oracle.toolchain import Toolchain
from gosim.runtime.version import LATEST

SOURCE = Path(__file__).parent / "compiled_go" / "main.go"


def fib(n: int) -> int:
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def turns() -> int:
    total = 0
    for i in range(1000):
        for j in range(1000):
            total += (i ^ j) & 7
    return total


def matrix() -> int:
    n = 80
    a = [[i + j for j in range(n)] for i in range(n)]
    b = [[i + j for j in range(n)] for i in range(n)]
    c = [[0] * n for _ in range(n)]
    for i in range(n):
        for j in range(n):
            total = 0
            for k in range(n):
                total += a[i][k] * b[k][j]
            c[i][j] = total
    return c[3][5]


@dataclass(frozen=True)
class Work:
    """One row: what is done, its result, against whom, at most how many times as long.

    `often` is how many times real Go does it for one measurement.
    """

    key: str
    title: str
    result: int
    beside: str
    at_most: float
    python: Callable[[], int] | None = None
    often: int = 1


WORKS = [
    Work("fib", "`fib(25)`", 75025, "plain Python", 4, lambda: fib(25)),
    Work("turns", "a million turns of an inner loop", 3500000, "plain Python", 5, turns),
    Work("matrix", "product of two 80 × 80 matrices of slices", 193960, "plain Python", 6, matrix),
    Work("pingpong", "ping-pong, 10 000 round trips", 10000, "real Go", 3, often=50),
    Work("sieve", "sieve of 500 primes", 3571, "real Go", 4, often=3),
]
LINES_A_SECOND, FROM_CACHE_MS = 8000, 5


def timed(f: Callable[[], object]) -> float:
    """Return the seconds that a call takes."""
    start = time.perf_counter()
    f()
    return time.perf_counter() - start


def simulated(program: GoProgram, work: Work) -> float:
    """Return the seconds of one piece of work under gosim; what a run costs anyway taken off."""

    def run(n: int) -> str:
        return execute(program, args=[work.key, str(n)]).stdout

    run(1)  # Python specializes what has run
    bare = timed(lambda: run(0))
    start = time.perf_counter()
    printed = run(1)
    spent = time.perf_counter() - start
    if printed != f"{work.result}\n":
        raise AssertionError(f"{work.key}: {printed!r}, not {work.result}")
    return spent - bare


def real(binary: Path, work: Work) -> float:
    """Return the seconds of one piece of work under real Go."""

    def run(n: int) -> None:
        subprocess.run([binary, work.key, str(n)], env={"GOMAXPROCS": "1"}, check=True,
                       stdout=subprocess.DEVNULL)  # fmt: skip

    bare = timed(lambda: run(0))
    return (timed(lambda: run(work.often)) - bare) / work.often


def compiling(source: Path, rounds: int) -> tuple[float, float]:
    """Return lines a second of a cold compilation, and ms to load a program from the cache."""
    files = list(source.glob("*.go")) if source.is_dir() else [source]
    lines = sum(f.read_bytes().count(b"\n") for f in files)
    GoProgram(str(source))  # fills the cache, and loads what is imported on the way
    cold, cached = [], []
    for _ in range(rounds):
        cold.append(timed(lambda: build_and_compile(str(source), LATEST, None, None, None)))
        cached.append(timed(lambda: GoProgram(str(source))))
    return lines / statistics.median(cold), 1000 * statistics.median(cached)


def measure(toolchain: Toolchain | None, rounds: int) -> str:
    """Return the table."""
    program = GoProgram(str(SOURCE))
    binary: Path | None = None
    place = tempfile.TemporaryDirectory(prefix="gosim-compiled-")
    kernels: Path | None = None
    if toolchain is not None:
        binary = Path(place.name) / "work"
        subprocess.run([toolchain.go, "build", "-o", binary, str(SOURCE)], check=True,
                       env=toolchain.environment(), capture_output=True)  # fmt: skip
        suite = toolchain.goroot / "src/runtime/testdata/testgoroutineleakprofile/goker"
        kernels = suite if suite.is_dir() else None
    rows = ["| compiled Go | gosim | beside | gosim ÷ that | |", "|---|---:|---:|---:|---|"]
    for work in WORKS:
        if work.python is None and binary is None:
            continue
        ours, theirs = [], []
        for _ in range(rounds):
            ours.append(simulated(program, work))
            if work.python is not None:
                theirs.append(timed(work.python))
            else:
                assert binary is not None
                theirs.append(real(binary, work))
        mine, other = statistics.median(ours), statistics.median(theirs)
        ratio = mine / other
        verdict = "kept" if ratio <= work.at_most else "missed"
        rows.append(
            f"| {work.title} | {mine * 1000:.1f} ms | {work.beside} {other * 1000:.1f} ms | "
            f"{ratio:.2f} (≤ {work.at_most:g}) | {verdict} |"
        )
    speed, cached = compiling(kernels or SOURCE, rounds)
    what = "Go's leak kernels, one program" if kernels else "the benchmark itself"
    verdict = "kept" if speed >= LINES_A_SECOND else "missed"
    rows.append(
        f"| compile {what}, with the library it imports | {speed:.0f} lines/s | at least "
        f"{LINES_A_SECOND} | | {verdict} |"
    )
    verdict = "kept" if cached <= FROM_CACHE_MS else "missed"
    rows.append(f"| load it from the cache | {cached:.1f} ms | at most {FROM_CACHE_MS} ms | | "
                f"{verdict} |")  # fmt: skip
    place.cleanup()
    return "\n".join(rows)
