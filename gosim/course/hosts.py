"""Points inside notebooks that another tool grades: nbgrader, otter-grader.

Such a tool runs a cell for each check and gives every cell a time of its own.  What is known about
a program is therefore remembered as long as the kernel lives: a check that others depend on is
asked once, and when one check has used up its time the others are not asked to do the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from gosim.course import variants
from gosim.course.assignment import Assignment, find
from gosim.course.checking import check, peek
from gosim.course.report import Report, Result
from gosim.course.sandbox import Limits

SECONDS: Final = 25
"""For one cell: nbgrader interrupts it after 30."""

_known: dict[str, dict[str, Result]] = {}


def reported(
    file: str,
    assignment: str,
    only: Sequence[str] = (),
    *,
    variant: str | None = None,
    hidden: Mapping[str, Any] | None = None,
    sandbox: str = "auto",
    seconds: int = SECONDS,
) -> Report:
    """Return the report on a program, what was known before included.

    Parameters
    ----------
    file : str
    assignment : str
        Name or folder.
    only : sequence of str
        Checks; all when left out.
    variant : str, optional
    hidden : mapping, optional
        What stands in ``hidden.toml``: cells that only the grader has bring it with them.
    sandbox : str
    seconds : int
        Of this call, on the clock.
    """
    text = peek(file)
    made = variants.for_check(find(assignment, hidden=hidden), variant, text)
    known = _known.setdefault(_key(file, text, made), {})
    wanted = [*only] or [c.id for c in made.checks]
    late = next((r for r in known.values() if r.data.get("kind") == "time"), None)
    if late is not None:
        for c in made.checks:
            if c.id in wanted and c.id not in known:
                known[c.id] = Result(
                    c.id, c.title, "skip", 0, c.points, c.visibility, late.id,
                    f"not asked: the time was used up by another check ({late.title})",
                )  # fmt: skip
    limits = Limits(cpu_s=seconds, wall_s=seconds)
    report = check(file, made, mode=sandbox, limits=limits, only=wanted, known=known)
    known.update({result.id: result for result in report.results})
    asked = {result.id for result in report.results} | set(wanted)
    results = tuple(known[c.id] for c in made.checks if c.id in asked and c.id in known)
    return replace(report, results=results)


def _key(file: str, text: str, made: Assignment) -> str:
    bundle = "" if made.bundle is None else json.dumps(made.bundle.answers, default=str)
    whole = "\0".join((file, made.name, str(made.folder), made.variant, bundle, text))
    return hashlib.sha256(whole.encode()).hexdigest()
