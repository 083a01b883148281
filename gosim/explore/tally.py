"""What executions have shown, folded as they come; tallies of several processes add up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gosim.explore.exploration import Case, Finding, Noticed
from gosim.explore.outcome import Left, Outcome
from gosim.explore.way import Deviation, Way

if TYPE_CHECKING:
    from collections.abc import Callable

    from gosim.leaks.run import Run

__all__ = ["Tally"]


@dataclass
class _Seen:
    schedules: int
    way: Way
    run: Run | None


class Tally:
    """Schedules by outcome, and findings.

    Attributes
    ----------
    schedules : int
    unended : int
        How many of them were ended after a number of steps.
    ticks_cut : bool
        In one of them at least a timer was not let overtake.
    """

    def __init__(self) -> None:
        self.schedules = 0
        self.unended = 0
        self.ticks_cut = False
        self._seen: dict[Outcome, _Seen] = {}
        self._noticed: dict[tuple[str, str], Noticed] = {}

    def count(
        self,
        outcome: Outcome,
        way: Way,
        run: Run | None,
        ticks_cut: bool,
        findings: Iterable[Finding],
        repeated: bool = False,
    ) -> None:
        """Add one execution.

        One that is `repeated` may have a better way; another outcome than its trace had before, it
        should not have, and is counted if it does.
        """
        new = int(not repeated or outcome not in self._seen)
        self.schedules += new
        self.unended += bool(new) and way.stopped
        self.ticks_cut = self.ticks_cut or ticks_cut
        self._see(outcome, new, way, run)
        for finding in findings:
            self._notice(finding, new, way)

    def add(self, other: Tally) -> None:
        """Add what another tally has counted."""
        self.schedules += other.schedules
        self.unended += other.unended
        self.ticks_cut = self.ticks_cut or other.ticks_cut
        for outcome, seen in other._seen.items():
            self._see(outcome, seen.schedules, seen.way, seen.run)
        for each in other._noticed.values():
            self._notice(each.finding, each.schedules, each.way)

    def _see(self, outcome: Outcome, schedules: int, way: Way, run: Run | None) -> None:
        known = self._seen.get(outcome)
        if known is None:
            self._seen[outcome] = _Seen(schedules, way, run)
            return
        known.schedules += schedules
        if way < known.way:
            known.way, known.run = way, run

    def _notice(self, finding: Finding, schedules: int, way: Way) -> None:
        key = finding.kind, finding.key
        known = self._noticed.get(key)
        if known is None:
            self._noticed[key] = Noticed(finding, schedules, way)
            return
        known.schedules += schedules
        if (way, finding) < (known.way, known.finding):
            known.way, known.finding = way, finding

    # ---- what came out ----

    @property
    def outcomes(self) -> dict[str, int]:
        """Schedules by kind of outcome."""
        outcomes: dict[str, int] = {}
        for outcome, seen in self._seen.items():
            outcomes[outcome.kind] = outcomes.get(outcome.kind, 0) + seen.schedules
        return outcomes

    def cases(self, run: Callable[[Way], Run]) -> list[Case]:
        """Return the distinct outcomes; `run` makes the record of a way that has none here."""
        cases = [
            Case(outcome, seen.schedules, seen.way, seen.run or run(seen.way))
            for outcome, seen in self._seen.items()
        ]
        return sorted(cases, key=lambda case: (case.way, case.outcome))

    def noticed(self) -> list[Noticed]:
        """Return the findings."""
        return [self._noticed[key] for key in sorted(self._noticed)]

    # ---- plain form ----

    def to_plain(self) -> Any:
        """Return it without runs, as what goes through pipes and into files."""
        return [
            [self.schedules, self.unended, self.ticks_cut],
            [(outcome, seen.schedules, _way(seen.way)) for outcome, seen in self._seen.items()],
            [(each.finding, each.schedules, _way(each.way)) for each in self._noticed.values()],
        ]

    @classmethod
    def of_plain(cls, plain: Any) -> Tally:
        """Return what `to_plain` was called on."""
        counts, seen, noticed = plain
        self = cls()
        self.schedules, self.unended, self.ticks_cut = counts
        for outcome, schedules, way in seen:
            *rest, left, kept = outcome
            told = Outcome._make(
                [*rest, tuple(Left(*each) for each in left), tuple(tuple(each) for each in kept)]
            )
            self._see(told, schedules, _way_of(way), None)
        for (kind, key, text, at), schedules, way in noticed:
            self._notice(Finding(kind, key, text, tuple(at)), schedules, _way_of(way))
        return self


def _way(way: Way) -> Any:
    return (way.steps, way.deviations, way.stopped)


def _way_of(plain: Any) -> Way:
    steps, deviations, stopped = plain
    return Way.of((Deviation(*each) for each in deviations), steps, stopped)
