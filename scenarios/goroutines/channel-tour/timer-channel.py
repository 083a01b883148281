"""The exception: the channel of a timer. Run it with --go 1.22 and with --go 1.27."""

import gosim as gs
from gosim import cap, default, recv, select


async def main():
    timer = gs.time.new_timer(10 * gs.time.Millisecond)
    print("before it fires: len", len(timer.C), "cap", cap(timer.C))
    await gs.time.sleep(30 * gs.time.Millisecond)
    print("after it fired:  len", len(timer.C), "cap", cap(timer.C))
    i, _, _ = await select(recv(timer.C), default)
    if i == 0:  # Notice: a value is there, whatever len says
        print("received the time")
    else:
        print("nothing there")
