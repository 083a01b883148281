"""What package runtime/debug needs of Python."""

from __future__ import annotations

import sys

from gosim.golang.library.stacks import dump, running_stack
from gosim.golang.values.strings import encode
from gosim.runtime import current
from gosim.std import debug

SetGCPercent = debug.set_gc_percent
SetMaxStack = debug.set_max_stack


async def FreeOSMemory() -> None:
    """``debug.FreeOSMemory``."""
    await debug.free_os_memory()


def stack() -> str:
    """Return the stack of the running goroutine; Go's own function is the innermost there."""
    w = current.current_world("debug.Stack")
    return encode(dump(w, [w.g], running_stack(sys._getframe(1))))
