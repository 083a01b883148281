"""Ten goroutines send, one receives once. What happens to the other nine?"""

import gosim as gs
from gosim import chan, go

n = 10


async def send(i, ch):
    await ch.send(i)  # an unbuffered send ends only when somebody receives
    print("sender", i, "is done")


async def receive(ch):
    print("receiver got", await ch.recv())  # Notice: one receive, and then it goes home


async def main():
    ch = chan(int)
    for i in range(n):
        go(send, i, ch)
    go(receive, ch)
    await gs.time.sleep(20 * gs.time.Millisecond)
    print("goroutines left over:", gs.runtime.num_goroutine() - 1)
