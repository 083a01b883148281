"""Goroutines and what waits in queues for them (Go: ``runtime2.go``, types ``g`` and ``sudog``).

Invariants
----------
- A G is in exactly one place: running (``world.g``), runnable (a run queue), waiting (the queues of
  what it waits for, or the calendar), or dead (nowhere).  So it has no status field: where it is
  is its status.
- A goroutine that waits on one channel is its own sudog: the queue holds the G itself and the
  value travels in ``G.elem``.  Only a ``select`` needs a :class:`Sudog` per case.
"""

from __future__ import annotations

from collections.abc import Coroutine
from types import CodeType
from typing import TYPE_CHECKING, Any, ClassVar, Final

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
HALT: Final = _Token("HALT")
"""The process is over (fatal error): nothing of this goroutine runs any more."""
CLOSED: Final = _Token("CLOSED")
"""Stands in ``elem`` of a waiter that was released by ``close``."""


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
    """

    __slots__ = (
        "coro",
        "elem",
        "go_code",
        "go_lasti",
        "id",
        "parent",
        "pending",
        "wait_reason",
        "waiting",
    )

    select: ClassVar[None] = None  # a G in a queue is a plain waiter, never a select case

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

    def __repr__(self) -> str:
        return f"G{self.id}"


class Select:
    """One blocked ``select``: the first of its sudogs that is fired decides it."""

    __slots__ = ("cases", "fired", "g", "sudogs")

    def __init__(self, g: G, cases: tuple[Any, ...]) -> None:
        self.g = g
        self.cases = cases
        self.fired: Sudog | None = None
        self.sudogs: list[Sudog] = []

    def fire(self, winner: Sudog, elem: Any) -> None:
        """Decide the select: `winner` carries `elem`, the other sudogs leave their queues.

        Go's woken goroutine does this clean-up itself; done here, no queue ever shows a waiter
        that cannot be released any more, except the tombstones that ``Chan.discard`` counts.
        """
        self.fired = winner
        winner.elem = elem
        for sg in self.sudogs:
            if sg is not winner:
                queue = sg.ch.sendq if sg.sending else sg.ch.recvq
                if queue is not None:
                    if queue[-1] is sg:
                        queue.pop()
                    else:
                        sg.ch.discard(queue, sg)


class Sudog:
    """One case of a blocked ``select`` in a channel's queue."""

    __slots__ = ("ch", "elem", "index", "select", "sending")

    def __init__(self, select: Select, index: int, ch: Chan[Any], sending: bool, elem: Any) -> None:
        self.select = select
        self.index = index
        self.ch = ch
        self.sending = sending
        self.elem = elem
