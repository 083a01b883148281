"""What of ``strconv`` is Python: texts are Go strings, one character per byte."""

from __future__ import annotations

import re

from gosim.golang.library.strconv import characters  # noqa: F401 (it gives Go's tables to gosim.std)
from gosim.golang.library.strconv.numbers import (
    parse_complex,
    parse_float,
    parse_int,
    parse_uint,
    text_in_base,
)
from gosim.golang.values.floats import f32
from gosim.golang.values.runes import decode_rune, encode_rune
from gosim.golang.values.strings import decode, encode
from gosim.runtime.panic import Panic
from gosim.std import strconv

parseInt = parse_int
parseUint = parse_uint
parseFloat = parse_float
parseComplex = parse_complex

Itoa = str


def FormatInt(i: int, base: int) -> str:
    return str(i) if base == 10 else text_in_base(i, base)


FormatUint = FormatInt


def FormatFloat(f: float, fmt: int, prec: int, bits: int) -> str:
    if bits not in (32, 64):
        raise Panic("strconv: illegal AppendFloat/FormatFloat bitSize")
    if bits == 32:
        f = f32(f)
    if chr(fmt) not in "beEfgGxX":
        if f != f or f in (float("inf"), float("-inf")):
            return strconv.format_float(f, "g", prec, bits)
        return "%" + chr(fmt)
    return strconv.format_float(f, chr(fmt), prec, bits)


def FormatComplex(c: complex, fmt: int, prec: int, bits: int) -> str:
    if bits not in (64, 128):
        raise Panic("invalid bitSize")
    real = FormatFloat(c.real, fmt, prec, bits // 2)
    imaginary = FormatFloat(c.imag, fmt, prec, bits // 2)
    if imaginary[0] not in "+-":
        imaginary = "+" + imaginary
    return f"({real}{imaginary}i)"


# -- quoting --------------------------------------------------------------------------------------


def Quote(s: str) -> str:
    return encode(strconv.quote(decode(s)))


def QuoteToASCII(s: str) -> str:
    return strconv.quote(decode(s), ascii_only=True)


def QuoteToGraphic(s: str) -> str:
    return encode(strconv.quote(decode(s), graphic=True))


def QuoteRune(r: int) -> str:
    return encode(strconv.quote_rune(r))


def QuoteRuneToASCII(r: int) -> str:
    return strconv.quote_rune(r, ascii_only=True)


def QuoteRuneToGraphic(r: int) -> str:
    return encode(strconv.quote_rune(r, graphic=True))


def CanBackquote(s: str) -> bool:
    return strconv.can_backquote(decode(s))


def IsPrint(r: int) -> bool:
    return _is_rune(r) and strconv.is_print(chr(r))


def IsGraphic(r: int) -> bool:
    return _is_rune(r) and strconv.is_graphic(chr(r))


def _is_rune(r: int) -> bool:
    return 0 <= r <= 0x10FFFF and not 0xD800 <= r <= 0xDFFF


_LETTERS = {
    "a": 7,
    "b": 8,
    "f": 12,
    "n": 10,
    "r": 13,
    "t": 9,
    "v": 11,
    "\\": 92,
}
_HEX = {"x": 2, "u": 4, "U": 8}
_IS_HEX = re.compile(r"[0-9a-fA-F]+").fullmatch
_IS_OCTAL = re.compile(r"[0-7]{3}").fullmatch
_BAD = (0, False, "", False)


def unquoteChar(s: str, quote: int) -> tuple[int, bool, str, bool]:
    """Return a rune, whether it is to be written as UTF-8, the rest, and whether all is well."""
    if not s:
        return _BAD
    c = s[0]
    if ord(c) == quote and c in "'\"":
        return _BAD
    if c >= "\x80":
        rune, size = decode_rune(s, 0)
        return rune, True, s[size:], True
    if c != "\\":
        return ord(c), False, s[1:], True
    if len(s) < 2:
        return _BAD
    c = s[1]
    if c in _LETTERS:
        return _LETTERS[c], False, s[2:], True
    if c in _HEX:
        digits = s[2 : 2 + _HEX[c]]
        if len(digits) < _HEX[c] or not _IS_HEX(digits):
            return _BAD
        value = int(digits, 16)
        rest = s[2 + _HEX[c] :]
        if c == "x":
            return value, False, rest, True
        return (value, True, rest, True) if _is_rune(value) else _BAD
    if "0" <= c <= "7":
        if not _IS_OCTAL(s[1:4]) or int(s[1:4], 8) > 255:
            return _BAD
        return int(s[1:4], 8), False, s[4:], True
    if c in "'\"":
        return (ord(c), False, s[2:], True) if ord(c) == quote else _BAD
    return _BAD


def _unquote(s: str) -> tuple[str, str, bool]:
    """Return what a quoted text at the beginning of `s` stands for, the rest, and whether it is."""
    bad = ("", "", False)
    mark = s[:1]
    end = s.find(mark, 1)
    if len(s) < 2 or end < 0:
        return bad
    if mark == "`":
        return s[1:end].replace("\r", ""), s[end + 1 :], True
    if mark not in ("'", '"'):
        return bad
    inside = s[1:end]
    if mark == '"' and inside.isascii() and "\\" not in inside and "\n" not in inside:
        return inside, s[end + 1 :], True
    rest = s[1:]
    out = []
    while rest and rest[0] != mark:
        rune, multibyte, tail, good = unquoteChar(rest, ord(mark))
        if rest[0] == "\n" or not good:
            return bad
        rest = tail
        out.append(encode_rune(rune) if multibyte else chr(rune))
        if mark == "'":
            break
    if rest[:1] != mark:
        return bad
    return "".join(out), rest[1:], True


def unquote(s: str) -> tuple[str, bool]:
    out, rest, good = _unquote(s)
    return (out, True) if good and not rest else ("", False)


def quotedPrefix(s: str) -> tuple[str, bool]:
    _, rest, good = _unquote(s)
    return (s[: len(s) - len(rest)], True) if good else ("", False)
