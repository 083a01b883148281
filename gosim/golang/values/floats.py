"""Floating-point arithmetic and conversions that Python does not do as Go on amd64."""

from __future__ import annotations

import math
import struct

__all__ = ["complex_quotient", "f32", "float_quotient", "float_to_int", "int_to_f32"]

_F32 = struct.Struct("<f")
_LOWEST = -(1 << 63)


def f32(x: float) -> float:
    """Return `x` rounded to a float32."""
    try:
        return _F32.unpack(_F32.pack(x))[0]  # type: ignore[no-any-return]
    except OverflowError:
        return math.copysign(math.inf, x)


def c64(x: complex) -> complex:
    """Return `x` rounded to a complex64."""
    return complex(f32(x.real), f32(x.imag))


def int_to_f32(x: int) -> float:
    """Return an integer rounded once to a float32."""
    if -(1 << 53) <= x <= 1 << 53:
        return f32(float(x))
    # To odd, so that the second rounding sees that something was cut off.
    cut = abs(x).bit_length() - 53 + 3
    high = abs(x) >> cut
    if abs(x) & (1 << cut) - 1:
        high |= 1
    return f32(math.ldexp(high if x > 0 else -high, cut))


def float_quotient(a: float, b: float) -> float:
    """Return ``a / b`` where `b` is zero."""
    if a != a or not a:
        return math.nan
    return math.copysign(math.inf, a) * math.copysign(1.0, b)


def float_divide(a: float, b: float) -> float:
    """Return ``a / b``."""
    return a / b if b else float_quotient(a, b)


def complex_multiply(a: complex, b: complex) -> complex:
    """Return ``a * b`` by the rule of the textbook, as Go does."""
    return complex(a.real * b.real - a.imag * b.imag, a.real * b.imag + a.imag * b.real)


def complex_quotient(n: complex, m: complex) -> complex:
    """Return ``n / m`` (``runtime/complex.go``, by the rules of C99)."""
    a, b, c, d = n.real, n.imag, m.real, m.imag
    if abs(c) >= abs(d):
        ratio = float_divide(d, c)
        denominator = c + ratio * d
        e = float_divide(a + b * ratio, denominator)
        f = float_divide(b - a * ratio, denominator)
    else:
        ratio = float_divide(c, d)
        denominator = d + ratio * c
        e = float_divide(a * ratio + b, denominator)
        f = float_divide(b * ratio - a, denominator)
    if e != e and f != f:
        copysign, inf, isinf = math.copysign, math.inf, math.isinf
        finite = math.isfinite
        if not c and not d and (a == a or b == b):
            e, f = copysign(inf, c) * a, copysign(inf, c) * b
        elif (isinf(a) or isinf(b)) and finite(c) and finite(d):
            a = copysign(1.0 if isinf(a) else 0.0, a)
            b = copysign(1.0 if isinf(b) else 0.0, b)
            e, f = inf * (a * c + b * d), inf * (b * c - a * d)
        elif (isinf(c) or isinf(d)) and finite(a) and finite(b):
            c = copysign(1.0 if isinf(c) else 0.0, c)
            d = copysign(1.0 if isinf(d) else 0.0, d)
            e, f = 0.0 * (a * c + b * d), 0.0 * (b * c - a * d)
    return complex(e, f)


def float_to_int(x: float) -> int:
    """Return a float as an int64, truncated; what does not fit is the lowest, as on amd64."""
    if -9.3e18 < x < 9.3e18:
        n = int(x)
        if _LOWEST <= n < 1 << 63:
            return n
    return _LOWEST


def float_to_uint64(x: float) -> int:
    """Return a float as a uint64 (amd64 subtracts 2**63 from large ones first)."""
    if x < 9223372036854775808.0:
        return float_to_int(x) & 0xFFFFFFFFFFFFFFFF
    return (float_to_int(x - 9223372036854775808.0) ^ _LOWEST) & 0xFFFFFFFFFFFFFFFF


def float_to_int32(x: float) -> int:
    """Return a float as an int32 (also on the way to int16 and int8)."""
    if -2147483649.0 < x < 2147483648.0:
        return int(x)
    return -(1 << 31)
