"""Signals that a process sends to itself (Go: ``sigqueue.go``, ``signal_unix.go``).

Nobody outside sends one.  A goroutine that waits for signals stands in ``[syscall]``, as in Go, and
as in Go a process in which one waits is never asleep for ever: a signal might still come.  It is
woken through the global queue, after everybody who can run without it.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, Final

from gosim.runtime.forms import Op, operation
from gosim.runtime.g import PARK, G, Select
from gosim.runtime.netpoll import Descriptor
from gosim.runtime.panic import ProcessExit
from gosim.runtime.traceback import dump

if TYPE_CHECKING:
    from gosim.runtime.proc import World

SYSCALL: Final = "syscall"

LAST: Final = 64
"""The highest number of a signal."""
PID: Final = 4242
"""The ID of every simulated process."""

_KILL: Final = 9
_EXITS: Final = (1, 2, 15)
_DUMPS: Final = {
    3: "SIGQUIT: quit",
    4: "SIGILL: illegal instruction",
    5: "SIGTRAP: trace trap",
    6: "SIGABRT: abort",
    7: "SIGBUS: bus error",
    8: "SIGFPE: floating-point exception",
    11: "SIGSEGV: segmentation violation",
    16: "SIGSTKFLT: stack fault",
    31: "SIGSYS: bad system call",
}
_STOPS: Final = (19, 20, 21, 22)
_QUEUE: Final = "gosim.runtime.sigqueue"


class Signals(Descriptor):
    """The signals that have come and that nobody has taken yet.

    Attributes
    ----------
    wanted, ignored : set of int
        Signals that somebody asked for, and those that are to be ignored.
    pending : set of int
        A signal that comes twice before it is taken counts once.
    delivering : bool
        The goroutine that takes them has not come back for the next one.
    heard : dict of Chan to None
        The channels of the program on which signals are heard: those that were given to Notify,
        and those of contexts that end with a signal.
    """

    __slots__ = ("delivering", "heard", "ignored", "pending", "queue", "wanted")

    def __init__(self, world: World) -> None:
        super().__init__(world, "signals")
        self.made_code = None
        self.service = True
        self.wanted: set[int] = set()
        self.ignored: set[int] = set()
        self.pending: set[int] = set()
        self.queue: deque[G] = deque()
        self.delivering = False
        self.heard: dict[Any, None] = {}

    @operation
    def recv(self) -> Op:
        """Wait for a signal; return its number, the lowest first (``signal_recv``)."""
        w = self.world
        self.delivering = False
        if w.policy is not None:
            yield from w.announce("signal recv", self)
        while not self.pending:
            g = w.g
            if g is None:
                w.misused(self, "recv")
            self.queue.append(g)
            g.wait_reason = SYSCALL
            g.waiting = self
            if w.observers:
                w.emit("goroutine_parked", g, SYSCALL, self)
            yield PARK
        number = min(self.pending)
        self.pending.remove(number)
        self.delivering = True
        return number

    @operation
    def send(self, number: int) -> Op:
        """Send a signal to the process itself (``kill``)."""
        w = self.world
        if w.policy is not None:
            yield from w.announce("signal send", self)
        if number == _KILL:
            raise ProcessExit(128 + number)
        if number in self.wanted:
            self.pending.add(number)
            while self.queue:
                g = self.queue.popleft()
                w.globq.append(g)
                if w.observers:
                    w.emit("goroutine_readied", g, w.g)
        elif number in self.ignored:
            return
        elif number in _EXITS:
            raise ProcessExit(128 + number)
        elif number in _DUMPS:
            w.err.append(f"{_DUMPS[number]}\n\n{dump(w, w.allgs)}")
            raise ProcessExit(2)

    @operation
    def settle(self) -> Op:
        """Wait until every signal that came was handed on (``signalWaitUntilIdle``)."""
        w = self.world
        if w.policy is not None:
            yield from w.announce("signal settle", self)
        while not self.idle():
            g = w.g
            if g is None:
                w.misused(self, "settle")
            w.gosched_prepare(g)
            yield PARK

    def idle(self) -> bool:
        """Whether every signal that came was handed on."""
        return not self.pending and not self.delivering

    def __gosim_blocks__(self, kind: str) -> str | None:
        """Return the wait reason if an operation would have to wait now."""
        if kind == "signal recv":
            return None if self.pending else SYSCALL
        return None if kind != "signal settle" or self.idle() else ""

    def __gosim_referents__(self) -> tuple[object, ...]:
        return ()


def signals(w: World) -> Signals:
    """Return those of a world."""
    found: Any = w.__dict__.get(_QUEUE)
    if found is None:
        found = w.__dict__[_QUEUE] = Signals(w)
    made: Signals = found
    return made


def hears(w: World, g: G) -> bool:
    """Whether a goroutine waits for a signal that somebody outside might send."""
    found = w.__dict__.get(_QUEUE)
    if found is None or not found.heard:
        return False
    waiting = g.waiting
    if isinstance(waiting, Select):
        return any(ch in found.heard for ch, sends, _ in waiting.parts() if not sends)
    return g.wait_reason == "chan receive" and waiting in found.heard


def stops(number: int) -> bool:
    """Whether a signal would stop the process until somebody outside lets it go on."""
    return number in _STOPS
