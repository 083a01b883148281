"""A pool of workers does all its jobs and is sent home."""

import gosim as gs
from gosim import chan, go

n = 4
todo = 8


async def worker(jobs, squares, wg):
    async for job in jobs:
        await squares.send(job * job)
        await wg.done()


async def main():
    jobs, squares = chan(int), chan(int, todo)
    wg = gs.sync.WaitGroup()
    for _ in range(n):
        go(worker, jobs, squares, wg)
    for job in range(1, todo + 1):
        await wg.add(1)
        await jobs.send(job)
    await jobs.close()  # no more jobs: every loop over jobs ends
    await wg.wait()
    print("jobs done:", len(squares))
    await gs.time.sleep(10 * gs.time.Millisecond)
    print("workers still waiting:", gs.runtime.num_goroutine() - 1)
