"""The random generators behind Go's sources: one that adds two of its last 607 numbers, and ChaCha8
(Go: ``math/rand/rng.go``, ``gen_cooked.go``, ``internal/chacha8rand``).
"""

from __future__ import annotations

from functools import cache
from typing import Final

LENGTH: Final = 607
TAP: Final = 273
_MASK64: Final = (1 << 64) - 1
_PRIME: Final = (1 << 31) - 1

# Polynomials of degree below 607 with coefficients modulo 2**64 as one integer, 18 bytes for each:
# a product of two of them never carries from one coefficient into the next.
_BYTES: Final = 18
_BITS: Final = 8 * _BYTES


def _next(x: int) -> int:
    """Return the successor in Lehmer's generator, which does the seeding."""
    return 48271 * x % _PRIME


def _filled(seed: int, high: int, low: int) -> list[int]:
    """Return a register made of Lehmer's numbers."""
    x = seed
    for _ in range(20):
        x = _next(x)
    register = []
    for _ in range(LENGTH):
        x = _next(x)
        u = x << high
        x = _next(x)
        u ^= x << low
        x = _next(x)
        register.append(u ^ x)
    return register


def _packed(coefficients: list[int]) -> int:
    return int.from_bytes(b"".join(c.to_bytes(_BYTES, "little") for c in coefficients), "little")


@cache
def cooked() -> tuple[int, ...]:
    """Return the register that every seeding starts from.

    Go prints it as a table: a register seeded with 1, after 7.8e12 numbers.  The generator is
    linear, so the state so far ahead is the remainder of t**7.8e12 by its characteristic polynomial
    t**607 - t**334 - 1, applied to the first state.
    """
    steps = 7_800_000_000_000
    size = LENGTH * _BITS
    keep = int.from_bytes((b"\xff" * 8 + b"\0" * (_BYTES - 8)) * (2 * LENGTH), "little")
    lower = (1 << size) - 1

    def reduced(p: int) -> int:
        # t**607 is t**334 + 1; three rounds, as what comes in at t**334 can reach beyond again.
        for _ in range(3):
            p &= keep
            high = p >> size
            p = (p & lower) + high + (high << (LENGTH - TAP) * _BITS)
        return p & keep & lower

    power = 1
    for bit in f"{steps:b}":
        power = reduced(power * power)
        if bit == "1":
            power = reduced(power << _BITS)

    first = _filled(1, 20, 10)
    # The generator goes through its register backwards, beginning at LENGTH - TAP.
    past = [first[(LENGTH - TAP - n) % LENGTH] for n in range(1, LENGTH + 1)]
    for i in range(LENGTH - 1):
        past.append((past[i] + past[i + LENGTH - TAP]) & _MASK64)
    # All sums of coefficients and numbers at once are a product with one of them reversed.
    raw = power.to_bytes(LENGTH * _BYTES, "little")
    coefficients = [int.from_bytes(raw[i : i + 8], "little") for i in range(0, len(raw), _BYTES)]
    product = _packed(coefficients[::-1]) * _packed(past)
    raw = product.to_bytes(3 * LENGTH * _BYTES, "little")
    register = [0] * LENGTH
    for k in range(LENGTH):
        at = (k + LENGTH - 1) * _BYTES
        n = steps + 1 - LENGTH + k
        register[(LENGTH - TAP - n) % LENGTH] = int.from_bytes(raw[at : at + 8], "little")
    return tuple(register)


def seeded(seed: int) -> list[int]:
    """Return the register of ``rand.NewSource(seed)``, numbers of 64 bits."""
    # Go's remainder has the sign of the seed, to which the prime is then added.
    seed %= _PRIME
    return [a ^ b for a, b in zip(_filled(seed or 89482311, 40, 20), cooked(), strict=True)]


def chacha8_block(seed: list[int], counter: int) -> list[int]:
    """Return 32 numbers of 64 bits: four interlaced blocks of ChaCha with 8 rounds.

    Parameters
    ----------
    seed : list of int
        Four numbers of 64 bits.
    counter : int
        Of the first block.
    """
    mask = 0xFFFFFFFF
    key = [word for s in seed for word in (s & mask, s >> 32)]
    blocks = []
    for number in range(counter, counter + 4):
        b = [0x61707865, 0x3320646E, 0x79622D32, 0x6B206574, *key, number, 0, 0, 0]
        for _ in range(4):
            for i, j, k, m in _QUARTERS:
                p, q, r, s = b[i], b[j], b[k], b[m]
                p = p + q & mask
                s ^= p
                s = (s << 16 | s >> 16) & mask
                r = r + s & mask
                q ^= r
                q = (q << 12 | q >> 20) & mask
                p = p + q & mask
                s ^= p
                s = (s << 8 | s >> 24) & mask
                r = r + s & mask
                q ^= r
                b[i], b[j], b[k], b[m] = p, (q << 7 | q >> 25) & mask, r, s
        for i, word in enumerate(key, 4):
            b[i] = b[i] + word & mask
        blocks.append(b)
    return [blocks[n][i] | blocks[n + 1][i] << 32 for i in range(16) for n in (0, 2)]


_QUARTERS: Final = (
    (0, 4, 8, 12),
    (1, 5, 9, 13),
    (2, 6, 10, 14),
    (3, 7, 11, 15),
    (0, 5, 10, 15),
    (1, 6, 11, 12),
    (2, 7, 8, 13),
    (3, 4, 9, 14),
)
