"""One run under control: what can be done next, and what was touched by what was done.

The world asks its policy who goes on; here the answer is one of the *labels* that are enabled, so
that a strategy decides about whole steps. A goroutine stops before each operation, and an operation
that would have to wait is not enabled: nobody can tell whether a goroutine has come to the channel
already or not, so nothing is lost, and a lock, say, is one step. An unbuffered send and its receive
are one step of both. Goroutines that nobody can help are let into their queues at the end, where
the judge finds them.

Where an operation has to wait for real (a condition variable, a semaphore, a writer that keeps new
readers out), its goroutine does so as part of the step, and going on is a step of its own. What
timers do is in `gosim.explore.timers`, loops that come back to where they were in
`gosim.explore.livelock`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from typing import Any, Final, Literal

from gosim.explore.dependence import Access, Mode, ordered
from gosim.explore.livelock import Progress
from gosim.explore.step import STDOUT, Label, Operation, Side, Step
from gosim.explore.strategy import Strategy
from gosim.explore.timers import Timers
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
    "rwmutex lock": ("wlock",),
    "rwmutex unlock": ("wunlock",),
    "waitgroup wait": ("wait",),
    "atomic load": _READ,
    "map load": _READ,
    "read": _READ,
    "context cancel": ("cancel",),
}
_POPULATION: Final[Access] = ("goroutines", ("population",))
_TRIES: Final = frozenset(("mutex trylock", "rwmutex trylock", "rwmutex tryrlock"))
_CHANNEL: Final = frozenset(("send", "recv", "select"))


class Control(Policy, Observer):
    """A policy that takes the steps that a strategy wants, and writes them down.

    Parameters
    ----------
    strategy : Strategy
    timers : {"any", "late"}
        Whether timers fire at any moment, or only when nothing else can happen.
    early_ticks : int
        How often a ticker may tick although something else could happen.
    output : {"ordered", "unordered"}
        Whether the order of what is printed counts.
    told : bool
        Note for people what each step does and where.

    Attributes
    ----------
    steps : list of Step
        What was done, in order.
    left : list of Operation
        What was announced and not come to.
    names : dict of G to str
    ticks_cut : bool
        A ticker would have gone on.
    stopped : str
        Why the run was ended here although something could have gone on: ``livelock``, ``endless``
        (who goes round waits for a timer each time), ``ticks``; empty if it was not.
    made_in : dict of str to int
        The steps in which objects were made.
    progress : Progress
        Its `findings` are the livelocks and the goroutines that starve.
    """

    name = "explore"
    every_step = True
    lives_on = True
    keeps_time = True

    def __init__(
        self,
        strategy: Strategy,
        timers: str = "any",
        early_ticks: int = 8,
        *,
        output: Literal["ordered", "unordered"] = "ordered",
        told: bool = True,
    ) -> None:
        self.strategy = strategy
        self.told = told
        self.steps: list[Step] = []
        self.names: dict[G, str] = {}
        self.stopped = ""
        self.keeps_time = timers != "late"
        self.timers = Timers(self, early_ticks)
        self.progress = Progress(self)
        self.operations: dict[str, Operation] = {}
        self.last: dict[str, int] = {}
        self._print: Mode = _WRITE if output == "ordered" else ("print",)
        self._world: Any = None
        self._children: dict[str, int] = {}
        self._made: dict[str, int] = {}
        self._keys: dict[int, str] = {}
        self.things: dict[str, Any] = {}  # objects by key; kept, they keep their ids
        self.made_in: dict[str, int] = {}
        self._plain: dict[str, Label] = {}
        self._history: dict[str, list[tuple[int, Mode, int]]] = {}
        self._counts: dict[str, list[int]] = {}
        self._gone: list[Operation] = []
        self._forced: deque[G] = deque()
        self._silent = False
        self._step: Step | None = None
        self._touched: list[Access] = []
        self._woken: list[str] = []
        self._partners: list[G] = []
        self._prints: dict[str, list[tuple[Any, str]]] = {}
        self._born: list[str] = []
        self._case = -1
        self.doing: tuple[Any, ...] = ()
        self._last: G | None = None
        self._before: Any = 0
        self._died = False
        self._ended: str | None = None

    # ---- names ----

    def begin(self, world: Any) -> None:
        """Remember the world."""
        self._world = world
        self.timers.begin(world)
        self.strategy.begin(self)

    def made(self, thing: Any) -> None:
        """Name an object by who made it: the same in every schedule."""
        g = self._world.g if self._world is not None else None
        maker = self.names.get(g, "init") if g is not None else "init"
        n = self._made[maker] = self._made.get(maker, 0) + 1
        self._name(thing, f"{maker}#{n}")

    def _name(self, thing: Any, key: str) -> None:
        self._keys[id(thing)] = key
        self.things[key] = thing
        self.made_in[key] = len(self.steps)

    def key(self, thing: Any) -> str:
        """Return the name of an object."""
        if type(thing) is Location:
            name = f"{self._keys.get(id(thing.of)) or thing.kind}.{thing.part}"
            self.things.setdefault(name, thing)
            return name
        key = self._keys.get(id(thing))
        if key is None:
            if type(thing).__name__ in ("FieldPointer", "ElementPointer"):
                self._name_pointer(thing)
            else:
                self.made(thing)
            key = self._keys[id(thing)]
        return key

    def _name_pointer(self, p: Any) -> None:
        """Name a pointer to a field or an element: each ``&x.f`` is another object."""
        if hasattr(p, "of"):
            self._name(p, f"{self.key(p.of)}.{p.name}")
        else:
            self._name(p, f"{self.key(p.a)}.{p.i}")

    @property
    def ticks_cut(self) -> bool:
        """Whether a ticker would have gone on."""
        return self.timers.cut

    @property
    def left(self) -> list[Operation]:
        """What was announced and not come to."""
        return [*self.operations.values(), *self._gone]

    def plain(self, name: str) -> Label:
        """Return the label of a step that only one goroutine could mean."""
        label = self._plain.get(name)
        if label is None:
            label = self._plain[name] = Label(name)
        return label

    # ---- what is seen ----

    def goroutine_created(self, g: G, by: G | None) -> None:
        """Name it."""
        if by is None:
            maker = self.timers.firing or "runtime" if self.names else ""
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
        self._touched.append(_POPULATION)

    def goroutine_readied(self, g: G, by: G | None) -> None:
        """Its next step happens after this one."""
        name = self.names.get(g, "")
        self._woken.append(name)
        step = self._step
        if step is not None and step.label.partner and not step.label.timer and name in step.who:
            self._partners.append(g)  # it goes on in the same step

    def goroutine_parked(self, g: G, reason: str, on: Any) -> None:
        """A sleep begins."""
        if reason == "sleep" and self.keeps_time:
            self.timers.sleeps(g, on)

    def goroutine_ended(self, g: G, how: str) -> None:
        """The end of the process is seen by all who print."""
        if how == "panic":
            self._died = True
        self._touched.append(_POPULATION)

    def prints(self, stream: Any, text: str) -> bool:
        """Put off what a goroutine prints: it is a step of its own, before its next operation."""
        world = self._world
        g = world.g
        if g is None or (self.doing and self.doing[0] == "print"):
            return False
        waiting = self._prints.setdefault(self.names[g], [])
        if waiting and waiting[-1][0] is stream and not waiting[-1][1].endswith("\n"):
            text = waiting.pop()[1] + text
        waiting.append((stream, text))
        self.strategy.puts_off(g, len(waiting))
        return True

    def prints_first(self, who: str) -> bool:
        """Whether a goroutine has printed something that is still to come."""
        return who in self._prints

    def to_print(self, who: str) -> str:
        """Return what a goroutine prints next; empty if it has nothing to print."""
        waiting = self._prints.get(who)
        return waiting[0][1] if waiting else ""

    def printed(self, text: str) -> None:
        """Output has an order."""
        self._touched.append((STDOUT, self._print))

    def touched(self, what: str) -> None:
        """Hear of an access that has no other event."""
        self._touched.append((what, self._print if what == STDOUT else _WRITE))

    def looked(self, thing: Any) -> None:
        """Note that something was looked at in the middle of a step."""
        if thing is None:
            self.progress.clock_read = True
        elif isinstance(thing, str):
            self._touched.append((thing, ("count",)))
        elif not getattr(thing, "is_nil", False):
            self._touched.append((self.key(thing), ("peek",)))

    def timer_fired(self, timer: Any) -> None:
        """Remember whose work is done now."""
        self.timers.fired(timer)

    def lock_changed(self, lock: Any) -> None:
        """A Once is unlocked by the function's end, which is no operation."""
        if type(lock).__name__ == "Once" and not lock.m.locked:
            self._touched.append((self.key(lock), ("unlock",)))

    def channel_sent(self, ch: Any, value: Any, to: G | None) -> None:
        """Note a send; into a queue, its number."""
        if ch.timer is not None and self.timers.meets(ch):
            return
        if ch.cap_ == 0:
            self._touched.append((self.key(ch), ("meet",)))
        else:
            self._numbered(ch, 0)
            if to is not None:
                self._numbered(ch, 1)

    def channel_received(self, ch: Any, value: Any, sender: G | None, ok: bool) -> None:
        """Note a receive; from a queue, its number."""
        if not ok:
            self._touched.append((self.key(ch), ("zero",)))
        elif ch.cap_ == 0 or (ch.timer is not None and self.timers.meets(ch)):
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
        if kind == "select" and self._case >= 0 and self.doing:
            ready = [i for i, case in enumerate(self.doing[1:]) if _ready(case)]
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
            more = self._goes_on()
            if more is not None:
                return self._about_to(more)
            self._finish()
        self._world.polls = 0
        names = self.names
        while True:
            for g in runnable:
                who = names[g]
                if who not in self.operations and who not in self._prints:
                    self._announced(g, who)
            table = self._enabled(runnable)
            self.timers.add_labels(table)
            enabled = list(table)
            if self.progress.withheld:
                enabled = self.progress.allowed(enabled)
            if not enabled:
                return self._nothing(runnable)
            label = self.strategy.choose(enabled)
            if label is None:
                return STOP
            goes = self._start(label, table[label])
            if goes is not None:
                return goes
            if label.timer:
                self.timers.fire(label)
            else:
                stream, text = self._prints[label.who].pop(0)
                if not self._prints[label.who]:
                    del self._prints[label.who]
                stream.put(text)
            self._finish()
            runnable = self.gathered()

    def _nothing(self, runnable: Iterable[G]) -> Any:
        """Nobody can help anybody: let them be seen where they wait."""
        withheld = self.progress.withheld
        for g in runnable:
            if self.names[g] not in withheld:
                self._silent = True
                return self._about_to(g)
        self.timers.settle()
        if self._world.ended is not None:
            return None
        if withheld:
            self.stopped = self.progress.stuck()
        elif self.timers.held_back:
            self.stopped = "ticks"
        return STOP if self.stopped else None

    def gathered(self) -> Sequence[G]:
        """Return who can run, after a timer has fired, as the world's loop would put them."""
        world = self._world
        if world.runnext is not None:
            world.runq.append(world.runnext)
            world.runnext = None
        while world.globq:
            world.runq.append(world.globq.popleft())
        return world.runq  # type: ignore[no-any-return]

    def end(self, run: Any) -> None:
        """The last step is over, too."""
        if self._step is not None and not self._silent:
            self._finish()

    def _about_to(self, g: G) -> G:
        self.timers.leaves(g)
        g.pending = None
        return g

    def _goes_on(self) -> G | None:
        """Return who did the first part of what is one step.

        The lock in a Once, Wait's unlock, and the one of two that met that came first.
        """
        if self._partners:
            return self._partners.pop()
        g = self._last
        if g is None or g.pending is None or not self.doing:
            return None
        kind, thing = self.doing[0], self.doing[1] if len(self.doing) > 1 else None
        what = g.pending
        if kind == "once do" and what[0] == "once lock" and what[1] is thing:
            return g
        if kind == "cond wait" and what[0].endswith("unlock"):
            if what[1] is getattr(thing, "L", None):
                self._touched.append((self.key(what[1]), _MODES[what[0]]))
                return g
        return None

    # ---- what is enabled ----

    def _announced(self, g: G, who: str) -> None:
        """Write down what a goroutine has come to."""
        pending = g.pending
        if pending is None:
            if g is self._last or who in self._woken:
                self.progress.came(g, who)
            return
        kind = pending[0]
        operation = Operation(who, arrival=self.last.get(who, 0), came=len(self.steps))
        if kind in _CHANNEL:
            cases = _cases(pending)
            operation.default = kind == "select" and default in cases
            operation.sides = tuple(
                Side(
                    i if kind == "select" else -1,
                    type(case) is tuple,
                    self.key(ch),
                    0 if ch.timer is not None and self.timers.meets(ch) else ch.cap_,
                )
                for i, case in enumerate(cases)
                if (ch := _channel(case)) is not None
            )
            if self.timers.announced(g, who, cases):
                operation.default = False  # the deadline of one of its cases has passed
        elif kind in _MODES and kind != "context cancel":
            operation.wanted = ((self.key(pending[1]), _MODES[kind]),)
        elif kind == "once do":
            operation.wanted = ((self.key(pending[1]), ("lock",)),)
        self.operations[who] = operation
        self.progress.came(g, who)

    def _enabled(self, runnable: Iterable[G]) -> dict[Label, list[G]]:
        """Return what can be done, and who has to go on for it."""
        table: dict[Label, list[G]] = {}
        senders: list[tuple[G, int, Any]] = []
        receivers: list[tuple[G, int, Any]] = []
        busy: set[G] = set()  # those that would not wait
        defaults: dict[Label, list[G]] = {}  # behind what meets somebody
        for name in self._prints:
            table[self.plain(name)] = []
        for g in runnable:
            name = self.names[g]
            if name in self._prints:
                continue
            pending = g.pending
            if pending is None:
                table[self.plain(name)] = [g]
                continue
            kind = pending[0]
            if kind in _CHANNEL:
                cases = _cases(pending)
                selects = kind == "select"
                if self._channel_labels(g, name, selects, cases, table, senders, receivers):
                    busy.add(g)
                elif selects and default in cases:
                    busy.add(g)
                    defaults[Label(name, -2)] = [g]
            elif kind == "cond signal" and len(waiters := pending[1].notify.queue or ()) > 1:
                table[self.plain(name)] = [g]  # the one that has waited longest
                for i in range(1, len(waiters)):
                    table[Label(name, i)] = [g]
            elif not _blocks(kind, pending):
                table[self.plain(name)] = [g]
        if senders and receivers:
            for s, i, ch in senders:
                for r, j, other in receivers:
                    if ch is other and s is not r and not (s in busy and r in busy):
                        label = Label(self.names[s], i, self.names[r], j)
                        if label not in table:
                            # Who would not wait finds the other in the queue already.
                            first = r in busy or self.timers.due(r, s)
                            table[label] = [s, r] if first else [r, s]
        if defaults:
            table.update(defaults)
        return table

    def _channel_labels(
        self,
        g: G,
        name: str,
        selects: bool,
        cases: Sequence[Any],
        table: dict[Label, list[G]],
        senders: list[tuple[G, int, Any]],
        receivers: list[tuple[G, int, Any]],
    ) -> bool:
        """Add what `g` can do on channels on its own; return whether it would not wait."""
        ready = False
        for i, case in enumerate(cases):
            ch = _channel(case)
            if ch is None:
                continue
            sends = type(case) is tuple
            if not selects:
                i = -1
            if ch.timer is not None and self.timers.meets(ch):
                ready |= self.timers.receives(g, name, i, ch)
            elif ch.cap_ == 0 and not ch.closed:
                (senders if sends else receivers).append((g, i, ch))
                for other, j in _parked(ch, sends):
                    ready = True
                    if sends:
                        label = Label(name, i, self.names[other], j)
                    else:
                        label = Label(self.names[other], j, name, i)
                    if label not in table:
                        table[label] = [g]
            elif _ready(case):
                ready = True
                label = Label(name, i)
                if label not in table:
                    table[label] = [g]
        return ready

    # ---- a step ----

    def _start(self, label: Label, goes: list[G]) -> G | None:
        who = label.goroutines
        index = len(self.steps)
        self._step = step = Step(label, who)
        self._touched, self._woken, self._born, self._partners = [], [], [], []
        self.doing = ()
        self._case = -1
        self._last = None
        progress = self.progress
        progress.clock_read = False
        for name in who:
            operation = self.operations.pop(name, None)
            if operation is not None:
                operation.taken = index
                step.operations.append(operation)
            if name in progress.withheld:
                progress.forget(name)
        if not goes:
            step.text = "timer" if label.timer else "print"
            self.timers.starts(step)
            return None
        kind = None if goes[-1].pending is None else goes[-1].pending[0]
        if kind == "look":
            # Goroutines that stand before something they have to wait for are seen waiting.
            # Those whom a timer will help stay: its step finds them where they are.
            free = {g for each in self._enabled(self._world.runq).values() for g in each}
            free.update(self.timers.waited_for())
            goes = [*(g for g in self._world.runq if g not in free), *goes]
        last = self._last = goes[-1]
        pending = last.pending
        if self.told or progress.suspects(who):
            step.text = "goes on" if pending is None else str(pending[0])
            step.place = user_place(frames(last))  # type: ignore[assignment]
        if pending is not None:
            self.doing = pending
            kind = pending[0]
            if kind == "select":
                mine = label.who == self.names[last]
                self._case = label.case if mine else label.partner_case
            elif kind == "waitgroup add":
                self._before = pending[1].counter
            elif kind == "once do":
                self._before = pending[1].done
            elif kind == "cond signal" and len(pending[1].notify.queue or ()) > 1:
                n = _bring_first(pending[1].notify, max(0, label.case))
                labels = [self.plain(label.who), *(Label(label.who, i) for i in range(1, n))]
                step.operations[0].others = tuple(each for each in labels if each != label)
            if label.partner and len(goes) == 1 and not label.timer:
                self._bring_forward(label, last)
        self.timers.starts(step)
        if len(goes) > 1:
            self._forced.extend(goes[1:])
        return self._about_to(goes[0])

    def _bring_forward(self, label: Label, g: G) -> None:
        """Put the partner that waits already at the head of its queue."""
        sends = self.names[g] == label.who
        partner = label.partner if sends else label.who
        for case in _cases(self.doing):
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
        accesses = self._accesses_of_operation(step)
        if self._touched:
            accesses += self._touched
        accesses += self.timers.changed(step)
        if self._world.__dict__.get("looks"):
            accesses.append(_POPULATION)  # somebody looks at where goroutines are
        if len(accesses) > 1:
            accesses = list(dict.fromkeys(accesses))
        step.accesses = tuple(accesses)
        mask = step.before
        last = self.last
        for name in step.who:
            mask |= last.get(name, 0)
        for operation in step.operations:
            mask |= operation.arrival
        steps = self.steps
        index = len(steps)
        bit = 1 << index
        for key, mode in accesses:
            history = self._history.get(key)
            if history is None:
                self._history[key] = [(index, mode, bit)]
                continue
            for i, earlier, so_far in reversed(history):
                if not so_far & ~mask:
                    break  # it comes after all the others already
                if i != index and not mask >> i & 1 and ordered(earlier, mode):
                    mask |= steps[i].before
            history.append((index, mode, history[-1][2] | bit))
        step.before = mask = mask | bit
        if self._born:
            step.born = tuple(self._born)
        if self._woken:
            wakes = dict.fromkeys(name for name in self._woken if name not in step.who)
            step.wakes = tuple(wakes)
        for name in (*step.who, *step.wakes, *self._born):
            last[name] = last.get(name, 0) | mask
        steps.append(step)
        self.timers.finished(step)
        self.progress.took(step)
        self.strategy.took(step)

    def expected(self, label: Label) -> list[Access]:
        """Return what a step will touch, as far as that is known before."""
        found: list[Access] = []
        for operation in self._step.operations if self._step is not None else ():
            for key, mode in operation.wanted:
                found.append((key, mode))
            case = label.case if operation.who == label.who else label.partner_case
            for side in operation.sides:
                if side.case == case and side.cap:
                    counts = self._counts.get(side.channel, (0, 0))
                    kind = "send" if side.sends else "recv"
                    mode = (kind, counts[not side.sends], side.cap)
                    if not side.sends and counts[1] >= counts[0]:
                        mode = ("zero",)
                    found.append((side.channel, mode))
        return found

    def before(self, accesses: Iterable[Access]) -> list[int]:
        """Return the last steps on which such accesses would depend."""
        found: list[int] = []
        mask = 0
        for key, mode in accesses:
            for i, earlier, so_far in reversed(self._history.get(key, ())):
                if not so_far & ~mask:
                    break
                if not mask >> i & 1 and ordered(earlier, mode):
                    mask |= self.steps[i].before
                    found.append(i)
        return found

    def announced_by(self, who: str) -> Operation:
        """Return what a goroutine has announced; for one that just goes on, a stand-in."""
        operation = self.operations.get(who)
        if operation is None:
            operation = self.operations[who] = Operation(who, arrival=self.last.get(who, 0))
        return operation

    def goroutines(self) -> list[G]:
        """Return those that are alive."""
        return [g for g in self.names if g in self._world.allgs]

    def can_go_on(self, who: str) -> bool:
        """Whether a goroutine has a step of its own now."""
        return any(who in label.goroutines for label in self._enabled(self._world.runq))

    def stopped_timer(self, operation: Operation) -> None:
        """Keep the operation of a timer that was stopped: it could have come before."""
        self.operations.pop(operation.who, None)
        self._gone.append(operation)

    def _accesses_of_operation(self, step: Step) -> list[Access]:
        """Return the accesses that no event tells of."""
        if not self.doing:
            return []
        kind, *things = self.doing
        if kind == "main return" and step.label.who != "main":
            return []
        if kind in ("main return", "death", "print"):
            return [(STDOUT, _WRITE)] if kind != "print" else []
        if kind == "count":
            return [("goroutines", ("count",))]
        if kind == "look":
            return [("goroutines", _WRITE)]
        if kind in _CHANNEL:
            if step.label.case == -2 and not step.label.partner:
                channels = [ch for case in things if (ch := _channel(case)) is not None]
                return [(self.key(ch), ("look",)) for ch in channels]
            if not any(a[0] != STDOUT and a[1] != ("peek",) for a in self._touched):
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
            if counter > self._before:
                return [(key, ("add", counter - self._before))]
            if counter == 0:
                step.emptied = key
            return [(key, ("done" if counter >= 0 else "under", self._before - counter))]
        if kind == "once do":
            return [(key, ("seen",) if self._before else ("lock",))]
        if kind in _TRIES:
            holders = [self.names.get(hold.g) for hold in things[0].holders()]
            return [(key, ("try+",) if step.label.who in holders else ("try-",))]
        mode = _MODES.get(kind, _WRITE)
        return [(self.key(thing), mode) for thing in things if not getattr(thing, "is_nil", False)]


def _channel(case: Any) -> Chan[Any] | None:
    """The channel of a case; None for ``default`` and for nil."""
    ch = case[0] if type(case) is tuple else case
    return ch if isinstance(ch, Chan) and not ch.is_nil else None


def _cases(pending: tuple[Any, ...]) -> Sequence[Any]:
    if pending[0] == "send":
        return ((pending[1], None),)
    return pending[1:]


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


def _blocks(kind: str, pending: tuple[Any, ...]) -> bool:
    """Whether an operation would have to wait now."""
    if kind == "waitgroup wait":
        return bool(pending[1].counter > 0)
    if kind == "rwmutex rlock":
        return bool(pending[1].writer)
    if kind == "rwmutex lock":
        writers = pending[1].w  # readers inside do not keep it from shutting the door
        return bool(writers.locked or writers.starving)
    if kind == "once do":
        return bool(pending[1].m.locked and not pending[1].done)
    if len(pending) == 1:
        return False
    ask = getattr(pending[1], "__gosim_blocks__", None)
    return ask is not None and ask(kind) is not None


def _bring_first(notify: Any, i: int) -> int:
    """Let the i-th of those that wait for a condition be the next one that a signal wakes."""
    tickets = sorted(ticket for ticket, _ in notify.queue)
    waiters = [g for _, g in sorted(notify.queue, key=lambda entry: entry[0])]
    waiters.insert(0, waiters.pop(i))
    notify.queue.clear()
    notify.queue.extend(zip(tickets, waiters, strict=True))
    return len(tickets)
