"""Levels of the game ``gosim play``: a program, a goal, hints; and what is known of each.

``levels.toml`` says what is played, ``recorded.json`` what an exploration has found out about it
(``python -m tests.record_levels`` writes that): in how many schedules the goal is reached, how many
there are, with how few deviations from the default one, and a token that wins.
"""

from __future__ import annotations

import json
import math
import tomllib
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from gosim.runtime.errors import UsageError

if TYPE_CHECKING:
    from gosim.explore.search import Trial

__all__ = ["Level", "Record", "difficulty", "find", "levels"]

HERE: Final = Path(__file__).parent
STARS: Final = 5


@dataclass(frozen=True)
class Record:
    """What is known of a level.

    Attributes
    ----------
    schedules, reaching : int
        How many there are that differ, and how many of them reach the goal.
    complete : bool
        These are all.
    deviations, steps : int or None
        Of the simplest schedule that reaches it.
    token : str
        That schedule; empty where none does.
    sum : str
        Of the program's text, which tells whether it is still the same.
    """

    schedules: int
    reaching: int
    complete: bool
    deviations: int | None
    steps: int | None
    token: str
    sum: str

    @property
    def cannot(self) -> bool:
        """It is proved that nobody can reach the goal."""
        return self.complete and not self.reaching


@dataclass(frozen=True)
class Level:
    """A program, and what to do with it.

    Attributes
    ----------
    name, title : str
    text : str
        What the player is told.
    goal : str
        An outcome.
    asks : bool
        Perhaps it cannot be done, and the player has to say so.
    hints : tuple of str
    program : str
        A scenario, ``assignment:NAME``, or ``kernel:NAME`` of Go's own suite.
    variant : str
        Of a scenario.
    source : {"go", "python"}
    params : dict
    timers : {"any", "late"}
    """

    name: str
    title: str
    text: str
    goal: str
    program: str
    asks: bool = False
    hints: tuple[str, ...] = ()
    variant: str = ""
    source: str = "go"
    params: dict[str, Any] = field(default_factory=dict)
    timers: str = "any"

    @property
    def kernel(self) -> bool:
        """Its program ships with Go, and is used where it lies: a toolchain is needed."""
        return self.program.startswith("kernel:")

    @property
    def record(self) -> Record | None:
        """What is known of it; None before anybody has looked."""
        found = _recorded().get(self.name)
        return None if found is None else Record(**found)

    @property
    def stars(self) -> int:
        """Its difficulty, 1 to 5; 0 if it is not known."""
        record = self.record
        return 0 if record is None else difficulty(record)

    @property
    def target(self) -> str:
        """What stands behind ``gosim run`` for its program, with the options.

        Empty for a kernel: what is played is not the whole file.
        """
        if self.kernel:
            return ""
        if self.program.startswith("assignment:"):
            from gosim.views.text import relative

            return relative(str(self._file()))
        words = [self.program]
        if self.variant:
            words += ["--variant", self.variant]
        if self.source != "python":
            words += ["--source", self.source]
        words += [f"-p {name}={value}" for name, value in self._size().items()]
        return " ".join(words)

    @property
    def again(self) -> str:
        """What stands behind ``gosim play`` for it."""
        return self.name

    def _file(self) -> Path:
        from gosim.course.assignment import root

        name = self.program.partition(":")[2]
        return root() / name / f"starter.{'py' if self.source == 'python' else 'go'}"

    def _size(self) -> dict[str, Any]:
        from gosim.scenario import find as scenario

        return {**scenario(self.program).explore, **self.params}

    def in_language(self, source: str) -> Level:
        """Return the level with its program in another language.

        Raises
        ------
        UsageError
            When it is not told in that one.
        """
        if self.kernel and source != "go":
            raise UsageError(f"level {self.name} is a program of Go's: it is told in Go only")
        return replace(self, source=source)

    def trial(self, source: str | None = None) -> Trial:
        """Return its program, and how it is run.

        Raises
        ------
        UsageError
            When Go is needed, and is not there.
        """
        from gosim.explore.search import Trial

        if source is not None and source != self.source:
            return self.in_language(source).trial()
        source = self.source
        kind, _, name = self.program.rpartition(":")
        if kind == "kernel":
            from gosim.levels.kernels import GO
            from gosim.levels.kernels import program as kernel

            return Trial(kernel(name), timers=self.timers, options={"go": GO})
        from gosim.golang.program import GoProgram
        from gosim.runtime.program import File, Program

        if kind == "assignment":
            file = str(self._file())
            program: Program = GoProgram(file, explored=True) if source == "go" else File(file)
            program.name = name
            return Trial(program, timers=self.timers)
        from gosim.scenario import find as scenario

        found = scenario(name)
        variant = found.variant(self.variant) if self.variant else found.first
        path = str(variant.file(source))
        from gosim.explore.sized import parameters, with_values

        has = parameters(variant, "go" if source == "go" else "python")
        size = {n: v for n, v in self._size().items() if n in has}
        if source == "go":
            text = variant.file("go").read_text(encoding="utf-8")
            program = GoProgram(
                path, source=with_values(text, size) if size else None, explored=True
            )
        else:
            program = File(path, size)
        program.name = found.name
        return Trial(program, variant=variant.name, timers=self.timers)


def difficulty(record: Record) -> int:
    """Return how hard a level is, from 1 to 5.

    Luck: each halving of the share of schedules that reach the goal is 0.7 points. Skill: each
    deviation from the default schedule is a whole one. Where nobody can reach it, what counts is
    how many schedules there are to think of.

    Examples
    --------
    >>> difficulty(Record(7, 6, True, 1, 18, "", ""))
    2
    >>> difficulty(Record(92, 4, True, 1, 12, "", ""))
    5
    """
    if not record.reaching:
        points = math.log2(max(1, record.schedules)) / 1.5
    else:
        luck = math.log2(record.schedules / record.reaching)
        points = luck * 0.7 + (record.deviations or 0)
    return max(1, min(STARS, math.ceil(points)))


@cache
def levels() -> tuple[Level, ...]:
    """Return the levels, the easiest first."""
    data = tomllib.loads((HERE / "levels.toml").read_text(encoding="utf-8"))
    found = []
    for each in data["level"]:
        each["hints"] = tuple(each.get("hints", ()))
        found.append(Level(**each))
    return tuple(sorted(found, key=lambda level: (level.kernel, level.stars)))


@cache
def _recorded() -> dict[str, dict[str, Any]]:
    file = HERE / "recorded.json"
    if not file.exists():
        return {}
    known: dict[str, dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
    return known


def find(name: str) -> Level | None:
    """Return a level by its name, or by its number in the list; None if there is none."""
    name = name.replace("_", "-").lower()
    known = levels()
    if name.isdigit() and 1 <= int(name) <= len(known):
        return known[int(name) - 1]
    return next((level for level in known if level.name == name), None)
