"""The listener is told when to go home, but it does not listen while it hands over a beat."""

import gosim as gs
from gosim import chan, go, recv, select


async def heart(ticker, beats, done):
    count = 0
    while True:
        i, _, _ = await select(recv(ticker.C), recv(done))
        if i == 0:
            count += 1
            await beats.send(count)  # Notice: a beat that comes too late finds nobody
        else:  # the way out that stop does not give
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
