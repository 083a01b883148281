"""Handlers read one row each, and do not close the rows."""

import gosim as gs
from gosim import go

n = 6
conns = 3


class Memory:
    """A database in memory: connector, connection and rows in one. Every row says Ada."""

    def connect(self, ctx):
        return Memory(), None

    def query(self, query, args):
        return Memory(), None

    def next(self):
        return ["Ada"], None

    def close(self):
        return None


async def handle(db):
    rows, err = await db.query("select name from users")  # Notice: who gives the connection back?
    if err is not None:
        return
    if await rows.next():  # one is enough
        (name,), err = await rows.scan()
        print("hello", name)


async def main():
    db = gs.sql.open_db(Memory())
    await db.set_max_open_conns(conns)
    for _ in range(n):
        go(handle, db)
    await gs.time.sleep(10 * gs.time.Millisecond)
    print("requests that still wait:", gs.runtime.num_goroutine() - 2)
