"""A channel that was declared and never made."""

import gosim as gs
from gosim import go, nil_chan


async def main():
    letters = nil_chan(str)  # Notice: Go's `var letters chan string` without make

    async def sender():
        print("sender: about to send")
        await letters.send("hello")  # a nil channel has no queue and no partner
        print("sender: sent")

    async def receiver():
        print("receiver: about to receive")
        print("receiver: got", await letters.recv())  # the sender is there, and nothing comes

    go(sender)
    go(receiver)
    await gs.time.sleep(20 * gs.time.Millisecond)
    print("goroutines stuck:", gs.runtime.num_goroutine() - 1)
