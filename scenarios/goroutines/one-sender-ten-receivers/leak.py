"""Ten goroutines wait for a value, and only one value is ever sent."""

import gosim as gs
from gosim import chan, go

n = 10


async def receive(i, ch):
    v = await ch.recv()  # nine goroutines stay here
    print("receiver", i, "got", v)


async def main():
    ch = chan(int)
    for i in range(n):
        go(receive, i, ch)
    await gs.time.sleep(10 * gs.time.Millisecond)  # all ten stand in the queue now
    await ch.send(42)  # Notice: one value, ten customers, and nobody says "that was all"
    await gs.time.sleep(10 * gs.time.Millisecond)
    print("goroutines left over:", gs.runtime.num_goroutine() - 1)
