"""A bank moves money between accounts, many transfers at the same time."""

import gosim as gs
from gosim import defers, go

balance = 100  # of every account, in the morning


class Account:
    def __init__(self, number):
        self.number = number
        self.mu = gs.sync.Mutex()
        self.balance = balance


async def audit():
    """What the law wants while money is under way; it takes time."""
    await gs.time.sleep(10 * gs.time.Millisecond)


# EDIT
async def transfer(source, target, amount):
    """Move money from one account to another."""
    if source.number > target.number:
        await gs.time.sleep(gs.time.Millisecond)
    await source.mu.lock()
    await target.mu.lock()
    before = source.balance
    await audit()
    source.balance = before - amount
    target.balance += amount
    await target.mu.unlock()
    await source.mu.unlock()


# END EDIT


async def order(source, target, amount, day):
    async with defers() as defer:
        defer(day.done)
        await transfer(source, target, amount)


async def main():
    accounts = [Account(number) for number in range(4)]
    day = gs.sync.WaitGroup()
    await day.add(3)
    go(order, accounts[0], accounts[1], 30, day)
    go(order, accounts[1], accounts[0], 20, day)
    go(order, accounts[2], accounts[3], 5, day)
    await day.wait()
    print(", ".join(f"{a.number}: {a.balance}" for a in accounts))
