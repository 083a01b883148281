"""The same with a function that needs four kilobytes of room."""

import gosim as gs
from gosim import chan, go

count = 1000


@gs.frame(4096)
async def wait(gate):
    await gate.recv()  # Notice: stacks double, so 4 KiB and a bit more need 8


def kib(n):
    return f"{n / count / 1024:.1f} KiB"


async def main():
    gate = chan()
    await gs.runtime.gc()
    start = gs.runtime.read_mem_stats()
    for _ in range(count):
        go(wait, gate)
    await gs.time.sleep(100 * gs.time.Millisecond)
    await gs.runtime.gc()
    now = gs.runtime.read_mem_stats()
    stack, records = now.stack_inuse - start.stack_inuse, now.heap_alloc - start.heap_alloc
    print("stack:  ", kib(stack))
    print("records:", kib(records))
