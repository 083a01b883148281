"""Multiples of pi in large numbers (Go: ``math/cmplx/tan.go``)."""

from __future__ import annotations

import math

from gosim.std.math.elementary import bits, from_bits
from gosim.std.math.trigonometric import four_over_pi


def reduce(x: float) -> float:
    """Return `x` without multiples of pi, between -pi/2 and pi/2 (Payne and Hanek)."""
    b = bits(x)
    exponent = (b >> 52 & 0x7FF) - 1023 - 52
    mantissa = b & (1 << 52) - 1 | 1 << 52
    # 1/pi as Go has it: 20 words of 64 bits, the first of which is zero.
    inverse = four_over_pi() >> 2
    digits = inverse >> (1280 - 192 - (exponent + 64)) & (1 << 192) - 1
    product = ((digits >> 64) * mantissa + ((digits & (1 << 64) - 1) * mantissa >> 64)) & (
        1 << 128
    ) - 1
    high, low = product >> 64, product & (1 << 64) - 1
    zeros = 64 - high.bit_length()
    high = (high << zeros + 1 | low >> 64 - (zeros + 1)) & (1 << 64) - 1
    part = from_bits(high >> 12 | (1023 - (zeros + 1)) << 52)
    if part > 0.5:
        part -= 1
    return math.pi * part
