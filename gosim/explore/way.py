"""Schedules as what they do otherwise than the default schedule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from gosim.explore.default import Order
from gosim.explore.step import Label, Step
from gosim.explore.strategy import Strategy
from gosim.runtime.errors import NotRepeatable

if TYPE_CHECKING:
    from gosim.explore.control import Control

__all__ = ["Deviation", "Following", "Recorded", "Way", "in_turn"]


class Deviation(NamedTuple):
    """A step that is not the one of the default schedule.

    Attributes
    ----------
    step : int
        Its number in the execution, from 0.
    choice : int
        Where it stands among the steps that could be taken there, that of the default schedule
        first; 1 at least.
    """

    step: int
    choice: int


def in_turn(usual: Label, enabled: Sequence[Label]) -> list[Label]:
    """Return what can be done, that of the default schedule first."""
    return [usual, *(label for label in enabled if label != usual)]


@dataclass(frozen=True, order=True)
class Way:
    """A schedule; of two the one with fewer deviations comes first, then the shorter one.

    Attributes
    ----------
    count : int
        Number of deviations.
    steps : int
        Length of the execution.
    deviations : tuple of Deviation
    stopped : bool
        The execution was ended there; it would have gone on.
    """

    count: int
    steps: int
    deviations: tuple[Deviation, ...]
    stopped: bool = False

    @classmethod
    def of(cls, deviations: Iterable[Deviation], steps: int, stopped: bool = False) -> Way:
        """Return the way with some deviations."""
        deviations = tuple(deviations)
        return cls(len(deviations), steps, deviations, stopped)


class Recorded(Strategy):
    """Another strategy, and what it does otherwise than the default schedule.

    It finds the step of the default schedule first among those that it may choose.

    Attributes
    ----------
    deviations : list of Deviation
        Of the execution that goes on or went last.
    length : int
        Its steps so far.
    stopped : bool
        It was ended because it had taken `most` steps.
    """

    def __init__(self, inner: Strategy, most: int = 10_000) -> None:
        super().__init__()
        self.inner = inner
        self.name = inner.name
        self.most = most
        self.stopped = False
        self.deviations: list[Deviation] = []
        self.length = 0
        self._order = Order()

    @property
    def way(self) -> Way:
        """The way of the execution that went last."""
        return Way.of(self.deviations, self.length, self.stopped)

    def begin(self, control: Control) -> None:
        """Forget the execution before."""
        self.deviations, self.length = [], 0
        self.stopped = False
        self._order = Order()
        self.inner.begin(control)

    def choose(self, enabled: Sequence[Label]) -> Label | None:
        """Let the inner strategy choose."""
        if self.length >= self.most:
            self.stopped = True
            return None
        usual = self._order.first(enabled)
        ordered = in_turn(usual, enabled)
        label = self.inner.choose(ordered)
        if label is not None and label != usual:
            self.deviations.append(Deviation(self.length, ordered.index(label)))
        return label

    def took(self, step: Step) -> None:
        """Pass on."""
        self.length += 1
        self._order.took(step)
        self.inner.took(step)


class Following(Strategy):
    """Takes a way; where it says nothing, and behind its end, the default schedule.

    Attributes
    ----------
    length : int
        Steps so far.
    usual : Label
        What the default schedule does at this step.
    """

    name = "replay"

    def __init__(self, way: Way) -> None:
        super().__init__()
        self.way = way
        self.length = 0
        self.usual = Label("")
        self._deviations = dict(way.deviations)
        self._order = Order()

    def begin(self, control: Control) -> None:
        """Begin at the first step."""
        self.length = 0
        self._order = Order()

    @property
    def deviates(self) -> bool:
        """Whether the next step is a deviation."""
        return self.length in self._deviations

    def choose(self, enabled: Sequence[Label]) -> Label | None:
        """Return the step of the way; None where its execution was ended.

        Raises
        ------
        NotRepeatable
            When the way leads to a step that is not there.
        """
        if self.way.stopped and self.length == self.way.steps:
            return None
        usual = self.usual = self._order.first(enabled)
        choice = self._deviations.get(self.length)
        if choice is None:
            return usual
        if choice >= len(enabled):
            raise NotRepeatable(
                f"not repeatable: step {self.length + 1} chose number {choice + 1} of "
                f"{len(enabled)} steps; do you iterate a set, read the clock, use `random`? "
                "(gosim.rand is the deterministic one)"
            )
        return in_turn(usual, enabled)[choice]

    def took(self, step: Step) -> None:
        """Count it."""
        self.length += 1
        self._order.took(step)
