"""Programs with known numbers of traces, and a search that knows nothing of partial orders."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import gosim as gs
from gosim.explore.control import Control
from gosim.explore.optimal import Optimal
from gosim.explore.step import Label, Step, dependent
from gosim.explore.strategy import Strategy
from gosim.leaks.run import Run, execute
from gosim.runtime.program import Function, Program

Main = Callable[[], Any]


def mutexes(n: int) -> Main:
    """n goroutines, one mutex: n! traces."""

    async def main() -> None:
        mu = gs.sync.Mutex()

        async def locks() -> None:
            await mu.lock()
            await mu.unlock()

        for _ in range(n):
            gs.go(locks)

    return main


def philosophers(n: int, ordered: bool = False) -> Main:
    """2^n - 1 traces, one of them deadlocked; 2^n - 2 when the lower fork comes first."""

    async def main() -> None:
        forks = [gs.sync.Mutex() for _ in range(n)]

        async def eats(i: int) -> None:
            first, second = i, (i + 1) % n
            if ordered:
                first, second = min(first, second), max(first, second)
            await forks[first].lock()
            await forks[second].lock()
            await forks[second].unlock()
            await forks[first].unlock()

        for i in range(n):
            gs.go(eats, i)

    return main


def readers(n: int) -> Main:
    """One writer, n readers with a cell of their own: 2^n traces."""

    async def main() -> None:
        x = gs.atomic.Int64()
        own = [gs.atomic.Int64() for _ in range(n)]

        async def writes() -> None:
            await x.store(1)

        async def reads(i: int) -> None:
            await own[i].load()
            await x.load()

        gs.go(writes)
        for i in range(n):
            gs.go(reads, i)

    return main


def lastzero(n: int) -> Main:
    """(n + 3) * 2^(n - 2) traces."""

    async def main() -> None:
        cells = [gs.atomic.Int64() for _ in range(n + 1)]

        async def scans() -> None:
            i = n
            while i > 0 and await cells[i].load() != 0:
                i -= 1

        async def adds(j: int) -> None:
            value = await cells[j - 1].load()
            await cells[j].store(value + 1)

        gs.go(scans)
        for j in range(1, n + 1):
            gs.go(adds, j)

    return main


def indexer(n: int) -> Main:
    """8^(n - 11) traces from 11 on."""

    async def main() -> None:
        table = [gs.atomic.Int64() for _ in range(128)]

        async def inserts(t: int) -> None:
            for m in range(1, 5):
                w = 11 * m + t
                h = 7 * w % 128
                while not await table[h].compare_and_swap(0, w):
                    h = (h + 1) % 128

        for t in range(n):
            gs.go(inserts, t)

    return main


def filesystem(n: int) -> Main:
    """2^(n - 13) traces from 13 to 26."""

    async def main() -> None:
        inode_locks = [gs.sync.Mutex() for _ in range(32)]
        block_locks = [gs.sync.Mutex() for _ in range(26)]
        inode = [gs.Shared(0) for _ in range(32)]
        busy = [gs.Shared(False) for _ in range(26)]

        async def allocates(t: int) -> None:
            i = t % 32
            await inode_locks[i].lock()
            if await inode[i].get() == 0:
                b = 2 * i % 26
                while True:
                    await block_locks[b].lock()
                    if not await busy[b].get():
                        await busy[b].set(True)
                        await inode[i].set(b + 1)
                        await block_locks[b].unlock()
                        break
                    await block_locks[b].unlock()
                    b = (b + 1) % 26
            await inode_locks[i].unlock()

        for t in range(n):
            gs.go(allocates, t)

    return main


class Every(Strategy):
    """Every interleaving, one after the other: depth first, nothing left out."""

    def __init__(self) -> None:
        super().__init__()
        self.path: list[list[Any]] = []
        self.depth = 0

    def choose(self, enabled: Sequence[Label]) -> Label:
        if self.depth == len(self.path):
            self.path.append([list(enabled), 0])
        labels, chosen = self.path[self.depth]
        assert list(enabled) == labels, "not repeatable"
        self.depth += 1
        return labels[chosen]  # type: ignore[no-any-return]

    def advance(self, control: Control) -> bool:
        self.depth = 0
        while self.path:
            labels, chosen = self.path[-1]
            if chosen + 1 < len(labels):
                self.path[-1][1] += 1
                return True
            self.path.pop()
        return False


Trace = frozenset[Any]


def trace_of(steps: Sequence[Step]) -> Trace:
    """Return the class of an execution: its steps, and the order of those that depend."""
    done: dict[str, int] = {}
    names = []
    for step in steps:
        names.append((step.label, tuple(done.get(who, 0) for who in step.who), step.accesses))
        for who in step.who:
            done[who] = done.get(who, 0) + 1
    pairs = [
        (names[i], names[j])
        for j in range(len(steps))
        for i in range(j)
        if dependent(steps[i], steps[j])
    ]
    return frozenset([*names, *pairs])


def once(main: Main | Program, strategy: Any, **options: Any) -> tuple[Control, Run]:
    go = {"go": options.pop("go")} if "go" in options else {}
    control = Control(strategy, **options)
    program = main if isinstance(main, Program) else Function(main)
    return control, execute(program, policy=control, observers=(control,), **go)


def interleavings(main: Main | Program, most: int, **options: Any) -> tuple[int, set[Trace]]:
    """Run every interleaving, `most` at most; return how many, and their classes."""
    every = Every()
    program = main if isinstance(main, Program) else Function(main)
    traces: set[Trace] = set()
    n = 0
    while n < most:
        control, _ = once(program, every, **options)
        n += 1
        traces.add(trace_of(control.steps))
        if not every.advance(control):
            break
    return n, traces


def executions(main: Main | Program, **options: Any) -> Iterator[tuple[Control, Run]]:
    """Yield what the optimal search runs, without what it cuts short."""
    search = Optimal()
    program = main if isinstance(main, Program) else Function(main)
    while True:
        control, run = once(program, search, **{"told": False, **options})
        if not search.cut:
            yield control, run
        if not search.advance(control):
            BLOCKED[0] = search.blocked
            return


BLOCKED = [0]
"""How many executions the search that ended last has cut short."""


def explored(main: Main | Program, **options: Any) -> tuple[list[Trace], int, list[Run]]:
    """Run what the optimal search runs; return the traces, how many were cut short, the runs."""
    traces, runs = [], []
    for control, run in executions(main, **options):
        traces.append(trace_of(control.steps))
        runs.append(run)
    return traces, BLOCKED[0], runs


def random_program(seed: int) -> Main:
    """A small program with channels of all kinds, selects, a mutex and a WaitGroup."""
    rnd = random.Random(seed)
    caps = [rnd.choice([0, 0, 1, 1, 2]) for _ in range(rnd.randint(1, 2))]
    kinds = ["send", "recv", "send", "recv", "close", "lock", "select", "poll", "done", "wait"]

    def body() -> list[tuple[str, Any]]:
        made: list[tuple[str, Any]] = []
        for _ in range(rnd.randint(1, 2)):
            kind = rnd.choice(kinds)
            channel = rnd.randrange(len(caps))
            cases = [
                (rnd.choice(["send", "recv"]), rnd.randrange(len(caps)))
                for _ in range(rnd.randint(1, 2))
            ]
            made.append((kind, cases if kind in ("select", "poll") else channel))
        return made

    bodies, own = [body() for _ in range(rnd.randint(1, 3))], body()

    async def main() -> None:
        chans = [gs.chan(int, cap) for cap in caps]
        mu, wg = gs.sync.Mutex(), gs.sync.WaitGroup()
        await wg.add(1)

        async def works(todo: list[tuple[str, Any]], i: int) -> None:
            for kind, what in todo:
                if kind == "send":
                    await chans[what].send(i)
                elif kind == "recv":
                    await chans[what].recv()
                elif kind == "close":
                    await chans[what].close()
                elif kind == "lock":
                    await mu.lock()
                    await mu.unlock()
                elif kind == "done":
                    await wg.done()
                elif kind == "wait":
                    await wg.wait()
                else:
                    cases = [
                        gs.send(chans[c], i) if way == "send" else gs.recv(chans[c])
                        for way, c in what
                    ]
                    await gs.select(*cases, *([gs.default] if kind == "poll" else []))

        for i, todo in enumerate(bodies):
            gs.go(works, todo, i)
        await works(own, 9)

    return main
