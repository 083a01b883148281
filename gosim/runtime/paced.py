"""A random scheduler under which computing takes time, so that timers overtake it.

Elsewhere a timer fires when nobody can run.  Here every step takes a while, at random, and a timer
fires as soon as so much has been computed since it was set.  How long a step takes on average, how
reluctantly the scheduler takes the processor from who has it, and how far it looks back beyond
those who became runnable last are drawn for each seed: programs differ in what they need.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from gosim.runtime.policy import Policy

if TYPE_CHECKING:
    from gosim.runtime.g import G
    from gosim.runtime.proc import World

__all__ = ["MANNERS", "RELUCTANT", "Paced"]

#: How probable it is that another goroutine is looked for after a step, and after who runs has
#: yielded; among how many of those that became runnable last, on average (0: among all);
#: nanoseconds that a step takes on average, at least and at most.
_MANNERS: Final = (
    (1.0, 1.0, 0, 100, 30_000),
    (0.1, 1.0, 0, 100, 30_000),
    (1e-6, 0.03, 0, 1_000, 10_000),
    (1.0, 1.0, 4, 100, 30_000),
    (0.1, 1.0, 4, 100, 30_000),
    (1e-5, 1.0, 4, 1_000, 10_000),
)
MANNERS: Final = len(_MANNERS)
"""Seeds that differ by this have the same manners."""
RELUCTANT: Final = 2
"""The first seed under which goroutines keep the processor longest."""
_NEAR: Final = 8


class Paced(Policy):
    """Random, with steps that take time.

    Parameters
    ----------
    seed : int
        Decides everything; consecutive seeds differ in their manners first of all.

    Attributes
    ----------
    pace : float
        Nanoseconds that a step takes on average.
    """

    name = "paced"
    every_step = True
    keeps_time = True

    def __init__(self, seed: int = 0) -> None:
        draw = random.Random(f"paced/{seed}")
        self._draw = draw.random
        self._switch, self._gives_way, self._back, least, most = _MANNERS[seed % len(_MANNERS)]
        self.pace = least * (most / least) ** self._draw()
        self._world: Any = None
        self._computed = 0.0  # since the clock moved last
        self._now = 0
        self._last: G | None = None

    def begin(self, world: World) -> None:
        """Remember the world, whose clock decides."""
        self._world = world

    def pick(self, runnable: Sequence[G], timer: Any) -> Any:
        """Return one of them, or the timer if its time has come."""
        n = len(runnable)
        if timer is not None:
            now = self._world.env._now
            if now != self._now:
                self._computed = max(0.0, self._computed - (now - self._now))
                self._now = now
            if not n or timer - now <= self._computed:
                return timer
        if not n:
            return None
        self._computed += 2.0 * self.pace * self._draw()
        self._last = g = self._stays(runnable) or self._other(runnable)
        g.pending = None
        return g

    def _stays(self, runnable: Sequence[G]) -> G | None:
        """Return who ran last if it goes on; who has come to no operation has yielded."""
        last = self._last
        for i in range(1, min(len(runnable), _NEAR) + 1):
            if runnable[-i] is last:
                leaves = self._switch if last.pending is not None else self._gives_way
                return last if self._draw() >= leaves else None
        return None

    def _other(self, runnable: Sequence[G]) -> G:
        n, draw = len(runnable), self._draw
        if not self._back:
            return runnable[int(draw() * n)]
        back = 1
        while back < n and draw() * self._back >= 1.0:
            back += 1
        return runnable[-back]

    def choose(self, n: int, kind: str) -> int:
        """Return any number below `n`."""
        return int(self._draw() * n)
