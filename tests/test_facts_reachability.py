"""Who still refers to the channel decides: Go's leak profile row by row (go-facts section 1.2).

A mutex of real Go is found by chance when it is a bare one (it shares a block of the tiny
allocator); gosim says what is so, and the rows say which measurement that stands for.
"""

from __future__ import annotations

from typing import Any

import pytest

import gosim as gs
from gosim import chan, go, recv, select
from tests.facts import Main, Programs, facts
from tests.test_facts_leaks import locking, ranging, receiving, waiting

MS, HOUR = 1_000_000, 3_600_000_000_000
sync, time = gs.sync, gs.time

program = Programs()

TABLE: dict[str, Any] = {}
LIST: list[Any] = []
CLOSURE: list[Any] = []


def use(_: Any) -> None:
    """Stand for runtime.KeepAlive."""


async def pause() -> None:
    await time.sleep(20 * MS)


@program
async def local_dropped() -> None:
    async def f() -> None:
        go(receiving, chan(int))

    await f()
    await pause()


@program
async def main_stack_keeps_it() -> None:
    ch = chan(int)
    go(receiving, ch)
    await pause()
    use(ch)


@program
async def in_global_map() -> None:
    TABLE["ch"] = chan(int)
    go(receiving, TABLE["ch"])
    await pause()


@program
async def in_global_map_deleted() -> None:
    TABLE["ch"] = chan(int)
    go(receiving, TABLE["ch"])
    del TABLE["ch"]
    await pause()


@program
async def in_global_list() -> None:
    LIST.append(chan(int))
    go(receiving, LIST[0])
    await pause()


@program
async def captured_by_global_closure() -> None:
    ch = chan(int)
    CLOSURE.append(lambda: ch)
    go(receiving, ch)
    await pause()


@program
async def held_by_other_leaked() -> None:
    inner, outer = chan(int), chan(int)

    async def holder() -> None:
        await outer.recv()
        await inner.send(1)

    go(receiving, inner)
    go(holder)
    await pause()


@program
async def held_by_runnable() -> None:
    ch = chan(int)

    async def holder() -> None:
        while True:
            await gs.gosched()
            if time.now().unix() == 0:
                await ch.send(1)

    go(receiving, ch)
    go(holder)
    await pause()


@program
async def held_by_sleeping() -> None:
    ch = chan(int)

    async def holder() -> None:
        await time.sleep(HOUR)
        await ch.send(1)

    go(receiving, ch)
    go(holder)
    await pause()


@program
async def held_by_sleeping_not_used_again() -> None:
    async def holder(ch: Any) -> None:
        use(ch)
        await time.sleep(HOUR)

    async def start() -> None:
        ch = chan(int)
        go(receiving, ch)
        go(holder, ch)

    await start()
    await pause()


@program
async def dead_local_in_main() -> None:
    ch = chan(int)
    go(receiving, ch)
    await pause()


@program
async def mutex_bare_new() -> None:
    mu = sync.Mutex()
    await mu.lock()
    go(locking, mu)
    await pause()


class Account:
    """A struct with a mutex and something else in it."""

    def __init__(self) -> None:
        self.mu = sync.Mutex()
        self.owner = "somebody"

    async def hold(self) -> None:
        await self.mu.lock()


async def _one_in_a_struct() -> None:
    account = Account()
    await account.hold()
    go(account.hold)
    await pause()


@program
async def mutex_in_pointer_struct() -> None:
    await _one_in_a_struct()


@program
async def mutex_abba_pointer_struct() -> None:
    async def both(a: Account, b: Account) -> None:
        await a.hold()
        await time.sleep(MS)
        await b.hold()

    async def start() -> None:
        first, second = Account(), Account()
        go(both, first, second)
        go(both, second, first)

    await start()
    await pause()


@program
async def mutex_10_pointer_struct() -> None:
    async def start() -> None:
        account = Account()
        for _ in range(10):
            go(account.hold)

    await start()
    await pause()


@program
async def mutex_array_of_4() -> None:
    locks = [sync.Mutex() for _ in range(4)]
    await locks[2].lock()
    go(locking, locks[2])
    await pause()


@program
async def mutex_closure_var() -> None:
    mu = sync.Mutex()

    async def locker() -> None:
        await mu.lock()

    await mu.lock()
    go(locker)
    await pause()


@program
async def select_one_reachable_of_two() -> None:
    LIST.append(chan(int))

    async def selecting() -> None:
        await select(recv(LIST[0]), recv(chan(int)))

    go(selecting)
    await pause()


@program
async def ticker_running_no_other_ref() -> None:
    go(ranging, time.new_ticker(HOUR).C)
    await pause()


@program
async def ticker_stopped_no_other_ref() -> None:
    async def start() -> None:
        ticker = time.new_ticker(HOUR)
        await ticker.stop()
        go(ranging, ticker.C)

    await start()
    await pause()


@program
async def waits_for_main_only_via_wg() -> None:
    async def start() -> None:
        wg = sync.WaitGroup()
        await wg.add(1)
        go(waiting, wg)

    await start()
    await pause()


@program
async def deferred_would_unblock() -> None:
    async def closer(ch: Any, never: Any) -> None:
        async with gs.defers() as defer:
            defer(ch.close)
            await never.recv()

    async def start() -> None:
        ch = chan(int)
        go(receiving, ch)
        go(closer, ch, chan(int))

    await start()
    await pause()


@program
async def mutex_in_16_byte_noscan_struct() -> None:
    await _one_in_a_struct()


@program
async def rwmutex_bare_new() -> None:
    rw = sync.RWMutex()
    await rw.lock()
    go(locking, rw)
    await pause()


@program
async def waitgroup_bare_new() -> None:
    wg = sync.WaitGroup()
    await wg.add(1)
    go(waiting, wg)
    await pause()


OUTSIDE = {"with_finalizer": "finalizers come with the collector"}
BY_CHANCE = {"mutex_bare_new", "mutex_closure_var"}


def test_every_row_is_told_or_named_as_outside() -> None:
    assert set(program) | set(OUTSIDE) == set(facts("leak_profile_reachability"))


def look(scenario: Main) -> tuple[int, int]:
    """Return goroutines alive besides main, and those in the profile, while main still waits."""
    for box in (TABLE, LIST, CLOSURE):
        box.clear()
    run = gs.run(scenario, until=10 * MS)
    assert run.limit == "until"
    others = [g for g in run.goroutines if g.id != 1]
    return len(others), sum(g.in_profile for g in others)


@pytest.mark.parametrize("name", list(program))
def test_profile_lists_what_nothing_alive_refers_to(name: str) -> None:
    measured = facts("leak_profile_reachability")[name]["1.27"]
    row = max(measured, key=lambda row: row["leaked_2nd_collection"])
    alive, listed = look(program[name])
    assert alive == row["alive"]
    assert listed == (alive if name in BY_CHANCE else row["leaked_2nd_collection"])
