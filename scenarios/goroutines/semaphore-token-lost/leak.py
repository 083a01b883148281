"""Two tokens for six workers. A worker that fails goes home with the token in its pocket."""

import gosim as gs
from gosim import cap, chan, go

n = 6
places = 2


async def work(i, tokens, finished):
    await tokens.send(True)  # take a token; waits when both are out
    if i < places:  # workers 0 and 1 fail
        return  # Notice: this way out keeps the token
    await finished.send(i)
    await tokens.recv()  # give the token back


async def main():
    tokens, finished = chan(bool, places), chan(int, n)
    for i in range(n):
        go(work, i, tokens, finished)
    await gs.time.sleep(20 * gs.time.Millisecond)
    print("workers finished:", len(finished))
    print("tokens out:", len(tokens), "of", cap(tokens))
    print("workers waiting:", gs.runtime.num_goroutine() - 1)
