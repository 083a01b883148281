"""One value is sent, and then the sender says "that was all" by closing the channel."""

import gosim as gs
from gosim import chan, go

n = 10


async def receive(i, ch, sent_home):
    v, ok = await ch.recv_ok()
    if not ok:  # closed: nothing will come any more
        await sent_home.send(i)
        return
    print("receiver", i, "got", v)


async def main():
    ch, sent_home = chan(int), chan(int, n)
    for i in range(n):
        go(receive, i, ch, sent_home)
    await gs.time.sleep(10 * gs.time.Millisecond)
    await ch.send(42)
    await ch.close()  # wakes every receiver, however many there are
    await gs.time.sleep(10 * gs.time.Millisecond)
    print("receivers sent home:", len(sent_home))
    print("goroutines left over:", gs.runtime.num_goroutine() - 1)
