"""For each outcome the schedule that deviates least from the default one, then the shortest.

The steps of the schedule that was found are first taken in the default order, as far as its trace
allows it; then deviations are left out, as many at once as can be. Then all schedules without
deviations are run, all with one, all with two, and so on, for all outcomes at once: what comes up
there has the fewest deviations that are possible, and when its level is done it is the shortest,
too. Where the budget ends before that, the fewest that were found remain.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, TypeAlias

from gosim.explore.bounded import Bounded
from gosim.explore.default import Order
from gosim.explore.outcome import Outcome, Output
from gosim.explore.step import Label, Step
from gosim.explore.strategy import Strategy
from gosim.explore.way import Following, Recorded, Way, in_turn

if TYPE_CHECKING:
    from gosim.explore.control import Control
    from gosim.explore.exploration import Case
    from gosim.explore.search import Trial

__all__ = ["BUDGET", "minimise"]

BUDGET: Final = 600
"""Executions for all outcomes of a program."""
_STEPS: Final = 100_000
"""Steps of all those executions together."""
_FOR_LENGTH: Final = 150
"""Executions in search of shorter schedules, once none can have fewer deviations."""

_COST: Final = "deviations"

_Event: TypeAlias = tuple[Label, tuple[int, ...]]
"""A step, told apart from others of the same label by what its goroutines had done before."""
_Rule: TypeAlias = tuple[_Event, _Event]
"""A deviation that can be asked for in another schedule: instead of the first take the second."""


def minimise(
    trial: Trial,
    cases: Sequence[Case],
    *,
    output: Output = "ordered",
    budget: int = BUDGET,
    deadline: float | None = None,
) -> int:
    """Give each case the schedule with the fewest deviations, then steps, and say if it is that.

    Parameters
    ----------
    trial : Trial
        How the program is run.
    cases : sequence of Case
        Their `way`, `run` and `fewest` are set.
    output : {"ordered", "unordered"}
        As the outcomes were compared.
    budget : int
        Executions at most.
    deadline : float, optional
        Moment of ``time.monotonic`` at which to leave it at that.

    Returns
    -------
    int
        Executions it took.
    """
    work = _Minimiser(trial, {case.outcome: case for case in cases}, output, budget, deadline)
    for case in sorted(cases, key=lambda case: case.way):
        if case.way.count > 1 and work.used < budget // 2 and not work.over:
            work.leave_out(case)
    work.widen()
    return work.used


class _Minimiser:
    def __init__(
        self,
        trial: Trial,
        cases: dict[Outcome, Case],
        output: Output,
        budget: int,
        deadline: float | None,
    ) -> None:
        self.trial = trial
        self.cases = cases
        self.output = output
        self.budget = budget
        self.deadline = deadline
        self.used = 0
        self.steps = 0

    @property
    def over(self) -> bool:
        """The budget is used up."""
        late = self.deadline is not None and time.monotonic() > self.deadline
        return late or self.used >= self.budget or self.steps >= _STEPS

    def run(self, strategy: Strategy) -> Control:
        """Run a schedule, and keep it if it is the best of its outcome."""
        self.used += 1
        recorded = Recorded(strategy, self.trial.max_steps)
        control, run = self.trial.once(recorded)
        self.steps += len(control.steps)
        if not strategy.cut:
            case = self.cases.get(Outcome.of(run, self.output))
            if case is not None and recorded.way < case.way:
                case.way, case.run = recorded.way, run
        return control

    # ---- fewer and fewer ----

    def leave_out(self, case: Case) -> None:
        """Leave out deviations of a schedule as long as its outcome is the same."""
        self.reorder(case)
        share = self.used + max(10, (self.budget // 2 - self.used) // 4)
        rules = self._rules_of(case.way)
        size = len(rules) // 2
        while size >= 1:
            at = 0
            while at < len(rules) and len(rules) > 1:
                if self.over or self.used >= share:
                    return
                most = case.way.count
                leaning = _Leaning([*rules[:at], *rules[at + size :]])
                self.run(leaning)
                if case.way.count < most:
                    rules = leaning.rules
                else:
                    at += size
            size //= 2

    def reorder(self, case: Case) -> None:
        """Take the steps in another order that is the same trace, the default one where it can."""
        if self.over:
            return
        control = self.run(Following(case.way))
        for through in (True, False):
            if case.way.count > 1 and not self.over:
                self.run(_Reordered(control.steps, through))

    def _rules_of(self, way: Way) -> list[_Rule]:
        noted = _Noted(way)
        self.run(noted)
        return noted.rules

    # ---- more and more ----

    def widen(self) -> None:
        """Run all schedules with no deviation, then with one, and so on."""
        cases = self.cases.values()
        for case in cases:
            case.fewest = case.way.count == 0
        search = Bounded(max((case.way.count for case in cases), default=0), _COST)
        more = True
        proven: int | None = None
        while more and not self.over:
            control = self.run(search)
            more = search.advance(control)
            for case in cases:  # all with fewer deviations than the level have been run
                case.fewest = not more or case.way.count <= search.level
            if all(self._settled(case, search.level) for case in cases):
                return
            if all(case.fewest for case in cases):
                proven = self.used if proven is None else proven
                if self.used >= proven + _FOR_LENGTH:
                    return

    @staticmethod
    def _settled(case: Case, level: int) -> bool:
        """Nothing better can come: all ways with as many deviations have been run."""
        return case.way.count < level


class _Ruled(Strategy):
    """Knows the deviations of its execution as rules."""

    def __init__(self) -> None:
        super().__init__()
        self.rules: list[_Rule] = []
        self._order = Order()
        self._taken: dict[str, int] = {}

    def begin(self, control: Control) -> None:
        """Forget the execution before."""
        self.rules, self._taken, self._order = [], {}, Order()

    def took(self, step: Step) -> None:
        """Count the steps of each goroutine."""
        for who in step.who:
            self._taken[who] = self._taken.get(who, 0) + 1
        self._order.took(step)

    def event(self, label: Label) -> _Event:
        """Tell a step apart from others."""
        return label, tuple(self._taken.get(who, 0) for who in label.goroutines)


class _Noted(_Ruled):
    """Takes a way, and notes its deviations."""

    def __init__(self, way: Way) -> None:
        super().__init__()
        self._following = Following(way)

    def begin(self, control: Control) -> None:
        """Begin at the first step."""
        super().begin(control)
        self._following.begin(control)

    def choose(self, enabled: Sequence[Label]) -> Label | None:
        """Return the step of the way."""
        usual = self._order.first(enabled)
        label = self._following.choose(enabled)
        if label is not None and label != usual:
            self.rules.append((self.event(usual), self.event(label)))
        return label

    def took(self, step: Step) -> None:
        """Pass on."""
        super().took(step)
        self._following.took(step)


class _Reordered(Strategy):
    """Takes the steps of an execution in the default order as far as their dependences allow it.

    Where the default schedule would go on with a step that has to wait for others, or that the
    execution does not have, those that it waits for come first (`through`), or whoever is next.
    """

    def __init__(self, steps: Sequence[Step], through: bool) -> None:
        super().__init__()
        self._steps = steps
        self._through = through
        self._order = Order()
        self._left: dict[Label, list[int]] = {}
        self._taken = 0
        self._now = -1

    def begin(self, control: Control) -> None:
        """Begin at the first step."""
        self._order = Order()
        self._left = {}
        for i in range(len(self._steps) - 1, -1, -1):
            self._left.setdefault(self._steps[i].label, []).append(i)
        self._taken = 0

    def choose(self, enabled: Sequence[Label]) -> Label | None:
        """Return the usual step if it may come now, or one that may."""
        usual = self._order.first(enabled)
        able: dict[Label, int] = {}
        for label in in_turn(usual, enabled):
            left = self._left.get(label)
            if left and not self._steps[left[-1]].before & ~self._taken & ~(1 << left[-1]):
                able[label] = left[-1]
        if not able:
            self._now = -1
            return usual  # the execution was longer than its record, or is another one
        label = next(iter(able))
        wanted = self._left.get(usual)
        if label != usual and self._through and wanted:
            before = self._steps[wanted[-1]].before
            label = next((each for each, i in able.items() if before >> i & 1), label)
        self._now = able[label]
        return label

    def took(self, step: Step) -> None:
        """Cross it off."""
        self._order.took(step)
        if self._now >= 0:
            self._taken |= 1 << self._now
            self._left[step.label].pop()


class _Leaning(_Ruled):
    """Keeps to rules where it can, and otherwise to the default schedule."""

    def __init__(self, wanted: Sequence[_Rule]) -> None:
        super().__init__()
        self._wanted: dict[_Event, list[_Event]] = {}
        for usual, label in wanted:
            self._wanted.setdefault(usual, []).append(label)

    def choose(self, enabled: Sequence[Label]) -> Label | None:
        """Take what a rule asks for."""
        usual = self._order.first(enabled)
        event = self.event(usual)
        for wanted in self._wanted.get(event, ()):
            label = wanted[0]
            if label in enabled and self.event(label) == wanted:
                self.rules.append((event, wanted))
                return label
        return usual
