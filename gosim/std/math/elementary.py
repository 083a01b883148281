"""Exponentials, logarithms, powers and roots (Go: ``exp_amd64.s``, ``log.go``, ``pow.go``, ...)."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from typing import Final

_INF: Final = math.inf
_D: Final = struct.Struct("<d")
_Q: Final = struct.Struct("<Q")
NAN: Final[float] = _D.unpack(_Q.pack(0x7FF8000000000001))[0]
"""Go's NaN."""

LN2_HI: Final = 6.93147180369123816490e-01
LN2_LO: Final = 1.90821492927058770002e-10
_LOG2E: Final = 1.44269504088896338700e00
_MASK: Final = (1 << 64) - 1


def bits(x: float) -> int:
    """Return the IEEE 754 representation."""
    return _Q.unpack(_D.pack(x))[0]  # type: ignore[no-any-return]


def from_bits(b: int) -> float:
    """Return the number with a representation."""
    return _D.unpack(_Q.pack(b))[0]  # type: ignore[no-any-return]


def sqrt(x: float) -> float:
    """Return the square root, NaN of a negative number."""
    return math.sqrt(x) if x >= 0 else (x if x == 0 else NAN)


def divide(x: float, y: float) -> float:
    """Return ``x / y`` also where `y` is zero."""
    if y:
        return x / y
    if x != x or not x:
        return NAN
    return math.copysign(_INF, x) * math.copysign(1.0, y)


def ldexp(fraction: float, exponent: int) -> float:
    """Return ``fraction * 2**exponent``; below the normal numbers it is rounded once."""
    if not fraction or fraction != fraction or math.isinf(fraction):
        return fraction
    try:
        return math.ldexp(fraction, exponent)
    except OverflowError:
        return math.copysign(_INF, fraction)


def trunc(x: float) -> float:
    """Return the integer part, with the sign of `x`."""
    if not -9007199254740992.0 < x < 9007199254740992.0:
        return x
    return math.copysign(float(int(x)), x)


def floor(x: float) -> float:
    """Return the greatest integer not above `x`."""
    if not -9007199254740992.0 < x < 9007199254740992.0:
        return x
    return math.copysign(float(math.floor(x)), x)


def ceil(x: float) -> float:
    """Return the least integer not below `x`."""
    if not -9007199254740992.0 < x < 9007199254740992.0:
        return x
    return math.copysign(float(math.ceil(x)), x)


def _fma(x: float, y: float, z: float) -> float:
    if not (math.isfinite(x) and math.isfinite(y)):
        return x * y + z
    if not math.isfinite(z):
        return z
    if not x or not y:
        return x * y + z
    if not z:
        return x * y
    mx, ex = math.frexp(x)
    my, ey = math.frexp(y)
    mz, ez = math.frexp(z)
    product = int(mx * 9007199254740992.0) * int(my * 9007199254740992.0)
    addend = int(mz * 9007199254740992.0)
    low = ex + ey - 106
    shift = ez - 53 - low
    if shift >= 0:
        total = product + (addend << shift)
    else:
        total = (product << -shift) + addend
        low += shift
    if not total:
        return 0.0
    size = total.bit_length()
    if low + size > 1024:
        return _INF if total > 0 else -_INF
    if low + size > -1021:
        # Rounded once, by the conversion; ldexp is exact, or overflows.
        if size > 1020:
            cut = size - 70
            odd = total & (1 << cut) - 1 != 0
            total = total >> cut | odd
            low += cut
        return ldexp(float(total), low)
    # The result is subnormal: the rounding is at a fixed place.
    cut = -1074 - low
    if cut <= 0:
        return math.ldexp(float(total), low)
    sign = -1.0 if total < 0 else 1.0
    total = abs(total)
    whole, rest = total >> cut, total & (1 << cut) - 1
    half = 1 << cut - 1
    if rest > half or (rest == half and whole & 1):
        whole += 1
    return sign * math.ldexp(float(whole), -1074)


fma: Callable[[float, float, float], float] = getattr(math, "fma", _fma)
"""``x * y + z`` rounded once; Python has it since 3.13."""


# -- exponentials ---------------------------------------------------------------------------------


def exp(x: float) -> float:
    """Return e to the power of `x` (Shibata's method, with fused operations)."""
    if x != x:
        return x
    if x > 7.09782712893384e02:
        return _INF
    if x < -800.0:
        return 0.0
    k = float(round(1.4426950408889634073599246810018920 * x))
    r = fma(-k, 0.69314718055966295651160180568695068359375, x)
    r = fma(-k, 0.28235290563031577122588448175013436025525412068e-12, r)
    r *= 0.0625
    y = fma(2.4801587301587301587e-5, r, 1.9841269841269841270e-4)
    y = fma(y, r, 1.3888888888888888889e-3)
    y = fma(y, r, 8.3333333333333333333e-3)
    y = fma(y, r, 4.1666666666666666667e-2)
    y = fma(y, r, 1.6666666666666666667e-1)
    y = fma(y, r, 0.5)
    y = fma(y, r, 1.0)
    r *= y
    r *= r + 2.0
    r *= r + 2.0
    r *= r + 2.0
    r = fma(r + 2.0, r, 1.0)
    power = int(k)
    if power >= -1022:
        return r * from_bits(power + 1023 << 52) if power < 1024 else _INF
    if power < -1022 - 53:
        return 0.0
    # In two steps, as below the normal numbers the hardware rounds in the second one.
    return r * from_bits(power + 2045 << 52) * 2.2250738585072014e-308


def _expmulti(hi: float, lo: float, k: int) -> float:
    r = hi - lo
    t = r * r
    c = r - t * (
        1.66666666666666657415e-01
        + t
        * (
            -2.77777777770155933842e-03
            + t
            * (
                6.61375632143793436117e-05
                + t * (-1.65339022054652515390e-06 + t * 4.13813679705723846039e-08)
            )
        )
    )
    return ldexp(1 - ((lo - (r * c) / (2 - c)) - hi), k)


def exp2(x: float) -> float:
    """Return 2 to the power of `x`."""
    if x != x:
        return x
    if x > 1.0239999999999999e03:
        return _INF
    if x < -1.0740e03:
        return 0.0
    k = int(x + 0.5) if x > 0 else int(x - 0.5)
    t = x - k
    return _expmulti(t * LN2_HI, -t * LN2_LO, k)


def expm1(x: float) -> float:
    """Return ``exp(x) - 1``, exact also near zero."""
    if x != x or x == _INF:
        return x
    size = abs(x)
    if size >= 3.88162421113569373274e01:
        if x < 0:
            return -1.0
        if size >= 7.09782712893383973096e02:
            return _INF
    c = 0.0
    k = 0
    if size > 3.46573590279972654709e-01:
        if size < 1.03972077083991796413e00:
            k = 1 if x > 0 else -1
            hi, lo = x - k * LN2_HI, k * LN2_LO
        else:
            k = int(_LOG2E * x + (0.5 if x > 0 else -0.5))
            hi, lo = x - k * LN2_HI, k * LN2_LO
        x = hi - lo
        c = (hi - x) - lo
    elif size < 2.0**-54:
        return x
    hfx = 0.5 * x
    hxs = x * hfx
    r1 = 1 + hxs * (
        -3.33333333333331316428e-02
        + hxs
        * (
            1.58730158725481460165e-03
            + hxs
            * (
                -7.93650757867487942473e-05
                + hxs * (4.00821782732936239552e-06 + hxs * -2.01099218183624371326e-07)
            )
        )
    )
    t = 3 - r1 * hfx
    e = hxs * ((r1 - t) / (6.0 - x * t))
    if k == 0:
        return x - (x * e - hxs)
    e = x * (e - c) - c
    e -= hxs
    if k == -1:
        return 0.5 * (x - e) - 0.5
    if k == 1:
        return -2 * (e - (x + 0.5)) if x < -0.25 else 1 + 2 * (x - e)
    if k <= -2 or k > 56:
        return _scaled(1 - (e - x), k) - 1
    if k < 20:
        return _scaled(1 - 2.0**-k - (e - x), k)
    return _scaled(x - (e + 2.0**-k) + 1, k)


def _scaled(y: float, k: int) -> float:
    """Add `k` to the exponent."""
    return from_bits(bits(y) + (k << 52) & _MASK)


# -- logarithms -----------------------------------------------------------------------------------


def log(x: float) -> float:
    """Return the natural logarithm."""
    if not 0.0 < x < _INF:
        if x == 0:
            return -_INF
        return x if x > 0 or x != x else NAN
    if x < 2.2250738585072014e-308:
        # The assembly looks only at the bits: below the normal numbers it is wrong in Go as well.
        b = bits(x)
        f, k = from_bits(b | 0x3FE0000000000000), -1022.0
    else:
        f, n = math.frexp(x)
        k = float(n)
    if f <= 7.07106781186547524401e-01:
        f *= 2
        k -= 1
    f -= 1
    s = f / (2 + f)
    s2 = s * s
    s4 = s2 * s2
    t1 = s2 * (
        6.666666666666735130e-01
        + s4
        * (
            2.857142874366239149e-01
            + s4 * (1.818357216161805012e-01 + s4 * 1.479819860511658591e-01)
        )
    )
    t2 = s4 * (
        3.999999999940941908e-01 + s4 * (2.222219843214978396e-01 + s4 * 1.531383769920937332e-01)
    )
    half = 0.5 * f * f
    return k * LN2_HI - ((half - (s * (half + (t1 + t2)) + k * LN2_LO)) - f)


def log10(x: float) -> float:
    """Return the decimal logarithm."""
    return log(x) * 0.4342944819032518


def log2(x: float) -> float:
    """Return the binary logarithm, exact for powers of two."""
    if not 0.0 < x < _INF:
        return log(x)
    fraction, exponent = math.frexp(x)
    if fraction == 0.5:
        return float(exponent - 1)
    return log(fraction) * 1.4426950408889634 + exponent


def log1p(x: float) -> float:
    """Return ``log(1 + x)``, exact also near zero."""
    if x < -1 or x != x:
        return NAN
    if x == -1:
        return -_INF
    if x == _INF:
        return x
    size = abs(x)
    f = c = 0.0
    mantissa = 0
    k = 1
    if size < 4.142135623730950488017e-01:
        if size < 2.0**-29:
            return x if size < 2.0**-54 else x - x * x * 0.5
        if x > -2.928932188134524755992e-01:
            k, f, mantissa = 0, x, 1
    if k:
        if size < 9007199254740992.0:
            u = 1.0 + x
            mantissa = bits(u)
            k = (mantissa >> 52) - 1023
            c = (1.0 - (u - x) if k > 0 else x - (u - 1.0)) / u
        else:
            mantissa = bits(x)
            k = (mantissa >> 52) - 1023
        mantissa &= 0x000FFFFFFFFFFFFF
        if mantissa < 0x0006A09E667F3BCD:
            u = from_bits(mantissa | 0x3FF0000000000000)
        else:
            k += 1
            u = from_bits(mantissa | 0x3FE0000000000000)
            mantissa = (0x0010000000000000 - mantissa) >> 2
        f = u - 1.0
    half = 0.5 * f * f
    if mantissa == 0:
        if f == 0:
            return k * LN2_HI + (c + k * LN2_LO) if k else 0.0
        r = half * (1.0 - 0.66666666666666666 * f)
        return k * LN2_HI - ((r - (k * LN2_LO + c)) - f) if k else f - r
    s = f / (2.0 + f)
    z = s * s
    r = z * (
        6.666666666666735130e-01
        + z
        * (
            3.999999999940941908e-01
            + z
            * (
                2.857142874366239149e-01
                + z
                * (
                    2.222219843214978396e-01
                    + z
                    * (
                        1.818357216161805012e-01
                        + z * (1.531383769920937332e-01 + z * 1.479819860511658591e-01)
                    )
                )
            )
        )
    )
    if k == 0:
        return f - (half - s * (half + r))
    return k * LN2_HI - ((half - (s * (half + r) + (k * LN2_LO + c))) - f)


# -- powers and roots -----------------------------------------------------------------------------


def _odd(y: float) -> bool:
    return abs(y) < 9007199254740992.0 and y % 2 == 1


def power(x: float, y: float) -> float:
    """Return `x` to the power of `y`."""
    if y == 0 or x == 1:
        return 1.0
    if y == 1:
        return x
    if x != x or y != y:
        return NAN
    if x == 0:
        odd = math.copysign(1.0, x) < 0 and _odd(y)
        if y < 0:
            return -_INF if odd else _INF
        return x if odd else 0.0
    if math.isinf(y):
        if x == -1:
            return 1.0
        return 0.0 if (abs(x) < 1) == (y > 0) else _INF
    if math.isinf(x):
        if x < 0:
            return power(1 / x, -y)
        return 0.0 if y < 0 else _INF
    if y == 0.5:
        return sqrt(x)
    if y == -0.5:
        return 1 / sqrt(x)
    size = abs(y)
    whole = trunc(size)
    part = size - whole
    if part and x < 0:
        return NAN
    if whole >= 9223372036854775808.0:
        if x == -1:
            return 1.0
        return 0.0 if (abs(x) < 1) == (y > 0) else _INF
    a, exponent = 1.0, 0
    if part:
        if part > 0.5:
            part -= 1
            whole += 1
        a = exp(part * log(x))
    base, e = math.frexp(x)
    n = int(whole)
    while n:
        if not -4096 <= e <= 4096:
            # The rest overflows or underflows in any case.
            exponent += e
            break
        if n & 1:
            a *= base
            exponent += e
        base *= base
        e <<= 1
        if base < 0.5:
            base += base
            e -= 1
        n >>= 1
    if y < 0:
        a = 1 / a
        exponent = -exponent
    return ldexp(a, exponent)


def pow10(n: int) -> float:
    """Return 10 to the power of `n`: a product of two exact powers, as in Go."""
    if 0 <= n <= 308:
        return float(f"1e{n // 32 * 32}") * float(f"1e{n % 32}")
    if -323 <= n < 0:
        return float(f"1e-{-n // 32 * 32}") / float(f"1e{-n % 32}")
    return _INF if n > 0 else 0.0


def cbrt(x: float) -> float:
    """Return the cube root."""
    if not x or x != x or math.isinf(x):
        return x
    size = abs(x)
    t = from_bits(bits(size) // 3 + (715094163 << 32))
    if size < 2.22507385850720138309e-308:
        t = 18014398509481984.0 * size
        t = from_bits(bits(t) // 3 + (696219795 << 32))
    r = t * t / size
    s = 5.42857142857142815906e-01 + r * t
    t *= 3.57142857142857150787e-01 + 1.60714285714285720630e00 / (
        s + 1.41428571428571436819e00 + -7.05306122448979611050e-01 / s
    )
    t = from_bits((bits(t) & 0xFFFFFFFFC << 28) + (1 << 30))
    s = t * t
    r = size / s
    w = t + t
    r = (r - t) / (w + r)
    t = t + t * r
    return -t if x < 0 else t


def hypot(p: float, q: float) -> float:
    """Return ``sqrt(p*p + q*q)`` without overflow on the way."""
    p, q = abs(p), abs(q)
    if p == _INF or q == _INF:
        return _INF
    if p != p or q != q:
        return NAN
    if p < q:
        p, q = q, p
    if not p:
        return 0.0
    q /= p
    return p * math.sqrt(q * q + 1.0)


def mod(x: float, y: float) -> float:
    """Return the remainder of ``x / y`` with the sign of `x`."""
    if not y or math.isinf(x) or x != x or y != y:
        return NAN
    return math.fmod(x, y)


def remainder(x: float, y: float) -> float:
    """Return the IEEE 754 remainder of ``x / y``."""
    if not y or math.isinf(x) or x != x or y != y:
        return NAN
    if math.isinf(y):
        return x
    return math.remainder(x, y)
