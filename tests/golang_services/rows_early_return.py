"""Looks for an id, and returns as soon as it is found."""

import gosim as gs
from gosim import chan, go, recv, select


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


async def has(db, wanted):
    """Looks for an id, and returns as soon as it is found."""
    rows, err = await db.query("select id")
    if err is not None:
        return False, err
    while await rows.next():
        (found,), err = await rows.scan()
        if err is not None:
            return False, err
        if found == wanted:
            return True, None
    return False, rows.err()


async def late(db, done):
    gs.fmt.println(*await has(db, 3))
    await done.close()


async def main():
    db = gs.sql.open_db(Memory())
    await db.set_max_open_conns(2)
    for wanted in (9, 2, 9, 1):
        gs.fmt.println(*await has(db, wanted))
    done = chan(bool)
    go(late, db, done)
    i, _, _ = await select(recv(done), recv(gs.time.after(20 * gs.time.Millisecond)))
    if i == 1:
        gs.fmt.println("no connection; in use:", (await db.stats()).in_use)
