"""A hundred workers take the same ten thousand requests from a queue."""

import gosim as gs
from gosim import chan, go

count = 10_240
workers = 100
Nothing = gs.types.array_type(int, 0)  # a type without bytes
stack = heap = 0  # what was there before


async def show(what):
    await gs.runtime.gc()
    await gs.runtime.gc()
    now = gs.runtime.read_mem_stats()
    stacks = (now.stack_inuse - stack + (1 << 19)) >> 20
    each = (now.heap_alloc - heap + 16) // count // 32 * 32
    visits = (now.heap_objects + 500) // 1000
    print(f"{what} stacks {stacks} MiB, records {each} B per request,", end=" ")
    print(f"{visits} thousand objects for the collector")
    await gs.time.sleep(100 * gs.time.Millisecond)


async def worker(queue):
    async for _ in queue:  # each worker takes the next one when it is ready
        pass


async def burst(what):
    queue = chan(Nothing, count)
    for _ in range(count):
        await queue.send(())
    await queue.close()
    for _ in range(workers):
        go(worker, queue)
    await show(what)
    await gs.time.sleep(100 * gs.time.Millisecond)


async def main():
    global stack, heap
    await show("before:      ")
    stack, heap = gs.runtime.read_mem_stats().stack_inuse, gs.runtime.read_mem_stats().heap_alloc
    await burst("first burst: ")
    await show("afterwards:  ")
    await burst("second burst:")
    await show("afterwards:  ")
