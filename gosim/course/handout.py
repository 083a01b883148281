"""What is given out: text and programs, for each student in a variant of their own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gosim.course import variants
from gosim.course.assignment import SUFFIXES, Assignment
from gosim.course.grading import file_name
from gosim.runtime.errors import UsageError

_ANSWERS = """\
# Write your answers behind the equals signs; words in "quotes".
"""


def files(assignment: Assignment) -> dict[str, str]:
    """Return what one student gets: name to text."""
    found = {"README.md": assignment.told()}
    if assignment.variant:
        found["README.md"] += (
            f"\nYour variant is `{assignment.variant}`. It stands in the first line of your files, "
            "where `gosim check` looks for it: leave it there.\n"
        )
    for source in assignment.sources:
        text = assignment.starter(source)
        name = "starter" if assignment.kind == "repair" else "program"
        found[f"{name}{SUFFIXES[source]}"] = text
    if assignment.kind != "repair":
        keys = [
            str(assignment.ask(check, "key", check.id))
            for check in assignment.checks
            if check.visibility == "visible"
        ]
        lines = "".join(f'{key} = ""\n' for key in dict.fromkeys(keys))
        source = f'source = "{assignment.sources[0]}"\n' if assignment.sources else ""
        top = variants.head(assignment, assignment.variant, "#") if assignment.variant else ""
        found["answers.toml"] = f"{top}{_ANSWERS}{source}{lines}"
    for extra in sorted(assignment.folder.glob("given-*")):
        found[extra.name] = extra.read_text(encoding="utf-8")
    return found


def write(
    assignment: Assignment, out: Path, students: Sequence[str], secret: bytes | None
) -> list[tuple[str, str, Path]]:
    """Write the files of every student, and return who got which variant, and where.

    Raises
    ------
    UsageError
        When students should get variants and there is no secret.
    """
    if students and secret is None and variants.choices(assignment):
        raise UsageError("variants are made from a secret: --secret FILE, the same one for grading")
    given: list[tuple[str, str, Path]] = []
    for student in students or [""]:
        made = assignment
        if student and secret is not None:
            made = variants.for_student(assignment, secret, student)
        folder = out / file_name(student) if student else out
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files(made).items():
            (folder / name).write_text(text, encoding="utf-8")
        given.append((student, made.variant, folder))
    return given
