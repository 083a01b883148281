"""Memory in words and pictures: no label overlaps another, axes are round, the same bytes twice."""

from __future__ import annotations

import dataclasses
import itertools
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
from gosim.views import memory as pictures
from gosim.views.memory import (
    across,
    byte_ticks,
    chart,
    folded,
    picture,
    save,
    spread,
    thin,
    time_ticks,
)
from gosim.views.text import (
    collections,
    for_a_while,
    headline,
    heap_dump,
    holdings_table,
    memory,
    size,
    sparkline,
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
    assert "global cache keeps 100 MiB" in said and said.endswith("100 MiB nobody can see")
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
@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=400), st.integers(8, 60))
def test_a_thinned_curve_keeps_its_ends_and_extremes(values: list[int], most: int) -> None:
    xs, ys = thin(list(map(float, range(len(values)))), list(map(float, values)), most)
    assert len(xs) == len(ys) <= most
    assert (xs[0], xs[-1]) == (0, len(values) - 1) and xs == sorted(xs)
    assert max(ys) == max(values) and min(ys) == min(values)
    assert all(values[int(x)] == y for x, y in zip(xs, ys, strict=True))


def test_two_runs_share_their_time_unless_one_would_be_a_speck() -> None:
    leak, near, far = record_of(100), record_of(40), record_of(100, step_ns=10**9)
    one, other = across([leak, near])
    assert one is other and one.last == leak.samples[-1].at
    one, other = across([leak, far])
    assert one.last == leak.samples[-1].at and other.last == far.samples[-1].at
    one, other = across([leak, record_of(40, step_ns=0)])
    assert one.time and not other.time and "virtual time stands still at 0s" in other.title


# -- the picture -----------------------------------------------------------------------------------


def written(figure: Any) -> list[tuple[str, Any]]:
    """Every text of a figure with its place in pixels."""
    from matplotlib.text import Text

    renderer = figure.canvas.get_renderer()
    figure.draw(renderer)
    return [
        (text.get_text(), text.get_window_extent(renderer))
        for text in figure.findobj(Text)
        if text.get_text().strip() and text.get_visible()
    ]


def check_texts(figure: Any) -> list[str]:
    texts = written(figure)
    width, height = figure.canvas.get_width_height()
    for text, e in texts:
        assert e.x0 >= 0 and e.y0 >= 0 and e.x1 <= width and e.y1 <= height, f"{text!r} is cut off"
    for (a, one), (b, two) in itertools.combinations(texts, 2):
        apart = one.x1 <= two.x0 or two.x1 <= one.x0 or one.y1 <= two.y0 or two.y1 <= one.y0
        # Letters need no whole line: extents of lines above one another may touch by a pixel.
        lines = min(one.y1, two.y1) - max(one.y0, two.y0)
        assert apart or lines <= 2.5, f"{a!r} and {b!r} overlap by {lines:.1f} pixels"
    return [text for text, _ in texts]


@pytest.mark.parametrize("name", RECORDS)
def test_no_text_overlaps_another_or_is_cut_off(name: str) -> None:
    texts = check_texts(picture(RECORDS[name](), title=f"a lesson: {name}, " + "word " * 20))
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
            title = f"{lesson.name}: {headline(run)}"
            texts = check_texts(picture(record, other, title=title, names=(name, "fixed")))
            # What the report says stands in the picture in the same words.
            assert any(text.startswith(f"{size(record.samples[-1].rss)}  RSS") for text in texts)
            for h in folded(record.holdings, 12)[0]:
                assert size(h.bytes) in texts


def _told(lesson: Any, variant: Any) -> Any:
    program = Target(str(variant.file()), lesson, variant).program()
    return execute(program, variant=variant.name, memory=True)


@pytest.mark.parametrize("name", RECORDS)
def test_no_text_overlaps_beside_the_repair(name: str) -> None:
    fixed = record_of(60, most=MIB)
    names = ("leak", "fixed: a-variant")
    texts = check_texts(picture(RECORDS[name](), fixed, title="a lesson", names=names))
    assert texts.count("fixed: a-variant") == 2


def test_both_panels_have_the_same_scale() -> None:
    left = chart(record_of(), record_of(most=MIB))
    right = left.figure.axes[1]
    assert left.get_ylim() == right.get_ylim()
    assert left.get_xticks().tolist() == right.get_xticks().tolist()


def test_each_curve_ends_in_its_name_and_value() -> None:
    record = record_of()
    said = [text.get_text() for text in chart(record).texts]
    last = record.samples[-1]
    for curve in (*pictures.CURVES, pictures.GOAL):
        assert f"{size(curve.value(last))}  {curve.name}" in said


def test_curves_differ_in_more_than_colour() -> None:
    looks = [(str(c.line), c.width, c.filled) for c in (*pictures.CURVES, pictures.GOAL)]
    assert len(set(looks)) == len(looks)
    assert len({c.color for c in pictures.CURVES}) == len(pictures.CURVES)


def test_a_goal_out_of_reach_is_not_drawn_and_a_far_one_is_cut_off() -> None:
    ax = chart(collector_off())
    assert not any("goal" in text.get_text() for text in ax.texts)
    far = record_of(30)
    far.samples = [dataclasses.replace(s, next_gc=GIB) for s in far.samples]
    ax = chart(far)
    assert any(text.get_text() == "1 GiB  goal of the next GC ↑" for text in ax.texts)
    assert ax.get_ylim()[1] < 100 * MIB


def test_what_nobody_sees_is_hatched() -> None:
    from matplotlib.patches import Rectangle

    record = record_of()
    record.holdings.append(Holding("global all", "x", 50 * MIB, 0, 50 * MIB))
    figure = picture(record)
    bars = [p for p in figure.axes[0].patches if isinstance(p, Rectangle)]
    # Two with a seen and an unseen part, one all unseen; 96 KiB of 100 MiB are told in a line.
    assert len(bars) == 2 + 1 + 2
    assert sum(1 for bar in bars if bar.get_hatch()) == 3
    said = [text.get_text() for text in figure.axes[0].texts]
    assert ", all but 100 B nobody can see" in said and ", all of it nobody can see" in said
    assert ", 512 KiB of it nobody can see" in said


def test_more_holders_than_a_page_has_are_told_in_a_line() -> None:
    shown, rest = folded(many_holders().holdings, 12)
    assert (len(shown), len(rest)) == (11, 29)
    assert min(h.bytes for h in shown) >= max(h.bytes for h in rest)
    twelve = many_holders().holdings[:12]
    assert folded(twelve, 12) == (twelve[::-1], [])
    assert folded([Holding("nobody", "", 0, 0, 0)], 12) == ([], [])


@pytest.mark.parametrize(
    ("suffix", "head"), [("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")]
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
    with pytest.raises(UsageError, match=r"a\.dot: the name of a picture of memory ends in \.png"):
        save(record_of(), tmp_path / "a.dot")


def test_matplotlibs_global_state_is_left_alone_and_does_not_matter(tmp_path: Path) -> None:
    import matplotlib

    save(record_of(), tmp_path / "a.svg")
    with matplotlib.rc_context({"axes.facecolor": "black", "lines.linewidth": 9}):
        before = {k: matplotlib.rcParams[k] for k in matplotlib.rcParams if k != "backend"}
        save(record_of(), tmp_path / "b.svg")
        after = {k: matplotlib.rcParams[k] for k in matplotlib.rcParams if k != "backend"}
    assert before == after
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()


def test_axes_of_the_callers_own_hold_curves_and_their_names() -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 6))
    FigureCanvasAgg(figure)
    one, two = figure.add_axes((0.1, 0.6, 0.35, 0.3)), figure.add_axes((0.05, 0.1, 0.9, 0.3))
    assert chart(record_of(), ax=one) is one
    assert chart(record_of(), record_of(most=MIB), two) is two
    assert len(two.child_axes) == 2
    renderer = figure.canvas.get_renderer()
    for ax in (one, *two.child_axes):
        space = ax.get_window_extent()
        names = [t for t in ax.texts if "  " in t.get_text()]
        assert len(names) == 5
        for text in names:
            assert text.get_window_extent(renderer).x1 <= space.x1 + 2


def test_names_are_no_formulas(tmp_path: Path) -> None:
    record = record_of(5)
    record.holdings = [Holding("global $x_1$ a^2 $", "map[$]int", 5, 5, 0, "$a$.py:1")]
    figure = picture(record, title="$100 and $200")
    assert {"$100 and $200", "global $x_1$ a^2 $"} <= {text for text, _ in written(figure)}
