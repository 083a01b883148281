"""A server closes every file with defer. It never returns, so when does it close them?"""

import gosim as gs
from gosim import chan, defers, go

opened = 0


@gs.struct
class File:
    buffer: gs.types.array_type(gs.types.BYTE, 1 << 20)


def open_file():
    global opened
    opened += 1
    return gs.new(File)


def close(f):
    global opened
    opened -= 1


async def serve(requests):
    async with defers() as defer:
        async for _ in requests:
            f = open_file()
            defer(close, f)  # Notice: it runs when serve returns
            for i in range(0, len(f.buffer), 4096):
                f.buffer[i] = 1  # top counts a page when it is first written to


async def live_mib():
    await gs.runtime.gc()
    return (gs.runtime.read_mem_stats().heap_alloc + (1 << 19)) >> 20


async def main():
    requests = chan(int)
    go(serve, requests)
    for i in range(20):
        await requests.send(i)
        await gs.time.sleep(10 * gs.time.Millisecond)
    print("open files:", opened)
    print(await live_mib(), "MiB live")
