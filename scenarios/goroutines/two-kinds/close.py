"""No answer will come, and somebody says so."""

import gosim as gs
from gosim import chan, go, recv, select


async def patient(answers):
    _, ok = await answers.recv_ok()  # a closed channel answers everybody at once
    if not ok:
        print("patient: told that nothing will come")


async def careful(answers):
    await select(recv(answers), recv(gs.time.after(30 * gs.time.Millisecond)))


async def main():
    answers = chan(str)
    go(patient, answers)
    go(careful, answers)
    await gs.time.sleep(10 * gs.time.Millisecond)
    await answers.close()
    await gs.time.sleep(50 * gs.time.Millisecond)
    print("waiting after 60 ms:", gs.runtime.num_goroutine() - 1)
