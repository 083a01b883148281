"""``gosim check``: what a submission gets, and why."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from gosim.cli import FAILED, LIMIT, OK

if TYPE_CHECKING:
    import argparse

    from gosim.course.report import Report, Result


def command(options: argparse.Namespace) -> int:
    """Check a submission; 1 when a check fails, 3 when something could not be checked."""
    from gosim.course.assignment import find
    from gosim.course.checking import check, peek
    from gosim.course.variants import for_check

    assignment = find(options.assignment, Path(options.instructor) if options.instructor else None)
    assignment = for_check(assignment, options.variant, peek(options.file))
    report = check(
        options.file,
        assignment,
        mode=options.sandbox,
        only=options.only,
        hidden=options.hidden,
    )
    if assignment.variant:
        report = replace(report, notes=(*report.notes, _UNVERIFIED.format(assignment.variant)))
    if options.format:
        from gosim.course.formats import FORMATS

        print(FORMATS[options.format](report), end="")
    elif options.json:
        import json

        print(json.dumps(report.to_dict(), ensure_ascii=False))
    else:
        show(report)
    if report.status == "error":
        return LIMIT
    return OK if report.status == "pass" else FAILED


_UNVERIFIED = "variant {}: that it is yours is verified when it is graded, with the secret"
_MARKS = {"pass": ":)", "fail": ":(", "error": ":(", "skip": ":|"}


def show(report: Report) -> None:
    """Print a report for the student."""
    for result in report.results:
        for line in lines(result, report.submission):
            print(printable(line))
    print(f"\n{report.score} of {report.max_score} points")
    if report.sandbox == "limits":
        print("note: no sandbox on this machine but limits; run programs you trust only")
    for note in report.notes:
        print(f"note: {note}")
    if report.review:
        print(f"a person should look at: {', '.join(report.review)}")
    sys.stdout.flush()


def printable(text: str) -> str:
    """Return a text whose control characters are shown: what programs print may move cursors."""
    return "".join(c if c.isprintable() or c == "\n" else f"\\x{ord(c):02x}" for c in text)


def lines(result: Result, file: str) -> list[str]:
    """Return what is told of one check."""
    from gosim.course.formats import remarks

    points = f"  {result.score}/{result.max_score}" if result.max_score else ""
    found = [f"{_MARKS[result.status]} {result.title}{points}"]
    if result.status == "pass" and not result.unproven:
        return found
    place = f"{file}:{result.line}: " if result.line else ""
    found.append(f"   {place}{result.message}")
    return found + [f"   {line}" for line in remarks(result)]
