"""The floor: coroutines and a loop over a deque, nothing else.

No channel, no value handed over, no check: only the switches that the work cannot do without in
Go's order of things. Nothing written in pure Python on coroutines can be faster; the distance to it
is the price of semantics.
"""

from __future__ import annotations

import gc
import heapq
import types
from collections import deque
from collections.abc import Coroutine, Generator
from typing import Any

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

Coro = Coroutine[Any, Any, None]


@types.coroutine
def switch() -> Generator[None, None, None]:
    yield


def loop(coroutines: list[Coro]) -> int:
    """Step `coroutines` in turn until all have ended; return the ns it took."""
    start = clock()
    queue = deque(coroutines)
    while queue:
        coroutine = queue.popleft()
        try:
            coroutine.send(None)
        except StopIteration:
            continue
        queue.append(coroutine)
    return clock() - start


async def switches(n: int) -> None:
    for _ in range(n):
        await switch()


def pingpong(n: int) -> Measured:
    """Two goroutines; each is woken once in a round trip."""
    return Measured(loop([switches(n), switches(n)]))


def buffered(n: int) -> Measured:
    """A bare deque as buffer; each side runs until it is full or empty."""
    buffer: deque[int] = deque()
    total = 0

    async def producer() -> None:
        for i in range(n):
            if len(buffer) == 100:
                await switch()
            buffer.append(i)

    async def consumer() -> None:
        nonlocal total
        for _ in range(n):
            if not buffer:
                await switch()
            total += buffer.popleft()

    spent = loop([producer(), consumer()])
    check(total, n * (n - 1) // 2)
    return Measured(spent)


def select(n: int) -> Measured:
    """The sender of each item is woken once."""
    return Measured(loop([switches(n // 2), switches(n // 2)]))


def spawn(n: int) -> Measured:
    """A coroutine is made, put in the queue, and runs to its end."""

    async def child() -> None:
        pass

    queue: deque[Coro] = deque()
    start = clock()
    for _ in range(n):
        queue.append(child())
        try:
            queue.popleft().send(None)
        except StopIteration:
            pass
    return Measured(clock() - start)


def blocked(n: int) -> Measured:
    """`n` coroutines, made and run up to their first wait."""

    async def child() -> None:
        await switch()

    gc.collect()
    waiting: list[Coro] = []
    before = resident()
    start = clock()
    queue = deque([child() for _ in range(n)])
    while queue:
        coroutine = queue.popleft()
        coroutine.send(None)
        waiting.append(coroutine)
    spent = clock() - start
    del queue
    gc.collect()
    each = (resident() - before) / n
    for coroutine in waiting:
        coroutine.close()
    return Measured(spent, each)


@types.coroutine
def until(when: int) -> Generator[int, None, None]:
    yield when


def sleeps(n: int) -> Measured:
    """A bare heap of (time, number, coroutine)."""
    now = 0

    async def sleeper(mine: list[int]) -> None:
        for nap in mine:
            await until(now + nap)

    durations = naps(n)
    start = clock()
    heap: list[tuple[int, int, Coroutine[Any, Any, None]]] = [
        (0, i, sleeper(durations[i])) for i in range(SLEEPERS)
    ]
    count = SLEEPERS
    while heap:
        now, _, coroutine = heapq.heappop(heap)
        try:
            when = coroutine.send(None)
        except StopIteration:
            continue
        count += 1
        heapq.heappush(heap, (when, count, coroutine))
    return Measured(clock() - start)


def sieve(n: int) -> Measured:
    """Every number that goes from one filter to the next wakes somebody."""
    primes: list[int] = []
    hops = 0
    candidate = 2
    while len(primes) < PRIMES:
        divisor = next((k for k, p in enumerate(primes) if candidate % p == 0), None)
        if divisor is None:
            hops += len(primes) + 1
            primes.append(candidate)
        else:
            hops += divisor + 1
        candidate += 1
    check(primes[-1], LAST_PRIME)
    return Measured(loop([switches(n * hops // PRIMES) for _ in range(PRIMES)]))


def mutex(n: int) -> Measured:
    """Each turn gives way once."""
    return Measured(loop([switches(n // LOCKERS) for _ in range(LOCKERS)]))


PROGRAMS: Programs = {
    "pingpong": pingpong,
    "buffered": buffered,
    "select": select,
    "spawn": spawn,
    "spawn_report": spawn,
    "blocked": blocked,
    "sleeps": sleeps,
    "sieve": sieve,
    "mutex": mutex,
}
