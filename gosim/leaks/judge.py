"""Verdicts: can this goroutine ever run again, and what would Go's leak profile say of it?

`judge` looks at a world that has come to its end and is not closed yet: only here live references
exist.  What it returns is plain data; no coroutine, channel or lock is in it, so a run's record can
be kept, pickled and printed when the world is long gone.

The rules, the first that applies:

1. It can run now: ``endless`` (the after-life ended before it did).
2. A timer of the calendar will wake it.  If it ran since main returned and stands in a loop it is
   ``endless``; else nobody knows what it does after waking: ``unproven``.
3. It waits for the network, and somebody could still come: the listener is open, or somebody who
   is alive has the other end. That is ``endless``, as a server is; so is a goroutine of the
   library that is alive beside it, and a worker in a loop to whom a request could give something.
4. It waits, and marking from globals, pending timers and everything that can still run never
   reaches what it waits on: ``permanent``, proof ``unreachable``.  This holds for a server, too.
5. It waits, nothing can run any more, no timer is pending and nobody is served: ``permanent``,
   proof ``quiescent``.
6. It waits, and something that is alive reaches what it waits on: ``unproven``; but ``endless`` if
   it ran since main returned, stands in a loop, and somebody endless can still get to an operation
   that releases it.

``temporary`` are goroutines that were alive when main returned and ended by themselves in the
after-life; only who was there then can be told (`snapshot`).

Invariant: a goroutine is ``permanent`` only if no schedule and no time can wake it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import islice
from types import CodeType, CoroutineType, GeneratorType
from typing import Any, Final, NamedTuple

from gosim.leaks.bindings import UNKNOWN, binds, method_frame, value_of
from gosim.leaks.bytecode import exits, in_loop, scan, text_of
from gosim.leaks.goforms import as_written
from gosim.leaks.messages import Source, about, say, spoken
from gosim.leaks.names import Code, name_of, started_function
from gosim.leaks.sites import (
    CONTEXTS,
    RELEASES,
    Chain,
    Crowd,
    Site,
    call_at,
    cancel_variable,
    find_sites,
    maker,
    operand,
)
from gosim.memory.goroutine import STACK_MIN, goroutine_bytes
from gosim.runtime.chan import Chan, NilChan
from gosim.runtime.g import G, Select
from gosim.runtime.leakmark import MarkResult, mark, module_roots, sends_beside, waits_on
from gosim.runtime.netpoll import (
    IO_WAIT,
    Descriptor,
    leave_out_registries,
    origins,
)
from gosim.runtime.proc import World
from gosim.runtime.program import program_namespaces
from gosim.runtime.sigqueue import SYSCALL, hears
from gosim.runtime.time import Entry, Timer, Wakeup, is_tombstone
from gosim.runtime.traceback import (
    _GO_NAMES,
    Frame,
    function_name,
    in_library,
    is_runtime_file,
    line_of,
)

PERMANENT: Final = "permanent"
TEMPORARY: Final = "temporary"
ENDLESS: Final = "endless"
UNPROVEN: Final = "unproven"

_KINDS: Final = {
    "Mutex": "mutex",
    "RWMutex": "rwmutex",
    "WaitGroup": "waitgroup",
    "Cond": "cond",
    "Once": "once",
    "Weighted": "semaphore",
    "Socket": "connection",
    "Listening": "listener",
    "Signals": "signals",
}
_CLEANER: Final = "database/sql.(*DB).connectionCleaner"
_SAME_ORIGIN: Final = 100
"""Things made by one and the same call whose other side is looked for; the rest is as they are."""
_MOST: Final = 16
"""Values in a buffer and goroutines in a queue that a record names one by one."""
_SUDOG_KINDS: Final = frozenset({"chan", "errgroup", "pool", "timer", *_KINDS.values()})


class Creation(NamedTuple):
    """Where a goroutine was started, and by which."""

    function: str
    goroutine: int
    file: str
    line: int

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON of the contract."""
        return {
            "function": self.function,
            "goroutine": self.goroutine,
            "file": self.file,
            "line": self.line,
        }


class Holder(NamedTuple):
    """A goroutine that holds a lock, alive or gone.

    Attributes
    ----------
    role
        ``holder``, ``writer``, ``reader`` or ``pending writer``.
    function
        Its outermost user function.
    at
        Where it took the lock.
    returned : tuple of int
        When it is gone: the lines at which the function that took the lock can have returned with
        it; empty when that is another function than its outermost one.
    """

    goroutine: int
    role: str
    alive: bool
    function: str
    at: Frame
    returned: tuple[int, ...] = ()


class Taker(NamedTuple):
    """Who has connections of a pool: rows, transactions or connections taken out at one place.

    Attributes
    ----------
    what
        ``rows``, ``tx`` or ``conn``.
    """

    what: str
    at: Frame | None
    number: int


class Clock(NamedTuple):
    """The timer that feeds a channel.

    Attributes
    ----------
    kind
        ``ticker`` or ``timer``.
    pending : bool
        It runs: its deadline will come.
    when : int
        Virtual ns of that deadline.
    period : int
        ns between the ticks of a ticker.
    """

    kind: str
    pending: bool
    when: int
    period: int


class Thing:
    """What goroutines wait for: a channel, a lock, a group, a timer, the clock.

    Attributes
    ----------
    key : str
        ``"chan 1"``; numbered in order of the goroutines that wait.
    kind : str
        ``chan``, ``nil chan``, ``mutex``, ``rwmutex``, ``waitgroup``, ``cond``, ``once``,
        ``semaphore``, ``timer`` (a channel fed by a timer), ``sleep``, ``select`` (one without
        cases), ``event``.
    name : str or None
        The variable it was first stored in.
    cap, len : int or None
        Of channels.
    made : Frame or None
        Where it was made.
    counter : int or None
        Of a wait group.
    clock : Clock or None
    until : int or None
        End of a sleep, virtual ns.
    holders : tuple of Holder
    senders, receivers, waiters : list of int
        Goroutines in its queues; `waiters` for everything that is no channel.
    sites : tuple of Site
        Where the program's text uses it (see `gosim.leaks.sites`).
    escapes : bool
        The text hands it to places that were not found: `sites` may be incomplete.
    reached_by : tuple of str
        What still leads to it: live goroutines, globals, timers.
    of : str or None
        Key of the lock that a condition variable uses.
    context : bool
        It is the done channel of a context.
    cancel : str or None
        Variable that holds the cancel function of that context.
    number : int
        Counts things of the same name made at the same place; 0 when there is only one.
    size : int or None
        Units of a semaphore.
    takers : tuple of Taker
        Who has the connections of a pool; `cap` and `len` are its limit and how many are in use.
    tokens : bool
        A buffered channel of ``struct{}``: what counts is how many values are in it.
    values : tuple of str
        The values in the buffer, the next one to come out first, as short texts; at most 16.
    sendq : tuple of (int, str)
        The first 16 goroutines in line to send, each with its value.
    recvq : tuple of int
        The first 16 goroutines in line to receive.
    """

    __slots__ = (
        "cancel",
        "cap",
        "clock",
        "closed",
        "context",
        "counter",
        "escapes",
        "holders",
        "key",
        "kind",
        "len",
        "made",
        "name",
        "number",
        "of",
        "reached_by",
        "receivers",
        "recvq",
        "senders",
        "sendq",
        "sites",
        "size",
        "takers",
        "tokens",
        "until",
        "values",
        "waiters",
    )

    def __init__(self, key: str, kind: str) -> None:
        self.key = key
        self.kind = kind
        self.name: str | None = None
        self.cap: int | None = None
        self.len: int | None = None
        self.made: Frame | None = None
        self.counter: int | None = None
        self.clock: Clock | None = None
        self.until: int | None = None
        self.closed = False
        self.holders: tuple[Holder, ...] = ()
        self.senders: list[int] = []
        self.receivers: list[int] = []
        self.waiters: list[int] = []
        self.sites: tuple[Site, ...] = ()
        self.escapes = False
        self.reached_by: tuple[str, ...] = ()
        self.of: str | None = None
        self.context = False
        self.cancel: str | None = None
        self.number = 0
        self.size: int | None = None
        self.takers: tuple[Taker, ...] = ()
        self.tokens = False
        self.values: tuple[str, ...] = ()
        self.sendq: tuple[tuple[int, str], ...] = ()
        self.recvq: tuple[int, ...] = ()

    def __eq__(self, other: object) -> bool:
        if type(other) is not Thing:
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in Thing.__slots__)

    __hash__ = None  # type: ignore[assignment]  # it changes while it is filled in

    def __repr__(self) -> str:
        return f"<{self.key} {self.name or ''}>"

    @property
    def made_at(self) -> str | None:
        """``file:line`` of its making."""
        return None if self.made is None else f"{self.made.file}:{self.made.line}"

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON of the contract."""
        return {
            "kind": self.kind,
            "name": self.name,
            "cap": self.cap,
            "len": self.len,
            "made_at": self.made_at,
        }


class Wait(NamedTuple):
    """One thing a goroutine waits for, and what it wants of it.

    `op` is ``send``, ``receive``, ``lock``, ``rlock``, ``wait``, ``do``, ``acquire``, ``take`` or
    ``open`` (a connection of a pool), or ``sleep``; `units` is what it wants of a semaphore.
    """

    thing: Thing
    op: str
    units: int = 0


class Goroutine(NamedTuple):
    """One goroutine that was alive at the end.

    Attributes
    ----------
    state : str
        ``waiting``, ``runnable`` or ``running``.
    wait_reason : str
        Go's text, empty unless it waits.
    function : str
        Outermost function of its stack.
    stack : tuple of Frame
        Innermost first.
    waits : tuple of Wait
    leak : str or None
        ``permanent``, ``endless``, ``unproven``; None for goroutines that were to be ignored.
    proof : str or None
        ``unreachable`` or ``quiescent`` for a permanent one.
    in_profile : bool
        Go's ``goroutineleak`` profile would list it.
    retained_bytes : int
        What it alone keeps: stack, descriptor, queue entries, and `heap_bytes`.
    in_loop : bool
        It stands in a loop of one of its functions.
    ignored : bool
    wakes_at : int or None
        Virtual ns at which a pending timer wakes it.
    heap_bytes : int
        Of the heap, what would be freed if it alone were gone; 0 in a run without memory.
    origin : Frame or None
        Of a goroutine of the library: the call of the program for which it works.
    """

    id: int
    state: str
    wait_reason: str
    function: str
    created_by: Creation | None
    stack: tuple[Frame, ...]
    waits: tuple[Wait, ...]
    leak: str | None
    proof: str | None
    in_profile: bool
    retained_bytes: int
    in_loop: bool = False
    ignored: bool = False
    wakes_at: int | None = None
    heap_bytes: int = 0
    origin: Frame | None = None

    @property
    def at(self) -> str:
        """``file:line`` where it stands, or what it works for.

        Of its go statement if it runs a bare operation.
        """
        place = self.stack[0] if self.stack else self.origin
        if place is not None:
            return f"{place.file}:{place.line}"
        created = self.created_by
        return "" if created is None else f"{created.file}:{created.line}"

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON of the contract (``run --json``, ``goroutines``)."""
        return {
            "id": self.id,
            "state": self.state,
            "wait_reason": self.wait_reason,
            "function": self.function,
            "created_by": None if self.created_by is None else self.created_by.to_dict(),
            "stack": [{"function": f.function, "file": f.file, "line": f.line} for f in self.stack],
            "waits_for": [wait.thing.to_dict() for wait in self.waits],
            "leak": self.leak,
            "proof": self.proof,
            "in_profile": self.in_profile,
            "retained_bytes": self.retained_bytes,
        }


class Ended(NamedTuple):
    """A goroutine that was alive when main returned and ended by itself.

    `after_ns` is virtual time since main returned.
    """

    id: int
    function: str
    created_by: Creation | None
    after_ns: int


@dataclass(slots=True)
class Leak:
    """One finding: goroutines with the same stack and wait reason, as pprof groups them.

    Attributes
    ----------
    kind : str
        ``goroutine``.
    goroutines : tuple of int
        Their IDs.
    at : str
        ``file:line`` of the operation.
    verdict : str
        ``permanent``, ``unproven``, ``endless`` or ``temporary``.
    explanation, fix : str
        One sentence each, computed from this run.
    notes : tuple of str
        What Go promises about it and what Go only happens to do.
    retained_bytes : int
        What they keep: stacks, descriptors, queue entries, and `heap_bytes`.
    heap_bytes : int
        Of the heap, what would be freed if all of them were gone.
    """

    kind: str
    count: int
    wait_reason: str
    at: str
    verdict: str
    explanation: str
    fix: str
    function: str = ""
    goroutines: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    retained_bytes: int = 0
    heap_bytes: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON of the contract (``run --json``, ``leaks``)."""
        return {
            "kind": self.kind,
            "count": self.count,
            "wait_reason": self.wait_reason,
            "at": self.at,
            "verdict": self.verdict,
            "explanation": self.explanation,
            "fix": self.fix,
            "function": self.function,
            "goroutines": list(self.goroutines),
            "notes": list(self.notes),
            "retained_bytes": self.retained_bytes,
        }


@dataclass(slots=True)
class Judgement:
    """What is known about the goroutines when nothing more will happen.

    Attributes
    ----------
    goroutines : list of Goroutine
        Alive at the end, by ID; main left out once it has returned.
    things : list of Thing
        What they wait for or is held by somebody they wait for.
    ended : list of Ended
        Goroutines that outlived main and ended by themselves.
    main_returned, quiescent : bool
    precise : bool
        Every frame was scanned precisely; if not, some may be ``unproven`` that are lost.
    now_ns, returned_ns : int
        Virtual time at the end, and when main returned (or at the start, if it did not).
    go : str
        The version simulated, for sentences.
    main_function : str
        The function that main runs.
    source : str
        What the program is written in; sentences spell code as it does.
    """

    goroutines: list[Goroutine]
    things: list[Thing]
    ended: list[Ended]
    main_returned: bool
    quiescent: bool
    precise: bool
    now_ns: int
    returned_ns: int
    go: str
    memory: dict[str, Any]
    main_function: str = "main.main"
    source: Source = "python"
    _leaks: list[Leak] | None = None

    @property
    def leaks(self) -> list[Leak]:
        """Findings about goroutines still alive: permanent first, then unproven, then endless."""
        if self._leaks is None:
            from gosim.leaks.explain import findings

            with about(self.source):
                self._leaks = findings(self)
        return self._leaks

    @property
    def temporary(self) -> list[Leak]:
        """Findings about goroutines that outlived main and ended by themselves."""
        from gosim.leaks.explain import temporary

        with about(self.source):
            return temporary(self)

    def goroutine(self, id: int) -> Goroutine | None:
        """Return the goroutine of this ID if it was alive at the end."""
        at = bisect_left(self.goroutines, id, key=lambda g: g.id)
        found = self.goroutines[at : at + 1]
        return found[0] if found and found[0].id == id else None


# -- who was there when main returned --------------------------------------------------------------


class _Roll(set[G]):
    """The set of goroutines that are not dead, which notes when some of them leave."""

    def __init__(self, world: World) -> None:
        super().__init__(world.allgs)
        self.world = world
        self.watched = {g.id for g in world.allgs}
        self.ended: list[Ended] = []
        self.since = world.now

    def discard(self, g: G, /) -> None:  # type: ignore[override]  # it never holds anything else
        """Strike `g` off, and note it if it was there when main returned."""
        if g.id in self.watched and g in self:
            self.ended.append(Ended(g.id, _function(g), _creation(g), self.world.now - self.since))
        super().discard(g)


class Snapshot(NamedTuple):
    """Who was alive when main returned, and when each was to be woken by a timer.

    `operations` has the operation in which each stood: who stands in another one later, ran.
    """

    roll: _Roll
    wakes_at: dict[int, int]
    operations: dict[int, object]


def snapshot(world: World) -> Snapshot:
    """Note who is alive now; call it when main has returned, before the world lives on.

    From now on the world's set of goroutines notes who leaves it, so that `judge` can tell
    which goroutines were temporary.
    """
    roll = _Roll(world)
    world.allgs = roll
    sleeping, _ = _calendar(world)
    wakes: dict[int, int] = {}
    for g in roll:
        when = _wakes_at(g, sleeping)
        if when is not None:
            wakes[g.id] = when
    return Snapshot(roll, wakes, {g.id: _operation_of(g) for g in roll})


def _operation_of(g: G) -> object:
    """Return the innermost awaitable of a suspended goroutine, a new one for each operation.

    Going there makes no frame objects.
    """
    coro: Any = g.coro
    while True:
        kind = type(coro)
        if kind is CoroutineType:
            inner = coro.cr_await
        elif kind is GeneratorType:
            inner = coro.gi_yieldfrom
        else:
            inner = getattr(coro, "ag_await", None)
        if inner is None:
            return coro
        coro = inner


def _calendar(world: World) -> tuple[dict[int, int], dict[str, object]]:
    """Return when each sleeping goroutine (by ID) wakes, and the pending timers by name."""
    sleeping: dict[int, int] = {}
    timers: dict[str, object] = {}
    for item in sorted(world.env._queue, key=lambda item: item[:3]):
        event: Any = item[3]
        if is_tombstone(event):
            continue
        if type(event) is Wakeup:
            if event.g is not None:
                sleeping[event.g.id] = int(item[0])
        elif type(event) is Entry:
            timers[f"timer {len(timers) + 1}"] = event.timer
        else:
            timers[f"event {len(timers) + 1}"] = event
    return sleeping, timers


def _wakes_at(g: G, sleeping: dict[int, int]) -> int | None:
    """Return when a pending timer wakes a blocked goroutine, None if no timer does."""
    when = sleeping.get(g.id)
    if when is not None:
        return when
    waiting = g.waiting
    if isinstance(waiting, Descriptor):
        return _deadline(waiting.deadline_of(g))
    if isinstance(waiting, Chan):
        if waiting.timer is None or g.wait_reason != "chan receive":
            return None
        return _deadline(waiting.timer)
    if isinstance(waiting, Select):
        channels = [ch for ch, sends, _ in waiting.parts() if not sends]
        return min((w for ch in channels if (w := _deadline(ch.timer)) is not None), default=None)
    return None


def _deadline(timer: Timer | None) -> int | None:
    return timer.when if timer is not None and timer.entry is not None else None


# -- the verdict -----------------------------------------------------------------------------------


def judge(
    world: World,
    *,
    main_returned: bool,
    ignore: Sequence[str] = (),
    snapshot: Snapshot | None = None,
    idle: bool = False,
    died: bool = False,
    witness: Callable[[_Court], None] | None = None,
) -> Judgement:
    """Say of every goroutine that is alive whether it can ever run again.

    Parameters
    ----------
    world : World
        At its end: every goroutine suspended, coroutines not closed yet.
    main_returned : bool
        Main has returned, and the world has lived on without it.
    ignore : sequence of str
        Functions (with or without ``main.``, or patterns with ``*``) whose goroutines are meant
        to stay.
    snapshot : Snapshot, optional
        Taken when main returned.
    idle : bool
        The scheduler found nothing that can ever run, whatever the calendar still holds.
    died : bool
        The process ended with all its goroutines: only who was stuck for good already is a
        finding, not who could have gone on.
    witness : callable, optional
        Gets what the judgement was made of, live objects included, unless nobody was left.

    Notes
    -----
    The design's section 5.  `in_profile` follows Go's ``findGoroutineLeaks`` (``mgc.go``): it asks
    for reachability alone, so a goroutine whose channel is in a global is not in the profile, even
    when nothing is left that could run.
    """
    alive = sorted(
        (g for g in world.allgs if not (main_returned and g is world.main)), key=lambda g: g.id
    )
    ended = sorted(snapshot.roll.ended, key=lambda e: e.id) if snapshot is not None else []
    sleeping, timers = _calendar(world)
    runnable = {g.id for g in world.runnable()}
    if world.g is not None:
        runnable.add(world.g.id)
    if world.panicked in world.allgs:  # it made a fatal error, and stands in it
        runnable.add(world.panicked.id)
    quiescent = idle or (not runnable and not sleeping and not timers)
    judgement = Judgement(
        goroutines=[],
        things=[],
        ended=ended,
        main_returned=main_returned,
        quiescent=quiescent,
        precise=True,
        now_ns=world.now,
        returned_ns=world.started_at if snapshot is None else snapshot.roll.since,
        go=world.version.go,
        memory={},
        main_function="main.main" if world.main is None else _function(world.main),
        source=spoken(),
    )
    if alive:
        # Marking comes first: looking at frames makes frame objects, and those are references.
        globals_: dict[str, object] = {}
        for namespace in program_namespaces(world.globals):
            for name, value in module_roots(namespace).items():
                globals_[name if name not in globals_ else f"{name} ({len(globals_)})"] = value
        free = [g for g in alive if g.id in runnable or g.id in sleeping]
        roots = {**{f"global {k}": v for k, v in globals_.items()}, **timers}
        marked = mark(alive, roots, wakeable=_can_be_released_by, runnable=free, paths=True)
        listed = {g.id for g in marked.leaked}
        if any(isinstance(g.waiting, Descriptor) for g in alive):
            # For Go all that wait for the network are alive. Here it is known who they wait for.
            wakeable = _can_be_released_inside
            with leave_out_registries():
                marked = mark(alive, roots, wakeable=wakeable, runnable=free, paths=True)
        judgement.precise = marked.precise
        court = _Court(world, judgement, alive, marked, runnable, sleeping, ignore, snapshot)
        court.listed = listed
        court.died = died
        court.sit()
        if witness is not None:
            witness(court)
    judgement.memory = _memory(judgement)
    return judgement


_simple: dict[type, bool] = {}  # does a goroutine that waits for such an object wait for it alone


def _can_be_released_by(g: Any) -> Iterable[object] | None:
    """`leakmark.waits_on`, but a wait for the outside world is no wait for an object."""
    if g.wait_reason in ("sleep", "IO wait", "syscall", ""):
        return None
    waiting = g.waiting
    kind = type(waiting)
    simple = _simple.get(kind)
    if simple is None:
        special = issubclass(kind, Select | NilChan | tuple | list | type(None))
        simple = _simple[kind] = not special
    return (waiting,) if simple else waits_on(g)


def _can_be_released_inside(g: Any) -> Iterable[object] | None:
    """`_can_be_released_by`, of a network whose both ends are known."""
    waiting = g.waiting
    if not isinstance(waiting, Descriptor) or g.wait_reason not in (IO_WAIT, SYSCALL):
        return _can_be_released_by(g)
    if waiting.service or _deadline(waiting.deadline_of(g)) is not None:
        return None
    return waiting.releasers()


class _Court:
    """Turns the live references of one world into plain data."""

    def __init__(
        self,
        world: World,
        judgement: Judgement,
        alive: list[G],
        marked: MarkResult,
        runnable: set[int],
        sleeping: dict[int, int],
        ignore: Sequence[str],
        at_return: Snapshot | None,
    ) -> None:
        self.world = world
        self.judgement = judgement
        self.alive = alive
        self.marked = marked
        self.leaked = {g.id for g in marked.leaked}
        self.listed = self.leaked  # by Go's profile
        self.served = any(self._at_rest(g) for g in alive)
        self.runnable = runnable
        self.sleeping = sleeping
        self.ignore = tuple(ignore)
        self.at_return = at_return
        self.things: dict[int, Thing] = {}
        self.objects: dict[str, Any] = {}
        self.counts: dict[str, int] = {}
        self.chains: dict[int, Chain] = {}
        known: dict[tuple[int, ...], Chain] = {}
        for g in alive:
            self.chains[g.id] = _chain(g.coro, known)
        self.coros = {g.id: g.coro for g in alive}
        self.crowds: dict[int, list[int]] = {}  # identity of a chain -> goroutines
        for id_, chain in self.chains.items():
            self.crowds.setdefault(id(chain), []).append(id_)
        self.known = {id(chain): chain for chain in known.values()}
        codes = [code for chain in known.values() for code, _ in chain]
        self.code = Code(program_namespaces(world.globals), codes)
        self.stacks: dict[int, tuple[Frame, ...]] = {}
        self.loops: dict[int, bool] = {}
        self.died = False
        self.names: dict[tuple[int, int], str | None] = {}
        self.judged: dict[tuple[object, ...], Goroutine] = {}
        self.same_origin: dict[tuple[int, int, str], int] = {}

    def sit(self) -> None:
        """Judge every goroutine."""
        for g in self.alive:
            self.judgement.goroutines.append(self._like_another(g) or self._judge(g))
        self.judgement.things = things = list(self.things.values())
        if self.judgement.source == "go":
            self._name_by_use()
        twins: dict[tuple[str | None, Frame | None], list[Thing]] = {}
        for thing in things:
            if thing.name is not None and (thing.kind != "nil chan" or thing.made is not None):
                twins.setdefault((thing.name, thing.made), []).append(thing)
        for same in twins.values():
            if len(same) > 1:
                for number, thing in enumerate(same, 1):
                    thing.number = number
        for thing in things:
            self._text_of(thing)
        self._endless()

    def _name_by_use(self) -> None:
        """Call what was never stored as the first who waits for it does.

        A Go program makes no mutex in a struct by a call, and no channel that is nil.
        """
        for g in self.judgement.goroutines:
            if len(g.waits) == 1 and g.waits[0].thing.name is None and self.chains[g.id]:
                code, lasti = self.chains[g.id][-1]
                g.waits[0].thing.name = as_written(operand(code, lasti, g.waits[0].op))

    def _endless(self) -> None:
        """Find those whom somebody endless wakes again and again."""
        goroutines = self.judgement.goroutines
        before = {} if self.at_return is None else self.at_return.operations
        endless = {g.id for g in goroutines if g.leak == ENDLESS}
        open_ = [
            i
            for i, g in enumerate(goroutines)
            if g.leak == UNPROVEN and g.in_loop and g.wakes_at is None and g.id in before
        ]
        open_ = [i for i in open_ if before[goroutines[i].id] is not _operation_of(self.alive[i])]
        found = True
        while found and endless:
            found = False
            for i in list(open_):
                g = goroutines[i]
                if any(
                    id_ in endless
                    for wait in g.waits
                    for site in wait.thing.sites
                    if site.op in RELEASES.get(wait.op, ())
                    for id_ in site.ahead
                ):
                    goroutines[i] = g._replace(leak=ENDLESS)
                    endless.add(g.id)
                    open_.remove(i)
                    found = True

    def _text_of(self, thing: Thing) -> None:
        """Find where the program's text uses a thing, and what still leads to it."""
        obj: Any = self.objects.get(thing.key)
        waiting = {*thing.senders, *thing.receivers, *thing.waiters}
        if obj is not None and self.leaked.isdisjoint(waiting):
            chain = self.marked.path_to(obj)
            if chain:
                thing.reached_by = (self._root(chain[0]),)
        made = getattr(obj, "made_code", None)
        if made is None:
            thing.escapes = True
            return
        kind = "context" if thing.context else thing.kind
        origin = id(made), obj.made_lasti, kind
        number = self.same_origin[origin] = self.same_origin.get(origin, 0) + 1
        if number > _SAME_ORIGIN:
            thing.escapes = True
            return
        crowds = [
            Crowd(
                self.known[identity],
                tuple(i for i in ids if i in waiting),
                tuple(i for i in ids if i not in waiting),
            )
            for identity, ids in self.crowds.items()
        ]
        found = find_sites(
            kind,
            made,
            obj.made_lasti,
            self.code,
            crowds,
            lambda id, code, expr: binds(self.coros[id], code, expr, obj),
        )
        thing.sites, thing.escapes = found.sites, found.escapes

    def _root(self, root: object) -> str:
        """Return a goroutine or another root in words."""
        if isinstance(root, G):
            if root.id == 1:
                return say("who.main")
            return say("who.one", id=root.id, function=self._function(root))
        name = self.marked.root_name(root) or ""
        kind, _, rest = name.partition(" ")
        return say(f"root.{kind}", name=as_written(rest))

    def _like_another(self, g: G) -> Goroutine | None:
        """Return the record of a goroutine that differs from an earlier one in nothing but its ID.

        A hundred thousand goroutines behind one channel are judged once.
        """
        waiting = g.waiting
        if (
            waiting is None
            or isinstance(waiting, Select)
            or g.id in self.sleeping
            or g.id in self.runnable
            or g in self.world.daemons
        ):
            return None
        chain = id(self.chains[g.id])
        at_return = None if self.at_return is None else self.at_return.wakes_at.get(g.id)
        go = id(g.go_code), g.go_lasti, g.parent
        key = chain, id(waiting), g.wait_reason, go, g.id in self.leaked, at_return
        first = self.judged.get(key)
        if first is None:
            first = self.judged[key] = self._judge(g)
            return first
        wait = first.waits[0]
        queue = {"send": "senders", "receive": "receivers"}.get(wait.op, "waiters")
        getattr(wait.thing, queue).append(g.id)
        return Goroutine(
            g.id,
            first.state,
            first.wait_reason,
            first.function,
            first.created_by,
            first.stack,
            first.waits,
            first.leak,
            first.proof,
            first.in_profile,
            first.retained_bytes,
            first.in_loop,
            first.ignored,
            first.wakes_at,
            origin=first.origin,
        )

    def _judge(self, g: G) -> Goroutine:
        chain = self.chains[g.id]
        identity = id(chain)
        stack = self.stacks.get(identity)
        if stack is None:
            stack = self.stacks[identity] = tuple(
                Frame(function_name(code), code.co_filename, line_of(code, lasti))
                for code, lasti in reversed(chain)
            )
            self.loops[identity] = any(in_loop(code, lasti) for code, lasti in chain)
        looping = self.loops[identity]
        computing = g.id in self.sleeping and g.wait_reason == ""
        running = g is self.world.g or g is self.world.panicked or computing
        waiting = not running and g.id not in self.runnable
        waits = self._waits(g) if waiting else ()
        wakes_at = _wakes_at(g, self.sleeping) if waiting else None
        function = stack[-1].function if stack else library_function(self.world, g)
        ignored = g in self.world.daemons or self._ignored(function)
        leak, proof = self._verdict(g, waiting, wakes_at, looping)
        if self.died and leak != PERMANENT:
            leak = None
        # Who asks a semaphore for more than it has stands in no queue of it.
        sudogs = sum(
            2 if wait.op == "open" else 1  # for a word that one is wanted, and for the pool's end
            for wait in waits
            if wait.thing.kind in _SUDOG_KINDS and wait.units <= (wait.thing.size or wait.units)
        )
        version = self.world.version
        return Goroutine(
            id=g.id,
            state="waiting" if waiting else "running" if running else "runnable",
            wait_reason=g.wait_reason if waiting else "",
            function=function,
            created_by=_creation(g),
            stack=stack,
            waits=waits,
            leak=None if ignored else leak,
            proof=None if ignored else proof,
            in_profile=waiting and g.id in self.listed and not sends_beside(g),
            retained_bytes=goroutine_bytes(version.g_struct_bytes, version.sudog_bytes, sudogs),
            in_loop=looping,
            ignored=ignored,
            wakes_at=wakes_at,
            origin=None if stack else self._origin(g),
        )

    def _at_rest(self, g: G) -> bool:
        """Whether a goroutine waits for somebody outside who might still come."""
        if g.wait_reason == IO_WAIT and isinstance(g.waiting, Descriptor):
            return g.id not in self.leaked
        return hears(self.world, g)

    def _origin(self, g: G) -> Frame | None:
        """Return the call of the program for which a goroutine of the library works."""
        known = origins(self.world)
        while (found := known.get(g.id)) is None:
            parent = next((p for p in self.alive if p.id == g.parent), None)
            if parent is None:
                return None
            chain = self.chains[parent.id]
            if chain:
                code, lasti = chain[-1]
                return Frame(function_name(code), code.co_filename, line_of(code, lasti))
            g = parent
        return found

    def _verdict(
        self, g: G, waiting: bool, wakes_at: int | None, looping: bool
    ) -> tuple[str | None, str | None]:
        if not waiting:
            return ENDLESS, None
        if wakes_at is not None:
            before = self.at_return.wakes_at.get(g.id) if self.at_return is not None else None
            if not self.chains[g.id] and library_function(self.world, g) == _CLEANER:
                return ENDLESS, None
            return (ENDLESS, None) if looping and wakes_at != before else (UNPROVEN, None)
        if g.id in self.leaked:
            return PERMANENT, "unreachable"
        if isinstance(g.waiting, Descriptor) or hears(self.world, g):
            return ENDLESS, None
        at_work = looping and g.wait_reason in ("chan receive", "select")
        if self.served and (not self.chains[g.id] or at_work):
            return ENDLESS, None
        if self.judgement.quiescent and not self.served:
            return PERMANENT, "quiescent"
        return UNPROVEN, None

    def _ignored(self, function: str) -> bool:
        short = function.removeprefix("main.")
        return any(fnmatchcase(function, p) or fnmatchcase(short, p) for p in self.ignore)

    # -- what a goroutine waits for -------------------------------------------------------------

    def _waits(self, g: G) -> tuple[Wait, ...]:
        waiting, reason = g.waiting, g.wait_reason
        if g.id in self.sleeping:
            thing = self._new("sleep")
            thing.until = self.sleeping[g.id]
            return (Wait(thing, "sleep"),)
        acquiring = method_frame(g.coro, "Weighted.acquire")
        if acquiring is not None:
            semaphore = value_of(acquiring, ("name", "self"))
            units = value_of(acquiring, ("name", "n"))
            if semaphore is not UNKNOWN and type(units) is int:
                thing = self._thing(semaphore)
                thing.waiters.append(g.id)
                done = waiting.cases[0] if isinstance(waiting, Select) else waiting
                context = self._thing(done)
                context.receivers.append(g.id)
                return Wait(context, "receive"), Wait(thing, "acquire", units)
        opens = _pool_of(g, "connectionOpener", "_connection_opener")
        if opens is not None:
            thing = self._pool(opens)
            thing.waiters.append(g.id)
            return (Wait(thing, "open"),)
        pool = _pool_of(g, "conn", "_conn")
        if pool is not None:
            thing = self._pool(pool)
            thing.waiters.append(g.id)
            ends = [c for c in waiting.cases[:1] if not isinstance(c, NilChan)]
            for case in ends:
                self._thing(case).receivers.append(g.id)
            return (*(Wait(self._thing(c), "receive") for c in ends), Wait(thing, "take"))
        if isinstance(waiting, Select):
            found = []
            for case in waiting.cases:
                receives = type(case) is not tuple
                thing = self._thing(case if receives else case[0])
                (thing.receivers if receives else thing.senders).append(g.id)
                found.append(Wait(thing, "receive" if receives else "send"))
            if not found:
                found.append(Wait(self._new("select"), "wait"))
            return tuple(found)
        if waiting is None:
            return (Wait(self._new("event"), "wait"),)
        thing = self._thing(waiting)
        if isinstance(waiting, Chan):
            sends = reason.startswith("chan send")
            (thing.senders if sends else thing.receivers).append(g.id)
            return (Wait(thing, "send" if sends else "receive"),)
        thing.waiters.append(g.id)
        if isinstance(waiting, Descriptor):
            return (Wait(thing, waiting.waits_to()),)
        return (Wait(thing, _OPERATIONS.get(thing.kind, "rlock" if "RLock" in reason else "lock")),)

    def _new(self, kind: str) -> Thing:
        self.counts[kind] = self.counts.get(kind, 0) + 1
        thing = Thing(f"{kind} {self.counts[kind]}", kind)
        self.things[id(thing)] = thing
        return thing

    def _thing(self, obj: Any) -> Thing:
        """Return the record of an object, made when first met."""
        known = self.things.get(id(obj)) if obj is not None else None
        if known is not None:
            return known
        kind = _kind(obj)
        self.counts[kind] = self.counts.get(kind, 0) + 1
        thing = Thing(f"{kind} {self.counts[kind]}", kind)
        self.things[id(obj) if obj is not None else id(thing)] = thing
        if obj is None:
            return thing
        self.objects[thing.key] = obj
        if isinstance(obj, Descriptor):
            thing.name = obj.name
        made = getattr(obj, "made_code", None)
        if made is not None and not is_runtime_file(made.co_filename):
            lasti = obj.made_lasti
            thing.made = Frame(function_name(made), made.co_filename, line_of(made, lasti))
            key = id(made), lasti
            if key not in self.names:
                self.names[key] = as_written(name_of(obj, self.code))
            thing.name = self.names[key]
            if isinstance(obj, Chan):
                limits = obj.elem == "struct {}" and obj.cap > 0
                self._special(thing, maker(made, lasti), cancel_variable(made, lasti), limits)
        elif kind == "nil chan" and made is not None:
            thing.context = True  # the only nil channels that say where gosim made them
        if isinstance(obj, Chan):
            thing.cap, thing.len, thing.closed = obj.cap, len(obj), obj.closed
            thing.tokens = obj.cap > 0 and obj.elem in (None, "struct {}")
            thing.values = tuple(value_text(v, obj.elem) for v in islice(obj.buf or (), _MOST))
            thing.sendq = tuple(_line(obj, obj.sendq))
            thing.recvq = tuple(id_ for id_, _ in _line(obj, obj.recvq))
            if obj.timer is not None:
                thing.clock = _clock(obj.timer)
        if kind == "semaphore":
            thing.size = obj.size
        thing.counter = getattr(obj, "counter", None) if kind == "waitgroup" else None
        holders = getattr(obj, "holders", None)
        if holders is not None:
            thing.holders = tuple(self._holder(hold) for hold in holders())
        if kind == "cond":
            thing.of = self._thing(getattr(obj.L, "rw", obj.L)).key
        return thing

    def _pool(self, pool: Any) -> Thing:
        """Return the record of a pool of connections, with who has them."""
        from gosim.std.sql import book_of

        known = self.things.get(id(pool))
        if known is not None:
            return known
        thing = self.things[id(pool)] = self._new("pool")
        self.objects[thing.key] = pool
        book = book_of(self.world, pool)
        thing.made, thing.cap, thing.len = book.made, book.limit, book.in_use
        takers: dict[tuple[str, Frame | None], int] = {}
        for taker in book.taken.values():
            takers[taker] = takers.get(taker, 0) + 1
        thing.takers = tuple(Taker(what, at, n) for (what, at), n in takers.items())
        return thing

    def _special(self, thing: Thing, made_by: str, cancel: str | None, limits: bool) -> None:
        """Recognise the channels that are made inside other things, by the call that made those."""
        name = thing.name
        if made_by in CONTEXTS:
            thing.context = True
            thing.cancel = as_written(cancel)
            thing.name = None if name is None else say("thing.done", name=name)
        elif made_by in ("new_ticker", "new_timer"):
            thing.name = None if name is None else f"{name}.C"
        elif made_by in ("Group", "with_context") and limits:
            thing.kind = "errgroup"

    def _holder(self, hold: Any) -> Holder:
        code = hold.code
        at = Frame(function_name(code), code.co_filename, line_of(code, hold.lasti))
        alive, function = hold.g in self.world.allgs, self._function(hold.g)
        returned: tuple[int, ...] = ()
        if not alive and function == at.function:
            returned = exits(code, hold.lasti, _unlocks(code, hold.lasti))
        return Holder(hold.g.id, hold.role, alive, function, at, returned)

    def _function(self, g: G) -> str:
        """Return the outermost function that dumps show of a goroutine, as its record does."""
        chain = self.chains.get(g.id)
        return function_name(chain[0][0]) if chain else library_function(self.world, g)


def _pool_of(g: G, method_in_go: str, method: str) -> Any:
    """Return the pool of connections in whose method a goroutine waits, or None."""
    if not isinstance(g.waiting, Select):
        return None
    methods = (f"database/sql.(*DB).{method_in_go}", "db"), (f"DB.{method}", "self")
    for name, variable in methods:
        frame = method_frame(g.coro, name)
        if frame is not None:
            found = value_of(frame, ("name", variable))
            return None if found is UNKNOWN else found
    return None


_OPERATIONS: Final = {
    "waitgroup": "wait",
    "cond": "wait",
    "once": "do",
    "semaphore": "acquire",
    "event": "wait",
}


def _kind(obj: object) -> str:
    """Return what JSON and pictures call an object."""
    if obj is None or isinstance(obj, NilChan):
        return "nil chan"
    if isinstance(obj, Chan):
        return "chan" if obj.timer is None else "timer"
    name = type(obj).__name__
    if type(obj).__module__.startswith("simpy"):
        return "event"
    return _KINDS.get(name, name.lower())


def _line(ch: Chan[Any], queue: Iterable[G | Select] | None) -> Iterator[tuple[int, str]]:
    """Yield the first goroutines in a queue of a channel, each with the value it offers."""
    left = _MOST
    for sudog in queue or ():
        if isinstance(sudog, G):
            yield sudog.id, value_text(getattr(sudog, "elem", None), ch.elem)
        elif sudog.fired < 0:
            offers = (v for channel, sends, v in sudog.parts() if sends and channel is ch)
            yield sudog.g.id, value_text(next(offers, None), ch.elem)
        else:
            continue  # it has lost its select
        left -= 1
        if not left:
            return


def value_text(value: Any, elem: Any = None) -> str:
    """Return a value in at most 12 characters.

    No code of the program is called: what is not of a basic type is shown by its type's name.
    """
    if value is None:
        return "{}" if elem in (None, "struct {}") else "nil"
    if type(value) is bool:
        return "true" if value else "false"
    if isinstance(value, int):
        number = int.__index__(value)
        return _shortened(str(number)) if abs(number) < 10**40 else "…"
    if type(value) in (float, complex):
        return _shortened(repr(value))
    if isinstance(value, str):
        text = _shortened(str.__str__(value), 10)
        shown = [c if c.isprintable() else c.encode("unicode_escape").decode() for c in text]
        return f'"{"".join(shown)}"'
    if isinstance(value, bytes):
        return f"{bytes.__len__(value)} bytes"
    name = type(value).__name__
    if type(value) is tuple and not value:
        return "{}"  # Go's struct{}{}
    if type(value) in (list, tuple, dict, set):
        return f"{name}[{len(value)}]"
    return _shortened(name)


def _shortened(text: str, most: int = 12) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _unlocks(code: CodeType, lasti: int) -> frozenset[int]:
    """Return where a function unlocks what it locked at `lasti`: who left with it was not there."""
    lock = call_at(code, lasti)
    if lock is None or lock.callee is None or lock.callee[0] != "attr":
        return frozenset()
    return frozenset(
        call.offset
        for call in scan(code).calls
        if call.callee is not None
        and call.callee[0] == "attr"
        and call.callee[1] == lock.callee[1]
        and call.callee[2] in ("unlock", "runlock")
    )


def _clock(timer: Timer) -> Clock:
    kind = "ticker" if timer.period else "timer"
    return Clock(kind, timer.when > 0, timer.when, timer.period)


def is_shown(code: CodeType) -> bool:
    """Whether dumps show the frames of a function."""
    return not is_runtime_file(code.co_filename) or code in _GO_NAMES


def _chain(coro: Any, known: dict[tuple[int, ...], Chain]) -> Chain:
    """Return code and place of each frame of a suspended coroutine that dumps show.

    Outermost first.  Equal chains are the same object: `known` has them by the identities of their
    code objects.
    """
    key: list[int] = []
    found: list[tuple[CodeType, int]] = []
    while coro is not None:
        kind = type(coro)
        if kind is CoroutineType:
            frame, inner = coro.cr_frame, coro.cr_await
        elif kind is GeneratorType:
            frame, inner = coro.gi_frame, coro.gi_yieldfrom
        else:
            frame, inner = getattr(coro, "ag_frame", None), getattr(coro, "ag_await", None)
        if frame is None:
            break
        code = frame.f_code
        key += id(code), frame.f_lasti
        found.append((code, frame.f_lasti))
        coro = inner
    chain = known.get(tuple(key))
    if chain is None:
        chain = known[tuple(key)] = tuple((c, i) for c, i in found if is_shown(c))
    return chain


def _function(g: G) -> str:
    """Return the outermost function of a goroutine, also of one that has ended."""
    code = getattr(g.coro, "cr_code", None)
    if code is not None and (
        is_shown(code) or code.co_filename.endswith(".go") or in_library(code)
    ):
        return function_name(code)
    # Started through a helper of gosim, such as WaitGroup.go, which knows it while it runs; then
    # the go statement names the function.
    frame = getattr(g.coro, "cr_frame", None)
    given = None if frame is None else frame.f_locals.get("function", frame.f_locals.get("f"))
    code = getattr(given, "__code__", None)
    if code is not None and is_shown(code):
        return function_name(code)
    call = call_at(g.go_code, g.go_lasti) if g.go_code is not None else None
    if call is not None and call.callee == ("global", "go:spawn_plain") and call.args:
        text = text_of(call.args[0])
        if text is not None and "." in text:  # under the name that gc gives it
            return text
    started = started_function(call) if call is not None else None
    if started is not None:
        function = started[0]
        if function is not None and function[0] == "func" and function[1] is not None:
            return function_name(function[1])
        text = text_of(function)
        if text is not None and not text.startswith("go:"):  # what compiled Go starts them with
            return f"main.{text}"
    return "main.main" if g.id == 1 else "main.func"


def library_function(world: World, g: G) -> str:
    """Return the function of a goroutine that was started in the library (``go wg.Wait()``)."""
    whole = world.__dict__.get("whole_stack")
    found = whole(world, g) if whole is not None else ()
    return str(found[-1].function) if found else _function(g)


def _creation(g: G) -> Creation | None:
    code = g.go_code
    if code is None:
        return None
    return Creation(function_name(code), g.parent, code.co_filename, line_of(code, g.go_lasti))


def _memory(judgement: Judgement) -> dict[str, Any]:
    """What the goroutines that are left cost.  The heap itself is not simulated here."""
    stacks = STACK_MIN * len(judgement.goroutines)
    descriptors = sum(g.retained_bytes for g in judgement.goroutines) - stacks
    return {
        "heap_live": descriptors,
        "heap_inuse": descriptors,
        "stack_inuse": stacks,
        "sys": 0,
        "rss": 0,
        "num_gc": 0,
        "pinned": [],
    }
