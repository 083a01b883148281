"""A run as a Mermaid sequence diagram, which GitHub, GitLab and many editors draw from text.

Goroutines are the participants; arrows are ``go`` statements, values that go from one to another,
closes, and every other wake-up.  A diagram is for the eye: of a larger run it would be a wall, so
it is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from gosim.leaks.explain import duration
from gosim.runtime.errors import UsageError

if TYPE_CHECKING:
    from gosim.leaks.recording import Event, Recording
    from gosim.leaks.run import Run

MOST_STEPS: Final = 200
"""Arrows and notes in a diagram that can be read."""
MOST_GOROUTINES: Final = 20
_CLOCK: Final = "clock"


def sequence(run: Run, title: str = "") -> str:
    """Return what happened in a run as a sequence diagram.

    Parameters
    ----------
    run : Run
        Done once more if it was not recorded (see `Run.recording`).
    title : str

    Raises
    ------
    UsageError
        When it would have more than `MOST_GOROUTINES` participants or `MOST_STEPS` steps, and when
        the run cannot be repeated.
    """
    recording = run.recording()
    count = len(recording.goroutines)
    if count > MOST_GOROUTINES:
        raise UsageError(
            f"a sequence diagram of {count} goroutines cannot be read; it is made of "
            f"{MOST_GOROUTINES} at most, so try a smaller run (-p n=3)"
        )
    steps = list(_steps(run, recording))
    if recording.cut or len(steps) > MOST_STEPS:
        many = "too many" if recording.cut else str(len(steps))
        raise UsageError(
            f"a sequence diagram of {many} steps cannot be read; it is made of {MOST_STEPS} at "
            f"most, so try a smaller run (-p n=3)"
        )
    lines = ["sequenceDiagram"]
    if title:
        lines.append(f"  title {_text(title)}")
    for g in recording.goroutines.values():
        name = g.function if g.id == 1 else f"{g.id} {g.function}"
        lines.append(f"  participant g{g.id} as {_text(name)}")
    if any(_CLOCK in step.split(":", 1)[0] for step in steps):
        lines.append(f"  participant {_CLOCK} as virtual clock")
    return "\n".join([*lines, *(f"  {step}" for step in steps), ""])


def _steps(run: Run, recording: Recording) -> Iterator[str]:
    """Yield arrows and notes in the order of what happened."""
    told = set(_told(recording.events))
    waits: dict[int, Event] = {}
    for event in recording.events:
        if event.kind == "park":
            waits[event.g] = event
        elif event.kind == "ready":
            if event.other and (event.pick, event.g, event.other) not in told:
                yield _wakes(event, waits.get(event.other), recording)
        else:
            yield from _step(event, recording)
    known = recording.goroutines
    for g in run.goroutines:
        if g.id in known and g.leak in ("permanent", "unproven"):
            always = "for ever" if g.leak == "permanent" else "to the end"
            at = g.at.replace("\\", "/").rpartition("/")[2]
            yield f"Note over g{g.id}: blocked {always}<br/>{_text(f'{g.wait_reason}, {at}')}"


def _step(event: Event, recording: Recording) -> Iterator[str]:
    thing = recording.things.get(event.thing)
    name = thing.label if thing is not None else ""
    me, other = _who(event.g), _who(event.other)
    if event.kind == "go" and event.g:
        yield f"{me}-->>{other}: go"
    elif event.kind == "send":
        to = other if event.other else me
        into = "" if event.other else " (into the buffer)"
        yield f"{me}->>{to}: {_text(f'{name} ← {event.value}{into}')}"
    elif event.kind == "recv":
        if event.text == "closed":
            yield f"{me}->>{me}: {_text(f'← {name} (closed)')}"
        elif thing is not None and thing.cap:
            yield f"{me}->>{me}: {_text(f'{event.value} ← {name} (out of the buffer)')}"
            if event.other:  # who waited for room
                yield f"{me}-->>{other}: {_text(f'room in {name} for {event.text}')}"
        else:
            yield f"{other}->>{me}: {_text(f'{event.value} ← {name}')}"
    elif event.kind == "close":
        for g in event.others or (event.g,):
            yield f"{me}-){_who(g)}: {_text(f'close({name})')}"
    elif event.kind == "return":
        yield "Note over g1: main has returned#59; what follows is as if the process lived on"
    elif event.kind == "end" and event.text != "returned":
        yield f"Note over {me}: {_text(event.text)}"


def _wakes(event: Event, wait: Event | None, recording: Recording) -> str:
    """Return the arrow of a wake-up that is neither a value nor a close."""
    if wait is None:
        words = "wakes it"
    elif wait.text == "sleep":
        words = f"end of its sleep, at {duration(event.at)}"
    else:
        of = [recording.things[abs(n)].label for n in (wait.thing, *wait.others) if n]
        words = f"ends its wait for {' or '.join(of)}" if of else f"ends its {wait.text}"
    return f"{_who(event.g)}-->>{_who(event.other)}: {_text(words)}"


def _told(events: Iterable[Event]) -> Iterator[tuple[int, int, int]]:
    """Yield who wakes whom by a value or a close: those arrows say it already."""
    started: dict[int, None] = {}
    for event in events:
        if event.kind in ("send", "recv") and event.other:
            yield event.pick, event.g, event.other
        elif event.kind == "close":
            for g in event.others:
                yield event.pick, event.g, g
        elif event.kind == "go" and event.other not in started:
            started[event.other] = None
            yield event.pick, event.g, event.other


def _who(g: int) -> str:
    return f"g{g}" if g else _CLOCK


def _text(text: str) -> str:
    """Escape what means something to Mermaid or HTML: it has codes such as ``#59;``."""
    special = {"#": "#35;", ";": "#59;", "<": "#lt;", ">": "#gt;", "&": "#amp;", "%": "#37;"}
    return "".join(special.get(c, c) if c.isprintable() else " " for c in text)
