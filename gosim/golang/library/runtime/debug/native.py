"""What package runtime/debug needs of Python."""

from __future__ import annotations

from typing import Any

from gosim.golang.library.binding import native
from gosim.std import debug

SetGCPercent = debug.set_gc_percent
SetMaxStack = debug.set_max_stack


async def FreeOSMemory() -> None:
    """``debug.FreeOSMemory``."""
    await debug.free_os_memory()


def stack() -> str:
    """Return the stack of the running goroutine; Go's own function is the innermost there."""
    w = current.current_world("debug.Stack")
    return encode(dump(w, [w.g], running_frames(sys._getframe(1))))
