"""Random numbers that are the same in every run (Go: ``math/rand/v2``).

The functions of this module draw from one stream per run, which the run's seed decides; Python's
``random`` would make a run impossible to repeat.  :class:`PCG`, :class:`Rand` and everything drawn
from them give exactly Go's numbers: ``rand.new(rand.new_pcg(1, 2))``.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, MutableSequence
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar
from weakref import WeakKeyDictionary

from gosim.runtime.current import current_world
from gosim.runtime.panic import gopanic
from gosim.std.math.elementary import exp, log

if TYPE_CHECKING:
    from gosim.runtime.proc import World

Int = TypeVar("Int", bound=int)

_MASK64: Final = (1 << 64) - 1
_MASK128: Final = (1 << 128) - 1


class Source(Protocol):
    """Where random bits come from."""

    def uint64(self) -> int:
        """Return the next number from 0 to 2**64 - 1."""
        ...


class PCG:
    """The generator PCG-DXSM with 128 bits of state (``rand.PCG``)."""

    __slots__ = ("state",)

    def __init__(self, seed1: int = 0, seed2: int = 0) -> None:
        self.seed(seed1, seed2)

    def seed(self, seed1: int, seed2: int) -> None:
        """Start anew, as :func:`new_pcg` with these seeds does."""
        self.state = (seed1 & _MASK64) << 64 | (seed2 & _MASK64)

    def uint64(self) -> int:
        """Return the next number from 0 to 2**64 - 1."""
        state = (
            self.state * 0x2360ED051FC65DA44385DF649FCCF645 + 0x5851F42D4C957F2D14057B7EF767814F
        ) & _MASK128
        self.state = state
        hi = state >> 64
        hi ^= hi >> 32
        hi = hi * 0xDA942042E4DD58B5 & _MASK64
        hi ^= hi >> 48
        return hi * (state & _MASK64 | 1) & _MASK64


def new_pcg(seed1: int, seed2: int) -> PCG:
    """Return a generator that starts from two seeds of 64 bits (``rand.NewPCG``)."""
    return PCG(seed1, seed2)


class Rand:
    """Random numbers of many kinds, made from one source of random bits (``rand.Rand``)."""

    __slots__ = ("src",)

    def __init__(self, src: Source) -> None:
        self.src = src

    def uint64(self) -> int:
        """Return a number of 64 bits."""
        return self.src.uint64()

    uint = uint64

    def uint32(self) -> int:
        """Return a number of 32 bits."""
        return self.src.uint64() >> 32

    def int64(self) -> int:
        """Return a number of 63 bits."""
        return self.src.uint64() & (1 << 63) - 1

    int_ = int64

    def int32(self) -> int:
        """Return a number of 31 bits."""
        return self.src.uint64() >> 33

    def _below(self, n: int) -> int:
        """Return a number from 0 to n - 1 (``uint64n``)."""
        if n & (n - 1) == 0:
            return self.src.uint64() & (n - 1)
        product = self.src.uint64() * n
        if product & _MASK64 < n:
            # Numbers that would come up once too often are drawn again.
            least = (1 << 64) % n
            while product & _MASK64 < least:
                product = self.src.uint64() * n
        return product >> 64

    def _checked(self, n: int, function: str) -> int:
        if n <= 0:
            gopanic(f"invalid argument to {function}")
        return self._below(n)

    def int_n(self, n: int) -> int:
        """Return a number from 0 to `n` - 1.

        Raises
        ------
        Panic
            "invalid argument to IntN" unless `n` > 0; the other functions have texts like it.
        """
        return self._checked(n, "IntN")

    def int64_n(self, n: int) -> int:
        """Return a number from 0 to `n` - 1."""
        return self._checked(n, "Int64N")

    def int32_n(self, n: int) -> int:
        """Return a number from 0 to `n` - 1."""
        return self._checked(n, "Int32N")

    def uint_n(self, n: int) -> int:
        """Return a number from 0 to `n` - 1."""
        return self._checked(n, "UintN")

    def uint64_n(self, n: int) -> int:
        """Return a number from 0 to `n` - 1."""
        return self._checked(n, "Uint64N")

    def uint32_n(self, n: int) -> int:
        """Return a number from 0 to `n` - 1."""
        return self._checked(n, "Uint32N")

    def n(self, n: Int) -> Int:
        """Return a number from 0 to `n` - 1 of the type of `n`, such as a Duration."""
        return type(n)(self._checked(n, "N"))

    def float64(self) -> float:
        """Return a number from 0 up to, but not, 1."""
        return (self.src.uint64() & (1 << 53) - 1) / (1 << 53)

    def float32(self) -> float:
        """Return a number from 0 up to, but not, 1, of the precision of a ``float32``."""
        return (self.uint32() & (1 << 24) - 1) / (1 << 24)

    def perm(self, n: int) -> list[int]:
        """Return the numbers from 0 to `n` - 1 in random order."""
        order = list(range(n))
        self.shuffle(order)
        return order

    def shuffle(self, n: Any, swap: Callable[[int, int], Any] | None = None) -> None:
        """Bring things into random order.

        Parameters
        ----------
        n : int or list
            How many things there are; or, without `swap`, the list itself.
        swap : callable
            ``swap(i, j)`` exchanges two of them.

        Raises
        ------
        Panic
            "invalid argument to Shuffle" for a negative `n`.
        """
        if swap is None:
            items: MutableSequence[Any] = n
            n = len(items)

            def swap(i: int, j: int) -> None:
                items[i], items[j] = items[j], items[i]

        if n < 0:
            gopanic("invalid argument to Shuffle")
        for i in range(n - 1, 0, -1):
            swap(i, self._below(i + 1))

    def norm_float64(self) -> float:
        """Return a normally distributed number: mean 0, standard deviation 1."""
        kn, wn, fn = normal_tables()
        while True:
            u = self.src.uint64()
            j = (u & 0xFFFFFFFF) - ((u & 0x80000000) << 1)
            i = u >> 32 & 0x7F
            x = j * wn[i]
            if abs(j) < kn[i]:
                return x
            if i == 0:
                while True:
                    x = -log(self.float64()) * (1.0 / _RN)
                    y = -log(self.float64())
                    if y + y >= x * x:
                        break
                return _RN + x if j > 0 else -_RN - x
            step = _f32(_f32(self.float64()) * _f32(fn[i - 1] - fn[i]))
            if _f32(fn[i] + step) < _f32(exp(-0.5 * x * x)):
                return x

    def exp_float64(self) -> float:
        """Return an exponentially distributed number with mean 1."""
        ke, we, fe = exponential_tables()
        while True:
            u = self.src.uint64()
            j = u & 0xFFFFFFFF
            i = u >> 32 & 0xFF
            x = j * we[i]
            if j < ke[i]:
                return x
            if i == 0:
                return _RE - log(self.float64())
            step = _f32(_f32(self.float64()) * _f32(fe[i - 1] - fe[i]))
            if _f32(fe[i] + step) < _f32(exp(-x)):
                return x


def new(src: Source) -> Rand:
    """Return random numbers made from a source of one's own (``rand.New``)."""
    return Rand(src)


# -- the ziggurats (Marsaglia and Tsang 2000), computed in place of Go's printed tables -----------

_RN: Final = 3.442619855899
_RE: Final = 7.69711747013104972

_Tables = tuple[list[int], list[float], list[float]]


def _f32(x: float) -> float:
    """Round to a ``float32``."""
    return struct.unpack("f", struct.pack("f", x))[0]  # type: ignore[no-any-return]


@cache
def normal_tables() -> _Tables:
    """Return bounds, widths and heights of the strips of the normal distribution."""
    size, area, scale = 128, 9.91256303526217e-3, float(1 << 31)
    k, w, f = [0] * size, [0.0] * size, [0.0] * size
    x = above = _RN
    q = area / exp(-0.5 * x * x)
    k[0] = int(x / q * scale)
    w[0], w[-1] = _f32(q / scale), _f32(x / scale)
    f[0], f[-1] = 1.0, _f32(exp(-0.5 * x * x))
    for i in range(size - 2, 0, -1):
        x = math.sqrt(-2.0 * log(area / x + exp(-0.5 * x * x)))
        k[i + 1] = int(x / above * scale)
        above = x
        f[i], w[i] = _f32(exp(-0.5 * x * x)), _f32(x / scale)
    return k, w, f


@cache
def exponential_tables() -> _Tables:
    """Return bounds, widths and heights of the strips of the exponential distribution."""
    size, area, scale = 256, 3.9496598225815571993e-3, float(1 << 32)
    k, w, f = [0] * size, [0.0] * size, [0.0] * size
    x = above = _RE
    q = area / exp(-x)
    k[0] = int(x / q * scale)
    w[0], w[-1] = _f32(q / scale), _f32(x / scale)
    f[0], f[-1] = 1.0, _f32(exp(-x))
    for i in range(size - 2, 0, -1):
        x = -log(area / x + exp(-x))
        k[i + 1] = int(x / above * scale)
        above = x
        f[i], w[i] = _f32(exp(-x)), _f32(x / scale)
    return k, w, f


# -- the run's own stream -------------------------------------------------------------------------

_streams: WeakKeyDictionary[World, Rand] = WeakKeyDictionary()


def _run() -> Rand:
    w = current_world("gosim.rand")
    stream = _streams.get(w)
    if stream is None:
        stream = _streams[w] = Rand(PCG(w.seed, 0x676F73696D))
    return stream


def uint64() -> int:
    """Return a number of 64 bits."""
    return _run().uint64()


def uint() -> int:
    """Return a number of 64 bits."""
    return _run().uint64()


def uint32() -> int:
    """Return a number of 32 bits."""
    return _run().uint32()


def int64() -> int:
    """Return a number of 63 bits."""
    return _run().int64()


def int_() -> int:
    """Return a number of 63 bits (``rand.Int``)."""
    return _run().int64()


def int32() -> int:
    """Return a number of 31 bits."""
    return _run().int32()


def int_n(n: int) -> int:
    """Return a number from 0 to `n` - 1; see :meth:`Rand.int_n`."""
    return _run().int_n(n)


def int64_n(n: int) -> int:
    """Return a number from 0 to `n` - 1."""
    return _run().int64_n(n)


def int32_n(n: int) -> int:
    """Return a number from 0 to `n` - 1."""
    return _run().int32_n(n)


def uint_n(n: int) -> int:
    """Return a number from 0 to `n` - 1."""
    return _run().uint_n(n)


def uint64_n(n: int) -> int:
    """Return a number from 0 to `n` - 1."""
    return _run().uint64_n(n)


def uint32_n(n: int) -> int:
    """Return a number from 0 to `n` - 1."""
    return _run().uint32_n(n)


def n(n: Int) -> Int:
    """Return a number from 0 to `n` - 1 of the type of `n`: ``rand.n(10 * time.Second)``."""
    return _run().n(n)


def float64() -> float:
    """Return a number from 0 up to, but not, 1."""
    return _run().float64()


def float32() -> float:
    """Return a number from 0 up to, but not, 1, of the precision of a ``float32``."""
    return _run().float32()


def perm(n: int) -> list[int]:
    """Return the numbers from 0 to `n` - 1 in random order."""
    return _run().perm(n)


def shuffle(n: Any, swap: Callable[[int, int], Any] | None = None) -> None:
    """Bring a list, or `n` things that ``swap(i, j)`` exchanges, into random order."""
    _run().shuffle(n, swap)


def norm_float64() -> float:
    """Return a normally distributed number: mean 0, standard deviation 1."""
    return _run().norm_float64()


def exp_float64() -> float:
    """Return an exponentially distributed number with mean 1."""
    return _run().exp_float64()
