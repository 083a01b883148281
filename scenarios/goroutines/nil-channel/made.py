"""The same program with a channel that was made."""

import gosim as gs
from gosim import chan, go


async def main():
    letters = chan(str)

    async def sender():
        print("sender: about to send")
        await letters.send("hello")
        print("sender: sent")

    async def receiver():
        print("receiver: about to receive")
        print("receiver: got", await letters.recv())

    go(sender)
    go(receiver)
    await gs.time.sleep(20 * gs.time.Millisecond)
    print("goroutines stuck:", gs.runtime.num_goroutine() - 1)
