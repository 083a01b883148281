"""The bell rings once. The waiter looks first and waits only if there is a reason to."""

import gosim as gs
from gosim import defers, go


class Kitchen:
    def __init__(self):
        self.mu = gs.sync.Mutex()
        self.bell = gs.sync.Cond(self.mu)
        self.ready = False

    async def waiter(self):
        await gs.time.sleep(5 * gs.time.Millisecond)  # busy at another table
        async with defers() as defer:
            await self.mu.lock()
            defer(self.mu.unlock)
            while not self.ready:  # look, wait, and look again: always in a loop
                await self.bell.wait()
            print("waiter: serving the dish")


async def main():
    k = Kitchen()
    go(k.waiter)
    await k.mu.lock()
    k.ready = True
    print("cook: the dish is ready")
    await k.bell.signal()
    await k.mu.unlock()
    await gs.time.sleep(20 * gs.time.Millisecond)
    print("waiters still standing:", gs.runtime.num_goroutine() - 1)
