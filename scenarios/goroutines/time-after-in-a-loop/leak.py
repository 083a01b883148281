"""Every turn of the loop makes a new one-hour timer, and the next value always comes first."""

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
        # Notice: one more timer per turn, and all of them wait an hour
        i, v, ok = await select(recv(values), recv(gs.time.after(gs.time.Hour)))
        if i == 1:
            print("nothing came for an hour")
            return
        if not ok:
            print("sum:", total)
            return
        total += v
