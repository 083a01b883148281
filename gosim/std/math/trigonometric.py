"""Angles and hyperbolic functions (Go: ``sin.go``, ``trig_reduce.go``, ``atan.go``, ...)."""

from __future__ import annotations

import math
from functools import cache
from typing import Final

from gosim.std.math.elementary import NAN, bits, divide, exp, from_bits, log, log1p, sqrt

_INF: Final = math.inf
_PI: Final = math.pi
_PI4A: Final = 7.85398125648498535156e-1
_PI4B: Final = 3.77489470793079817668e-8
_PI4C: Final = 2.69515142907905952645e-15
_M4PI: Final = 1.2732395447351628
_LARGE: Final = 536870912.0


@cache
def four_over_pi() -> int:
    """Return 4/pi with 1216 bits behind the point."""
    extra = 64
    one = 1 << 1216 + extra

    def arctan(n: int) -> int:
        term = total = one // n
        k, sign = 3, -1
        while term:
            term //= n * n
            total += sign * (term // k)
            k, sign = k + 2, -sign
        return total

    quarter = 4 * arctan(5) - arctan(239)  # Machin
    return (one * one // quarter) >> extra


def _reduce(x: float) -> tuple[int, float]:
    """Return the octant and the rest of a large angle (Payne and Hanek)."""
    b = bits(x)
    exponent = (b >> 52 & 0x7FF) - 1023 - 52
    mantissa = b & (1 << 52) - 1 | 1 << 52
    digits = four_over_pi() >> (1280 - 192 - (exponent + 61)) & (1 << 192) - 1
    product = ((digits >> 64) * mantissa + ((digits & (1 << 64) - 1) * mantissa >> 64)) & (
        1 << 128
    ) - 1
    octant = product >> 125
    fraction = product << 3 & (1 << 128) - 1
    high, low = fraction >> 64, product & (1 << 64) - 1
    zeros = 64 - high.bit_length()
    # Go takes the lower bits from where they were before the shift by three.
    high = (high << zeros + 1 | low >> 64 - (zeros + 1)) & (1 << 64) - 1
    z = from_bits(high >> 12 | (1023 - (zeros + 1)) << 52)
    if octant & 1:
        octant = octant + 1 & 7
        z -= 1
    return octant, z * (_PI / 4)


def _octant(x: float) -> tuple[int, float]:
    if x >= _LARGE:
        return _reduce(x)
    j = int(x * _M4PI)
    j += j & 1
    y = float(j)
    return j & 7, ((x - y * _PI4A) - y * _PI4B) - y * _PI4C


def _sine(z: float, zz: float) -> float:
    return z + z * zz * (
        (
            (
                (
                    (1.58962301576546568060e-10 * zz + -2.50507477628578072866e-8) * zz
                    + 2.75573136213857245213e-6
                )
                * zz
                + -1.98412698295895385996e-4
            )
            * zz
            + 8.33333333332211858878e-3
        )
        * zz
        + -1.66666666666666307295e-1
    )


def _cosine(zz: float) -> float:
    return (
        1.0
        - 0.5 * zz
        + zz
        * zz
        * (
            (
                (
                    (
                        (-1.13585365213876817300e-11 * zz + 2.08757008419747316778e-9) * zz
                        + -2.75573141792967388112e-7
                    )
                    * zz
                    + 2.48015872888517045348e-5
                )
                * zz
                + -1.38888888888730564116e-3
            )
            * zz
            + 4.16666666666665929218e-2
        )
    )


def sin(x: float) -> float:
    """Return the sine."""
    if not x or x != x:
        return x
    if math.isinf(x):
        return NAN
    j, z = _octant(abs(x))
    negative = (x < 0) != (j > 3)
    y = _cosine(z * z) if j & 3 in (1, 2) else _sine(z, z * z)
    return -y if negative else y


def cos(x: float) -> float:
    """Return the cosine."""
    if not math.isfinite(x):
        return NAN
    j, z = _octant(abs(x))
    negative = j > 3
    j &= 3
    if j > 1:
        negative = not negative
    y = _sine(z, z * z) if j in (1, 2) else _cosine(z * z)
    return -y if negative else y


def sincos(x: float) -> tuple[float, float]:
    """Return sine and cosine."""
    if not x:
        return x, 1.0
    return sin(x), cos(x)


def tan(x: float) -> float:
    """Return the tangent."""
    if not x or x != x:
        return x
    if math.isinf(x):
        return NAN
    size = abs(x)
    if size >= _LARGE:
        j, z = _reduce(size)
    else:
        j = int(size * _M4PI)
        j += j & 1
        n = float(j)
        z = ((size - n * _PI4A) - n * _PI4B) - n * _PI4C
    zz = z * z
    if zz > 1e-14:
        top = (-1.30936939181383777646e4 * zz + 1.15351664838587416140e6) * zz
        top += -1.79565251976484877988e7
        low = (zz + 1.36812963470692954678e4) * zz + -1.32089234440210967447e6
        low = (low * zz + 2.50083801823357915839e7) * zz + -5.38695755929454629881e7
        y = z + z * (zz * top / low)
    else:
        y = z
    if j & 2:
        y = divide(-1.0, y)
    return -y if x < 0 else y


# -- back to angles -------------------------------------------------------------------------------

_MORE_BITS: Final = 6.123233995736765886130e-17


def _xatan(x: float) -> float:
    z = x * x
    top = (-8.750608600031904122785e-01 * z + -1.615753718733365076637e01) * z
    top = (top + -7.500855792314704667340e01) * z + -1.228866684490136173410e02
    top = top * z + -6.485021904942025371773e01
    low = (z + 2.485846490142306297962e01) * z + 1.650270098316988542046e02
    low = (low * z + 4.328810604912902668951e02) * z + 4.853903996359136964868e02
    low = low * z + 1.945506571482613964425e02
    z = z * top / low
    return x * z + x


def _satan(x: float) -> float:
    if x <= 0.66:
        return _xatan(x)
    if x > 2.41421356237309504880:
        return _PI / 2 - _xatan(1 / x) + _MORE_BITS
    return _PI / 4 + _xatan((x - 1) / (x + 1)) + 0.5 * _MORE_BITS


def atan(x: float) -> float:
    """Return the arc tangent."""
    if not x:
        return x
    return _satan(x) if x > 0 else -_satan(-x)


def asin(x: float) -> float:
    """Return the arc sine."""
    if not x:
        return x
    size = abs(x)
    if size > 1:
        return NAN
    root = sqrt(1 - size * size)
    angle = _PI / 2 - _satan(root / size) if size > 0.7 else _satan(size / root)
    return -angle if x < 0 else angle


def acos(x: float) -> float:
    """Return the arc cosine."""
    return _PI / 2 - asin(x)


def atan2(y: float, x: float) -> float:
    """Return the angle of the point (`x`, `y`)."""
    if y != y or x != x:
        return NAN
    if not y:
        right = x >= 0 and math.copysign(1.0, x) > 0
        return math.copysign(0.0 if right else _PI, y)
    if not x:
        return math.copysign(_PI / 2, y)
    if math.isinf(x):
        if math.isinf(y):
            return math.copysign(_PI / 4 if x > 0 else 2.356194490192345, y)
        return math.copysign(0.0 if x > 0 else _PI, y)
    if math.isinf(y):
        return math.copysign(_PI / 2, y)
    q = atan(y / x)
    if x < 0:
        return q + _PI if q <= 0 else q - _PI
    return q


# -- hyperbolic -----------------------------------------------------------------------------------


def sinh(x: float) -> float:
    """Return the hyperbolic sine."""
    size = -x if x < 0 else x
    if size > 21:
        y = exp(size) * 0.5
    elif size > 0.5:
        e = exp(size)
        y = (e - 1 / e) * 0.5
    else:
        sq = size * size
        y = (-0.2630563213397497062819489e2 * sq + -0.2894211355989563807284660366e4) * sq
        y = (y + -0.8991272022039509355398013511e5) * sq + -0.6307673640497716991184787251e6
        y *= size
        low = (sq + -0.173678953558233699533450911e3) * sq + 0.1521517378790019070696485176e5
        y = y / (low * sq + -0.6307673640497716991212077277e6)
    return -y if x < 0 else y


def cosh(x: float) -> float:
    """Return the hyperbolic cosine."""
    x = abs(x)
    e = exp(x)
    return e * 0.5 if x > 21 else (e + 1 / e) * 0.5


def tanh(x: float) -> float:
    """Return the hyperbolic tangent."""
    z = abs(x)
    if z > 44.014845965556527:
        return -1.0 if x < 0 else 1.0
    if z >= 0.625:
        z = 1 - 2 / (exp(2 * z) + 1)
        return -z if x < 0 else z
    if not x:
        return x
    s = x * x
    top = (-9.64399179425052238628e-1 * s + -9.92877231001918586564e1) * s
    top += -1.61468768441708447952e3
    low = ((s + 1.12811678491632931402e2) * s + 2.23548839060100448583e3) * s
    low += 4.84406305325125486048e3
    return x + x * s * top / low


def asinh(x: float) -> float:
    """Return the inverse hyperbolic sine."""
    if not math.isfinite(x):
        return x
    size = -x if x < 0 else x
    if size > 268435456.0:
        y = log(size) + 6.93147180559945286227e-01
    elif size > 2:
        y = log(2 * size + 1 / (sqrt(size * size + 1) + size))
    elif size < 2.0**-28:
        y = size
    else:
        y = log1p(size + size * size / (1 + sqrt(1 + size * size)))
    return -y if x < 0 else y


def acosh(x: float) -> float:
    """Return the inverse hyperbolic cosine."""
    if x < 1 or x != x:
        return NAN
    if x == 1:
        return 0.0
    if x >= 268435456.0:
        return log(x) + 0.6931471805599453
    if x > 2:
        return log(2 * x - 1 / (x + sqrt(x * x - 1)))
    t = x - 1
    return log1p(t + sqrt(2 * t + t * t))


def atanh(x: float) -> float:
    """Return the inverse hyperbolic tangent."""
    if x < -1 or x > 1 or x != x:
        return NAN
    if abs(x) == 1:
        return _INF * x
    size = -x if x < 0 else x
    if size < 2.0**-28:
        y = size
    elif size < 0.5:
        y = size + size
        y = 0.5 * log1p(y + y * size / (1 - size))
    else:
        y = 0.5 * log1p((size + size) / (1 - size))
    return -y if x < 0 else y
