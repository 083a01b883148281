"""Where in a program it happened: the lines behind the figures that checks are about."""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from gosim.runtime.observer import Observer
from gosim.runtime.traceback import creation, frames, line_of

if TYPE_CHECKING:
    from gosim.runtime.g import G
    from gosim.runtime.proc import World

_MOST: Final = 20


class Places(Observer):
    """Notes, for each figure of a run, the places in the program that make it large.

    Parameters
    ----------
    memory : bool
        Note where memory is taken from the heap, too.
    """

    def __init__(self, memory: bool = False) -> None:
        self._memory = memory
        self._over = False
        self._begun: dict[int, str] = {}
        self._alive: Counter[str] = Counter()
        self._peak: Counter[str] = Counter()
        self._left: Counter[str] = Counter()
        self._made: Counter[str] = Counter()
        self._buffered: tuple[int, str] = (0, "")
        self._waited: Counter[str] = Counter()
        self._picked = -1
        self._live: Counter[str] = Counter()
        self._allocated: Counter[str] = Counter()
        self._world: World

    def told(self) -> dict[str, list[list[Any]]]:
        """Return figure to places and their shares, the largest first."""
        found = {
            "peak": self._peak,
            "left": self._left,
            "made": self._made,
            "buffered": Counter({self._buffered[1]: self._buffered[0]}),
            "virtual_ns": self._waited,
            "live": self._live,
            "allocated": self._allocated,
        }
        return {
            name: [[at, n] for at, n in counter.most_common(_MOST) if at and n]
            for name, counter in found.items()
        }

    def run_started(self, world: World) -> None:
        """Let the heap note its sites."""
        self._world = world
        if self._memory:
            world.memory_of().heap.profile = True

    def goroutine_created(self, g: G, by: G | None) -> None:
        """Note its go statement."""
        if by is None or self._over:
            return
        frame = creation(g)
        at = "" if frame is None else _short(frame.file, frame.line)
        self._begun[g.id] = at
        self._alive[at] += 1
        self._made[at] += 1
        if sum(self._alive.values()) > sum(self._peak.values()):
            self._peak = Counter(self._alive)

    def goroutine_ended(self, g: G, how: str) -> None:
        """Take it off."""
        at = self._begun.pop(g.id, None)
        if at is not None:
            self._alive[at] -= 1

    def channel_sent(self, ch: Any, value: Any, to: G | None) -> None:
        """Note the channel that is the fullest."""
        if to is None and ch.cap_ and len(ch) > self._buffered[0]:
            code = getattr(ch, "made_code", None)
            at = "" if code is None else _short(code.co_filename, line_of(code, ch.made_lasti))
            self._buffered = len(ch), at

    def goroutine_picked(self, g: G) -> None:
        """Note where main has stood since it was picked last: steps take no time, waiting does."""
        if g.id != 1 or self._over:
            return
        now = self._world.now
        if now > self._picked >= 0:
            stack = frames(g)
            if stack:
                self._waited[_short(stack[0].file, stack[0].line)] += now - self._picked
        self._picked = now

    def main_returned(self, world: World) -> None:
        """What comes now is the after-life; what lies on the heap now is what was kept."""
        self._over = True
        self._left = +self._alive
        if self._memory:
            self._note_memory(world)

    def run_ended(self, world: World) -> None:
        """Note the memory of a program whose main never returned."""
        if self._memory and not self._over:
            self._note_memory(world)

    def _note_memory(self, world: World) -> None:
        for at, site in world.memory_of().heap.sites().items():
            if ":" in at:
                self._live[os.path.basename(at)] = site.live_bytes
                self._allocated[os.path.basename(at)] = site.bytes


def _short(file: str, line: int) -> str:
    return f"{os.path.basename(file)}:{line}"
