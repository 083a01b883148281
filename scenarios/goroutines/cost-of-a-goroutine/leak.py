"""A hundred goroutines wait at a gate that never opens. What does each of them cost?"""

import gosim as gs
from gosim import chan, go

n = 100


async def wait(gate):
    await gate.recv()  # Notice: it does nothing and needs a stack all the same


async def main():
    gate = chan()
    print("before:", gs.runtime.num_goroutine())
    for _ in range(n):
        go(wait, gate)
    await gs.time.sleep(50 * gs.time.Millisecond)
    print("after: ", gs.runtime.num_goroutine())
