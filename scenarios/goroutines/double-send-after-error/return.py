"""A goroutine reports its result: an error or success."""

import gosim as gs
from gosim import chan, go


async def save(name, result):
    if name == "":
        await result.send(gs.errors.new("no file name"))
        return  # one result on each way through the function
    await result.send(None)


async def main():
    result = chan()
    go(save, "", result)
    err = await result.recv()
    if err is not None:
        print("not saved:", err)
    await gs.time.sleep(10 * gs.time.Millisecond)
    print("goroutines left over:", gs.runtime.num_goroutine() - 1)
