"""The map holds pointers: what they point at goes, the smaller table stays."""

import gosim as gs

peak = 40_000

record = gs.types.array_type(gs.types.BYTE, 128)
sessions = gs.make_map(int, gs.ptr(record))


async def live_mib():
    await gs.runtime.gc()
    return (gs.runtime.read_mem_stats().heap_alloc + (1 << 19)) >> 20


async def main():
    for i in range(peak):
        sessions[i] = gs.new(record)
        if i % 1000 == 0:
            await gs.time.sleep(10 * gs.time.Millisecond)
    print("at the peak:", len(sessions), "entries,", await live_mib(), "MiB live")
    for i in range(peak):
        gs.delete(sessions, i)  # Notice: the entry goes, its place stays
    print("afterwards: ", len(sessions), "entries,", await live_mib(), "MiB live")
    await gs.time.sleep(200 * gs.time.Millisecond)
    sessions[1] = gs.new(record)
    print("at the end: ", len(sessions), "entries,", await live_mib(), "MiB live")
