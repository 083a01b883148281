"""Observations: what a program does, as plain data.  This runs in the child process.

An order says what is to be looked at; nothing in it says what is expected.  Orders and observations
are JSON: they cross the border between the process that runs what a student wrote and the one that
judges it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from gosim.runtime.errors import GosimError
from gosim.runtime.observer import Observer

if TYPE_CHECKING:
    from gosim.explore.control import Control
    from gosim.explore.exploration import Case
    from gosim.leaks.run import Run
    from gosim.runtime.g import G
    from gosim.runtime.proc import World
    from gosim.runtime.program import Program

_SHOWN: Final = 24
"""Ways to end that are reported, at most."""
_TEXT: Final = 20_000
"""Characters of an output that are reported."""
_LEAKS: Final = 12


class Crowd(Observer):
    """Counts the goroutines that are alive besides main, and how much they hold.

    Attributes
    ----------
    peak : int
        The most there were at a time until main returned.
    buffered : int
        The most values that lay in one channel.
    made : int
        Goroutines started until main returned.
    """

    def __init__(self) -> None:
        self.alive = self.peak = self.made = self.buffered = 0
        self._over = False

    def goroutine_created(self, g: G, by: G | None) -> None:
        """Count one more."""
        if by is not None and not self._over:
            self.made += 1
            self.alive += 1
            self.peak = max(self.peak, self.alive)

    def goroutine_ended(self, g: G, how: str) -> None:
        """Count one less."""
        if g.id != 1:
            self.alive -= 1

    def channel_sent(self, ch: Any, value: Any, to: G | None) -> None:
        """See how full it is."""
        if to is None and ch.cap_:
            self.buffered = max(self.buffered, len(ch))

    def main_returned(self, world: World) -> None:
        """What comes now is the after-life."""
        self._over = True


class Extremes:
    """The least and the most of something over all schedules."""

    def __init__(self) -> None:
        self.least = self.most = -1

    def add(self, value: int) -> None:
        """Take in the value of one schedule."""
        self.least = value if self.least < 0 else min(self.least, value)
        self.most = max(self.most, value)

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {"least": max(0, self.least), "most": max(0, self.most)}


def program(
    source: str,
    path: str,
    params: Mapping[str, Any],
    go: str,
    trusted: bool,
    *,
    explored: bool = False,
    races: bool = False,
) -> Program:
    """Load a submission.

    Raises
    ------
    GosimError
        When it cannot be loaded, or does not keep the rules of submissions.
    """
    if source == "go":
        from gosim.golang.program import GoProgram

        return GoProgram(path, go=go, cache=trusted, explored=explored, races=races)
    if trusted:
        from gosim.runtime.program import File

        return File(path, params)
    from gosim.course.subset import Submission

    return Submission(path, params)


def observe(order: Mapping[str, Any]) -> dict[str, Any]:
    """Carry out an order.

    Parameters
    ----------
    order : mapping
        ``id``; ``do``: ``load``, ``run``, ``replay`` or ``explore``; ``source``, ``path``,
        ``params``, ``go``, ``trusted``; the budget; for ``run`` whether ``memory`` is simulated;
        for ``replay`` the ``token``.

    Returns
    -------
    dict
        With ``id``, and ``problem`` when the program could not be loaded or misused gosim.
    """
    begun = time.monotonic()
    try:
        found = _DO[order["do"]](order)
    except GosimError as error:
        found = {
            "problem": {
                "kind": error.kind,
                "message": (error.whole or error.message)[:_TEXT],
                "file": error.file or "",
                "line": error.line or 0,
            }
        }
    return {"id": order["id"], "ms": int((time.monotonic() - begun) * 1000), **found}


def _program(order: Mapping[str, Any]) -> Program:
    from gosim.explore.replay import Ticket

    ticket = Ticket.read(order.get("token"))
    return program(
        order["source"],
        order["path"],
        order["params"],
        order["go"],
        order.get("trusted", False),
        explored=order["do"] == "explore" or (ticket is not None and ticket.explored),
        races=ticket is not None and ticket.races,
    )


def _load(order: Mapping[str, Any]) -> dict[str, Any]:
    return {"notices": list(_program(order).notices)[:10]}


def _run(order: Mapping[str, Any]) -> dict[str, Any]:
    from gosim.leaks.run import execute

    crowd = Crowd()
    run = execute(
        _program(order),
        go=order["go"],
        observers=(crowd,),
        replay=order.get("token"),
        max_steps=order["steps"],
        memory=bool(order.get("memory")),
    )
    record = run.memory_record
    stats = {} if record is None else {k: v for k, v in record.stats.items() if type(v) is int}
    samples = [] if record is None else record.samples
    return {
        **_told(run),
        "peak": crowd.peak,
        "made": crowd.made,
        "buffered": crowd.buffered,
        "memory": {k: v for k, v in run.memory().items() if type(v) is int},
        "stats": stats,
        "peak_stack": max((s.stack_inuse for s in samples), default=0),
        "peak_heap": max((s.heap_inuse for s in samples), default=0),
    }


def _explore(order: Mapping[str, Any]) -> dict[str, Any]:
    from gosim.explore.named import make_strategy
    from gosim.explore.search import Watcher, explore

    told = {name: Extremes() for name in ("peak", "made", "buffered", "virtual_ns")}

    class Watch(Crowd, Watcher):
        """Hears one run, and adds it to the extremes; there is nothing to tell apart by it."""

        def findings(self, control: Control, run: Run) -> tuple[()]:
            for name, extremes in told.items():
                extremes.add(getattr(run if name == "virtual_ns" else self, name))
            return ()

    found = explore(
        _program(order),
        strategy=make_strategy(order["strategy"], schedules=order["schedules"]),
        max_schedules=order["schedules"],
        max_steps=order["steps"],
        timers=order["timers"],
        early_ticks=order["early_ticks"],
        output=order["output"],
        watchers=(Watch,),
        go=order["go"],
    )
    return {
        "schedules": found.schedules,
        "blocked": found.blocked,
        "complete": found.complete,
        "bound": found.bound or "",
        "outcomes": dict(found.outcomes),
        "distinct": len(found.cases),
        "cases": [
            {
                **_told(case.run),
                "token": case.token,
                "count": case.schedules,
                "story": list(case.story),
            }
            for case in _shown(found.cases)
        ],
        "extremes": {name: extremes.to_dict() for name, extremes in told.items()},
    }


def _shown(cases: Sequence[Case]) -> list[Case]:
    """Return the cases that are reported: of each kind of outcome some, and the first ones."""
    first = {case.outcome.kind: case for case in reversed(cases)}
    kept = {id(case) for case in [*first.values(), *cases[: _SHOWN - len(first)]]}
    return [case for case in cases if id(case) in kept]


def _told(run: Run) -> dict[str, Any]:
    """Return what judges may want to know of a run."""
    return {
        "outcome": run.outcome,
        "limit": run.limit or "",
        "exit_code": -1 if run.exit_code is None else run.exit_code,
        "stdout": run.stdout[:_TEXT],
        "stderr": run.stderr[:_TEXT],
        "after_panic": (run.after_main.panic or "")[:_TEXT],
        "virtual_ns": run.virtual_ns,
        "token": run.schedule,
        "goroutines": len(run.goroutines),
        "leaks": [
            {
                "kind": leak.kind,
                "count": leak.count,
                "at": os.path.basename(leak.at),
                "wait_reason": getattr(leak, "wait_reason", ""),
                "verdict": leak.verdict,
                "bytes": int(getattr(leak, "bytes", 0) or 0),
                "explanation": leak.explanation,
                "fix": leak.fix,
            }
            for leak in run.leaks[:_LEAKS]
        ],
        "dump": run.dump()[:_TEXT] if run.goroutines else "",
    }


_DO: Final = {"load": _load, "run": _run, "replay": _run, "explore": _explore}
