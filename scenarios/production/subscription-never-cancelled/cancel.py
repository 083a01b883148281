"""Clients subscribe to events, and cancel when they go away."""

import gosim as gs
from gosim import chan, go

n = 3


# The subscriptions of all clients: a channel for each.
mu = gs.sync.Mutex()
subs = {}


async def subscribe():
    await mu.lock()
    events = chan(str, 1)
    subs[events] = True
    await mu.unlock()
    return events


async def cancel(events):
    await mu.lock()
    del subs[events]
    await events.close()
    await mu.unlock()


async def client():
    events = await subscribe()

    async def forward():
        async for event in events:
            print("sent to the client:", event)

    go(forward)
    await gs.time.sleep(gs.time.Millisecond)  # the client reads a while, and goes away
    await cancel(events)  # closes the channel, and the loop ends


async def main():
    for _ in range(n):
        await client()
    await gs.time.sleep(10 * gs.time.Millisecond)
    left = gs.runtime.num_goroutine() - 1
    print("subscriptions:", len(subs), "goroutines left:", left)
