"""Giving idle memory back to the system (Go: ``mgcscavenge.go``).

A sweep leaves pages without objects. They stay with the process until the *scavenger* releases
them: in the background, slowly, when the heap keeps more than a tenth above what it is expected to
need, or comes near the memory limit; at once, when an allocation would break the limit or the heap
has to grow, and for ``debug.FreeOSMemory``. Pages of a chunk that was full when the last collection
ended are left alone for one more collection, since they are likely to be used again. That is why
one ``runtime.GC()`` does not make ``top`` show less, and two do.

The background scavenger works for 1 ms and then sleeps; a controller keeps it near 1 % of the
processor. Its speed, the time for releasing a page, is a measured constant
(`MemoryFeatures.scavenge_page_ns`).
"""

from __future__ import annotations

from typing import Final, Protocol

from gosim.memory.pages import Pages
from gosim.memory.sizeclass import PAGE_SIZE

_QUANTUM: Final = (64 << 10) // PAGE_SIZE
_WORK_NS: Final = 1e6
_START_RATIO: Final = 0.001
_IDEAL: Final = 0.01
_COOLDOWN_NS: Final = 5e9
_SYSTEM_PAGE: Final = 4096


class Used(Protocol):
    """What the scavenger looks at."""

    @property
    def retained(self) -> int:
        """Bytes of the heap backed by memory."""

    @property
    def ready(self) -> int:
        """Bytes the process has from the system."""


class _Controller:
    """A proportional-integral controller with anti-windup (``piController``)."""

    _KP, _TI, _TT, _MIN, _MAX = 0.3375, 3.2e6, 1e9, 0.001, 1000.0

    def __init__(self) -> None:
        self._integral = 0.0

    def next(self, fraction: float, period: float) -> float:
        """Return the ratio of work to sleep, given how busy the last `period` (ns) was."""
        error = _IDEAL - fraction
        raw = self._KP * error + self._integral
        output = min(max(raw, self._MIN), self._MAX)
        self._integral += self._KP * period / self._TI * error + period / self._TT * (output - raw)
        return output


class Scavenger:
    """The background scavenger and its goals.

    Parameters
    ----------
    pages : Pages
        What it scavenges.
    used : Used
        The figures it goes by.
    page_ns : int
        Time to release a page.

    Attributes
    ----------
    percent_goal, limit_goal : int or None
        What it brings the heap, or the process, down to; None when there is nothing to do.
    procs : int
        ``GOMAXPROCS``: its share is one of all processors' time.
    """

    def __init__(self, pages: Pages, used: Used, page_ns: int) -> None:
        self._pages = pages
        self._used = used
        self._page_ns = page_ns
        self.percent_goal: int | None = None
        self.limit_goal: int | None = None
        self.procs = 1
        self._next: float | None = None  # when it works again; None while it is parked
        self._ratio = _START_RATIO
        self._controller = _Controller()

    def pace(self, limit: int, goal: int, last_goal: int, last_inuse: int) -> None:
        """Set the goals, when pacing has changed (``gcPaceScavenger``).

        Parameters
        ----------
        limit : int
            The memory limit.
        goal, last_goal : int
            Heap goals of the coming collection and of the one before (0 before the first).
        last_inuse : int
            Bytes of spans when the last collection had marked, *before* it swept.
        """
        limit_goal = int(limit * 0.95)
        self.limit_goal = limit_goal if self._used.ready > limit_goal else None
        self.percent_goal = None
        if not last_goal:
            return
        keep = int(last_inuse * (goal / last_goal))
        keep += keep // 10
        keep = -(-keep // _SYSTEM_PAGE) * _SYSTEM_PAGE
        if self._used.retained - keep >= _SYSTEM_PAGE:
            self.percent_goal = keep

    def wake(self, now: int) -> None:
        """Look whether there is something to do, as at the end of a sweep."""
        if self._next is None:
            self._next = float(now)

    def advance(self, now: int) -> None:
        """Do the work that is due up to virtual time `now` (ns)."""
        while self._next is not None and self._next <= now:
            worked, released = self._run()
            self._next = self._next + self._sleep(worked) if released else None

    def _stop(self) -> bool:
        return (self.percent_goal is None or self._used.retained <= self.percent_goal) and (
            self.limit_goal is None or self._used.ready <= self.limit_goal
        )

    def _run(self) -> tuple[float, int]:
        worked = 0.0
        released = 0
        while worked < _WORK_NS and not self._stop():
            pages = self._pages.scavenge(_QUANTUM, force=False)
            worked += pages * self._page_ns
            released += pages
            if pages < _QUANTUM:
                break
        return worked, released

    def _sleep(self, worked: float) -> float:
        """The time until the next work, this one's included."""
        worked = max(worked, _WORK_NS)
        period = worked + worked / self._ratio
        self._ratio = self._controller.next(worked / (period * self.procs), period)
        return period

    def assist(self, backed: int, grown: int, limit: int) -> None:
        """Release memory for an allocation (``mheap.allocSpan``).

        Parameters
        ----------
        backed : int
            Bytes that it has from the system, counted as used already.
        grown : int
            Bytes by which the heap has grown for it.
        limit : int
            The memory limit.
        """
        todo = self._used.ready - limit
        force = todo > 0
        if grown and self.percent_goal is not None:
            over = self._used.retained - backed + grown - self.percent_goal
            todo = max(todo, min(grown, over))
        if todo > 0:
            self._pages.scavenge(-(-todo // PAGE_SIZE), force=force)

    def release_all(self) -> None:
        """Give every idle page back (``debug.FreeOSMemory``)."""
        self._pages.scavenge(self._pages.idle, force=True)
