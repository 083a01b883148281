"""What strategies that draw schedules at random have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gosim.explore.step import Step
from gosim.explore.strategy import Strategy
from gosim.explore.trace import Hasher

if TYPE_CHECKING:
    from gosim.explore.control import Control

__all__ = ["Sampling", "schedules"]


def schedules(n: int) -> str:
    """Return a number of schedules in words."""
    return "1 schedule" if n == 1 else f"{n} schedules"


class Sampling(Strategy):
    """Draws one schedule after the other; subclasses say how.

    Number `i` depends on the seed and on `i` alone, so that any range can be drawn anywhere.

    Parameters
    ----------
    samples : int, optional
        How many to draw; without end when it is left out, until a budget is used up.
    seed : int
        Of all that is drawn.
    first : int
        Number of the first one.

    Attributes
    ----------
    drawn : int
        Executions so far.
    traces : set of int
        The numbers of the traces met.
    distinct : int
        How many those are.
    met : bool
        The execution that has just ended (until `advance`) is of a trace that had been met.
    """

    def __init__(self, samples: int | None = None, seed: int = 0, first: int = 0) -> None:
        super().__init__()
        self.samples = samples
        self.seed = seed
        self.first = first
        self.drawn = 0
        self.traces: set[int] = set()
        self._hasher = Hasher()

    @property
    def distinct(self) -> int:
        """How many different traces were met."""
        return len(self.traces)

    @property
    def met(self) -> bool:
        """Whether the execution that has just ended is of a trace that had been met."""
        return self._hasher.value in self.traces

    @property
    def number(self) -> int:
        """Number of the execution under way."""
        return self.first + self.drawn

    def told(self) -> str:
        """Say how many were drawn."""
        return f"{schedules(self.drawn)} drawn at random, {len(self.traces)} of them different"

    def begin(self, control: Control) -> None:
        """Begin the next one."""
        self._hasher = Hasher()

    def took(self, step: Step) -> None:
        """Take a step into the number of the trace."""
        self._hasher.add(step)

    def advance(self, control: Control) -> bool:
        """Count; go on until there are enough."""
        self.drawn += 1
        self.traces.add(self._hasher.value)
        return self.samples is None or self.drawn < self.samples
