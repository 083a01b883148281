"""The functions of package ``math``: Go's own approximations, of `gosim.std.math`."""

from __future__ import annotations

import math
import struct
from typing import Final

from gosim.std.math import bessel, elementary, special, trigonometric

_INF: Final = math.inf
_NAN: Final[float] = elementary.NAN
_F: Final = struct.Struct("<f")
_I: Final = struct.Struct("<I")

Float64bits = elementary.bits
Float64frombits = elementary.from_bits


def Float32bits(f: float) -> int:
    """Return the IEEE 754 representation of a float32."""
    return _I.unpack(_F.pack(f))[0]  # type: ignore[no-any-return]


def Float32frombits(b: int) -> float:
    """Return the float32 with a representation."""
    return _F.unpack(_I.pack(b))[0]  # type: ignore[no-any-return]


def Inf(sign: int) -> float:
    """Return infinity."""
    return _INF if sign >= 0 else -_INF


def NaN() -> float:
    """Return a number that is none."""
    return _NAN


IsNaN = math.isnan


def IsInf(f: float, sign: int) -> bool:
    """Report whether `f` is infinite on the side of `sign`."""
    return (sign >= 0 and f == _INF) or (sign <= 0 and f == -_INF)


Abs = math.fabs
Copysign = math.copysign
Ceil, Floor, Trunc = elementary.ceil, elementary.floor, elementary.trunc
Sqrt, Cbrt, Hypot = elementary.sqrt, elementary.cbrt, elementary.hypot
Exp, Exp2, Expm1 = elementary.exp, elementary.exp2, elementary.expm1
Log, Log10, Log1p, Log2 = elementary.log, elementary.log10, elementary.log1p, elementary.log2
Pow, Pow10 = elementary.power, elementary.pow10
Mod, Remainder, FMA, Ldexp = (
    elementary.mod,
    elementary.remainder,
    elementary.fma,
    elementary.ldexp,
)
Sin, Cos, Tan, Sincos = (
    trigonometric.sin,
    trigonometric.cos,
    trigonometric.tan,
    trigonometric.sincos,
)
Asin, Acos, Atan, Atan2 = (
    trigonometric.asin,
    trigonometric.acos,
    trigonometric.atan,
    trigonometric.atan2,
)
Sinh, Cosh, Tanh = trigonometric.sinh, trigonometric.cosh, trigonometric.tanh
Asinh, Acosh, Atanh = trigonometric.asinh, trigonometric.acosh, trigonometric.atanh
Erf, Erfc, Erfinv, Erfcinv = special.erf, special.erfc, special.erfinv, special.erfcinv
Gamma, Lgamma = special.gamma, special.lgamma
J0, J1, Jn = bessel.j0, bessel.j1, bessel.jn
Y0, Y1, Yn = bessel.y0, bessel.y1, bessel.yn


def Signbit(x: float) -> bool:
    """Report whether `x` is negative, or negative zero."""
    return math.copysign(1.0, x) < 0


def Dim(x: float, y: float) -> float:
    """Return ``x - y``, or 0 where that is negative."""
    v = x - y
    return 0.0 if v <= 0 else v


def Max(x: float, y: float) -> float:
    """Return the larger one; NaN wins over all but +Inf, and +0 over -0."""
    if x == _INF or y == _INF:
        return _INF
    if x != x or y != y:
        return _NAN
    if x == y == 0:
        return y if math.copysign(1.0, x) < 0 else x
    return x if x > y else y


def Min(x: float, y: float) -> float:
    """Return the smaller one; NaN wins over all but -Inf, and -0 over +0."""
    if x == -_INF or y == -_INF:
        return -_INF
    if x != x or y != y:
        return _NAN
    if x == y == 0:
        return x if math.copysign(1.0, x) < 0 else y
    return x if x < y else y


def Modf(f: float) -> tuple[float, float]:
    """Return integer and fractional part, both with the sign of `f`."""
    whole = elementary.trunc(f)
    return whole, math.copysign(_NAN if math.isinf(f) else f - whole, f)


def Frexp(f: float) -> tuple[float, int]:
    """Return a fraction from 1/2 up to 1 and the power of two it is multiplied by."""
    return math.frexp(f)


def Ilogb(x: float) -> int:
    """Return the binary exponent."""
    if not x:
        return -(1 << 31)
    if not math.isfinite(x):
        return (1 << 31) - 1
    return math.frexp(x)[1] - 1


def Logb(x: float) -> float:
    """Return the binary exponent."""
    if not x:
        return -_INF
    if not math.isfinite(x):
        return abs(x)
    return float(math.frexp(x)[1] - 1)


def Round(x: float) -> float:
    """Return the nearest integer; halves go away from zero."""
    if not -4503599627370496.0 < x < 4503599627370496.0:
        return x
    whole = float(int(x))
    if abs(x - whole) >= 0.5:
        whole += 1.0 if x > 0 else -1.0
    return math.copysign(whole, x)


def RoundToEven(x: float) -> float:
    """Return the nearest integer; halves go to the even one."""
    if not -4503599627370496.0 < x < 4503599627370496.0:
        return x
    return math.copysign(float(round(x)), x)


def Nextafter(x: float, y: float) -> float:
    """Return the next number after `x` towards `y`."""
    return x if x == y else math.nextafter(x, y)


def Nextafter32(x: float, y: float) -> float:
    """Return the next float32 after `x` towards `y`."""
    if x != x or y != y:
        return _NAN
    if x == y:
        return x
    if not x:
        return math.copysign(Float32frombits(1), y)
    return Float32frombits(Float32bits(x) + (1 if (y > x) == (x > 0) else -1))
