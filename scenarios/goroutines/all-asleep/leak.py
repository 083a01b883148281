"""Two polite goroutines: each waits for the other to speak first. Main waits for both."""

import gosim as gs
from gosim import chan, defers, go


async def talk(name, hear, say, wg):
    async with defers() as defer:
        defer(wg.done)
        word = await hear.recv()  # Notice: both stand here, and both words come after this line
        await say.send("hello from " + name)
        print(name, "heard:", word)


async def main():
    to_ann, to_bob = chan(str, 1), chan(str, 1)
    wg = gs.sync.WaitGroup()
    await wg.add(2)
    go(talk, "Ann", to_ann, to_bob, wg)
    go(talk, "Bob", to_bob, to_ann, wg)
    print("main waits for the conversation to end")
    await wg.wait()  # three goroutines asleep, nothing left to wake them: the runtime gives up
    print("this line is never printed")
