"""One timer for the whole loop, wound up again for every value."""

import gosim as gs
from gosim import chan, defers, go, recv, select

n = 1000


async def main():
    values = chan(int, n)  # room for all: should the loop give up, the sender still ends

    async def produce():
        for i in range(n):
            await values.send(i)
        await values.close()

    go(produce)
    async with defers() as defer:
        timeout = gs.time.new_timer(gs.time.Hour)
        defer(timeout.stop)
        total = 0
        while True:
            i, v, ok = await select(recv(values), recv(timeout.C))
            if i == 1:
                print("nothing came for an hour")
                return
            if not ok:
                print("sum:", total)
                return
            total += v
            await timeout.reset(gs.time.Hour)  # since Go 1.23 this is safe at any moment
