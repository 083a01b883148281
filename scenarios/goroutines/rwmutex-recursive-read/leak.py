"""A reader reads twice, and a writer arrives in between."""

import gosim as gs
from gosim import defers, go


class Library:
    def __init__(self, *books):
        self.mu = gs.sync.RWMutex()
        self.books = list(books)

    async def count(self):
        async with defers() as defer:
            await self.mu.rlock()  # Notice: the caller holds a read lock already
            defer(self.mu.runlock)
            return len(self.books)

    async def report(self):
        async with defers() as defer:
            await self.mu.rlock()
            defer(self.mu.runlock)
            await gs.time.sleep(10 * gs.time.Millisecond)  # meanwhile the writer asks for the lock
            print("books:", await self.count())

    async def add(self, book):
        await gs.time.sleep(5 * gs.time.Millisecond)
        async with defers() as defer:
            await self.mu.lock()  # waits for the reader, and makes every new reader wait behind it
            defer(self.mu.unlock)
            self.books.append(book)
            print("added:", book)


async def main():
    library = Library("Alice")
    go(library.report)
    go(library.add, "Emma")
    await gs.time.sleep(40 * gs.time.Millisecond)
    print("goroutines left over:", gs.runtime.num_goroutine() - 1)
