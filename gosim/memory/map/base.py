"""What both kinds of map share: entries, keys and their hash, reading, and the heap's part."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, NoReturn
from zlib import crc32

from gosim.memory.errors import GoRuntimeError
from gosim.memory.features import MemoryFeatures
from gosim.memory.heap import Block, Heap, Object
from gosim.memory.map.layout import HEADER_BYTES, Layout, MapType
from gosim.memory.pointer import ElementPointer, FieldPointer
from gosim.memory.string import String
from gosim.memory.types import Kind, Type

Choose = Callable[[int], int]
"""Given n, which of 0 ... n-1: where an iteration starts."""

_SEED_BITS: Final = (1 << 60) - 1
_MULTIPLIER: Final = 0x9E3779B97F4A7C15


def first(n: int) -> int:
    """Choose the first of `n`: the order of iteration where nobody chooses."""
    return 0


class Entry:
    """One key and its element, in a slot.

    A slot belongs to the memory of a table; it is that memory that refers to key and element, and
    so an entry that a suspended iteration is at refers to nothing.

    Attributes
    ----------
    ident : object
        What the key is looked up by; the key itself where Python's equality is Go's.
    slot : int
        Its place in the Swiss table that holds it.
    outside : tuple of Block
        Key and element, those of them that are stored by pointer; set only in maps that do.
    """

    __slots__ = ("key", "value", "ident", "hash", "slot", "outside")

    key: Any
    value: Any
    ident: Any
    hash: int
    slot: int
    outside: tuple[Block, ...]

    def __gosim_referents__(self) -> Iterable[object]:
        return ()


class Never:
    """The identity of a key that does not equal itself: found by nobody who asks for the key."""

    __slots__ = ()


class Address:
    """The identity of a pointer to a struct or an array: where it points, not what lies there."""

    __slots__ = ("to",)

    def __init__(self, to: object) -> None:
        self.to = to

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Address) and self.to is other.to

    def __hash__(self) -> int:
        return id(self.to)


def mix(number: int, seed: int) -> int:
    """Return a number in which every bit depends on every bit of `number` and `seed`.

    Python's hash of a tuple of numbers is the same in every process, but numbers in a row come out
    more even than random ones; their squares do not.

    Parameters
    ----------
    seed : int
        Of about 60 bits.
    """
    x = number ^ seed
    return hash((x * x, seed))


def _number(key: object) -> int | None:
    """Return a number for a key that is the same in every process, None where there is none.

    Python's own ``hash`` of a string differs between processes and an object's is its address.
    """
    if isinstance(key, int):
        return int(key)
    if isinstance(key, str):
        data = key.encode("utf-8", "surrogatepass")
        return crc32(data) | len(data) << 32
    if isinstance(key, String):
        return crc32(key.bytes) | len(key) << 32
    if isinstance(key, (bytes, bytearray)):
        return crc32(key) | len(key) << 32
    if isinstance(key, (float, complex)):
        return hash(key)  # of its value alone, for these two
    if isinstance(key, tuple):
        number = len(key)
        for part in key:
            part_number = _number(part)
            if part_number is None:
                return None
            number = mix(part_number, number * _MULTIPLIER & _SEED_BITS)
        return number
    if key is None:
        return 0
    return None


def _reflexive(key: object) -> bool:
    if isinstance(key, tuple):
        return all(map(_reflexive, key))
    return not isinstance(key, (float, complex)) or key == key


def _text(key: String) -> str:
    """The Python string that is equal to no other Go string's."""
    return key.bytes.decode("utf-8", "surrogateescape")


def _tagged(key: object) -> object:
    """Tell 1, 1.0 and true apart, which Python has equal and interface values are not."""
    if isinstance(key, tuple):
        return (type(key), *map(_tagged, key))
    if type(key) is String:
        return (str, _text(key))
    return (type(key), key)


def _unhashable(key: object) -> object:
    """Return the first part of a key that cannot be hashed; the key itself if all can."""
    if isinstance(key, tuple):
        for part in key:
            try:
                hash(part)
            except TypeError:
                return _unhashable(part)
    return key


def comparable(value: Any, t: Type) -> Any:
    """Return what is equal for two values of `t` when Go has them equal, and can be hashed.

    A struct or an array becomes the tuple of its parts (it can be changed in place, so it is no
    key of a Python dict itself), a string its text; a pointer counts by where it points.
    """
    match t.kind:
        case Kind.STRING:
            return _text(value) if type(value) is String else value
        case Kind.STRUCT:
            if isinstance(value, tuple):
                parts = zip(value, t.fields, strict=True)
                return tuple(comparable(part, f.type) for part, f in parts)
            return tuple(comparable(getattr(value, f.name), f.type) for f in t.fields)
        case Kind.ARRAY:
            assert t.elem is not None
            elem = t.elem
            return tuple(comparable(value[i], elem) for i in range(t.length))
        case Kind.POINTER:
            # These two are made anew by each `&`; all others are what they point at.
            if value is None or isinstance(value, (ElementPointer, FieldPointer)):
                return value
            return Address(value)
        case _:
            return value


_AS_THEY_ARE: Final = frozenset(Kind) - {Kind.STRING, Kind.STRUCT, Kind.ARRAY, Kind.POINTER}


class Slots(Object):
    """The memory of the slots of a Swiss table or of a small map.

    Attributes
    ----------
    entries : list
        What is in them.
    """

    __slots__ = ("entries", "layout")

    def __init__(self, entries: list[Entry | None], layout: Layout, heap: Heap, size: int) -> None:
        self.entries = entries
        self.layout = layout
        heap.allocate(self, size, not layout.pointers)

    def __gosim_referents__(self) -> Iterable[object]:
        return referents(self.entries, self.layout)


def referents(entries: Iterable[Entry | None], layout: Layout) -> list[object]:
    """Return what the slots of some entries refer to."""
    found: list[object] = []
    if not layout.pointers:
        return found
    kept = [entry for entry in entries if entry is not None]
    if layout.outside:
        for entry in kept:
            found += entry.outside
    if layout.key_points:
        found += [entry.key for entry in kept]
    if layout.elem_points:
        found += [entry.value for entry in kept]
    return found


class GoMap(Object, ABC):
    """A Go map that is not nil: the header, with what hangs on it.

    Lookups go through a Python dict; what the real table would do is modelled beside it, because
    growth, bytes and the order of iteration depend on it. Programs write ``m[key]``,
    ``m[key] = value``, ``key in m``, ``len(m)``, ``for key, value in m.items()``, :meth:`get_ok`,
    :meth:`delete` and :meth:`clear`. Arrays and structs go in and come out as copies, as in Go.

    Parameters
    ----------
    typ : MapType
        Its type.
    heap : Heap
        Where it lies.
    seed : int
        Stands for the random number of ``hash0``: where entries lie follows from it alone.
    choose : callable
        Chooses where iterations start.

    Attributes
    ----------
    typ : MapType
        Its type.
    heap : Heap
        Where it lies.
    """

    __slots__ = (
        "__weakref__",
        "typ",
        "layout",
        "heap",
        "_choose",
        "_entries",
        "_plain",
        "_update_key",
        "_copies_key",
        "_copies_elem",
        "_points",
        "_bare",
        "_seed",
        "_serial",
        "_outside",
    )

    def __init__(self, typ: MapType, heap: Heap, seed: int, choose: Choose) -> None:
        self.typ = typ
        self.layout = layout = Layout(typ, heap.features)
        self.heap = heap
        self._choose = choose
        self._entries: dict[Any, Entry] = {}
        key = typ.key
        known = typ.key_type is None or typ.key_type.kind in _AS_THEY_ARE
        self._plain = key.reflexive and not key.dynamic and known
        self._update_key = key.update_key
        self._copies_key = typ.key_type is not None and typ.key_type.changeable
        self._copies_elem = typ.elem_type is not None and typ.elem_type.changeable
        self._points = key.pointers or typ.elem.pointers
        self._seed = mix(seed, _MULTIPLIER) & _SEED_BITS
        self._serial = 0
        self._outside = layout.outside
        # A store is nothing but a store.
        self._bare = not (
            self._update_key
            or self._copies_key
            or self._copies_elem
            or self._points
            or self._outside
        )
        heap.allocate(self, HEADER_BYTES, False)

    # ---- bytes ----

    @property
    def live_bytes(self) -> int:
        """Heap bytes that this map keeps alive now, without what keys and elements point to.

        An iteration that is going on may keep more alive (the array it started on).
        """
        size = self.allocated + sum(part.allocated for part in self.memory())
        if self._outside:
            size += sum(block.allocated for e in self._entries.values() for block in e.outside)
        return size

    @abstractmethod
    def memory(self) -> Iterator[Object]:
        """Yield what the map has on the heap, beside the header and what entries have outside."""

    def _prepare(self, entry: Entry) -> None:
        """Do what a store of a new key needs beside the store."""
        if self._copies_key:
            entry.key = entry.key.copy()
        if self._copies_elem:
            entry.value = entry.value.copy()
        if self._outside:
            blocks = []
            layout, typ = self.layout, self.typ
            if layout.key_outside:
                blocks.append(self.heap.malloc(typ.key.size, not typ.key.pointers))
            if layout.elem_outside:
                blocks.append(self.heap.malloc(typ.elem.size, not typ.elem.pointers))
            entry.outside = tuple(blocks)
            self._fill_outside(entry)
        if self._points and self.heap.marking:
            self.heap.barrier(None, entry.key)
            self.heap.barrier(None, entry.value)

    def _change(self, entry: Entry, key: Any, value: Any) -> None:
        """Store to an entry that is there."""
        if self._copies_elem:
            value = value.copy()
        if self._points and self.heap.marking:
            self.heap.barrier(entry.value, value)
        entry.value = value
        if self._update_key and key is not entry.key:
            if self._copies_key:
                key = key.copy()
            if self._points and self.heap.marking:
                self.heap.barrier(entry.key, key)
            entry.key = key
        if self._outside:
            self._fill_outside(entry)

    def _fill_outside(self, entry: Entry) -> None:
        """Let the objects outside the table refer to what key and element refer to."""
        if self.typ.elem.pointers and self.layout.elem_outside:
            entry.outside[-1].refs = (entry.value,)
        if self.typ.key.pointers and self.layout.key_outside:
            entry.outside[0].refs = (entry.key,)

    def _shade(self, entries: Iterable[Entry | None], *, written: bool) -> None:
        """Tell the collector of entries that are copied to other memory, or that are deleted."""
        for found in referents(entries, self.layout):
            if written:
                self.heap.barrier(None, found)
            else:
                self.heap.barrier(found, None)

    # ---- keys ----

    def _reseed(self) -> None:
        """Draw a new hash seed, as Go does whenever a map becomes empty (Go issue 25237)."""
        self._seed = mix(self._seed, _MULTIPLIER) & _SEED_BITS

    def _hash(self, key: object) -> int:
        """Return the hash under which a key that is not in the map is stored or missed.

        A key that cannot be told from its value (an object, a NaN) is hashed by a serial number,
        as good as the address or the random number Go takes: it is looked up in the dict, never by
        its hash.
        """
        typ = self.typ.key_type
        if typ is not None:
            key = comparable(key, typ)
        number = _number(key) if _reflexive(key) else None
        if number is None:
            self._serial += 1
            number = self._serial
        return mix(number, self._seed)

    def _ident(self, key: Any) -> Any:
        """Return what `key` is looked up by."""
        if self._plain:
            return key
        typ = self.typ.key_type
        if typ is not None:
            if typ.kind is Kind.STRING and type(key) is str:
                return key
            key = comparable(key, typ)
        if not _reflexive(key):
            hash(key)  # it may hold an unhashable part all the same
            return Never()
        return _tagged(key) if self.typ.key.dynamic else key

    def _find(self, key: Any) -> Entry | None:
        try:
            return self._entries.get(key if self._plain else self._ident(key))
        except TypeError as error:
            self._cannot_hash(key, error, looked_up=True)

    def _cannot_hash(self, key: object, error: TypeError, *, looked_up: bool) -> NoReturn:
        """Panic for a key that cannot be hashed."""
        cannot_hash(
            self.typ,
            self.layout.features,
            key,
            error,
            checked=looked_up and not self._entries,
        )

    # ---- what programs do ----

    __hash__ = None  # type: ignore[assignment]  # Go's maps cannot be hashed

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, key: Any) -> bool:
        return self._find(key) is not None

    def get(self, key: Any) -> Any:
        """Return ``m[key]``: the zero value where there is no such key.

        Raises
        ------
        GoRuntimeError
            "hash of unhashable type T".
        """
        try:
            entry = self._entries.get(key if self._plain else self._ident(key))
        except TypeError as error:
            self._cannot_hash(key, error, looked_up=True)
        if entry is None:
            return self.typ.zero()
        return entry.value.copy() if self._copies_elem else entry.value

    __getitem__ = get

    def get_ok(self, key: Any) -> tuple[Any, bool]:
        """Return ``v, ok := m[key]``."""
        entry = self._find(key)
        if entry is None:
            return self.typ.zero(), False
        return (entry.value.copy() if self._copies_elem else entry.value), True

    @abstractmethod
    def set(self, key: Any, value: Any) -> None:
        """Do ``m[key] = value``."""

    @abstractmethod
    def delete(self, key: Any) -> None:
        """Do ``delete(m, key)``: nothing where there is no such key."""

    @abstractmethod
    def clear(self) -> None:
        """Do ``clear(m)``: no entries are left, NaN ones neither; the table stays as big."""

    def items(self) -> Iterator[tuple[Any, Any]]:
        """Range over keys and elements (``for k, v := range m``); see :meth:`iterate`."""
        return self.iterate(self._choose)

    def __iter__(self) -> Iterator[Any]:
        """Range over the keys (``for k := range m``)."""
        return (key for key, _ in self.iterate(self._choose))

    def keys(self) -> Iterator[Any]:
        """Range over the keys (Go: ``maps.Keys``)."""
        return iter(self)

    def values(self) -> Iterator[Any]:
        """Range over the elements (Go: ``maps.Values``)."""
        return (value for _, value in self.iterate(self._choose))

    def iterate(self, choose: Choose) -> Iterator[tuple[Any, Any]]:
        """Range over the map; the start is chosen now, the entries are found while it goes on.

        What the language promises (spec, "For statements with range clause"): every entry that is
        there from beginning to end comes exactly once; one deleted before it was reached does not
        come; one added meanwhile may or may not. Go picks the start at random, so no order may be
        relied on.

        Parameters
        ----------
        choose : callable
            Chooses one of n starts; called once or twice.
        """
        if not self._entries:
            return iter(())
        walk = self._range(choose)
        return self._copies(walk) if self._copies_key or self._copies_elem else walk

    @abstractmethod
    def _range(self, choose: Choose) -> Iterator[tuple[Any, Any]]:
        """Range over a map that is not empty."""

    def _copies(self, walk: Iterator[tuple[Any, Any]]) -> Iterator[tuple[Any, Any]]:
        """Copy what must not be changed in place."""
        for key, value in walk:
            yield (
                key.copy() if self._copies_key else key,
                value.copy() if self._copies_elem else value,
            )

    def __repr__(self) -> str:
        return f"<{self.typ.name} len {len(self)}>"


class NilMap:
    """The nil map of a type: reads as empty, cannot be written.

    Examples
    --------
    >>> from gosim.memory.features import features
    >>> from gosim.memory.map import INT, MapType
    >>> nil = NilMap(MapType(INT, INT, zero=int), features("1.27"))
    >>> nil[1], len(nil)
    (0, 0)
    >>> nil[1] = 2
    Traceback (most recent call last):
        ...
    gosim.memory.errors.GoRuntimeError: assignment to entry in nil map
    """

    __slots__ = ("typ", "features")

    live_bytes = 0
    __hash__ = None  # type: ignore[assignment]  # Go's maps cannot be hashed

    def __init__(self, typ: MapType, features: MemoryFeatures) -> None:
        self.typ = typ
        self.features = features

    def __len__(self) -> int:
        return 0

    def __contains__(self, key: Any) -> bool:
        self._check(key)
        return False

    def _check(self, key: Any) -> None:
        try:
            hash(key if self.typ.key_type is None else comparable(key, self.typ.key_type))
        except TypeError as error:
            cannot_hash(self.typ, self.features, key, error, checked=True)

    def get(self, key: Any) -> Any:
        """Return the zero value."""
        self._check(key)
        return self.typ.zero()

    __getitem__ = get

    def get_ok(self, key: Any) -> tuple[Any, bool]:
        """Return the zero value and false."""
        self._check(key)
        return self.typ.zero(), False

    def set(self, key: Any, value: Any) -> NoReturn:
        """Panic."""
        raise GoRuntimeError("assignment to entry in nil map", plain=True)

    __setitem__ = set

    def delete(self, key: Any) -> None:
        """Do nothing."""
        self._check(key)

    def clear(self) -> None:
        """Do nothing."""

    def iterate(self, choose: Choose) -> Iterator[tuple[Any, Any]]:
        """Range over nothing."""
        return iter(())

    def items(self) -> Iterator[tuple[Any, Any]]:
        """Range over nothing."""
        return iter(())

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def keys(self) -> Iterator[Any]:
        """Range over nothing."""
        return iter(())

    def values(self) -> Iterator[Any]:
        """Range over nothing."""
        return iter(())

    def __repr__(self) -> str:
        return f"<nil {self.typ.name}>"


def cannot_hash(
    typ: MapType, features: MemoryFeatures, key: object, error: TypeError, *, checked: bool
) -> NoReturn:
    """Panic for a key that cannot be hashed, or raise `error` again if it was something else.

    Parameters
    ----------
    checked : bool
        The map was nil or empty and only read or deleted from, so the key was not hashed but
        checked (``mapKeyError``); from 1.25 on that has a text of its own.

    Raises
    ------
    GoRuntimeError
        Always, if the key cannot be hashed.
    """
    part = _unhashable(key if typ.key_type is None else comparable(key, typ.key_type))
    try:
        hash(part)
    except TypeError:
        name = typ.type_name(part)
    else:
        raise error
    if checked and features.map_key_check_text:
        raise GoRuntimeError(f"hash of unhashable type: {name}", plain=True) from None
    raise GoRuntimeError(f"hash of unhashable type {name}") from None
