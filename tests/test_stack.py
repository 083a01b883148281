"""Stacks: where they come from, when they grow, shrink and go."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gosim.memory.errors import StackOverflow
from gosim.memory.features import features
from gosim.memory.heap import Heap
from gosim.memory.stack import BLOCKED, Stacks
from gosim.oracle.run import run_go

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
    for go in ("1.22", "1.27"):
        result = run_go(GO / "stack_growth.go", toolchain=go_version(go), args=["growth"])
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
def test_what_is_in_use_is_always_what_goroutines_have(history) -> None:
    heap = Heap(features("1.27"))
    stacks = Stacks(heap)
    base = heap.stats.stack_inuse
    stacks.alive = 1
    alive: set[int] = set()
    open_frames: dict[int, list[int]] = {}
    for what, g, frame in history:
        if what == "born" and g not in alive:
            alive.add(g)
            open_frames[g] = []
            stacks.born()
        elif g in alive and what == "died":
            alive.discard(g)
            stacks.died(g)
        elif g in alive and what == "enter":
            stacks.enter(g, frame)
            open_frames[g].append(frame)
        elif g in alive and what == "leave" and open_frames[g]:
            stacks.leave(g, open_frames[g].pop())
        elif what == "gc":
            stacks.collect()
        assert heap.stats.stack_inuse - base == stacks.inuse
        assert stacks.alive == 1 + len(alive)
        large = sum(stacks.size(g) for g in alive if stacks.size(g) >= SPAN)
        assert large <= stacks.inuse
        if what == "gc" and stacks.start == 2048:
            assert stacks.inuse <= large + 10 * SPAN
    for g in sorted(alive):
        assert stacks.used(g) == 64 + sum(n + 16 for n in open_frames[g])
