"""Cyclic redundancy checks (Go: ``hash/crc32``)."""

from __future__ import annotations

import zlib
from typing import Any

from gosim.golang.values.slices import Slice


def _bytes(p: Slice) -> Any:
    return p.a[p.o : p.o + p.n] if p.n else b""


def fill(table: Any, poly: int) -> None:
    """Make the table of a polynomial (its bits reversed)."""
    for i in range(256):
        crc = i
        for _ in range(8):
            crc = crc >> 1 ^ poly if crc & 1 else crc >> 1
        table[i] = crc


def ieee(crc: int, p: Slice) -> int:
    """Go on from `crc` with IEEE's polynomial."""
    return zlib.crc32(_bytes(p), crc)


def update(crc: int, table: Any, p: Slice) -> int:
    """Go on from `crc` with any table."""
    crc ^= 0xFFFFFFFF
    for byte in _bytes(p):
        crc = table[crc & 0xFF ^ byte] ^ crc >> 8
    return crc ^ 0xFFFFFFFF
