"""A network in memory (Go: ``net``): who listens and who dials are goroutines of one program.

Reading and writing wait as ``IO wait``, and end with a deadline, or when the other end closes::

    listener, err = gs.net.listen("tcp", "127.0.0.1:0")
    conn, err = await listener.accept()
    data, err = await conn.read(4096)        # at most so many bytes; gs.io.EOF at the end
    n, err = await conn.write(b"hello")
    await conn.close()
    conn, err = await gs.net.dial("tcp", listener.addr())
"""

from __future__ import annotations

from typing import Any, Final

from gosim.runtime import netpoll
from gosim.runtime.current import current_world
from gosim.runtime.traceback import library_name
from gosim.std import errors, io
from gosim.std.time import Time

__all__ = ["Conn", "ErrClosed", "Listener", "OpError", "dial", "listen"]

ErrClosed: Final = errors.new(netpoll.CLOSED)


class _Timeout(errors.Error):
    """The error of what took longer than its deadline allows."""

    def error(self) -> str:
        """Return the text."""
        return netpoll.TIMEOUT

    def timeout(self) -> bool:
        """It is."""
        return True


_TIMEOUT: Final = _Timeout()


class OpError(errors.Error):
    """Which operation failed, where and why."""

    def __init__(self, op: str, where: str, err: Any) -> None:
        self.op = op
        self.where = where
        self.err = err

    def error(self) -> str:
        """Return the text."""
        return f"{self.op} tcp {self.where}: {self.err.error()}"

    def timeout(self) -> bool:
        """Return whether a deadline has passed."""
        return self.err is _TIMEOUT

    def unwrap(self) -> Any:
        """Return the reason."""
        return self.err


def _failed(op: str, where: str, why: str) -> OpError:
    known = {netpoll.CLOSED: ErrClosed, netpoll.TIMEOUT: _TIMEOUT}
    call = {"dial": "connect", "listen": "bind"}.get(op, op)
    return OpError(op, where, known.get(why) or errors.new(f"{call}: {why}"))


def _place(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    return host or "127.0.0.1", int(port or 0)


class Conn:
    """One end of a connection."""

    __slots__ = ("socket",)

    def __init__(self, socket: netpoll.Socket) -> None:
        self.socket = socket

    @library_name("net.(*conn).Read")
    async def read(self, n: int) -> tuple[bytes, Any]:
        """Wait for bytes; at most `n`, and an error."""
        data, why = await self.socket.read(n)
        if why is None:
            return data, None
        return b"", io.EOF if why == netpoll.EOF else _failed("read", self.socket.name, why)

    @library_name("net.(*conn).Write")
    async def write(self, data: bytes | str) -> tuple[int, Any]:
        """Write all bytes; how many were written, and an error."""
        n, why = await self.socket.write(data.encode() if isinstance(data, str) else bytes(data))
        return n, None if why is None else _failed("write", self.socket.name, why)

    async def close(self) -> Any:
        """Close it; an error when it was closed before."""
        if await self.socket.close():
            return None
        return OpError("close", self.socket.name, ErrClosed)

    async def close_write(self) -> Any:
        """Send nothing more."""
        if await self.socket.close_write():
            return None
        return OpError("close", self.socket.name, ErrClosed)

    async def set_deadline(self, t: Time | None) -> None:
        """Let reading and writing fail from an instant on; never for None."""
        await self.socket.set_deadline(None if t is None else int(t.unix_nano()), True, True)

    async def set_read_deadline(self, t: Time | None) -> None:
        """Let reading fail from an instant on; never for None."""
        await self.socket.set_deadline(None if t is None else int(t.unix_nano()), True, False)

    async def set_write_deadline(self, t: Time | None) -> None:
        """Let writing fail from an instant on; never for None."""
        await self.socket.set_deadline(None if t is None else int(t.unix_nano()), False, True)

    def local_addr(self) -> str:
        """Return the address of this end."""
        return self.socket.local

    def remote_addr(self) -> str:
        """Return the address of the other end."""
        return self.socket.remote


class Listener:
    """Waits for connections."""

    __slots__ = ("socket",)

    def __init__(self, socket: netpoll.Listening) -> None:
        self.socket = socket

    @library_name("net.(*TCPListener).Accept")
    async def accept(self) -> tuple[Any, Any]:
        """Wait for a connection."""
        socket, why = await self.socket.accept()
        if why is None:
            return Conn(socket), None
        return None, _failed("accept", self.socket.name, why)

    async def close(self) -> Any:
        """Listen no longer."""
        if await self.socket.close():
            return None
        return OpError("close", self.socket.name, ErrClosed)

    def addr(self) -> str:
        """Return the address, ``127.0.0.1:40001``."""
        return self.socket.name


def listen(network: str, address: str) -> tuple[Any, Any]:
    """Listen at an address (``net.Listen``); port 0 is any free one.

    Returns
    -------
    Listener or None, error or None
    """
    host, port = _place(address)
    socket, why = netpoll.listen(current_world("net.listen"), host, port)
    if socket is None:
        return None, _failed("listen", address, why or "")
    return Listener(socket), None


async def dial(network: str, address: str) -> tuple[Any, Any]:
    """Connect to an address (``net.Dial``).

    Returns
    -------
    Conn or None, error or None
    """
    host, port = _place(address)
    socket, why = await netpoll.dial(current_world("net.dial"), host, port)
    if socket is None:
        return None, _failed("dial", address, why or "")
    return Conn(socket), None
