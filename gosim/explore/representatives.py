"""One schedule for each outcome: the one that deviates least, its token, its story, its run."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from gosim.explore.minimise import BUDGET, minimise
from gosim.explore.outcome import Outcome, Output
from gosim.explore.replay import Marked, install
from gosim.explore.story import Telling
from gosim.leaks.messages import say
from gosim.leaks.run import Run, execute

if TYPE_CHECKING:
    from gosim.explore.exploration import Case, Noticed
    from gosim.explore.search import Trial

__all__ = ["represent"]

_MOST_NOTICED: Final = 100
_FEW_NOTICED: Final = 3
"""So many findings get a token; fewer when there is no time left."""
_GRACE_S: Final = 2.0
"""Seconds past the deadline for tokens and stories of what has none yet."""


def represent(
    trial: Trial,
    cases: Sequence[Case],
    noticed: Sequence[Noticed] = (),
    *,
    output: Output = "ordered",
    budget: int = BUDGET,
    deadline: float | None = None,
) -> None:
    """Give each case the schedule that stands for it, and each finding a token.

    Parameters
    ----------
    trial : Trial
        How the program is run.
    cases : sequence of Case
        All their fields but `outcome` and `schedules` are set.
    noticed : sequence of Noticed
        Their `token` is set.
    output : {"ordered", "unordered"}
        As the outcomes were compared.
    budget : int
        Executions for the search for fewer deviations; 0 leaves the ways as they are.
    deadline : float, optional
        Moment of ``time.monotonic`` at which to end that search. Two seconds past it only the first
        outcome of each kind still gets a token and a story.
    """
    install()
    try:
        _represent(trial, cases, noticed, output, budget, deadline)
    except KeyboardInterrupt:
        return  # the rest stays as it was found


def _represent(
    trial: Trial,
    cases: Sequence[Case],
    noticed: Sequence[Noticed],
    output: Output,
    budget: int,
    deadline: float | None,
) -> None:
    seed = int(trial.options.get("seed", 0))
    if budget:
        now = time.monotonic()
        half = None if deadline is None else now + (deadline - now) / 2  # the rest is for stories
        minimise(trial, cases, output=output, budget=budget, deadline=half)
    kinds: set[str] = set()
    for case in cases:
        late = deadline is not None and time.monotonic() > deadline + _GRACE_S
        if late and case.outcome.kind in kinds:
            continue
        kinds.add(case.outcome.kind)
        telling = Telling(case.way)
        _, run = trial.once(telling, [telling])
        if run.limit == "interrupt":
            raise KeyboardInterrupt
        if telling.length != case.way.steps or Outcome.of(run, output) != case.outcome:
            case.story = [say("story.other")]
            continue
        ticket = telling.ticket(trial.timers, trial.early_ticks, trial.program)
        case.run, case.token = run, ticket.token(seed)
        case.story = telling.story(run, trial.program.written_in)
        run.schedule = case.token
        run.again = _again(trial, case.token)
    late = deadline is not None and time.monotonic() > deadline
    for each in noticed[: _FEW_NOTICED if late else _MOST_NOTICED]:
        marked = Marked(each.way)
        trial.once(marked)
        if marked.length != each.way.steps:
            continue
        each.token = marked.ticket(trial.timers, trial.early_ticks, trial.program).token(seed)


def _again(trial: Trial, token: str) -> Any:
    """Return what runs a schedule once more, for views that need more than its run has."""

    def again(recorder: Any = None, why: bool = False) -> Run:
        return execute(
            trial.program,
            variant=trial.variant,
            replay=token,
            observers=() if recorder is None else (recorder,),
            why=why,
            **trial.options,
        )

    return again
