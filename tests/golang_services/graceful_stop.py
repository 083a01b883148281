"""A service stops when it is told to: workers end, and main waits for them."""

import gosim as gs
from gosim import chan, go, recv, select


async def worker(ctx, jobs, wg):
    while True:
        i, _, _ = await select(recv(jobs), recv(ctx.done()))
        if i == 1:
            await wg.done()
            return


async def tell():
    await gs.time.sleep(10 * gs.time.Millisecond)
    await gs.signal.kill(gs.signal.getpid(), gs.signal.SIGTERM)


async def main():
    """A service stops when it is told to: workers end, and main waits for them."""
    signal = gs.signal
    background = gs.context.background()
    ctx, stop = await signal.notify_context(background, signal.Interrupt, signal.SIGTERM)
    jobs, wg = chan(int), gs.sync.WaitGroup()
    for _ in range(3):
        await wg.add(1)
        go(worker, ctx, jobs, wg)
    go(tell)
    await ctx.done().recv()
    gs.fmt.println("stopping:", ctx.err())
    await wg.wait()
    await stop()
    gs.fmt.println("a second one ends the process")
    await signal.kill(signal.getpid(), signal.SIGTERM)
    await gs.time.sleep(gs.time.Second)
    gs.fmt.println("never printed")
