"""Two goroutines wait for an answer that never comes. One of them has a limit."""

import gosim as gs
from gosim import chan, go, recv, select


async def patient(answers):
    print("patient got:", await answers.recv())  # waits as long as the process lives: permanent


async def careful(answers):
    i, answer, _ = await select(
        recv(answers),
        recv(gs.time.after(30 * gs.time.Millisecond)),  # gives up: temporary
    )
    if i == 0:
        print("careful got:", answer)


async def main():
    answers = chan(str)
    go(patient, answers)
    go(careful, answers)
    await gs.time.sleep(10 * gs.time.Millisecond)
    print("waiting after 10 ms:", gs.runtime.num_goroutine() - 1)
    await gs.time.sleep(50 * gs.time.Millisecond)
    print("waiting after 60 ms:", gs.runtime.num_goroutine() - 1)  # Notice: one is left for good
