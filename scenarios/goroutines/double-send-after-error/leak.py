"""A goroutine reports its result: an error, and then success as well."""

import gosim as gs
from gosim import chan, go


async def save(name, result):
    if name == "":
        await result.send(gs.errors.new("no file name"))
        # Notice: there is no return here, so the function goes on
    await result.send(None)  # after an error this is the second report, and nobody reads it


async def main():
    result = chan()
    go(save, "", result)
    err = await result.recv()
    if err is not None:
        print("not saved:", err)
    await gs.time.sleep(10 * gs.time.Millisecond)
    print("goroutines left over:", gs.runtime.num_goroutine() - 1)
