"""A buffer that is used again and again never becomes smaller."""

import gosim as gs

scratch = gs.nil_slice(gs.types.BYTE)  # used again for every request: nothing to allocate


def handle(request):
    global scratch
    scratch = gs.append_slice(scratch[:0], request)  # Notice: [:0] keeps the array


async def live_mib():
    await gs.runtime.gc()
    return (gs.runtime.read_mem_stats().heap_alloc + (1 << 19)) >> 20


async def main():
    handle(gs.make_slice(gs.types.BYTE, 32 << 20))  # one large request
    for _ in range(20):
        handle(gs.make_slice(gs.types.BYTE, 100))  # and then only small ones
        await gs.time.sleep(10 * gs.time.Millisecond)
    print("len", len(scratch), "bytes")
    print("cap", gs.cap(scratch) >> 20, "MiB")
    print(await live_mib(), "MiB live")
