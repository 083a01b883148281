"""Counting and turning bits, and arithmetic of two words (Go: ``math/bits``)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from gosim.golang.values.panics import divide_panic
from gosim.runtime.panic import runtime_error

_Unary = Callable[[int], int]

Len = Len8 = Len16 = Len32 = Len64 = int.bit_length
OnesCount = OnesCount8 = OnesCount16 = OnesCount32 = OnesCount64 = int.bit_count


def _leading(width: int) -> _Unary:
    def leading_zeros(x: int) -> int:
        return width - x.bit_length()

    return leading_zeros


def _trailing(width: int) -> _Unary:
    def trailing_zeros(x: int) -> int:
        return (x & -x).bit_length() - 1 if x else width

    return trailing_zeros


def _rotate(width: int) -> Callable[[int, int], int]:
    mask = (1 << width) - 1

    def rotate_left(x: int, k: int) -> int:
        k %= width
        return (x << k | x >> width - k) & mask

    return rotate_left


_TURNED: Final = bytes(int(f"{x:08b}"[::-1], 2) for x in range(256))


def _reverse(size: int) -> _Unary:
    def reverse(x: int) -> int:
        return int.from_bytes(x.to_bytes(size, "little").translate(_TURNED), "big")

    return reverse


def _reverse_bytes(size: int) -> _Unary:
    def reverse_bytes(x: int) -> int:
        return int.from_bytes(x.to_bytes(size, "little"), "big")

    return reverse_bytes


LeadingZeros8, LeadingZeros16, LeadingZeros32, LeadingZeros64 = map(_leading, (8, 16, 32, 64))
TrailingZeros8, TrailingZeros16, TrailingZeros32, TrailingZeros64 = map(_trailing, (8, 16, 32, 64))
RotateLeft8, RotateLeft16, RotateLeft32, RotateLeft64 = map(_rotate, (8, 16, 32, 64))
Reverse8, Reverse16, Reverse32, Reverse64 = map(_reverse, (1, 2, 4, 8))
ReverseBytes16, ReverseBytes32, ReverseBytes64 = map(_reverse_bytes, (2, 4, 8))
LeadingZeros, TrailingZeros, RotateLeft = LeadingZeros64, TrailingZeros64, RotateLeft64
Reverse, ReverseBytes = Reverse64, ReverseBytes64

_Words = Callable[[int, int, int], tuple[int, int]]


def _add(width: int) -> _Words:
    mask = (1 << width) - 1

    def add(x: int, y: int, carry: int) -> tuple[int, int]:
        # Go's carry for a carry in that is neither 0 nor 1 is that of its bit formula.
        total = (x + y + carry) & mask
        return total, ((x & y) | ((x | y) & ~total)) >> width - 1 & 1

    return add


def _sub(width: int) -> _Words:
    mask = (1 << width) - 1

    def sub(x: int, y: int, borrow: int) -> tuple[int, int]:
        rest = (x - y - borrow) & mask
        return rest, ((~x & y) | (~(x ^ y) & rest)) >> width - 1 & 1

    return sub


def _mul(width: int) -> Callable[[int, int], tuple[int, int]]:
    mask = (1 << width) - 1

    def mul(x: int, y: int) -> tuple[int, int]:
        product = x * y
        return product >> width, product & mask

    return mul


def _div(width: int) -> _Words:
    def div(hi: int, lo: int, y: int) -> tuple[int, int]:
        if not y:
            divide_panic()
        if y <= hi:
            raise runtime_error("integer overflow")
        return divmod(hi << width | lo, y)

    return div


def _rem(width: int) -> Callable[[int, int, int], int]:
    def rem(hi: int, lo: int, y: int) -> int:
        if not y:
            divide_panic()
        return (hi << width | lo) % y

    return rem


Add32, Add64 = map(_add, (32, 64))
Sub32, Sub64 = map(_sub, (32, 64))
Mul32, Mul64 = map(_mul, (32, 64))
Div32, Div64 = map(_div, (32, 64))
Rem32, Rem64 = map(_rem, (32, 64))
Add, Sub, Mul, Div, Rem = Add64, Sub64, Mul64, Div64, Rem64
