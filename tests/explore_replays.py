"""Explored schedules of a few programs as tokens, and the events of their replays.

``python -m tests.explore_replays`` writes them down anew, into ``explore_replays.txt``: that is due
when the steps of an exploration have changed, so that tokens made before no longer fit.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

import gosim as gs
from gosim.explore.replay import install
from gosim.explore.search import explore
from gosim.golang.program import GoProgram
from gosim.leaks.run import execute
from gosim.runtime.program import Function, Program
from tests.explore_lab import lastzero, philosophers, random_program

FILE = Path(__file__).parent / "explore_replays.txt"
MOST = 4

GO = """package main

import (
	"context"
	"fmt"
	"sync"
	"time"
)

func worker(ctx context.Context, mu *sync.Mutex, results chan<- int, i int) {
	mu.Lock()
	defer mu.Unlock()
	select {
	case results <- i:
	case <-ctx.Done():
	}
}

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	var mu sync.Mutex
	results := make(chan int)
	for i := range 2 {
		go worker(ctx, &mu, results, i)
	}
	fmt.Println(<-results)
}
"""


async def answers() -> None:
    """Who is left over, and what is printed, depends on the schedule."""
    results = gs.chan(int)

    async def worker(i: int) -> None:
        await results.send(i)

    for i in range(3):
        gs.go(worker, i)
    late = gs.time.after(5)
    i, value, _ = await gs.select(gs.recv(results), gs.recv(late))
    print(i, value)


def programs() -> Iterator[tuple[str, Program]]:
    """Yield the programs, each with a name."""
    yield "answers", Function(answers)
    yield "philosophers", Function(philosophers(3))
    yield "lastzero", Function(lastzero(3))
    for seed in (4, 23, 52):
        yield f"random{seed}", Function(random_program(seed))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "late.go"
        file.write_text(GO, encoding="utf-8")
        yield "late.go", GoProgram(str(file))


def events(program: Program, token: str) -> str:
    """Return the digest of all events of a replay; files are told by their names."""
    install()
    recording = execute(program, replay=token, record=True).recording()
    lines = []
    for event in recording.events:
        stack = [(f.function, Path(f.file).name, f.line) for f in recording.stacks[event.stack]]
        lines.append(repr((*event._replace(file=Path(event.file).name, stack=0), stack)))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def recorded() -> list[tuple[str, str, str]]:
    """Return name, token and digest of each schedule that is written down."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    found = []
    for line in lines:
        name, token, digest = line.split()
        found.append((name, token, digest))
    return found


def replayed() -> list[tuple[str, str, str]]:
    """Return the same of replays done now."""
    written = recorded()
    return [
        (name, token, events(program, token))
        for name, program in programs()
        for known, token, _ in written
        if known == name
    ]


def digest() -> str:
    """Return one for all."""
    return hashlib.sha256(repr(replayed()).encode()).hexdigest()


def record() -> str:
    """Return the lines of the file."""
    lines = []
    for name, program in programs():
        for case in explore(program, minimise=100).cases[:MOST]:
            lines.append(f"{name} {case.token} {events(program, case.token)}\n")
    return "".join(lines)


if __name__ == "__main__":
    from tests import explore_replays  # functions of __main__ have other names

    FILE.write_text(explore_replays.record(), encoding="utf-8")
