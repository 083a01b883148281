"""Three defers. In which order do they run, and with which values?"""

import gosim as gs
from gosim import defers


async def work():
    async with defers() as defer:
        room = 1
        defer(print, "defer 1: room was", room)  # Notice: when is room read?
        room = 2
        defer(print, "defer 2: room was", room)
        defer(lambda: print("defer 3: room is ", room))
        room = 3
        await gs.time.sleep(10 * gs.time.Millisecond)
        print("the function returns now")


async def main():
    await work()
    print("the function has returned")
