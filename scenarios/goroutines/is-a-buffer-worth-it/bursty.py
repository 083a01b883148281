"""Four parcels at once, then a pause. The reader is fast enough. Does a buffer help?"""

import gosim as gs
from gosim import chan, go

unit = 20 * gs.time.Millisecond


def units(d):
    return (d + unit // 2) // unit  # rounded, as in Go, where a real sleep is a little late


async def reader(parcels, done):
    async for _ in parcels:
        await gs.time.sleep(1 * unit)  # unpacking
    await done.send(True)


async def measure(size):
    parcels, done = chan(int, size), chan(bool)
    go(reader, parcels, done)
    start, waited = gs.time.now(), 0
    for _burst in range(2):
        await gs.time.sleep(5 * unit)  # producing four parcels
        for i in range(4):
            before = gs.time.now()
            await parcels.send(i)  # Notice: while it waits here, the sender produces nothing
            waited += gs.time.since(before)
    await parcels.close()
    await done.recv()
    total = units(gs.time.since(start))
    print("buffer", size, "- sender waited", units(waited), "units, all done after", total)


async def main():
    for size in [0, 1, 2, 3]:
        await measure(size)
