"""A service keeps the last 32 pages that it has made."""

import gosim as gs

n = 320
limit = 32

page_type = gs.types.slice_type(gs.types.BYTE)
cache = gs.make_map(int, page_type)
order = gs.nil_slice(int)  # keys, the oldest first

blank = gs.array(gs.types.BYTE, 32 << 10)


def render(key):
    global order
    page, ok = cache.get_ok(key)
    if not ok:
        page = gs.bytes.clone(blank[:])
        if len(cache) == limit:
            gs.delete(cache, order[0])  # the oldest goes
            order = order[: gs.copy(order, order[1:])]
        cache[key] = page
        order = gs.append(order, key)
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
