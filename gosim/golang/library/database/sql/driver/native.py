"""What package driver needs of Python: to look through named types and pointers."""

from __future__ import annotations

from typing import Any

from gosim.golang.library.fmt import reading
from gosim.golang.values import rtype as types

_SIGNED = range(types.INT, types.INT64 + 1)
_UNSIGNED = range(types.UINT, types.UINTPTR + 1)


def plain(v: Any) -> tuple[Any, int]:
    if v is None:
        return None, types.INVALID
    t = reading.type_of(v)
    raw = types.unbox(v)
    kind = t.kind
    if kind in _SIGNED:
        return types.BASIC["int64"].box(raw), kind
    if kind in _UNSIGNED:
        return types.BASIC["uint64"].box(raw), kind
    if kind in (types.FLOAT32, types.FLOAT64):
        return float(raw), kind
    if kind in (types.BOOL, types.STRING):
        return raw, kind
    if kind == types.SLICE and t.elem is not None and t.elem.kind == types.UINT8:
        return types.slice_of(types.BASIC["uint8"]).box(raw), kind
    return None, kind


def pointed(v: Any) -> tuple[Any, bool]:
    t = reading.type_of(v)
    raw = types.unbox(v)
    if raw is None or t.elem is None:
        return None, False
    return t.elem.box(reading.target(raw, t)), True
