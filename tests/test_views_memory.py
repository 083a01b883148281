"""Memory in words and pictures: no label overlaps another, axes are round, the same bytes twice."""

from __future__ import annotations

import dataclasses
import itertools
import math
import re
import subprocess
import sys
from collections.abc import Callable
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gosim import scenario
from gosim.cli.target import Target
from gosim.leaks.run import execute
from gosim.memory.samples import Cycle, Holding, MemoryRecord, Sample
from gosim.runtime.errors import UsageError
from gosim.views import palette
from gosim.views.heap_picture import folded
from gosim.views.memory import Memory, chart, chart_sheet, plot, save, sheet
from gosim.views.memory_chart import CURVES, GOAL, across
from gosim.views.scales import byte_ticks, spread, steps, thin, time_ticks
from gosim.views.sheet import Path as Line
from gosim.views.sheet import Polygon, Rect, Sheet, Text
from gosim.views.svg import to_svg
from gosim.views.text import (
    collections,
    for_a_while,
    headline,
    heap_dump,
    holdings_table,
    memory,
    size,
    sparkline,
    stacks_for_a_while,
    stays,
    time_moves,
)

UNITS = ("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB")
KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30
LAW = settings(derandomize=True, deadline=None)


def record_of(
    n: int = 100, unit: int = MIB, step_ns: int = 1_000_000, most: int | None = None
) -> MemoryRecord:
    """A process that keeps `unit` bytes more at each step, `most` at most, and as much garbage."""
    live, garbage, goal, rss, num_gc = 200 * KIB, 0, 4 * MIB, 2 * MIB, 0
    samples: list[Sample] = []
    cycles: list[Cycle] = []
    for i in range(n):
        live += unit if most is None else min(unit, max(0, most - live))
        garbage += unit
        at = i * step_ns
        if live + garbage > goal:
            cycles.append(Cycle(at, "heap", live + garbage, live, max(4 * MIB, 2 * live)))
            garbage, goal, num_gc = 0, cycles[-1].goal, num_gc + 1
        inuse = (live + garbage) // 8192 * 8192 + 8192
        rss = max(rss, inuse + 2 * MIB)
        samples.append(Sample(at, live + garbage, inuse, 64 * KIB, rss, goal, 1 + i, num_gc))
    stats = {
        "heap_alloc": live + garbage,
        "heap_inuse": live + garbage,
        "stack_inuse": 64 * KIB,
        "rss": rss,
        "next_gc": goal,
        "num_gc": num_gc,
    }
    holdings = [
        Holding("12 × main.worker (chan receive)", "stacks", 96 * KIB, 96 * KIB, 0),
        Holding("global cache", f"string text, {n} times", n * unit, n, n * unit - n, "leak.py:7"),
        Holding("goroutine 7 main.f (chan send)", "[]byte", unit, unit // 2, unit // 2, "a.py:9"),
    ]
    return MemoryRecord(samples, holdings, stats, stats | {"heap_alloc": live}, cycles)


def no_samples() -> MemoryRecord:
    return dataclasses.replace(record_of(3), samples=[], cycles=[], holdings=[])


def collector_off() -> MemoryRecord:
    record = record_of(30)
    off = [dataclasses.replace(s, next_gc=(1 << 63) - 1, num_gc=0) for s in record.samples]
    return dataclasses.replace(record, samples=off, cycles=[])


def many_holders() -> MemoryRecord:
    record = record_of(40, step_ns=0)
    record.holdings = [
        Holding(
            f"goroutine {i} main.a_function_with_a_rather_long_name_{i}.func1.2 (sync.Cond.Wait)",
            f"map[string]struct {{ a int; b string; c []byte }} table, {i} × 4 KiB",
            MIB * i,
            0,
            MIB * i // 2 if i % 2 else 0,
            f"/some/where/a_file_with_a_long_name_{i}.py:1234",
        )
        for i in range(1, 41)
    ]
    return record


RECORDS: dict[str, Callable[[], MemoryRecord]] = {
    "a leak": record_of,
    "a repair": lambda: record_of(most=3 * MIB),
    "two samples": lambda: record_of(2, unit=100),
    "one sample": lambda: record_of(1),
    "no samples": no_samples,
    "two thousand samples, 2 GiB": lambda: record_of(2000, step_ns=1_800_000_000),
    "a day, 1 KiB a step": lambda: record_of(24, unit=KIB, step_ns=3_600_000_000_000),
    "time stands still": lambda: record_of(40, step_ns=0),
    "the collector is off": collector_off,
    "forty holders": many_holders,
}


# -- words -----------------------------------------------------------------------------------------


def test_sizes_are_told_in_units_of_1024() -> None:
    told = {
        0: "0 B",
        1023: "1023 B",
        1024: "1 KiB",
        1536: "1.5 KiB",
        100 * KIB: "100 KiB",
        MIB - 1: "1 MiB",
        int(7.9 * MIB): "7.9 MiB",
        8_000_000: "7.6 MiB",
        64 * MIB: "64 MiB",
        int(2.25 * GIB): "2.25 GiB",
        2 * GIB: "2 GiB",
        -2048: "-2 KiB",
    }
    assert {n: size(n) for n in told} == told


@LAW
@given(st.integers(1, 1 << 62))
def test_a_size_is_told_to_one_part_in_twenty(n: int) -> None:
    number, unit = size(n).split()
    told = float(number) * 1024 ** UNITS.index(unit)
    assert float(number) < 1024
    assert abs(told - n) <= n / 20


@LAW
@given(st.lists(st.integers(0, 10**6), min_size=2, max_size=90), st.integers(1, 60))
def test_a_curve_of_blocks_shows_the_peak_and_fits(values: list[int], columns: int) -> None:
    samples = [Sample(i, v, 0, 0, 0, 0, 0, 0) for i, v in enumerate(values)]
    top = max(values)
    line = sparkline(samples, attrgetter("heap_live"), columns, top)
    assert len(line) == columns
    assert ("█" in line) == (top > 0)
    plain = sparkline(samples, attrgetter("heap_live"), columns, top, plain=True)
    assert plain.isascii() and len(plain) == columns
    rising = [Sample(i, v, 0, 0, 0, 0, 0, 0) for i, v in enumerate(sorted(values))]
    line = sparkline(rising, attrgetter("heap_live"), columns, top)
    assert list(line) == sorted(line)


def test_a_fall_is_seen_in_the_column_after_it() -> None:
    values = [80, 80, 80, 80, 0, 0, 0, 0]
    samples = [Sample(i, v, 0, 0, 0, 0, 0, 0) for i, v in enumerate(values)]
    assert sparkline(samples, attrgetter("heap_live"), 7, 80) == "████▁▁▁"


def test_time_is_no_axis_where_it_stands_still() -> None:
    assert time_moves(record_of().samples)
    assert not time_moves(record_of(40, step_ns=0).samples)
    assert not time_moves(record_of(1).samples)
    late = record_of(500, step_ns=0).samples
    late.append(dataclasses.replace(late[-1], at=10**9))
    assert not time_moves(late)
    assert "40 samples, one after the other: virtual time stands still" in memory(
        record_of(40, step_ns=0)
    )


@pytest.mark.parametrize("width", [40, 59, 60, 80, 100])
@pytest.mark.parametrize("name", RECORDS)
def test_the_report_fits_its_page(name: str, width: int) -> None:
    record = RECORDS[name]()
    text = memory(record, width)
    for line in text.splitlines():
        # Only one word that is longer than the page by itself may stick out.
        assert len(line) <= width or len(line.split()) == 1
    assert memory(record, width, plain=True).isascii()


def test_the_report_tells_three_moments_and_the_holders() -> None:
    lines = memory(record_of()).splitlines()
    assert lines[0].split() == [
        "memory",
        "at",
        "its",
        "peak",
        "main",
        "returns",
        "after",
        "a",
        "GC",
    ]
    row = next(line for line in lines if line.startswith("  live heap"))
    assert row.endswith("  100 MiB")
    record = record_of()
    assert f" {size(max(cycle.before for cycle in record.cycles))} " in row
    assert any(line.split() == ["bytes", "nobody", "sees", "held", "by", "what"] for line in lines)
    assert any("100 MiB" in line and "global cache" in line for line in lines)


def test_the_peak_before_a_collection_counts() -> None:
    record = record_of(3)
    record.cycles = [Cycle(0, "heap", 77 * MIB, MIB, 4 * MIB)]
    assert "  77 MiB  " in memory(record)
    assert "77 MiB at the peak" in stays(record)


def test_a_process_without_memory_has_no_report() -> None:
    assert memory(MemoryRecord()) == ""
    assert heap_dump(MemoryRecord()) == "the program used no memory"


def test_holders_are_sorted_and_what_is_left_out_is_counted() -> None:
    text = holdings_table(many_holders().holdings, most=5)
    assert [line.split()[0] for line in text.splitlines() if "goroutine" in line] == [
        "40",
        "39",
        "38",
        "37",
        "36",
    ]
    rest = sum(range(1, 36))
    assert text.endswith(f"… and 35 more holders of {rest} MiB")
    assert "more holder" not in holdings_table(record_of().holdings, most=3)


def test_what_is_left_out_is_the_smallest_also_beside_pages_in_no_use() -> None:
    small = [Holding(f"global g{n}", "string", 100 + n, 100 + n, 0) for n in range(6)]
    idle = Holding("the runtime", "free pages", 6 * MIB, 6 * MIB, 0, kind="idle")
    *shown, last, rest = holdings_table([*small, idle], most=3).splitlines()[1:]
    assert [line.split()[0] for line in shown] == ["105", "104"]
    assert last.split()[:2] == ["6", "MiB"]
    assert rest.strip() == "… and 4 more holders of 406 B"
    bars, told = folded([*small, idle], 3)
    assert bars[-1] is idle and {h.bytes for h in told} == {100, 101, 102, 103, 104}


def test_stacks_that_were_given_back_are_temporary_and_half_of_them_are_not() -> None:
    def record(*stacks: int) -> MemoryRecord:
        samples = [Sample(i, 0, 0, n * MIB, 0, 0, 1, 0) for i, n in enumerate(stacks)]
        return MemoryRecord(samples=samples, stats={"stack_inuse": stacks[-1] * MIB})

    assert stacks_for_a_while(record(1, 9, 8, 5, 1)).startswith(
        "8 MiB of stacks were in use at 1ns"
    )
    assert stacks_for_a_while(record(1, 9, 8, 5, 1)).endswith("given back by 3ns")
    assert stacks_for_a_while(record(1, 9, 5)) == stacks_for_a_while(record(0, 0)) == ""


def test_collections_are_counted_by_their_cause() -> None:
    record = MemoryRecord(cycles=[Cycle(0, kind, 0, 0, 0) for kind in ("heap", "limit", "heap")])
    assert collections(record) == "3 collections: 2 at the heap's goal, 1 for the memory limit"
    record.cycles = [Cycle(0, "runtime.GC", 0, 0, 0)]
    assert collections(record) == "1 collection: by runtime.GC"
    assert collections(MemoryRecord(stats={"num_gc": 4})) == "4 collections"
    assert collections(MemoryRecord()) == ""


def test_the_verdict_says_what_stays_who_keeps_it_and_what_nobody_sees() -> None:
    said = stays(record_of())
    assert said.startswith("100 MiB of heap after a collection")
    assert "global cache keeps 100 MiB" in said and said.endswith(
        "; 100 MiB of the heap nobody can see"
    )
    assert "at the peak" in stays(record_of(most=MIB))


def test_what_was_alive_for_a_while_is_told_with_its_time() -> None:
    def record(*after: int, left: int) -> MemoryRecord:
        cycles = [Cycle(i * 50_000_000, "heap", n + MIB, n, 2 * n) for i, n in enumerate(after)]
        return MemoryRecord(cycles=cycles, stats_after_gc={"heap_alloc": left})

    told = for_a_while(record(0, 8 * MIB, 7 * MIB, 0, left=0))
    assert told == "8 MiB of heap were alive at 50ms and were freed by 150ms"
    told = for_a_while(record(0, 8 * MIB, left=MIB))
    assert told == "7 MiB of heap were alive at 50ms and were freed later"
    assert for_a_while(record(8 * MIB, left=5 * MIB)) == ""  # most of it stays
    assert for_a_while(record(MIB // 2, left=0)) == ""
    assert for_a_while(record(left=0)) == ""  # garbage of which nothing was ever found alive


def test_the_dump_has_every_holder_every_collection_and_every_figure() -> None:
    record = many_holders()
    text = heap_dump(record)
    assert all(h.holder in " ".join(text.split()) for h in record.holdings)
    assert text.count("at the heap's goal") == len(record.cycles) + 1
    assert all(f"  {name} " in text for name in record.stats)


# -- axes ------------------------------------------------------------------------------------------


@LAW
@given(st.integers(1, 1 << 50), st.integers(2, 6))
def test_marks_of_bytes_are_round_in_their_unit(top: int, intervals: int) -> None:
    marks = byte_ticks(top, intervals)
    places = [at for at, _ in marks]
    assert places == sorted(set(places)) and places[0] == 0 and places[-1] <= top * (1 + 1e-6)
    assert 2 <= len(marks) <= intervals + 1
    for at, text in marks[1:]:
        number, unit = text.split()
        assert float(number) * 1024 ** UNITS.index(unit) == pytest.approx(at)
        assert len(number) <= 5
        first = number.replace(".", "").lstrip("0")[:2]
        assert set(number.replace(".", "").replace("0", "")) and int(first) > 0


@LAW
@given(st.integers(0, 10**15), st.integers(1, 6))
def test_marks_of_time_are_few_and_within(last: int, intervals: int) -> None:
    unit, marks = time_ticks(last, intervals)
    ns = {"ns": 1, "µs": 1e3, "ms": 1e6, "s": 1e9, "min": 60e9, "h": 3600e9}[unit]
    assert min(2, last + 1) <= len(marks) <= max(2, intervals) + 1
    for at, text in marks:
        assert 0 <= at <= last * (1 + 1e-6)
        assert float(text) * ns == pytest.approx(at)


def test_hours_and_minutes_have_marks_that_people_use() -> None:
    day, hour, minute = 24 * 3_600_000_000_000, 3_600_000_000_000, 60_000_000_000
    assert [t for _, t in time_ticks(day)[1]] == ["0", "6", "12", "18", "24"]
    assert time_ticks(90 * minute) == (
        "min",
        [(i * 15.0 * minute, str(i * 15)) for i in range(7)],
    )
    assert time_ticks(10 * hour)[0] == "h" and time_ticks(90 * 10**9)[0] == "s"


@LAW
@given(
    st.lists(st.floats(0, 250), max_size=8), st.floats(1, 15), st.floats(0, 5), st.floats(240, 250)
)
def test_labels_keep_their_order_their_distance_and_their_bounds(
    wanted: list[float], gap: float, low: float, high: float
) -> None:
    places = spread(wanted, gap, low, high)
    assert len(places) == len(wanted)
    assert all(low - 1e-6 <= place <= high + 1e-6 for place in places)
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    for a, b in itertools.pairwise(order):
        assert places[b] - places[a] >= gap - 1e-6
    free = [min(max(w, low), high) for w in sorted(wanted)]
    if all(b - a >= gap for a, b in itertools.pairwise(free)):
        assert sorted(places) == pytest.approx(free)


def test_labels_that_do_not_fit_stand_at_equal_distances() -> None:
    assert spread([5.0, 5.0, 5.0], 10, 0, 10) == [0.0, 5.0, 10.0]


@LAW
@given(
    st.lists(st.tuples(st.floats(0, 99), st.integers(0, 10**9)), min_size=1, max_size=400),
    st.integers(1, 30),
)
def test_a_thinned_curve_keeps_its_ends_and_the_extremes_of_each_column(
    points: list[tuple[float, int]], column: int
) -> None:
    xs, ys = sorted(x for x, _ in points), [y for _, y in points]
    kept = thin(xs, ys, column)
    assert kept == sorted(set(kept)) and len(kept) <= 4 * (99 // column + 1)
    assert (kept[0], kept[-1]) == (0, len(xs) - 1)
    for k in range(99 // column + 1):
        there = [y for x, y in zip(xs, ys, strict=True) if x // column == k]
        shown = [ys[i] for i in kept if xs[i] // column == k]
        if there:
            assert (min(shown), max(shown)) == (min(there), max(there))
            assert (shown[0], shown[-1]) == (there[0], there[-1])


@LAW
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=60))
def test_the_corners_of_steps_are_few_and_lie_on_the_same_line(
    points: list[tuple[int, int]],
) -> None:
    xs = sorted(float(x) for x, _ in points)
    ys = [float(y) for _, y in points]
    corners = steps(xs, ys)
    assert corners[0] == (xs[0], ys[0]) and corners[-1] == (xs[-1], ys[-1])
    assert all(a[0] == b[0] or a[1] == b[1] for a, b in itertools.pairwise(corners))
    assert all(a != b for a, b in itertools.pairwise(corners))

    def covered(line: list[tuple[float, float]]) -> set[tuple[float, float, bool]]:
        """Every unit of length that a line of steps passes, along x or along y."""
        seen = set()
        for (ax, ay), (bx, by) in itertools.pairwise(line):
            seen |= {(x, ay, True) for x in range(int(ax), int(bx))}
            seen |= {(ax, y, False) for y in range(int(min(ay, by)), int(max(ay, by)))}
        return seen

    whole = [(xs[0], ys[0])]
    for x, y in zip(xs[1:], ys[1:], strict=True):
        whole += [(x, whole[-1][1]), (x, y)]
    assert covered(corners) == covered(whole)
    straight = zip(corners, corners[1:], corners[2:], strict=False)
    assert not any(a[1] == b[1] == c[1] for a, b, c in straight)


def test_two_runs_share_their_time_unless_one_would_be_a_speck() -> None:
    leak, near, far = record_of(100), record_of(40), record_of(100, step_ns=10**9)
    one, other = across([leak, near])
    assert one is other and one.last == leak.samples[-1].at
    one, other = across([leak, far])
    assert one.last == leak.samples[-1].at and other.last == far.samples[-1].at
    one, other = across([leak, record_of(40, step_ns=0)])
    assert one.time and not other.time and "virtual time stands still at 0s" in other.title


# -- the picture -----------------------------------------------------------------------------------


def texts_of(page: Sheet) -> list[str]:
    return [mark.text for mark in page.marks if isinstance(mark, Text)]


def check(page: Sheet) -> list[str]:
    """Check that no label overlaps another or is cut off; return all labels."""
    assert page.overlaps() == []
    for mark in page.marks:
        e = mark.extent
        assert e.left >= 0 and e.top >= 0 and e.right <= page.width and e.bottom <= page.height
    return texts_of(page)


@pytest.mark.parametrize("name", RECORDS)
def test_no_text_overlaps_another_or_is_cut_off(name: str) -> None:
    texts = check(sheet(RECORDS[name](), title=f"a lesson: {name}, " + "word " * 40))
    assert any(text.startswith("Who holds what") for text in texts)


LESSONS = [s for s in scenario.scenarios() if s.family == "memory"]
SHOWN = ("subslice-keeps-array", "goroutine-burst", "defer-order", "growing-service")
"""Those that CI draws: hatched, idle pages, one sample, grouped goroutines."""


@pytest.mark.parametrize(
    "lesson",
    [
        pytest.param(s, marks=() if s.name in SHOWN else pytest.mark.slow, id=s.name)
        for s in LESSONS
    ],
)
def test_no_text_of_a_lesson_overlaps_another_or_is_cut_off(lesson: Any) -> None:
    """Each variant alone and the first beside the repair, as ``run NAME --memory F`` draws them."""
    runs = {v.name: _told(lesson, v) for v in lesson.variants}
    try:
        repair = runs[lesson.fixed.name].memory_record
    except UsageError:
        repair = None  # a tour
    for name, run in runs.items():
        record = run.memory_record
        assert record is not None and record.samples
        for other in (None, repair) if name == lesson.first.name and repair else (None,):
            page = sheet(record, other, f"{lesson.name}: {headline(run)}", (name, "fixed"))
            texts = check(page)
            # What the report says stands in the picture in the same words.
            assert any(text.startswith(f"{size(record.samples[-1].rss)}  RSS") for text in texts)
            for h in folded(record.holdings, 12)[0]:
                assert size(h.bytes) in texts
            assert len(to_svg(page)) < 40_000


def _told(lesson: Any, variant: Any) -> Any:
    program = Target(str(variant.file()), lesson, variant).program()
    return execute(program, variant=variant.name, memory=True)


@pytest.mark.parametrize("name", RECORDS)
def test_no_text_overlaps_beside_the_repair(name: str) -> None:
    fixed = record_of(60, most=MIB)
    names = ("leak", "fixed: a-variant")
    texts = check(sheet(RECORDS[name](), fixed, "a lesson", names))
    assert texts.count("fixed: a-variant") == 2


@pytest.mark.parametrize("width", [320, 400, 480, 600, 700])
@pytest.mark.parametrize("name", RECORDS)
def test_a_narrow_sheet_has_all_words_too(name: str, width: int) -> None:
    """The two runs stand below one another there, in one scale still."""
    record, fixed = RECORDS[name](), record_of(60, most=MIB)
    page = sheet(record, fixed, "a lesson of many words", ("leak", "fixed: a-variant"), width)
    texts = check(page)
    assert page.width == width
    if record.samples:
        lines = curve(page, "rss")
        beside = len({mark.points[0][0] for mark in lines}) == len(lines) == 2
        assert beside == (width >= 640 and len(record.samples) > 1)
    hidden = [h for h in folded(record.holdings, 12)[0] if h.hidden]
    assert sum("nobody can see" in text for text in texts) >= len(hidden)


@LAW
@given(
    st.sampled_from(sorted(RECORDS)), st.booleans(), st.integers(250, 1200), st.integers(160, 500)
)
def test_curves_of_any_size_have_room_for_their_words(
    name: str, two: bool, width: int, height: int
) -> None:
    other = record_of(60, most=MIB) if two else None
    page = chart_sheet(RECORDS[name](), other, width=width * (2 if two else 1), height=height)
    check(page)


def curve(page: Sheet, key: str) -> list[Line]:
    return [mark for mark in page.marks if isinstance(mark, Line) and mark.key == key]


def test_both_panels_have_the_same_scale() -> None:
    """A value that both reach is at the same height in both, and the same time as far in."""
    leak = record_of()
    half = dataclasses.replace(leak, samples=leak.samples[:50])
    one, two = curve(chart_sheet(leak, half), "rss")
    assert {y for _, y in two.points} < {y for _, y in one.points}
    part = (two.points[-1][0] - two.points[0][0]) / (one.points[-1][0] - one.points[0][0])
    assert part == pytest.approx(49 / 99, abs=0.001)
    (alone,) = curve(chart_sheet(half), "rss")
    assert alone.points[-1][1] < two.points[-1][1]  # in its own scale it stands higher


def test_a_curve_is_at_the_height_of_its_value() -> None:
    record = record_of(50)
    page = chart_sheet(record)
    rules = {
        m.text: m.y for m in page.marks if isinstance(m, Text) and re.match(r"\d+ MiB$", m.text)
    }
    one, other = list(rules.items())[-2:]
    per_mib = (one[1] - other[1]) / (int(other[0].split()[0]) - int(one[0].split()[0]))
    zero = next(
        m for m in page.marks if isinstance(m, Text) and m.text == "0" and m.anchor == "end"
    )
    for field in ("rss", "heap_inuse", "heap_live"):
        line = curve(page, field)[0]
        middle = zero.y - 8.5 * (0.76 - 0.24) / 2
        value = getattr(record.samples[-1], field) / MIB
        assert middle - line.points[-1][1] == pytest.approx(value * per_mib, abs=0.2)


def test_each_curve_ends_in_its_name_and_value() -> None:
    record = record_of()
    page = chart_sheet(record)
    last = record.samples[-1]
    for look in (*CURVES, GOAL):
        assert f"{size(look.value(last))}  {look.name}" in texts_of(page)
        assert curve(page, look.key)[0].tip.startswith(f"{look.name}: {size(look.value(last))}")


def test_curves_differ_in_more_than_colour() -> None:
    looks = [(c.dash, c.width, c.filled) for c in (*CURVES, GOAL)]
    assert len(set(looks)) == len(looks)
    assert len({c.color for c in (*CURVES, GOAL)}) == len(looks)


@pytest.mark.parametrize("dark", [False, True])
def test_names_of_curves_can_be_read_on_light_and_dark_ground(dark: bool) -> None:
    ground = palette.value("paper", dark)
    for look in (*CURVES, GOAL):
        assert palette.contrast(palette.value(look.words, dark), ground) >= 4.5, look.name


def test_a_goal_out_of_reach_is_not_drawn_and_a_far_one_is_cut_off() -> None:
    page = chart_sheet(collector_off())
    assert not any("goal" in text for text in texts_of(page)) and not curve(page, "next_gc")
    far = record_of(30)
    far.samples = [dataclasses.replace(s, next_gc=GIB) for s in far.samples]
    page = chart_sheet(far)
    assert "1 GiB  goal of the next GC ↑" in texts_of(page) and not curve(page, "next_gc")
    assert not any("GiB" in t for t in texts_of(page) if re.match(r"[\d.]+ [KMG]iB$", t))
    # Where it comes down into the picture it is drawn, and has a gap where it is outside.
    low = [GIB, 30 * MIB, GIB, GIB, 20 * MIB]
    far.samples = [
        dataclasses.replace(s, next_gc=goal) for s, goal in zip(far.samples[-5:], low, strict=True)
    ]
    pieces = curve(chart_sheet(far), "next_gc")
    assert len(pieces) == 2
    rises = [y for piece in pieces for _, y in piece.points]
    assert min(rises) == pieces[0].points[0][1] == pieces[1].points[0][1]


def test_where_the_collector_is_off_for_a_while_the_goal_has_a_gap() -> None:
    record = record_of(30)
    record.samples = [
        dataclasses.replace(s, next_gc=(1 << 63) - 1) if 10 <= i < 20 else s
        for i, s in enumerate(record.samples)
    ]
    one, two = curve(chart_sheet(record), "next_gc")
    rss = curve(chart_sheet(record), "rss")[0]
    span = rss.points[-1][0] - rss.points[0][0]
    assert two.points[0][0] - one.points[-1][0] == pytest.approx(span * 11 / 29, abs=0.2)


def test_a_dotted_way_leads_from_the_end_of_a_short_run_to_its_names() -> None:
    page = chart_sheet(record_of(100), record_of(40))
    dotted = [m for m in page.marks if isinstance(m, Line) and m.dash == (0.7, 2.8)]
    assert len(dotted) == len(CURVES) + 1
    ends = [line.points[-1] for look in (*CURVES, GOAL) for line in curve(page, look.key)[1:]]
    for way in dotted:
        assert min(math.dist(way.points[0], end) for end in ends) < 0.1
    whole = chart_sheet(record_of(100), record_of(100)).marks
    assert not [m for m in whole if isinstance(m, Line) and m.dash == (0.7, 2.8)]


def test_one_sample_is_a_dot_and_no_sample_a_word() -> None:
    page = chart_sheet(record_of(1))
    dots = {m.key: m for m in page.marks if isinstance(m, Rect) and m.key}
    assert set(dots) == {look.key for look in (*CURVES, GOAL)}
    assert all(dot.radius == dot.width / 2 for dot in dots.values())
    assert "no samples" in texts_of(chart_sheet(no_samples()))


def test_every_collection_has_a_mark_on_the_axis() -> None:
    record = record_of(100)
    page = chart_sheet(record)
    axis = max(m.points[0][1] for m in page.marks if isinstance(m, Line) and m.stroke == "muted")
    marks = [
        m.points[0][0]
        for m in page.marks
        if isinstance(m, Line) and m.stroke == "ink" and m.points[0][1] <= axis
    ]
    line = curve(page, "rss")[0]
    left, right = line.points[0][0], line.points[-1][0]
    last = record.samples[-1].at
    wanted = [left + cycle.at / last * (right - left) for cycle in record.cycles]
    cells = {int(x / 1.5): x for x in wanted}
    assert marks == pytest.approx(sorted(cells.values()), abs=0.1)


def test_only_the_live_heap_has_its_area_filled() -> None:
    page = chart_sheet(record_of())
    (area,) = [m for m in page.marks if isinstance(m, Polygon)]
    (line,) = curve(page, "heap_live")
    assert area.points[1:-1] == line.points and area.fill == "green-faint"


def test_what_nobody_sees_is_hatched() -> None:
    record = record_of()
    record.holdings.append(Holding("global all", "x", 50 * MIB, 0, 50 * MIB))
    page = sheet(record)
    bars = [m for m in page.marks if isinstance(m, Rect)]
    # Two with a seen and an unseen part, one all unseen; 96 KiB of 100 MiB are told in a line.
    assert len(bars) == 2 + 1 + 2
    assert sum(1 for bar in bars if bar.hatch) == 3
    assert {bar.fill for bar in bars if not bar.hatch} == {"blue"}
    said = texts_of(page)
    assert ", all but 100 B nobody can see" in said and ", all of it nobody can see" in said
    assert ", 512 KiB of it nobody can see" in said
    assert any(text.startswith("hatched: ") for text in said)


def test_bars_are_as_long_as_what_is_held() -> None:
    record = record_of()
    record.holdings = [
        Holding("global a", "[]byte", 40 * MIB, 30 * MIB, 10 * MIB),
        Holding("global b", "[]byte", 10 * MIB, 10 * MIB, 0),
        Holding("the runtime", "free pages", 20 * MIB, 0, 0, kind="idle"),
    ]
    bars: dict[str, float] = {}
    for mark in sheet(record).marks:
        if isinstance(mark, Rect):
            bars[mark.key] = bars.get(mark.key, 0.0) + mark.width
            assert bool(mark.dash) == (mark.key == "held the runtime")
    one = bars["held global b"]
    assert bars == pytest.approx(
        {"held global a": 4 * one, "held global b": one, "held the runtime": 2 * one}
    )


def test_a_bar_tells_whole_what_a_line_had_to_shorten() -> None:
    record = many_holders()
    page = sheet(record)
    top = max(record.holdings, key=lambda h: h.bytes)
    (tip,) = {m.tip for m in page.marks if m.key == f"held {top.holder}"}
    assert top.holder in tip and top.what in tip and size(top.bytes) in tip
    assert any("…" in text for text in texts_of(page))


def test_more_holders_than_a_page_has_are_told_in_a_line() -> None:
    shown, rest = folded(many_holders().holdings, 12)
    assert (len(shown), len(rest)) == (11, 29)
    assert min(h.bytes for h in shown) >= max(h.bytes for h in rest)
    twelve = many_holders().holdings[:12]
    assert folded(twelve, 12) == (twelve[::-1], [])
    assert folded([Holding("nobody", "", 0, 0, 0)], 12) == ([], [])
    said = texts_of(sheet(many_holders()))
    assert any(text.startswith("… and 29 more holders of ") for text in said)


def test_the_picture_is_told_to_those_who_do_not_see_it() -> None:
    leak, fixed = record_of(), record_of(most=MIB)
    page = sheet(leak, fixed, "a lesson")
    assert page.description == f"leak: {stays(leak)}; fixed: {stays(fixed)}"
    assert sheet(leak).description == stays(leak) and sheet(leak).title


# -- files, axes, notebooks ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("suffix", "head"), [("png", b"\x89PNG"), ("svg", b"<svg"), ("pdf", b"%PDF")]
)
def test_a_picture_is_the_same_bytes_each_time(tmp_path: Path, suffix: str, head: bytes) -> None:
    first, second = tmp_path / f"a.{suffix}", tmp_path / f"b.{suffix}"
    for file in (first, second):
        save(
            record_of(), file, record_of(most=MIB), title="a < b & c", names=("leak", "fixed: $x$")
        )
    assert first.read_bytes() == second.read_bytes()
    assert first.read_bytes().startswith(head)


def test_another_suffix_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"a\.dot: the name of a picture ends in \.png"):
        save(record_of(), tmp_path / "a.dot")


def test_an_svg_is_small_and_needs_no_matplotlib(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from gosim.views.memory import save\n"
        "from tests.test_views_memory import record_of, MIB\n"
        "before = set(sys.modules)\n"
        f"save(record_of(2000), {str(tmp_path / 'a.svg')!r}, record_of(900, most=MIB), title='t')\n"
        "assert not {'matplotlib', 'networkx', 'numpy'} & (set(sys.modules) - before)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[1])
    text = (tmp_path / "a.svg").read_text(encoding="utf-8")
    assert "RSS, what top shows" in text and len(text) < 80_000


def test_a_page_gives_the_picture_its_colours() -> None:
    text = to_svg(sheet(record_of(), record_of(most=MIB)), "page")
    assert not re.search(r'(?:fill|stroke)="#', text)
    assert 'class="gs-vermillion"' in text and "gf-green-faint" in text


def test_matplotlibs_global_state_is_left_alone_and_does_not_matter(tmp_path: Path) -> None:
    import matplotlib

    save(record_of(), tmp_path / "a.pdf")
    with matplotlib.rc_context({"axes.facecolor": "black", "lines.linewidth": 9}):
        before = {k: matplotlib.rcParams[k] for k in matplotlib.rcParams if k != "backend"}
        save(record_of(), tmp_path / "b.pdf")
        after = {k: matplotlib.rcParams[k] for k in matplotlib.rcParams if k != "backend"}
    assert before == after
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


def test_axes_of_the_callers_own_hold_curves_and_their_names() -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(12, 6))
    FigureCanvasAgg(figure)
    one, two = figure.add_axes((0.1, 0.6, 0.35, 0.35)), figure.add_axes((0.05, 0.1, 0.9, 0.4))
    assert chart(record_of(), ax=one) is one
    assert chart(record_of(), record_of(most=MIB), two) is two
    renderer = figure.canvas.get_renderer()
    figure.draw(renderer)
    for ax, panels in ((one, 1), (two, 2)):
        space = ax.get_window_extent()
        names = [t for t in ax.texts if "  " in t.get_text()]
        assert len(names) == 5 * panels
        for text in names:
            assert text.get_fontsize() >= 6 and text.get_window_extent(renderer).x1 <= space.x1


def test_the_whole_picture_fits_axes_too_and_has_a_figure_of_its_own() -> None:
    page = sheet(record_of(), title="a lesson")
    ax = plot(record_of(), title="a lesson")
    assert {t.get_text() for t in ax.texts} == set(texts_of(page))
    assert (ax.figure.get_figwidth() * 72, ax.figure.get_figheight() * 72) == pytest.approx(
        (page.width, page.height)
    )


def test_names_are_no_formulas() -> None:
    record = record_of(5)
    record.holdings = [Holding("global $x_1$ a^2 $", "map[$]int", 5, 5, 0, "$a$.py:1")]
    ax = plot(record, title="$100 and $200")
    ax.figure.canvas.draw()
    drawn = {t.get_text() for t in ax.texts if not t.get_parse_math()}
    assert {"$100 and $200", "global $x_1$ a^2 $"} <= drawn


def test_a_notebook_gets_a_picture_and_the_report(recwarn: pytest.WarningsRecorder) -> None:
    shown = Memory(record_of(), record_of(most=MIB), "a lesson")
    bundle = shown._repr_mimebundle_()
    assert bundle["text/plain"].startswith("leak\n") and "\nfixed\n" in bundle["text/plain"]
    assert 'src="data:image/svg+xml;base64,' in bundle["text/html"]
    assert Memory(record_of())._repr_mimebundle_()["text/plain"] == memory(record_of())
    assert stays(record_of()) in repr(Memory(record_of()))
    assert not list(recwarn)


def test_a_run_shows_its_memory_beside_its_repair() -> None:
    import gosim as gs

    async def leak() -> None:
        held = gs.make_slice(gs.types.BYTE, 1 << 20)

        async def wait() -> None:
            await gs.chan(int).recv()
            gs.clear(held)

        gs.go(wait)
        await gs.time.sleep(gs.time.Millisecond)

    async def fixed() -> None:
        await gs.time.sleep(gs.time.Millisecond)

    run, repair = gs.run(leak, memory=True), gs.run(fixed, memory=True)
    alone, both = run.memory_view(), run.memory_view(repair)
    assert alone.sheet.title == headline(run) and alone.other is None
    assert both.other is repair.memory_record and both.record is run.memory_record
    assert check(run.memory_view(repair, "side by side").sheet)[0] == "side by side"
    repair.memory_record = None
    assert run.memory_view(repair).other is None
    with pytest.raises(UsageError, match="nothing is known of the memory of this run"):
        repair.memory_view()
