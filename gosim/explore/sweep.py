"""Parameter sweeps: the same program at many sizes, a row of a table for each.

``-p n=1..50`` is every whole number from 1 to 50, ``1..50..7`` every seventh. Sizes are independent
of each other, so they are spread over processes (``--jobs``) or a cluster (``--dask``) as they are;
the table is the same.
"""

from __future__ import annotations

import itertools
import math
import re
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from gosim.explore.parallel import Crew, Gone, Inline, Order, Processes, Result
from gosim.runtime.errors import GosimError, UsageError

if TYPE_CHECKING:
    from gosim.explore.exploration import Exploration
    from gosim.leaks.run import Run

__all__ = ["Row", "Sweep", "Values", "explored", "is_range", "points", "ran", "sweep"]

_RANGE: Final = re.compile(r"(-?\d+)\.\.(-?\d+)(?:\.\.(\d+))?")
_MOST: Final = 10_000
"""Points of one sweep."""
_DEATHS: Final = 3

Values = dict[str, Any]
"""Parameters by name."""


def is_range(value: object) -> bool:
    """Return whether the value of a parameter stands for several."""
    return isinstance(value, str) and _RANGE.fullmatch(value) is not None


def points(params: Mapping[str, Any]) -> list[Values]:
    """Return all combinations of what parameters stand for, the last one changing fastest.

    Raises
    ------
    UsageError
        For a range that has no end, or too many points.
    """
    axes = [[(name, value) for value in _values(name, value)] for name, value in params.items()]
    n = 1
    for axis in axes:
        n *= len(axis)
    if n > _MOST:
        raise UsageError(f"-p: {n} points are too many for a sweep; {_MOST} are possible")
    return [dict(point) for point in itertools.product(*axes)]


def _values(name: str, value: Any) -> list[Any]:
    found = _RANGE.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return [value]
    first, last, by = int(found[1]), int(found[2]), int(found[3] or 1)
    if last < first or by == 0:
        raise UsageError(f"-p {name}={value}: a range goes up: 1..50, or 1..50..7 in steps of 7")
    if (last - first) // by >= _MOST:
        raise UsageError(f"-p {name}={value}: more than {_MOST} values")
    return list(range(first, last + 1, by))


@dataclass(frozen=True)
class Row:
    """What came out at one point.

    Attributes
    ----------
    values : dict
        The parameters.
    verdict : str
        In a line.
    bad : bool
        Something leaked, deadlocked, panicked or died.
    complete : bool
        No budget ended it.
    figures : dict
        Whole numbers by name: ``schedules``, ``leaks``, … of an exploration, ``leaked``, ``steps``,
        … of a run.
    faults : tuple of str
        Kinds of outcomes and findings that were seen, as ``--fail-on`` names them.
    error : str
        Why there is no result; empty otherwise.
    """

    values: Values
    verdict: str
    bad: bool = False
    complete: bool = True
    figures: dict[str, int] = field(default_factory=dict)
    faults: tuple[str, ...] = ()
    error: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the row of ``--json``."""
        return {
            "params": {name: _finite(value) for name, value in self.values.items()},
            "verdict": self.verdict,
            "bad": self.bad,
            "complete": self.complete,
            **self.figures,
            "error": self.error or None,
        }


def _finite(value: Any) -> Any:
    """Return a value that JSON has."""
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


_FIGURES_OF_EXPLORATION: Final = ("schedules", "leaks", "deadlocks", "panics", "fatal", "noticed")
_FIGURES_OF_RUN: Final = ("goroutines", "leaked", "exit_code", "steps", "virtual_ns")


def explored(values: Values, exploration: Exploration) -> Row:
    """Return the row of an exploration."""
    outcomes = exploration.outcomes
    counts = (
        exploration.schedules,
        outcomes.get("leak", 0),
        outcomes.get("deadlock", 0),
        outcomes.get("panic", 0),
        outcomes.get("fatal", 0),
        len(exploration.noticed),
    )
    return Row(
        values,
        exploration.verdict(),
        not exploration.clean,
        exploration.complete,
        dict(zip(_FIGURES_OF_EXPLORATION, counts, strict=True)),
        (*outcomes, *dict.fromkeys(each.finding.kind for each in exploration.noticed)),
    )


def ran(values: Values, run: Run) -> Row:
    """Return the row of a run."""
    leaked = sum(leak.count for leak in run.leaks if leak.verdict in ("permanent", "unproven"))
    counts = {
        "goroutines": len(run.goroutines),
        "leaked": leaked,
        "exit_code": run.exit_code,
        "steps": run.steps,
        "virtual_ns": run.virtual_ns,
    }
    return Row(
        values,
        run.outcome if run.limit is None else f"limit: {run.limit}",
        run.outcome in ("leak", "deadlock", "panic", "fatal"),
        run.outcome != "limit",
        # A process that a budget ended has no exit code: there is no figure then, and no NaN.
        {name: n for name in _FIGURES_OF_RUN if (n := counts[name]) is not None},
        (run.outcome,),
    )


@dataclass
class Sweep:
    """A table: a row for each point.

    Attributes
    ----------
    program : str
    names : list of str
        Parameters that change.
    rows : list of Row
        In the order of the points; those that were not reached are left out.
    bound : str or None
        What ended the sweep before its last point.
    seconds : float
    """

    program: str
    names: list[str]
    rows: list[Row]
    bound: str | None = None
    seconds: float = field(default=0.0, compare=False)

    def to_dict(self) -> dict[str, Any]:
        """Return the table as ``--json`` prints it, schema ``gosim.sweep/1``."""
        return {
            "schema": "gosim.sweep/1",
            "program": self.program,
            "params": self.names,
            "bound": self.bound,
            "rows": [row.to_dict() for row in self.rows],
        }

    def report(self) -> str:
        """Return the table as text."""
        figures = list(dict.fromkeys(name for row in self.rows for name in row.figures))
        # What is nought in every row is worth no column.
        shown = [
            name
            for name in figures
            if name in ("schedules", "leaks", "leaked")
            or any(row.figures.get(name) for row in self.rows)
        ]
        head = [*self.names, *(name.replace("_", " ") for name in shown), "verdict"]
        lines = [head]
        for row in self.rows:
            numbers = ["" if (n := row.figures.get(name)) is None else str(n) for name in shown]
            told = row.error or row.verdict
            lines.append([*(str(row.values[name]) for name in self.names), *numbers, told])
        widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
        text = [
            "  ".join(
                cell.ljust(width) if i == len(head) - 1 else cell.rjust(width)
                for i, (cell, width) in enumerate(zip(line, widths, strict=True))
            ).rstrip()
            for line in lines
        ]
        if self.bound is not None:
            text.append(f"not complete: {self.bound}")
        return "\n".join(text)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": self.report()}


@dataclass(frozen=True)
class _Work:
    """Does one point; the task of an `Order` is its parameters."""

    name: str
    one: Callable[[Values], Row]

    def do(self, order: Order, hurried: Callable[[], bool]) -> Result:
        """Return the row where a tally would be."""
        values: Values = order.task
        try:
            row = self.one(values)
        except GosimError as error:
            row = Row(values, "not done", True, False, error=str(error))
        return Result(order.number, row, 0, 1, [], (0, 0), None, None)


def sweep(
    program: str,
    params: Mapping[str, Any],
    one: Callable[[Values], Row],
    *,
    jobs: int = 1,
    dask: str | None = None,
    progress: Callable[[int, int], Any] | None = None,
) -> Sweep:
    """Do the same at all points.

    Parameters
    ----------
    program : str
        For the record.
    params : mapping
        Values and ranges by name.
    one : callable
        Makes the row of some parameters, with `explored` or `ran`. What it raises as `GosimError`
        is told in the table.
    jobs : int
        Processes on this machine.
    dask : str, optional
        Address of the scheduler of a Dask cluster.
    progress : callable, optional
        Told after each row how many there are, and how many there will be.

    Raises
    ------
    UsageError
        For a range that is none, a crew that cannot be had, or what is wrong at every point.
    """
    if jobs < 1:
        raise UsageError(f"--jobs {jobs}: at least one process has to do it")
    todo = points(params)
    begun = time.monotonic()
    work = _Work(program, one)
    crew: Crew
    if dask is not None:
        from gosim.explore.cluster import Cluster

        crew = Cluster(work, dask)
    else:
        crew = Inline(work) if jobs == 1 else Processes(work, min(jobs, len(todo)))
    rows: dict[int, Row] = {}
    bound = None
    try:
        for i, row in _rows(crew, todo):
            rows[i] = row
            if progress is not None:
                progress(len(rows), len(todo))
    except KeyboardInterrupt:
        bound = f"stopped by Ctrl-C after {len(rows)} of {len(todo)} points"
    except Gone as reason:
        bound = f"{reason}; {len(rows)} of {len(todo)} points were done"
    finally:
        crew.close()
    made = list(rows.values())
    if len(made) == len(todo) and all(row.error for row in made):
        raise UsageError(made[0].error)  # a name that the program does not have, say
    names = [name for name, value in params.items() if is_range(value)] or list(params)
    spent = time.monotonic() - begun
    return Sweep(program, names, [rows[i] for i in sorted(rows)], bound, spent)


def _rows(crew: Crew, todo: Sequence[Values]) -> Iterator[tuple[int, Row]]:
    """Yield rows as they come, each with the number of its point."""
    waiting = deque(range(len(todo)))
    deaths: dict[int, int] = {}
    busy = 0
    while waiting or busy:
        while waiting and crew.idle:
            i = waiting.popleft()
            crew.give(Order(i, todo[i], 1, 0.0, 0.0, None))
            busy += 1
        for heard in crew.wait(1.0):
            busy -= 1
            i = heard.number
            if heard.error is not None:
                raise heard.error
            if heard.result is not None:
                yield i, heard.result.tally
                continue
            deaths[i] = deaths.get(i, 0) + 1
            if deaths[i] < _DEATHS:
                waiting.appendleft(i)
                continue
            told = "its process was killed each time: it ends it, or needs too much memory"
            yield i, Row(todo[i], "not done", True, False, error=told)
