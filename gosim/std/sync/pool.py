"""Pools of spare objects (Go: ``sync/pool.go``)."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from gosim.runtime.forms import OBSERVED, Op, invoke, operation, two_forms
from gosim.runtime.g import CHOICE
from gosim.std.primitive import Primitive


@two_forms
class Pool(Primitive):
    """A set of spare objects that the garbage collector may empty (``src/sync/pool.go``).

    An object put back survives one collection and is gone at the second if nobody took it in
    between.  `get` gives the object put last; objects that have seen a collection come last, oldest
    first.  With several processors Go keeps one set for each; here there is one.

    Parameters
    ----------
    new
        Called by `get` when there is nothing left (a function or a coroutine function).
    """

    __slots__ = ("_fresh", "_known", "_private", "_victim_private", "_victims", "new")

    def __init__(self, new: Callable[[], Any] | None = None) -> None:
        self.new = new
        self._private: Any = None
        self._fresh: list[Any] = []
        self._victim_private: Any = None
        self._victims: deque[Any] = deque()
        self._known = False  # to the collector; an unused pool need not be

    def __copy__(self) -> Pool:
        made = Pool(self.new)
        made.made_like(self)
        made._private, made._fresh = self._private, list(self._fresh)
        made._victim_private, made._victims = self._victim_private, deque(self._victims)
        if self._known:
            made._known = True
            made.world.gc_hooks.append(made.gc)
        return made

    @operation
    def put(self, x: Any) -> Op:
        """Put an object back; None is ignored."""
        w = self.world
        if w.g is None:
            w.misused(self, "put")
        if OBSERVED:
            if w.policy is not None and w.must_announce():
                w.g.pending = ("pool put", self)
                yield CHOICE
        if x is None:
            return
        if OBSERVED and w.observers:
            w.emit("released", self, "pool", id(x))
        if not self._known:
            self._known = True
            w.gc_hooks.append(self.gc)
        if self._private is None:
            self._private = x
        else:
            self._fresh.append(x)
        return
        yield

    @operation
    def get(self) -> Op:
        """Take any object out; without one return ``new()``, or None."""
        w = self.world
        if w.g is None:
            w.misused(self, "get")
        if OBSERVED:
            if w.policy is not None and w.must_announce():
                w.g.pending = ("pool get", self)
                yield CHOICE
        x, self._private = self._private, None
        if x is None and self._fresh:
            x = self._fresh.pop()
        if x is None:
            x, self._victim_private = self._victim_private, None
        if x is None and self._victims:
            x = self._victims.popleft()
        if x is not None:
            if OBSERVED and w.observers:
                w.emit("acquired", self, "pool", id(x))
        elif self.new is not None:
            x = yield from invoke(self.new)
        return x

    def gc(self) -> None:
        """Do what a garbage collection does: drop what saw the last one, mark the rest."""
        self._victim_private, self._private = self._private, None
        self._victims, self._fresh = deque(self._fresh), []

    def statistics(self) -> dict[str, Any]:
        """Return how many objects are fresh, and how many will be gone at the next collection."""
        return {
            "fresh": len(self._fresh) + (self._private is not None),
            "victims": len(self._victims) + (self._victim_private is not None),
        }

    def __gosim_referents__(self) -> Iterable[object]:
        return (self.new, self._private, *self._fresh, self._victim_private, *self._victims)
