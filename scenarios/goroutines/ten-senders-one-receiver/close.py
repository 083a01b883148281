"""The receiver closes the channel when it has enough. That wakes the senders, and how!"""

import gosim as gs
from gosim import chan, go

n = 10


async def send(i, ch):
    await ch.send(i)
    print("sender", i, "is done")


async def receive(ch):
    value = await ch.recv()
    print("receiver got", value)
    await ch.close()  # Notice: the senders do not know, and who sends on a closed channel panics


async def main():
    ch = chan(int)
    for i in range(n):
        go(send, i, ch)
    go(receive, ch)
    await gs.time.sleep(20 * gs.time.Millisecond)
    print("goroutines left over:", gs.runtime.num_goroutine() - 1)
