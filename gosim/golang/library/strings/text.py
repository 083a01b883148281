"""Searching, cutting and changing Go strings: one character per byte, so positions are bytes.

What concerns characters (runes) looks at the decoded text; a byte that is no UTF-8 counts as
U+FFFD, one byte long.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from gosim.golang.values.strings import decode, encode

__all__ = [
    "case",
    "characters",
    "equal_fold_ascii",
    "fields",
    "index_any",
    "index_rune",
    "last_index_any",
    "lower",
    "replace",
    "replace_all",
    "split",
    "title",
    "trim",
    "trim_space",
    "upper",
    "valid",
]

ASCII_SPACE = " \t\n\v\f\r"
SPACE = (
    ASCII_SPACE + "\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000"
    "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
)
ERROR = "\ufffd"
_ASCII_FIELDS = re.compile(r"[^ \t\n\v\f\r]+")
_WORDS = re.compile(f"[^{SPACE}]+")


def _is_escape(c: str) -> bool:
    return "\udc80" <= c <= "\udcff"


def characters(s: str) -> Iterator[tuple[int, str, int]]:
    """Yield position, character and length of each rune."""
    at = 0
    for c in decode(s):
        if c < "\x80":
            size = 1
        elif _is_escape(c):
            c, size = ERROR, 1
        else:
            size = 2 if c < "\u0800" else 3 if c < "\U00010000" else 4
        yield at, c, size
        at += size


def _text(s: str) -> str:
    """The decoded text with U+FFFD for each wrong byte."""
    if s.isascii():
        return s
    text = decode(s)
    return "".join(ERROR if _is_escape(c) else c for c in text)


# -- what is found --------------------------------------------------------------------------------


def index_rune(s: str, r: int) -> int:
    if 0 <= r < 0x80:
        return s.find(chr(r))
    if r == 0xFFFD:
        return next((at for at, c, _ in characters(s) if c == ERROR), -1)
    if not 0 <= r <= 0x10FFFF or 0xD800 <= r <= 0xDFFF:
        return -1
    return s.find(encode(chr(r)))


def index_any(s: str, chars: str) -> int:
    if not chars:
        return -1
    wanted = set(_text(chars))
    return next((at for at, c, _ in characters(s) if c in wanted), -1)


def last_index_any(s: str, chars: str) -> int:
    if not chars:
        return -1
    wanted = set(_text(chars))
    found = -1
    for at, c, _ in characters(s):
        if c in wanted:
            found = at
    return found


def equal_fold_ascii(s: str, t: str) -> tuple[bool, bool]:
    """Return whether two strings are equal but for case, and whether that is known."""
    if s.isascii() and t.isascii():
        return s.lower() == t.lower(), True
    return False, False


# -- parts: pairs of positions, so that bytes can share their array -----------------------------


def split(s: str, sep: str, keep: bool, n: int) -> list[tuple[int, int]]:
    """Return where the parts of `s` lie; `n` is not 0."""
    parts: list[tuple[int, int]] = []
    if not sep:
        starts = [at for at, _, _ in characters(s)]
        if 0 <= n < len(starts):
            starts = starts[:n]
        return list(zip(starts, [*starts[1:], len(s)], strict=True)) if starts else []
    start = 0
    size = len(sep)
    kept = size if keep else 0
    while n < 0 or len(parts) < n - 1:
        at = s.find(sep, start)
        if at < 0:
            break
        parts.append((start, at + kept))
        start = at + size
    parts.append((start, len(s)))
    return parts


def fields(s: str) -> list[tuple[int, int]]:
    """Return where the parts between space lie."""
    if s.isascii():
        return [m.span() for m in _ASCII_FIELDS.finditer(s)]
    spans = []
    start = -1
    for at, c, _ in characters(s):
        if c in SPACE:
            if start >= 0:
                spans.append((start, at))
                start = -1
        elif start < 0:
            start = at
    if start >= 0:
        spans.append((start, len(s)))
    return spans


def trim_space(s: str) -> tuple[int, int]:
    """Return where `s` lies without space around it."""
    return trim(s, None, True, True)


def trim(s: str, cutset: str | None, left: bool, right: bool) -> tuple[int, int]:
    """Return where `s` lies without characters of `cutset` (None: space) around it."""
    if s.isascii() and (cutset is None or cutset.isascii()):
        chars = ASCII_SPACE if cutset is None else cutset
        if not chars:
            return 0, len(s)
        start = len(s) - len(s.lstrip(chars)) if left else 0
        return start, max(start, len(s.rstrip(chars))) if right else len(s)
    wanted = SPACE if cutset is None else _text(cutset)
    start, stop = 0, len(s)
    pieces = list(characters(s))
    if left:
        for _, c, size in pieces:
            if c not in wanted:
                break
            start += size
    if right:
        for at, c, _ in reversed(pieces):
            if at < start or c not in wanted:
                break
            stop = at
    return start, stop


# -- new strings ----------------------------------------------------------------------------------


def replace(s: str, old: str, new: str, n: int) -> str:
    if old:
        return s.replace(old, new, n)
    # Before each character and at the end.
    count = sum(1 for _ in characters(s)) + 1
    if n < 0 or n > count:
        n = count
    out = []
    for number, (at, _, size) in enumerate(characters(s)):
        if number < n:
            out.append(new)
        out.append(s[at : at + size])
    if n == count:
        out.append(new)
    return "".join(out)


def replace_all(s: str, oldnew: list[str]) -> str:
    """Replace the first of the pairs that fits at each place, from left to right."""
    table: dict[str, str] = {}
    for old, new in zip(oldnew[::2], oldnew[1::2], strict=True):
        table.setdefault(old, new)
    if not table:
        return s
    if "" not in table:
        pattern = re.compile("|".join(map(re.escape, table)), re.S)
        return pattern.sub(lambda m: table[m[0]], s)
    out = []
    last = at = 0
    after_empty = False
    while at <= len(s):
        found = next((o for o in table if s.startswith(o, at) and (o or not after_empty)), None)
        after_empty = found == ""
        if found is None:
            at += 1
            continue
        out.append(s[last:at])
        out.append(table[found])
        at += len(found)
        last = at
    out.append(s[last:])
    return "".join(out)


def valid(s: str, replacement: str) -> str:
    """Replace each run of wrong bytes."""
    if s.isascii():
        return s
    return encode(re.sub("[\udc80-\udcff]+", lambda _: decode(replacement), decode(s)))


def case(s: str, change: Callable[[str], str]) -> str:
    """Change each character."""
    return encode("".join(ERROR if _is_escape(c) else change(c) for c in decode(s)))


def upper(c: str) -> str:
    """``unicode.ToUpper``: one character for one."""
    return c if c < "\x80" and not c.islower() else _single(c, c.upper(), c.title())


def title(c: str) -> str:
    """``unicode.ToTitle``."""
    return _single(c, c.title(), c.upper())


def lower(c: str) -> str:
    """``unicode.ToLower``."""
    if c == "\u0130":
        return "i"
    return _single(c, c.lower(), c)


def _single(c: str, *tries: str) -> str:
    return next((t for t in tries if len(t) == 1), c)
