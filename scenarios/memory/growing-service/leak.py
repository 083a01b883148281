"""A service asks a slow backend and gives up early. Its memory grows with every request."""

import gosim as gs
from gosim import chan, go, recv, select

n = 60

found = gs.array(gs.types.BYTE, 512 << 10)  # what the backend has


async def fetch(answers):
    page = gs.bytes.clone(found[:])
    await gs.time.sleep(20 * gs.time.Millisecond)  # the backend is slow today
    await answers.send(page)  # Notice: who is still there to receive it?


async def handle():
    answers = chan(gs.types.slice_type(gs.types.BYTE))
    go(fetch, answers)
    # after 5 ms the client has gone
    i, page, _ = await select(recv(answers), recv(gs.time.after(5 * gs.time.Millisecond)))
    if i == 0:
        print("an answer of", len(page), "bytes")


async def live_mib():
    await gs.runtime.gc()
    return (gs.runtime.read_mem_stats().heap_alloc + (1 << 19)) >> 20


async def main():
    for i in range(1, n + 1):
        await handle()
        await gs.time.sleep(5 * gs.time.Millisecond)
        if i % 10 == 0:
            await gs.time.sleep(50 * gs.time.Millisecond)
            print(i, "requests:", await live_mib(), "MiB live")
