"""What decides about the steps of one execution after the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gosim.explore.step import Label, Step

if TYPE_CHECKING:
    from gosim.explore.control import Control
    from gosim.runtime.g import G

__all__ = ["Strategy"]


class Strategy:
    """A way through the schedules of a program; subclasses override what they decide.

    For each execution `begin`, then `choose` and `took` in turn, then `advance`.

    Attributes
    ----------
    name : str
        As written after ``--strategy``.
    cut : bool
        The execution that goes on or went last was not worth its end: it is told apart from those
        that were explored.
    blocked : int
        Executions that were cut.
    repeated : bool
        The execution that went last is of a trace that had been met: it is not counted again.
        Strategies that do not know leave it False.
    bound : str or None
        What keeps the search from being complete, in words; None when it covers every trace.
    """

    name = "strategy"
    bound: str | None = None

    def __init__(self) -> None:
        self.cut = False
        self.repeated = False
        self.blocked = 0

    def begin(self, control: Control) -> None:
        """Begin the next execution, whose steps `control` takes."""

    def choose(self, enabled: Sequence[Label]) -> Label | None:
        """Return the step to take, one of `enabled`, or None to end the execution here."""
        raise NotImplementedError

    def took(self, step: Step) -> None:
        """Hear of a step that is over."""

    def puts_off(self, g: G, waiting: int) -> None:
        """Hear that `g` prints: a step that is still to come, the last of so many."""

    def advance(self, control: Control) -> bool:
        """Learn from the execution that has ended; return whether there is another one to do."""
        return False
