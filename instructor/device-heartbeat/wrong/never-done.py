"""A server sends heartbeats to devices while they are connected."""

import gosim as gs
from gosim import chan, defers, go, recv, select, send

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
async def watch(device, ticker, done):
    """Send a beat at every tick, until it is done."""
    while True:
        i, _, _ = await select(recv(ticker.C), recv(done))
        if i == 1:
            return
        i, _, _ = await select(send(device.beats, 1), recv(done))
        if i == 1:
            return


async def serve(device):
    """Watch a device until it goes away; return how many beats it heard."""
    async with defers() as defer:
        ticker = gs.time.new_ticker(INTERVAL)
        defer(ticker.stop)
        done = chan(int)
        go(watch, device, ticker, done)
        heard = await device.stay()
        return heard


# END EDIT


async def main():
    for number in range(devices):
        device = Device(number)
        heard = await serve(device)
        print(f"device {number}: {heard} beats")
    await gs.time.sleep(gs.time.Second)
