"""Reports in the formats of other tools, validated against what their documents say."""

from __future__ import annotations

import ast
import base64
import csv
import io
import json
import time
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from course_cases import INSTRUCTOR, assignment, report
from course_validators import VALIDATORS
from course_validators import gosim as validate_gosim
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gosim.cli import main
from gosim.course import formats
from gosim.course.assignment import names
from gosim.course.grading import TABLES, Graded, Person
from gosim.course.report import Report, Result, read
from gosim.course.skeleton import notebook

PRICE = assignment("price-comparison")


@pytest.fixture(scope="module")
def failed() -> Report:
    return report("price-comparison", PRICE.folder / "starter.py")


@pytest.fixture(scope="module")
def passed() -> Report:
    assert PRICE.bundle is not None
    return report("price-comparison", PRICE.bundle.references["python"][0])


def has(thing: dict[str, Any], shape: dict[str, Any]) -> None:
    """Whether an object has these keys, with values of these types."""
    for key, kind in shape.items():
        assert key in thing, key
        assert isinstance(thing[key], kind), (key, thing[key])
        if kind is int:
            assert type(thing[key]) is int, key


def test_our_own_form_has_every_field_of_the_contract(failed: Report) -> None:
    data = json.loads(json.dumps(failed.to_dict()))
    has(
        data,
        {
            "schema": str, "gosim": str, "scenario": str, "variant": str, "submission": str,
            "seeds": list, "status": str, "score": int, "max_score": int, "duration_s": float,
            "checks": list,
        },
    )  # fmt: skip
    assert data["schema"] == "gosim.check/1"
    for check in data["checks"]:
        has(
            check,
            {
                "id": str, "title": str, "status": str, "score": int, "max_score": int,
                "visibility": str, "message": str, "hint": str, "duration_s": float, "data": dict,
            },
        )  # fmt: skip
        assert check["status"] in ("pass", "fail", "error", "skip")
        assert check["location"] is None or set(check["location"]) == {"file", "line"}
    leak = next(c for c in data["checks"] if c["id"] == "never-leaks")
    assert leak["data"]["replay"].startswith("gosim run starter.py --replay g1.")
    assert leak["location"]["line"] > 0
    assert leak["data"]["groups"][0]["state"] == "chan send"


def test_a_report_that_was_written_is_read_as_it_was(failed: Report) -> None:
    assert read(json.loads(json.dumps(failed.to_dict()))).to_dict() == failed.to_dict()


def test_classroom_50_has_whole_points(failed: Report) -> None:
    env = {"CLASSROOM": "c", "ASSIGNMENT": "a", "SUBMISSION_TAG": "submit/1"}
    data = json.loads(formats.classroom50(failed, env))
    has(
        data,
        {
            "schema": str, "classroom": str, "assignment": str, "submission": str, "commit": str,
            "release": str, "review": str, "datetime": str, "score": int, "max-score": int,
            "tests": list,
        },
    )  # fmt: skip
    assert data["schema"] == "classroom50/result/v1"
    for test in data["tests"]:
        has(test, {"test-name": str, "passed": bool, "score": int, "max-score": int})
        assert len(test["output"]) <= 2000
    assert sum(t["score"] for t in data["tests"]) == data["score"]


def test_gradescope_shows_what_may_be_seen(failed: Report) -> None:
    data = json.loads(formats.gradescope(failed))
    for test in data["tests"]:
        has(test, {"name": str, "number": str, "score": int, "max_score": int, "output": str})
        assert test["status"] in ("passed", "failed")
        assert test["visibility"] in ("visible", "hidden", "after_due_date", "after_published")
        assert test["output_format"] in ("text", "html", "simple_format", "md", "ansi")
    assert [t["visibility"] for t in data["tests"] if t["tags"] == ["more-shops"]] == ["hidden"]


def test_check50_has_a_cause_for_each_that_did_not_pass(failed: Report) -> None:
    data = json.loads(formats.check50(failed))
    has(data, {"slug": str, "version": str, "results": list})
    names = [result["name"] for result in data["results"]]
    for result in data["results"]:
        assert result["passed"] in (True, False, None)
        assert (result["cause"] is None) == (result["passed"] is True)
        assert result["dependency"] is None or result["dependency"] in names
        assert result["name"].isidentifier()


def test_prairielearn_has_a_share_of_one(failed: Report, passed: Report) -> None:
    assert json.loads(formats.prairielearn(passed))["score"] == 1
    data = json.loads(formats.prairielearn(failed))
    assert 0 < data["score"] < 1
    assert data["gradable"] is True
    assert len(formats.prairielearn(failed)) < 1_000_000
    for test in data["tests"]:
        has(test, {"name": str, "points": int, "max_points": int, "message": str, "output": str})


def test_the_reporter_of_classroom_gets_base64(failed: Report) -> None:
    data = json.loads(base64.b64decode(formats.classroom(failed)))
    assert data["version"] == 3
    assert data["max_score"] == PRICE.max_score
    assert sum(test["score"] for test in data["tests"]) == failed.score


def test_junit_is_xml_with_the_counts(failed: Report) -> None:
    suite = ElementTree.fromstring(formats.junit(failed))[0]
    assert int(suite.attrib["tests"]) == len(failed.results)
    assert int(suite.attrib["failures"]) == len(suite.findall("testcase/failure")) > 0
    assert int(suite.attrib["skipped"]) == len(suite.findall("testcase/skipped"))


def test_annotations_stay_on_their_line(failed: Report) -> None:
    text = formats.github(failed)
    lines = text.splitlines()
    assert lines
    for line in lines:
        assert line.startswith(("::error file=starter.py", "::warning file=starter.py"))
    assert any(",line=" in line for line in lines)


# -- whatever a report has in it -------------------------------------------------------------------

NASTY = [
    "", " ", "\0", "\x1b[2J\x07", "a\nb\r\nc\rd", "\u2028\u2029\x85", "\ufffe\uffff", "]]>",
    "<&>\"'",
    "::error file=x::y\n::set-output name=a::b", "%0A::stop-commands::x", "é 你好 🐛 \U0010ffff",
    "a,b:c=d", "=cmd|' /C calc'!A1", "x" * 5000, "\\ud800",
]  # fmt: skip


def a_report(texts: list[str]) -> Report:
    """A report of checks in every state, whose texts come from what students write and print."""
    results = []
    states = ["pass", "fail", "error", "skip"]
    for number, text in enumerate(texts):
        status: Any = states[number % 4]
        results.append(
            Result(
                f"check-{number}", f"title {text[:80]}", status, 2 if status == "pass" else 0, 3,
                "hidden" if number % 5 == 4 else "visible", "" if status != "skip" else "check-0",
                text, f"hint {text[:80]}", number % 3, status == "pass", 0.25,
                {"replay": f"gosim run {text}", "story": [*text.split("\n"), "then"], "n": number},
            )
        )  # fmt: skip
    return Report("price-comparison", "0a17-0123456789", "a.go", "go", tuple(results), "none")


@pytest.mark.parametrize("name", formats.FORMATS)
def test_every_form_is_what_its_document_says_whatever_students_write(
    name: str, failed: Report, passed: Report
) -> None:
    write, is_valid = formats.FORMATS[name], VALIDATORS[name]
    for one in (failed, passed, a_report(NASTY), a_report(["x" * 300_000] * 5)):
        is_valid(write(one))


QUICK = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@QUICK
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=9))
def test_no_text_breaks_a_form(texts: list[str]) -> None:
    one = a_report(texts)
    validate_gosim(json.dumps(one.to_dict(), ensure_ascii=False))
    for name, write in formats.FORMATS.items():
        VALIDATORS[name](write(one))


def test_the_validators_refuse_what_is_wrong(failed: Report) -> None:
    """A validator that takes everything would hold nothing."""
    wrong = {
        "classroom50": ('"score": ', '"score": 0.5, "x": '),
        "gradescope": ('"status": "failed"', '"status": "fail"'),
        "check50": ('"passed": false', '"passed": "no"'),
        "prairielearn": ('"score": ', '"score": 1'),
        "junit": ('failures="', 'failures="1'),
        "github": ("::error", "\n::error"),
    }
    for name, (was, now) in wrong.items():
        text = formats.FORMATS[name](failed)
        assert was in text
        with pytest.raises(AssertionError):
            VALIDATORS[name](text.replace(was, now, 1))
    with pytest.raises(ElementTree.ParseError):
        VALIDATORS["junit"]("<testsuites>\0</testsuites>")
    with pytest.raises(AssertionError):
        VALIDATORS["classroom"](base64.b64encode(b'{"version": 2}').decode() + "\n")


def test_of_a_hidden_check_students_see_the_points_alone() -> None:
    one = a_report(["open", "open", "open", "open", "secret"])
    for name, write in formats.FORMATS.items():
        text = write(one)
        if name == "classroom":
            text = base64.b64decode(text).decode()
        if name == "gradescope":  # told that it is hidden, it hides it
            assert json.loads(text)["tests"][4]["visibility"] == "hidden"
            continue
        assert "secret" not in text, name
        assert (
            "hidden-1" in text
            or "a hidden check" in text
            or "hidden_1" in text
            or (
                name == "github"  # the fifth has passed
            )
        )


def test_half_a_character_that_a_program_prints_reaches_no_file() -> None:
    from gosim.course.sandbox import _believed

    line = json.dumps({"nonce": "n", "observation": {"id": "0", "stdout": "a\ud800b"}}).encode()
    (found,) = _believed(line, "n", ["0"])
    assert found["stdout"] == "a\\ud800b"


NAMES = [
    "=cmd|' /C calc'!A1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    " =1",
    "＝1",
    'Ä "B", C',
    "a\nb",
]


@QUICK
@given(st.lists(st.one_of(st.text(max_size=20), st.sampled_from(NAMES)), min_size=1, max_size=6))
def test_no_cell_of_a_table_is_a_formula(texts: list[str]) -> None:
    """Read with another reader: as many cells in each row, none that a spreadsheet calculates."""
    graded = [Graded(f"{t}{n}", a_report(["", t, t]), True) for n, t in enumerate(texts)]
    people = [Person(f"{t}{n}", t, t) for n, t in enumerate(texts)]
    for write in TABLES.values():
        text = write(PRICE, graded, [*people, Person("=absent", "=", "=")])
        rows = list(csv.reader(io.StringIO(text, newline="")))
        assert len({len(row) for row in rows}) == 1
        assert len(rows) >= len(texts) + 1
        for cell in (cell for row in rows for cell in row):
            assert not cell.lstrip().startswith(tuple("=+-@＝＋－＠")), cell
            assert all(c.isprintable() for c in cell), cell


def test_canvas_and_moodle_find_the_columns_that_they_import() -> None:
    graded = [Graded("anna", a_report(["fine", "x"]), True)]
    people = [Person("ANNA", "Anna Ä", "anna@example.org")]
    canvas = list(csv.DictReader(io.StringIO(TABLES["canvas"](PRICE, graded, people))))
    assert [row["Student"] for row in canvas] == ["    Points Possible", "Anna Ä"]
    assert float(canvas[0][PRICE.title]) == PRICE.max_score
    assert float(canvas[1][PRICE.title]) == graded[0].report.score
    assert {"Student", "ID", "SIS User ID", "SIS Login ID", "Section"} < set(canvas[0])
    (moodle,) = csv.DictReader(io.StringIO(TABLES["moodle"](PRICE, graded, people)))
    assert moodle["Email address"] == "anna@example.org"
    assert float(moodle[PRICE.title]) == graded[0].report.score
    assert moodle["Feedback comments"] == "title fine; title x"


@pytest.mark.parametrize("name", formats.FORMATS)
def test_the_command_prints_each_form(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from gosim.course import checking

    monkeypatch.setattr(
        checking, "check", lambda *a, **k: report("price-comparison", PRICE.folder / "starter.py")
    )
    line = ["check", "starter.py", "--assignment", "price-comparison", "--format", name]
    assert main([*line, "--instructor", str(INSTRUCTOR)]) == 1
    said = capsys.readouterr()
    assert said.out
    assert not said.err


def cells_of(name: str, form: str, source: str = "python") -> list[dict[str, Any]]:
    book = json.loads(notebook(assignment(name), form, source)[f"{name}.ipynb"])
    assert book["nbformat"] == 4
    ids = [cell["id"] for cell in book["cells"]]
    assert len(set(ids)) == len(ids)
    cells: list[dict[str, Any]] = book["cells"]
    return cells


def text_of(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def is_marked(cell: dict[str, Any]) -> bool:
    return "BEGIN HIDDEN TESTS" in text_of(cell) or "hidden: true" in text_of(cell)


@pytest.mark.parametrize("source", ["python", "go"])
@pytest.mark.parametrize("form", ["nbgrader", "otter"])
@pytest.mark.parametrize("name", names())
def test_a_notebook_has_a_cell_for_every_check_with_points(
    name: str, form: str, source: str
) -> None:
    made = assignment(name)
    if source == "go" and made.kind != "repair":
        pytest.skip("answers are written once")
    cells = cells_of(name, form, source)
    sources = [text_of(cell) for cell in cells]
    program = next(s for s in sources if s.startswith("%%writefile"))
    if made.kind == "repair":
        assert program.partition("\n")[2] == made.starter(source)
    for check in made.checks:
        if check.points:
            assert any(f'"{check.id}"' in s for s in sources), check.id
    if form == "nbgrader":
        graded = [c["metadata"]["nbgrader"] for c in cells if "nbgrader" in c["metadata"]]
        assert sum(cell.get("points", 0) for cell in graded) == made.max_score
        assert {cell["schema_version"] for cell in graded} == {3}
        assert all(cell["locked"] for cell in graded)
        hidden = [c for c in made.checks if c.points and c.visibility != "visible"]
        assert sum("BEGIN HIDDEN TESTS" in s for s in sources) >= len(hidden)
    else:
        assert sources[0].startswith("# ASSIGNMENT CONFIG")
        assert sources.count("# BEGIN TESTS") == sources.count("# END TESTS")
        shares = [s for s in sources if "# BEGIN TEST CONFIG" in s]
        total = sum(int(s.splitlines()[1].removeprefix("points: ")) for s in shares)
        assert total == made.max_score


@pytest.mark.parametrize("form", ["nbgrader", "otter"])
@pytest.mark.parametrize("name", names())
def test_what_only_the_teacher_knows_stands_in_cells_that_the_host_takes_out(
    name: str, form: str
) -> None:
    made = assignment(name)
    assert made.bundle is not None
    open_text = "".join(text_of(cell) for cell in cells_of(name, form) if not is_marked(cell))
    for check in made.bundle.checks:
        assert f"'{check.title}'" not in open_text
    assert "answers': {" not in open_text
    for paths in made.bundle.references.values():
        for path in paths:
            assert path.read_text(encoding="utf-8") not in open_text


@pytest.mark.parametrize("form", ["nbgrader", "otter"])
def test_hidden_checks_are_asked_where_there_is_no_bundle(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the cells of the grader say is enough, for a repair and for answers."""
    monkeypatch.setenv("GOSIM_INSTRUCTOR", str(tmp_path / "nothing"))
    monkeypatch.chdir(tmp_path)
    assert PRICE.bundle is not None
    Path("solution.py").write_text(PRICE.bundle.references["python"][0].read_text())
    Path("answers.toml").write_text("started = 10\nsenders_left = 2\nreceivers_left = 9\n")
    said: dict[str, Any] = {}
    for name in ("price-comparison", "count-the-left"):
        for cell in cells_of(name, form):
            if "points" not in text_of(cell) or cell["cell_type"] != "code":
                continue
            said[cell["id"]] = value_of(text_of(cell), form)
    capsys.readouterr()
    full = {f"code-{c.id}": c.points for c in PRICE.checks if c.points}
    if form == "nbgrader":
        count = {"started": 1, "senders_left": 3, "receivers_left": 0, "left": 0}
        assert said == full | {f"code-{name}": points for name, points in count.items()}
    else:
        assert [name for name, value in said.items() if value] == [
            "code-receivers_left-1", "code-left-0",
        ]  # fmt: skip
        assert "receivers_left = 9 is not right" in said["code-receivers_left-1"]


def value_of(text: str, form: str) -> Any:
    """What a cell comes to: its last expression, or what its test raises."""
    tree = ast.parse(text)
    space: dict[str, Any] = {}
    if form == "nbgrader":
        last = tree.body.pop()
        assert isinstance(last, ast.Expr)
        exec(compile(tree, "<cell>", "exec"), space)
        return eval(compile(ast.Expression(last.value), "<cell>", "eval"), space)
    exec(compile(tree, "<cell>", "exec"), space)
    test = next(thing for name, thing in space.items() if name.startswith("test_"))
    try:
        test()
    except AssertionError as error:
        return str(error)
    return ""


def test_a_check_that_used_up_its_time_costs_it_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The cells after it do not wait, too: a host would give each of them its own time."""
    from gosim.testing import points

    monkeypatch.chdir(tmp_path)
    text = PRICE.starter("python")
    Path("solution.py").write_text(
        text.replace("    return await quotes.recv()", "    while True:\n        pass")
    )
    begun = time.monotonic()
    found = [points("solution.py", "price-comparison", c, seconds=4) for c in ("prints", "fast")]
    took = time.monotonic() - begun
    assert found == [0, 0]
    assert "the time was used up by another check" in capsys.readouterr().out
    assert took < 7, took


def test_the_notebooks_points_are_a_float_and_nothing_is_on_stderr(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    from gosim.testing import points

    file = tmp_path / "solution.py"
    file.write_text(PRICE.starter("python"))
    value = points(str(file), "price-comparison", "prints")
    assert type(value) is float
    assert value == 2
    assert points(str(file), "price-comparison", "never-leaks") == 0
    said = capsys.readouterr()
    assert ":( no goroutine is left over" in said.out
    assert not said.err
