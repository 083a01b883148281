"""Servers and clients of HTTP/1.1 on the network in memory (Go: ``net/http``, ``httptest``).

The goroutines are Go's, and so are their names in dumps: one for each connection of a server, one
more that notices when the client goes away, and two for each connection of a client, which wait
until the body of the response was read to its end or closed::

    async def hello(w, r):
        await w.write("hello")

    srv = gs.http.new_server(hello)          # httptest.NewServer
    resp, err = await gs.http.get(srv.url)
    body, err = await gs.io.read_all(resp.body)
    await resp.body.close()
    await srv.close()

A handler is a function of a :class:`ResponseWriter` and a :class:`Request`, or a :class:`ServeMux`.
Beside `gosim.golang.library.net.http`, the model for Go programs, this one has no redirects, no
cookies, no forms, and headers with one value each.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, Final

from gosim.runtime.chan import chan
from gosim.runtime.current import current_world
from gosim.runtime.forms import Op, invoke, operation
from gosim.runtime.netpoll import Registry, works_for
from gosim.runtime.panic import defers
from gosim.runtime.proc import go
from gosim.runtime.select import default, recv, select, send
from gosim.runtime.traceback import library_name
from gosim.std import context, errors, io, net, time
from gosim.std.sync import WaitGroup

__all__ = [
    "Client",
    "ErrServerClosed",
    "Request",
    "Response",
    "ResponseWriter",
    "ServeMux",
    "Server",
    "TestServer",
    "Transport",
    "default_client",
    "default_transport",
    "get",
    "new_request",
    "new_request_with_context",
    "new_server",
    "post",
]

ErrServerClosed: Final = errors.new("http: Server closed")
_REQUEST_DONE: Final = errors.new("net/http: request completed")
_CANCELED: Final = errors.new("net/http: request canceled")
_SERVER_CLOSED_IDLE: Final = errors.new("http: server closed idle connection")
_IDLE_TIMEOUT: Final = errors.new("http: idle connection timeout")
_CLOSE_IDLE: Final = errors.new("http: CloseIdleConnections called")
_TOO_MANY: Final = errors.new("http: putIdleConn: too many idle connections for host")
_EXITING: Final = errors.new("http: persistConn.readLoop exiting")
_READ_AFTER_CLOSE: Final = errors.new("http: read on closed response body")
_EARLY: Final = errors.new("net/http: response body closed early")
_DRAIN_BYTES: Final = 256 << 10
_BUFFER: Final = 2048
_DEFAULT: Final = "gosim.std.http.default_transport"
_STATUS: Final = {
    200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 301: "Moved Permanently",
    302: "Found", 304: "Not Modified", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden",
    404: "Not Found", 405: "Method Not Allowed", 408: "Request Timeout", 409: "Conflict",
    429: "Too Many Requests", 500: "Internal Server Error", 502: "Bad Gateway",
    503: "Service Unavailable", 504: "Gateway Timeout",
}  # fmt: skip


@operation
def _call(function: Callable[..., Any], *args: Any) -> Op:
    return (yield from invoke(function, *args))


class _Reader:
    """Bytes of a connection that were read ahead."""

    def __init__(self, read: Callable[[int], Any]) -> None:
        self.read_more = read
        self.buffer = b""

    @library_name("bufio.(*Reader).Peek")
    async def peek(self) -> Any:
        """Wait for a byte; an error, or None."""
        if not self.buffer:
            self.buffer, err = await self.read_more(4096)
            return err
        return None

    async def read(self, n: int) -> tuple[bytes, Any]:
        err = await self.peek()
        data, self.buffer = self.buffer[:n], self.buffer[n:]
        return data, err

    async def line(self) -> tuple[str, Any]:
        while b"\r\n" not in self.buffer:
            more, err = await self.read_more(4096)
            if err is not None:
                return "", err
            self.buffer += more
        text, _, self.buffer = self.buffer.partition(b"\r\n")
        return text.decode("latin-1"), None


class _Body:
    """What follows a head: so many bytes, chunks, or all until the connection ends."""

    def __init__(self, reader: _Reader, header: dict[str, str], response: bool) -> None:
        self.reader = reader
        self.chunked = header.get("Transfer-Encoding") == "chunked"
        self.left = int(header.get("Content-Length", "-1" if response else "0"))
        self.length = -1 if self.chunked else self.left
        self.begun = False
        self.ended = self.length == 0
        self.on_end: Callable[[], Any] | None = None

    async def read(self, n: int) -> tuple[bytes, Any]:
        if self.ended:
            return b"", io.EOF
        if self.chunked and (not self.begun or self.left == 0):
            if self.begun:
                await self.reader.line()
            self.begun = True
            size, err = await self.reader.line()
            if err is not None:
                return b"", io.ErrUnexpectedEOF if err is io.EOF else err
            self.left = int(size, 16)
            if self.left == 0:
                await self.reader.line()
                return b"", await self._end()
        data, err = await self.reader.read(n if self.left < 0 else min(n, self.left))
        if self.left > 0:
            self.left -= len(data)
            if self.left == 0 and err is None and not self.chunked:
                return data, await self._end()
            if err is io.EOF:
                err = io.ErrUnexpectedEOF
        elif err is io.EOF:
            await self._end()
        return data, err

    async def _end(self) -> Any:
        self.ended = True
        if self.on_end is not None:
            await _call(self.on_end)
        return io.EOF

    async def close(self) -> Any:
        return None


async def _head(reader: _Reader) -> tuple[str, dict[str, str], Any]:
    first, err = await reader.line()
    header: dict[str, str] = {}
    while err is None:
        line, err = await reader.line()
        if not line:
            break
        key, _, value = line.partition(":")
        header[_canonical(key)] = value.strip()
    return first, header, err


def _canonical(key: str) -> str:
    return "-".join(part.capitalize() for part in key.split("-"))


def _lines(header: dict[str, Any]) -> str:
    return "".join(f"{_canonical(k)}: {header[k]}\r\n" for k in sorted(header))


class Request:
    """A request: that of a client, or what a handler gets.

    Attributes
    ----------
    method, url, path, query : str
    header : dict
    body
        Has ``read(n)`` and ``close()``; `gs.io.read_all` reads all of it.
    """

    def __init__(self, ctx: context.Context, method: str, url: str, body: Any = b"") -> None:
        self.ctx = ctx
        self.method = method
        self.url = url
        self.host, _, rest = url.removeprefix("http://").partition("/")
        self.path, _, self.query = f"/{rest}".partition("?")
        self.header: dict[str, Any] = {}
        self.body = body
        self.values: dict[str, str] = {}

    def context(self) -> context.Context:
        """Return its context: on a server it ends when the client goes away."""
        return self.ctx

    def path_value(self, name: str) -> str:
        """Return what a wildcard of the pattern stands for."""
        return self.values.get(name, "")


def new_request_with_context(
    ctx: context.Context, method: str, url: str, body: bytes | str = b""
) -> Request:
    """Make a request that ends with a context (``http.NewRequestWithContext``)."""
    return Request(ctx, method, url, body.encode() if isinstance(body, str) else body)


def new_request(method: str, url: str, body: bytes | str = b"") -> Request:
    """Make a request (``http.NewRequest``)."""
    return new_request_with_context(context.background(), method, url, body)


class Response:
    """What a client gets. Whoever got it closes its body."""

    def __init__(self, status: str, header: dict[str, str], body: Any) -> None:
        self.status = status
        self.status_code = int(status[:3])
        self.header = header
        self.body = body


# ---- servers -------------------------------------------------------------------------------------


class ResponseWriter:
    """What a handler answers with."""

    def __init__(self, conn: _Conn, r: Request) -> None:
        self.conn = conn
        self.r = r
        self.header: dict[str, Any] = {}
        self.status = 0
        self.pending = b""
        self.sent = False
        self.chunked = False
        self.close_after = False

    def write_header(self, code: int) -> None:
        """Say how it went; 200 without a word."""
        self.status = self.status or code

    async def write(self, data: bytes | str) -> tuple[int, Any]:
        """Write a part of the body; up to 2048 bytes wait for the end or a flush."""
        self.write_header(200)
        raw = data.encode() if isinstance(data, str) else bytes(data)
        self.pending += raw
        if len(self.pending) > _BUFFER:
            return len(raw), await self.flush()
        return len(raw), None

    async def flush(self) -> Any:
        """Send what was written."""
        self.write_header(200)
        return await self._send(False)

    async def _send(self, last: bool) -> Any:
        out = b""
        if not self.sent:
            self.sent = True
            out = self._first(last)
        if self.pending:
            framed = f"{len(self.pending):x}\r\n".encode() + self.pending + b"\r\n"
            out += framed if self.chunked else self.pending
            self.pending = b""
        if last and self.chunked:
            out += b"0\r\n\r\n"
        if not out:
            return None
        _, err = await self.conn.rwc.write(out)
        if err is not None:
            await self.conn.cancel()
        return err

    def _first(self, last: bool) -> bytes:
        extra: dict[str, Any] = {}
        given = {_canonical(k) for k in self.header}
        if self.status in (204, 304):
            self.pending = b""
        elif last and "Content-Length" not in given:
            extra["Content-Length"] = len(self.pending)
        elif "Content-Length" not in given:
            self.chunked = True
            extra["Transfer-Encoding"] = "chunked"
        if self.pending and "Content-Type" not in given:
            extra["Content-Type"] = "text/plain; charset=utf-8"
        if not self.conn.server.keeps_alive() or self.r.header.get("Connection") == "close":
            self.close_after = True
            extra["Connection"] = "close"
        status = f"{self.status} {_STATUS.get(self.status, f'status code {self.status}')}"
        return f"HTTP/1.1 {status}\r\n{_lines(self.header | extra)}\r\n".encode("latin-1")


class _Conn:
    """The server's side of a connection."""

    def __init__(self, server: Server, rwc: net.Conn) -> None:
        self.server = server
        self.rwc = rwc
        self.state = "new"
        self.byte = b""
        self.reading = False
        self.aborted = False
        self.over: Any = None  # closed when the read ahead is
        self.reader = _Reader(self.read)
        self.cancel: Any = None

    async def set_state(self, state: str) -> None:
        self.state = state
        if state == "closed":
            self.server.conns.found.pop(self, None)
        changed, self.server.changed = self.server.changed, None
        if changed is not None:
            await changed.close()
        if self.server.conn_state is not None:
            await _call(self.server.conn_state, self, state)

    @library_name("net/http.(*connReader).Read")
    async def read(self, n: int) -> tuple[bytes, Any]:
        if self.byte:
            data, self.byte = self.byte, b""
            return data, None
        data, err = await self.rwc.read(n)
        if err is not None and self.cancel is not None:
            await self.cancel()
        return data, err

    def start_background_read(self) -> None:
        if not self.byte:
            self.reading = True
            self.over = chan(None)
            go(self.background_read)

    @library_name("net/http.(*connReader).backgroundRead")
    async def background_read(self) -> None:
        data, err = await self.rwc.read(1)
        self.byte = data
        if err is not None and not (self.aborted and getattr(err, "timeout", bool)()):
            await self.cancel()
        self.aborted = self.reading = False
        await self.over.close()

    async def abort_pending_read(self) -> None:
        if not self.reading:
            return
        self.aborted = True
        await self.rwc.socket.set_deadline(1, True, False)
        await self.over.recv()
        await self.rwc.set_read_deadline(None)

    @library_name("net/http.(*conn).serve")
    async def serve(self, ctx: context.Context) -> None:
        async with defers() as defer:
            defer(self._closed)
            ctx, self.cancel = context.with_cancel(ctx)
            defer(self.cancel)
            server = self.server
            while True:
                first, header, err = await _head(self.reader)
                if err is not None or server.in_shutdown:
                    return
                await self.set_state("active")
                method, target, _ = (*first.split(" "), "", "")[:3]
                request_ctx, done = context.with_cancel(ctx)
                r = Request(request_ctx, method, f"http://{header.get('Host', '')}{target}")
                r.header = header
                r.body = body = _Body(self.reader, header, False)
                w = ResponseWriter(self, r)
                if body.ended:
                    self.start_background_read()
                else:
                    body.on_end = self.start_background_read
                await _call(server.handler, w, r)
                await done()
                w.write_header(200)
                await w._send(True)
                await self.abort_pending_read()
                while not body.ended:
                    _, err = await body.read(4096)
                    if err is not None and err is not io.EOF:
                        return
                if w.close_after:
                    return
                await self.set_state("idle")
                if not server.keeps_alive():
                    return
                if server.idle_timeout:
                    when = time.now().add(server.idle_timeout)
                    await self.rwc.set_read_deadline(when)
                # It waits here for the next request.
                if await self.reader.peek() is not None:
                    return
                await self.rwc.set_read_deadline(None)

    async def _closed(self) -> None:
        await self.rwc.close()
        await self.set_state("closed")


class Server:
    """Answers requests (``http.Server``).

    Parameters
    ----------
    handler
        A function of a `ResponseWriter` and a `Request`, plain or ``async``, or a `ServeMux`.
    idle_timeout : int
        ns that a connection may be idle; 0 for ever.
    base_context : callable, optional
        Returns the context that those of all requests come from.
    """

    def __init__(
        self,
        handler: Callable[..., Any],
        *,
        idle_timeout: int = 0,
        base_context: Callable[[Any], context.Context] | None = None,
    ) -> None:
        self.handler = handler
        self.idle_timeout = idle_timeout
        self.base_context = base_context
        self.conn_state: Callable[..., Any] | None = None
        self.in_shutdown = False
        self.keep_alives = True
        self.listeners: list[net.Listener] = []
        self.serving = WaitGroup()
        self.conns = Registry()
        self.on_shutdown: list[Callable[[], Any]] = []
        self.changed: Any = None  # closed when a connection has changed its state

    def keeps_alive(self) -> bool:
        """Whether connections are kept when a request is answered."""
        return self.keep_alives and not self.in_shutdown

    def register_on_shutdown(self, function: Callable[[], Any]) -> None:
        """Have a function called in a goroutine of its own when the server is shut down."""
        self.on_shutdown.append(function)

    @library_name("net/http.(*Server).Serve")
    async def serve(self, listener: net.Listener) -> Any:
        """Accept connections and start a goroutine for each; always returns an error."""
        if self.in_shutdown:
            return ErrServerClosed
        self.listeners.append(listener)
        await self.serving.add(1)
        ctx = context.background() if self.base_context is None else self.base_context(listener)
        while True:
            rwc, err = await listener.accept()
            if err is not None:
                self.listeners.remove(listener)
                await self.serving.done()
                return ErrServerClosed if self.in_shutdown else err
            conn = _Conn(self, rwc)
            self.conns.found[conn] = None
            await conn.set_state("new")
            go(conn.serve, ctx)

    @library_name("net/http.(*Server).Shutdown")
    async def shutdown(self, ctx: context.Context) -> Any:
        """Close listeners and idle connections, and wait for those that are busy, or for `ctx`.

        It ends no context of a request.
        """
        self.in_shutdown = True
        for listener in list(self.listeners):
            await listener.close()
        for function in self.on_shutdown:
            go(_call, function)
        await self.serving.wait()
        while True:
            # Go looks again and again; here it is told when to look.
            self.changed = changed = chan(None)
            if await self._close_idle():
                return None
            i, _, _ = await select(recv(ctx.done()), recv(changed))
            if i == 0:
                return ctx.err()

    async def _close_idle(self) -> bool:
        quiet = True
        for conn in list(self.conns.found):
            if conn.state != "idle":
                quiet = False
                continue
            await conn.rwc.close()
            self.conns.found.pop(conn, None)
        return quiet

    async def close(self) -> Any:
        """Close listeners and all connections at once."""
        self.in_shutdown = True
        for listener in list(self.listeners):
            await listener.close()
        await self.serving.wait()
        for conn in list(self.conns.found):
            await conn.rwc.close()
        return None


class ServeMux:
    """Finds the handler of a request: ``mux.handle("GET /item/{id}", handler)``."""

    def __init__(self) -> None:
        self.entries: list[tuple[str, list[str], Callable[..., Any]]] = []

    def handle(self, pattern: str, handler: Callable[..., Any]) -> None:
        """Add a handler; a pattern is [METHOD ]/PATH, and a path that ends in / is all below it."""
        method, _, path = pattern.rpartition(" ")
        self.entries.append((method, path.strip("/").split("/"), handler))
        if path.endswith("/"):
            self.entries[-1][1].append("...")

    async def __call__(self, w: ResponseWriter, r: Request) -> None:
        best: tuple[int, Callable[..., Any], dict[str, str]] | None = None
        parts = r.path.strip("/").split("/")
        for method, segments, handler in self.entries:
            found = _match(segments, parts)
            if found is not None and method in ("", r.method):
                rank = 2 * len(segments) + bool(method)
                if best is None or rank > best[0]:
                    best = rank, handler, found
        if best is None:
            w.write_header(404)
            await w.write("404 page not found\n")
            return
        r.values = best[2]
        await _call(best[1], w, r)


def _match(segments: list[str], parts: list[str]) -> dict[str, str] | None:
    values: dict[str, str] = {}
    for i, segment in enumerate(segments):
        if segment == "...":
            return values
        if i >= len(parts):
            return None
        if segment.startswith("{") and segment.endswith("}"):
            values[segment[1:-1]] = parts[i]
        elif segment != parts[i] and segments != ["", "..."]:
            return None
    return values if len(parts) == len(segments) else None


class TestServer:
    """A server at an address of this machine (``httptest.Server``).

    Attributes
    ----------
    url : str
    config : Server
    """

    def __init__(self, handler: Callable[..., Any]) -> None:
        self.listener, _ = net.listen("tcp", "127.0.0.1:0")
        self.config = Server(handler)
        self.config.conn_state = self._state
        self.url = f"http://{self.listener.addr()}"
        self.wg = WaitGroup()
        self.closed = False

    async def _state(self, conn: _Conn, state: str) -> None:
        if state == "new":
            await self.wg.add(1)
        elif state == "closed":
            await self.wg.done()
        elif state == "idle" and self.closed:
            await conn.rwc.close()

    @library_name("net/http/httptest.(*Server).goServe.func1")
    async def _serve(self) -> None:
        async with defers() as defer:
            defer(self.wg.done)
            await self.wg.add(1)
            await self.config.serve(self.listener)

    @library_name("net/http/httptest.(*Server).Close")
    async def close(self) -> None:
        """Close it and wait until all requests are done."""
        self.closed = True
        await self.listener.close()
        self.config.keep_alives = False
        for conn in list(self.config.conns.found):
            if conn.state in ("new", "idle"):
                await conn.rwc.close()
        await default_transport().close_idle_connections()
        await self.wg.wait()


def new_server(handler: Callable[..., Any]) -> TestServer:
    """Start a server (``httptest.NewServer``); it has to be closed."""
    server = TestServer(handler)
    w = current_world("http.new_server")
    works_for(w, sys._getframe(1), w.next_goid)
    go(server._serve)
    return server


# ---- clients -------------------------------------------------------------------------------------


class _Want:
    """A request that waits for a connection."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.result = chan(None, 1)
        self.done = False

    async def deliver(self, pc: _PersistConn | None, err: Any) -> bool:
        if self.done:
            return False
        self.done = True
        await self.result.send((pc, err))
        return True


class Transport:
    """Keeps connections and sends requests on them (``http.Transport``).

    Parameters
    ----------
    max_idle_conns_per_host : int
        2 by default.
    max_conns_per_host : int
        0 for as many as are asked for.
    idle_conn_timeout : int
        ns that a connection lies in the pool; 0 for ever.
    disable_keep_alives : bool
    """

    def __init__(
        self,
        *,
        max_idle_conns_per_host: int = 2,
        max_conns_per_host: int = 0,
        idle_conn_timeout: int = 0,
        disable_keep_alives: bool = False,
    ) -> None:
        self.max_idle_conns_per_host = max_idle_conns_per_host
        self.max_conns_per_host = max_conns_per_host
        self.idle_conn_timeout = idle_conn_timeout
        self.disable_keep_alives = disable_keep_alives
        self.idle: list[_PersistConn] = []
        self.idle_wait: list[_Want] = []
        self.per_host: dict[str, int] = {}
        self.per_host_wait: list[_Want] = []
        self.req_canceler = Registry()

    @library_name("net/http.(*Transport).RoundTrip")
    async def round_trip(self, r: Request) -> tuple[Any, Any]:
        """Send a request and return the response, or None and an error."""
        ctx, end = context.with_cancel_cause(r.ctx)

        async def cancel(err: Any) -> None:
            await end(err)
            self.req_canceler.found.pop(r, None)

        self.req_canceler.found[r] = cancel
        while True:
            pc, err = await self._get_conn(ctx, r.host)
            if err is None:
                resp, err = await pc.round_trip(r, ctx, cancel)
                if err is None:
                    return resp, None
                if pc.reused and err is _SERVER_CLOSED_IDLE:
                    continue  # it had been idle, and was gone: once more, on another one
            await cancel(err)
            return None, err

    @library_name("net/http.(*Transport).getConn")
    async def _get_conn(self, ctx: context.Context, host: str) -> tuple[Any, Any]:
        want = _Want(host)
        pc = next((p for p in reversed(self.idle) if p.key == host and p.closed is None), None)
        if pc is not None:
            await self._remove_idle(pc)
            await want.deliver(pc, None)
        else:
            self.idle_wait = [w for w in self.idle_wait if not w.done] + [want]
            count = self.per_host.get(host, 0)
            if self.max_conns_per_host and count >= self.max_conns_per_host:
                self.per_host_wait.append(want)
            else:
                self.per_host[host] = count + 1
                go(self._dial_conn_for, want)
        i, found, _ = await select(recv(want.result), recv(ctx.done()))
        if i == 0:
            return found[0], found[1]
        if want.done:
            pc, _ = await want.result.recv()
            if pc is not None:
                await self._put_or_close(pc)
        want.done = True
        return None, context.cause(ctx)

    @library_name("net/http.(*Transport).startDialConnForLocked.func1")
    async def _dial_conn_for(self, want: _Want) -> None:
        pc, err = await self._dial_conn(want.key)
        if err is not None:
            await want.deliver(None, err)
            self._one_less(want.key)
        elif not await want.deliver(pc, None):
            await self._put_or_close(pc)

    @library_name("net/http.(*Transport).dialConn")
    async def _dial_conn(self, host: str) -> tuple[Any, Any]:
        conn, err = await net.dial("tcp", host if ":" in host else f"{host}:80")
        if err is not None:
            return None, err
        pc = _PersistConn(self, host, conn)
        w = current_world("http")
        pc.ids = w.next_goid, w.next_goid + 1
        go(pc.read_loop)
        go(pc.write_loop)
        return pc, None

    def _one_less(self, host: str) -> None:
        self.per_host_wait = [w for w in self.per_host_wait if not w.done]
        for want in self.per_host_wait:
            if want.key == host:
                self.per_host_wait.remove(want)
                go(self._dial_conn_for, want)
                return
        self.per_host[host] = self.per_host.get(host, 1) - 1

    async def _put_or_close(self, pc: _PersistConn) -> None:
        if not await self._put_idle(pc):
            await pc.close(_TOO_MANY)

    async def _put_idle(self, pc: _PersistConn) -> bool:
        if self.disable_keep_alives or pc.closed is not None:
            return False
        pc.reused = True
        self.idle_wait = [w for w in self.idle_wait if not w.done]
        for want in self.idle_wait:
            if want.key == pc.key:
                self.idle_wait.remove(want)
                return await want.deliver(pc, None)
        if sum(p.key == pc.key for p in self.idle) >= self.max_idle_conns_per_host:
            return False
        self.idle.append(pc)
        if self.idle_conn_timeout:
            pc.idle_timer = time.after_func(self.idle_conn_timeout, pc.close_if_still_idle)
        return True

    async def _remove_idle(self, pc: _PersistConn) -> bool:
        if pc not in self.idle:
            return False
        self.idle.remove(pc)
        if pc.idle_timer is not None:
            await pc.idle_timer.stop()
        return True

    async def close_idle_connections(self) -> None:
        """Close what lies in the pool."""
        idle, self.idle = self.idle, []
        for pc in idle:
            if pc.idle_timer is not None:
                await pc.idle_timer.stop()
            await pc.close(_CLOSE_IDLE)


class _PersistConn:
    """A connection of a client, with a goroutine that reads and one that writes."""

    def __init__(self, t: Transport, key: str, conn: net.Conn) -> None:
        self.t = t
        self.key = key
        self.conn = conn
        self.reader = _Reader(conn.read)
        self.reqch = chan(None, 1)
        self.writech = chan(None, 1)
        self.closech = chan(None)
        self.write_loop_done = chan(None)
        self.expected = 0
        self.closed: Any = None
        self.canceled: Any = None
        self.reused = False
        self.idle_timer: Any = None
        self.ids = (0, 0)

    async def close(self, err: Any) -> None:
        if self.closed is None:
            self.closed = err
            self.t._one_less(self.key)
            await self.conn.close()
            await self.closech.close()

    @library_name("net/http.(*persistConn).closeConnIfStillIdle")
    async def close_if_still_idle(self) -> None:
        if await self.t._remove_idle(self):
            await self.close(_IDLE_TIMEOUT)

    @library_name("net/http.(*persistConn).readLoop")
    async def read_loop(self) -> None:
        async with defers() as defer:
            eofc = chan(None)
            why = [_EXITING]

            async def ended() -> None:
                await eofc.close()
                await self.close(why[0])
                await self.t._remove_idle(self)

            defer(ended)
            alive = True
            while alive:
                err = await self.reader.peek()
                if self.expected == 0:
                    why[0] = _SERVER_CLOSED_IDLE
                    return
                r, ctx, cancel, answer, gone = await self.reqch.recv()
                resp: Any = None
                if err is None:
                    resp, err = await self._read_response()
                if err is not None:
                    await select(send(answer, (None, err)), recv(gone))
                    return
                self.expected -= 1
                if resp.header.get("Connection") == "close":
                    alive = False
                body = resp.body
                if body.length == 0 or r.method == "HEAD" or resp.status_code in (204, 304):
                    body.ended = True
                    alive = alive and await self.t._put_idle(self)
                    i, _, _ = await select(send(answer, (resp, None)), recv(gone))
                    if i == 1:
                        return
                    await cancel(_REQUEST_DONE)
                    continue
                read = chan(None, 1)
                resp.body = _BodyEOFSignal(self, body, read, eofc)
                i, _, _ = await select(send(answer, (resp, None)), recv(gone))
                if i == 1:
                    return
                del resp
                # It waits here until the program has read the body to its end or closed it.
                i, err, _ = await select(recv(read), recv(ctx.done()), recv(self.closech))
                if i == 0 and err is io.EOF:
                    alive = alive and await self.t._put_idle(self)
                    await eofc.send(None)
                elif i == 0 and err is _EARLY and current_world("http").version.http_drains:
                    drains = alive and body.length <= _DRAIN_BYTES
                    await eofc.send(None)
                    alive = drains and await self._drained(body) and await self.t._put_idle(self)
                else:
                    alive = False
                    if i == 1:
                        self.canceled = context.cause(ctx)
                        await self.close(_CANCELED)
                await cancel(_REQUEST_DONE)

    async def _drained(self, body: _Body) -> bool:
        """Read what is left of a body that was closed early; not for longer than 50 ms."""
        if not body.chunked and body.left <= len(body.reader.buffer):
            await body.read(body.left)  # it is here already
            return True
        drained = chan(bool, 1)

        async def drain() -> None:
            n, err = 0, None
            while err is None and n <= _DRAIN_BYTES:
                data, err = await body.read(4096)
                n += len(data)
            await drained.send(err is io.EOF)

        go(drain)
        i, ok, _ = await select(recv(drained), recv(time.after(50 * time.Millisecond)))
        return i == 0 and bool(ok)

    async def _read_response(self) -> tuple[Any, Any]:
        first, header, err = await _head(self.reader)
        if err is not None:
            return None, err
        return Response(first.partition(" ")[2], header, _Body(self.reader, header, True)), None

    @library_name("net/http.(*persistConn).writeLoop")
    async def write_loop(self) -> None:
        async with defers() as defer:
            defer(self.write_loop_done.close)
            while True:
                i, asked, _ = await select(recv(self.writech), recv(self.closech))
                if i == 1:
                    return
                data, written = asked
                # A request is small: it is written before its answer can come.
                _, err = await self.conn.write(data)
                if err is not None:
                    await written.send(err)
                    await self.close(err)
                    return

    @library_name("net/http.(*persistConn).roundTrip")
    async def round_trip(self, r: Request, ctx: context.Context, cancel: Any) -> tuple[Any, Any]:
        self.expected += 1
        works_for(current_world("http"), sys._getframe(), *self.ids)
        target = r.path + (f"?{r.query}" if r.query else "")
        header = {_canonical(k): v for k, v in r.header.items()}
        if r.body or r.method in ("POST", "PUT", "PATCH"):
            header["Content-Length"] = len(r.body)
        if self.t.disable_keep_alives:
            header["Connection"] = "close"
        head = f"{r.method} {target} HTTP/1.1\r\nHost: {r.host}\r\n{_lines(header)}\r\n"
        gone, written, answer = chan(None), chan(None, 1), chan(None)
        async with defers() as defer:
            defer(gone.close)
            await self.writech.send((head.encode("latin-1") + r.body, written))
            await self.reqch.send((r, ctx, cancel, answer, gone))
            ended = True
            while True:
                cases = [recv(written), recv(self.closech), recv(answer)]
                if ended:
                    cases.append(recv(ctx.done()))
                i, found, _ = await select(*cases)
                if i == 0:
                    await self.close(found)
                    return None, await self._mapped(found)
                if i == 2:
                    resp, err = found
                    return resp, None if err is None else await self._mapped(err)
                if i == 1:
                    i, found, _ = await select(recv(answer), default)
                    if i == 0 and found[1] is None:
                        return found[0], None
                    return None, await self._mapped(self.closed)
                ended = False
                self.canceled = context.cause(ctx)
                await self.close(_CANCELED)
        raise AssertionError("the loop ends with a return")

    async def _mapped(self, err: Any) -> Any:
        await self.write_loop_done.recv()
        if self.canceled is not None:
            return self.canceled
        return _SERVER_CLOSED_IDLE if err is io.EOF and self.reused else err


class _BodyEOFSignal:
    """The body of a response; tells the connection when the program is done with it."""

    def __init__(self, pc: _PersistConn, body: _Body, read: Any, eofc: Any) -> None:
        self.pc = pc
        self.body = body
        self.read_ch = read
        self.eofc = eofc
        self.closed = False
        self.err: Any = None

    async def read(self, n: int) -> tuple[bytes, Any]:
        """Return at most `n` bytes and an error; `gs.io.EOF` at the end."""
        if self.closed:
            return b"", _READ_AFTER_CLOSE
        if self.err is not None:
            return b"", self.err
        data, err = await self.body.read(n)
        if err is not None:
            self.err = err
            await self.read_ch.send(err)
            if err is io.EOF:
                await self.eofc.recv()
            elif self.pc.canceled is not None:
                self.err = err = self.pc.canceled
        return data, err

    async def close(self) -> Any:
        """Let the connection go; it is used again when the body was read to its end."""
        if not self.closed:
            self.closed = True
            if self.err is None:
                await self.read_ch.send(_EARLY)
                await self.eofc.recv()


def default_transport() -> Transport:
    """Return the transport of clients that have none of their own (``http.DefaultTransport``)."""
    w = current_world("http.default_transport")
    found = w.__dict__.get(_DEFAULT)
    if found is None:
        found = w.__dict__[_DEFAULT] = Transport(idle_conn_timeout=90 * time.Second)
        w.globals.append({"net/http.DefaultTransport": found})
    return found


class Client:
    """Sends requests (``http.Client``).

    Parameters
    ----------
    timeout : int
        ns for a whole request, its body included; 0 for none.
    transport : Transport, optional
    """

    def __init__(self, *, timeout: int = 0, transport: Transport | None = None) -> None:
        self.timeout = timeout
        self.transport = transport

    async def do(self, r: Request) -> tuple[Any, Any]:
        """Send a request; the response, whose body has to be closed, or None and an error."""
        if self.timeout:
            r.ctx, _ = context.with_timeout(r.ctx, self.timeout)
        transport = self.transport or default_transport()
        resp, err = await transport.round_trip(r)
        if err is not None:
            return None, _Failed(r, err)
        return resp, None

    async def get(self, url: str) -> tuple[Any, Any]:
        """Ask for a URL."""
        return await self.do(new_request("GET", url))

    async def post(self, url: str, content_type: str, body: bytes | str) -> tuple[Any, Any]:
        """Send a body to a URL."""
        r = new_request("POST", url, body)
        r.header["Content-Type"] = content_type
        return await self.do(r)

    async def close_idle_connections(self) -> None:
        """Close what lies in the pool of the transport."""
        await (self.transport or default_transport()).close_idle_connections()


class _Failed(errors.Error):
    """Which request failed, and why."""

    def __init__(self, r: Request, err: Any) -> None:
        self.r = r
        self.err = err

    def error(self) -> str:
        return f'{self.r.method.capitalize()} "{self.r.url}": {self.err.error()}'

    def unwrap(self) -> Any:
        return self.err


default_client: Final = Client()
"""The client of `get` and `post`."""


async def get(url: str) -> tuple[Any, Any]:
    """Ask for a URL with the default client (``http.Get``)."""
    return await default_client.get(url)


async def post(url: str, content_type: str, body: bytes | str) -> tuple[Any, Any]:
    """Send a body with the default client (``http.Post``)."""
    return await default_client.post(url, content_type, body)
