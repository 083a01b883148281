"""Read the goroutine dumps a Go process prints, of Go 1.21 to 1.27.

Three texts: the one of ``runtime.Stack(buf, true)`` (also ``debug=2`` of a profile, SIGQUIT and
every panic or fatal error), the grouped one of ``pprof`` with ``debug=1``, and the stderr of a
process that died, whose message stands in front of a dump.

The readers are tolerant: what they do not know they skip, and a text that was cut off gives what
was complete, with ``truncated`` on the goroutine it was cut in.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

__all__ = [
    "CreatedBy",
    "Crash",
    "Frame",
    "GoGoroutine",
    "ProfileGroup",
    "ordinary",
    "parse_crash",
    "parse_dump",
    "parse_header",
    "parse_profile",
]


@dataclass(frozen=True, slots=True)
class Frame:
    """One call on a stack: the function as the gc compiler names it, file and line.

    ``file`` is empty and ``line`` 0 where the text was cut off before them.
    """

    function: str
    file: str
    line: int

    @property
    def is_user(self) -> bool:
        """Whether the function belongs to package main, that is, to the program itself."""
        return self.function.startswith("main.")


@dataclass(frozen=True, slots=True)
class CreatedBy:
    """The ``go`` statement that started a goroutine.

    ``goroutine`` is None where Go does not print it (before 1.21, and for ancestors).
    """

    function: str
    goroutine: int | None
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class GoGoroutine:
    """One goroutine of a dump.

    ``wait_reason`` is the first part of the bracket, Go's own text: what it waits for
    (``chan receive (nil chan)``), or its status (``running``, ``runnable``, ``syscall``).
    ``leaked`` is true when the text says so, that is, after Go's leak-finding collection.
    ``stack`` begins with the innermost call.
    """

    id: int
    wait_reason: str
    stack: tuple[Frame, ...] = ()
    created_by: CreatedBy | None = None
    leaked: bool = False
    minutes: int = 0
    locked: bool = False
    bubble: int | None = None
    labels: dict[str, str] = field(default_factory=dict, hash=False)
    elided: int = 0
    truncated: bool = False

    @property
    def user_frame(self) -> Frame | None:
        """The innermost frame of package main: the place in the program where it stands."""
        for frame in self.stack:
            if frame.is_user:
                return frame
        return None

    @property
    def function(self) -> str:
        """The function the goroutine was started with, its outermost frame; ``""`` if unknown."""
        return self.stack[-1].function if self.stack and not self.truncated else ""


@dataclass(frozen=True, slots=True)
class ProfileGroup:
    """Goroutines with one identical stack, as ``debug=1`` of a profile groups them."""

    count: int
    stack: tuple[Frame, ...] = ()
    labels: dict[str, str] = field(default_factory=dict, hash=False)

    @property
    def user_frame(self) -> Frame | None:
        """The innermost frame of package main."""
        for frame in self.stack:
            if frame.is_user:
                return frame
        return None


@dataclass(frozen=True, slots=True)
class Crash:
    """How a Go process died.

    ``kind`` is ``panic``, ``fatal`` (a ``fatal error:``, which nothing recovers) or ``signal``.
    ``message`` is everything printed between the program's own stderr (``before``) and the first
    goroutine.
    """

    kind: str
    message: str
    before: str
    goroutines: tuple[GoGoroutine, ...]

    @property
    def headline(self) -> str:
        """The first line of the message, for example ``panic: send on closed channel``."""
        return self.message.split("\n", 1)[0]


# goroutine 7 gp=0xc000 m=nil [chan send (nil chan) (leaked), 2 minutes, locked to thread] {a: b}:
_HEADER = re.compile(
    r"^goroutine (?P<id>\d+)(?P<extra>(?: \w+=\S+)*) \[(?P<status>[^\]]*)\](?P<labels> .*)?:$"
)
_PLACE = re.compile(r"^\t(?P<file>.*?):(?P<line>\d+)(?: \+0x[0-9a-f]+)?(?: fp=.*)?$")
_CREATED = re.compile(r"^created by (?P<function>.+?)(?: in goroutine (?P<g>\d+))?$")
_ELIDED = re.compile(r"^\.\.\.(?:(\d+)|additional) frames elided\.\.\.$")
_ANCESTOR = re.compile(r"^\[originating from goroutine \d+\]:$")
_LABEL = re.compile(
    r'(?P<key>"(?:\\.|[^"\\])*"|[^:",{}]*): ?(?P<value>"(?:\\.|[^"\\])*"|[^",{}]*)(?:, |$)'
)


def _unquote(text: str) -> str:
    if not text.startswith('"'):
        return text
    try:
        # Go's quoting of labels uses \xNN for bytes that are no text; JSON has only \u00NN.
        value = json.loads(re.sub(r"\\x([0-9a-fA-F]{2})", r"\\u00\1", text))
    except ValueError:
        return text.strip('"')
    return value if isinstance(value, str) else text


def _labels(text: str) -> dict[str, str]:
    """Read ``{job: resize, tenant: 7}``, with either side quoted or not."""
    inner = text.strip().removeprefix("labels:").strip().removeprefix("{").removesuffix("}")
    return {
        _unquote(m.group("key").strip()): _unquote(m.group("value"))
        for m in _LABEL.finditer(inner)
        if m.group("key")
    }


def parse_header(line: str) -> GoGoroutine | None:
    """Read one ``goroutine N [reason, …]:`` line; None when the line is something else."""
    found = _HEADER.match(line)
    if found is None:
        return None
    reason, *marks = found.group("status").split(", ")
    leaked = locked = False
    minutes = 0
    bubble = None
    # runtime/traceback.go, goroutineheader: the marks in round brackets follow the reason itself;
    # "(durable)" stays, since for channel operations it is part of the reason's name.
    for mark in (" (scan)", " (leaked)"):
        if mark in reason:
            reason = reason.replace(mark, "")
            leaked = leaked or mark == " (leaked)"
    for mark in marks:
        if mark == "locked to thread":
            locked = True
        elif mark.endswith(" minutes") and mark.split(" ")[0].isdigit():
            minutes = int(mark.split(" ")[0])
        elif mark.startswith("synctest bubble ") and mark.rsplit(" ", 1)[1].isdigit():
            bubble = int(mark.rsplit(" ", 1)[1])
    return GoGoroutine(
        id=int(found.group("id")),
        wait_reason=reason,
        leaked=leaked,
        minutes=minutes,
        locked=locked,
        bubble=bubble,
        labels=_labels(found.group("labels") or ""),
    )


def _function(line: str) -> str:
    """Cut the printed arguments off ``main.(*T).f(0x1, {0x2, …})``; they hold no bracket ``(``."""
    if line.endswith(")"):
        return line[: line.rindex("(")] if "(" in line else line
    return line


class _Block:
    """The goroutine being read."""

    def __init__(self, head: GoGoroutine) -> None:
        self.head = head
        self.frames: list[Frame] = []
        self.created: CreatedBy | None = None
        self.waiting: str | None = None  # a function line whose place has not come yet
        self.creator: tuple[str, int | None] | None = None  # the same for "created by"
        self.elided = 0
        self.ancestors = False

    def feed(self, line: str) -> None:
        if self.ancestors:
            return
        place = _PLACE.match(line)
        if place is not None:
            file, number = place.group("file"), int(place.group("line"))
            if self.creator is not None:
                self.created = CreatedBy(*self.creator, file, number)
                self.creator = None
            elif self.waiting is not None:
                self.frames.append(Frame(self.waiting, file, number))
                self.waiting = None
            return
        created = _CREATED.match(line)
        if created is not None:
            g = created.group("g")
            self.creator = created.group("function"), int(g) if g else None
            return
        elided = _ELIDED.match(line)
        if elided is not None:
            self.elided += int(elided.group(1) or 1)
        elif _ANCESTOR.match(line):
            # GODEBUG=tracebackancestors: the stacks of creators follow; not this goroutine's.
            self.ancestors = True
        elif line and not line.startswith(("\t", " ")) and line.endswith(")"):
            self.waiting = _function(line)

    def done(self, truncated: bool) -> GoGoroutine:
        h = self.head
        cut = truncated and (self.waiting is not None or self.creator is not None
                             or not self.frames)
        if truncated and self.waiting is not None:
            self.frames.append(Frame(self.waiting, "", 0))
        if truncated and self.creator is not None:
            self.created = CreatedBy(*self.creator, "", 0)
        return GoGoroutine(
            id=h.id, wait_reason=h.wait_reason, stack=tuple(self.frames), created_by=self.created,
            leaked=h.leaked, minutes=h.minutes, locked=h.locked, bubble=h.bubble, labels=h.labels,
            elided=self.elided, truncated=cut,
        )


def parse_dump(text: str | Iterable[str]) -> Iterator[GoGoroutine]:
    """Yield the goroutines of a dump one after another, as soon as each is complete.

    Parameters
    ----------
    text
        The dump, or its lines (an open file will do: it is read once, line by line).
        Lines before the first goroutine, between blocks and after the last are skipped.
    """
    lines = text.splitlines() if isinstance(text, str) else text
    block: _Block | None = None
    for raw in lines:
        line = raw.rstrip("\r\n")
        if line.startswith("goroutine "):
            head = parse_header(line)
            if head is not None:
                if block is not None:
                    yield block.done(truncated=False)
                block = _Block(head)
                continue
        if block is None:
            continue
        if not line:
            yield block.done(truncated=False)
            block = None
            continue
        block.feed(line)
    if block is not None:
        yield block.done(truncated=True)


_HIDDEN = re.compile(r"^runtime\.(?![A-Z])")


def ordinary(goroutines: Iterable[GoGoroutine]) -> tuple[GoGoroutine, ...]:
    """Reduce a dump that shows the runtime's inside (SIGQUIT, ``GOTRACEBACK=system``).

    What remains is what ``runtime.Stack`` would have shown of the same moment: goroutines of the
    runtime itself go (traceback.go, isSystemGoroutine: started in package runtime, main
    excepted), and so do unexported frames of package runtime (showframe).
    """
    kept = []
    for g in goroutines:
        below = [f.function for f in g.stack if f.function != "runtime.goexit"]
        start = below[-1] if below else ""
        # "goroutine 0" is no goroutine but a thread's own stack.
        if g.id == 0 or (_HIDDEN.match(start) and start != "runtime.main"):
            continue
        frames = tuple(f for f in g.stack if not _HIDDEN.match(f.function))
        kept.append(replace(g, stack=frames))
    return tuple(kept)


_GROUP = re.compile(r"^(\d+) @(?: 0x[0-9a-f]+)*$")
_SYMBOL = re.compile(
    r"^#\t0x[0-9a-f]+\t+(?P<function>\S.*?)\+0x[0-9a-f]+\t+(?P<file>.*):(?P<line>\d+)$"
)


def parse_profile(text: str | Iterable[str]) -> list[ProfileGroup]:
    """Read a goroutine or ``goroutineleak`` profile written with ``debug=1``.

    Frames of ``runtime.gopark`` and below are absent from the text, as Go leaves them out.
    """
    lines = text.splitlines() if isinstance(text, str) else text
    groups: list[ProfileGroup] = []
    count = 0
    frames: list[Frame] = []
    labels: dict[str, str] = {}

    def finish() -> None:
        if count:
            groups.append(ProfileGroup(count, tuple(frames), dict(labels)))

    for raw in lines:
        line = raw.rstrip("\r\n")
        head = _GROUP.match(line)
        if head is not None:
            finish()
            count, frames, labels = int(head.group(1)), [], {}
        elif line.startswith("# labels: "):
            labels = _labels(line.removeprefix("# labels: "))
        else:
            symbol = _SYMBOL.match(line)
            if symbol is not None and count:
                frames.append(
                    Frame(symbol["function"], symbol["file"], int(symbol["line"]))
                )
    finish()
    return groups


_DEATH = re.compile(r"^(panic: |fatal error: |SIG[A-Z0-9]+: )", re.M)
_GOROUTINE = re.compile(r"^goroutine \d+(?: \w+=\S+)* \[[^\]\n]*\][^\n]*:$", re.M)


def parse_crash(stderr: str) -> Crash | None:
    """Read how a process died from its stderr; None when it did not die of a panic or error.

    The message nearest in front of the first goroutine counts: a program may have printed lines
    that look like one before.
    """
    first = _GOROUTINE.search(stderr)
    end = first.start() if first is not None else len(stderr)
    starts = list(_DEATH.finditer(stderr, 0, end))
    if not starts:
        # println to stderr without a newline may stand on the same line.
        starts = list(re.finditer(r"(panic: |fatal error: )", stderr[:end]))
    if not starts:
        return None
    start = starts[-1]
    if first is None and start.group(1).startswith("SIG"):
        return None  # the program's own words: a signal always prints where it struck
    word = start.group(1)
    kind = "panic" if word == "panic: " else "fatal" if word == "fatal error: " else "signal"
    return Crash(
        kind=kind,
        message=stderr[start.start():end].rstrip("\n"),
        before=stderr[: start.start()],
        goroutines=tuple(parse_dump(stderr[end:])),
    )
