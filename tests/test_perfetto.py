"""Perfetto traces keep the rules of the documented JSON format, and say what was recorded."""

from __future__ import annotations

import copy
import json
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import gosim as gs
from gosim import chan, go
from gosim.cli import main as gosim
from gosim.export.moments import STEPS, moments
from gosim.export.perfetto import RUNTIME, STATES, micros, trace
from gosim.leaks.recording import Event, Recorder, Recording
from gosim.leaks.run import Run, execute
from gosim.memory.samples import Sample
from gosim.oracle.toolchain import Toolchain
from gosim.runtime.program import File
from gosim.scenario import find
from tests.browser import Browser, executable
from tests.scenario_cases import Variant, variants

PYTHON = [v for v in variants() if "python" in v.sources]
SOME = (
    "first-answer-wins/leak",
    "ab-ba-deadlock/leak",
    "ten-senders-buffer-of-four/leak",
    "cond-signal-missed/leak",
    "growing-service/leak",
    "ticker-range-after-stop/leak",
    "worker-pool-not-closed/leak",
    "mutex-never-unlocked/leak",
)
HERE = [v for v in PYTHON if v.id in SOME]
THE_OTHERS = [v for v in PYTHON if v.id not in SOME]


# -- a validator -----------------------------------------------------------------------------------

# What the document "Trace Event Format" (Google, 2016) names; the arguments of metadata events.
PHASES = set("BEXiIPCbneSTpFstfNODMVvRc(),")
METADATA: dict[str, tuple[str, type]] = {
    "process_name": ("name", str),
    "process_labels": ("labels", str),
    "process_sort_index": ("sort_index", int),
    "thread_name": ("name", str),
    "thread_sort_index": ("sort_index", int),
}
TOP = {
    "traceEvents",
    "displayTimeUnit",
    "systemTraceEvents",
    "otherData",
    "powerTraceAsString",
    "stackFrames",
    "samples",
    "controllerTraceDataKey",
}
#: What may stand in an event of any kind, and what in events of one kind only.
COMMON = {"name", "cat", "ph", "ts", "tts", "pid", "tid", "args", "cname"}
MORE = {
    "X": {"dur", "tdur", "sf", "stack", "esf", "estack"},
    "B": {"sf", "stack"},
    "E": {"sf", "stack"},
    "i": {"s", "sf", "stack"},
    "s": {"id", "bp"},
    "t": {"id", "bp"},
    "f": {"id", "bp"},
    "C": {"id"},
}


class Invalid(Exception):
    """A file breaks a rule of its format."""


def rule(holds: bool, text: str, event: Any = None) -> None:
    if not holds:
        raise Invalid(f"{text}: {event}" if event is not None else text)


def validate(text: str) -> dict[str, Any]:
    """Return what is in a file of the *JSON object format*; Invalid if a rule is broken."""

    def no_constant(name: str) -> None:
        raise Invalid(f"{name} is no JSON")

    file: dict[str, Any] = json.loads(text, parse_constant=no_constant)
    rule(isinstance(file, dict) and "traceEvents" in file, "an object with traceEvents")
    rule(set(file) <= TOP, "no key that is not documented")
    rule(file.get("displayTimeUnit", "ms") in ("ms", "ns"), "displayTimeUnit is ms or ns")
    events = file["traceEvents"]
    rule(isinstance(events, list), "traceEvents is an array")
    for event in events:
        check_event(event)
    check_order(events)
    check_metadata(events)
    check_nesting(events)
    check_flows(events)
    return file


def number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def check_event(event: dict[str, Any]) -> None:
    """Check what can be seen of one event alone."""
    phase = event.get("ph")
    rule(isinstance(phase, str) and phase in PHASES, "a phase that is documented", event)
    rule(isinstance(event.get("name"), str) or phase == "E", "a name", event)
    rule(isinstance(event.get("pid"), int) and isinstance(event.get("tid"), int), "ids", event)
    rule(set(event) <= COMMON | MORE.get(str(phase), set()), "fields of its kind only", event)
    rule(isinstance(event.get("cat", ""), str), "categories are text", event)
    rule(isinstance(event.get("args", {}), dict), "arguments are an object", event)
    if phase != "M":
        rule(number(event.get("ts")) and event["ts"] >= 0, "a time in µs", event)
        # Fractions of a nanosecond would be lost.
        rule(abs(event["ts"] * 1000 - round(event["ts"] * 1000)) < 1e-3, "whole ns", event)
    if phase == "X":
        rule(number(event.get("dur")) and event["dur"] >= 0, "a length that is not negative", event)
    if phase == "i":
        rule(event.get("s", "t") in ("g", "p", "t"), "a scope", event)
    if phase == "C":
        rule(bool(event.get("args")), "a counter has series", event)
        rule(all(number(n) for n in event["args"].values()), "a counter counts", event)
    if phase in ("s", "t", "f"):
        rule(isinstance(event.get("id"), int | str), "a flow has an id", event)
        rule(event.get("bp", "e") == "e", "a binding point is e", event)


def check_order(events: list[dict[str, Any]]) -> None:
    times = [event["ts"] for event in events if event["ph"] != "M"]
    rule(times == sorted(times), "events in the order of time")


def check_metadata(events: list[dict[str, Any]]) -> None:
    """Every track has one name, and every name is that of a track."""
    seen: set[tuple[str, int, int]] = set()
    for event in events:
        if event["ph"] != "M":
            continue
        rule(event["name"] in METADATA, "metadata that is documented", event)
        key, kind = METADATA[event["name"]]
        rule(isinstance(event.get("args", {}).get(key), kind), f"an argument {key}", event)
        tid = event["tid"] if event["name"].startswith("thread") else -1
        rule((event["name"], event["pid"], tid) not in seen, "said once", event)
        seen.add((event["name"], event["pid"], tid))
    for event in events:
        if event["ph"] in "BEXistf":
            rule(("thread_name", event["pid"], event["tid"]) in seen, "a named track", event)
        rule(("process_name", event["pid"], -1) in seen, "a named process", event)


def check_nesting(events: list[dict[str, Any]]) -> None:
    """Slices of a track lie beside or within each other; every B has its E."""
    open_: dict[tuple[int, int], list[str]] = defaultdict(list)
    for event in events:
        stack = open_[event["pid"], event["tid"]]
        if event["ph"] == "B":
            stack.append(event["name"])
        elif event["ph"] == "E":
            rule(bool(stack), "an E after its B", event)
            rule(event.get("name", stack[-1]) == stack.pop(), "an E of the same name", event)
    rule(not any(open_.values()), "an E for every B")
    for slices in slices_of(events).values():
        ends: list[int] = []
        for begin, end, event in sorted(slices, key=lambda s: (s[0], -s[1])):
            while ends and ends[-1] <= begin:
                ends.pop()
            rule(not ends or end <= ends[-1], "slices that nest", event)
            ends.append(end)


def nanos(micros: float) -> int:
    return round(micros * 1000)


def slices_of(events: list[dict[str, Any]]) -> dict[tuple[int, int], list[Any]]:
    found: dict[tuple[int, int], list[Any]] = defaultdict(list)
    for e in events:
        if e["ph"] == "X":
            begin = nanos(e["ts"])
            found[e["pid"], e["tid"]].append((begin, begin + nanos(e["dur"]), e))
    return found


def check_flows(events: list[dict[str, Any]]) -> None:
    """A flow begins once, goes forward in time, ends once, and each point of it is in a slice."""
    flows: dict[tuple[str, str, Any], list[dict[str, Any]]] = defaultdict(list)
    for event in events:
        if event["ph"] in ("s", "t", "f"):
            flows[event.get("cat", ""), event["name"], event["id"]].append(event)
    ids = Counter(id for _, _, id in flows)
    rule(all(n == 1 for n in ids.values()), "one name and category for each flow")
    tracks = slices_of(events)
    for points in flows.values():
        phases = "".join(event["ph"] for event in points)
        middle = phases[1:-1]
        rule(phases[0] == "s" and phases[-1] == "f" and len(points) > 1, "s, then f", points)
        rule(middle == "t" * len(middle), "only t between s and f", points)
        times = [event["ts"] for event in points]
        rule(times == sorted(times), "a flow goes forward", points)
        for event in points:
            at = nanos(event["ts"])
            slices = tracks.get((event["pid"], event["tid"]), [])
            where = bisect_right(slices, at, key=lambda s: s[0]) - 1
            rule(where >= 0 and at < slices[where][1], "a flow is tied to a slice", event)
            rule(at > slices[where][0], "not at a seam, where it is tied to either", event)
            if event["ph"] == "f":
                rule(event.get("bp") == "e", "an end is tied to the slice around it", event)


GOOD: list[dict[str, Any]] = [
    {"ph": "M", "pid": 1, "tid": 0, "ts": 0, "name": "process_name", "args": {"name": "p"}},
    {"ph": "M", "pid": 1, "tid": 1, "ts": 0, "name": "thread_name", "args": {"name": "a"}},
    {"ph": "M", "pid": 1, "tid": 7, "ts": 0, "name": "thread_name", "args": {"name": "b"}},
    {"ph": "X", "pid": 1, "tid": 1, "ts": 0, "dur": 4, "name": "running"},
    {"ph": "X", "pid": 1, "tid": 1, "ts": 1, "dur": 2, "name": "within"},
    {"ph": "s", "pid": 1, "tid": 1, "ts": 1.5, "id": 1, "name": "wakes", "cat": "w"},
    {"ph": "X", "pid": 1, "tid": 7, "ts": 2, "dur": 1.001, "name": "runnable"},
    {"ph": "t", "pid": 1, "tid": 7, "ts": 2.5, "id": 1, "name": "wakes", "cat": "w"},
    {"ph": "B", "pid": 1, "tid": 7, "ts": 3.001, "name": "b"},
    {"ph": "X", "pid": 1, "tid": 7, "ts": 3.001, "dur": 1, "name": "running"},
    {"ph": "f", "pid": 1, "tid": 7, "ts": 3.3, "id": 1, "name": "wakes", "cat": "w", "bp": "e"},
    {"ph": "C", "pid": 1, "tid": 0, "ts": 3.5, "name": "heap", "args": {"bytes": 1}},
    {"ph": "E", "pid": 1, "tid": 7, "ts": 4},
    {"ph": "i", "pid": 1, "tid": 7, "ts": 5, "name": "print", "s": "t"},
]


def as_file(events: list[dict[str, Any]], **more: Any) -> str:
    return json.dumps({"traceEvents": events, **more})


def test_the_validator_takes_what_is_right() -> None:
    validate(as_file(GOOD, displayTimeUnit="ns", otherData={}))


def changed(at: int, **fields: Any) -> Callable[[list[dict[str, Any]]], None]:
    def change(events: list[dict[str, Any]]) -> None:
        for key, value in fields.items():
            if value is None:
                del events[at][key]
            else:
                events[at][key] = value

    return change


MISTAKES: dict[str, Callable[[list[dict[str, Any]]], Any]] = {
    "a phase nobody knows": changed(3, ph="Q"),
    "no time": changed(4, ts=None),
    "a negative time": changed(3, ts=-1),
    "a fraction of a nanosecond": changed(4, ts=1.00005),
    "a negative length": changed(4, dur=-1),
    "no length": changed(4, dur=None),
    "slices that cross": changed(4, dur=9),
    "no track": changed(4, tid=None),
    "a track without a name": changed(13, tid=8),
    "two names for a track": lambda events: events.insert(3, dict(events[2])),
    "a process without a name": changed(11, pid=2),
    "metadata nobody knows": changed(1, name="thread_colour"),
    "metadata without its argument": changed(1, args={"label": "a"}),
    "not in the order of time": lambda events: events.append(events.pop(3)),
    "a field of another kind of event": changed(3, bp="e"),
    "a counter without a number": changed(11, args={"bytes": "1"}),
    "a counter without a series": changed(11, args={}),
    "a scope nobody knows": changed(13, s="x"),
    "a flow without an id": changed(5, id=None),
    "a flow that does not begin": lambda events: events.pop(5),
    "a flow that does not end": lambda events: events.pop(10),
    "a flow that begins twice": changed(7, ph="s"),
    "a flow that ends elsewhere": changed(10, id=2),
    "a flow of two names": changed(10, name="other"),
    "a flow out of any slice": changed(5, tid=7),
    "a flow at a seam": changed(10, ts=3.001),
    "an end not tied to the slice around it": changed(10, bp=None),
    "a B without an E": lambda events: events.pop(12),
    "an E without a B": lambda events: events.pop(8),
    "an E of another name": changed(12, name="c"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_the_validator_finds(mistake: str) -> None:
    events = copy.deepcopy(GOOD)
    MISTAKES[mistake](events)
    with pytest.raises(Invalid):
        validate(as_file(events))


@pytest.mark.parametrize(
    "text",
    [
        as_file(GOOD, displayTimeUnit="µs"),
        as_file(GOOD, other={}),
        as_file(GOOD).replace('"dur": 4', '"dur": NaN'),
        '{"events": []}',
    ],
)
def test_the_validator_finds_mistakes_of_the_whole_file(text: str) -> None:
    with pytest.raises(Invalid):
        validate(text)


# -- what is in a trace ----------------------------------------------------------------------------


def run_of(variant: Variant) -> Run:
    return execute(File(str(variant.py_file)), variant=variant.name, record=True)


@pytest.mark.parametrize("variant", HERE, ids=lambda v: v.id)
def test_a_trace_is_valid_and_says_what_was_recorded(variant: Variant) -> None:
    says_what_was_recorded(run_of(variant))


@pytest.mark.slow
@pytest.mark.parametrize("variant", THE_OTHERS, ids=lambda v: v.id)
def test_all_other_traces_are_valid_too(variant: Variant) -> None:
    says_what_was_recorded(run_of(variant))


def says_what_was_recorded(run: Run) -> None:
    recording = run.recording()
    file = validate(trace(run, "a title"))
    assert file["displayTimeUnit"] == "ns"
    assert file["otherData"]["outcome"] == run.outcome
    events = file["traceEvents"]
    tracks = slices_of(events)
    names_are_the_goroutines(recording, events)
    states_are_those_of_the_recording(recording, tracks)
    arrows_go_from_who_woke_to_who_was_woken(recording, events)
    counters_count(recording, events)

    kinds = Counter(event.kind for event in recording.events)
    marks = Counter(event["cat"] for event in events if event["ph"] == "i")
    assert marks["print"] == kinds["print"]
    assert marks["timer"] == kinds["timer"]
    assert marks["gc"] == kinds["gc"]
    assert marks["chan"] == kinds["send"] + kinds["recv"] + kinds["close"]

    # Whoever is blocked to the end has the verdict in its last slice.
    verdicts = {g.id: g.leak for g in run.goroutines if g.leak and g.state == "waiting"}
    for g, verdict in verdicts.items():
        assert max(tracks[1, g], key=lambda s: s[0])[2]["args"]["leak"] == verdict


def names_are_the_goroutines(recording: Recording, events: list[dict[str, Any]]) -> None:
    names = {
        event["tid"]: event["args"]["name"] for event in events if event["name"] == "thread_name"
    }
    names.pop(RUNTIME, None)
    assert names == {g: f"G{g} {member.function}" for g, member in recording.goroutines.items()}


def states_are_those_of_the_recording(recording: Recording, tracks: dict[Any, Any]) -> None:
    """After every event, whom it was about is in the slice that the states of a recording say."""
    assert {g for _, g in tracks} - {RUNTIME} == set(recording.goroutines)
    for (_, g), slices in tracks.items():
        for (_, end, _), (begin, _, _) in pairwise(slices):
            assert begin >= end if g == RUNTIME else begin == end, "no gaps while it lives"
    times = moments(recording).times
    begins = {g: [s[0] for s in slices] for (_, g), slices in tracks.items()}
    for (event, state), at in zip(recording.states(), times, strict=True):
        for g in {event.g, event.other} - {0}:
            standing = state.goroutines[g]
            slices = tracks[1, g]
            where = bisect_right(begins[g], at) - 1
            begin, end, slice_ = slices[where]
            if standing.state == "gone":
                assert end == at
                continue
            assert begin <= at < end
            assert slice_["cat"] == standing.state
            if standing.state == "waiting":
                assert slice_["name"] == standing.reason


def arrows_go_from_who_woke_to_who_was_woken(
    recording: Recording, events: list[dict[str, Any]]
) -> None:
    begins = {e["id"]: e["tid"] for e in events if e["ph"] == "s"}
    ends = {e["id"]: e["tid"] for e in events if e["ph"] == "f"}
    wanted = Counter((e.g or RUNTIME, e.other) for e in recording.events if e.kind == "ready")
    assert Counter((begins[id], ends[id]) for id in begins) == wanted


def counters_count(recording: Recording, events: list[dict[str, Any]]) -> None:
    """The last numbers are those of the end of the run."""
    last = {e["name"]: e["args"] for e in events if e["ph"] == "C"}
    *_, (_, state) = recording.states()
    states = Counter(standing.state for standing in state.goroutines.values())
    assert last["goroutines"] == {name: states[name] for name in STATES}
    if recording.samples:
        sample = recording.samples[-1]
        assert last["heap live"]["bytes"] == sample.heap_live
        assert last["resident memory"]["bytes"] == sample.rss
        highest = max(s.heap_live for s in recording.samples)
        shown = [e["args"]["bytes"] for e in events if e["name"] == "heap live"]
        assert max(shown) == highest


# -- times -----------------------------------------------------------------------------------------


def at(*instants: int) -> Recording:
    return Recording([Event("print", instant, 0, 0) for instant in instants])


@given(st.lists(st.integers(0, 60) | st.integers(0, 10**9), min_size=1, max_size=40))
def test_every_event_has_a_time_of_its_own_in_its_instant(instants: list[int]) -> None:
    instants.sort()
    shown = moments(at(*instants))
    assert shown.step in STEPS
    assert all(a + 1 < b for a, b in pairwise(shown.times))
    assert all(t >= a for t, a in zip(shown.times, instants, strict=True))
    crowded = any(2 * instants.count(a) > b - a for a, b in pairwise(instants) if b > a)
    assert shown.late <= crowded
    if not crowded:
        nexts = {a: min((b for b in instants if b > a), default=10**12) for a in instants}
        assert all(t < nexts[a] for t, a in zip(shown.times, instants, strict=True))
        firsts = [i for i, a in enumerate(instants) if instants.index(a) == i]
        assert all(shown.times[i] == instants[i] for i in firsts)


@pytest.mark.parametrize(
    ("instants", "step", "times", "late"),
    [
        ((0, 0, 0), 1000, [0, 1000, 2000], False),
        ((0, 0, 2000), 1000, [0, 1000, 2000], False),
        ((0, 0, 1999), 100, [0, 100, 1999], False),
        ((0, 0, 0, 6), 2, [0, 2, 4, 6], False),
        ((0, 0, 0, 5, 9), 2, [0, 2, 4, 6, 9], True),
    ],
)
def test_steps_are_as_long_as_they_can_be(
    instants: tuple[int, ...], step: int, times: list[int], late: bool
) -> None:
    shown = moments(at(*instants))
    assert (shown.step, shown.times, shown.late) == (step, times, late)
    assert ("later than they were" in shown.note) == late


def test_a_sample_stands_where_it_was_taken() -> None:
    def sample(instant: int, num_gc: int) -> Sample:
        return Sample(instant, 0, 0, 0, 0, 0, 0, num_gc)

    recording = Recording(
        [Event(kind, instant, 0, 0) for kind, instant in (("run", 0), ("gc", 0), ("print", 5000))]
    )
    before, after = sample(0, 0), sample(0, 1)
    between, end = sample(3000, 1), sample(9000, 1)
    recording.samples = [sample(0, 0), before, after, between, end]
    shown = moments(recording)
    assert shown.times == [0, 1000, 5000]
    assert shown.samples == [(1, 0, before), (2, 1000, after), (2, 3000, between), (3, 9000, end)]
    assert shown.samples[0][2] is before, "of two for one place the second one"


@given(st.integers(0, 10**14))
def test_microseconds_are_exact(ns: int) -> None:
    text = micros(ns)
    assert round(float(json.loads(text)) * 1000) == ns
    whole, _, rest = text.partition(".")
    assert int(whole) * 1000 + int(rest.ljust(3, "0") or 0) == ns


# -- runs of every kind ----------------------------------------------------------------------------


def test_every_text_can_stand_in_a_trace(tmp_path: Path) -> None:
    program = tmp_path / "p.py"
    program.write_text(
        "async def main():\n    print('\"\\\\ \\u2028 \\ud800 \\x00')\n    print('')\n", "utf-8"
    )
    file = tmp_path / "t.json"
    assert gosim(["run", str(program), "--trace", str(file)]) == 0
    events = validate(file.read_text("utf-8"))["traceEvents"]
    assert [e["name"] for e in events if e.get("cat") == "print"] == ['"\\ \u2028 \ud800 \x00', "⏎"]


async def computing() -> None:
    done = chan(int)

    async def compute() -> None:
        await gs.work(25 * gs.time.Millisecond)
        await done.send(1)

    for _ in range(3):
        go(compute)
    for _ in range(3):
        await done.recv()


@pytest.mark.parametrize("options", [{}, {"procs": 2}, {"policy": "random", "seed": 3}], ids=str)
def test_slices_nest_whatever_the_scheduler(options: dict[str, Any]) -> None:
    run = gs.run(computing, record=True, **options)
    file = validate(trace(run))
    if "procs" not in options:
        states_are_those_of_the_recording(run.recording(), slices_of(file["traceEvents"]))


async def two_answers() -> None:
    answers = chan(str)

    async def ask(server: str) -> None:
        await answers.send(server)

    go(ask, "a")
    go(ask, "b")
    print("first:", await answers.recv())


def test_a_recording_that_was_cut_says_so() -> None:
    whole = gs.run(two_answers, record=True)
    assert validate(trace(whole))["otherData"]["cut"] == ""
    for most in range(1, len(whole.recording().events)):
        recorder = Recorder(most=most)
        run = gs.run(two_answers, observers=[recorder])
        run.recorded = recorder.recording
        file = validate(trace(run))
        assert "this is its beginning" in file["otherData"]["cut"]
        marks = [e for e in file["traceEvents"] if e["ph"] == "i" and e["cat"] == "recording"]
        assert [mark["name"] for mark in marks] == [file["otherData"]["cut"]]
        assert file["traceEvents"][-1] == marks[0]


def test_a_trace_is_the_same_every_time() -> None:
    run = gs.run(two_answers)
    assert trace(run, "t") == trace(gs.run(two_answers, record=True), "t")


def test_ten_thousand_goroutines_are_a_trace_of_some_megabytes() -> None:
    async def main() -> None:
        c = chan(int)

        async def worker(i: int) -> None:
            await c.send(i)

        for i in range(10_000):
            go(worker, i)
        await c.recv()

    text = trace(gs.run(main, record=True))
    assert len(text) < 20_000_000
    assert len(slices_of(validate(text)["traceEvents"])) == 10_002


def test_the_command_line_writes_a_trace(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, profile = tmp_path / "T.JSON", tmp_path / "b.pb.gz"
    words = ["run", "first-answer-wins", "--trace", str(file)]
    assert gosim(words) == 0
    alone = file.read_text("utf-8")
    other = validate(alone)["otherData"]
    assert other["title"] == "first-answer-wins: 2 goroutines are stuck for good"
    assert gosim([*words, "--pprof", f"block={profile}"]) == 0
    assert file.read_text("utf-8") == alone
    capsys.readouterr()
    assert find("first-answer-wins").name == other["program"]


# -- in the viewer of Chrome -----------------------------------------------------------------------

_IMPORT = """(() => {
    const model = new tr.Model(), options = new tr.importer.ImportOptions();
    options.showImportWarnings = false;
    new tr.importer.Import(model, options).importTraces([TEXT]);
    const of = slice => slice && [slice.parentContainer.tid, slice.title];
    return {
        warnings: model.importWarnings.map(warning => warning.message),
        names: model.getAllThreads().map(thread => [thread.tid, thread.name]),
        slices: model.getAllThreads().flatMap(thread => thread.sliceGroup.slices.map(
            slice => [thread.tid, slice.title, slice.start, slice.duration])),
        arrows: model.flowEvents.map(flow => [of(flow.startSlice), of(flow.endSlice)]),
        counters: Object.values(model.getProcess(1).counters).map(
            counter => [counter.name, counter.series.map(
                series => series.samples.map(sample => sample.value))]),
    };
})()"""


@pytest.fixture(scope="module")
def viewer(go_toolchain: Toolchain, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """The trace viewer of chrome://tracing, which comes with Go."""
    chromium = executable()
    if chromium is None:
        pytest.skip("no chromium: apt-get install chromium")
    parts = go_toolchain.goroot / "src" / "internal" / "trace" / "traceviewer" / "static"
    page = tmp_path_factory.mktemp("viewer") / "viewer.html"
    page.write_text(
        '<!doctype html><meta charset="utf-8">'
        f"<script>{(parts / 'webcomponents.min.js').read_text('utf-8')}</script>"
        f"{(parts / 'trace_viewer_full.html').read_text('utf-8')}",
        "utf-8",
    )
    with Browser(chromium) as browser:
        browser.open(page)
        yield browser


@pytest.mark.go
@pytest.mark.parametrize("variant", HERE, ids=lambda v: v.id)
def test_the_viewer_of_chrome_reads_it(variant: Variant, viewer: Browser) -> None:
    the_viewer_reads(trace(run_of(variant)), viewer)


@pytest.mark.go
@pytest.mark.slow
@pytest.mark.parametrize("variant", THE_OTHERS, ids=lambda v: v.id)
def test_the_viewer_of_chrome_reads_the_others_too(variant: Variant, viewer: Browser) -> None:
    text = trace(run_of(variant))
    if len(text) > 10_000_000:
        pytest.skip("more than the browser takes in one message")
    the_viewer_reads(text, viewer)


def the_viewer_reads(text: str, viewer: Browser) -> None:
    events = json.loads(text)["traceEvents"]
    seen = viewer.evaluate(_IMPORT.replace("TEXT", json.dumps(text)))
    assert not seen["warnings"]
    names = {e["tid"]: e["args"]["name"] for e in events if e["name"] == "thread_name"}
    assert {tid: name for tid, name in seen["names"] if name} == names

    # It counts in milliseconds; marks of a track are slices without a length.
    wanted = [
        (e["tid"], e["name"], nanos(e["ts"]), nanos(e.get("dur", 0)))
        for e in events
        if e["ph"] == "X" or (e["ph"] == "i" and e["s"] == "t")
    ]
    shown = [
        (tid, name, round(at * 1e6), round(dur * 1e6)) for tid, name, at, dur in seen["slices"]
    ]
    assert sorted(shown) == sorted(wanted)

    # Every part of an arrow is tied to the slices it was meant for.
    assert all(begin and end for begin, end in seen["arrows"])
    arrows = Counter((*begin, *end) for begin, end in seen["arrows"])
    flows: dict[int, dict[str, int]] = defaultdict(dict)
    for e in events:
        if e["ph"] in ("s", "t", "f"):
            flows[e["id"]][e["ph"]] = e["tid"]
    for (_, begin, tid, end), times in arrows.items():
        if end == "runnable":
            assert begin == "running" or begin.split()[0] in ("wakes", "starts")
        elif begin == "runnable":
            assert end == "running"
        else:
            pytest.fail(f"an arrow from {begin} to {end} of {tid}, {times} times")
    ends = Counter((tid, end) for (_, _, tid, end) in arrows.elements())
    wanted_ends = Counter((flow["t"], "runnable") for flow in flows.values() if "t" in flow)
    wanted_ends += Counter((flow["f"], "running") for flow in flows.values() if "t" in flow)
    wanted_ends += Counter((flow["f"], "runnable") for flow in flows.values() if "t" not in flow)
    assert ends == wanted_ends

    counters = {name: [series[-1] for series in of_one] for name, of_one in seen["counters"]}
    last = {e["name"]: list(e["args"].values()) for e in events if e["ph"] == "C"}
    assert counters == last
