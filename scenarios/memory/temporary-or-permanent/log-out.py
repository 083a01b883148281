"""The sessions are told to end as soon as their work is done."""

import gosim as gs
from gosim import chan, go

n = 8

site = gs.array(gs.types.BYTE, 1 << 20)  # what is served: outside of the heap


async def session(logout):
    page = gs.bytes.clone(site[:])  # what this user works on
    await logout.recv()
    page[0] = 1  # the page is still needed here, so it is alive while the session waits


async def live_mib():
    await gs.runtime.gc()
    return (gs.runtime.read_mem_stats().heap_alloc + (1 << 19)) >> 20


async def main():
    logout = chan()
    for _ in range(n):
        go(session, logout)
    await logout.close()  # one close for all of them
    await gs.time.sleep(50 * gs.time.Millisecond)
    print("after  50 ms:", await live_mib(), "MiB live")
    await gs.time.sleep(350 * gs.time.Millisecond)
    print("after 400 ms:", await live_mib(), "MiB live")
    await gs.time.sleep(100 * gs.time.Millisecond)
