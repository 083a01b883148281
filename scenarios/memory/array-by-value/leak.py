"""Twenty-five calls at the same time, each with a copy of eight megabytes, and none returns."""

import gosim as gs
from gosim import chan, go

n = 25

numbers = gs.array(int, 1_000_000)  # 8 MB, outside of heap and stacks


@gs.frame(8_000_000)  # the array is its argument
async def search(values, gate):
    await gate.recv()
    return values[0] == 3


async def call(gate):
    await search(numbers.copy(), gate)


def stack_mib():
    return (gs.runtime.read_mem_stats().stack_inuse + (1 << 19)) >> 20


async def main():
    gate = chan()
    print("before:", stack_mib(), "MiB of stacks")
    for _ in range(n):
        go(call, gate)
        await gs.time.sleep(10 * gs.time.Millisecond)
    print("during:", stack_mib(), "MiB of stacks")
    # Notice: nobody opens the gate
