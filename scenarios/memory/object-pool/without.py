"""Every request makes a buffer of 64 KiB and throws it away."""

import gosim as gs

Buffer = gs.types.array_type(gs.types.BYTE, 64 << 10)
n = 1024
made = 0
last = None


def handle():
    global made, last
    made += 1
    last = gs.new(Buffer)  # Notice: used once, and then it is garbage
    last[0] = 1


async def main():
    start = gs.runtime.read_mem_stats()
    for i in range(n):
        handle()
        if i % 32 == 0:
            await gs.time.sleep(10 * gs.time.Millisecond)
    end = gs.runtime.read_mem_stats()
    print("buffers made:", made)
    print("allocated in all:", (end.total_alloc - start.total_alloc + (1 << 19)) >> 20, "MiB")
