"""The programs on asyncio: `Queue` for a channel, `Lock` for a mutex.

asyncio has no unbuffered queue: one of size 1 is the nearest. It has no virtual clock either, so
the row "sleeps" is left out. The clock starts inside the running loop.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Coroutine

from benchmarks.measure import (
    LAST_PRIME,
    LOCKERS,
    PRIMES,
    Measured,
    Programs,
    check,
    clock,
    resident,
)

IntQueue = asyncio.Queue[int]


def program(main: Callable[[int], Coroutine[None, None, Measured]]) -> Callable[[int], Measured]:
    return lambda n: asyncio.run(main(n))


async def pingpong(n: int) -> Measured:
    ping, pong = IntQueue(1), IntQueue(1)

    async def partner() -> None:
        for _ in range(n):
            await pong.put(await ping.get())

    task = asyncio.create_task(partner())
    start = clock()
    for i in range(n):
        await ping.put(i)
        await pong.get()
    spent = clock() - start
    await task
    return Measured(spent)


async def buffered(n: int) -> Measured:
    queue = IntQueue(100)
    total = 0

    async def producer() -> None:
        for i in range(n):
            await queue.put(i)

    start = clock()
    task = asyncio.create_task(producer())
    for _ in range(n):
        total += await queue.get()
    spent = clock() - start
    check(total, n * (n - 1) // 2)
    await task
    return Measured(spent)


async def select(n: int) -> Measured:
    """The task that lost stays pending for the next turn: faster than cancelling it."""
    a, b = IntQueue(1), IntQueue(1)
    total = 0

    async def sender(queue: IntQueue) -> None:
        for i in range(n // 2):
            await queue.put(i)

    start = clock()
    senders = [asyncio.create_task(sender(queue)) for queue in (a, b)]
    left = n // 2 * 2
    waiting = {asyncio.create_task(queue.get()): queue for queue in (a, b)}
    while left:
        done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            queue = waiting.pop(task)
            total += task.result()
            left -= 1
            waiting[asyncio.create_task(queue.get())] = queue
    spent = clock() - start
    check(total, n // 2 * (n // 2 - 1))
    await asyncio.gather(*senders)
    for task in waiting:
        task.cancel()
    return Measured(spent)


async def spawn(n: int) -> Measured:
    async def child() -> None:
        pass

    start = clock()
    await asyncio.gather(*[child() for _ in range(n)])
    return Measured(clock() - start)


async def spawn_report(n: int) -> Measured:
    done = IntQueue(1)

    async def child() -> None:
        await done.put(1)

    tasks = set()
    start = clock()
    for _ in range(n):
        # The loop keeps only weak references: its documentation asks for exactly this.
        task = asyncio.create_task(child())
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        await done.get()
    return Measured(clock() - start)


async def blocked(n: int) -> Measured:
    queue = IntQueue(1)
    started = 0

    async def child() -> None:
        nonlocal started
        started += 1
        await queue.get()

    gc.collect()
    before = resident()
    start = clock()
    tasks = [asyncio.create_task(child()) for _ in range(n)]
    while started < n:
        await asyncio.sleep(0)
    spent = clock() - start
    gc.collect()
    each = (resident() - before) / n
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return Measured(spent, each)


async def sieve(n: int) -> Measured:
    spent = 0
    for _ in range(n):

        async def numbers(out: IntQueue) -> None:
            i = 2
            while True:
                await out.put(i)
                i += 1

        async def keep(source: IntQueue, out: IntQueue, prime: int) -> None:
            while True:
                v = await source.get()
                if v % prime:
                    await out.put(v)

        start = clock()
        channel = IntQueue(1)
        tasks = [asyncio.create_task(numbers(channel))]
        prime = 0
        for _ in range(PRIMES):
            prime = await channel.get()
            following = IntQueue(1)
            tasks.append(asyncio.create_task(keep(channel, following, prime)))
            channel = following
        spent += clock() - start
        check(prime, LAST_PRIME)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return Measured(spent)


async def mutex(n: int) -> Measured:
    lock = asyncio.Lock()
    total = 0

    async def locker() -> None:
        nonlocal total
        for _ in range(n // LOCKERS):
            async with lock:
                total += 1
                await asyncio.sleep(0)

    start = clock()
    await asyncio.gather(*(locker() for _ in range(LOCKERS)))
    spent = clock() - start
    check(total, n // LOCKERS * LOCKERS)
    return Measured(spent)


PROGRAMS: Programs = {
    "pingpong": program(pingpong),
    "buffered": program(buffered),
    "select": program(select),
    "spawn": program(spawn),
    "spawn_report": program(spawn_report),
    "blocked": program(blocked),
    "sieve": program(sieve),
    "mutex": program(mutex),
}
