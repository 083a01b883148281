"""A hundred goroutines wait at a gate, and the gate opens."""

import gosim as gs
from gosim import chan, go

n = 100


async def wait(gate):
    await gate.recv()


async def main():
    gate = chan()
    print("before:", gs.runtime.num_goroutine())
    for _ in range(n):
        go(wait, gate)
    await gs.time.sleep(50 * gs.time.Millisecond)
    print("during:", gs.runtime.num_goroutine())
    await gate.close()  # one close for all of them
    await gs.time.sleep(50 * gs.time.Millisecond)
    print("after: ", gs.runtime.num_goroutine())
