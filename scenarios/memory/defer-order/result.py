"""A deferred function runs after return has set the result. Can it still change it?"""

import gosim as gs
from gosim import defers, panic


async def named():
    result = 0

    def twice():
        nonlocal result
        result *= 2  # Notice: it sees the result itself

    async with defers() as defer:
        defer(twice)
        await gs.time.sleep(10 * gs.time.Millisecond)
        result = 21
    return result


async def unnamed():
    result = 21

    def twice():
        nonlocal result
        result *= 2  # too late: 21 was copied by the return

    async with defers() as defer:
        defer(twice)
        await gs.time.sleep(10 * gs.time.Millisecond)
        return result


async def saved():
    async with defers() as defer:
        defer(lambda: defer.recover())
        panic("something broke")
    return -1  # where a function goes on after it has recovered


async def main():
    print("named:  ", await named())
    print("unnamed:", await unnamed())
    print("saved:  ", await saved())
