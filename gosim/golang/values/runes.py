"""Strings and runes (Go: ``runtime/utf8.go``, ``runtime/string.go``).

A Go string is a ``str`` with one character per byte.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gosim.golang.values.slices import Slice, byte_capacity

__all__ = ["decode_rune", "encode_rune", "range_string", "runes"]

_ERROR = "\xef\xbf\xbd"
RUNE_ERROR = 0xFFFD


def decode_rune(s: str, i: int) -> tuple[int, int]:
    """Return the rune at byte `i` of a string and its length; (U+FFFD, 1) for a wrong byte."""
    b = ord(s[i])
    if b < 0x80:
        return b, 1
    if b < 0xC2 or b > 0xF4:
        return RUNE_ERROR, 1
    more = s[i + 1 : i + 4]
    b1 = ord(more[0]) if more else 0
    low, high = 0x80, 0xBF
    if b == 0xE0:
        low = 0xA0
    elif b == 0xED:
        high = 0x9F
    elif b == 0xF0:
        low = 0x90
    elif b == 0xF4:
        high = 0x8F
    if not low <= b1 <= high:
        return RUNE_ERROR, 1
    if b < 0xE0:
        return (b & 0x1F) << 6 | b1 & 0x3F, 2
    b2 = ord(more[1]) if len(more) > 1 else 0
    if not 0x80 <= b2 <= 0xBF:
        return RUNE_ERROR, 1
    if b < 0xF0:
        return (b & 0x0F) << 12 | (b1 & 0x3F) << 6 | b2 & 0x3F, 3
    b3 = ord(more[2]) if len(more) > 2 else 0
    if not 0x80 <= b3 <= 0xBF:
        return RUNE_ERROR, 1
    return (b & 0x07) << 18 | (b1 & 0x3F) << 12 | (b2 & 0x3F) << 6 | b3 & 0x3F, 4


def range_string(s: str) -> Iterable[tuple[int, int]]:
    """Return the pairs (byte index, rune) of ``for i, r := range s``."""
    if s.isascii():
        return enumerate(s.encode("ascii"))
    return _range(s)


def _range(s: str) -> Iterator[tuple[int, int]]:
    i, n = 0, len(s)
    while i < n:
        rune, size = decode_rune(s, i)
        yield i, rune
        i += size


def runes(s: str) -> list[int]:
    """Return the runes of a string."""
    if s.isascii():
        return list(s.encode("ascii"))
    return [rune for _, rune in _range(s)]


def encode_rune(r: int) -> str:
    """Return ``string(r)``: the UTF-8 of a rune; of what is none, that of U+FFFD."""
    if 0 <= r < 0x80:
        return chr(r)
    if 0 <= r <= 0x10FFFF and not 0xD800 <= r <= 0xDFFF:
        return chr(r).encode().decode("latin-1")
    return _ERROR


def rune_slice(s: str) -> Slice:
    """Return ``[]rune(s)``."""
    found = runes(s)
    n = len(found)
    return Slice(found, 0, n, byte_capacity(4 * n) // 4)


def rune_slice_on_stack(s: str) -> Slice:
    """Return ``[]rune(s)`` that stays in the function: there is a buffer of 32 runes."""
    found = runes(s)
    n = len(found)
    return Slice(found, 0, n, 32) if n <= 32 else rune_slice(s)


def string_of_runes(s: Slice) -> str:
    """Return ``string([]rune)``."""
    if s.a is None:
        return ""
    return "".join(map(encode_rune, s.a[s.o : s.o + s.n]))


def byte_slice(s: str) -> Slice:
    """Return ``[]byte(s)``."""
    n = len(s)
    return Slice(bytearray(s, "latin-1"), 0, n, byte_capacity(n))


def exact_bytes(s: str) -> Slice:
    """Return ``[]byte(s)`` of a constant, or of a string whose bytes nobody changes."""
    n = len(s)
    return Slice(bytearray(s, "latin-1"), 0, n, n)


def byte_slice_on_stack(s: str) -> Slice:
    """Return ``[]byte(s)`` that stays in the function: there is a buffer of 32 bytes."""
    n = len(s)
    return Slice(bytearray(s, "latin-1"), 0, n, 32) if n <= 32 else byte_slice(s)


def string_of_bytes(s: Slice) -> str:
    """Return ``string([]byte)``."""
    if s.a is None:
        return ""
    if s.o == 0 and s.n == len(s.a):
        return s.a.decode("latin-1")  # type: ignore[no-any-return]
    return str(memoryview(s.a)[s.o : s.o + s.n], "latin-1")
