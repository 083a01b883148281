"""What kind of characters there are (Go: ``unicode/letter.go``, ``graphic.go``, ``tables.go``).

The tables are Go's own, packed by ``tests/golang_unicode.py``: each toolchain knows one version of
the Unicode Character Database, and Python's ``unicodedata`` yet another one.
"""

from __future__ import annotations

import json
import os
import zlib
from bisect import bisect_right
from functools import cache
from typing import Any, Final

from gosim.golang.values.slices import Slice
from gosim.runtime import current
from gosim.runtime.version import resolve

_MAX: Final = 0x10FFFF
_LAST: Final = resolve().unicode


class _Table:
    """A set of characters.

    Attributes
    ----------
    ranges : list of (int, int, int)
        First, last, and distance of the characters.
    latin : int
        How many of them are of characters below 256.
    """

    __slots__ = ("latin", "ranges", "starts")

    def __init__(self, latin: int, flat: list[int]) -> None:
        self.latin = latin
        self.ranges: list[tuple[int, int, int]] = []
        last = 0
        for i in range(0, len(flat), 3):
            first = last + flat[i]
            last = first + flat[i + 1] * flat[i + 2]
            self.ranges.append((first, last, flat[i + 2]))
        self.starts = [first for first, _, _ in self.ranges]

    def __contains__(self, r: object) -> bool:
        assert isinstance(r, int)
        i = bisect_right(self.starts, r) - 1
        if i < 0:
            return False
        first, last, stride = self.ranges[i]
        return r <= last and (stride == 1 or (r - first) % stride == 0)


class _Data:
    """One version of the database."""

    def __init__(self, version: str) -> None:
        folder = os.path.dirname(os.path.abspath(__file__))
        with open(os.path.join(folder, f"tables-{version}.bin"), "rb") as f:
            kept = json.loads(zlib.decompress(f.read()))
        self.packed: dict[str, Any] = kept["tables"]
        self.maps: dict[str, list[str]] = kept["maps"]
        self.cases: list[list[int]] = kept["cases"]
        self.first_cases = [each[0] for each in self.cases]
        self.orbit: dict[int, int] = dict(kept["orbit"])
        self.tables: dict[str, _Table] = {}
        self.seen: dict[tuple[str, int], bool] = {}

    def table(self, name: str) -> _Table:
        found = self.tables.get(name)
        if found is None:
            found = self.tables[name] = _Table(*self.packed[name])
        return found

    def to(self, which: int, r: int) -> int:
        """Return a character in another case."""
        i = bisect_right(self.first_cases, r) - 1
        if i < 0 or r > self.cases[i][1]:
            return r
        low, _, *deltas = self.cases[i]
        delta: int = deltas[which]
        if delta > _MAX:
            # Upper and lower case alternate.
            return low + ((r - low) & ~1 | which & 1)
        return r + delta


@cache
def _version(version: str) -> _Data:
    return _Data(version)


def _data() -> _Data:
    world = current.world
    return _version(_LAST if world is None else world.version.unicode)


def ranges(name: str) -> tuple[Slice, int]:
    """Return the ranges of a table, three numbers for each, and its ``LatinOffset``."""
    table = _data().table(name)
    flat = [x for each in table.ranges for x in each]
    return Slice(flat, 0, len(flat), len(flat)), table.latin


def names(of: str) -> Slice:
    """Return the keys of one of the maps."""
    keys = list(_data().maps[of])
    return Slice(keys, 0, len(keys), len(keys))


def cases() -> Slice:
    """Return ``CaseRanges``, five numbers for each."""
    flat = [x for each in _data().cases for x in each]
    return Slice(flat, 0, len(flat), len(flat))


def _is(name: str, r: int) -> bool:
    data = _data()
    key = name, r
    found = data.seen.get(key)
    if found is None:
        found = r in data.table(name)
        if len(data.seen) < 1 << 16:
            data.seen[key] = found
    return found


def IsControl(r: int) -> bool:
    """Report whether it is a control character."""
    return 0 <= r < 0x20 or 0x7F <= r < 0xA0


def IsDigit(r: int) -> bool:
    """Report whether it is a decimal digit."""
    return 0x30 <= r <= 0x39 if r < 0x100 else _is("Nd", r)


def IsGraphic(r: int) -> bool:
    """Report whether it is a letter, mark, number, punctuation, symbol or space."""
    if r < 0x80:
        return 0x20 <= r < 0x7F
    return any(_is(name, r) for name in ("L", "S", "P", "N", "M", "Zs"))


def IsLetter(r: int) -> bool:
    """Report whether it is a letter."""
    if r < 0x80:
        return 0x61 <= r <= 0x7A or 0x41 <= r <= 0x5A
    return _is("L", r)


def IsLower(r: int) -> bool:
    """Report whether it is a lower case letter."""
    return 0x61 <= r <= 0x7A if r < 0x80 else _is("Ll", r)


def IsMark(r: int) -> bool:
    """Report whether it is a mark."""
    return r >= 0x100 and _is("M", r)


def IsNumber(r: int) -> bool:
    """Report whether it is a number."""
    return 0x30 <= r <= 0x39 if r < 0x80 else _is("N", r)


def IsPrint(r: int) -> bool:
    """Report whether it is graphic and, but for the ASCII space, no space."""
    if r < 0x80:
        return 0x20 <= r < 0x7F
    return any(_is(name, r) for name in ("L", "S", "P", "N", "M"))


def IsPunct(r: int) -> bool:
    """Report whether it is punctuation."""
    return _is("P", r)


def IsSpace(r: int) -> bool:
    """Report whether it is white space."""
    if r < 0x100:
        return r == 0x20 or 9 <= r <= 13 or r == 0x85 or r == 0xA0
    return _is("White_Space", r)


def IsSymbol(r: int) -> bool:
    """Report whether it is a symbol."""
    return _is("S", r)


def IsTitle(r: int) -> bool:
    """Report whether it is a letter in title case."""
    return r >= 0x100 and _is("Lt", r)


def IsUpper(r: int) -> bool:
    """Report whether it is an upper case letter."""
    return 0x41 <= r <= 0x5A if r < 0x80 else _is("Lu", r)


def To(which: int, r: int) -> int:
    """Return a character in upper (0), lower (1) or title case (2)."""
    return _data().to(which, r) if 0 <= which <= 2 else 0xFFFD


def ToUpper(r: int) -> int:
    """Return a character in upper case."""
    if r < 0x80:
        return r - 32 if 0x61 <= r <= 0x7A else r
    return _data().to(0, r)


def ToLower(r: int) -> int:
    """Return a character in lower case."""
    if r < 0x80:
        return r + 32 if 0x41 <= r <= 0x5A else r
    return _data().to(1, r)


def ToTitle(r: int) -> int:
    """Return a character in title case."""
    if r < 0x80:
        return r - 32 if 0x61 <= r <= 0x7A else r
    return _data().to(2, r)


def SimpleFold(r: int) -> int:
    """Return the next character that is the same but for its case."""
    if not 0 <= r <= _MAX:
        return r
    data = _data()
    found = data.orbit.get(r)
    if found is not None:
        return found
    lower = data.to(1, r)
    return lower if lower != r else data.to(0, r)
