"""What package net/http/httptest needs of Python."""

from __future__ import annotations

import sys
from typing import Any

from gosim.golang.values.slices import Slice
from gosim.runtime import netpoll
from gosim.runtime.current import current_world
from gosim.runtime.netpoll import Registry


def worksFor() -> None:
    """Note that the goroutine started next works for the call that the program makes now."""
    w = current_world("httptest")
    netpoll.works_for(w, sys._getframe(1), w.next_goid)


def states_put(s: Registry, c: Any, state: int) -> None:
    """Note how far a connection is."""
    s.found[c] = state


def states_drop(s: Registry, c: Any) -> None:
    """Forget a connection."""
    s.found.pop(c, None)


def states_state(s: Registry, c: Any) -> tuple[int, bool]:
    """Return how far a connection is, and whether it is known."""
    return s.found.get(c, 0), c in s.found


def states_all(s: Registry) -> Slice:
    """Return the connections."""
    values = list(s.found)
    return Slice(values, 0, len(values), len(values))
