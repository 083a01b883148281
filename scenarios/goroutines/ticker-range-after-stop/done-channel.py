"""The listener gets a second channel that tells it when to go home, wherever it waits."""

import gosim as gs
from gosim import chan, go, recv, select, send


async def heart(ticker, beats, done):
    count = 0
    while True:
        i, _, _ = await select(recv(ticker.C), recv(done))
        if i == 0:
            count += 1
            # a beat that comes too late finds nobody: the way out is needed here, too
            i, _, _ = await select(send(beats, count), recv(done))
        if i == 1:  # the way out that stop does not give
            print("heart: stopped")
            return


async def main():
    ticker = gs.time.new_ticker(10 * gs.time.Millisecond)
    beats, done = chan(int), chan()
    go(heart, ticker, beats, done)
    for _ in range(3):
        print("beat", await beats.recv())
    await ticker.stop()
    await done.close()
    await gs.time.sleep(30 * gs.time.Millisecond)
    print("goroutines still listening:", gs.runtime.num_goroutine() - 1)
