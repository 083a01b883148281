"""Rows with a context are closed when it ends, by a goroutine of their own."""

import gosim as gs


class Memory:
    def connect(self, ctx):
        return Conn(), None


class Conn:
    def prepare(self, query):
        return Stmt(), None

    def begin(self):
        return Conn(), None

    def commit(self):
        return None

    rollback = close = commit


class Stmt:
    def exec(self, args):
        return 1, None

    def query(self, args):
        return Rows(), None

    def close(self):
        return None


class Rows:
    def __init__(self):
        self.read = 0

    def close(self):
        return None

    def next(self):
        if self.read == 3:
            return None, gs.io.EOF
        self.read += 1
        return [self.read], None


async def main():
    """Rows with a context are closed when it ends, by a goroutine of their own."""
    db = gs.sql.open_db(Memory())
    count = gs.runtime.num_goroutine
    ctx, cancel = gs.context.with_cancel(gs.context.background())
    rows, err = await db.query_context(ctx, "select id")
    in_use = (await db.stats()).in_use
    gs.fmt.println(await rows.next(), err, "goroutines:", count(), "in use:", in_use)
    await cancel()
    await gs.time.sleep(10 * gs.time.Millisecond)
    in_use = (await db.stats()).in_use
    gs.fmt.println(await rows.next(), rows.err(), "goroutines:", count(), "in use:", in_use)
    kept, _stop = gs.context.with_cancel(gs.context.background())
    rows, _ = await db.query_context(kept, "select id")
    gs.fmt.println(await rows.next(), "goroutines:", count())
    await gs.time.sleep(10 * gs.time.Millisecond)
    gs.panic("look at the stacks")
