"""A server sends heartbeats to devices while they are connected."""

import gosim as gs
from gosim import chan, go

devices = 2
INTERVAL = 10 * gs.time.Millisecond


class Device:
    """A device that hears two beats and then goes away."""

    def __init__(self, number):
        self.number = number
        self.beats = chan(int)

    async def stay(self):
        heard = 0
        while heard < 2:
            await self.beats.recv()
            heard += 1
        return heard


# EDIT
async def watch(device, ticker):
    async for _ in ticker.C:
        await device.beats.send(1)


async def serve(device):
    ticker = gs.time.new_ticker(INTERVAL)
    go(watch, device, ticker)
    heard = await device.stay()
    await device.beats.close()
    return heard


# END EDIT


async def main():
    for number in range(devices):
        device = Device(number)
        heard = await serve(device)
        print(f"device {number}: {heard} beats")
    await gs.time.sleep(gs.time.Second)
