"""What package net needs of Python: the network of the run (`gosim.runtime.netpoll`)."""

from __future__ import annotations

from typing import Any

from gosim.golang.values.slices import Slice
from gosim.golang.values.strings import decode
from gosim.runtime import netpoll
from gosim.runtime.current import current_world
from gosim.runtime.forms import Op, operation
from gosim.runtime.netpoll import Listening, Socket


@operation
def socket_readInto(s: Socket, b: Slice) -> Op:
    """Read into a slice; the second result says what is wrong."""
    data, why = yield from s.read(b.n)
    n = len(data)
    if n:
        b.a[b.o : b.o + n] = data
    return n, why or ""


@operation
def socket_writeFrom(s: Socket, b: Slice) -> Op:
    """Write a slice."""
    n, why = yield from s.write(bytes(b.values()))
    return n, why or ""


def socket_closeNow(s: Socket) -> Any:
    """Close it."""
    return s.close()


def socket_closeWrite(s: Socket) -> Any:
    """Send nothing more."""
    return s.close_write()


def socket_deadline(s: Socket, when: int, read: bool, write: bool) -> Any:
    """Set or, for 0, remove deadlines."""
    return s.set_deadline(when or None, read, write)


def socket_locally(s: Socket) -> str:
    """Return the address of this end."""
    return s.local


def socket_remotely(s: Socket) -> str:
    """Return the address of the other end."""
    return s.remote


@operation
def listening_acceptOne(listener: Listening) -> Op:
    """Wait for a connection."""
    socket, why = yield from listener.accept()
    return socket, why or ""


def listening_closeNow(listener: Listening) -> Any:
    """Listen no longer."""
    return listener.close()


def listening_deadline(listener: Listening, when: int) -> None:
    """Set or, for 0, remove the deadline."""
    listener.side.set(when or None)


def listening_locally(listener: Listening) -> str:
    """Return the address."""
    return listener.name


def listenAt(host: str, port: int) -> tuple[Listening | None, str]:
    """Listen on a port."""
    listener, why = netpoll.listen(current_world("net.Listen"), decode(host), port)
    return listener, why or ""


@operation
def connect(host: str, port: int) -> Op:
    """Connect to a port."""
    socket, why = yield from netpoll.dial(current_world("net.Dial"), decode(host), port)
    return socket, why or ""
