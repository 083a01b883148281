"""Go's own leak suite, explored: which schedules show its leaks, and whether others show more.

Most of its programs start a kernel a hundred or ten thousand times in one process and look after a
tenth of a second what is left of them: many draws of a few, which need no explorer, and far too
many goroutines for one. So within one budget there come first plain runs of the program as it is,
the default one and then some under the schedulers ``paced`` and ``random`` in turn; then the
portfolio of `gosim.explore` for one of the kernel's instances (`one_instance`), which looks at
schedules of some thousand steps; and if something is missing still, paced runs of that.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from gosim.explore.portfolio import Portfolio
from gosim.explore.replay import Marked, install
from gosim.explore.search import Trial
from gosim.explore.way import Recorded, Way
from gosim.golang.program import GoProgram
from gosim.leaks.run import execute
from gosim.oracle.kernels import Kernel, leaks_told
from gosim.runtime.errors import LoadError
from gosim.runtime.paced import MANNERS, RELUCTANT
from gosim.runtime.token import encode

if TYPE_CHECKING:
    from gosim.leaks.run import Run

__all__ = ["Explored", "Explorer", "Shown", "one_instance"]

#: Virtual time after which a kernel is ended, and steps of a run and of an explored schedule.
_UNTIL: Final = 600 * 10**9
_STEPS: Final = 3_000_000
_EXPLORED_STEPS: Final = 10_000
#: So many schedules without an end, while leaks are missing, are enough.
_TOO_LONG: Final = 2
#: Parts into which the budget is divided; part of it that one run gets.
_PARTS: Final = 4
_ONE_RUN: Final = 6
#: When all leaks are found so many runs are made all the same, to see what else there is.
_MORE: Final = 6
#: The loop that starts a kernel so many times.
_LOOP: Final = re.compile(r"^\tfor i := 0; i <(=?) (\d+); i\+\+ \{$", re.M)
_MANY: Final = 10


def one_instance(kernel: Kernel, copies: Path) -> tuple[str, int]:
    """Write down the program of an entry alone, with one instance of its kernel.

    Parameters
    ----------
    kernel : Kernel
    copies : Path
        The program becomes a folder in it.

    Returns
    -------
    folder : str
    instances : int
        How many the suite's program starts; where that is no loop in the entry's own function,
        1, and the text is as it was.
    """
    function = re.compile(rf"^func {kernel.name}\(\) \{{\n.*?^\}}", re.M | re.S)
    target = copies / kernel.name
    target.mkdir(parents=True, exist_ok=True)
    instances = 1
    for file in sorted(Path(kernel.folder).glob("*.go")):
        text = file.read_text(encoding="utf-8")
        found = function.search(text)
        if found is not None:
            loop = _LOOP.search(text, found.start(), found.end())
            if loop is not None and int(loop[2]) >= _MANY:
                instances = int(loop[2]) + len(loop[1])
                text = f"{text[: loop.start(1)]} 1{text[loop.end(2) :]}"
        elif file.name != "main.go":
            continue
        (target / file.name).write_text(text, encoding="utf-8")
    return str(target), instances


@dataclass
class Shown:
    """A leak, and the first schedule that showed it.

    Attributes
    ----------
    number : int
        Of that schedule, from 1.
    by : str
        What chose it: ``default``, ``random``, ``paced`` (``paced, one`` in a run of one instance)
        or a strategy of exploration.
    token : str
        Replays it.
    deviations : int or None
        The fewest deviations from the default schedule of all explored ones that showed it; None
        if none of those did.
    least : str
        The token of that one, for the program with one instance.
    """

    number: int
    by: str
    token: str = ""
    deviations: int | None = None
    least: str = ""
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
    instances : int
        How many times the program starts the kernel; one of them was explored.
    traces : int
        How many different schedules of it were.
    bound : str or None
        What ended the exploration too early; None when every trace was covered.
    seconds : float
    """

    kernel: Kernel
    found: dict[str, Shown] = field(default_factory=dict)
    unexpected: dict[str, Shown] = field(default_factory=dict)
    schedules: int = 0
    instances: int = 1
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
            "instances": self.instances,
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
        "least": shown.least,
    }


class Explorer:
    """Explores entries of the suite; their programs are compiled once.

    Parameters
    ----------
    go : str
        The toolchain that is simulated.
    copies : path
        A folder for the programs with one instance: what the tokens of explored schedules are for.
    schedules : int
        How many are run of an entry at most.
    seconds : float
        Real time for an entry.
    """

    def __init__(
        self, go: str, copies: str | Path, schedules: int = 20_000, seconds: float = 60.0
    ) -> None:
        self.go = go
        self.copies = Path(copies)
        self.schedules = schedules
        self.seconds = seconds
        self.programs: dict[str, GoProgram] = {}

    def explore(self, kernel: Kernel) -> Explored:
        """Look for the leaks of an entry."""
        result = Explored(kernel)
        begun = time.monotonic()
        part = self.seconds / _PARTS
        folder, result.instances = one_instance(kernel, self.copies)
        self._take(self._plain(kernel), result, begun + part, self.schedules // _PARTS)
        more = part if result.missing else part / 2
        self._systematic(result, folder, time.monotonic() + more)
        if result.missing:
            paced = self._paced(kernel, folder)
            self._take(paced, result, begun + self.seconds, self.schedules, "paced, one")
        result.seconds = time.monotonic() - begun
        return result

    def _program(self, folder: str) -> GoProgram:
        program = self.programs.get(folder)
        if program is None:
            program = self.programs[folder] = GoProgram(folder, go=self.go)
        return program

    def _options(self, kernel: Kernel) -> dict[str, Any]:
        return {"go": self.go, "args": [kernel.name], "until": _UNTIL}

    # ---- plain runs ----

    def _plain(self, kernel: Kernel) -> Iterator[tuple[str, int, Run | None]]:
        """Run under Go's scheduler, then under paced ones, and random ones, in turn."""
        program = self._program(kernel.folder)
        for number in count():
            policy, seed = "go", 0
            if number:
                policy, seed = ("random", "paced")[number % 2], (number - 1) // 2
            yield policy, seed, self._run(kernel, program, policy, seed)

    def _paced(self, kernel: Kernel, folder: str) -> Iterator[tuple[str, int, Run | None]]:
        """Run one instance under paced schedulers."""
        program = GoProgram(folder, go=self.go)
        for number in count():
            # Every other one lets a goroutine compute for long, as loops of many rounds need it.
            seed = RELUCTANT + MANNERS * (number // 2) if number % 2 == 0 else number // 2
            yield "paced", seed, self._run(kernel, program, "paced", seed)

    def _run(self, kernel: Kernel, program: GoProgram, policy: str, seed: int) -> Run | None:
        wall = self.seconds / _ONE_RUN
        with suppress(LoadError):  # its time was over between two stretches of the program
            return execute(
                program,
                policy=policy,
                seed=seed,
                max_steps=_STEPS,
                wall=wall,
                **self._options(kernel),
            )
        return None

    def _take(
        self,
        runs: Iterator[tuple[str, int, Run | None]],
        result: Explored,
        end: float,
        schedules: int,
        by: str = "",
    ) -> None:
        """Look at plain runs until everything is found, and at some more then."""
        more = _MORE
        for policy, seed, run in runs:
            result.schedules += 1
            if run is not None:
                who = by or ("default" if policy == "go" else policy)
                self._look(result, run, who, encode(policy, seed))
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

    def _systematic(self, result: Explored, folder: str, end: float) -> None:
        """Explore one instance until the time is over."""
        left = end - time.monotonic()
        schedules = self.schedules - result.schedules
        kernel = result.kernel
        program = GoProgram(folder, go=self.go, explored=True)
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
            if unended >= _TOO_LONG and result.missing:
                result.bound = f"{_EXPLORED_STEPS} steps"
                break  # its schedules are too long for exploration
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
        """Give the schedules with the fewest deviations their tokens."""
        install()
        for shown in (*result.found.values(), *result.unexpected.values()):
            if shown._way is not None:
                marked = Marked(shown._way)
                trial.once(marked)
                ticket = marked.ticket(trial.timers, trial.early_ticks, trial.program)
                shown.least = ticket.token(0)
                shown.token = shown.token or shown.least
