"""The same fields, the large ones first."""

import gosim as gs


@gs.struct
class Record:
    size: int
    open: bool
    changed: bool  # two bools stand side by side


blocks = gs.nil_slice(gs.types.slice_type(Record))


async def live_mib():
    await gs.runtime.gc()
    return (gs.runtime.read_mem_stats().heap_alloc + (1 << 19)) >> 20


async def main():
    global blocks
    print("size of a record:", gs.unsafe.sizeof(Record), "bytes")
    layout = ["."] * gs.unsafe.sizeof(Record)
    for field, letters in (("open", "o"), ("size", "ssssssss"), ("changed", "c")):
        at = gs.unsafe.offsetof(Record, field)
        layout[at : at + len(letters)] = letters
    print(f"byte by byte: |{''.join(layout)}|")  # a dot is a byte of nothing
    for _ in range(16):
        blocks = gs.append(blocks, gs.make_slice(Record, 1 << 16))
        await gs.time.sleep(10 * gs.time.Millisecond)
    print("a million of them:", await live_mib(), "MiB live")
