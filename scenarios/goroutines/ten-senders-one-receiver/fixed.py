"""Ten goroutines send, and the receiver takes as many values as are sent."""

import gosim as gs
from gosim import chan, go

n = 10


async def send(i, ch):
    await ch.send(i)


async def receive(ch):
    total = 0
    for _ in range(n):  # one receive for each send
        total += await ch.recv()
    print("receiver got", n, "values, sum", total)


async def main():
    ch = chan(int)
    for i in range(n):
        go(send, i, ch)
    go(receive, ch)
    await gs.time.sleep(20 * gs.time.Millisecond)
    print("goroutines left over:", gs.runtime.num_goroutine() - 1)
