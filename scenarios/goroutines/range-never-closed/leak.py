"""The printer takes pages until the channel is closed. Nobody closes it."""

import gosim as gs
from gosim import chan, go


async def printer(pages):
    async for page in pages:  # ends when pages is closed, and only then
        print("printing", page)
    print("printer: switched off")


async def main():
    pages = chan(str)
    go(printer, pages)
    for page in ["title", "preface", "chapter 1"]:
        await pages.send(page)
    # Notice: main knows that this was the last page, and keeps it to itself
    await gs.time.sleep(10 * gs.time.Millisecond)
    print("goroutines left over:", gs.runtime.num_goroutine() - 1)
