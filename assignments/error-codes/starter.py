"""A watchdog reads log lines of 64 KiB and remembers the error code of each: four letters."""

import gosim as gs

lines = 30


@gs.struct
class Entry:
    code: str
    first: int  # the line it was seen in first
    times: int


codes = gs.nil_slice(gs.ptr(Entry))  # a package variable: it lives as long as the watchdog


def read_line(number):
    """Return a line of the log: an error code, then what else was written."""
    code = f"E{(number * 5 + 3) % 7:03d} "
    return gs.strings.repeat(code, 65536 // len(code))


def find(code):
    for entry in codes:
        if entry.code == code:
            return entry
    return None


# EDIT
def remember(line, number):
    """Note the code at the beginning of a line."""
    global codes
    code = line[:4]
    entry = find(code)
    if entry is None:
        codes = gs.append(codes, gs.new(Entry, code=code, first=number, times=1))
    else:
        entry.times += 1
        entry.code = code


# END EDIT


async def main():
    for number in range(lines):
        remember(read_line(number), number)
        await gs.time.sleep(gs.time.Millisecond)
    total = sum(entry.times for entry in codes)
    print(f"{total} lines, {len(codes)} kinds of errors")
    print(f"{codes[0].code} comes first, {codes[len(codes) - 1].code} last")
    await gs.runtime.gc()
