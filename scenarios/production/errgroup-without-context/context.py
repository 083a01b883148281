"""One task of an errgroup fails, and its context tells the other one."""

import gosim as gs
from gosim import chan, go, recv, select, send

n = 3


async def handle():
    background = gs.context.background()
    g, ctx = gs.errgroup.with_context(background)  # ends with the first error
    rows = chan(int)

    async def read():
        for row in range(1, 4):
            i, _, _ = await select(send(rows, row), recv(ctx.done()))
            if i == 1:
                break
        await rows.close()
        return ctx.err()

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
