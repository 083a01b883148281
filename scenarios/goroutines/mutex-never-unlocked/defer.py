"""The same early return as before, but now the key comes back on every way out."""

import gosim as gs
from gosim import defers, go

n = 10


async def visit(i, key):
    async with defers() as defer:
        await key.lock()
        defer(key.unlock)  # runs at return and also when the function panics
        print("visitor", i, "has the key")
        if i == 2:
            return


async def main():
    key = gs.sync.Mutex()
    for i in range(n):
        go(visit, i, key)
    await gs.time.sleep(20 * gs.time.Millisecond)  # let everybody try
    print("visitors still at the door:", gs.runtime.num_goroutine() - 1)
