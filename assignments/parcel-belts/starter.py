"""A sorting centre: a feeder, some belts, and a receipt for every parcel."""

import gosim as gs
from gosim import chan, go

parcels = 3
belts = 2


def weigh(parcel):
    """What is done with a parcel."""
    return parcel


async def take_down(receipt, book):
    book.append(receipt)


# EDIT
async def belt(inbox, receipts):
    """Take parcels, send a receipt for each."""
    async for parcel in inbox:
        await receipts.send(weigh(parcel))


async def feed(inbox):
    for parcel in range(parcels):
        await inbox.send(parcel)


async def sort(book):
    """Run all belts; write every receipt into the book."""
    inbox, receipts = chan(int), chan(int)
    for _ in range(belts):
        go(belt, inbox, receipts)
    go(feed, inbox)
    for _ in range(belts):
        await take_down(await receipts.recv(), book)


# END EDIT


async def main():
    book = []
    await sort(book)
    print(f"{len(book)} receipts, sum {sum(book)}")
    await gs.time.sleep(gs.time.Hour)  # the evening
