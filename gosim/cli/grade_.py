"""``gosim grade``: the submissions of a class."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from gosim.cli import LIMIT, OK
from gosim.runtime.errors import LoadError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from gosim.course.grading import Graded, Person, Submission


def command(options: argparse.Namespace) -> int:
    """Grade; 3 when something could not be checked and a person has to look."""
    from gosim.course import grading, sandbox
    from gosim.course.assignment import find

    assignment = find(options.assignment, Path(options.instructor) if options.instructor else None)
    people = grading.roster(options.roster) if options.roster else []
    secret = read_secret(options.secret) if options.secret else None
    results = Path(options.out or f"{assignment.name}-results")
    grader = grading.Grader(
        assignment,
        results,
        sandbox.chosen(options.sandbox),
        sandbox.Limits(memory=options.memory, cpu_s=options.cpu, wall_s=5 * options.cpu),
        secret,
        options.retry,
    )
    folder = Path(options.folder)
    given = grading.submissions(folder, assignment, grader.of_student, results)
    others = grading.left_out(folder, assignment, results)
    if not given:
        there = f"; there is {', '.join(others[:5])}" if others else ""
        raise LoadError(f"there is no submission in this folder{there}", options.folder)
    if others:
        print(f"no submissions, left out: {', '.join(others)}", file=sys.stderr)
    grader = replace(grader, people=_class(people, given))
    grading.verify(grader, given)
    if grader.mode == "limits":
        print("note: no sandbox on this machine but limits: trusted programs only", file=sys.stderr)
    for name in filter(None, _tables(options)):  # said now, and not when everybody is graded
        if not Path(name).parent.is_dir():
            raise LoadError("cannot write this file: there is no such folder", name)
    begun = time.monotonic()
    done: list[Graded] = []

    def tell(number: int, one: Graded) -> None:
        done.append(one)
        grading.write_page(grader, one, options.reveal)
        if one.fresh:
            points = f"{one.report.score}/{one.report.max_score}"
            took = f"{one.report.duration_s:.1f} s"
            print(f"[{number}/{len(given)}] {one.student} {points} {took}", file=sys.stderr)

    try:
        with grading.alone(results):
            graded = grading.grade_all(grader, given, options.jobs, tell, options.dask)
    except KeyboardInterrupt:
        print(
            f"stopped: {len(done)} of {len(given)} are graded and kept in {results}; the same "
            "command goes on from there",
            file=sys.stderr,
        )
        raise
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        place = str(error.filename or results)
        raise LoadError(f"cannot write the results: {reason}", place) from None
    seconds = time.monotonic() - begun
    for kind, file in zip(grading.TABLES, _tables(options), strict=True):
        if file:
            try:
                Path(file).write_text(
                    grading.TABLES[kind](assignment, graded, people), encoding="utf-8"
                )
            except OSError as error:
                reason = (error.strerror or str(error)).lower()
                raise LoadError(f"cannot write this file: {reason}", file) from None
    missing, strangers = grading.missing(people, graded), grading.strangers(people, graded)
    if options.json:
        import json

        print(
            json.dumps(
                {
                    "schema": grading.SCHEMA,
                    "assignment": assignment.name,
                    "max_score": assignment.max_score,
                    "seconds": round(seconds, 3),
                    "missing": missing,
                    "not_in_roster": strangers,
                    "left_out": others,
                    "graded": [
                        {"student": one.student, "fresh": one.fresh, **one.report.to_dict()}
                        for one in graded
                    ],
                },
                ensure_ascii=False,
            )
        )
    else:
        _show(graded, seconds, results)
        if missing:
            print(f"nothing from: {', '.join(missing)}")
        if strangers:
            print(f"not in the roster: {', '.join(strangers)}")
        sys.stdout.flush()
    return LIMIT if any(one.report.review for one in graded) else OK


def _class(people: Sequence[Person], given: Sequence[Submission]) -> tuple[str, ...]:
    names = [p.student for p in people] + [one.student for one in given]
    return tuple({name.casefold(): name for name in reversed(names)}.values())[::-1]


def _tables(options: argparse.Namespace) -> tuple[str | None, str | None, str | None]:
    return options.csv, options.canvas, options.moodle


def read_secret(path: str) -> bytes:
    """Return the secret in a file.

    Raises
    ------
    LoadError
        When there is none, or too short a one.
    """
    try:
        secret = Path(path).read_bytes().strip()
    except OSError as error:
        raise LoadError(f"cannot read the secret: {(error.strerror or '').lower()}", path) from None
    if len(secret) < 16:
        raise LoadError("a secret has at least 16 bytes", path)
    return secret


def _show(graded: Sequence[Graded], seconds: float, results: Path) -> None:
    from gosim.cli.check_ import printable

    width = max(7, *(len(one.student) for one in graded))
    print(f"{'student':{width}}  points  status")
    for one in graded:
        report = one.report
        points = f"{report.score}/{report.max_score}"
        first = next((r for r in report.results if r.status in ("fail", "error")), None)
        why = "" if first is None else f": {first.id}"
        print(f"{one.student:{width}}  {points:>6}  {report.status}{why}")
    fresh = sorted((one for one in graded if one.fresh), key=lambda one: one.report.duration_s)
    took = ""
    if fresh:
        middle, last = fresh[len(fresh) // 2].report, fresh[-1]
        took = (
            f" in {seconds:.0f} s: {seconds / len(fresh):.2f} s each (half of them up to "
            f"{middle.duration_s:.1f} s, the longest {last.report.duration_s:.1f} s: "
            f"{last.student})"
        )
    print(f"\n{len(graded)} submissions, {len(fresh)} checked now{took}")
    print(f"feedback for each student: {results}/feedback")
    for one in graded:
        if one.report.review:
            first = one.report.result(one.report.review[0])
            print(
                f"a person should look at {one.student}: {', '.join(one.report.review)}"
                + (f": {printable(first.message)}" if first.message else "")
            )
        for note in one.report.notes:
            print(f"note on {one.student}: {note}")
