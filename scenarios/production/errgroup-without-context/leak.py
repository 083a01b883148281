"""One task of an errgroup fails, and the other one never hears of it."""

import gosim as gs
from gosim import chan, go

n = 3


async def handle():
    g = gs.errgroup.Group()  # Notice: what tells the tasks that one of them has failed?
    rows = chan(int)

    async def read():
        for row in range(1, 4):
            await rows.send(row)
        await rows.close()

    async def write():
        async for row in rows:
            if row == 2:
                return gs.errors.new("the disk is full")
        return None

    await g.go(read)
    await g.go(write)
    print("error:", await g.wait())


async def main():
    for _ in range(n):
        go(handle)
    await gs.time.sleep(10 * gs.time.Millisecond)
    print("goroutines left:", gs.runtime.num_goroutine() - 1)
