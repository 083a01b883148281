"""The text of a run: the verdict first, lines that fit the page, words in the right number."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gosim as gs
from gosim.leaks.run import Run, execute
from gosim.runtime.program import File
from gosim.scenario import find, scenarios
from gosim.views.text import (
    duration,
    findings,
    headline,
    plural,
    relative,
    report,
    short_places,
    table,
    terminal_width,
    who_waits,
    wrap,
)

WORDS = st.lists(st.text("abc`[]() ", min_size=1, max_size=12), max_size=30).map(" ".join)


def run_of(name: str, variant: str = "leak", **options: Any) -> Run:
    chosen = find(name).variant(variant)
    program = File(str(chosen.file("python")), options.pop("params", None))
    program.name = name
    return execute(program, variant=variant, **options)


# -- words and lines -------------------------------------------------------------------------------


@settings(derandomize=True, deadline=None)
@given(WORDS, st.integers(40, 100))
def test_wrapping_keeps_every_word_and_the_width(text: str, width: int) -> None:
    wrapped = wrap(text, "  ", width, "    ")
    assert wrapped.split() == text.split()
    for line in wrapped.splitlines():
        # Only one piece that is longer than the page by itself may stick out.
        assert len(line) <= width or "`" in line or "[" in line


def test_code_and_wait_reasons_are_not_torn() -> None:
    text = "x " * 16 + "`await pages.close()` " + "y " * 12 + "[chan send (nil chan)]"
    lines = wrap(text, width=40).splitlines()
    assert any("`await pages.close()`" in line for line in lines)
    assert any("[chan send (nil chan)]" in line for line in lines)


def test_numbers_agree_with_their_nouns() -> None:
    assert [plural(n, "step") for n in (0, 1, 2)] == ["0 steps", "1 step", "2 steps"]
    assert duration(50_000_000) == "50ms"


def test_paths_are_relative_where_that_is_shorter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    inside, outside = str(tmp_path / "a" / "b.py"), "/x.py"
    assert relative(inside) == os.path.join("a", "b.py")
    assert relative(outside) == outside
    assert short_places(f"waits at {inside}:7, made at {outside}:3.") == (
        "waits at a/b.py:7, made at /x.py:3."
    )
    assert short_places("a/b.py:7 and 1/2 stay") == "a/b.py:7 and 1/2 stay"


@pytest.mark.parametrize(
    ("columns", "width"), [("80", 80), ("200", 100), ("10", 40), ("0", 100), ("x", 100)]
)
def test_the_page_is_as_wide_as_the_terminal_within_reason(
    monkeypatch: pytest.MonkeyPatch, columns: str, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert terminal_width() == width


def test_a_table_wraps_its_last_column_only() -> None:
    text = table([("a", "one two three four five six seven eight nine ten")], width=40)
    assert text == "a  one two three four five six seven\n   eight nine ten"
    assert table([("a", "b")], "  ", head=("x", "long head")) == "  x  long head\n  a  b"
    assert table([]) == ""


def test_numbers_stand_on_the_right() -> None:
    assert table([("7", "a"), ("500", "b")], right=[0]) == "  7  a\n500  b"


# -- the verdict -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "variant", "words"),
    [
        ("first-answer-wins", "leak", "leak: 2 goroutines are stuck for good"),
        ("first-answer-wins", "buffer-1", "leak: 1 goroutine is stuck for good"),
        ("first-answer-wins", "buffer-n", "ok: nothing is left behind"),
        ("two-kinds", "temporary", "ok: nothing leaks; 2 goroutines outlived main and ended by "
         "themselves"),
        ("all-asleep", "leak", "deadlock: all goroutines are asleep, and Go ends the process (exit "
         "code 2)"),
    ],
)  # fmt: skip
def test_the_headline_is_the_verdict(name: str, variant: str, words: str) -> None:
    assert headline(run_of(name, variant)) == words


def test_an_endless_goroutine_is_no_leak_and_is_told() -> None:
    async def tick() -> None:
        while True:
            await gs.time.sleep(gs.time.Second)

    async def main() -> None:
        gs.go(tick)
        await gs.gosched()

    run = gs.run(main)
    assert headline(run) == "ok: nothing leaks; 1 goroutine goes on for ever"
    assert "endless" in report(run)


def test_timers_that_keep_memory_are_told_apart_from_goroutines() -> None:
    assert headline(run_of("ticker-never-stopped", go="1.22")).startswith("leak: 1")
    assert "timers keep memory" in headline(run_of("ticker-never-stopped", go="1.22"))


def test_a_limit_says_which() -> None:
    async def main() -> None:
        while True:
            await gs.gosched()

    run = gs.run(main, max_steps=1000)
    assert headline(run) == "limit: stopped after 1000 steps (the budget); it may run for ever"
    assert report(run).count("stopped after") == 1


# -- the report ------------------------------------------------------------------------------------

TELLINGS = [(s.name, v.name) for s in scenarios() for v in s.variants if "python" in v.sources]


@pytest.mark.parametrize(("name", "variant"), TELLINGS)
def test_every_report_fits_a_narrow_and_a_wide_page(name: str, variant: str) -> None:
    run = run_of(name, variant)
    for width in (60, 80, 100):
        text = report(run, find(name), width=width)
        for line in text.splitlines():
            assert len(line) <= width or " " not in line.strip() or "`" in line or "[" in line, line
        assert "Users" not in text and "\t" not in text
    assert str(Path.cwd()) not in text, "an absolute path where a relative one is clear"


def test_colour_is_only_an_emphasis() -> None:
    run = run_of("first-answer-wins")
    plain, coloured = report(run), report(run, color=True)
    assert re.sub(r"\033\[\d*m", "", coloured) == plain
    assert "\033[31mleak: 2 goroutines" in coloured
    assert "\033[32mok" in report(run_of("first-answer-wins", "buffer-n"), color=True)


def test_a_promise_of_go_is_said_once() -> None:
    run = run_of("nil-channel")
    assert len(run.leaks) == 2
    assert findings(run).count("Go promises: ") == 1


def test_equal_goroutines_are_one_line() -> None:
    run = run_of("first-answer-wins", params={"n": 500})
    assert who_waits(run).splitlines() == [
        "  499 × main.ask [chan send] → answers (unbuffered, made at leak.py:15)",
        "      main.first_answer receives at leak.py:18: has returned",
    ]


def test_how_many_of_them_gos_profile_lists_is_in_the_table() -> None:
    lines = report(run_of("first-answer-wins")).splitlines()
    row = next(line for line in lines if "main.ask [chan send]" in line)
    assert row.split()[-1] == "yes" and row.split()[0] == "2"


def test_the_schedule_is_shown_when_it_is_not_gos() -> None:
    run = run_of("first-answer-wins", policy="random", seed=3)
    assert f"schedule {run.schedule}" in report(run)
    assert "schedule g1." not in report(run_of("first-answer-wins"))


def test_a_panic_after_main_is_shown() -> None:
    async def later() -> None:
        await gs.time.sleep(gs.time.Second)
        gs.panic("too late")

    async def main() -> None:
        gs.go(later)
        await gs.gosched()

    text = report(gs.run(main))
    assert "panic: too late" in text and "a server would have died" in text


def test_the_report_of_many_goroutines_takes_no_time_squared() -> None:
    import time

    def seconds(n: int) -> float:
        run = run_of("first-answer-wins", params={"n": n})
        start = time.perf_counter()
        report(run)
        return time.perf_counter() - start

    seconds(200)  # imports
    assert seconds(16_000) < 40 * max(seconds(2_000), 0.01)


def test_the_report_says_what_stuck_goroutines_keep() -> None:
    async def stuck() -> None:
        await gs.chan(int).recv()

    async def main() -> None:
        for _ in range(10):
            gs.go(stuck)

    lines = report(gs.run(main)).splitlines()
    line = "  kept in Go 1.27: 26400 bytes of stack, descriptor and queue entry, 2640 bytes each"
    assert line in lines
    assert "2592 bytes each" in report(gs.run(main, go="1.22"))
