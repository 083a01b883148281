"""A schedule in words: what it does otherwise than the default one, and who is stuck in the end.

The facts are collected while the schedule is followed once more; the sentences are those of
`gosim.leaks.messages`, and speak of goroutines as the dump of that run does.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from gosim.explore.replay import Marked
from gosim.explore.step import CLOCK, Label
from gosim.explore.way import Way
from gosim.leaks.judge import _function, _kind
from gosim.leaks.messages import about, knows, say
from gosim.leaks.names import Code
from gosim.leaks.recording import Object, _name
from gosim.runtime.g import G
from gosim.runtime.observer import Observer
from gosim.runtime.program import program_namespaces
from gosim.runtime.traceback import frames, is_runtime_file, line_of, user_place

if TYPE_CHECKING:
    from gosim.explore.control import Control
    from gosim.leaks.messages import Source
    from gosim.leaks.run import Run
    from gosim.runtime.proc import World

__all__ = ["Telling"]

_VERBS: Final = {
    "send": "send",
    "recv": "receive",
    "close": "close",
    "main return": "main return",
    "death": "death",
    "print": "print",
    "read": "read",
    "write": "write",
    "atomic load": "read",
    "map load": "read",
    "atomic store": "write",
    "map store": "write",
    "mutex lock": "lock",
    "rwmutex lock": "lock",
    "rwmutex rlock": "rlock",
    "mutex trylock": "try",
    "rwmutex trylock": "try",
    "rwmutex tryrlock": "try",
    "mutex unlock": "unlock",
    "rwmutex unlock": "unlock",
    "rwmutex runlock": "runlock",
    "waitgroup add": "add",
    "waitgroup wait": "wait",
    "cond wait": "wait",
}
"""The templates for operations; all others only use what they are about."""

_BAD: Final = frozenset({"permanent", "unproven"})


@dataclass(slots=True)
class _Part:
    """What one goroutine takes part with."""

    who: str = ""
    at: str = ""
    key: str = ""
    kind: str = ""
    thing: Any = None
    is_timer: bool = False


@dataclass(slots=True)
class _Deed:
    """What a label means at a moment."""

    label: Label
    parts: list[_Part] = field(default_factory=list)


@dataclass(slots=True)
class _Turn:
    """A deviation."""

    step: int
    taken: _Deed
    usual: _Deed


class Telling(Marked, Observer):
    """Follows a way, and tells what it does; also to be given to the run as an observer.

    Parameters
    ----------
    way : Way
    """

    def __init__(self, way: Way) -> None:
        super().__init__(way)
        self._control: Control | None = None
        self._turns: list[_Turn] = []
        self._names: dict[int, str] = {}
        self._stopped = ""

    def begin(self, control: Control) -> None:
        """Begin at the first step."""
        super().begin(control)
        self._control = control
        self._turns = []

    def choose(self, enabled: Sequence[Label]) -> Label | None:
        """Return the step of the way, and note what it is where it is not the usual one."""
        deviates = self.deviates
        label = super().choose(enabled)
        if deviates and label is not None:
            taken, usual = self._deed(label), self._deed(self.usual)
            self._turns.append(_Turn(self.length, taken, usual))
        return label

    def run_ended(self, world: World) -> None:
        """Give things their names."""
        code = Code(program_namespaces(world.globals))
        for turn in self._turns:
            for part in (*turn.taken.parts, *turn.usual.parts):
                thing = part.thing
                if thing is not None and id(thing) not in self._names:
                    self._names[id(thing)] = _named(thing, code)
        if self._control is not None:
            self._stopped = getattr(self._control, "stopped", "")
        self._control = None

    # ---- facts ----

    def _deed(self, label: Label) -> _Deed:
        assert self._control is not None
        goroutines = {name: g for g, name in self._control.names.items()}
        deed = _Deed(label)
        for who, case in ((label.who, label.case), (label.partner, label.partner_case)):
            if who:
                g = goroutines.get(who)
                part = self._timer(who, goroutines) if g is None else self._part(g, case)
                deed.parts.append(part)
        return deed

    def _timer(self, who: str, goroutines: dict[str, G]) -> _Part:
        """What a timer does, which is named after what it was made for."""
        key = who.removeprefix(CLOCK).removeprefix(":")
        sleeper = goroutines.get(key)
        if sleeper is not None:
            return _Part(_told(sleeper), _place(sleeper), "sleep")
        assert self._control is not None
        thing = getattr(self._control, "things", {}).get(key)
        return _Part(key="timer", thing=thing, is_timer=True)

    def _part(self, g: G, case: int) -> _Part:
        pending = g.pending
        part = _Part(_told(g), _place(g))
        if pending is None:
            assert self._control is not None
            name, steps = self._control.names[g], self._control.steps
            part.key = "sleep" if g.wait_reason == "sleep" else "goes on"
            if not any(name in step.who for step in steps):
                part.key = "start"
            return part
        kind: str = pending[0]
        things: list[Any] = [*pending[1:]]
        part.kind = kind
        if kind == "main return" and g.id != 1:
            part.key = "return"
            return part
        if kind == "select":
            if not 0 <= case < len(things):
                part.key = "select.default"
                return part
            sends = type(things[case]) is tuple
            part.key = "select.send" if sends else "select.receive"
            part.thing = things[case][0] if sends else things[case]
            return part
        part.key = _VERBS.get(kind, "other" if things else "nothing")
        part.thing = things[0] if things else None
        return part

    # ---- words ----

    def story(self, run: Run, source: Source = "python") -> list[str]:
        """Return the story of the run that has ended, a sentence or two each."""
        with about(source):
            return [*self._schedule(), *_end(run, self._stopped, self.length)]

    def _schedule(self) -> list[str]:
        if not self._turns:
            return [say("story.default")]
        told: list[str] = []
        for turn in self._turns:
            key = "story.next" if told else "story.first"
            told.append(say(key, step=turn.step + 1, what=self._turn(turn)))
        return told

    def _turn(self, turn: _Turn) -> str:
        taken, usual = turn.taken, turn.usual
        shared = not set(taken.label.goroutines).isdisjoint(usual.label.goroutines)
        key = "story.instead" if shared else "story.before"
        return say(key, does=self._does(taken), other=self._does(usual))

    def _does(self, deed: _Deed) -> str:
        part = deed.parts[0]
        facts: dict[str, object] = {"who": part.who, "at": part.at, "thing": self._thing(part)}
        if len(deed.parts) > 1 and part.key != "sleep":
            partner = deed.parts[1]
            facts |= {"partner": partner.who, "there": partner.at}
            if not part.is_timer:
                return say("story.do.pass", **facts)
            facts["thing"] = name = self._names.get(id(partner.thing), "")
            return say("story.do.pass.timer" if name else "story.do.pass.timer.noname", **facts)
        if part.key == "timer":
            facts["thing"] = name = self._names.get(id(part.thing), "")
            return say("story.do.timer.of" if name else "story.do.timer", **facts)
        return say(f"story.do.{part.key}", **facts, kind=part.kind)

    def _thing(self, part: _Part) -> str:
        if part.thing is None:
            return ""
        return self._names.get(id(part.thing)) or _nameless(part.thing)


def _told(g: G) -> str:
    return say("story.who", id=g.id, function=_function(g))


def _place(g: G) -> str:
    file, line = user_place(frames(g))
    return "" if file is None else f"{os.path.basename(file)}:{line}"


def _named(thing: Any, code: Code) -> str:
    """Return the name of a thing, as recordings have it."""
    made = getattr(thing, "made_code", None)
    if made is None or is_runtime_file(made.co_filename):
        return ""
    described = Object(0, _kind(thing), made=(made, thing.made_lasti))
    described.file, described.line = made.co_filename, line_of(made, thing.made_lasti)
    return _name(described, code)


def _nameless(thing: Any) -> str:
    kind = _kind(thing)
    if type(thing).__module__.endswith("atomic"):
        kind = "atomic"
    key = f"noname.{kind}"
    return say(key) if knows(key) else say("noname", kind=kind)


def _end(run: Run, stopped: str, steps: int) -> list[str]:
    """Return how it ended: the panic or fatal error, then a sentence for all who are stuck."""
    told = []
    if run.outcome in ("panic", "fatal"):
        told.append(_dead("died", run.stderr))
    elif run.outcome == "limit":
        told.append(say("story.loop" if stopped == "livelock" else "story.limit", steps=steps))
    if run.after_main.panic:
        told.append(_dead("after", run.after_main.panic))
    if run.outcome not in ("panic", "fatal"):
        told += [leak.explanation for leak in run.leaks if leak.verdict in _BAD]
    return told


def _dead(key: str, stderr: str) -> str:
    """Tell what the runtime printed: its first line, and the innermost place of the stack."""
    lines = stderr.splitlines()
    text = lines[0] if lines else ""
    place = next((line.strip() for line in lines if line.startswith("\t")), "")
    if not place:
        return say(f"story.{key}.nowhere", text=text)
    return say(f"story.{key}", text=text, at=os.path.basename(place.partition(" +0x")[0]))
