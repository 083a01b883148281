"""Probabilistic concurrency testing: random priorities, and a few points where they change.

Of those who could take a step the goroutine of the highest priority does. Priorities are drawn when
a goroutine appears; at `depth` − 1 steps, drawn among all, whoever would go on falls below all
others. A bug of depth d, one that shows as soon as d steps come in a certain order, is found by one
such schedule with probability 1/(n·k^(d−1)) at least, in a program of n goroutines and k steps.
(Burckhardt, Kothari, Musuvathi, Nagarakatte: A randomized scheduler with probabilistic guarantees
of finding bugs, ASPLOS 2010.) That holds of bugs that do not depend on which ready case a select
takes, or which partner: where the goroutine has such a choice, it is drawn as well.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TYPE_CHECKING

from gosim.explore.default import Order
from gosim.explore.sampling import Sampling, schedules
from gosim.explore.step import Label, Step

if TYPE_CHECKING:
    from gosim.explore.control import Control

__all__ = ["PCT"]


class PCT(Sampling):
    """Draws priorities instead of steps.

    The first schedule is the default one, from which the numbers of goroutines and steps are taken;
    longer ones that come later raise them.

    Parameters
    ----------
    samples : int, optional
    seed : int
    depth : int
        Bugs of up to so many ordered steps are looked for.
    first : int
    goroutines, steps : int
        Size of the program, where it is known already: then no default schedule is run.

    Attributes
    ----------
    goroutines, steps : int
        The largest numbers of goroutines (the clock is one) and steps met so far.
    fair : int
        How many were drawn for a program of at least that size.
    """

    name = "pct"

    def __init__(
        self,
        samples: int | None = None,
        seed: int = 0,
        depth: int = 3,
        first: int = 0,
        goroutines: int = 0,
        steps: int = 0,
    ) -> None:
        super().__init__(samples, seed, first)
        self.depth = depth
        self.goroutines = goroutines
        self.steps = steps
        self._known = steps > 0
        self.fair = 0
        self._order: Order | None = None
        self._random = random.Random()
        self._priority: dict[str, float] = {}
        self._changes: dict[int, int] = {}
        self._step = 0

    @property
    def chance(self) -> float:
        """The least probability with which one schedule shows a bug of this depth."""
        return 1.0 / (max(1, self.goroutines) * float(max(1, self.steps)) ** (self.depth - 1))

    def begin(self, control: Control) -> None:
        """Draw where priorities change."""
        super().begin(control)
        self._priority = {}
        self._step = 0
        self._order = None
        if not self._known and self.drawn == 0:
            self._order = Order()
            return
        draw = self._random = random.Random(f"pct/{self.seed}/{self.number}")
        points = range(1, max(1, self.steps) + 1)
        chosen = draw.sample(points, min(self.depth - 1, len(points)))
        self._changes = {point: i for i, point in enumerate(chosen)}

    def choose(self, enabled: Sequence[Label]) -> Label:
        """Return a step of the goroutine with the highest priority."""
        self._step += 1
        if self._order is not None:
            return self._order.first(enabled)
        priority = self._priority
        for label in enabled:
            for who in label.goroutines:
                if who not in priority:
                    priority[who] = self._random.random()
        top = self._highest(enabled)
        change = self._changes.get(self._step)
        if change is not None:
            priority[top] = -1.0 - change
            top = self._highest(enabled)
        labels = [label for label in enabled if top in label.goroutines]
        return labels[0] if len(labels) == 1 else self._random.choice(labels)

    def _highest(self, enabled: Sequence[Label]) -> str:
        able = dict.fromkeys(who for label in enabled for who in label.goroutines)
        return max(able, key=self._priority.__getitem__)

    def took(self, step: Step) -> None:
        """Tell the default order, too."""
        super().took(step)
        if self._order is not None:
            self._order.took(step)

    def advance(self, control: Control) -> bool:
        """Learn how large the program is."""
        more = super().advance(control)
        names: dict[str, None] = dict.fromkeys(control.names.values())
        names.update((step.label.who, None) for step in control.steps if step.label.timer)
        n, k = len(names), len(control.steps)
        self.fair += 1
        if n > self.goroutines or k > self.steps:
            self.goroutines, self.steps = max(self.goroutines, n), max(self.steps, k)
            self.fair = 0
        self.bound = self.told()
        return more

    def told(self) -> str:
        """Say how many were drawn, and what that promises."""
        n, k, d = self.goroutines, self.steps, self.depth
        drawn = self.drawn - (not self._known)
        text = f"{schedules(drawn)} drawn by priorities, {len(self.traces)} different"
        if not self.fair:
            return text
        power = "" if d == 1 else f"·{k}" if d == 2 else f"·{k}^{d - 1}"
        together = min(99.9, 100 * (1.0 - (1.0 - self.chance) ** self.fair))
        return (
            f"{text}; with n = {n} goroutines and k = {k} steps each of the last {self.fair} "
            f"meets a bug of depth {d} with probability 1/(n·k^(d−1)) = 1/({n}{power}) at least, "
            f"one of them or another with {together:.3g} %"
        )
