"""Bytes that are alive only because something smaller shares their memory.

A slice keeps its whole array, a substring the whole text, a pointer to a field the whole struct, a
map the largest table it ever had. What of that nobody sees is *pinned*. And cells that no slice
shows any more still refer to other objects: those are alive *behind* the array.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from gosim.memory.array import Array
from gosim.memory.collector import Edges
from gosim.memory.heap import Heap, Object
from gosim.memory.map import GoMap, make_map
from gosim.memory.pointer import ElementPointer, FieldPointer
from gosim.memory.retained import own_bytes
from gosim.memory.sharing import Held, held
from gosim.memory.slice import BackingArray, Slice
from gosim.memory.string import String, Text
from gosim.memory.struct import Struct

__all__ = ["BUFFER", "CUT", "MAP", "POINTER", "SLICE", "STRING", "Share", "shares"]

STRING: Final = "string"
SLICE: Final = "slice"
BUFFER: Final = "buffer"
CUT: Final = "cut"
POINTER: Final = "pointer"
MAP: Final = "map"
"""What keeps more than it shows: a substring; a sub-slice; a slice of length 0 that has capacity; a
slice whose array still refers to elements that were cut off; a pointer into an object; a map with a
table that was larger once."""

_WINDOW, _ARRAY, _MAP, _PARTIAL, _OTHER = range(5)


@dataclass(slots=True)
class Share:
    """A store, and how much of it can be seen.

    Attributes
    ----------
    store : Object
        Array, text, struct or map; it lies on the heap.
    kind : str
        One of `STRING`, `SLICE`, `BUFFER`, `CUT`, `POINTER`, `MAP`.
    held : Held
        How its bytes are divided. Of a map, ``seen`` is what a new map with the same entries takes.
    windows : list
        What sees it.
    behind : int
        Bytes of other objects that are reachable only through cells out of sight. Each object
        counts for one store.
    front : bool
        All of that was cut off at the head: ``jobs = jobs[1:]``.
    """

    store: Object
    kind: str
    held: Held
    windows: list[Any] = field(default_factory=list)
    behind: int = 0
    front: bool = False

    @property
    def lost(self) -> int:
        """Bytes that would go if only what is seen were kept."""
        return self.held.pinned + self.behind


def shares(
    reached: Iterable[object],
    roots: Iterable[object],
    edges: Edges,
    barred: Iterable[int] = (),
    unseen: set[int] | None = None,
) -> list[Share]:
    """Return the stores of which something is out of sight, in the order they are reached.

    Parameters
    ----------
    reached : iterable
        Everything that is reachable (`gosim.memory.collector.Collector.queue`).
    roots, edges, barred
        From what, by which references, without passing what.
    unseen : set of int, optional
        Gets the identities of what is behind some store.
    """
    reached = list(reached)
    found: dict[int, Share] = {}
    windows: dict[int, list[Any]] = {}
    stores: dict[int, Any] = {}
    inner = False
    kinds: dict[type, int] = {}
    for obj in reached:
        cls = type(obj)
        kind = kinds.get(cls)
        if kind is None:
            kind = kinds[cls] = _kind(cls)
        if kind == _OTHER:
            continue
        value: Any = obj
        if kind == _MAP:
            share = _of_map(value)
            if share is not None:
                found[id(obj)] = share
        elif kind == _PARTIAL:
            inner = True
        else:
            store = value.store
            if store is not None:
                windows.setdefault(id(store), []).append(value)
                stores[id(store)] = store
                inner = inner or (type(store) is BackingArray and store.owner is not None)
    for key, store in stores.items():
        if own_bytes(store):
            of = held(store, [w if hasattr(w, "extent") else _Whole(w.store) for w in windows[key]])
            how = _how(of, windows[key])
            if of.pinned and not (how == BUFFER and _reserved(store)):
                found[key] = Share(store, how, of, windows[key])
                inner = inner or _refers(store)
    if inner:
        behind = _look_behind(found, reached, roots, edges, barred)
        if unseen is not None:
            unseen |= behind
    return [share for share in found.values() if share.lost]


def _kind(cls: type) -> int:
    if issubclass(cls, Slice | String | ElementPointer):
        return _WINDOW
    if issubclass(cls, Array):
        return _ARRAY
    if issubclass(cls, GoMap):
        return _MAP
    return _PARTIAL if issubclass(cls, FieldPointer) else _OTHER


@dataclass(slots=True)
class _Whole:
    """Sees all of a store, as an array variable does."""

    store: Any

    @property
    def extent(self) -> tuple[int, int, int]:
        return 0, self.store.bytes, self.store.bytes


def _how(of: Held, windows: list[Any]) -> str:
    if all(isinstance(w, String) for w in windows):
        return STRING
    if all(isinstance(w, ElementPointer) for w in windows):
        return POINTER
    return SLICE if of.seen else BUFFER


def _reserved(store: object) -> bool:
    """Whether nothing was ever written to an array: ``make([]T, 0, n)`` is room for what comes."""
    return isinstance(store, BackingArray) and not store.written


def _refers(store: object) -> bool:
    """Whether cells of an array refer to anything."""
    return isinstance(store, BackingArray) and any(True for _ in store.references())


# -- maps -----------------------------------------------------------------------------------------

_SMALL: Final = 1024
"""Maps of fewer bytes are not looked into."""
_INLINE: Final = 8
"""At least so much of a key or element lies in the table."""


def _of_map(m: GoMap) -> Share | None:
    """Return how much larger a map is than a new one with as many entries."""
    size = _table(m)
    slot = min(m.typ.key.size, _INLINE) + min(m.typ.elem.size, _INLINE)
    if size < _SMALL or size < 2 * slot * len(m):
        return None  # as full as a map that has just grown
    new = make_map(m.typ, len(m), heap=Heap(m.layout.features))
    needed = _table(new)
    if needed >= size:
        return None
    return Share(m, MAP, Held(size, needed, size - needed, 0, 0), [m])


def _table(m: GoMap) -> int:
    """Return the bytes of a map without keys and elements stored outside its table."""
    return m.allocated + sum(part.allocated for part in m._table_memory())


# -- what is behind -------------------------------------------------------------------------------


class _Cover:
    """A set of numbers, kept as ranges."""

    def __init__(self) -> None:
        self.starts: list[int] = []
        self.ends: list[int] = []

    def add(self, start: int, end: int) -> list[tuple[int, int]]:
        """Add a range; return what of it was not there."""
        if start >= end:
            return []
        starts, ends = self.starts, self.ends
        i, j = bisect_left(ends, start), bisect_right(starts, end)  # those that touch it
        new, at = [], start
        for low, high in zip(starts[i:j], ends[i:j], strict=True):
            if at < low:
                new.append((at, low))
            at = max(at, high)
        if at < end:
            new.append((at, end))
        if i < j:
            start, end = min(start, starts[i]), max(end, ends[j - 1])
        starts[i:j], ends[i:j] = [start], [end]
        return new

    def without(self, n: int) -> Iterator[tuple[int, int]]:
        """Yield the ranges of 0 to `n` that are not in it."""
        at = 0
        for low, high in zip(self.starts, self.ends, strict=True):
            if at < low:
                yield at, low
            at = high
        if at < n:
            yield at, n


class _Sight:
    """A walk that sees of each array only what a slice or a pointer shows.

    Attributes
    ----------
    seen : set of int
        Identities of what was reached, stores included.
    cover : dict
        By array, the cells that are in sight.
    parts : dict
        By struct of which only parts are referred to, those parts: start and end in bytes.
    """

    def __init__(self, edges: Edges, barred: Iterable[int]) -> None:
        self.edges = edges
        self.seen: set[int] = set(barred)
        self.queue: list[Any] = []
        self.cover: dict[int, _Cover] = {}
        self.parts: dict[int, tuple[Struct, list[tuple[int, int]]]] = {}
        self.windows: dict[int, list[Any]] = {}
        self.whole: set[int] = set()

    def walk(self, roots: Iterable[object]) -> None:
        self._add(roots)
        for obj in self.queue:  # it grows meanwhile
            if isinstance(obj, Slice | String | ElementPointer):
                self._window(obj)
            elif isinstance(obj, FieldPointer):
                self._part(obj.store, *obj.extent[:2], obj)
                self._add((obj.value,))
            elif isinstance(obj, Array):
                self._array(obj)
            else:
                if isinstance(obj, Struct):
                    self.whole.add(id(obj))
                self._add(self.edges.referents(obj))

    def _add(self, objects: Iterable[object]) -> None:
        atoms, seen = self.edges.atoms, self.seen
        for obj in objects:
            if type(obj) not in atoms and id(obj) not in seen:
                seen.add(id(obj))
                self.queue.append(obj)

    def _window(self, window: Any) -> None:
        store = window.store
        if store is None:
            return
        self.seen.add(id(store))
        if isinstance(store, Text):
            return
        start, end, _ = window.extent
        self._cells(store, start, end)
        if isinstance(store.owner, Struct):
            first = _place(store.owner, store)
            self._part(store.owner, first + start, first + end, window)
        elif store.owner is not None:
            self._add((store.owner,))

    def _array(self, array: Array) -> None:
        store = array.store
        self.seen.add(id(store))
        self._cells(store, 0, store.bytes)
        owner = array._owner if array._owner is not None else store.owner
        if isinstance(owner, Struct):
            first = _place(owner, store)
            self._part(owner, first, first + store.bytes, array)
        elif owner is not None:
            self._add((owner,))

    def _cells(self, store: BackingArray, start: int, end: int) -> None:
        size = store.elem.size
        if not size:
            return
        cover = self.cover.setdefault(id(store), _Cover())
        for low, high in cover.add(start // size, -(-end // size)):
            if not store.elem.noscan:
                self._add(cells(store, low, high))

    def _part(self, struct: Struct, start: int, end: int, window: object) -> None:
        self.parts.setdefault(id(struct), (struct, []))[1].append((start, end))
        self.windows.setdefault(id(struct), []).append(window)


def cells(store: BackingArray, start: int, end: int) -> list[Any]:
    """Return what is in some cells of an array as it is: nothing comes into being for it."""
    found: list[Any] = []
    for number, low, high in store._pieces(start, end):
        chunk = store._chunks.get(number)
        if chunk is not None:
            found += chunk[low:high]
    return found


def _place(struct: Struct, store: BackingArray) -> int:
    """Return where in a struct the array lies."""
    for f in struct.go_type.fields:
        if getattr(getattr(struct, f.name), "store", None) is store:
            return f.offset
    return 0


@dataclass(slots=True)
class _Fields:
    """A struct as a store."""

    bytes: int
    allocated: int


@dataclass(slots=True)
class _Piece:
    store: _Fields
    extent: tuple[int, int, int]


def _look_behind(
    found: dict[int, Share],
    reached: list[object],
    roots: Iterable[object],
    edges: Edges,
    barred: Iterable[int],
) -> set[int]:
    """Add what only cells out of sight lead to, and structs of which only parts are seen.

    Return the identities of what is behind them.
    """
    barred = list(barred)
    sight = _Sight(edges, barred)
    sight.walk(roots)
    for key, (struct, parts) in sight.parts.items():
        if key not in sight.whole and own_bytes(struct):
            store = _Fields(struct.go_type.size, struct.allocated)
            of = held(store, [_Piece(store, (start, end, end)) for start, end in parts])
            found[key] = Share(struct, POINTER, of, sight.windows[key])
    seen = sight.seen | set(sight.parts)
    in_sight = set(seen)
    for key in [key for key in found if key not in seen]:
        del found[key]  # itself behind another one, and counted there
    for obj in reached:
        if isinstance(obj, BackingArray) and own_bytes(obj) and not obj.elem.noscan:
            cover = sight.cover.get(id(obj))
            if cover is None:
                continue  # itself behind something, or seen without a slice
            gaps = list(cover.without(obj.length))
            head = [x for gap in gaps if not gap[0] for x in cells(obj, *gap)]
            tail = [x for gap in gaps if gap[0] for x in cells(obj, *gap)]
            front, back = _own(head, seen, edges), _own(tail, seen, edges)
            if front or back:
                share = found.get(id(obj))
                if share is None:
                    share = found[id(obj)] = Share(obj, CUT, Held(obj.allocated, 0, 0, 0, 0))
                share.behind, share.kind, share.front = front + back, CUT, not back
    for key, (struct, _) in sight.parts.items():
        if key in found and key not in sight.whole:
            found[key].behind = _own(list(edges.referents(struct)), seen, edges)
    return seen - in_sight


def _own(objects: list[Any], seen: set[int], edges: Edges) -> int:
    """Return the bytes of what `objects` lead to and is not in `seen`; add that to it."""
    total, atoms = 0, edges.atoms
    queue = []
    for obj in objects:
        if type(obj) not in atoms and id(obj) not in seen:
            seen.add(id(obj))
            queue.append(obj)
    for obj in queue:  # it grows meanwhile
        total += own_bytes(obj)
        for child in edges.referents(obj):
            if type(child) not in atoms and id(child) not in seen:
                seen.add(id(child))
                queue.append(child)
    return total
