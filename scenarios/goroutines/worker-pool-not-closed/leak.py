"""A pool of workers does all its jobs and then waits for more, for ever."""

import gosim as gs
from gosim import chan, go

n = 4
todo = 8


async def worker(jobs, squares, wg):
    async for job in jobs:  # Notice: ends when jobs is closed, and nobody closes it
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
    await wg.wait()  # all jobs are done; the workers are not
    print("jobs done:", len(squares))
    await gs.time.sleep(10 * gs.time.Millisecond)
    print("workers still waiting:", gs.runtime.num_goroutine() - 1)
