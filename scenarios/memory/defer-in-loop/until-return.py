"""The same defer in a function that does return: everything is closed, but late and all at once."""

import gosim as gs
from gosim import defers

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


async def read_all():
    async with defers() as defer:
        for _ in range(20):
            f = open_file()
            defer(close, f)  # Notice: it runs when read_all returns
            for i in range(0, len(f.buffer), 4096):
                f.buffer[i] = 1  # top counts a page when it is first written to
            await gs.time.sleep(10 * gs.time.Millisecond)
        print("before the return:", opened, "open,", await live_mib(), "MiB live")


async def live_mib():
    await gs.runtime.gc()
    return (gs.runtime.read_mem_stats().heap_alloc + (1 << 19)) >> 20


async def main():
    await read_all()
    print("after the return: ", opened, "open,", await live_mib(), "MiB live")
    await gs.time.sleep(100 * gs.time.Millisecond)
