"""When collections begin: settings, goals and numbers of collections as in real Go."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gosim.memory.features import features
from gosim.memory.heap import Heap
from gosim.memory.memstats import process
from gosim.memory.pacer import (
    FORCE_PERIOD,
    NO_LIMIT,
    MalformedMemoryLimit,
    Pacer,
    Use,
    force_due,
    read_gogc,
    read_gomemlimit,
)
from gosim.oracle import build_go
from gosim.oracle.toolchain import Toolchain

from .facts import facts

ToolchainOf = Callable[[str], Toolchain]
MIB = 1 << 20
BLOCK = 16 << 10

SETTINGS = (
    "",
    "100",
    "50",
    "0",
    "-7",
    "off",
    "abc",
    " 5",
    "5 ",
    "1_0",
    "0x10",
    "+5",
    "99999999999",
)
LIMITS = (
    "", "off", "0", "1", "1B", "+5", "40MiB", "3KiB", "2GiB", "1TiB", "8388607TiB", "8388608TiB",
    "9223372036854775807", "9223372036854775808", "40MB", "40M", "B", "KiB", "-1", "abc", "1_0",
    "1.5GiB", " 1", "1 MiB", "Off",
)  # fmt: skip

ECHO = """package main

import (
	"fmt"
	"math"
	"runtime/debug"
)

func main() { fmt.Println(debug.SetGCPercent(-1), debug.SetMemoryLimit(math.MaxInt64)) }
"""

GOALS = """package main

import (
	"fmt"
	"runtime"
)

var keep [640][]byte

func main() {
	var ms runtime.MemStats
	for i := range keep {
		keep[i] = make([]byte, 16384)
	}
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&ms)
	fmt.Println(ms.HeapAlloc, ms.NextGC)
}
"""


def built(directory: Path, toolchain: Toolchain, text: str) -> Path:
    source = directory / "program.go"
    source.write_text(text, encoding="utf-8")
    return build_go(source, toolchain=toolchain, wrap=False)


def ran(binary: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [binary],
        capture_output=True,
        text=True,
        env={"GOMAXPROCS": "1", **environment},
        timeout=60,
        check=False,
    )


def limit_or_text(text: str, plus: bool) -> int | str:
    try:
        return read_gomemlimit(text, plus=plus)
    except MalformedMemoryLimit as error:
        return error.text


@pytest.mark.go
@pytest.mark.parametrize("version", ["1.22", "1.27"])
def test_settings_are_read_as_go_reads_them(
    version: str, go_version: ToolchainOf, tmp_path: Path
) -> None:
    binary = built(tmp_path, go_version(version), ECHO)
    plus = features(version).settings_take_plus
    for text in SETTINGS:
        assert ran(binary, GOGC=text).stdout.split()[0] == str(read_gogc(text, plus=plus)), text
    for text in LIMITS:
        done = ran(binary, GOMEMLIMIT=text)
        said = int(done.stdout.split()[1]) if done.returncode == 0 else None
        expected = limit_or_text(text, plus)
        if said is None:
            assert isinstance(expected, str), text
            assert done.stderr.startswith(expected + "\n"), text
        else:
            assert said == expected, text


def test_a_malformed_limit_says_what_go_says() -> None:
    with pytest.raises(MalformedMemoryLimit) as caught:
        read_gomemlimit("abc")
    assert str(caught.value) == (
        "GOMEMLIMIT=abc\n"
        "fatal error: malformed GOMEMLIMIT; see `go doc runtime/debug.SetMemoryLimit`"
    )


class Measured:
    """The program measured in go-facts 5.9: live blocks of 16 KiB, then as much garbage."""

    def __init__(self, go: str, gogc: str, limit: str, live_mib: int, garbage_mib: int) -> None:
        heap = Heap(features(go))
        heap.set_gc_percent(read_gogc(gogc))
        heap.set_memory_limit(read_gomemlimit(limit))
        self.first_goal = heap.goal
        # What the program needs for itself: the slice of what is live, texts that it prints.
        own = [heap.malloc(32 << 10, True)]
        live = [heap.malloc(BLOCK, True) for _ in range(live_mib * MIB // BLOCK)]
        for _ in range(2):
            heap.sweep_counts()
            heap.cycle_ended(forced=True)
        self.goal = heap.goal
        before = heap.stats.num_gc
        self.most = 0
        for _ in range(garbage_mib * MIB // BLOCK):
            heap.malloc(BLOCK, True)
            self.most = max(self.most, heap.stats.heap_alloc)
        self.collections = heap.stats.num_gc - before
        del own, live


def rows() -> Iterator[tuple[str, str, int, int]]:
    """The settings that were measured."""
    seen = set()
    for row in facts("gc_pacing"):  # a list, whatever the helper's type says
        setting = row["setting"].split(" (")[0]
        words = dict(word.split("=") for word in setting.split())
        key = (
            words["GOGC"],
            words.get("GOMEMLIMIT", "off"),
            int(words["live"]),
            int(row["garbage_MiB"]),
        )
        if key not in seen:
            seen.add(key)
            yield key


@pytest.mark.parametrize("row", list(rows()), ids=lambda row: "-".join(map(str, row)))
def test_collections_are_as_many_as_measured_and_aim_at_the_same_goal(
    row: tuple[str, str, int, int],
) -> None:
    gogc, limit, live, garbage = row
    measured = {}
    for fact in facts("gc_pacing"):
        words = dict(word.split("=") for word in fact["setting"].split(" (")[0].split())
        if (words["GOGC"], words.get("GOMEMLIMIT", "off"), int(words["live"])) == row[:3]:
            measured[fact["go"].removeprefix("go")] = fact
    counts = [fact["gcs"] for fact in measured.values()]
    for go, fact in measured.items():
        run = Measured(go, gogc, limit, live, garbage)
        assert min(counts) <= run.collections <= max(counts), go
        assert run.goal / MIB == pytest.approx(fact["nextgc_MiB"], abs=0.2, rel=1e-9), go


@pytest.mark.go
@pytest.mark.parametrize("version", ["1.22", "1.27"])
def test_the_goal_is_the_one_of_real_go(
    version: str, go_version: ToolchainOf, tmp_path: Path
) -> None:
    binary = built(tmp_path, go_version(version), GOALS)
    for gogc in ("20", "50", "100", "400"):
        alloc, goal = map(int, ran(binary, GOGC=gogc).stdout.split())
        pacer = Pacer(process(version))
        pacer.gc_percent = int(gogc)
        pacer.last_goal = pacer.goal
        pacer.marked = alloc
        pacer.commit(Use(alloc, 0, alloc))
        assert pacer.goal / MIB == pytest.approx(goal / MIB, abs=0.2 * max(1, int(gogc) / 100))


uses = st.builds(
    lambda free, alloc, other: Use(free + alloc + other, free, alloc),
    *[st.integers(0, 1 << 40)] * 3,
)


@given(st.integers(-1, 10_000), st.integers(0, NO_LIMIT), st.integers(0, 1 << 40), uses)
def test_the_trigger_lies_before_the_goal_and_beyond_what_is_live(
    percent: int, limit: int, marked: int, use: Use
) -> None:
    pacer = Pacer(process("1.27"))
    pacer.gc_percent, pacer.memory_limit, pacer.marked = percent, limit, marked
    pacer.commit(use)
    assert pacer.goal >= marked
    assert pacer.trigger >= marked
    if pacer.goal > marked:
        way = pacer.goal - marked
        assert marked + way * 7 // 10 <= pacer.trigger <= marked + way * 95 // 100
    else:
        assert pacer.trigger > marked, "nothing could ever be allocated"


@given(st.integers(0, 1000), st.integers(0, 1 << 40), uses, st.integers(0, NO_LIMIT))
def test_a_limit_never_raises_the_goal(percent: int, marked: int, use: Use, limit: int) -> None:
    free, bound = Pacer(process("1.27")), Pacer(process("1.27"))
    for pacer in free, bound:
        pacer.gc_percent, pacer.marked = percent, marked
    bound.memory_limit = limit
    free.commit(use)
    bound.commit(use)
    assert bound.goal <= free.goal


def test_a_collection_is_forced_two_minutes_after_the_last_one() -> None:
    assert force_due(5, 100) == 5 + FORCE_PERIOD == 5 + 120 * 10**9
    assert force_due(None, 100) is None
    assert force_due(5, -1) is None
    heap = Heap(features("1.27"))
    assert heap.force_due is None
    heap.clock = lambda: 7
    heap.cycle_ended()
    assert heap.force_due == 7 + FORCE_PERIOD


def test_setting_the_percentage_returns_the_old_one_and_moves_the_goal() -> None:
    heap = Heap(features("1.27"))
    assert heap.goal == 4 * MIB
    assert heap.set_gc_percent(400) == 100
    assert heap.goal == 16 * MIB
    assert heap.set_gc_percent(-5) == 400
    assert heap.set_gc_percent(100) == -1
    assert heap.set_memory_limit(-1) == NO_LIMIT
    assert heap.set_memory_limit(5 * MIB) == NO_LIMIT
    assert heap.goal < 4 * MIB
    assert heap.set_memory_limit(NO_LIMIT) == 5 * MIB
