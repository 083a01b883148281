"""A pool of connections to a database (Go: ``database/sql``), on drivers that the program brings.

The pool, its goroutines, waits and locks are Go's; their names stand in dumps.  Python has no
pointers: ``scan`` returns the columns.  Every call that may wait is awaited, and what can fail
returns an error, or a pair with an error, as in Go::

    db = gs.sql.open_db(connector)
    rows, err = await db.query("select name from users")
    while await rows.next():
        (name,), err = await rows.scan()
    await rows.close()

A driver is any object; its methods may be plain or coroutine functions:

- a connector has ``connect(ctx)`` that returns a connection and an error (a driver for
  :func:`register` has ``open(name)``);
- a connection has ``query(query, args)`` and ``exec(query, args)``, which return rows or a result
  and an error, or ``query_context(ctx, query, args)`` and ``exec_context``; for statements
  ``prepare(query)``, for transactions ``begin()``; ``close()``; and, if it likes, ``ping(ctx)``,
  ``reset_session(ctx)``, ``is_valid()``;
- rows have ``next()``, which returns a list of values and an error (``gs.io.EOF`` at the end), and
  ``close()``; a statement ``query(args)``, ``exec(args)`` and ``close()``; a transaction
  ``commit()`` and ``rollback()``. ``close``, ``commit``, ``rollback`` and ``ping`` return an
  error, or None.
"""

from __future__ import annotations

import sys
from collections.abc import Awaitable
from dataclasses import dataclass
from types import FrameType
from typing import TYPE_CHECKING, Any, Final

from gosim.runtime.chan import chan
from gosim.runtime.current import current_world
from gosim.runtime.netpoll import works_for
from gosim.runtime.panic import gopanic
from gosim.runtime.proc import go
from gosim.runtime.select import default, recv, select, send
from gosim.runtime.traceback import Frame, library_name, running_frames
from gosim.std import context, errors, io, time
from gosim.std.sync import Cond, Mutex, RWMutex

if TYPE_CHECKING:
    from gosim.runtime.proc import World

__all__ = [
    "DB",
    "Conn",
    "DBStats",
    "ErrBadConn",
    "ErrConnDone",
    "ErrNoRows",
    "ErrTxDone",
    "Row",
    "Rows",
    "Stmt",
    "Tx",
    "open",
    "open_db",
    "register",
]

ErrNoRows: Final = errors.new("sql: no rows in result set")
ErrConnDone: Final = errors.new("sql: connection is already closed")
ErrTxDone: Final = errors.new("sql: transaction has already been committed or rolled back")
ErrBadConn: Final = errors.new("driver: bad connection")
_ErrDBClosed: Final = errors.new("sql: database is closed")
_ErrRowsClosed: Final = errors.new("sql: Rows are closed")
_DRIVERS: Final = "gosim.std.sql"
_BOOKS: Final = "gosim.std.sql.books"
_QUEUE: Final = 1_000_000
"""So many connections can be asked for that nobody waits to ask."""


class Book:
    """What explanations want to know of a pool, for which the pool itself has no use.

    Attributes
    ----------
    pool
        A :class:`DB`, or that of a Go program.
    made : Frame or None
        The call of the program that made it.
    taken : dict
        For each connection that is out: what keeps it (``rows``, ``tx``, ``conn``), and the call
        of the program that took it.
    """

    __slots__ = ("made", "pool", "taken")

    def __init__(self, pool: Any, made: Frame | None) -> None:
        self.pool = pool
        self.made = made
        self.taken: dict[Any, tuple[str, Frame | None]] = {}

    @property
    def limit(self) -> int:
        """How many connections may be open; 0: no limit."""
        pool = self.pool
        return int(pool._max_open if isinstance(pool, DB) else pool.maxOpen)

    @property
    def in_use(self) -> int:
        """How many connections are out."""
        pool = self.pool
        if isinstance(pool, DB):
            return pool._num_open - len(pool._free)
        return int(pool.numOpen - pool.freeConn.n)


def book_of(w: World, pool: Any, frame: FrameType | None = None) -> Book:
    """Return the book of a pool; `frame` is that of the call that makes the pool."""
    books: dict[int, Book] = w.__dict__.setdefault(_BOOKS, {})
    book = books.get(id(pool))
    if book is None:
        book = books[id(pool)] = Book(pool, _place(frame))
    return book


def note_taken(w: World, pool: Any, conn: Any, what: str, frame: FrameType | None) -> None:
    """Note for what the program has taken a connection; nothing if it gives it back."""
    book = book_of(w, pool)
    if what:
        book.taken[conn] = what, _place(frame)
    else:
        book.taken.pop(conn, None)


def _place(frame: FrameType | None) -> Frame | None:
    found = running_frames(frame)
    return found[0] if found else None


async def _call(function: Any, *args: Any) -> Any:
    result = function(*args)
    return await result if isinstance(result, Awaitable) else result


async def _ended(ctx: Any) -> Any:
    """The error of a context that is over, None of one that is not."""
    i, _, _ = await select(recv(ctx.done()), default)
    return ctx.err() if i == 0 else None


def _bad(err: Any) -> bool:
    return bool(errors.is_(err, ErrBadConn))


class _ClosingMutex:
    """Lets a reader in again while somebody waits to close (since Go 1.27)."""

    def __init__(self) -> None:
        self.mu = Mutex()
        self.readers = 0
        self.waiting = False
        self.read = Cond(self.mu)
        self.write = Cond(self.mu)

    def _try(self) -> bool:
        free = self.readers > 0 or (self.readers == 0 and not self.waiting)
        self.readers += free
        return free

    async def rlock(self) -> None:
        if self._try():
            return
        await self.mu.lock()
        while not self._try():
            await self.read.wait()
        await self.mu.unlock()

    async def runlock(self) -> None:
        self.readers -= 1
        if self.readers == 0 and self.waiting:
            await self.mu.lock()
            await self.write.broadcast()
            await self.mu.unlock()

    async def lock(self) -> None:
        await self.mu.lock()
        while self.readers:
            self.waiting = True
            await self.write.wait()
        self.readers, self.waiting = -1, False
        await self.mu.unlock()

    async def unlock(self) -> None:
        await self.mu.lock()
        self.readers = 0
        await self.read.broadcast()
        await self.write.broadcast()
        await self.mu.unlock()


def _closing_mutex() -> Any:
    return _ClosingMutex() if current_world("sql").version.sql_closing_mutex else RWMutex()


class _DriverConn:
    """A connection of the pool; `mu` is held during calls of the driver."""

    def __init__(self, db: DB, ci: Any) -> None:
        self.db = db
        self.ci = ci
        self.mu = Mutex()
        self.created_at = self.returned_at = time.now()
        self.in_use = False
        self.needs_reset = False
        self.closed = False
        self.statements: list[_DriverStmt] = []

    async def call(self, function: Any, *args: Any) -> Any:
        """Call the driver."""
        await self.mu.lock()
        result = await _call(function, *args)
        await self.mu.unlock()
        return result

    def taken(self, what: str) -> None:
        """Note for what the program has taken it."""
        note_taken(current_world("sql"), self.db, self, what, sys._getframe(2))

    async def release(self, err: Any) -> None:
        await self.db._put_conn(self, err, True)

    def expired(self, limit: int) -> bool:
        return limit > 0 and time.since(self.created_at) > limit

    async def reset_session(self, ctx: Any) -> Any:
        reset = getattr(self.ci, "reset_session", None)
        return await self.call(reset, ctx) if reset is not None and self.needs_reset else None

    async def validate(self, needs_reset: bool) -> bool:
        self.needs_reset = self.needs_reset or needs_reset
        valid = getattr(self.ci, "is_valid", None)
        return valid is None or bool(await self.call(valid))

    async def prepare(self, ctx: Any, query: str) -> tuple[Any, Any]:
        si, err = await self.call(self.ci.prepare, query)
        if err is not None:
            return None, err
        statement = _DriverStmt(self, si)
        over = await _ended(ctx)
        if over is not None:
            await statement.close()
            return None, over
        return statement, None

    async def close(self) -> Any:
        if self.closed:
            return errors.new("sql: duplicate driverConn close")
        self.closed = True
        for statement in self.statements:
            await statement.close()
        err = await self.call(self.ci.close)
        db = self.db
        await db._mu.lock()
        db._num_open -= 1
        await db._open_for_waiters()
        await db._mu.unlock()
        return err


class _DriverStmt:
    """A statement prepared on one connection."""

    def __init__(self, dc: _DriverConn, si: Any) -> None:
        self.dc = dc
        self.si = si
        self.closed = False

    async def close(self) -> Any:
        if self.closed:
            return None
        self.closed = True
        return await self.dc.call(self.si.close)


@dataclass(frozen=True)
class DBStats:
    """How a pool does (``sql.DBStats``); times in nanoseconds."""

    max_open_connections: int
    open_connections: int
    in_use: int
    idle: int
    wait_count: int
    wait_duration: int
    max_idle_closed: int
    max_idle_time_closed: int
    max_lifetime_closed: int


class _Asks:
    """What can be asked of everything that has connections: a pool, a connection, a transaction."""

    async def query(self, query: str, *args: Any) -> tuple[Any, Any]:
        """Run a query; return :class:`Rows`, which must be closed, and an error."""
        return await self.query_context(context.background(), query, *args)

    async def query_context(self, ctx: Any, query: str, *args: Any) -> tuple[Any, Any]:
        """Run a query that returns rows; they are closed, too, when the context ends."""
        raise NotImplementedError

    async def query_row(self, query: str, *args: Any) -> Row:
        """Run a query that returns one row; its ``scan`` closes it."""
        return await self.query_row_context(context.background(), query, *args)

    async def query_row_context(self, ctx: Any, query: str, *args: Any) -> Row:
        """Run a query that returns one row."""
        return Row(*await self.query_context(ctx, query, *args))

    async def exec(self, query: str, *args: Any) -> tuple[Any, Any]:
        """Run a statement; return the driver's result and an error."""
        return await self.exec_context(context.background(), query, *args)

    async def exec_context(self, ctx: Any, query: str, *args: Any) -> tuple[Any, Any]:
        """Run a statement."""
        raise NotImplementedError


class DB(_Asks):
    """A pool of connections (``sql.DB``); :func:`open_db` makes one."""

    def __init__(self, connector: Any, stop: Any) -> None:
        self._connector = connector
        self._stop = stop
        self._opener_ch = chan("struct {}", _QUEUE)  # whose elements have no bytes
        self._mu = Mutex()
        self._closed = False
        self._free: list[_DriverConn] = []
        self._requests: dict[Any, None] = {}
        self._num_open = 0
        self._cleaner_ch: Any = None
        self._max_idle = 2
        self._max_open = 0
        self._max_lifetime = 0
        self._max_idle_time = 0
        self._wait_count = self._wait_duration = 0
        self._max_idle_closed = self._max_idle_time_closed = self._max_lifetime_closed = 0

    # -- opening and closing ------------------------------------------------------------------

    async def close(self) -> Any:
        """Close idle connections and end the goroutines of the pool; return an error, or None."""
        await self._mu.lock()
        if self._closed:
            await self._mu.unlock()
            return None
        self._closed = True
        if self._cleaner_ch is not None:
            await self._cleaner_ch.close()
        closing, self._free = self._free, []
        for request in self._requests:
            await request.close()
        self._requests.clear()
        await self._mu.unlock()
        err = None
        for dc in closing:
            err = await dc.close() or err
        await self._stop()
        return err

    async def _open_for_waiters(self) -> None:
        wanted = len(self._requests)
        if self._max_open:
            wanted = min(wanted, self._max_open - self._num_open)
        for _ in range(wanted):
            self._num_open += 1
            if self._closed:
                return
            await self._opener_ch.send(None)

    @library_name("database/sql.(*DB).connectionOpener")
    async def _connection_opener(self, ctx: Any) -> None:
        while True:
            i, _, _ = await select(recv(ctx.done()), recv(self._opener_ch))
            if i == 0:
                return
            ci, err = await _call(self._connector.connect, ctx)
            await self._mu.lock()
            if self._closed or err is not None:
                self._num_open -= 1
                if err is None:
                    await _call(ci.close)
                elif not self._closed:
                    await self._put_locked(None, err)
                    await self._open_for_waiters()
            elif not await self._put_locked(_DriverConn(self, ci), None):
                self._num_open -= 1
                await _call(ci.close)
            await self._mu.unlock()

    # -- limits -------------------------------------------------------------------------------

    async def set_max_open_conns(self, n: int) -> None:
        """Have at most `n` connections open; 0: no limit."""
        await self._mu.lock()
        self._max_open = max(n, 0)
        lower = 0 < self._max_open < self._max_idle
        await self._mu.unlock()
        if lower:
            await self.set_max_idle_conns(n)

    async def set_max_idle_conns(self, n: int) -> None:
        """Keep at most `n` idle connections; 0: none."""
        await self._mu.lock()
        self._max_idle = min(max(n, 0), self._max_open or max(n, 0))
        closing, self._free = self._free[self._max_idle :], self._free[: self._max_idle]
        self._max_idle_closed += len(closing)
        await self._mu.unlock()
        for dc in closing:
            await dc.close()

    async def set_conn_max_lifetime(self, d: int) -> None:
        """Close connections that are older than `d` nanoseconds; 0: never."""
        await self._mu.lock()
        await self._wake_cleaner(d)
        self._max_lifetime = max(d, 0)
        self._start_cleaner()
        await self._mu.unlock()

    async def set_conn_max_idle_time(self, d: int) -> None:
        """Close connections that are idle for `d` nanoseconds; 0: never."""
        await self._mu.lock()
        await self._wake_cleaner(d)
        self._max_idle_time = max(d, 0)
        self._start_cleaner()
        await self._mu.unlock()

    def _shortest(self) -> int:
        both = [d for d in (self._max_idle_time, self._max_lifetime) if d > 0]
        return min(both, default=0)

    async def _wake_cleaner(self, d: int) -> None:
        if 0 < d < self._shortest() and self._cleaner_ch is not None:
            await select(send(self._cleaner_ch, None), default)

    @library_name("database/sql.(*DB).startCleanerLocked")
    def _start_cleaner(self) -> None:
        if self._shortest() > 0 and self._num_open > 0 and self._cleaner_ch is None:
            self._cleaner_ch = chan(None, 1)
            _works_for()
            go(self._connection_cleaner, self._shortest())

    @library_name("database/sql.(*DB).connectionCleaner")
    async def _connection_cleaner(self, d: int) -> None:
        timer = time.new_timer(max(d, time.Second))
        while True:
            await select(recv(timer.C), recv(self._cleaner_ch))
            await self._mu.lock()
            d = self._shortest()
            if self._closed or self._num_open == 0 or d <= 0:
                self._cleaner_ch = None
                await self._mu.unlock()
                return
            closing = []
            kept = []
            for dc in self._free:
                idle, age = time.since(dc.returned_at), time.since(dc.created_at)
                if 0 < self._max_idle_time < idle:
                    self._max_idle_time_closed += 1
                    closing.append(dc)
                elif dc.expired(self._max_lifetime):
                    self._max_lifetime_closed += 1
                    closing.append(dc)
                else:
                    kept.append(dc)
                    left = [self._max_idle_time - idle] if self._max_idle_time else []
                    left += [self._max_lifetime - age] if self._max_lifetime else []
                    d = min(d, *left)
            self._free = kept
            await self._mu.unlock()
            for dc in closing:
                await dc.close()
            if not await timer.stop():
                await select(recv(timer.C), default)
            await timer.reset(max(d, time.Second))

    async def stats(self) -> DBStats:
        """Return how the pool does."""
        await self._mu.lock()
        found = DBStats(
            self._max_open,
            self._num_open,
            self._num_open - len(self._free),
            len(self._free),
            self._wait_count,
            self._wait_duration,
            self._max_idle_closed,
            self._max_idle_time_closed,
            self._max_lifetime_closed,
        )
        await self._mu.unlock()
        return found

    # -- taking a connection and giving it back -----------------------------------------------

    async def _conn(self, ctx: Any, cached: bool) -> tuple[Any, Any]:
        """Take an idle connection, open one, or wait until somebody gives one back."""
        await self._mu.lock()
        err = _ErrDBClosed if self._closed else await _ended(ctx)
        if err is not None:
            await self._mu.unlock()
            return None, err
        lifetime = self._max_lifetime
        if cached and self._free:
            dc = self._free.pop()
            dc.in_use = True
            old = dc.expired(lifetime)
            self._max_lifetime_closed += old
            await self._mu.unlock()
            return await self._fresh(ctx, dc, old)
        if self._max_open and self._num_open >= self._max_open:
            request = chan(object, 1)
            self._requests[request] = None
            self._wait_count += 1
            await self._mu.unlock()
            since = time.now()
            i, got, ok = await select(recv(ctx.done()), recv(request))
            self._wait_duration += time.since(since)
            if i == 0:
                await self._mu.lock()
                self._requests.pop(request, None)
                await self._mu.unlock()
                i, got, ok = await select(recv(request), default)
                if i == 0 and ok and got[0] is not None:  # it came all the same
                    await self._put_conn(got[0], got[1], False)
                return None, ctx.err()
            if not ok:
                return None, _ErrDBClosed
            dc, err = got
            if dc is None:
                return None, err
            return await self._fresh(ctx, dc, cached and dc.expired(lifetime))
        self._num_open += 1
        await self._mu.unlock()
        ci, err = await _call(self._connector.connect, ctx)
        await self._mu.lock()
        made = None
        if err is not None:
            self._num_open -= 1
            await self._open_for_waiters()
        else:
            made = _DriverConn(self, ci)
            made.in_use = True
        await self._mu.unlock()
        return made, err

    async def _fresh(self, ctx: Any, dc: _DriverConn, old: bool) -> tuple[Any, Any]:
        err = ErrBadConn if old else await dc.reset_session(ctx)
        if err is not None and _bad(err):
            await dc.close()
            return None, err
        return dc, None

    async def _put_conn(self, dc: _DriverConn, err: Any, reset: bool) -> None:
        if not _bad(err) and not await dc.validate(reset):
            err = ErrBadConn
        await self._mu.lock()
        if not dc.in_use:
            await self._mu.unlock()
            gopanic("sql: connection returned that was never out")
        if not _bad(err) and dc.expired(self._max_lifetime):
            self._max_lifetime_closed += 1
            err = ErrBadConn
        dc.in_use = False
        dc.returned_at = time.now()
        note_taken(current_world("sql"), self, dc, "", None)
        kept = False
        if _bad(err):
            await self._open_for_waiters()
        else:
            kept = await self._put_locked(dc, None)
        await self._mu.unlock()
        if not kept:
            await dc.close()

    async def _put_locked(self, dc: _DriverConn | None, err: Any) -> bool:
        """Hand a connection, or an error, to one who waits, or keep it; return whether."""
        if self._closed or 0 < self._max_open < self._num_open:
            return False
        if self._requests:
            waiters = list(self._requests)
            world = current_world("sql")
            request = waiters[world.choose(len(waiters), "map") if len(waiters) > 1 else 0]
            del self._requests[request]
            if dc is not None:
                dc.in_use = True
            await request.send((dc, err))
            return True
        if dc is None:
            return False
        if len(self._free) < self._max_idle:
            self._free.append(dc)
            self._start_cleaner()
            return True
        self._max_idle_closed += 1
        return False

    async def _take(self, ctx: Any, use: Any) -> tuple[Any, Any]:
        """Use a connection; try twice with one of the pool, and then with a new one."""
        for cached in (True, True, False):
            dc, err = await self._conn(ctx, cached)
            result = None
            if err is None:
                result, err = await use(dc)
            if err is None or not _bad(err):
                break
        return result, err

    # -- what a program asks ------------------------------------------------------------------

    async def ping(self) -> Any:
        """Open a connection if there is none; return an error, or None."""
        return await self.ping_context(context.background())

    async def ping_context(self, ctx: Any) -> Any:
        """Open a connection if there is none, and ask the driver whether it is alive."""

        async def use(dc: _DriverConn) -> tuple[Any, Any]:
            ping = getattr(dc.ci, "ping", None)
            err = await dc.call(ping, ctx) if ping is not None else None
            await dc.release(err)
            return None, err

        return (await self._take(ctx, use))[1]

    async def query_context(self, ctx: Any, query: str, *args: Any) -> tuple[Any, Any]:
        """Run a query that returns rows; they are closed, too, when the context ends."""

        async def use(dc: _DriverConn) -> tuple[Any, Any]:
            return await _query(ctx, None, dc, dc.release, query, args)

        return await self._take(ctx, use)

    async def exec_context(self, ctx: Any, query: str, *args: Any) -> tuple[Any, Any]:
        """Run a statement."""

        async def use(dc: _DriverConn) -> tuple[Any, Any]:
            return await _exec(ctx, dc, dc.release, query, args)

        return await self._take(ctx, use)

    async def prepare(self, query: str) -> tuple[Any, Any]:
        """Return a :class:`Stmt` for all connections, prepared on one, and an error."""
        ctx = context.background()

        async def use(dc: _DriverConn) -> tuple[Any, Any]:
            ds, err = await dc.prepare(ctx, query)
            if ds is not None:
                dc.statements.append(ds)
            await dc.release(err)
            return ds, err

        ds, err = await self._take(ctx, use)
        return (None, err) if err is not None else (Stmt(self, query, ds), None)

    async def begin(self) -> tuple[Any, Any]:
        """Begin a transaction; return a :class:`Tx`, which must be ended, and an error."""
        return await self.begin_tx(context.background())

    async def begin_tx(self, ctx: Any) -> tuple[Any, Any]:
        """Begin a transaction that is rolled back when the context ends first."""

        async def use(dc: _DriverConn) -> tuple[Any, Any]:
            return await _begin(ctx, dc, dc.release)

        return await self._take(ctx, use)

    async def conn(self, ctx: Any) -> tuple[Any, Any]:
        """Take one connection out of the pool until it is closed."""

        async def use(dc: _DriverConn) -> tuple[Any, Any]:
            dc.taken("conn")
            return Conn(dc), None

        return await self._take(ctx, use)


class Conn(_Asks):
    """One connection, taken out of the pool until it is closed (``sql.Conn``)."""

    def __init__(self, dc: _DriverConn) -> None:
        self._dc = dc
        self._mu = _closing_mutex()
        self._done = False

    async def _release(self, err: Any) -> None:
        await self._mu.runlock()
        if _bad(err):
            await self.close(err)

    async def query_context(self, ctx: Any, query: str, *args: Any) -> tuple[Any, Any]:
        """Run a query that returns rows."""
        if self._done:
            return None, ErrConnDone
        await self._mu.rlock()
        return await _query(ctx, None, self._dc, self._release, query, args)

    async def exec_context(self, ctx: Any, query: str, *args: Any) -> tuple[Any, Any]:
        """Run a statement."""
        if self._done:
            return None, ErrConnDone
        await self._mu.rlock()
        return await _exec(ctx, self._dc, self._release, query, args)

    async def begin_tx(self, ctx: Any) -> tuple[Any, Any]:
        """Begin a transaction on this connection."""
        if self._done:
            return None, ErrConnDone
        await self._mu.rlock()
        return await _begin(ctx, self._dc, self._release)

    async def close(self, err: Any = None) -> Any:
        """Give the connection back to the pool."""
        if self._done:
            return ErrConnDone
        self._done = True
        await self._mu.lock()
        await self._dc.release(err)
        await self._mu.unlock()
        return err


class Tx(_Asks):
    """A transaction, which keeps its connection until it is ended (``sql.Tx``)."""

    def __init__(self, dc: _DriverConn, txi: Any, release: Any, ctx: Any, cancel: Any) -> None:
        self._dc = dc
        self._txi = txi
        self._release_conn = release
        self._ctx = ctx
        self._cancel = cancel
        self._mu = _closing_mutex()
        self._done = False
        keeps = hasattr(dc.ci, "reset_session") and hasattr(dc.ci, "is_valid")
        self._keeps_conn = keeps

    @library_name("database/sql.(*Tx).awaitDone")
    async def _await_done(self) -> None:
        await self._ctx.done().recv()
        await self._end(self._txi.rollback, not self._keeps_conn)

    async def _end(self, end: Any, discard: bool) -> Any:
        if self._done:
            return ErrTxDone
        self._done = True
        await self._cancel()
        await self._mu.lock()  # after this nobody uses the connection
        await self._mu.unlock()
        err = await self._dc.call(end)
        await self._release_conn(ErrBadConn if discard else err)
        return err

    async def commit(self) -> Any:
        """End it, and keep what it did; return an error, or None."""
        err = await _ended(self._ctx)
        if err is not None:
            return ErrTxDone if self._done else err
        return await self._end(self._txi.commit, False)

    async def rollback(self) -> Any:
        """End it, and undo what it did; return an error, or None."""
        return await self._end(self._txi.rollback, False)

    async def _grab(self, ctx: Any) -> Any:
        err = await _ended(ctx)
        if err is not None:
            return err
        await self._mu.rlock()
        if self._done:
            await self._mu.runlock()
            return ErrTxDone
        return None

    async def _release(self, err: Any) -> None:
        await self._mu.runlock()

    async def query_context(self, ctx: Any, query: str, *args: Any) -> tuple[Any, Any]:
        """Run a query that returns rows; they end with the transaction, too."""
        err = await self._grab(ctx)
        if err is not None:
            return None, err
        return await _query(ctx, self._ctx, self._dc, self._release, query, args)

    async def exec_context(self, ctx: Any, query: str, *args: Any) -> tuple[Any, Any]:
        """Run a statement."""
        err = await self._grab(ctx)
        if err is not None:
            return None, err
        return await _exec(ctx, self._dc, self._release, query, args)


class Stmt:
    """A prepared statement of a pool (``sql.Stmt``)."""

    def __init__(self, db: DB, query: str, first: _DriverStmt) -> None:
        self._db = db
        self._query = query
        self._prepared = {first.dc: first}
        self._mu = _closing_mutex()
        self._closed = False

    async def _on(self, ctx: Any, dc: _DriverConn) -> tuple[Any, Any]:
        ds = self._prepared.get(dc)
        err = None
        if ds is None:
            ds, err = await dc.prepare(ctx, self._query)
            if ds is not None:
                self._prepared[dc] = ds
                dc.statements.append(ds)
        return ds, err

    async def query(self, *args: Any) -> tuple[Any, Any]:
        """Run it; return :class:`Rows` and an error."""
        ctx = context.background()

        async def use(dc: _DriverConn) -> tuple[Any, Any]:
            ds, err = await self._on(ctx, dc)
            rowsi = None
            if err is None:
                rowsi, err = await dc.call(ds.si.query, list(args))
            if err is not None:
                await dc.release(err)
                return None, err
            dc.taken("rows")
            return Rows(dc, dc.release, rowsi, None), None

        return await self._used(ctx, use)

    async def query_row(self, *args: Any) -> Row:
        """Run it for one row."""
        return Row(*await self.query(*args))

    async def exec(self, *args: Any) -> tuple[Any, Any]:
        """Run it; return the driver's result and an error."""
        ctx = context.background()

        async def use(dc: _DriverConn) -> tuple[Any, Any]:
            ds, err = await self._on(ctx, dc)
            result = None
            if err is None:
                result, err = await dc.call(ds.si.exec, list(args))
            await dc.release(err)
            return result, err

        return await self._used(ctx, use)

    async def _used(self, ctx: Any, use: Any) -> tuple[Any, Any]:
        await self._mu.rlock()
        if self._closed:
            result, err = None, errors.new("sql: statement is closed")
        else:
            result, err = await self._db._take(ctx, use)
        await self._mu.runlock()
        return result, err

    async def close(self) -> Any:
        """Close it on every connection."""
        await self._mu.lock()
        if not self._closed:
            self._closed = True
            for dc, ds in self._prepared.items():
                await ds.close()
                dc.statements.remove(ds)
        await self._mu.unlock()
        return None


async def _query(
    ctx: Any, txctx: Any, dc: _DriverConn, release: Any, query: str, args: tuple[Any, ...]
) -> tuple[Any, Any]:
    ci, statement, rowsi = dc.ci, None, None
    if hasattr(ci, "query_context"):
        rowsi, err = await dc.call(ci.query_context, ctx, query, list(args))
    elif (err := await _ended(ctx)) is not None:
        pass
    elif hasattr(ci, "query"):
        rowsi, err = await dc.call(ci.query, query, list(args))
    else:
        statement, err = await dc.prepare(ctx, query)
        if statement is not None:
            rowsi, err = await dc.call(statement.si.query, list(args))
            if err is not None:
                await statement.close()
    if err is not None:
        await release(err)
        return None, err
    if txctx is None:
        dc.taken("rows")
    rows = Rows(dc, release, rowsi, statement)
    rows._close_with(ctx, txctx)
    return rows, None


async def _exec(
    ctx: Any, dc: _DriverConn, release: Any, query: str, args: tuple[Any, ...]
) -> tuple[Any, Any]:
    ci, result = dc.ci, None
    if hasattr(ci, "exec_context"):
        result, err = await dc.call(ci.exec_context, ctx, query, list(args))
    elif (err := await _ended(ctx)) is not None:
        pass
    elif hasattr(ci, "exec"):
        result, err = await dc.call(ci.exec, query, list(args))
    else:
        statement, err = await dc.prepare(ctx, query)
        if statement is not None:
            result, err = await dc.call(statement.si.exec, list(args))
            await statement.close()
    await release(err)
    return result, err


async def _begin(ctx: Any, dc: _DriverConn, release: Any) -> tuple[Any, Any]:
    txi, err = await dc.call(dc.ci.begin)
    if err is None and (err := await _ended(ctx)) is not None:
        await dc.call(txi.rollback)
    if err is not None:
        await release(err)
        return None, err
    return _start_tx(ctx, dc, txi, release), None


@library_name("database/sql.(*DB).beginDC")
def _start_tx(ctx: Any, dc: _DriverConn, txi: Any, release: Any) -> Tx:
    own, cancel = context.with_cancel(ctx)
    tx = Tx(dc, txi, release, own, cancel)
    dc.taken("tx")
    _works_for()
    go(tx._await_done)
    return tx


class Rows:
    """The result of a query, which keeps the connection until it is closed (``sql.Rows``)."""

    def __init__(self, dc: _DriverConn, release: Any, rowsi: Any, statement: Any) -> None:
        self._dc = dc
        self._release = release
        self._rowsi = rowsi
        self._statement = statement
        self._cancel: Any = None
        self._context_error: Any = None
        self._mu = _closing_mutex()
        self._closed = False
        self._last_error: Any = None
        self._values: Any = None
        self._hit_eof = False

    @library_name("database/sql.(*Rows).initContextClose")
    def _close_with(self, ctx: Any, txctx: Any) -> None:
        if not _can_end(ctx) and not _can_end(txctx):
            return
        close_ctx, self._cancel = context.with_cancel(ctx)
        _works_for()
        go(self._await_done, ctx, txctx, close_ctx)

    @library_name("database/sql.(*Rows).awaitDone")
    async def _await_done(self, ctx: Any, txctx: Any, close_ctx: Any) -> None:
        none = context.background() if txctx is None else txctx
        ended = recv(ctx.done()), recv(none.done()), recv(close_ctx.done())
        i, _, _ = await select(*ended)
        if i < 2:
            self._context_error = (ctx if i == 0 else txctx).err()
        await self._close(ctx.err())

    async def next(self) -> bool:
        """Read a row; at the end, or on an error, close the rows and return False."""
        if self._context_error is not None:
            return False
        await self._mu.rlock()
        if self._closed:
            await self._mu.runlock()
            return False
        self._values, self._last_error = await self._dc.call(self._rowsi.next)
        await self._mu.runlock()
        if self._last_error is None:
            return True
        await self.close()
        self._hit_eof = True
        return False

    async def scan(self) -> tuple[Any, Any]:
        """Return the columns of the row, and an error."""
        await self._mu.rlock()
        err = self._last_error if self._last_error is not io.EOF else None
        if err is None and self._closed:
            err = _ErrRowsClosed
        if err is None and self._values is None:
            err = errors.new("sql: Scan called without calling Next")
        values = self._values if err is None else None
        await self._mu.runlock()
        return values, err

    def err(self) -> Any:
        """Return what ended the rows, None if it was the last one."""
        if self._context_error is not None and not self._hit_eof:
            return self._context_error
        return self._last_error if self._last_error is not io.EOF else None

    async def close(self) -> Any:
        """Give the connection back; return an error, or None."""
        return await self._close(None)

    async def _close(self, err: Any) -> Any:
        await self._mu.lock()
        if self._closed:
            await self._mu.unlock()
            return None
        self._closed = True
        self._last_error = self._last_error or err
        err = await self._dc.call(self._rowsi.close)
        if self._cancel is not None:
            await self._cancel()
        if self._statement is not None:
            await self._statement.close()
        await self._release(err)
        await self._mu.unlock()
        return err


class Row:
    """The result of ``query_row``; only its ``scan`` closes the rows behind it (``sql.Row``)."""

    def __init__(self, rows: Rows | None, err: Any) -> None:
        self._rows = rows
        self._err = err

    def err(self) -> Any:
        """Return what went wrong with the query."""
        return self._err

    async def scan(self) -> tuple[Any, Any]:
        """Return the columns of the first row, and an error: :data:`ErrNoRows` if there is none."""
        if self._err is not None or self._rows is None:
            return None, self._err
        values, err = None, None
        if not await self._rows.next():
            err = self._rows.err() or ErrNoRows
        else:
            values, err = await self._rows.scan()
        return values, await self._rows.close() or err


def _can_end(ctx: Any) -> bool:
    from gosim.runtime.chan import NilChan

    return ctx is not None and not isinstance(ctx.done(), NilChan)


def _works_for() -> None:
    """Note which call of the program the goroutine that is started next works for."""
    w = current_world("sql")
    works_for(w, sys._getframe(2), w.next_goid)


# -- opening ---------------------------------------------------------------------------------------


class _Opens:
    """A driver, as a connector."""

    def __init__(self, driver: Any, name: str) -> None:
        self.driver = driver
        self.name = name

    def connect(self, ctx: Any) -> Any:
        return self.driver.open(self.name)


def register(name: str, driver: Any) -> None:
    """Make a driver known by a name (``sql.Register``)."""
    drivers = current_world("sql.register").__dict__.setdefault(_DRIVERS, {})
    if driver is None:
        gopanic("sql: Register driver is nil")
    if name in drivers:
        gopanic("sql: Register called twice for driver " + name)
    drivers[name] = driver


def open(driver: str, source: str) -> tuple[DB | None, Any]:
    """Make a pool for a driver; no connection is opened yet (``sql.Open``)."""
    drivers = current_world("sql.open").__dict__.get(_DRIVERS, {})
    if driver not in drivers:
        return None, errors.new(f'sql: unknown driver "{driver}" (forgotten import?)')
    return open_db(_Opens(drivers[driver], source)), None


@library_name("database/sql.OpenDB")
def open_db(connector: Any) -> DB:
    """Make a pool of what a connector opens (``sql.OpenDB``)."""
    ctx, cancel = context.with_cancel(context.background())
    db = DB(connector, cancel)
    book_of(current_world("sql.open_db"), db, sys._getframe(1))
    _works_for()
    go(db._connection_opener, ctx)
    return db
