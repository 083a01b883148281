"""Error and gamma functions (Go: ``erf.go``, ``erfinv.go``, ``gamma.go``, ``lgamma.go``)."""

from __future__ import annotations

import math
from typing import Final

from gosim.std.math.elementary import NAN, bits, exp, from_bits, log, mod, power, sqrt
from gosim.std.math.trigonometric import cos, sin

_INF: Final = math.inf
_PI: Final = math.pi

# Coefficients of polynomials (highest power first), numbers that all who compute these functions
# share: msun for erf and lgamma, Wichura (1988) for the inverse, Cephes for gamma.
_ERF_P: Final = (
    -2.37630166566501626084e-05,
    -5.77027029648944159157e-03,
    -2.84817495755985104766e-02,
    -3.25042107247001499370e-01,
    1.28379167095512558561e-01,
)
_ERF_Q: Final = (
    -3.96022827877536812320e-06,
    1.32494738004321644526e-04,
    5.08130628187576562776e-03,
    6.50222499887672944485e-02,
    3.97917223959155352819e-01,
    1.0,
)
_ERF_PA: Final = (
    -2.16637559486879084300e-03,
    3.54783043256182359371e-02,
    -1.10894694282396677476e-01,
    3.18346619901161753674e-01,
    -3.72207876035701323847e-01,
    4.14856118683748331666e-01,
    -2.36211856075265944077e-03,
)
_ERF_QA: Final = (
    1.19844998467991074170e-02,
    1.36370839120290507362e-02,
    1.26171219808761642112e-01,
    7.18286544141962662868e-02,
    5.40397917702171048937e-01,
    1.06420880400844228286e-01,
    1.0,
)
_ERF_RA: Final = (
    -9.81432934416914548592e00,
    -8.12874355063065934246e01,
    -1.84605092906711035994e02,
    -1.62396669462573470355e02,
    -6.23753324503260060396e01,
    -1.05586262253232909814e01,
    -6.93858572707181764372e-01,
    -9.86494403484714822705e-03,
)
_ERF_SA: Final = (
    -6.04244152148580987438e-02,
    6.57024977031928170135e00,
    1.08635005541779435134e02,
    4.29008140027567833386e02,
    6.45387271733267880336e02,
    4.34565877475229228821e02,
    1.37657754143519042600e02,
    1.96512716674392571292e01,
    1.0,
)
_ERF_RB: Final = (
    -4.83519191608651397019e02,
    -1.02509513161107724954e03,
    -6.37566443368389627722e02,
    -1.60636384855821916062e02,
    -1.77579549177547519889e01,
    -7.99283237680523006574e-01,
    -9.86494292470009928597e-03,
)
_ERF_SB: Final = (
    -2.24409524465858183362e01,
    4.74528541206955367215e02,
    2.55305040643316442583e03,
    3.19985821950859553908e03,
    1.53672958608443695994e03,
    3.25792512996573918826e02,
    3.03380607434824582924e01,
    1.0,
)
_INV_A: Final = (
    8.8709406962545514830200e2,
    1.1819493347062294404278e4,
    2.3782041382114385731252e4,
    1.6235862515167575384252e4,
    4.8548868893843886794648e3,
    6.9706266534389598238465e2,
    4.7072688112383978012285e1,
    1.1975323115670912564578e0,
)
_INV_B: Final = (
    5.2264952788528545610e3,
    2.8729085735721942674e4,
    3.9307895800092710610e4,
    2.1213794301586595867e4,
    5.3941960214247511077e3,
    6.8718700749205790830e2,
    4.2313330701600911252e1,
    1.0000000000000000000e0,
)
_INV_C: Final = (
    7.74545014278341407640e-4,
    2.27238449892691845833e-2,
    2.41780725177450611770e-1,
    1.27045825245236838258e0,
    3.64784832476320460504e0,
    5.76949722146069140550e0,
    4.63033784615654529590e0,
    1.42343711074968357734e0,
)
_INV_D: Final = (
    1.4859850019840355905497876e-9,
    7.7441459065157709165577218e-4,
    2.1494160384252876777097297e-2,
    2.0945065210512749128288442e-1,
    9.7547832001787427186894837e-1,
    2.3707661626024532365971225e0,
    2.9036514445419946173133295e0,
    1.4142135623730950488016887e0,
)
_INV_E: Final = (
    2.01033439929228813265e-7,
    2.71155556874348757815e-5,
    1.24266094738807843860e-3,
    2.65321895265761230930e-2,
    2.96560571828504891230e-1,
    1.78482653991729133580e0,
    5.46378491116411436990e0,
    6.65790464350110377720e0,
)
_INV_F: Final = (
    2.891024605872965461538222e-15,
    2.010321207683943062279931e-7,
    2.611088405080593625138020e-5,
    1.112800997078859844711555e-3,
    2.103693768272068968719679e-2,
    1.936480946950659106176712e-1,
    8.482908416595164588112026e-1,
    1.414213562373095048801689e0,
)
_GAM_P: Final = (
    1.60119522476751861407e-04,
    1.19135147006586384913e-03,
    1.04213797561761569935e-02,
    4.76367800457137231464e-02,
    2.07448227648435975150e-01,
    4.94214826801497100753e-01,
    9.99999999999999996796e-01,
)
_GAM_Q: Final = (
    -2.31581873324120129819e-05,
    5.39605580493303397842e-04,
    -4.45641913851797240494e-03,
    1.18139785222060435552e-02,
    3.58236398605498653373e-02,
    -2.34591795718243348568e-01,
    7.14304917030273074085e-02,
    1.00000000000000000320e00,
)
_GAM_S: Final = (
    7.87311395793093628397e-04,
    -2.29549961613378126380e-04,
    -2.68132617805781232825e-03,
    3.47222221605458667310e-03,
    8.33333333333482257126e-02,
)
_LG_A0: Final = (
    2.52144565451257326939e-05,
    2.20862790713908385557e-04,
    1.19270763183362067845e-03,
    7.38555086081402883957e-03,
    6.73523010531292681824e-02,
    7.72156649015328655494e-02,
)
_LG_A1: Final = (
    4.48640949618915160150e-05,
    1.08011567247583939954e-04,
    5.10069792153511336608e-04,
    2.89051383673415629091e-03,
    2.05808084325167332806e-02,
    3.22467033424113591611e-01,
)
_LG_T0: Final = (
    3.15632070903625950361e-04,
    -1.40346469989232843813e-03,
    6.10053870246291332635e-03,
    -3.27885410759859649565e-02,
    4.83836122723810047042e-01,
)
_LG_T1: Final = (
    -3.12754168375120860518e-04,
    8.81081882437654011382e-04,
    -3.68452016781138256760e-03,
    1.79706750811820387126e-02,
    -1.47587722994593911752e-01,
)
_LG_T2: Final = (
    3.35529192635519073543e-04,
    -5.38595305356740546715e-04,
    2.25964780900612472250e-03,
    -1.03142241298341437450e-02,
    6.46249402391333854778e-02,
)
_LG_R: Final = (
    7.32668430744625636189e-06,
    7.77942496381893596434e-04,
    1.86459191715652901344e-02,
    1.71933865632803078993e-01,
    7.21935547567138069525e-01,
    1.39200533467621045958e00,
    1.0,
)
_LG_S: Final = (
    3.19475326584100867617e-05,
    1.84028451407337715652e-03,
    2.66422703033638609560e-02,
    1.46350472652464452805e-01,
    3.25778796408930981787e-01,
    2.14982415960608852501e-01,
    -7.72156649015328655494e-02,
)
_LG_U: Final = (
    1.33810918536787660377e-02,
    2.28963728064692451092e-01,
    9.77717527963372745603e-01,
    1.45492250137234768737e00,
    6.32827064025093366517e-01,
    -7.72156649015328655494e-02,
)
_LG_V: Final = (
    3.21709242282423911810e-03,
    1.04222645593369134254e-01,
    7.69285150456672783825e-01,
    2.12848976379893395361e00,
    2.45597793713041134822e00,
    1.0,
)
_LG_W: Final = (
    -1.63092934096575273989e-03,
    8.36339918996282139126e-04,
    -5.95187557450339963135e-04,
    7.93650558643019558500e-04,
    -2.77777777728775536470e-03,
    8.33333333333329678849e-02,
    4.18938533204672725052e-01,
)


def poly(x: float, coefficients: tuple[float, ...]) -> float:
    """Return the value of a polynomial, highest power first."""
    y = coefficients[0]
    for c in coefficients[1:]:
        y = y * x + c
    return y


# -- error functions ------------------------------------------------------------------------------

_ERX: Final = 8.45062911510467529297e-01
_EFX: Final = 1.28379167095512586316e-01
_EFX8: Final = 1.02703333676410069053e00


def _erf_tail(x: float) -> float:
    """Return what is missing to 1, times `x`, for `x` from 1.25 on."""
    s = 1 / (x * x)
    if x < 2.857142857142857:
        ratio = poly(s, _ERF_RA) / poly(s, _ERF_SA)
    else:
        ratio = poly(s, _ERF_RB) / poly(s, _ERF_SB)
    z = from_bits(bits(x) & 0xFFFFFFFF00000000)
    return exp(-z * z - 0.5625) * exp((z - x) * (z + x) + ratio)


def erf(x: float) -> float:
    """Return the error function."""
    if x != x:
        return NAN
    size = -x if x < 0 else x
    if size < 0.84375:
        if size < 2.848094538889218e-306:
            y = 0.125 * (8.0 * size + _EFX8 * size)
        elif size < 2.0**-28:
            y = size + _EFX * size
        else:
            z = size * size
            y = size + size * (poly(z, _ERF_P) / poly(z, _ERF_Q))
        return -y if x < 0 else y
    if size < 1.25:
        s = size - 1
        ratio = poly(s, _ERF_PA) / poly(s, _ERF_QA)
        return -_ERX - ratio if x < 0 else _ERX + ratio
    if size >= 6:
        return -1.0 if x < 0 else 1.0
    r = _erf_tail(size)
    return r / size - 1 if x < 0 else 1 - r / size


def erfc(x: float) -> float:
    """Return ``1 - erf(x)``, exact also far out."""
    if x != x:
        return NAN
    size = -x if x < 0 else x
    if size < 0.84375:
        if size < 2.0**-56:
            y = size
        else:
            z = size * size
            ratio = poly(z, _ERF_P) / poly(z, _ERF_Q)
            y = size + size * ratio if size < 0.25 else 0.5 + (size * ratio + (size - 0.5))
        return 1 + y if x < 0 else 1 - y
    if size < 1.25:
        s = size - 1
        ratio = poly(s, _ERF_PA) / poly(s, _ERF_QA)
        return 1 + _ERX + ratio if x < 0 else 0.15493708848953247070 - ratio
    if size >= 28 or x < -6:
        return 2.0 if x < 0 else 0.0
    r = _erf_tail(size)
    return 2 - r / size if x < 0 else r / size


def erfinv(x: float) -> float:
    """Return the inverse of the error function."""
    if x != x or not -1 < x < 1:
        return _INF * x if abs(x) == 1 else NAN
    size = -x if x < 0 else x
    if size <= 0.85:
        r = 0.180625 - 0.25 * size * size
        y = (size * poly(r, _INV_A)) / poly(r, _INV_B)
    else:
        r = sqrt(0.6931471805599453 - log(1.0 - size))
        if r <= 5.0:
            r -= 1.6
            y = poly(r, _INV_C) / poly(r, _INV_D)
        else:
            r -= 5.0
            y = poly(r, _INV_E) / poly(r, _INV_F)
    return -y if x < 0 else y


def erfcinv(x: float) -> float:
    """Return the inverse of `erfc`."""
    return erfinv(1 - x)


# -- gamma functions ------------------------------------------------------------------------------


def _stirling(x: float) -> tuple[float, float]:
    if x > 200:
        return _INF, 1.0
    w = 1 / x
    w = 1 + w * poly(w, _GAM_S)
    y1, y2 = exp(x), 1.0
    if x > 143.01608:
        v = power(x, 0.5 * x - 0.25)
        y1, y2 = v, v / y1
    else:
        y1 = power(x, x - 0.5) / y1
    return y1, 2.506628274631000502417 * w * y2


def gamma(x: float) -> float:
    """Return the gamma function."""
    if x != x or x == -_INF or (x < 0 and x == math.floor(x)):
        return NAN
    if x == _INF:
        return _INF
    if not x:
        return math.copysign(_INF, x)
    q = abs(x)
    if q > 33:
        if x >= 0:
            y1, y2 = _stirling(x)
            return y1 * y2
        p = float(math.floor(q))
        sign = 1.0 if int(p) & 1 else -1.0
        z = q - p
        if z > 0.5:
            z = q - (p + 1)
        z = q * sin(_PI * z)
        if not z:
            return _INF * sign
        y1, y2 = _stirling(q)
        size = abs(z)
        d = size * y1 * y2
        return sign * (_PI / size / y1 / y2 if math.isinf(d) else _PI / d)
    z = 1.0
    while x >= 3:
        x -= 1
        z *= x
    while x < 2:
        if -1e-09 < x < 1e-09:
            # 1 + Euler's constant * x
            return z / ((1 + 0.57721566490153286061 * x) * x) if x else _INF
        z /= x
        x += 1
    if x == 2:
        return z
    x -= 2
    return z * poly(x, _GAM_P) / poly(x, _GAM_Q)


def lgamma(x: float) -> tuple[float, int]:
    """Return the logarithm of the absolute value of `gamma`, and its sign."""
    if x != x or math.isinf(x):
        return x, 1
    if not x:
        return _INF, 1
    negative = x < 0
    x = abs(x)
    if x < 2.0**-70:
        return -log(x), -1 if negative else 1
    sign = 1
    adjustment = 0.0
    if negative:
        if x >= 4503599627370496.0:
            return _INF, 1
        t = _sin_pi(x)
        if not t:
            return _INF, 1
        adjustment = log(_PI / abs(t * x))
        if t < 0:
            sign = -1
    if x == 1 or x == 2:
        return 0.0, sign
    y = _lgamma(x)
    return adjustment - y if negative else y, sign


def _lgamma(x: float) -> float:
    if x < 2:
        if x <= 0.9:
            total = -log(x)
            if x >= 0.731632144968362245:
                y, which = 1 - x, 0
            elif x >= 0.191632144968362245:
                y, which = x - 0.46163214496836224576, 1
            else:
                y, which = x, 2
        else:
            total = 0.0
            if x >= 1.731632144968362245:
                y, which = 2 - x, 0
            elif x >= 1.191632144968362245:
                y, which = x - 1.46163214496836224576, 1
            else:
                y, which = x - 1, 2
        if which == 0:
            z = y * y
            return total + (y * poly(z, _LG_A0) + z * poly(z, _LG_A1) - 0.5 * y)
        if which == 1:
            z = y * y
            w = z * y
            p = z * poly(w, _LG_T0) - (
                -3.63867699703950536541e-18 - w * (poly(w, _LG_T1) + y * poly(w, _LG_T2))
            )
            return total + (-1.21486290535849611461e-01 + p)
        return total + (-0.5 * y + y * poly(y, _LG_U) / poly(y, _LG_V))
    if x < 8:
        i = int(x)
        y = x - i
        total = 0.5 * y + y * poly(y, _LG_S) / poly(y, _LG_R)
        if i >= 3:
            z = 1.0
            for k in range(i - 1, 1, -1):
                z *= y + k
            total += log(z)
        return total
    if x < 2.0**58:
        z = 1 / x
        return (x - 0.5) * (log(x) - 1) + (_LG_W[-1] + z * poly(z * z, _LG_W[:-1]))
    return x * (log(x) - 1)


def _sin_pi(x: float) -> float:
    if x < 0.25:
        return -sin(_PI * x)
    if math.floor(x) != x:
        x = mod(x, 2)
        n = int(x * 4)
    else:
        n = int(x) & 1
        x = float(n)
        n <<= 2
    if n == 0:
        return -sin(_PI * x)
    if n <= 2:
        return -cos(_PI * (0.5 - x))
    if n <= 4:
        return -sin(_PI * (1 - x))
    if n <= 6:
        return cos(_PI * (x - 1.5))
    return -sin(_PI * (x - 2))
