"""The fix workbench: what a repair is worth is counted in its executions."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from gosim.explore.workbench import Attempt, Workbench, repairs_of, try_repairs
from gosim.runtime.errors import UsageError
from gosim.scenario import Scenario, _load, find, scenarios
from gosim.views.workbench import REPAIRS, workbench_text
from tests.record_lab import PAGE, page


def copied(name: str, tmp_path: Path, **changes: tuple[str, str]) -> Scenario:
    """Return a scenario whose Python files were changed: by variant, what by what."""
    folder = tmp_path / name
    shutil.copytree(find(name).folder, folder)
    for variant, (old, new) in changes.items():
        file = folder / f"{variant.replace('_', '-')}.py"
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new), "utf-8")
    return _load(folder)


def row(attempt: Attempt) -> tuple[str, bool, bool]:
    return attempt.worth, bool(attempt.bad), attempt.exploration.complete


def said(bench: Workbench, variant: str) -> str:
    return "; ".join(bench[variant].remarks(bench.parameter))


@pytest.fixture(scope="module")
def first_answer() -> Workbench:
    return try_repairs(find("first-answer-wins"), other_sizes=20)


def test_a_buffer_of_one_hides_what_a_buffer_for_all_repairs(first_answer: Workbench) -> None:
    bench = first_answer
    assert [each.variant for each in bench.attempts] == ["leak", "buffer-1", "buffer-n", "context"]
    assert (bench.parameter, bench.params) == ("n", {"n": 3})
    assert bench["leak"].bad == bench["leak"].exploration.schedules
    assert row(bench["buffer-1"]) == ("hides it", True, True)
    assert row(bench["buffer-n"]) == row(bench["context"]) == ("repairs", False, True)
    two = next(size for size in bench["buffer-1"].sizes if size.value == 2)
    assert two.bad == 0 < two.unrepaired
    assert "at n = 2 it looks repaired" in said(bench, "buffer-1")


def test_what_becomes_of_the_values_is_told(first_answer: Workbench) -> None:
    bench = first_answer
    assert [each.parked for each in bench.attempts] == [{}, {"answers": 1}, {"answers": 2}, {}]
    assert said(bench, "buffer-n") == "`answers` keeps up to 2 values that nobody reads"
    context = bench["context"]
    assert context.called_off == (context.exploration.schedules, 2)
    assert not context.dropped[0] and not context.lost
    assert [each.peak for each in bench.attempts] == [4, 4, 4, 4]


def test_a_broken_repair_is_seen(tmp_path: Path) -> None:
    """One of the repairs is broken, and its row changes: from what it was, and no other one's."""
    scenario = find("range-never-closed")
    before = try_repairs(scenario)
    assert row(before["close"]) == ("repairs", False, True)
    broken = copied(scenario.name, tmp_path, close=("    await pages.close()", "    pass"))
    after = try_repairs(broken)
    assert row(after["close"]) == ("fails", True, True)
    assert before["leak"].to_dict() == after["leak"].to_dict()
    assert workbench_text(before) != workbench_text(after)
    assert "leaks in" in workbench_text(after).splitlines()[3]


def test_a_buffer_that_is_made_too_small_is_seen(tmp_path: Path) -> None:
    broken = copied("first-answer-wins", tmp_path, buffer_n=("chan(str, n)", "chan(str, 2)"))
    bench = try_repairs(broken, other_sizes=5)
    attempt = bench["buffer-n"]
    assert (attempt.worth, attempt.bad) == ("hides it", 0)
    assert [(size.value, bool(size.bad)) for size in attempt.sizes] == [
        (2, False),
        (4, True),
        (6, True),
    ]
    assert said(bench, "buffer-n").startswith("at n = 4 it fails in ")


def test_a_line_that_gets_lost_is_seen(tmp_path: Path) -> None:
    """A repair that never leaks, because it no longer does its work."""
    broken = copied(
        "range-never-closed",
        tmp_path,
        close=('        print("printing", page)', "        pass"),
    )
    bench = try_repairs(broken)
    assert (bench["close"].worth, bench["close"].bad) == ("loses a line", 0)
    assert len(bench["close"].lost) == 2
    assert all(many == bench["close"].exploration.schedules for _, many in bench["close"].lost)
    assert "is missing in" in said(bench, "close")


def test_wrong_repairs_are_told_from_right_ones() -> None:
    bench = try_repairs(find("ten-senders-one-receiver"), other_sizes=0)
    worth = {each.variant: each.worth for each in bench.attempts}
    assert worth == {
        "leak": "",
        "fixed": "repairs",
        "buffer-n": "repairs",
        "close": "fails",
        "default": "hides it",
    }
    assert bench["close"].ordinary == "panic" and bench["default"].ordinary == "ok"
    dropped, most = bench["default"].dropped
    assert (dropped, most) == (bench["default"].exploration.schedules, 2)
    assert bench["fixed"].dropped == bench["buffer-n"].dropped == (0, 0)
    assert not any(each.sizes for each in bench.attempts)


def test_values_that_are_dropped_without_harm_are_told(tmp_path: Path) -> None:
    wait = ("from gosim import chan, go", "from gosim import chan, default, go, select, send")
    scenario = copied("double-send-after-error", tmp_path, buffer_1=wait)
    file = scenario.folder / "buffer-1.py"
    text = file.read_text("utf-8").replace("chan(object, 1)", "chan()")
    head, _, tail = text.rpartition("    await result.send(None)")
    file.write_text(head + "    await select(send(result, None), default)" + tail, "utf-8")
    attempt = try_repairs(_load(scenario.folder))["buffer-1"]
    assert (attempt.worth, attempt.dropped) == ("drops values", (attempt.exploration.schedules, 1))


def test_a_search_that_is_cut_short_proves_nothing() -> None:
    bench = try_repairs(find("first-answer-wins"), max_schedules=2, other_sizes=0)
    assert bench["buffer-n"].worth == "not proven"
    assert "* not complete: the budget of 2 schedules" in workbench_text(bench)


@pytest.mark.parametrize("source", ["python", "go"])
def test_both_languages_say_the_same(source: Any, first_answer: Workbench) -> None:
    bench = try_repairs(find("first-answer-wins"), source=source, other_sizes=0)
    for attempt in bench.attempts:
        known = first_answer[attempt.variant]
        assert (attempt.bad, attempt.exploration.schedules) == (
            known.bad,
            known.exploration.schedules,
        )
        assert (attempt.peak, attempt.parked, attempt.called_off, attempt.outputs) == (
            known.peak,
            known.parked,
            known.called_off,
            known.outputs,
        )


def test_the_table_fits_a_narrow_page(first_answer: Workbench) -> None:
    for width in (60, 80, 100):
        text = workbench_text(first_answer, width)
        assert max(map(len, text.splitlines())) <= width
        assert "buffer-1" in text and "hides it" in " ".join(text.split())


def test_a_tour_offers_nothing_to_try() -> None:
    with pytest.raises(UsageError, match="channel-tour offers no repairs to try"):
        try_repairs(find("channel-tour"))


def test_every_repair_has_a_name_that_people_read() -> None:
    kinds = {v.extra["repair"] for s in scenarios() for v in repairs_of(s)}
    for kind in sorted(kinds):
        assert kind in REPAIRS or kind in ("broadcast", "close", "unlock"), kind
    with_leaks = [s for s in scenarios() if s.family == "goroutines" and s.first.expect == "leak"]
    assert all(repairs_of(s) for s in with_leaks)


@pytest.mark.slow
def test_the_tables_in_the_docs_are_those_of_today() -> None:
    """``python -m tests.record_lab`` writes them."""
    text = PAGE.read_text("utf-8")
    assert page(text) == text


@pytest.mark.slow
def test_two_processes_fill_the_same_table(first_answer: Workbench) -> None:
    bench = try_repairs(find("first-answer-wins"), other_sizes=20, jobs=2)
    assert bench.to_dict() == first_answer.to_dict()
