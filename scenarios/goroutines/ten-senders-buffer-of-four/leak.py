"""Ten senders, one value read, four places in the buffer: 10 - 1 - 4 = 5 are left."""

import gosim as gs
from gosim import cap, chan, go

n = 10
places = 4


async def send(i, ch):
    await ch.send(i)  # five of them find neither a receiver nor a free place


async def receive(ch):
    print("receiver got", await ch.recv())


async def main():
    ch = chan(int, places)  # Notice: the buffer makes the leak smaller, not zero
    for i in range(n):
        go(send, i, ch)
    go(receive, ch)
    await gs.time.sleep(20 * gs.time.Millisecond)
    print("in the buffer:", len(ch), "of", cap(ch))
    print("goroutines left over:", gs.runtime.num_goroutine() - 1)
