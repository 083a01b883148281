"""Which steps depend on each other, and which of those could also happen the other way round.

Two steps of different goroutines are *dependent* when their order can be told: by a later step, by
what they return, by the output. Executions that differ only in the order of independent steps are
one trace, and only one of them need be run. ``docs/exploration.md`` has the table in words.

An access is a pair: the key of an object and a mode. A mode is a tuple whose first part is its
kind; sends and receives on a buffered channel have an ordinal and the capacity behind it, and what
changes the counter of a WaitGroup has by how much.

*Ordered* means dependent. *Reversible* means that the second could have happened before the first:
a receive cannot come before the send that fills the buffer, a lock not before the unlock that frees
it.
"""

from __future__ import annotations

from typing import Any, Final, TypeAlias

__all__ = ["Access", "Mode", "changes", "ordered", "reversible"]

Mode: TypeAlias = tuple[Any, ...]
Access: TypeAlias = tuple[str, Mode]

_COMMUTE: Final = frozenset(
    both
    for pair in (
        ("read", "read"),
        # Unbuffered: who meets whom is a matter of the two alone.
        ("meet", "meet"),
        ("meet", "look"),
        # A closed channel that is empty gives zero values for ever; a panic is told elsewhere.
        ("zero", "zero"),
        ("refused", "refused"),
        ("zero", "refused"),
        # A value that is in the buffer is received whether or not the channel is closed by then.
        ("recv", "close"),
        ("look", "look"),
        ("try-", "try-"),
        ("rlock", "rlock"),
        ("rlock", "runlock"),
        ("runlock", "runlock"),
        ("done", "done"),
        # How many goroutines there are.
        ("population", "population"),
        ("count", "count"),
        ("add", "add"),
        ("wait", "wait"),
        # A look in passing sees what changes the channel or the context, and nothing else.
        ("peek", "peek"),
        ("peek", "read"),
        ("peek", "look"),
        ("peek", "zero"),
        ("peek", "refused"),
        ("peek", "cancel"),
        ("peek", "reclose"),
        # A context that is over is not ended again.
        ("cancel", "cancel"),
        ("cancel", "meet"),
        ("cancel", "zero"),
        ("cancel", "look"),
        ("cancel", "recv"),
        # A function that has been called once.
        ("seen", "seen"),
        # Where only the set of lines counts, not their order.
        ("print", "print"),
    )
    for both in (pair, pair[::-1])
)
"""Pairs of kinds of modes that commute."""

_ENABLES: Final = frozenset(
    (
        ("unlock", "lock"),
        ("wunlock", "wlock"),
        ("wunlock", "rlock"),
        ("unlock", "seen"),
        ("done", "wait"),
        ("close", "zero"),
        ("close", "refused"),
        ("send", "recv"),
        ("recv", "send"),
    )
)
"""Pairs of which the second waits for the first."""


_PURE: Final = frozenset(
    (
        *("read", "count", "population", "look", "peek"),
        *("try-", "wait", "zero", "seen", "cancel", "refused"),
    )
)
"""Kinds that leave the object as it was."""


def changes(mode: Mode) -> bool:
    """Return whether an access may change the object."""
    return mode[0] not in _PURE


def ordered(a: Mode, b: Mode) -> bool:
    """Return whether two accesses to one object, `a` before `b`, are dependent."""
    x, y = a[0], b[0]
    if x == "send" and y == "recv":
        # The value it receives; and the rest of the buffer is nobody's business.
        return bool(a[1] == b[1])
    if x == "recv" and y == "send":
        return bool(b[1] == a[1] + b[2])  # the room that the receive made
    if "reclose" in (x, y):
        return "close" in (x, y)  # a panic, whatever else has happened to the channel
    return (x, y) not in _COMMUTE


def reversible(a: Mode, b: Mode) -> bool:
    """Return whether `b` could have come before `a`, which came before it."""
    if b[0] == "look":
        return False  # that nothing is ready is seen earlier or later by other choices
    return (a[0], b[0]) not in _ENABLES and ordered(a, b)
