"""When the next collection begins (Go: ``mgcpacer.go``).

After a collection that has found `marked` live bytes, the heap may grow to its *goal*::

    marked * (1 + GOGC/100) + (stacks + globals) * GOGC/100,   at least 4 MiB * GOGC/100

or to what the memory limit leaves for it, if that is less. Go's collector runs beside the program,
so it begins before that, at the *trigger*, between 70 % and 95 % of the way. Where between follows
in Go from measured speeds; here a collection takes no time, and the distance is a constant fitted
to the number of collections that real programs make.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from gosim.memory.memstats import Process

NO_LIMIT: Final = 2**63 - 1
"""``math.MaxInt64``: no memory limit."""
OFF: Final = -1
"""``GOGC=off``."""
FORCE_PERIOD: Final = 120 * 10**9
"""A collection is forced after so many ns without one (``forcegcperiod``)."""

_HEAP_MINIMUM: Final = 4 << 20
_HEADROOM_PERCENT: Final = 3
_HEADROOM: Final = 1 << 20
_NO_GOAL: Final = 2**64 - 1
_WAY_PERMILLE: Final = 946
_RUNWAY: Final = 176 << 10
_LIMIT_RUNWAY: Final = 512 << 10
"""A collection begins at so much of the way to the goal, less so many bytes: what a program
allocates while it goes on. The last number is for goals that follow from the memory limit. They are
fitted: with them all programs measured make as many collections as in Go (go-facts 5.9,
``tests/test_pacer.py``)."""


_EARLY: Final = 64 << 10


class MalformedMemoryLimit(ValueError):
    """``GOMEMLIMIT`` is no number of bytes.

    Attributes
    ----------
    text : str
        What Go prints: the setting, then the fatal error.
    """

    def __init__(self, value: str) -> None:
        self.text = (
            f"GOMEMLIMIT={value}\n"
            "fatal error: malformed GOMEMLIMIT; see `go doc runtime/debug.SetMemoryLimit`"
        )
        super().__init__(self.text)


def read_gogc(text: str, *, plus: bool = True) -> int:
    """Return what the variable ``GOGC`` means: percent, negative for off.

    Whatever is no 32-bit number counts as 100, without a word, as in Go.

    Parameters
    ----------
    text : str
        The variable's value; empty if it is not set.
    plus : bool
        A sign + is allowed (`MemoryFeatures.settings_take_plus`).

    Examples
    --------
    >>> [read_gogc(text) for text in ("50", "off", "", "abc", "-7")]
    [50, -1, 100, 100, -1]
    """
    if text == "off":
        return OFF
    if re.fullmatch(r"[+-]?[0-9]+" if plus else r"-?[0-9]+", text):
        n = int(text)
        if -(2**31) <= n < 2**31:
            return max(n, OFF)
    return 100


def read_gomemlimit(text: str, *, plus: bool = True) -> int:
    """Return what the variable ``GOMEMLIMIT`` means, in bytes.

    Parameters
    ----------
    text, plus
        As for `read_gogc`.

    Raises
    ------
    MalformedMemoryLimit
        For anything but a whole number, alone or followed by B, KiB, MiB, GiB or TiB, or ``off``.

    Examples
    --------
    >>> read_gomemlimit("40MiB"), read_gomemlimit("100"), read_gomemlimit("off") == NO_LIMIT
    (41943040, 100, True)
    """
    if text in ("", "off"):
        return NO_LIMIT
    found = re.fullmatch(r"(\+?[0-9]+)(?:B|([KMGT])iB)?", text)
    if found is None or (text[0] == "+" and not plus):
        raise MalformedMemoryLimit(text)
    limit = int(found[1]) << 10 * (" KMGT".index(found[2]) if found[2] else 0)
    if limit > NO_LIMIT:
        raise MalformedMemoryLimit(text)
    return limit


@dataclass(frozen=True, slots=True)
class Use:
    """What the memory limit is compared with.

    Attributes
    ----------
    ready : int
        Bytes the process has from the system (Go: ``mappedReady``).
    free : int
        Bytes of the heap without an object that are still backed by memory.
    alloc : int
        Bytes of objects.
    """

    ready: int
    free: int
    alloc: int


class Pacer:
    """The state of the pacing.

    Attributes
    ----------
    gc_percent : int
        ``GOGC``; negative is off.
    memory_limit : int
        ``GOMEMLIMIT`` in bytes; `NO_LIMIT` is none.
    roots : int
        Bytes of globals and stacks that are scanned.
    marked : int
        Live bytes of the last collection.
    goal, trigger : int
        Heap sizes at which the next collection should have ended, and at which it begins.
    early : int
        A little before `trigger`: from here on it begins at the first opportunity.
    last_goal : int
        The goal of the collection before; 0 before the first.
    limited : bool
        The goal follows from the memory limit.
    pause : int
        What is allocated between two collections that follow one another: much, where a program
        allocates as fast as it can while they go on.
    """

    def __init__(self, process: Process) -> None:
        self.gc_percent = 100
        self.memory_limit = NO_LIMIT
        self.roots = 0
        self._globals = process.roots
        self.marked = 0
        self.last_goal = 0
        self.limited = False
        self.pause = _RUNWAY
        self.goal = self.trigger = self.early = _HEAP_MINIMUM

    def commit(self, use: Use) -> None:
        """Compute goal and trigger anew (``gcControllerState.commit``, ``trigger``)."""
        percent_goal, limit_goal = self._percent_goal(), self._limit_goal(use)
        self.goal = goal = min(percent_goal, limit_goal)
        self.limited = limit_goal < percent_goal
        marked = self.marked
        if marked >= goal:
            # Nothing is left: collections follow one another, as fast as they can.
            self.trigger = marked + self.pause
            self.early = self.trigger - self.pause // 8
            return
        way = goal - marked
        runway = _LIMIT_RUNWAY if self.limited else _RUNWAY
        # Go's rule, too, gives something between 70 % and 95 % of the way.
        beyond = max(way * 7 // 10, way * _WAY_PERMILLE // 1000 - runway)
        self.trigger = marked + beyond
        self.early = self.trigger - min(_EARLY, beyond // 8)

    def _percent_goal(self) -> int:
        if self.gc_percent < 0:
            return _NO_GOAL
        marked = self.marked
        # Before the first collection nothing has been scanned.
        scanned = self._globals + self.roots if self.last_goal else 0
        return max(
            marked + (marked + scanned) * self.gc_percent // 100,
            _HEAP_MINIMUM * self.gc_percent // 100,
        )

    def _limit_goal(self, use: Use) -> int:
        """The goal that the memory limit allows (``memoryLimitHeapGoal``)."""
        limit = self.memory_limit
        other = use.ready - use.free - use.alloc
        over = max(0, use.ready - limit)
        if other + over >= limit:
            return self.marked
        goal = limit - (other + over)
        headroom = max(goal // 100 * _HEADROOM_PERCENT, _HEADROOM)
        goal = headroom if goal - headroom < headroom else goal - headroom
        return max(goal, self.marked)


def force_due(last_gc: int | None, gc_percent: int) -> int | None:
    """Return when a collection is forced if there is none before, in ns; None for never.

    There is no forced collection before the first one, and none with ``GOGC=off``.
    """
    return None if gc_percent < 0 or last_gc is None else last_gc + FORCE_PERIOD
