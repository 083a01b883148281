"""The registers of ``rand.NewSource`` and the tables of the ziggurats."""

from __future__ import annotations

from typing import Any, Final

from gosim.runtime.current import current_world
from gosim.std.generators import LENGTH, seeded
from gosim.std.rand import exponential_tables, normal_tables

_MASK64: Final = (1 << 64) - 1
_MASK63: Final = (1 << 63) - 1


def fill(vec: Any, seed: int) -> None:
    """Fill a register."""
    vec[:] = seeded(seed)


def rngSource_Uint64(s: Any) -> int:
    """Return the next number."""
    tap = s.tap - 1
    if tap < 0:
        tap += LENGTH
    s.tap = tap
    feed = s.feed - 1
    if feed < 0:
        feed += LENGTH
    s.feed = feed
    vec = s.vec
    vec[feed] = x = (vec[feed] + vec[tap]) & _MASK64
    return x  # type: ignore[no-any-return]


def rngSource_Int63(s: Any) -> int:
    """Return the next number without its highest bit."""
    return rngSource_Uint64(s) & _MASK63


def normal(i: int) -> tuple[int, float, float, float]:
    """Return a strip of the normal distribution."""
    k, w, f = normal_tables()
    return k[i], w[i], f[i], f[i - 1]


def exponential(i: int) -> tuple[int, float, float, float]:
    """Return a strip of the exponential distribution."""
    k, w, f = exponential_tables()
    return k[i], w[i], f[i], f[i - 1]


def seedIgnored() -> bool:
    """Report whether the function Seed does nothing."""
    return current_world("rand.Seed").version.rand_seed_ignored
