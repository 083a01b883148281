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
async def watch(device):
    await device.beats.send(1)


async def serve(device):
    device.beats = chan(int, 2)
    await watch(device)
    await watch(device)
    return await device.stay()


# END EDIT


async def main():
    for number in range(devices):
        device = Device(number)
        heard = await serve(device)
        print(f"device {number}: {heard} beats")
    await gs.time.sleep(gs.time.Second)
