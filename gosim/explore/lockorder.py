"""Locks that goroutines take in different orders, where that has not come to a deadlock this time.

Whoever takes a lock while it holds another one draws an edge between them. A cycle of such edges is
a deadlock that another schedule may come to, if every edge is another goroutine's, if no lock that
is held all the while lets only one of them in (a *gate*), if each of them would really have to wait
for the next (two readers do not, unless a writer stands between them), and if nothing but the locks
themselves orders what they do: a goroutine that is only started when another one is over can not
get in its way. (Havelund: Using runtime analysis to guide model checking of Java programs, SPIN
2000, "GoodLock"; Agarwal, Wang, Stoller: Detecting potential deadlocks with static analysis and
run-time monitoring, 2005.)
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from gosim.explore.control import Control
from gosim.explore.exploration import Finding
from gosim.explore.happens import (
    Goroutine,
    HappensBefore,
    Hold,
    at_line,
    stack_here,
    told_stack,
    who,
)
from gosim.leaks.run import Run
from gosim.runtime.traceback import Frame

__all__ = ["Inversion", "LockOrder"]

#: Cycles of more goroutines than that are not looked for.
_LONGEST: Final = 8
#: And no more than so many of them.
_MOST: Final = 50


@dataclass(slots=True, eq=False)
class Edge:
    """A goroutine has taken a lock while it held another one.

    Attributes
    ----------
    who : int
        Number of the goroutine.
    held : Hold
        The lock that it held.
    taken : Hold
        The one that it took.
    gates : tuple of Hold
        What else it held.
    known : dict of int to int
        Its clock then.
    clock : int
        Its own part of that.
    stack : list of Frame
    """

    who: int
    held: Hold
    taken: Hold
    gates: tuple[Hold, ...]
    known: dict[int, int]
    clock: int
    stack: list[Frame]


@dataclass(slots=True)
class Inversion:
    """A cycle of edges: each goroutine holds what the one before it takes.

    Attributes
    ----------
    edges : list of Edge
    text : str
        For people.
    """

    edges: list[Edge]
    text: str = ""

    @property
    def places(self) -> tuple[tuple[str, int, str, int], ...]:
        """Where each lock is held and the next one taken, in an order that is always the same."""
        return tuple(sorted((*_place(e.held.at), *_place(e.taken.at)) for e in self.edges))


class LockOrder(HappensBefore):
    """Finds the inversions of one run."""

    locks_order: ClassVar[bool] = False
    places: ClassVar[bool] = False

    def __init__(self) -> None:
        super().__init__()
        self._edges: dict[Any, Edge] = {}
        self._writers: dict[int, set[int]] = {}

    def locked(self, mine: Goroutine, hold: Hold, waits: bool) -> None:
        """Draw edges from all that it holds."""
        if hold.how == "lock":
            self._writers.setdefault(id(hold.lock), set()).add(mine.number)
        self._alive.append(hold.lock)
        if not waits or not mine.held:
            return
        stack = stack_here()
        number, clock = mine.number, mine.clock[mine.number]
        for each in mine.held:
            if each.lock is hold.lock and not (each.how == hold.how == "rlock"):
                continue  # it waits for itself, and is seen to do so
            gates = tuple(h for h in mine.held if h is not each)
            key = (
                *(number, id(each.lock), each.how, _place(each.at)),
                *(id(hold.lock), hold.how, _place(hold.at), frozenset(id(h.lock) for h in gates)),
            )
            edge = Edge(number, each, hold, gates, dict(mine.clock), clock, stack)
            self._edges.setdefault((key, _others(mine)), edge)

    # -- cycles -----------------------------------------------------------------------------------

    def inversions(self) -> list[Inversion]:
        """Return the cycles, one for each set of places."""
        found: dict[Any, Inversion] = {}
        for edges in self._cycles():
            inversion = Inversion(edges)
            if inversion.places not in found:
                inversion.text = self._told(inversion)
                found[inversion.places] = inversion
                if len(found) == _MOST:
                    break
        return list(found.values())

    def _cycles(self) -> Iterator[list[Edge]]:
        edges = list(self._edges.values())
        for edge in edges:
            if edge.held.lock is edge.taken.lock and self._writer_between(edge, [edge]):
                yield [edge]
        leaving: dict[int, list[Edge]] = {}
        for edge in edges:
            if edge.held.lock is not edge.taken.lock:
                leaving.setdefault(id(edge.held.lock), []).append(edge)
        rank = {lock: i for i, lock in enumerate(leaving)}
        for start in leaving:
            for first in leaving[start]:
                yield from self._extend([first], rank[start], leaving, rank)

    def _extend(
        self, way: list[Edge], lowest: int, leaving: dict[int, list[Edge]], rank: dict[int, int]
    ) -> Iterator[list[Edge]]:
        last = way[-1]
        for edge in leaving.get(id(last.taken.lock), ()):
            # Each cycle is begun at the lock that was held first.
            if rank[id(edge.held.lock)] <= lowest or not self._fits(way, edge):
                continue
            longer = [*way, edge]
            if edge.taken.lock is way[0].held.lock:
                if self._waits_for(edge, way[0], longer):
                    yield longer
            elif len(longer) < _LONGEST:
                yield from self._extend(longer, lowest, leaving, rank)

    def _fits(self, way: list[Edge], edge: Edge) -> bool:
        for other in way:
            if other.who == edge.who or _gated(other, edge):
                return False
            if edge.known.get(other.who, -1) >= other.clock:
                return False
            if other.known.get(edge.who, -1) >= edge.clock:
                return False
        return self._waits_for(way[-1], edge, [*way, edge])

    def _waits_for(self, taker: Edge, holder: Edge, way: list[Edge]) -> bool:
        """Whether one would have to wait for what the other one holds."""
        if taker.taken.how == "lock" or holder.held.how == "lock":
            return True
        return self._writer_between(taker, way)

    def _writer_between(self, edge: Edge, way: list[Edge]) -> bool:
        """Whether somebody else locks for writing what two want to read: then they wait, too."""
        return bool(self._writers.get(id(edge.taken.lock), set()) - {e.who for e in way})

    # -- in words ---------------------------------------------------------------------------------

    def findings(self, control: Control, run: Run) -> Iterable[Finding]:
        """Return the inversions of an execution."""
        for inversion in self.inversions():
            key = "|".join(":".join(map(str, place)) for place in inversion.places)
            at = [
                f"{os.path.basename(file)}:{line}"
                for place in inversion.places
                for file, line in (place[:2], place[2:])
            ]
            yield Finding("lock order", key, inversion.text, tuple(dict.fromkeys(at)))

    def _told(self, inversion: Inversion) -> str:
        edges = inversion.edges
        lines = ["==================", "WARNING: LOCK ORDER"]
        for edge in edges:
            g = self.goroutines[edge.who]
            verb = "locks" if edge.taken.how == "lock" else "read-locks"
            held = "" if edge.held.how == "lock" else " for reading"
            taken, first = self.named(edge.taken.lock), self.named(edge.held.lock)
            since = at_line(edge.held.at).replace(" at ", " since ")
            lines.append(f"{who(g, True)} {verb} {taken} while it holds {first}{held}{since}:")
            lines += [*told_stack(edge.stack), ""]
        for edge in edges:
            g = self.goroutines[edge.who]
            if g.number and g.created:
                lines += [f"Goroutine {g.id} created at:", *told_stack(g.created), ""]
        if len(edges) == 1:
            why = (
                "A goroutine that waits to lock for writing keeps new readers out: one that reads "
                "and read-locks again may wait for a writer that waits for it."
            )
        elif len(edges) == 2:
            why = (
                "Each may come to hold one lock and wait for the other: then neither goes on. "
                "Take the two in the same order everywhere."
            )
        else:
            why = (
                f"{len(edges)} goroutines may come to hold one lock each and wait for the next: "
                "then none goes on. Take them in the same order everywhere."
            )
        return "\n".join([*lines, why, "=================="]) + "\n"


def _place(frame: Frame | None) -> tuple[str, int]:
    return ("", 0) if frame is None else (frame.file, frame.line)


def _others(mine: Goroutine) -> tuple[tuple[int, int], ...]:
    """What a goroutine knows of others, which may rule a cycle out at one time and not another."""
    return tuple(sorted((n, c) for n, c in mine.clock.items() if n != mine.number))


def _gated(a: Edge, b: Edge) -> bool:
    """Whether a lock that both hold keeps one of them out."""
    return any(x.lock is y.lock and "lock" in (x.how, y.how) for x in a.gates for y in b.gates)
