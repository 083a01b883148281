"""What package net/http needs of Python."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gosim.golang.values.slices import Slice
from gosim.runtime.netpoll import Socket


def keep(c: Any, keeper: Any) -> None:
    """Say in whose care a connection is while nothing happens on it.

    A connection that a program has wrapped into one of its own is left alone.
    """
    fd = getattr(c, "fd", None)
    socket = getattr(fd, "s", None)
    if type(socket) is Socket:
        socket.keeper = keeper


class Conns:
    """The connections of a server, oldest first."""

    __slots__ = ("found",)

    def __init__(self) -> None:
        self.found: dict[Any, None] = {}

    def __gosim_referents__(self) -> Iterable[object]:
        return ()


def conns_add(s: Conns, c: Any) -> None:
    """Add one."""
    s.found[c] = None


def conns_remove(s: Conns, c: Any) -> None:
    """Remove one."""
    s.found.pop(c, None)


def conns_all(s: Conns) -> Slice:
    """Return all of them."""
    values = list(s.found)
    return Slice(values, 0, len(values), len(values))
