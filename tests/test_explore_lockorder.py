"""An inversion is told exactly where another schedule comes to a deadlock."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

import gosim as gs
from gosim.explore.lockorder import LockOrder
from gosim.explore.search import explore
from gosim.leaks.run import execute
from gosim.runtime.program import Function

Main = Callable[[], Awaitable[None]]


async def _both(first: gs.sync.Mutex, second: gs.sync.Mutex) -> None:
    async with first:
        async with second:
            pass


async def _reads_both(first: gs.sync.RWMutex, second: gs.sync.RWMutex) -> None:
    async with first.rlocker():
        async with second.rlocker():
            pass


async def _writes(lock: gs.sync.RWMutex) -> None:
    async with lock:
        pass


async def opposite() -> None:
    a, b = gs.sync.Mutex(), gs.sync.Mutex()
    gs.go(_both, a, b)
    gs.go(_both, b, a)


async def three_in_a_ring() -> None:
    locks = [gs.sync.Mutex() for _ in range(3)]
    for i in range(3):
        gs.go(_both, locks[i], locks[(i + 1) % 3])


async def readers_and_writers() -> None:
    a, b = gs.sync.RWMutex(), gs.sync.RWMutex()
    gs.go(_reads_both, a, b)
    gs.go(_reads_both, b, a)
    gs.go(_writes, a)
    gs.go(_writes, b)


async def recursive_reader() -> None:
    a = gs.sync.RWMutex()
    gs.go(_reads_both, a, a)
    gs.go(_writes, a)


async def same_order() -> None:
    a, b = gs.sync.Mutex(), gs.sync.Mutex()
    gs.go(_both, a, b)
    gs.go(_both, a, b)


async def one_goroutine() -> None:
    a, b = gs.sync.Mutex(), gs.sync.Mutex()
    await _both(a, b)
    await _both(b, a)


async def one_after_the_other() -> None:
    a, b = gs.sync.Mutex(), gs.sync.Mutex()
    done = gs.chan(int)

    async def first() -> None:
        await _both(a, b)
        await done.send(1)

    gs.go(first)
    await done.recv()
    gs.go(_both, b, a)


async def behind_a_gate() -> None:
    a, b, gate = gs.sync.Mutex(), gs.sync.Mutex(), gs.sync.Mutex()

    async def enters(first: gs.sync.Mutex, second: gs.sync.Mutex) -> None:
        async with gate:
            await _both(first, second)

    gs.go(enters, a, b)
    gs.go(enters, b, a)


async def readers_behind_a_gate_for_readers() -> None:
    a, b, gate = gs.sync.Mutex(), gs.sync.Mutex(), gs.sync.RWMutex()

    async def enters(first: gs.sync.Mutex, second: gs.sync.Mutex) -> None:
        async with gate.rlocker():
            await _both(first, second)

    gs.go(enters, a, b)
    gs.go(enters, b, a)


async def only_readers() -> None:
    a, b = gs.sync.RWMutex(), gs.sync.RWMutex()
    gs.go(_reads_both, a, b)
    gs.go(_reads_both, b, a)


async def one_only_tries() -> None:
    a, b = gs.sync.Mutex(), gs.sync.Mutex()

    async def tries() -> None:
        async with b:
            if await a.try_lock():
                await a.unlock()

    gs.go(_both, a, b)
    gs.go(tries)


WRONG = [
    opposite,
    three_in_a_ring,
    readers_and_writers,
    recursive_reader,
    readers_behind_a_gate_for_readers,
]
RIGHT = [
    same_order,
    one_goroutine,
    one_after_the_other,
    behind_a_gate,
    only_readers,
    one_only_tries,
]


@pytest.mark.parametrize("main", [*WRONG, *RIGHT])
def test_inversions_are_what_comes_to_a_deadlock_in_another_schedule(main: Main) -> None:
    found = explore(Function(main), watchers=[LockOrder])
    assert found.complete
    stuck = {kind for kind in found.outcomes if kind != "ok"}
    told = [each for each in found.noticed if each.finding.kind == "lock order"]
    assert bool(told) == bool(stuck) == (main in WRONG)


@pytest.mark.parametrize("main", WRONG)
def test_an_inversion_is_told_in_runs_that_end_well(main: Main) -> None:
    watcher = LockOrder()
    run = execute(Function(main), observers=(watcher,))
    assert run.outcome == "ok"
    assert len(watcher.inversions()) == 1


def test_an_inversion_names_both_locks_and_where_they_are_taken() -> None:
    watcher = LockOrder()
    execute(Function(opposite), observers=(watcher,))
    text = watcher.inversions()[0].text
    assert "locks b while it holds a since test_explore_lockorder.py:" in text
    assert "locks a while it holds b since test_explore_lockorder.py:" in text
    assert "Take the two in the same order everywhere." in text


def test_the_same_inversion_is_one_finding_in_all_schedules() -> None:
    found = explore(Function(opposite), watchers=[LockOrder])
    assert len(found.noticed) == 1
    assert found.noticed[0].schedules == found.schedules - found.outcomes.get("leak", 0)
