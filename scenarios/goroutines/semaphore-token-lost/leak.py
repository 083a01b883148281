"""Two tokens for six workers. A worker that fails goes home with the token in its pocket."""

import gosim as gs
from gosim import cap, chan, go

n = 6


async def work(i, tokens):
    await tokens.send(True)  # take a token; waits when both are out
    if i < 2:
        print("worker", i, "failed")
        return  # Notice: this way out keeps the token
    print("worker", i, "finished")
    await tokens.recv()  # give the token back


async def main():
    tokens = chan(bool, 2)
    for i in range(n):
        go(work, i, tokens)
    await gs.time.sleep(20 * gs.time.Millisecond)
    print("tokens out:", len(tokens), "of", cap(tokens))
    print("workers waiting:", gs.runtime.num_goroutine() - 1)
