"""QueryRow, ErrNoRows and a Row that is never scanned."""

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
    db = gs.sql.open_db(Memory())
    await db.set_max_open_conns(1)
    values, err = await (await db.query_row("select id")).scan()
    gs.fmt.println(err, values[0])
    gs.fmt.println("in use:", (await db.stats()).in_use)
    row = await db.query_row("select id")
    gs.fmt.println(row.err(), "in use:", (await db.stats()).in_use)
    values, err = await row.scan()
    gs.fmt.println(err, values[0], "in use:", (await db.stats()).in_use)
    gs.fmt.println(gs.errors.is_(gs.sql.ErrNoRows, gs.sql.ErrNoRows), gs.sql.ErrNoRows)
    await db.close()
