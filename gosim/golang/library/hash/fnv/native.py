"""Fowler, Noll and Vo's hash functions (Go: ``hash/fnv``)."""

from __future__ import annotations

from typing import Any, Final

from gosim.golang.values.slices import Slice

_PRIME128: Final = (1 << 88) + 0x13B


def _step(state: int, data: Slice, a: bool, prime: int, mask: int) -> int:
    cells: Any = data.a[data.o : data.o + data.n] if data.n else b""
    if a:
        for byte in cells:
            state = (state ^ byte) * prime & mask
    else:
        for byte in cells:
            state = state * prime & mask ^ byte
    return state


def step32(state: int, data: Slice, a: bool) -> int:
    """Go on with 32 bits."""
    return _step(state, data, a, 16777619, (1 << 32) - 1)


def step64(state: int, data: Slice, a: bool) -> int:
    """Go on with 64 bits."""
    return _step(state, data, a, 1099511628211, (1 << 64) - 1)


def step128(high: int, low: int, data: Slice, a: bool) -> tuple[int, int]:
    """Go on with 128 bits."""
    state = _step(high << 64 | low, data, a, _PRIME128, (1 << 128) - 1)
    return state >> 64, state & (1 << 64) - 1
