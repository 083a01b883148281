"""The same values where memory is simulated: what is made lies on the heap of the world.

A program that asks for figures of the heap is compiled so that it says what it allocates, and is
linked with these helpers in place of those of the same name. Arrays behind slices, structs and
variables that a pointer is made to, maps and strings get their bytes from `gosim.memory.heap`. The
collector sees them as the Python containers they are: what they refer to is found by Python's own
means, and looked into again at the end of a marking.

Where Go's compiler would keep something on the stack, this does not know it: see
`gosim.golang.compile.escape`.
"""

from __future__ import annotations

import random
from typing import Any

from gosim.golang.values import pointers, runes, slices, structs
from gosim.golang.values.maps import Map
from gosim.golang.values.sparse import Sparse
from gosim.memory.heap import Heap
from gosim.memory.map import MapType, make_map
from gosim.memory.map.layout import Part
from gosim.memory.types import Kind, Type
from gosim.runtime import current
from gosim.runtime.current import current_world
from gosim.std.frame import frame

__all__ = ["HELPERS"]


def _heap() -> Heap:
    world = current.world
    if world is None:
        world = current_world("memory")
    return world.heap


# -- arrays and slices -----------------------------------------------------------------------------


class Cells(list[Any]):
    """The cells of an array on the heap."""

    __slots__ = ("__weakref__", "allocated", "site", "span")
    part_held = False
    tells_writes = False


class Plain(Cells):
    """Cells that hold no pointers: the collector does not look into them."""

    __slots__ = ()

    def __gosim_referents__(self) -> tuple[()]:
        return ()


class Bytes(bytearray):
    """The bytes of an array on the heap."""

    __slots__ = ("__weakref__", "allocated", "site", "span")
    part_held = False
    tells_writes = False


class Elem(slices.Elem):
    """The element type of arrays that lie on the heap."""

    __slots__ = ()

    def array(self, values: Any, room: int) -> Any:
        """Return the array that holds `values` and has room for `room` of them."""
        made: Any
        if type(values) is Sparse:
            made = values
        elif self.byte:
            made = Bytes(values)
        else:
            made = Plain(values) if self.noscan else Cells(values)
        _heap().allocate(made, room * self.size, self.noscan)
        return made


_BYTE = Elem(1, True, 0, byte=True)
_RUNE = Elem(4, True, 0)


def byte_slice(s: str) -> slices.Slice:
    """Return ``[]byte(s)``."""
    n = len(s)
    c = slices.byte_capacity(n)
    return slices.Slice(_BYTE.array(s.encode("latin-1"), c), 0, n, c)


def rune_slice(s: str) -> slices.Slice:
    """Return ``[]rune(s)``."""
    found = runes.runes(s)
    n = len(found)
    c = slices.byte_capacity(4 * n) // 4
    return slices.Slice(_RUNE.array(found, c), 0, n, c)


# -- structs and variables -------------------------------------------------------------------------


class Struct(structs.Struct):
    """Base of struct classes whose instances can lie on the heap."""

    __slots__ = ("allocated", "site", "span")
    part_held = False
    tells_writes = False


class Cell(pointers.Cell):
    """A variable on the heap."""

    __slots__ = ("allocated", "site", "span")
    part_held = False
    tells_writes = False

    def __init__(self, v: Any, size: int = 0, noscan: bool = False) -> None:
        self.v = v
        if not size:
            kind = type(v)
            size = 16 if kind is str else 24 if kind is slices.Slice else 8
            noscan = kind in (int, float, bool)
        _heap().allocate(self, size, noscan)  # type: ignore[arg-type]


def new_object(x: Any, size: int, noscan: bool) -> Any:
    """Return a struct that a pointer is made to: it lies on the heap from now on."""
    _heap().allocate(x, size, noscan)
    return x


def new_array(x: Any, size: int, noscan: bool) -> Any:
    """Return an array that a pointer is made to."""
    made: Any
    if type(x) is bytearray:
        made = Bytes(x)
    elif type(x) is Sparse:
        made = x
    else:
        made = Plain(x) if noscan else Cells(x)
    _heap().allocate(made, size, noscan)
    return made


def boxed(x: Any, size: int, noscan: bool) -> Any:
    """Return `x` as it goes into an interface, which allocates what is no pointer."""
    if size == 8 and type(x) is int and 0 <= x < 256:
        return x  # runtime.staticuint64s
    if size:
        _heap().malloc(size, noscan)
    return x


# -- strings ---------------------------------------------------------------------------------------


class String(str):
    """A string whose bytes lie on the heap; `base`: it is a part of that one's."""

    __slots__ = ("allocated", "base", "site", "span")
    part_held = False
    tells_writes = False

    base: Any

    # The library cuts strings with Python's means; what it cuts keeps the bytes alive, too.

    def __getitem__(self, key: Any) -> str:
        found = str.__getitem__(self, key)
        return part_of(self, found) if type(key) is slice else found

    def strip(self, chars: str | None = None, /) -> str:
        return part_of(self, str.strip(self, chars))

    def split(self, sep: str | None = None, maxsplit: Any = -1) -> list[str]:
        return [part_of(self, each) for each in str.split(self, sep, maxsplit)]


def part_of(s: String, found: str) -> str:
    """Return a part of a string as one that keeps its bytes."""
    if not found:
        return found
    made = String(found)
    made.base = s if s.base is None else s.base
    return made


def new_string(x: str) -> str:
    """Return a string that was computed."""
    n = len(x)
    if n < 2 or type(x) is String:
        return x
    made = String(x)
    made.base = None
    _heap().allocate(made, n, True)  # type: ignore[arg-type]
    return made


def made_string(x: str) -> str:
    """Return the result of a function of the library that makes a string."""
    return new_string(str.__str__(x))


def concat(x: str, y: str) -> str:
    """Return ``x + y``."""
    if not x:
        return y
    if not y:
        return x
    return new_string(str.__add__(x, y))


def slice_string(s: str, low: int, high: int | None = None) -> str:
    """Return ``s[low:high]``, which keeps the bytes of `s`."""
    return slices.slice_string(s, low, high)


def string_of_bytes(s: slices.Slice) -> str:
    """Return ``string([]byte)``."""
    return new_string(runes.string_of_bytes(s))


def string_of_runes(s: slices.Slice) -> str:
    """Return ``string([]rune)``."""
    return new_string(runes.string_of_runes(s))


# -- channels --------------------------------------------------------------------------------------


def chan_elem(text: str, size: int, align: int, noscan: bool) -> type:
    """Return what a channel is told of the type of its elements, where their size matters."""
    kind = Type(Kind.STRUCT, text, size, align, 0 if noscan else size)
    return type(text, (), {"__go_type__": text, "go_type": kind})


# -- deferred calls and frames ---------------------------------------------------------------------


class _Deferred:
    """A function whose deferred call stands in a loop: its record lies on the heap."""

    __slots__ = ("function", "record")

    def __init__(self, function: Any, record: Any) -> None:
        self.function = function
        self.record = record

    def __call__(self, *args: Any) -> Any:
        return self.function(*args)


def deferred(function: Any, words: int) -> Any:
    """Return a function to be called later, with the record that Go makes of that."""
    return _Deferred(function, current_world("defer").memory_of().deferred(words))


# -- maps ------------------------------------------------------------------------------------------


class _Entries(dict[Any, Any]):
    """The entries of a map; the table that Go would have stands beside them."""

    __slots__ = ("table",)

    table: Any

    def __setitem__(self, form: Any, value: Any) -> None:
        dict.__setitem__(self, form, value)
        self.table.set(form, None)

    def pop(self, form: Any, *default: Any) -> Any:
        """Delete an entry."""
        if form in self:
            self.table.delete(form)
        return dict.pop(self, form, *default)

    def clear(self) -> None:
        """Delete all entries."""
        dict.clear(self)
        self.table.clear()


def map_type(key: tuple[int, int, bool], elem: tuple[int, int, bool]) -> MapType:
    """Return what a map's memory depends on: size, alignment, pointers of keys and elements."""
    return MapType(Part(*key), Part(*elem))


def new_map(kind: MapType, entries: dict[Any, Any], hint: int = 0) -> Map:
    """Return a new map on the heap."""
    world = current_world("make")
    stream = world.streams.get("map seed")
    if stream is None:
        stream = world.streams["map seed"] = random.Random(f"map seed/{world.seed}").random
    d = _Entries()
    d.table = make_map(kind, hint, heap=world.heap, seed=int(stream() * (1 << 60)))
    for form, value in entries.items():
        d[form] = value
    return Map(d)


#: In place of those of the same name, behind ``go:`` as they are.
HELPERS: dict[str, Any] = {
    "Cell": Cell,
    "Elem": Elem,
    "Struct": Struct,
    "boxed": boxed,
    "byte_slice": byte_slice,
    "chan_elem": chan_elem,
    "concat": concat,
    "deferred": deferred,
    "frame": frame,
    "made_string": made_string,
    "map_type": map_type,
    "new_array": new_array,
    "new_map": new_map,
    "new_object": new_object,
    "new_string": new_string,
    "rune_slice": rune_slice,
    "slice_string": slice_string,
    "string_of_bytes": string_of_bytes,
    "string_of_runes": string_of_runes,
}
