"""Every turn makes a timer and stops it as soon as the value is there."""

import gosim as gs
from gosim import chan, go, recv, select

n = 1000


async def main():
    values = chan(int, n)  # room for all: should the loop give up, the sender still ends

    async def produce():
        for i in range(n):
            await values.send(i)
        await values.close()

    go(produce)
    total = 0
    while True:
        timeout = gs.time.new_timer(gs.time.Hour)
        i, v, ok = await select(recv(values), recv(timeout.C))
        if i == 1:
            print("nothing came for an hour")
            return
        await timeout.stop()  # time.after gives you nothing to stop, new_timer does
        if not ok:
            print("sum:", total)
            return
        total += v
