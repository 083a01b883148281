"""Ten senders and ten places: no sender has to wait, whatever the reader does."""

import gosim as gs
from gosim import cap, chan, go

n = 10


async def send(i, ch):
    await ch.send(i)


async def receive(ch):
    print("receiver got", await ch.recv())


async def main():
    ch = chan(int, n)  # as many places as senders
    for i in range(n):
        go(send, i, ch)
    go(receive, ch)
    await gs.time.sleep(20 * gs.time.Millisecond)
    print("in the buffer:", len(ch), "of", cap(ch))
    print("goroutines left over:", gs.runtime.num_goroutine() - 1)
