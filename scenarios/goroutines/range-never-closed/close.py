"""The sender closes the channel after the last page."""

import gosim as gs
from gosim import chan, go


async def printer(pages):
    async for page in pages:
        print("printing", page)
    print("printer: switched off")


async def main():
    pages = chan(str)
    go(printer, pages)
    for page in ["title", "preface", "chapter 1"]:
        await pages.send(page)
    await pages.close()  # the sender says: that was all
    await gs.time.sleep(10 * gs.time.Millisecond)
    print("goroutines left over:", gs.runtime.num_goroutine() - 1)
