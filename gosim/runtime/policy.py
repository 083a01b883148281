"""Schedulers other than Go's own, behind one interface.

The default scheduler (``go``) reproduces a process with GOMAXPROCS=1 and is inlined in the loop of
``proc.py``.  Every other scheduler is a :class:`Policy`: the world asks it which goroutine goes on
and which of several equal choices is taken.  Under a policy every operation announces itself first
(``G.pending``) and is a choice point.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from gosim.runtime.errors import NotRepeatable

if TYPE_CHECKING:
    from gosim.runtime.g import G
    from gosim.runtime.proc import World

STOP: Final = object()
"""What ``pick`` returns to end the run here."""


class Policy:
    """A scheduling strategy; subclasses override :meth:`pick` and :meth:`choose`.

    Attributes
    ----------
    name : str
        As written after ``--policy``.
    every_step : bool
        Whether operations announce themselves even when nobody else could run.
    lives_on : bool
        Whether the other goroutines go on, unheard, when one has ended the process: an explorer
        wants to know what they would have done first.
    keeps_time : bool
        Whether the policy moves the clock; computing and polling then fire no timer.
    draw : callable or None
        A shortcut for schedulers that are uniformly random: where several goroutines can run the
        world takes number ``int(draw() * n)`` itself, and :meth:`pick` is asked only when there is
        one at most.
    """

    name = "policy"
    every_step = False
    lives_on = False
    keeps_time = False
    draw: Callable[[], float] | None = None

    def begin(self, world: World) -> None:
        """A run starts."""

    def pick(self, runnable: Sequence[G], timer: Any) -> Any:
        """Return the goroutine of `runnable` that goes on, `timer` to let it fire, or ``STOP``.

        `runnable` is in the order in which they became runnable; it may be empty when there is a
        `timer` (the next one due), and `timer` is None when none is pending.
        """
        raise NotImplementedError

    def choose(self, n: int, kind: str) -> int:
        """Choose one of `n` equal possibilities, such as the ready cases of a ``select``."""
        raise NotImplementedError

    def made(self, thing: Any) -> None:
        """The running goroutine made a channel, a lock or another thing that is shared."""

    def touched(self, what: str) -> None:
        """The running goroutine did something to `what` of which observers do not hear."""

    def prints(self, stream: Any, text: str) -> bool:
        """The running goroutine prints; True if the policy will call ``stream.put`` later."""
        return False

    def looked(self, thing: Any) -> None:
        """The running goroutine looked at `thing`, at the clock if None, without announcing it."""

    def end(self, run: Any) -> None:
        """The run is over."""


class Fifo(Policy):
    """First come, first served; the first ready case of a select."""

    name = "fifo"

    def pick(self, runnable: Sequence[G], timer: Any) -> Any:
        """Return the goroutine that has waited longest."""
        return runnable[0] if runnable else timer

    def choose(self, n: int, kind: str) -> int:
        """Return 0."""
        return 0


class Random(Policy):
    """Uniformly random among the runnable goroutines and the ready cases.

    Timers fire when nothing else can run.  One stream of random numbers per kind of decision, so
    that one more draw of a kind does not shift the others.
    """

    name = "random"

    def __init__(self, seed: int = 0) -> None:
        self.seed = seed
        self._pick = random.Random(f"pick/{seed}").random
        if type(self).pick is Random.pick:  # a subclass that picks otherwise wants to be asked
            self.draw = self._pick
        self._streams: dict[str, random.Random] = {}

    def pick(self, runnable: Sequence[G], timer: Any) -> Any:
        """Return any of the runnable goroutines."""
        n = len(runnable)
        if n > 1:
            return runnable[int(self._pick() * n)]
        return runnable[0] if n else timer

    def choose(self, n: int, kind: str) -> int:
        """Return any number below `n`."""
        stream = self._streams.get(kind)
        if stream is None:
            stream = self._streams[kind] = random.Random(f"{kind}/{self.seed}")
        return int(stream.random() * n)


class Recording(Policy):
    """Wraps a policy and writes down its decisions, as positions, for a replay token."""

    def __init__(self, inner: Policy) -> None:
        self.inner = inner
        self.name = inner.name
        self.every_step = inner.every_step
        self.decisions: list[int] = []

    def begin(self, world: World) -> None:
        """Pass on."""
        self.inner.begin(world)

    def pick(self, runnable: Sequence[G], timer: Any) -> Any:
        """Let the inner policy decide, and note where its choice stands."""
        chosen = self.inner.pick(runnable, timer)
        if len(runnable) > 1:
            self.decisions.append(
                len(runnable) if chosen is timer or chosen is STOP else runnable.index(chosen)
            )
        return chosen

    def choose(self, n: int, kind: str) -> int:
        """Let the inner policy decide, and note its choice."""
        chosen = self.inner.choose(n, kind)
        self.decisions.append(chosen)
        return chosen

    def end(self, run: Any) -> None:
        """Pass on."""
        self.inner.end(run)


class Replay(Policy):
    """Repeats decisions; behind their end it goes on first come, first served."""

    name = "replay"

    def __init__(self, decisions: Sequence[int]) -> None:
        self.decisions = decisions
        self.step = 0

    def _next(self, n: int, what: str) -> int:
        if self.step >= len(self.decisions):
            return 0
        chosen = self.decisions[self.step]
        self.step += 1
        if chosen >= n:
            raise NotRepeatable(
                f"not repeatable: step {self.step} chose number {chosen} of {n} {what}; do you "
                "iterate a set, read the clock, use `random`? (gosim.rand is the deterministic one)"
            )
        return chosen

    def pick(self, runnable: Sequence[G], timer: Any) -> Any:
        """Return what was picked at this step."""
        n = len(runnable)
        if n > 1:
            chosen = self._next(n + (timer is not None), "runnable goroutines")
            return timer if chosen == n else runnable[chosen]
        return runnable[0] if n else timer

    def choose(self, n: int, kind: str) -> int:
        """Return what was chosen at this step."""
        return self._next(n, f"{kind} cases")
