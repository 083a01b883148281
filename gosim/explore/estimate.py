"""How many executions an exhaustive search will have run in the end, as far as one can tell.

The search walks its tree depth first. Under each node on the way to where it is, some branches are
done, one is under way, and some are planned. All branches of a node are taken to be alike, which
tells how large a part of the tree is done; and the whole is to what was run as the tree to that
part. (Kilby, Slaney, Thiébaux, Walsh: Estimating search tree size, AAAI 2006, the weighted
backtrack estimator.)

Branches that are not planned yet are not counted, so that the estimate is too low at first; when
the search ends it is the number of executions. On the benchmarks of ``docs/exploration.md`` it lies
between 0.4 and 1.7 times that from a quarter of the search on, between 0.8 and 1.7 times from half
of it on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gosim.explore.optimal import Optimal
from gosim.explore.portfolio import Portfolio
from gosim.explore.strategy import Strategy

__all__ = ["Estimator"]


class Estimator:
    """Watches a search between its executions.

    Attributes
    ----------
    executions : int
        Executions that were watched.
    """

    def __init__(self) -> None:
        self.executions = 0
        self._stack: Sequence[Any] = ()
        self._done: list[int] = []  # for each node on the stack

    def advanced(self, strategy: Strategy) -> None:
        """Hear that a strategy has advanced; only an exhaustive search is estimated."""
        if isinstance(strategy, Portfolio):
            strategy = strategy.stage
        if not isinstance(strategy, Optimal):
            return
        stack = self._stack = strategy.stack
        self.executions += 1
        done = self._done
        del done[len(stack) :]
        done += [0] * (len(stack) - len(done))
        if done:
            done[-1] += 1

    @property
    def part(self) -> float:
        """How large a part of the tree is done, 0 to 1."""
        if not self._done:
            return float(self.executions > 0)
        part, share = 0.0, 1.0
        for branches, node in zip(self._done, self._stack, strict=True):
            share /= branches + len(node.planned)
            part += share * branches
        return part

    @property
    def total(self) -> float | None:
        """The executions that there will have been; None as long as nothing is known."""
        part = self.part
        return self.executions / part if part else None
