"""The picture of the wait-for graph: nothing overlaps or is cut off; equal runs, equal pictures."""

from __future__ import annotations

import itertools
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import networkx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gosim.leaks.run import execute
from gosim.runtime.errors import UsageError
from gosim.runtime.program import File
from gosim.scenario import find, scenarios
from gosim.views.graph import _DASHES, Picture, arrange, plot, save, sheet
from gosim.views.layers import crossings
from gosim.views.sheet import Path as Curve
from gosim.views.sheet import Rect, Sheet, Text
from gosim.views.svg import to_svg

TELLINGS = [(s.name, v.name) for s in scenarios() for v in s.variants if "python" in v.sources]


def graph_of(name: str, variant: str = "leak", **params: Any) -> networkx.MultiDiGraph:
    file = find(name).variant(variant).file("python")
    return execute(File(str(file), params)).graph()


def check_layout(picture: Picture) -> None:
    """Boxes and labels of arrows overlap nowhere; everything is on the page."""
    everything = [(b.x, b.y, b.x + b.width, b.y + b.height) for b in picture.boxes]
    for arrow in picture.arrows:
        if arrow.label_at is not None:
            (x, y), w = arrow.label_at, arrow.label_width
            everything.append((x - w / 2, y - 4, x + w / 2, y + 4))
    for a, b in itertools.combinations(everything, 2):
        assert not overlap(a, b)
    for left, top, right, bottom in everything:
        assert left >= 0 and top >= 0 and right <= picture.width and bottom <= picture.height
    for arrow in picture.arrows:
        for x, y in arrow.points:
            assert 0 <= x <= picture.width and 0 <= y <= picture.height


def overlap(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def check_sheet(page: Sheet) -> None:
    """No label overlaps another, sticks out of its box or is cut off by the edge."""
    assert page.overlaps() == []
    assert page.crossed() == []


def check_lesson(name: str, variant: str) -> None:
    graph = graph_of(name, variant)
    picture = arrange(graph, f"{name}: {variant}")
    check_layout(picture)
    assert all(a.label_at is not None for a in picture.arrows if a.label), "a label found no place"
    check_sheet(sheet(graph, f"{name}: {variant}"))


@pytest.mark.parametrize(("name", "variant"), TELLINGS[::6])
def test_nothing_overlaps_in_the_picture_of_some_lessons(name: str, variant: str) -> None:
    check_lesson(name, variant)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "variant"), TELLINGS)
def test_nothing_overlaps_in_the_picture_of_any_lesson(name: str, variant: str) -> None:
    check_lesson(name, variant)


LESSONS = [
    "first-answer-wins",
    "ab-ba-deadlock",
    "mutex-never-unlocked",
    "nil-channel",
    "ten-senders-buffer-of-four",
    "rwmutex-recursive-read",
    "cond-signal-missed",
]


@pytest.mark.parametrize("name", LESSONS)
def test_matplotlib_paints_no_text_beyond_its_measured_box(name: str) -> None:
    ax = plot(graph_of(name), title=name)
    page = sheet(graph_of(name), name)
    renderer = ax.figure.canvas.get_renderer()
    to_points = ax.transData.inverted()
    marks = [mark for mark in page.marks if isinstance(mark, Text)]
    for text, mark in zip(ax.texts, marks, strict=True):
        drawn = text.get_window_extent(renderer).transformed(to_points)
        box = mark.extent
        # Agg fits letters to pixels, which makes text up to a hundredth wider.
        slack = 1 + mark.width / 100
        assert drawn.x0 >= box.left - slack and drawn.x1 <= box.right + slack, text.get_text()


@settings(derandomize=True, deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 4)), max_size=14), st.data())
def test_nothing_overlaps_in_random_pictures(waits: list[tuple[int, int]], data: Any) -> None:
    graph = networkx.MultiDiGraph(cycles=[])
    for g, lock in waits:
        goroutine(graph, g)
        thing(graph, lock)
        graph.add_edge(
            f"g{g}", f"t{lock}", kind="waits-for", label="lock", style="solid", at="a.py:1"
        )
    for lock in sorted({lock for _, lock in waits}):
        holder = data.draw(st.integers(0, 9))
        goroutine(graph, holder)
        at = "a_rather_long_file_name.py:12345"
        graph.add_edge(
            f"t{lock}", f"g{holder}", kind="held-by", label="holder", style="solid", at=at
        )
    hard = networkx.DiGraph(graph)
    graph.graph["cycles"] = list(itertools.islice(networkx.simple_cycles(hard), 20))
    for cycle in graph.graph["cycles"]:
        for node in cycle:
            graph.nodes[node]["in_cycle"] = True
    picture = arrange(graph, "random")
    # A label that finds no place is left out; whatever is drawn overlaps nothing.
    check_layout(picture)


def goroutine(graph: networkx.MultiDiGraph, number: int, **more: Any) -> None:
    attributes: dict[str, Any] = {
        "kind": "goroutine",
        "label": "main." + "f" * (number * 7 + 1),
        "detail": "",
        "leak": ("permanent", "unproven", "endless", None)[number % 4],
        "goroutines": (number,),
        "count": 1,
        "in_cycle": False,
        "function": "main." + "f" * (number * 7 + 1),
        "state": "waiting",
        "wait_reason": "sync.Mutex.Lock",
        "at": "a.py:1",
    }
    graph.add_node(f"g{number}", **{**attributes, **more})


def thing(graph: networkx.MultiDiGraph, number: int) -> None:
    graph.add_node(
        f"t{number}",
        kind="mutex",
        label="mu",
        detail="mutex, made at a.py:1",
        leak=None,
        goroutines=(),
        count=1,
        in_cycle=False,
        made_at="a.py:1",
        cap=None,
        len=None,
    )


def test_the_members_of_a_cycle_stand_on_both_sides_of_what_they_wait_for() -> None:
    picture = arrange(graph_of("ab-ba-deadlock"))
    left, right = sorted((b for b in picture.boxes if b.goroutine), key=lambda b: b.x)
    things = [b for b in picture.boxes if not b.goroutine]
    assert all(left.x + left.width < b.x and b.x + b.width < right.x for b in things)
    assert all(arrow.marked for arrow in picture.arrows)
    assert ("cycle", "circle of waiting: nobody can go first") in picture.legend


def test_equal_goroutines_are_one_box_and_the_arrow_tells_their_number() -> None:
    picture = arrange(graph_of("first-answer-wins", n=500))
    (box,) = [b for b in picture.boxes if b.goroutine]
    assert box.lines[0].text == "499 × main.ask"
    few = arrange(graph_of("first-answer-wins"))
    thick = max(a.thickness for a in picture.arrows)
    assert thick > max(a.thickness for a in few.arrows)


def test_who_is_gone_and_who_is_stuck_differ_by_more_than_colour() -> None:
    picture = arrange(graph_of("mutex-never-unlocked"))
    (stuck,) = [b for b in picture.boxes if b.goroutine]
    (gone,) = [b for b in picture.boxes if b.gone]
    assert "stuck for good" in [line.text for line in stuck.lines]
    assert all(line.italic for line in gone.lines)
    assert {what for what, _ in picture.legend} >= {"state permanent", "gone", "held-by"}


def test_the_legend_explains_what_occurs_and_nothing_else() -> None:
    picture = arrange(graph_of("nil-channel"))
    assert [what for what, _ in picture.legend] == ["state permanent", "waits-for"]


def test_more_groups_than_a_page_holds_are_counted_in_words() -> None:
    graph = networkx.MultiDiGraph(cycles=[])
    thing(graph, 0)
    for i in range(40):
        goroutine(graph, i, at=f"a.py:{i}", label="main.f", function="main.f")
        graph.add_edge(f"g{i}", "t0", kind="waits-for", label="lock", style="solid", at=f"a.py:{i}")
    picture = arrange(graph)
    assert sum(b.goroutine for b in picture.boxes) == 24
    assert picture.message == "… and 16 more groups (16 goroutines), not drawn"
    check_layout(picture)


def test_a_run_that_leaves_nothing_says_so(tmp_path: Path) -> None:
    graph = graph_of("first-answer-wins", "buffer-n")
    assert arrange(graph).message == "nobody waits: no goroutine is left"
    save(graph, tmp_path / "nothing.svg")


@pytest.mark.parametrize(
    ("suffix", "head"),
    [("png", b"\x89PNG"), ("svg", b"<svg"), ("pdf", b"%PDF")],
)
def test_a_picture_is_the_same_bytes_each_time(tmp_path: Path, suffix: str, head: bytes) -> None:
    first, second = tmp_path / f"a.{suffix}", tmp_path / f"b.{suffix}"
    save(graph_of("ab-ba-deadlock"), first, title="a < b & c")
    save(graph_of("ab-ba-deadlock"), second, title="a < b & c")
    assert first.read_bytes() == second.read_bytes()
    assert first.read_bytes().startswith(head)


def test_matplotlibs_global_state_is_left_alone(tmp_path: Path) -> None:
    import matplotlib

    def state() -> dict[str, Any]:
        return {k: matplotlib.rcParams[k] for k in matplotlib.rcParams if k != "backend"}

    before = state()
    save(graph_of("nil-channel"), tmp_path / "a.svg")
    assert state() == before


def test_axes_of_the_callers_own_are_filled_and_the_text_shrinks_with_them() -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 4))
    FigureCanvasAgg(figure)
    big, small = figure.add_axes((0, 0, 0.7, 1)), figure.add_axes((0.7, 0, 0.3, 1))
    graph = graph_of("first-answer-wins")
    assert plot(graph, big) is big
    plot(graph, small)
    assert big.texts[0].get_fontsize() == pytest.approx(small.texts[0].get_fontsize() * 7 / 3)
    for ax in (big, small):
        extent = ax.get_window_extent()
        for text in ax.texts:
            inside = text.get_window_extent(figure.canvas.get_renderer())
            assert extent.x0 <= inside.x0 and inside.x1 <= extent.x1 + 1


def test_names_are_no_formulas() -> None:
    graph = networkx.MultiDiGraph(cycles=[])
    goroutine(graph, 1, label="main.$x_1$ is a^2 $")
    thing(graph, 0)
    graph.add_edge("g1", "t0", kind="waits-for", label="lock", style="solid", at="a.py:1")
    ax = plot(graph, title="$100 and $200")
    assert any(text.get_text() == "$100 and $200" for text in ax.texts)
    ax.figure.canvas.draw()


@pytest.mark.parametrize("n", range(2, 10))
def test_a_ring_of_any_size_is_drawn_without_a_crossing(n: int) -> None:
    picture = arrange(philosophers(n))
    assert crossings(picture.arrows) == 0
    assert all(arrow.marked and (not arrow.label or arrow.label_at) for arrow in picture.arrows)
    check_layout(picture)


def words_of(page: Sheet) -> list[str]:
    return [mark.text for mark in page.marks if isinstance(mark, Text)]


def test_a_buffer_shows_its_values_and_the_line_behind_it() -> None:
    page = sheet(graph_of("ten-senders-buffer-of-four"))
    words = words_of(page)
    assert words[words.index("buffer") + 1 :][:4] == ["1", "2", "3", "4"]
    assert words[words.index("sendq") + 1 :][:5] == ["12: 5", "13: 6", "14: 7", "15: 8", "16: 9"]


def test_a_long_queue_is_cut_short_and_counted() -> None:
    words = words_of(sheet(graph_of("first-answer-wins", n=500)))
    assert "… 493 more" in words


def test_a_ghost_says_where_it_returned() -> None:
    words = words_of(sheet(graph_of("mutex-never-unlocked")))
    assert any(re.fullmatch(r"goroutine \d+, returned at leak\.py:\d+", text) for text in words)


def test_a_cycle_has_a_colour_of_its_own_and_leaked_keeps_its() -> None:
    page = sheet(graph_of("ab-ba-deadlock"))
    borders = {m.stroke for m in page.marks if isinstance(m, Rect) and m.key == "goroutine 7"}
    stripes = {m.fill for m in page.marks if isinstance(m, Rect) and m.hatch}
    assert "cycle" in borders and stripes == {"permanent"}
    lines = {m.stroke for m in page.marks if isinstance(m, Curve) and m.key}
    assert lines == {"cycle"}


def test_help_that_may_come_is_stuck_or_is_gone_has_a_line_of_its_own() -> None:
    assert "could-wake, gone" in dict(arrange(graph_of("first-answer-wins")).legend)
    assert "could-wake, stuck" in dict(arrange(graph_of("all-asleep")).legend)
    looks = [_DASHES[kind] for kind in ("could-wake", "could-wake, gone", "could-wake, stuck")]
    assert len(set(looks)) == 3


def test_parts_that_nothing_connects_stand_below_each_other() -> None:
    graph = networkx.MultiDiGraph(cycles=[])
    for i in range(6):
        goroutine(graph, i)
        thing(graph, i)
        graph.nodes[f"t{i}"]["label"] = f"mu{i}"
        graph.add_edge(f"g{i}", f"t{i}", kind="waits-for", label="lock", style="solid", at="a:1")
    picture = arrange(graph)
    heights = {box.node: box.middle for box in picture.boxes}
    assert [heights[f"g{i}"] for i in range(6)] == pytest.approx(
        [heights[f"t{i}"] for i in range(6)]
    )
    check_layout(picture)


def test_every_mark_of_a_node_has_its_name_and_a_tip() -> None:
    graph = graph_of("ten-senders-buffer-of-four")
    page = sheet(graph)
    assert {"chan 1", "goroutine 12", "goroutine 12 -> chan 1"} <= set(page.keys())
    tips = {mark.tip for mark in page.marks if mark.key == "goroutine 12"}
    assert tips == {"main.send · goroutines 12 to 16 · chan send at leak.py:11"}


def test_svg_takes_neither_networkx_nor_matplotlib(tmp_path: Path) -> None:
    code = (
        "import sys; from gosim.cli import main; main(sys.argv[1:]);"
        "assert not {'networkx', 'matplotlib', 'numpy'} & set(sys.modules), 'heavy'"
    )
    picture = tmp_path / "a.svg"
    command = [sys.executable, "-c", code, "run", "first-answer-wins", "--graph", str(picture)]
    subprocess.run(command, check=True, capture_output=True)
    assert picture.read_text(encoding="utf-8").startswith("<svg")


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")
@pytest.mark.parametrize("name", LESSONS)
def test_graphviz_finds_places_without_an_overlap(name: str) -> None:
    picture = arrange(graph_of(name), name, engine="dot")
    assert all(arrow.label_at is not None for arrow in picture.arrows if arrow.label)
    check_layout(picture)
    check_sheet(sheet(graph_of(name), name, engine="dot"))


def test_without_graphviz_its_engine_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UsageError, match="no program named dot is on the PATH"):
        arrange(graph_of("nil-channel"), engine="dot")


def test_an_unknown_engine_is_refused_by_name() -> None:
    with pytest.raises(UsageError, match="engine='neato': there is only 'dot'"):
        arrange(graph_of("nil-channel"), engine="neato")


CROWD = """
import gosim as gs
from gosim import chan, go, select, recv, send
sync, time = gs.sync, gs.time
n = 50
async def main():
    shards = [sync.Mutex() for _ in range(4)]
    orders = [chan(int, k % 4) for k in range(8)]
    left, right = sync.Mutex(), sync.Mutex()
    done = chan(bool)
    async def pool_worker(i):
        await shards[i % 4].lock()
        await orders[i % 8].send(i)
        await shards[i % 4].unlock()
    async def fetch(i):
        await orders[1].send(i)
    async def publish(i):
        await select(send(orders[3], i), recv(done))
    async def transfer(a, b):
        await a.lock()
        await time.sleep(time.Millisecond)
        await b.lock()
    async def cache(i):
        results = chan(str)
        async def fill():
            await results.send("filled")
        go(fill)
        await select(recv(results), recv(time.after(0)))
    go(transfer, left, right)
    go(transfer, right, left)
    go(left.lock)
    for i in range(n // 4):
        go(pool_worker, i)
        go(fetch, i)
        go(publish, i)
        go(cache, i)
    await time.sleep(time.Second)
"""


@pytest.mark.parametrize("n", [10, 50, 500, 10_000])
def test_the_picture_of_any_crowd_fits_a_page(n: int, tmp_path: Path) -> None:
    file = tmp_path / "crowd.py"
    file.write_text(CROWD)
    run = execute(File(str(file), {"n": n}))
    graph = run.plain_graph()
    page = sheet(graph, f"{n} goroutines")
    check_sheet(page)
    assert page.width < 1400 and page.height < 1700
    boxes = arrange(graph).boxes
    members = [box for box in boxes if box.goroutine and box.marked]
    assert len(members) == 2, "the members of the cycle are never folded"
    holders = {f"goroutine {h.goroutine}" for t in run.judgement.things for h in t.holders}
    assert holders <= {box.node for box in boxes}


def philosophers(n: int) -> networkx.MultiDiGraph:
    """n philosophers, each with one fork, waiting for the next one's."""
    graph = networkx.MultiDiGraph()
    for i in range(n):
        goroutine(graph, i, label="main.philosopher", in_cycle=True)
        thing(graph, i)
    for i in range(n):
        fork = f"t{(i + 1) % n}"
        graph.add_edge(f"g{i}", fork, kind="waits-for", label="lock", style="solid", at="a.py:2")
        graph.add_edge(
            fork, f"g{(i + 1) % n}", kind="held-by", label="holder", style="", at="a.py:1"
        )
    ring = [name for i in range(n) for name in (f"g{i}", f"t{(i + 1) % n}")]
    graph.graph["cycles"] = [ring]
    for node in ring:
        graph.nodes[node]["in_cycle"] = True
    return graph


def test_a_ring_is_drawn_whole_also_when_it_is_long() -> None:
    picture = arrange(philosophers(30))
    assert len(picture.boxes) == 60 and not picture.message
    check_layout(picture)


def test_a_ring_that_is_too_long_is_cut_and_counted() -> None:
    picture = arrange(philosophers(100))
    assert sum(box.goroutine for box in picture.boxes) == 60
    assert picture.message == "… and 40 more groups (40 goroutines), not drawn"
    check_layout(picture)


def test_who_does_not_see_the_picture_is_told_the_same_in_words() -> None:
    svg = to_svg(sheet(graph_of("mutex-never-unlocked")))
    found = re.search(r"<desc>(.*?)</desc>", svg, re.DOTALL)
    assert found is not None
    assert found[1].startswith("9 × main.visit [sync.Mutex.Lock] → key")
    assert "held by" in found[1]
