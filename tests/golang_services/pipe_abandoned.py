"""Reads the head of what a goroutine writes into a pipe, and goes away."""

import gosim as gs
from gosim import go


async def lines(w):
    out = gs.bufio.new_writer(w)
    for i in range(10):
        await out.write_string(f"line number {i}\n")
    gs.fmt.println("flush:", await out.flush())
    await w.close()


async def main():
    """Reads the head of what a goroutine writes into a pipe, and goes away."""
    r, w = gs.io.pipe()
    go(lines, w)
    line = b""
    while not line.endswith(b"\n"):
        more, err = await r.read(1)
        line += more
    gs.fmt.printf("%q %v\n", line.decode(), err)
    await gs.time.sleep(10 * gs.time.Millisecond)
