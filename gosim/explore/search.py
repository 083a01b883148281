"""Exploring: one execution after the other, as a strategy wants them, folded into one verdict."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, TypeAlias

from gosim.explore.control import Control
from gosim.explore.estimate import Estimator
from gosim.explore.exploration import Case, Exploration, Finding
from gosim.explore.minimise import BUDGET
from gosim.explore.optimal import Optimal
from gosim.explore.outcome import Outcome, Output
from gosim.explore.representatives import represent
from gosim.explore.strategy import Strategy
from gosim.explore.tally import Tally
from gosim.explore.way import Following, Recorded, Way
from gosim.leaks.run import Run, execute
from gosim.runtime.errors import OutOfTime
from gosim.runtime.observer import Observer
from gosim.runtime.program import Program
from gosim.runtime.version import LATEST

__all__ = [
    "MAX_SCHEDULES",
    "MAX_STEPS",
    "Progress",
    "Search",
    "Trial",
    "Watcher",
    "concluded",
    "explore",
    "out_of_schedules",
    "out_of_time",
]

Select: TypeAlias = Callable[[Sequence[Case]], Sequence[Case]]

MAX_SCHEDULES: Final = 20_000
MAX_STEPS: Final = 10_000


class Watcher(Observer):
    """Hears what happens in one execution, and says afterwards what it noticed."""

    def findings(self, control: Control, run: Run) -> Iterable[Finding]:
        """Return what was noticed; the execution is over."""
        return ()


class Progress(NamedTuple):
    """How far an exploration has come.

    Attributes
    ----------
    schedules, blocked : int
    outcomes : dict
        Schedules by kind of outcome.
    seconds : float
    most : int
        The budget of schedules.
    total : float or None
        How many executions there will have been, as it is estimated; None if that is unknown.
    """

    schedules: int
    blocked: int
    outcomes: dict[str, int]
    seconds: float
    most: int
    total: float | None = None


@dataclass(frozen=True)
class Trial:
    """A program, and how it is run each time.

    Attributes
    ----------
    program : Program
    variant : str
    timers : {"any", "late"}
        Whether timers fire at any moment, or only when nothing else can happen.
    early_ticks : int
        How often timers may fire although something else could happen.
    max_steps : int
        So many steps of an execution are taken.
    options : dict
        More arguments for `gosim.leaks.run.execute`.
    """

    program: Program
    variant: str = "main"
    timers: str = "any"
    early_ticks: int = 8
    max_steps: int = MAX_STEPS
    options: Mapping[str, Any] = field(default_factory=dict)

    def once(
        self,
        strategy: Strategy,
        observers: Sequence[Observer] = (),
        wall: float | None = None,
        **more: Any,
    ) -> tuple[Control, Run]:
        """Run the program once, as a strategy wants it."""
        control = Control(strategy, self.timers, self.early_ticks)
        run = execute(
            self.program,
            variant=self.variant,
            policy=control,
            observers=(control, *observers),
            wall=wall,
            **{**self.options, **more},
        )
        return control, run

    def follow(self, way: Way, observers: Sequence[Observer] = ()) -> tuple[Control, Run]:
        """Run the program once more on a way that is known."""
        return self.once(Recorded(Following(way), self.max_steps), observers)


def explore(
    program: Program,
    *,
    strategy: Strategy | None = None,
    variant: str = "main",
    max_schedules: int = MAX_SCHEDULES,
    max_steps: int = MAX_STEPS,
    wall: float | None = None,
    timers: str = "any",
    early_ticks: int = 8,
    output: Output = "ordered",
    watchers: Sequence[Callable[[], Watcher]] = (),
    progress: Callable[[Progress], Any] | None = None,
    minimise: int = BUDGET,
    select: Select | None = None,
    jobs: int = 1,
    dask: str | None = None,
    checkpoint: str | None = None,
    **options: Any,
) -> Exploration:
    """Run a program in all its schedules, or in those that a strategy chooses.

    Parameters
    ----------
    program : Program
    strategy : Strategy, optional
        Left out, every trace once (`Optimal`).
    variant : str
        For the record.
    max_schedules : int
        Budget of executions, those that are given up included.
    max_steps : int
        So many steps of an execution are taken.
    wall : float, optional
        Seconds of real time for all of them; none in the API.
    timers : {"any", "late"}
        Whether timers fire at any moment, or only when nothing else can happen.
    early_ticks : int
        How often timers may fire in an execution although something else could happen.
    output : {"ordered", "unordered"}
        Whether the order of lines of stdout is part of an outcome.
    watchers : sequence of callables
        Each makes a `Watcher` for an execution.
    progress : callable, optional
        Told after each execution how far it has come.
    minimise : int
        Executions afterwards that look for schedules with fewer deviations from the default one.
    select : callable, optional
        Returns, of all cases, those that get such a schedule, a token and a story; in one process.
    jobs, dask, checkpoint
        Processes, a cluster, a file to go on from: see `gosim.explore.parallel.explore`.
    **options
        More arguments for `gosim.leaks.run.execute`.

    Raises
    ------
    GosimError
        When the program cannot be loaded or misuses gosim.
    """
    trial = Trial(program, variant, timers, early_ticks, max_steps, options)
    if strategy is None:
        strategy = Optimal()
    if jobs != 1 or dask is not None or checkpoint is not None:
        from gosim.explore import parallel

        return parallel.explore(
            trial,
            strategy=strategy,
            max_schedules=max_schedules,
            wall=wall,
            output=output,
            watchers=watchers,
            progress=progress,
            minimise=minimise,
            jobs=jobs,
            dask=dask,
            checkpoint=checkpoint,
        )
    recorded = Recorded(strategy, max_steps)
    search = Search(trial, recorded, max_schedules, wall, output, watchers, progress)
    search.minimise, search.select = minimise, select
    return search.explore()


class Search:
    """One exploration while it goes on."""

    def __init__(
        self,
        trial: Trial,
        strategy: Recorded,
        max_schedules: int,
        wall: float | None,
        output: Output,
        watchers: Sequence[Callable[[], Watcher]],
        progress: Callable[[Progress], Any] | None,
    ) -> None:
        self.trial = trial
        self.strategy = strategy
        self.max_schedules = max_schedules
        self.wall = wall
        self.output = output
        self.watchers = watchers
        self.progress = progress
        self.minimise = BUDGET
        self.select: Select | None = None
        self.tally = Tally()
        self.estimator = Estimator()
        self.more = True

    def explore(self) -> Exploration:
        begun = time.monotonic()
        bound = self._run_all(begun)
        inner = self.strategy.inner
        covered = inner.bound if self.tally.schedules else None
        return concluded(
            self.trial,
            self.tally,
            inner.name,
            blocked=inner.blocked,
            traces=getattr(inner, "distinct", self.tally.schedules),
            bound="; ".join(filter(None, (bound, covered))) or None,
            output=self.output,
            seconds=time.monotonic() - begun,
            minimise=self.minimise,
            select=self.select,
            deadline=None if self.wall is None else begun + self.wall,
        )

    def _run_all(self, begun: float) -> str | None:
        """Run what the strategy wants; return what ended it too early."""
        for _ in range(self.max_schedules):
            left = None
            if self.wall is not None:
                left = self.wall - (time.monotonic() - begun)
                if left <= 0:
                    return out_of_time(self.wall)
            try:
                ended = self.once(left)
            except KeyboardInterrupt:  # between two executions
                ended = "interrupt"
            except OutOfTime:
                if not self.tally.schedules:
                    raise
                ended = "wall"
            if ended == "wall":
                assert self.wall is not None
                return out_of_time(self.wall)
            if ended is not None:
                return "stopped by Ctrl-C"
            if self.progress is not None:
                self._tell(time.monotonic() - begun)
            if not self.more:
                return None
        return out_of_schedules(self.max_schedules)

    def once(self, left: float | None) -> str | None:
        """Do one execution; return what interrupted it, ``wall`` or ``interrupt``, if anything.

        `more` then says whether there is another one to do.
        """
        inner = self.strategy.inner
        watchers = [make() for make in self.watchers]
        control, run = self.trial.once(self.strategy, watchers, left)
        if run.outcome == "limit" and not self.strategy.stopped and not inner.cut:
            if run.limit in ("wall", "interrupt"):
                return run.limit
        if not inner.cut:
            findings = [
                Finding(each["kind"], each["goroutine"], each["text"], (each["at"],))
                for each in control.progress.findings
            ]
            for watcher in watchers:
                findings += watcher.findings(control, run)
            outcome = Outcome.of(run, self.output)
            way = self.strategy.way
            self.tally.count(outcome, way, run, control.ticks_cut, findings, inner.repeated)
        self.more = inner.advance(control)
        self.estimator.advanced(inner)
        return None

    def _tell(self, seconds: float) -> None:
        assert self.progress is not None
        tally, blocked = self.tally, self.strategy.inner.blocked
        outcomes, total = tally.outcomes, self.estimator.total
        most = self.max_schedules
        self.progress(Progress(tally.schedules, blocked, outcomes, seconds, most, total))


def out_of_time(wall: float) -> str:
    """Say which bound was reached."""
    return f"{wall:g} s of real time (--wall)"


def out_of_schedules(most: int) -> str:
    """Say which bound was reached."""
    return f"the budget of {most} schedules (--max-schedules)"


def concluded(
    trial: Trial,
    tally: Tally,
    strategy: str,
    *,
    blocked: int,
    traces: int,
    bound: str | None,
    output: Output,
    seconds: float,
    minimise: int = BUDGET,
    select: Select | None = None,
    deadline: float | None = None,
) -> Exploration:
    """Return the verdict on what was counted, each outcome with the schedule that stands for it."""
    if bound is None and tally.unended:
        many = f"{tally.unended} schedule{'s' * (tally.unended != 1)}"
        bound = f"{many} did not end within {trial.max_steps} steps"
    assumed = []
    if trial.timers == "late":
        assumed.append("timers fire only when nothing else can happen")
    elif tally.ticks_cut:
        assumed.append(
            f"timers overtook computation at most {trial.early_ticks} times in a schedule"
        )
    if output == "unordered":
        assumed.append("the order of lines of output does not count")
    cases = tally.cases(lambda way: trial.follow(way)[1])
    noticed = tally.noticed()
    chosen = cases if select is None else select(cases)
    represent(trial, chosen, noticed, output=output, budget=minimise, deadline=deadline)
    cases.sort(key=lambda case: (case.way, case.outcome))
    return Exploration(
        program=trial.program.name,
        variant=cases[0].run.variant if cases else trial.variant,
        go=cases[0].run.go if cases else str(trial.options.get("go", LATEST)),
        source=trial.program.written_in,
        strategy=strategy,
        schedules=tally.schedules,
        blocked=blocked,
        traces=traces,
        bound=bound,
        assumed=assumed,
        cases=cases,
        noticed=noticed,
        seconds=seconds,
    )
