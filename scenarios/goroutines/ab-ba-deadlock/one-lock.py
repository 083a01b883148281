"""Two transfers in opposite directions under one lock for the whole bank."""

import gosim as gs
from gosim import chan, defers, go


class Account:
    def __init__(self, money):
        self.money = money


async def transfer(bank, source, target, amount, done):
    async with defers() as defer:
        await bank.lock()  # one lock cannot form a cycle; the price is that transfers queue up
        defer(bank.unlock)
        await gs.time.sleep(5 * gs.time.Millisecond)
        source.money -= amount
        target.money += amount
        await done.send(True)


async def main():
    bank = gs.sync.Mutex()
    ann, bob = Account(100), Account(100)
    done = chan(bool, 2)
    go(transfer, bank, ann, bob, 10, done)
    go(transfer, bank, bob, ann, 20, done)
    await gs.time.sleep(50 * gs.time.Millisecond)
    print("transfers finished:", len(done), "of 2")
