"""What golang.org/x/sync needs of Python (its folder is no Python package)."""

from __future__ import annotations

import sys
from typing import Any

from gosim.golang.library.context.native import seen
from gosim.std import context, errgroup
from gosim.std.semaphore import Weighted


def with_context(ctx: Any) -> tuple[errgroup.Group, Any]:
    """``errgroup.WithContext``."""
    derived, cancel = context.with_cancel_cause(seen(ctx))
    group = errgroup.Group()
    frame = sys._getframe(1)
    group.made_code, group.made_lasti = frame.f_code, frame.f_lasti
    group._wg.made_like(group)
    group._cancel = cancel
    return group, derived


def acquire(s: Weighted, ctx: Any, n: int) -> Any:
    """``(*semaphore.Weighted).Acquire``."""
    return s.acquire(seen(ctx), n)
