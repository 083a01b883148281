"""``tests/go/profiles.go`` in Python: what goroutines wait for, contend for and allocate.

Functions have the names they have there.
"""

from __future__ import annotations

from typing import Any

import gosim as gs
from gosim import chan, go, nil_chan, recv, select, send, sync, time

TICK = 20 * time.Millisecond


async def sender(c: Any) -> None:
    await c.send(1)


async def nothing() -> None:
    await select()


async def nilsend() -> None:
    await nil_chan(int).send(1)


async def nilrecv() -> None:
    await nil_chan(int).recv()


async def ranger() -> None:
    async for _ in chan(int):
        pass


async def chooser() -> None:
    c, d = chan(int), chan(int)
    await select(recv(c), send(d, 1))


async def twice() -> None:
    mu = sync.Mutex()
    await mu.lock()
    await mu.lock()


async def readThenWrite() -> None:
    mu = sync.RWMutex()
    await mu.rlock()
    await mu.lock()


async def writeThenRead() -> None:
    mu = sync.RWMutex()
    await mu.lock()
    await mu.rlock()


async def writeTwice() -> None:
    mu = sync.RWMutex()
    await mu.lock()
    await mu.lock()


async def group() -> None:
    wg = sync.WaitGroup()
    await wg.add(1)
    await wg.wait()


async def condition() -> None:
    mu = sync.Mutex()
    c = sync.Cond(mu)
    await mu.lock()
    await c.wait()


async def sleeper() -> None:
    while True:
        await time.sleep(time.Hour)


async def once() -> None:
    o = sync.Once()

    async def func1() -> None:
        await o.do(lambda: None)

    await o.do(func1)


async def lockit(mu: Any, wg: Any, times: int) -> None:
    for _ in range(times):
        await mu.lock()
        await time.sleep(TICK)
        await mu.unlock()
    await wg.done()


async def contend(goroutines: int, times: int) -> None:
    mu, wg = sync.Mutex(), sync.WaitGroup()
    await wg.add(goroutines)
    for _ in range(goroutines):
        go(lockit, mu, wg, times)
    await wg.wait()


async def late(c: Any) -> None:
    await time.sleep(TICK)
    await c.send(1)


async def take(c: Any) -> None:
    await time.sleep(TICK)
    await c.recv()


async def receive() -> None:
    c = chan(int)
    go(late, c)
    await c.recv()


async def give() -> None:
    c = chan(int)
    go(take, c)
    await c.send(1)


async def either() -> None:
    c, d = chan(int), chan(int)
    go(late, c)
    await select(recv(c), recv(d))


async def signal(c: Any) -> None:
    await time.sleep(TICK)
    await c.signal()


async def signalled() -> None:
    mu = sync.Mutex()
    c = sync.Cond(mu)
    go(signal, c)
    await mu.lock()
    await c.wait()


async def runlock(rw: Any) -> None:
    await time.sleep(TICK)
    await rw.runlock()


async def unlock(rw: Any) -> None:
    await time.sleep(TICK)
    await rw.unlock()


async def writer() -> None:
    rw = sync.RWMutex()
    await rw.rlock()
    go(runlock, rw)
    await rw.lock()


async def reader() -> None:
    rw = sync.RWMutex()
    await rw.lock()
    go(unlock, rw)
    await rw.rlock()


async def second() -> None:
    rw = sync.RWMutex()
    await rw.lock()
    go(unlock, rw)
    await rw.lock()


async def read(rw: Any, wg: Any) -> None:
    await rw.rlock()
    await rw.runlock()
    await wg.done()


async def crowd() -> None:
    rw, wg = sync.RWMutex(), sync.WaitGroup()
    await wg.add(4)
    await rw.lock()
    for _ in range(4):
        go(read, rw, wg)
    await time.sleep(TICK)
    await rw.unlock()
    await wg.wait()


async def waiter(mu: Any, wg: Any) -> None:
    await mu.lock()
    await mu.unlock()
    await wg.done()


async def overtaken() -> None:
    mu, wg = sync.Mutex(), sync.WaitGroup()
    await wg.add(2)
    await mu.lock()
    go(waiter, mu, wg)
    await time.sleep(TICK)
    await mu.unlock()
    await mu.lock()
    go(waiter, mu, wg)
    await time.sleep(TICK)
    await mu.unlock()
    await wg.wait()


@gs.struct
class T:
    a: gs.types.array_type(gs.types.BYTE, 100)  # type: ignore[valid-type]


class Package:
    keep: Any = None
    sink: Any = None


def alloc(n: int) -> None:
    for _ in range(n):
        Package.keep = gs.append(Package.keep, gs.new(T))


def garbage(n: int) -> None:
    for _ in range(n):
        Package.sink = gs.make_slice(gs.types.BYTE, 2000)
    Package.sink = None


async def main() -> None:
    for _ in range(3):
        go(sender, chan(int))
    for f in (nothing, nilsend, nilrecv, ranger, chooser, twice, readThenWrite, writeThenRead):
        go(f)
    for f in (writeTwice, group, condition, sleeper, once):
        go(f)
    await contend(3, 1)
    await contend(4, 3)
    await receive()
    await give()
    await either()
    await signalled()
    await writer()
    await reader()
    await second()
    await crowd()
    await overtaken()
    Package.keep = gs.nil_slice(gs.ptr(T))
    alloc(10)
    garbage(7)
    await gs.runtime.gc()
