"""Bubbles (Go: ``runtime/synctest.go``).

A bubble's clock stands still while any of its goroutines can run.  So does the whole simulated
clock: what is left is to notice when nobody can run, without a change to the scheduler.  Whoever
wants to know sleeps until this very instant, which ends when the calendar has its turn.

What belongs to a bubble is every goroutine that was started since the bubble was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from gosim.golang.values.strings import encode
from gosim.runtime import current
from gosim.runtime.forms import Op, invoke, operation
from gosim.runtime.g import PARK, G
from gosim.runtime.panic import plain_error
from gosim.runtime.proc import World
from gosim.runtime.time import Entry, Wakeup

_BUBBLE: Final = "gosim.golang.library.bubble"


class _Bubble:
    """The goroutines with these numbers and above, and the timers that were not there before."""

    __slots__ = ("first", "others", "root", "waiting")

    def __init__(self, w: World) -> None:
        self.first = w.next_goid
        self.others = {timer for _, timer in _pending(w)}
        self.root: G | None = None
        self.waiting: G | None = None

    def members(self, w: World) -> list[G]:
        """Who is in it."""
        return [g for g in w.allgs if g.id >= self.first]

    def next_event(self, w: World) -> int | None:
        """When the next of its goroutines wakes up, or the next of its timers fires."""
        mine = [
            when
            for when, thing in _pending(w)
            if (thing.id >= self.first if isinstance(thing, G) else thing not in self.others)
        ]
        return min(mine, default=None)


def _pending(w: World) -> Iterator[tuple[int, Any]]:
    """The goroutines that sleep, and the timers that run, with their instants."""
    for item in w.env._queue:
        event: Any = item[3]
        if type(event) is Entry:
            if event.timer is not None:
                yield int(item[0]), event.timer
        else:
            yield int(item[0]), getattr(event, "g", event)


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
    bubble = w.__dict__[_BUBBLE] = _Bubble(w)
    bubble.root = w.spawn(_root(f), run.__code__)
    try:
        while True:
            yield from _until(w, w.now, "synctest.Run")
            members = bubble.members(w)
            if not members:
                return ""
            if w.runnable():
                continue
            event = bubble.next_event(w)
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
        if w.observers:
            w.emit("acquired", bubble, "bubble", bubble.first)
    finally:
        bubble.waiting = None
