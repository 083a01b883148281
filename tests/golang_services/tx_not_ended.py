"""Moves money, and forgets the transaction when something is wrong."""

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


async def transfer(db, amount):
    """Moves money, and forgets the transaction when something is wrong."""
    tx, err = await db.begin()
    if err is not None:
        return err
    if amount < 0:
        return gs.fmt.errorf("bad amount %d", amount)
    _, err = await tx.exec("update accounts", amount)
    if err is not None:
        await tx.rollback()
        return err
    return await tx.commit()


async def late(db):
    gs.fmt.println(await transfer(db, 7))


async def main():
    db = gs.sql.open_db(Memory())
    await db.set_max_open_conns(2)
    for amount in (5, -1, -2):
        gs.fmt.println(await transfer(db, amount))
    go(late, db)
    await gs.time.sleep(20 * gs.time.Millisecond)
    gs.fmt.println("in use:", (await db.stats()).in_use)
