"""What happened in a run, event after event, and the state of the world after each of them.

A :class:`Recorder` listens to a run and writes down plain data: numbers, places and short texts, no
object of the program (one that is kept alive by its own record would change what a collection
finds).  The :class:`Recording` is what timelines, steppers and trace files are made of.  Going
through ``recording.states()`` yields the whole state after each event: who runs, the run queue,
what each goroutine waits for, the values in every channel.
"""

from __future__ import annotations

import sys
import weakref
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import CodeType, FrameType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from gosim.leaks.goforms import as_written
from gosim.leaks.judge import _function, _kind, is_shown
from gosim.leaks.messages import say
from gosim.leaks.names import Code, name_at
from gosim.leaks.sites import CONTEXTS, maker
from gosim.runtime.chan import Chan
from gosim.runtime.g import G, Select
from gosim.runtime.observer import Observer
from gosim.runtime.proc import World
from gosim.runtime.program import program_namespaces
from gosim.runtime.traceback import (
    Frame,
    creation,
    frames,
    is_runtime_file,
    line_of,
    running_frames,
)

if TYPE_CHECKING:
    from gosim.memory.samples import Sample

_LOOP_GO: Final = World._loop_go.__code__
_LOOP_POLICY: Final = World._loop_policy.__code__
MOST_EVENTS: Final = 500_000
"""Events a recorder writes down before it gives up; a stepper shows far fewer."""
_LONGEST: Final = 24


class Event(NamedTuple):
    """One thing that happened.

    Attributes
    ----------
    kind : str
        ``go`` (`g` started `other`), ``run`` (the scheduler chose `g`; `text` says why, see
        `Recorder`), ``yield`` (`g` stopped and stays runnable; `text` is Go's reason,
        ``runtime.Gosched`` or ``preempted``), ``park`` (`g` waits; `text` is Go's wait reason,
        `value` what it wants to send, `when` until when), ``ready`` (`other` became runnable
        because of `g`), ``end`` (`g` is gone; `text` says how), ``send`` (`value` went to the
        receiver `other`, or into the buffer), ``recv`` (`value` came from the blocked sender
        `other`, or out of the buffer; `text` is ``closed`` when the channel was), ``close``
        (`others` are released), ``lock`` (a lock, group or atomic has changed; `text` says to
        what, `others` hold it), ``timer`` (a deadline came; `other` is who slept), ``print``
        (`text` went to stdout), ``gc`` (a collection ended; `text` is its kind, `value` the bytes
        before and after), ``return`` (main returned: what follows is the after-life).
    at : int
        Virtual ns since the run began.
    pick : int
        How often the scheduler had chosen by then.
    g : int
        The goroutine that did it; 0 is the runtime (a timer, say).
    file, line
        Where `g` stood; ``""`` and 0 if it is nobody's doing.
    thing : int
        Number of the channel, lock or timer in ``Recording.things``; 0 for none.
    other : int
        The other goroutine; 0 for none.
    text, value : str
    others : tuple of int
        Goroutines; of a ``park`` in a select the things of its cases, those sent to negative.
    when : int
        Virtual ns since the run began of the end of a sleep; -1 when that is not known.
    stack : int
        Number of the stack of `g` in ``Recording.stacks``; 0 where it is nobody's doing.
    """

    kind: str
    at: int
    pick: int
    g: int
    file: str = ""
    line: int = 0
    thing: int = 0
    other: int = 0
    text: str = ""
    value: str = ""
    others: tuple[int, ...] = ()
    when: int = -1
    stack: int = 0


@dataclass(slots=True)
class Object:
    """A channel, lock, group or timer of the program.

    Attributes
    ----------
    number : int
        Counts in the order of first use.
    kind : str
        As in JSON: ``chan``, ``nil chan``, ``mutex``, ``timer`` …
    name : str
        The variable it was first stored in; ``""`` when there is none.
    file, line
        Where it was made.
    cap : int
        Of a channel.
    """

    number: int
    kind: str
    name: str = ""
    file: str = ""
    line: int = 0
    cap: int = 0
    made: tuple[CodeType, int] | None = None

    @property
    def label(self) -> str:
        """Its name, or its kind and number."""
        return self.name or f"{self.kind} {self.number}"


@dataclass(slots=True)
class Member:
    """A goroutine that lived during the recording; `file` and `line` are its go statement's.

    `start` is where its function begins, as file and line; ``("", 0)`` when that is not known.
    """

    id: int
    function: str
    parent: int = 0
    file: str = ""
    line: int = 0
    start: tuple[str, int] = ("", 0)


@dataclass(slots=True)
class Standing:
    """One goroutine at one moment.

    Attributes
    ----------
    state : str
        ``running``, ``runnable``, ``waiting`` or ``gone``.
    reason : str
        Go's wait reason while it waits; how it ended when it is gone.
    file, line
        Where it stands.
    things : tuple of int
        What it waits for; negative where it waits to send.
    value : str
        What it wants to send.
    until : int
        End of its sleep; -1 when that is not known.
    """

    state: str = "runnable"
    reason: str = ""
    file: str = ""
    line: int = 0
    things: tuple[int, ...] = ()
    value: str = ""
    until: int = -1


@dataclass(slots=True)
class Queues:
    """A channel, or another thing that is waited for, at one moment."""

    buffer: list[str] = field(default_factory=list)
    closed: bool = False
    sendq: list[int] = field(default_factory=list)
    recvq: list[int] = field(default_factory=list)
    text: str = ""
    holders: tuple[int, ...] = ()


@dataclass(slots=True)
class State:
    """The world after an event; changed in place while a recording is gone through.

    Invariant: a goroutine is in `runq`, or `runnext`, or is `running`, or waits, or is gone.
    """

    at: int = 0
    pick: int = 0
    running: int = 0
    runnext: int = 0
    runq: list[int] = field(default_factory=list)
    goroutines: dict[int, Standing] = field(default_factory=dict)
    things: dict[int, Queues] = field(default_factory=dict)
    printed: int = 0
    after_main: bool = False

    def apply(self, event: Event) -> None:
        """Become the state after `event`."""
        self.at, self.pick = event.at, event.pick
        standing = self.goroutines.get(event.g)
        if standing is not None and event.line and standing.state == "running":
            standing.file, standing.line = event.file, event.line
        getattr(self, f"_{event.kind}")(event)

    def _go(self, event: Event) -> None:
        self.goroutines[event.other] = Standing(file=event.file, line=event.line)

    def _run(self, event: Event) -> None:
        self._leave_queue(event.g)
        self.running = event.g
        standing = self.goroutines[event.g]
        standing.state, standing.reason, standing.things = "running", "", ()
        standing.value, standing.until = "", -1

    def _yield(self, event: Event) -> None:
        self.running = 0
        self.goroutines[event.g].state = "runnable"
        self.runq.append(event.g)

    def _park(self, event: Event) -> None:
        self.running = 0
        standing = self.goroutines[event.g]
        standing.state, standing.reason, standing.value = "waiting", event.text, event.value
        standing.until = event.when
        sends = event.text.startswith("chan send")
        standing.things = event.others or ((-event.thing if sends else event.thing),)
        if not standing.things[0]:
            standing.things = ()
        for thing in standing.things:
            queues = self.thing(abs(thing))
            (queues.sendq if thing < 0 else queues.recvq).append(event.g)

    def _ready(self, event: Event) -> None:
        standing = self.goroutines[event.other]
        self._stop_waiting(event.other, standing)
        standing.state = "runnable"
        if self.runnext:
            self.runq.append(self.runnext)
        self.runnext = event.other

    def _end(self, event: Event) -> None:
        standing = self.goroutines[event.g]
        standing.state, standing.reason, standing.things = "gone", event.text, ()
        if self.running == event.g:
            self.running = 0

    def _send(self, event: Event) -> None:
        if not event.other:
            self.thing(event.thing).buffer.append(event.value)

    def _recv(self, event: Event) -> None:
        queues = self.thing(event.thing)
        if queues.buffer:
            queues.buffer.pop(0)
            if event.other:  # the blocked sender's value moves in at the tail
                queues.buffer.append(event.text)

    def _close(self, event: Event) -> None:
        self.thing(event.thing).closed = True

    def _lock(self, event: Event) -> None:
        queues = self.thing(event.thing)
        queues.text, queues.holders = event.text, event.others

    def _timer(self, event: Event) -> None:
        pass

    def _print(self, event: Event) -> None:
        self.printed += 1

    def _gc(self, event: Event) -> None:
        pass

    def _return(self, event: Event) -> None:
        self.after_main = True
        self.running = 0

    def thing(self, number: int) -> Queues:
        """Return the channel or lock with that number."""
        queues = self.things.get(number)
        if queues is None:
            queues = self.things[number] = Queues()
        return queues

    def _stop_waiting(self, g: int, standing: Standing) -> None:
        for thing in standing.things:
            queues = self.thing(abs(thing))
            queue = queues.sendq if thing < 0 else queues.recvq
            if queue and queue[-1] == g:
                queue.pop()  # whom a close releases it releases from the end
            elif g in queue:
                queue.remove(g)
        standing.things, standing.value, standing.until, standing.reason = (), "", -1, ""

    def _leave_queue(self, g: int) -> None:
        if self.runnext == g:
            self.runnext = 0
        elif self.runq and self.runq[0] == g:
            del self.runq[0]
        elif g in self.runq:
            self.runq.remove(g)


@dataclass(slots=True, repr=False)
class Recording:
    """All events of a run, and who and what took part.

    Attributes
    ----------
    events : list of Event
    goroutines : dict
        Every goroutine that lived, by ID.
    things : dict
        Every channel, lock, group and timer that was used, by number.
    stacks : list of tuple of Frame
        The stacks in which things happened, innermost frame first, each of them once; the first
        one is empty.
    samples : list of Sample
        Bytes over time, where memory was simulated.
    cut : bool
        There were more events than a recorder keeps.
    policy : str
        The scheduler.
    """

    events: list[Event] = field(default_factory=list)
    goroutines: dict[int, Member] = field(default_factory=dict)
    things: dict[int, Object] = field(default_factory=dict)
    stacks: list[tuple[Frame, ...]] = field(default_factory=lambda: [()])
    samples: list[Sample] = field(default_factory=list)
    cut: bool = False
    policy: str = "go"

    def __repr__(self) -> str:
        return f"<Recording: {len(self.events)} events of {len(self.goroutines)} goroutines>"

    def states(self) -> Iterator[tuple[Event, State]]:
        """Yield every event with the state after it; it is one State, changed in place."""
        state = State()
        for event in self.events:
            state.apply(event)
            yield event, state

    @property
    def stdout(self) -> str:
        """What the program printed."""
        return "".join(event.text for event in self.events if event.kind == "print")


class Recorder(Observer):
    """Writes down what happens; afterwards `recording` has it all.

    Why a goroutine was chosen (the text of a ``run`` event):

    - ``runnext``: it became runnable last, and the newest goes first;
    - ``queue``: it stood first in the run queue;
    - ``global``: it had yielded, which puts it at the tail of the global queue;
    - ``only``: nobody else could run;
    - ``policy``: another scheduler than Go's chose it.
    """

    def __init__(self, most: int = MOST_EVENTS) -> None:
        self.recording = Recording()
        self._most = most
        self._events = self.recording.events
        self._numbers: dict[int, int] = {}  # by identity, while the object lives
        self._refs: dict[int, Any] = {}
        self._world: Any = None
        self._pick = 0
        self._latest = 0
        self._running: G | None = None
        self._runnable = 0
        self._runnext: G | None = None
        self._yielded: set[int] = set()
        self._stacks: dict[tuple[Frame, ...], int] = {(): 0}

    # -- what observers hear ---------------------------------------------------------------------

    def run_started(self, world: World) -> None:
        """Remember the world for the length of the run."""
        self._world = world
        policy = world.policy
        self.recording.policy = "go" if policy is None else policy.name

    def goroutine_created(self, g: G, by: G | None) -> None:
        """Note the goroutine and the place of its go statement."""
        made = creation(g)
        file, line = (made.file, made.line) if made is not None else ("", 0)
        code = getattr(g.coro, "cr_code", None)
        start = ("", 0)
        if code is not None and is_shown(code):
            start = (code.co_filename, code.co_firstlineno)
        self.recording.goroutines[g.id] = Member(g.id, _function(g), g.parent, file, line, start)
        self._add("go", by, other=g.id)

    def goroutine_picked(self, g: G) -> None:
        """Note whom the scheduler chose, and why."""
        if not g.id:
            return  # the runtime's own
        if self._running is not None:
            self._yields(self._running)
        self._pick += 1
        if self.recording.policy != "go":
            why = "policy"
        elif self._runnable <= 1:
            why = "only"
        elif g is self._runnext:
            why = "runnext"
        else:
            why = "global" if g.id in self._yielded else "queue"
        if g is self._runnext:
            self._runnext = None
        self._yielded.discard(g.id)
        self._runnable -= 1
        self._running = g
        self._write(Event("run", self._now(), self._pick, g.id, text=why))

    def _yields(self, g: G) -> None:
        self._running = None
        self._runnable += 1
        self._yielded.add(g.id)
        stack = self._stack(frames(g))
        at = _operation(g)
        # Foreign schedulers stop a goroutine before any operation.
        foreign = self.recording.policy != "go" and at not in ("gosched", "_others_run")
        why = "preempted" if foreign or at == "work" else "runtime.Gosched"
        self._write(Event("yield", self._now(), self._pick, g.id, text=why, stack=stack))

    def goroutine_parked(self, g: G, reason: str, on: Any) -> None:
        """Note what it waits for."""
        thing, value, when = 0, "", -1
        others: tuple[int, ...] = ()
        if type(on) is Select:
            others = tuple(
                -self._number(ch) if sends else self._number(ch) for ch, sends, _ in on.parts()
            )
        elif type(on) is int:
            when = on - self._world.started_at
        elif on is not None:
            thing = self._number(on)
            if reason == "chan send":
                value = brief(g.elem)
            timer = getattr(on, "timer", None)
            if timer is not None and timer.when > 0:
                when = timer.when - self._world.started_at
        if self._running is g:
            self._running = None
        self._add("park", g, thing=thing, text=reason, value=value, others=others, when=when)

    def goroutine_readied(self, g: G, by: G | None) -> None:
        """Note who woke it."""
        if not g.id:
            return  # the runtime's own
        self._runnable += 1
        self._runnext = g
        self._add("ready", by, other=g.id)

    def goroutine_ended(self, g: G, how: str) -> None:
        """Note how."""
        if not g.id:
            return
        self._running = None
        self._write(Event("end", self._now(), self._pick, g.id, text=how))

    def channel_sent(self, ch: Any, value: Any, to: G | None) -> None:
        """Note where the value went."""
        self._add(
            "send",
            self._running,
            thing=self._number(ch),
            other=0 if to is None else to.id,
            value=brief(value),
        )

    def channel_received(self, ch: Any, value: Any, sender: G | None, ok: bool) -> None:
        """Note where the value came from."""
        moved_in = brief(ch.buf[-1]) if sender is not None and ch.buf else ""
        self._add(
            "recv",
            self._running,
            thing=self._number(ch),
            other=0 if sender is None else sender.id,
            value=brief(value) if ok else "",
            text=moved_in if ok else "closed",
        )

    def channel_closed(self, ch: Any, released: tuple[G, ...]) -> None:
        """Note who is released."""
        others = tuple(g.id for g in released)
        self._add("close", self._running, thing=self._number(ch, closing=True), others=others)

    def lock_changed(self, lock: Any) -> None:
        """Note its new state."""
        text, holders = _state_of(lock)
        self._add("lock", self._running, thing=self._number(lock), text=text, others=holders)

    def timer_fired(self, timer: Any) -> None:
        """Note that a deadline came."""
        g = getattr(timer, "g", None)
        ch = getattr(timer, "ch", None)
        self._write(
            Event(
                "timer",
                self._now(),
                self._pick,
                0,
                thing=0 if ch is None else self._number(ch),
                other=0 if g is None else g.id,
            )
        )

    def printed(self, text: str) -> None:
        """Note the text; what one call of print writes in pieces is one event."""
        last = self._events[-1]
        if last.kind == "print" and last.pick == self._pick and not last.text.endswith("\n"):
            self._events[-1] = last._replace(text=last.text + text)
        else:
            self._add("print", self._running, text=text)

    def gc_cycle(self, cycle: Any) -> None:
        """Note a collection and the bytes after it, but not those of the judge."""
        memory = self._world.memory
        if memory is not None and memory.frozen:
            return
        self._write(
            Event(
                "gc",
                self._now(),
                self._pick,
                0,
                text=cycle.kind,
                value=f"{cycle.before} {cycle.after}",
            )
        )

    def main_returned(self, world: World) -> None:
        """Note that the process would be over."""
        self._running = None
        self._write(Event("return", self._now(), self._pick, 0))

    def run_ended(self, world: World) -> None:
        """Give things their names, and let go of the world."""
        recording = self.recording
        code = Code(program_namespaces(world.globals))
        for thing in recording.things.values():
            if thing.made is not None:
                thing.name = _name(thing, code)
                thing.made = None
        memory = world.memory
        if memory is not None:
            recording.samples = list(memory.samples)
        self._world = self._running = self._runnext = None
        self._refs.clear()
        self._numbers.clear()

    # -- writing ---------------------------------------------------------------------------------

    def _now(self) -> int:
        # Where timers race with computation, goroutines have clocks of their own.
        self._latest = max(self._latest, int(self._world.now - self._world.started_at))
        return self._latest

    def _add(self, kind: str, g: G | None, **data: Any) -> None:
        if g is None:
            self._write(Event(kind, self._now(), self._pick, 0, **data))
            return
        frame = _innermost()
        file, line = ("", 0) if frame is None else (frame.f_code.co_filename, frame.f_lineno)
        stack = self._stack(running_frames(frame))
        self._write(Event(kind, self._now(), self._pick, g.id, file, line, **data, stack=stack))

    def _stack(self, stack: list[Frame]) -> int:
        """Return the number of a stack."""
        key = tuple(stack)
        number = self._stacks.get(key)
        if number is None:
            number = self._stacks[key] = len(self.recording.stacks)
            self.recording.stacks.append(key)
        return number

    def _write(self, event: Event) -> None:
        if len(self._events) < self._most:
            self._events.append(event)
        else:
            self.recording.cut = True

    def _number(self, obj: Any, closing: bool = False) -> int:
        """Return the number of a thing, given when it is first met.

        A context that has ended before anybody asked for its channel hands out a closed one, of
        which nobody has heard that it was closed.
        """
        key = id(obj)
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self.recording.things) + 1
            self.recording.things[number] = self._describe(obj, number)
            try:
                self._refs[key] = weakref.ref(obj, lambda _: self._forget(key))
            except TypeError:
                self._refs[key] = obj
            if getattr(obj, "closed", False) and not closing:
                self._write(Event("close", self._now(), self._pick, 0, thing=number))
        return number

    def _forget(self, key: int) -> None:
        """Another object may have the same identity from now on."""
        self._numbers.pop(key, None)
        self._refs.pop(key, None)

    def _describe(self, obj: Any, number: int) -> Object:
        thing = Object(number, _kind(obj), cap=getattr(obj, "cap_", 0))
        made = getattr(obj, "made_code", None)
        if made is not None and not is_runtime_file(made.co_filename):
            thing.made = made, obj.made_lasti
            thing.file, thing.line = made.co_filename, line_of(made, obj.made_lasti)
        return thing


def _operation(g: G) -> str:
    """Return the name of the innermost function of a suspended goroutine."""
    name, awaitable = "", g.coro
    while awaitable is not None:
        code = getattr(awaitable, "cr_code", None) or getattr(awaitable, "gi_code", None)
        if code is None:
            break
        name = code.co_name
        inner = getattr(awaitable, "cr_await", None)
        awaitable = getattr(awaitable, "gi_yieldfrom", None) if inner is None else inner
    return name


def _innermost() -> FrameType | None:
    """Return the innermost frame of the program; None where the runtime acts on its own."""
    frame: FrameType | None = sys._getframe(3)
    while frame is not None and is_runtime_file(frame.f_code.co_filename):
        code = frame.f_code
        if code is _LOOP_GO or code is _LOOP_POLICY:
            return None  # behind it are those who run the program
        frame = frame.f_back
    return frame


def _name(thing: Object, code: Code) -> str:
    assert thing.made is not None
    name = as_written(name_at(*thing.made, code))
    if name is None:
        return ""
    made_by = maker(*thing.made) if thing.kind in ("chan", "nil chan", "timer") else ""
    if made_by in CONTEXTS:
        return say("thing.done", name=name)
    return f"{name}.C" if made_by in ("new_ticker", "new_timer") else name


def brief(value: Any) -> str:
    """Return a value as a short text, in Go's spelling."""
    if value is None:
        return "nil"
    kind = type(value)
    if kind is bool:
        return "true" if value else "false"
    if kind is str:
        text = f'"{value}"' if len(value) <= _LONGEST else f'"{value[:_LONGEST]}…"'
        return text.replace("\n", "\\n")
    if kind is int or kind is float:
        text = str(value)
        return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    if kind is tuple and not value:
        return "{}"
    if isinstance(value, Chan):
        return "a channel"
    if callable(value):
        return "a function"
    name = kind.__name__
    return f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}"


def _state_of(lock: Any) -> tuple[str, tuple[int, ...]]:
    """Return a lock's state in a word, and who holds it."""
    holders = getattr(lock, "holders", None)
    if holders is not None:
        held = list(holders())
        ids = tuple(dict.fromkeys(hold.g.id for hold in held))
        if not held:
            return "free", ()
        roles = dict.fromkeys(hold.role for hold in held)
        return ", ".join(roles), ids
    counter = getattr(lock, "counter", None)
    if counter is not None:
        return f"counter {counter}", ()
    if hasattr(lock, "cur"):
        return f"{lock.cur} of {lock.size} taken", ()
    if hasattr(lock, "done") and not callable(lock.done):
        return "done" if lock.done else "", ()
    value = getattr(lock, "_value", None)
    return ("" if value is None else brief(value)), ()
