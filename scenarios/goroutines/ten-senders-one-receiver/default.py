"""Whoever finds nobody waiting throws the value away. And if the receiver comes last?"""

import gosim as gs
from gosim import chan, default, go, select, send

n = 10


async def offer(i, ch):
    chosen, _, _ = await select(
        send(ch, i),
        default,  # Notice: nobody is waiting - any more, or not yet
    )
    if chosen == 0:
        print("sender", i, "is done")


async def receive(ch):
    print("receiver got", await ch.recv())


async def main():
    ch = chan(int)
    for i in range(n):
        go(offer, i, ch)
    go(receive, ch)
    await gs.time.sleep(20 * gs.time.Millisecond)
    print("goroutines left over:", gs.runtime.num_goroutine() - 1)
