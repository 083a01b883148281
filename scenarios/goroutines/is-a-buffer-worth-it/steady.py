"""One parcel every two units, and a reader that needs one unit. Does a buffer help?"""

import gosim as gs
from gosim import chan, go

unit = 20 * gs.time.Millisecond
start = gs.time.now()


def now():
    return gs.time.since(start).round(unit) // unit  # in whole units


async def work(units):  # ends on a whole unit, so that late sleeps do not add up
    await gs.time.sleep(gs.time.until(start.add((now() + units) * unit)))


async def reader(parcels, done):
    async for _ in parcels:
        await work(1)  # unpacking
    await done.send(True)


async def measure(size):
    parcels, done = chan(int, size), chan(bool)
    go(reader, parcels, done)
    begin, waited = now(), 0
    for i in range(4):
        await work(2)  # producing one parcel
        before = now()
        await parcels.send(i)  # Notice: the reader waits here already, every time
        waited += now() - before
    await parcels.close()
    await done.recv()
    print("buffer", size, "- sender waited", waited, "units, all done after", now() - begin)


async def main():
    for size in [0, 1, 4]:
        await measure(size)
