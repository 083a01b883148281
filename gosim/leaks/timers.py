"""Timers that nobody can stop or read any more, in the versions that keep them.

Up to Go 1.22 a running timer stands in the runtime's own list of timers, and what stands there is
not garbage: a ticker that was neither stopped nor kept stays for ever, a single timer until it
fires.  Since 1.23 a timer that feeds a channel enters that list only while a goroutine waits at
the channel, so one that nobody refers to is collected (``needsAdd`` in Go's ``time.go``).

A finding about memory, not about goroutines: nobody waits for these timers.  What ``AfterFunc``
made is left out: it has something to do when it fires.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gosim.leaks.judge import PERMANENT, TEMPORARY, Leak
from gosim.leaks.messages import say
from gosim.runtime.leakmark import mark, module_roots
from gosim.runtime.time import Entry, Timer
from gosim.runtime.traceback import function_name, line_of

if TYPE_CHECKING:
    from gosim.runtime.proc import World


@dataclass(slots=True)
class MemoryLeak(Leak):
    """A finding about memory: so many things made at one place, and who keeps them.

    Attributes
    ----------
    bytes : int
        Of all of them together.
    holder : str
        Who keeps them.
    counted : int
        Those of `bytes` that goroutines stuck for good keep alive: in their total they are, too.
    """

    bytes: int = 0
    holder: str = ""
    counted: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON of the contract: a finding of kind ``memory``."""
        return {
            "kind": self.kind,
            "count": self.count,
            "bytes": self.bytes,
            "holder": self.holder,
            "at": self.at,
            "verdict": self.verdict,
            "explanation": self.explanation,
            "fix": self.fix,
            "function": self.function,
            "notes": list(self.notes),
        }


def forgotten(world: World) -> list[MemoryLeak]:
    """Return the timers that only the runtime's list still knows, by the place they were made at.

    A ticker is ``permanent``, a single timer ``temporary``: it goes when it fires.

    Parameters
    ----------
    world : World
        With every goroutine suspended; main's frame does not count once main has returned.
    """
    if world.version.idle_timers_collected:
        return []
    pending = [timer for timer in _running(world) if timer.ch is not None]
    if not pending:
        return []
    alive = sorted((g for g in world.allgs if g.coro is not None), key=lambda g: g.id)
    globals_: dict[str, object] = {}
    for namespace in world.globals:
        globals_.update(module_roots(namespace))
    # A goroutine that is stuck for good keeps its timers all the same, so all of them are roots.
    found = mark(alive, globals_, runnable=alive)
    if found.unknown:
        return []
    groups: dict[tuple[Any, int, bool], list[Timer]] = {}
    for timer in pending:
        if not found.marked(timer) and not found.marked(timer.ch):
            key = timer.made_code, timer.made_lasti, timer.period > 0
            groups.setdefault(key, []).append(timer)
    leaks = [_finding(world, group) for group in groups.values()]
    leaks.sort(key=lambda leak: (leak.verdict != PERMANENT, -leak.bytes, leak.at))
    return leaks


def _running(world: World) -> Iterable[Timer]:
    """Yield the timers in the calendar, earliest deadline first."""
    for item in sorted(world.env._queue, key=lambda item: item[:3]):
        event: Any = item[3]
        if type(event) is Entry and event.timer is not None:
            yield event.timer


def _finding(world: World, timers: list[Timer]) -> MemoryLeak:
    first, count, each = timers[0], len(timers), world.version.timer_channel_bytes
    ticks = first.period > 0
    code = first.made_code
    at = "" if code is None else f"{code.co_filename}:{line_of(code, first.made_lasti)}"
    what = "ticker" if ticks else "timer"
    facts: dict[str, object] = {
        "count": count,
        "at": _short(at) or "?",
        "go": world.version.go,
        "each": each,
        "bytes": each * count,
        "delta": _duration(max(timer.when for timer in timers) - world.now),
    }
    return MemoryLeak(
        kind="memory",
        count=count,
        wait_reason="",
        at=at,
        verdict=PERMANENT if ticks else TEMPORARY,
        explanation=say(f"forgotten.{what}.{'many' if count > 1 else 'one'}", **facts),
        fix=say(f"fix.forgotten.{what}"),
        function="" if code is None else function_name(code),
        notes=(say("promise.forgotten"),),
        bytes=each * count,
        holder=say("forgotten.holder"),
    )


def _short(at: str) -> str:
    from gosim.leaks.explain import short

    return short(at)


def _duration(ns: int) -> str:
    from gosim.leaks.explain import duration

    return duration(ns)
