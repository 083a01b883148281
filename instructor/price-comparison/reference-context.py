"""A travel site asks several shops for a price and shows the first one that comes in."""

import gosim as gs
from gosim import chan, defers, go, recv, select, send

shops = 3
customers = 2
fastest = 0


async def think(shop):
    """What a shop does before it answers; one of them is the fastest."""
    await gs.time.sleep(((shop - fastest) % shops + 1) * 10 * gs.time.Millisecond)


def price(customer, shop):
    return 100 + customer + 7 * shop


# EDIT
async def fetch(ctx, customer, shop, quotes):
    await think(shop)
    await select(send(quotes, price(customer, shop)), recv(ctx.done()))


async def quote(customer):
    """Return the first price that comes in, and call the others back."""
    async with defers() as defer:
        ctx, cancel = gs.context.with_cancel(gs.context.background())
        defer(cancel)
        quotes = chan(int)
        for shop in range(shops):
            go(fetch, ctx, customer, shop, quotes)
        return await quotes.recv()


# END EDIT


async def serve(customer):
    paid = await quote(customer)
    print(f"customer {customer} pays {paid}")


async def main():
    for customer in range(customers):
        await serve(customer)
    await gs.time.sleep(gs.time.Second)  # the site stays up; are the shops gone?
