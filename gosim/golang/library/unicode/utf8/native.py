"""UTF-8 in strings of one character per byte and in slices of bytes (Go: ``unicode/utf8``)."""

from __future__ import annotations

from typing import Final

from gosim.golang.values.slices import Slice

_ERROR: Final = 0xFFFD


def _extent(b: bytes) -> tuple[int, int, int, bool]:
    """Return what the first byte asks for: size, range of the second byte; False if it is none."""
    first = b[0]
    if first < 0x80:
        return 1, 0, 0, True
    if 0xC2 <= first <= 0xDF:
        return 2, 0x80, 0xBF, True
    if 0xE0 <= first <= 0xEF:
        return 3, 0xA0 if first == 0xE0 else 0x80, 0x9F if first == 0xED else 0xBF, True
    if 0xF0 <= first <= 0xF4:
        return 4, 0x90 if first == 0xF0 else 0x80, 0x8F if first == 0xF4 else 0xBF, True
    return 1, 0, 0, False


def _full(b: bytes) -> bool:
    """Whether `b` (at most four bytes) begins with a rune, or with bytes that are none."""
    if not b:
        return False
    size, low, high, _ = _extent(b)
    if len(b) >= size:
        return True
    if len(b) > 1 and not low <= b[1] <= high:
        return True
    return len(b) > 2 and not 0x80 <= b[2] <= 0xBF


def _decode(b: bytes) -> tuple[int, int]:
    """Return the first rune of `b` (at most four bytes) and its size."""
    if not b:
        return _ERROR, 0
    size, low, high, good = _extent(b)
    if not good or len(b) < size:
        return _ERROR, 1
    if size == 1:
        return b[0], 1
    if not low <= b[1] <= high or any(not 0x80 <= x <= 0xBF for x in b[2:size]):
        return _ERROR, 1
    return ord(b[:size].decode()), size


def _decode_last(b: bytes) -> tuple[int, int]:
    """Return the last rune of `b` (at most four bytes) and its size."""
    if not b:
        return _ERROR, 0
    if b[-1] < 0x80:
        return b[-1], 1
    start = len(b) - 1
    while start > 0 and b[start] & 0xC0 == 0x80:
        start -= 1
    rune, size = _decode(b[start:])
    return (rune, size) if start + size == len(b) else (_ERROR, 1)


def _head(p: Slice) -> bytes:
    return bytes(p.a[p.o : p.o + min(p.n, 4)]) if p.n else b""


def _tail(p: Slice) -> bytes:
    return bytes(p.a[p.o + max(p.n - 4, 0) : p.o + p.n]) if p.n else b""


def FullRune(p: Slice) -> bool:
    """Report whether `p` begins with a whole rune."""
    return _full(_head(p))


def FullRuneInString(s: str) -> bool:
    """Report whether `s` begins with a whole rune."""
    return _full(s[:4].encode("latin-1"))


def DecodeRune(p: Slice) -> tuple[int, int]:
    """Return the first rune and its size."""
    return _decode(_head(p))


def DecodeRuneInString(s: str) -> tuple[int, int]:
    """Return the first rune and its size."""
    if s and (first := ord(s[0])) < 0x80:
        return first, 1
    return _decode(s[:4].encode("latin-1"))


def DecodeLastRune(p: Slice) -> tuple[int, int]:
    """Return the last rune and its size."""
    return _decode_last(_tail(p))


def DecodeLastRuneInString(s: str) -> tuple[int, int]:
    """Return the last rune and its size."""
    return _decode_last(s[-4:].encode("latin-1"))


def RuneLen(r: int) -> int:
    """Return how many bytes encode a rune, -1 if none can."""
    if r < 0:
        return -1
    if r < 0x80:
        return 1
    if r < 0x800:
        return 2
    if 0xD800 <= r <= 0xDFFF:
        return -1
    if r < 0x10000:
        return 3
    return 4 if r <= 0x10FFFF else -1


def _count(b: bytes | bytearray) -> int:
    if b.isascii():
        return len(b)
    n = 0
    while True:
        try:
            return n + len(b.decode())
        except UnicodeDecodeError as e:
            # A byte that is no part of a rune counts for one.
            n += len(b[: e.start].decode()) + 1
            b = b[e.start + 1 :]


def RuneCount(p: Slice) -> int:
    """Return how many runes there are."""
    return _count(p.a[p.o : p.o + p.n]) if p.n else 0


def RuneCountInString(s: str) -> int:
    """Return how many runes there are."""
    return len(s) if s.isascii() else _count(s.encode("latin-1"))


def _valid(b: bytes | bytearray) -> bool:
    try:
        b.decode()
    except UnicodeDecodeError:
        return False
    return True


def Valid(p: Slice) -> bool:
    """Report whether all of it is runes."""
    return not p.n or _valid(p.a[p.o : p.o + p.n])


def ValidString(s: str) -> bool:
    """Report whether all of it is runes."""
    return s.isascii() or _valid(s.encode("latin-1"))
