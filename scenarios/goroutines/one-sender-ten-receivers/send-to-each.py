"""Ten goroutines wait for a value, and ten values are sent."""

import gosim as gs
from gosim import chan, go

n = 10


async def receive(ch, served):
    await served.send(await ch.recv())


async def main():
    ch, served = chan(int), chan(int, n)
    for _ in range(n):
        go(receive, ch, served)
    await gs.time.sleep(10 * gs.time.Millisecond)
    for _ in range(n):
        await ch.send(42)  # one for each
    await gs.time.sleep(10 * gs.time.Millisecond)
    print("receivers served:", len(served))
    print("goroutines left over:", gs.runtime.num_goroutine() - 1)
