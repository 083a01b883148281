"""Knobs of the collector (Go: package ``runtime/debug``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gosim.runtime.current import current_world
from gosim.runtime.errors import UsageError
from gosim.runtime.panic import caller_line

if TYPE_CHECKING:
    from gosim.runtime.forms import Operation

__all__ = ["free_os_memory", "set_gc_percent", "set_memory_limit", "set_max_stack"]


def _number(value: object, name: str, wanted: str) -> int:
    if not isinstance(value, int):
        raise UsageError(f"{name}() takes {wanted}, not {value!r}", *caller_line())
    return value


def free_os_memory() -> Operation[None]:
    """Run a collection and give every idle page back to the system (``FreeOSMemory``)."""
    memory = current_world("debug.free_os_memory()").memory_of()
    return memory.awaited(memory.whole_collection(memory.free_os_memory), "free_os_memory")


def set_gc_percent(percent: int) -> int:
    """Set ``GOGC`` and return what it was; negative is ``off`` (``SetGCPercent``)."""
    heap = current_world("debug.set_gc_percent()").memory_of().heap
    return heap.set_gc_percent(_number(percent, "set_gc_percent", "a number of percent"))


def set_memory_limit(limit: int) -> int:
    """Set ``GOMEMLIMIT`` in bytes and return what it was (``SetMemoryLimit``).

    A negative limit changes nothing; ``math.MaxInt64`` (9223372036854775807) is none.
    """
    heap = current_world("debug.set_memory_limit()").memory_of().heap
    return heap.set_memory_limit(_number(limit, "set_memory_limit", "a number of bytes"))


def set_max_stack(size: int) -> int:
    """Set the most bytes that one goroutine's stack may have; return what it was."""
    stacks = current_world("debug.set_max_stack()").memory_of().stacks
    old, stacks.limit = stacks.limit, size
    return old
