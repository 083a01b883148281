"""Two tokens for six workers, and every worker gives its token back, failed or not."""

import gosim as gs
from gosim import cap, chan, defers, go

n = 6
places = 2


async def work(i, tokens, finished):
    async with defers() as defer:
        await tokens.send(True)
        defer(tokens.recv)  # right after taking it
        if i < places:
            return
        await finished.send(i)


async def main():
    tokens, finished = chan(bool, places), chan(int, n)
    for i in range(n):
        go(work, i, tokens, finished)
    await gs.time.sleep(20 * gs.time.Millisecond)
    print("workers finished:", len(finished))
    print("tokens out:", len(tokens), "of", cap(tokens))
    print("workers waiting:", gs.runtime.num_goroutine() - 1)
