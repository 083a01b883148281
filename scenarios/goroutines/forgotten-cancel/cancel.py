"""The same news feed, and the reader says when it has enough."""

import gosim as gs
from gosim import chan, defers, go, recv, select, send


def subscribe(ctx):
    ctx, cancel = gs.context.with_cancel(ctx)
    news = chan(str)

    async def feed():
        line = 0
        while True:
            line += 1
            i, _, _ = await select(send(news, f"line {line}"), recv(ctx.done()))
            if i == 1:
                return

    go(feed)
    return news, cancel


async def read_three():
    async with defers() as defer:
        news, cancel = subscribe(gs.context.background())
        defer(cancel)  # right after it was made
        for _ in range(3):
            print(await news.recv())


async def main():
    await read_three()
    await gs.time.sleep(10 * gs.time.Millisecond)
    print("goroutines left over:", gs.runtime.num_goroutine() - 1)
