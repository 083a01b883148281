"""A copy reports its progress on a channel; who wants no reports hands over a nil channel."""

import gosim as gs
from gosim import chan, go, nil_chan

blocks = 3


async def copy_block(number):
    await gs.time.sleep(gs.time.Millisecond)


# EDIT
async def copy(report, copied):
    """Copy all blocks; report each of them, and say at the end how many there were."""
    for number in range(blocks):
        await copy_block(number)
        if report.is_nil:
            report = chan(int)
        await report.send(number)
    if not report.is_nil:
        await report.close()
    await copied.send(blocks)


async def listen(report, heard):
    """Count the reports."""
    if report.is_nil:
        return
    count = 0
    async for _ in report:
        count += 1
    await heard.send(count)


# END EDIT


async def loud():
    """Copy with somebody who listens."""
    report, copied, heard = chan(int), chan(int, 1), chan(int, 1)
    go(copy, report, copied)
    go(listen, report, heard)
    print(f"loud: {await copied.recv()} blocks, {await heard.recv()} reports")


async def quiet():
    """Copy without; what was not made is nil."""
    report, copied, heard = nil_chan(int), chan(int, 1), chan(int, 1)
    go(listen, report, heard)
    go(copy, report, copied)
    print(f"quiet: {await copied.recv()} blocks")


async def main():
    await loud()
    await quiet()
    await gs.time.sleep(gs.time.Second)
