"""Every night some files are uploaded; an open file takes a buffer and a place in a table."""

import gosim as gs
from gosim import defers

files = 12

is_open = 0
peak = 0
arrived = []


@gs.struct
class File:
    number: int
    closed: bool
    buffer: gs.types.slice_type(gs.types.BYTE)


def open_file(number):
    global is_open, peak
    is_open += 1
    peak = max(peak, is_open)
    return gs.new(File, number=number, buffer=gs.make_slice(gs.types.BYTE, 128 << 10))


def close(f):
    global is_open
    is_open -= 1
    f.closed = True


async def send(f):
    """Send what is in a file; return whether it was readable."""
    await gs.time.sleep(5 * gs.time.Millisecond)
    if f.closed:
        gs.panic("read of a closed file")
    if f.number == 5:
        return False
    arrived.append(f.number)
    return True


# EDIT
async def upload():
    """Send all files."""
    async with defers() as defer:
        for number in range(files):
            f = open_file(number)
            defer(close, f)
            if not await send(f):
                print("damaged: file", number)
                continue


# END EDIT


async def main():
    await upload()
    await gs.runtime.gc()
    print(f"arrived {len(arrived)}, the last is file {arrived[-1]}")
    print(f"at most {peak} open, {is_open} left open")
