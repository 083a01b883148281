"""Half as much is lost per request. Is that a repair?"""

import gosim as gs
from gosim import chan, go

limit = 48  # MiB
per_request = 512 << 10
found = gs.array(gs.types.BYTE, per_request)  # outside of the heap


async def work(results):
    result = gs.bytes.clone(found[:])
    await results.send(result)  # Notice: handle has returned


async def handle():
    results = chan(gs.types.slice_type(gs.types.BYTE))
    go(work, results)


async def live_mib():
    await gs.runtime.gc()
    return (gs.runtime.read_mem_stats().heap_alloc + (1 << 19)) >> 20


async def main():
    for i in range(1, 121):
        await handle()
        await gs.time.sleep(10 * gs.time.Millisecond)  # a hundred requests per second
        if i % 10 == 0 and await live_mib() > limit:
            print("request", i, "- more than", limit, "MiB after", i * 10, "ms")
            return  # here the kernel would end the process
    print("120 requests served,", await live_mib(), "MiB live")
