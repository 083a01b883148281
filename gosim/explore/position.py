"""What a person sees between two steps: who stands where, who waits for whom, what can come next.

Plain data, the same for the same way whenever it is taken: two positions are compared as JSON.
"""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass, field, replace
from typing import Any

__all__ = ["Choice", "Ending", "Hold", "Position", "Standing", "Thing"]


@dataclass(frozen=True, slots=True)
class Standing:
    """A goroutine between two steps.

    Attributes
    ----------
    name : str
        Its way from main: ``main/2/1`` is the first that the second one of main has started.
    function : str
        Where it began, without the package.
    file, line
        Where it stands; the file's whole path.
    state : str
        ``ready`` (it has a step), ``waits`` (others have to do something first), ``sleeps`` (a
        timer has to).
    words : str
        What it is about to do, or waits to do.
    on : tuple of (str, str)
        What for: keys of things, each with the operation.
    """

    name: str
    function: str
    file: str
    line: int
    state: str
    words: str
    on: tuple[tuple[str, str], ...] = ()

    @property
    def at(self) -> str:
        """The place in short."""
        return f"{os.path.basename(self.file)}:{self.line}" if self.file else ""


@dataclass(frozen=True, slots=True)
class Hold:
    """Who holds a lock, and how (``holder``, ``reader``, ``writer``)."""

    who: str
    role: str


@dataclass(frozen=True, slots=True)
class Thing:
    """A channel, a lock, a group between two steps.

    Attributes
    ----------
    key : str
        The same in every schedule: who made it, and its number there.
    name, kind, words : str
        The variable it was first stored in; ``chan``, ``mutex``, …; its state.
    holders : tuple of Hold
    """

    key: str
    name: str
    kind: str
    words: str
    holders: tuple[Hold, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """A step that could come next.

    Attributes
    ----------
    label : str
        Its name among those that are enabled (`gosim.explore.step.Label`).
    who : tuple of str
        The goroutines that take part; none for a timer that acts by itself.
    does : str
        One sentence, as far as it is known before.
    at : str
        The place.
    usual : bool
        The default schedule takes it, which is Go's with one processor.
    quiet : bool
        It looks like a step that concerns nobody else: its goroutine starts, goes on, or returns.
    effect : str
        One sentence about the step and what comes of it; empty as long as nobody has looked.
    """

    label: str
    who: tuple[str, ...]
    does: str
    at: str = ""
    usual: bool = False
    quiet: bool = False
    effect: str = ""


@dataclass(frozen=True, slots=True)
class Ending:
    """How it came out.

    Attributes
    ----------
    outcome : str
        As of a run: ``ok``, ``leak``, ``deadlock``, ``panic``, ``fatal``, ``exit``, ``limit``.
    headline : str
        The first line of what the process printed on stderr, if it did.
    told : tuple of str
        Sentences: why each goroutine that is left is stuck.
    left : tuple of str
        Functions and wait reasons of those that are left.
    exit_code : int or None
    """

    outcome: str
    headline: str = ""
    told: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    exit_code: int | None = None


@dataclass(frozen=True, slots=True)
class Position:
    """A moment between two steps.

    Attributes
    ----------
    taken : tuple of str
        The labels of the steps so far.
    told : tuple of str
        A sentence for each of them.
    choices : tuple of Choice
        What can come next; none when it is over.
    goroutines : tuple of Standing
        In the order of their names' making.
    things : tuple of Thing
    output : str
        What was printed so far.
    returned : bool
        Main has returned: the process would be over, and it is seen who is left.
    ending : Ending or None
        When it is over.
    state : str
        The same for ways that differ only in the order of steps that have nothing to do with each
        other.
    """

    taken: tuple[str, ...]
    told: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    goroutines: tuple[Standing, ...] = ()
    things: tuple[Thing, ...] = ()
    output: str = ""
    returned: bool = False
    ending: Ending | None = None
    state: str = field(default="", repr=False)

    @property
    def over(self) -> bool:
        """Nothing can come next."""
        return self.ending is not None

    @property
    def usual(self) -> Choice | None:
        """What the default schedule does."""
        return next((choice for choice in self.choices if choice.usual), None)

    def standing(self, name: str) -> Standing | None:
        """Return a goroutine that is alive."""
        return next((g for g in self.goroutines if g.name == name), None)

    def thing(self, key: str) -> Thing | None:
        """Return a thing that somebody has to do with."""
        return next((thing for thing in self.things if thing.key == key), None)

    def waits(self) -> list[tuple[str, str, str]]:
        """Return who waits for what, as edges: goroutine → thing, and thing → who holds it."""
        edges = [
            (g.name, key, op) for g in self.goroutines if g.state != "ready" for key, op in g.on
        ]
        waited = {key for _, key, _ in edges}
        edges += [
            (thing.key, hold.who, hold.role)
            for thing in self.things
            if thing.key in waited
            for hold in thing.holders
        ]
        return edges

    def circle(self) -> list[str]:
        """Return goroutines and things of which each waits for the next one; empty if none do."""
        next_of: dict[str, list[str]] = {}
        for tail, head, _ in self.waits():
            next_of.setdefault(tail, []).append(head)
        for start in next_of:
            ways = [[start]]
            while ways:
                way = ways.pop()
                for node in next_of.get(way[-1], ()):
                    if node == start:
                        return way
                    if node not in way and len(way) < 2 * len(next_of):
                        ways.append([*way, node])
        return []

    def with_effects(self, effects: dict[str, str]) -> Position:
        """Return the same with what each choice would do."""
        choices = tuple(replace(c, effect=effects.get(c.label, c.effect)) for c in self.choices)
        return replace(self, choices=choices)

    def to_dict(self) -> dict[str, Any]:
        """Return it as ``play --json`` prints it."""
        whole = asdict(self)
        for g, standing in zip(whole["goroutines"], self.goroutines, strict=True):
            g["at"] = standing.at
        return whole
