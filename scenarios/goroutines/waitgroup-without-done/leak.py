"""Three downloads and a goroutine that waits for them. One download forgets to sign off."""

import gosim as gs
from gosim import go

n = 3


async def download(i, wg):
    if i == 1:
        print("download", i, "failed")
        return  # Notice: this way out goes past done
    print("download", i, "finished")
    await wg.done()


async def main():
    wg = gs.sync.WaitGroup()
    for i in range(n):
        await wg.add(1)
        go(download, i, wg)

    async def wait_for_all():
        await wg.wait()  # the counter stays at 1
        print("everything is here")

    go(wait_for_all)
    await gs.time.sleep(20 * gs.time.Millisecond)
    print("goroutines left over:", gs.runtime.num_goroutine() - 1)
