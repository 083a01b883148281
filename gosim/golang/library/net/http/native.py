"""What package net/http needs of Python."""

from __future__ import annotations

import sys
from typing import Any

from gosim.golang.values.slices import Slice
from gosim.runtime import netpoll
from gosim.runtime.current import current_world
from gosim.runtime.netpoll import Registry


def nextGoroutine() -> int:
    """Return the ID of the goroutine that will be started next."""
    return current_world("net/http").next_goid


def worksFor(first: int, second: int) -> None:
    """Note that two goroutines work for the call that the program makes now."""
    netpoll.works_for(current_world("net/http"), sys._getframe(1), first, second)


def conns_add(s: Registry, c: Any) -> None:
    """Add one."""
    s.found[c] = None


def conns_remove(s: Registry, c: Any) -> None:
    """Remove one."""
    s.found.pop(c, None)


def conns_all(s: Registry) -> Slice:
    """Return all of them."""
    values = list(s.found)
    return Slice(values, 0, len(values), len(values))


def cancels_set(s: Registry, req: Any, cancel: Any) -> None:
    """Note how a request is ended."""
    s.found[req] = cancel


def cancels_remove(s: Registry, req: Any) -> None:
    """Forget it."""
    s.found.pop(req, None)


def cancels_get(s: Registry, req: Any) -> Any:
    """Return it, nil if it is not there."""
    return s.found.get(req)
