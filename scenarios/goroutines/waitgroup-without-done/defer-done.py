"""Three downloads, and every one of them signs off, whatever happens."""

import gosim as gs
from gosim import defers, go

n = 3


async def download(i, wg):
    async with defers() as defer:
        defer(wg.done)  # the first line of the goroutine: runs on every way out
        if i == 1:
            print("download", i, "failed")
            return
        print("download", i, "finished")


async def main():
    wg = gs.sync.WaitGroup()
    for i in range(n):
        await wg.add(1)
        go(download, i, wg)

    async def wait_for_all():
        await wg.wait()
        print("everything is here")

    go(wait_for_all)
    await gs.time.sleep(20 * gs.time.Millisecond)
    print("goroutines left over:", gs.runtime.num_goroutine() - 1)
