"""Profiles hold the counts and lines of the run, and look as those that real Go writes."""

from __future__ import annotations

import json
import os
import re
import struct
import subprocess
import zlib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gosim.cli import main as gosim
from gosim.export import pprof
from gosim.export.profiler import PROFILED, Profiler
from gosim.leaks.run import Run, execute
from gosim.memory.features import features
from gosim.memory.heap import Heap
from gosim.oracle.dump import parse_dump, parse_profile
from gosim.oracle.run import build_go
from gosim.oracle.toolchain import Toolchain
from gosim.runtime.errors import UsageError
from gosim.runtime.program import File
from gosim.runtime.proto import Label, Profile, Sample, ValueType, gzip, varint
from gosim.runtime.traceback import Frame
from gosim.scenario import find, scenarios

HERE = Path(__file__).parent
TWIN = HERE / "profiles_twin.py"

#: Real sleeps come late on a loaded machine; a measurement may be repeated.
ATTEMPTS = 5


# -- a reader of profile.proto, for where no Go is -------------------------------------------------


def fields(data: bytes) -> Iterator[tuple[int, Any]]:
    """Yield the fields of a message: a number, or bytes."""

    def number() -> int:
        nonlocal at
        shift = value = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    at = 0
    while at < len(data):
        key = number()
        if key & 7 == 0:
            yield key >> 3, number()
        else:
            assert key & 7 == 2, "only numbers and messages"
            size = number()
            assert at + size <= len(data)
            yield key >> 3, data[at : at + size]
            at += size


def signed(n: int) -> int:
    return n - (1 << 64) if n >= 1 << 63 else n


def numbers(data: Any) -> list[int]:
    """Read a repeated number, packed or not."""
    if isinstance(data, int):
        return [data]
    found, value, shift = [], 0, 0
    for byte in data:
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            found.append(value)
            value = shift = 0
    assert shift == 0
    return found


class Read(NamedTuple):
    columns: list[tuple[str, str]]
    period: tuple[tuple[str, str], int]
    samples: list[tuple[tuple[Frame, ...], tuple[int, ...], tuple[tuple[str, int], ...]]]
    default: str
    time_ns: int
    file: str
    comments: list[str]

    def by_function(self, column: int = 0) -> Counter[tuple[str, ...]]:
        """Return the sum of a column by the functions of the stack."""
        sums: Counter[tuple[str, ...]] = Counter()
        for stack, values, _ in self.samples:
            sums[tuple(f.function for f in stack)] += values[column]
        return sums


def decode(data: bytes) -> Read:
    """Read a profile; hold what every profile keeps."""
    assert data[:3] == b"\x1f\x8b\x08"
    top: dict[int, list[Any]] = {}
    for tag, value in fields(zlib.decompress(data, 31)):
        top.setdefault(tag, []).append(value)
    strings = [text.decode() for text in top[6]]
    assert strings[0] == "" and len(set(strings)) == len(strings)

    def ids(tag: int) -> dict[int, dict[int, Any]]:
        parts = [dict(fields(part)) for part in top.get(tag, ())]
        by_id = {part[1]: part for part in parts}
        assert len(by_id) == len(parts) and 0 not in by_id
        return by_id

    def pair(part: bytes) -> tuple[str, str]:
        f = dict(fields(part))
        return strings[f.get(1, 0)], strings[f.get(2, 0)]

    mappings, functions = ids(3), ids(5)
    places: dict[int, list[Frame]] = {}
    for part in top.get(4, ()):
        location = dict(fields(part))
        mapping = mappings[location.get(2, 1)]
        assert mapping.get(2, 0) <= location[3] < mapping[3]
        assert location[1] not in places
        # Go's have one line for each inlined function as well, innermost first.
        places[location[1]] = []
        for tag, text in fields(part):
            if tag == 4:
                line = dict(fields(text))
                of = functions[line[1]]
                places[location[1]].append(
                    Frame(strings[of.get(2, 0)], strings[of.get(4, 0)], signed(line.get(2, 0)))
                )
    samples = []
    for part in top.get(2, ()):
        stack: list[Frame] = []
        values: list[int] = []
        labels: list[tuple[str, int]] = []
        for tag, value in fields(part):
            if tag == 1:
                stack += [frame for place in numbers(value) for frame in places[place]]
            elif tag == 2:
                values += map(signed, numbers(value))
            else:
                label = dict(fields(value))
                labels.append((strings[label.get(1, 0)], signed(label.get(3, 0))))
        assert len(values) == len(top[1])
        samples.append((tuple(stack), tuple(values), tuple(labels)))
    return Read(
        [pair(part) for part in top[1]],
        (pair(top[11][0]), top[12][0]),
        samples,
        strings[top.get(14, [0])[0]],
        top.get(9, [0])[0],
        strings[next(iter(mappings.values())).get(5, 0)],
        [strings[number] for part in top.get(13, ()) for number in numbers(part)],
    )


# -- the format ------------------------------------------------------------------------------------

NAMES = st.text(st.characters(codec="utf-8"), max_size=8)
FRAMES = st.builds(Frame, NAMES, NAMES, st.integers(0, 1 << 40))
SAMPLES = st.builds(
    Sample,
    st.lists(FRAMES, max_size=5).map(tuple),
    st.tuples(*[st.integers(-(1 << 63), (1 << 63) - 1)] * 2),
    st.lists(st.builds(Label, NAMES.filter(bool), st.integers(0, 1 << 62)), max_size=2).map(tuple),
)


@settings(max_examples=60)
@given(
    st.lists(SAMPLES, max_size=3),
    NAMES,
    NAMES,
    st.integers(0, 1 << 62),
    st.lists(NAMES, max_size=2),
)
def test_what_is_written_is_what_is_read(
    samples: list[Sample], name: str, default: str, time_ns: int, comments: list[str]
) -> None:
    columns = [ValueType("a", "count"), ValueType(name, "bytes")]
    profile = Profile(columns, columns[0], 7, samples, default, time_ns, name, comments)
    read = decode(profile.encode())
    assert read.columns == [("a", "count"), (name, "bytes")]
    assert read.period == (("a", "count"), 7)
    assert read.samples == [(s.stack, s.values, s.labels) for s in samples]
    assert (read.default, read.time_ns, read.file) == (default, time_ns, name)
    assert read.comments == [c for c in comments if c]
    assert profile.encode() == profile.encode()


@given(st.integers(-(1 << 63), (1 << 63) - 1))
def test_a_number_in_base_128_is_read_back(n: int) -> None:
    assert [signed(x) for x in numbers(varint(n))] == [n]
    assert len(varint(n)) <= 10


@given(st.binary(max_size=5000))
def test_the_gzip_file_names_no_hour_and_no_machine(data: bytes) -> None:
    packed = gzip(data)
    assert zlib.decompress(packed, 31) == data
    assert struct.unpack("<I", packed[4:8]) == (0,) and packed[9] == 255


# -- what is in them -------------------------------------------------------------------------------

SCENARIOS = (
    "first-answer-wins",
    "ten-senders-one-receiver",
    "mutex-never-unlocked",
    "ab-ba-deadlock",
    "waitgroup-without-done",
    "cond-signal-missed",
    "rwmutex-recursive-read",
    "ticker-never-stopped",
    "ticker-range-after-stop",
    "worker-pool-not-closed",
    "nil-channel",
    "two-kinds",
    "all-asleep",
    "semaphore-token-lost",
)


@cache
def run_of(name: str, fixed: bool = False) -> tuple[Run, Profiler]:
    scenario = find(name)
    variant = scenario.fixed if fixed else scenario.first
    profiler = Profiler()
    program = File(str(variant.file()))
    program.name = name
    run = execute(program, variant=variant.name, observers=[profiler], memory=True)
    return run, profiler


@cache
def twin(go: str = "1.27") -> tuple[Run, Profiler]:
    profiler = Profiler()
    return execute(File(str(TWIN)), go=go, observers=[profiler], memory=True), profiler


def read_back(run: Run, kind: str, profiler: Profiler | None = None) -> Read:
    return decode(pprof.profile(run, kind, profiler).encode())


@pytest.mark.parametrize("fixed", [False, True], ids=["first", "fixed"])
@pytest.mark.parametrize("name", SCENARIOS)
def test_every_goroutine_is_counted_where_it_stands(name: str, fixed: bool) -> None:
    run, _ = run_of(name, fixed)
    for kind in ("goroutine", "goroutineleak"):
        wanted = Counter(
            tuple(g.stack) for g in run.goroutines if kind == "goroutine" or g.in_profile
        )
        found: Counter[tuple[Frame, ...]] = Counter()
        read = read_back(run, kind)
        for stack, (count,), _ in read.samples:
            found[tuple(f for f in stack if f.function.startswith("main."))] += count
        assert found == wanted
        assert read.columns == [(kind, "count")] and read.period == ((kind, "count"), 1)
        counts = [values[0] for _, values, _ in read.samples]
        assert counts == sorted(counts, reverse=True)


def test_a_leak_is_in_the_profile_and_gone_from_that_of_the_repair() -> None:
    leaking, _ = run_of("first-answer-wins")
    fixed, _ = run_of("first-answer-wins", True)
    assert sum(read_back(leaking, "goroutineleak").by_function().values()) == 2
    assert not read_back(fixed, "goroutineleak").samples


def test_the_file_says_what_it_was_written_from() -> None:
    run, _ = run_of("first-answer-wins")
    read = read_back(run, "goroutine")
    assert read.file == "first-answer-wins"
    assert any(run.schedule in comment for comment in read.comments)
    # 2000-01-01 00:00:00 UTC, where virtual time begins, and what has passed since.
    assert read.time_ns == 946_684_800 * 10**9 + run.virtual_ns + run.after_main.virtual_ns


def test_waits_are_charged_to_who_waited_and_to_who_unlocked(tmp_path: Path) -> None:
    program = tmp_path / "p.py"
    program.write_text(
        "from gosim import chan, go, sync, time\n"
        "async def hold(mu):\n"
        "    await time.sleep(5)\n"
        "    await mu.unlock()\n"  # line 4
        "async def late(c):\n"
        "    await time.sleep(7)\n"
        "    await c.close()\n"
        "async def main():\n"
        "    mu, c = sync.Mutex(), chan(int)\n"
        "    await mu.lock()\n"
        "    go(hold, mu)\n"
        "    await mu.lock()\n"  # line 12
        "    go(late, c)\n"
        "    await c.recv()\n"  # line 14
        "    await time.sleep(100)\n"  # no contention
        "    go(late, chan(int))\n"
        "    await chan(int).recv()\n"  # never comes back: not in the profile, as in Go
    )
    profiler = Profiler(["block", "mutex"])
    run = execute(File(str(program)), observers=[profiler])
    assert run.outcome == "deadlock"
    block, mutex = read_back(run, "block", profiler), read_back(run, "mutex", profiler)
    assert block.columns == [("contentions", "count"), ("delay", "nanoseconds")]
    assert block.columns == mutex.columns
    assert block.period == mutex.period == (("contentions", "count"), 1)

    def seen(read: Read) -> list[tuple[str, str, int, tuple[int, ...]]]:
        return [
            (stack[0].function, stack[1].function, stack[1].line, values)
            for stack, values, _ in read.samples
        ]

    assert seen(block) == [
        ("runtime.chanrecv1", "main.main", 14, (1, 7)),
        ("sync.(*Mutex).Lock", "main.main", 12, (1, 5)),
    ]
    assert seen(mutex) == [("sync.(*Mutex).Unlock", "main.hold", 4, (1, 5))]


def test_all_who_wait_are_charged_to_the_unlock_from_1_22_on() -> None:
    """Three hold a lock for 20 ms each: 20 + the mean of 20 and 0, then 20 + another 20 (1.22)."""

    def delay(go: str) -> int:
        run, profiler = twin(go)
        return read_back(run, "mutex", profiler).by_function(1)[
            "sync.(*Mutex).Unlock", "main.lockit"
        ]

    assert delay("1.21") < delay("1.22") == delay("1.27")


def test_a_run_that_is_profiled_comes_out_as_one_that_is_not() -> None:
    for name in ("first-answer-wins", "mutex-never-unlocked", "two-kinds"):
        observed, _ = run_of(name)
        program = File(str(find(name).first.file()))
        program.name = name
        plain = execute(program, variant=observed.variant, memory=True)
        assert plain.to_dict() == observed.to_dict()


def test_the_heap_profile_has_what_was_allocated_and_what_is_kept() -> None:
    run, profiler = twin()
    read = read_back(run, "heap", profiler)
    assert [column[0] for column in read.columns] == [
        "alloc_objects",
        "alloc_space",
        "inuse_objects",
        "inuse_space",
    ]
    assert read.period == (("space", "bytes"), 1) and read.default == ""
    for _, (made, made_bytes, kept, kept_bytes), labels in read.samples:
        ((key, size),) = labels
        assert key == "bytes" and 0 <= kept <= made
        assert (made_bytes, kept_bytes) == (made * size, kept * size)
    of = {
        (stack[0].function, labels[0][1]): values[::2]
        for stack, values, labels in read.samples
        if stack[0].function in ("main.alloc", "main.garbage")
    }
    assert of["main.garbage", 2048] == (7, 0)
    assert of["main.alloc", 112] == (10, 10)
    assert of["main.alloc", 128] == (1, 1) and of["main.alloc", 64] == (1, 0)
    assert read_back(run, "allocs", profiler)._replace(default="") == read
    assert read_back(run, "allocs", profiler).default == "alloc_space"


@pytest.mark.parametrize(
    "name",
    ["subslice-keeps-array", "substring-keeps-string", "object-pool", "shared-buffer"],
)
def test_the_heap_profile_adds_up_to_what_the_run_says(name: str) -> None:
    run, profiler = run_of(name)
    read = read_back(run, "heap", profiler)
    assert run.memory_record is not None
    stats, after = run.memory_record.stats, run.memory_record.stats_after_gc
    empty = Heap(features("1.27")).stats
    assert after is not None
    sums = [sum(values[column] for _, values, _ in read.samples) for column in range(4)]
    assert sums[1] == stats["total_alloc"] - empty.total_alloc
    assert sums[0] == stats["mallocs"] - empty.mallocs
    # A collection frees descriptors and timers of the runtime's as well.
    assert 0 <= sums[3] - (after["heap_alloc"] - empty.heap_alloc) <= 1024


def test_what_a_package_allocates_before_main_is_in_the_profile(tmp_path: Path) -> None:
    program = tmp_path / "p.py"
    program.write_text(
        "import gosim as gs\n"
        "table = gs.make_slice(gs.types.BYTE, 100_000)\n"
        "async def main():\n"
        "    pass\n"
    )
    profiler = Profiler(["heap"])
    run = execute(File(str(program)), observers=[profiler], memory=True)
    samples = read_back(run, "heap", profiler).samples
    found = [(stack[0], values) for stack, values, _ in samples if values[1] >= 100_000]
    assert found == [(Frame("main.init", str(program), 2), (1, 106_496, 1, 106_496))]


def test_a_profile_that_was_not_collected_is_refused() -> None:
    run, _ = run_of("first-answer-wins")
    for kind in PROFILED:
        with pytest.raises(UsageError, match="collected while the program runs"):
            pprof.profile(run, kind)
        with pytest.raises(UsageError, match="collected while the program runs"):
            pprof.profile(run, kind, Profiler(set(PROFILED) - {kind}))
    with pytest.raises(UsageError, match="there is no profile 'cpu'"):
        pprof.profile(run, "cpu")


# -- as text ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_text_says_what_the_file_says(name: str) -> None:
    run, _ = run_of(name)
    for kind in ("goroutine", "goroutineleak"):
        text = pprof.debug_1(run, kind)
        groups = parse_profile(text)
        total = re.match(rf"{kind} profile: total (\d+)\n", text)
        assert total is not None
        assert int(total[1]) == sum(group.count for group in groups)
        found = [
            (g.count, [(f.function, f.file, f.line) for f in g.stack if f.function[:5] == "main."])
            for g in groups
        ]
        assert found == [
            (count, [(f.function, f.file, f.line) for f in stack if f.function[:5] == "main."])
            for count, stack in pprof.groups(run, kind)
        ]


def test_a_dump_of_leaked_goroutines_marks_them() -> None:
    run, _ = run_of("worker-pool-not-closed")
    assert pprof.debug_2(run) == run.dump()
    marked = {g.id: g.leaked for g in parse_dump(pprof.debug_2(run, "goroutineleak"))}
    assert marked == {g.id: g.in_profile for g in run.goroutines}


# -- the command line ------------------------------------------------------------------------------


def test_the_command_line_writes_every_kind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {kind: tmp_path / f"{kind}.pb.gz" for kind in pprof.KINDS}
    asked = [word for kind, file in files.items() for word in ("--pprof", f"{kind}={file}")]
    assert gosim(["run", "first-answer-wins", *asked, "--json"]) == 0
    capsys.readouterr()
    run, profiler = run_of("first-answer-wins")
    for kind, file in files.items():
        assert file.read_bytes() == pprof.profile(run, kind, profiler).encode()


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--pprof", "cpu=x.pb.gz"], "there are goroutine, goroutineleak, heap"),
        (["--pprof", "heap"], "write a kind and a file"),
        (["--pprof", "heap="], "write a kind and a file"),
        (["--pprof", "heap=no/such/folder/x"], "there is no folder no/such/folder"),
        (["--pprof", "heap=x", "--pprof", "block=./x"], "a file of its own"),
        (["--pprof", "heap=x.svg", "--graph", "x.svg"], "--graph and --pprof need a file each"),
    ],
    ids=["kind", "no-file", "empty", "folder", "twice", "graph"],
)
def test_a_mistyped_profile_costs_nothing(
    words: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert gosim(["run", "first-answer-wins", *words]) == 2
    out, err = capsys.readouterr()
    assert complaint in err and not out


def test_the_page_about_files_does_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (HERE.parent / "docs" / "export.md").read_text()
    monkeypatch.chdir(tmp_path)
    programs = re.findall(r"```python\n(.*?)```", page, re.S)
    commands = re.findall(r"^    gosim (run .*?)(?: (?:&&|  +#).*)?$", page, re.M)
    assert len(programs) == 3 and len(commands) == 5
    for command in commands:
        assert gosim(command.split()) == 0
    assert gosim(["run", "ab-ba-deadlock", "--graph", "waits.json"]) == 0
    assert gosim(["run", "ab-ba-deadlock", "--graph", "waits.graphml"]) == 0
    capsys.readouterr()

    async def main() -> None:
        pass

    for program in programs:
        exec(program, {"main": main})
    assert capsys.readouterr().out.startswith("goroutine profile: total 0\n")
    for kind in pprof.KINDS:
        assert f"| `{kind}` |" in page


# -- against real Go -------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def pprof_tool(go_toolchain: Toolchain) -> Path:
    """``go tool pprof``, which newer distributions build when it is first asked for."""
    found = subprocess.run(
        [str(go_toolchain.goroot / "bin" / "go"), "tool", "-n", "pprof"],
        capture_output=True,
        text=True,
        env=go_toolchain.environment(),
        timeout=400,
    )
    assert found.returncode == 0, found.stderr
    return Path(found.stdout.strip())


def tool(pprof_tool: Path, *words: str) -> str:
    done = subprocess.run([str(pprof_tool), *words], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


_TOP = re.compile(r"^ *(\d+)[Bns]* +\S+% +\S+% +(\d+)[Bns]* +\S+%  (.+)$", re.M)
_RAW_SAMPLE = re.compile(r"^ +((?:-?\d+ +)*-?\d+): ([\d ]*)$", re.M)
_RAW_PLACE = re.compile(r"^ +(\d+): 0x[0-9a-f]+ M=1 (\S+) (\S*):(\d+):0 s=0$", re.M)


@pytest.mark.go
@pytest.mark.parametrize(
    "name", ["first-answer-wins", "mutex-never-unlocked", "worker-pool-not-closed", "two-kinds"]
)
def test_go_tool_pprof_reads_every_kind(name: str, pprof_tool: Path, tmp_path: Path) -> None:
    run, profiler = run_of(name)
    the_tool_reads(name, run, profiler, pprof_tool, tmp_path)


@pytest.mark.go
@pytest.mark.slow
@pytest.mark.parametrize("name", [s.name for s in scenarios() if s.name not in SCENARIOS])
def test_go_tool_pprof_reads_the_others_too(name: str, pprof_tool: Path, tmp_path: Path) -> None:
    if "python" not in find(name).first.sources:
        pytest.skip("told in Go only")
    run, profiler = run_of.__wrapped__(name)
    the_tool_reads(name, run, profiler, pprof_tool, tmp_path)


def the_tool_reads(
    name: str, run: Run, profiler: Profiler, pprof_tool: Path, tmp_path: Path
) -> None:
    for kind in pprof.KINDS:
        file = str(tmp_path / f"{kind}.pb.gz")
        pprof.write(run, kind, file, profiler)
        wanted = pprof.profile(run, kind, profiler)
        raw = tool(pprof_tool, "-raw", file)
        places = {
            int(id): (function, path, int(line))
            for id, function, path, line in _RAW_PLACE.findall(raw)
        }
        samples = [
            ([places[int(n)] for n in stack.split()], tuple(map(int, values.split())))
            for values, stack in _RAW_SAMPLE.findall(raw.partition("Locations")[0])
        ]
        # The tool merges what has equal stacks and labels, and drops what is zero everywhere.
        assert samples == [
            ([(f.function, f.file, f.line) for f in s.stack], s.values)
            for s in wanted.samples
            if any(s.values)
        ]
        for column, type_ in enumerate(wanted.sample_types):
            # Bytes as bytes, not as so many MB.
            unit = {"bytes": "B", "nanoseconds": "ns"}.get(type_.unit, "minimum")
            words = ["-top", "-nodefraction=0", f"-unit={unit}", f"-sample_index={type_.type}"]
            top = tool(pprof_tool, *words, file)
            assert f"File: {name}" in top
            cumulated: Counter[str] = Counter()
            for sample in wanted.samples:
                for function in {f.function for f in sample.stack}:
                    cumulated[function] += sample.values[column]
            found = {function: int(cum) for _, cum, function in _TOP.findall(top)}
            assert found == {function: n for function, n in cumulated.items() if n}


@pytest.mark.go
def test_go_reads_the_text_form(pprof_tool: Path, tmp_path: Path) -> None:
    for name in SCENARIOS[:6]:
        run, _ = run_of(name)
        file = tmp_path / f"{name}.txt"
        file.write_text(pprof.debug_1(run))
        raw = tool(pprof_tool, "-raw", str(file))
        assert "PeriodType: goroutine count" in raw
        values = [int(v) for v, _ in _RAW_SAMPLE.findall(raw.partition("Locations")[0])]
        assert values == [n for n, _ in pprof.groups(run, "goroutine")]


PARSER = """package main

import ("encoding/json"; "fmt"; "io"; "os"; "regexp"; "strconv"; "strings")

type T struct{}

func (T) Fatalf(f string, args ...any) { fmt.Fprintf(os.Stderr, f, args...); os.Exit(1) }

%s

func main() {
	text, _ := io.ReadAll(os.Stdin)
	found := [][]string{}
	for _, tb := range parseTraceback(&T{}, string(text)) {
		names := []string{}
		for _, f := range tb.frames { names = append(names, f.funcName) }
		if tb.createdBy != nil { names = append(names, "created by " + tb.createdBy.funcName) }
		found = append(found, names)
	}
	json.NewEncoder(os.Stdout).Encode(found)
}
"""


@pytest.mark.go
def test_the_parser_of_go_s_own_tests_reads_dumps(go_toolchain: Toolchain, tmp_path: Path) -> None:
    """It is cut out of the runtime's tests, which the distribution brings."""
    source = go_toolchain.goroot / "src" / "runtime" / "traceback_test.go"
    if not source.exists():
        pytest.skip("this distribution of Go has no tests")
    text = source.read_text()
    parts = []
    for begin in ("type traceback struct", "type tbFrame struct", "func parseTraceback(t"):
        found = re.search(rf"^{re.escape(begin)}.*?^}}$", text, re.M | re.S)
        assert found is not None, begin
        parts.append(found[0].replace("*testing.T", "*T"))
    program = tmp_path / "main.go"
    program.write_text(PARSER % "\n".join(parts))
    binary = build_go(program, toolchain=go_toolchain, wrap=False)
    for name in SCENARIOS:
        run, _ = run_of(name)
        for dump in (run.dump(), pprof.debug_2(run, "goroutineleak")):
            done = subprocess.run(
                [str(binary)], input=dump, capture_output=True, text=True, timeout=60
            )
            assert done.returncode == 0, done.stderr
            wanted = []
            for g in run.goroutines:
                names = [f.function for f in g.stack]
                by = g.created_by
                if by is not None:
                    parent = f" in goroutine {by.goroutine}" if by.goroutine else ""
                    names.append(f"created by {by.function}{parent}")
                wanted.append(names)
            assert json.loads(done.stdout) == wanted


def functions(stack: tuple[str, ...]) -> tuple[str, ...]:
    """Return a stack of real Go as gosim tells it.

    A receive with two results is another function; ``go f(x)`` is wrapped; a wait inside a function
    that was called by sync.Once has the Once between the frames of the program.
    """
    names = [name.replace("chanrecv2", "chanrecv1") for name in stack if ".gowrap" not in name]
    first = next((i for i, name in enumerate(names) if name.startswith("main.")), len(names))
    below = [n for n in names[first:] if not n.startswith("sync.")]
    return (*names[:first], *below)


def of_program(stack: tuple[str, ...]) -> bool:
    """Whether a stack is the program's, not that of the profiler or the collector."""
    return (
        any(name.startswith("main.") for name in stack)
        and not any(name.startswith(("runtime/pprof.", "runtime.GC", "os.")) for name in stack)
        and not any(name.startswith("runtime.gc") for name in stack)
    )


def real_files(toolchain: Toolchain, folder: Path) -> Path:
    """Run the Go twin; return the folder with its profiles."""
    binary = build_go(HERE / "go" / "profiles.go", toolchain=toolchain, wrap=False)
    subprocess.run(
        [str(binary), str(folder)],
        check=True,
        env={**os.environ, "GOMAXPROCS": "1"},
        timeout=60,
    )
    return folder


@pytest.mark.go
@pytest.mark.parametrize("go", ["1.21", "1.22", "1.24", "1.27"])
def test_profiles_are_those_of_real_go(go: str, go_version: Any, tmp_path: Path) -> None:
    toolchain = go_version(go)
    for attempt in range(ATTEMPTS):
        folder = tmp_path / str(attempt)
        folder.mkdir()
        try:
            looks_like_real(go, real_files(toolchain, folder))
        except AssertionError:
            if attempt == ATTEMPTS - 1:
                raise
        else:
            return


def looks_like_real(go: str, folder: Path) -> None:
    run, profiler = twin(go)
    for kind in ("goroutine", "goroutineleak", "block", "mutex"):
        if kind == "goroutineleak" and not (folder / f"{kind}.pb.gz").exists():
            assert go != "1.27"
            continue
        real = decode((folder / f"{kind}.pb.gz").read_bytes())
        mine = read_back(run, kind, profiler)
        assert mine[:2] == real[:2] and mine.default == real.default
        counts, delays = sums(real, 0), sums(real, -1)
        assert mine.by_function() == counts
        if kind in ("block", "mutex"):
            # Real time: sleeps of 20 ms, each a little late.
            for stack, ns in mine.by_function(1).items():
                assert delays[stack] == pytest.approx(ns, rel=0.35, abs=5e6), stack


def sums(real: Read, column: int) -> Counter[tuple[str, ...]]:
    """Return the sum of a column by stack, for what is the program's, told as gosim tells it."""
    found: Counter[tuple[str, ...]] = Counter()
    for stack, n in real.by_function(column).items():
        if of_program(stack):
            found[functions(stack)] += n
    return found


@pytest.mark.go
def test_heap_profiles_are_those_of_real_go(go_toolchain: Toolchain, tmp_path: Path) -> None:
    run, profiler = twin()
    mine = read_back(run, "heap", profiler)
    real = decode((real_files(go_toolchain, tmp_path) / "heap.pb.gz").read_bytes())
    assert (mine.columns, mine.default) == (real.columns, real.default)

    def allocated(read: Read) -> dict[tuple[str, int], tuple[int, ...]]:
        return {
            (stack[0].function, labels[0][1]): values
            for stack, values, labels in read.samples
            if stack and stack[0].function in ("main.alloc", "main.garbage")
        }

    assert allocated(mine) == allocated(real)
    assert len(allocated(mine)) >= 7
