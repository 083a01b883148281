"""Exhaustive search within a bound: of preemptions, delays, or deviations from the default.

An execution follows a list of deviations and then the default schedule. At each step behind the
last deviation all that could have been done instead is another list, which costs what its last
deviation costs; lists are taken up in the order of their costs, so that all executions of cost 0
come first, then those of cost 1, and so on.

Partial-order reduction and bounds do not go together: the one representative that a reduced search
runs of a trace may be beyond the bound when another one is not. What is left out here is less: a
state, told by the number of the trace that led to it, by who ran last and what else the cost of a
step depends on, is gone through once. Costs only grow, so the first visit is the cheapest.
(Musuvathi, Qadeer: Iterative context bounding for systematic testing of multithreaded programs,
PLDI 2007; Emmi, Qadeer, Rakamarić: Delay-bounded scheduling, POPL 2011.)
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from gosim.explore.default import Order
from gosim.explore.step import Label, Step
from gosim.explore.strategy import Strategy
from gosim.explore.trace import Hasher
from gosim.explore.way import Deviation, in_turn

if TYPE_CHECKING:
    from gosim.explore.control import Control

__all__ = ["Bounded", "Cost"]

Cost = Literal["preemptions", "delays", "deviations"]
_ONE: Final = {"preemptions": "preemption", "delays": "delay", "deviations": "deviation"}


class _Fork(NamedTuple):
    """What else could be done at a step: after `way`, at step `at`, one of `positions`."""

    way: tuple[Deviation, ...]
    at: int
    positions: list[int]


class Bounded(Strategy):
    """All executions up to a cost.

    Parameters
    ----------
    limit : int, optional
        The bound; without one, the search ends when everything has been run.
    cost : {"preemptions", "delays", "deviations"}
        A *preemption* is a step of others while who ran last could go on, and a timer that fires
        while somebody could. A *delay* is one that the default schedule would have taken
        before the one that is taken: taking the third choice costs two. A *deviation* costs one,
        whatever is taken.

    Attributes
    ----------
    level : int
        The cost of the execution under way; all of lower costs have been run.
    way : tuple of Deviation
        Its deviations.
    waiting : int
        Executions that are known to remain within the bound.
    traces : set of int
        Numbers of the traces met.
    distinct : int
        How many those are.
    """

    def __init__(self, limit: int | None = 2, cost: Cost = "preemptions") -> None:
        super().__init__()
        self.limit = limit
        self.cost: Cost = cost
        self.name = cost
        self.level = 0
        self.way: tuple[Deviation, ...] = ()
        self.waiting = 0
        self.traces: set[int] = set()
        self.bound = self._told(0)
        self._levels: list[list[_Fork]] = [[]]
        self._beyond = False
        self._visited: set[int] = set()
        self._order = Order()
        self._hasher = Hasher()
        self._at = 0
        self._next = 0

    @property
    def distinct(self) -> int:
        """How many different traces were met."""
        return len(self.traces)

    # ---- one execution ----

    def begin(self, control: Control) -> None:
        """Begin the next list of deviations."""
        self.cut = False
        self._order, self._hasher = Order(), Hasher()
        self._at = self._next = 0

    def choose(self, enabled: Sequence[Label]) -> Label | None:
        """Return what the list says; behind its end, the default, and note what else there is."""
        at = self._at
        self._at += 1
        first = self._order.first(enabled)
        way = self.way
        if self._next < len(way):
            step, position = way[self._next]
            if step == at:
                self._next += 1
                return in_turn(first, enabled)[position]
            return first
        if self._known():
            self.cut = True
            return None
        if len(enabled) > 1:
            self._branch(at, in_turn(first, enabled))
        return first

    def took(self, step: Step) -> None:
        """Hear of a step."""
        self._order.took(step)
        self._hasher.add(step)

    def _known(self) -> bool:
        """Whether the search has been here before, at no higher a cost."""
        order = self._order
        # What the costs of what follows depend on, besides the state.
        memory: Hashable = order.running
        if self.cost != "preemptions":
            memory = order.running, tuple(order.queue), tuple(order.parked)
        state = hash((self._hasher.value, memory))
        if state in self._visited:
            return True
        self._visited.add(state)
        return False

    def _branch(self, at: int, enabled: Sequence[Label]) -> None:
        """Note what could be done instead of the default, which stands first."""
        of_cost: dict[int, list[int]] = {}
        if self.cost == "deviations":
            of_cost[1] = list(range(len(enabled) - 1, 0, -1))
        else:
            costs = self._costs(enabled)
            for position in range(len(enabled) - 1, 0, -1):
                of_cost.setdefault(costs[enabled[position]], []).append(position)
        for more, positions in of_cost.items():
            cost = self.level + more
            if self.limit is not None and cost > self.limit:
                self._beyond = True
                continue
            while len(self._levels) <= cost:
                self._levels.append([])
            self._levels[cost].append(_Fork(self.way, at, positions))
            self.waiting += len(positions)

    def _costs(self, enabled: Sequence[Label]) -> dict[Label, int]:
        if self.cost == "delays":
            turns = [enabled[0]]
            for who in (self._order.running, *reversed(self._order.queue)):
                turns += [label for label in enabled if label.who == who]
            turns += [label for label in enabled if not label.timer]
            turns += enabled
            return {label: i for i, label in enumerate(dict.fromkeys(turns))}
        running = self._order.running  # nobody, if it has to wait
        others = any(not label.timer for label in enabled)
        goes_on = any(running in label.goroutines for label in enabled)
        return {
            label: int(others) if label.timer else int(goes_on and running not in label.goroutines)
            for label in enabled
        }

    # ---- between two executions ----

    def advance(self, control: Control) -> bool:
        """Take up the cheapest list of deviations that is left."""
        if self.cut:
            self.blocked += 1
        else:
            self.traces.add(self._hasher.value)
        while self.level < len(self._levels):
            level = self._levels[self.level]
            if level:
                way, at, positions = level[-1]
                self.way = (*way, Deviation(at, positions.pop()))
                if not positions:
                    level.pop()
                self.waiting -= 1
                return True
            self.level += 1
            self.bound = self._told(self.level)
        limit = self.level if self.limit is None else self.limit
        self.bound = self._told(limit + 1) if self._beyond else None
        return False

    def _told(self, level: int) -> str:
        """How far the search has come, when all of lower costs than `level` have been run."""
        if level == 0:
            return f"not even all schedules without {self.cost} were run"
        n = level - 1
        return f"complete up to {n} {_ONE[self.cost] if n == 1 else self.cost}"
