"""Goroutine leaks: alive, wait reasons and the leak profile are those of real Go.

Every row of ``go-facts.md`` section 1 that needs no network and no operating system, told again in
Python.  As in the measurement the leaking function has returned when the dump is taken.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

import gosim as gs
from gosim import chan, go, nil_chan, recv, select
from tests.facts import Main, Programs, facts, measured_in

MS, HOUR = 1_000_000, 3_600_000_000_000

program = Programs()
sync, time, context = gs.sync, gs.time, gs.context


async def sending(ch: Any, value: Any = 1) -> None:
    await ch.send(value)


async def receiving(ch: Any) -> None:
    await ch.recv()


async def ranging(ch: Any) -> None:
    async for _ in ch:
        pass


async def locking(mu: Any) -> None:
    await mu.lock()


async def waiting(group: Any) -> None:
    await group.wait()


@program
async def afterfunc_pending() -> None:
    time.after_func(HOUR, lambda: None)


@program
async def buf4_10send_1recv() -> None:
    ch = chan(int, 4)
    for i in range(10):
        go(sending, ch, i)
    go(receiving, ch)


@program
async def busy_loop() -> None:
    async def spin() -> None:
        while True:
            await gs.gosched()

    go(spin)


async def cond_waiter(cond: Any) -> None:
    await cond.L.lock()
    await cond.wait()
    await cond.L.unlock()


@program
async def cond_missed_signal() -> None:
    cond = sync.Cond(sync.Mutex())
    await cond.signal()
    go(cond_waiter, cond)


@program
async def cond_signal_not_broadcast() -> None:
    cond = sync.Cond(sync.Mutex())
    for _ in range(5):
        go(cond_waiter, cond)
    await time.sleep(MS)
    await cond.signal()


@program
async def context_background_done() -> None:
    go(receiving, context.background().done())


class Custom(context.Context):
    """A context that is not the library's own: it has a done channel of its own."""

    def __init__(self) -> None:
        self.channel = chan()

    def deadline(self) -> Any:
        return None, False

    def done(self) -> Any:
        return self.channel

    def err(self) -> Any:
        return None

    def value(self, key: Any) -> Any:
        return None


@program
async def context_child_never_cancelled_custom_parent() -> None:
    context.with_cancel(Custom())


@program
async def context_never_cancelled() -> None:
    ctx, _ = context.with_cancel(context.background())
    go(receiving, ctx.done())


@program
async def context_timeout_not_cancelled() -> None:
    ctx, _ = context.with_timeout(context.background(), HOUR)
    go(receiving, ctx.done())


@program
async def double_send_after_error() -> None:
    ch = chan(int)

    async def worker() -> None:
        await ch.send(1)
        await ch.send(2)

    go(worker)
    await ch.recv()


async def _first_response(cap: int) -> None:
    ch = chan(int, cap)
    for i in range(3):
        go(sending, ch, i)
    await ch.recv()


@program
async def first_response_buf1() -> None:
    await _first_response(1)


@program
async def first_response_buffered() -> None:
    await _first_response(3)


@program
async def first_response_unbuffered() -> None:
    await _first_response(0)


KEPT: list[Any] = []


@program
async def global_channel() -> None:
    KEPT.append(chan(int))
    go(receiving, KEPT[0])


@program
async def leak_kept_alive_by_sleeper() -> None:
    ch = chan(int)

    async def sleeper() -> None:
        await time.sleep(HOUR)
        await ch.send(1)

    go(receiving, ch)
    go(sleeper)


@program
async def leak_kept_alive_by_timer() -> None:
    ch = chan(int)

    async def feed() -> None:
        await ch.send(1)

    go(receiving, ch)
    time.after_func(HOUR, feed)


@program
async def mutex_abba() -> None:
    a, b = sync.Mutex(), sync.Mutex()

    async def lock_both(first: Any, second: Any) -> None:
        await first.lock()
        await time.sleep(MS)
        await second.lock()

    go(lock_both, a, b)
    go(lock_both, b, a)


@program
async def mutex_lost_on_recovered_panic() -> None:
    mu = sync.Mutex()

    async def careless() -> None:
        async with gs.defers() as defer:
            defer(lambda: defer.recover())
            await mu.lock()
            gs.panic("boom")
            await mu.unlock()

    await careless()
    go(locking, mu)


@program
async def mutex_never_unlocked_10() -> None:
    mu = sync.Mutex()
    for _ in range(10):
        go(locking, mu)


@program
async def mutex_self_relock() -> None:
    async def twice() -> None:
        mu = sync.Mutex()
        await mu.lock()
        await mu.lock()

    go(twice)


@program
async def mutex_unlocked_10_fixed() -> None:
    mu = sync.Mutex()

    async def polite() -> None:
        await mu.lock()
        await mu.unlock()

    for _ in range(10):
        go(polite)


@program
async def nested_leak_chain() -> None:
    a, b = chan(int), chan(int)

    async def relay(source: Any, target: Any) -> None:
        await target.send(await source.recv())

    go(relay, a, b)
    go(receiving, b)


@program
async def nilchan_10send_1recv() -> None:
    ch = nil_chan(int)
    for i in range(10):
        go(sending, ch, i)
    go(receiving, ch)


@program
async def nilchan_send_and_recv() -> None:
    ch = nil_chan(int)
    go(sending, ch)
    go(receiving, ch)


@program
async def once_recursive() -> None:
    once = sync.Once()

    async def again() -> None:
        await once.do(again)

    async def first() -> None:
        await once.do(again)

    go(first)


@program
async def producer_abandoned() -> None:
    ch = chan(int)

    async def produce() -> None:
        for i in range(10):
            await ch.send(i)

    go(produce)
    await ch.recv()
    await ch.recv()


@program
async def range_never_closed() -> None:
    ch = chan(int)
    go(ranging, ch)
    await ch.send(1)


@program
async def reply_channel_never_answered() -> None:
    requests = chan(None)

    async def client() -> None:
        reply = chan(int)
        await requests.send(reply)
        await reply.recv()

    async def server() -> None:
        await requests.recv()

    go(server)
    go(client)


@program
async def ring_of_three() -> None:
    ring = [chan(int) for _ in range(3)]

    async def member(i: int) -> None:
        await ring[(i + 1) % 3].send(await ring[i].recv())

    for i in range(3):
        go(member, i)


@program
async def rwmutex_reader_never_unlocks() -> None:
    rw = sync.RWMutex()
    await rw.rlock()

    async def reading() -> None:
        await rw.rlock()

    for _ in range(3):
        go(locking, rw)
    await time.sleep(MS)
    for _ in range(2):
        go(reading)


@program
async def rwmutex_recursive_rlock() -> None:
    rw = sync.RWMutex()

    async def reader() -> None:
        await rw.rlock()
        await time.sleep(2 * MS)
        await rw.rlock()

    go(reader)
    await time.sleep(MS)
    go(locking, rw)


async def selecting(*channels: Any) -> None:
    await select(*[recv(ch) for ch in channels])


@program
async def select_no_cases() -> None:
    go(selecting)


@program
async def select_one_nil_recv() -> None:
    go(selecting, nil_chan(int))


@program
async def select_two_live_chans() -> None:
    go(selecting, chan(int), chan(int))


@program
async def select_two_nil_chans() -> None:
    go(selecting, nil_chan(int), None)


@program
async def semaphore_token_lost() -> None:
    tokens = chan(int, 2)

    async def worker() -> None:
        await tokens.send(1)

    for _ in range(5):
        go(worker)


@program
async def sleeper_1h() -> None:
    async def sleeper() -> None:
        await time.sleep(HOUR)

    go(sleeper)


@program
async def ticker_done_fixed() -> None:
    ticker, done = time.new_ticker(MS), chan()

    async def loop() -> None:
        while True:
            i, _, _ = await select(recv(ticker.C), recv(done))
            if i == 1:
                return

    go(loop)
    await time.sleep(3 * MS)
    await ticker.stop()
    await done.close()


@program
async def ticker_never_stopped_1h() -> None:
    go(ranging, time.new_ticker(HOUR).C)


@program
async def ticker_range_after_stop() -> None:
    ticker = time.new_ticker(MS)
    go(ranging, ticker.C)
    await time.sleep(3 * MS)
    await ticker.stop()


@program
async def time_after_select_loop() -> None:
    ch = chan(int)

    async def loop() -> None:
        while True:
            await select(recv(ch), recv(time.after(HOUR)))

    go(loop)
    for i in range(3):
        await ch.send(i)


@program
async def timer_recv_after_stop() -> None:
    timer = time.new_timer(HOUR)
    await timer.stop()
    go(receiving, timer.C)


@program
async def unbuf_10send_1recv() -> None:
    ch = chan(int)
    for i in range(10):
        go(sending, ch, i)
    go(receiving, ch)


@program
async def unbuf_1send_10recv() -> None:
    ch = chan(int)
    for _ in range(10):
        go(receiving, ch)
    go(sending, ch)


@program
async def waitgroup_by_value() -> None:
    wg = sync.WaitGroup()
    await wg.add(1)

    async def worker(copy: Any) -> None:
        await copy.add(1)  # the copy's counter: the original never hears of it
        await copy.done()

    go(worker, sync.WaitGroup())
    go(waiting, wg)


@program
async def waitgroup_missing_done() -> None:
    wg = sync.WaitGroup()
    await wg.add(2)

    async def worker() -> None:
        await wg.done()

    go(worker)
    go(waiting, wg)


@program
async def worker_pool_never_closed() -> None:
    jobs = chan(int)
    for _ in range(4):
        go(ranging, jobs)
    for i in range(8):
        await jobs.send(i)


OUTSIDE = {
    "io_wait_accept": "needs a network",
    "io_wait_pipe": "needs a pipe of the operating system",
    "net_pipe_read": "package net is not simulated",
    "locked_to_thread": "there are no threads",
    "labelled": "pprof labels are not simulated",
}


def test_every_row_is_told_or_named_as_outside() -> None:
    assert set(program) | set(OUTSIDE) == set(facts("goroutine_leaks"))


def run_one(scenario: Main, version: str) -> gs.Run:
    """Run one leaking function, and look a tenth of a second later."""
    KEPT.clear()

    async def main() -> None:
        await scenario()
        await time.sleep(10 * MS)

    return gs.run(main, go=version, until=100 * MS)


@pytest.mark.parametrize("version", ["1.22", "1.27"])
@pytest.mark.parametrize("name", list(program))
def test_alive_waits_and_profile_are_those_of_go(name: str, version: str) -> None:
    fact = facts("goroutine_leaks")[name]
    row = measured_in(fact["by_version"], version)
    run = run_one(program[name], version)
    headers = Counter(f"[{g.wait_reason or g.state}]" for g in run.goroutines)
    assert (len(run.goroutines), dict(headers)) == (row["alive"], row["headers"])
    listed = sum(g.in_profile for g in run.goroutines)
    # A bare mutex is found by chance in real Go; gosim says what is so.
    expected = row["alive"] if not fact["leak_profile_deterministic"] else row["leak_total"]
    if expected is not None:
        assert listed == expected
