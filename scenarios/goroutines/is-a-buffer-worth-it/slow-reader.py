"""One parcel every unit, and a reader that needs two. Does a buffer help?"""

import gosim as gs
from gosim import chan, go

unit = 20 * gs.time.Millisecond


def units(d):
    return (d + unit // 2) // unit  # rounded, as in Go, where a real sleep is a little late


async def reader(parcels, done):
    async for _ in parcels:
        await gs.time.sleep(2 * unit)  # unpacking
    await done.send(True)


async def measure(size):
    parcels, done = chan(int, size), chan(bool)
    go(reader, parcels, done)
    start, waited = gs.time.now(), 0
    for i in range(5):
        await gs.time.sleep(1 * unit)  # producing one parcel
        before = gs.time.now()
        await parcels.send(i)  # Notice: the reader is busy, and a buffer fills up sooner or later
        waited += gs.time.since(before)
    await parcels.close()
    await done.recv()
    total = units(gs.time.since(start))
    print("buffer", size, "- sender waited", units(waited), "units, all done after", total)


async def main():
    for size in [0, 2, 8]:
        await measure(size)
