"""The scheduler and its world (Go: ``proc.go``).

A :class:`World` is one process: goroutines, run queues, clock, output.  Its loop lets one goroutine
after the other run until it parks; when none is runnable, the clock jumps to the next timer.

The default loop reproduces a real process with GOMAXPROCS=1 step by step:

- ``runnext`` holds the goroutine readied last; it runs next and pushes its predecessor to the tail
  of the local queue.
- The local queue holds 256; when it is full, half of it and the newcomer move to the global queue.
- Every 61st pick looks at the global queue first; an empty local queue takes a batch from it.
- ``Gosched`` puts the caller at the tail of the global queue.

Invariants
----------
- ``allgs`` holds exactly the goroutines that are not dead.  (A blocked goroutine must be held
  here: its channel may be garbage, and with it the goroutine.)
- ``g`` is the running goroutine while one runs and None otherwise: an operation that finds None
  belongs to a world that is over, or to another one than the one that runs.
- The clock never moves while a goroutine runs, except in ``work``.
"""

from __future__ import annotations

import random
import sys
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Generator, Iterator, Sequence
from heapq import heappop, heappush
from itertools import repeat, starmap
from opcode import opmap
from operator import length_hint
from types import CoroutineType, GeneratorType
from typing import TYPE_CHECKING, Any, ClassVar, Final, NoReturn

import simpy

from gosim.memory.errors import FatalError, GoPanic, Misuse, Throw
from gosim.runtime import current
from gosim.runtime import time as rtime
from gosim.runtime.chan import Chan, NilChan
from gosim.runtime.current import activate, current_world
from gosim.runtime.errors import GosimError, Limit, UsageError, WallClock
from gosim.runtime.forms import MEMORY, OBSERVED, Op, in_form, operation, three_forms
from gosim.runtime.g import CHOICE, HALT, PARK, SAFE, G, _Token
from gosim.runtime.panic import GoExit, Panic, ProcessExit, as_panic, caller_line
from gosim.runtime.policy import STOP, Policy
from gosim.runtime.select import Selector
from gosim.runtime.time import Wakeup
from gosim.runtime.version import Version, resolve

if TYPE_CHECKING:
    from gosim.memory.heap import Heap
    from gosim.runtime.mgc import Memory
    from gosim.runtime.observer import Observer

_RUNQ_SIZE: Final = 256
_GFREE_MOST: Final = 64
_POLLS: Final = 10_000
"""Polls (clock reads, default cases, Gosched, atomic loads) before a still clock is pushed on."""
__all__ = [
    "EPOCH_NS",
    "World",
    "activate",
    "current_world",
    "event",
    "exit",
    "go",
    "goexit",
    "gosched",
    "work",
]

_SLICE: Final = 10_000_000
"""ns of CPU time before a computing goroutine is preempted."""
_FIRST_SCHEDTICK: Final = 4
"""Picks the runtime has made before main.main begins; decides when the global queue is polled."""
_CHUNK: Final = _POLLS
"""Picks between two looks at the budgets."""
EPOCH_NS: Final = 946_684_800_000_000_000
"""2000-01-01T00:00:00Z in Unix ns: where every clock starts."""

_CO_COROUTINE: Final = 0x80 | 0x100  # of async def, and of types.coroutine

WORK: Final = _Token("WORK")
RETURN: Final = ("main return",)
"""What main announces under an exploring policy when it has returned."""

DEATH: Final = _Token("DEATH")
"""Stands in ``elem`` of a goroutine that is about to end the process."""

_new_g = G.__new__
_new_wakeup = Wakeup.__new__


@three_forms
class World:
    """One simulated process.

    Parameters
    ----------
    version : Version
        The Go features in force.
    seed : int
        Seeds every random choice of the default scheduler.
    policy : Policy, optional
        Another scheduler than Go's own.
    procs : int
        Processors for ``work``; more than one needs a policy (``Fifo`` if none is given).
    observers : sequence of Observer
        Hear what happens; the full form of all operations is used.
    env : simpy.Environment, optional
        A calendar shared with a simpy model.
    max_goroutines, max_steps : int
        Budgets: goroutines alive, and picks of the scheduler.
    tracked : bool
        Notice operations that nobody awaits.
    counted : bool
        Simulate memory from the start; otherwise from the first time that it is asked for.
    gogc, memlimit : str, optional
        The environment variables ``GOGC`` and ``GOMEMLIMIT`` of the process.

    Attributes
    ----------
    memory : Memory or None
        Heap, stacks and collector, once they are simulated.
    """

    # Slots, because Python's short cut for attributes ends at thirty of them.  The dictionary is
    # for packages on higher floors that keep something for the length of a run.
    __slots__ = (
        "__dict__",
        "__weakref__",
        "Chan",
        "NilChan",
        "_wakeup",
        "allgs",
        "announced",
        "args",
        "busy",
        "counted_out",
        "complaints",
        "daemons",
        "end_of",
        "ended",
        "ending",
        "env",
        "environ",
        "err",
        "exit_code",
        "fatal_text",
        "free_slots",
        "full",
        "g",
        "gc_hooks",
        "globals",
        "globq",
        "horizon",
        "main",
        "max_goroutines",
        "max_steps",
        "memory",
        "memory_settings",
        "more_free_slots",
        "mute",
        "next_goid",
        "observers",
        "out",
        "over",
        "own_calendar",
        "panic",
        "panicked",
        "policy",
        "polls",
        "polls_at",
        "procs",
        "runnext",
        "runq",
        "schedtick",
        "seed",
        "select",
        "spare_wakeup",
        "spinning",
        "started_at",
        "steps",
        "streams",
        "tombstones",
        "version",
    )

    Fast: ClassVar[type[World]]
    Counted: ClassVar[type[World]]

    def __new__(
        cls,
        *_: Any,
        policy: Any = None,
        observers: Any = (),
        counted: bool = False,
        **__: Any,
    ) -> World:
        """Make the form of the world that is asked for: observed, counted, or fast."""
        if observers or policy is not None:
            return object.__new__(cls)
        return object.__new__(World.Counted if counted else World.Fast)

    def __init__(
        self,
        version: Version | None = None,
        *,
        seed: int = 0,
        policy: Policy | None = None,
        procs: int = 1,
        observers: Sequence[Observer] = (),
        env: simpy.Environment | None = None,
        max_goroutines: int = 1_000_000,
        max_steps: int = 10_000_000,
        tracked: bool = False,
        counted: bool = False,
        gogc: str | None = None,
        memlimit: str | None = None,
    ) -> None:
        self.version = version or resolve()
        self.seed = seed
        self.procs = procs
        self.policy = policy
        self.counted_out = False  # the program looks at how many goroutines there are
        self.observers = tuple(observers)
        full = bool(observers) or policy is not None
        self.full = full
        self.select = Selector.select if full else Selector.Fast.select
        self.complaints: list[UsageError] | None = [] if tracked else None
        self.Chan: type[Chan[Any]] = in_form(Chan, self)
        self.NilChan: type[NilChan[Any]] = in_form(NilChan, self)

        self.env = env if env is not None else simpy.Environment(initial_time=EPOCH_NS)
        self.own_calendar = type(self.env) is simpy.Environment
        self.started_at = int(self.env.now)
        self.horizon: int = rtime.MAX_WHEN
        self.tombstones = 0
        self._wakeup = (self._wake,)
        self.spare_wakeup: Wakeup | None = None  # one that is in the calendar no more

        self.g: Any = None  # the running G
        self.runnext: G | None = None
        self.runq: deque[G] = deque()
        self.globq: deque[G] = deque()
        # The runtime's own start-up has made picks before main.main; measured with real Go.
        self.schedtick = _FIRST_SCHEDTICK
        if policy is None:
            # Goroutines of the runtime's own that are runnable when main starts: nobody sees them,
            # but they take places in the queue and picks, which decides who runs when it is long.
            self.runq.extend(G(0, _system()) for _ in range(self.version.system_goroutines))
        self.busy = 0  # processors that compute (only with procs > 1)
        self.allgs: set[G] = set()
        self.free_slots: list[int] = []  # of the dead, the last one to be used first
        self.more_free_slots: list[int] = []
        self.daemons: set[G] = set()
        self.next_goid = self.version.first_goroutine_id
        self.main: G | None = None

        self.steps = 0
        self.max_steps = max_steps
        self.max_goroutines = max_goroutines
        self.announced = False
        self.polls = 0
        self.polls_at = self.started_at
        self.spinning: tuple[str, int] | None = None
        self.ending = False  # a budget was used up inside an operation
        self.streams: dict[str, Callable[[], float]] = {}

        self.over = False
        # How the process ended although its goroutines go on (`Policy.lives_on`).
        self.ended: str | None = None
        self.end_of: tuple[Any, ...] = ()
        self.mute = False  # main has returned: what the after-life prints is not the process's
        self.globals: list[dict[str, Any]] = []
        self.args: list[str] = []
        self.environ: dict[str, str] = {}
        self.gc_hooks: list[Callable[[], None]] = []
        self.fatal_text: str | None = None
        self.panic: Panic | None = None
        self.panicked: G | None = None
        self.exit_code: int | None = None
        self.out: list[str] = []
        self.err: list[str] = []

        self.memory: Memory | None = None
        self.memory_settings = gogc, memlimit
        if counted or gogc is not None or memlimit is not None:
            self.memory_of()

    # -- memory ----------------------------------------------------------------------------------

    def memory_of(self) -> Memory:
        """Return heap, stacks and collector; from now on they are simulated."""
        memory = self.memory
        if memory is None:
            from gosim.runtime.mgc import Memory

            memory = self.memory = Memory(self, *self.memory_settings)
            if type(self) is World.Fast:
                self.__class__ = World.Counted
        return memory

    @property
    def heap(self) -> Heap:
        """The heap; from now on it is simulated."""
        return self.memory_of().heap

    # -- clock -----------------------------------------------------------------------------------

    @property
    def now(self) -> int:
        """Virtual time in Unix ns."""
        return self.env._now  # type: ignore[return-value]

    def schedule(self, entry: Any, when: int) -> None:
        """Put an entry into the calendar."""
        self.env.schedule(entry, delay=max(0, when - self.env._now))

    def tombstone(self) -> None:
        """A stopped timer left its entry behind; sweep when they outnumber the living."""
        self.tombstones += 1
        queue = self.env._queue
        if self.tombstones > 64 and self.tombstones * 2 > len(queue):
            rtime.sweep(queue)
            self.tombstones = 0

    def next_event(self) -> int | None:
        """Return the instant of the next event of the calendar, None when nothing is pending."""
        queue = self.env._queue
        while queue and rtime.is_tombstone(queue[0][3]):
            heappop(queue)
            self.tombstones -= 1
        return queue[0][0] if queue else None  # type: ignore[return-value]

    def advance(self) -> bool:
        """Move the clock to the next instant and fire everything due then; False if nothing is."""
        queue = self.env._queue
        if not queue:
            return False
        first: Any = queue[0]
        instant = first[0]
        if type(first[3]) is rtime.Entry:  # it may be a tombstone
            instant = self.next_event()
            if instant is None:
                return False
        if instant > self.horizon:
            raise Limit("until")
        if MEMORY and self.memory is not None and self.g is None and self.memory.advance(instant):
            return True  # a collection has woken somebody
        rtime.fire_due(self, instant)
        return True

    def _wake(self, wakeup: rtime.Wakeup) -> None:
        if OBSERVED and self.observers:
            self.emit("timer_fired", wakeup)
        self.ready(wakeup.g)

    @operation
    def sleep(self, ns: int) -> Op:
        """Let the running goroutine sleep."""
        if ns > 0:
            g = self.g
            if g is None:
                self.misused("time.sleep", "wait")
            g.wait_reason = "sleep"
            g.waiting = None
            env = self.env
            when = env._now + ns
            if when > rtime.MAX_WHEN:
                when = rtime.MAX_WHEN
            # Mostly that of the goroutine that was woken last: the one that runs.
            wakeup = self.spare_wakeup
            if wakeup is None:
                wakeup = _new_wakeup(Wakeup)
                wakeup.callbacks = self._wakeup
            else:
                self.spare_wakeup = None
            wakeup.g = g
            entry: Any = (when, 1, next(env._eid), wakeup)  # what env.schedule would push
            heappush(env._queue, entry)
            if OBSERVED and self.observers:
                self.emit("goroutine_parked", g, "sleep", when)
            yield PARK

    def timer_fired(self, timer: rtime.Timer) -> None:
        """Tell observers."""
        if self.observers:
            self.emit("timer_fired", timer)

    # -- run queues -------------------------------------------------------------------------------

    def ready(self, g: G) -> None:
        """Make `g` runnable (``goready``): it runs next."""
        previous = self.runnext
        self.runnext = g
        if previous is not None:
            self.runqput(previous)
        if OBSERVED and self.observers:
            self.emit("goroutine_readied", g, self.g)

    def runqput(self, g: G) -> None:
        """Put `g` at the tail of the local queue; when that is full, half of it moves out."""
        if len(self.runq) < _RUNQ_SIZE:
            self.runq.append(g)
            return
        runq, globq = self.runq, self.globq
        _move(_RUNQ_SIZE // 2, runq, globq)
        globq.append(g)

    def goyield_prepare(self, g: G) -> None:
        """Put the running goroutine at the tail of the local queue; its operation must park."""
        g.wait_reason = ""
        self.runqput(g)

    def gosched_prepare(self, g: G) -> None:
        """Put the running goroutine at the tail of the global queue; its operation must park."""
        g.wait_reason = ""
        self.globq.append(g)

    def runnable(self) -> list[G]:
        """Return the runnable goroutines in the order in which they would be picked, roughly."""
        first = [self.runnext] if self.runnext is not None else []
        return [*first, *self.runq, *self.globq]

    # -- choices ---------------------------------------------------------------------------------

    def choose(self, n: int, kind: str) -> int:
        """Choose one of `n` equal possibilities."""
        if self.policy is not None:
            return self.policy.choose(n, kind)
        stream = self.streams.get(kind)
        if stream is None:
            stream = self.streams[kind] = random.Random(f"{kind}/{self.seed}").random
        return int(stream() * n)

    def must_announce(self) -> bool:
        """Whether the operation about to happen is a choice point."""
        if self.announced:
            self.announced = False
            return False
        return bool(self.runq) or self.policy.every_step  # type: ignore[union-attr]

    def announce(self, kind: str, *objects: Any) -> Generator[object, None, None]:
        """Announce an operation to the policy; use with ``yield from``."""
        if self.must_announce():
            g = self.g
            assert g is not None
            g.pending = (kind, *objects)
            yield CHOICE

    def poll(self) -> bool:
        """Count a look at the world that changes nothing; True when others must get their turn.

        A loop that only looks would never end while computing costs no time.  After 10 000 looks
        with the clock still, time jumps to the next timer, or goes on for one slice of CPU time if
        none is pending, and the run notes the line.
        """
        now = self.env._now
        if now != self.polls_at:
            self.polls_at = now  # type: ignore[assignment]
            self.polls = 0
        self.polls += 1
        if self.polls < _POLLS:
            return False
        self.steps += _POLLS
        if self.spinning is None:
            self.spinning = caller_line(2)
        self._push_on()
        return True

    def _look_at_polls(self) -> None:
        """Do between picks what :meth:`poll` does, for those that only count (``Gosched``)."""
        now = self.env._now
        if now != self.polls_at:
            self.polls_at = now  # type: ignore[assignment]
            self.polls = 0
        elif self.polls >= _POLLS:
            if self.spinning is None and self.globq:
                from gosim.runtime.traceback import frames

                stack = frames(self.globq[-1])
                self.spinning = (stack[0].file, stack[0].line) if stack else None
            self._push_on()

    def _push_on(self) -> None:
        """Move the still clock to the next timer, or by a slice of CPU time if none is pending."""
        self.polls = 0
        try:
            if self.steps >= self.max_steps:
                raise Limit("steps")
            keeps_time = self.policy is not None and self.policy.keeps_time
            if self.next_event() is not None and not keeps_time:
                self.advance()
            else:
                self.pass_time(_SLICE)  # nothing is due: the looking itself takes time, as in Go
        except Limit as limit:
            if self.ending:
                raise  # it never lets go
            # Raised here, it would end this goroutine; the next pick ends the run instead.
            self.ending = True
            self.ready(G(0, _ending(limit)))

    # -- goroutines ------------------------------------------------------------------------------

    def spawn(self, coro: Coroutine[Any, Any, Any], code: Any = None, lasti: int = 0) -> G:
        """Make a goroutine of a coroutine and make it runnable (``newproc``)."""
        if len(self.allgs) >= self.max_goroutines:
            coro.close()
            raise Limit("goroutines")
        g = _new_g(G)  # its fields are filled here: __init__ would cost as much as all the rest
        g.id = self.next_goid
        self.next_goid += 1
        g.coro = coro
        g.wait_reason = ""
        g.waiting = None
        parent = self.g
        g.parent = parent.id if parent is not None else 0
        g.go_code = code
        g.go_lasti = lasti
        free = self.free_slots
        if not free:
            g.slot = self.gfget() if self.more_free_slots else len(self.allgs)
        else:
            g.slot = free.pop() if len(free) < _GFREE_MOST else self.gfget()
        self.allgs.add(g)
        if MEMORY and self.memory is not None:
            self.memory.started(coro)
        if OBSERVED:
            if self.observers:
                self.emit("goroutine_created", g, parent)
            self.ready(g)
        else:  # ready(), without the calls
            previous = self.runnext
            self.runnext = g
            if previous is not None:
                if len(self.runq) < _RUNQ_SIZE:
                    self.runq.append(previous)
                else:
                    self.runqput(previous)
        return g

    def gfget(self) -> int:
        """Return the place in ``allgs`` of the dead goroutine that Go would use again next.

        A processor keeps up to 64 of the dead; then it gives all but 31 away, the last first, and
        takes back 32 when it has none (``gfput``, ``gfget``).  Done here, for all that died since.
        """
        local: list[int] = []
        more = self.more_free_slots
        for slot in self.free_slots:
            local.append(slot)
            if len(local) == _GFREE_MOST:
                more += reversed(local[_GFREE_MOST // 2 - 1 :])
                del local[_GFREE_MOST // 2 - 1 :]
        if not local:
            local = more[: -_GFREE_MOST // 2 - 1 : -1]
            del more[-len(local) :]
        slot = local.pop()
        self.free_slots[:] = local
        return slot

    def emit(self, event: str, *args: Any) -> None:
        """Tell the observers."""
        for observer in self.observers:
            getattr(observer, event)(*args)

    def complain(self, error: UsageError) -> None:
        """Note a misuse that was seen where no exception can be raised."""
        if self.complaints is not None and not self.over:
            self.complaints.append(error)

    def nil_channel(self) -> NilChan[Any]:
        """Return a nil channel for an operation on None."""
        return self.NilChan(self, None)

    def misused(self, thing: Any, verb: str) -> NoReturn:
        """An operation found no running goroutine: its world is over, or not the one that runs."""
        if self.over and current.world is None:
            raise GeneratorExit  # abandoned code that is being closed
        made = place(thing)
        raise UsageError(
            f"cannot {verb} on {thing!r}{made}: it belongs to another run. A run starts from "
            "nothing; make channels and locks inside main, not in a variable that outlives the run",
            *caller_line(),
        )

    # -- the loop ---------------------------------------------------------------------------------

    def loop(self, steps: int) -> str:
        """Run until something ends it.

        Parameters
        ----------
        steps : int
            At most about so many picks.

        Returns
        -------
        str
            "main" (main returned), "idle" (nothing can ever run), "panic", "fatal", "exit",
            "steps" or "until".
        """
        try:
            if self.policy is not None:
                return self._loop_policy(steps)
            return self._loop_go(steps)
        except Limit as limit:
            return str(limit)
        except Throw as error:  # the runtime's own, on nobody's behalf
            self.fatal_text = error.text
            self.panic, self.panicked = as_panic(error), None
            return "fatal"

    def _loop_go(self, steps: int) -> str:
        limit = self.steps + steps
        # Whoever listens wants to hear of each timer: none is taken without a call for it.
        calendar: Any = self.env._queue if self.own_calendar and not self.observers else ()
        try:
            while (n := min(_CHUNK, limit - self.steps)) > 0:
                turns = repeat(None, n)
                nobody = G(0, _system())  # parks at once, before the first pick
                try:
                    how = self._run(nobody, PARK, turns, self.runq, self.globq, calendar)
                finally:
                    self.steps += n - length_hint(turns)
                if how is not None:
                    return how
                self._look_at_polls()
            return "steps"
        finally:
            self.g = None

    def _run(
        self,
        g: Any,
        park: object,
        turns: Iterator[None],
        runq: deque[G],
        globq: deque[G],
        calendar: Any,
    ) -> str | None:
        """Let `g` run, and pick another one as often as there are turns; return why that ended.

        Resuming comes first, and nothing before it, because a goroutine ends with an exception:
        for the traceback Python counts lines, instruction by instruction from the top of the
        function.  Where the pick came first, that took a third of the life of a short goroutine.
        """
        tick = self.schedtick
        try:
            while True:
                try:
                    token = g.coro.send(None)
                    if token is not park and self._trap(g, token):
                        return "fatal"
                except StopIteration:
                    self.allgs.discard(g)
                    self.free_slots.append(g.slot)
                    if MEMORY and self.memory is not None:
                        self.memory.ended(g)
                    if OBSERVED:
                        self.emit("goroutine_ended", g, "returned")
                    if g is self.main:
                        return "main"
                except BaseException as error:
                    how = self._died(g, error)
                    if how is not None:
                        return how
                for _ in turns:
                    break  # took one
                else:
                    return None
                if MEMORY:
                    calendar = ()  # the collector wants to know when the clock moves
                if globq and not tick % 61:
                    tick += 1
                    g = globq.popleft()
                elif (g := self.runnext) is not None:
                    self.runnext = None
                else:
                    # Whom a timer wakes comes through runnext, which is no tick.
                    if runq:
                        tick += 1
                        g = runq.popleft()
                    elif globq:
                        tick += 1
                        if len(globq) == 1:  # after Gosched, often
                            g = globq.popleft()
                        else:
                            g = self._find_runnable()
                    elif (
                        calendar
                        and type(event := calendar[0][3]) is Wakeup
                        and calendar[0][0] <= self.horizon
                    ):
                        # Mostly one sleeper is due, alone: _find_runnable() without its calls.
                        self.env._now = when = heappop(calendar)[0]
                        self.spare_wakeup = event
                        g = event.g
                        if calendar and calendar[0][0] == when:
                            self.runnext = g
                            g = self._find_runnable(when)
                    else:
                        g = self._find_runnable()
                    if g is None:
                        return "idle"
                if MEMORY and (memory := self.memory) is not None:
                    if memory.wanted:
                        self.g = None
                        memory.safe_point(g)
                    memory.ran.add(g)
                self.g = g
                if OBSERVED:
                    self.emit("goroutine_picked", g)
        finally:
            self.schedtick = tick

    def _find_runnable(self, instant: int | None = None) -> G | None:
        """Take a batch from the global queue; if that is empty too, let time pass.

        When the clock has come to `instant` already, fire what is still due then first.
        """
        self.g = None
        runq, globq = self.runq, self.globq
        if instant is not None and self.next_event() == instant:
            rtime.fire_due(self, instant)
        fires = 0
        while True:
            if self.runnext is not None:
                g, self.runnext = self.runnext, None
                return g
            if runq:
                return runq.popleft()
            if globq:
                g = globq.popleft()
                _move(min(len(globq), _RUNQ_SIZE // 2 - 1), globq, runq)
                return g
            if not self.advance():
                return None
            fires += 1
            if fires % 1000 == 0:
                self.steps += 1000
                if self.steps >= self.max_steps:
                    raise Limit("steps")
            if fires > 2 and not fires & (fires - 1) and self._only_idle_tickers():
                return None

    def _only_idle_tickers(self) -> bool:
        """Whether all that is pending are tickers that fill no slot and wake nobody."""
        pending = [item[3] for item in self.env._queue if not rtime.is_tombstone(item[3])]
        return bool(pending) and all(
            isinstance(event, rtime.Entry)
            and (timer := event.timer) is not None
            and timer.period > 0
            and (ch := timer.ch) is not None
            and bool(ch.buf)
            and not ch.recvq
            for event in pending
        )

    def _loop_policy(self, steps: int) -> str:
        policy, runq, globq, observers = self.policy, self.runq, self.globq, self.observers
        assert policy is not None
        draw = policy.draw
        several = self.procs > 1  # only then can all processors be busy
        queue: Any = self.env._queue
        limit = self.steps + steps
        fires = 0
        while self.steps < limit:
            if (g := self.runnext) is not None:
                runq.append(g)
                self.runnext = None
            while globq:
                runq.append(globq.popleft())
            n = 0 if several and self.busy >= self.procs else len(runq)
            if n > 1 and draw is not None:
                i = int(draw() * n)
                g = runq[i]
                del runq[i]
            elif n == 1 and not policy.every_step:
                g = runq.popleft()
            else:
                self.g = None
                if n == 0 and not policy.every_step:
                    if not self.advance():
                        return "idle"
                    fires += 1
                    if fires > 2 and not fires & (fires - 1) and self._only_idle_tickers():
                        return "idle"
                    continue
                timer = self.next_event() if queue else None
                g = policy.pick(runq if n else (), timer)
                if g is STOP:
                    return "stop"
                if g is None:
                    return self.ended or "idle"
                if g is timer:
                    self.advance()
                    continue
                runq.remove(g)
            self.steps = step = self.steps + 1
            if not step % _CHUNK:
                self.g = None
                self._look_at_polls()
            if (memory := self.memory) is not None:
                if memory.wanted:
                    self.g = None
                    memory.safe_point(g)
                memory.ran.add(g)
            self.g = g
            if observers:
                self.emit("goroutine_picked", g)
            try:
                token = g.coro.send(None)  # type: ignore[union-attr]
                if token is CHOICE:
                    runq.append(g)
                elif token is not PARK and self._trap(g, token):
                    self.g = None
                    if not self._goes_on("fatal"):
                        return "fatal"
            except StopIteration:
                main = self.main
                ends_apart = policy.every_step and (g is main or self.counted_out)
                if ends_apart and getattr(g, "elem", None) is not RETURN:
                    # The end of the process is a step of its own, which others may come before,
                    # and so is that of a goroutine where somebody counts them.
                    g.pending, g.elem, g.coro = RETURN, RETURN, _returned()
                    runq.append(g)
                    continue
                self._bury(g)
                if observers:
                    self.emit("goroutine_ended", g, "returned")
                if g is self.main and self.ended is None:
                    self.g = None
                    return "main"
            except BaseException as error:
                if policy.every_step and getattr(g, "elem", None) is not DEATH and _is_death(error):
                    # That the process dies is a step of its own, too.
                    g.pending, g.elem, g.coro = ("death",), DEATH, _dead(error)
                    runq.append(g)
                    continue
                how = self._died(g, error)
                if how is not None and not self._goes_on(how):
                    self.g = None
                    return how
        self.g = None
        return "steps"

    def _goes_on(self, how: str) -> bool:
        """Note how the process ended first; return whether the others go on all the same."""
        if not self.policy.lives_on:  # type: ignore[union-attr]
            return False
        if self.ended is None:
            self.ended = how
            self.end_of = self.panic, self.panicked, self.fatal_text, self.exit_code
            self.mute = True
        self.panic, self.panicked, self.fatal_text, self.exit_code = self.end_of
        return True

    def _trap(self, g: G, token: object) -> bool:
        """Handle what a goroutine yielded that is not a plain park; True when that is the end."""
        while (token is WORK and self._compute(g)) or (token is SAFE and self._at_rest(g)):
            token = g.coro.send(None)  # type: ignore[union-attr]
        if token is PARK or token is WORK:
            return False
        if token is CHOICE:
            self.runq.append(g)
            return False
        if token is HALT:
            self.panicked = g
            return True
        from gosim.runtime.traceback import frames, user_place

        where = user_place(frames(g))
        self.allgs.discard(g)
        raise UsageError(
            f"goroutine {g.id} awaited something that is not gosim's ({token!r}): in a goroutine "
            "await only channels, locks, timers and other coroutines; use gosim.time.sleep instead "
            "of asyncio.sleep",
            *where,
        )

    def _at_rest(self, g: G) -> bool:
        """Do what `g` asks for while every goroutine is suspended; the result goes to ``elem``."""
        self.g, task = None, g.elem
        g.elem = task()
        self.g = g
        if self.memory is not None:
            self.memory.ran.add(g)
        return True

    def _bury(self, g: G) -> None:
        """Take a goroutine that ended out of ``allgs``."""
        self.allgs.discard(g)
        self.free_slots.append(g.slot)
        if self.memory is not None:
            self.memory.ended(g)

    def _died(self, g: G, error: BaseException) -> str | None:
        """A goroutine ended by an exception; return why the process ends, None if it goes on."""
        self._bury(g)
        if isinstance(error, GoExit):
            if self.observers:
                self.emit("goroutine_ended", g, "Goexit")
            return None
        if isinstance(error, ProcessExit):
            self.exit_code = error.code
            return "exit"
        if isinstance(error, GosimError | Limit | KeyboardInterrupt | WallClock):
            raise error
        foreign = foreign_await(error)
        if foreign is not None:
            raise foreign from None
        if isinstance(error, MemoryError) and "known_panic" in self.__dict__:
            error = FatalError("runtime: out of memory").with_traceback(error.__traceback__)
        if isinstance(error, RecursionError | Throw):
            self.fatal_text = error.text if isinstance(error, Throw) else "stack overflow"
            self.panic, self.panicked = as_panic(error), g
            return "fatal"
        known = self.__dict__.get("known_panic")  # of a language that is compiled to Python
        self.panic = known(error) if known is not None else None
        if self.panic is None:
            refused = refused_argument(error)
            if refused is not None:
                raise refused from error
            self.panic = as_panic(error)
        self.panicked = g
        if self.observers:
            self.emit("goroutine_ended", g, "panic")
        return "panic"

    # -- computing ---------------------------------------------------------------------------------

    def _compute(self, g: G) -> bool:
        """Burn one slice of the CPU time in ``g.elem``; True when the goroutine just goes on."""
        slice_ns = min(g.elem, _SLICE)
        g.elem -= slice_ns
        if self.procs > 1:
            self.busy += 1
            g.wait_reason = ""
            entry = rtime.Moment((self._slice_over,), g)
            self.schedule(entry, self.now + slice_ns)
            return False
        if MEMORY and self.memory is not None:
            self.g = None
            self.memory.advance(self.now + slice_ns)
            self.g = g
        self.pass_time(slice_ns)
        if g.elem > 0 and (self.runnext is not None or self.runq or self.globq):
            self.gosched_prepare(g)
            return False
        return True

    def pass_time(self, ns: int) -> None:
        """Move the clock by `ns`, firing what is due, while the running goroutine computes."""
        target = self.now + ns
        if target > self.horizon:
            raise Limit("until")
        if self.policy is not None and self.policy.keeps_time:
            self.env._now = target
            return
        reached: list[bool] = []
        entry = rtime.Moment((reached.append,), None)  # type: ignore[arg-type]
        self.schedule(entry, target)
        running, self.g = self.g, None
        while not reached:
            rtime.fire_due(self, self.env._queue[0][0])  # type: ignore[arg-type]
        self.g = running

    def _slice_over(self, wakeup: rtime.Wakeup) -> None:
        self.busy -= 1
        self.ready(wakeup.g)

    # -- end ---------------------------------------------------------------------------------------

    def close(self) -> None:
        """End the world: close every coroutine; their ``finally`` blocks neither run on nor print.

        A coroutine that is left to Python's collector would run its ``finally`` blocks in some
        later run, or complain on stderr.
        """
        self.over = True
        self.g = None
        for g in sorted(self.allgs, key=lambda g: g.id):
            coro, g.coro = g.coro, None
            if coro is not None:
                try:
                    coro.close()
                except BaseException:
                    pass
        for g in (*self.runq, *self.globq):
            if g.coro is not None:  # the runtime's own that never had their turn
                g.coro.close()
        self.allgs.clear()
        self.daemons.clear()
        self.runq.clear()
        self.globq.clear()
        self.runnext = None
        self.env._queue.clear()
        self.streams.clear()


@operation
def _returned() -> Op:
    """The body of main once it has returned."""
    return
    yield


@operation
def _dead(error: BaseException) -> Op:
    """The body of a goroutine that is about to end the process."""
    raise error
    yield


def _is_death(error: BaseException) -> bool:
    """Whether an exception that nobody recovered ends the simulated process, and nothing else."""
    if isinstance(error, GoExit | GosimError | Limit | KeyboardInterrupt | WallClock):
        return False
    return foreign_await(error) is None


def _move(n: int, source: deque[G], target: deque[G]) -> None:
    """Move the first `n` goroutines of one queue to the tail of another, all of it in C."""
    target.extend(starmap(source.popleft, repeat((), n)))


def foreign_await(error: BaseException) -> UsageError | None:
    """Return the explanation of Python's "can't be used in 'await' expression"."""
    if not isinstance(error, TypeError) or "'await' expression" not in str(error):
        return None
    tb = error.__traceback__
    while tb is not None and tb.tb_next is not None:
        tb = tb.tb_next
    where = (tb.tb_frame.f_code.co_filename, tb.tb_lineno) if tb is not None else (None, None)
    what = str(error).removeprefix("object ").split(" ")[0]
    thing = "None" if what == "NoneType" else f"{'an' if what[0] in 'aeiou' else 'a'} {what}"
    hint = (
        "recv(ch) and send(ch, v) are cases for select; write await ch.recv() or await ch.send(v)"
        if what in ("tuple", "Chan", "NilChan")
        else "this call is done when it returns; write it without await"
    )
    return UsageError(f"cannot await {thing}: {hint}", *where)


_RAISE: Final = opmap["RAISE_VARARGS"]


def refused_argument(error: BaseException) -> UsageError | None:
    """Return the explanation of a Python error that an operation of gosim's own raised."""
    tb = error.__traceback__
    if isinstance(error, Panic | GoPanic) or tb is None:
        return None
    from gosim.runtime.traceback import is_runtime_file

    user = called = None
    while True:
        code = tb.tb_frame.f_code
        if not is_runtime_file(code.co_filename):
            user, called = (code.co_filename, tb.tb_lineno), None
        elif called is None:
            called = code.co_qualname.removesuffix(".__init__")
        if tb.tb_next is None:
            break
        tb = tb.tb_next
    if user is None or not is_runtime_file(code.co_filename):
        return None
    if isinstance(error, Misuse) or (
        code.co_name == "__getattr__" and isinstance(error, AttributeError)
    ):
        return UsageError(str(error), *user)  # it says itself what is wrong
    if isinstance(error, TypeError | ValueError) and code.co_code[tb.tb_lasti] == _RAISE:
        return UsageError(f"{called}: {error}", *user)  # Python would not have a statement for it
    return UsageError(
        f"gosim's {code.co_name}() failed with {type(error).__name__}: {error}; is an argument not "
        "what it should be? If all are, this is a mistake of gosim's: please report it",
        *user,
    )


def place(thing: Any) -> str:
    """Return " made at file:line" for an object that remembers where it was made."""
    code = getattr(thing, "made_code", None)
    if code is None:
        return ""
    from gosim.runtime.traceback import line_of

    return f" made at {code.co_filename}:{line_of(code, thing.made_lasti)}"


async def _ending(limit: Limit) -> None:
    """End the run with the next pick."""
    raise limit


@operation
def _system() -> Op:
    """Be one of the runtime's own goroutines, which has nothing to do in a simulation."""
    yield PARK  # for ever: it must not look like a goroutine that is dead


async def _plain(function: Any, args: tuple[Any, ...]) -> None:
    result = function(*args)
    # `go(lambda: ch.send(1))`, and a bound operation in its tracked form.
    if isinstance(result, GeneratorType | Awaitable):
        await _awaiting(result)


def go(function: Any, *args: Any, daemon: bool = False) -> None:
    """Start a goroutine: Go's ``go f(args)``.  Arguments are evaluated now, the call happens later.

    Parameters
    ----------
    function
        A coroutine function (``async def``); a plain function works and never blocks.
    *args
        Its arguments.
    daemon : bool
        A background goroutine that is meant to stay: left out of leak verdicts.
    """
    w = current.world or current_world("go()")
    try:
        flags = function.__code__.co_flags
    except AttributeError:  # a builtin, a partial, an object that can be called
        flags = 0
        if not callable(function) or isinstance(function, type):
            if hasattr(function, "close"):
                function.close()
            raise UsageError(
                "go(f, x) takes the function and its arguments, not the result of calling it: "
                "write go(worker, 1), not go(worker(1))",
                *caller_line(),
            ) from None
    if flags & _CO_COROUTINE:
        coro = function(*args) if args else function()  # the second is much cheaper
        if type(coro) is not CoroutineType:
            coro = _awaiting(coro)
    else:
        coro = _plain(function, args)
    frame = sys._getframe(1)
    g = w.spawn(coro, frame.f_code, frame.f_lasti)
    if daemon:
        w.daemons.add(g)


async def _awaiting(awaitable: Any) -> None:
    if awaitable is not None:
        await awaitable


@operation
def gosched() -> Op:
    """Let others run first (``runtime.Gosched``): back at the tail of the global queue."""
    w = current.world or current_world("gosched()")
    w.polls += 1  # looked at between picks
    w.globq.append(w.g)
    yield PARK


@operation
def work(ns: int) -> Op:
    """Compute for `ns` nanoseconds of CPU time on one of the processors, in slices of 10 ms."""
    w = current_world("work()")
    if type(ns) is float:
        raise UsageError(
            "work(d): durations are integer nanoseconds; write 500 * time.Millisecond",
            *caller_line(),
        )
    g = w.g
    assert g is not None
    remaining = int(ns)
    while remaining > 0:
        g.elem = remaining
        yield WORK
        remaining = g.elem
    g.elem = None


@operation
def event(simpy_event: Any) -> Op:
    """Wait for an event of a simpy model that shares the calendar; its value is the result."""
    w = current_world("event()")
    g = w.g
    assert g is not None
    if simpy_event.callbacks is None:
        return simpy_event.value
    g.waiting = simpy_event
    g.wait_reason = "IO wait"  # for Go, something outside its own world
    simpy_event.callbacks.append(lambda _: w.ready(g))
    yield PARK
    return simpy_event.value


def goexit() -> NoReturn:
    """End the calling goroutine after its deferred calls (``runtime.Goexit``)."""
    raise GoExit


def exit(code: int) -> NoReturn:
    """End the process at once (``os.Exit``); no deferred call runs."""
    raise ProcessExit(code)
