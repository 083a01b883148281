"""Ten thousand requests at once, a goroutine for each. Then it is quiet again. Or is it?"""

import gosim as gs
from gosim import chan, go

count = 10_240
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


async def request(gate):
    await gate.recv()  # Notice: its stack is given back, its record is not


async def burst(what):
    gate = chan()
    for _ in range(count):
        go(request, gate)
    await gs.time.sleep(50 * gs.time.Millisecond)
    await show(what)
    await gate.close()
    await gs.time.sleep(100 * gs.time.Millisecond)


async def main():
    global stack, heap
    await show("before:      ")
    stack, heap = gs.runtime.read_mem_stats().stack_inuse, gs.runtime.read_mem_stats().heap_alloc
    await burst("first burst: ")
    await show("afterwards:  ")
    await burst("second burst:")
    await show("afterwards:  ")
