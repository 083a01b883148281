"""The programs on gosim's public API: default scheduler, no observer.

The rows ending in ``_random`` run under ``policy="random"``, where every operation is a choice
point. The clock starts inside main, as in benchmarks/go/main.go, and stops before main returns:
setting up a run and judging it afterwards are not part of an operation.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Coroutine
from typing import Any

import gosim as gs
from benchmarks.measure import (
    LAST_PRIME,
    LOCKERS,
    PRIMES,
    SLEEPERS,
    Measured,
    Programs,
    check,
    clock,
    naps,
    resident,
)
from gosim import chan, go, gosched, recv, sync, time
from gosim import select as select_

Main = Callable[[int], Coroutine[Any, Any, Measured]]


def program(main: Main, **options: Any) -> Callable[[int], Measured]:
    def measured(n: int) -> Measured:
        result: list[Measured] = []

        async def measured_main() -> None:
            result.append(await main(n))

        run = gs.run(measured_main, **options)
        if not result:
            raise AssertionError(f"the run ended as {run.outcome}: {run.stderr}")
        return result[0]

    return measured


async def pingpong(n: int) -> Measured:
    ping, pong = chan(int), chan(int)

    async def partner() -> None:
        for _ in range(n):
            await pong.send(await ping.recv())

    go(partner)
    start = clock()
    for i in range(n):
        await ping.send(i)
        await pong.recv()
    return Measured(clock() - start)


async def buffered(n: int) -> Measured:
    ch = chan(int, 100)
    total = 0

    async def producer() -> None:
        for i in range(n):
            await ch.send(i)

    start = clock()
    go(producer)
    for _ in range(n):
        total += await ch.recv()
    spent = clock() - start
    check(total, n * (n - 1) // 2)
    return Measured(spent)


async def select(n: int) -> Measured:
    a, b = chan(int), chan(int)
    total = 0

    async def sender(ch: Any) -> None:
        for i in range(n // 2):
            await ch.send(i)

    start = clock()
    go(sender, a)
    go(sender, b)
    for _ in range(n // 2 * 2):
        _, v, _ = await select_(recv(a), recv(b))
        total += v
    spent = clock() - start
    check(total, n // 2 * (n // 2 - 1))
    return Measured(spent)


async def spawn(n: int) -> Measured:
    wg = sync.WaitGroup()

    async def child() -> None:
        await wg.done()

    start = clock()
    await wg.add(n)
    for _ in range(n):
        go(child)
    await wg.wait()
    return Measured(clock() - start)


async def spawn_report(n: int) -> Measured:
    done = chan(int)

    async def child() -> None:
        await done.send(1)

    start = clock()
    for _ in range(n):
        go(child)
        await done.recv()
    return Measured(clock() - start)


async def blocked(n: int) -> Measured:
    ch = chan(int)
    started = 0

    async def child() -> None:
        nonlocal started
        started += 1
        await ch.recv()

    gc.collect()
    before = resident()
    start = clock()
    for _ in range(n):
        go(child)
    while started < n:
        await gosched()
    spent = clock() - start
    gc.collect()
    each = (resident() - before) / n
    await ch.close()
    return Measured(spent, each)


async def sleeps(n: int) -> Measured:
    wg = sync.WaitGroup()

    async def sleeper(mine: list[int]) -> None:
        for nap in mine:
            await time.sleep(nap)
        await wg.done()

    durations = naps(n)
    start = clock()
    for i in range(SLEEPERS):
        await wg.add(1)
        go(sleeper, durations[i])
    await wg.wait()
    return Measured(clock() - start)


async def sieve(n: int) -> Measured:
    async def numbers(out: Any) -> None:
        i = 2
        while True:
            await out.send(i)
            i += 1

    async def keep(source: Any, out: Any, prime: int) -> None:
        while True:
            v = await source.recv()
            if v % prime:
                await out.send(v)

    spent = 0
    for _ in range(n):
        start = clock()
        ch = chan(int)
        go(numbers, ch)
        prime = 0
        for _ in range(PRIMES):
            prime = await ch.recv()
            following = chan(int)
            go(keep, ch, following, prime)
            ch = following
        spent += clock() - start
        check(prime, LAST_PRIME)
    return Measured(spent)


async def mutex(n: int) -> Measured:
    mu = sync.Mutex()
    wg = sync.WaitGroup()
    total = 0

    async def locker() -> None:
        nonlocal total
        for _ in range(n // LOCKERS):
            await mu.lock()
            total += 1
            await gosched()
            await mu.unlock()
        await wg.done()

    start = clock()
    for _ in range(LOCKERS):
        await wg.add(1)
        go(locker)
    await wg.wait()
    spent = clock() - start
    check(total, n // LOCKERS * LOCKERS)
    return Measured(spent)


RANDOM = {"policy": "random", "seed": 1}

PROGRAMS: Programs = {
    "pingpong": program(pingpong),
    "buffered": program(buffered),
    "select": program(select),
    "spawn": program(spawn),
    "spawn_report": program(spawn_report),
    "spawn_join": program(spawn_report),
    "blocked": program(blocked),
    "sleeps": program(sleeps),
    "sieve": program(sieve),
    "mutex": program(mutex),
    "pingpong_random": program(pingpong, **RANDOM),
    "buffered_random": program(buffered, **RANDOM),
    "mutex_random": program(mutex, **RANDOM),
}
