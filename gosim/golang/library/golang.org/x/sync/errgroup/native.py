"""What package errgroup needs of Python."""

from __future__ import annotations

import sys
from typing import Any

from gosim.golang.library.context.native import seen
from gosim.std import context, errgroup


def WithContext(ctx: Any) -> tuple[errgroup.Group, Any]:
    """``errgroup.WithContext``."""
    derived, cancel = context.with_cancel_cause(seen(ctx))
    group = errgroup.Group()
    frame = sys._getframe(1)
    group.made_code, group.made_lasti = frame.f_code, frame.f_lasti
    group._wg.made_like(group)
    group._cancel = cancel
    return group, derived
