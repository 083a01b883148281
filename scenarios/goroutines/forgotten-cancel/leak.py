"""A news feed that runs until it is cancelled. Main reads three lines and never cancels."""

import gosim as gs
from gosim import chan, go, recv, select, send


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
    news, _ = subscribe(gs.context.background())  # Notice: the cancel function is thrown away
    for _ in range(3):
        print(await news.recv())


async def main():
    await read_three()
    await gs.time.sleep(10 * gs.time.Millisecond)
    print("goroutines left over:", gs.runtime.num_goroutine() - 1)
