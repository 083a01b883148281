"""Forty series of 131072 numbers. We keep the first three of each."""

import gosim as gs

n = 40

heads = gs.nil_slice(gs.types.slice_type(int))  # a package variable: lives as long as the program


def load():
    return gs.make_slice(int, 128 << 10)  # 131072 numbers: 1 MiB


async def live_mib():
    await gs.runtime.gc()
    return (gs.runtime.read_mem_stats().heap_alloc + (1 << 19)) >> 20


async def main():
    global heads
    for _ in range(n):
        data = load()
        heads = gs.append(heads, data[:3])  # Notice: what does the capacity say?
        await gs.time.sleep(10 * gs.time.Millisecond)
    print(len(heads), "heads: len", len(heads[0]), "cap", gs.cap(heads[0]))
    print(await live_mib(), "MiB live")
