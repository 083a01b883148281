"""Two tokens for six workers, and every worker gives its token back, failed or not."""

import gosim as gs
from gosim import cap, chan, defers, go

n = 6


async def work(i, tokens):
    async with defers() as defer:
        await tokens.send(True)
        defer(tokens.recv)  # right after taking it
        if i < 2:
            print("worker", i, "failed")
            return
        print("worker", i, "finished")


async def main():
    tokens = chan(bool, 2)
    for i in range(n):
        go(work, i, tokens)
    await gs.time.sleep(20 * gs.time.Millisecond)
    print("tokens out:", len(tokens), "of", cap(tokens))
    print("workers waiting:", gs.runtime.num_goroutine() - 1)
