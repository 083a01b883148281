"""The gate opens. What is still there two collections later?"""

import gosim as gs
from gosim import chan, go

count = 1000


async def wait(gate):
    await gate.recv()


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
    await gate.close()
    await gs.time.sleep(100 * gs.time.Millisecond)
    await gs.runtime.gc()
    await gs.runtime.gc()
    now = gs.runtime.read_mem_stats()
    print(f"stack after the end: {(now.stack_inuse - start.stack_inuse) / count / 1024:.0f} KiB")
