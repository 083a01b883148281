"""What a load has shown: the curve, the cost of a call, the time until the limit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from gosim.memory.samples import MemoryRecord, Sample

__all__ = ["Cost", "Left", "Load", "Loads"]

SETTLED: Final = 1.0
"""Bytes of ``top`` per call below which a curve counts as level."""


_OF_NO_CALL: Final = 128 << 10
_SOME: Final = 0.01


@dataclass(frozen=True)
class Cost:
    """What one call leaves behind, as a mean over all calls.

    Attributes
    ----------
    goroutines : float
    stack, heap : float
        Bytes of ``StackInuse`` and of the live heap, after two collections, once the calls in
        flight have ended.
    """

    goroutines: float
    stack: float
    heap: float

    @property
    def bytes(self) -> float:
        """Stack and heap."""
        return self.stack + self.heap


@dataclass(frozen=True)
class Left:
    """Goroutines that are left, of one kind.

    Attributes
    ----------
    count : int
    function, wait_reason, at : str
        Who waits how, and where: ``main.work``, ``chan send``, ``leak.py:15``. Goroutines of the
        library, such as ``net/http.(*persistConn).readLoop``, stand nowhere in the program.
    proof : bool
        Nothing that still runs can ever release them.
    """

    count: int
    function: str
    wait_reason: str
    at: str
    proof: bool


@dataclass
class Load:
    """A program under load.

    Attributes
    ----------
    program, variant, function, source, go : str
        What ran, in which language; the function that each call runs.
    arrivals : str
        What arrived how, in words.
    rate : float or None
        Calls per second; None when a process of its own decides.
    duration_ns : int
        The virtual time that was asked for.
    limit : int or None
        Bytes at which the process is ended.
    limit_by : str
        ``container`` (the kernel ends a process whose resident memory reaches the limit) or
        ``address`` (``ulimit -v``).
    memlimit : str or None
        ``GOMEMLIMIT``.
    calls : int
        That arrived.
    simulated : int
        So many of them ran goroutine for goroutine; the others are on the books (`folded`).
    folded : str
        The evidence for that, in words; empty when all ran.
    virtual_ns : int
        When the load ended.
    ended : str
        ``time`` (all the time asked for), ``limit``, ``panic``, ``fatal``, ``exit``, or the budget
        of gosim's that ended it: ``wall``, ``steps``, ``goroutines``, ``interrupt``.
    exit_code : int or None
        Of the process, when it ended by itself or was ended; 137 is what a shell shows for a
        process that the kernel has killed.
    stderr : str
        What Go printed at its end.
    record : MemoryRecord
        The curves.
    cost : Cost
    base, after : dict of str to int
        ``MemStats`` before the first call, and in the end, after two collections.
    goroutines : int
        Left in the end, once the calls in flight had time to end, beyond those before the first.
    asleep : int
        Those of them that a timer will still wake.
    left : list of Left
    settled_ns : int
        Virtual time that the calls in flight were given.
    notes : list of str
    """

    program: str
    variant: str
    function: str
    source: str
    go: str
    arrivals: str
    rate: float | None
    duration_ns: int
    limit: int | None
    limit_by: str
    memlimit: str | None
    seed: int = 0
    calls: int = 0
    simulated: int = 0
    folded: str = ""
    virtual_ns: int = 0
    ended: str = "time"
    exit_code: int | None = None
    stderr: str = ""
    record: MemoryRecord = field(default_factory=MemoryRecord)
    cost: Cost = field(default_factory=lambda: Cost(0.0, 0.0, 0.0))
    base: dict[str, int] = field(default_factory=dict)
    after: dict[str, int] = field(default_factory=dict)
    goroutines: int = 0
    asleep: int = 0
    left: list[Left] = field(default_factory=list)
    settled_ns: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def samples(self) -> list[Sample]:
        """The curves."""
        return self.record.samples

    @property
    def rss(self) -> int:
        """What ``top`` showed last, in bytes."""
        return self.samples[-1].rss if self.samples else self.base.get("rss", 0)

    @property
    def peak(self) -> int:
        """The most that ``top`` showed, in bytes."""
        return max((s.rss for s in self.samples), default=self.base.get("rss", 0))

    @property
    def slope(self) -> float:
        """Bytes per ns by which the highest value of ``top`` so far grows in the second half."""
        samples = self.samples
        if len(samples) < 4:
            return 0.0
        end = samples[-1].at
        first = [s for s in samples if s.at <= end // 2]
        if not end or not first:
            return 0.0
        return (self.peak - max(s.rss for s in first)) / (end - first[-1].at or 1)

    @property
    def died(self) -> bool:
        """Whether the program itself ended the process."""
        return self.ended in ("panic", "fatal", "exit")

    @property
    def grows(self) -> bool:
        """Whether the curve of ``top`` goes on rising: it does not when calls leave nothing."""
        if self.ended == "limit":
            return True
        per_call = self.slope * self.virtual_ns / self.calls if self.calls else 0.0
        # The descriptors of the dead, and the stacks that are kept for the next, are of no call.
        left = self.cost.bytes * self.calls >= _OF_NO_CALL or self.cost.goroutines >= _SOME
        return left and per_call >= SETTLED

    @property
    def until_limit(self) -> int | None:
        """Virtual ns until the limit: measured when it was reached, else extrapolated.

        None without a limit, or when the curve does not get there.
        """
        if self.limit is None:
            return None
        if self.ended == "limit":
            return self.virtual_ns
        if self.limit_by != "container" or not self.grows or self.slope <= 0 or self.died:
            return None
        return self.virtual_ns + int(max(0, self.limit - self.peak) / self.slope)

    @property
    def how(self) -> str:
        """How `until_limit` is known.

        ``measured``, ``extrapolated``, ``never`` (at this load), ``not reached`` (address space is
        not extrapolated), or ``""``: without a limit, or when the program ended the process itself.
        """
        if self.limit is None or self.died:
            return ""
        if self.ended == "limit":
            return "measured"
        if self.limit_by != "container":
            return "not reached"
        return "never" if self.until_limit is None else "extrapolated"

    def to_dict(self) -> dict[str, Any]:
        """Return it as ``run --load --json`` prints it: one element of ``runs``."""
        return {
            "program": self.program,
            "variant": self.variant,
            "source": self.source,
            "go": self.go,
            "function": self.function,
            "calls": self.calls,
            "simulated": self.simulated,
            "folded": self.folded or None,
            "virtual_ns": self.virtual_ns,
            "ended": self.ended,
            "exit_code": self.exit_code,
            "stderr": self.stderr,
            "cost": {
                "goroutines": self.cost.goroutines,
                "stack": self.cost.stack,
                "heap": self.cost.heap,
            },
            "goroutines": self.goroutines,
            "asleep": self.asleep,
            "left": [vars(left) for left in self.left],
            "settled_ns": self.settled_ns,
            "rss": self.rss,
            "peak": self.peak,
            "grows": self.grows,
            "until_limit_ns": self.until_limit,
            "until_limit_is": self.how or None,
            "base": self.base,
            "after": self.after,
            "num_gc": self.samples[-1].num_gc if self.samples else 0,
            "samples": [asdict(s) for s in self.samples],
            "notes": self.notes,
        }

    def __repr__(self) -> str:
        return (
            f"<Load {self.program} {self.variant}: {self.calls} calls, "
            f"{self.cost.goroutines:g} goroutines and {self.cost.bytes:.0f} bytes left by each>"
        )

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return Loads([self])._repr_mimebundle_(include, exclude)

    def save(self, path: Any) -> None:
        """Write the chart (PNG, SVG, PDF) or the page (HTML), by the suffix of the name."""
        Loads([self]).save(path)


class Loads(list[Load]):
    """The same load on several variants of a program, the leak first; shows itself.

    Attributes
    ----------
    title : str
    """

    def __init__(self, loads: Any = (), title: str = "") -> None:
        super().__init__(loads)
        self.title = title

    def to_dict(self) -> dict[str, Any]:
        """Return it as ``run --load --json`` prints it, schema ``gosim.load/1``."""
        first = self[0]
        return {
            "schema": "gosim.load/1",
            "program": first.program,
            "arrivals": first.arrivals,
            "rate_per_second": first.rate,
            "for_ns": first.duration_ns,
            "limit": first.limit,
            "limit_by": first.limit_by,
            "memlimit": first.memlimit,
            "seed": first.seed,
            "runs": [load.to_dict() for load in self],
        }

    def to_text(self) -> str:
        """Return the table."""
        if told is None:
            return repr(self)
        return told(self)

    def plot(self, ax: Any = None) -> Any:
        """Draw the curves of ``top`` with matplotlib, all in one chart; return the axes."""
        assert drawn is not None
        return drawn(self, ax)

    def save(self, path: Any) -> None:
        """Write the chart (PNG, SVG, PDF) or the page (HTML), by the suffix of the name."""
        assert saved is not None
        saved(self, path)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        if shown is None:
            return {"text/plain": repr(self)}
        return shown(self, include, exclude)


shown: Callable[[Loads, Any, Any], dict[str, str]] | None = None
"""Shows loads in a notebook.  ``gosim.doors`` puts it here: pictures are made on a higher floor."""
saved: Callable[[Loads, Any], None] | None = None
"""Writes a chart or a page.  ``gosim.doors`` puts it here, too."""
drawn: Callable[[Loads, Any], Any] | None = None
"""Draws the chart with matplotlib.  ``gosim.doors`` puts it here, too."""
told: Callable[[Loads], str] | None = None
"""Writes the table.  ``gosim.doors`` puts it here, too."""
