"""Ten senders, four places, and a reader that takes everything."""

import gosim as gs
from gosim import cap, chan, go

n = 10
places = 4


async def send(i, ch):
    await ch.send(i)


async def receive(ch):
    count = 0
    for _ in range(n):
        await ch.recv()
        count += 1
    print("receiver got", count, "values")


async def main():
    ch = chan(int, places)  # now the size does not matter for the leak
    for i in range(n):
        go(send, i, ch)
    go(receive, ch)
    await gs.time.sleep(20 * gs.time.Millisecond)
    print("in the buffer:", len(ch), "of", cap(ch))
    print("goroutines left over:", gs.runtime.num_goroutine() - 1)
