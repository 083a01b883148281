"""A prepared statement, used by several goroutines at a time, and in a transaction."""

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


async def read(stmt, i, wg, total):
    values, err = await (await stmt.query_row(i)).scan()
    if err is not None:
        gs.fmt.println(err)
    await total.add(values[0])
    await wg.done()


async def main():
    """A prepared statement, used by several goroutines at a time, and in a transaction."""
    db = gs.sql.open_db(Memory())
    stmt, err = await db.prepare("select id")
    gs.fmt.println(err)
    wg, total = gs.sync.WaitGroup(), gs.atomic.Int64()
    for i in range(4):
        await wg.add(1)
        go(read, stmt, i, wg, total)
    await wg.wait()
    tx, _ = await db.begin()
    n, err = await tx.exec("select id", 1)
    gs.fmt.println(await total.load(), n, err, await tx.rollback(), await tx.commit())
    gs.fmt.println(await stmt.close(), await stmt.close())
    _, err = await stmt.query()
    gs.fmt.println(err, "in use:", (await db.stats()).in_use)
    await db.close()
