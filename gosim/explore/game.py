"""A program as a game: positions, choices, a way back, a goal; the same behind every door.

A game is a list of steps.  Each move is a new execution that takes those steps once more and one
beyond; nothing is kept but the steps, so a way back leads to exactly what was there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from gosim.explore.human import Decide, Human, nth
from gosim.explore.position import Position
from gosim.explore.replay import Ticket, install
from gosim.explore.search import Trial
from gosim.runtime.errors import NotRepeatable, UsageError

if TYPE_CHECKING:
    from gosim.explore.exploration import Exploration
    from gosim.leaks.run import Run

__all__ = ["GOALS", "Claim", "Game", "Taken", "steps_of"]

GOALS: Final = ("leak", "deadlock", "panic", "fatal", "ok")
"""Outcomes that can be asked for."""
_MOST_TRIED: Final = 40


def _nobody(position: Position) -> None:
    return None


def _default(position: Position) -> str | None:
    usual = position.usual
    return None if usual is None else usual.label


@dataclass(frozen=True)
class Taken:
    """An execution of some steps, and what was seen.

    Attributes
    ----------
    positions : tuple of Position
        The last one is where it has come to.
    quiet : tuple of bool
        For each step, whether it has touched nothing that others could see.
    before : tuple of int
        For each step, those that happen before it, as a bit mask.
    token : str
        Repeats it.
    run : Run
        Its record; of one that was left in the middle only good for a look.
    """

    positions: tuple[Position, ...]
    quiet: tuple[bool, ...]
    before: tuple[int, ...]
    token: str
    run: Run


@dataclass(frozen=True)
class Claim:
    """What came of saying that the goal cannot be reached.

    Attributes
    ----------
    holds : bool or None
        True: every schedule was looked at, and none reaches it. False: one does. None:
        nobody knows, because the exploration was not complete.
    exploration : Exploration
    token : str
        Of the counterexample.
    text : str
        One sentence.
    """

    holds: bool | None
    exploration: Exploration
    token: str
    text: str


@dataclass
class Game:
    """A program that a person schedules.

    Parameters
    ----------
    trial : Trial
        The program, and how it is run.
    goal : str
        One of `GOALS`, or empty: then there is none.
    auto : bool
        Steps that leave no choice are taken at once, and nobody is asked about those that concern
        nobody else: a goroutine that starts, goes on to its next operation, or returns. They are
        taken when it is their turn by default, or when a choice needs them. Nothing can be missed
        by that: whatever can be done before such a step can be done after it.

    Attributes
    ----------
    taken : tuple of str
        The labels of the steps so far.
    position : Position
        Where it has come to; what concerns nobody else is done in it already.
    moves : list of int
        For each decision so far, how many steps had been taken before it.
    texts : dict of str to list of str
        The lines of files whose text is not the one on disk: constants have other values.
    opened : int
        So many steps were taken before the first decision, from a token.
    """

    trial: Trial
    goal: str = ""
    auto: bool = True
    taken: tuple[str, ...] = ()
    moves: list[int] = field(default_factory=list)
    texts: dict[str, list[str]] = field(default_factory=dict)
    opened: int = 0

    def __post_init__(self) -> None:
        if self.goal and self.goal not in GOALS:
            raise UsageError(f"--goal {self.goal}: gosim knows {', '.join(GOALS)}")
        install()
        program = self.trial.program
        text = getattr(program, "text", None)
        if isinstance(text, str):
            self.texts[program.file] = text.splitlines()
        self._now: Taken | None = None
        self._seen: Position | None = None
        self._known: dict[Any, str] = {}
        self._tried: dict[str, Taken] = {}
        self._loud: set[tuple[str, int]] = set()
        self._looked: Position | None = None
        self._go_to(self.taken)

    # ---- where it stands ----

    @property
    def position(self) -> Position:
        """Where it has come to; what concerns nobody else is done in it already."""
        assert self._seen is not None
        return self._seen

    @property
    def now(self) -> Taken:
        """The execution so far."""
        assert self._now is not None
        return self._now

    @property
    def token(self) -> str:
        """The replay token of the way so far."""
        return self.now.token

    @property
    def won(self) -> bool:
        """It is over, and came out as the goal says."""
        ending = self.position.ending
        return ending is not None and bool(self.goal) and ending.outcome == self.goal

    @property
    def since(self) -> int:
        """How many steps had been taken before the last decision."""
        return self.moves[-1] if self.moves else 0

    def told(self, since: int | None = None) -> list[str]:
        """Return what the steps did, those from `since` on; left out, from the last decision on."""
        since = self.since if since is None else since
        return list(self.now.positions[-1].told[since:])

    def looked_ahead(self) -> Position:
        """Return the position with what each choice would do: each of the first 40 is tried."""
        if self._looked is None:
            position = self.position
            here = len(position.taken)
            effects = {}
            for choice in position.choices[:_MOST_TRIED]:
                taken = self._after(choice.label)
                effects[choice.label] = taken.positions[-1].told[here]
            self._looked = position.with_effects(effects)
        return self._looked

    def _after(self, label: str) -> Taken:
        """Return the execution up to the position, and one step more."""
        if label not in self._tried:
            self._tried[label] = self.take((*self.position.taken, label), _nobody)
        return self._tried[label]

    # ---- what can be done ----

    def choose(self, number: int) -> Position:
        """Take a choice of the position, counted from 0.

        Raises
        ------
        UsageError
            When there is no such choice.
        """
        choices = self.position.choices
        if not 0 <= number < len(choices):
            many = len(choices)
            there = f"there are {many} choices" if many else "it is over"
            raise UsageError(f"choice {number + 1}: {there}")
        return self.step(choices[number].label)

    def step(self, label: str) -> Position:
        """Take a step that is enabled."""
        if all(choice.label != label for choice in self.position.choices):
            raise UsageError(f"there is no step {label!r} here")
        before = len(self.taken)
        self._go_to(self._needed(label))
        self.moves.append(before)
        return self.position

    def _needed(self, label: str) -> tuple[str, ...]:
        """Return the steps so far, those that concern nobody else and come before it, and it."""
        done, whole = len(self.taken), self.position.taken
        if len(whole) == done:
            return (*whole, label)
        mask = self._after(label).before[len(whole)]
        quiet = (each for i, each in enumerate(whole) if i >= done and mask >> i & 1)
        return (*self.taken, *quiet, label)

    def undo(self) -> Position:
        """Take the last decision back.

        Raises
        ------
        UsageError
            When there was none.
        """
        if not self.moves:
            raise UsageError("nothing has been decided yet")
        self.back_to(self.moves[-1])
        return self.position

    def back_to(self, step: int) -> Position:
        """Go back to where `step` steps had been taken; decisions before that stay."""
        if not 0 <= step <= len(self.taken):
            raise UsageError(f"step {step}: so far there are {len(self.taken)} steps")
        self.moves = [each for each in self.moves if each < step]
        self._go_to(self.taken[:step], exactly=True)
        return self.position

    def restart(self) -> Position:
        """Begin once more."""
        self.moves, self.opened = [], 0
        self._go_to(())
        return self.position

    def run_on(self) -> Position:
        """Let the default schedule do the rest."""
        before = len(self.taken)
        if not self.position.over:
            self._set(self.take(self.taken, _default))
            self.moves.append(before)
        return self.position

    def finished(self, since: int | None = None) -> Taken:
        """Return the way so far with the rest of the default schedule."""
        return self.take(self.taken, _default, since)

    def open_at(self, steps: Sequence[str]) -> Position:
        """Go to where some steps lead; they cannot be taken back one by one, only by number."""
        self.moves, self.opened = [], len(steps)
        self._go_to(steps, exactly=True)
        return self.position

    def claim(self, *, max_schedules: int = 20_000, wall: float | None = None) -> Claim:
        """Say that nobody can reach the goal; all schedules are looked at."""
        return claim(self.trial, self.goal or "leak", max_schedules=max_schedules, wall=wall)

    # ---- executions ----

    def take(self, steps: Sequence[str], decide: Decide, since: int | None = None) -> Taken:
        """Take some steps, then those that somebody decides on."""
        return take(self.trial, steps, decide, since, self._known)

    def _go_to(self, steps: Sequence[str], exactly: bool = False) -> None:
        """Take steps, and those behind them about which there is nothing to decide."""
        while True:
            if exactly or not self.auto:
                self._set(self.take(steps, _nobody))
            else:
                self._set(self._quietly(steps, usual=True))
            if self.auto and any(choice.quiet for choice in self.position.choices):
                self._see(self._quietly(self.taken, usual=False))
            if exactly or not self.auto or len(self.position.choices) != 1:
                return
            steps = self._needed(self.position.choices[0].label)

    def _quietly(self, steps: Sequence[str], usual: bool) -> Taken:
        """Take steps, then those that concern nobody else: all, or where it is their turn."""
        while True:
            quiet: list[int] = []

            def decide(position: Position, quiet: list[int] = quiet) -> str | None:
                choices = position.choices
                if usual and len(choices) == 1:
                    return choices[0].label
                for choice in choices[:1] if usual else choices:
                    if choice.quiet and nth(position.taken, choice.label) not in self._loud:
                        quiet.append(len(position.taken))
                        return choice.label
                return None

            taken = self.take(steps, decide)
            loud = next((i for i in quiet if not taken.quiet[i]), None)
            if loud is None:
                return taken
            way = taken.positions[-1].taken
            self._loud.add(nth(way[:loud], way[loud]))  # it touches something

    def _set(self, taken: Taken) -> None:
        self._now, self._looked, self._tried = taken, None, {}
        self._seen = taken.positions[-1]
        self.taken = self._seen.taken

    def _see(self, taken: Taken) -> None:
        """Show a position with more steps; what the default schedule does is as before them."""
        usual, position = self.now.positions[-1].usual, taken.positions[-1]
        if position.over:
            self._set(taken)
            return
        assert usual is not None
        marked = [replace(each, usual=each.label == usual.label) for each in position.choices]
        marked.sort(key=lambda choice: not choice.usual)
        self._seen, self._looked, self._tried = replace(position, choices=tuple(marked)), None, {}


def take(
    trial: Trial,
    steps: Sequence[str],
    decide: Decide = _nobody,
    since: int | None = None,
    known: dict[Any, str] | None = None,
) -> Taken:
    """Run a program on some steps, and then as somebody decides."""
    program = trial.program
    counts = program.counts_goroutines()
    human = Human(steps, decide, since, program.written_in, known, counts)
    control, run = trial.once(human, [human])
    if run.limit == "interrupt":
        raise KeyboardInterrupt
    human.ended(run)
    if human.length < len(steps):
        raise NotRepeatable(
            f"not repeatable: over after {human.length} steps of {len(steps)}; do you iterate a "
            "set, read the clock, use `random`? (gosim.rand is the deterministic one)"
        )
    ticket = human.ticket(trial.timers, trial.early_ticks, program)
    token = ticket.token(int(trial.options.get("seed", 0)))
    before = tuple(step.before for step in control.steps)
    quiet = tuple(human.quiet)
    return Taken(tuple(human.positions), quiet, before, token, run)


def steps_of(trial: Trial, token: str) -> tuple[str, ...]:
    """Return the labels of the steps that a token repeats.

    Raises
    ------
    UsageError
        When it is none of an explored or played schedule.
    NotRepeatable
        When it is of another program.
    """
    ticket = Ticket.read(token)
    if ticket is None:
        raise UsageError(
            "this token is of a plain run, which has no steps to choose from; take one that "
            "`gosim explore` or `gosim play` has printed, or leave --from out: the default "
            "schedule is that of a plain run"
        )
    from gosim.explore.replay import _Checked

    checked = _Checked(ticket)
    control, _ = trial.once(checked)
    if len(control.steps) != ticket.way.steps:
        raise NotRepeatable(
            f"not repeatable: {len(control.steps)} steps, of {ticket.way.steps} in the token"
        )
    return tuple(str(step.label) for step in control.steps)


def claim(
    trial: Trial, goal: str, *, max_schedules: int = 20_000, wall: float | None = None
) -> Claim:
    """Look whether any schedule of a program comes out as `goal` says."""
    from gosim.explore.search import explore

    found = explore(
        trial.program,
        variant=trial.variant,
        max_schedules=max_schedules,
        max_steps=trial.max_steps,
        wall=wall,
        timers=trial.timers,
        early_ticks=trial.early_ticks,
        **trial.options,
    )
    case = found.case(goal)
    many = f"{found.schedules} schedule{'s' * (found.schedules != 1)}"
    if case is not None:
        n = found.outcomes[goal]
        return Claim(False, found, case.token, f"it can: {n} of {many} end so")
    if found.complete:
        return Claim(True, found, "", f"right: of {many}, which are all there are, none ends so")
    return Claim(None, found, "", f"not decided: none of {many} ends so, but {found.bound}")
