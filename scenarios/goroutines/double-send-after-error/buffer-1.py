"""There is a place for the second report. Nobody is left over, and nobody reads it."""

import gosim as gs
from gosim import chan, go


async def save(name, result):
    if name == "":
        await result.send(gs.errors.new("no file name"))
        # Notice: there is no return here, so the function goes on
    await result.send(None)  # Notice: "no error" lies in the buffer now, for whoever reads next


async def main():
    result = chan(object, 1)
    go(save, "", result)
    err = await result.recv()
    if err is not None:
        print("not saved:", err)
    await gs.time.sleep(10 * gs.time.Millisecond)
    print("goroutines left over:", gs.runtime.num_goroutine() - 1)
