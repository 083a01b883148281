"""Which characters can be printed: Go's tables may be newer than those of the Python that runs."""

from __future__ import annotations

from gosim.std import strconv

__all__ = ["newer"]


def newer(c: str) -> bool:
    """Tell whether a character that Python does not know can be printed."""
    from gosim.golang.library import native

    tables = native("unicode")
    return tables is not None and bool(tables.IsPrint(ord(c)))


strconv.newer = newer
