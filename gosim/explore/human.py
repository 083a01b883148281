"""The strategy ``human``: somebody decides about each step, and sees what can be done and why.

What is seen is collected while the program runs: before each decision a `Position`, after each step
a sentence about it. Who decides is a function from a position to one of its choices; a way back is
a new execution of the steps but the last.
"""

from __future__ import annotations

import hashlib
import os
import sys
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from gosim.explore.position import Choice, Ending, Hold, Position, Standing, Thing
from gosim.explore.step import CLOCK, Label, Step
from gosim.explore.story import Telling, _Deed, _named, _nameless, _Part
from gosim.explore.way import Deviation, Way, in_turn
from gosim.leaks.judge import _function, _kind, value_text
from gosim.leaks.messages import about, knows, say
from gosim.leaks.names import Code
from gosim.leaks.recording import _state_of, brief
from gosim.runtime.chan import Chan
from gosim.runtime.errors import NotRepeatable
from gosim.runtime.g import G, Select
from gosim.runtime.program import program_namespaces
from gosim.runtime.select import default
from gosim.runtime.traceback import frames, running_frames, user_place

if TYPE_CHECKING:
    from gosim.explore.control import Control
    from gosim.explore.search import Trial
    from gosim.leaks.messages import Source
    from gosim.leaks.run import Run
    from gosim.runtime.proc import World

__all__ = ["Decide", "Human", "nth"]

Decide = Callable[[Position], "str | None"]
"""Says which choice to take, by its label; None ends the execution there."""

_SHOWN: Final = frozenset(
    ("chan", "timer", "mutex", "rwmutex", "waitgroup", "cond", "once", "semaphore", "errgroup")
)
_BAD: Final = frozenset({"permanent", "unproven"})


class Human(Telling):
    """Takes the steps that somebody decides on; also to be given to the run as an observer.

    Parameters
    ----------
    taken : sequence of str
        Labels of the steps to begin with.
    decide : callable
        Asked from then on.
    since : int, optional
        The step from which on positions are collected; left out, behind those to begin with.
    source : {"python", "go"}
        How things are spelled.
    counts : bool
        The program asks how many goroutines there are: who starts or ends one is seen by others.
    known : dict, optional
        Names of things that other executions of the program have found; more are put in.

    Attributes
    ----------
    positions : list of Position
        From `since` on; the last one is the end, when it has come to one.
    effects : list of str
        For each step a sentence: what it did.
    quiet : list of bool
        For each step, whether it has touched nothing that others could see.
    ends : list of (int, int)
        For each step, what a token of the steps up to it says: how many deviations, and the sum.
    """

    name = "human"

    def __init__(
        self,
        taken: Sequence[str],
        decide: Decide,
        since: int | None = None,
        source: Source = "python",
        known: dict[Any, str] | None = None,
        counts: bool = True,
    ) -> None:
        super().__init__(Way.of((), 0))
        self._known = {} if known is None else known
        self.decide = decide
        self.since = len(taken) if since is None else since
        self.source = source
        self.positions: list[Position] = []
        self._given = [Label.parse(each) for each in taken]
        self._made: list[Deviation] = []
        self._counts = counts
        self._code: Code | None = None
        self._world: Any = None
        self._functions: dict[G, str] = {}
        self._places: dict[G, tuple[str | None, int | None]] = {}
        self._printing: dict[str, list[tuple[str | None, int | None]]] = {}
        self._alike: dict[tuple[str, str], dict[int, int]] = {}
        self._fields: dict[int, str] | None = None
        self.quiet: list[bool] = []
        self._heard: list[tuple[str, Any]] = []
        self.ends: list[tuple[int, int]] = []
        self._deed_now: _Deed | None = None
        self._before: dict[str, bool] = {}
        self._hashes: list[bytes] = []
        self.effects: list[str] = []
        self._stopped_here = False
        self._returned = False
        self._ends = False

    # ---- the strategy ----

    def begin(self, control: Control) -> None:
        """Begin at the first step."""
        super().begin(control)
        self._made, self._hashes, self.effects, self._heard = [], [], [], []
        self.positions, self.quiet, self.ends = [], [], []
        self._functions, self._places, self._printing = {}, {}, {}
        self._code, self._deed_now, self._before = None, None, {}
        self._stopped_here = self._returned = self._ends = False

    def run_started(self, world: World) -> None:
        """Remember the world."""
        self._world = world

    @property
    def deviates(self) -> bool:
        """Whether the step that was chosen last is a deviation."""
        return bool(self._made) and self._made[-1].step == self.length

    def choose(self, enabled: Sequence[Label]) -> Label | None:
        """Return the step that was given, or ask."""
        with about(self.source):
            return self._choose(enabled)

    def _choose(self, enabled: Sequence[Label]) -> Label | None:
        step = self.length
        usual = self.usual = self._order.first(enabled)
        ordered = in_turn(usual, enabled)
        self._look()
        self._tell_last(ordered)
        if step >= self.since:
            self.positions.append(self._position(ordered, usual))
        if step < len(self._given):
            label = self._given[step]
            if label not in ordered:
                raise NotRepeatable(
                    f"not repeatable: at step {step + 1} there is no {label}; do you iterate a "
                    "set, read the clock, use `random`? (gosim.rand is the deterministic one)"
                )
        else:
            chosen = self.decide(self.positions[-1])
            if chosen is None:
                self._stopped_here = True
                return None
            label = Label.parse(chosen)
            assert label in ordered
        if label != usual:
            self._made.append(Deviation(step, ordered.index(label)))
            could = "\n".join(sorted(map(str, enabled)))
            self.mark(zlib.crc32(could.encode(), self._sum) & 0xFF)
        self._deed_now = self._deed(label)
        self._before = {g: True for each in ordered for g in each.goroutines}
        self._heard.clear()
        return label

    def took(self, step: Step) -> None:
        """Take it into the way."""
        super().took(step)
        if step.text == "print" and self._printing.get(step.label.who):
            self._printing[step.label.who].pop(0)
        alone = len(step.who) == 1 and not step.wakes and not step.died
        things = [key for key, _ in step.accesses]
        counts = self._counts
        self.quiet.append(alone and all(key == "goroutines" and not counts for key in things))
        below = sorted(
            self._hashes[i] for i in range(len(self._hashes)) if step.before >> i & 1
        )  # it is not in it yet itself
        own = hashlib.blake2b(str(step.label).encode(), digest_size=10)
        for each in below:
            own.update(each)
        self._hashes.append(own.digest())
        self.ends.append((len(self._made), self.end))
        self._set_way()

    def _set_way(self) -> None:
        self.way = Way.of(self._made, self.length, self._stopped_here)

    def token_at(self, trial: Trial, length: int, whole: bool) -> str:
        """Return the token of the first steps; or of the `whole` execution, which has ended."""
        if whole:
            ticket = self.ticket(trial.timers, trial.early_ticks, trial.program)
        else:
            made, end = self.ends[length - 1] if length else (0, 0)
            way = Way.of(self._made[:made], length, True)
            ticket = replace(
                self.ticket(trial.timers, trial.early_ticks, trial.program),
                way=way,
                marks=tuple(self.marks[:made]),
                end=end,
            )
        return ticket.token(int(trial.options.get("seed", 0)))

    def puts_off(self, g: G, waiting: int) -> None:
        """Keep where it prints; the goroutine is somewhere else when the step comes."""
        assert self._control is not None
        places = self._printing.setdefault(self._control.names[g], [])
        if len(places) < waiting:
            places.append(user_place(running_frames(sys._getframe(2))))

    def _place_of(self, g: G) -> tuple[str | None, int | None]:
        """Return where the next step of a goroutine is."""
        assert self._control is not None
        places = self._printing.get(self._control.names[g])
        if places:
            return places[0]
        file, line = user_place(frames(g))
        if file is None:  # its function has returned
            return self._places.get(g, (None, None))
        return file, line

    # ---- what is heard ----

    def channel_sent(self, ch: Any, value: Any, to: G | None) -> None:
        """Keep the value."""
        self._heard.append(("value", (ch, value)))

    def channel_received(self, ch: Any, value: Any, sender: G | None, ok: bool) -> None:
        """Keep the value."""
        self._heard.append(("value", (ch, value)) if ok else ("zero", ch))

    def goroutine_created(self, g: G, by: G | None) -> None:
        """Somebody started."""
        self._functions[g] = _short(_function(g))
        self._heard.append(("born", g))

    def goroutine_ended(self, g: G, how: str) -> None:
        """Somebody ended."""
        self._heard.append(("ended", (g, how)))

    def main_returned(self, world: World) -> None:
        """The process would be over."""
        self._returned = True

    def printed(self, text: str) -> None:
        """Something was printed."""
        self._heard.append(("print", text))

    # ---- the position ----

    def _position(self, ordered: Sequence[Label], usual: Label) -> Position:
        choices = tuple(self._choice(label, label == usual) for label in ordered)
        able = {name for label in ordered for name in label.goroutines}
        return self._seen(choices, able)

    def _seen(
        self, choices: tuple[Choice, ...], able: Iterable[str], ending: Ending | None = None
    ) -> Position:
        control, world = self._control, self._world
        assert control is not None
        able = set(able)
        standing = []
        used: set[str] = set()
        for g, name in control.names.items():
            if g in world.allgs and g.coro is not None:
                stands = self._standing(g, name, able)
                used.update(key for key, _ in stands.on)
                standing.append(stands)
        things = [
            each
            for key, thing in control.things.items()
            if (each := self._thing_seen(key, thing, used)) is not None
        ]
        return Position(
            taken=tuple(str(step.label) for step in control.steps),
            told=tuple(self.effects),
            choices=choices,
            goroutines=tuple(standing),
            things=tuple(things),
            output="".join(world.out),
            returned=self._returned,
            ending=ending,
            state=self.state,
        )

    @property
    def state(self) -> str:
        """What ways have in common that lead to the same: their steps, each with those before."""
        return hashlib.blake2b(b"".join(sorted(self._hashes)), digest_size=10).hexdigest()

    def _standing(self, g: G, name: str, able: set[str]) -> Standing:
        assert self._control is not None
        file, line = self._place_of(g)
        on: list[tuple[str, str]] = []
        pending = g.pending
        timers = f"{CLOCK}:{name}"
        asleep = g.wait_reason == "sleep" and g not in self._world.runq
        if name in self._control.progress.withheld:
            words = say("play.op.spins")
        elif self._control.prints_first(name):
            words = say("play.op.print")
        elif pending is not None:
            words, on = self._about(pending)
        elif not asleep and (g in self._world.runq or name in able):
            new = not any(name in step.who for step in self._control.steps)
            words = say("play.op.start" if new else "play.op.goes on")
        elif asleep:
            words = say("play.op.sleep")
        else:
            words, on = self._parked(g)
        printing = self._control.prints_first(name)
        if name in able and (printing or pending is not None or not asleep):
            state = "ready"
        elif timers in able or (asleep and pending is None):
            state = "sleeps"
        else:
            state = "waits"
        return Standing(
            name, self._functions.get(g, ""), file or "", line or 0, state, words, tuple(on)
        )

    def _about(self, pending: tuple[Any, ...]) -> tuple[str, list[tuple[str, str]]]:
        """What a goroutine has announced, in words, and what it is about."""
        kind = pending[0]
        if kind == "select":
            parts, on = [], []
            for case in pending[1:]:
                if case is default:
                    parts.append(say("play.op.default"))
                    continue
                sends = type(case) is tuple
                channel = case[0] if sends else case
                parts.append(
                    say(f"play.op.{'send' if sends else 'recv'}", thing=self._call(channel))
                )
                if isinstance(channel, Chan) and not channel.is_nil:
                    on.append((self._key(channel), "send" if sends else "receive"))
            if not parts:
                return say("play.op.nothing"), []
            return say("play.op.select", cases=say("play.or").join(parts)), on
        key = f"play.op.{kind}"
        thing = pending[1] if len(pending) > 1 else None
        if not knows(key):
            key = "play.op.other" if thing is not None else "play.op.goes on"
        words = say(key, thing="" if thing is None else self._call(thing))
        if thing is None or isinstance(thing, str) or getattr(thing, "is_nil", False):
            return words, []
        return words, [(self._key(thing), _OPERATION.get(kind, kind.rpartition(" ")[2]))]

    def _parked(self, g: G) -> tuple[str, list[tuple[str, str]]]:
        """What a goroutine waits for in a queue."""
        waiting = g.waiting
        if isinstance(waiting, Select):
            return self._about(("select", *waiting.cases))
        if isinstance(waiting, Chan):
            sends = g.wait_reason.startswith("chan send")
            return self._about(("send" if sends else "recv", waiting))
        if waiting is None or isinstance(waiting, tuple):
            return say("play.op.reason", reason=g.wait_reason), []
        kind = _kind(waiting)
        key = f"play.queue.{'rlock' if 'RLock' in g.wait_reason else kind}"
        words = say(key if knows(key) else "play.op.other", thing=self._call(waiting))
        return words, [(self._key(waiting), _QUEUES.get(kind, "lock"))]

    def _thing_seen(self, key: str, thing: Any, used: set[str]) -> Thing | None:
        kind = _kind(thing)
        if kind not in _SHOWN or getattr(thing, "is_nil", False):
            return None
        words, _ = ("", ()) if isinstance(thing, Chan) else _state_of(thing)
        holders: list[Hold] = []
        if isinstance(thing, Chan):
            words = self._channel_words(thing)
        elif hasattr(thing, "holders"):
            assert self._control is not None
            names = self._control.names
            holders = [Hold(names.get(h.g, "?"), h.role) for h in thing.holders()]
        known = self._name(thing) or self._as_field(thing)
        if key not in used and not holders and not known:
            return None
        return Thing(key, self._call(thing), kind, words, tuple(dict.fromkeys(holders)))

    def _channel_words(self, ch: Chan[Any]) -> str:
        if ch.timer is not None:
            return say("play.chan.timer")
        if ch.closed and not len(ch):
            return say("play.chan.closed")
        if ch.cap_ == 0:
            return say("play.chan.unbuffered")
        values = ", ".join(_value(ch, v) for v in list(ch.buf or ())[:8])
        key = (
            "play.chan.closing"
            if ch.closed
            else "play.chan.buffer"
            if values
            else "play.chan.empty"
        )
        return say(key, len=len(ch), cap=ch.cap_, values=values)

    # ---- names ----

    def _key(self, thing: Any) -> str:
        assert self._control is not None
        return self._control.key(thing)

    def _name(self, thing: Any) -> str:
        made = getattr(thing, "made_code", None)
        if made is None:
            return ""
        key = made, thing.made_lasti, _kind(thing)
        name = self._known.get(key)
        if name is None:
            if self._code is None:
                self._code = Code(program_namespaces(self._world.globals))
            name = self._known[key] = _named(thing, self._code)
        return name

    def _call(self, thing: Any) -> str:
        if thing is None or getattr(thing, "is_nil", False):
            return say("noname.nil chan")
        name = self._name(thing) or self._as_field(thing)
        if not isinstance(thing, Chan) and _kind(thing) not in _SHOWN:
            return name or _nameless(thing)
        alike = self._alike.setdefault((name, _kind(thing)), {})
        if not alike:  # everything of that name that is there now, in the order of its making
            assert self._control is not None
            for each in self._control.things.values():
                if (
                    _kind(each) == _kind(thing)
                    and (self._name(each) or self._as_field(each)) == name
                ):
                    alike[id(each)] = len(alike) + 1
        number = alike.setdefault(id(thing), len(alike) + 1)
        if len(alike) == 1:
            return name or _nameless(thing)
        return say("thing.number", name=name or _kind(thing), number=number)

    def _as_field(self, thing: Any) -> str:
        """Return the name of what is a field of a struct in a Go program: ``account.mu``."""
        if self._fields is None:
            assert self._control is not None
            self._fields = {}
            for each in self._control.things.values():
                kind = type(each)
                if kind.__module__ != "gosim_program" or "." not in kind.__name__:
                    continue
                owner = self._name(each) or kind.__name__.rpartition(".")[2]
                for field in _slots(kind):
                    self._fields.setdefault(id(getattr(each, field, None)), f"{owner}.{field}")
        return self._fields.get(id(thing), "")

    def _look(self) -> None:
        """Forget how things were numbered: there may be more of them now."""
        self._alike.clear()
        self._fields = None

    # ---- words for a step ----

    def _choice(self, label: Label, usual: bool) -> Choice:
        deed = self._deed(label)
        who = tuple(name for name in label.goroutines if not name.startswith(CLOCK))
        sleeper = label.who.removeprefix(f"{CLOCK}:")
        if label.timer and not who and deed.parts[0].key == "sleep":
            who = (sleeper,)
        at = next((part.at for part in deed.parts if part.at), "")
        part = deed.parts[0]
        alone = len(deed.parts) == 1 and not label.timer
        quiet = alone and part.key in ("start", "goes on", *(() if self._counts else ("return",)))
        return Choice(str(label), who, self._sentence(deed), at, usual, quiet)

    def _sentence(self, deed: _Deed, value: str = "") -> str:
        part = deed.parts[0]
        facts: dict[str, object] = {
            "who": part.who,
            "thing": self._call(part.thing) if part.thing is not None else "",
            "value": value or say("play.value"),
        }
        if len(deed.parts) > 1 and part.key != "sleep":
            partner = deed.parts[1]
            facts["partner"] = partner.who
            if not part.is_timer:
                return say("play.do.pass", **facts)
            facts["thing"] = self._call(partner.thing) if partner.thing is not None else ""
            return say("play.do.timer for", **facts)
        if part.key == "timer":
            return say("play.do.timer", **facts)
        if part.key == "print":
            key = "play.do.print.late" if self._returned else "play.do.print"
            return say(key, who=part.who, text=_quoted(part.kind))
        if part.key == "death" and self._returned:
            return say("play.do.death.late", who=part.who)
        key = f"play.do.{part.kind}"
        if not part.kind or part.key.startswith(("select", "return", "print")) or not knows(key):
            key = f"play.do.{part.key}"
        if not knows(key):
            key = "play.do.other" if part.thing is not None else "play.do.goes on"
        return say(key, **facts)

    def _part(self, g: G, case: int) -> _Part:
        part = super()._part(g, case)
        file, line = user_place(frames(g))
        if file is not None:
            self._places[g] = file, line
        assert self._control is not None
        if self._control.prints_first(self._control.names[g]):
            text = self._control.to_print(self._control.names[g])
            part.key, part.kind, part.thing = "print", text, None
            self._places[g] = self._place_of(g)
        file, line = self._place_of(g)
        part.at = f"{os.path.basename(file)}:{line}" if file else ""
        part.who = self._control.names[g]
        return part

    def _timer(self, who: str, goroutines: dict[str, G]) -> _Part:
        part = super()._timer(who, goroutines)
        if not part.is_timer:
            part.who = who.removeprefix(f"{CLOCK}:")
        return part

    def _tell_last(self, ordered: Sequence[Label]) -> None:
        """Say what the step that is over has done, now that it is known who is where."""
        deed = self._deed_now
        if deed is None:
            return
        self.effects.append(self._effect(deed, ordered))
        self._deed_now = None

    def _effect(self, deed: _Deed, ordered: Sequence[Label]) -> str:
        control, world = self._control, self._world
        assert control is not None
        names = control.names
        value, printed, told = "", "", []
        part = deed.parts[0]
        for what, about_it in self._heard:
            if what == "value" and not value:
                value = _value(about_it[0], about_it[1])
            elif what == "zero" and not value:
                value = say("play.zero")
            elif what == "print":
                printed += about_it
        head = self._sentence(deed, value)
        if printed and part.key != "print":
            told.append(say("play.prints", text=_quoted(printed)))
        mine = {each.who for each in deed.parts}
        for what, about_it in self._heard:
            if what == "born" and names.get(about_it) is not None and len(names) > 1:
                function = self._functions[about_it]
                told.append(say("play.starts", who=names[about_it], function=function))
            elif what == "ended" and names.get(about_it[0], "main") != "main":
                key = "play.panics" if about_it[1] == "panic" else "play.returns"
                if part.key not in ("return", "death"):
                    told.append(say(key, who=names[about_it[0]]))
        able = {name for label in ordered for name in label.goroutines}
        born = {names.get(g) for what, g in self._heard if what == "born"}
        alive = [name for g, name in names.items() if g in world.allgs]
        ready = [n for n in alive if n in able and n not in self._before and n not in mine | born]
        stuck = [n for n in alive if n in mine and n not in able]
        for name in ready:
            told.append(say("play.ready", who=name))
        for name in stuck:
            g = next(g for g, n in names.items() if n == name)
            words = self._standing(g, name, able)
            key = "play.sleeps" if words.state == "sleeps" else "play.stuck"
            told.append(say(key, who=name, words=words.words))
        return "; ".join([head, *told])

    # ---- the end ----

    def run_ended(self, world: World) -> None:
        """See who is left."""
        if not self._stopped_here:
            with about(self.source):
                self._look()
                self._tell_last(())
                self._last = self._seen((), ())
        self._set_way()
        self._control_kept = self._control
        super().run_ended(world)
        self._world = None

    def ended(self, run: Run) -> None:
        """Hear of the record of the run: the last position says how it came out."""
        if self._stopped_here:
            return
        self.positions.append(replace(self._last, ending=ending_of(run)))


_QUEUES: Final = {"cond": "wait", "waitgroup": "wait", "semaphore": "acquire", "once": "do"}
_OPERATION: Final = {"recv": "receive", "mutex lock": "lock", "cond wait": "wait"}


def ending_of(run: Run) -> Ending:
    """Return how a run came out."""
    told = [leak.explanation for leak in run.leaks if leak.verdict in _BAD]
    stderr = run.stderr.partition("\n")[0]
    if not stderr and run.after_main.panic:
        text = run.after_main.panic.partition("\n")[0]
        stderr = say("play.after", text=text)
    left = (
        ()
        if run.outcome in ("panic", "fatal", "exit")
        else tuple(
            f"{g.function} [{g.wait_reason or g.state}] {g.at.rpartition('/')[2]}"
            for g in run.goroutines
            if g.leak is not None
        )
    )
    return Ending(run.outcome, stderr, tuple(told), left, run.exit_code)


def nth(taken: Sequence[str], label: str) -> tuple[str, int]:
    """Tell a step apart from others of its label: a step that was found to touch something, say."""
    return label, taken.count(label)


def _slots(kind: type) -> Sequence[str]:
    slots = kind.__dict__.get("__slots__", ())
    return (slots,) if isinstance(slots, str) else tuple(slots)


def _value(ch: Any, value: Any) -> str:
    if value is None:
        return value_text(value, ch.elem)
    kind = type(value).__name__
    if not kind.startswith("class:"):
        return brief(value)
    kind = kind.removeprefix("class:").removeprefix("main.")  # a struct of a Go program
    return "{}" if kind == "struct {}" else f"{kind}{{…}}"


def _short(function: str) -> str:
    return function.removeprefix("main.")


def _quoted(text: str) -> str:
    text = text.removesuffix("\n").replace("\n", " ⏎ ")
    return f"“{text}”" if len(text) <= 60 else f"“{text[:59]}…”"
