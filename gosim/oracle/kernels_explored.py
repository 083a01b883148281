"""Go's own leak suite, explored: which schedules show its leaks, and whether others show more.

Most of its programs start a kernel a hundred or ten thousand times in one process and look after a
tenth of a second what is left of them; a few are small enough for every schedule. So schedules are
sought in this order, within one budget: the default run; runs under the plain schedulers ``paced``
and ``random``, in turn, for a third of it; then the portfolio of `gosim.explore`; for the last
third, if something is missing still, the plain ones again.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from gosim.explore.portfolio import Portfolio
from gosim.explore.replay import Marked, install
from gosim.explore.search import Trial
from gosim.explore.way import Recorded, Way
from gosim.golang.program import GoProgram
from gosim.leaks.run import execute
from gosim.oracle.kernels import Kernel, leaks_told
from gosim.runtime.errors import LoadError
from gosim.runtime.token import encode

if TYPE_CHECKING:
    from gosim.leaks.run import Run

__all__ = ["Explored", "Explorer", "Shown"]

#: Virtual time after which a kernel is ended, and steps of a run and of an explored schedule.
_UNTIL: Final = 600 * 10**9
_STEPS: Final = 3_000_000
_EXPLORED_STEPS: Final = 10_000
#: Parts into which the budget is divided; part of it that one run gets.
_PARTS: Final = 3
_ONE_RUN: Final = 6
#: When all leaks are found so many runs are made all the same, to see what else there is.
_MORE: Final = 6


@dataclass
class Shown:
    """A leak, and the first schedule that showed it.

    Attributes
    ----------
    number : int
        Of that schedule, from 1.
    by : str
        What chose it: ``default``, ``random``, ``paced`` or a strategy of exploration.
    token : str
        Replays it.
    deviations : int or None
        The fewest deviations from the default schedule of all explored ones that showed it; None
        if none of those did.
    """

    number: int
    by: str
    token: str = ""
    deviations: int | None = None
    _way: Way | None = None


@dataclass
class Explored:
    """What exploration found of one entry.

    Attributes
    ----------
    kernel : Kernel
    found : dict
        By the pattern of an expected leak, who showed it.
    unexpected : dict
        Leaks that Go's suite does not know, by their text, and who showed them.
    schedules : int
        How many were run.
    traces : int
        How many different ones the systematic part covered.
    bound : str or None
        What ended it too early; None when every trace was covered.
    seconds : float
    """

    kernel: Kernel
    found: dict[str, Shown] = field(default_factory=dict)
    unexpected: dict[str, Shown] = field(default_factory=dict)
    schedules: int = 0
    traces: int = 0
    bound: str | None = None
    seconds: float = 0.0

    @property
    def missing(self) -> list[str]:
        """The expected leaks that no schedule has shown."""
        return [leak for leak in self.kernel.leaks if leak not in self.found]

    @property
    def until(self) -> int:
        """Schedules until the last of the found leaks was shown."""
        return max((shown.number for shown in self.found.values()), default=0)

    @property
    def deviations(self) -> int | None:
        """Fewest deviations with which each found leak is shown; the most demanding one's."""
        counts = [shown.deviations for shown in self.found.values()]
        known = [n for n in counts if n is not None]
        return max(known) if known and len(known) == len(counts) else None

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON of ``gosim kernels --explore --json``, one of ``kernels``."""
        return {
            "name": self.kernel.name,
            "flaky": self.kernel.flaky,
            "leaks": len(self.kernel.leaks),
            "found": {leak: _told(shown) for leak, shown in self.found.items()},
            "missing": self.missing,
            "unexpected": {leak: _told(shown) for leak, shown in self.unexpected.items()},
            "until": self.until,
            "schedules": self.schedules,
            "traces": self.traces,
            "complete": self.bound is None,
            "bound": self.bound,
            "seconds": round(self.seconds, 1),
        }


def _told(shown: Shown) -> dict[str, Any]:
    return {
        "schedule": shown.number,
        "by": shown.by,
        "token": shown.token,
        "deviations": shown.deviations,
    }


class Explorer:
    """Explores entries of the suite; their programs are compiled once.

    Parameters
    ----------
    go : str
        The toolchain that is simulated.
    schedules : int
        How many are run of an entry at most.
    seconds : float
        Real time for an entry.
    """

    def __init__(self, go: str, schedules: int = 20_000, seconds: float = 60.0) -> None:
        self.go = go
        self.schedules = schedules
        self.seconds = seconds
        self.programs: dict[tuple[str, bool], GoProgram] = {}

    def explore(self, kernel: Kernel) -> Explored:
        """Look for the leaks of an entry."""
        result = Explored(kernel)
        begun = time.monotonic()
        third = self.seconds / _PARTS
        plain = self._plain(kernel)
        self._take(plain, result, begun + third, self.schedules // _PARTS)
        now = time.monotonic()
        self._systematic(result, begun + 2 * third if result.missing else now + third / 2)
        if result.missing:
            self._take(plain, result, begun + self.seconds, self.schedules)
        result.seconds = time.monotonic() - begun
        return result

    def _program(self, folder: str, explored: bool) -> GoProgram:
        program = self.programs.get((folder, explored))
        if program is None:
            program = GoProgram(folder, go=self.go, explored=explored)
            self.programs[folder, explored] = program
        return program

    def _options(self, kernel: Kernel) -> dict[str, Any]:
        return {"go": self.go, "args": [kernel.name], "until": _UNTIL}

    # ---- plain runs ----

    def _plain(self, kernel: Kernel) -> Iterator[tuple[str, int, Run | None]]:
        """Run under Go's scheduler, then under paced ones, and random ones, in turn."""
        program = self._program(kernel.folder, False)
        options = self._options(kernel)
        wall = self.seconds / _ONE_RUN
        for number in count():
            policy, seed = "go", 0
            if number:
                policy, seed = ("random", "paced")[number % 2], (number - 1) // 2
            run = None
            with suppress(LoadError):  # its time was over between two stretches of the program
                run = execute(
                    program, policy=policy, seed=seed, max_steps=_STEPS, wall=wall, **options
                )
            yield policy, seed, run

    def _take(
        self,
        runs: Iterator[tuple[str, int, Run | None]],
        result: Explored,
        end: float,
        schedules: int,
    ) -> None:
        """Look at plain runs until everything is found, and at some more then."""
        more = _MORE
        for policy, seed, run in runs:
            result.schedules += 1
            if run is not None:
                by = "default" if policy == "go" else policy
                self._look(result, run, by, encode(policy, seed))
            if not result.missing:
                more -= 1
            if more < 0 or result.schedules >= schedules or time.monotonic() >= end:
                return

    def _look(
        self, result: Explored, run: Run, by: str, token: str = "", way: Way | None = None
    ) -> None:
        """Compare the profile that a run has printed with what Go's test expects."""
        kernel = result.kernel
        for leak in leaks_told(run.stdout):
            pattern = next((each for each in kernel.leaks if re.search(each, leak)), None)
            book, key = (result.unexpected, leak) if pattern is None else (result.found, pattern)
            shown = book.get(key)
            if shown is None:
                shown = book[key] = Shown(result.schedules, by, token)
            if way is not None and (shown._way is None or way < shown._way):
                shown._way, shown.deviations = way, way.count

    # ---- exploration ----

    def _systematic(self, result: Explored, end: float) -> None:
        """Explore until the time is over."""
        left = end - time.monotonic()
        schedules = self.schedules - result.schedules
        kernel = result.kernel
        program = self._program(kernel.folder, True)
        trial = Trial(program, max_steps=_EXPLORED_STEPS, options=self._options(kernel))
        strategy = Portfolio(schedules, left)
        recorded = Recorded(strategy, _EXPLORED_STEPS)
        unended = 0
        result.bound = f"{max(left, 0.0):.0f} s"
        while schedules > 0 and (left := end - time.monotonic()) > 0:
            schedules -= 1
            try:
                control, run = trial.once(recorded, wall=left)
            except LoadError:
                break
            if run.limit == "wall":
                break
            if not strategy.cut:
                result.schedules += 1
                unended += recorded.stopped
                self._look(result, run, strategy.stage.name, way=recorded.way)
            if not strategy.advance(control):
                result.bound = strategy.bound
                if result.bound is None and unended:
                    result.bound = f"{_EXPLORED_STEPS} steps"
                break
        else:
            if schedules <= 0:
                result.bound = f"{self.schedules} schedules"
        result.traces = strategy.distinct
        self._name(result, trial)

    def _name(self, result: Explored, trial: Trial) -> None:
        """Give those leaks a token that only explored schedules have shown."""
        install()
        for shown in (*result.found.values(), *result.unexpected.values()):
            if not shown.token and shown._way is not None:
                marked = Marked(shown._way)
                trial.once(marked)
                ticket = marked.ticket(trial.timers, trial.early_ticks, trial.program)
                shown.token = ticket.token(0)
