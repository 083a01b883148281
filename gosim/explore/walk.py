"""Random walk: at each step any of those that could be taken, with equal probability."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TYPE_CHECKING

from gosim.explore.sampling import Sampling
from gosim.explore.step import Label

if TYPE_CHECKING:
    from gosim.explore.control import Control

__all__ = ["Walk"]


class Walk(Sampling):
    """Draws each step uniformly among those enabled.

    A schedule is not drawn uniformly among all schedules: one with few choices comes more often.
    """

    name = "random"

    def __init__(self, samples: int | None = None, seed: int = 0, first: int = 0) -> None:
        super().__init__(samples, seed, first)
        self._draw = random.Random().random

    def begin(self, control: Control) -> None:
        """Begin a stream of its own."""
        super().begin(control)
        self._draw = random.Random(f"walk/{self.seed}/{self.number}").random

    def choose(self, enabled: Sequence[Label]) -> Label:
        """Return any of them."""
        n = len(enabled)
        return enabled[int(self._draw() * n)] if n > 1 else enabled[0]

    def advance(self, control: Control) -> bool:
        """Count, and say how many were drawn."""
        more = super().advance(control)
        self.bound = self.told()
        return more
