"""Two diners, two forks, and a pause that is meant to repair it."""

import gosim as gs
from gosim import defers, go


class Table:
    def __init__(self):
        self.left, self.right = gs.sync.Mutex(), gs.sync.Mutex()
        self.meals = 0


async def eat(table):
    table.meals += 1


async def patient(table, done):
    """Wait a moment, so that the other one is through (the repair)."""
    async with defers() as defer:
        defer(done.done)
        await gs.time.sleep(50 * gs.time.Millisecond)
        await table.right.lock()
        await table.left.lock()
        await eat(table)
        await table.left.unlock()
        await table.right.unlock()


async def hasty(table, done):
    async with defers() as defer:
        defer(done.done)
        await table.left.lock()
        await table.right.lock()
        await eat(table)
        await table.right.unlock()
        await table.left.unlock()


async def main():
    table, done = Table(), gs.sync.WaitGroup()
    await done.add(2)
    go(hasty, table, done)
    go(patient, table, done)
    await done.wait()
    print("meals:", table.meals)
