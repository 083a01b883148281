"""A fast producer, a slow consumer, and a queue with room for everything."""

import gosim as gs
from gosim import chan, go

blocks = 32
peak = 0


def load():
    part = gs.make_slice(gs.types.BYTE, 1 << 20)  # a part of the result: 1 MiB
    for i in range(0, len(part), 4096):
        part[i] = 1  # top counts a page when it is first written to
    return part


async def live_mib():
    await gs.runtime.gc()
    return (gs.runtime.read_mem_stats().heap_alloc + (1 << 19)) >> 20


async def handle(block):
    global peak
    await gs.time.sleep(10 * gs.time.Millisecond)
    peak = max(peak, await live_mib())
    return len(block)


async def main():
    handled = 0
    parts = chan(gs.types.slice_type(gs.types.BYTE), blocks)  # Notice: who slows the producer down?

    async def produce():
        for _ in range(blocks):
            await parts.send(load())
        await parts.close()

    go(produce)
    async for part in parts:
        handled += await handle(part)
    print("handled:", handled >> 20, "MiB")
    print("peak:   ", peak, "MiB live")
