"""Fifty buffers of one MiB lie in a pool that nobody uses. Who takes them away, and when?"""

import gosim as gs

Buffer = gs.types.array_type(gs.types.BYTE, 1 << 20)
pool = gs.sync.Pool()


async def live_mib():
    await gs.runtime.gc()
    return (gs.runtime.read_mem_stats().heap_alloc + (1 << 19)) >> 20


async def main():
    buffers = []
    for _ in range(50):
        b = gs.new(Buffer)
        for j in range(0, len(b), 4096):
            b[j] = 1  # top counts a page when it is first written to
        buffers.append(b)
    print("at the start:         ", await live_mib(), "MiB live")
    while buffers:  # from here on the pool alone has them
        await pool.put(buffers.pop())
    await gs.time.sleep(100 * gs.time.Millisecond)
    print("after one collection: ", await live_mib(), "MiB live")
    await gs.time.sleep(100 * gs.time.Millisecond)
    print("after two collections:", await live_mib(), "MiB live")  # Notice: unused for one round
    await gs.time.sleep(100 * gs.time.Millisecond)
    print("Get returns nothing:", "true" if await pool.get() is None else "false")
