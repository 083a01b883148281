"""The generators PCG and ChaCha8, and the tables of the ziggurats."""

from __future__ import annotations

from typing import Any, Final

from gosim.std.generators import chacha8_block
from gosim.std.rand import exponential_tables, normal_tables

_MASK64: Final = (1 << 64) - 1


def PCG_Uint64(p: Any) -> int:
    """Return the next number."""
    low = p.lo
    product = low * 4865540595714422341 + 1442695040888963407
    hi = (
        (product >> 64)
        + p.hi * 4865540595714422341
        + low * 2549297995355413924
        + 6364136223846793005
    ) & _MASK64
    p.lo = low = product & _MASK64
    p.hi = hi
    hi ^= hi >> 32
    hi = hi * 0xDA942042E4DD58B5 & _MASK64
    hi ^= hi >> 48
    return hi * (low | 1) & _MASK64  # type: ignore[no-any-return]


def block(seed: Any, buf: Any, counter: int) -> None:
    """Compute a chunk of ChaCha8."""
    buf[:] = chacha8_block(list(seed), counter)


def normal(i: int) -> tuple[int, float, float, float]:
    """Return a strip of the normal distribution."""
    k, w, f = normal_tables()
    return k[i], w[i], f[i], f[i - 1]


def exponential(i: int) -> tuple[int, float, float, float]:
    """Return a strip of the exponential distribution."""
    k, w, f = exponential_tables()
    return k[i], w[i], f[i], f[i - 1]
