"""Grading a class: every submission in a folder, each checked once.

A submission is a file ``STUDENT.py`` (``.go``, ``.toml``) or a folder ``STUDENT`` with one such
file.  What came of it is written into the folder of results as soon as it is known, under what it
depends on: the text, the assignment, gosim.  Who starts the grading again gets what is there; only
what is missing, and checks that have changed since, are run.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import stat
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from gosim.course import checking, variants
from gosim.course.assignment import SUFFIXES, Assignment, Check
from gosim.course.report import Report, Result, read, version
from gosim.course.sandbox import Limits
from gosim.runtime.errors import LoadError, UsageError

SCHEMA: Final = "gosim.grade/1"


@dataclass(frozen=True)
class Submission:
    """What a student handed in.

    Attributes
    ----------
    student : str
    path : Path or None
        None when there is nothing that could be checked; then `problem` says why.
    """

    student: str
    path: Path | None
    problem: str = ""


@dataclass(frozen=True)
class Graded:
    """A student's grade.

    Attributes
    ----------
    student : str
    report : Report
    fresh : bool
        It was checked now, and not found among the results.
    """

    student: str
    report: Report
    fresh: bool


def submissions(folder: Path, assignment: Assignment) -> list[Submission]:
    """Return what is in a folder of submissions, by student.

    Raises
    ------
    LoadError
        When the folder cannot be read.
    """
    endings = (
        (".toml",)
        if assignment.kind != "repair"
        else tuple(SUFFIXES[source] for source in assignment.sources)
    )
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        raise LoadError(
            f"cannot read the folder of submissions: {(error.strerror or '').lower()}", str(folder)
        ) from None
    found: dict[str, Submission] = {}
    for entry in entries:
        if entry.name.startswith("."):
            continue
        mode = entry.stat(follow_symlinks=False).st_mode
        if stat.S_ISDIR(mode):
            given = _inside(entry.name, Path(entry.path), endings)
        elif entry.name.endswith(endings):
            given = Submission(Path(entry.name).stem, Path(entry.path))
        else:
            continue
        other = found.get(given.student)
        if other is not None:
            given = Submission(given.student, None, "there are two submissions of this student")
        found[given.student] = given
    return [found[student] for student in sorted(found)]


def _inside(student: str, folder: Path, endings: tuple[str, ...]) -> Submission:
    try:
        files = sorted(p for p in folder.iterdir() if p.name.endswith(endings))
    except OSError:
        return Submission(student, None, "the folder cannot be read")
    if len(files) == 1:
        return Submission(student, files[0])
    many = "there is no" if not files else f"there are {len(files)}"
    return Submission(student, None, f"{many} file that ends in {' or '.join(endings)}")


# -- one student -----------------------------------------------------------------------------------


def _key_of(check: Check, assignment: Assignment) -> str:
    """Return what the answer to a check depends on besides the submission."""
    answers = assignment.bundle.answers if assignment.bundle is not None else {}
    about = {
        "check": asdict(check),
        "params": dict(assignment.params),
        "names": dict(assignment.names),
        "budget": asdict(assignment.budget),
        "starters": dict(assignment.starters),
        "go": assignment.go,
        "answers": dict(answers) if check.kind == "answer" else {},
        "gosim": version(),
    }
    text = json.dumps(about, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(checking.read(path).encode()).hexdigest()
    except LoadError as error:
        return f"unreadable: {error.message}"


@dataclass(frozen=True)
class _Known:
    digest: str
    keys: Mapping[str, str]
    report: Report


def _known(path: Path) -> _Known | None:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return _Known(data["submission"], data["keys"], read(data["report"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write(path: Path, text: str) -> None:
    """Write a file so that it is there in full or not at all."""
    partial = path.with_name(f"{path.name}.{os.getpid()}.part")
    partial.write_text(text, encoding="utf-8")
    os.replace(partial, path)


def _stale(known: _Known, keys: Mapping[str, str], assignment: Assignment) -> list[str]:
    """Return the checks that have to be asked again, those that depend on them included."""
    again = {name for name, key in keys.items() if known.keys.get(name) != key}
    for check in assignment.checks:
        if again.intersection(check.depends_on):
            again.add(check.id)
    return [check.id for check in assignment.checks if check.id in again]


@dataclass(frozen=True)
class Grader:
    """Grades submissions of one assignment.

    Attributes
    ----------
    assignment : Assignment
        The master copy.
    results : Path
        Folder of the results.
    mode : str
        The sandbox.
    limits : Limits
    secret : bytes or None
        From which the variants were made.
    """

    assignment: Assignment
    results: Path
    mode: str = "auto"
    limits: Limits = field(default_factory=Limits)
    secret: bytes | None = None

    def of_student(self, student: str) -> Assignment:
        """Return the assignment that a student got."""
        if self.secret is None:
            return self.assignment
        return variants.for_student(self.assignment, self.secret, student)

    def place(self, student: str, ending: str = ".json") -> Path:
        """Return the file with a student's results."""
        folder = "feedback" if ending == ".html" else "reports"
        return self.results / folder / f"{file_name(student)}{ending}"

    def grade(self, submission: Submission) -> Graded:
        """Return a student's grade, and write down what is new of it."""
        assignment = self.of_student(submission.student)
        place = self.place(submission.student)
        keys = {check.id: _key_of(check, assignment) for check in assignment.checks}
        digest = submission.problem if submission.path is None else _digest(submission.path)
        known = _known(place)
        if known is not None and known.digest == digest:
            if known.keys == keys:
                return Graded(submission.student, known.report, False)
            report = self._again(submission, assignment, known, keys)
        elif submission.path is None:
            report = _missing(assignment, submission.problem)
        else:
            report = self._checked(submission.path, assignment)
        kept = {"submission": digest, "keys": keys, "report": report.to_dict()}
        place.parent.mkdir(parents=True, exist_ok=True)
        _write(place, json.dumps(kept, ensure_ascii=False, indent=1))
        return Graded(submission.student, report, True)

    def _checked(self, path: Path, assignment: Assignment, only: Sequence[str] = ()) -> Report:
        try:
            return checking.check(path, assignment, mode=self.mode, limits=self.limits, only=only)
        except UsageError as error:
            return _missing(assignment, error.message)

    def _again(
        self,
        submission: Submission,
        assignment: Assignment,
        known: _Known,
        keys: Mapping[str, str],
    ) -> Report:
        if submission.path is None:
            return _missing(assignment, submission.problem)
        again = _stale(known, keys, assignment)
        old = {result.id: result for result in known.report.results}
        fresh: dict[str, Result] = {}
        if again:
            report = self._checked(submission.path, assignment, again)
            fresh = {result.id: result for result in report.results}
        results = [
            fresh[c.id] if c.id in again and c.id in fresh else old.get(c.id, fresh.get(c.id))
            for c in assignment.checks
        ]
        return replace(known.report, results=tuple(r for r in results if r is not None))


def _missing(assignment: Assignment, problem: str) -> Report:
    results = [
        Result(c.id, c.title, "error" if i == 0 else "skip", 0, c.points, c.visibility,
               "" if i == 0 else assignment.checks[0].id, problem if i == 0 else "")
        for i, c in enumerate(assignment.checks)
    ]  # fmt: skip
    return Report(assignment.name, assignment.variant, "", "", tuple(results))


def file_name(student: str) -> str:
    """Return a file name for a student's results, which differs from student to student."""
    plain = "".join(c if c.isalnum() or c in "-_" else "_" for c in student)[:60]
    if plain == student and not plain.startswith("-"):
        return plain
    return f"{plain.lstrip('-')}-{hashlib.sha256(student.encode()).hexdigest()[:8]}"


# -- a class ---------------------------------------------------------------------------------------


def grade_all(
    grader: Grader,
    given: Sequence[Submission],
    jobs: int = 1,
    tell: Callable[[int, Graded], Any] | None = None,
    cluster: str | None = None,
) -> list[Graded]:
    """Grade submissions, `jobs` at a time, and return them in the order they were given.

    Parameters
    ----------
    tell : callable, optional
        Told after each how many are done.
    cluster : str, optional
        Address of a dask scheduler; its workers need the folders of this machine.
    """
    done: dict[str, Graded] = {}
    for number, graded in enumerate(_completed(grader, given, jobs, cluster), 1):
        done[graded.student] = graded
        if tell is not None:
            tell(number, graded)
    return [done[submission.student] for submission in given]


def _completed(
    grader: Grader, given: Sequence[Submission], jobs: int, cluster: str | None
) -> Iterable[Graded]:
    if cluster is not None:
        import distributed

        with distributed.Client(cluster) as client:  # type: ignore[no-untyped-call]
            futures = client.map(grader.grade, given, pure=False)
            done = distributed.as_completed(futures)  # type: ignore[no-untyped-call]
            yield from (future.result() for future in done)
        return
    pool = ThreadPoolExecutor(max(1, jobs))
    try:
        waiting: list[Future[Graded]] = [pool.submit(grader.grade, one) for one in given]
        yield from (future.result() for future in as_completed(waiting))
    finally:  # also when the grading is stopped: what has not begun does not begin any more
        pool.shutdown(cancel_futures=True)


# -- tables ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Person:
    """A line of the roster: `student` is what submissions are called by."""

    student: str
    name: str = ""
    email: str = ""


def roster(path: str | Path) -> list[Person]:
    """Return the people in a CSV file with a column ``id``, perhaps ``name`` and ``email``.

    Raises
    ------
    LoadError
        When it is none.
    """
    try:
        with open(path, encoding="utf-8-sig", newline="") as f:
            rows = list(csv.DictReader(f))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise LoadError(f"cannot read the roster: {error}", str(path)) from None
    found: list[Person] = []
    for row in rows:
        lower = {str(k).strip().lower(): (v or "").strip() for k, v in row.items() if k is not None}
        student = lower.get("id") or lower.get("student") or lower.get("email") or ""
        if not student:
            raise LoadError("the roster needs a column id, with a value in each line", str(path))
        if any(p.student.casefold() == student.casefold() for p in found):
            raise LoadError(f"{student} stands twice in the roster", str(path))
        found.append(Person(student, lower.get("name", ""), lower.get("email", "")))
    return found


def _cell(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _table(rows: Iterable[Sequence[Any]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def plain_csv(assignment: Assignment, graded: Sequence[Graded], people: Sequence[Person]) -> str:
    """Return the grades with a column for each check."""
    ids = [check.id for check in assignment.checks]
    rows: list[list[Any]] = [["student", "variant", "score", "max_score", "status", "review", *ids]]
    for one in graded:
        scores = {result.id: result.score for result in one.report.results}
        rows.append(
            [
                _cell(one.student),
                one.report.variant,
                one.report.score,
                one.report.max_score,
                one.report.status,
                " ".join(one.report.review),
                *(scores.get(name, 0) for name in ids),
            ]
        )
    return _table(rows)


def canvas_csv(assignment: Assignment, graded: Sequence[Graded], people: Sequence[Person]) -> str:
    """Return what Canvas's gradebook imports."""
    names = {person.student.casefold(): person.name for person in people}
    head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", assignment.title]
    rows: list[list[Any]] = [head, ["    Points Possible", "", "", "", "", assignment.max_score]]
    for one in graded:
        name = names.get(one.student.casefold(), "") or one.student
        rows.append([_cell(name), "", _cell(one.student), _cell(one.student), "", one.report.score])
    return _table(rows)


def moodle_csv(assignment: Assignment, graded: Sequence[Graded], people: Sequence[Person]) -> str:
    """Return what Moodle's gradebook imports."""
    emails = {person.student.casefold(): person.email for person in people}
    rows: list[list[Any]] = [["ID number", "Email address", assignment.title, "Feedback comments"]]
    for one in graded:
        failed = [r.title for r in one.report.results if r.score < r.max_score and shown(r)]
        comment = "; ".join(failed)
        email = emails.get(one.student.casefold(), "")
        rows.append([_cell(one.student), _cell(email), one.report.score, _cell(comment)])
    return _table(rows)


TABLES: Final = {"plain": plain_csv, "canvas": canvas_csv, "moodle": moodle_csv}


def shown(result: Result, reveal: bool = False) -> bool:
    """Whether a student is shown a check."""
    return reveal or result.visibility == "visible"


def page(one: Graded, assignment: Assignment, reveal: bool = False) -> str:
    """Return a student's feedback as one HTML page that needs nothing else."""
    from html import escape

    report = one.report
    marks = {"pass": "passed", "fail": "failed", "error": "not checked", "skip": "skipped"}
    parts: list[str] = []
    for result in report.results:
        if not shown(result, reveal):
            points = f"{result.score} of {result.max_score}"
            if result.max_score:
                parts.append(f"<section><h2>a hidden check <small>{points}</small></h2></section>")
            continue
        points = f"{result.score} of {result.max_score}" if result.max_score else ""
        body = [f"<p>{escape(result.message)}</p>"] if result.message else []
        if result.line:
            body.append(f"<p>where: <code>{escape(report.submission)}:{result.line}</code></p>")
        story = result.data.get("story", ())
        if story and result.status != "pass":
            body.append("<ol>" + "".join(f"<li>{escape(s)}</li>" for s in story) + "</ol>")
        if result.hint:
            body.append(f"<p>hint: {escape(result.hint)}</p>")
        if result.data.get("replay"):
            body.append(f"<p>see it: <code>{escape(str(result.data['replay']))}</code></p>")
        parts.append(
            f'<section class="{result.status}"><h2>{escape(result.title)} '
            f"<small>{marks[result.status]} {points}</small></h2>{''.join(body)}</section>"
        )
    variant = f" · variant {escape(report.variant)}" if report.variant else ""
    return f"""<!doctype html>
<html lang="en"><meta charset="utf-8"><title>{escape(assignment.title)}</title>
<style>body{{font:16px/1.5 sans-serif;max-width:48em;margin:2em auto;padding:0 1em;color:#222}}
section{{border-left:6px solid #999;padding:.1em 1em;margin:1em 0;background:#f7f7f7}}
.pass{{border-color:#009E73}}.fail,.error{{border-color:#D55E00}}h2{{font-size:1.05em}}
small{{font-weight:normal;color:#555}}code{{background:#eee;padding:0 .2em;overflow-wrap:anywhere}}
</style><h1>{escape(assignment.title)}</h1>
<p>{escape(one.student)}{variant}: <strong>{report.score} of {report.max_score} points</strong></p>
{chr(10).join(parts)}
</html>
"""


def write_page(grader: Grader, one: Graded, reveal: bool = False) -> Path:
    """Write a student's feedback and return its place."""
    place = grader.place(one.student, ".html")
    place.parent.mkdir(parents=True, exist_ok=True)
    _write(place, page(one, grader.of_student(one.student), reveal))
    return place
