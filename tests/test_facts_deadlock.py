"""Whole-program deadlock: Go's text, headers and exit code, by version (go-facts section 2)."""

from __future__ import annotations

import re
from typing import Any

import pytest

import gosim as gs
from gosim import chan, go, nil_chan, recv, select
from tests.facts import Programs, facts, measured_in
from tests.test_facts_leaks import locking, ranging, receiving, sending, waiting

MS, HOUR = 1_000_000, 3_600_000_000_000
sync, time, context = gs.sync, gs.time, gs.context

program = Programs()


@program
async def afterfunc_1h() -> None:
    time.after_func(HOUR, lambda: None)
    await chan().recv()


@program
async def ctx_timeout_1h() -> None:
    context.with_timeout(context.background(), HOUR)
    await chan().recv()


@program
async def goexit_rest_blocked() -> None:
    go(receiving, chan())
    await gs.gosched()
    gs.runtime.goexit()


@program
async def main_abba() -> None:
    a, b, wg = sync.Mutex(), sync.Mutex(), sync.WaitGroup()

    async def both(first: Any, second: Any) -> None:
        await first.lock()
        await time.sleep(MS)
        await second.lock()
        await wg.done()

    await wg.add(2)
    go(both, a, b)
    go(both, b, a)
    await wg.wait()


@program
async def main_and_3_chan() -> None:
    for i in range(3):
        go(sending, chan(int), i)
    await chan().recv()


@program
async def main_cond() -> None:
    cond = sync.Cond(sync.Mutex())
    await cond.L.lock()
    await cond.wait()


@program
async def main_ctx_background() -> None:
    await context.background().done().recv()


@program
async def main_mutex_twice() -> None:
    mu = sync.Mutex()
    await mu.lock()
    await mu.lock()


@program
async def main_nil_range() -> None:
    await ranging(nil_chan(int))


@program
async def main_nil_recv() -> None:
    await nil_chan(int).recv()


@program
async def main_nil_send() -> None:
    await nil_chan(int).send(1)


@program
async def main_once() -> None:
    once = sync.Once()

    async def again() -> None:
        await once.do(again)

    await once.do(again)


@program
async def main_range() -> None:
    await ranging(chan(int))


@program
async def main_recv() -> None:
    await chan(int).recv()


@program
async def main_rwmutex_lock_then_rlock() -> None:
    rw = sync.RWMutex()
    await rw.lock()
    await rw.rlock()


@program
async def main_rwmutex_rlock_then_lock() -> None:
    rw = sync.RWMutex()
    await rw.rlock()
    await rw.lock()


@program
async def main_select_empty() -> None:
    await select()


@program
async def main_select_nil_only() -> None:
    await select(recv(nil_chan()), recv(None))


@program
async def main_select_two() -> None:
    await select(recv(chan()), recv(chan()))


@program
async def main_send() -> None:
    await chan(int).send(1)


@program
async def main_send_full() -> None:
    ch = chan(int, 1)
    await ch.send(1)
    await ch.send(2)


@program
async def main_wg() -> None:
    wg = sync.WaitGroup()
    await wg.add(1)
    await wg.wait()


@program
async def main_wg_plus_10_mutex() -> None:
    mu, wg = sync.Mutex(), sync.WaitGroup()

    async def locker() -> None:
        await mu.lock()
        await wg.done()

    await wg.add(10)
    for _ in range(10):
        go(locker)
    await waiting(wg)


@program
async def other_sleeping_1s_then_deadlock() -> None:
    async def sleeper() -> None:
        await time.sleep(1000 * MS)

    go(sleeper)
    await chan().recv()


@program
async def ticker_range_main_stopped() -> None:
    ticker = time.new_ticker(MS)
    await ticker.stop()
    await ranging(ticker.C)


@program
async def ticker_stopped() -> None:
    ticker = time.new_ticker(MS)
    await ticker.stop()
    await chan().recv()


@program
async def ticker_unread_dropped() -> None:
    time.new_ticker(10 * MS)
    await chan().recv()


@program
async def ticker_unread_live() -> None:
    ticker = time.new_ticker(10 * MS)
    await chan().recv()
    await ticker.stop()


@program
async def time_after_1h_in_select_loser() -> None:
    ready = chan(int, 1)
    await ready.send(1)
    await select(recv(ready), recv(time.after(HOUR)))
    await chan().recv()


@program
async def timer_1h_unread() -> None:
    time.new_timer(HOUR)
    await chan().recv()


@program
async def timer_fired_unread() -> None:
    time.new_timer(MS)
    await time.sleep(5 * MS)
    await chan().recv()


@program
async def timer_stopped_wait() -> None:
    timer = time.new_timer(HOUR)
    await timer.stop()
    await timer.C.recv()


OUTSIDE = {
    "listener_no_accept": "needs a network",
    "other_io_wait": "needs a network",
    "locked_thread": "there are no threads",
    "other_busy": "a loop without an operation is ended by the wall budget (tests/test_cli.py)",
    "signal_notify": "needs signals of the operating system",
    "signal_wait": "needs signals of the operating system",
}


def test_every_row_is_told_or_named_as_outside() -> None:
    assert set(program) | set(OUTSIDE) == set(facts("deadlock"))


def headers(stderr: str) -> list[str]:
    """Return the goroutine headers of a dump without their numbers."""
    return re.findall(r"^goroutine \d+ (\[.*\]):$", stderr, re.MULTILINE)


@pytest.mark.parametrize("version", ["1.21", "1.22", "1.23", "1.24", "1.27"])
@pytest.mark.parametrize("name", list(program))
def test_deadlock_is_reported_as_by_go(name: str, version: str) -> None:
    row = measured_in(facts("deadlock")[name], version)
    run = gs.run(program[name], go=version)
    if row["exit_code"] == "TIMEOUT":
        # Real Go was watched for seconds; here the hour passes, and then all are asleep.
        assert run.virtual_ns >= HOUR if run.outcome == "deadlock" else run.exit_code is None
        return
    assert run.outcome == "deadlock"
    assert run.exit_code == row["exit_code"]
    assert run.stdout == row["stdout"]
    assert run.stderr.splitlines()[0] == row["stderr_first"]
    expected = [h.removeprefix("goroutine N ").removesuffix(":") for h in row["goroutine_headers"]]
    assert headers(run.stderr) == expected
    assert run.virtual_ns < HOUR


def test_main_that_hangs_for_ever_says_so() -> None:
    run = gs.run(program["ticker_unread_live"], go="1.22")
    assert run.outcome == "leak"
    assert run.exit_code is None
    assert any("hangs" in note for note in run.notes)
    assert [g.id for g in run.goroutines] == [1]


def test_deferred_functions_do_not_run_on_deadlock() -> None:
    async def main() -> None:
        async with gs.defers() as defer:
            defer(print, "deferred")
            await locking(sync.Mutex())
            await chan().recv()

    run = gs.run(main)
    assert run.outcome == "deadlock"
    assert run.stdout == ""
