"""The programs on SimPy's own resources: `Store` for a channel, `Resource` for a mutex.

SimPy has no unbuffered store: a store of capacity 1 is the nearest. The environment is made before
the clock starts; only `Environment.run` is measured.
"""

from __future__ import annotations

import gc
from collections.abc import Generator
from typing import Any

import simpy

from benchmarks.measure import (
    LAST_PRIME,
    LOCKERS,
    PRIMES,
    Measured,
    Programs,
    check,
    clock,
    naps,
    resident,
)

Process = Generator[simpy.Event, Any, None]


def timed(env: simpy.Environment, until: simpy.Event) -> int:
    start = clock()
    env.run(until)
    return clock() - start


def pingpong(n: int) -> Measured:
    env = simpy.Environment()
    ping, pong = simpy.Store(env, 1), simpy.Store(env, 1)

    def partner() -> Process:
        for _ in range(n):
            yield pong.put((yield ping.get()))

    def main() -> Process:
        for i in range(n):
            yield ping.put(i)
            yield pong.get()

    env.process(partner())
    return Measured(timed(env, env.process(main())))


def buffered(n: int) -> Measured:
    env = simpy.Environment()
    channel = simpy.Store(env, 100)
    total = 0

    def producer() -> Process:
        for i in range(n):
            yield channel.put(i)

    def consumer() -> Process:
        nonlocal total
        for _ in range(n):
            total += yield channel.get()

    env.process(producer())
    spent = timed(env, env.process(consumer()))
    check(total, n * (n - 1) // 2)
    return Measured(spent)


def select(n: int) -> Measured:
    """The request that lost stays pending for the next turn: faster than cancelling it."""
    env = simpy.Environment()
    a, b = simpy.Store(env, 1), simpy.Store(env, 1)
    total = 0

    def sender(store: simpy.Store) -> Process:
        for i in range(n // 2):
            yield store.put(i)

    def main() -> Process:
        nonlocal total
        left = n // 2 * 2
        from_a, from_b = a.get(), b.get()
        while left:
            ready = yield from_a | from_b
            if from_a in ready:
                total += from_a.value
                left -= 1
                from_a = a.get()
            if from_b in ready:
                total += from_b.value
                left -= 1
                from_b = b.get()

    env.process(sender(a))
    env.process(sender(b))
    spent = timed(env, env.process(main()))
    check(total, n // 2 * (n // 2 - 1))
    return Measured(spent)


def spawn(n: int) -> Measured:
    """SimPy's way to wait for a group: the condition that all its processes have ended."""
    env = simpy.Environment()

    def child() -> Process:
        return
        yield

    def main() -> Process:
        yield env.all_of([env.process(child()) for _ in range(n)])

    return Measured(timed(env, env.process(main())))


def spawn_report(n: int) -> Measured:
    env = simpy.Environment()
    done = simpy.Store(env, 1)

    def child() -> Process:
        yield done.put(1)

    def main() -> Process:
        for _ in range(n):
            env.process(child())
            yield done.get()

    return Measured(timed(env, env.process(main())))


def spawn_join(n: int) -> Measured:
    """SimPy's shorter way: a process is itself an event to wait for."""
    env = simpy.Environment()

    def child() -> Process:
        return
        yield

    def main() -> Process:
        for _ in range(n):
            yield env.process(child())

    return Measured(timed(env, env.process(main())))


def blocked(n: int) -> Measured:
    env = simpy.Environment()
    channel = simpy.Store(env, 1)

    def child() -> Process:
        yield channel.get()

    gc.collect()
    before = resident()
    start = clock()
    for _ in range(n):
        env.process(child())
    env.run()
    spent = clock() - start
    check(len(channel.get_queue), n)
    gc.collect()
    return Measured(spent, (resident() - before) / n)


def sleeps(n: int) -> Measured:
    env = simpy.Environment()

    def sleeper(mine: list[int]) -> Process:
        for nap in mine:
            yield env.timeout(nap)

    durations = naps(n)
    start = clock()
    env.run(env.all_of([env.process(sleeper(mine)) for mine in durations]))
    return Measured(clock() - start)


def sieve(n: int) -> Measured:
    spent = 0
    for _ in range(n):
        env = simpy.Environment()

        def numbers(env: simpy.Environment, out: simpy.Store) -> Process:
            i = 2
            while True:
                yield out.put(i)
                i += 1

        def keep(source: simpy.Store, out: simpy.Store, prime: int) -> Process:
            while True:
                v = yield source.get()
                if v % prime:
                    yield out.put(v)

        def main(env: simpy.Environment) -> Process:
            channel = simpy.Store(env, 1)
            env.process(numbers(env, channel))
            prime = 0
            for _ in range(PRIMES):
                prime = yield channel.get()
                following = simpy.Store(env, 1)
                env.process(keep(channel, following, prime))
                channel = following
            check(prime, LAST_PRIME)

        spent += timed(env, env.process(main(env)))
    return Measured(spent)


def mutex(n: int) -> Measured:
    env = simpy.Environment()
    lock = simpy.Resource(env)
    total = 0

    def locker() -> Process:
        nonlocal total
        for _ in range(n // LOCKERS):
            request = lock.request()
            yield request
            total += 1
            yield env.timeout(0)
            lock.release(request)

    spent = timed(env, env.all_of([env.process(locker()) for _ in range(LOCKERS)]))
    check(total, n // LOCKERS * LOCKERS)
    return Measured(spent)


PROGRAMS: Programs = {
    "pingpong": pingpong,
    "buffered": buffered,
    "select": select,
    "spawn": spawn,
    "spawn_report": spawn_report,
    "spawn_join": spawn_join,
    "blocked": blocked,
    "sleeps": sleeps,
    "sieve": sieve,
    "mutex": mutex,
}
