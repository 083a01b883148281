"""The lock is taken once, at the door. The helper behind it takes no lock."""

import gosim as gs
from gosim import defers, go


class Library:
    def __init__(self, *books):
        self.mu = gs.sync.RWMutex()
        self.books = list(books)

    def count_locked(self):
        """Count; the caller holds the lock."""
        return len(self.books)

    async def report(self):
        async with defers() as defer:
            await self.mu.rlock()
            defer(self.mu.runlock)
            await gs.time.sleep(10 * gs.time.Millisecond)
            print("books:", self.count_locked())

    async def add(self, book):
        await gs.time.sleep(5 * gs.time.Millisecond)
        async with defers() as defer:
            await self.mu.lock()  # waits for one reader, which needs nothing more
            defer(self.mu.unlock)
            self.books.append(book)
            print("added:", book)


async def main():
    library = Library("Alice")
    go(library.report)
    go(library.add, "Emma")
    await gs.time.sleep(40 * gs.time.Millisecond)
    print("goroutines left over:", gs.runtime.num_goroutine() - 1)
