"""All positions of a small program: every way to schedule it, as one graph.

Ways that differ only in the order of steps that have nothing to do with each other come to the
same position, so this is a graph and no tree; its ends are the schedules that an exploration
counts. What concerns nobody else is done as soon as it can be, and where there is only one step it
is part of the move before.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from gosim.explore.default import Order
from gosim.explore.human import Human, nth
from gosim.explore.position import Position
from gosim.explore.replay import install

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gosim.explore.search import Trial
    from gosim.explore.step import Label, Step

__all__ = ["MOST", "Atlas", "Move", "Place", "TooLarge", "atlas"]

MOST: Final = 2_500
"""So many positions are drawn at most."""


class TooLarge(Exception):
    """The program has more positions than anybody wants to have in one file, or to wait for."""

    def __init__(self, most: int, late: bool = False) -> None:
        super().__init__(f"more than {most} positions" + " (there was no time for more)" * late)
        self.most = most


@dataclass(slots=True)
class Move:
    """A decision, and what follows from it without another one.

    Attributes
    ----------
    label : str
        The step that is decided on.
    told : list of str
        What it does, then what the steps do that nobody is asked about.
    to : str
        Where it leads: a key of `Atlas.places`.
    """

    label: str
    told: list[str]
    to: str


@dataclass(slots=True)
class Place:
    """A position, how to come there, and the moves from there.

    Attributes
    ----------
    position : Position
    token : str
        A way there.
    moves : list of Move
        In the order of the position's choices.
    """

    position: Position
    token: str
    moves: list[Move | None] = field(default_factory=list)


@dataclass
class Atlas:
    """Every position of a program.

    Attributes
    ----------
    start : str
        Where it begins.
    before : list of str
        What happens before that, in words.
    places : dict of str to Place
        In the order in which they were found.
    runs : int
        Executions it took.
    cut : bool
        A ticker would have gone on: these are not all positions.
    """

    start: str = ""
    before: list[str] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)
    runs: int = 0
    cut: bool = False

    @property
    def outcomes(self) -> dict[str, int]:
        """How many ends there are of each kind; these are the schedules that differ."""
        counts: dict[str, int] = {}
        for _, place in self.ends():
            assert place.position.ending is not None
            kind = place.position.ending.outcome
            counts[kind] = counts.get(kind, 0) + 1
        return counts

    def ends(self) -> Iterator[tuple[str, Place]]:
        """Yield the positions at which it is over."""
        for key, place in self.places.items():
            if place.position.over:
                yield key, place

    def way(self, outcome: str) -> list[int] | None:
        """Return the fewest choices, by number, that lead to an outcome; None if none do."""
        ends = {
            key
            for key, place in self.ends()
            if place.position.ending is not None and place.position.ending.outcome == outcome
        }
        return self._way(ends)

    def way_to(self, position: Position) -> list[int] | None:
        """Return choices that lead to a position; None where none is one of these."""
        return self._way({position.state})

    def _way(self, wanted: Collection[str]) -> list[int] | None:
        ways: dict[str, list[int]] = {self.start: []}
        queue = [self.start]
        for key in queue:
            place = self.places[key]
            if key in wanted:
                return ways[key]
            for number, move in enumerate(place.moves):
                if move is not None and move.to not in ways:
                    ways[move.to] = [*ways[key], number]
                    queue.append(move.to)
        return None


class _Shadow(Order):
    """The default schedule, for a run in which some steps come earlier than it would take them."""

    def early(self, step: Step) -> None:
        """Hear of a step that was not waited for."""
        for who in step.born:
            self._ready(who)


class _Surveyor(Human):
    """Goes on from a move to the next position that is known, or to the end."""

    def __init__(
        self, survey: _Survey, steps: Sequence[str], since: int, known: dict[Any, str], counts: bool
    ) -> None:
        trial = survey.trial
        super().__init__(steps, self._go_on, since, trial.program.written_in, known, counts)
        self.survey = survey
        self.shadow = _Shadow()
        self.quietly: list[int] = []
        self.met: list[tuple[int, Position]] = []
        self._quiet_now = False
        self._usual_now = ""
        self._given_quiet = survey.quiet_of.get(tuple(steps), frozenset())

    def _choose(self, enabled: Sequence[Label]) -> Label | None:
        self._usual_now = str(self.shadow.first(enabled))
        self._quiet_now = self.length in self._given_quiet
        return super()._choose(enabled)

    def _go_on(self, position: Position) -> str | None:
        for choice in position.choices:
            if choice.quiet and nth(position.taken, choice.label) not in self.survey.loud:
                self._quiet_now = True
                self.quietly.append(len(position.taken))
                return choice.label
        if len(position.choices) == 1:
            return position.choices[0].label
        marked = [replace(each, usual=each.label == self._usual_now) for each in position.choices]
        marked.sort(key=lambda choice: not choice.usual)
        position = replace(position, choices=tuple(marked))
        self.met.append((len(position.taken), position))
        if position.state in self.survey.atlas.places:
            return None
        return marked[0].label

    def took(self, step: Step) -> None:
        """Tell the default schedule."""
        super().took(step)
        if self._quiet_now:
            self.shadow.early(step)
        else:
            self.shadow.took(step)


class _Survey:
    def __init__(
        self,
        trial: Trial,
        most: int,
        wall: float | None = None,
        progress: Callable[[int], Any] | None = None,
    ) -> None:
        self.trial = trial
        self.most = most
        self.deadline = None if wall is None else time.monotonic() + wall
        self.progress = progress
        self.atlas = Atlas()
        self.loud: set[tuple[str, int]] = set()
        self.quiet_of: dict[tuple[str, ...], frozenset[int]] = {}
        self.known: dict[Any, str] = {}
        self.counts = trial.program.counts_goroutines()
        # Where to go on: steps, the position they come from, and the number of the move there.
        self.open: list[tuple[tuple[str, ...], str, int]] = []

    def whole(self) -> Atlas:
        self._go((), "", -1)
        while self.open:
            self._go(*self.open.pop())
            if self.progress is not None:
                self.progress(len(self.atlas.places))
            if self.deadline is not None and time.monotonic() > self.deadline:
                raise TooLarge(len(self.atlas.places), late=True)
        return self.atlas

    def _go(self, steps: tuple[str, ...], origin: str, number: int) -> None:
        while True:
            surveyor = _Surveyor(self, steps, len(steps), self.known, self.counts)
            control, run = self.trial.once(surveyor, [surveyor])
            self.atlas.runs += 1
            if run.limit == "interrupt":
                raise KeyboardInterrupt
            loud = next((i for i in surveyor.quietly if not surveyor.quiet[i]), None)
            if loud is None:
                break
            way = [str(step.label) for step in control.steps[: loud + 1]]
            self.loud.add(nth(way[:loud], way[loud]))
        self.atlas.cut = self.atlas.cut or control.ticks_cut
        surveyor.ended(run)
        met = surveyor.met
        last = surveyor.positions[-1]
        if last.over:
            met.append((len(last.taken), last))
        given = self.quiet_of.pop(steps, frozenset())
        quiet = given | set(surveyor.quietly)
        at = max(0, len(steps) - 1)
        for length, position in met:
            told = [text for text in surveyor.effects[at:length] if text]
            self._link(origin, number, position, told)
            if position.state in self.atlas.places:
                return
            self._add(position, surveyor, length, quiet)
            origin, number, at = position.state, 0, length

    def _link(self, origin: str, number: int, position: Position, told: list[str]) -> None:
        if not origin:
            self.atlas.start, self.atlas.before = position.state, told
            return
        place = self.atlas.places[origin]
        label = place.position.choices[number].label
        place.moves[number] = Move(label, told, position.state)

    def _add(
        self, position: Position, surveyor: _Surveyor, length: int, quiet: frozenset[int]
    ) -> None:
        if len(self.atlas.places) >= self.most:
            raise TooLarge(self.most)
        token = surveyor.token_at(self.trial, length, position.over)
        place = Place(position, token, [None] * len(position.choices))
        self.atlas.places[position.state] = place
        early = frozenset(i for i in quiet if i < length)
        for number in range(len(position.choices) - 1, 0, -1):
            steps = (*position.taken, position.choices[number].label)
            self.quiet_of[steps] = early
            self.open.append((steps, position.state, number))


def atlas(
    trial: Trial,
    most: int = MOST,
    wall: float | None = None,
    progress: Callable[[int], Any] | None = None,
) -> Atlas:
    """Return all positions of a program.

    Parameters
    ----------
    trial : Trial
    most : int
        So many positions at most.
    wall : float, optional
        Seconds of real time.
    progress : callable, optional
        Told how many positions there are so far.

    Raises
    ------
    TooLarge
        When there are more, or there is no time for them.
    """
    install()
    return _Survey(trial, most, wall, progress).whole()
