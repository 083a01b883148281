"""What is known of a program when its schedules have been explored: one verdict."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from gosim.runtime.errors import UsageError

if TYPE_CHECKING:
    from gosim.explore.outcome import Outcome
    from gosim.explore.way import Way
    from gosim.leaks.messages import Source
    from gosim.leaks.run import Run

__all__ = ["BAD", "Case", "Exploration", "Finding"]

BAD: Final = ("leak", "deadlock", "panic", "fatal")
"""Kinds of outcomes that a program should not have, as they are told."""


class Finding(NamedTuple):
    """Something that was noticed in a schedule beside its outcome.

    Attributes
    ----------
    kind : str
        ``data race``, ``lock order``, ``livelock``, ``starvation``.
    key : str
        What it is about: findings with the same key are one.
    text : str
        For people.
    at : tuple of str
        The places, as ``file:line``.
    """

    kind: str
    key: str
    text: str
    at: tuple[str, ...] = ()


@dataclass
class Noticed:
    """A finding, in how many schedules it was made, and one of them.

    Attributes
    ----------
    finding : Finding
    schedules : int
    way : Way
    token : str
    """

    finding: Finding
    schedules: int
    way: Way
    token: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON of ``explore --json``, ``findings``."""
        finding = self.finding
        return {
            "kind": finding.kind,
            "at": list(finding.at),
            "text": finding.text,
            "schedules": self.schedules,
            "token": self.token,
        }


@dataclass
class Case:
    """An outcome, and one schedule that has it.

    Attributes
    ----------
    outcome : Outcome
    schedules : int
        How many schedules end so.
    way : Way
        One of them: that with the fewest deviations from the default schedule, then the shortest.
    fewest : bool
        There is none with fewer deviations; otherwise none was found.
    token : str
        Replays it: ``gosim run NAME --replay TOKEN``.
    run : Run
        Its record.
    story : list of str
        Sentences: what is done otherwise than by default, then why each goroutine is stuck.
    """

    outcome: Outcome
    schedules: int
    way: Way
    run: Run
    fewest: bool = False
    token: str = ""
    story: list[str] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON of ``explore --json``, ``distinct``."""
        outcome, run = self.outcome, self.run
        return {
            "outcome": outcome.kind,
            "schedules": self.schedules,
            "exit_code": outcome.exit_code,
            "stdout": outcome.output,
            "error": outcome.error or outcome.after,
            "token": self.token,
            "deviations": self.way.count,
            "fewest": self.fewest,
            "steps": self.way.steps,
            "story": self.story,
            "leaks": [leak.to_dict() for leak in run.leaks],
        }


@dataclass
class Exploration:
    """All schedules of a program, and what they lead to.

    Attributes
    ----------
    program, variant, go : str
    source : str
        ``python`` or ``go``.
    strategy : str
    schedules : int
        Executions that were run to their end; under the exhaustive strategy each is another trace.
    blocked : int
        Executions that were given up because they could only lead to what was known.
    traces : int
        How many of the schedules differ.
    bound : str or None
        What was reached before every trace was covered; None when the exploration is complete.
    assumed : list of str
        What holds for the verdict: how timers were treated, which order did not count.
    cases : list of Case
        One for each distinct outcome, in the order of their ways: the default schedule first.
    noticed : list of Noticed
        Races, lock orders and the like.
    seconds : float
        Real time; not part of the record that two explorations have in common.
    """

    program: str
    variant: str
    go: str
    source: Source
    strategy: str
    schedules: int = 0
    blocked: int = 0
    traces: int = 0
    bound: str | None = None
    assumed: list[str] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    noticed: list[Noticed] = field(default_factory=list)
    seconds: float = field(default=0.0, compare=False)

    @property
    def complete(self) -> bool:
        """Every trace was covered."""
        return self.bound is None

    @property
    def outcomes(self) -> dict[str, int]:
        """In how many schedules each kind of outcome was seen."""
        counts: dict[str, int] = {}
        for case in self.cases:
            kind = case.outcome.kind
            counts[kind] = counts.get(kind, 0) + case.schedules
        return counts

    @property
    def clean(self) -> bool:
        """No schedule leaks, deadlocks, panics or dies, and nothing else was noticed."""
        return not self.noticed and not any(case.outcome.kind in BAD for case in self.cases)

    @property
    def leaks(self) -> int:
        """In how many schedules something is left over for good."""
        return self.outcomes.get("leak", 0)

    def case(self, kind: str) -> Case | None:
        """Return the first case of a kind of outcome."""
        return next((case for case in self.cases if case.outcome.kind == kind), None)

    def verdict(self) -> str:
        """Return the verdict in one line.

        ``leaks in 5 of 12 schedules; complete``
        """
        outcomes = self.outcomes
        of = f"of {self.schedules} schedule{'s' * (self.schedules != 1)}"
        told: list[str] = []
        for kind, verb in _VERBS.items():
            if n := outcomes.get(kind, 0):
                told.append(f"{verb} in {n} {of}" if not told else f"{verb} in {n}")
        end = "complete" if self.complete else f"not complete: {self.bound}"
        if not told:
            never = "never leaks, deadlocks or panics" if self.complete else "no fault found"
            told = [f"{never} in {self.schedules} schedule{'s' * (self.schedules != 1)}"]
            if not self.schedules:
                told = ["no schedule has come to its end"]
        for kind, name in _NOTICED.items():
            seen = [each.schedules for each in self.noticed if each.finding.kind == kind]
            if seen:  # two of them may be of the same schedules: at least so many
                told.append(f"{name} in {max(seen)}")
        return f"{', '.join(told)}; {end}"

    def to_dict(self) -> dict[str, Any]:
        """Return the exploration as ``explore --json`` prints it, schema ``gosim.explore/1``."""
        return {
            "schema": "gosim.explore/1",
            "program": self.program,
            "variant": self.variant,
            "source": self.source,
            "go": self.go,
            "strategy": self.strategy,
            "schedules": self.schedules,
            "blocked": self.blocked,
            "traces": self.traces,
            "complete": self.complete,
            "bound": self.bound,
            "assumed": self.assumed,
            "verdict": self.verdict(),
            "outcomes": self.outcomes,
            "distinct": [case.to_dict() for case in self.cases],
            "findings": [each.to_dict() for each in self.noticed],
        }

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write one page: verdict, outcomes, and of each its story, graph, timeline and steps.

        Raises
        ------
        UsageError
            When the name does not end in ``.html``.
        """
        if not os.fspath(path).lower().endswith((".html", ".htm")):
            raise UsageError(f"{os.fspath(path)}: the name must end in .html")
        if saved is not None:
            saved(self, path)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        if shown is None:
            return {"text/plain": repr(self)}
        return shown(self, include, exclude)

    def __repr__(self) -> str:
        return f"<Exploration {self.program} {self.variant}: {self.verdict()}>"


_VERBS: Final = {
    "leak": "leaks",
    "deadlock": "deadlocks",
    "panic": "panics",
    "fatal": "dies of a fatal error",
    "limit": "does not end",
}

_NOTICED: Final = {
    "data race": "data race",
    "lock order": "locks in two orders",
    "livelock": "livelock",
    "starvation": "starvation",
}

shown: Callable[[Exploration, Any, Any], dict[str, str]] | None = None
"""Shows an exploration in a notebook.  ``gosim.doors`` puts it here, as with runs."""

saved: Callable[[Exploration, Any], None] | None = None
"""Writes the page of an exploration.  ``gosim.doors`` puts it here."""
