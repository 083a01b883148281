"""What both kinds of map share: entries, keys and their hash, reading, and the heap's part."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, NoReturn
from zlib import crc32

from gosim.memory.errors import GoRuntimeError, Misuse
from gosim.memory.features import MemoryFeatures
from gosim.memory.heap import Block, Heap, Object
from gosim.memory.map.layout import HEADER_BYTES, Layout, MapType
from gosim.memory.pointer import ElementPointer, FieldPointer
from gosim.memory.string import String
from gosim.memory.types import Kind, Type, taken

Choose = Callable[[int], int]
"""Given n, which of 0 ... n-1: where an iteration starts."""

_SEED_BITS: Final = (1 << 60) - 1
_MULTIPLIER: Final = 0x9E3779B97F4A7C15


def first(n: int) -> int:
    """Choose the first of `n`: the order of iteration where nobody chooses."""
    return 0


class _Empty:
    """What lies in a slot that no key is in."""

    __slots__ = ()


EMPTY: Final = _Empty()


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
    if isinstance(key, type):
        return crc32(key.__name__.encode())
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
            if type(value) is String:
                return _text(value)
            return value.decode("utf-8", "surrogateescape") if type(value) is bytes else value
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


def _is_map(typ: MapType, t: Type) -> bool:
    """Return whether maps of type `typ` are values of type `t`."""
    return t.kind is Kind.MAP and (t.key, t.elem) == (typ.key_type, typ.elem_type)


def _known_classes(t: Type | None) -> set[type] | None:
    return None if t is None or t.kind is Kind.INTERFACE else t.known


_AS_THEY_ARE: Final = frozenset(Kind) - {Kind.STRING, Kind.STRUCT, Kind.ARRAY, Kind.POINTER}


class GoMap(Object, ABC):
    """A Go map that is not nil: the header, with what hangs on it.

    Lookups go through a Python dict from *idents* to elements; what the real table would do is
    modelled beside it, because growth, bytes and the order of iteration depend on it. An ident is
    what a key is looked up by, the key itself where Python's equality is Go's. Programs write
    ``m[key]``, ``m[key] = value``, ``key in m``, ``len(m)``, ``for key, value in m.items()``,
    :meth:`get_ok`, :meth:`delete` and :meth:`clear`. Arrays and structs go in and come out as
    copies, as in Go.

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
        "_values",
        "_keys",
        "_hashes",
        "_blocks",
        "_plain",
        "_update_key",
        "_copies_key",
        "_copies_elem",
        "_points",
        "_bare",
        "_known_keys",
        "_known_elems",
        "_seed",
        "_serial",
    )

    def __init__(self, typ: MapType, heap: Heap, seed: int, choose: Choose) -> None:
        self.typ = typ
        self.layout = layout = Layout(typ, heap.features)
        self.heap = heap
        self._choose = choose
        self._values: dict[Any, Any] = {}
        # By ident, where it is not the key; where it is not an int, whose hash is soon found.
        self._keys: dict[Any, Any] = {}
        self._hashes: dict[Any, int] = {}
        # By ident: key and element, those of them that are stored by pointer.
        self._blocks: dict[Any, tuple[Block, ...]] = {}
        key = typ.key
        known = typ.key_type is None or typ.key_type.kind in _AS_THEY_ARE
        self._plain = key.reflexive and not key.dynamic and known
        self._update_key = key.update_key
        self._copies_key = typ.key_type is not None and typ.key_type.changeable
        self._copies_elem = typ.elem_type is not None and typ.elem_type.changeable
        self._points = key.pointers or typ.elem.pointers
        # Classes whose instances need no look at them; None where nothing is checked.
        self._known_keys = _known_classes(typ.key_type)
        self._known_elems = _known_classes(typ.elem_type)
        self._seed = mix(seed, _MULTIPLIER) & _SEED_BITS
        self._serial = 0
        # A store is nothing but a store.
        self._bare = self._plain and not (
            self._update_key
            or self._copies_key
            or self._copies_elem
            or self._points
            or layout.outside
        )
        heap.allocate(self, HEADER_BYTES, False)

    # ---- bytes ----

    @property
    def live_bytes(self) -> int:
        """Heap bytes that this map keeps alive now, without what keys and elements point to.

        An iteration that is going on may keep more alive (the array it started on).
        """
        return self.allocated + sum(part.allocated for part in self.memory())

    def memory(self) -> Iterator[Object]:
        """Yield what the map has on the heap beside its header."""
        yield from self._table_memory()
        for blocks in self._blocks.values():
            yield from blocks

    @abstractmethod
    def _table_memory(self) -> Iterator[Object]:
        """Yield the objects of the table."""

    def __gosim_referents__(self) -> Iterable[object]:
        found: list[object] = [*self.memory()]
        if self.typ.key.pointers:
            found += self._keys.values()
            if len(self._keys) < len(self._values):
                found += (ident for ident in self._values if ident not in self._keys)
        if self.typ.elem.pointers:
            found += self._values.values()
        return found

    def _prepare(self, ident: Any, key: Any, value: Any) -> Any:
        """Do what the store of a new key needs beside the store; return what to store."""
        if self._copies_key:
            key = key.copy()
        if self._copies_elem:
            value = value.copy()
        if key is not ident:
            self._keys[ident] = key
        blocks = []
        layout, typ = self.layout, self.typ
        if layout.key_outside:
            blocks.append(self.heap.malloc(typ.key.size, not typ.key.pointers))
        if layout.elem_outside:
            blocks.append(self.heap.malloc(typ.elem.size, not typ.elem.pointers))
        if blocks:
            self._blocks[ident] = tuple(blocks)
        if self._points and self.heap.marking:
            self.heap.barrier(None, key)
            self.heap.barrier(None, value)
        return value

    def _change(self, ident: Any, key: Any, value: Any) -> Any:
        """Do what a store to a key that is there needs beside the store; return what to store."""
        if self._copies_elem:
            value = value.copy()
        if self._points and self.heap.marking:
            self.heap.barrier(self._values[ident], value)
            self.heap.barrier(self._keys.get(ident), key)
        if self._update_key and type(key) is not str:
            self._keys[ident] = key.copy() if self._copies_key else key
        return value

    def _forget(self, ident: Any) -> None:
        """Delete an entry but for its slot."""
        value = self._values.pop(ident)
        if self._points and self.heap.marking:
            self.heap.barrier(value, None)
            self.heap.barrier(self._keys.get(ident, ident), None)
        for beside in (self._keys, self._hashes, self._blocks):
            if beside:
                beside.pop(ident, None)
        if not self._values:
            self._reseed()

    def _forget_all(self) -> None:
        """Delete all entries but for their slots."""
        if self._points and self.heap.marking:
            for found in self.__gosim_referents__():
                self.heap.barrier(found, None)
        for entries in (self._values, self._keys, self._hashes, self._blocks):
            entries.clear()
        self._reseed()

    # ---- keys ----

    def _reseed(self) -> None:
        """Draw a new hash seed, as Go does whenever a map becomes empty (Go issue 25237)."""
        self._seed = mix(self._seed, _MULTIPLIER) & _SEED_BITS

    def _hash(self, ident: object) -> int:
        """Return the hash of an ident that is not in the map.

        A key that cannot be told from its value (an object, a NaN) is hashed by a serial number,
        as good as the address or the random number Go takes: it is looked up in the dict, never by
        its hash.
        """
        number = _number(ident)
        if number is None:
            self._serial += 1
            number = self._serial
        return mix(number, self._seed)

    def _hash_of(self, ident: Any) -> int:
        """Return the hash of an ident in the map."""
        return mix(ident, self._seed) if type(ident) is int else self._hashes[ident]

    def _hashes_of(self, idents: list[Any]) -> list[int]:
        """Return the hashes of idents in the map."""
        if self._hashes:
            return [self._hash_of(ident) for ident in idents]
        seed = self._seed
        return [hash(((x := ident ^ seed) * x, seed)) for ident in idents]  # as `mix` does

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

    def _checked(self, key: Any) -> Any:
        """Return a key of a class that is not known as one of keys."""
        assert self.typ.key_type is not None
        try:
            return taken(self.typ.key_type, key)
        except Misuse as error:
            raise Misuse(f"a key of the {self.typ.name}: {error}") from None

    def _checked_elem(self, value: Any) -> Any:
        """Return an element of a class that is not known as one of elements."""
        assert self.typ.elem_type is not None
        try:
            return taken(self.typ.elem_type, value)
        except Misuse as error:
            raise Misuse(f"an element of the {self.typ.name}: {error}") from None

    def _cannot_hash(self, key: object, error: TypeError, *, looked_up: bool) -> NoReturn:
        """Panic for a key that cannot be hashed."""
        cannot_hash(
            self.typ,
            self.layout.features,
            key,
            error,
            checked=looked_up and not self._values,
        )

    # ---- what programs do ----

    __hash__ = None  # type: ignore[assignment]  # Go's maps cannot be hashed

    def __len__(self) -> int:
        return len(self._values)

    def _known(self, key: Any) -> tuple[Any, bool]:
        """Return the ident of a key, and whether it is in the map."""
        known = self._known_keys
        if known is not None and type(key) not in known:
            key = self._checked(key)
        try:
            ident = key if self._plain else self._ident(key)
            return ident, ident in self._values
        except TypeError as error:
            self._cannot_hash(key, error, looked_up=True)

    def __contains__(self, key: Any) -> bool:
        return self._known(key)[1]

    def get(self, key: Any) -> Any:
        """Return ``m[key]``: the zero value where there is no such key.

        Raises
        ------
        GoRuntimeError
            "hash of unhashable type T".
        """
        known = self._known_keys
        if known is not None and type(key) not in known:
            key = self._checked(key)
        try:
            value = self._values.get(key if self._plain else self._ident(key), EMPTY)
        except TypeError as error:
            self._cannot_hash(key, error, looked_up=True)
        if value is EMPTY:
            return self.typ.zero()
        return value.copy() if self._copies_elem else value

    __getitem__ = get

    def get_ok(self, key: Any) -> tuple[Any, bool]:
        """Return ``v, ok := m[key]``."""
        ident, known = self._known(key)
        if not known:
            return self.typ.zero(), False
        value = self._values[ident]
        return (value.copy() if self._copies_elem else value), True

    @abstractmethod
    def set(self, key: Any, value: Any) -> None:
        """Do ``m[key] = value``."""

    @abstractmethod
    def delete(self, key: Any) -> None:
        """Do ``delete(m, key)``: nothing where there is no such key."""

    def __delitem__(self, key: Any) -> None:
        self.delete(key)

    def __eq__(self, other: object) -> bool:
        """Compare with nil, which this map is not; Go compares maps with nothing else."""
        return self is other

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
        if not self._values:
            return iter(())
        return self._pairs(self._range(choose))

    @abstractmethod
    def _range(self, choose: Choose) -> Iterator[Any]:
        """Range over the idents of a map that is not empty."""

    def _pairs(self, idents: Iterator[Any]) -> Iterator[tuple[Any, Any]]:
        """Yield the key and element of each ident, copies of what can be changed in place."""
        for ident in idents:
            key = self._keys.get(ident, ident)
            value = self._values[ident]
            yield (
                key.copy() if self._copies_key else key,
                value.copy() if self._copies_elem else value,
            )

    def __gosim_is__(self, t: Type) -> bool:
        """Return whether this is a value of type `t`."""
        return _is_map(self.typ, t)

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

    def __eq__(self, other: object) -> bool:
        """Compare with nil."""
        return other is None or self is other

    def _check(self, key: Any) -> None:
        if self.typ.key_type is not None:
            key = taken(self.typ.key_type, key)
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

    __delitem__ = delete

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

    def __gosim_is__(self, t: Type) -> bool:
        """Return whether this is a value of type `t`."""
        return _is_map(self.typ, t)

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
