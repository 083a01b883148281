"""What of ``bytes`` is Python."""

from __future__ import annotations

from gosim.golang.library.strings import text
from gosim.golang.values.slices import Slice


def Equal(a: Slice, b: Slice) -> bool:
    return a.n == b.n and (a.n == 0 or bool(a.values() == b.values()))


def _bytes(s: Slice) -> bytearray | bytes:
    return s.values() if s.n else b""


def Compare(a: Slice, b: Slice) -> int:
    x, y = _bytes(a), _bytes(b)
    return (x > y) - (x < y)


def Index(s: Slice, sep: Slice) -> int:
    if not s.n:
        return -1 if sep.n else 0
    at = s.a.find(_bytes(sep), s.o, s.o + s.n)
    return int(at) - s.o if at >= 0 else -1


def LastIndex(s: Slice, sep: Slice) -> int:
    if not s.n:
        return -1 if sep.n else 0
    at = s.a.rfind(_bytes(sep), s.o, s.o + s.n)
    return int(at) - s.o if at >= 0 else -1


def IndexByte(b: Slice, c: int) -> int:
    at = b.a.find(c, b.o, b.o + b.n) if b.n else -1
    return int(at) - b.o if at >= 0 else -1


def LastIndexByte(s: Slice, c: int) -> int:
    at = s.a.rfind(c, s.o, s.o + s.n) if s.n else -1
    return int(at) - s.o if at >= 0 else -1


def Count(s: Slice, sep: Slice) -> int:
    if sep.n:
        return _bytes(s).count(_bytes(sep))
    return sum(1 for _ in text.characters(str(_bytes(s), "latin-1"))) + 1


def HasPrefix(s: Slice, prefix: Slice) -> bool:
    return _bytes(s).startswith(_bytes(prefix))


def HasSuffix(s: Slice, suffix: Slice) -> bool:
    return _bytes(s).endswith(_bytes(suffix))
