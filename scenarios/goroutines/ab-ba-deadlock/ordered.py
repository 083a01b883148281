"""Two transfers in opposite directions, and both lock in the same order."""

import gosim as gs
from gosim import chan, defers, go


class Account:
    def __init__(self, number, money):
        self.mu = gs.sync.Mutex()
        self.number = number
        self.money = money


async def transfer(source, target, amount, done):
    first, second = source, target
    if second.number < first.number:
        first, second = second, first
    async with defers() as defer:
        await first.mu.lock()  # the lower account number always comes first: no cycle is possible
        defer(first.mu.unlock)
        await gs.time.sleep(5 * gs.time.Millisecond)
        await second.mu.lock()
        defer(second.mu.unlock)
        source.money -= amount
        target.money += amount
        await done.send(True)


async def main():
    ann, bob = Account(1, 100), Account(2, 100)
    done = chan(bool, 2)
    go(transfer, ann, bob, 10, done)
    go(transfer, bob, ann, 20, done)
    await gs.time.sleep(50 * gs.time.Millisecond)
    print("transfers finished:", len(done), "of 2")
