"""Numbers and strings as Go writes them (Go: ``strconv``: ``ftoa.go``, ``quote.go``).

A Go string is bytes; here it is a ``str`` in which a byte that is not valid UTF-8 stands as a lone
surrogate (Python's ``surrogateescape``).  :func:`utf8` gives the bytes.
"""

from __future__ import annotations

import math
import struct
import unicodedata
from collections.abc import Callable

_ESCAPES = {
    "\a": r"\a",
    "\b": r"\b",
    "\f": r"\f",
    "\n": r"\n",
    "\r": r"\r",
    "\t": r"\t",
    "\v": r"\v",
}
_MAX_RUNE = 0x10FFFF
RUNE_ERROR = "\ufffd"


def utf8(s: str) -> bytes:
    r"""Return the bytes of a Go string.

    Examples
    --------
    >>> utf8("µ"), utf8("\udcff")
    (b'\xc2\xb5', b'\xff')
    """
    try:
        return s.encode()
    except UnicodeEncodeError:
        # A surrogate that stands for no byte is what Go writes as the replacement character.
        return "".join(
            RUNE_ERROR if 0xD800 <= ord(c) < 0xDC80 or 0xDD00 <= ord(c) < 0xE000 else c for c in s
        ).encode("utf-8", "surrogateescape")


def string_of(data: bytes) -> str:
    """Return the Go string with these bytes.

    Examples
    --------
    >>> string_of(b"caf\\xc3\\xa9")
    'café'
    """
    return data.decode("utf-8", "surrogateescape")


def rune(code: int) -> str:
    """Return the character with this code, or U+FFFD if there is none.

    Examples
    --------
    >>> rune(65), rune(-1), rune(0xD800)
    ('A', '\ufffd', '\ufffd')
    """
    if 0 <= code < 0xD800 or 0xE000 <= code <= _MAX_RUNE:
        return chr(code)
    return RUNE_ERROR


def is_print(c: str) -> bool:
    """Tell whether Go's ``strconv.IsPrint`` holds: letters, marks, numbers, signs, ASCII space.

    The tables are those of the Python that runs; of characters that it does not know, `newer` says.
    """
    return c.isprintable() or (c > "\x7f" and unicodedata.category(c) == "Cn" and newer(c))


def _unknown(_: str) -> bool:
    return False


newer: Callable[[str], bool] = _unknown
"""Tells of a character that is newer than Python's tables whether it can be printed."""


def is_graphic(c: str) -> bool:
    """Tell whether Go's ``strconv.IsGraphic`` holds: what `is_print` says, and all spaces."""
    return is_print(c) or c in _SPACES


_SPACES = "\u00a0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))


def can_backquote(s: str) -> bool:
    """Tell whether `s` can stand between backquotes on one line (``strconv.CanBackquote``)."""
    return not any(
        (c < " " and c != "\t") or c in "`\x7f\ufeff" or "\udc80" <= c <= "\udcff" for c in s
    )


def _escaped(c: str, mark: str, ascii_only: bool, graphic: bool = False) -> str:
    if c == mark or c == "\\":
        return "\\" + c
    code = ord(c)
    if 0xDC80 <= code <= 0xDCFF:  # a byte that is not UTF-8
        return f"\\x{code - 0xDC00:02x}"
    if is_print(c) and (code < 0x80 or not ascii_only):
        return c
    if graphic and c in _SPACES:
        return c
    if c in _ESCAPES:
        return _ESCAPES[c]
    if code < 0x20 or code == 0x7F:
        return f"\\x{code:02x}"
    if 0xD800 <= code < 0xE000:
        code = 0xFFFD
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def quote(s: str, *, ascii_only: bool = False, graphic: bool = False) -> str:
    r"""Return `s` as a Go string literal (``strconv.Quote``, ``QuoteToASCII``, ``QuoteToGraphic``).

    Examples
    --------
    >>> print(quote('a\n"µ"'), quote("µ", ascii_only=True))
    "a\n\"µ\"" "\u00b5"
    """
    return '"' + "".join(_escaped(c, '"', ascii_only, graphic) for c in s) + '"'


def quote_rune(code: int, *, ascii_only: bool = False, graphic: bool = False) -> str:
    """Return the character with this code as a Go rune literal (``strconv.QuoteRune``).

    Examples
    --------
    >>> quote_rune(120), quote_rune(-5)
    ("'x'", "'\ufffd'")
    """
    return "'" + _escaped(rune(code), "'", ascii_only, graphic) + "'"


def _shortest(v: float, bits: int) -> tuple[str, int]:
    """Return the fewest digits that give `v` back, and where the decimal point stands in them."""
    if bits == 32:
        for precision in range(9):
            text = f"{v:.{precision}e}"
            if struct.unpack("f", struct.pack("f", float(text)))[0] == v:
                break
    else:
        text = repr(v)
    return _digits(text)


def _digits(text: str) -> tuple[str, int]:
    """Split ``"12.50e+03"`` into significant digits and point position: ``("125", 5)``."""
    mantissa, _, exponent = text.partition("e")
    whole, _, fraction = mantissa.partition(".")
    point = len(whole) + int(exponent or 0)
    digits = whole + fraction
    stripped = digits.lstrip("0")
    point -= len(digits) - len(stripped)
    digits = stripped.rstrip("0")
    return (digits, point) if digits else ("", 0)


def _positional(digits: str, point: int, precision: int) -> str:
    whole = digits[:point].ljust(point, "0") if point > 0 else "0"
    if precision <= 0:
        return whole
    fraction = ("0" * -point + digits) if point < 0 else digits[max(point, 0) :]
    return f"{whole}.{fraction:0<{precision}}"


def _scientific(digits: str, point: int, precision: int) -> str:
    text = digits[:1] or "0"
    if precision > 0:
        text += f".{digits[1:]:0<{precision}}"
    return f"{text}e{point - 1 if digits else 0:+03d}"


def _decimal(v: float, verb: str, precision: int, bits: int) -> str:
    """Format the absolute value `v` with verb e, f or g."""
    if precision < 0:
        digits, point = _shortest(v, bits)
        if verb == "e":
            return _scientific(digits, point, len(digits) - 1)
        if verb == "f":
            return _positional(digits, point, len(digits) - point)
        limit = 6
    else:
        if verb != "g":
            return f"{v:.{precision}{verb}}"
        precision = precision or 1
        digits, point = _digits(f"{v:.{precision - 1}e}")
        limit = precision
        if limit > len(digits) >= point:
            limit = len(digits)
    # %g is %e when the exponent does not fit the precision; the shortest form counts as 6.
    if not -4 <= point - 1 < limit:
        return _scientific(digits, point, len(digits) - 1)
    return _positional(digits, point, len(digits) - point)


def _binary_parts(v: float, bits: int) -> tuple[int, int, int]:
    """Return integer mantissa, binary exponent and mantissa width (without the leading one)."""
    if bits == 32:
        raw = struct.unpack("<I", struct.pack("<f", v))[0]
        width, bias = 23, 127
    else:
        raw = struct.unpack("<Q", struct.pack("<d", v))[0]
        width, bias = 52, 1023
    mantissa = raw & ((1 << width) - 1)
    exponent = raw >> width
    if exponent:
        mantissa |= 1 << width
    else:
        exponent = 1
    return mantissa, exponent - bias, width


def _hexadecimal(v: float, precision: int, bits: int) -> str:
    mantissa, exponent, width = _binary_parts(v, bits)
    if mantissa == 0:
        exponent = 0
    # The leading one goes to bit 60, so that 15 hexadecimal digits follow the point.
    mantissa <<= 60 - width
    while mantissa and not mantissa >> 60:
        mantissa <<= 1
        exponent -= 1
    if 0 <= precision < 15:
        unit = 1 << (60 - 4 * precision)
        quotient, rest = divmod(mantissa, unit)
        if rest * 2 > unit or (rest * 2 == unit and quotient & 1):
            quotient += 1
        mantissa = quotient * unit
        if mantissa >> 61:
            mantissa >>= 1
            exponent += 1
    fraction = f"{mantissa & ((1 << 60) - 1):015x}"
    fraction = fraction.rstrip("0") if precision < 0 else f"{fraction[:precision]:0<{precision}}"
    point = "." if fraction else ""
    return f"0x{mantissa >> 60}{point}{fraction}p{exponent:+03d}"


def format_float(v: float, verb: str, precision: int = -1, bits: int = 64) -> str:
    """Return `v` as Go's ``strconv.FormatFloat(v, verb, precision, bits)`` does.

    Parameters
    ----------
    v : float
    verb : str
        One of ``b e E f g G x X``.
    precision : int
        Digits; -1 means the fewest that give the same number back.
    bits : int
        32 or 64: the Go type of `v`.

    Examples
    --------
    >>> format_float(1e6, "g"), format_float(0.1, "f"), format_float(2.5, "e", 3)
    ('1e+06', '0.1', '2.500e+00')
    """
    if math.isnan(v):
        return "NaN"
    if math.isinf(v):
        return "+Inf" if v > 0 else "-Inf"
    sign = "-" if math.copysign(1, v) < 0 else ""
    v = abs(v)
    kind = verb.lower()
    if kind == "b":
        mantissa, exponent, width = _binary_parts(v, bits)
        return f"{sign}{mantissa}p{exponent - width:+d}"
    if kind == "x":
        text = _hexadecimal(v, precision, bits)
    else:
        text = _decimal(v, kind, precision, bits)
    return sign + (text.upper() if verb.isupper() else text)
