"""Explorations as text, picture, notebook output and page."""

from __future__ import annotations

import base64
import itertools
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

import gosim as gs
from gosim import chan, go, recv, select, sync
from gosim.explore.exploration import Case, Exploration, Finding, Noticed
from gosim.explore.outcome import Left, Outcome
from gosim.explore.way import Way
from gosim.leaks.run import Run
from gosim.notebook import go_magic, magic
from gosim.views import outcomes, palette
from gosim.views.exploration import bad_cases, briefly, percent, report, rows, shown_cases
from gosim.views.exploration_page import html, page
from gosim.views.workbench import detectors_text, workbench_text
from tests.test_report import checked


async def ask(answers: Any, text: str) -> None:
    await answers.send(text)


async def sometimes() -> None:
    answers = chan(str)
    go(ask, answers, "here")
    i, answer, _ = await select(recv(answers), gs.default)
    print("asked")
    print(answer if i == 0 else "nobody")
    print("done")


async def philosophers() -> None:
    a, b, done = sync.Mutex(), sync.Mutex(), sync.WaitGroup()

    async def dine(first: Any, second: Any) -> None:
        await first.lock()
        await second.lock()
        await second.unlock()
        await first.unlock()
        await done.done()

    await done.add(2)
    go(dine, a, b)
    go(dine, b, a)
    await done.wait()


async def one_way() -> None:
    answers = chan(str, 1)
    go(ask, answers, "<b>&")
    print(await answers.recv())


@pytest.fixture(scope="module")
def leaky() -> Exploration:
    return gs.explore(sometimes)


@pytest.fixture(scope="module")
def stuck() -> Exploration:
    return gs.explore(philosophers)


@pytest.fixture(scope="module")
def clean() -> Exploration:
    return gs.explore(one_way)


@pytest.fixture(scope="module")
def run() -> Run:
    return gs.run(one_way)


def made(run: Run, *cases: tuple[str, str, int], bound: str | None = None) -> Exploration:
    """An exploration with outcomes of some kinds, outputs and numbers of schedules."""
    exploration = Exploration("prog", "main", "1.27", "go", "optimal", bound=bound)
    for i, (kind, output, schedules) in enumerate(cases):
        left = (Left("main.f", "chan send", "/x/prog.go:7", "permanent", 2),)
        outcome = Outcome(kind, 0, output, "", "", left if kind == "leak" else (), ())
        exploration.cases.append(Case(outcome, schedules, Way(i, 9, ()), run))
    exploration.schedules = exploration.traces = sum(case.schedules for case in exploration.cases)
    return exploration


# -- words -----------------------------------------------------------------------------------------


def test_a_share_that_is_not_nothing_is_not_told_as_nothing() -> None:
    assert [percent(p) for p in (0, 0.001, 0.25, 0.999, 1)] == ["0%", "<1%", "25%", ">99%", "100%"]


def test_only_what_differs_of_the_output_is_told(leaky: Exploration, run: Run) -> None:
    assert sorted(briefly(leaky)) == ["prints … here …", "prints … nobody …"]
    assert briefly(made(run, ("ok", "same\n", 1), ("leak", "same\n", 1))) == ["", ""]
    assert briefly(made(run, ("ok", "", 1), ("ok", "a\n", 1))) == ["prints nothing", "prints a"]
    long = briefly(made(run, ("ok", "x" * 500, 1), ("ok", "a\n", 1)))[0]
    assert len(long) < 80 and long.endswith("…")


def test_of_many_outcomes_those_that_only_print_otherwise_share_a_row(run: Run) -> None:
    many = [("ok", f"{i}\n", 1) for i in range(40)]
    exploration = made(run, *many, ("leak", "", 3), ("leak", "x", 1))
    shown, hidden = rows(exploration)
    assert [(row.cases, row.schedules) for row in shown] == [(40, 40), (2, 4)] and not hidden
    assert shown[0].told == "prints 40 different texts"
    text = " ".join(report(exploration).split())
    assert "--json has all" not in text
    assert "prog.go:7; prints 2 different texts" in text
    assert len(rows(made(run, *many[:12]))[0]) == 12


def test_of_many_rows_faults_stay(run: Run) -> None:
    exploration = made(run, *(("ok", "", 1) for _ in range(20)), *(("leak", "", 1),) * 5)
    for i, case in enumerate(exploration.cases):
        left = (Left("main.f", "chan send", f"/x/prog.go:{i}", "temporary", 1),)
        case.outcome = case.outcome._replace(left=left)
    shown, hidden = rows(exploration)
    assert [row.case.outcome.kind for row in shown] == ["ok"] * 7 + ["leak"] * 5 and hidden == 13
    assert "and 13 more outcomes of 13 schedules: --json has all" in report(exploration)
    assert len(shown_cases(exploration, 4)) == 4


# -- text ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [50, 80, 100])
def test_the_report_fits_the_page(leaky: Exploration, stuck: Exploration, width: int) -> None:
    for exploration in (leaky, stuck):
        for line in report(exploration, "prog.py", width=width).splitlines():
            assert len(line) <= width or "--replay" in line, line


def test_the_report_leads_from_the_verdict_to_a_replay(stuck: Exploration) -> None:
    text = report(stuck, "prog.py")
    lines = text.splitlines()
    assert stuck.verdict() in lines
    (case,) = bad_cases(stuck)
    assert case.token and f"replay it: gosim run prog.py --replay {case.token}" in text
    assert text.index(stuck.verdict()) < text.index("how it deadlocks") < text.index("--replay")
    again = gs.run(philosophers, replay=case.token)
    assert again.outcome == "deadlock"


def test_colour_is_left_out_unless_it_is_wanted(stuck: Exploration) -> None:
    assert "\033" not in report(stuck)
    colored = report(stuck, color=True)
    assert "\033[31m" in colored and re.sub(r"\033\[\d+m", "", colored) == report(stuck)


def test_a_terminal_without_blocks_gets_ascii(leaky: Exploration) -> None:
    assert report(leaky, plain=True).isascii()


def test_what_is_open_is_neither_good_nor_bad(run: Run) -> None:
    text = report(made(run, ("ok", "", 3), bound="3 s"), color=True)
    assert "\033[33mno fault found in 3 schedules; not complete: 3 s" in text


def test_findings_are_told_with_their_places(run: Run) -> None:
    exploration = made(run, ("ok", "", 4))
    text = "==================\nWARNING: DATA RACE\nWrite at /x/prog.go:7\n=================="
    for i in range(12):
        finding = Finding("data race", str(i), text, ("/x/prog.go:7", f"/x/prog.go:{i}"))
        exploration.noticed.append(Noticed(finding, 2, Way(0, 9, ()), "g1.x"))
    told = report(exploration, "prog.go")
    assert told.count("Write at") == 2 and "====" not in told  # the first ones in full
    assert "data race in 2 of 4 schedules: prog.go:7, prog.go:5" in told
    assert "and 4 more: --json has all" in told
    assert told.count("replay it: gosim run prog.go --replay g1.x") == 8


# -- the picture -----------------------------------------------------------------------------------


def test_the_bar_is_divided_as_the_schedules_are(run: Run) -> None:
    sheet = outcomes.sheet(made(run, ("leak", "", 5), ("ok", "a", 6), ("ok", "b", 1)))
    pieces = [m for m in sheet.marks if getattr(m, "tip", "")]
    widths = [getattr(piece, "width", 0.0) for piece in pieces]
    assert sum(widths) == pytest.approx(700)
    assert widths[0] / widths[2] == pytest.approx(6 / 5, rel=0.02)  # those that end well first
    assert not sheet.overlaps() and not sheet.crossed()


def test_a_rare_outcome_can_still_be_seen(run: Run) -> None:
    sheet = outcomes.sheet(made(run, ("ok", "", 100_000), ("deadlock", "", 1)))
    assert min(m.extent.right - m.extent.left for m in sheet.marks if m.tip) >= 3


def test_hundreds_of_outcomes_stay_in_the_picture(run: Run) -> None:
    sheet = outcomes.sheet(made(run, *(("ok", str(i), 1) for i in range(900))))
    assert all(m.extent.right <= sheet.width for m in sheet.marks)
    assert not sheet.overlaps()


def test_every_kind_of_outcome_is_in_the_legend_and_looks_like_no_other(run: Run) -> None:
    kinds = [(kind, "", 1) for kind in outcomes.LOOKS]
    sheet = outcomes.sheet(made(run, *kinds))
    labels = " ".join(text for text, _ in sheet.labels())
    assert all(look.word in labels for look in outcomes.LOOKS.values())
    assert not sheet.overlaps()
    for a, b in itertools.combinations(outcomes.LOOKS.values(), 2):
        assert (a.hatch, a.word) != (b.hatch, b.word)
        for dark, sight in itertools.product((False, True), ("normal", "deuteranopia")):
            one, other = (palette.value(palette.STATES[x.state].color, dark) for x in (a, b))
            assert palette.delta_e(one, other, sight) >= 15, (a, b)


def test_nothing_explored_is_said_in_words(run: Run) -> None:
    exploration = made(run, bound="1 s of real time (--wall)")
    assert "no schedule has ended" in [text for text, _ in outcomes.sheet(exploration).labels()]
    assert "not complete" in report(exploration) and "not complete" in html(exploration)
    checked(page(exploration))


# -- in a notebook ---------------------------------------------------------------------------------


def test_an_exploration_shows_itself(leaky: Exploration) -> None:
    shown = leaky._repr_mimebundle_()
    assert list(shown) == ["text/plain", "text/html"]
    assert leaky.verdict() in shown["text/plain"] and leaky.verdict() in shown["text/html"]
    assert list(leaky._repr_mimebundle_(include=["text/plain"])) == ["text/plain"]


def test_what_a_notebook_gets_survives_where_it_is_not_trusted(stuck: Exploration) -> None:
    text = html(stuck)
    checked(text)
    tags = set(re.findall(r"<(\w+)", text))
    assert not tags & {"svg", "script", "style", "iframe", "object"}
    pictures = re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', text)
    assert len(pictures) == 2  # the bar, and who waits for whom in the deadlock
    for picture in pictures:
        assert ET.fromstring(base64.b64decode(picture)).tag.endswith("svg")


def test_the_way_to_each_fault_stands_open_and_the_others_are_folded(stuck: Exploration) -> None:
    opened = re.findall(r"<details open><summary>(.*?)</summary>", html(stuck))
    assert len(opened) == 1 and opened[0].startswith("how it deadlocks")


def test_what_a_program_prints_is_no_html(clean: Exploration) -> None:
    text = html(clean) + page(clean)
    assert "&lt;b&gt;&amp;" in text and "<b>&" not in text.replace("<b>&amp;", "")


# -- the page --------------------------------------------------------------------------------------


def test_the_page_has_each_outcome_with_its_run_step_by_step(stuck: Exploration) -> None:
    text = page(stuck, "prog.py")
    words = " ".join(" ".join(checked(text).text).split())
    for case in stuck.cases:
        assert f"gosim run prog.py --replay {case.token}" in words
        for sentence in case.story:
            assert re.sub(r"[`\s]", "", sentence)[:40] in re.sub(r"\s", "", words)
    assert text.count('class="gosim-stepper"') == len(stuck.cases)
    assert words.index("How it deadlocks") < words.index("Ends well")
    assert "gosim explore prog.py" in words


# -- repairs and detectors -------------------------------------------------------------------------


def test_repairs_are_told_in_a_table() -> None:
    bench = gs.try_repairs("two-kinds", wall=20)
    text = workbench_text(bench, width=80)
    assert all(len(line) <= 80 for line in text.splitlines())
    shown = bench._repr_mimebundle_()
    assert shown["text/plain"] == workbench_text(bench)
    cells = checked(shown["text/html"]).text
    for attempt in bench.attempts:
        row = cells.index(attempt.variant)
        assert cells[row + 1] == f"{attempt.bad} of {attempt.exploration.schedules}"
        assert attempt.variant in text and attempt.worth in text


def test_detectors_are_told_in_a_table() -> None:
    detection = gs.detect(sometimes)
    text = detectors_text(detection, width=80)
    assert all(len(line) <= 80 for line in text.splitlines())
    shown = detection._repr_mimebundle_()
    assert shown["text/plain"] == detectors_text(detection)
    cells = checked(shown["text/html"]).text
    for detector in detection.detectors:
        row = cells.index(detector.name)
        assert cells[row + 1] == f"{detector.noticed} of {detector.bad}"


# -- the package that can be called ----------------------------------------------------------------


def test_the_package_can_be_called_and_its_modules_imported() -> None:
    import gosim.explore.search as search

    assert gs.explore(one_way).complete and callable(search.explore)
    assert gs.explore("first-answer-wins", params={"n": 2}).cases


def test_a_scenario_a_file_and_a_function_are_explored(tmp_path: Any) -> None:
    file = tmp_path / "p.go"
    file.write_text('package main\n\nfunc main() { println("x") }\n')
    explored = gs.explore(str(file))
    assert explored.verdict() == "never leaks, deadlocks or panics in 1 schedule; complete"
    with pytest.raises(gs.UsageError, match="no scenario"):
        gs.explore("nothing-of-that-name")
    with pytest.raises(gs.UsageError, match="coroutine function"):
        gs.explore(lambda: None)


def test_a_page_is_saved_from_python(stuck: Exploration, tmp_path: Path) -> None:
    stuck.save(tmp_path / "stuck.html")
    assert stuck.verdict() in (tmp_path / "stuck.html").read_text(encoding="utf-8")
    with pytest.raises(gs.UsageError, match=r"must end in \.html"):
        stuck.save("stuck.png")


def test_the_program_of_the_documentation_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = (Path(__file__).parent.parent / "docs" / "exploration.md").read_text(encoding="utf-8")
    block = re.findall(r"```python\n(.*?)```", text, re.DOTALL)[-1]
    names: dict[str, Any] = {"main": sometimes}
    exec(compile(block, "exploration.md", "exec"), names)
    assert names["found"].complete and names["case"].run.outcome == "leak"


# -- magic -----------------------------------------------------------------------------------------

CELL = """
from gosim import chan, default, go, recv, select

async def main():
    answers = chan(str)
    go(answers.send, "here")
    await select(recv(answers), default)
"""
GO_CELL = """
func main() {
	answers := make(chan string)
	go func() { answers <- "here" }()
	select {
	case <-answers:
	default:
	}
}
"""


def test_a_cell_is_explored(capfd: pytest.CaptureFixture[str]) -> None:
    for found in (magic("--explore", CELL), go_magic("--explore --strategy optimal", GO_CELL)):
        assert isinstance(found, Exploration)
        assert found.verdict() == "leaks in 1 of 2 schedules; complete"
    assert capfd.readouterr() == ("", "")  # nothing beside what the value shows


def test_a_lesson_is_explored_either_way_of_asking() -> None:
    for line in ("first-answer-wins --explore -p n=2", "explore first-answer-wins -p n=2"):
        found = magic(line)
        assert isinstance(found, Exploration) and found.outcomes.keys() == {"leak"}


def test_a_mistake_in_a_notebook_is_one_sentence_on_stdout(
    capfd: pytest.CaptureFixture[str],
) -> None:
    for line, words in (
        ("--explore --html x.html", "--html writes files from a shell"),
        ("--explore --strategy luck", "luck"),
        ("--explore --preemptions 1 --delays 1", "choose one"),
        ("--preemptions 1", "there is no option --preemptions"),
    ):
        assert magic(line, CELL) is None
        said = capfd.readouterr()
        assert words in said.out and not said.err
