"""A set of strings: does a map to struct{} take less memory than a map to bool?"""

import gosim as gs

keys = gs.make_slice(str, 20_000)
names = flags = None


@gs.struct
class Nothing:
    pass


async def live():
    await gs.runtime.gc()
    return gs.runtime.read_mem_stats().heap_alloc


async def main():
    global names, flags
    for i in range(len(keys)):
        keys[i] = gs.string(str(i))
    for size in [1000, 5000, 20_000]:
        names = flags = None
        empty = await live()
        names = gs.make_map(str, Nothing)
        for key in keys[:size]:
            names[key] = Nothing()  # Notice: a value of no bytes
        small = await live() - empty
        await gs.time.sleep(100 * gs.time.Millisecond)
        flags = gs.make_map(str, bool)
        for key in keys[:size]:
            flags[key] = True
        large = await live() - empty - small
        percent = 100 * large // small
        print(size, "names: bool takes", (percent + 2) // 5 * 5, "% of struct{}")
        await gs.time.sleep(100 * gs.time.Millisecond)
