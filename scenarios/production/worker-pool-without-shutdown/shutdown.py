"""Every import shuts its worker pool down when it is done."""

import gosim as gs
from gosim import chan, go, recv, select

n = 3
workers = 4
rows = 8


async def work(jobs, results, quit):
    while True:
        i, job, _ = await select(recv(jobs), recv(quit))
        if i == 1:
            return
        await results.send(job * job)


async def import_file():
    jobs, results = chan(int), chan(int, rows)
    quit = chan(int)
    for _ in range(workers):
        go(work, jobs, results, quit)
    for row in range(1, rows + 1):
        await jobs.send(row)
    total = 0
    for _ in range(rows):
        total += await results.recv()
    await quit.close()  # all workers hear of it
    return total


async def main():
    for _ in range(n):
        print("imported:", await import_file())
    await gs.time.sleep(10 * gs.time.Millisecond)
    print("goroutines left:", gs.runtime.num_goroutine() - 1)
