"""Clerks sell the seats of a theatre; who comes too late is turned away."""

import gosim as gs
from gosim import defers, go

clerks = 4
seats = 2


class Office:
    def __init__(self):
        self.mu = gs.sync.Mutex()
        self.seats = seats
        self.sold = 0
        self.turned_away = 0


async def print_ticket():
    """It takes some time, and others may look in the meantime."""
    await gs.time.sleep(gs.time.Millisecond)


# EDIT
async def sell(office):
    if not await office.mu.try_lock():
        office.turned_away += 1
        return
    if office.seats == 0:
        office.turned_away += 1
        await office.mu.unlock()
        return
    await print_ticket()
    office.seats -= 1
    office.sold += 1
    await office.mu.unlock()


# END EDIT


async def work(office, closing):
    async with defers() as defer:
        defer(closing.done)
        await sell(office)


async def main():
    office = Office()
    closing = gs.sync.WaitGroup()
    await closing.add(clerks)
    for _ in range(clerks):
        go(work, office, closing)
    await closing.wait()
    print(f"sold {office.sold}, turned away {office.turned_away}, left {office.seats}")
