"""Goroutines, and what stands in queues for them (Go: ``runtime2.go``, ``g`` and ``sudog``).

Invariants
----------
- A G is in exactly one place: running (``world.g``), runnable (a run queue), waiting (the queues of
  what it waits for, or the calendar), or dead (nowhere).  So it has no status field: where it is
  is its status.
- A goroutine that waits on one channel is its own sudog: the queue holds the G itself and the
  value travels in ``G.elem``.  A blocked ``select``
  stands in several queues as one :class:`Select`.
"""

from __future__ import annotations

from collections.abc import Coroutine
from types import CodeType
from typing import TYPE_CHECKING, Any, Final, final

if TYPE_CHECKING:
    from gosim.runtime.chan import Chan


class _Token:
    """What an operation yields to the scheduler."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


PARK: Final = _Token("PARK")
"""The goroutine waits; whoever releases it calls ``world.ready``."""
CHOICE: Final = _Token("CHOICE")
"""The goroutine is about to act (``G.pending`` says how) and may be overtaken first."""
SAFE: Final = _Token("SAFE")
"""``G.elem`` is to be called while every goroutine is suspended, and then this one goes on."""
HALT: Final = _Token("HALT")
"""The process is over (fatal error): nothing of this goroutine runs any more."""
CLOSED: Final = _Token("CLOSED")
"""Stands in ``elem`` of a waiter that was released by ``close``."""


@final
class G:
    """One goroutine.

    Attributes
    ----------
    id : int
        Goroutine ID as in Go's dumps; main is 1.
    coro
        The suspended coroutine; None once the run is over.
    wait_reason : str
        Go's text for why it waits; meaningful only while it waits.
    waiting
        The object it waits for, a tuple of select cases, or None (sleep).
    elem
        The value in transit while it waits on one channel; ``CLOSED`` after a close.
    pending
        Under an exploring policy: (kind, objects) of the operation it is about to do.
    parent : int
        ID of the goroutine that started it.
    go_code, go_lasti
        Where the ``go`` statement stands.
    slot : int
        Its place in Go's ``allgs``, which a goroutine takes over from a dead one: dumps are printed
        in this order.
    """

    __slots__ = (
        "coro",
        "elem",
        "go_code",
        "go_lasti",
        "id",
        "parent",
        "pending",
        "slot",
        "wait_reason",
        "waiting",
    )

    def __init__(self, id: int, coro: Coroutine[Any, Any, Any] | None) -> None:
        self.id = id
        self.coro = coro
        self.wait_reason = ""
        self.waiting: Any = None
        self.elem: Any = None
        self.pending: tuple[Any, ...] | None = None
        self.parent = 0
        self.go_code: CodeType | None = None
        self.go_lasti = 0
        self.slot = 0

    def __repr__(self) -> str:
        return f"G{self.id}"


class Select:
    """One blocked ``select``: all of its sudogs in one.

    It stands once in the queue of every channel and direction that it waits for.  The first partner
    that takes it out of one of them decides it; then it leaves the others, except where it stays in
    a long queue as a tombstone (``fired`` tells) until it reaches the front or is swept.

    Attributes
    ----------
    cases
        A channel for each case that receives, ``(channel, value)`` for each that sends; the channel
        is None, or a nil channel, where it is nil.
    stands
        The same, with None where another case does the same on the same channel.
    fired : int
        Index of the case that was decided for; -1 while it waits.
    elem
        The value received, or ``CLOSED``.
    """

    __slots__ = ("cases", "elem", "fired", "g", "stands")

    def __init__(self, g: G, cases: tuple[Any, ...]) -> None:
        self.g = g
        self.cases = self.stands = cases
        self.fired = -1
        self.elem: Any = None

    def fire(self, ch: Chan[Any], sending: bool) -> Any:
        """Decide for the case that sends to (or receives from) `ch`; return the value it sends.

        Go's woken goroutine leaves the other queues itself.  Done here, no queue ever shows a
        waiter that cannot be released any more, except the tombstones that ``Chan.dead`` counts.
        """
        i = -1
        value = None
        for case in self.stands:
            i += 1
            if type(case) is tuple:
                other, what = case
                if other is ch and sending:
                    self.fired = i
                    value = what
                    continue
                queue = other.sendq
            elif case is ch and not sending:
                self.fired = i
                continue
            elif case is None:
                continue
            else:
                other = case
                queue = other.recvq
            if queue:
                if queue[-1] is self:
                    queue.pop()
                else:
                    other.discard(queue, self)
        return value

    def parts(self) -> list[tuple[Chan[Any], bool, Any]]:
        """Return (channel, sends, value) of the cases that can be released."""
        sides = [
            (case[0], True, case[1]) if type(case) is tuple else (case, False, None)
            for case in self.cases
        ]
        return [side for side in sides if side[0] is not None and not side[0].is_nil]
