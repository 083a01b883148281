"""One run under control: what can be done next, and what was touched by what was done.

The world asks its policy who goes on; here the answer is one of the *labels* that are enabled, so
that a strategy decides about whole steps. A goroutine stops before each operation, and an operation
that would have to wait is not enabled: nobody can tell whether a goroutine has come to the channel
already or not, so nothing is lost, and a lock, say, is one step. An unbuffered send and its receive
are one step of both. Goroutines that nobody can help are let into their queues at the end, where
the judge finds them.

Where an operation has to wait for real (a timer's channel, a condition variable, a semaphore), its
goroutine does so as part of the step, and going on is a step of its own.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any, Final

from gosim.explore.dependence import Access, Mode, ordered
from gosim.explore.step import CLOCK, STDOUT, Label, Operation, Side, Step
from gosim.explore.strategy import Strategy
from gosim.runtime.chan import Chan
from gosim.runtime.g import G, Select
from gosim.runtime.observer import Observer
from gosim.runtime.policy import STOP, Policy
from gosim.runtime.select import default
from gosim.runtime.traceback import frames, user_place
from gosim.std.shared import Location

__all__ = ["Control"]

_WRITE: Final[Mode] = ("write",)
_READ: Final[Mode] = ("read",)

#: What a single operation on an object that is no channel does to it; all others write.
_MODES: Final[dict[str, Mode]] = {
    "mutex lock": ("lock",),
    "mutex unlock": ("unlock",),
    "rwmutex rlock": ("rlock",),
    "rwmutex runlock": ("runlock",),
    "rwmutex lock": ("lock",),
    "rwmutex unlock": ("unlock",),
    "once lock": ("lock",),
    "waitgroup wait": ("wait",),
    "read": _READ,
    "atomic load": _READ,
    "map load": _READ,
}
_TRIES: Final = frozenset(("mutex trylock", "rwmutex trylock", "rwmutex tryrlock"))


class Control(Policy, Observer):
    """A policy that takes the steps that a strategy wants, and writes them down.

    Parameters
    ----------
    strategy : Strategy
    timers : {"any", "late"}
        Whether timers fire at any moment, or only when nothing else can happen.
    early_ticks : int
        How often timers may fire although something else could happen.

    Attributes
    ----------
    steps : list of Step
        What was done, in order.
    left : list of Operation
        What was announced and not come to.
    """

    name = "explore"
    every_step = True
    lives_on = True

    def __init__(self, strategy: Strategy, timers: str = "any", early_ticks: int = 8) -> None:
        self.strategy = strategy
        self.timers = timers
        self.early_ticks = early_ticks
        self.ticks_cut = False
        self.steps: list[Step] = []
        self.names: dict[G, str] = {}
        self._world: Any = None
        self._children: dict[str, int] = {}
        self._made: dict[str, int] = {}
        self._keys: dict[int, str] = {}
        self._alive: list[Any] = []  # objects keep their ids
        self._last: dict[str, int] = {}
        self._history: dict[str, list[tuple[int, Mode]]] = {}
        self._counts: dict[str, list[int]] = {}
        self._operations: dict[str, Operation] = {}
        self._forced: deque[G] = deque()
        self._silent = False
        self._step: Step | None = None
        self._touched: list[Access] = []
        self._woken: list[str] = []
        self._born: list[str] = []
        self._case = -1
        self._doing: tuple[Any, ...] = ()
        self._before_counter = 0
        self._died = False
        self._ended: str | None = None
        self._calendar = 0

    # ---- names ----

    def begin(self, world: Any) -> None:
        """Remember the world."""
        self._world = world
        self.strategy.begin(self)

    def made(self, thing: Any) -> None:
        """Name an object by who made it: the same in every schedule."""
        g = self._world.g if self._world is not None else None
        maker = self.names.get(g, "init") if g is not None else "init"
        n = self._made[maker] = self._made.get(maker, 0) + 1
        self._keys[id(thing)] = f"{maker}#{n}"
        self._alive.append(thing)

    def key(self, thing: Any) -> str:
        """Return the name of an object."""
        if type(thing) is Location:
            made = self._keys.get(id(thing.of))
            return f"{made or thing.kind}.{thing.part}"
        key = self._keys.get(id(thing))
        if key is None:
            self.made(thing)
            key = self._keys[id(thing)]
        return key

    @property
    def left(self) -> list[Operation]:
        """What was announced and not come to."""
        return list(self._operations.values())

    # ---- what is seen ----

    def goroutine_created(self, g: G, by: G | None) -> None:
        """Name it."""
        if by is None:
            maker = CLOCK if self.names else ""
        else:
            maker = self.names[by]
        if not maker:
            name = "main"
        else:
            n = self._children[maker] = self._children.get(maker, 0) + 1
            name = f"{maker}/{n}"
        self.names[g] = name
        g.pending = None
        self._born.append(name)

    def goroutine_readied(self, g: G, by: G | None) -> None:
        """Its next step happens after this one."""
        self._woken.append(self.names.get(g, ""))

    def goroutine_ended(self, g: G, how: str) -> None:
        """The end of the process is seen by all who print."""
        if how == "panic":
            self._died = True

    def printed(self, text: str) -> None:
        """Output has an order."""
        self._touched.append((STDOUT, _WRITE))

    def touched(self, what: str) -> None:
        """Hear of an access that has no other event."""
        self._touched.append((what, _WRITE))

    def channel_sent(self, ch: Any, value: Any, to: G | None) -> None:
        """Note a send; into a queue, its number."""
        if ch.timer is not None:
            self._touched.append((self.key(ch), _WRITE))
        elif ch.cap_ == 0:
            self._touched.append((self.key(ch), ("meet",)))
        else:
            self._numbered(ch, 0)
            if to is not None:
                self._numbered(ch, 1)

    def channel_received(self, ch: Any, value: Any, sender: G | None, ok: bool) -> None:
        """Note a receive; from a queue, its number."""
        if ch.timer is not None:
            self._touched.append((self.key(ch), _WRITE))
        elif not ok:
            self._touched.append((self.key(ch), ("zero",)))
        elif ch.cap_ == 0:
            self._touched.append((self.key(ch), ("meet",)))
        else:
            self._numbered(ch, 1)
            if sender is not None:
                self._numbered(ch, 0)

    def _numbered(self, ch: Any, which: int) -> None:
        key = self.key(ch)
        counts = self._counts.setdefault(key, [0, 0])
        mode = ("send", "recv")[which], counts[which], ch.cap_
        counts[which] += 1
        self._touched.append((key, mode))

    def channel_closed(self, ch: Any, released: tuple[G, ...]) -> None:
        """Note a close."""
        self._touched.append((self.key(ch), ("close",)))

    # ---- who is next ----

    def choose(self, n: int, kind: str) -> int:
        """Return the case that the step is about."""
        if kind == "select" and self._case >= 0 and self._doing:
            ready = [i for i, case in enumerate(self._doing[1:]) if _ready(case)]
            if self._case in ready and len(ready) == n:
                return ready.index(self._case)
        return 0

    def pick(self, runnable: Sequence[G], timer: Any) -> Any:
        """Return who goes on with the step that is under way, or begin another one."""
        if self._forced:
            return self._about_to(self._forced.popleft())
        if self._silent:
            self._silent = False
        elif self._step is not None:
            self._finish()
        for g in runnable:
            self._announced(g)
        enabled, table, parks = self._enabled(runnable)
        if parks is not None:
            self._silent = True
            return self._about_to(parks)
        if timer is not None and self._may_fire(bool(enabled)):
            enabled.append(Label(CLOCK))
        if not enabled:
            for g in runnable:  # nobody can help them: let them be seen where they wait
                self._silent = True
                return self._about_to(g)
            return None
        label = self.strategy.choose(enabled)
        if label is None:
            return STOP
        return self._start(label, table, timer)

    def end(self, run: Any) -> None:
        """The last step is over, too."""
        if self._step is not None and not self._silent:
            self._finish()

    def _may_fire(self, others: bool) -> bool:
        if not others:
            return not self._world._only_idle_tickers() or self._world.main in self._world.allgs
        if self.timers == "late":
            return False
        if sum(step.label.who == CLOCK for step in self.steps) >= self.early_ticks:
            self.ticks_cut = True
            return False
        return True

    def _about_to(self, g: G) -> G:
        g.pending = None
        return g

    # ---- what is enabled ----

    def _announced(self, g: G) -> None:
        """Write down what a goroutine has come to."""
        who = self.names[g]
        if who in self._operations or g.pending is None:
            return
        kind, *things = g.pending
        operation = Operation(who, arrival=self._last.get(who, 0))
        if kind in ("send", "recv"):
            if not things[0].is_nil:
                ch = things[0]
                operation.sides = (Side(-1, kind == "send", self.key(ch), ch.cap_),)
        elif kind == "select":
            operation.default = default in things
            operation.sides = tuple(
                Side(i, type(case) is tuple, self.key(ch), ch.cap_)
                for i, case in enumerate(things)
                if (ch := _channel(case)) is not None
            )
        elif kind in _MODES:
            operation.wanted = ((self.key(things[0]), _MODES[kind]),)
        self._operations[who] = operation

    def _enabled(self, runnable: Sequence[G]) -> tuple[list[Label], dict[Label, list[G]], G | None]:
        """Return what can be done, who has to go on for it, and who has to wait for a timer."""
        labels: list[Label] = []
        table: dict[Label, list[G]] = {}
        senders: list[tuple[G, int, Any]] = []
        receivers: list[tuple[G, int, Any]] = []
        busy: set[G] = set()  # those that would not wait

        def add(label: Label, *who: G) -> None:
            if label not in table:
                labels.append(label)
                table[label] = list(who)

        for g in runnable:
            name = self.names[g]
            if g.pending is None:
                add(Label(name), g)
                continue
            kind, *things = g.pending
            if kind in ("send", "recv"):
                cases: list[Any] = [(things[0], None) if kind == "send" else things[0]]
            elif kind == "select":
                cases = things
            else:
                if not _blocks(kind, things):
                    add(Label(name), g)
                continue
            ready = self._channel_labels(g, kind == "select", cases, add, senders, receivers)
            if ready:
                busy.add(g)
            elif default in cases:
                busy.add(g)
                add(Label(name, -2), g)
            elif any(ch is not None and ch.timer is not None for ch in map(_channel, cases)):
                return [], {}, g
        for s, i, ch in senders:
            for r, j, other in receivers:
                if ch is other and s is not r and not (s in busy and r in busy):
                    order = (s, r) if r in busy else (r, s)
                    add(Label(self.names[s], i, self.names[r], j), *order)
        return labels, table, None

    def _channel_labels(
        self,
        g: G,
        selects: bool,
        cases: Sequence[Any],
        add: Any,
        senders: list[tuple[G, int, Any]],
        receivers: list[tuple[G, int, Any]],
    ) -> bool:
        """Add what `g` can do on channels on its own; return whether it would not wait."""
        ready = False
        name = self.names[g]
        for i, case in enumerate(cases):
            ch = _channel(case)
            if ch is None:
                continue
            sends = type(case) is tuple
            i = i if selects else -1
            if ch.cap_ == 0 and not ch.closed and ch.timer is None:
                (senders if sends else receivers).append((g, i, ch))
                for other, j in _parked(ch, sends):
                    ready = True
                    if sends:
                        add(Label(name, i, self.names[other], j), g)
                    else:
                        add(Label(self.names[other], j, name, i), g)
            elif _ready(case):
                ready = True
                add(Label(name, i), g)
        return ready

    # ---- a step ----

    def _start(self, label: Label, table: dict[Label, list[G]], timer: Any) -> Any:
        who = label.goroutines
        self._step = step = Step(label, who)
        self._touched, self._woken, self._born = [], [], []
        self._doing = ()
        self._case = -1
        if label.who == CLOCK:
            self._touched.append((CLOCK, _WRITE))
            step.text = "timer"
            return timer
        goes = table[label]
        last = goes[-1]
        step.text, step.place = _told(last.pending), user_place(frames(last))  # type: ignore[assignment]
        for name in who:
            operation = self._operations.pop(name, None)
            if operation is not None:
                operation.taken = len(self.steps)
                step.operations.append(operation)
        pending = last.pending
        if pending is not None:
            self._doing = pending
            if pending[0] == "select":
                mine = label.who == self.names[last]
                self._case = label.case if mine else label.partner_case
            if pending[0] == "waitgroup add":
                self._before_counter = pending[1].counter
            if label.partner and len(goes) == 1:
                self._bring_forward(label, last)
        self._calendar = len(self._world.env._queue)
        self._forced.extend(goes[1:])
        return self._about_to(goes[0])

    def _bring_forward(self, label: Label, g: G) -> None:
        """Put the partner that waits already at the head of its queue."""
        sends = self.names[g] == label.who
        partner = label.partner if sends else label.who
        for case in _cases(self._doing):
            ch = _channel(case)
            if ch is None or (type(case) is tuple) != sends:
                continue
            queue = ch.recvq if sends else ch.sendq
            if queue is None:
                continue
            for waiter in queue:
                owner = waiter if type(waiter) is G else waiter.g
                if self.names[owner] == partner:
                    queue.remove(waiter)
                    queue.appendleft(waiter)
                    return

    def _finish(self) -> None:
        """Work out what the step has touched and what happens before it."""
        step = self._step
        assert step is not None
        self._step = None
        if self._died or self._ended != self._world.ended:
            self._died, self._ended, step.died = False, self._world.ended, True
            self._touched.append((STDOUT, _WRITE))
        accesses = list(dict.fromkeys([*self._accesses_of_operation(step), *self._touched]))
        if step.label.who != CLOCK and len(self._world.env._queue) > self._calendar:
            accesses.append((CLOCK, _READ))
        step.accesses = tuple(accesses)
        mask = 0
        for name in step.who:
            mask |= self._last.get(name, 0)
        index = len(self.steps)
        steps = self.steps
        for key, mode in step.accesses:
            for i, earlier in reversed(self._history.get(key, ())):
                if not mask >> i & 1 and ordered(earlier, mode):
                    mask |= steps[i].before
        step.before = mask | 1 << index
        step.born = tuple(self._born)
        step.wakes = tuple(dict.fromkeys(name for name in self._woken if name not in step.who))
        for key, mode in step.accesses:
            self._history.setdefault(key, []).append((index, mode))
        for name in (*step.who, *step.wakes, *self._born):
            self._last[name] = self._last.get(name, 0) | step.before
        steps.append(step)
        self.strategy.took(step)

    def _accesses_of_operation(self, step: Step) -> list[Access]:
        """Return the accesses that no event tells of."""
        if not self._doing:
            return []
        kind, *things = self._doing
        if kind == "main return":
            return [(STDOUT, _WRITE)]
        if kind == "print":
            return []  # `printed` tells of it
        if kind in ("send", "recv", "select"):
            if step.label.case == -2 and not step.label.partner:
                channels = [ch for case in things if (ch := _channel(case)) is not None]
                return [(self.key(ch), ("look",)) for ch in channels]
            if not any(a[0] != STDOUT for a in self._touched):
                case = things[max(0, self._case)] if kind == "select" else things[0]
                ch = case if kind == "send" else _channel(case)
                if ch is not None and ch.closed:
                    return [(self.key(ch), ("refused", 0, ch.cap_))]
            return []
        key = self.key(things[0])
        if kind == "close":
            closed = any(mode[0] == "close" for _, mode in self._touched)
            return [] if closed else [(key, ("reclose",))]
        if kind == "waitgroup add":
            counter = things[0].counter
            if counter > self._before_counter:
                return [(key, ("add",))]
            return [(key, ("done" if counter > 0 else "last" if counter == 0 else "under",))]
        if kind in _TRIES:
            holders = [self.names.get(hold.g) for hold in things[0].holders()]
            return [(key, ("try+",) if step.label.who in holders else ("try-",))]
        mode = _MODES.get(kind, _WRITE)
        return [(self.key(thing), mode) for thing in things]


def _channel(case: Any) -> Chan[Any] | None:
    """The channel of a case; None for ``default`` and for nil."""
    ch = case[0] if type(case) is tuple else case
    return ch if isinstance(ch, Chan) and not ch.is_nil else None


def _cases(pending: tuple[Any, ...]) -> list[Any]:
    kind, *things = pending
    return [(things[0], None)] if kind == "send" else things


def _ready(case: Any) -> bool:
    """Whether a case could be done at once."""
    ch = _channel(case)
    if ch is None:
        return False
    return ch.can_send() if type(case) is tuple else ch.can_recv()


def _parked(ch: Chan[Any], sends: bool) -> list[tuple[G, int]]:
    """The goroutines that wait in a channel's queue, and with which of their cases."""
    found: list[tuple[G, int]] = []
    for waiter in (ch.recvq if sends else ch.sendq) or ():
        if type(waiter) is G:
            found.append((waiter, -1))
        elif isinstance(waiter, Select) and waiter.fired < 0:
            for i, case in enumerate(waiter.cases):
                if _channel(case) is ch and (type(case) is tuple) != sends:
                    found.append((waiter.g, i))
                    break
    return found


def _blocks(kind: str, things: Sequence[Any]) -> bool:
    """Whether an operation would have to wait now."""
    if kind == "waitgroup wait":
        return bool(things[0].counter > 0)
    if kind == "rwmutex rlock":
        return bool(things[0].writer)
    ask = getattr(things[0], "__gosim_blocks__", None) if things else None
    return ask is not None and ask(kind) is not None


def _told(pending: tuple[Any, ...] | None) -> str:
    return "goes on" if pending is None else str(pending[0])
