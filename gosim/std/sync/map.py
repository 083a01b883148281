"""The concurrent map (Go: ``sync/map.go``, ``internal/sync/hashtriemap.go``)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from gosim.runtime.forms import OBSERVED, Op, invoke, operation, two_forms
from gosim.runtime.g import CHOICE, PARK
from gosim.std.iface import equal, map_key
from gosim.std.primitive import Primitive


@two_forms
class Map(Primitive):
    """A map safe for concurrent use, each operation one step (``src/sync/map.go``).

    Keys are compared as interface values: ``1``, ``1.0`` and ``True`` are three different keys.
    """

    __slots__ = ("_entries",)

    def __init__(self) -> None:
        self._entries: dict[object, tuple[Any, Any]] = {}

    def __copy__(self) -> Map:
        made = Map()
        made.made_like(self)
        made._entries = dict(self._entries)
        return made

    @operation
    def load(self, key: Any) -> Op:
        """Return ``(value, True)``, or ``(None, False)`` without an entry."""
        w = self.world
        if w.g is None:
            w.misused(self, "load")
        if OBSERVED:
            if w.policy is not None and w.must_announce():
                w.g.pending = ("map load", self)
                yield CHOICE
        if w.poll():
            w.gosched_prepare(w.g)
            yield PARK
        made = map_key(key)
        if OBSERVED and w.observers:
            w.emit("acquired", self, "map", made)
        entry = self._entries.get(made)
        return (None, False) if entry is None else (entry[1], True)

    @operation
    def store(self, key: Any, value: Any) -> Op:
        """Set the value for a key."""
        yield from self.swap(key, value)

    @operation
    def load_or_store(self, key: Any, value: Any) -> Op:
        """Return ``(present value, True)``, or store ``value`` and return ``(value, False)``."""
        w = self.world
        if w.g is None:
            w.misused(self, "load_or_store")
        if OBSERVED:
            if w.policy is not None and w.must_announce():
                w.g.pending = ("map store", self)
                yield CHOICE
        made = map_key(key)
        if OBSERVED and w.observers:
            w.emit("acquired", self, "map", made)
        entry = self._entries.get(made)
        if entry is not None:
            return entry[1], True
        if OBSERVED and w.observers:
            w.emit("released", self, "map", made)
        self._entries[made] = (key, value)
        return value, False
        yield

    @operation
    def load_and_delete(self, key: Any) -> Op:
        """Delete the entry of a key and return its ``(value, True)``, else ``(None, False)``."""
        w = self.world
        if w.g is None:
            w.misused(self, "load_and_delete")
        if OBSERVED:
            if w.policy is not None and w.must_announce():
                w.g.pending = ("map store", self)
                yield CHOICE
        made = map_key(key)
        if OBSERVED and w.observers:
            w.emit("acquired", self, "map", made)
            w.emit("released", self, "map", made)
        entry = self._entries.pop(made, None)
        return (None, False) if entry is None else (entry[1], True)
        yield

    @operation
    def delete(self, key: Any) -> Op:
        """Delete the entry of a key, if there is one."""
        yield from self.load_and_delete(key)

    @operation
    def swap(self, key: Any, value: Any) -> Op:
        """Set the value and return what was there: ``(value, True)`` or ``(None, False)``."""
        w = self.world
        if w.g is None:
            w.misused(self, "swap")
        if OBSERVED:
            if w.policy is not None and w.must_announce():
                w.g.pending = ("map store", self)
                yield CHOICE
        made = map_key(key)
        if OBSERVED and w.observers:
            w.emit("acquired", self, "map", made)
            w.emit("released", self, "map", made)
        entry = self._entries.get(made)
        self._entries[made] = (key if entry is None else entry[0], value)
        return (None, False) if entry is None else (entry[1], True)
        yield

    @operation
    def compare_and_swap(self, key: Any, old: Any, new: Any) -> Op:
        """Replace the value if it equals ``old``; return whether it did.

        Panics when the values compared are slices, maps or functions.
        """
        w = self.world
        if w.g is None:
            w.misused(self, "compare_and_swap")
        if OBSERVED:
            if w.policy is not None and w.must_announce():
                w.g.pending = ("map store", self)
                yield CHOICE
        if w.poll():
            w.gosched_prepare(w.g)
            yield PARK
        made = map_key(key)
        if OBSERVED and w.observers:
            w.emit("acquired", self, "map", made)
            w.emit("released", self, "map", made)
        entry = self._entries.get(made)
        if entry is None or not equal(entry[1], old):
            return False
        self._entries[made] = (entry[0], new)
        return True

    @operation
    def compare_and_delete(self, key: Any, old: Any) -> Op:
        """Delete the entry if its value equals ``old``; return whether it did."""
        w = self.world
        if w.g is None:
            w.misused(self, "compare_and_delete")
        if OBSERVED:
            if w.policy is not None and w.must_announce():
                w.g.pending = ("map store", self)
                yield CHOICE
        if w.poll():
            w.gosched_prepare(w.g)
            yield PARK
        made = map_key(key)
        if OBSERVED and w.observers:
            w.emit("acquired", self, "map", made)
            w.emit("released", self, "map", made)
        entry = self._entries.get(made)
        if entry is None or not equal(entry[1], old):
            return False
        del self._entries[made]
        return True

    @operation
    def range(self, f: Callable[[Any, Any], Any]) -> Op:
        """Call ``f(key, value)`` for the entries until it returns something false.

        No key is visited twice; entries stored meanwhile are not visited, deleted ones no more,
        and a value is the one present when its key is reached.
        """
        w = self.world
        for made in tuple(self._entries):
            if OBSERVED:
                if w.policy is not None and w.must_announce():
                    w.g.pending = ("map load", self)
                    yield CHOICE
            if OBSERVED and w.observers:
                w.emit("acquired", self, "map", made)
            entry = self._entries.get(made)
            if entry is not None and not (yield from invoke(f, *entry)):
                return

    @operation
    def clear(self) -> Op:
        """Delete all entries (Go 1.23)."""
        w = self.world
        if w.g is None:
            w.misused(self, "clear")
        if OBSERVED:
            if w.policy is not None and w.must_announce():
                w.g.pending = ("map store", self)
                yield CHOICE
        if OBSERVED and w.observers:
            for made in self._entries:
                w.emit("released", self, "map", made)
        self._entries.clear()
        return
        yield

    def statistics(self) -> dict[str, Any]:
        """Return the number of entries."""
        return {"len": len(self._entries)}

    def __gosim_referents__(self) -> Iterable[object]:
        for key, value in self._entries.values():
            yield key
            yield value
