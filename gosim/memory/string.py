"""Strings: shared, unchangeable bytes (Go: ``runtime/string.go``, ``strings/clone.go``).

A :class:`String` is a pointer and a length. A substring points into the same text, so ten bytes of
a file's first line keep the whole file alive; ``strings.Clone`` is the way out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import overload

from gosim.memory.errors import GoPanic, GoRuntimeError, Misuse
from gosim.memory.heap import Heap, Object
from gosim.memory.pointer import OFF_HEAP
from gosim.memory.sizeclass import roundupsize
from gosim.memory.slice import (
    MAX_ALLOC,
    BackingArray,
    Slice,
    byte_slice,
    index_error,
    make_slice,
    no_index,
)
from gosim.memory.types import RUNE, STRING, Kind, Type


class Text(Object):
    """The bytes that strings share.

    They are a unit repeated, so that a megabyte of one letter is a cheap lesson.

    Parameters
    ----------
    unit : bytes
        What is repeated.
    length : int
        Bytes.
    heap : Heap or None
        None for text that is part of the program.
    room : int
        Bytes to ask the heap for, when they are more than the text has.

    Attributes
    ----------
    bytes : int
        Length.
    """

    __slots__ = ("__weakref__", "_unit", "bytes")

    def __init__(self, unit: bytes, length: int, heap: Heap | None, room: int = 0) -> None:
        self._unit = unit
        self.bytes = length
        if heap is None:
            self.allocated = 0
            self.span = None
        else:
            heap.allocate(self, room or length, True)

    def read(self, start: int, end: int) -> bytes:
        """Return bytes `start` to `end`."""
        size = len(self._unit)
        if end <= size or start >= end:
            return self._unit[start:end]
        first = start // size
        last = -(-end // size)
        return (self._unit * (last - first))[start - first * size : end - first * size]

    def unit_of(self, start: int, end: int) -> bytes:
        """Return a unit of which bytes `start` to `end` are the repetition."""
        return self.read(start, min(end, start + len(self._unit)))


class String:
    """A string value. Equal, ordered and hashed by its bytes, as in Go; also to a Python str.

    ``s[i]`` is a byte, ``s[i:j]`` a substring with the same store. Make one with :func:`literal`,
    :func:`from_bytes`, :func:`dynamic` or :func:`concat`; ``String()`` is the empty string. The
    store may be the array of a ``strings.Builder``, which strings share, too.

    Examples
    --------
    >>> s = literal("hello")
    >>> str(s[1:3]), s[0], len(s)
    ('el', 104, 5)
    """

    __slots__ = ("_len", "_offset", "store")

    go_type = STRING

    def __init__(
        self, store: Text | BackingArray | None = None, offset: int = 0, length: int = 0
    ) -> None:
        self.store = store
        self._offset = offset
        self._len = length

    @property
    def bytes(self) -> bytes:
        """The bytes it sees."""
        if self.store is None:
            return b""
        return bytes(self.store.read(self._offset, self._offset + self._len))

    @property
    def extent(self) -> tuple[int, int, int]:
        """Bytes in the store: start and, twice, end (a string has no capacity)."""
        end = self._offset + self._len
        return self._offset, end, end

    def __len__(self) -> int:
        return self._len

    def __str__(self) -> str:
        return self.bytes.decode("utf-8", "replace")

    def __bool__(self) -> bool:
        return self._len > 0

    def __repr__(self) -> str:
        shown = self if self._len <= 40 else self[:40]
        return f"<string {str(shown)!r}{'' if shown is self else '…'} len {self._len}>"

    def __eq__(self, other: object) -> bool:
        if isinstance(other, str):
            return self.bytes == encoded(other)
        if not isinstance(other, String):
            return NotImplemented
        return self._len == other._len and (
            (self.store is other.store and self._offset == other._offset)
            or self.bytes == other.bytes
        )

    def __lt__(self, other: String | str) -> bool:
        return self.bytes < as_bytes(other)

    def __gt__(self, other: String | str) -> bool:
        return self.bytes > as_bytes(other)

    def __le__(self, other: String | str) -> bool:
        return self.bytes <= as_bytes(other)

    def __ge__(self, other: String | str) -> bool:
        return self.bytes >= as_bytes(other)

    def __hash__(self) -> int:
        return hash(self.bytes.decode("utf-8", "surrogateescape"))

    def __gosim_referents__(self) -> Iterable[object]:
        return (self.store,)

    def __gosim_is__(self, t: Type) -> bool:
        """Return whether this is a value of type `t`."""
        return t.kind is Kind.STRING

    def __contains__(self, part: object) -> bool:
        return as_bytes(part) in self.bytes if isinstance(part, (String, str)) else False

    def __add__(self, other: String | str) -> String:
        return _sum(self, other) if isinstance(other, (String, str)) else NotImplemented

    def __radd__(self, other: str) -> String:
        return _sum(other, self) if isinstance(other, str) else NotImplemented

    def __iter__(self) -> Iterator[int]:
        """Yield the bytes (``range`` over a string yields runes: see :meth:`runes`)."""
        return iter(self.bytes)

    def runes(self) -> Iterator[tuple[int, int]]:
        """Yield index and code point of each character, as ``for i, r := range s`` does.

        A byte that begins no character is U+FFFD by itself, wherever the next ones belong.

        Examples
        --------
        >>> [(i, chr(r)) for i, r in literal("aé!").runes()]
        [(0, 'a'), (1, 'é'), (3, '!')]
        """
        data = self.bytes
        i = 0
        while i < len(data):
            c, n = data[i], 1
            if c >= 0x80:
                n = 2 if c < 0xE0 else 3 if c < 0xF0 else 4
                try:
                    c = ord(data[i : i + n].decode())
                except (UnicodeDecodeError, TypeError):
                    c, n = _REPLACEMENT, 1
            yield i, c
            i += n

    @overload
    def __getitem__(self, index: int) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> String: ...
    def __getitem__(self, index: int | slice) -> int | String:
        if isinstance(index, slice):
            if index.step is not None:
                raise Misuse("3-index slice of string")
            return self._substring(index.start, index.stop)
        if not isinstance(index, int):
            raise no_index("string", index)
        if not 0 <= index < self._len:
            raise index_error(index, self._len)
        assert self.store is not None
        at = self._offset + index
        return self.store.read(at, at + 1)[0]

    def _substring(self, low: int | None, high: int | None) -> String:
        for bound in (low, high):
            if bound is not None and not isinstance(bound, int):
                raise Misuse(f"invalid slice index {bound!r}: it must be an int")
        if high is None:
            high = self._len
        elif not 0 <= high <= self._len:
            tail = f" with length {self._len}" if high >= 0 else ""
            raise GoRuntimeError(f"slice bounds out of range [:{high}]{tail}")
        if low is None:
            low = 0
        elif not 0 <= low <= high:
            raise GoRuntimeError(f"slice bounds out of range [{low}:{high if low >= 0 else ''}]")
        # An empty string at the end still points into the text, and keeps it.
        offset = self._offset + (low if high > low else 0)
        return String(self.store, offset, high - low)


EMPTY = String()
_REPLACEMENT = 0xFFFD


def as_string(text: String | str | bytes) -> String:
    """Return a Go string; a Python value stands for a literal."""
    return text if isinstance(text, String) else literal(text)


def _sum(*parts: String | str) -> String:
    heap = OFF_HEAP.find()
    if heap is None:
        raise TypeError("strings are added while a program runs; otherwise use concat(heap=...)")
    return concat(*map(as_string, parts), heap=heap)


def encoded(text: str) -> bytes:
    """Return the bytes of a Python str as Go has them; bytes that are no UTF-8 as they were."""
    return text.encode("utf-8", "surrogateescape")


def as_bytes(text: String | str | bytes) -> bytes:
    """Return the bytes of a Go string, or of a Python value that stands for a literal."""
    if isinstance(text, String):
        return text.bytes
    return encoded(text) if isinstance(text, str) else bytes(text)


def literal(text: str | bytes) -> String:
    """Return a string that is part of the program: it takes nothing from the heap."""
    data = as_bytes(text)
    return String(Text(data, len(data), None), 0, len(data)) if data else EMPTY


def made(data: bytes, *, heap: Heap, room: int = 0) -> String:
    """Return a string with a text of its own; empty ones have none.

    Parameters
    ----------
    room : int
        Bytes asked for, when they are more than `data` has.
    """
    if not data:
        return EMPTY
    return String(Text(data, len(data), heap, room), 0, len(data))


def from_bytes(data: bytes | bytearray | Slice, *, heap: Heap) -> String:
    """Return ``string(data)`` that escapes: a copy. One byte alone comes from a table of Go's."""
    if isinstance(data, Slice):
        values = data.values()
        assert isinstance(values, bytearray)
        data = values
    return _one_byte(data[0]) if len(data) == 1 else made(bytes(data), heap=heap)


@cache
def _one_byte(c: int) -> String:
    return literal(bytes([c]))


def dynamic(unit: str | bytes, count: int = 1, *, heap: Heap) -> String:
    """Return a string that the program made at run time: `unit`, `count` times.

    However long it is, Python's memory is that of one unit.

    Raises
    ------
    ValueError
        `count` is negative, or the string longer than memory can be.
    """
    data = as_bytes(unit)
    if count < 0:
        raise ValueError(f"a string cannot have {count} times {len(data)} bytes")
    length = len(data) * count
    if length > MAX_ALLOC:
        raise ValueError(f"a string cannot have {length} bytes")
    return String(Text(data, length, heap), 0, length) if length else EMPTY


def clone(s: String, *, heap: Heap) -> String:
    """Return ``strings.Clone(s)``: a text of its own, just as long as `s`."""
    if not len(s):
        return EMPTY
    store, start = s.store, s.extent[0]
    if not isinstance(store, Text):
        return made(s.bytes, heap=heap)
    return String(Text(store.unit_of(start, start + len(s)), len(s), heap), 0, len(s))


def concat(*parts: String, heap: Heap) -> String:
    """Return ``a + b + …``: a new text; but where only one part is not empty, that part itself."""
    filled = [p for p in parts if len(p)]
    if len(filled) == 1:
        return filled[0]
    return made(b"".join(p.bytes for p in filled), heap=heap)


def to_bytes(s: String, *, heap: Heap) -> Slice:
    """Return ``[]byte(s)``: a copy, with the capacity that its size class gives."""
    return byte_slice(s.bytes, heap=heap)


def to_runes(s: String, *, heap: Heap) -> Slice:
    """Return ``[]rune(s)``, with the capacity that its size class gives (``rawruneslice``)."""
    runes = [r for _, r in s.runes()]
    room = roundupsize(4 * len(runes), True, heap.features) // 4
    made = make_slice(RUNE, len(runes), room, heap=heap)
    if runes:
        assert made.store is not None
        made.store.write(0, runes)
    return made


def from_runes(runes: Slice, *, heap: Heap) -> String:
    """Return ``string(runes)`` of a ``[]rune``; what is no character becomes U+FFFD."""
    valid = (r if 0 <= r < 0xD800 or 0xE000 <= r < 0x110000 else _REPLACEMENT for r in runes)
    return made("".join(map(chr, valid)).encode(), heap=heap)


# ----------------------------------------------------------------------------- package strings


def repeat(s: String, count: int, *, heap: Heap) -> String:
    """Return ``strings.Repeat(s, count)``.

    Raises
    ------
    GoPanic
        ``strings: negative Repeat count``, ``strings: Repeat output length overflow``.
    """
    if count < 0:
        raise GoPanic("strings: negative Repeat count")
    if count == 1:
        return s
    length = len(s) * count
    if length >= 1 << 63:
        raise GoPanic("strings: Repeat output length overflow")
    if length > MAX_ALLOC:
        raise GoRuntimeError("makeslice: len out of range")
    if not length:
        return EMPTY
    return String(Text(s.bytes, length, heap), 0, length)
