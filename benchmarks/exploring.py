"""Exploration: schedules a second in one process, and how many times that with two."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import gosim as gs
from gosim.explore.search import explore
from gosim.oracle.toolchain import Toolchain
from gosim.runtime.program import Function, Program

JOBS = 2
TIMES_AT_LEAST = 1.7
"""Schedules a second with two processes, divided by those with one."""
KERNELS = {"Cockroach9935": 30}
"""Of Go's suite, and how many schedules: each starts the kernel's program a hundred times."""


def philosophers(n: int) -> Program:
    """n forks, the left one first: 2^n − 1 traces."""

    async def main() -> None:
        forks = [gs.sync.Mutex() for _ in range(n)]

        async def eats(i: int) -> None:
            first, second = forks[i], forks[(i + 1) % n]
            await first.lock()
            await second.lock()
            await second.unlock()
            await first.unlock()

        for i in range(n):
            gs.go(eats, i)

    return Function(main)


def mutex(n: int) -> Program:
    """n goroutines and one mutex: n! traces."""

    async def main() -> None:
        mu = gs.sync.Mutex()

        async def locks() -> None:
            await mu.lock()
            await mu.unlock()

        for _ in range(n):
            gs.go(locks)

    return Function(main)


@dataclass
class Speed:
    """Schedules a second on one program, one entry for each round."""

    title: str
    schedules: int = 0
    alone: list[float] = field(default_factory=list)
    together: list[float] = field(default_factory=list)

    @property
    def times(self) -> float:
        """How many times as many with `JOBS` processes."""
        return statistics.median(self.together) / statistics.median(self.alone)


@dataclass(frozen=True)
class Work:
    """A program and a budget of schedules, so that one process takes some seconds."""

    title: str
    program: Callable[[], Program]
    most: int
    args: tuple[str, ...] = ()


def works(toolchain: Toolchain | None) -> Iterator[Work]:
    """Yield what is explored; Go's kernels where Go is installed."""
    yield Work("philosophers(10), left fork first", lambda: philosophers(10), 20_000)
    yield Work("10 goroutines on one mutex, the first 3 000 of 10!", lambda: mutex(10), 3_000)
    if toolchain is None:
        return
    from gosim.golang.program import GoProgram
    from gosim.oracle.kernels import kernels

    for kernel in kernels(toolchain):
        if kernel.name in KERNELS:
            folder = kernel.folder
            yield Work(
                f"Go's kernel {kernel.name}, the first {KERNELS[kernel.name]}",
                lambda folder=folder: GoProgram(folder, explored=True),
                KERNELS[kernel.name],
                (kernel.name,),
            )


def speed(work: Work, jobs: int) -> tuple[float, int]:
    """Explore once; return executions a second on the wall, and how many there were."""
    program = work.program()
    begun = time.perf_counter()
    found = explore(program, max_schedules=work.most, jobs=jobs, minimise=0, args=work.args)
    spent = time.perf_counter() - begun
    return (found.schedules + found.blocked) / spent, found.schedules + found.blocked


def measure(some: Iterable[Work], rounds: int) -> list[Speed]:
    """Measure each program with one process and with several in turn."""
    measured = []
    for work in some:
        one = Speed(work.title)
        for turn in range(rounds):
            alone, schedules = speed(work, 1)
            together, again = speed(work, JOBS)
            if schedules != again or (turn and schedules != one.schedules):
                raise AssertionError(f"{work.title}: {again} schedules, not {schedules}")
            one.schedules = schedules
            one.alone.append(alone)
            one.together.append(together)
        measured.append(one)
    return measured


def as_markdown(measured: list[Speed]) -> str:
    """Return the table for docs/performance.md."""
    lines = [
        f"| exploration | schedules | a second, one process | `--jobs {JOBS}` | times |  |",
        "|---|---:|---:|---:|---:|---|",
    ]
    for one in measured:
        verdict = "kept" if one.times >= TIMES_AT_LEAST else "missed"
        lines.append(
            f"| {one.title} | {one.schedules} | {statistics.median(one.alone):.0f} | "
            f"{statistics.median(one.together):.0f} | {one.times:.2f} (≥ {TIMES_AT_LEAST:g}) | "
            f"{verdict} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    from gosim.oracle.toolchain import find_toolchain

    print(as_markdown(measure(works(find_toolchain("1.27")), 3)))
