"""The feed has a deadline. Nobody cancels it, and still it ends: later than it could."""

import gosim as gs
from gosim import chan, go, recv, select, send


def subscribe(ctx):
    ctx, cancel = gs.context.with_timeout(ctx, 50 * gs.time.Millisecond)
    news = chan(str)

    async def feed():
        line = 0
        while True:
            line += 1
            i, _, _ = await select(send(news, f"line {line}"), recv(ctx.done()))
            if i == 1:
                await news.close()  # the reader may still be there: a deadline asks nobody
                return

    go(feed)
    return news, cancel


async def read_three():
    news, _ = subscribe(gs.context.background())  # cancel is thrown away again
    for _ in range(3):
        line, ok = await news.recv_ok()
        if not ok:
            print("the feed has ended")
            return
        print(line)


async def main():
    await read_three()
    await gs.time.sleep(10 * gs.time.Millisecond)
    print("goroutines after 10 ms:", gs.runtime.num_goroutine() - 1)
    await gs.time.sleep(90 * gs.time.Millisecond)  # the deadline passes
    print("goroutines after 100 ms:", gs.runtime.num_goroutine() - 1)
