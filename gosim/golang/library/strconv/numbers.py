"""Numbers out of texts (Go: ``internal/strconv``: ``atoi.go``, ``atof.go``, ``atoc.go``)."""

from __future__ import annotations

import math
import re
from fractions import Fraction

from gosim.runtime.panic import Panic

__all__ = ["parse_complex", "parse_float", "parse_float_prefix", "parse_int", "parse_uint"]

GOOD, SYNTAX, RANGE, BASE, BITS = range(5)

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_VALUES = {c: i for i, c in enumerate(_DIGITS)} | {c.upper(): i for i, c in enumerate(_DIGITS)}
_PREFIXES = {"b": 2, "o": 8, "x": 16}
_MAX_UINT = (1 << 64) - 1


def text_in_base(i: int, base: int) -> str:
    """Return an integer in a base from 2 to 36."""
    if base == 16:
        return f"{i:x}"
    if base == 2:
        return f"{i:b}"
    if base == 8:
        return f"{i:o}"
    if not 2 <= base <= 36:
        raise Panic("strconv: illegal AppendInt/FormatInt base")
    rest = abs(i)
    digits = []
    while True:
        rest, digit = divmod(rest, base)
        digits.append(_DIGITS[digit])
        if not rest:
            break
    return ("-" if i < 0 else "") + "".join(reversed(digits))


def parse_uint(s: str, base: int, bits: int) -> tuple[int, int]:
    """Return the number that a text is and what is wrong with it."""
    if not s:
        return 0, SYNTAX
    whole = s
    any_base = base == 0
    if any_base:
        base = 10
        if s[0] == "0":
            prefix = _PREFIXES.get(s[1:2].lower())
            if len(s) >= 3 and prefix is not None:
                base, s = prefix, s[2:]
            else:
                base, s = 8, s[1:]
    elif not 2 <= base <= 36:
        return 0, BASE
    if bits == 0:
        bits = 64
    elif not 0 < bits <= 64:
        return 0, BITS
    most = (1 << bits) - 1
    underscores = False
    number = 0
    for c in s:
        if c == "_" and any_base:
            underscores = True
            continue
        digit = _VALUES.get(c, 99)
        if digit >= base:
            return 0, SYNTAX
        number = number * base + digit
        if number > most:
            # What follows is not looked at.
            return most, RANGE
    if underscores and not _underscores_good(whole):
        return 0, SYNTAX
    return number, GOOD


def parse_int(s: str, base: int, bits: int) -> tuple[int, int]:
    """Return the number that a text with or without sign is and what is wrong with it."""
    if base == 10 and len(s) < 10 and s.isdigit() and s.isascii() and bits in (0, 64, 32):
        return int(s), GOOD
    if not s:
        return 0, SYNTAX
    negative = s[0] == "-"
    number, code = parse_uint(s[1:] if s[0] in "+-" else s, base, bits)
    if code not in (GOOD, RANGE):
        return 0, code
    cutoff = 1 << ((bits or 64) - 1)
    if not negative and number >= cutoff:
        return cutoff - 1, RANGE
    if negative and number > cutoff:
        return -cutoff, RANGE
    return (-number if negative else number), GOOD


def _underscores_good(s: str) -> bool:
    """Tell whether underscores stand only between digits or behind the prefix of a base."""
    s = s[1:] if s[:1] in ("+", "-") else s
    last = "^"
    i = 0
    is_hex = False
    if len(s) >= 2 and s[0] == "0" and s[1].lower() in _PREFIXES:
        i, last, is_hex = 2, "0", s[1] in "xX"
    for c in s[i:]:
        if "0" <= c <= "9" or (is_hex and c in "abcdefABCDEF"):
            last = "0"
        elif c == "_":
            if last != "0":
                return False
            last = "_"
        else:
            if last == "_":
                return False
            last = "!"
    return last != "_"


# -- floating point -------------------------------------------------------------------------------

_SPECIAL = re.compile(r"[+-]?inf(?:inity)?|nan", re.I | re.A)
_HEX = re.compile(
    r"(?P<sign>[+-]?)0[xX](?P<whole>[0-9a-fA-F_]*)(?:\.(?P<part>[0-9a-fA-F_]*))?"
    r"[pP](?P<exp>[+-]?[0-9][0-9_]*)",
    re.A,
)
_DECIMAL = re.compile(
    r"(?P<sign>[+-]?)(?P<whole>[0-9_]*)(?:\.(?P<part>[0-9_]*))?(?P<mark>[eE](?P<exp>[+-]?[0-9][0-9_]*)?)?",
    re.A,
)
_FAR = 100_000


def parse_float_prefix(s: str, bits: int) -> tuple[float, int, int]:
    """Return the number at the beginning of a text, its length, and what is wrong with it."""
    found = _SPECIAL.match(s)
    if found is not None:
        return float(found[0]), found.end(), GOOD
    unsigned = s[1:] if s[:1] in ("+", "-") else s
    # "0x" alone is a zero and a letter.
    is_hex = len(unsigned) >= 3 and unsigned[0] == "0" and unsigned[1] in "xX"
    found = (_HEX if is_hex else _DECIMAL).match(s)
    if found is None:
        return 0.0, 0, SYNTAX
    digits = (found["whole"] + (found["part"] or "")).replace("_", "")
    if not digits or (not is_hex and found["mark"] and found["exp"] is None):
        return 0.0, 0, SYNTAX
    text = found[0]
    if "_" in text and not _underscores_good(text):
        return 0.0, 0, SYNTAX
    part = len((found["part"] or "").replace("_", ""))
    exponent = _exponent((found["exp"] or "0").replace("_", ""))
    mantissa = digits.lstrip("0")
    sign = -1.0 if found["sign"] == "-" else 1.0
    end = found.end()
    if not mantissa:
        return math.copysign(0.0, sign), end, GOOD
    if is_hex:
        value = _from_hex(mantissa, exponent - 4 * part, bits)
    elif bits == 32:
        value = _from_decimal(mantissa, exponent - part)
    else:
        value = float(f"{mantissa}e{exponent - part}")
    return sign * value, end, RANGE if math.isinf(value) else GOOD


def _exponent(text: str) -> int:
    return max(-_FAR, min(_FAR, int(text[:12]))) if len(text) < 12 else int(text[0] + "1") * _FAR


def _from_hex(mantissa: str, exponent: int, bits: int) -> float:
    number = int(mantissa, 16)
    size = number.bit_length() + exponent
    if size > 2000:
        return math.inf
    if size < -2000:
        return 0.0
    exact = Fraction(number) * (Fraction(2) ** exponent)
    return _rounded32(exact) if bits == 32 else _rounded(exact, 53, -1074, 1024)


def _from_decimal(mantissa: str, exponent: int) -> float:
    size = len(mantissa) + exponent
    if size > 60:
        return math.inf
    if size < -70:
        return 0.0
    return _rounded32(Fraction(int(mantissa)) * (Fraction(10) ** exponent))


def _rounded32(exact: Fraction) -> float:
    return _rounded(exact, 24, -149, 128)


def _rounded(exact: Fraction, bits: int, lowest: int, top: int) -> float:
    """Round a positive number once, to the nearest with so many bits, ties to even."""
    # exact lies in [2**size, 2**(size+1))
    size = exact.numerator.bit_length() - exact.denominator.bit_length()
    if exact < Fraction(2) ** size:
        size -= 1
    unit = max(size - bits + 1, lowest)
    number = round(exact / Fraction(2) ** unit)
    if number.bit_length() + unit > top:
        return math.inf
    return math.ldexp(number, unit)


def parse_float(s: str, bits: int) -> tuple[float, int]:
    """Return the floating-point number that a text is and what is wrong with it."""
    value, end, code = parse_float_prefix(s, bits)
    if code == SYNTAX or end != len(s):
        return 0.0, SYNTAX
    return value, code


def parse_complex(s: str, bits: int) -> tuple[complex, int]:
    """Return the complex number that a text is and what is wrong with it."""
    size = 32 if bits == 64 else 64
    bad = (0j, SYNTAX)
    if len(s) >= 2 and s[0] == "(" and s[-1] == ")":
        s = s[1:-1]
    real, end, code = parse_float_prefix(s, size)
    if code == SYNTAX:
        return bad
    s = s[end:]
    if not s:
        return complex(real, 0), code
    if s == "i":
        return complex(0, real), code
    if s[0] == "+":
        # "+NaNi" has a sign that a NaN alone may not have.
        if len(s) > 1 and s[1] != "+":
            s = s[1:]
    elif s[0] != "-":
        return bad
    imaginary, end, later = parse_float_prefix(s, size)
    if later == SYNTAX or s[end:] != "i":
        return bad
    return complex(real, imaginary), later or code
