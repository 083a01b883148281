"""Exploration of random programs that wait for timers, contexts, conditions and semaphores."""

from __future__ import annotations

import random
from typing import Any

import explore_lab as lab
import pytest
from test_explore_channels import ending

import gosim as gs
from gosim.runtime.program import Function

MS = gs.time.Millisecond
TIMERS = (
    *("sleep", "after", "after func", "stop", "reset", "timer", "tick", "deadline", "cancel"),
    *("err", "select", "poll", "send", "recv", "print"),
)
LOCKS = (
    *("cond", "signal", "broadcast", "once", "acquire", "lock", "rlock", "wlock", "atomic"),
    *("print", "cancel", "err"),
)


def program(seed: int, kinds: tuple[str, ...]) -> lab.Main:
    """Two goroutines, each of which does one or two things."""
    rnd = random.Random(f"waits/{seed}")

    def body(most: int) -> list[tuple[str, int]]:
        return [(rnd.choice(kinds), rnd.randint(1, 3)) for _ in range(rnd.randint(1, most))]

    other, own = body(2), body(1)
    used = {kind for kind, _ in (*other, *own)}

    async def main() -> None:
        ch = gs.chan(int, 1)
        mu, inner, rw = gs.sync.Mutex(), gs.sync.Mutex(), gs.sync.RWMutex()
        cond, once, cell = gs.sync.Cond(inner), gs.sync.Once(), gs.atomic.Int64()
        units = gs.semaphore.Weighted(1)
        ctx, cancel = gs.context.background(), None
        timer: Any = None
        function: Any = None
        if not used.isdisjoint(("deadline", "cancel", "err", "acquire")):
            ctx, cancel = gs.context.with_timeout(ctx, 3 * MS)
        if not used.isdisjoint(("stop", "reset", "timer", "poll")):
            timer = gs.time.new_timer(2 * MS)
            function = gs.time.after_func(2 * MS, lambda: cell.add(1))

        async def works(todo: list[tuple[str, int]], i: int) -> None:
            for kind, d in todo:
                if kind == "sleep":
                    await gs.time.sleep(d * MS)
                elif kind == "after":
                    await gs.time.after(d * MS).recv()
                elif kind == "after func":
                    gs.time.after_func(d * MS, lambda: cell.add(1))
                elif kind == "stop":
                    print(await (timer if d == 1 else function).stop())
                elif kind == "reset":
                    await (timer if d == 1 else function).reset(d * MS)
                elif kind == "timer":
                    await gs.select(gs.recv(timer.C), gs.recv(ctx.done()))
                elif kind == "tick":
                    ticker = gs.time.new_ticker(d * MS)
                    await ticker.C.recv()
                    await ticker.stop()
                elif kind == "deadline":
                    await gs.select(gs.recv(ctx.done()), gs.recv(ch))
                elif kind == "cancel":
                    assert cancel is not None
                    await cancel()
                elif kind == "err":
                    await cell.load()
                    print(ctx.err())
                elif kind == "select":
                    await gs.select(gs.recv(ch), gs.recv(gs.time.after(d * MS)))
                elif kind == "poll":
                    await gs.select(gs.recv(ch), gs.recv(timer.C), gs.default)
                elif kind == "send":
                    await ch.send(i)
                elif kind == "recv":
                    await ch.recv()
                elif kind == "cond":
                    await inner.lock()
                    await cond.wait()
                    await inner.unlock()
                elif kind == "signal":
                    await cond.signal()
                elif kind == "broadcast":
                    await cond.broadcast()
                elif kind == "once":
                    await once.do(lambda: cell.add(1))
                elif kind == "acquire":
                    if await units.acquire(ctx, 1) is None:
                        await units.release(1)
                elif kind == "lock":
                    await mu.lock()
                    await mu.unlock()
                elif kind == "rlock":
                    await rw.rlock()
                    await rw.runlock()
                elif kind == "wlock":
                    await rw.lock()
                    await rw.unlock()
                elif kind == "atomic":
                    await cell.add(1)
                else:
                    print(i)

        gs.go(works, other, 1)
        await works(own, 2)

    return main


def compare(seed: int, most: int, kinds: tuple[str, ...], timers: str) -> bool:
    """Hold one program's exploration against all its interleavings; False if they are too many."""
    main = Function(program(seed, kinds))
    every = lab.Every()
    classes, endings = set(), set()
    for n in range(most + 1):
        if n == most:
            return False
        control, run = lab.once(main, every, timers=timers, told=False)
        classes.add(lab.trace_of(control.steps))
        endings.add(ending(run))
        if not every.advance(control):
            break
    explored, found = [], set()
    for control, run in lab.executions(main, timers=timers):
        explored.append(lab.trace_of(control.steps))
        found.add(ending(run))
    assert found == endings
    assert len(explored) == len(set(explored)), "two executions of one trace"
    assert set(explored) == classes
    assert lab.BLOCKED == [0]
    return True


@pytest.mark.parametrize(
    ("kinds", "timers"),
    [(TIMERS, "any"), (TIMERS, "late"), (LOCKS, "any")],
    ids=["timers", "late", "locks"],
)
def test_programs_that_wait(kinds: tuple[str, ...], timers: str) -> None:
    assert sum(compare(seed, 60, kinds, timers) for seed in range(20)) >= 4


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kinds", "timers"),
    [(TIMERS, "any"), (TIMERS, "late"), (LOCKS, "any")],
    ids=["timers", "late", "locks"],
)
def test_many_programs_that_wait(kinds: tuple[str, ...], timers: str) -> None:
    assert sum(compare(seed, 1000, kinds, timers) for seed in range(100, 300)) >= 80
