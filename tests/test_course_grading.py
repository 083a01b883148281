"""A class: grades, pages and tables; graded once, and again only where something has changed."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from course_cases import INSTRUCTOR, assignment

from gosim.cli import main
from gosim.course import grading, variants
from gosim.course.assignment import load
from gosim.course.checking import HERE
from gosim.course.grading import Grader, grade_all, submissions
from gosim.course.handout import files, write
from gosim.runtime.errors import LoadError, UsageError

PRICE = assignment("price-comparison")
SECRET = b"a secret of sixteen bytes or more"


@pytest.fixture
def given(tmp_path: Path) -> Path:
    """Four submissions: right, wrong, of nothing, of two files."""
    folder = tmp_path / "submissions"
    assert PRICE.bundle is not None
    (folder / "bo").mkdir(parents=True)
    (folder / "dee").mkdir()
    (folder / "anna.py").write_text(PRICE.bundle.references["python"][0].read_text())
    (folder / "bo" / "solution.py").write_text(PRICE.starter("python"))
    (folder / "cleo.py").write_text("")
    for name in ("a.py", "b.py"):
        (folder / "dee" / name).write_text(PRICE.starter("python"))
    return folder


def scores(graded: list[grading.Graded]) -> dict[str, int]:
    return {one.student: one.report.score for one in graded}


def test_each_submission_gets_its_grade(given: Path, tmp_path: Path) -> None:
    grader = Grader(PRICE, tmp_path / "results", HERE)
    graded = grade_all(grader, submissions(given, PRICE))
    assert [one.student for one in graded] == ["anna", "bo", "cleo", "dee"]
    found = scores(graded)
    assert found["anna"] == PRICE.max_score
    assert 0 < found["bo"] < PRICE.max_score
    assert found["cleo"] == found["dee"] == 0
    assert graded[2].report.status == "fail"
    assert graded[3].report.review == ("loads",)  # a person has to look


def test_nothing_is_graded_twice(given: Path, tmp_path: Path) -> None:
    grader = Grader(PRICE, tmp_path / "results", HERE)
    first = grade_all(grader, submissions(given, PRICE))
    again = grade_all(grader, submissions(given, PRICE))
    assert all(one.fresh for one in first)
    assert not any(one.fresh for one in again)
    assert scores(first) == scores(again)
    (given / "cleo.py").write_text(PRICE.starter("python"))
    changed = grade_all(grader, submissions(given, PRICE))
    assert [one.student for one in changed if one.fresh] == ["cleo"]


def test_a_mended_check_is_asked_again_and_no_other(
    given: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = tmp_path / "results"
    before = grade_all(Grader(PRICE, results, HERE), submissions(given, PRICE))
    checks = tuple(replace(c, points=9) if c.id == "fast" else c for c in PRICE.checks)
    mended = replace(PRICE, checks=checks)
    asked: list[tuple[str, ...]] = []
    real = grading.checking.check

    def spy(*args: object, only: tuple[str, ...] = (), **more: object) -> object:
        asked.append(tuple(only))
        return real(*args, only=only, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(grading.checking, "check", spy)
    after = grade_all(Grader(mended, results, HERE), submissions(given, mended))
    assert [one for one in asked if one] == [("fast",)] * 3
    assert after[0].report.score == before[0].report.score + 8
    assert [r.id for r in after[0].report.results] == [c.id for c in checks]


def test_two_submissions_at_a_time_give_the_same(given: Path, tmp_path: Path) -> None:
    one = grade_all(Grader(PRICE, tmp_path / "1"), submissions(given, PRICE))
    two = grade_all(Grader(PRICE, tmp_path / "2"), submissions(given, PRICE), jobs=2)
    for a, b in zip(one, two, strict=True):
        told = [[(r.id, r.status, r.score, r.message) for r in x.report.results] for x in (a, b)]
        assert told[0] == told[1]


def test_the_command_writes_tables_and_pages(
    given: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (given / "cleo.py").unlink()
    (given / "dee" / "b.py").unlink()
    (given / "=HYPERLINK(1).py").write_text(PRICE.starter("python"))
    people = tmp_path / "roster.csv"
    people.write_text("id,name,email\nanna,Anna A.,anna@example.org\nzoe,Zoe,z@example.org\n")
    line = ["grade", str(given), "--assignment", "price-comparison", "--instructor"]
    line += [str(INSTRUCTOR), "--roster", str(people), "--csv", "g.csv", "--canvas", "c.csv"]
    line += ["--moodle", "m.csv", "--out", "out"]
    assert main(line) == 0
    said = capsys.readouterr()
    assert "anna" in said.out
    assert "nothing from: zoe" in said.out
    assert "[1/4]" in said.err or "[4/4]" in said.err
    rows = list(csv.DictReader(open("g.csv", encoding="utf-8", newline="")))  # noqa: SIM115
    assert rows[0]["student"] == "'=HYPERLINK(1)"
    assert {row["student"]: row["score"] for row in rows}["anna"] == str(PRICE.max_score)
    canvas = list(csv.reader(open("c.csv", encoding="utf-8", newline="")))  # noqa: SIM115
    assert canvas[0][:5] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    assert canvas[1][0].strip() == "Points Possible"
    assert ["Anna A.", "", "anna", "anna", "", str(PRICE.max_score)] in canvas
    moodle = list(csv.reader(open("m.csv", encoding="utf-8", newline="")))  # noqa: SIM115
    assert moodle[1][1] == "" or "@" in moodle[2][1]
    page = Path("out/feedback/bo.html").read_text(encoding="utf-8")
    assert "to send on" in page
    assert "<script" not in page
    assert "more shops" not in page  # hidden checks show their points only
    assert main([*line, "--reveal"]) == 0
    assert "more shops" in Path("out/feedback/bo.html").read_text(encoding="utf-8")
    assert main([*line, "--json"]) == 0
    data = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert data["schema"] == "gosim.grade/1"
    assert [one["fresh"] for one in data["graded"]] == [False] * 4


def test_names_of_students_make_file_names_that_differ() -> None:
    names = ["anna", "../anna", "anna/", "-anna", "ANNA", "a b", "a_b", "あ", "x" * 300]
    made = [grading.file_name(name) for name in names]
    assert len(set(made)) == len(names)
    for name in made:
        assert "/" not in name
        assert not name.startswith((".", "-"))


@pytest.mark.slow
def test_a_grader_that_was_killed_goes_on_where_it_was(tmp_path: Path) -> None:
    folder = tmp_path / "submissions"
    folder.mkdir()
    for number in range(8):
        (folder / f"s{number}.py").write_text(PRICE.starter("python") + f"# {number}\n")
    command = [sys.executable, "-m", "gosim", "grade", str(folder), "--assignment"]
    command += ["price-comparison", "--out", str(tmp_path / "out"), "--json"]
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    grader = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    reports = tmp_path / "out" / "reports"
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and len(list(reports.glob("*.json"))) < 3:
        time.sleep(0.05)
    grader.send_signal(signal.SIGKILL)
    grader.communicate()
    done = {path.stem: path.stat().st_mtime_ns for path in reports.glob("*.json")}
    assert 3 <= len(done) < 8
    ended = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    graded = json.loads(ended.stdout)["graded"]
    assert len(graded) == 8
    assert {one["student"] for one in graded if not one["fresh"]} == set(done)
    for name, when in done.items():
        assert (reports / f"{name}.json").stat().st_mtime_ns == when


# -- variants --------------------------------------------------------------------------------------


def test_a_variant_is_the_same_whenever_it_is_made_and_differs_between_students() -> None:
    ids = {s: variants.identifier(PRICE, SECRET, s) for s in ("anna", "bo", "cleo", "dee", "eve")}
    assert ids["anna"] == variants.identifier(PRICE, SECRET, " ANNA")
    assert len(set(ids.values())) == 5
    assert variants.signed(PRICE, SECRET, "anna", ids["anna"])
    assert not variants.signed(PRICE, SECRET, "bo", ids["anna"])
    assert not variants.signed(PRICE, b"another secret, too", "anna", ids["anna"])
    starters = {variants.for_student(PRICE, SECRET, s).starter("go") for s in ids}
    assert len(starters) > 1


@pytest.mark.parametrize("name", ["price-comparison", "error-codes", "ticket-office"])
def test_every_variant_can_be_made(name: str) -> None:
    made = assignment(name)
    total = 1
    for n in variants.choices(made):
        total *= n
    texts: set[str] = set()
    for number in range(total):
        one = variants.instance(made, f"{number:04x}")
        texts.add("".join(one.starter(source) for source in one.sources))
        for check in one.checks:
            for key in check.asks:
                one.ask(check, key)
        assert "{" not in one.told().replace("{}", "")
    assert len(texts) == total
    with pytest.raises(UsageError, match="no variant"):
        variants.instance(made, f"{total:04x}")


def test_a_student_is_graded_against_the_own_variant(tmp_path: Path) -> None:
    out = tmp_path / "handout"
    students = ["anna", "bo", "cleo"]
    told = write(PRICE, out, students, SECRET)
    folder = tmp_path / "submissions"
    folder.mkdir()
    assert PRICE.bundle is not None
    for student, variant, place in told:
        assert variant in (place / "README.md").read_text()
        text = (place / "starter.py").read_text()
        (folder / f"{student}.py").write_text(text.replace("chan(int)", "chan(int, shops)"))
    grader = Grader(PRICE, tmp_path / "results", HERE, secret=SECRET)
    for one in grade_all(grader, submissions(folder, PRICE)):
        told_of = [(r.id, r.message) for r in one.report.results if r.status != "pass"]
        assert not told_of, one.student
        assert one.report.variant == variants.identifier(PRICE, SECRET, one.student)
    # somebody else's text: other numbers or names stand outside of the regions
    others = [s for s in students if files_of(s) != files_of("anna")]
    assert others
    (folder / f"{others[0]}.py").write_text((folder / "anna.py").read_text())
    copied = {g.student: g for g in grade_all(grader, submissions(folder, PRICE))}[others[0]]
    assert copied.report.status == "fail"


def test_check_reads_the_variant_from_the_file_and_says_that_it_cannot_verify_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ((_, variant, folder),) = write(PRICE, tmp_path / "handout", ["anna"], SECRET)
    for name, text in files(variants.instance(PRICE, variant)).items():
        if not name.startswith("README"):
            assert variants.carried(text) == variant, name
    line = ["check", str(folder / "starter.py"), "--assignment", "price-comparison"]
    assert main([*line, "--only", "regions"]) == 0
    assert f"variant {variant}: that it is yours is verified" in capsys.readouterr().out
    assert main([*line, "--json", "--only", "regions"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["variant"] == variant
    assert "verified" in data["notes"][0]


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        ("0001-0123456789", "the file is of the variant"),
        ("0001", "the file is of the variant"),
        ("", "is no variant: one has a number and a signature"),
    ],
)
def test_check_refuses_an_identifier_that_is_none(
    wanted: str, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ((_, variant, folder),) = write(PRICE, tmp_path / "handout", ["anna"], SECRET)
    file = folder / "starter.py"
    option = ["--variant", wanted] if wanted else []
    if not wanted:
        file.write_text(file.read_text().replace(variant, variant[:-1]))
    assert main(["check", str(file), "--assignment", "price-comparison", *option]) == 2
    assert says in capsys.readouterr().err
    with pytest.raises(UsageError, match="no variant '0fff-0123456789'"):
        variants.for_check(PRICE, "0fff-0123456789")
    with pytest.raises(UsageError, match="number and a signature"):
        variants.for_check(PRICE, "0001")


def files_of(student: str) -> str:
    return files(variants.for_student(PRICE, SECRET, student))["starter.py"]


def test_a_handout_without_a_secret_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--secret"):
        write(PRICE, tmp_path, ["anna"], None)
    assert [v for _, v, _ in write(PRICE, tmp_path, [], None)] == [""]


def test_a_roster_says_what_is_wrong_with_it(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_text("id\nanna\nAnna\n")
    with pytest.raises(LoadError, match="twice"):
        grading.roster(path)
    path.write_text("name\nanna\n")
    with pytest.raises(LoadError, match="column id"):
        grading.roster(path)


# -- a new assignment ------------------------------------------------------------------------------


def test_a_new_assignment_works_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new-assignment", "my-pool", "--out", str(tmp_path)]) == 0
    capsys.readouterr()
    made = load(tmp_path / "my-pool", tmp_path / "instructor")
    assert made.bundle is not None
    for source in made.sources:
        for path in made.bundle.references[source]:
            report = grading.checking.check(path, made, mode=HERE)
            assert report.status == "pass", [(r.id, r.message) for r in report.results]
        suffix = ".py" if source == "python" else ".go"
        starter = grading.checking.check(made.folder / f"starter{suffix}", made, mode=HERE)
        assert starter.result("never-leaks").status == "fail"
    assert main(["new-assignment", "my-pool", "--out", str(tmp_path)]) == 2  # nothing overwritten
    assert main(["new-assignment", "No Name", "--out", str(tmp_path)]) == 2
