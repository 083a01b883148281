"""A channel without places: sender and receiver meet. Whoever comes first waits."""

import gosim as gs
from gosim import cap, chan, go


async def main():
    ch = chan(int)
    print("len", len(ch), "cap", cap(ch))

    async def late_sender():
        await gs.time.sleep(10 * gs.time.Millisecond)
        print("sender: late")
        await ch.send(1)  # the receiver waits already

    go(late_sender)
    print("receiver: waits")
    print("receiver: got", await ch.recv())

    async def early_sender():
        print("sender: waits")
        await ch.send(2)
        print("sender: goes on")

    go(early_sender)
    await gs.time.sleep(10 * gs.time.Millisecond)
    print("receiver: late, len is still", len(ch))  # a waiting sender is not in a buffer
    print("receiver: got", await ch.recv())
    await gs.time.sleep(10 * gs.time.Millisecond)
