"""The timeline of a run: every state is there, in order; nothing overlaps; small and repeatable."""

from __future__ import annotations

import itertools
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path as File
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gosim as gs
from gosim.cli import main as command_line
from gosim.leaks import run as runs
from gosim.leaks.recording import Event, Member, Recording
from gosim.leaks.run import Run, execute
from gosim.runtime.errors import UsageError
from gosim.runtime.program import File as ProgramFile
from gosim.runtime.version import LATEST
from gosim.scenario import find, scenarios
from gosim.views import palette
from gosim.views.lanes import (
    MOST_LANES,
    Axis,
    Lane,
    Life,
    Moment,
    Piece,
    folded,
    lives,
    shares,
    state_of,
    weight,
)
from gosim.views.sheet import Path, Polygon, Rect, Sheet, Text
from gosim.views.timeline import _LETTERS, _VERDICTS, _Layout, timeline

MOST_BYTES = 300_000

#: These take seconds to run, for they fill simulated memory; a slice of them is always tested.
SLOW = {"goroutine-burst", "map-set", "map-never-shrinks", "substring-keeps-string"}

TELLINGS = [
    pytest.param(
        s.name, v.name, id=f"{s.name}/{v.name}", marks=[pytest.mark.slow] * (s.name in SLOW)
    )
    for s in scenarios()
    for v in s.variants
    if "python" in v.sources
]


def recorded(name: str, variant: str = "leak", go: str = LATEST) -> Run:
    file = find(name).variant(variant).file("python")
    return execute(ProgramFile(str(file)), variant=variant, go=go, record=True)


def bars(page: Sheet, state: str) -> list[Rect]:
    """Return the bars of a state, without its swatch in the legend."""
    look = palette.STATES[state]
    found = [m for m in page.marks if isinstance(m, Rect) and m.fill == look.color and m.key]
    return [m for m in found if m.hatch in (look.hatch, "")]


def words(page: Sheet) -> list[str]:
    return [mark.text for mark in page.marks if isinstance(mark, Text)]


def history(recording: Recording) -> dict[int, list[str]]:
    """Return the states of every goroutine, as ``Recording.states`` tells them."""
    found: dict[int, list[str]] = {g: [] for g in recording.goroutines}
    for event, state in recording.states():
        for g in {event.g, event.other} & state.goroutines.keys():
            standing = state.goroutines[g]
            now = standing.state
            if now == "waiting":
                now = state_of(standing.reason)
            if found[g][-1:] != [now]:
                found[g].append(now)
    for g, standing in state.goroutines.items():
        waits = standing.state == "waiting"
        assert found[g][-1] == (state_of(standing.reason) if waits else standing.state)
    return found


def told(life: Life) -> list[str]:
    """Return the states of a goroutine's pieces, as a recording tells them."""
    states = [
        state_of(piece.event.text)
        if piece.state in _VERDICTS and piece.event.kind == "park"
        else piece.state
        for piece in life.pieces
    ]
    return states + ["gone"] * bool(life.gone)


# -- every scenario --------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "variant"), TELLINGS)
def test_every_telling_has_a_timeline_to_look_at(name: str, variant: str) -> None:
    run = recorded(name, variant)
    picture = timeline(run, f"{name} {variant}")
    recording = picture.recording

    # The states of every goroutine are those of the recording, one after another.
    everybody = [life for lane in picture.lanes for life in lane.members]
    expected = history(recording)
    assert sorted(life.id for life in everybody) == sorted(expected)
    for life in everybody:
        assert told(life) == [s for s, _ in itertools.groupby(expected[life.id])]
        assert life.verdict == next(
            (g.leak for g in run.goroutines if g.id == life.id and g.leak in _VERDICTS), ""
        )

    # Everything that lasts from one event to another can be seen, and time never goes back.
    axis = _Layout(picture).axis
    assert axis.places == sorted(axis.places)
    for life in everybody:
        for piece in life.pieces:
            if not any(c.first <= piece.start and piece.end <= c.after for c in axis.cuts):
                assert axis.places[piece.start] < axis.places[piece.end]
    assert all(a.right <= b.left for a, b in itertools.pairwise(axis.moments))

    # What is written neither overlaps nor is cut off; every state that is drawn is explained.
    for scale in ("events", "time"):
        shown = timeline(run, f"{name} {variant}", scale)  # type: ignore[arg-type]
        page = shown.sheet
        assert page.overlaps() == []
        assert page.crossed() == []
        svg = shown.to_svg()
        assert len(svg) < MOST_BYTES
        assert svg == timeline(run, f"{name} {variant}", scale).to_svg()  # type: ignore[arg-type]
        assert all(line == line.rstrip() for line in shown.to_text().splitlines())
    page = picture.sheet
    if not axis.cuts:
        for state in {piece.state for life in everybody for piece in life.pieces}:
            assert bars(page, state), state
            assert palette.STATES[state].words in words(page)


def test_the_same_program_gives_the_same_picture_whatever_the_hash_seed() -> None:
    code = (
        "import gosim as gs, hashlib\n"
        "from gosim.scenario import find\n"
        "for name in ('first-answer-wins', 'rwmutex-recursive-read', 'growing-service'):\n"
        "    run = gs.run(str(find(name).variant('leak').file('python')))\n"
        "    picture = run.timeline('t')\n"
        "    print(hashlib.sha256((picture.to_svg() + picture.to_text()).encode()).hexdigest())\n"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


def test_nothing_heavy_is_imported_for_an_svg() -> None:
    code = (
        "import sys, gosim as gs\n"
        "async def main(): await gs.chan(int).recv()\n"
        "gs.run(main).timeline().to_svg()\n"
        "print([m for m in ('matplotlib', 'networkx', 'numpy', 'rich') if m in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


# -- what is drawn ---------------------------------------------------------------------------------


async def hand_over() -> None:
    answers = gs.chan(str)

    async def ask(name: str) -> None:
        await answers.send(name)

    gs.go(ask, "first")
    gs.go(ask, "second")
    print(await answers.recv())
    await gs.time.sleep(20 * gs.time.Millisecond)


def test_arrows_say_who_woke_and_who_started_whom() -> None:
    run = gs.run(hand_over, record=True)
    page = run.timeline().sheet
    arrows = [mark for mark in page.marks if isinstance(mark, Path) and mark.arrow and mark.tip]
    ids = sorted(run.recording().goroutines)
    starts = [a for a in arrows if "starts goroutine" in a.tip]
    wakes = [a for a in arrows if "wakes goroutine" in a.tip]
    assert len(starts) == 2 and all(a.dash for a in starts)
    assert [re.findall(r"goroutine (\d+)", a.tip) for a in wakes] == [[str(ids[-1]), "1"]]
    assert not wakes[0].dash and 'answers ← "second"' in wakes[0].tip
    # It begins at the lane of who did it and ends at the other's.
    lanes = {t.text.split()[0]: t.y for t in page.marks if isinstance(t, Text) and t.key}
    (_, y1), (_, y2) = wakes[0].points
    assert abs(y1 - lanes[str(ids[-1])]) < 12 and abs(y2 - lanes["1"]) < 12 and y2 < y1


def test_values_stand_on_sends_and_the_clock_wakes_sleepers() -> None:
    page = gs.run(hand_over).timeline().sheet
    assert 'answers ← "second"' in words(page)
    assert 'answers ← "first"' in words(page)
    assert "sleeps 20ms" in words(page)
    assert "woken by the clock" in words(page)
    assert any("the clock wakes goroutine 1" in m.tip for m in page.marks if isinstance(m, Polygon))


def test_mains_return_divides_the_picture_and_who_is_stuck_is_named() -> None:
    page = gs.run(hand_over).timeline().sheet
    (line,) = [m for m in page.marks if isinstance(m, Path) and m.key == "return"]
    (shade,) = [m for m in page.marks if isinstance(m, Polygon) and m.fill == "panel"]
    assert shade.extent.left == line.points[0][0]
    assert {"main returns", "after main (as a server)"} <= set(words(page))
    (stuck,) = bars(page, "permanent")
    assert stuck.x < line.points[0][0] < stuck.x + stuck.width
    assert any(re.fullmatch(r"stuck for good: chan send at .*:\d+", w) for w in words(page))


@pytest.mark.parametrize(
    ("ending", "said"),
    [("deadlock", "all goroutines are asleep: deadlock"), ("panic", "panic: the process ends")],
)
def test_other_ends_are_named(ending: str, said: str) -> None:
    async def main() -> None:
        if ending == "panic":
            gs.panic("boom")
        await gs.chan(int).recv()

    run = gs.run(main)
    assert run.outcome == ending
    page = run.timeline().sheet
    assert said in words(page) and "main returns" not in words(page)
    assert said in run.timeline().to_text()


def test_a_lock_is_seen_in_the_hands_of_its_holder_and_a_waiting_writer_is_no_holder() -> None:
    page = timeline(recorded("rwmutex-recursive-read")).sheet
    held = [m for m in page.marks if isinstance(m, Rect) and m.stroke == "held" and m.key]
    reader, writer = sorted(held, key=lambda mark: mark.y)
    assert reader.fill and not reader.dash and reader.tip == "holds self.mu"
    assert writer.dash and not writer.fill and writer.tip == "self.mu: is next"


def test_timers_that_wake_nobody_are_counted() -> None:
    page = timeline(recorded("time-after-in-a-loop", go="1.22")).sheet
    assert "× 1001" in words(page)
    assert "timer fires and wakes nobody" in words(page)


def test_things_with_one_name_are_told_apart() -> None:
    page = timeline(recorded("ab-ba-deadlock")).sheet
    assert {"self.mu (1): Lock", "self.mu (2): Lock"} <= set(words(page))


def test_memory_is_drawn_on_the_same_axis_where_it_was_simulated() -> None:
    run = recorded("growing-service")
    picture = timeline(run)
    page = picture.sheet
    curves = {m.key: m for m in page.marks if isinstance(m, Path) and m.key.startswith("memory ")}
    assert sorted(curves) == ["memory heap_inuse", "memory heap_live", "memory rss"]
    (line,) = [m for m in page.marks if isinstance(m, Path) and m.key == "return"]
    for curve in curves.values():
        xs = [x for x, _ in curve.points]
        assert xs == sorted(xs)
        assert curve.points[-1][1] < curve.points[0][1]  # it grows
        assert abs(xs[-1] - line.points[0][0]) < 12
    assert not any(m.key.startswith("memory") for m in gs.run(hand_over).timeline().sheet.marks)


# -- time ------------------------------------------------------------------------------------------


async def naps() -> None:
    for d in (1, 10, 100):
        await gs.time.sleep(d * gs.time.Millisecond)


def test_on_a_linear_axis_lengths_are_times() -> None:
    page = gs.run(naps).timeline(scale="time").sheet
    lengths = [bar.width for bar in bars(page, "sleep")]
    assert len(lengths) == 3
    assert lengths[1] / lengths[0] == pytest.approx(10, rel=0.02)
    assert lengths[2] / lengths[1] == pytest.approx(10, rel=0.02)


def test_on_the_usual_axis_gaps_are_shortened_and_it_says_so() -> None:
    page = gs.run(naps).timeline().sheet
    lengths = [bar.width for bar in bars(page, "sleep")]
    assert lengths[0] < lengths[1] < lengths[2] < 3 * lengths[0]
    assert any("dotted gaps are shortened" in w for w in words(page))
    assert {"0s", "1ms", "11ms", "111ms"} <= set(words(page))


def test_a_run_without_virtual_time_has_no_linear_axis() -> None:
    async def main() -> None:
        print(1)

    run = gs.run(main)
    assert run.timeline(scale="time").to_svg() == run.timeline().to_svg()


def test_another_scale_is_refused() -> None:
    with pytest.raises(UsageError, match="scale='log': there are events and time"):
        gs.run(naps).timeline(scale="log")


def test_the_clocks_doings_at_one_stroke_take_no_room() -> None:
    timer = Event("timer", 5, 1, 0, thing=1)
    assert weight(timer, timer) == 0
    assert weight(timer, Event("park", 5, 1, 1)) > 0
    assert weight(Event("ready", 5, 1, 1, other=2), Event("go", 5, 1, 1, other=2)) == 0


# -- many goroutines, long runs --------------------------------------------------------------------


def crowd(n: int) -> Any:
    async def worker(ch: Any) -> None:
        await ch.send(1)

    async def main() -> None:
        ch = gs.chan(int)
        for _ in range(n):
            gs.go(worker, ch)
        await gs.time.sleep(10 * gs.time.Millisecond)

    return main


@pytest.mark.parametrize("n", [MOST_LANES - 1, MOST_LANES, 480])
def test_equal_goroutines_share_a_lane_above_fifty(n: int) -> None:
    picture = gs.run(crowd(n)).timeline()
    if n < MOST_LANES:
        assert [lane.count for lane in picture.lanes] == [1] * (n + 1)
    else:
        assert [lane.count for lane in picture.lanes] == [1, n]
        assert any(re.fullmatch(rf"{n} × main\..*worker", w) for w in words(picture.sheet))
    assert picture.sheet.overlaps() == []


def test_ten_thousand_goroutines_take_less_than_a_second() -> None:
    run = gs.run(crowd(10_000), record=True)
    took = []
    for _ in range(2):
        begun = time.process_time()
        svg = run.timeline().to_svg()
        took.append(time.process_time() - begun)
        assert len(svg) < 100_000
    assert min(took) < 1.0


def busy(workers: int, rounds: int, taken: int) -> Any:
    async def worker(i: int, mu: Any, ch: Any) -> None:
        for k in range(rounds):
            await mu.lock()
            await gs.time.sleep((i % 3 + 1) * gs.time.Millisecond)
            await mu.unlock()
            await ch.send(k * i)

    async def main() -> None:
        ch, mu = gs.chan(int), gs.sync.Mutex()
        for i in range(workers):
            gs.go(worker, i, mu, ch)
        for _ in range(taken):
            await ch.recv()

    return main


@pytest.mark.parametrize("scale", ["events", "time"])
@pytest.mark.parametrize(("workers", "rounds"), [(2, 1), (8, 40), (40, 6), (49, 20), (150, 5)])
def test_long_runs_stay_small_and_legible(workers: int, rounds: int, scale: Any) -> None:
    run = gs.run(busy(workers, rounds, workers * rounds - workers // 2 - 1), record=True)
    picture = run.timeline(scale=scale)
    page = picture.sheet
    assert page.overlaps() == []
    assert page.crossed() == []
    assert len(picture.to_svg()) < MOST_BYTES
    assert page.width < 1_400


def test_of_a_long_run_the_middle_is_left_out_and_the_leak_is_not() -> None:
    run = gs.run(busy(8, 40, 300), record=True)
    picture = run.timeline()
    layout = _Layout(picture)
    page = layout.sheet()
    assert layout.axis.cuts
    for gap in layout.axis.cuts:
        assert str(gap.after - gap.first) in words(page)
    shown = [i for i in range(len(layout.events)) if not layout.hidden(i)]
    hidden = sum(gap.after - gap.first for gap in layout.axis.cuts)
    assert len(shown) + hidden == len(layout.events)
    assert {0, len(layout.events) - 1} <= set(shown)
    stuck = [life for lane in picture.lanes for life in lane.members if life.verdict]
    assert len(stuck) == 8
    for life in stuck[:6]:
        assert life.pieces[-1].start in shown
    assert "left out" in picture.to_text()
    assert bars(page, "permanent")


def test_of_many_different_histories_no_more_than_fifty_lanes_are_made() -> None:
    made = Recording()
    for g in range(1, 301):
        made.goroutines[g] = Member(g, f"main.f{g % 200}")
        made.events.append(Event("go", 0, 0, 0, other=g))
    lanes = folded(lives(made, {}))
    assert len(lanes) == MOST_LANES
    assert sorted(life.id for lane in lanes for life in lane.members) == list(range(1, 301))
    assert lanes[0].members[0].id == 1 and lanes[0].count == 1
    assert lanes[-1].label.endswith("others")


STATES = ("running", "runnable", "sleep")


@st.composite
def bands(draw: st.DrawFn) -> tuple[Lane, Axis]:
    places = sorted(draw(st.lists(st.floats(0, 100), min_size=4, max_size=12)))
    members = []
    for g in range(draw(st.integers(1, 4))):
        cuts = sorted(draw(st.sets(st.integers(0, len(places) - 1), min_size=2, max_size=5)))
        pieces = [
            Piece(draw(st.sampled_from(STATES)), a, b, Event("run", 0, 0, g))
            for a, b in itertools.pairwise(cuts)
        ]
        members.append(Life(Member(g, "main.f"), pieces))
    axis = Axis([*places, 100.0], [Moment(0, 0.0, 100.0)], [], 100.0)
    return Lane(members, "f"), axis


@given(bands(), st.integers(1, 9))
@settings(max_examples=150, deadline=None)
def test_shares_are_the_parts_of_the_columns(band: tuple[Lane, Axis], columns: int) -> None:
    lane, axis = band
    wide = axis.width / columns
    for column, parts in enumerate(shares(lane, axis, columns)):
        for state in STATES:
            covered = 0.0
            for life in lane.members:
                for piece in life.pieces:
                    if piece.state == state:
                        left = max(axis.places[piece.start], column * wide)
                        right = min(axis.places[piece.end], (column + 1) * wide)
                        covered += max(0.0, right - left)
            assert parts.get(state, 0.0) == pytest.approx(covered / wide / lane.count, abs=2e-6)
        assert sum(parts.values()) <= 1 + 1e-6


# -- text ------------------------------------------------------------------------------------------


def test_the_text_has_a_letter_for_every_state() -> None:
    assert set(_LETTERS) == set(palette.STATES)
    assert len(set(_LETTERS.values())) == len(_LETTERS)
    text = gs.run(hand_over).timeline("handing over").to_text(width=80)
    lines = text.splitlines()
    assert lines[0] == "handing over"
    assert re.fullmatch(r" +0s +20ms", lines[1])
    assert re.fullmatch(r" *1  main\.hand_over {2,}r+R+c+r+R+z+r*R*", lines[2])
    assert re.fullmatch(r" *\d+  main\.hand_over\.ask {2,}r+R+#+", lines[3])
    assert re.fullmatch(r" *\d+  main\.hand_over\.ask {2,}r+R+", lines[4])
    assert lines[5].strip() in ("main returns ^", "^ main returns")
    assert max(map(len, lines)) <= 80
    assert lines[-1].startswith(lines[3].split("  r")[0].strip().split()[0])
    assert "stuck for good: chan send at test_timeline.py:" in lines[-1]


def test_the_text_names_every_letter_in_it() -> None:
    for name in ("first-answer-wins", "cond-signal-missed", "ab-ba-deadlock"):
        picture = timeline(recorded(name))
        text = picture.to_text()
        lanes = text.split("\n\n")[0].splitlines()[1 : 1 + len(picture.lanes)]
        letters = {c for line in lanes for c in line.rsplit("  ", 1)[-1].strip()}
        assert letters and letters <= set(_LETTERS.values())
        for state, letter in _LETTERS.items():
            if letter in letters:
                assert f"{letter} {palette.STATES[state].words}" in text


# -- doors -----------------------------------------------------------------------------------------


def test_files_of_each_kind_are_written_and_the_same_every_time(tmp_path: File) -> None:
    picture = gs.run(hand_over).timeline("files")
    for suffix, head in ((".svg", b"<svg"), (".png", b"\x89PNG"), (".pdf", b"%PDF")):
        first, second = tmp_path / f"1{suffix}", tmp_path / f"2{suffix}"
        picture.save(first)
        picture.save(second)
        assert first.read_bytes().startswith(head)
        assert first.read_bytes() == second.read_bytes()
    with pytest.raises(UsageError, match="ends in"):
        picture.save(tmp_path / "x.bmp")


def test_axes_are_given_back() -> None:
    from matplotlib.figure import Figure

    picture = gs.run(hand_over).timeline()
    ax = Figure().add_subplot()
    assert picture.plot(ax) is ax
    assert len(ax.texts) == len(words(picture.sheet))
    alone = picture.plot()
    assert alone.figure.get_size_inches()[0] * 72 == pytest.approx(picture.sheet.width)


def test_it_shows_itself_in_a_notebook(capfd: pytest.CaptureFixture[str]) -> None:
    picture = gs.run(hand_over).timeline()
    capfd.readouterr()
    bundle = picture._repr_mimebundle_()
    assert bundle["text/html"].startswith("<img alt=")
    assert bundle["text/plain"] == picture.to_text()
    assert list(picture._repr_mimebundle_(include=["text/plain"])) == ["text/plain"]
    assert repr(picture) == (
        "<Timeline: timeline of 3 goroutines over 20ms, 1 of them stuck for good at its end>"
    )
    assert capfd.readouterr() == ("", "")


def test_without_its_door_a_run_says_how_to_open_it(monkeypatch: pytest.MonkeyPatch) -> None:
    run = gs.run(hand_over)
    monkeypatch.setattr(runs, "timeline", None)
    with pytest.raises(UsageError, match="import gosim"):
        run.timeline()


@pytest.fixture
def say(capfd: pytest.CaptureFixture[str]) -> Iterator[Any]:
    def run(*args: Any) -> tuple[int, str, str]:
        code = command_line([str(a) for a in args])
        out, err = capfd.readouterr()
        return code, out, err

    yield run


def test_the_command_line_draws_it(say: Any, tmp_path: File) -> None:
    file = tmp_path / "t.svg"
    code, _, err = say("run", "first-answer-wins", "--timeline", file)
    assert code == 0 and f"wrote {file}" in err
    svg = file.read_text("utf-8")
    assert "stuck for good" in svg and "main returns" in svg
    assert 'aria-label="first-answer-wins' in svg or "2 goroutines" in svg


def test_the_command_line_refuses_what_cannot_be(say: Any, tmp_path: File) -> None:
    code, _, err = say("run", "first", "--timeline", tmp_path / "t.bmp")
    assert code == 2 and ".png, .svg, .pdf" in err
    file = tmp_path / "both.svg"
    code, _, err = say("run", "first", "--timeline", file, "--graph", file)
    assert code == 2 and "need a file each" in err


def test_thousands_of_moments_are_no_thousands_of_marks() -> None:
    async def worker(i: int) -> None:
        await gs.time.sleep(i * gs.time.Millisecond)
        await gs.chan(int).recv()

    async def main() -> None:
        for i in range(3000):
            gs.go(worker, i)
        await gs.time.sleep(4 * gs.time.Second)

    svg = gs.run(main).timeline().to_svg()
    assert len(svg) < 200_000
    assert svg.count("<path") < 1500
