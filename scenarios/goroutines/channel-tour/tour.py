"""A channel with three places: first in, first out. Who has to wait, and when?"""

import gosim as gs
from gosim import cap, chan, default, go, recv, select


async def main():
    ch = chan(str, 3)
    print("new:      len", len(ch), "cap", cap(ch))
    await ch.send("a")
    await ch.send("b")
    await ch.send("c")
    print("filled:   len", len(ch), "cap", cap(ch))

    sent = chan(bool)

    async def late_sender():
        await ch.send("d")  # no place left: this sender has to wait
        print("sender:   d has found a place")
        await sent.send(True)

    go(late_sender)
    await gs.time.sleep(5 * gs.time.Millisecond)
    v = await ch.recv()
    print("received:", v, "- a place is free, and d moves in at once: len", len(ch))
    await sent.recv()  # only now: a send on a closed channel would be a panic

    await ch.close()  # no more sends; what is inside can still be read
    async for v in ch:
        print("received:", v)
    v, ok = await ch.recv_ok()
    gs.fmt.printf("closed:   %q %v\n", v, ok)  # empty and closed: the zero value, at once

    empty = chan(str, 3)
    i, v, _ = await select(recv(empty), default)
    if i == 0:
        print("received:", v)
    else:
        print("empty:    a receiver would have to wait")
