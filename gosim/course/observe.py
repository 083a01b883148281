"""Observations: what a program does, as plain data.  This runs in the child process.

An order says what is to be looked at; nothing in it says what is expected.  Orders and observations
are JSON: they cross the border between the process that runs what a student wrote and the one that
judges it.
"""

from __future__ import annotations

import copy
import os
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from gosim.course.places import Places
from gosim.runtime.errors import GosimError
from gosim.runtime.observer import Observer

if TYPE_CHECKING:
    from gosim.explore.control import Control
    from gosim.explore.exploration import Case
    from gosim.explore.search import Trial
    from gosim.explore.way import Way
    from gosim.leaks.run import Run
    from gosim.runtime.g import G
    from gosim.runtime.proc import World
    from gosim.runtime.program import Program

_SHOWN: Final = 12
"""Ways to end that are reported with a schedule and its story, at most."""
_LISTED: Final = 1000
"""Ways to end that are reported at all."""
_MINIMISE: Final = 150
"""Executions that look for a schedule with fewer deviations than the one that was found."""
_TEXT: Final = 20_000
"""Characters of an output that are reported."""
_LEAKS: Final = 12


FIGURES: Final = ("peak", "made", "buffered", "virtual_ns", "sent", "left")
"""What is counted in every schedule."""


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
    sent : int
        Values that went over channels until then.
    left : int
        Goroutines that were there when it returned, also those that would have ended some day.
    """

    def __init__(self) -> None:
        self.alive = self.peak = self.made = self.buffered = self.sent = self.left = 0
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
        """Count one more, and see how full the channel is."""
        if not self._over:
            self.sent += 1
        if to is None and ch.cap_:
            self.buffered = max(self.buffered, len(ch))

    def main_returned(self, world: World) -> None:
        """What comes now is the after-life."""
        self._over = True
        self.left = self.alive


class Extremes:
    """The least and the most of something over all schedules, and the simplest with the most."""

    def __init__(self) -> None:
        self.least = self.most = -1
        self.way: Way | None = None

    def add(self, value: int, way: Way) -> None:
        """Take in the value of one schedule."""
        self.least = value if self.least < 0 else min(self.least, value)
        if value > self.most or (value == self.most and (self.way is None or way < self.way)):
            self.most, self.way = value, way

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {"least": max(0, self.least), "most": max(0, self.most)}


_programs: dict[tuple[Any, ...], Program] = {}
"""What was loaded in this process: several orders are about the same text."""


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
    key = source, path, tuple(sorted(params.items())), go, trusted, races
    found = _programs.get(key)
    if found is None:
        found = _programs[key] = _loaded(source, path, params, go, trusted, races)
    if source != "go":
        return found
    made = copy.copy(found)
    made.explored = explored or races  # type: ignore[attr-defined]
    return made


def _loaded(
    source: str, path: str, params: Mapping[str, Any], go: str, trusted: bool, races: bool
) -> Program:
    if source == "go":
        from gosim.golang.program import GoProgram

        return GoProgram(path, go=go, cache=trusted, races=races)
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
    took = int((time.monotonic() - begun) * 1000)
    folder = os.path.dirname(order["path"])
    return {"id": order["id"], "ms": took, **(_without(f"{folder}/", found) if folder else found)}


def _without(folder: str, thing: Any) -> Any:
    """Return what was observed without the name of the folder, which the student does not have."""
    if isinstance(thing, str):
        return thing.replace(folder, "")
    if isinstance(thing, list):
        return [_without(folder, part) for part in thing]
    if isinstance(thing, dict):
        return {k: v if k == "stdout" else _without(folder, v) for k, v in thing.items()}
    return thing


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

    memory = bool(order.get("memory"))
    crowd, places = Crowd(), Places(memory)
    run = execute(
        _program(order),
        go=order["go"],
        observers=(crowd, places),
        replay=order.get("token"),
        max_steps=order["steps"],
        memory=memory,
    )
    record = run.memory_record
    stats = {} if record is None else {k: v for k, v in record.stats.items() if type(v) is int}
    samples = [] if record is None else record.samples
    return {
        **_told(run),
        "peak": crowd.peak,
        "made": crowd.made,
        "buffered": crowd.buffered,
        "sent": crowd.sent,
        "left": crowd.left,
        "memory": {k: v for k, v in run.memory().items() if type(v) is int},
        "stats": stats,
        "peak_stack": max((s.stack_inuse for s in samples), default=0),
        "peak_heap": max((s.heap_inuse for s in samples), default=0),
        "places": places.told(),
    }


def _explore(order: Mapping[str, Any]) -> dict[str, Any]:
    from gosim.explore.named import make_strategy
    from gosim.explore.search import Trial, Watcher, explore
    from gosim.explore.way import Recorded

    told = {name: Extremes() for name in FIGURES}

    class Watch(Crowd, Watcher):
        """Hears one run, and adds it to the extremes; there is nothing to tell apart by it."""

        def findings(self, control: Control, run: Run) -> tuple[()]:
            assert isinstance(control.strategy, Recorded)
            way = control.strategy.way
            for name, extremes in told.items():
                extremes.add(getattr(run if name == "virtual_ns" else self, name), way)
            return ()

    loaded = _program(order)
    options = {"go": order["go"]}
    found = explore(
        loaded,
        strategy=make_strategy(order["strategy"], schedules=order["schedules"]),
        max_schedules=order["schedules"],
        max_steps=order["steps"],
        timers=order["timers"],
        early_ticks=order["early_ticks"],
        output=order["output"],
        watchers=(Watch,),
        minimise=_MINIMISE,
        select=_shown,
        **options,
    )
    trial = Trial(loaded, "main", order["timers"], order["early_ticks"], order["steps"], options)
    return {
        "schedules": found.schedules,
        "blocked": found.blocked,
        "complete": found.complete and len(found.cases) <= _LISTED,
        "bound": found.bound or ("too many ways to end" if len(found.cases) > _LISTED else ""),
        "outcomes": dict(found.outcomes),
        "distinct": len(found.cases),
        "cases": [
            {
                **(_told(case.run) if case.token else _briefly(case.run)),
                "token": case.token,
                "count": case.schedules,
                "story": list(case.story),
            }
            for case in found.cases[:_LISTED]
        ],
        "extremes": _with_schedules(trial, told),
    }


def _shown(cases: Sequence[Case]) -> list[Case]:
    """Return the cases that judges may ask about: the simplest of each kind, then of each output.

    No judge can be misled by what is left out: those are listed, too, without a schedule.
    """
    chosen: dict[int, Case] = {}
    for tell in (
        lambda case: (case.outcome.kind, bool(case.outcome.after)),
        lambda case: case.outcome.output,
    ):
        first: dict[Any, Case] = {}
        for case in cases:
            first.setdefault(tell(case), case)
        for case in first.values():
            if len(chosen) < _SHOWN:
                chosen.setdefault(id(case), case)
    return list(chosen.values())


def _with_schedules(trial: Trial, told: Mapping[str, Extremes]) -> dict[str, Any]:
    """Return the extremes, each with a schedule that has the most and where that is made."""
    from gosim.explore.replay import Marked, install

    install()
    seen: dict[Way, tuple[str, dict[str, Any]]] = {}
    found: dict[str, Any] = {}
    for name, extremes in told.items():
        found[name] = extremes.to_dict()
        if extremes.way is None:
            continue
        if extremes.way not in seen:
            marked, places = Marked(extremes.way), Places()
            trial.once(marked, [places])
            same = marked.length == extremes.way.steps
            ticket = marked.ticket(trial.timers, trial.early_ticks, trial.program)
            seen[extremes.way] = (ticket.token() if same else ""), places.told()
        token, where = seen[extremes.way]
        found[name].update(token=token, places=where.get(name, []))
    return found


def _briefly(run: Run) -> dict[str, Any]:
    """Return what judges have to know of a run that no one is shown."""
    return {
        "outcome": run.outcome,
        "stdout": run.stdout[:_TEXT],
        "stderr": run.stderr[:1000],
        "after_panic": (run.after_main.panic or "")[:1000],
        "leaks": [],
    }


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
