"""What package semaphore needs of Python."""

from __future__ import annotations

from typing import Any

from gosim.golang.library.context.native import seen
from gosim.std.semaphore import Weighted


def Weighted_Acquire(s: Weighted, ctx: Any, n: int) -> Any:
    """``(*Weighted).Acquire``."""
    return s.acquire(seen(ctx), n)
