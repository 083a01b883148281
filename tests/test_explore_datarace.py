"""Races of data are found by what Go's memory model orders, in whatever order things happened."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

import gosim as gs
from gosim.explore.datarace import DataRaces
from gosim.explore.search import explore
from gosim.leaks.run import execute
from gosim.runtime.program import Function

Main = Callable[[], Awaitable[None]]
CLEAN: list[Main] = []
RACY: list[Main] = []


def clean(main: Main) -> Main:
    CLEAN.append(main)
    return main


def racy(main: Main) -> Main:
    RACY.append(main)
    return main


def races(main: Main) -> DataRaces:
    watcher = DataRaces()
    execute(Function(main), observers=(watcher,))
    return watcher


@racy
async def nothing_orders() -> None:
    x = gs.Shared(0)

    async def adds() -> None:
        await x.set(await x.get() + 1)

    gs.go(adds)
    gs.go(adds)


@clean
async def only_reads() -> None:
    x = gs.Shared(0)
    gs.go(x.get)
    gs.go(x.get)


@clean
async def the_go_statement() -> None:
    x = gs.Shared(0)
    await x.set(1)
    gs.go(x.get)


@racy
async def after_the_go_statement() -> None:
    x = gs.Shared(0)
    gs.go(x.get)
    await x.set(1)


@racy
async def the_end_of_a_goroutine() -> None:
    x = gs.Shared(0)
    gs.go(x.set, 1)
    await gs.time.sleep(gs.time.Millisecond)
    await x.get()


@clean
async def a_send() -> None:
    x, ch = gs.Shared(0), gs.chan(int, 3)

    async def writes() -> None:
        await x.set(1)
        await ch.send(0)

    gs.go(writes)
    await ch.recv()
    await x.get()


@racy
async def a_send_before() -> None:
    x, ch = gs.Shared(0), gs.chan(int, 3)

    async def writes() -> None:
        await ch.send(0)
        await x.set(1)

    gs.go(writes)
    await ch.recv()
    await x.get()


@clean
async def a_receive_from_an_unbuffered_channel() -> None:
    x, ch = gs.Shared(0), gs.chan(int)

    async def writes() -> None:
        await x.set(1)
        await ch.recv()

    gs.go(writes)
    await ch.send(0)
    await x.get()


@racy
async def a_receive_from_a_buffered_channel() -> None:
    x, ch = gs.Shared(0), gs.chan(int, 1)

    async def writes() -> None:
        await x.set(1)
        await ch.recv()

    gs.go(writes)
    await ch.send(0)
    await x.get()


@clean
async def the_receive_that_makes_room() -> None:
    x, ch = gs.Shared(0), gs.chan(int, 1)

    async def writes() -> None:
        await x.set(1)
        await ch.recv()
        await ch.recv()

    gs.go(writes)
    await ch.send(0)
    await ch.send(0)
    await x.get()


@clean
async def a_semaphore_of_one() -> None:
    x, ch = gs.Shared(0), gs.chan(int, 1)

    async def adds() -> None:
        await ch.send(0)
        await x.set(await x.get() + 1)
        await ch.recv()

    gs.go(adds)
    gs.go(adds)


@racy
async def a_semaphore_of_two() -> None:
    x, ch = gs.Shared(0), gs.chan(int, 2)

    async def adds() -> None:
        await ch.send(0)
        await x.set(await x.get() + 1)
        await ch.recv()

    gs.go(adds)
    gs.go(adds)


@clean
async def a_close() -> None:
    x, ch = gs.Shared(0), gs.chan(int)

    async def reads() -> None:
        await ch.recv()
        await x.get()

    gs.go(reads)
    gs.go(reads)
    await x.set(1)
    await ch.close()


@clean
async def a_select() -> None:
    x, ch, other = gs.Shared(0), gs.chan(int), gs.chan(int)

    async def writes() -> None:
        await x.set(1)
        await gs.select(gs.send(ch, 1), gs.recv(other))

    gs.go(writes)
    await gs.select(gs.recv(other), gs.recv(ch))
    await x.get()


@clean
async def a_mutex() -> None:
    x, mu = gs.Shared(0), gs.sync.Mutex()

    async def adds() -> None:
        async with mu:
            await x.set(await x.get() + 1)

    gs.go(adds)
    gs.go(adds)


@racy
async def two_mutexes() -> None:
    x, a, b = gs.Shared(0), gs.sync.Mutex(), gs.sync.Mutex()

    async def adds(mu: gs.sync.Mutex) -> None:
        async with mu:
            await x.set(await x.get() + 1)

    gs.go(adds, a)
    gs.go(adds, b)


@racy
async def a_mutex_on_one_side() -> None:
    x, mu = gs.Shared(0), gs.sync.Mutex()

    async def adds() -> None:
        async with mu:
            await x.set(1)

    gs.go(adds)
    await x.get()


@clean
async def a_lock_for_readers() -> None:
    x, mu = gs.Shared(0), gs.sync.RWMutex()

    async def writes() -> None:
        async with mu:
            await x.set(1)

    async def reads() -> None:
        async with mu.rlocker():
            await x.get()

    gs.go(writes)
    gs.go(reads)
    gs.go(reads)


@racy
async def writing_under_a_lock_for_readers() -> None:
    x, mu = gs.Shared(0), gs.sync.RWMutex()

    async def writes() -> None:
        async with mu.rlocker():
            await x.set(1)

    gs.go(writes)
    gs.go(writes)


@clean
async def a_wait_group() -> None:
    x, wg = gs.Shared(0), gs.sync.WaitGroup()

    async def writes() -> None:
        await x.set(1)
        await wg.done()

    await wg.add(1)
    gs.go(writes)
    await wg.wait()
    await x.get()


@racy
async def done_too_early() -> None:
    x, wg = gs.Shared(0), gs.sync.WaitGroup()

    async def writes() -> None:
        await wg.done()
        await x.set(1)

    await wg.add(1)
    gs.go(writes)
    await wg.wait()
    await x.get()


@racy
async def add_inside_the_goroutine() -> None:
    wg = gs.sync.WaitGroup()

    async def works() -> None:
        await wg.add(1)
        await wg.done()

    gs.go(works)
    await wg.wait()


@clean
async def once() -> None:
    x, first = gs.Shared(0), gs.sync.Once()

    async def reads() -> None:
        await first.do(lambda: x.set(1))
        await x.get()

    gs.go(reads)
    gs.go(reads)


@clean
async def an_atomic_flag() -> None:
    x, flag = gs.Shared(0), gs.atomic.Bool()

    async def writes() -> None:
        await x.set(1)
        await flag.store(True)

    gs.go(writes)
    if await flag.load():
        await x.get()


@racy
async def an_atomic_flag_that_nobody_looks_at() -> None:
    x, flag = gs.Shared(0), gs.atomic.Bool()

    async def writes() -> None:
        await x.set(1)
        await flag.store(True)

    gs.go(writes)
    await flag.load()
    await x.get()


@clean
async def a_timer() -> None:
    x, done = gs.Shared(0), gs.chan(int)

    async def fires() -> None:
        await x.set(await x.get() + 1)
        await done.close()

    await x.set(1)
    gs.time.after_func(gs.time.Millisecond, fires)
    await done.recv()
    await x.get()


@clean
async def a_condition() -> None:
    x = gs.Shared(0)
    cond = gs.sync.Cond(gs.sync.Mutex())

    async def changes() -> None:
        async with cond.L:
            await x.set(1)
        await cond.broadcast()

    gs.go(changes)
    async with cond.L:
        while not await x.get():
            await cond.wait()


@clean
async def a_context() -> None:
    x = gs.Shared(0)
    ctx, cancel = gs.context.with_cancel(gs.context.background())

    async def writes() -> None:
        await x.set(1)
        await cancel()

    gs.go(writes)
    await ctx.done().recv()
    await x.get()


@clean
async def an_errgroup() -> None:
    x, group = gs.Shared(0), gs.errgroup.Group()
    await group.go(x.set, 1)
    await group.wait()
    await x.get()


@clean
async def a_weighted_semaphore() -> None:
    x, sem = gs.Shared(0), gs.semaphore.new_weighted(1)

    async def adds() -> None:
        await sem.acquire(gs.context.background(), 1)
        await x.set(await x.get() + 1)
        await sem.release(1)

    gs.go(adds)
    gs.go(adds)


@clean
async def a_map_of_sync() -> None:
    x, m = gs.Shared(0), gs.sync.Map()

    async def writes() -> None:
        await x.set(1)
        await m.store("ready", True)

    gs.go(writes)
    _, ok = await m.load("ready")
    if ok:
        await x.get()


@racy
async def another_key_of_a_map_of_sync() -> None:
    x, m = gs.Shared(0), gs.sync.Map()

    async def writes() -> None:
        await x.set(1)
        await m.store("ready", True)

    gs.go(writes)
    await m.load("steady")
    await x.get()


@racy
async def a_send_and_a_close() -> None:
    ch = gs.chan(int, 1)

    async def sends() -> None:
        async with gs.defers() as defer:
            defer(lambda: defer.recover())
            await ch.send(1)

    gs.go(sends)
    await ch.close()


@pytest.mark.parametrize("main", CLEAN)
def test_what_the_memory_model_orders_is_no_race_in_any_schedule(main: Main) -> None:
    found = explore(Function(main), watchers=[DataRaces])
    assert found.complete
    assert [each.finding.text for each in found.noticed] == []


#: Where what one goroutine reads decides whether it comes to the second access at all.
_SOMETIMES = {"an_atomic_flag_that_nobody_looks_at", "another_key_of_a_map_of_sync"}


@pytest.mark.parametrize("main", RACY)
def test_a_race_is_found_in_every_schedule_that_has_both_accesses(main: Main) -> None:
    found = explore(Function(main), watchers=[DataRaces])
    assert found.complete
    assert len(found.noticed) >= 1
    if main.__name__ not in _SOMETIMES:
        assert {each.schedules for each in found.noticed} == {found.schedules}


def test_a_report_is_gos_with_names_for_addresses_and_the_missing_rule() -> None:
    (race,) = races(a_mutex_on_one_side).races
    lines = race.text.splitlines()
    assert lines[:2] == ["==================", "WARNING: DATA RACE"]
    assert lines[2] == "Write at x by goroutine 7:"
    assert lines[3] == "  main.a_mutex_on_one_side.adds()"
    assert lines[4].startswith("      ")
    assert lines[4].partition("test_explore_datarace.py:")[1]
    assert lines[6] == "Previous read at x by main goroutine:"
    assert "Goroutine 7 (running) created at:" in lines
    assert race.why.startswith("Goroutine 7 holds mu at test_explore_datarace.py:")
    assert lines[-1] == "=================="


def test_a_report_says_what_should_have_been_waited_for() -> None:
    async def main() -> None:
        x, done = gs.Shared(0), gs.chan(int, 1)

        async def writes() -> None:
            await x.set(1)
            await done.send(1)

        gs.go(writes)
        await gs.time.sleep(1)
        await x.get()
        await done.recv()

    (race,) = races(main).races
    assert "the send on done at test_explore_datarace.py:" in race.why
    assert "a receive from done before the read would." in race.why


def test_a_report_says_when_what_was_waited_for_came_too_early() -> None:
    (race,) = races(done_too_early).races
    assert "knows of goroutine 7 is the Done of wg" in race.why
    assert "the write comes after that" in race.why


def test_a_plain_run_hears_of_accesses_without_being_slowed_by_choices() -> None:
    async def main() -> None:
        x = gs.Shared(1)
        await x.set(await x.get() + 1)
        print(await x.get())

    run = execute(Function(main))
    assert (run.stdout, run.outcome) == ("2\n", "ok")


def test_waiting_for_a_plain_variable_does_not_hang_a_run() -> None:
    async def main() -> None:
        done = gs.Shared(False)
        gs.go(done.set, True)
        while not await done.get():
            pass

    assert execute(Function(main)).outcome == "ok"
