"""Ten goroutines send, one value is read, and the channel has room for all ten."""

import gosim as gs
from gosim import chan, go

n = 10


async def send(i, ch):
    await ch.send(i)  # never blocks: there is a free place for every sender


async def receive(ch):
    print("receiver got", await ch.recv())


async def main():
    ch = chan(int, n)
    for i in range(n):
        go(send, i, ch)
    go(receive, ch)
    await gs.time.sleep(20 * gs.time.Millisecond)
    print("values nobody read:", len(ch))  # they go away with the channel
    print("goroutines left over:", gs.runtime.num_goroutine() - 1)
