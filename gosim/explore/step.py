"""The steps that an execution is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from gosim.explore.dependence import Access, ordered

__all__ = ["STDOUT", "ALONE", "CLOCK", "Label", "Operation", "Side", "Step", "commute", "dependent"]

CLOCK: Final = "clock"
"""The process that fires timers; each timer that can come at any moment is one of its own, whose
name begins so: ``clock:main#3``, ``clock:main/2`` for the sleep of a goroutine."""
ALONE: Final = ""
STDOUT: Final = "stdout"
"""The object that all who print share, and all who end the process."""


class Label(NamedTuple):
    """What is done next: the name of a step before it is taken.

    Attributes
    ----------
    who : str
        The goroutine, by its way from main: ``main/2/1`` is the first that the second that main
        started has started.
    case : int
        The case of its select; -1 where there is none, -2 for ``default``.
    partner : str
        The receiver, where the step is a meeting on an unbuffered channel (`who` sends).
    partner_case : int
        The case of the receiver's select.
    """

    who: str
    case: int = -1
    partner: str = ALONE
    partner_case: int = -1

    @property
    def goroutines(self) -> tuple[str, ...]:
        """Who takes part."""
        return (self.who, self.partner) if self.partner else (self.who,)

    @property
    def timer(self) -> bool:
        """Whether it happens because of a timer."""
        return self.who.startswith(CLOCK)

    def __str__(self) -> str:
        text = self.who if self.case == -1 else f"{self.who}[{self.case}]"
        if self.partner:
            text += f" → {self.partner}"
            if self.partner_case != -1:
                text += f"[{self.partner_case}]"
        return text

    @classmethod
    def parse(cls, text: str) -> Label:
        """Return the label that ``str`` made such a text of.

        Examples
        --------
        >>> Label.parse("main/1[0] → main/2")
        Label(who='main/1', case=0, partner='main/2', partner_case=-1)
        """
        parts: list[Any] = []
        for side in text.split(" → "):
            who, bracket, case = side.rstrip("]").partition("[")
            parts += [who, int(case) if bracket else -1]
        return cls(*parts)


class Side(NamedTuple):
    """One thing that an operation would do on a channel.

    Attributes
    ----------
    case : int
        Number of the case; -1 for a plain operation.
    sends : bool
    channel : str
        Key of the channel.
    cap : int
        Its capacity.
    """

    case: int
    sends: bool
    channel: str
    cap: int


@dataclass(slots=True, eq=False)
class Operation:
    """Something that a goroutine announced, whether it came to it or not.

    Attributes
    ----------
    who : str
        The goroutine.
    sides : tuple of Side
        What it could do on channels; empty for everything else.
    default : bool
        It has a ``default``.
    wanted : tuple of Access
        What it would access where that is no channel and it has to wait.
    arrival : int
        Steps that happen before it is announced, as a bit mask.
    taken : int
        Index of the step that did it; -1 while it waits.
    ended : int
        Index of the step that stopped the timer whose operation it is; -1 if none did.
    others : tuple of Label
        What could be done instead at the moment when it was taken, and touches the same.
    came : int
        How many steps had been taken when it was announced.
    spins : bool
        It would do once more what changes nothing (`gosim.explore.livelock`), or is a ticker.
    """

    who: str
    sides: tuple[Side, ...] = ()
    default: bool = False
    wanted: tuple[Access, ...] = ()
    arrival: int = 0
    taken: int = -1
    ended: int = -1
    others: tuple[Label, ...] = ()
    came: int = 0
    spins: bool = False


@dataclass(slots=True, eq=False)
class Step:
    """A step that was taken.

    Attributes
    ----------
    label : Label
    who : tuple of str
        The goroutines that take part.
    accesses : tuple of Access
        What it touched.
    wakes : tuple of str
        Goroutines that can go on because of it.
    born : tuple of str
        Goroutines that it started.
    before : int
        Indices of the steps that happen before it, and its own, as a bit mask.
    died : bool
        It ended the process.
    emptied : str
        The WaitGroup whose counter it brought to zero.
    text : str
        The operation, for people.
    place : tuple of (str, int) or None
        File and line of the first one of `who`.
    """

    label: Label
    who: tuple[str, ...]
    accesses: tuple[Access, ...] = ()
    wakes: tuple[str, ...] = ()
    born: tuple[str, ...] = ()
    before: int = 0
    died: bool = False
    emptied: str = ""
    text: str = ""
    place: tuple[str, int] | None = None
    operations: list[Operation] = field(default_factory=list)


def dependent(a: Step, b: Step) -> bool:
    """Return whether the order of two steps, of which each could come first, matters."""
    for one in a.who:
        if one in b.who:
            return True
    if a.wakes and not set(a.wakes).isdisjoint(b.who):
        return True
    if b.wakes and not set(b.wakes).isdisjoint(a.who):
        return True
    for key, mode in a.accesses:
        for other, what in b.accesses:
            if key == other and (ordered(mode, what) or ordered(what, mode)):
                return True
    return False


def commute(step: Step, taken: Step) -> bool:
    """Return whether `step` is the same one after `taken` as before it.

    Two ``Done`` do not depend on each other, and yet one that finds the counter at zero panics.
    """
    if dependent(step, taken):
        return False
    for one, other in ((step, taken), (taken, step)):
        key = one.emptied
        if key and any(k == key for k, _ in other.accesses):
            return False
    return True
