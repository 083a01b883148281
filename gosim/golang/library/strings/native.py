"""What of ``strings`` is Python."""

from __future__ import annotations

import operator

from gosim.golang.library.strings import text
from gosim.golang.values.panics import makeslice_panic
from gosim.golang.values.slices import NIL_SLICE, Slice
from gosim.memory.errors import OutOfMemory

Contains = operator.contains
HasPrefix = str.startswith
HasSuffix = str.endswith
Index = str.find
LastIndex = str.rfind
IndexRune = text.index_rune
IndexAny = text.index_any
LastIndexAny = text.last_index_any
equalFoldASCII = text.equal_fold_ascii
Replace = text.replace
ToValidUTF8 = text.valid


def repeat(s: str, count: int) -> str:
    size = len(s) * count
    if size > _MAX_ALLOC:
        makeslice_panic("len")
    if size > MOST:
        raise OutOfMemory(-(-size // _CHUNK) * _CHUNK, 0)
    return s * count


_MAX_ALLOC = 1 << 47
_CHUNK = 4 << 20
MOST = 1 << 30
"""Bytes of a text that gosim itself is ready to hold; a program that wants more has no memory."""


def Count(s: str, substr: str) -> int:
    return s.count(substr) if substr else sum(1 for _ in text.characters(s)) + 1


def IndexByte(s: str, c: int) -> int:
    return s.find(chr(c))


def LastIndexByte(s: str, c: int) -> int:
    return s.rfind(chr(c))


def _slice(parts: list[str]) -> Slice:
    n = len(parts)
    return Slice(parts, 0, n, n)


def split(s: str, sep: str, keep: bool, n: int) -> Slice:
    if n == 0:
        return NIL_SLICE
    if sep and not keep:
        return _slice(s.split(sep, n - 1) if n > 0 else s.split(sep))
    return _slice([s[start:stop] for start, stop in text.split(s, sep, keep, n)])


def Fields(s: str) -> Slice:
    return _slice([s[start:stop] for start, stop in text.fields(s)])


def TrimSpace(s: str) -> str:
    if s.isascii():
        return s.strip(text.ASCII_SPACE)
    start, stop = text.trim_space(s)
    return s[start:stop]


def Trim(s: str, cutset: str) -> str:
    start, stop = text.trim(s, cutset, True, True)
    return s[start:stop]


def TrimLeft(s: str, cutset: str) -> str:
    start, stop = text.trim(s, cutset, True, False)
    return s[start:stop]


def TrimRight(s: str, cutset: str) -> str:
    start, stop = text.trim(s, cutset, False, True)
    return s[start:stop]


def Join(elems: Slice, sep: str) -> str:
    return sep.join(elems.values())


def ToUpper(s: str) -> str:
    return s.upper() if s.isascii() else text.case(s, text.upper)


def ToTitle(s: str) -> str:
    return s.upper() if s.isascii() else text.case(s, text.title)


def ToLower(s: str) -> str:
    return s.lower() if s.isascii() else text.case(s, text.lower)


def replaceAll(s: str, oldnew: Slice) -> str:
    return text.replace_all(s, list(oldnew.values()))
