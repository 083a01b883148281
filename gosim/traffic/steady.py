"""When every call does the same: the evidence, and the rest of the load on the books.

A leak of one goroutine per call at 1 000 calls a second leaves 3.6 million goroutines in an hour.
To run each of them would show nothing that the first thousands have not shown.  So the load is run
goroutine for goroutine until the world says that each call costs the same, and goes on on the books
from there (`gosim.memory.bulk`): the same spans, pages, stacks and collections, without a Python
object for each.

The evidence is looked at between *windows* of as many calls each.  At the end of a window all that
is reachable is marked, which the simulated process does not notice.  Each call costs the same when
in three windows in a row

- the objects that stay, by size class, the objects allocated, the stacks by size and the goroutines
  grow by the same, give or take 1 % (calls in flight come and go);
- the number of pending timers does not grow: what they will wake may end yet;
- no channel and no semaphore that was there before fills or empties: it would be full one day;
- no large object has bytes that nobody has written to.

A program that counts its calls and does something else after a number of them cannot be seen
through; that is why the output always says how many calls ran.
"""

from __future__ import annotations

import itertools
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from gosim.memory.bulk import Footprint, Kind, PerCall, footprint
from gosim.runtime.chan import Chan
from gosim.std.semaphore import Weighted

if TYPE_CHECKING:
    from gosim.runtime.mgc import Memory

__all__ = ["WINDOW", "Steady", "Window"]

WINDOW: Final = 1_000
"""Calls of a window."""
_WINDOWS: Final = 3
_FIRST: Final = 2
"""Windows that are not looked at: caches of the runtime fill up in them."""
_SHARE: Final = 0.01
_FEW: Final = 3
"""So much may two windows differ: a part of the larger figure, or so many pieces."""


@dataclass
class Window:
    """The world at the end of a window.

    Attributes
    ----------
    calls : int
        That arrived so far.
    goroutines, timers : int
        Alive, and pending.
    fresh : int
        Bytes of large objects that nobody has written to.
    footprint : Footprint
    levels : dict
        By identity, a channel or semaphore and how full it is.
    """

    calls: int
    goroutines: int
    timers: int
    fresh: int
    footprint: Footprint
    levels: dict[int, tuple[object, int]] = field(default_factory=dict)


class Steady:
    """Looks whether every call does the same.

    Attributes
    ----------
    each : PerCall or None
        What a call leaves behind, once that is known.
    exact : bool
        The windows were equal, piece for piece.
    marked : set of int
        Identities of what was reachable at the end of the last window.
    """

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._windows: deque[Window] = deque(maxlen=_WINDOWS + 1)
        self._seen = 0
        self.each: PerCall | None = None
        self.exact = False
        self.marked: set[int] = set()

    def look(self, calls: int) -> bool:
        """Look at the world at the end of a window; return whether calls are all the same.

        Every goroutine is suspended.
        """
        memory, world = self._memory, self._memory.world
        memory.sync()
        self._seen += 1
        if self._seen < _FIRST:
            return False
        self.marked = memory.reachable()
        levels: dict[int, tuple[object, int]] = {}
        for thing in memory.reached:
            level = _level(thing)
            if level is not None:
                levels[id(thing)] = thing, level
        self._windows.append(
            Window(
                calls,
                len(world.allgs),
                len(world.env._queue) - world.tombstones,
                memory.heap.fresh,
                footprint(memory.heap, memory.descriptors, memory.stacks, self.marked),
                levels,
            )
        )
        if len(self._windows) <= _WINDOWS:
            return False
        self.each = self._compared(list(self._windows))
        return self.each is not None

    def _compared(self, windows: list[Window]) -> PerCall | None:
        """Return what a call leaves behind if that is the same in all windows."""
        last = windows[-1]
        timers = [w.timers for w in windows]
        if max(timers) - min(timers) > _FEW + _SHARE * max(timers) or last.fresh:
            return None
        for identity, (_, level) in last.levels.items():
            was = [w.levels[identity][1] for w in windows if identity in w.levels]
            if len(was) == len(windows) and _goes_one_way(was) and level != was[0]:
                return None
        exact = True
        means: list[dict[Any, float]] = []
        n = last.calls - windows[0].calls
        for grown in (_kept, _made, _stacks, _alive):
            deltas = [
                _difference(grown(after), grown(before))
                for before, after in itertools.pairwise(windows)
            ]
            mean: dict[Any, float] = {}
            for key in dict.fromkeys(key for delta in deltas for key in delta):
                figures = [delta.get(key, 0) for delta in deltas]
                spread = max(figures) - min(figures)
                exact = exact and not spread
                if spread > max(_FEW, _SHARE * max(map(abs, figures))):
                    return None
                # One that differs from the others by a piece is an accident of its edges.
                usual, times = Counter(figures).most_common(1)[0]
                mean[key] = (usual * _WINDOWS if times > 1 else sum(figures)) / n
            means.append(mean)
        kept, made, stacks, alive = means
        self.exact = exact
        return _per_call(
            kept, made, _large_bytes(windows) / n, stacks, alive.get("goroutines", 0.0), exact, n
        )


def _per_call(
    kept: dict[Kind, float],
    made: dict[Kind, float],
    large_bytes: float,
    stacks: dict[int, float],
    goroutines: float,
    exact: bool,
    n: int,
) -> PerCall:
    """Put together what a call leaves; what comes and goes by single pieces is noise."""
    few = _FEW / n

    def real(figures: Mapping[Any, float]) -> dict[Any, float]:
        return {key: value for key, value in figures.items() if value > few}

    stays = real(kept)
    lost = {
        kind: count - stays.get(kind, 0.0)
        for kind, count in made.items()
        if kind.size and count - stays.get(kind, 0.0) > few
    }
    large = sum(count for kind, count in made.items() if kind.large)
    for kind, count in stays.items():
        if kind.large:
            large -= count
            large_bytes -= kind.size * count
    if large > few:
        mean = max(1, round(large_bytes / large / 8192)) * 8192
        lost[Kind(mean, False, True)] = large
    return PerCall(stays, lost, real(stacks), goroutines if goroutines > few else 0.0)


def _large_bytes(windows: list[Window]) -> int:
    return windows[-1].footprint.made_large - windows[0].footprint.made_large


def _kept(window: Window) -> Mapping[Any, int]:
    return window.footprint.kept


def _made(window: Window) -> Mapping[Any, int]:
    return window.footprint.made


def _stacks(window: Window) -> Mapping[Any, int]:
    return window.footprint.stacks


def _alive(window: Window) -> Mapping[Any, int]:
    return {"goroutines": window.goroutines}


def _difference(after: Mapping[Any, int], before: Mapping[Any, int]) -> dict[Any, int]:
    counts: Counter[Any] = Counter(after)
    counts.subtract(before)
    return dict(counts)


def _goes_one_way(levels: list[int]) -> bool:
    pairs = list(itertools.pairwise(levels))
    return all(a < b for a, b in pairs) or all(a > b for a, b in pairs)


def _level(thing: object) -> int | None:
    """Return how full a channel or a semaphore is; None for everything else."""
    if isinstance(thing, Chan):
        return len(thing.buf) if thing.buf and thing.cap_ else 0
    if isinstance(thing, Weighted):
        return thing.cur
    return None
