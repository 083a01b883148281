"""Slices of bytes, and a buffer of them (Go: package ``bytes``)."""

from __future__ import annotations

import builtins
from typing import Any

from gosim.memory import slice as slices
from gosim.memory import string as strings
from gosim.memory.errors import GoPanic
from gosim.memory.sizeclass import roundupsize
from gosim.memory.slice import Slice
from gosim.memory.string import String
from gosim.memory.types import BYTE
from gosim.std import errors
from gosim.std.values import door, integer, slice_value, string_value, the_heap

__all__ = ["EOF", "Buffer", "clone", "new_buffer", "new_buffer_string"]

EOF = errors.new("EOF")
"""Go's ``io.EOF``: there is nothing left to read."""

_SMALL = 64
_MAX_INT = (1 << 63) - 1


def _bytes_slice(value: object) -> Slice:
    s = slice_value(value)
    if s.elem != BYTE:
        raise TypeError(f"a []{s.elem} is no []byte")
    return s


@door
def clone(b: Slice) -> Slice:
    """Return a copy of `b` with an array of its own; nil stays nil (``bytes.Clone``)."""
    b = _bytes_slice(b)
    if b.is_nil:
        return b
    heap = the_heap("bytes.clone")
    return slices.append_slice(slices.make_slice(BYTE, 0, heap=heap), b, heap=heap)


class Buffer:
    """A buffer of bytes that is written at the end and read from the beginning
    (``bytes.Buffer``).

    It keeps the largest array that it ever had: after ten megabytes and a :meth:`reset` it holds
    ten megabytes.

    Parameters
    ----------
    buf : Slice, optional
        The bytes to begin with; the buffer takes the slice over.

    Examples
    --------
    >>> import gosim as gs
    >>> async def main():
    ...     b = gs.bytes.Buffer()
    ...     b.write_string("hello")
    ...     print(len(b), b.cap, b.string())
    >>> gs.run(main).stdout
    '5 64 hello\\n'
    """

    __slots__ = ("__weakref__", "_buf", "_off")
    __go_type__ = "*bytes.Buffer"

    def __init__(self, buf: Slice | None = None) -> None:
        self._buf = Slice(BYTE) if buf is None else _bytes_slice(buf)
        self._off = 0

    def __len__(self) -> int:
        return len(self._buf) - self._off

    def __bool__(self) -> bool:
        return True

    @property
    def cap(self) -> int:
        """The capacity of the array, what was read already included."""
        return self._buf.cap

    @property
    def available(self) -> int:
        """Bytes that can be written without another array."""
        return self._buf.cap - len(self._buf)

    def bytes(self) -> Slice:
        """Return the unread part; it shares the array until the next change."""
        return self._buf[self._off :]

    @door
    def string(self) -> String:
        """Return the unread part as a string, a copy."""
        return strings.from_bytes(self._buf[self._off :], heap=the_heap("Buffer.string"))

    def __str__(self) -> str:
        return str(strings.String(self._buf.store, *self._unread()))

    def _unread(self) -> tuple[int, int]:
        return self.bytes().extent[0], len(self)

    # ---- writing ----

    def _reslice(self, n: int) -> int | None:
        """Take `n` more bytes at the end if there is room; return where they begin."""
        length = len(self._buf)
        if n > self._buf.cap - length:
            return None
        self._buf = self._buf[: length + n]
        return length

    def _grow(self, n: int) -> int:
        """Take `n` more bytes at the end; return where they begin."""
        unread = len(self)
        if not unread and self._off:
            self.reset()
        at = self._reslice(n)
        if at is not None:
            return at
        heap = the_heap("Buffer.grow")
        if self._buf.is_nil and n <= _SMALL:
            self._buf = slices.make_slice(BYTE, n, _SMALL, heap=heap)
            return 0
        capacity = self._buf.cap
        if n <= capacity // 2 - unread:
            # There is room enough behind what was read.
            slices.copy(self._buf, self._buf[self._off :])
        elif capacity > _MAX_INT - capacity - n:
            raise GoPanic("bytes.Buffer: too large")
        else:
            wanted = max(unread + self._off + n, 2 * (capacity - self._off))
            if wanted > slices.MAX_ALLOC:
                raise GoPanic("bytes.Buffer: too large")
            room = roundupsize(wanted, True, heap.features)
            fresh = slices.make_slice(BYTE, wanted, room, heap=heap)
            slices.copy(fresh, self._buf[self._off :])
            self._buf = fresh
        self._off = 0
        self._buf = self._buf[: unread + n]
        return unread

    def _put(self, data: Any) -> int:
        n = len(data)
        at = self._reslice(n)
        if at is None:
            at = self._grow(n)
        return slices.copy(self._buf[at:], data)

    @door
    def write(self, p: Slice | builtins.bytes) -> int:
        """Append bytes; return how many.

        Raises
        ------
        Panic
            ``bytes.Buffer: too large``.
        """
        return self._put(p if isinstance(p, bytes) else _bytes_slice(p))

    @door
    def write_string(self, s: String | str) -> int:
        """Append the bytes of a string; return how many."""
        return self._put(string_value(s).bytes)

    @door
    def write_byte(self, c: int) -> None:
        """Append a byte."""
        self._put(bytes([integer(c, "byte")]))

    @door
    def grow(self, n: int) -> None:
        """Make room for `n` more bytes (``Buffer.Grow``).

        Raises
        ------
        Panic
            ``bytes.Buffer.Grow: negative count``.
        """
        if integer(n, "number of bytes") < 0:
            raise GoPanic("bytes.Buffer.Grow: negative count")
        at = self._grow(n)
        self._buf = self._buf[:at]

    def reset(self) -> None:
        """Empty it; the array stays."""
        self._buf = self._buf[:0]
        self._off = 0

    @door
    def truncate(self, n: int) -> None:
        """Forget all but the first `n` unread bytes; the array stays.

        Raises
        ------
        Panic
            ``bytes.Buffer: truncation out of range``.
        """
        if integer(n, "number of bytes") == 0:
            self.reset()
            return
        if not 0 <= n <= len(self):
            raise GoPanic("bytes.Buffer: truncation out of range")
        self._buf = self._buf[: self._off + n]

    # ---- reading ----

    @door
    def read(self, p: Slice) -> tuple[int, Any]:
        """Read into `p`; return how many bytes, and :data:`EOF` when there are none left."""
        p = _bytes_slice(p)
        if not len(self):
            self.reset()
            return (0, EOF) if len(p) else (0, None)
        n = slices.copy(p, self._buf[self._off :])
        self._off += n
        return n, None

    @door
    def next(self, n: int) -> Slice:
        """Return the next `n` unread bytes, or all there are; they share the array."""
        n = min(integer(n, "number of bytes"), len(self))
        part = self._buf[self._off : self._off + n]
        self._off += n
        return part

    def read_byte(self) -> tuple[int, Any]:
        """Return the next byte, or 0 and :data:`EOF`."""
        if not len(self):
            self.reset()
            return 0, EOF
        c: int = self._buf[self._off]
        self._off += 1
        return c, None

    def __gosim_referents__(self) -> tuple[object, ...]:
        return (self._buf,)


def new_buffer(buf: Slice) -> Buffer:
    """Return a buffer that begins with the bytes of `buf` and takes it over (``NewBuffer``)."""
    return Buffer(buf)


@door
def new_buffer_string(s: String | str) -> Buffer:
    """Return a buffer that begins with a copy of a string (``NewBufferString``)."""
    return Buffer(strings.to_bytes(string_value(s), heap=the_heap("bytes.new_buffer_string")))
