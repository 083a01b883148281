"""A scanner on a pipe that ends with an error, and a writer whose reader has closed."""

import gosim as gs
from gosim import chan, go


async def write(w):
    await w.write("one\n")
    await w.write("two\n")
    await w.close_with_error(gs.errors.new("the backend is gone"))


async def hello(w, done):
    gs.fmt.println("write:", *await w.write("hello"))
    await done.close()


async def main():
    """A scanner on a pipe that ends with an error, and a writer whose reader has closed."""
    r, w = gs.io.pipe()
    go(write, w)
    lines = gs.bufio.new_scanner(r)
    while await lines.scan():
        gs.fmt.println(lines.text())
    gs.fmt.println("scan:", lines.err())
    done = chan(bool)
    r, w = gs.io.pipe()
    go(hello, w, done)
    data, err = await r.read(2)
    gs.fmt.println("read:", len(data), err)
    await r.close_with_error(gs.errors.new("enough"))
    await done.recv()
    _, err = await w.write("more")
    gs.fmt.println(err, gs.errors.is_(err, gs.io.ErrClosedPipe), await r.close())
    _, err = await r.read(2)
    gs.fmt.println(err)
