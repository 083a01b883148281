"""A class: grades, pages and tables; graded once, and again only where something has changed."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
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


# -- the folder of an instructor -------------------------------------------------------------------


def test_a_folder_has_more_in_it_than_submissions(tmp_path: Path) -> None:
    """Other files, other systems' names, the results of last time, a student who is there twice."""
    folder = tmp_path / "submissions"
    text = PRICE.starter("go")
    places = [
        "zoë.go",
        "cafe\u0301.go",
        "bo/solution.go",
        "Dee.go",
        "dee.py",
        "eve/ps1/solution.go",
    ]
    places += ["two/a.go", "two/b.py", "nothing/readme.md", "price-comparison-results/reports/x.go"]
    places += ["notes.txt", ".hidden.go", "a\nb\x1b[31m.go", "__MACOSX/._x"]
    for name in places:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    os.symlink("/etc/passwd", folder / "link.go")
    os.symlink(folder, folder / "loop")
    results = folder / "price-comparison-results"
    found = {s.student: s for s in submissions(folder, PRICE, None, results)}
    assert list(found) == [
        "__MACOSX", "a\\x0ab\\x1b[31m", "bo", "café", "Dee", "eve", "link", "nothing", "two", "zoë"
    ]  # fmt: skip
    assert found["eve"].path == folder / "eve" / "ps1" / "solution.go"
    assert {s: one.problem for s, one in found.items() if one.path is None} == {
        "__MACOSX": "there is no file that ends in .py or .go",
        "Dee": "there are two submissions of this student",
        "nothing": "there is no file that ends in .py or .go",
        "two": "there are 2 files: a.go, b.py",
    }
    assert grading.left_out(folder, PRICE, results) == ["loop", "notes.txt"]


def test_a_name_that_is_no_text_is_graded_and_written_down(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "submissions"
    folder.mkdir()
    with open(os.fsencode(folder) + b"/\xff\xfe.go", "w") as f:
        f.write("")
    (folder / ("あ" * 80 + ".go")).write_text("")
    line = ["grade", str(folder), "--assignment", "price-comparison", "--out", str(tmp_path / "o")]
    assert main([*line, "--csv", str(tmp_path / "g.csv")]) == 0
    assert "\\xff\\xfe" in capsys.readouterr().out
    assert "\\xff\\xfe" in (tmp_path / "g.csv").read_text(encoding="utf-8")
    assert len(list((tmp_path / "o" / "feedback").glob("*.html"))) == 2


def test_of_a_handout_the_file_that_was_changed_is_the_submission(tmp_path: Path) -> None:
    write(PRICE, tmp_path, ["anna", "bo"], SECRET)
    (tmp_path / "anna" / "starter.py").write_text("# mine\n")
    grader = Grader(PRICE, tmp_path / "results", HERE, secret=SECRET)
    found = submissions(tmp_path, PRICE, grader.of_student)
    assert [s.path.name for s in found if s.path] == ["starter.py", "starter.go"]
    (tmp_path / "bo" / "starter.py").write_text("# mine\n")
    found = submissions(tmp_path, PRICE, grader.of_student)
    assert [s.path.name for s in found if s.path] == ["starter.py", "starter.py"]


def book(*cells: str) -> str:
    made = [{"cell_type": "code", "source": [c], "outputs": [], "metadata": {}} for c in cells]
    return json.dumps({"cells": made, "nbformat": 4, "nbformat_minor": 5, "metadata": {}})


def test_the_program_of_a_notebook_is_graded_and_nothing_else_of_it_runs(tmp_path: Path) -> None:
    assert PRICE.bundle is not None
    text = PRICE.bundle.references["python"][0].read_text()
    spoof = "import gosim.testing\ngosim.testing.points = lambda *a, **k: 12.0"
    folder = tmp_path / "submitted"
    for student, cells in {
        "anna": (f"%%writefile solution.py\n{text}",),
        "bo": (spoof, f"%%writefile solution.py\n{PRICE.starter('python')}"),
        "cleo": ("print(1)",),
    }.items():
        place = folder / student / "ps1" / "price.ipynb"
        place.parent.mkdir(parents=True)
        place.write_text(book(*cells))
    (folder / "dee.ipynb").write_text("{")
    grader = Grader(PRICE, tmp_path / "results", HERE)
    graded = grade_all(grader, submissions(folder, PRICE))
    found = scores(graded)
    assert found["anna"] == PRICE.max_score
    assert 0 < found["bo"] < PRICE.max_score
    assert found["cleo"] == found["dee"] == 0
    says = {one.student: one.report.results[0].message for one in graded}
    assert says["cleo"].startswith("the notebook has 0 cells that write a file")
    assert says["dee"] == "this is no notebook that can be read"
    assert not any(one.fresh for one in grade_all(grader, submissions(folder, PRICE)))


# -- once, and again only where something has changed ----------------------------------------------

COUNT = assignment("count-the-left")
ANSWERS = 'source = "go"\nstarted = 10\nsenders_left = 2\nreceivers_left = 3\nleft = 5\n'


def test_only_the_mended_check_is_run_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even those that it depends on: what is known of them is known."""
    folder = tmp_path / "submissions"
    folder.mkdir()
    (folder / "anna.py").write_text(PRICE.starter("python"))
    before = grade_all(Grader(PRICE, tmp_path / "r", HERE), submissions(folder, PRICE))
    checks = tuple(
        replace(c, asks={**c.asks, "n": 2}) if c.id == "concurrent" else c for c in PRICE.checks
    )
    mended = replace(PRICE, checks=checks)
    asked: list[str] = []
    real = grading.checking.KINDS

    class Spy(dict):  # type: ignore[type-arg]
        def __getitem__(self, kind: str) -> object:
            asked.append(kind)
            return real[kind]

    monkeypatch.setattr(grading.checking, "KINDS", Spy())
    after = grade_all(Grader(mended, tmp_path / "r", HERE), submissions(folder, mended))
    # never-leaks, another-shop and more-shops depend on it, and are asked again for that reason.
    assert set(asked) == {"at_least_goroutines", "never_leaks", "prints"}
    assert [r.id for r in after[0].report.results] == [c.id for c in checks]
    assert scores(after) == scores(before)


def test_what_could_not_be_asked_is_no_grade_and_no_lower_one(tmp_path: Path) -> None:
    """How fast the machine is must not decide about points."""
    folder = tmp_path / "submissions"
    folder.mkdir()
    assert COUNT.bundle is not None
    (folder / "anna.toml").write_text(ANSWERS)
    graded = grade_all(Grader(COUNT, tmp_path / "results", HERE), submissions(folder, COUNT))
    report = graded[0].report
    results = [replace(report.results[0], status="error", score=0), *report.results[1:]]
    late = [replace(graded[0], report=replace(report, results=tuple(results)))]
    for table, at in (("plain", 2), ("canvas", -1), ("moodle", 2)):
        made = grading.TABLES[table]
        rows = [list(csv.reader(io.StringIO(made(COUNT, each, [])))) for each in (graded, late)]
        assert rows[0][-1][at] == str(report.score)
        assert rows[1][-1][at] == ""
    assert late[0].report.review == (report.results[0].id,)


def test_what_could_not_be_checked_is_asked_again_when_that_is_wanted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "submissions"
    folder.mkdir()
    (folder / "anna.toml").write_text(ANSWERS)
    given = submissions(folder, COUNT)
    grader = Grader(COUNT, tmp_path / "results", HERE)
    died = grading.sandbox.Failure("died", "the disk was full")
    with monkeypatch.context() as patch:
        patch.setattr(grading.checking, "_observed_here", lambda *a: died)
        (one,) = grade_all(grader, given)
    assert one.report.review == ("started", "left")
    (same,) = grade_all(grader, given)
    assert not same.fresh
    (again,) = grade_all(replace(grader, retry=True), given)
    assert again.fresh
    assert again.report.score == COUNT.max_score
    (kept,) = grade_all(replace(grader, retry=True), given)
    assert not kept.fresh


def grading_process(folder: Path, out: Path) -> tuple[list[str], dict[str, str]]:
    command = [sys.executable, "-m", "gosim", "grade", str(folder), "--assignment", COUNT.name]
    command += ["--out", str(out), "--json", "--instructor", str(INSTRUCTOR)]
    return command, {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}


@pytest.mark.parametrize("how", ["SIGKILL", "SIGINT"])
@pytest.mark.parametrize("many", [6, pytest.param(40, marks=pytest.mark.slow)])
def test_a_grading_that_was_ended_goes_on_where_it_was(how: str, many: int, tmp_path: Path) -> None:
    """Nothing is lost, and nobody is graded twice."""
    folder = tmp_path / "submissions"
    folder.mkdir()
    for number in range(many):
        (folder / f"s{number}.toml").write_text(f"{ANSWERS}# {number}\n")
    reports = tmp_path / "out" / "reports"
    command, env = grading_process(folder, tmp_path / "out")
    grader = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and len(list(reports.glob("*.json"))) < many // 3:
        time.sleep(0.01)
    grader.send_signal(getattr(signal, how))
    _, err = grader.communicate(timeout=60)
    done = {path.stem: path.stat().st_mtime_ns for path in reports.glob("*.json")}
    assert many // 3 <= len(done) < many
    if how == "SIGINT":
        assert grader.returncode == 3
        assert b"the same command goes on from there" in err
        assert b"Traceback" not in err
    ended = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    graded = json.loads(ended.stdout)["graded"]
    assert len(graded) == many
    assert {one["student"] for one in graded if not one["fresh"]} == set(done)
    assert {one["score"] for one in graded} == {COUNT.max_score}
    for name, when in done.items():
        assert (reports / f"{name}.json").stat().st_mtime_ns == when
    assert len(list((tmp_path / "out" / "feedback").glob("*.html"))) == many


def a_class(folder: Path, many: int) -> dict[str, str]:
    """Submissions in Go and Python, every tenth of them hostile: student to kind."""
    assert PRICE.bundle is not None
    kinds: list[tuple[str, str, str]] = []
    for source, end in (("python", ".py"), ("go", ".go")):
        for path in PRICE.bundle.references[source]:
            kinds.append(("right", path.read_text(), end))
        for wrong in PRICE.bundle.wrong:
            kinds.append(("wrong", wrong.file(source).read_text(), end))
        kinds.append(("wrong", PRICE.starter(source), end))
    text, to = PRICE.starter("python"), "    return await quotes.recv()"
    does = [
        "    import os\n    os._exit(0)",
        "    return [1",
        "    x = [0] * (1 << 40)",
        "    return f",
    ]
    does += ["    while True:\n        pass", "    while True:\n        go(think, 1)"]
    does += ["    raise BaseException", "    async def f():\n        await f()\n    await f()"]
    does += ["    print('x' * 10**9)", "    try:\n        pass\n    except:\n        pass"]
    folder.mkdir()
    told: dict[str, str] = {}
    for number in range(many):
        student, comment = f"s{number:03}", "#"
        if number % 10 == 9:
            kind, whole, end = "hostile", text.replace(to, does[number // 10]), ".py"
        else:
            kind, whole, end = kinds[(number - number // 10) % len(kinds)]
            comment = "#" if end == ".py" else "//"
        mark = f"{comment} END EDIT"
        (folder / f"{student}{end}").write_text(whole.replace(mark, f"{comment} {number}\n{mark}"))
        told[student] = kind
    return told


@pytest.mark.slow
def test_a_class_of_a_hundred_is_graded_although_the_grader_is_killed_half_way(
    tmp_path: Path,
) -> None:
    graded_through_a_kill(tmp_path, 100)


def graded_through_a_kill(tmp_path: Path, many: int) -> None:
    told = a_class(tmp_path / "submissions", many)
    # A copy: who works on the assignment meanwhile would have everybody graded again.
    shutil.copytree(PRICE.folder, tmp_path / PRICE.name)
    shutil.copytree(INSTRUCTOR / PRICE.name, tmp_path / "instructor" / PRICE.name)
    reports = tmp_path / "out" / "reports"
    command = [sys.executable, "-m", "gosim", "grade", str(tmp_path / "submissions"), "--jobs", "2"]
    command += ["--assignment", str(tmp_path / PRICE.name), "--cpu", "20"]
    command += ["--instructor", str(tmp_path / "instructor"), "--out", str(tmp_path / "out")]
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    grader = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    deadline = time.monotonic() + 1800
    while time.monotonic() < deadline and len(list(reports.glob("*.json"))) < many // 2:
        time.sleep(0.05)
    grader.kill()
    grader.communicate()
    done = {path.stem: path.stat().st_mtime_ns for path in reports.glob("*.json")}
    assert many // 2 <= len(done) < many
    ended = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    print(ended.stdout[-1500:])
    assert ended.returncode == (3 if many > 50 else 0)  # two of the hostile ones do not end
    assert f"{many} submissions, {many - len(done)} checked now in " in ended.stdout
    for name, when in done.items():
        assert (reports / f"{name}.json").stat().st_mtime_ns == when
    again = subprocess.run([*command, "--json"], env=env, capture_output=True, check=False)
    graded = {one["student"]: one for one in json.loads(again.stdout)["graded"]}
    assert list(graded) == list(told)
    assert not any(one["fresh"] for one in graded.values())
    for student, kind in told.items():
        assert (graded[student]["score"] == PRICE.max_score) == (kind == "right"), student


def test_after_a_grading_that_was_stopped_others_begin(tmp_path: Path) -> None:
    """Stopped at its first submission, in the same process as the next grading."""
    folder = tmp_path / "submissions"
    folder.mkdir()
    for number in range(3):
        (folder / f"s{number}.toml").write_text(ANSWERS)
    given = submissions(folder, COUNT)
    grader = Grader(COUNT, tmp_path / "results")

    def stop(number: int, one: grading.Graded) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        grade_all(grader, given, jobs=2, tell=stop)
    kept = len(list((tmp_path / "results" / "reports").glob("*.json")))
    assert 1 <= kept < 3
    graded = grade_all(grader, given, jobs=2)
    assert [one.report.score for one in graded] == [COUNT.max_score] * 3
    assert sum(one.fresh for one in graded) == 3 - kept


def test_a_table_that_cannot_be_written_is_said_before_the_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.toml").write_text(ANSWERS)
    line = ["grade", str(tmp_path), "--assignment", COUNT.name, "--out", str(tmp_path / "out")]
    assert main([*line, "--canvas", str(tmp_path / "no" / "c.csv")]) == 3
    assert "there is no such folder" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_second_grading_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    with grading.alone(tmp_path / "r"):
        with pytest.raises(LoadError, match="another grading is going on"):
            with grading.alone(tmp_path / "r"):
                pass
    with grading.alone(tmp_path / "r"):
        pass


def test_a_cluster_gives_the_same_grades(tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    folder = tmp_path / "submissions"
    folder.mkdir()
    for number in range(4):
        (folder / f"s{number}.toml").write_text(ANSWERS.replace("10", str(8 + number)))
    given = submissions(folder, COUNT)
    grader = Grader(COUNT, tmp_path / "results", HERE)
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None
    ) as cluster:
        there = grade_all(grader, given, cluster=cluster.scheduler_address)
        again = grade_all(grader, given, cluster=cluster.scheduler_address)
    here = grade_all(Grader(COUNT, tmp_path / "here", HERE), given)
    assert scores(there) == scores(here) == {"s0": 9, "s1": 9, "s2": 10, "s3": 9}
    assert not any(one.fresh for one in again)


@pytest.mark.slow
def test_the_command_grades_on_a_cluster_of_processes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    distributed = pytest.importorskip("distributed")
    folder = tmp_path / "submissions"
    folder.mkdir()
    assert PRICE.bundle is not None
    for number in range(12):
        text = PRICE.bundle.references["go"][0].read_text() if number % 2 else PRICE.starter("go")
        (folder / f"s{number}.go").write_text(text.replace("// END", f"// {number}\n// END"))
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None
    ) as cluster:
        line = ["grade", str(folder), "--assignment", PRICE.name, "--instructor", str(INSTRUCTOR)]
        line += ["--out", str(tmp_path / "out"), "--dask", cluster.scheduler_address, "--json"]
        assert main(line) == 0
        data = json.loads(capsys.readouterr().out)
    found = {one["student"]: one["score"] for one in data["graded"]}
    assert {found[f"s{n}"] for n in range(1, 12, 2)} == {PRICE.max_score}
    assert all(found[f"s{n}"] < PRICE.max_score for n in range(0, 12, 2))


def test_a_cluster_that_is_not_there_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    distributed = pytest.importorskip("distributed")

    def refuse(*args: object, **more: object) -> None:
        raise OSError("Timed out trying to connect to tcp://127.0.0.1:1 after 10 s")

    monkeypatch.setattr(distributed, "Client", refuse)
    (tmp_path / "a.toml").write_text(ANSWERS)
    line = ["grade", str(tmp_path), "--assignment", COUNT.name, "--dask", "tcp://127.0.0.1:1"]
    assert main([*line, "--out", str(tmp_path / "out")]) == 3
    said = capsys.readouterr().err
    assert "cannot reach the dask scheduler tcp://127.0.0.1:1: Timed out" in said


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
    assert copied.report.status == "error"
    assert copied.report.score == 0
    assert "was given to nobody in this class" in copied.report.results[0].message


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


def test_a_program_of_somebody_else_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Handout, students, grade; the secret is what tells whose identifier it is."""
    secret, people = tmp_path / "secret.txt", tmp_path / "roster.csv"
    secret.write_bytes(SECRET)
    students = ["anna", "bo", "cleo", "dee"]
    people.write_text("ID;Name;Email\n" + "".join(f"{s};{s.title()};\n" for s in students) + ";;\n")
    out = tmp_path / "handout"
    roster = ["--roster", str(people), "--secret", str(secret)]
    assert main(["handout", COUNT.name, *roster, "--out", str(out)]) == 0
    folder = tmp_path / "submissions"
    folder.mkdir()
    ids = {s: variants.identifier(COUNT, SECRET, s) for s in students}
    for student in students[:3]:
        made = variants.for_student(COUNT, SECRET, student)
        askers, room = int(made.params["askers"]), int(made.params["room"])
        right = [2 * askers, askers - room - 1, askers - 2, 2 * askers - room - 3]
        text = (out / student / "answers.toml").read_text()
        for key, value in zip(
            ["started", "senders_left", "receivers_left", "left"], right, strict=True
        ):
            text = text.replace(f'\n{key} = ""', f"\n{key} = {value}")
        (folder / f"{student}.toml").write_text(text)
    (folder / "cleo.toml").write_text((folder / "anna.toml").read_text())
    capsys.readouterr()
    line = ["grade", str(folder), "--assignment", COUNT.name, "--out", str(tmp_path / "out")]
    line += ["--instructor", str(INSTRUCTOR)]
    assert main(line) == 2
    assert "carries the variant" in capsys.readouterr().err
    assert main([*line, *roster]) == 3
    said = capsys.readouterr().out
    assert (
        f"this is the variant {ids['anna']}, which was given to anna, and not {ids['cleo']}" in said
    )
    assert "nothing from: dee" in said
    assert main([*line, *roster, "--json"]) == 3
    found = {g["student"]: g["score"] for g in json.loads(capsys.readouterr().out)["graded"]}
    assert found == {"anna": COUNT.max_score, "bo": COUNT.max_score, "cleo": 0}
    secret.write_bytes(SECRET[::-1])
    assert main([*line, *roster]) == 2
    assert "was made with this secret" in capsys.readouterr().err


def test_a_program_without_its_first_line_is_known_by_what_stands_outside_of_the_regions(
    tmp_path: Path,
) -> None:
    ids = {s: variants.for_student(PRICE, SECRET, s) for s in ("anna", "bo", "cleo", "dee")}
    other = next(s for s in ids if ids[s].starters["go"][60:] != ids["anna"].starters["go"][60:])
    (tmp_path / "anna.go").write_text(ids[other].starters["go"].partition("\n\n")[2])
    grader = Grader(PRICE, tmp_path / "results", HERE, secret=SECRET, people=tuple(ids))
    (one,) = grade_all(grader, submissions(tmp_path, PRICE))
    assert one.report.result("regions").status == "fail"
    assert one.report.notes == (f"outside of the regions it is the program that {other} was given",)


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
