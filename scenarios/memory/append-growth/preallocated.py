"""The same numbers, with room for all of them from the start."""

import gosim as gs

count = 100_000

numbers = gs.nil_slice(int)


async def main():
    global numbers
    await gs.runtime.gc()  # what the runtime needs for itself is made here,
    await gs.time.sleep(10 * gs.time.Millisecond)  # and not counted below
    start = gs.runtime.read_mem_stats()
    numbers = gs.make_slice(int, 0, count)
    for i in range(count):
        numbers = gs.append(numbers, i)  # there is room: nothing is copied
        if i % 5000 == 0:
            await gs.time.sleep(10 * gs.time.Millisecond)
    end = gs.runtime.read_mem_stats()
    print("capacity:", gs.cap(numbers))
    print("allocated in all:", (end.total_alloc - start.total_alloc + 512) >> 10, "KiB")
    print("needed:          ", (8 * count + 512) >> 10, "KiB")
