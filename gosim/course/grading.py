"""Grading a class: every submission in a folder, each checked once.

A submission is a file ``STUDENT.py`` (``.go``, ``.toml``), a folder ``STUDENT`` with one such file
in it, or a notebook with a cell that writes one.  What came of it is written into the folder of
results as soon as it is known, under what it depends on: the text, the assignment, gosim.  Who
starts the grading again gets what is there; only what is missing, and checks that have changed
since, are run.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import stat
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from gosim.course import checking, sandbox, variants
from gosim.course.assignment import SUFFIXES, Assignment, Check
from gosim.course.regions import changed
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


def submissions(
    folder: Path,
    assignment: Assignment,
    given: Callable[[str], Assignment] | None = None,
    results: Path | None = None,
) -> list[Submission]:
    """Return what is in a folder of submissions, by student.

    Parameters
    ----------
    folder : Path
    assignment : Assignment
    given : callable, optional
        Returns the assignment that a student got: of the files of a handout, those that are still
        as they were given out are not the submission.
    results : Path, optional
        The folder of the results, which is no submission when it is in there.

    Raises
    ------
    LoadError
        When the folder cannot be read.
    """
    return _scan(folder, assignment, given, results)[0]


def left_out(folder: Path, assignment: Assignment, results: Path | None = None) -> list[str]:
    """Return the names of what is in a folder of submissions and is none."""
    return _scan(folder, assignment, None, results)[1]


def _scan(
    folder: Path,
    assignment: Assignment,
    given: Callable[[str], Assignment] | None,
    results: Path | None,
) -> tuple[list[Submission], list[str]]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        raise LoadError(
            f"cannot read the folder of submissions: {(error.strerror or '').lower()}", str(folder)
        ) from None
    endings = _endings(assignment)
    ours = None if results is None else results.resolve()
    found: dict[str, Submission] = {}
    others: list[str] = []
    for entry in entries:
        path = Path(entry.path)
        if entry.name.startswith("."):
            continue
        if stat.S_ISDIR(entry.stat(follow_symlinks=False).st_mode):
            if path.resolve() == ours:
                continue
            student = _student(entry.name)
            one = _inside(student, path, endings, given)
        elif entry.name.endswith((*endings, ".ipynb")):
            student = _student(path.stem)
            one = _readable(student, path)
        else:
            others.append(_student(entry.name))
            continue
        # The roster, too, takes Anna and anna for the same person.
        key = student.casefold()
        if key in found:
            one = Submission(found[key].student, None, "there are two submissions of this student")
        found[key] = one
    return [found[key] for key in sorted(found)], others


def _endings(assignment: Assignment) -> tuple[str, ...]:
    if assignment.kind != "repair":
        return (".toml",)
    return tuple(SUFFIXES[source] for source in assignment.sources)


def _student(name: str) -> str:
    """Return the name of a file as one that can be printed, and is the same from every system."""
    return "".join(
        c if c.isprintable() else f"\\x{ord(c) & 0xFF:02x}"
        for c in unicodedata.normalize("NFC", name)
    )


def _readable(student: str, path: Path) -> Submission:
    if path.is_symlink() or os.access(path, os.R_OK):  # a link is refused when it is read
        return Submission(student, path)
    return Submission(student, None, "the file cannot be read: permission denied")


_DEEP: Final = 3
_MANY: Final = 1000


def _inside(
    student: str,
    folder: Path,
    endings: tuple[str, ...],
    given: Callable[[str], Assignment] | None,
) -> Submission:
    """Return the submission in a folder: the file at its top, or one further down."""
    level = [folder]
    for _ in range(_DEEP):
        try:
            below = [p for f in level for p in sorted(f.iterdir()) if not p.name.startswith(".")]
        except OSError:
            return Submission(student, None, "the folder cannot be read")
        files = [p for p in below if p.name.endswith(endings) and not p.is_dir()]
        files = files or [p for p in below if p.name.endswith(".ipynb") and not p.is_dir()]
        if len(files) > 1 and given is not None:
            files = _changed(files, given(student))
        if len(files) == 1:
            return _readable(student, files[0])
        if files:
            names = ", ".join(_student(p.name) for p in files[:3])
            return Submission(student, None, f"there are {len(files)} files: {names}")
        level = [p for p in below if p.is_dir() and not p.is_symlink()][:_MANY]
    return Submission(student, None, f"there is no file that ends in {' or '.join(endings)}")


def _changed(files: Sequence[Path], assignment: Assignment) -> list[Path]:
    """Return the files that are not as they were given out; one of them, when all are."""
    as_given = [assignment.starters.get(s, "") for s in assignment.sources]
    changed = [p for p in files if checking.peek(p) not in as_given]
    return changed or list(files[:1])


# -- notebooks -------------------------------------------------------------------------------------

_WRITES: Final = "%%writefile "
_BOOK: Final = 20_000_000


def program_of(book: Path, endings: Sequence[str]) -> tuple[str, str]:
    """Return what a notebook writes into a file, and the ending of the file.

    Nothing of it runs: a notebook that is graded by its own kernel can give itself what it likes.

    Raises
    ------
    LoadError
        When it is no notebook, or has not exactly one such cell.
    """
    try:
        if not stat.S_ISREG(os.lstat(book).st_mode) or os.path.getsize(book) > _BOOK:
            raise LoadError("a submission is an ordinary file, and not of many megabytes")
        cells = json.loads(book.read_text(encoding="utf-8"))["cells"]
        texts = ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise LoadError("this is no notebook that can be read", book.name) from None
    found: list[tuple[str, str]] = []
    for text in texts:
        first, _, rest = text.lstrip().partition("\n")
        end = os.path.splitext(first.strip())[1]
        if first.startswith(_WRITES) and end in endings:
            found.append((rest, end))
    if len(found) != 1:
        raise LoadError(
            f"the notebook has {len(found)} cells that write a file that ends in "
            f"{' or '.join(endings)}; one is the submission",
            book.name,
        )
    return found[0]


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
        "variant": assignment.variant,
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
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.part")
    partial.write_text(text, encoding="utf-8")
    os.replace(partial, path)


def _stale(
    known: _Known, keys: Mapping[str, str], assignment: Assignment, retry: bool
) -> list[str]:
    """Return the checks that have to be asked again, those that depend on them included."""
    again = {name for name, key in keys.items() if known.keys.get(name) != key}
    if retry:
        again |= {result.id for result in known.report.results if result.status == "error"}
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
    retry : bool
        Ask again what could not be checked before: more time, more memory, another machine.
    people : tuple of str
        The class, to say whose variant somebody has handed in.
    """

    assignment: Assignment
    results: Path
    mode: str = "auto"
    limits: Limits = field(default_factory=Limits)
    secret: bytes | None = None
    retry: bool = False
    people: tuple[str, ...] = ()

    def of_student(self, student: str) -> Assignment:
        """Return the assignment that a student got."""
        if self.secret is None:
            return self.assignment
        return variants.for_student(self.assignment, self.secret, student)

    def place(self, student: str, ending: str = ".json") -> Path:
        """Return the file with a student's results."""
        folder = {".html": "feedback", ".json": "reports"}.get(ending, "programs")
        return self.results / folder / f"{file_name(student)}{ending}"

    def grade(self, submission: Submission) -> Graded:
        """Return a student's grade, and write down what is new of it."""
        assignment = self.of_student(submission.student)
        place = self.place(submission.student)
        submission = self._taken_out(submission, assignment)
        keys = {check.id: _key_of(check, assignment) for check in assignment.checks}
        digest = submission.problem if submission.path is None else _digest(submission.path)
        known = _known(place)
        again: list[str] = []
        if known is not None and known.digest == digest:
            again = _stale(known, keys, assignment, self.retry and submission.path is not None)
            if known.keys == keys and not again:
                return Graded(submission.student, known.report, False)
        else:
            known = None
        if submission.path is None:
            report = _missing(assignment, submission.problem)
        elif (problem := self._of_another(submission, assignment)) is not None:
            report = _missing(assignment, problem)
        elif known is not None:
            report = self._again(submission.path, assignment, known, again)
        else:
            report = self._checked(submission.path, assignment)
        report = self._remarked(submission, assignment, report)
        kept = {"submission": digest, "keys": keys, "report": report.to_dict()}
        _write(place, json.dumps(kept, ensure_ascii=False, indent=1))
        return Graded(submission.student, report, True)

    def _taken_out(self, submission: Submission, assignment: Assignment) -> Submission:
        """Return the program of a notebook as the submission."""
        if submission.path is None or submission.path.suffix != ".ipynb":
            return submission
        try:
            text, end = program_of(submission.path, _endings(assignment))
        except LoadError as error:
            return replace(submission, path=None, problem=error.message)
        place = self.place(submission.student, end)
        _write(place, text)
        return replace(submission, path=place)

    def _of_another(self, submission: Submission, assignment: Assignment) -> str | None:
        """Return what is wrong with the identifier that a program carries."""
        assert submission.path is not None
        said = variants.carried(checking.peek(submission.path))
        if self.secret is None or not said or said == assignment.variant:
            return None
        whose = [p for p in self.people if self.of_student(p).variant == said]
        given = f"was given to {whose[0]}" if whose else "was given to nobody in this class"
        return f"this is the variant {said}, which {given}, and not {assignment.variant}"

    def _remarked(self, submission: Submission, assignment: Assignment, report: Report) -> Report:
        """Note whose program it is that was changed outside of its regions."""
        failed = any(r.id == "regions" and r.status == "fail" for r in report.results)
        if self.secret is None or submission.path is None or not failed or not report.source:
            return report
        text, go = checking.peek(submission.path), report.source == "go"
        for other in self.people:
            theirs = self.of_student(other)
            if theirs.variant == assignment.variant:
                continue
            whole = text if variants.carried(text) else _headed(text, theirs, go)
            if changed(theirs.starter(report.source), whole, go) is None:
                note = f"outside of the regions it is the program that {other} was given"
                return replace(report, notes=(*report.notes, note))
        return report

    def _checked(
        self,
        path: Path,
        assignment: Assignment,
        only: Sequence[str] = (),
        known: Mapping[str, Result] | None = None,
    ) -> Report:
        try:
            return checking.check(
                path, assignment, mode=self.mode, limits=self.limits, only=only, known=known
            )
        except UsageError as error:
            return _missing(assignment, error.message)

    def _again(
        self, path: Path, assignment: Assignment, known: _Known, again: Sequence[str]
    ) -> Report:
        """Ask some checks again; what is known of the others is not asked."""
        results = {r.id: r for r in known.report.results}
        there = {name: r for name, r in results.items() if name not in again}
        report = known.report
        if again:
            report = self._checked(path, assignment, again, there)
        results = there | {r.id: r for r in report.results}
        found = (results.get(c.id) for c in assignment.checks)
        return replace(report, results=tuple(r for r in found if r is not None))


def verify(grader: Grader, given: Sequence[Submission]) -> None:
    """See to it that programs with variants are graded with the secret that they were made from.

    Raises
    ------
    UsageError
        When they carry identifiers and there is no secret, or one that fits none of them.
    """
    said = {
        one.student: variants.carried(checking.peek(one.path))
        for one in given
        if one.path is not None and one.path.suffix != ".ipynb"
    }
    carrying = {student: variant for student, variant in said.items() if variant}
    if not carrying:
        return
    student, variant = next(iter(carrying.items()))
    if grader.secret is None:
        raise UsageError(
            f"the program of {student} carries the variant {variant}: grading needs the secret of "
            "the handout (--secret FILE)"
        )
    ours = {grader.of_student(p).variant for p in grader.people}
    if len(carrying) > 1 and ours.isdisjoint(carrying.values()):
        raise UsageError(
            "no variant that the programs carry was made with this secret; is it that of the "
            "handout, and of this assignment?"
        )


def _headed(text: str, assignment: Assignment, go: bool) -> str:
    return variants.head(assignment, assignment.variant, "//" if go else "#") + text


def _missing(assignment: Assignment, problem: str) -> Report:
    results = [
        Result(c.id, c.title, "error" if i == 0 else "skip", 0, c.points, c.visibility,
               "" if i == 0 else assignment.checks[0].id, problem if i == 0 else "")
        for i, c in enumerate(assignment.checks)
    ]  # fmt: skip
    return Report(assignment.name, assignment.variant, "", "", tuple(results))


def file_name(student: str) -> str:
    """Return a file name for a student's results, which differs from student to student."""
    plain = "".join(c if c.isalnum() or c in "-_" else "_" for c in student)[:40]
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
        yield from _on_cluster(grader, given, cluster)
        return
    pool = ThreadPoolExecutor(max(1, jobs))
    try:
        waiting: list[Future[Graded]] = [pool.submit(grader.grade, one) for one in given]
        yield from (future.result() for future in as_completed(waiting))
    except BaseException:  # Ctrl-C above all: what runs is ended, what has not begun does not begin
        pool.shutdown(wait=False, cancel_futures=True)
        sandbox.stop()
        raise
    finally:
        pool.shutdown(cancel_futures=True)
        sandbox.resume()


def _on_cluster(grader: Grader, given: Sequence[Submission], cluster: str) -> Iterable[Graded]:
    try:
        import distributed
    except ImportError:
        raise UsageError("--dask needs the package: pip install 'gosim[cluster]'") from None
    # The workers are elsewhere: a folder relative to ours is another one there.
    grader = replace(grader, results=grader.results.absolute())
    whole = [replace(s, path=s.path.absolute()) if s.path else s for s in given]
    try:
        client = distributed.Client(cluster, timeout=10)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TimeoutError) as error:
        said = str(error).strip().splitlines() or [type(error).__name__]
        raise LoadError(f"cannot reach the dask scheduler {cluster}: {said[0][:300]}") from None
    with client:
        futures = client.map(grader.grade, whole, pure=False)
        done = distributed.as_completed(futures)  # type: ignore[no-untyped-call]
        yield from (future.result() for future in done)


@contextmanager
def alone(results: Path) -> Iterator[None]:
    """Keep a second grading out of a folder of results while this one is going on.

    Raises
    ------
    LoadError
        When there is one.
    """
    results.mkdir(parents=True, exist_ok=True)
    try:
        import fcntl
    except ImportError:  # Windows: two at a time are the user's own doing there
        yield
        return
    with open(results / ".lock", "w", encoding="utf-8") as f:
        try:
            fcntl.flock(f, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise LoadError(
                "another grading is going on in this folder of results", str(results)
            ) from None
        yield


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
            text = f.read()
        head = text.partition("\n")[0]
        between = ";" if ";" in head and "," not in head else ","  # what a German Excel writes
        rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=between))
    except OSError as error:
        raise LoadError(
            f"cannot read the roster: {(error.strerror or '').lower()}", str(path)
        ) from None
    except UnicodeDecodeError:
        raise LoadError("the roster is no UTF-8 text: save it as CSV UTF-8", str(path)) from None
    except csv.Error as error:
        raise LoadError(f"the roster is no CSV: {error}", str(path)) from None
    found: list[Person] = []
    for row in rows:
        lower = {str(k).strip().lower(): (v or "").strip() for k, v in row.items() if k is not None}
        if not any(lower.values()):
            continue
        student = _student(lower.get("id") or lower.get("student") or lower.get("email") or "")
        if not student:
            raise LoadError("the roster needs a column id, with a value in each line", str(path))
        if any(p.student.casefold() == student.casefold() for p in found):
            raise LoadError(f"{student} stands twice in the roster", str(path))
        found.append(Person(student, lower.get("name", ""), lower.get("email", "")))
    if not found:
        raise LoadError("there is nobody in this roster", str(path))
    return found


def _cell(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    text = "".join(c if c.isprintable() or c == " " else " " for c in text)
    return f"'{text}" if text.lstrip()[:1] in tuple("=+-@＝＋－＠") else text


def _table(rows: Iterable[Sequence[Any]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def total(report: Report) -> int | str:
    """Return the points, or nothing where a check could not be asked: then there is no grade.

    Time and memory of the machine decide about such a check, and must not decide about points.
    """
    return "" if any(result.status == "error" for result in report.results) else report.score


def plain_csv(assignment: Assignment, graded: Sequence[Graded], people: Sequence[Person]) -> str:
    """Return the grades with a column for each check."""
    ids = [check.id for check in assignment.checks]
    rows: list[list[Any]] = [["student", "variant", "score", "max_score", "status", "review", *ids]]
    for one in graded:
        scores = {r.id: "" if r.status == "error" else r.score for r in one.report.results}
        rows.append(
            [
                _cell(one.student),
                one.report.variant,
                total(one.report),
                one.report.max_score,
                one.report.status,
                " ".join(one.report.review),
                *(scores.get(name, 0) for name in ids),
            ]
        )
    for student in missing(people, graded):
        rows.append([_cell(student), "", "", assignment.max_score, "missing", "", *[""] * len(ids)])
    return _table(rows)


def missing(people: Sequence[Person], graded: Sequence[Graded]) -> list[str]:
    """Return who stands in the roster and has handed in nothing."""
    there = {one.student.casefold() for one in graded}
    return [p.student for p in people if p.student.casefold() not in there]


def strangers(people: Sequence[Person], graded: Sequence[Graded]) -> list[str]:
    """Return who has handed in something and does not stand in the roster."""
    known = {p.student.casefold() for p in people}
    return [one.student for one in graded if people and one.student.casefold() not in known]


def canvas_csv(assignment: Assignment, graded: Sequence[Graded], people: Sequence[Person]) -> str:
    """Return what Canvas's gradebook imports; who handed in nothing keeps what stands there."""
    names = {person.student.casefold(): person.name for person in people}
    head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", _cell(assignment.title)]
    rows: list[list[Any]] = [head, ["    Points Possible", "", "", "", "", assignment.max_score]]
    for one in graded:
        name = names.get(one.student.casefold(), "") or one.student
        rows.append(
            [_cell(name), "", _cell(one.student), _cell(one.student), "", total(one.report)]
        )
    return _table(rows)


def moodle_csv(assignment: Assignment, graded: Sequence[Graded], people: Sequence[Person]) -> str:
    """Return what Moodle's gradebook imports."""
    emails = {person.student.casefold(): person.email for person in people}
    rows: list[list[Any]] = [
        ["ID number", "Email address", _cell(assignment.title), "Feedback comments"]
    ]
    for one in graded:
        failed = [r.title for r in one.report.results if r.score < r.max_score and shown(r)]
        comment = "; ".join(failed)
        email = emails.get(one.student.casefold(), "")
        rows.append([_cell(one.student), _cell(email), total(one.report), _cell(comment)])
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
        story = [line for line in result.data.get("story", ()) if line not in result.message]
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
