"""Ping, limits of age, and what a closed pool says."""

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
    """Ping, limits of age, and what a closed pool says."""
    db = gs.sql.open_db(Memory())
    await db.set_conn_max_idle_time(gs.time.Minute)
    gs.fmt.println(await db.ping(), "goroutines:", gs.runtime.num_goroutine())
    rows, _ = await db.query("select id")
    gs.fmt.println(await db.close(), await db.close(), await db.ping())
    more, err = await rows.next(), await rows.close()
    gs.fmt.println(more, err, "open:", (await db.stats()).open_connections)
    await gs.time.sleep(100 * gs.time.Millisecond)
    gs.fmt.println("goroutines:", gs.runtime.num_goroutine())
