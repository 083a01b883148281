"""How the text of a format is read (Go: ``doPrintf``), once for each text."""

from __future__ import annotations

import functools

from gosim.std.fmt import FLAGS, TOO_LARGE, Format

__all__ = ["Index", "Verb", "parsed", "rune_at"]


class Index:
    """An argument index such as ``[3]``; `number` is None if it is no number."""

    __slots__ = ("number",)

    def __init__(self, number: int | None) -> None:
        self.number = number

    def take(self, arg: int, count: int) -> tuple[int, bool, bool]:
        """Return the argument to take next, whether this is an index, and whether a good one."""
        if self.number is None:
            return arg, False, False
        if not 1 <= self.number <= count:
            return arg, True, False
        return self.number - 1, True, True


class Verb:
    """One verb of a format with its flags, width, precision and argument indexes."""

    __slots__ = (
        "flagless",
        "flags",
        "argument",
        "last_index",
        "letter",
        "plain",
        "point",
        "precision",
        "precision_index",
        "precision_star",
        "width",
        "width_star",
    )

    def __init__(self) -> None:
        self.flags: tuple[str, ...] = ()
        self.argument: Index | None = None
        self.last_index: Index | None = None
        self.letter = ""  # "": the format ends before it
        self.plain = True  # nothing but flags and a letter
        self.flagless = False
        self.point = False
        self.precision: int | None = None
        self.precision_index: Index | None = None
        self.precision_star = False
        self.width: int | None = None
        self.width_star = False

    def put_flags(self, f: Format) -> None:
        """Let `f` have the flags, and neither width nor precision."""
        f.clear()
        for flag in self.flags:
            setattr(f, flag, True)


@functools.lru_cache(maxsize=4096)
def parsed(format: str) -> tuple[str | Verb, ...]:
    """Return the parts of a format (a Go string): texts as they are, and verbs."""
    parts: list[str | Verb] = []
    i, end = 0, len(format)
    while i < end:
        percent = format.find("%", i)
        if percent < 0:
            parts.append(format[i:])
            break
        if percent > i:
            parts.append(format[i:percent])
        verb, i = _verb(format, percent + 1, end)
        parts.append(verb)
    return tuple(parts)


def _verb(format: str, i: int, end: int) -> tuple[Verb, int]:
    verb = Verb()
    flags = []
    while i < end and format[i] in FLAGS:
        flags.append(FLAGS[format[i]])
        i += 1
    verb.flags = tuple(dict.fromkeys(flags))
    start = i
    verb.argument, i, indexed = _index(format, i, end)
    if i < end and format[i] == "*":
        i += 1
        verb.width_star = True
        indexed = False
    else:
        verb.width, i = _number(format, i, end)
    if i + 1 < end and format[i] == ".":
        i += 1
        verb.point = True
        verb.precision_index, i, indexed = _index(format, i, end)
        if i < end and format[i] == "*":
            i += 1
            verb.precision_star = True
            indexed = False
        else:
            verb.precision, i = _number(format, i, end)
    if not indexed:
        verb.last_index, i, indexed = _index(format, i, end)
    if i >= end:
        verb.plain = False
        return verb, end
    verb.plain = i == start and format[i] != "%"
    verb.letter, size = rune_at(format, i)
    verb.flagless = not flags
    return verb, i + size


def _index(format: str, i: int, end: int) -> tuple[Index | None, int, bool]:
    if i >= end or format[i] != "[":
        return None, i, False
    close = format.find("]", i)
    if close < 0 or end - i < 3:
        return Index(None), i + 1, False
    number, stop = _number(format, i + 1, close)
    if number is None or stop != close:
        return Index(None), close + 1, False
    return Index(number), close + 1, True


def _number(format: str, i: int, end: int) -> tuple[int | None, int]:
    """Read a decimal number at `i`; None if there is none; a crazy one ends the format."""
    start = i
    number = 0
    while i < end and "0" <= format[i] <= "9":
        if number > TOO_LARGE:
            return None, end
        number = number * 10 + int(format[i])
        i += 1
    return (number if i > start else None), i


def rune_at(s: str, i: int) -> tuple[str, int]:
    """Return the character of a Go string at `i`, and its length in bytes."""
    if s[i] < "\x80":
        return s[i], 1
    for size in (2, 3, 4):
        try:
            return s[i : i + size].encode("latin-1").decode(), size
        except UnicodeDecodeError:
            continue
    return "\ufffd", 1
