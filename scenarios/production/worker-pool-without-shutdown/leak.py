"""Every import makes a worker pool of its own, and nobody shuts it down."""

import gosim as gs
from gosim import chan, go, recv, select

n = 3
workers = 4
rows = 8


class Pool:
    def __init__(self):
        self.jobs = chan(int)
        self.results = chan(int, rows)
        self.quit = chan(int)

    async def work(self):
        while True:
            i, job, _ = await select(recv(self.jobs), recv(self.quit))
            if i == 1:
                return
            await self.results.send(job * job)


async def import_file():
    p = Pool()  # Notice: who closes quit?
    for _ in range(workers):
        go(p.work)
    for row in range(1, rows + 1):
        await p.jobs.send(row)
    total = 0
    for _ in range(rows):
        total += await p.results.recv()
    return total


async def main():
    for _ in range(n):
        print("imported:", await import_file())
    await gs.time.sleep(10 * gs.time.Millisecond)
    print("goroutines left:", gs.runtime.num_goroutine() - 1)
