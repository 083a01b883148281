"""A run as a trace in the JSON format of Chrome, for ui.perfetto.dev and ``chrome://tracing``.

Every goroutine is a track with a slice for each stretch of running, being runnable and waiting;
flow arrows go from who woke to who was woken; counters show memory and how many goroutines are in
which state.  Slices are *complete* events (``X``), so none can be left open.

The format is documented in "Trace Event Format", Google 2016.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from gosim.export.moments import CUT, moments
from gosim.leaks.explain import duration

if TYPE_CHECKING:
    from gosim.export.moments import Moments
    from gosim.leaks.recording import Event, Recording
    from gosim.leaks.run import Run
    from gosim.memory.samples import Sample

PROCESS: Final = 1
RUNTIME: Final = 2
"""Track of timers and collections: Go numbers its own goroutines from 2, those of programs from 6
or 7 on."""
STATES: Final = ("running", "runnable", "waiting")
_CURVES: Final = {
    "heap live": "heap_live",
    "heap in use": "heap_inuse",
    "stacks": "stack_inuse",
    "next collection at": "next_gc",
    "resident memory": "rss",
}
# What stands first at the same time: slices are there before arrows are tied to them.
_META, _SLICE, _FLOW, _COUNT, _MARK = range(5)


def trace(run: Run, title: str = "") -> str:
    """Return what happened in a run as a trace.

    Parameters
    ----------
    run : Run
        Done once more if it was not recorded (see `Run.recording`).
    title : str
        Goes into ``otherData``.

    Raises
    ------
    UsageError
        When the run cannot be repeated.
    """
    recording = run.recording()
    shown = moments(recording)
    events = _Writer(run, recording, shown).events()
    other: dict[str, Any] = {
        "program": run.program,
        "variant": run.variant,
        "title": title,
        "simulates": f"Go {run.go}",
        "schedule": run.schedule,
        "outcome": run.outcome,
        "note": shown.note,
        "stepNs": shown.step,
        "cut": CUT if recording.cut else "",
    }
    lines = ",\n".join(events)
    return f'{{"displayTimeUnit":"ns","otherData":{_text(other)},\n"traceEvents":[\n{lines}\n]}}\n'


# One encoder for all: `json.dumps` makes a new one whenever it is told how.
_text: Final = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), allow_nan=False, check_circular=False
).encode


@dataclass(slots=True)
class _Track:
    """A goroutine while the recording is gone through."""

    state: str
    since: int
    name: str
    args: dict[str, Any] = field(default_factory=dict)
    woken: tuple[int, str, int] | None = None  # number, name and time of the arrow to come
    started: bool = False


class _Writer:
    """Collects the events of the file, and sorts them in the end."""

    def __init__(self, run: Run, recording: Recording, shown: Moments) -> None:
        self.run = run
        self.recording = recording
        self.shown = shown
        self.out: list[tuple[int, int, str]] = []
        self.tracks: dict[int, _Track] = {}
        self.states: Counter[str] = Counter()
        self.arrows = 0
        self.changed = False
        self.runtime = False
        self.verdicts = {g.id: g.leak for g in run.goroutines if g.leak}

    def events(self) -> list[str]:
        """Return all events of the file as JSON, in the order of time."""
        events, times = self.recording.events, self.shown.times
        last = len(events) - 1
        samples = iter(self.shown.samples)
        sample = next(samples, None)
        for i, (event, at) in enumerate(zip(events, times, strict=True)):
            while sample is not None and sample[0] <= i:
                self.sample(sample[1], sample[2])
                sample = next(samples, None)
            getattr(self, f"_{event.kind}")(event, at)
            # Not after every event: of thousands that are started at once the number is enough.
            if self.changed and (i == last or event.kind == "run" or event.at < events[i + 1].at):
                self.count(at)
        while sample is not None:
            self.sample(sample[1], sample[2])
            sample = next(samples, None)
        end = max((at for at, _, _ in self.out), default=0) + self.shown.step
        self.close(end)
        self.names()
        self.out.sort(key=lambda entry: entry[:2])
        return [entry for _, _, entry in self.out]

    def close(self, end: int) -> None:
        """End the slices of those who are alive at the end."""
        for g, track in self.tracks.items():
            if track.state in STATES:
                if track.state == "waiting" and g in self.verdicts:
                    track.args["leak"] = self.verdicts[g]
                self.slice(g, track, end)
            self.arrive(g, track, None)
        if self.recording.cut:
            self.mark(end, 0, "recording", CUT, "g")

    def names(self) -> None:
        """Name the process and the tracks."""
        name = self.run.program
        if self.run.variant not in ("main", "leak"):
            name += f" · {self.run.variant}"
        self.meta("process_name", 0, name=name)
        for order, (g, member) in enumerate(self.recording.goroutines.items()):
            self.meta("thread_name", g, name=f"G{g} {member.function}")
            self.meta("thread_sort_index", g, sort_index=order)
        if self.runtime:
            self.meta("thread_name", RUNTIME, name="runtime (timers, collections)")
            self.meta("thread_sort_index", RUNTIME, sort_index=-1)

    # -- what is in the file ---------------------------------------------------------------------

    def put(self, at: int, rank: int, phase: str, g: int, rest: str) -> None:
        text = f'{{"ph":"{phase}","pid":{PROCESS},"tid":{g},"ts":{micros(at)},{rest}}}'
        self.out.append((at, rank, text))

    def meta(self, what: str, g: int, **args: Any) -> None:
        self.put(0, _META, "M", g, f'"name":"{what}","args":{_text(args)}')

    def slice(self, g: int, track: _Track, end: int) -> None:
        rest = f'"dur":{micros(end - track.since)},"name":{_text(track.name)}'
        rest += f',"cat":"{track.state}"'
        if track.args:
            rest += f',"args":{_text(track.args)}'
        self.put(track.since, _SLICE, "X", g, rest)

    def mark(self, at: int, g: int, cat: str, name: str, /, scope: str = "t", **args: Any) -> None:
        rest = f'"s":"{scope}","name":{_text(name)},"cat":"{cat}","args":{_text(args)}'
        self.put(at, _MARK, "i", self.track_of(g), rest)

    def arrow(self, at: int, phase: str, g: int, number: int, name: str) -> None:
        """Write a point of an arrow: at the seam of two slices it might be tied to either."""
        at += self.shown.step // 2
        binds = ',"bp":"e"' if phase == "f" else ""
        self.put(at, _FLOW, phase, g, f'"id":{number},"name":"{name}","cat":"wake-up"{binds}')

    def sample(self, at: int, sample: Sample) -> None:
        for name, attribute in _CURVES.items():
            rest = f'"name":"{name}","cat":"memory","args":{{"bytes":{getattr(sample, attribute)}}}'
            self.put(at, _COUNT, "C", 0, rest)

    def count(self, at: int) -> None:
        args = _text({state: self.states[state] for state in STATES})
        self.put(at, _COUNT, "C", 0, f'"name":"goroutines","cat":"goroutines","args":{args}')
        self.changed = False

    def track_of(self, g: int) -> int:
        if not g:
            self.runtime = True
            return RUNTIME
        return g

    # -- states ----------------------------------------------------------------------------------

    def enter(self, g: int, at: int, state: str, name: str, /, **args: Any) -> _Track:
        """End the slice of a goroutine and begin the next one."""
        track = self.tracks.get(g)
        if track is None:
            track = self.tracks[g] = _Track(state, at, name, args)
        else:
            if track.state in STATES:
                self.slice(g, track, at)
                self.states[track.state] -= 1
            track.state, track.since, track.name, track.args = state, at, name, args
        self.states[state] += 1
        self.changed = True
        return track

    def arrive(self, g: int, track: _Track, at: int | None) -> None:
        """End the arrow to a goroutine: where it runs, or where it was woken if it never does."""
        if track.woken is not None:
            number, name, since = track.woken
            if at is not None:
                self.arrow(since, "t", g, number, name)
            self.arrow(since if at is None else at, "f", g, number, name)
            track.woken = None

    # -- what happened ---------------------------------------------------------------------------

    def _go(self, event: Event, at: int) -> None:
        args = {"started at": _place(event)} if event.g else {}
        self.enter(event.other, at, "runnable", "runnable", **args)

    def _ready(self, event: Event, at: int) -> None:
        track = self.tracks[event.other]
        does = "wakes" if track.started else "starts"
        if track.state == "waiting":
            self.enter(event.other, at, "runnable", "runnable", **_by(event))
        by = event.g
        if not by:  # an arrow needs a slice to begin at
            by = self.track_of(0)
            timer = _Track("timer", at, f"{does} G{event.other}")
            self.slice(by, timer, at + self.shown.step)
        if track.woken is None:
            self.arrows += 1
            track.woken = (self.arrows, does, at)
            self.arrow(at, "s", by, self.arrows, does)

    def _run(self, event: Event, at: int) -> None:
        track = self.enter(event.g, at, "running", "running", chosen=event.text)
        track.started = True
        self.arrive(event.g, track, at)

    def _yield(self, event: Event, at: int) -> None:
        self.enter(event.g, at, "runnable", "runnable", stopped=event.text)

    def _park(self, event: Event, at: int) -> None:
        args: dict[str, Any] = {"at": _place(event)}
        things = [number for number in (event.others or (event.thing,)) if number]
        if things:
            args["for"] = ", ".join(self.label(number) for number in things)
        if event.value:
            args["sends"] = event.value
        if event.when >= 0:
            args["until"] = duration(event.when)
        self.enter(event.g, at, "waiting", event.text, **args)

    def _end(self, event: Event, at: int) -> None:
        track = self.tracks[event.g]
        track.args["end"] = event.text
        self.enter(event.g, at, "gone", "")
        self.arrive(event.g, track, None)

    def _send(self, event: Event, at: int) -> None:
        to = f"G{event.other}" if event.other else "the buffer"
        name = f"{self.label(event.thing)} ← {event.value}"
        self.mark(at, event.g, "chan", name, to=to, at=_place(event))

    def _recv(self, event: Event, at: int) -> None:
        if event.text == "closed" and not event.value:
            name = f"← {self.label(event.thing)} (closed)"
        else:
            name = f"{event.value} ← {self.label(event.thing)}"
        self.mark(at, event.g, "chan", name, at=_place(event))

    def _close(self, event: Event, at: int) -> None:
        name = f"close({self.label(event.thing)})"
        released = ", ".join(f"G{g}" for g in event.others)
        self.mark(at, event.g, "chan", name, releases=released, at=_place(event))

    def _lock(self, event: Event, at: int) -> None:
        name = f"{self.label(event.thing)}: {event.text}"
        self.mark(at, event.g, "sync", name, at=_place(event))

    def _timer(self, event: Event, at: int) -> None:
        args = {"of": f"G{event.other}"} if event.other else {}
        if event.thing:
            args = {"of": self.label(event.thing)}
        self.mark(at, 0, "timer", "timer", **args)

    def _print(self, event: Event, at: int) -> None:
        self.mark(at, event.g, "print", event.text.rstrip("\n") or "⏎", at=_place(event))

    def _gc(self, event: Event, at: int) -> None:
        before, after = map(int, event.value.split())
        name = f"collection ({event.text})"
        self.mark(at, 0, "gc", name, "p", before=before, after=after)

    def _return(self, event: Event, at: int) -> None:
        name = "main has returned; what follows is as if the process lived on"
        self.mark(at, 0, "main", name, "g")

    def label(self, number: int) -> str:
        thing = self.recording.things[abs(number)]
        return f"{thing.label} (send)" if number < 0 else thing.label


def micros(ns: int) -> str:
    """Return nanoseconds in the unit of the file, exactly."""
    whole, rest = divmod(ns, 1000)
    return f"{whole}.{rest:03}" if rest else str(whole)


def _place(event: Event) -> str:
    """Return ``file:line`` without the folder, in which the machine would show."""
    if not event.line:
        return ""
    return f"{event.file.replace(chr(92), '/').rpartition('/')[2]}:{event.line}"


def _by(event: Event) -> dict[str, str]:
    if not event.g:
        return {}
    return {"woken by": f"G{event.g} at {_place(event)}"}
