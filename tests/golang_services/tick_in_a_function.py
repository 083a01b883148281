"""time.Tick in a function that returns: the goroutine ends, the ticker cannot be stopped."""

import gosim as gs
from gosim import chan, go


async def poll(n):
    """The ticker cannot be stopped; the loop ends."""
    seen = 0
    async for _ in gs.time.tick(gs.time.Millisecond):
        seen += 1
        if seen == n:
            break
    return seen


async def watch(every, beat):
    async for _ in gs.time.tick(every):
        await beat.send(1)


async def main():
    gs.fmt.println(await poll(3), await poll(2))
    beat = chan(int)
    go(watch, 5 * gs.time.Millisecond, beat)
    for _ in range(3):
        await beat.recv()
    await gs.time.sleep(20 * gs.time.Millisecond)
    gs.fmt.println("goroutines:", gs.runtime.num_goroutine())
