"""The ticker is stopped, as it should be. The goroutine that listens to it stays."""

import gosim as gs
from gosim import chan, go


async def heart(ticker, beats):
    count = 0
    async for _ in ticker.C:  # Notice: the loop ends when C is closed, and stop does not close it
        count += 1
        await beats.send(count)
    print("heart: stopped")  # never printed


async def main():
    ticker = gs.time.new_ticker(10 * gs.time.Millisecond)
    beats = chan(int)
    go(heart, ticker, beats)
    for _ in range(3):
        print("beat", await beats.recv())
    await ticker.stop()  # no more ticks, but no end either
    await gs.time.sleep(30 * gs.time.Millisecond)
    print("goroutines still listening:", gs.runtime.num_goroutine() - 1)
