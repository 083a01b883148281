"""The default scheduler does what a real process with GOMAXPROCS=1 does, step by step.

Every program here is a row of the measured facts (``go-facts.md`` section 6): 20 runs of real Go on
each of four versions; rows with 75 of 80 equal outputs or more are promises to us.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

import gosim as gs
from gosim import chan, default, go, recv, select, send
from gosim.oracle import run_go
from gosim.oracle.dump import parse_crash

Main = Callable[[], Coroutine[Any, Any, None]]

MS = 1_000_000
ROWS: dict[str, tuple[Main, str]] = {}


def row(output: str) -> Callable[[Main], Main]:
    """Register a program and the words real Go printed."""

    def register(main: Main) -> Main:
        ROWS[main.__name__] = main, output
        return main

    return register


def say(*words: object) -> None:
    """Print words behind one another."""
    print(*words, end=" ")


@row("2 0 1")
async def spawn3_then_wait() -> None:
    wg = gs.sync.WaitGroup()

    async def f(i: int) -> None:
        say(i)
        await wg.done()

    for i in range(3):
        await wg.add(1)
        go(f, i)
    await wg.wait()


@row("9 0 1 2 3 4 5 6 7 8")
async def spawn10_then_recv() -> None:
    done = chan(int)

    async def f(i: int) -> None:
        say(i)
        await done.send(i)

    for i in range(10):
        go(f, i)
    for _ in range(10):
        await done.recv()


@row("9 0 1 2 3 4 5 6 7 8")
async def spawn10_then_sleep() -> None:
    async def f(i: int) -> None:
        say(i)

    for i in range(10):
        go(f, i)
    await gs.time.sleep(10 * MS)


@row("m0 g0 m1 g1 m2 g2 end")
async def spawn3_gosched_each() -> None:
    async def f(i: int) -> None:
        say(f"g{i}")

    for i in range(3):
        say(f"m{i}")
        go(f, i)
        await gs.gosched()
    say("end")


@row("g2 g0 g1 main")
async def spawn3_one_gosched() -> None:
    async def f(i: int) -> None:
        say(f"g{i}")

    for i in range(3):
        go(f, i)
    await gs.gosched()
    say("main")


@row("20 00 10 21 01 11 22 02 12")
async def gosched_round_robin() -> None:
    wg = gs.sync.WaitGroup()

    async def f(i: int) -> None:
        for step in range(3):
            say(f"{i}{step}")
            await gs.gosched()
        await wg.done()

    await wg.add(3)
    for i in range(3):
        go(f, i)
    await wg.wait()


@row("A A2 C B D")
async def nested_spawn() -> None:
    wg = gs.sync.WaitGroup()

    async def leaf(name: str) -> None:
        say(name)
        await wg.done()

    async def b() -> None:
        say("B")
        go(leaf, "D")
        await wg.done()

    async def a() -> None:
        say("A")
        go(b)
        go(leaf, "C")
        say("A2")
        await wg.done()

    await wg.add(4)
    go(a)
    await wg.wait()


@row("s0 r0 r1 s1 s2 r2 r3 s3 s4 closed r4 end")
async def unbuffered_prod_cons() -> None:
    ch = chan(int)

    async def produce() -> None:
        for i in range(5):
            await ch.send(i)
            say(f"s{i}")
        await ch.close()
        say("closed")

    go(produce)
    async for v in ch:
        say(f"r{v}")
    say("end")


@row("s0 s1 s2 s3 r0 r1 r2 r3 r4 s4 s5 s6 s7 s8 r5 r6 r7 r8 r9 s9 closed")
async def buffered3_prod_cons() -> None:
    ch = chan(int, 3)
    wg = gs.sync.WaitGroup()

    async def produce() -> None:
        for i in range(10):
            await ch.send(i)
            say(f"s{i}")
        await ch.close()
        say("closed")
        await wg.done()

    async def consume() -> None:
        async for v in ch:
            say(f"r{v}")
        await wg.done()

    await wg.add(2)
    go(produce)
    go(consume)
    await wg.wait()


@row("s0 s1 s2 s3 r0 r1 r2 r3 r4 s4 s5 s6 s7 s8 r5 r6 r7 r8 r9 s9")
async def buffered3_cons_is_main() -> None:
    ch = chan(int, 3)

    async def produce() -> None:
        for i in range(10):
            await ch.send(i)
            say(f"s{i}")

    go(produce)
    for _ in range(10):
        say(f"r{await ch.recv()}")
    await gs.time.sleep(MS)


@row("ping0 pong0 sent0 back0 ping1 pong1 sent1 back1 ping2 pong2 sent2 back2")
async def pingpong() -> None:
    ping, pong = chan(int), chan(int)

    async def player() -> None:
        async for v in ping:
            say(f"pong{v}")
            await pong.send(v)

    go(player)
    for i in range(3):
        say(f"ping{i}")
        await ping.send(i)
        say(f"sent{i}")
        say(f"back{await pong.recv()}")


@row("0 1 2 3 4")
async def blocked_senders_fifo() -> None:
    ch = chan(int)

    async def f(i: int) -> None:
        await gs.time.sleep(i * MS)
        await ch.send(i)

    for i in range(5):
        go(f, i)
    await gs.time.sleep(20 * MS)
    for _ in range(5):
        say(await ch.recv())


@row("g4=4 g0=0 g1=1 g2=2 g3=3")
async def blocked_receivers_fifo() -> None:
    ch = chan(int)

    async def f(i: int) -> None:
        await gs.time.sleep(i * MS)
        say(f"g{i}={await ch.recv()}")

    for i in range(5):
        go(f, i)
    await gs.time.sleep(20 * MS)
    for i in range(5):
        await ch.send(i)
    await gs.time.sleep(20 * MS)


@row("len=0 main got nothing g1=42")
async def direct_handoff() -> None:
    ch = chan(int, 1)

    async def f() -> None:
        say(f"g1={await ch.recv()}")

    go(f)
    await gs.time.sleep(MS)
    await ch.send(42)
    say(f"len={len(ch)}")
    i, _, _ = await select(recv(ch), default)
    say("main got nothing" if i == 1 else "main got it")
    await gs.time.sleep(MS)


@row("len=2 got 1 len=2 g done got 2 3")
async def full_buffer_sender_moves_in() -> None:
    ch = chan(int, 2)
    await ch.send(1)
    await ch.send(2)

    async def f() -> None:
        await ch.send(3)
        say("g done")

    go(f)
    await gs.time.sleep(MS)
    say(f"len={len(ch)} got {await ch.recv()} len={len(ch)}")
    await gs.time.sleep(MS)
    say("got", await ch.recv(), await ch.recv())


@row("closed 0 4 3 2 1")
async def close_wakes_receivers() -> None:
    ch = chan(int)

    async def f(i: int) -> None:
        await gs.time.sleep(i * MS)
        await ch.recv()
        say(i)

    for i in range(5):
        go(f, i)
    await gs.time.sleep(20 * MS)
    await ch.close()
    say("closed")
    await gs.time.sleep(MS)


@row("0 1 2 3 4 5")
async def mutex_queue_fifo() -> None:
    mu = gs.sync.Mutex()
    await mu.lock()

    async def f(i: int) -> None:
        await gs.time.sleep(i * 2 * MS)
        await mu.lock()
        say(i)
        await mu.unlock()

    for i in range(6):
        go(f, i)
    await gs.time.sleep(40 * MS)
    await mu.unlock()
    await gs.time.sleep(40 * MS)


@row("5 0 1 2 3 4")
async def mutex_queue_fast() -> None:
    mu = gs.sync.Mutex()
    wg = gs.sync.WaitGroup()
    await mu.lock()

    async def f(i: int) -> None:
        await mu.lock()
        say(i)
        await mu.unlock()
        await wg.done()

    for i in range(6):
        await wg.add(1)
        go(f, i)
    await gs.gosched()
    await mu.unlock()
    await wg.wait()


@row("main again waiter")
async def mutex_unlock_relock_barging() -> None:
    mu = gs.sync.Mutex()
    await mu.lock()

    async def f() -> None:
        await mu.lock()
        say("waiter")
        await mu.unlock()

    go(f)
    await gs.gosched()
    await mu.unlock()
    await mu.lock()
    say("main again")
    await mu.unlock()
    await gs.time.sleep(5 * MS)


async def _cond_waiters(mu: Any, cond: Any) -> None:
    async def f(i: int) -> None:
        await gs.time.sleep(i * MS)
        await mu.lock()
        await cond.wait()
        say(i)
        await mu.unlock()

    for i in range(5):
        go(f, i)
    await gs.time.sleep(20 * MS)


@row("0 1 2 3 4")
async def cond_signal_fifo() -> None:
    mu = gs.sync.Mutex()
    cond = gs.sync.Cond(mu)
    await _cond_waiters(mu, cond)
    for _ in range(5):
        await cond.signal()
        await gs.time.sleep(MS)


@row("4 0 1 2 3")
async def cond_broadcast() -> None:
    mu = gs.sync.Mutex()
    cond = gs.sync.Cond(mu)
    await _cond_waiters(mu, cond)
    await cond.broadcast()
    await gs.time.sleep(20 * MS)


@row("4 0 1 2 3")
async def wg_waiters() -> None:
    wg = gs.sync.WaitGroup()
    await wg.add(1)

    async def f(i: int) -> None:
        await gs.time.sleep(i * MS)
        await wg.wait()
        say(i)

    for i in range(5):
        go(f, i)
    await gs.time.sleep(20 * MS)
    await wg.done()
    await gs.time.sleep(MS)


@row("TryRLock=false unlock W R1 R2 R0")
async def rwmutex_writer_blocks_new_readers() -> None:
    rw = gs.sync.RWMutex()
    await rw.rlock()

    async def writer() -> None:
        await rw.lock()
        say("W")
        await rw.unlock()

    async def reader(i: int) -> None:
        await rw.rlock()
        say(f"R{i}")
        await rw.runlock()

    go(writer)
    await gs.time.sleep(MS)
    for i in range(3):
        go(reader, i)
    await gs.time.sleep(MS)
    ok = await rw.try_rlock()
    say(f"TryRLock={str(ok).lower()} unlock")
    await rw.runlock()
    await gs.time.sleep(MS)


@row("R0 R1 R2 W2")
async def rwmutex_unlock_readers_before_writer() -> None:
    rw = gs.sync.RWMutex()
    await rw.lock()

    async def writer() -> None:
        await rw.lock()
        say("W2")
        await rw.unlock()

    async def reader(i: int) -> None:
        await rw.rlock()
        say(f"R{i}")
        await rw.runlock()

    go(writer)
    await gs.time.sleep(MS)
    for i in range(3):
        go(reader, i)
        await gs.time.sleep(MS)
    await rw.unlock()
    await gs.time.sleep(5 * MS)


@row("plain=2 sel=1")
async def select_queue_fifo_with_recv() -> None:
    ch, other = chan(int), chan(int)

    async def selecting() -> None:
        _, v, _ = await select(recv(ch), recv(other))
        say(f"sel={v}")

    async def plain() -> None:
        say(f"plain={await ch.recv()}")

    go(selecting)
    await gs.time.sleep(MS)
    go(plain)
    await gs.time.sleep(MS)
    await ch.send(1)
    await ch.send(2)
    await gs.time.sleep(MS)


@row("sender 0 done receiver got 0")
async def unbuf_10send_1recv_who() -> None:
    ch = chan(int)

    async def sender(i: int) -> None:
        await ch.send(i)
        say(f"sender {i} done")

    async def receiver() -> None:
        say(f"receiver got {await ch.recv()}")

    for i in range(10):
        go(sender, i)
    go(receiver)
    await gs.time.sleep(10 * MS)


@row("receiver 0 got 1")
async def unbuf_1send_10recv_who() -> None:
    ch = chan(int)

    async def receiver(i: int) -> None:
        say(f"receiver {i} got {await ch.recv()}")

    async def sender() -> None:
        await ch.send(1)

    for i in range(10):
        go(receiver, i)
    go(sender)
    await gs.time.sleep(10 * MS)


@row("3 4 0 1 2")
async def sleepers_same_deadline() -> None:
    async def f(i: int) -> None:
        await gs.time.sleep(10 * MS)
        say(i)

    for i in range(5):
        go(f, i)
    await gs.time.sleep(50 * MS)


async def _pool(cap: int) -> None:
    jobs = chan(int, cap)
    wg = gs.sync.WaitGroup()

    async def worker(w: int) -> None:
        async for j in jobs:
            say(f"w{w}:j{j}")
        await wg.done()

    for w in range(3):
        await wg.add(1)
        go(worker, w)
    for j in range(9):
        await jobs.send(j)
    await jobs.close()
    await wg.wait()


@row("w2:j0 w2:j1 w2:j2 w2:j3 w2:j4 w2:j5 w2:j6 w2:j7 w2:j8")
async def worker_pool_order() -> None:
    await _pool(0)


@row("w2:j0 w2:j1 w2:j2 w2:j3 w2:j4 w2:j5 w2:j6 w2:j7 w2:j8")
async def worker_pool_order_buffered() -> None:
    await _pool(9)


@row("ran in 3")
async def once_concurrent() -> None:
    once = gs.sync.Once()
    wg = gs.sync.WaitGroup()

    async def f(i: int) -> None:
        await once.do(lambda: say(f"ran in {i}"))
        await wg.done()

    await wg.add(4)
    for i in range(4):
        go(f, i)
    await wg.wait()


@row("1000")
async def data_race_counter() -> None:
    wg = gs.sync.WaitGroup()
    x = 0

    async def f() -> None:
        nonlocal x
        x += 1
        await wg.done()

    for _ in range(1000):
        await wg.add(1)
        go(f)
    await wg.wait()
    say(x)


@row("default ready beats default 1000/1000")
async def select_default() -> None:
    ch = chan(int, 1)
    say("default" if (await select(recv(ch), default))[0] == 1 else "?")
    taken = 0
    for i in range(1000):
        await ch.send(i)
        taken += (await select(recv(ch), default))[0] == 0
    say(f"ready beats default {taken}/1000")


@row("got the mutex: 9 ; goroutines left 9")
async def article_mutex_10() -> None:
    mu = gs.sync.Mutex()

    async def f(i: int) -> None:
        await mu.lock()
        say(f"got the mutex: {i}")

    for i in range(10):
        go(f, i)
    await gs.time.sleep(10 * MS)
    say("; goroutines left", gs.runtime.num_goroutine() - 1)


def intervals(order: list[int]) -> str:
    """Return an order as runs of successive numbers: ``0-2 5-5``."""
    parts: list[list[int]] = []
    for n in order:
        if parts and parts[-1][1] == n - 1:
            parts[-1][1] = n
        else:
            parts.append([n, n])
    return " ".join(f"{a}-{b}" for a, b in parts)


@row(
    "599-599 384-511 513-561 0-0 562-598 1-23 128-128 24-83 129-129 84-125 254-254 126-127 "
    "130-144 258-258 145-204 259-259 205-253 383-383 255-257 260-382 512-512"
)
async def spawn600() -> None:
    order: list[int] = []
    wg = gs.sync.WaitGroup()

    async def f(i: int) -> None:
        order.append(i)
        await wg.done()

    for i in range(600):
        await wg.add(1)
        go(f, i)
    await wg.wait()
    say(intervals(order))


@pytest.mark.parametrize("name", list(ROWS))
def test_order_is_that_of_one_processor(name: str) -> None:
    main, output = ROWS[name]
    assert gs.run(main).stdout.split() == output.split()


def test_select_is_fair() -> None:
    counts = [0, 0, 0]

    async def main() -> None:
        a, b = chan(int, 1), chan(int, 1)
        for _ in range(3000):
            await a.send(1)
            await b.send(1)
            i, _, _ = await select(recv(a), recv(b), recv(a))
            counts[i] += 1
            await (b if i != 1 else a).recv()

    gs.run(main)
    assert all(900 < n < 1100 for n in counts), counts


def test_a_nil_case_is_never_chosen() -> None:
    async def main() -> None:
        ch = chan(int, 1)
        for _ in range(100):
            i, _, _ = await select(recv(None), send(ch, 1), send(gs.nil_chan(int), 2))
            say(i)
            await ch.recv()

    assert set(gs.run(main).stdout.split()) == {"1"}


@pytest.mark.go
@pytest.mark.parametrize("version", ["1.22", "1.27"])
def test_a_full_queue_spills_as_in_real_go(version: str, go_version: Any) -> None:
    program = Path(__file__).parent / "go" / "spawn600.go"
    real = run_go(program, toolchain=go_version(version), runs=8)
    # On a loaded machine the kernel may stop the one thread long enough for a preemption.
    outputs = {tuple(r.stdout.split()) for r in (real, *real.repeats)}
    assert tuple(gs.run(spawn600, go=version).stdout.split()) in outputs


# -- dumps


async def waiting_and_dead() -> None:
    """Goroutines 7 to 10, of which 8 and 10 die, and three that come later."""
    ch = chan(int)

    async def waiter() -> None:
        await ch.recv()

    async def short() -> None:
        pass

    for f in (waiter, short, waiter, short):
        go(f)
    await gs.gosched()
    for _ in range(3):
        go(waiter)
    await ch.recv()


def ids(stderr: str) -> list[int]:
    """Return the IDs of the goroutines of a dump, in its order."""
    crash = parse_crash(stderr)
    assert crash is not None
    return [g.id for g in crash.goroutines]


def test_a_goroutine_takes_the_place_of_a_dead_one_in_the_dump() -> None:
    """Measured with the same program in Go, 1.22 to 1.27."""
    assert ids(gs.run(waiting_and_dead).stderr) == [1, 7, 11, 9, 12, 13]


async def many_waiting_and_dead() -> None:
    """``go/dump_order.go``."""
    ch = chan(int)

    async def f(i: int, r: int) -> None:
        if (i * 7 + r) % 3 == 0:
            await ch.recv()

    for r in range(3):
        for i in range(150):
            go(f, i, r)
        await gs.gosched()
    await ch.recv()


@pytest.mark.go
@pytest.mark.parametrize("version", ["1.22", "1.27"])
def test_the_dump_is_in_the_order_of_real_go(version: str, go_version: Any) -> None:
    program = Path(__file__).parent / "go" / "dump_order.go"
    real = run_go(program, toolchain=go_version(version), wrap=False, leaks=False, runs=8)
    orders = {tuple(ids(r.stderr)) for r in (real, *real.repeats)}
    assert tuple(ids(gs.run(many_waiting_and_dead, go=version).stderr)) in orders


@pytest.mark.parametrize(
    ("version", "expected"),
    [("1.25", ["7 running", "1 sleep", "8 select (no cases)"]), ("1.26", ["7 running"])],
)
def test_a_fatal_error_prints_its_goroutine_first_and_up_to_1_25_all(
    version: str, expected: list[str]
) -> None:
    async def main() -> None:
        async def bad() -> None:
            await select(recv(chan(int)), default)  # leaves no wait reason behind
            await gs.sync.Mutex().unlock()

        async def stuck() -> None:
            await select()

        go(bad)
        go(stuck)
        await gs.time.sleep(1)

    result = gs.run(main, go=version)
    crash = parse_crash(result.stderr)
    assert crash is not None and crash.message == "fatal error: sync: unlock of unlocked mutex"
    assert [f"{g.id} {g.wait_reason}" for g in crash.goroutines] == expected
    assert [g.state for g in result.goroutines] == ["waiting", "running", "waiting"]
