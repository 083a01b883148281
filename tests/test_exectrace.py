"""Go execution traces are read by ``go tool trace``, and say what was recorded."""

from __future__ import annotations

import os
import re
import subprocess
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

import gosim as gs
from gosim import chan, go
from gosim.cli import main as gosim
from gosim.export import exectrace
from gosim.export.exectrace import BEGIN, HELPER, OTHER_REASON, REASONS, trace
from gosim.export.moments import CUT, moments
from gosim.leaks.recording import Recorder, Recording
from gosim.leaks.run import Run, execute
from gosim.oracle import build_go
from gosim.oracle.toolchain import Toolchain
from gosim.runtime.program import File
from tests.scenario_cases import Variant, variants

HERE = Path(__file__).resolve().parent
PYTHON = [v for v in variants() if "python" in v.sources]
SOME = (
    "first-answer-wins/leak",
    "ab-ba-deadlock/leak",
    "ten-senders-buffer-of-four/leak",
    "cond-signal-missed/leak",
    "growing-service/leak",
    "ticker-range-after-stop/leak",
    "worker-pool-not-closed/leak",
    "nil-channel/leak",
    "rwmutex-recursive-read/leak",
    "collector-steps/steps",
)
A_FEW = [v for v in PYTHON if v.id in SOME]
THE_OTHERS = [v for v in PYTHON if v.id not in SOME]
ATTEMPTS = 4

# -- a decoder -------------------------------------------------------------------------------------


class Broken(Exception):
    """A file breaks a rule of its format."""


def rule(holds: bool, text: str, *more: Any) -> None:
    if not holds:
        raise Broken(f"{text} {more}")


#: Timed events by number: their names and arguments behind the time, as
#: ``internal/trace/tracev2/events.go`` of Go 1.22 and later has them.
TIMED: dict[int, tuple[str, tuple[str, ...]]] = {
    10: ("ProcStart", ("p", "seq")),
    11: ("ProcStop", ()),
    13: ("ProcStatus", ("p", "status")),
    14: ("GoCreate", ("g", "start", "stack")),
    16: ("GoStart", ("g", "seq")),
    17: ("GoDestroy", ()),
    19: ("GoStop", ("string", "stack")),
    20: ("GoBlock", ("string", "stack")),
    21: ("GoUnblock", ("g", "seq", "stack")),
    25: ("GoStatus", ("g", "m", "status")),
    29: ("GCBegin", ("seq", "stack")),
    30: ("GCEnd", ("seq",)),
    37: ("HeapAlloc", ("value",)),
    38: ("HeapGoal", ("value",)),
    44: ("UserLog", ("task", "string", "string", "stack")),
}


class Bytes:
    """Reads numbers in base 128."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def __bool__(self) -> bool:
        return self.at < len(self.data)

    def take(self, n: int) -> bytes:
        rule(self.at + n <= len(self.data), "a file that is whole")
        self.at += n
        return self.data[self.at - n : self.at]

    def byte(self) -> int:
        return self.take(1)[0]

    def number(self) -> int:
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
        rule(value < 1 << 64, "a number of 64 bits")
        return value


class Timed(NamedTuple):
    """An event of the file; `by` is the goroutine that runs before it, 0 for none."""

    at: int
    by: int
    name: str
    args: tuple[int, ...]


@dataclass
class Read:
    """What is in a file."""

    strings: dict[int, str] = field(default_factory=dict)
    stacks: dict[int, tuple[tuple[str, str, int], ...]] = field(default_factory=dict)
    events: list[Timed] = field(default_factory=list)

    def of(self, name: str) -> list[Timed]:
        return [event for event in self.events if event.name == name]

    def transitions(self) -> Iterator[tuple[int, int, str, str, str]]:
        """Yield time, goroutine, old state, new state and reason, as ``go tool trace`` does."""
        known: dict[int, str] = {}

        def step(g: int, state: str, reason: str = "") -> tuple[int, int, str, str, str]:
            old = known.get(g, "NotExist")
            known[g] = state
            return event.at, g, old, state, reason

        for event in self.events:
            args = event.args
            if event.name == "GoStatus":
                known[args[0]] = "Undetermined"
                yield step(args[0], "Waiting")
            elif event.name in ("GoCreate", "GoUnblock"):
                yield step(args[0], "Runnable")
            elif event.name == "GoStart":
                yield step(args[0], "Running")
            elif event.name == "GoStop":
                yield step(event.by, "Runnable", self.strings[args[0]])
            elif event.name == "GoBlock":
                yield step(event.by, "Waiting", self.strings[args[0]])
            elif event.name == "GoDestroy":
                yield step(event.by, "NotExist")

    def functions(self, stack: int) -> tuple[str, ...]:
        return tuple(function for function, _, _ in self.stacks[stack]) if stack else ()


def decode(data: bytes) -> Read:
    """Read a file of one generation and thread; Broken if it breaks a rule of the format."""
    file = Bytes(data)
    rule(file.take(16) == b"go 1.22 trace\x00\x00\x00", "a header")
    read = Read()
    raw_stacks: dict[int, list[int]] = {}
    places: dict[int, tuple[int, int, int]] = {}
    timed: list[tuple[int, int, tuple[int, ...]]] = []
    frequency = 0
    while file:
        rule(file.byte() == 1, "batches only")
        generation, thread, begun, size = (file.number() for _ in range(4))
        rule(generation == 1, "one generation")
        rule(begun > 0 and size <= 64 << 10, "a time, and a size that readers take")
        batch = Bytes(file.take(size))
        rule(bool(batch), "a batch that is not empty")
        kind = batch.data[0]
        if kind == 8:
            batch.byte()
            rule(not frequency, "one frequency")
            frequency = batch.number()
            rule(not batch, "a frequency stands alone")
        elif kind == 2:
            batch.byte()
            while batch:
                rule(batch.byte() == 3, "stacks only")
                id, frames = batch.number(), batch.number()
                rule(id not in raw_stacks and 0 < frames <= 128, "a stack", id)
                raw_stacks[id] = []
                for _ in range(frames):
                    place, *at = (batch.number() for _ in range(4))
                    function, path, line = at
                    same = places.setdefault(place, (function, path, line))
                    rule(same == (function, path, line), "one place for an address")
                    raw_stacks[id].append(place)
        elif kind == 4:
            batch.byte()
            while batch:
                rule(batch.byte() == 5, "strings only")
                id, length = batch.number(), batch.number()
                rule(id not in read.strings and id > 0, "a string of its own", id)
                rule(length <= 1024, "a string that readers take")
                read.strings[id] = batch.take(length).decode()
        else:
            rule(thread == 1, "one thread")
            rule(not timed or begun >= timed[-1][0], "batches in the order of time")
            at_ = begun
            while batch:
                number = batch.byte()
                rule(number in TIMED, "an event that is known", number)
                at_ += batch.number()
                args = tuple(batch.number() for _ in TIMED[number][1])
                timed.append((at_, number, args))
    rule(frequency == 1_000_000_000, "nanoseconds")
    for id, stack in raw_stacks.items():
        frames_ = [places[place] for place in stack]
        rule(all({f, p} <= set(read.strings) for f, p, _ in frames_), "names of a stack")
        read.stacks[id] = tuple((read.strings[f], read.strings[p], n) for f, p, n in frames_)
    keep_order(read, timed)
    return read


def keep_order(read: Read, timed: list[tuple[int, int, tuple[int, ...]]]) -> None:
    """Check what ``internal/trace/order.go`` checks, for one thread."""
    states: dict[int, str] = {}
    sequence: dict[int, int] = {}
    running = 0
    proc, proc_sequence = "", 0
    collecting, collections = False, 0

    def counts_on(g: int, seq: int) -> None:
        rule(seq == sequence[g] + 1, "a sequence number that counts on", event)
        sequence[g] = seq

    for at, number, args in timed:
        name, names = TIMED[number]
        event = Timed(at, running, name, args)
        read.events.append(event)
        for meaning, value in zip(names, args, strict=True):
            if meaning == "string":
                rule(value in read.strings, "a string that is there", event)
            elif meaning in ("stack", "start"):
                rule(not value or value in read.stacks, "a stack that is there", event)
        needs_proc = name not in ("ProcStatus", "ProcStart", "GoUnblock", "GoStatus")
        rule(not needs_proc or proc == "running", "a processor", event)
        if name in ("GoStop", "GoBlock", "GoDestroy", "GCBegin", "GCEnd", "UserLog"):
            rule(running != 0, "a goroutine that does it", event)
        if name == "ProcStatus":
            rule(not proc and args == (0, 1), "a processor that runs", event)
            proc = "running"
        elif name == "ProcStart":
            proc_sequence += 1
            rule(proc == "idle" and args == (0, proc_sequence), "a processor that starts", event)
            proc = "running"
        elif name == "ProcStop":
            rule(not running, "an idle processor", event)
            proc = "idle"
        elif name in ("GoCreate", "GoStatus"):
            rule(args[0] not in states, "a new goroutine", event)
            states[args[0]] = "runnable" if name == "GoCreate" else "waiting"
            sequence[args[0]] = 0
        elif name == "GoStart":
            rule(not running and states.get(args[0]) == "runnable", "who can run", event)
            counts_on(*args)
            running = args[0]
            states[running] = "running"
        elif name == "GoUnblock":
            rule(states.get(args[0]) == "waiting", "who waits", event)
            counts_on(*args[:2])
            states[args[0]] = "runnable"
        elif name == "GoDestroy":
            del states[running]
            running = 0
        elif name in ("GoStop", "GoBlock"):
            states[running] = "runnable" if name == "GoStop" else "waiting"
            running = 0
        elif name in ("GCBegin", "GCEnd"):
            collections += 1
            rule(args[0] == collections, "a sequence of collections", event)
            rule(collecting == (name == "GCEnd"), "a collection that ends", event)
            collecting = not collecting
    rule(not collecting, "a collection that ends")


def program(**changes: Any) -> Any:
    """A file in which a goroutine starts another one, made by hand."""

    def uvarint(n: int) -> bytes:
        out = b""
        while n > 0x7F:
            out += bytes([n & 0x7F | 0x80])
            n >>= 7
        return out + bytes([n])

    def batch(content: bytes, generation: int = 1, thread: int = 1) -> bytes:
        head = uvarint(generation) + uvarint(thread) + uvarint(50) + uvarint(len(content))
        return b"\x01" + head + content

    parts = {
        "header": b"go 1.22 trace\x00\x00\x00",
        "frequency": b"\x08" + uvarint(10**9),
        "events": bytes(
            [
                *(13, 0, 0, 1),  # ProcStatus
                *(14, 1, 1, 1, 0),  # GoCreate 1
                *(16, 1, 1, 1),  # GoStart 1
                *(14, 1, 7, 1, 1),  # GoCreate 7
                *(20, 1, 3, 1),  # GoBlock
                *(11, 0, 10, 5, 0, 1),  # ProcStop, ProcStart
                *(21, 0, 1, 2, 0),  # GoUnblock 1
                *(16, 1, 1, 3),  # GoStart 1
                *(29, 1, 1, 0, 30, 1, 2),  # GCBegin, GCEnd
                *(17, 1),  # GoDestroy
            ]
        ),
        "stacks": b"\x02\x03\x01\x01\x09\x01\x02\x05",
        "strings": b"\x04\x05\x01\x01f\x05\x02\x01p\x05\x03\x05sleep",
        "generation": 1,
        **changes,
    }
    out = parts["header"] + batch(parts["frequency"])
    out += batch(parts["events"], parts["generation"])
    return out + batch(parts["stacks"]) + batch(parts["strings"])


def with_events(*replacements: tuple[list[int], list[int]]) -> bytes:
    """Return the file above with other events."""
    file: bytes = program()
    for old, new in replacements:
        assert file.count(bytes(old)) == 1
        assert len(old) == len(new)
        file = file.replace(bytes(old), bytes(new))
    return file


def test_the_decoder_reads_what_is_right() -> None:
    read = decode(program())
    assert read.stacks == {1: (("f", "p", 5),)}
    assert [(g, new, reason) for _, g, _, new, reason in read.transitions()] == [
        (1, "Runnable", ""),
        (1, "Running", ""),
        (7, "Runnable", ""),
        (1, "Waiting", "sleep"),
        (1, "Runnable", ""),
        (1, "Running", ""),
        (1, "NotExist", ""),
    ]


MISTAKES = {
    "another header": program(header=b"go 1.21 trace\x00\x00\x00"),
    "no events": program(events=b""),
    "another generation": program(generation=2),
    "half a batch": program()[:-1],
    "a second frequency": program(events=b"\x08\x01"),
    "an event nobody knows": with_events(([13, 0, 0, 1], [99, 0, 0, 1])),
    "a processor twice": with_events(([10, 5, 0, 1], [13, 5, 0, 1])),
    "a sequence number again": with_events(([21, 0, 1, 2, 0], [21, 0, 1, 1, 0])),
    "a sequence number left out": with_events(([16, 1, 1, 3], [16, 1, 1, 4])),
    "a goroutine twice": with_events(([14, 1, 7, 1, 1], [14, 1, 1, 1, 1])),
    "a start of nobody": with_events(([16, 1, 1, 1], [16, 1, 8, 1])),
    "a wake-up of who is runnable": with_events(([21, 0, 1, 2, 0], [21, 0, 7, 1, 0])),
    "a string that is not there": with_events(([20, 1, 3, 1], [20, 1, 9, 1])),
    "a stack that is not there": with_events(([20, 1, 3, 1], [20, 1, 3, 9])),
    "a name that is not there": program(stacks=b"\x02\x03\x01\x01\x09\x01\x07\x05"),
    "two places with one address": program(
        stacks=b"\x02\x03\x01\x02\x09\x01\x02\x05\x09\x01\x02\x06"
    ),
    "a collection that does not end": with_events(([30, 1, 2], [37, 1, 2])),
    "a log of nobody": program(events=bytes([13, 0, 0, 1, 44, 1, 0, 1, 1, 0])),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_the_decoder_finds(mistake: str) -> None:
    with pytest.raises(Broken):
        decode(MISTAKES[mistake])


# -- what is in a trace ----------------------------------------------------------------------------


def run_of(variant: Variant) -> Run:
    return execute(File(str(variant.py_file)), variant=variant.name, record=True)


@pytest.mark.parametrize("variant", A_FEW, ids=lambda v: v.id)
def test_a_trace_says_what_was_recorded(variant: Variant) -> None:
    says_what_was_recorded(run_of(variant))


def of_program(transitions: Any) -> list[Any]:
    return [t for t in transitions if t[1] != HELPER]


def says_what_was_recorded(run: Run) -> bytes:
    recording = run.recording()
    data = trace(run)
    read = decode(data)
    shown = of_program(read.transitions())
    wanted = list(transitions_of(recording))
    assert [t[1:] for t in shown] == [t[1:] for t in wanted]
    assert all(a[0] == b[0] + BEGIN for a, b in zip(shown, wanted, strict=True))

    # Every goroutine is named by the outermost function of its stack.
    created = {e.args[0]: read.functions(e.args[1])[-1] for e in read.of("GoCreate")}
    assert created == {g: member.function for g, member in recording.goroutines.items()}

    blocks = [event for event in recording.events if event.kind == "park"]
    for event, block in zip(blocks, program_s(read.of("GoBlock")), strict=True):
        stack = read.stacks[block.args[1]]
        mine = recording.stacks[event.stack]
        assert stack[-len(mine) :] == tuple((f.function, f.file, f.line) for f in mine)
        assert (event.file, event.line) in {(path, line) for _, path, line in stack}
        assert len(stack) > len(mine), "on top is the function of Go's library that blocks"

    logs = [(read.strings[e.args[1]], read.strings[e.args[2]]) for e in read.of("UserLog")]
    printed = [e.text.removesuffix("\n") for e in recording.events if e.kind == "print" and e.g]
    assert [text for key, text in logs if key == "stdout"] == printed
    notes = [text for key, text in logs if key == "gosim"]
    assert notes[0].startswith("Time is virtual")
    returned = any(event.kind == "return" for event in recording.events)
    assert any(note.startswith("main returns") for note in notes) == returned

    samples = moments(recording).samples
    assert [e.args[0] for e in read.of("HeapAlloc")] == [s.heap_live for _, _, s in samples]
    assert [e.args[0] for e in read.of("HeapGoal")] == [s.next_gc for _, _, s in samples]
    collections = sum(event.kind == "gc" for event in recording.events)
    assert len(read.of("GCBegin")) == len(read.of("GCEnd")) == collections
    return data


def program_s(events: list[Timed]) -> list[Timed]:
    return [event for event in events if event.by != HELPER]


def transitions_of(recording: Recording) -> Iterator[tuple[int, int, str, str, str]]:
    """Yield the changes of state that the states of a recording show."""
    names = {
        "": "NotExist",
        "gone": "NotExist",
        "runnable": "Runnable",
        "running": "Running",
        "waiting": "Waiting",
    }
    known: dict[int, str] = {}
    for (event, state), at in zip(recording.states(), moments(recording).times, strict=True):
        for g in dict.fromkeys((event.g, event.other)):
            now = state.goroutines[g].state if g else ""
            before = known.get(g, "")
            if now == before:
                continue
            known[g] = now
            reason = ""
            if now == "waiting":
                reason = REASONS.get(state.goroutines[g].reason, OTHER_REASON)
            elif event.kind == "yield":
                reason = event.text
            yield at, g, names[before], names[now], reason


def test_every_wait_reason_has_a_name_in_traces() -> None:
    reasons = {
        event.text
        for variant in A_FEW
        for event in run_of(variant).recording().events
        if event.kind == "park"
    }
    assert len(reasons) > 5
    assert reasons <= set(REASONS)


# -- runs of every kind ----------------------------------------------------------------------------


async def computing() -> None:
    done = chan(int)

    async def compute() -> None:
        await gs.work(25 * gs.time.Millisecond)
        await gs.runtime.gosched()
        await done.send(1)

    for _ in range(3):
        go(compute)
    for _ in range(3):
        await done.recv()


@pytest.mark.parametrize("options", [{}, {"procs": 2}, {"policy": "random", "seed": 3}], ids=str)
def test_the_order_is_kept_whatever_the_scheduler(options: dict[str, Any]) -> None:
    read = decode(trace(gs.run(computing, record=True, **options)))
    reasons = Counter(read.strings[e.args[0]] for e in read.of("GoStop"))
    if not options:
        # Slices of 10 ms: each of the three is taken from the processor twice.
        assert reasons == {"preempted": 6, "runtime.Gosched": 3}
    elif "policy" in options:
        assert reasons["runtime.Gosched"] == 3 and reasons["preempted"] >= 6


async def two_answers() -> None:
    answers = chan(str)

    async def ask(server: str) -> None:
        await answers.send(server)

    go(ask, "a")
    go(ask, "b")
    print("first:", await answers.recv())


def test_a_recording_that_was_cut_says_so() -> None:
    assert CUT not in decode(trace(gs.run(two_answers, record=True))).strings.values()
    for most in range(3, 18):
        recorder = Recorder(most=most)
        run = gs.run(two_answers, observers=[recorder])
        run.recorded = recorder.recording
        assert recorder.recording.cut
        assert CUT in decode(trace(run)).strings.values()


def test_long_and_odd_texts_are_cut_to_what_readers_take() -> None:
    async def main() -> None:
        print("ä" * 2000)
        print("\ud800")
        print("")

    read = decode(trace(gs.run(main, record=True)))
    logs = [[read.strings[n] for n in e.args[1:3]] for e in read.of("UserLog")]
    texts = [text for key, text in logs if key == "stdout"]
    assert texts[0] == "ä" * 510 + "…"
    assert texts[1:] == ["\\ud800", ""]


@given(st.lists(st.text(max_size=3000), max_size=60))
def test_tables_of_any_size_are_read_back(texts: list[str]) -> None:
    tables = exectrace._Tables()
    numbers = {tables.string(text): text for text in texts}
    found: dict[int, str] = {}
    for content in tables.batches():
        assert len(content) <= 64 << 10
        if content[0] == 4:
            batch = Bytes(content[1:])
            while batch:
                assert batch.byte() == 5
                id = batch.number()
                found[id] = batch.take(batch.number()).decode()
    assert found.keys() == numbers.keys()
    for id, text in numbers.items():
        whole = text.encode("utf-8", "backslashreplace").decode()
        assert found[id] == whole or whole.startswith(found[id].removesuffix("…"))


async def ten_thousand() -> None:
    c = chan(int)

    async def worker(i: int) -> None:
        await c.send(i)

    for i in range(10_000):
        go(worker, i)
    await c.recv()


def test_ten_thousand_goroutines_are_a_small_file() -> None:
    data = trace(gs.run(ten_thousand, record=True))
    assert len(data) < 500_000
    assert len(decode(data).of("GoCreate")) == 10_001


def test_a_trace_is_the_same_every_time() -> None:
    assert trace(gs.run(two_answers)) == trace(gs.run(two_answers, record=True))


def test_the_command_line_writes_a_trace(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, profile = tmp_path / "t.trace", tmp_path / "b.pb.gz"
    words = ["run", "first-answer-wins", "--trace", str(file)]
    assert gosim(words) == 0
    alone = file.read_bytes()
    assert len(decode(alone).of("GoCreate")) == 4
    assert gosim([*words, "--pprof", f"block={profile}"]) == 0
    assert file.read_bytes() == alone
    capsys.readouterr()


# -- against real Go -------------------------------------------------------------------------------

Tool = Callable[..., str]


def tool_of(toolchain: Toolchain) -> Path:
    """Return ``go tool trace``, which newer distributions build when it is first asked for."""
    there = toolchain.goroot / "pkg" / "tool"
    for file in there.glob("*/trace*"):
        toolchain.make_executable()
        file.chmod(0o755)
        return file
    found = subprocess.run(
        [str(toolchain.go), "tool", "-n", "trace"],
        capture_output=True,
        text=True,
        env=toolchain.environment(),
        timeout=400,
    )
    assert found.returncode == 0, found.stderr
    return Path(found.stdout.strip())


@pytest.fixture(scope="session")
def newest(go_toolchain: Toolchain) -> Path:
    return tool_of(go_toolchain)


def parsed(tool: Path, file: Path, mode: str = "parsed") -> str:
    done = subprocess.run(
        [str(tool), f"-d={mode}", str(file)], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    return done.stdout


_TRANSITION = re.compile(
    r"^M=\S+ P=\S+ G=\S+ StateTransition Time=(\d+) "
    r"(?:Resource=Goroutine\(\d+\) Reason=\"(.*?)\" )?"
    r"GoID=(\d+) (\w+)->(\w+)(?: Reason=\"(.*?)\")?",
    re.M,
)


def tool_s_transitions(text: str) -> list[tuple[int, int, str, str, str]]:
    return [
        (int(at), int(g), old, new, before or behind)
        for at, before, g, old, new, behind in _TRANSITION.findall(text)
    ]


def the_tool_reads(run: Run, tool: Path, folder: Path, mode: str = "parsed") -> None:
    file = folder / "t.trace"
    data = says_what_was_recorded(run)
    file.write_bytes(data)
    text = parsed(tool, file, mode)
    read = decode(data)
    mine, real = list(read.transitions()), tool_s_transitions(text)
    assert [t[1:] for t in real] == [t[1:] for t in mine]
    # The reader gives every event a time of its own.
    assert all(0 <= b[0] - a[0] < 10_000 for a, b in zip(mine, real, strict=True))
    assert text.count(" Log ") == len(read.of("UserLog"))
    assert text.count("RangeBegin") == len(read.of("GCBegin"))
    assert text.count(" Metric ") == 2 * len(read.of("HeapAlloc"))
    for function, path, line in {frame for stack in read.stacks.values() for frame in stack}:
        assert f"\t{function} @ 0x" in text
        assert f"\t\t{path}:{line}\n" in text


@pytest.mark.go
@pytest.mark.parametrize("variant", A_FEW, ids=lambda v: v.id)
def test_go_tool_trace_reads_it(variant: Variant, newest: Path, tmp_path: Path) -> None:
    the_tool_reads(run_of(variant), newest, tmp_path)


@pytest.mark.go
@pytest.mark.slow
@pytest.mark.parametrize("variant", THE_OTHERS, ids=lambda v: v.id)
def test_go_tool_trace_reads_all_others(variant: Variant, newest: Path, tmp_path: Path) -> None:
    the_tool_reads(run_of(variant), newest, tmp_path)


@pytest.mark.go
@pytest.mark.parametrize("variant", A_FEW, ids=lambda v: v.id)
def test_go_tool_trace_of_1_22_reads_it(variant: Variant, go_version: Any, tmp_path: Path) -> None:
    the_tool_reads(run_of(variant), tool_of(go_version("1.22")), tmp_path, mode="1")


@pytest.mark.go
def test_the_viewer_of_go_tool_trace_shows_it(newest: Path, tmp_path: Path) -> None:
    file = tmp_path / "t.trace"
    run = gs.run(ten_thousand, record=True)
    file.write_bytes(trace(run))
    viewer = subprocess.Popen(
        [str(newest), "-http=127.0.0.1:0", str(file)],
        stderr=subprocess.PIPE,
        text=True,
        # It opens a browser, whichever it finds.
        env={**os.environ, "BROWSER": "true"},
    )
    try:
        assert viewer.stderr is not None
        address = ""
        for line in viewer.stderr:
            assert "rror" not in line
            if found := re.search(r"http://\S+", line):
                address = found[0].rstrip("/")
                break

        def page(path: str) -> str:
            with urllib.request.urlopen(address + path, timeout=60) as answer:
                return str(answer.read().decode())

        groups = re.sub(r"<[^>]*>", " ", page("/goroutines")).split()
        worker = next(g.function for g in run.goroutines if g.id != 1)
        assert groups[groups.index(worker) + 1] == "10000"
        assert "traceEvents" in page("/jsontrace")
    finally:
        viewer.kill()
        viewer.communicate()


_TRACED = """package main

import (
	"os"
	"runtime/trace"
)

func traced() func() {
	file, err := os.Create(os.Args[1] + "/real.trace")
	if err != nil {
		panic(err)
	}
	if err := trace.Start(file); err != nil {
		panic(err)
	}
	return func() { trace.Stop(); file.Close() }
}
"""


@pytest.mark.go
@pytest.mark.parametrize("version", ["1.22", "1.24", "1.27"])
def test_waits_are_told_as_real_go_tells_them(
    version: str, go_version: Any, newest: Path, tmp_path: Path
) -> None:
    """The same program twice: who waited how often, for what, and where in Go's library."""
    toolchain = go_version(version)
    source = (HERE / "go" / "profiles.go").read_text("utf-8")
    (tmp_path / "profiles.go").write_text(
        source.replace("func main() {\n", "func main() {\n\tstop := traced()\n").replace(
            "\talloc(10)\n", "\tstop()\n\talloc(10)\n"
        )
    )
    (tmp_path / "traced.go").write_text(_TRACED)
    binary = build_go(
        [tmp_path / "profiles.go", tmp_path / "traced.go"], toolchain=toolchain, wrap=False
    )
    run = execute(File(str(HERE / "profiles_twin.py")), go=version, record=True)
    (tmp_path / "mine.trace").write_bytes(trace(run))
    mine = waits(parsed(newest, tmp_path / "mine.trace").partition("main returns")[0])
    assert len(mine) > 15
    for attempt in range(ATTEMPTS):
        environment = {**os.environ, "GOMAXPROCS": "1"}
        subprocess.run([str(binary), str(tmp_path)], check=True, env=environment, timeout=60)
        real = waits(parsed(newest, tmp_path / "real.trace"))
        if real == mine:
            break
        if attempt == ATTEMPTS - 1:
            assert mine == real


def waits(text: str) -> Counter[tuple[str, ...]]:
    """Count what the program waited for: reason, functions of the library, the program's."""
    found: Counter[tuple[str, ...]] = Counter()
    for part in re.split(r"^(?=M=)", text, flags=re.M):
        transition = _TRANSITION.match(part)
        if transition is None or transition[5] != "Waiting":
            continue
        stack = part.partition("TransitionStack=\n")[2].partition("\n\n")[0]
        names = re.findall(r"^\t(\S+) @", stack, re.M)
        if any(name.startswith("main.") for name in names):
            names = [name.replace("chanrecv2", "chanrecv1") for name in names]
            names = [name for name in names if ".gowrap" not in name]
            # What is between functions of the program is not told.
            first = next(i for i, name in enumerate(names) if name.startswith("main."))
            below = [name for name in names[first:] if not name.startswith("sync.")]
            found[(transition[2] or transition[6] or "", *names[:first], *below)] += 1
    return found


async def helpers() -> None:
    """Goroutines that gosim's own functions start, and ends of every kind."""
    wg, group = gs.sync.WaitGroup(), gs.errgroup.Group()

    async def task() -> None:
        await gs.time.sleep(1)

    async def leave() -> None:
        await gs.runtime.goexit()

    for f in (task, leave):
        await wg.go(f)
    await group.go(task)
    gs.time.after_func(5, lambda: print("late"))
    ctx, _ = gs.context.with_timeout(gs.context.background(), 3)
    await ctx.done().recv_ok()
    await wg.wait()
    await group.wait()
    await gs.time.sleep(10)
    gs.panic("the end")


@pytest.mark.go
def test_goroutines_of_every_kind_are_read(newest: Path, tmp_path: Path) -> None:
    run = gs.run(helpers, record=True)
    assert run.outcome == "panic"
    the_tool_reads(run, newest, tmp_path)


@pytest.mark.go
@pytest.mark.parametrize("options", [{}, {"procs": 2}, {"policy": "random", "seed": 3}], ids=str)
def test_runs_of_every_scheduler_are_read(
    options: dict[str, Any], newest: Path, tmp_path: Path
) -> None:
    file = tmp_path / "t.trace"
    file.write_bytes(trace(gs.run(computing, record=True, **options)))
    assert "main.computing" in parsed(newest, file)


@pytest.mark.go
def test_recordings_that_were_cut_anywhere_are_read(newest: Path, tmp_path: Path) -> None:
    file = tmp_path / "t.trace"
    for most in range(1, 18):
        recorder = Recorder(most=most)
        run = gs.run(two_answers, observers=[recorder])
        run.recorded = recorder.recording
        file.write_bytes(trace(run))
        assert len(tool_s_transitions(parsed(newest, file))) == len(
            list(decode(file.read_bytes()).transitions())
        )
