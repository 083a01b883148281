"""Waits for a connection no longer than its context."""

import gosim as gs
from gosim import go


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


async def give_back(held):
    await gs.time.sleep(20 * gs.time.Millisecond)
    await held.close()


async def main():
    """Waits for a connection no longer than its context."""
    db = gs.sql.open_db(Memory())
    await db.set_max_open_conns(1)
    held, err = await db.conn(gs.context.background())
    gs.fmt.println(err)
    ctx, cancel = gs.context.with_timeout(gs.context.background(), 20 * gs.time.Millisecond)
    _, err = await db.query_context(ctx, "select id")
    gs.fmt.println(err, gs.errors.is_(err, gs.context.DeadlineExceeded))
    gs.fmt.println("waited:", (await db.stats()).wait_count)
    go(give_back, held)
    rows, err = await db.query_context(gs.context.background(), "select id")
    gs.fmt.println(err, "waited:", (await db.stats()).wait_count)
    await rows.close()
    _, err = await held.query("select id")
    gs.fmt.println(err)
    await cancel()
    await db.close()
