"""Channels that hear signals, one that is full, one that was stopped, and a worker that is left."""

import gosim as gs
from gosim import chan, go


async def hear(hears):
    gs.fmt.println("heard", await hears.recv())


async def main():
    """Channels that hear signals, one that is full, one that was stopped, and who is left."""
    signal, self = gs.signal, gs.signal.getpid()
    hears, full = chan(signal.Signal, 1), chan(signal.Signal)
    await signal.notify(hears, signal.SIGUSR1, signal.SIGHUP)
    await signal.notify(full, signal.SIGUSR1)
    gs.fmt.println(await signal.kill(self, signal.SIGUSR1), str(await hears.recv()))
    await signal.ignore(signal.SIGHUP)
    gs.fmt.println(await signal.kill(self, signal.SIGHUP), signal.ignored(signal.SIGHUP))
    await signal.stop(hears)
    err = await signal.kill(self, signal.SIGUSR1)
    gs.fmt.println(err, len(hears), await signal.kill(self, signal.SIGUSR2))
    go(hear, hears)
    await gs.time.sleep(10 * gs.time.Millisecond)
