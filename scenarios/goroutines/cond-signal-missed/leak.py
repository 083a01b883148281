"""The bell rings once. The waiter comes a moment too late and waits for the next ring."""

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
            await self.bell.wait()  # Notice: the waiter does not look at self.ready before waiting
            print("waiter: serving the dish")


async def main():
    k = Kitchen()
    go(k.waiter)
    await k.mu.lock()
    k.ready = True
    print("cook: the dish is ready")
    await k.bell.signal()  # nobody waits yet, and a signal is not kept
    await k.mu.unlock()
    await gs.time.sleep(20 * gs.time.Millisecond)
    print("waiters still standing:", gs.runtime.num_goroutine() - 1)
