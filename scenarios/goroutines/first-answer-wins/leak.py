"""Three servers get the same question. The first answer wins. Where do the others go?"""

import gosim as gs
from gosim import chan, go

n = 3


async def ask(server, answers):
    await gs.time.sleep(server * 10 * gs.time.Millisecond)  # server 0 is the fastest
    await answers.send(f"answer of server {server}")  # Notice: only one of these is ever read


async def first_answer():
    answers = chan(str)
    for i in range(n):
        go(ask, i, answers)
    return await answers.recv()


async def main():
    print("first:", await first_answer())
    await gs.time.sleep((n + 2) * 10 * gs.time.Millisecond)  # the slow servers are ready now, too
    print("goroutines left over:", gs.runtime.num_goroutine() - 1)
