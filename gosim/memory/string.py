"""Strings: shared, unchangeable bytes (Go: ``runtime/string.go``, ``strings/clone.go``).

A :class:`String` is a pointer and a length. A substring points into the same text, so ten bytes of
a file's first line keep the whole file alive; ``strings.Clone`` is the way out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import overload

from gosim.memory.errors import GoRuntimeError
from gosim.memory.features import MemoryFeatures
from gosim.memory.sizeclass import allocated_bytes
from gosim.memory.slice import Slice, byte_slice


class Text:
    """The bytes that strings share.

    They are a unit repeated, so that a megabyte of one letter is a cheap lesson.

    Attributes
    ----------
    bytes : int
        Length.
    allocated : int
        Bytes taken from the heap; 0 for text that is part of the program.
    """

    __slots__ = ("_unit", "allocated", "bytes")

    def __init__(self, unit: bytes, count: int, features: MemoryFeatures | None) -> None:
        self._unit = unit
        self.bytes = len(unit) * count
        self.allocated = allocated_bytes(self.bytes, True, features) if features else 0

    def read(self, start: int, end: int) -> bytes:
        """Return bytes `start` to `end`."""
        size = len(self._unit)
        if self.bytes == size or start >= end:
            return self._unit[start:end]
        first = start // size
        last = -(-end // size)
        return (self._unit * (last - first))[start - first * size : end - first * size]


class String:
    """A string value. Equal, ordered and hashed by its bytes, as in Go.

    ``s[i]`` is a byte, ``s[i:j]`` a substring with the same store. Make one with :func:`literal`,
    :func:`from_bytes`, :func:`dynamic` or :func:`concat`; ``String()`` is the empty string.

    Examples
    --------
    >>> s = literal("hello")
    >>> str(s[1:3]), s[0], len(s)
    ('el', 104, 5)
    """

    __slots__ = ("_len", "_offset", "store")

    def __init__(self, store: Text | None = None, offset: int = 0, length: int = 0) -> None:
        self.store = store
        self._offset = offset
        self._len = length

    @property
    def bytes(self) -> bytes:
        """The bytes it sees."""
        if self.store is None:
            return b""
        return self.store.read(self._offset, self._offset + self._len)

    @property
    def extent(self) -> tuple[int, int, int]:
        """Bytes in the store: start and, twice, end (a string has no capacity)."""
        end = self._offset + self._len
        return self._offset, end, end

    def __len__(self) -> int:
        return self._len

    def __str__(self) -> str:
        return self.bytes.decode("utf-8", "replace")

    def __repr__(self) -> str:
        shown = self if self._len <= 40 else self[:40]
        return f"<string {str(shown)!r}{'' if shown is self else '…'} len {self._len}>"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, String):
            return NotImplemented
        return self._len == other._len and (
            (self.store is other.store and self._offset == other._offset)
            or self.bytes == other.bytes
        )

    def __lt__(self, other: String) -> bool:
        return self.bytes < other.bytes

    def __hash__(self) -> int:
        return hash(self.bytes)

    def __iter__(self) -> Iterator[int]:
        """Yield the bytes (``range`` over a string yields runes; this does not)."""
        return iter(self.bytes)

    @overload
    def __getitem__(self, index: int) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> String: ...
    def __getitem__(self, index: int | slice) -> int | String:
        if isinstance(index, slice):
            if index.step is not None:
                raise ValueError("3-index slice of string")
            return self._substring(index.start, index.stop)
        if not 0 <= index < self._len:
            tail = f" with length {self._len}" if index >= 0 else ""
            raise GoRuntimeError(f"index out of range [{index}]{tail}")
        assert self.store is not None
        at = self._offset + index
        return self.store.read(at, at + 1)[0]

    def _substring(self, low: int | None, high: int | None) -> String:
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


def literal(text: str | bytes) -> String:
    """Return a string that is part of the program: it takes nothing from the heap."""
    data = text.encode() if isinstance(text, str) else text
    return String(Text(data, 1, None), 0, len(data)) if data else EMPTY


def from_bytes(data: bytes | bytearray | Slice, *, features: MemoryFeatures) -> String:
    """Return ``string(data)`` that escapes: a copy. One byte alone comes from a table of Go's."""
    if isinstance(data, Slice):
        values = data.values()
        assert isinstance(values, bytearray)
        data = values
    if not data:
        return EMPTY
    return String(Text(bytes(data), 1, None if len(data) == 1 else features), 0, len(data))


def dynamic(unit: str | bytes, count: int = 1, *, features: MemoryFeatures) -> String:
    """Return a string that the program made at run time: `unit`, `count` times.

    However long it is, Python's memory is that of one unit.

    Raises
    ------
    ValueError
        `count` is negative.
    """
    data = unit.encode() if isinstance(unit, str) else unit
    if count < 0:
        raise ValueError(f"a string cannot have {count} times {len(data)} bytes")
    if not data or not count:
        return EMPTY
    return String(Text(data, count, features), 0, len(data) * count)


def clone(s: String, *, features: MemoryFeatures) -> String:
    """Return ``strings.Clone(s)``: a text of its own, just as long as `s`."""
    return String(Text(s.bytes, 1, features), 0, len(s)) if len(s) else EMPTY


def concat(*parts: String, features: MemoryFeatures) -> String:
    """Return ``a + b + …``: a new text; but where only one part is not empty, that part itself."""
    filled = [p for p in parts if len(p)]
    if len(filled) == 1:
        return filled[0]
    data = b"".join(p.bytes for p in filled)
    return String(Text(data, 1, features), 0, len(data)) if data else EMPTY


def to_bytes(s: String, *, features: MemoryFeatures) -> Slice:
    """Return ``[]byte(s)``: a copy, with the capacity that its size class gives."""
    return byte_slice(s.bytes, features=features)
