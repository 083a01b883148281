"""What one goroutine costs (Go: ``stack.go``, ``runtime2.go``).

Three pieces: its first stack, its descriptor (type ``g``) and one ``sudog`` for each channel or
lock it waits for.  Sizes of the last two differ by version and are given by the caller
(``gosim.runtime.version``).
"""

from __future__ import annotations

from typing import Final

STACK_MIN: Final = 2048
"""Bytes of the stack a goroutine starts with (``stackMin``)."""


def goroutine_bytes(
    g_struct_bytes: int, sudog_bytes: int, sudogs: int = 0, stack: int = STACK_MIN
) -> int:
    """Return the bytes one goroutine keeps for itself, without what it refers to.

    Parameters
    ----------
    g_struct_bytes : int
        Its descriptor, rounded up to a size class.
    sudog_bytes : int
        One entry of a wait queue.
    sudogs : int
        The queues it waits in.
    stack : int
        Its stack.

    Examples
    --------
    >>> goroutine_bytes(480, 112, 1)
    2640
    """
    return stack + g_struct_bytes + sudog_bytes * sudogs
