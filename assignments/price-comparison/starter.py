"""A travel site asks several shops for a price and shows the first one that comes in."""

import gosim as gs
from gosim import chan, go

shops = 3
customers = 2
fastest = 0


async def think(shop):
    """What a shop does before it answers; one of them is the fastest."""
    await gs.time.sleep(((shop - fastest) % shops + 1) * 10 * gs.time.Millisecond)


def price(customer, shop):
    return 100 + customer + 7 * shop


# EDIT
async def fetch(customer, shop, quotes):
    await think(shop)
    await quotes.send(price(customer, shop))


async def quote(customer):
    """Return the first price that comes in."""
    quotes = chan(int)
    for shop in range(shops):
        go(fetch, customer, shop, quotes)
    return await quotes.recv()


# END EDIT


async def serve(customer):
    paid = await quote(customer)
    print(f"customer {customer} pays {paid}")


async def main():
    for customer in range(customers):
        await serve(customer)
    await gs.time.sleep(gs.time.Second)  # the site stays up; are the shops gone?
