"""Bubbles (Go: ``runtime/synctest.go``).

A bubble's clock stands still while any of its goroutines can run.  So does the whole simulated
clock: what is left is to notice when nobody can run, without a change to the scheduler.  Whoever
wants to know sleeps until this very instant, which ends when the calendar has its turn.

What belongs to a bubble is every goroutine that was started since the bubble was.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from gosim.golang.values.strings import encode
from gosim.runtime import current
from gosim.runtime.forms import Op, invoke, operation
from gosim.runtime.g import PARK, G
from gosim.runtime.panic import plain_error
from gosim.runtime.proc import World
from gosim.runtime.time import Wakeup

_BUBBLE: Final = "gosim.golang.library.bubble"


class _Bubble:
    """The goroutines with these numbers and above, and what its root has come to."""

    __slots__ = ("first", "root", "waiting")

    def __init__(self, first: int) -> None:
        self.first = first
        self.root: G | None = None
        self.waiting: G | None = None

    def members(self, w: World) -> list[G]:
        """Who is in it."""
        return [g for g in w.allgs if g.id >= self.first]


@operation
def _until(w: World, when: int, reason: str) -> Op:
    """Wait until an instant, even this one; goroutines that can run do that first."""
    g = w.g
    g.wait_reason = reason
    g.waiting = None
    w.schedule(Wakeup(w._wakeup, g), when)
    yield PARK


@operation
def _call(f: Callable[[], Any]) -> Op:
    yield from invoke(f)


async def _root(f: Callable[[], Any]) -> None:
    await _call(f)


@operation
def run(f: Callable[[], Any]) -> Op:
    """Run a bubble; return why it cannot go on, "" when it is over."""
    w = current.current_world("synctest.Test")
    if w.__dict__.get(_BUBBLE) is not None:
        raise plain_error("synctest.Run called from within a synctest bubble")
    bubble = w.__dict__[_BUBBLE] = _Bubble(w.next_goid)
    bubble.root = w.spawn(_root(f), run.__code__)
    try:
        while True:
            yield from _until(w, w.now, "synctest.Run")
            members = bubble.members(w)
            if not members:
                return ""
            if w.runnable():
                continue
            event = w.next_event()
            if event is None:
                if bubble.root in members:
                    return encode("deadlock: all goroutines in bubble are blocked")
                return encode(
                    "deadlock: main bubble goroutine has exited but blocked goroutines remain"
                )
            yield from _until(w, event, "synctest.Run")
    finally:
        w.__dict__[_BUBBLE] = None


@operation
def Wait() -> Op:
    """``synctest.Wait``."""
    w = current.current_world("synctest.Wait")
    bubble: _Bubble | None = w.__dict__.get(_BUBBLE)
    if bubble is None or w.g.id < bubble.first:
        raise plain_error("goroutine is not in a bubble")
    if bubble.waiting is not None:
        raise plain_error("wait already in progress")
    bubble.waiting = w.g
    try:
        yield from _until(w, w.now, "synctest.Wait")
        while w.runnable():
            yield from _until(w, w.now, "synctest.Wait")
    finally:
        bubble.waiting = None
