"""Exhaustive search with optimal partial-order reduction: one execution for each trace.

The search walks a tree whose nodes are beginnings of executions. A node has a *sleep set*, the
steps that need not be taken there because everything that begins with them has been run, and a
*wake-up tree*, the beginnings that are still to be run from there, in an order in which none of
them makes another one superfluous. Races of a finished execution (`gosim.explore.races`) add to the
wake-up trees of the nodes it came through, unless something that is asleep there, or planned, leads
to the same trace. (Abdulla, Aronis, Jonsson, Sagonas: Source Sets: A Foundation for Optimal Dynamic
Partial Order Reduction, J. ACM 64(4), 2017, algorithm 2.)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gosim.explore.control import Control
from gosim.explore.races import reversals
from gosim.explore.step import Label, Step, commute
from gosim.explore.strategy import Strategy

__all__ = ["Branch", "Node", "Optimal", "may_begin", "plan"]


class Branch:
    """A node of a wake-up tree: a step, and what is planned behind it."""

    __slots__ = ("behind", "step")

    def __init__(self, step: Step) -> None:
        self.step = step
        self.behind: list[Branch] = []


class Node:
    """A beginning of an execution that is being explored.

    Attributes
    ----------
    sleep : list of Step
        What has been done here, or leads nowhere new.
    planned : list of Branch
        The wake-up tree; its first branch is the one that is being explored.
    taken : Step or None
        The step taken from here, once it is known what it touches.
    """

    __slots__ = ("planned", "sleep", "taken")

    def __init__(self, sleep: list[Step], planned: list[Branch]) -> None:
        self.sleep = sleep
        self.planned = planned
        self.taken: Step | None = None


class Optimal(Strategy):
    """The search; it is complete.

    Attributes
    ----------
    blocked : int
        Executions that ended because everything left to do was asleep, or because what was planned
        turned out not to be possible. An optimal search has none.
    floor : int
        How many nodes at the root are others' business; 0 unless the search has been divided.
    """

    name = "optimal"
    floor = 0

    def __init__(self) -> None:
        super().__init__()
        self.stack: list[Node] = []
        self.depth = 0
        self.fresh = 0  # steps of the execution under way that the one before had, too

    # ---- one execution ----

    def begin(self, control: Control) -> None:
        """Begin at the root."""
        self.depth = 0
        self.cut = False

    def choose(self, enabled: Sequence[Label]) -> Label | None:
        """Return the step that leads on."""
        if self.depth < len(self.stack):
            node = self.stack[self.depth]
        else:
            node = self._new_node()
            self.stack.append(node)
            if not node.planned:
                asleep = {step.label for step in node.sleep}
                label = next((each for each in enabled if each not in asleep), None)
                if label is None:
                    self.cut = True
                    return None
                node.planned.append(Branch(Step(label, label.goroutines)))
        label = node.planned[0].step.label
        if label not in enabled:
            self.cut = True
            return None
        return label

    def took(self, step: Step) -> None:
        """Hear of a step."""
        self.stack[self.depth].taken = step
        self.depth += 1

    def _new_node(self) -> Node:
        if not self.stack:
            return Node([], [])
        parent = self.stack[-1]
        assert parent.taken is not None
        sleep = [step for step in parent.sleep if commute(step, parent.taken)]
        branch = parent.planned[0]
        planned, branch.behind = branch.behind, []
        return Node(sleep, planned)

    # ---- between two executions ----

    def advance(self, control: Control) -> bool:
        """Learn from the execution that has ended; return whether there is another one to do."""
        if self.cut:
            self.blocked += 1
        else:
            for at, way in reversals(control.steps, control.left, self.fresh):
                self._insert(at, way)
        return self._next()

    def _next(self) -> bool:
        """Go to the next execution that is planned; return whether there is one."""
        while len(self.stack) > self.floor:
            node = self.stack[-1]
            if node.planned:
                branch = node.planned.pop(0)
                node.sleep.append(node.taken if node.taken is not None else branch.step)
                node.taken = None
            if node.planned:
                here = len(self.stack) - 1
                self.fresh = min(self.fresh, here) if self.cut else here  # nothing was learnt
                return True
            self.stack.pop()
        return False

    def _insert(self, at: int, way: Sequence[Step]) -> None:
        """Plan `way` from node `at`, unless it leads to what is known."""
        node = self.stack[at]
        # What is under way here has touched more than was known when it was planned.
        assert node.taken is not None
        plan(way, [*node.sleep, node.taken], node.planned[1:], node.planned)


def plan(
    way: Sequence[Step], known: Iterable[Step], waiting: Sequence[Branch], planned: list[Branch]
) -> bool:
    """Add `way` to the end of `planned`, or behind one of `waiting`; return whether it was new.

    Parameters
    ----------
    way : sequence of Step
    known : iterable of Step
        All that begins with one of them has been run, or will be.
    waiting : sequence of Branch
        What is planned and has not begun.
    planned : list of Branch
        Where a new branch goes, if `way` fits none of those that wait.
    """
    for step in known:
        if may_begin(step, way) is not None:
            return False
    branches = waiting
    while True:
        for branch in branches:
            rest = may_begin(branch.step, way)
            if rest is None:
                continue
            if not branch.behind:
                return False
            branches = planned = branch.behind
            way = rest
            break
        else:
            for step in way:
                fresh = Branch(step)
                planned.append(fresh)
                planned = fresh.behind
            return True


def may_begin(step: Step, way: Sequence[Step]) -> list[Step] | None:
    """Return what is left of `way` behind `step`, if an equivalent execution begins with it."""
    for i, other in enumerate(way):
        if other.label == step.label:
            return [*way[:i], *way[i + 1 :]]
        if not commute(step, other):
            return None
    return list(way)
