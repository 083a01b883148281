"""The same two polite goroutines, but main has something else to do."""

import gosim as gs
from gosim import chan, go


async def talk(name, hear, say):
    word = await hear.recv()
    await say.send("hello from " + name)
    print(name, "heard:", word)


async def main():
    to_ann, to_bob = chan(str, 1), chan(str, 1)
    go(talk, "Ann", to_ann, to_bob)
    go(talk, "Bob", to_bob, to_ann)
    for hour in range(1, 4):
        await gs.time.sleep(5 * gs.time.Millisecond)
        # Notice: no message from the runtime, as long as one goroutine can still run
        print("hour", hour, "- goroutines waiting:", gs.runtime.num_goroutine() - 1)
