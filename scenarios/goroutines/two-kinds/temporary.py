"""Everybody has a limit. Main returns earlier, so what is still there then is only late."""

import gosim as gs
from gosim import chan, go, recv, select


async def careful(answers):
    i, answer, _ = await select(
        recv(answers),
        recv(gs.time.after(30 * gs.time.Millisecond)),  # Notice: it ends 20 ms after main
    )
    if i == 0:
        print("careful got:", answer)


async def main():
    answers = chan(str)
    for _ in range(2):
        go(careful, answers)
    await gs.time.sleep(10 * gs.time.Millisecond)
    print("waiting after 10 ms:", gs.runtime.num_goroutine() - 1)
