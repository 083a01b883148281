"""Coroutines (Go: ``runtime/coro.go``): goroutines that change places."""

from __future__ import annotations

import sys
from collections.abc import Awaitable
from typing import Any

from gosim.runtime.current import current_world
from gosim.runtime.forms import Op, operation
from gosim.runtime.g import PARK, G
from gosim.runtime.panic import GoExit
from gosim.runtime.proc import World


class Coro:
    """A place where one goroutine waits until another one changes places with it.

    Attributes
    ----------
    g : G or None
        Who waits.
    """

    __slots__ = ("__weakref__", "g")

    def __init__(self) -> None:
        self.g: G | None = None

    def __copy__(self) -> Coro:
        made = Coro()
        made.g = self.g
        return made


def _hand_over(w: World, g: G) -> None:
    """Let `g` run next, whoever was to be next after it."""
    previous, w.runnext = w.runnext, None
    g.waiting = None
    w.ready(g)
    if previous is not None:
        w.runq.appendleft(previous)


def _tell(w: World, event: str, c: Coro) -> None:
    """Say that what was done before a change of places is known after it."""
    if w.observers:
        w.emit(event, c, "coroutine")


async def _run(c: Coro, f: Any) -> None:
    _tell(current_world("a coroutine"), "acquired", c)
    try:
        result = f(c)
        if isinstance(result, Awaitable):
            await result
    except GoExit:
        _leave(c)
        raise
    _leave(c)


def _leave(c: Coro) -> None:
    """End this goroutine and let the one that waits go on."""
    g, c.g = c.g, None
    if g is not None:
        w = current_world("a coroutine")
        _tell(w, "released", c)
        _hand_over(w, g)


def newcoro(f: Any) -> Coro:
    """Return a place in which a new goroutine waits that will run `f`."""
    w = current_world("iter.Pull")
    c = Coro()
    frame = sys._getframe(1)
    previous, w.runnext = w.runnext, None
    g = w.spawn(_run(c, f), frame.f_code, frame.f_lasti)
    w.runnext = previous
    g.wait_reason = "coroutine"
    g.waiting = c
    c.g = g
    return c


@operation
def coroswitch(c: Coro) -> Op:
    """Change places with the goroutine that waits in `c`."""
    w = current_world("iter.Pull")
    g = w.g
    other, c.g = c.g, g
    assert other is not None
    g.wait_reason = "coroutine"
    g.waiting = c
    _tell(w, "released", c)
    _hand_over(w, other)
    yield PARK
    _tell(w, "acquired", c)
