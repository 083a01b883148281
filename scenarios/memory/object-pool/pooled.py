"""Every request borrows a buffer from a pool and puts it back."""

import gosim as gs

Buffer = gs.types.array_type(gs.types.BYTE, 64 << 10)
n = 1024
made = 0


def new_buffer():
    global made
    made += 1
    return gs.new(Buffer)


pool = gs.sync.Pool(new_buffer)


async def handle():
    b = await pool.get()
    b[0] = 1
    await pool.put(b)  # the next request takes this one


async def main():
    start = gs.runtime.read_mem_stats()
    for i in range(n):
        await handle()
        if i % 32 == 0:
            await gs.time.sleep(10 * gs.time.Millisecond)
    end = gs.runtime.read_mem_stats()
    print("buffers made:", made)
    print("allocated in all:", (end.total_alloc - start.total_alloc + (1 << 19)) >> 20, "MiB")
