"""A copy of the ten bytes has nothing to do with the request any more."""

import gosim as gs

n = 40

ids = gs.nil_slice(str)  # a package variable: it lives as long as the program


def receive():
    return gs.strings.repeat("x", 1 << 20)


async def live_mib():
    await gs.runtime.gc()
    return (gs.runtime.read_mem_stats().heap_alloc + (1 << 19)) >> 20


async def main():
    global ids
    for _ in range(n):
        request = receive()
        ids = gs.append(ids, gs.strings.clone(request[:10]))  # ten bytes of its own
        await gs.time.sleep(10 * gs.time.Millisecond)
    print(len(ids), "identifiers of", len(ids[0]), "bytes")
    print(await live_mib(), "MiB live")
