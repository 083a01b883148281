"""Stacks: where they come from, when they grow, shrink and go."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import gosim as gs
from gosim import chan, go, panic
from gosim.memory.errors import StackOverflow
from gosim.memory.features import features
from gosim.memory.heap import Heap
from gosim.memory.stack import BLOCKED, Stacks
from gosim.oracle.run import run_go
from gosim.std.frame import frame as stated

GO = Path(__file__).parent / "go"
SPAN = 32 << 10


def stacks_of(go: str = "1.27") -> Stacks:
    return Stacks(Heap(features(go)))


def copies(stacks: Stacks, frame: int, n: int) -> list[int]:
    """At which frames of a recursion the stack of ``g`` has been copied."""
    found: list[int] = []
    size, level = stacks.size("g"), 0
    while len(found) < n:
        stacks.enter("g", frame)
        if stacks.size("g") != size:
            size = stacks.size("g")
            found.append(level)
        level += 1
    return found


# -- growing ------------------------------------------------------------------------------------


def test_a_recursion_is_copied_at_the_same_frames_as_in_go(go_version) -> None:
    """The program's frames, read from its machine code, are the same in all versions."""
    # The goroutine's function takes 24 bytes more than any does, each `down` takes 104 in all, and
    # the variable of the first one lies 64 bytes below the one it is measured from.
    stacks = stacks_of()
    stacks.enter("g", 8)
    want = [64 + 104 * level for level in copies(stacks, 88, 13)]
    for version in ("1.22", "1.27"):
        result = run_go(GO / "stack_growth.go", toolchain=go_version(version), args=["growth"])
        assert [int(word) for word in result.stdout.split()] == want


def test_growing_doubles_until_the_frame_fits() -> None:
    stacks = stacks_of()
    stacks.enter("g", 100_000)
    assert stacks.size("g") == 128 << 10
    assert stacks.used("g") == 64 + 16 + 100_000


def test_old_and_new_stack_exist_at_the_same_time() -> None:
    heap = Heap(features("1.27"))
    stacks = Stacks(heap)
    most = 0
    allocate = heap.allocate_manual

    def watched(pages: int):
        nonlocal most
        span = allocate(pages)
        most = max(most, heap.stats.stack_inuse)
        return span

    heap.allocate_manual = watched  # type: ignore[method-assign]
    before = heap.stats.stack_inuse
    stacks.enter("g", 40 << 20)
    stacks.enter("g", 40 << 20)
    assert heap.stats.stack_inuse - before == 128 << 20
    assert most - before == (64 << 20) + (128 << 20)


def test_a_frame_that_blocks_needs_room_for_the_runtime() -> None:
    """1 KiB below a channel operation takes 4 KiB (go-facts §5.1, stack1k)."""
    alone, blocked = stacks_of(), stacks_of()
    alone.enter("g", 1024)
    blocked.enter("g", 1024, leaf=BLOCKED)
    assert (alone.size("g"), blocked.size("g")) == (2048, 4096)


@given(st.lists(st.integers(0, 200_000), max_size=30))
def test_a_stack_always_holds_its_frames(frames: list[int]) -> None:
    stacks = stacks_of()
    for frame in frames:
        stacks.enter("g", frame)
        assert stacks.used("g") + 800 <= stacks.size("g")
    most = stacks.size("g")
    for frame in reversed(frames):
        stacks.leave("g", frame)
    assert stacks.used("g") == 64
    assert stacks.size("g") == most  # only collections shrink


# -- the limit -----------------------------------------------------------------------------------


def test_a_stack_ends_at_one_billion_bytes() -> None:
    stacks = stacks_of()
    stacks.enter("g", 500_000_000)
    with pytest.raises(StackOverflow) as caught:
        stacks.enter("g", 500_000_000)
    assert str(caught.value) == "goroutine stack exceeds 1000000000-byte limit"
    assert caught.value.size == 512 << 20
    assert stacks.size("g") == 512 << 20


def test_the_limit_and_its_text_are_those_of_go(go_version) -> None:
    result = run_go(GO / "stack_growth.go", toolchain=go_version("1.27"), args=["overflow"])
    stacks = stacks_of()
    assert stacks.set_max(1 << 20) == 1_000_000_000
    with pytest.raises(StackOverflow) as caught:
        for _ in range(5000):
            stacks.enter("g", 1048)
    report = caught.value.report().splitlines()
    told = result.stderr.splitlines()
    at = told.index(report[0])
    assert report[0] == "runtime: goroutine stack exceeds 1048576-byte limit"
    assert told[at + 2] == "fatal error: stack overflow"
    # Addresses differ; how much of the stack is in use does not.
    low, high, sp = addresses(told[at + 1])
    ours = addresses(report[1])
    assert high - low == ours[1] - ours[0] == 1 << 20
    assert abs((high - sp) - (ours[1] - ours[2])) < 1064


def bare(toolchain: Any, at: Path, *args: str) -> tuple[int, str]:
    """Run the program without the wrapper of `run_go`, which is a frame and a goroutine more."""
    env = toolchain.environment() | {"GOTRACEBACK": "all", "GOMAXPROCS": "1"}
    binary = at / "deep_stacks"
    subprocess.run(
        [toolchain.go, "build", "-o", binary, GO / "deep_stacks.go"], env=env, check=True
    )
    done = subprocess.run([binary, *args], env=env, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


def told_in_part(text: str) -> list[list[str]]:
    """Return the functions of each goroutine of a dump, and the lines about those left out."""
    found: list[list[str]] = []
    for block in text.split("\n\n"):
        header, *lines = block.strip().splitlines() or [""]
        if header.startswith("goroutine "):
            lines = [line for line in lines if not line.startswith("\t")]
            found.append([line.partition("(")[0] for line in lines])
    return found


async def down(n: int) -> int:
    if n == 0:
        panic("deep")
    return await down(n - 1) + 1


async def wait(n: int, c: Any) -> int:
    if n == 0:
        await c.recv()
    return await wait(n - 1, c) + 1


@pytest.mark.parametrize("version", [pytest.param("1.21", marks=pytest.mark.slow), "1.27"])
def test_of_more_than_a_hundred_frames_those_in_the_middle_are_elided(
    go_version, version: str, tmp_path: Path
) -> None:
    """A panic 301 calls deep, and goroutines that are blocked in 99, 100 and 301 calls."""

    async def main() -> None:
        for n in (98, 99, 300):
            go(wait, n, chan(int))
        await gs.time.sleep(10 * gs.time.Millisecond)
        print(await down(300))

    code, stderr = bare(go_version(version), tmp_path, "panic")
    run = gs.run(main, go=version)
    assert run.exit_code == code == 2
    assert run.stderr.splitlines()[0] == stderr.splitlines()[0] == "panic: deep"
    panicked, *blocked = told_in_part(stderr)
    assert "...202 frames elided..." in panicked
    panicked[-1] = "main.main"  # here main is the test's function
    (ours,) = told_in_part(run.stderr)
    assert [*ours[:-1], "main.main"] == panicked
    for one, theirs in zip(told_in_part(run.dump()), blocked, strict=True):
        assert one[:-1] == theirs[:-1]  # the last line names who started it
    assert [any("elided" in line for line in one) for one in blocked] == [False, False, True]


OLDER = ("1.21", "1.22", "1.23", "1.24", "1.26")


@pytest.mark.parametrize(
    "version", [*(pytest.param(v, marks=pytest.mark.slow) for v in OLDER), "1.27"]
)
def test_an_overflow_ends_the_process_with_gos_text(
    go_version, version: str, tmp_path: Path
) -> None:
    """At 1 GB, with frames of 100 KiB: limit, error, exit 2, and the same frames left out."""

    @stated(100 << 10)
    async def overflow(n: int) -> int:
        return await overflow(n + 1) + 1

    async def main() -> None:
        async with gs.defers() as defer:
            defer(print, "never")
            print(await overflow(0))

    code, stderr = bare(go_version(version), tmp_path, "overflow")
    run = gs.run(main, go=version)
    assert run.outcome == "fatal" and run.exit_code == code == 2
    assert run.stdout == ""
    ours, theirs = run.stderr.splitlines(), stderr.splitlines()
    assert ours[0] == theirs[0] == "runtime: goroutine stack exceeds 1000000000-byte limit"
    assert ours[2] == theirs[2] == "fatal error: stack overflow"
    mine, its = told_in_part(run.stderr)[0], told_in_part(stderr)[0]
    # Go shows the runtime's own frames here, below main and in no other text.
    assert its[-2:] == ["runtime.main", "runtime.goexit"]
    places = [next(i for i, f in enumerate(one) if "elided" in f) for one in (mine, its)]
    assert places == [50, 50]
    assert len(mine) == len(its) - 2
    left_out = [int(one[50].removeprefix("...").split()[0]) for one in (mine, its)]
    assert left_out[0] == pytest.approx(left_out[1], abs=3), left_out


def addresses(line: str) -> tuple[int, int, int]:
    sp, rest = line.removeprefix("runtime: sp=").split(" stack=[")
    low, high = rest.rstrip("]").split(", ")
    return int(low, 16), int(high, 16), int(sp, 16)


# -- shrinking and collections ---------------------------------------------------------------------


def test_each_collection_halves_a_stack_of_which_less_than_a_quarter_is_used() -> None:
    stacks = stacks_of()
    stacks.enter("g", 60 << 20)
    stacks.leave("g", 60 << 20)
    sizes = []
    for _ in range(16):
        sizes.append(stacks.size("g"))
        stacks.collect()
    # 64 + 192 + 800 bytes of 4 KiB are more than a quarter.
    assert sizes == [*((64 << 20) >> n for n in range(15)), 4096]


def test_a_stack_in_use_is_not_shrunk() -> None:
    stacks = stacks_of()
    stacks.enter("g", 5000)
    stacks.collect()
    assert stacks.size("g") == 8192


def test_spans_go_back_when_nothing_is_left_in_them() -> None:
    heap = Heap(features("1.27"))
    stacks = Stacks(heap)
    before = heap.stats.stack_inuse
    stacks.alive = 1000
    assert heap.stats.stack_inuse - before == stacks.inuse == 63 * SPAN
    stacks.died(n=1000)
    assert stacks.inuse == 63 * SPAN
    stacks.collect()
    # The processor keeps the stacks of less than 64 of the dead.
    assert stacks.inuse <= 4 * SPAN
    assert heap.stats.stack_inuse - before == stacks.inuse


@pytest.mark.parametrize(("go", "fit"), [("1.21", 5), ("1.27", 4)])
def test_one_goroutine_costs_nothing_or_a_whole_span(go: str, fit: int) -> None:
    """Measured: so many more fit beside main and the runtime's own in the first span."""
    stacks = stacks_of(go)
    stacks.alive = 1
    changes = []
    for n in range(1, 40):
        before = stacks.inuse
        stacks.born()
        if stacks.inuse != before:
            assert stacks.inuse - before == SPAN
            changes.append(n)
    assert changes == [fit + 1, fit + 17, fit + 33]


def test_the_dead_are_used_again_with_their_stacks() -> None:
    stacks = stacks_of()
    stacks.alive = 201
    inuse = stacks.inuse
    stacks.died(n=200)
    stacks.born(200)
    assert stacks.inuse == inuse
    assert stacks.alive == 201


def test_large_stacks_are_freed_when_the_goroutine_ends() -> None:
    stacks = stacks_of()
    stacks.alive = 2
    stacks.enter("g", 8_000_000)
    assert stacks.inuse == 8 << 20
    stacks.died("g")
    assert stacks.inuse == 0
    stacks.leave("g", 8_000_000)  # a frame that is closed after its goroutine
    assert stacks.alive == 1


def test_goroutines_start_with_the_average_once_stacks_are_deep() -> None:
    """As measured: a new G has 2 KiB whatever the others have; one that is used again has not."""
    stacks = stacks_of()
    stacks.alive = 1
    for g in range(1000):
        stacks.born()
        stacks.enter(g, 21 << 10)
    stacks.collect()
    assert stacks.start == 32 << 10
    before = stacks.inuse
    stacks.born(100)  # nobody is dead: they are new
    assert stacks.inuse - before <= 100 * 2048 + SPAN
    stacks.died(n=100)
    stacks.collect()
    before = stacks.inuse
    stacks.born(100)
    assert stacks.inuse - before == 100 * (32 << 10)
    for g in range(1000):
        stacks.died(g)
    stacks.died(n=100)
    for _ in range(3):
        stacks.collect()
    assert stacks.start == 2048


events = st.lists(
    st.tuples(
        st.sampled_from(["born", "died", "enter", "leave", "gc"]),
        st.integers(0, 9),
        st.sampled_from([0, 100, 1024, 3000, 20_000, 100_000, 3_000_000]),
    ),
    max_size=60,
)


@given(events)
@example([("born", 0, 0), ("born", 1, 0), ("enter", 0, 3_000_000), ("gc", 0, 0)])
def test_what_is_in_use_is_always_what_goroutines_have(history) -> None:
    heap = Heap(features("1.27"))
    stacks = Stacks(heap)
    base = heap.stats.stack_inuse
    stacks.alive = 1
    alive: set[int] = set()
    entered: set[int] = set()
    open_frames: dict[int, list[int]] = {}
    for what, g, frame in history:
        if what == "born" and g not in alive:
            alive.add(g)
            open_frames[g] = []
            stacks.born()
        elif g in alive and what == "died":
            alive.discard(g)
            entered.discard(g)
            stacks.died(g)
        elif g in alive and what == "enter":
            stacks.enter(g, frame)
            entered.add(g)
            open_frames[g].append(frame)
        elif g in alive and what == "leave" and open_frames[g]:
            stacks.leave(g, open_frames[g].pop())
        elif what == "gc":
            stacks.collect()
        assert heap.stats.stack_inuse - base == stacks.inuse
        assert stacks.alive == 1 + len(alive)
        # Of the others it is known only what they have together.
        sizes = [stacks.size(g) for g in alive & entered]
        large = sum(size for size in sizes if size >= SPAN)
        assert large <= stacks.inuse
        if what == "gc" and stacks.start == 2048:
            assert stacks.inuse <= large + 10 * SPAN
    for g in sorted(alive):
        assert stacks.used(g) == 64 + sum(n + 16 for n in open_frames[g])
