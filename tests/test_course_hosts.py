"""nbgrader and otter-grader themselves, over shipped assignments: grades as `gosim check` has them.

``python -m tests.course_hosts`` installs both; without them, and without a network, these skip.
"""

from __future__ import annotations

import csv
import getpass
import json
import os
import subprocess
import time
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from course_cases import INSTRUCTOR, assignment
from course_hosts import installed

from gosim.cli import main
from gosim.course.assignment import Assignment, load
from gosim.course.checking import check

pytestmark = pytest.mark.slow

PRICE = assignment("price-comparison")


def host(name: str) -> Path:
    try:
        return installed(name)
    except (OSError, subprocess.SubprocessError) as error:
        said = str(getattr(error, "stderr", "") or error).strip().splitlines()
        pytest.skip(f"{name} cannot be installed here: {said[-1] if said else error}")


def run(bin_: Path, folder: Path, *words: str, inside: dict[str, str] | None = None) -> str:
    """Run a host's program where no bundle can be found, and return what it says."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "GOSIM_", "JUPYTER"))}
    env |= {"PATH": f"{bin_}{os.pathsep}{env['PATH']}", "HOME": str(folder), **(inside or {})}
    done = subprocess.run(
        [str(bin_ / words[0]), *words[1:]],
        cwd=folder, env=env, capture_output=True, text=True, timeout=900, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{' '.join(words)}\n{done.stdout[-3000:]}\n{done.stderr[-6000:]}"
    return done.stdout + done.stderr


@cache
def repairs(source: str) -> dict[str, str]:
    """Submissions of the price comparison: student to program."""
    bundle = PRICE.bundle
    assert bundle is not None
    end = ".py" if source == "python" else ".go"
    starter = PRICE.starter(source)
    returns = "    return await quotes.recv()\n" if source == "python" else "\treturn <-quotes\n"
    loop = "    while True:\n        pass\n" if source == "python" else "\tfor {\n\t}\n"
    assert returns in starter
    return {
        "reference": bundle.references[source][0].read_text(),
        "starter": starter,
        "buffer-of-one": (bundle.folder / "wrong" / f"buffer-of-one{end}").read_text(),
        "one-after-the-other": (bundle.folder / "wrong" / f"one-after-the-other{end}").read_text(),
        "syntax-error": starter.replace(returns, "    return (\n"),
        "endless-loop": starter.replace(returns, loop),
        "empty": "",
    }


ANSWERS = {
    "reference": (INSTRUCTOR / "count-the-left" / "reference.toml").read_text(),
    "starter": 'source = "python"\nstarted = ""\nsenders_left = ""\nreceivers_left = ""\n',
    "forgets": (INSTRUCTOR / "count-the-left" / "wrong" / "forgets-the-buffer.toml").read_text(),
    "syntax-error": "started = = 10\n",
}


def expected(made: Assignment, file: str, texts: dict[str, str], folder: Path) -> dict[str, float]:
    """The grades that `gosim check` gives; of a program that never ends, at most those."""
    folder.mkdir(exist_ok=True)
    scores: dict[str, float] = {}
    for student, text in texts.items():
        (folder / file).write_text(text)
        if student == "endless-loop":  # still concurrent, when that is seen before time is up
            scores[student] = 2
            continue
        scores[student] = check(folder / file, made).score
    return scores


def with_answer(book: Path, text: str) -> str:
    """A student's notebook with another program in its cell."""
    data = json.loads(book.read_text(encoding="utf-8"))
    (cell,) = (c for c in data["cells"] if "".join(c["source"]).startswith("%%writefile"))
    cell["source"] = "".join(cell["source"]).partition("\n")[0] + "\n" + text
    return json.dumps(data)


def bad_outputs(book: Path) -> list[Any]:
    """What cells with points have on stderr, and the errors in which they ended."""
    every = json.loads(book.read_text(encoding="utf-8"))["cells"]
    cells = [cell for cell in every if cell["metadata"].get("nbgrader", {}).get("grade")]
    assert cells
    outputs = [output for cell in cells for output in cell.get("outputs", ())]
    return [o for o in outputs if o["output_type"] == "error" or o.get("name") == "stderr"]


# -- nbgrader --------------------------------------------------------------------------------------


@pytest.mark.parametrize("source", ["python", "go"])
def test_nbgrader_grades_a_repair_as_gosim_does(source: str, tmp_path: Path) -> None:
    """Generate, release, fetch, submit, collect, autograde, feedback, export."""
    nbgrader(tmp_path, PRICE, repairs(source), source)
    page = tmp_path / "feedback" / "buffer-of-one" / "ps" / "price-comparison.html"
    assert "to send on 2 different quotes" in page.read_text(encoding="utf-8")


def test_nbgrader_grades_answers_as_gosim_does(tmp_path: Path) -> None:
    nbgrader(tmp_path, assignment("count-the-left"), ANSWERS, "python")


def test_nbgrader_grades_an_assignment_of_ones_own(tmp_path: Path) -> None:
    """The skeleton as it is; a student who changes the checks beside the notebook gains nothing."""
    own = tmp_path / "own"
    assert main(["new-assignment", "my-pool", "--out", str(own)]) == 0
    made = load(own / "my-pool", own / "instructor")
    assert made.bundle is not None
    texts = {
        "reference": made.bundle.references["go"][0].read_text(),
        "starter": made.starter("go"),
        "changes-the-checks": made.starter("go"),
    }
    submitted = tmp_path / "submitted" / "changes-the-checks" / "ps" / "my-pool"
    submitted.mkdir(parents=True)
    (submitted / "assignment.toml").write_text('title = "x"\nkind = "repair"\n')
    nbgrader(tmp_path, made, texts, "go", own)


def nbgrader(
    course: Path, made: Assignment, texts: dict[str, str], source: str, own: Path | None = None
) -> None:
    bin_ = host("nbgrader")
    exchange = course / "exchange"
    exchange.mkdir()
    exchange.chmod(0o777)
    (course / "nbgrader_config.py").write_text(
        f'c.CourseDirectory.course_id = "go101"\nc.Exchange.root = {str(exchange)!r}\n'
        f"c.CourseDirectory.root = {str(course)!r}\n"
    )
    name = made.name if own is None else str(own / made.name)
    bundle = INSTRUCTOR if own is None else own / "instructor"
    form = ["new-assignment", name, "--form", "nbgrader", "--source", source]
    out = course / "source" / "ps"
    assert main([*form, "--instructor", str(bundle), "--out", str(out)]) == 0
    run(bin_, course, "nbgrader", "generate_assignment", "ps")
    run(bin_, course, "nbgrader", "release_assignment", "ps")
    book = course / "release" / "ps" / f"{made.name}.ipynb"
    assert "hidden={" not in book.read_text(encoding="utf-8")
    for student, text in texts.items():
        if student == "reference":
            continue
        place = course / "submitted" / student / "ps" / book.name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(with_answer(book, text), encoding="utf-8")
    # One of them goes the whole way through the exchange.
    desk = course / "desk"
    desk.mkdir()
    (desk / "nbgrader_config.py").write_text((course / "nbgrader_config.py").read_text())
    run(bin_, desk, "nbgrader", "fetch_assignment", "ps")
    mine = desk / "ps" / book.name
    mine.write_text(with_answer(mine, texts["reference"]), encoding="utf-8")
    run(bin_, desk, "nbgrader", "submit", "ps")
    run(bin_, course, "nbgrader", "collect", "ps")
    begun = time.monotonic()
    run(bin_, course, "nbgrader", "autograde", "ps", "--create")
    print(f"\nnbgrader, {made.name}: {(time.monotonic() - begun) / len(texts):.1f} s each")
    run(bin_, course, "nbgrader", "generate_feedback", "ps")
    run(bin_, course, "nbgrader", "export", "--to", "grades.csv")
    with open(course / "grades.csv", encoding="utf-8", newline="") as f:
        rows = {row["student_id"]: row for row in csv.DictReader(f)}
    myself = getpass.getuser()
    file = (
        "answers.toml"
        if made.kind != "repair"
        else f"solution.{'py' if source == 'python' else 'go'}"
    )
    for student, score in expected(made, file, texts, course / "expected").items():
        row = rows[myself if student == "reference" else student]
        assert float(row["max_score"]) == made.max_score
        got = float(row["score"])
        assert got == score or (student == "endless-loop" and got < score), student
        graded = course / "autograded" / row["student_id"] / "ps" / book.name
        assert not bad_outputs(graded), student
        assert (course / "feedback" / row["student_id"] / "ps" / f"{made.name}.html").exists()
    assert float(rows[myself]["score"]) == made.max_score


# -- otter-grader ----------------------------------------------------------------------------------


@pytest.mark.parametrize("source", ["python", "go"])
def test_otter_grades_a_repair_as_gosim_does(source: str, tmp_path: Path) -> None:
    found = otter(tmp_path, PRICE, repairs(source), source)
    leak = next(t for t in found["buffer-of-one"]["tests"] if t["name"] == "never_leaks")
    assert "to send on 2 different quotes" in leak["output"]
    assert "who receives what the slow shops send?" in leak["output"]


def test_otter_grades_answers_as_gosim_does(tmp_path: Path) -> None:
    otter(tmp_path, assignment("count-the-left"), ANSWERS, "python")


def otter(
    folder: Path, made: Assignment, texts: dict[str, str], source: str
) -> dict[str, dict[str, Any]]:
    bin_ = host("otter")
    form = ["new-assignment", made.name, "--form", "otter", "--source", source]
    assert main([*form, "--instructor", str(INSTRUCTOR), "--out", str(folder)]) == 0
    book = f"{made.name}.ipynb"
    run(bin_, folder, "otter", "assign", book, "dist")
    student_book = folder / "dist" / "student" / book
    assert "hidden={" not in student_book.read_text(encoding="utf-8")
    (config,) = (folder / "dist" / "autograder").glob("*.zip")
    found: dict[str, dict[str, Any]] = {}
    took = 0.0
    for student, text in texts.items():
        place = folder / student
        place.mkdir()
        (place / book).write_text(with_answer(student_book, text), encoding="utf-8")
        begun = time.monotonic()
        run(bin_, place, "otter", "run", "-a", str(config), "-o", str(place), str(place / book))
        took += time.monotonic() - begun
        found[student] = json.loads((place / "results.json").read_text(encoding="utf-8"))
    print(f"\notter, {made.name}: {took / len(texts):.1f} s each")
    file = (
        "answers.toml"
        if made.kind != "repair"
        else f"solution.{'py' if source == 'python' else 'go'}"
    )
    for student, score in expected(made, file, texts, folder / "expected").items():
        tests = [t for t in found[student]["tests"] if "score" in t]
        assert sum(t["max_score"] for t in tests) == made.max_score
        got = sum(t["score"] for t in tests)
        assert got == score or (student == "endless-loop" and got < score), student
    return found
