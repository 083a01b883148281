"""The programs of ``tests/go/group_rows.go`` in Python, name for name."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from gosim.runtime.panic import gopanic
from gosim.runtime.proc import go, goexit
from gosim.runtime.select import recv, select
from gosim.std import context, errgroup, errors, semaphore, time
from tests.sync_world import caught

Row = Callable[..., Coroutine[Any, Any, None]]
rows: dict[str, Row] = {}
MS = time.Millisecond


def row(f: Row) -> Row:
    """Enter a program under its name."""
    rows[f.__name__] = f
    return f


@row
async def group_first_error(say: Any) -> None:
    g = errgroup.Group()

    async def task(i: int) -> Any:
        await time.sleep((4 - i) * MS)
        say(i)
        return errors.new(f"error of {i}") if i % 2 else None

    for i in range(4):
        await g.go(task, i)
    say(await g.wait(), await g.wait())


@row
async def group_no_error(say: Any) -> None:
    g = errgroup.Group()
    await g.go(lambda: None)
    say(await g.wait())


@row
async def group_context(say: Any) -> None:
    g, ctx = errgroup.with_context(context.background())
    boom = errors.new("boom")

    async def task(i: int) -> Any:
        chosen, _, _ = await select(recv(ctx.done()), recv(time.after((i + 1) * 5 * MS)))
        if chosen == 0:
            say(i, ctx.err(), context.cause(ctx), end="\n")
            return ctx.err()
        say(i, "fails", end="\n")
        return boom

    for i in range(3):
        await g.go(task, i)
    say(await g.wait(), end="\n")
    say(ctx.err(), context.cause(ctx), end="\n")


@row
async def group_context_ends_with_wait(say: Any) -> None:
    g, ctx = errgroup.with_context(context.background())
    await g.go(lambda: None)
    say(await g.wait(), ctx.err(), context.cause(ctx), end="\n")


@row
async def group_limit(say: Any) -> None:
    g = errgroup.Group()
    g.set_limit(2)
    active = 0

    async def task(i: int) -> None:
        nonlocal active
        active += 1
        say(f"{i}:{active}")
        await time.sleep(MS)
        active -= 1

    for i in range(6):
        await g.go(task, i)
        say(f"started{i}")
    await g.wait()
    say(active)


@row
async def group_try_go(say: Any) -> None:
    g = errgroup.Group()
    g.set_limit(1)

    async def ok() -> None:
        await time.sleep(MS)

    async def set_limit() -> None:
        g.set_limit(3)

    say(await g.try_go(ok), await g.try_go(ok))
    say(await caught(set_limit))
    await g.wait()
    g.set_limit(0)
    say(await g.try_go(ok))
    g.set_limit(-1)
    say(await g.try_go(ok), await g.try_go(ok))
    await g.wait()


@row
async def group_goexit(say: Any) -> None:
    g = errgroup.Group()
    g.set_limit(1)
    await g.go(goexit)
    await g.go(lambda: say("next"))
    say(await g.wait())


@row
async def group_panic(say: Any) -> None:
    g = errgroup.Group()
    await g.go(gopanic, "boom")
    await g.wait()
    say("not reached")


@row
async def sem_fifo(say: Any) -> None:
    s, ctx = semaphore.Weighted(3), context.background()
    await s.acquire(ctx, 3)

    async def worker(i: int, n: int) -> None:
        await s.acquire(ctx, n)
        say(i)
        await time.sleep(MS)
        await s.release(n)

    for i, n in enumerate([3, 1, 1, 2]):
        go(worker, i, n)
        await time.sleep(2 * MS)
    say(await s.try_acquire(1))
    await s.release(1)
    say(await s.try_acquire(1))
    await s.release(2)
    await time.sleep(20 * MS)
    say(await s.try_acquire(3), await s.try_acquire(1))


@row
async def sem_context_ends(say: Any) -> None:
    s = semaphore.Weighted(2)
    ctx, _ = context.with_timeout(context.background(), 5 * MS)
    say(await s.acquire(ctx, 1), end="\n")
    say(await s.acquire(ctx, 2), end="\n")
    say(await s.acquire(ctx, 1), end="\n")
    say(await s.try_acquire(1), end="\n")


@row
async def sem_front_gives_up(say: Any) -> None:
    s, bg = semaphore.new_weighted(2), context.background()
    ctx, cancel = context.with_cancel(bg)
    await s.acquire(bg, 1)

    async def taker(name: str, ctx: Any, n: int) -> None:
        err = await s.acquire(ctx, n)
        say(name, err)

    go(taker, "large", ctx, 2)
    await time.sleep(2 * MS)
    go(taker, "small", bg, 1)
    await time.sleep(2 * MS)
    await cancel()
    await time.sleep(2 * MS)


@row
async def sem_too_large(say: Any) -> None:
    s = semaphore.Weighted(2)
    ctx, _ = context.with_timeout(context.background(), 2 * MS)
    say(await s.acquire(ctx, 3), await s.try_acquire(3), await s.try_acquire(2))


@row
async def sem_released_too_much(say: Any) -> None:
    s = semaphore.Weighted(2)
    await s.acquire(context.background(), 1)
    say(await caught(lambda: s.release(2)), end="\n")
    say(await s.try_acquire(2), await s.try_acquire(1), end="\n")


@row
async def sem_release_wakes_several(say: Any) -> None:
    s, ctx = semaphore.Weighted(4), context.background()
    await s.acquire(ctx, 4)

    async def taker(i: int) -> None:
        await s.acquire(ctx, 1)
        say(i)

    for i in range(4):
        go(taker, i)
        await time.sleep(2 * MS)
    await s.release(4)
    say("released")
    await time.sleep(2 * MS)
