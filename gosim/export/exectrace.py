"""A run as a Go execution trace, which ``go tool trace`` and ``golang.org/x/exp/trace`` read.

The format is that of Go 1.22, the oldest of the second kind (batches, generations, sequence
numbers): every ``go tool trace`` from 1.22 on reads it, and nothing that came later is needed here.
One processor, one thread and one generation hold the whole run, as of a process with
``GOMAXPROCS=1``.  There are no CPU samples.

What a reader checks is in ``internal/trace/order.go``: a goroutine starts, blocks and is unblocked
only from the state that it is in, each start and each unblocking counts its sequence number on,
and what a goroutine does happens on a thread with a processor.

Read beside it: ``runtime/trace.go``, ``runtime/traceruntime.go``,
``internal/trace/tracev2/events.go``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gosim.export.moments import CUT, moments
from gosim.runtime.gostacks import parked
from gosim.runtime.proto import varint
from gosim.runtime.traceback import Frame
from gosim.runtime.version import resolve

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gosim.export.moments import Moments
    from gosim.leaks.recording import Event, Recording
    from gosim.leaks.run import Run
    from gosim.memory.samples import Sample
    from gosim.runtime.version import Version

HEADER: Final = b"go 1.22 trace\x00\x00\x00"

# The events that are written, as `internal/trace/tracev2/events.go` numbers them.
EVENT_BATCH: Final = 1
STACKS: Final = 2
STACK: Final = 3
STRINGS: Final = 4
STRING: Final = 5
FREQUENCY: Final = 8
PROC_START: Final = 10
PROC_STOP: Final = 11
PROC_STATUS: Final = 13
GO_CREATE: Final = 14
GO_START: Final = 16
GO_DESTROY: Final = 17
GO_STOP: Final = 19
GO_BLOCK: Final = 20
GO_UNBLOCK: Final = 21
GO_STATUS: Final = 25
GC_BEGIN: Final = 29
GC_END: Final = 30
HEAP_ALLOC: Final = 37
HEAP_GOAL: Final = 38
USER_LOG: Final = 44

_PROC_RUNNING: Final = 1
_GO_WAITING: Final = 4
_NOBODY: Final = (1 << 64) - 1
_THREAD: Final = 1
_GENERATION: Final = 1
_MOST_IN_BATCH: Final = 60 << 10
_MOST_IN_STRING: Final = 1 << 10
_MOST_FRAMES: Final = 128

BEGIN: Final = 1_000_000_000
"""Time in the file when the run begins, in ns: zero means that no time is known."""
HELPER: Final = 2
"""The goroutine that collects when no other one runs, as in Go (``runtime.forcegchelper``)."""
_HELPER_STACK: Final = (Frame("runtime.forcegchelper", "runtime/proc.go", 0),)

REASONS: Final = {
    "chan send": "chan send",
    "chan receive": "chan receive",
    "chan send (nil chan)": "forever",
    "chan receive (nil chan)": "forever",
    "select": "select",
    "select (no cases)": "forever",
    "sleep": "sleep",
    "sync.Cond.Wait": "sync.(*Cond).Wait",
    "sync.Mutex.Lock": "sync",
    "sync.RWMutex.Lock": "sync",
    "sync.RWMutex.RLock": "sync",
    "sync.WaitGroup.Wait": "sync",
    "semacquire": "sync",
}
"""What traces call the wait reasons of dumps (``traceBlockReasonStrings``)."""
OTHER_REASON: Final = "unspecified"
_INSIDE: Final = (
    "runtime.gopark",
    "runtime.semacquire1",
    "runtime.chansend",
    "runtime.chanrecv",
    "sync.runtime_",
    "internal/sync.",
    "sync.(*Mutex).lockSlow",
)
"""Functions that a trace leaves out of the stacks of who waits."""


def trace(run: Run) -> bytes:
    """Return what happened in a run as an execution trace.

    Parameters
    ----------
    run : Run
        Done once more if it was not recorded (see `Run.recording`).

    Raises
    ------
    UsageError
        When the run cannot be repeated.
    """
    return _Writer(run, run.recording()).file()


class _Tables:
    """Strings, places and stacks, numbered in the order of first use; none has number 0."""

    def __init__(self) -> None:
        self.strings: dict[str, int] = {}
        self.places: dict[Frame, int] = {}
        self.stacks: dict[tuple[Frame, ...], int] = {}

    def string(self, text: str) -> int:
        return self.strings.setdefault(text, len(self.strings) + 1)

    def stack(self, frames: tuple[Frame, ...]) -> int:
        """Return the number of a stack, 0 for an empty one."""
        if not frames:
            return 0
        frames = frames[:_MOST_FRAMES]
        number = self.stacks.get(frames)
        if number is None:
            number = self.stacks[frames] = len(self.stacks) + 1
            for frame in frames:
                # Readers know a place by its program counter: each one needs another.
                self.places.setdefault(frame, len(self.places) + 1)
                self.string(frame.function)
                self.string(frame.file)
        return number

    def batches(self) -> Iterable[bytes]:
        """Yield what the batches of the tables hold."""
        stacks = []
        for frames, number in self.stacks.items():
            entry = bytearray([STACK]) + varint(number) + varint(len(frames))
            for frame in frames:
                entry += varint(self.places[frame])
                entry += varint(self.strings[frame.function]) + varint(self.strings[frame.file])
                entry += varint(frame.line)
            stacks.append(bytes(entry))
        yield from _packed(STACKS, stacks)
        texts = []
        for text, number in self.strings.items():
            data = _cut(text)
            texts.append(bytes([STRING]) + varint(number) + varint(len(data)) + data)
        yield from _packed(STRINGS, texts)


class _Writer:
    def __init__(self, run: Run, recording: Recording) -> None:
        self.recording = recording
        self.shown: Moments = moments(recording)
        self.version = resolve(run.go)
        self.tables = _Tables()
        self.batches: list[tuple[int, bytes]] = []
        self.batch = bytearray()
        self.begun = self.last = BEGIN
        self.sequence: dict[int, int] = {}  # of each goroutine
        self.waiting: set[int] = set()
        self.running = 0
        self.collections = 0
        self.proc_sequence = 0
        self.idle = False
        self.helper = False
        self.called: dict[tuple[str, str], tuple[Frame, ...]] = {}

    def file(self) -> bytes:
        """Return the file."""
        self.put(0, PROC_STATUS, 0, _PROC_RUNNING)
        events = self.recording.events
        samples = [*self.shown.samples]
        samples.reverse()
        at = 0
        for i, event in enumerate(events):
            while samples and samples[-1][0] <= i:
                self.sample(*samples.pop()[1:])
            before, at = at, self.shown.times[i]
            if not self.running and i and event.at > events[i - 1].at and not self.idle:
                self.put(before, PROC_STOP)
                self.idle = True
            self.busy(at)
            if event.kind == "end" and event.g == 1 and _returns_next(events, i):
                self.log(at, "gosim", "main returns; what follows is as if the process lived on")
            getattr(self, f"_{event.kind}", self._other)(event, at)
        while samples:
            self.sample(*samples.pop()[1:])
        self.flush()
        out = bytearray(HEADER)
        # Before 1.25 the frequency stands alone: one unit of time is a nanosecond.
        out += _batch(_NOBODY, BEGIN, bytes([FREQUENCY]) + varint(1_000_000_000))
        for begun, content in self.batches:
            out += _batch(_THREAD, begun, content)
        for content in self.tables.batches():
            out += _batch(_NOBODY, BEGIN, content)
        return bytes(out)

    # -- events of the file ----------------------------------------------------------------------

    def put(self, at: int, kind: int, *arguments: int) -> None:
        """Write an event; `at` is in virtual ns."""
        if len(self.batch) > _MOST_IN_BATCH:
            self.flush()
        at = max(at + BEGIN, self.last)
        if not self.batch:
            self.begun = self.last = at
        self.batch.append(kind)
        self.batch += varint(at - self.last)
        for argument in arguments:
            self.batch += varint(argument)
        self.last = at

    def flush(self) -> None:
        if self.batch:
            self.batches.append((self.begun, bytes(self.batch)))
            self.batch.clear()

    def busy(self, at: int) -> None:
        """Give the thread its processor back."""
        if self.idle:
            self.proc_sequence += 1
            self.put(at, PROC_START, 0, self.proc_sequence)
            self.idle = False

    def next(self, g: int) -> int:
        self.sequence[g] += 1
        return self.sequence[g]

    def stack(self, event: Event) -> int:
        return self.tables.stack(self.recording.stacks[event.stack])

    def log(self, at: int, key: str, text: str, stack: int = 0) -> None:
        """Write a message of the running goroutine, as ``trace.Log`` does."""
        if self.running:
            strings = self.tables.string(key), self.tables.string(text)
            self.put(at, USER_LOG, 0, *strings, stack)

    def sample(self, at: int, sample: Sample) -> None:
        idle = self.idle
        self.busy(at)
        self.put(at, HEAP_ALLOC, sample.heap_live)
        self.put(at, HEAP_GOAL, sample.next_gc)
        if idle:
            self.put(at, PROC_STOP)
            self.idle = True

    # -- what happened ---------------------------------------------------------------------------

    def _go(self, event: Event, at: int) -> None:
        g = event.other
        member = self.recording.goroutines[g]
        start = self.tables.stack((Frame(member.function, *member.start),))
        self.sequence[g] = 0
        self.put(at, GO_CREATE, g, start, self.stack(event))

    def _ready(self, event: Event, at: int) -> None:
        g = event.other
        if g in self.waiting:
            self.waiting.remove(g)
            self.put(at, GO_UNBLOCK, g, self.next(g), self.stack(event))

    def _run(self, event: Event, at: int) -> None:
        first = not self.sequence[event.g]
        self.put(at, GO_START, event.g, self.next(event.g))
        self.running = event.g
        if first and event.g == 1:
            self.log(at, "gosim", self.shown.note)
            if self.recording.cut:
                self.log(at, "gosim", CUT)

    def _yield(self, event: Event, at: int) -> None:
        self.put(at, GO_STOP, self.tables.string(event.text), self.stack(event))
        self.running = 0

    def _park(self, event: Event, at: int) -> None:
        thing = self.recording.things.get(event.thing)
        kind = thing.kind if thing is not None else ""
        called = self.called.get((event.text, kind))
        if called is None:
            called = self.called[event.text, kind] = _called(event.text, kind, self.version)
        stack = self.tables.stack((*called, *self.recording.stacks[event.stack]))
        reason = REASONS.get(event.text, OTHER_REASON)
        self.put(at, GO_BLOCK, self.tables.string(reason), stack)
        self.waiting.add(event.g)
        self.running = 0

    def _end(self, event: Event, at: int) -> None:
        self.put(at, GO_DESTROY)
        self.running = 0

    def _print(self, event: Event, at: int) -> None:
        self.log(at, "stdout", event.text.removesuffix("\n"), self.stack(event))

    def _gc(self, event: Event, at: int) -> None:
        helps = not self.running
        if helps:
            self.wake_helper(at)
        self.put(at, GC_BEGIN, self.collections + 1, self.stack(event))
        self.put(at, GC_END, self.collections + 2)
        self.collections += 2
        if helps:
            reason = self.tables.string("system goroutine wait")
            self.put(at, GO_BLOCK, reason, self.tables.stack(_HELPER_STACK))

    def wake_helper(self, at: int) -> None:
        """Let a goroutine of the runtime run: collections need one."""
        if not self.helper:
            self.helper = True
            self.sequence[HELPER] = 0
            self.put(at, GO_STATUS, HELPER, _NOBODY, _GO_WAITING)
        self.put(at, GO_UNBLOCK, HELPER, self.next(HELPER), 0)
        self.put(at, GO_START, HELPER, self.next(HELPER))

    def _other(self, event: Event, at: int) -> None:
        """Traces know no channels and no locks."""


def _called(reason: str, kind: str, version: Version) -> tuple[Frame, ...]:
    """Return the frames of Go's library that a trace shows of who waits, innermost first."""
    public = ("runtime.chansend1", "runtime.chanrecv1")
    return tuple(
        frame
        for frame in parked(reason, kind, version)
        if frame.function in public or not frame.function.startswith(_INSIDE)
    )


def _returns_next(events: list[Event], i: int) -> bool:
    return i + 1 < len(events) and events[i + 1].kind == "return"


def _batch(thread: int, at: int, content: bytes) -> bytes:
    head = bytes([EVENT_BATCH]) + varint(_GENERATION) + varint(thread) + varint(at)
    return head + varint(len(content)) + content


def _packed(kind: int, entries: Iterable[bytes]) -> Iterable[bytes]:
    """Yield batches that hold all entries, each batch beginning with its kind."""
    content = bytearray([kind])
    for entry in entries:
        if len(content) + len(entry) > _MOST_IN_BATCH:
            yield bytes(content)
            content = bytearray([kind])
        content += entry
    yield bytes(content)


def _cut(text: str) -> bytes:
    """Return a string as bytes, as many of them as readers take."""
    data = text.encode("utf-8", "backslashreplace")
    if len(data) <= _MOST_IN_STRING:
        return data
    return data[: _MOST_IN_STRING - 3].decode("utf-8", "ignore").encode() + "…".encode()
