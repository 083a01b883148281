"""Ten thousand defers wait in one function. What does each of them cost?"""

import gosim as gs
from gosim import defers

count = 10_000
ran = 0


async def live():
    await gs.runtime.gc()
    return gs.runtime.read_mem_stats().heap_alloc


def done():
    global ran
    ran += 1


async def work():
    before = await live()
    async with defers() as defer:
        for _ in range(count):
            defer(done)  # Notice: in a loop each one needs a record on the heap
        await gs.time.sleep(50 * gs.time.Millisecond)
        print("bytes for each record:", (await live() - before + count // 2) // count)
        print("defers run before the return:", ran)


async def main():
    await work()
    print("defers run after the return: ", ran)
