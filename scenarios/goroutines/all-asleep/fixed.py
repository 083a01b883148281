"""One of the two speaks first."""

import gosim as gs
from gosim import chan, defers, go


async def talk(name, first, hear, say, wg):
    async with defers() as defer:
        defer(wg.done)
        if first:
            await say.send("hello from " + name)  # somebody has to begin
        word = await hear.recv()
        print(name, "heard:", word)
        if not first:
            await say.send("hello from " + name)


async def main():
    to_ann, to_bob = chan(str, 1), chan(str, 1)
    wg = gs.sync.WaitGroup()
    await wg.add(2)
    go(talk, "Ann", True, to_ann, to_bob, wg)
    go(talk, "Bob", False, to_bob, to_ann, wg)
    print("main waits for the conversation to end")
    await wg.wait()
    print("the conversation is over")
