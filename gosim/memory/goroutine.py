"""What goroutines, and those that wait, cost (Go: ``runtime2.go``, ``proc.go``, ``chan.go``).

A goroutine is its stack (`gosim.memory.stack`), its descriptor (type ``g``), one place in the table
``allgs``, and, while it waits, one ``sudog`` for each channel or lock, or a timer. Descriptor and
place are never freed: the next goroutine takes them over. Sudogs go to the processor, which keeps
up to 128 of them; a collection frees the others.  `gosim.memory.descriptors` puts all that on a
heap; here are the numbers alone, for runs that have none.

What a blocked goroutine adds to ``HeapAlloc`` (go-facts §5.1) is exactly:

=================  ==========================================================================
always             ``g_struct_bytes``, and its share of ``allgs``
channel operation  a sudog; none if the channel is nil
``select``         a sudog for each case whose channel is not nil
lock of ``sync``   a sudog; so do ``WaitGroup.Wait`` and ``Cond.Wait``
``time.Sleep``     a timer, and its share of the processor's heap of timers
``<-time.After``   a sudog; channel, its buffer, timer, its share of the heap of timers
=================  ==========================================================================
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from gosim.memory.features import MemoryFeatures

__all__ = ["STACK_MIN", "channel_parts", "goroutine_bytes", "sudogs_of"]

STACK_MIN: Final = 2048
"""Bytes of the stack a goroutine starts with (``stackMin``)."""

_NO_SUDOG: Final = frozenset(
    {
        "",
        "chan receive (nil chan)",
        "chan send (nil chan)",
        "select (no cases)",
        "sleep",
        "finalizer wait",
        "cleanup wait",
        "synctest.Run",
        "synctest.Wait",
        "coroutine",
    }
)


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


def sudogs_of(wait_reason: str, cases: int = 1) -> int:
    """Return the sudogs of one goroutine that waits.

    Parameters
    ----------
    wait_reason : str
        Go's text in dumps; empty if it does not wait.
    cases : int
        The cases of its ``select`` whose channel is not nil; ignored for all other waits.

    Examples
    --------
    >>> sudogs_of("chan receive"), sudogs_of("select", 2), sudogs_of("chan send (nil chan)")
    (1, 2, 0)
    """
    if wait_reason == "select":
        return cases
    return 0 if wait_reason in _NO_SUDOG else 1


def channel_parts(
    elem_size: int, cap: int, noscan: bool, features: MemoryFeatures
) -> list[tuple[int, bool]]:
    """Return size and noscan of the objects that a channel is made of (``makechan``).

    Parameters
    ----------
    elem_size, noscan
        Bytes of an element, and whether it holds no pointers. A ``time.Time`` is 24 bytes with one.
    cap : int
        Elements the buffer holds.
    features : MemoryFeatures
        The version.

    Examples
    --------
    >>> from gosim.memory.features import features
    >>> channel_parts(8, 4, True, features("1.22")), channel_parts(24, 1, False, features("1.22"))
    ([(128, True)], [(96, False), (24, False)])
    """
    record, buffer = features.hchan_bytes, elem_size * cap
    if noscan or not buffer:
        return [(record + buffer, True)]  # in one piece
    return [(record, False), (buffer, False)]
