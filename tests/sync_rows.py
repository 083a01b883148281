"""The programs of ``tests/go/sync_rows.go`` in Python, name for name."""

from __future__ import annotations

import copy
from collections.abc import Callable, Coroutine
from typing import Any

from gosim.runtime.chan import chan
from gosim.runtime.current import current_world
from gosim.runtime.forms import Op, operation
from gosim.runtime.package import gc
from gosim.runtime.panic import gopanic
from gosim.runtime.proc import go, goexit, gosched
from gosim.std import atomic, sync
from tests.sync_world import caught

Row = Callable[..., Coroutine[Any, Any, None]]
rows: dict[str, Row] = {}


def row(f: Row) -> Row:
    """Enter a program under its name."""
    rows[f.__name__] = f
    return f


@operation
def sleep_ms(n: int) -> Op:
    """time.Sleep(n * time.Millisecond)."""
    w = current_world()
    yield from w.sleep(n * 1_000_000)


async def nothing() -> None:
    """An empty function."""


@row
async def mutex_queue_fifo(say: Any) -> None:
    mu, wg = sync.Mutex(), sync.WaitGroup()
    await mu.lock()

    async def one(i: int) -> None:
        await mu.lock()
        say(i)
        await mu.unlock()
        await wg.done()

    for i in range(6):
        await wg.add(1)
        go(one, i)
        await sleep_ms(2)
    await mu.unlock()
    await wg.wait()


@row
async def mutex_queue_fast(say: Any) -> None:
    mu, wg = sync.Mutex(), sync.WaitGroup()
    await mu.lock()

    async def one(i: int) -> None:
        async with mu:
            say(i)
        await wg.done()

    for i in range(6):
        await wg.add(1)
        go(one, i)
    await gosched()
    await mu.unlock()
    await wg.wait()


@row
async def mutex_unlock_relock_barging(say: Any) -> None:
    mu, wg = sync.Mutex(), sync.WaitGroup()
    await mu.lock()

    async def waiter() -> None:
        await mu.lock()
        say("waiter")
        await mu.unlock()

    await wg.go(waiter)
    await gosched()
    await mu.unlock()
    await mu.lock()
    say("main again")
    await mu.unlock()
    await wg.wait()


@row
async def mutex_starvation(say: Any) -> None:
    mu, wg = sync.Mutex(), sync.WaitGroup()
    await mu.lock()

    async def one(i: int) -> None:
        await mu.lock()
        say(f"got{i}")
        await mu.unlock()
        say(f"gave{i}")
        await wg.done()

    for i in range(3):
        await wg.add(1)
        go(one, i)
        await sleep_ms(5)
    await mu.unlock()
    await mu.lock()
    say("barged")
    await sleep_ms(5)
    say("try=", end="")
    say(await mu.try_lock())
    await mu.unlock()
    say("handed try=", end="")
    say(await mu.try_lock())
    await wg.wait()
    say("try=", end="")
    say(await mu.try_lock())


@row
async def mutex_starvation_handoff_order(say: Any) -> None:
    mu, wg = sync.Mutex(), sync.WaitGroup()
    await mu.lock()

    async def waiter() -> None:
        await mu.lock()
        say("waiter")
        await mu.unlock()

    async def other(i: int) -> None:
        say(f"other{i}")

    await wg.go(waiter)
    await sleep_ms(5)
    await mu.unlock()
    await mu.lock()
    await sleep_ms(5)
    for i in range(3):
        await wg.go(other, i)
    say("unlock")
    await mu.unlock()
    say("main")
    await wg.wait()


@row
async def mutex_newcomer_takes_the_wakeup(say: Any) -> None:
    mu, wg = sync.Mutex(), sync.WaitGroup()
    await wg.add(2)

    async def lock(name: str) -> None:
        await mu.lock()
        say(name)
        await mu.unlock()
        await wg.done()

    await mu.lock()
    go(lock, "waiter")
    await gosched()
    await mu.unlock()
    await mu.lock()
    go(lock, "newcomer")
    await gosched()
    await mu.unlock()
    await wg.wait()


@row
async def mutex_other_goroutine_unlocks(say: Any) -> None:
    mu = sync.Mutex()
    await mu.lock()
    go(mu.unlock)
    await mu.lock()
    say("locked again", end="")


@row
async def mutex_trylock(say: Any) -> None:
    mu = sync.Mutex()
    say(await mu.try_lock(), await mu.try_lock(), end="")
    await mu.unlock()
    say(await mu.try_lock(), end="")


def _cond_waiters(say: Any) -> tuple[sync.Cond, Callable[[int], Coroutine[Any, Any, None]]]:
    c = sync.Cond(sync.Mutex())

    async def one(i: int) -> None:
        await c.L.lock()
        await c.wait()
        say(i)
        await c.L.unlock()

    return c, one


@row
async def cond_signal_fifo(say: Any) -> None:
    c, one = _cond_waiters(say)
    for i in range(5):
        go(one, i)
        await sleep_ms(2)
    for _ in range(5):
        await c.signal()
        await sleep_ms(2)


@row
async def cond_broadcast(say: Any) -> None:
    c, one = _cond_waiters(say)
    for i in range(5):
        go(one, i)
        await sleep_ms(2)
    await c.broadcast()
    await sleep_ms(2)


@row
async def cond_two_signals_then_broadcast(say: Any) -> None:
    c, one = _cond_waiters(say)
    for i in range(5):
        go(one, i)
        await sleep_ms(2)
    await c.signal()
    await c.signal()
    await c.broadcast()
    await c.signal()
    await sleep_ms(2)
    say("end", end="")


@row
async def wg_waiters(say: Any) -> None:
    wg = sync.WaitGroup()
    await wg.add(1)

    async def one(i: int) -> None:
        await wg.wait()
        say(i)

    for i in range(5):
        go(one, i)
        await sleep_ms(2)
    await wg.done()
    await sleep_ms(2)


@row
async def wg_negative(say: Any) -> None:
    wg = sync.WaitGroup()
    await wg.add(2)
    for delta in (-3, 1, -1, 1 << 31):
        say(await caught(lambda delta=delta: wg.add(delta)), end="\n")


@row
async def wg_reused(say: Any) -> None:
    wg = sync.WaitGroup()
    await wg.add(1)

    async def waiter() -> None:
        say(await caught(wg.wait), end="\n")

    go(waiter)
    await gosched()
    await wg.done()
    await wg.add(1)
    await sleep_ms(2)


@row
async def rwmutex_writer_blocks_new_readers(say: Any) -> None:
    rw, wg = sync.RWMutex(), sync.WaitGroup()
    await rw.rlock()
    await wg.add(4)

    async def writer() -> None:
        await rw.lock()
        say("W")
        await rw.unlock()
        await wg.done()

    async def reader(i: int) -> None:
        await rw.rlock()
        say(f"R{i}")
        await rw.runlock()
        await wg.done()

    go(writer)
    await gosched()
    for i in range(3):
        go(reader, i)
    await gosched()
    say("TryRLock=", end="")
    say(await rw.try_rlock(), "unlock")
    await rw.runlock()
    await wg.wait()


@row
async def rwmutex_unlock_readers_before_writer(say: Any) -> None:
    rw, wg = sync.RWMutex(), sync.WaitGroup()
    await rw.lock()
    await wg.add(4)

    async def writer() -> None:
        async with rw:
            say("W2")
        await wg.done()

    async def reader(i: int) -> None:
        async with rw.rlocker():
            say(f"R{i}")
        await wg.done()

    go(writer)
    await sleep_ms(2)
    for i in range(3):
        go(reader, i)
        await sleep_ms(2)
    await rw.unlock()
    await wg.wait()


@row
async def rwmutex_try(say: Any) -> None:
    rw = sync.RWMutex()
    say(await rw.try_rlock(), await rw.try_rlock(), await rw.try_lock())
    await rw.runlock()
    await rw.runlock()
    say(await rw.try_lock(), await rw.try_rlock(), await rw.try_lock())
    await rw.unlock()
    await rw.rlocker().lock()
    say(await rw.try_lock(), await rw.try_rlock())


@row
async def rwmutex_many(say: Any) -> None:
    rw, wg = sync.RWMutex(), sync.WaitGroup()

    async def reader(i: int) -> None:
        await rw.rlock()
        say(f"r{i}")
        await gosched()
        await rw.runlock()
        await wg.done()

    async def writer(i: int) -> None:
        await rw.lock()
        say(f"w{i}")
        await gosched()
        await rw.unlock()
        await wg.done()

    for i in range(4):
        await wg.add(2)
        go(reader, i)
        go(writer, i)
    await wg.wait()


@row
async def once_concurrent(say: Any) -> None:
    once, wg = sync.Once(), sync.WaitGroup()

    async def one(i: int) -> None:
        async def first() -> None:
            say("ran in", i, end="")
            await gosched()

        await once.do(first)
        say("", i, end="")
        await wg.done()

    for i in range(4):
        await wg.add(1)
        go(one, i)
    await wg.wait()


@row
async def once_panic(say: Any) -> None:
    once = sync.Once()
    say(await caught(lambda: once.do(lambda: gopanic("boom"))), end="\n")
    say(await caught(lambda: once.do(lambda: gopanic("again"))), end="\n")


@row
async def once_goexit(say: Any) -> None:
    once, done = sync.Once(), chan(bool)

    async def leaver() -> None:
        try:
            await once.do(goexit)
        finally:
            await done.close()

    go(leaver)
    await done.recv()
    await once.do(lambda: say("ran", end="\n"))
    say("not again", end="\n")


@row
async def once_func(say: Any) -> None:
    n = 0

    def count(result: Any = None) -> Any:
        nonlocal n
        n += 1
        return result

    f = sync.once_func(lambda: gopanic("boom") if count() is None else None)
    say(await caught(f), await caught(f), n, end="\n")
    v = sync.once_value(lambda: count(7))
    say(await v(), await v(), n, end="\n")
    vs = sync.once_values(lambda: count((8, None)))
    a, err = await vs()
    b, _ = await vs()
    say(a, b, err, n, end="\n")


@row
async def once_func_goexit(say: Any) -> None:
    f, done = sync.once_func(goexit), chan(bool)

    async def leaver() -> None:
        say(await caught(f) != "no panic", end="\n")
        await done.close()

    go(leaver)
    await done.recv()
    say(await caught(f) != "no panic", end="\n")


@row
async def map(say: Any) -> None:
    m = sync.Map()

    def line(*values: Any) -> None:
        say(*values, end="\n")

    line(await m.load("a"))
    await m.store("a", 1)
    line(await m.load_or_store("a", 2))
    line(await m.load_or_store("b", 2))
    line(await m.swap("b", 3))
    line(await m.swap("c", 4))
    line(await m.compare_and_swap("a", 1, 10), await m.compare_and_swap("a", 1, 11))
    line(await m.compare_and_swap("zz", None, 11))
    line(await m.compare_and_delete("c", 5), await m.compare_and_delete("c", 4))
    line(await m.load_and_delete("b"))
    line(await m.load_and_delete("b"))
    await m.delete("nobody")
    await m.store(1, "int")
    await m.store(1.0, "float")
    await m.store(True, "bool")
    seen: list[Any] = []
    await m.range(lambda k, v: seen.append(k) or True)
    line(len(seen))
    seen.clear()
    await m.range(lambda k, v: seen.append(k))
    line(len(seen))
    line(await caught(lambda: m.store([1], 1)))
    await m.store("s", [1])
    line(await caught(lambda: m.compare_and_swap("s", [1], 2)))
    line(await caught(lambda: m.compare_and_swap("s", 1, 2)))


@row
async def pool(say: Any) -> None:
    p = sync.Pool()
    for i in range(1, 5):
        await p.put(i)
    say(await p.get())
    say(await p.get())
    await p.put(5)
    await p.put(6)
    await gc()
    await p.put(7)
    for _ in range(7):
        say(await p.get())
    await p.put(8)
    await gc()
    await gc()
    say(await p.get())
    p.new = lambda: "new"
    await p.put(None)
    say(await p.get())


@row
async def integers(say: Any) -> None:
    def line(*values: Any) -> None:
        say(*values, end="\n")

    i32 = atomic.Int32()
    await i32.store(2**31 - 1)
    line(
        await i32.add(1), await i32.add(-1), await i32.swap(5), await i32.compare_and_swap(5, 6),
        await i32.compare_and_swap(5, 7), await i32.load(),
    )  # fmt: skip
    u32 = atomic.Uint32()
    line(await u32.add(~0), await u32.add(1))
    i64 = atomic.Int64()
    await i64.store(-(2**63))
    line(await i64.add(-1), await i64.load())
    u64 = atomic.Uint64()
    line(await u64.add(~4), await u64.load())
    b = atomic.Bool()
    line(
        await b.load(), await b.swap(True), await b.compare_and_swap(False, True),
        await b.compare_and_swap(True, False), await b.load(),
    )  # fmt: skip
    p, x, y = atomic.Pointer(), [1], [1]
    line(
        await p.load() is None, await p.compare_and_swap(None, x), await p.compare_and_swap(y, x),
        await p.swap(y) is x, await p.load() is y,
    )  # fmt: skip


@row
async def value(say: Any) -> None:
    def line(*values: Any) -> None:
        say(*values, end="\n")

    v = atomic.Value()
    line(await v.load())
    line(await v.compare_and_swap("x", "y"))
    line(await v.compare_and_swap(None, "y"), await v.load())
    line(await caught(lambda: v.store(None)))
    line(await caught(lambda: v.store(1)))
    line(await caught(lambda: v.swap(None)))
    line(await caught(lambda: v.swap(1)))
    line(await caught(lambda: v.compare_and_swap("y", None)))
    line(await caught(lambda: v.compare_and_swap("y", 1)))
    line(await caught(lambda: v.compare_and_swap(1, 2)))
    line(
        await v.swap("z"), await v.load(), await v.compare_and_swap("y", "w"),
        await v.compare_and_swap("z", "w"),
    )  # fmt: skip
    s = atomic.Value()
    await s.store([1])
    line(await caught(lambda: s.compare_and_swap([1], [2])))


@row
async def cond_copied(say: Any) -> None:
    c = sync.Cond(sync.Mutex())
    fresh = copy.copy(c)
    say(await caught(fresh.signal), end="\n")
    await c.signal()
    copied = copy.copy(c)
    say(await caught(copied.signal), end="\n")


@row
async def wg_copied(say: Any) -> None:
    wg = sync.WaitGroup()
    await wg.add(1)
    await copy.copy(wg).done()

    async def witness() -> None:
        await sleep_ms(2)
        say("still waiting", end="\n")

    go(witness)
    await wg.wait()
    say("done", end="\n")


@row
async def locked_mutex_copied(say: Any) -> None:
    mu = sync.Mutex()
    await mu.lock()
    other = copy.copy(mu)
    await mu.unlock()
    say(await mu.try_lock(), await other.try_lock(), end="\n")


@row
async def fatal_unlock(say: Any) -> None:
    mu = sync.Mutex()
    try:
        await mu.unlock()
    finally:
        say("no")


@row
async def fatal_rw_unlock(say: Any) -> None:
    rw = sync.RWMutex()
    await rw.rlock()
    await rw.unlock()


@row
async def fatal_runlock(say: Any) -> None:
    rw = sync.RWMutex()
    await rw.lock()
    await rw.runlock()
