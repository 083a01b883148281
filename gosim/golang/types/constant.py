"""Values of constants and what can be computed with them (Go's ``go/constant``).

============= =====================================================================
Go's kind     here
============= =====================================================================
Bool          ``bool``
String        ``str`` with one character per byte (UTF-8 bytes read as Latin-1)
Int           ``int``
Float         ``fractions.Fraction``
Complex       `Complex` with ints or Fractions inside
Unknown       ``None``
============= =====================================================================

Floats are exact while numerator and denominator have at most 4096 bits; larger ones are rounded to
512 bits of mantissa, as in Go. Beyond `_MAX_EXPONENT` bits they are unknown (too large) or zero
(too small); real Go goes on to 2**31 bits.
"""

from __future__ import annotations

import math
import re
import struct
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

from gosim.golang.token import CHAR, FLOAT, IMAG, INT, STRING


class Complex(NamedTuple):
    """A complex constant."""

    re: int | Fraction
    im: int | Fraction


Value: TypeAlias = "bool | str | int | Fraction | Complex | None"

_EXACT_BITS = 4096
_PRECISION = 512
_MAX_EXPONENT = 1 << 19
# The longest run of digits that int() takes at once.
_DIGITS = 4000


def kind(x: Value) -> str:
    """Return Go's kind of `x` in lower case."""
    t = type(x)
    if t is int:
        return "int"
    if t is Fraction:
        return "float"
    if t is str:
        return "string"
    if t is bool:
        return "bool"
    if t is Complex:
        return "complex"
    return "unknown"


# ------------------------------------------------------------------ floats within bounds


def _round(num: int, den: int, bits: int) -> tuple[int, int]:
    """Round ``num/den`` to `bits` bits, ties to even: (mantissa, exponent of two)."""
    negative = num < 0
    num = abs(num)
    exponent = num.bit_length() - den.bit_length() - bits
    if exponent > 0:
        den <<= exponent
    else:
        num <<= -exponent
    mantissa, rest = divmod(num, den)
    if mantissa >> bits:
        low = mantissa & 1
        mantissa >>= 1
        exponent += 1
        # The bit shifted out is worth one half, what is left of the division makes it more.
        up = low and (rest or mantissa & 1)
    else:
        twice = 2 * rest
        up = twice > den or (twice == den and mantissa & 1)
    if up:
        mantissa += 1
    return (-mantissa if negative else mantissa), exponent


def _float(x: Fraction) -> Fraction | None:
    """Bring a float into bounds."""
    num, den = x.numerator, x.denominator
    if num.bit_length() <= _EXACT_BITS and den.bit_length() <= _EXACT_BITS:
        return x
    size = num.bit_length() - den.bit_length()
    if size > _MAX_EXPONENT:
        return None
    if size < -_MAX_EXPONENT:
        return Fraction(0)
    mantissa, exponent = _round(num, den, _PRECISION)
    if exponent >= 0:
        return Fraction(mantissa << exponent)
    return Fraction(mantissa, 1 << -exponent)


def _huge(mantissa: int, twos: int, tens: int) -> Fraction:
    """Return ``mantissa * 2**twos * 10**tens``, rounded; exact powers would take too long."""
    guarded = _PRECISION + 192
    # 10**tens = 2**tens * 5**tens; the latter by squaring, cut to so many bits each time.
    power, shift = 1, 0
    for bit in f"{abs(tens):b}":
        power, shift = power * power, 2 * shift
        if bit == "1":
            power *= 5
        excess = power.bit_length() - guarded
        if excess > 0:
            power >>= excess
            shift += excess
    if tens >= 0:
        value, exponent = _round(mantissa * power, 1, _PRECISION)
        exponent += shift + tens + twos
    else:
        value, exponent = _round(mantissa, power, _PRECISION)
        exponent += tens - shift + twos
    if exponent >= 0:
        return Fraction(value << exponent)
    return Fraction(value, 1 << -exponent)


# ------------------------------------------------------------------ literals


def _integer(digits: str, base: int = 10) -> int:
    if base != 10 or len(digits) <= _DIGITS:
        return int(digits, base)
    value = 0
    for at in range(0, len(digits), _DIGITS):
        piece = digits[at : at + _DIGITS]
        value = value * 10 ** len(piece) + int(piece)
    return value


_DECIMAL = re.compile(r"([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]+))?\Z")
_HEXADECIMAL = re.compile(r"0[xX]([0-9a-fA-F]*)(?:\.([0-9a-fA-F]*))?(?:[pP]([+-]?[0-9]+))?\Z")


def _int_literal(text: str) -> int | None:
    text = text.replace("_", "")
    try:
        if len(text) > 1 and text[0] == "0":
            prefix = text[1]
            if prefix in "xX":
                return int(text[2:], 16)
            if prefix in "oO":
                return int(text[2:], 8)
            if prefix in "bB":
                return int(text[2:], 2)
            return int(text, 8)
        return _integer(text)
    except ValueError:
        return None


def _float_literal(text: str) -> Fraction | None:
    text = text.replace("_", "")
    base, scale = 10, 1
    found = _DECIMAL.match(text)
    if found is None:
        base, scale = 16, 4
        found = _HEXADECIMAL.match(text)
        if found is None:
            return None
    whole, part, exponent = found[1] or "", found[2] or "", found[3] or "0"
    digits = whole + part
    if not digits:
        return None
    mantissa = _integer(digits, base)
    if mantissa == 0:
        return Fraction(0)
    if len(exponent) > 12:
        return Fraction(0) if exponent[0] == "-" else None
    power = int(exponent) - len(part) * (scale if base == 16 else 1)
    bits = power if base == 16 else power * 3.321928094887362
    size = mantissa.bit_length() + bits
    if size > _MAX_EXPONENT:
        return None
    if size < -_MAX_EXPONENT:
        return Fraction(0)
    if abs(size) > 2 * _EXACT_BITS:
        return _huge(mantissa, power if base == 16 else 0, power if base == 10 else 0)
    factor = 2 if base == 16 else 10
    if power >= 0:
        return _float(Fraction(mantissa * factor**power))
    return _float(Fraction(mantissa, factor**-power))


_SIMPLE_ESCAPES = {
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
    "\\": "\\",
    "'": "'",
    '"': '"',
}
_ESCAPE = re.compile(
    r"\\(?:([abfnrtv\\'\"])|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3}))"
)


def _bytes(text: str) -> str:
    """Return the UTF-8 bytes of `text` as characters."""
    if text.isascii():
        return text
    return text.encode("utf-8", "surrogatepass").decode("latin-1")


def _unescape(found: re.Match[str]) -> str:
    if found[1]:
        return _SIMPLE_ESCAPES[found[1]]
    if found[2]:
        return chr(int(found[2], 16))
    if found[5]:
        return chr(int(found[5], 8) & 255)
    return _bytes(chr(int(found[3] or found[4], 16)))


def _string_literal(text: str) -> str | None:
    if len(text) < 2:
        return None
    if text[0] == "`":
        return _bytes(text[1:-1].replace("\r", ""))
    inside = text[1:-1]
    if "\\" not in inside:
        return _bytes(inside)
    return _ESCAPE.sub(_unescape, _bytes(inside))


def _char_literal(text: str) -> int | None:
    inside = text[1:-1]
    if len(inside) == 1:
        return ord(inside)
    found = _ESCAPE.fullmatch(inside)
    if found is None:
        return None
    if found[1]:
        return ord(_SIMPLE_ESCAPES[found[1]])
    if found[5]:
        return int(found[5], 8)
    return int(found[2] or found[3] or found[4], 16)


def from_literal(text: str, literal: str) -> Value:
    """Return the value of a literal (`literal` is its kind, as in ``BasicLit.kind``).

    Unknown when it is malformed or beyond all bounds.

    >>> from_literal("0x_10", "INT"), from_literal("1.5e1", "FLOAT"), from_literal("'a'", "CHAR")
    (16, Fraction(15, 1), 97)
    """
    if literal == INT:
        return _int_literal(text)
    if literal == STRING:
        return _string_literal(text)
    if literal == CHAR:
        return _char_literal(text)
    if literal == FLOAT:
        return _float_literal(text)
    assert literal == IMAG
    digits = text[:-1]
    imaginary: Value
    if digits[:2].lower() in ("0x", "0b", "0o") and "." not in digits and "p" not in digits.lower():
        imaginary = to_float(_int_literal(digits))
    else:
        # For compatibility 010i is ten.
        imaginary = _float_literal(digits)
    if imaginary is None:
        return None
    return make_imag(imaginary)


make_from_literal = from_literal

# ------------------------------------------------------------------ conversions


def to_int(x: Value) -> Value:
    """Return `x` as an int if that loses nothing, unknown otherwise."""
    t = type(x)
    if t is int:
        return x
    if t is Fraction:
        assert isinstance(x, Fraction)
        num, den = x.numerator, x.denominator
        if den == 1:
            # Go does not make integers of floats that large.
            return num if num.bit_length() <= _EXACT_BITS else None
        if den & (den - 1) == 0 and num.bit_length() >= _PRECISION - 1:
            # After rounding, what was meant to be whole may be off in the last bits.
            near = round(x)
            if abs(x - near) * (1 << (_PRECISION - 4)) <= abs(near):
                return near
        return None
    if t is Complex:
        assert isinstance(x, Complex)
        return to_int(x.re) if x.im == 0 else None
    return None


def to_float(x: Value) -> Value:
    """Return `x` as a float if that loses nothing, unknown otherwise."""
    t = type(x)
    if t is Fraction:
        return x
    if t is int:
        assert isinstance(x, int)
        return _float(Fraction(x))
    if t is Complex:
        assert isinstance(x, Complex)
        return to_float(x.re) if x.im == 0 else None
    return None


def to_complex(x: Value) -> Value:
    """Return a number as a complex one."""
    t = type(x)
    if t is Complex:
        return x
    if t is int or t is Fraction:
        return Complex(x, 0)  # type: ignore[arg-type]
    return None


def real(x: Value) -> Value:
    """Return the real part of a number."""
    return x.re if type(x) is Complex else x


def imag(x: Value) -> Value:
    """Return the imaginary part of a number."""
    if type(x) is Complex:
        return x.im
    return None if x is None else 0


def make_imag(x: Value) -> Value:
    """Return ``x*i``."""
    if type(x) is int or type(x) is Fraction:
        return Complex(0, x)
    return None


def make_complex(re: Value, im: Value) -> Value:
    """Return ``re + im*i``."""
    if type(re) in (int, Fraction) and type(im) in (int, Fraction):
        return Complex(re, im)  # type: ignore[arg-type]
    return None


def float64_val(x: Value) -> float:
    """Return the nearest float64, an infinity when it is too large."""
    if type(x) is Complex:
        x = x.re
    if type(x) is int:
        x = Fraction(x)
    assert isinstance(x, Fraction)
    try:
        return x.numerator / x.denominator
    except OverflowError:
        return math.inf if x > 0 else -math.inf


def float32_val(x: Value) -> float:
    """Return the nearest float32 as a Python float, an infinity when it is too large."""
    if type(x) is Complex:
        x = x.re
    if type(x) is int:
        x = Fraction(x)
    assert isinstance(x, Fraction)
    if not x:
        return 0.0
    num, den = x.numerator, x.denominator
    # Below the normal range there are fewer bits.
    top = abs(num).bit_length() - den.bit_length()
    if abs(num) << max(-top, 0) < den << max(top, 0):
        top -= 1
    if top > 127:
        return math.inf if num > 0 else -math.inf
    bits = min(24, 24 + top + 126)
    if bits <= 0:
        return 0.0 if bits < 0 or 2**150 * abs(x) <= 1 else math.copysign(2.0**-149, num)
    unit = top - bits + 1
    scaled = x / Fraction(2) ** unit
    value = math.ldexp(float(round(scaled)), unit)
    try:
        return float(struct.unpack("f", struct.pack("f", value))[0])
    except OverflowError:
        return math.inf if num > 0 else -math.inf


def sign(x: Value) -> int:
    """Return -1, 0 or 1; for complex and unknown values 0 only when they are zero."""
    if x is None:
        return 1
    if type(x) is Complex:
        return 0 if x.re == 0 and x.im == 0 else 1
    assert isinstance(x, int | Fraction)
    return (x > 0) - (x < 0)


# ------------------------------------------------------------------ operations


def _order(x: Value) -> int:
    t = type(x)
    if t is int:
        return 1
    if t is Fraction:
        return 2
    if t is Complex:
        return 3
    return 0 if x is not None else -1


def match(x: Value, y: Value) -> tuple[Value, Value]:
    """Bring both to the kind of the more general one."""
    if type(x) is type(y):
        return x, y
    ox, oy = _order(x), _order(y)
    if ox < 0 or oy < 0:
        return None, None
    if ox < oy:
        x = to_float(x) if oy == 2 else to_complex(x)
    elif oy < ox:
        y = to_float(y) if ox == 2 else to_complex(y)
    if x is None or y is None:
        return None, None
    return x, y


def _quotient(x: int, y: int) -> int:
    q = abs(x) // abs(y)
    return q if (x < 0) == (y < 0) else -q


def binary_op(x: Value, op: str, y: Value) -> Value:
    """Return ``x op y``; ``//`` is the division of integers, ``/`` always gives a float.

    Shifts and comparisons have functions of their own.

    Raises
    ------
    ZeroDivisionError
        `y` is zero in a division.
    """
    tx = type(x)
    if tx is not type(y):
        x, y = match(x, y)
        tx = type(x)
    if x is None or y is None:
        return None
    if tx is int:
        assert isinstance(x, int) and isinstance(y, int)
        return _int_op(x, op, y)
    if tx is Fraction:
        assert isinstance(x, Fraction) and isinstance(y, Fraction)
        return _float(_number_op(x, op, y))
    if tx is str:
        assert isinstance(x, str) and isinstance(y, str) and op == "+"
        return x + y
    if tx is bool:
        return (x and y) if op == "&&" else (x or y)
    assert isinstance(x, Complex) and isinstance(y, Complex)
    return _complex_op(x, op, y)


def _int_op(x: int, op: str, y: int) -> Value:
    if op == "+":
        return x + y
    if op == "-":
        return x - y
    if op == "*":
        return x * y
    if op == "//":
        return _quotient(x, y)
    if op == "%":
        return x - y * _quotient(x, y)
    if op == "/":
        return _float(Fraction(x, y))
    if op == "&":
        return x & y
    if op == "|":
        return x | y
    if op == "^":
        return x ^ y
    assert op == "&^", op
    return x & ~y


def _number_op(x: Fraction, op: str, y: Fraction) -> Fraction:
    if op == "+":
        return x + y
    if op == "-":
        return x - y
    if op == "*":
        return x * y
    assert op in ("/", "//"), op
    return x / y


def _complex_op(x: Complex, op: str, y: Complex) -> Value:
    a, b = x
    c, d = y
    calc = binary_op
    if op == "+":
        re, im = calc(a, "+", c), calc(b, "+", d)
    elif op == "-":
        re, im = calc(a, "-", c), calc(b, "-", d)
    elif op == "*":
        re = calc(calc(a, "*", c), "-", calc(b, "*", d))
        im = calc(calc(b, "*", c), "+", calc(a, "*", d))
    else:
        assert op in ("/", "//"), op
        s = calc(calc(c, "*", c), "+", calc(d, "*", d))
        re = calc(calc(calc(a, "*", c), "+", calc(b, "*", d)), "/", s)
        im = calc(calc(calc(b, "*", c), "-", calc(a, "*", d)), "/", s)
    return make_complex(re, im)


def unary_op(op: str, x: Value, prec: int = 0) -> Value:
    """Return ``op x``; with `prec` > 0 the result of ``^`` has that many bits, unsigned."""
    if x is None or op == "+":
        return x
    if op == "-":
        if type(x) is Complex:
            return Complex(-x.re, -x.im)
        assert isinstance(x, int | Fraction)
        return -x
    if op == "^":
        assert isinstance(x, int)
        return ~x & ((1 << prec) - 1) if prec > 0 else ~x
    assert op == "!", op
    return not x


def shift(x: Value, op: str, s: int) -> Value:
    """Return ``x << s`` or ``x >> s``."""
    if x is None:
        return None
    assert isinstance(x, int)
    return x << s if op == "<<" else x >> s


def compare(x: Value, op: str, y: Value) -> bool:
    """Return ``x op y``; false when one of them is unknown."""
    if type(x) is not type(y):
        x, y = match(x, y)
    if x is None or y is None:
        return False
    if op == "==":
        return x == y
    if op == "!=":
        return x != y
    a: Any = x
    b: Any = y
    if op == "<":
        return bool(a < b)
    if op == "<=":
        return bool(a <= b)
    if op == ">":
        return bool(a > b)
    assert op == ">=", op
    return bool(a >= b)


# ------------------------------------------------------------------ text

_ESCAPES = {
    "\a": "\\a",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\v": "\\v",
    "\\": "\\\\",
    '"': '\\"',
}


def quote(x: str) -> str:
    """Return a Go string (one character per byte) as Go's ``strconv.Quote`` does, readable.

    >>> print(quote("caf\\xc3\\xa9\\n\\xff"))
    "café\\n\\xff"
    """
    out = []
    for c in x.encode("latin-1").decode("utf-8", "surrogateescape"):
        if c in _ESCAPES:
            out.append(_ESCAPES[c])
        elif c.isprintable():
            out.append(c)
        elif "\udc80" <= c <= "\udcff":
            out.append(f"\\x{ord(c) - 0xDC00:02x}")
        elif ord(c) < 0x20 or ord(c) == 0x7F:
            out.append(f"\\x{ord(c):02x}")
        elif ord(c) < 0x10000:
            out.append(f"\\u{ord(c):04x}")
        else:
            out.append(f"\\U{ord(c):08x}")
    return '"' + "".join(out) + '"'


def _shortest(x: float) -> str:
    """Spell a float as Go's ``%g``: the fewest digits, an exponent from six places on."""
    for precision in range(17):
        text = f"{x:.{precision}e}"
        if float(text) == x:
            break
    exponent = int(text.rpartition("e")[2])
    if -4 <= exponent < 6:
        return f"{x:.{max(precision - exponent, 0)}f}"
    return text


def _float_string(x: Fraction) -> str:
    value = float64_val(x)
    if not math.isinf(value) and (value == 0) == (x == 0):
        text = f"{value:.6g}"
        if x.denominator != 1 and "." not in text:
            text = _shortest(value)
        return text
    num, den = abs(x.numerator), x.denominator
    exponent = num.bit_length() - den.bit_length()
    scaled = Fraction(num, den) / (Fraction(2) ** exponent)
    if scaled >= 1:
        # From 1/2 up, as Go's mantissas.
        scaled /= 2
        exponent += 1
    d = exponent * (math.log(2) / math.log(10))
    e = int(d)
    m = float(scaled) * math.pow(10, d - e)
    if m < 1 - 0.5e-6:
        m *= 10
        e -= 1
    elif m >= 10:
        m /= 10
        e += 1
    return f"{'-' if x < 0 else ''}{m:.6g}e{e:+d}"


def _int_string(x: int) -> str:
    if x.bit_length() < 13_000:
        return str(x)
    pieces = []
    negative, x = x < 0, abs(x)
    while x:
        x, piece = divmod(x, 10**_DIGITS)
        pieces.append(str(piece).zfill(_DIGITS) if x else str(piece))
    return "-" * negative + "".join(reversed(pieces))


#: The most characters of a string that messages show.
_MAX_LENGTH = 72


def string(x: Value) -> str:
    """Spell a value as in messages: floats with six digits, long strings cut."""
    t = type(x)
    if t is int:
        assert isinstance(x, int)
        return _int_string(x)
    if t is str:
        assert isinstance(x, str)
        text = quote(x)
        return text if len(text) <= _MAX_LENGTH else text[: _MAX_LENGTH - 3] + "..."
    if t is bool:
        return "true" if x else "false"
    if t is Fraction:
        assert isinstance(x, Fraction)
        return _float_string(x)
    if t is Complex:
        assert isinstance(x, Complex)
        return f"({string(x.re)} + {string(x.im)}i)"
    return "unknown"
