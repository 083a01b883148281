"""``gosim handout``: the files that students get, each with a variant of their own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from gosim.cli import OK
from gosim.runtime.errors import LoadError

if TYPE_CHECKING:
    import argparse


def command(options: argparse.Namespace) -> int:
    """Write a folder for each student of the roster; without one, the master copy."""
    from gosim.cli.grade_ import read_secret
    from gosim.course.assignment import find
    from gosim.course.grading import roster
    from gosim.course.handout import write

    assignment = find(options.name, Path(options.instructor) if options.instructor else None)
    people = roster(options.roster) if options.roster else []
    secret = read_secret(options.secret) if options.secret else None
    try:
        given = write(assignment, Path(options.out), [p.student for p in people], secret)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        place = str(error.filename or options.out)
        raise LoadError(f"cannot write the files: {reason}", place) from None
    if options.json:
        import json

        told = [{"student": s, "variant": v, "folder": str(f)} for s, v, f in given]
        print(json.dumps({"schema": "gosim.handout/1", "given": told}, ensure_ascii=False))
    else:
        for student, variant, folder in given:
            print("  ".join(part for part in (student, variant, str(folder)) if part))
    return OK
