"""Five waiters, and the bell is rung for everybody."""

import gosim as gs
from gosim import defers, go

n = 5


class Kitchen:
    def __init__(self):
        self.mu = gs.sync.Mutex()
        self.bell = gs.sync.Cond(self.mu)
        self.closed = False

    async def waiter(self, i):
        async with defers() as defer:
            await self.mu.lock()
            defer(self.mu.unlock)
            while not self.closed:
                await self.bell.wait()
            print("waiter", i, "goes home")


async def main():
    k = Kitchen()
    for i in range(n):
        go(k.waiter, i)
    await gs.time.sleep(10 * gs.time.Millisecond)  # all of them are waiting now
    await k.mu.lock()
    k.closed = True
    await k.bell.broadcast()  # the news is for everybody
    await k.mu.unlock()
    await gs.time.sleep(10 * gs.time.Millisecond)
    print("waiters still standing:", gs.runtime.num_goroutine() - 1)
