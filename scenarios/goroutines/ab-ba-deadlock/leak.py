"""Two transfers in opposite directions: each holds one account and wants the other."""

import gosim as gs
from gosim import chan, defers, go


class Account:
    def __init__(self, money):
        self.mu = gs.sync.Mutex()
        self.money = money


async def transfer(source, target, amount, done):
    async with defers() as defer:
        await source.mu.lock()
        defer(source.mu.unlock)
        await gs.time.sleep(5 * gs.time.Millisecond)  # the other transfer takes its first lock
        await target.mu.lock()  # Notice: A waits for B's lock, B waits for A's lock
        defer(target.mu.unlock)
        source.money -= amount
        target.money += amount
        await done.send(True)


async def main():
    ann, bob = Account(100), Account(100)
    done = chan(bool, 2)
    go(transfer, ann, bob, 10, done)
    go(transfer, bob, ann, 20, done)
    await gs.time.sleep(50 * gs.time.Millisecond)  # main goes on, so the runtime reports nothing
    print("transfers finished:", len(done), "of 2")
