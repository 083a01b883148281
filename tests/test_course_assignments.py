"""Every assignment: the starter fails, each reference passes in full, each wrong repair fails at
the flaw it has.  Some of them here, all of them in the slow tests."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from course_cases import assignment, repairs, report, tellings, wrongs

from gosim.cli import main
from gosim.course.assignment import SUFFIXES, names
from gosim.course.checking import HERE, check
from gosim.course.report import Report
from gosim.testing import explore

# One of each for every run of the suite; the whole matrix is slow.
FIRST = ("price-comparison",)


WITHOUT_A_RUN = ("loads", "regions", "uses", "does_not_use", "answer")
"""Kinds that are about the text: there is nothing to see in a run."""


def tells_what_to_do(name: str, found: Report) -> None:
    """Each check that failed has a hint, and a command that shows what it is about."""
    kinds = {check.id: check.kind for check in assignment(name).checks}
    for result in found.results:
        if result.status != "fail":
            continue
        assert result.message, result.id
        assert result.hint, result.id
        if kinds[result.id] not in WITHOUT_A_RUN:
            assert result.data.get("replay", "").startswith("gosim "), result


def cases(found: list) -> list:
    return [
        pytest.param(
            *case,
            marks=()
            if case[0] in FIRST and len(case) + (case[-1] == "go") < 4
            else pytest.mark.slow,
            id="-".join(case),
        )
        for case in found
    ]


@pytest.mark.parametrize(("name", "source"), cases(tellings()))
def test_the_starter_fails(name: str, source: str) -> None:
    made = assignment(name)
    found = report(name, made.folder / f"starter{'.py' if source == 'python' else '.go'}")
    assert found.status == "fail", found
    assert found.score < found.max_score
    tells_what_to_do(name, found)


@pytest.mark.parametrize(("name", "source"), cases(tellings()))
def test_references_pass_in_full_and_complete(name: str, source: str) -> None:
    made = assignment(name)
    assert made.bundle is not None
    references = made.bundle.references[source]
    assert references
    for path in references:
        found = report(name, path)
        told = [f"{r.id}: {r.message}" for r in found.results if r.status != "pass"]
        assert not told, (path.name, told)
        assert found.score == found.max_score
        assert not found.review
        for result in found.results:
            assert result.data.get("complete", True), (path.name, result)


@pytest.mark.parametrize(("name", "wrong", "source"), cases(wrongs()))
def test_wrong_repairs_fail_at_their_flaw(name: str, wrong: str, source: str) -> None:
    made = assignment(name)
    assert made.bundle is not None
    known = next(w for w in made.bundle.wrong if w.name == wrong)
    found = report(name, known.file(source))
    result = found.result(known.fails)
    assert result.status == "fail", [(r.id, r.status, r.message) for r in found.results]
    assert known.says in result.message
    assert found.score < found.max_score
    tells_what_to_do(name, found)


def answered() -> list[str]:
    return [name for name in names() if assignment(name).kind != "repair"]


@pytest.mark.parametrize("name", answered())
def test_right_answers_pass_and_wrong_ones_fail_at_their_flaw(name: str) -> None:
    made = assignment(name)
    assert made.bundle is not None
    assert len(made.bundle.wrong) >= 3
    for path in made.bundle.references["answers"]:
        assert report(name, path).status == "pass"
    for wrong in made.bundle.wrong:
        found = report(name, wrong.file("answers"))
        tells_what_to_do(name, found)
        result = found.result(wrong.fails)
        assert result.status == "fail", wrong.name
        assert wrong.says in result.message


@pytest.mark.parametrize("source", ["python", "go"])
@pytest.mark.parametrize(
    ("name", "keys", "words"),
    [
        ("unlucky-schedule", {"leaking": "leak", "fine": "ok"}, 'culprit = "remote"'),
        ("refute-the-pause", {"schedule": "deadlock"}, 'flaw = "time is no order"'),
    ],
)
def test_tokens_that_explore_prints_are_accepted(
    name: str, keys: dict[str, str], words: str, source: str, tmp_path: Path
) -> None:
    made = assignment(name)
    found = explore(str(made.folder / f"starter{SUFFIXES[source]}"))
    assert "leak" in found.outcomes or "deadlock" in found.outcomes
    lines = [f'source = "{source}"', words]
    for key, outcome in keys.items():
        case = found.case(outcome)
        assert case is not None
        lines.append(f'{key} = "{case.token}"')
    path = tmp_path / "answers.toml"
    path.write_text("\n".join(lines) + "\n")
    checked = check(path, made, mode=HERE)
    assert checked.status == "pass", [(r.id, r.message) for r in checked.results]


def test_every_row_of_the_course_is_covered() -> None:
    rows = {row for name in names() for row in assignment(name).rows}
    wanted = [f"B{i}" for i in range(1, 7)] + [f"C{i}" for i in range(1, 7)] + ["D2", "E3"]
    assert [row for row in wanted if row not in rows] == []


@pytest.mark.parametrize("name", repairs())
def test_repairs_are_told_in_both_languages_with_three_wrong_ones(name: str) -> None:
    made = assignment(name)
    assert made.sources == ("python", "go")
    assert made.bundle is not None
    assert len(made.bundle.wrong) >= 3
    for wrong in made.bundle.wrong:
        assert wrong.sources == ("python", "go"), wrong.name
        assert wrong.why


@pytest.mark.parametrize("name", repairs())
def test_starters_are_larger_than_lessons_and_smaller_than_a_page(name: str) -> None:
    made = assignment(name)
    for source in made.sources:
        lines = made.starter(source).count("\n")
        assert 35 <= lines <= 110, (source, lines)


@pytest.mark.parametrize("name", names())
def test_the_bundle_is_consistent(name: str) -> None:
    made = assignment(name)
    assert made.text.startswith("# "), "a text begins with its title"
    assert not re.search(r"\{\w+\}", made.told()), "a parameter that does not exist"
    assert made.bundle is not None
    ids = {check.id for check in made.checks}
    for wrong in made.bundle.wrong:
        assert wrong.fails in ids
        assert wrong.sources, wrong.name
    for one in made.checks:
        if one.points:
            assert one.hint, one.id


@pytest.mark.parametrize(
    ("name", "wrong", "check_id"),
    [
        ("price-comparison", "waits-for-all.go", "fast"),
        ("price-comparison", "buffer-of-one.py", "never-leaks"),
        ("price-comparison", "buffer-of-one.go", "more-shops"),
        ("chat-timeout", "new-timer-each-time.py", "timers"),
        ("error-codes", "trims.go", "retained"),
    ],
)
def test_the_command_that_is_printed_shows_it(
    name: str, wrong: str, check_id: str, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """In the student's folder, as it stands there."""
    made = assignment(name)
    assert made.bundle is not None
    path = tmp_path / wrong
    path.write_text((made.bundle.folder / "wrong" / wrong).read_text())
    result = report(name, path).result(check_id)
    words = shlex.split(result.data["replay"])
    assert words[:3] == ["gosim", "run", wrong]
    monkeypatch.chdir(tmp_path)
    code = main([*words[1:], "--json"])
    told = capsys.readouterr()
    assert code == 0, told
    outcome = json.loads(told.out)["outcome"]
    assert (outcome == "leak") == ("leaks" in result.message), outcome
    if "--memory" in words:
        assert (tmp_path / "memory.svg").is_file()
