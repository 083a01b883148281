"""A buffer of one: one loser finds a place for its answer. And the others?"""

import gosim as gs
from gosim import chan, go

n = 3


async def ask(server, answers):
    await gs.time.sleep(server * 10 * gs.time.Millisecond)  # server 0 is the fastest
    await answers.send(f"answer of server {server}")


async def first_answer():
    answers = chan(str, 1)  # Notice: with two servers this would look like a repair
    for i in range(n):
        go(ask, i, answers)
    return await answers.recv()


async def main():
    print("first:", await first_answer())
    await gs.time.sleep((n + 2) * 10 * gs.time.Millisecond)  # the slow servers are ready now, too
    print("goroutines left over:", gs.runtime.num_goroutine() - 1)
