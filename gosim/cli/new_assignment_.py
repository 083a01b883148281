"""``gosim new-assignment``: the files of an assignment to fill in, or a notebook of one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from gosim.cli import OK
from gosim.runtime.errors import LoadError, UsageError

if TYPE_CHECKING:
    import argparse


def command(options: argparse.Namespace) -> int:
    """Write the files; nothing is overwritten."""
    from gosim.course import skeleton

    out = Path(options.out)
    if options.form == "gosim":
        if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", options.name):
            raise UsageError("an assignment's name is small letters, digits and hyphens")
        wanted = skeleton.skeleton(options.name)
    else:
        from gosim.course.assignment import find

        assignment = find(options.name, Path(options.instructor) if options.instructor else None)
        wanted = skeleton.notebook(assignment, options.form, options.source or "python")
    try:
        written = skeleton.write(wanted, out)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise LoadError(f"cannot write this: {reason}", str(error.filename or out)) from None
    if options.json:
        import json

        files = [str(place) for place in written]
        print(json.dumps({"schema": "gosim.new-assignment/1", "written": files}))
    else:
        for place in written:
            print(f"wrote {place}")
        if options.form == "gosim":
            made = out / options.name
            folder = made if made.is_absolute() else f"./{made}"
            print(f"next: gosim check {made}/starter.py --assignment {folder}")
    return OK
