"""Integer arithmetic that Python does not do as Go (spec "Arithmetic operators", "Conversions").

Values are Python integers in the range of their type. Generated code tests in line whether a
result is in range and comes here when it is not.
"""

from __future__ import annotations

from collections.abc import Callable

from gosim.golang.values.panics import divide_panic

__all__ = ["RANGES", "wrapper"]

#: Lowest and highest value of each integer type.
RANGES: dict[str, tuple[int, int]] = {
    **{f"int{n}": (-(1 << n - 1), (1 << n - 1) - 1) for n in (8, 16, 32, 64)},
    **{f"uint{n}": (0, (1 << n) - 1) for n in (8, 16, 32, 64)},
}
RANGES["int"] = RANGES["int64"]
RANGES["uint"] = RANGES["uintptr"] = RANGES["uint64"]


def wrap_int64(x: int) -> int:
    """Return `x` modulo 2**64 as an int64."""
    x &= 0xFFFFFFFFFFFFFFFF
    return x - 0x10000000000000000 if x > 0x7FFFFFFFFFFFFFFF else x


def wrap_int32(x: int) -> int:
    """Return `x` modulo 2**32 as an int32."""
    x &= 0xFFFFFFFF
    return x - 0x100000000 if x > 0x7FFFFFFF else x


def wrap_int16(x: int) -> int:
    """Return `x` modulo 2**16 as an int16."""
    x &= 0xFFFF
    return x - 0x10000 if x > 0x7FFF else x


def wrap_int8(x: int) -> int:
    """Return `x` modulo 2**8 as an int8."""
    x &= 0xFF
    return x - 0x100 if x > 0x7F else x


def wrapper(kind: str) -> Callable[[int], int]:
    """Return what brings any integer into the range of a type."""
    low, high = RANGES[kind]
    if not low:
        return lambda x: x & high
    return {127: wrap_int8, 32767: wrap_int16, 0x7FFFFFFF: wrap_int32}.get(high, wrap_int64)


def quotient(a: int, b: int) -> int:
    """Return ``a / b`` truncated towards zero; the caller wraps (the lowest divided by -1)."""
    if not b:
        divide_panic()
    if (a >= 0) == (b > 0):
        return a // b
    return -(-a // b)


def remainder(a: int, b: int) -> int:
    """Return ``a % b``, which has the sign of `a`."""
    if not b:
        divide_panic()
    if b < 0:
        b = -b
    return a % b if a >= 0 else -(-a % b)
