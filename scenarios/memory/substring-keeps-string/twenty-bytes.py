"""Strings of twenty bytes: what does each one cost, and what does keeping half of it save?"""

import gosim as gs

count = 10_000

kept = gs.make_slice(str, count)


async def live():
    await gs.runtime.gc()
    return gs.runtime.read_mem_stats().heap_alloc


async def measure(what, name):
    gs.clear(kept)
    before = await live()
    for i in range(count):
        kept[i] = name()
    print(what, (await live() - before + count // 2) // count, "bytes each")


def made():
    return gs.strings.repeat("x", 20)


async def main():
    await measure("half of a constant:     ", lambda: gs.literal("01234567890123456789")[:10])
    await measure("made at run time:       ", made)
    await measure("half of it:             ", lambda: made()[:10])
    await measure("half of it, cloned:     ", lambda: gs.strings.clone(made()[:10]))
