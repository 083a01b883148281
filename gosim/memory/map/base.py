"""What both kinds of map share: entries, keys and their hash, reading, and counting bytes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from typing import Any, Final, NoReturn
from zlib import crc32

from gosim.memory.errors import GoRuntimeError
from gosim.memory.features import MemoryFeatures
from gosim.memory.map.layout import HEADER_BYTES, Layout, MapType

Choose = Callable[[int], int]
"""Given n, which of 0 ... n-1: where an iteration starts."""

MASK64: Final = (1 << 64) - 1
MULTIPLIER_1: Final = 0x9E3779B97F4A7C15
MULTIPLIER_2: Final = 0xD6E8FEB86659FD93


class Entry:
    """One key and its element.

    Attributes
    ----------
    ident : object
        What the key is looked up by; the key itself where Python's equality is Go's.
    slot : int
        Its place in the table or chain of buckets that holds it.
    """

    __slots__ = ("key", "value", "ident", "hash", "slot")

    slot: int

    def __init__(self, key: Any, value: Any, ident: Any, hash_: int) -> None:
        self.key = key
        self.value = value
        self.ident = ident
        self.hash = hash_


class Never:
    """The identity of a key that does not equal itself: found by nobody who asks for the key."""

    __slots__ = ()


def mix(number: int, seed: int) -> int:
    """Return 64 bits in which every bit depends on every bit of `number` and `seed`."""
    x = ((number ^ seed) * MULTIPLIER_1) & MASK64
    x = ((x ^ (x >> 32)) * MULTIPLIER_2) & MASK64
    return x ^ (x >> 29)


def _number(key: object) -> int | None:
    """Return a number for a key that is the same in every process, None where there is none.

    Python's own ``hash`` of a string differs between processes and an object's is its address.
    """
    if isinstance(key, int):
        return int(key)
    if isinstance(key, str):
        data = key.encode("utf-8", "surrogatepass")
        return crc32(data) | len(data) << 32
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
            number = mix(part_number, number)
        return number
    if key is None:
        return 0
    return None


def _reflexive(key: object) -> bool:
    if isinstance(key, tuple):
        return all(map(_reflexive, key))
    return not isinstance(key, (float, complex)) or key == key


def _tagged(key: object) -> object:
    """Tell 1, 1.0 and true apart, which Python has equal and interface values are not."""
    if isinstance(key, tuple):
        return (type(key), *map(_tagged, key))
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


class GoMap(ABC):
    """A Go map that is not nil.

    Lookups go through a Python dict; what the real table would do is modelled beside it, slot by
    slot, because growth, bytes and the order of iteration depend on it. Programs read and write
    with :meth:`get`, :meth:`get_ok`, :meth:`set`, :meth:`delete`, :meth:`clear`, ``len`` and
    :meth:`iterate`.

    Parameters
    ----------
    typ : MapType
        Its type.
    go : MemoryFeatures
        Which Go.
    seed : int
        Stands for the random number of ``hash0``: where entries lie follows from it alone.

    Attributes
    ----------
    allocated_bytes, mallocs : int
        Everything this map has asked of the heap since it was made, freed or not.
    """

    __slots__ = (
        "typ",
        "layout",
        "allocated_bytes",
        "mallocs",
        "_entries",
        "_plain",
        "_update_key",
        "_seed",
        "_serial",
        "_outside",
    )

    def __init__(self, typ: MapType, go: MemoryFeatures, seed: int) -> None:
        self.typ = typ
        self.layout = Layout(typ, go)
        self.allocated_bytes = 0
        self.mallocs = 0
        self._entries: dict[Any, Entry] = {}
        key = typ.key
        self._plain = key.reflexive and not key.dynamic
        self._update_key = key.update_key
        self._seed = mix(seed, MULTIPLIER_2)
        self._serial = 0
        self._outside = self.layout.key_object + self.layout.elem_object
        self._malloc(HEADER_BYTES)

    # ---- bytes ----

    def _malloc(self, size: int) -> int:
        self.allocated_bytes += size
        self.mallocs += 1
        return size

    def _malloc_outside(self) -> None:
        """Allocate what an entry keeps outside the table."""
        for size in (self.layout.key_object, self.layout.elem_object):
            if size:
                self._malloc(size)

    @property
    def live_bytes(self) -> int:
        """Heap bytes that this map keeps alive now, without what keys and elements point to.

        An iteration that is going on may keep more alive (the array it started on).
        """
        return HEADER_BYTES + self._table_bytes() + len(self._entries) * self._outside

    @abstractmethod
    def _table_bytes(self) -> int:
        """Return the bytes of the table, beside the header and what entries have outside."""

    # ---- keys ----

    def _reseed(self) -> None:
        """Draw a new hash seed, as Go does whenever a map becomes empty (Go issue 25237)."""
        self._seed = mix(self._seed, MULTIPLIER_1)

    def _hash(self, key: object) -> int:
        """Return the hash under which a key that is not in the map is stored or missed.

        A key that cannot be told from its value (an object, a NaN) is hashed by a serial number,
        as good as the address or the random number Go takes: it is looked up in the dict, never by
        its hash.
        """
        number = _number(key) if _reflexive(key) else None
        if number is None:
            self._serial += 1
            number = self._serial
        return mix(number, self._seed)

    def _ident(self, key: Any) -> Any:
        """Return what `key` is looked up by."""
        if self._plain:
            return key
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
            self.layout.go,
            key,
            error,
            checked=looked_up and not self._entries,
        )

    # ---- what programs do ----

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
        entry = self._find(key)
        return self.typ.zero() if entry is None else entry.value

    def get_ok(self, key: Any) -> tuple[Any, bool]:
        """Return ``v, ok := m[key]``."""
        entry = self._find(key)
        return (self.typ.zero(), False) if entry is None else (entry.value, True)

    @abstractmethod
    def set(self, key: Any, value: Any) -> None:
        """Do ``m[key] = value``."""

    @abstractmethod
    def delete(self, key: Any) -> None:
        """Do ``delete(m, key)``: nothing where there is no such key."""

    @abstractmethod
    def clear(self) -> None:
        """Do ``clear(m)``: no entries are left, NaN ones neither; the table stays as big."""

    @abstractmethod
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


class NilMap:
    """The nil map of a type: reads as empty, cannot be written.

    Examples
    --------
    >>> from gosim.memory.features import features
    >>> from gosim.memory.map import INT, MapType
    >>> nil = NilMap(MapType(INT, INT, zero=int), features("1.27"))
    >>> nil.get(1), len(nil)
    (0, 0)
    >>> nil.set(1, 2)
    Traceback (most recent call last):
        ...
    gosim.memory.errors.GoRuntimeError: assignment to entry in nil map
    """

    __slots__ = ("typ", "go")

    live_bytes = 0

    def __init__(self, typ: MapType, go: MemoryFeatures) -> None:
        self.typ = typ
        self.go = go

    def __len__(self) -> int:
        return 0

    def __contains__(self, key: Any) -> bool:
        self._check(key)
        return False

    def _check(self, key: Any) -> None:
        try:
            hash(key)
        except TypeError as error:
            cannot_hash(self.typ, self.go, key, error, checked=True)

    def get(self, key: Any) -> Any:
        """Return the zero value."""
        self._check(key)
        return self.typ.zero()

    def get_ok(self, key: Any) -> tuple[Any, bool]:
        """Return the zero value and false."""
        self._check(key)
        return self.typ.zero(), False

    def set(self, key: Any, value: Any) -> NoReturn:
        """Panic."""
        raise GoRuntimeError("assignment to entry in nil map", plain=True)

    def delete(self, key: Any) -> None:
        """Do nothing."""
        self._check(key)

    def clear(self) -> None:
        """Do nothing."""

    def iterate(self, choose: Choose) -> Iterator[tuple[Any, Any]]:
        """Range over nothing."""
        return iter(())


_CHECKS_APART: Final = {
    "1.21": False,
    "1.22": False,
    "1.23": False,
    "1.24": False,
    "1.25": True,
    "1.26": True,
    "1.27": True,
}
"""Whether reading or deleting in an empty map panics with another text than storing does."""


def cannot_hash(
    typ: MapType, go: MemoryFeatures, key: object, error: TypeError, *, checked: bool
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
    part = _unhashable(key)
    try:
        hash(part)
    except TypeError:
        name = typ.type_name(part)
    else:
        raise error
    if checked and _CHECKS_APART[go.go]:
        raise GoRuntimeError(f"hash of unhashable type: {name}", plain=True) from None
    raise GoRuntimeError(f"hash of unhashable type {name}") from None
