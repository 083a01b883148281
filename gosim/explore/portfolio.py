"""Several strategies, one after the other: what is easily found is found soon, the rest for sure.

First the default schedule; then schedules drawn at random and by priorities, for a third of the
budget at most, and no longer than they show something new; then every trace. Where the draws were
new to the end, the program is taken for too large for that, and all schedules with few preemptions
come first.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from gosim.explore.bounded import Bounded
from gosim.explore.optimal import Optimal
from gosim.explore.pct import PCT
from gosim.explore.sampling import Sampling, schedules
from gosim.explore.step import Label, Step
from gosim.explore.strategy import Strategy
from gosim.explore.trace import Hasher
from gosim.explore.walk import Walk
from gosim.explore.way import Following, Way

if TYPE_CHECKING:
    from gosim.explore.control import Control

__all__ = ["Portfolio"]

_QUIET: Final = 25
"""Schedules drawn in vain before drawing ends: these at least, and as many as were not."""
_PREEMPTIONS: Final = 2


class Portfolio(Strategy):
    """The strategy of those who do not choose one.

    A trace that comes up again is told apart (`repeated`), so that the numbers of a search that
    has become complete are those of traces.

    Parameters
    ----------
    schedules : int
        The budget of executions, to divide it.
    seconds : float, optional
        The budget of real time, to divide it as well.
    seed : int
        Of all that is drawn.

    Attributes
    ----------
    stage : Strategy
        The one under way.
    done : list of Strategy
        Those before.
    traces : set of int
        Numbers of the traces met.
    """

    name = "portfolio"

    def __init__(
        self, schedules: int = 20_000, seconds: float | None = None, seed: int = 0
    ) -> None:
        super().__init__()
        self.schedules = schedules
        self.seconds = seconds
        self.seed = seed
        self.traces: set[int] = set()
        self.stage: Strategy = Following(Way.of((), 0))
        self.done: list[Strategy] = []
        self.bound = "only the default schedule was run"
        self._executions = 0
        self._begun: float | None = None
        self._most = 1  # executions until the stage ends
        self._until = 0.0  # part of the time
        self._quiet = 0
        self._fresh = 0
        self._goroutines = self._steps = 0
        self._choices = False
        self._large = False
        self._hasher = Hasher()

    @property
    def distinct(self) -> int:
        """How many different traces were met."""
        return len(self.traces)

    # ---- one execution ----

    def begin(self, control: Control) -> None:
        """Begin the next execution of the stage."""
        if self._begun is None:
            self._begun = time.monotonic()
        self._hasher = Hasher()
        self.repeated = False
        self.stage.begin(control)
        self.cut = self.stage.cut

    def choose(self, enabled: Sequence[Label]) -> Label | None:
        """Let the stage choose."""
        if len(enabled) > 1:
            self._choices = True
        label = self.stage.choose(enabled)
        self.cut = self.stage.cut
        return label

    def took(self, step: Step) -> None:
        """Pass on."""
        self._hasher.add(step)
        self.repeated = self._hasher.value in self.traces
        self.stage.took(step)

    # ---- between two executions ----

    def advance(self, control: Control) -> bool:
        """Go on with the stage, or with the next one."""
        self._executions += 1
        if not self.cut:
            self._quiet = self._quiet + 1 if self.repeated else 0
            self._fresh += not self.repeated
            self.traces.add(self._hasher.value)
        self._goroutines = max(self._goroutines, len(dict.fromkeys(control.names.values())) + 1)
        self._steps = max(self._steps, len(control.steps))
        more = self.stage.advance(control)
        if isinstance(self.stage, Optimal):
            self.blocked = self.stage.blocked  # what came before was drawn, or bounded
        else:
            self.blocked = sum(stage.blocked for stage in (*self.done, self.stage))
        if more and not self._over():
            self._tell()
            return True
        if not more and self.stage.bound is None and not isinstance(self.stage, Following):
            self.bound = None
            return False
        if isinstance(self.stage, Sampling):
            self._large = self._large or not self._nothing_new()
        following = self._following()
        self.done.append(self.stage)
        self.stage = following
        self._quiet = self._fresh = 0
        self._tell()
        return True

    def _over(self) -> bool:
        """Whether the stage has used up its part of the budget, or shows nothing new."""
        if isinstance(self.stage, Optimal):
            return False
        if self._executions >= self._most:
            return True
        if isinstance(self.stage, Sampling) and self._nothing_new():
            return True
        if self.seconds is None or self._begun is None:
            return False
        return time.monotonic() - self._begun > self._until * self.seconds

    def _nothing_new(self) -> bool:
        return self._quiet >= max(_QUIET, self._fresh)

    def _following(self) -> Strategy:
        if isinstance(self.stage, Following) and self._choices:
            self._part(1 / 6)
            return Walk(seed=self.seed)
        if isinstance(self.stage, Walk):
            self._part(1 / 3)
            return PCT(seed=self.seed, goroutines=self._goroutines, steps=self._steps)
        if isinstance(self.stage, PCT) and self._large:
            self._part(2 / 3)
            return Bounded(_PREEMPTIONS)
        return Optimal()

    def _part(self, part: float) -> None:
        """Let the next stage end when this part of the budget is used up."""
        self._most = max(self._executions + 1, int(part * self.schedules))
        self._until = part

    def _tell(self) -> None:
        """Say what the search covers as far as it has come."""
        told = []
        for stage in (*self.done, self.stage):
            if isinstance(stage, Bounded) and stage.level:
                told.append(str(stage.bound))
            elif isinstance(stage, Sampling) and stage.drawn:
                told.append(f"{schedules(stage.drawn)} drawn ({stage.name})")
        self.bound = "; ".join(told) or "only the default schedule was run"
