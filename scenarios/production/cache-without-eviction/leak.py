"""A service keeps every page that it has ever made."""

import gosim as gs

n = 320

page_type = gs.types.slice_type(gs.types.BYTE)
cache = gs.make_map(int, page_type)  # lives as long as the process

blank = gs.array(gs.types.BYTE, 32 << 10)


def render(key):
    page, ok = cache.get_ok(key)
    if not ok:
        page = gs.bytes.clone(blank[:])
        cache[key] = page  # Notice: what takes it out again?
    return page


async def live_mib():
    await gs.runtime.gc()
    return (gs.runtime.read_mem_stats().heap_alloc + (1 << 19)) >> 20


async def main():
    for i in range(1, n + 1):
        render(i)  # everybody asks for something else
        await gs.time.sleep(gs.time.Millisecond)
        if i % 80 == 0:
            print(i, "requests:", len(cache), "pages,", await live_mib(), "MiB live")
