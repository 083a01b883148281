"""clear empties the map at once, and keeps its table as well."""

import gosim as gs

peak = 40_000

record = gs.types.array_type(gs.types.BYTE, 128)
sessions = gs.make_map(int, record)


async def live_mib():
    await gs.runtime.gc()
    return (gs.runtime.read_mem_stats().heap_alloc + (1 << 19)) >> 20


async def main():
    for i in range(peak):
        sessions[i] = gs.array(gs.types.BYTE, 128)
        if i % 1000 == 0:
            await gs.time.sleep(10 * gs.time.Millisecond)
    print("at the peak:", len(sessions), "entries,", await live_mib(), "MiB live")
    gs.clear(sessions)
    print("afterwards: ", len(sessions), "entries,", await live_mib(), "MiB live")
    await gs.time.sleep(200 * gs.time.Millisecond)
    sessions[1] = gs.array(gs.types.BYTE, 128)
    print("at the end: ", len(sessions), "entries,", await live_mib(), "MiB live")
