"""The channel as the article's code declares it. Count what is left: it is not nine."""

import gosim as gs
from gosim import go, nil_chan

n = 10


async def send(i, ch):
    await ch.send(i)
    print("sender", i, "is done")


async def receive(ch):
    print("receiver got", await ch.recv())


async def main():
    ch = nil_chan(int)  # Notice: declared, never made. Not even the receiver gets through.
    for i in range(n):
        go(send, i, ch)
    go(receive, ch)
    await gs.time.sleep(20 * gs.time.Millisecond)
    print("goroutines left over:", gs.runtime.num_goroutine() - 1)
