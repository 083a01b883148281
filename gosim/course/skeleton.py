"""Skeletons: a new assignment to fill in, and an assignment as a notebook of nbgrader or otter."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from gosim.course.assignment import SUFFIXES, Assignment, Check, names
from gosim.course.handout import files
from gosim.course.report import version
from gosim.runtime.errors import UsageError

NOTEBOOKS: Final = ("nbgrader", "otter")

_TOML: Final = """\
title = "{title}"
summary = "What it is about, in a line"
kind = "repair"            # or predict, token, classify, refute
rows = []                  # of the article: ["C6"]
params = {{workers = 3}}     # variables of the program that checks may set

[vary.params]              # every student gets one of these (gosim handout --secret)
workers = [3, 4]

[vary.names]
work = ["work", "serve"]

[budget]
schedules = 20000

[[check]]
id = "prints"
title = "it still prints what it should"
kind = "prints"
lines = ["answer 42"]
points = 2
hint = "the repair must not change what the program does"

[[check]]
id = "never-leaks"
title = "no goroutine is left over, whatever the schedule"
kind = "never_leaks"
points = 5
unproven = 3
hint = "who receives what the others send?"

[[check]]
id = "concurrent"
title = "the workers still work at the same time"
kind = "at_least_goroutines"
n = "{{workers}}"
points = 2
hint = "deleting the concurrency is no repair"
"""

_TEXT: Final = """\
# {title}

What the program is for, what is wrong with it, and what the repair must keep. Ask one question at a
time; let the student look first: `gosim run starter.go` says who is left over.

Check yourself with `gosim check FILE --assignment {name}`.
"""

_PY: Final = '''\
"""What the program is for."""

import gosim as gs
from gosim import chan, go

workers = 3


# EDIT
async def work(i, answers):
    await answers.send(42)


async def first():
    answers = chan(int)
    for i in range(workers):
        go(work, i, answers)
    await gs.time.sleep(gs.time.Millisecond)
    return await answers.recv()


# END EDIT


async def main():
    print("answer", await first())
'''

_GO: Final = """\
// What the program is for.
package main

import (
	"fmt"
	"time"
)

const workers = 3

// EDIT
func work(i int, answers chan int) {
	answers <- 42
}

func first() int {
	answers := make(chan int)
	for i := 0; i < workers; i++ {
		go work(i, answers)
	}
	time.Sleep(time.Millisecond)
	return <-answers
}

// END EDIT

func main() {
	fmt.Println("answer", first())
}
"""

_HIDDEN: Final = """\
[[check]]
id = "more-workers"
title = "the same with more workers"
kind = "never_leaks"
params = {workers = 5}
points = 1
hint = "does the repair depend on how many there are?"
"""

_WRONG: Final = """\
# One entry for each file wrong/NAME.py and wrong/NAME.go:
# [[wrong]]
# name = "buffer-of-one"
# fails = "never-leaks"
# says = "to send on"
# why = "What is wrong with it."
"""


def skeleton(name: str) -> dict[str, str]:
    """Return the files of a new assignment; those of the bundle are below ``instructor/``."""
    title = name.replace("-", " ").replace("_", " ").capitalize()
    bundle = f"instructor/{name}"
    return {
        f"{name}/assignment.toml": _TOML.format(title=title),
        f"{name}/text.md": _TEXT.format(title=title, name=name),
        f"{name}/starter.py": _PY,
        f"{name}/starter.go": _GO,
        f"{bundle}/hidden.toml": _HIDDEN,
        f"{bundle}/wrong.toml": _WRONG,
        f"{bundle}/reference.py": _PY.replace("chan(int)", "chan(int, workers)"),
        f"{bundle}/reference.go": _GO.replace("make(chan int)", "make(chan int, workers)"),
    }


def write(wanted: dict[str, str], out: Path) -> list[Path]:
    """Write files, and return their places.

    Raises
    ------
    UsageError
        When one of them is there: nothing is overwritten.
    """
    places = [out / name for name in wanted]
    for place in places:
        if place.exists():
            raise UsageError("this is there already; nothing was written", str(place))
    for place, text in zip(places, wanted.values(), strict=True):
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    return places


# -- notebooks -------------------------------------------------------------------------------------


def notebook(assignment: Assignment, form: str, source: str) -> dict[str, str]:
    """Return an assignment as a notebook, and the files that have to lie beside it.

    The answer is a cell that writes a file; each check is a cell whose value is its points.  Hidden
    checks, and answers that nobody can compute, stand in the cells that the host takes out of the
    students' notebook: who grades it needs nothing beside what the host keeps.

    Parameters
    ----------
    assignment : Assignment
        With its bundle: what is hidden comes from there.
    form : {"nbgrader", "otter"}
    source : {"python", "go"}
    """
    if form not in NOTEBOOKS:
        raise UsageError(f"notebooks are made for {' and '.join(NOTEBOOKS)}, not for {form}")
    given = files(assignment)
    own = "" if assignment.name in names() else f"./{assignment.name}"
    beside = {name: text for name, text in given.items() if name.startswith("given-")}
    if assignment.kind == "repair":
        file, start = f"solution{SUFFIXES[source]}", assignment.starter(source)
    else:
        file, start = "answers.toml", given["answers.toml"]
        beside |= {name: text for name, text in given.items() if name.startswith("program.")}
    if own:
        kept = [assignment.folder / name for name in ("assignment.toml", "text.md")]
        kept += [assignment.folder / f"starter{SUFFIXES[s]}" for s in assignment.sources]
        for path in (p for p in kept if p.exists()):
            beside[f"{assignment.name}/{path.name}"] = path.read_text(encoding="utf-8")
    how = _HOW[assignment.kind == "repair"].format(name=file)
    cells = [_markdown("text", given["README.md"]), _markdown("how", how)]
    make = _nbgrader if form == "nbgrader" else _otter
    cells = make(assignment, cells, file, start, own or assignment.name, sorted(beside))
    book = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    text = json.dumps(book, indent=1, ensure_ascii=False) + "\n"
    return {f"{assignment.name}.ipynb": text, **beside}


_HOW: Final = {
    True: """\
The next cell writes the program into `{name}`: change it between `EDIT` and `END EDIT`, run it,
then run the checks below.
""",
    False: """\
The next cell writes your answers into `{name}`: write them behind the equals signs, run it, then
run the checks below.
""",
}


def _told_by_bundle(assignment: Assignment, check: Check) -> dict[str, Any]:
    """Return what the bundle says about a check, in the form of ``hidden.toml``."""
    bundle = assignment.bundle
    if bundle is None:
        return {}
    path = bundle.folder / "hidden.toml"
    data = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    tables = {str(table["id"]): table for table in data.get("check", ())}
    wanted = [check.id]
    for name in wanted:
        after = tables.get(name, {}).get("depends_on", ())
        wanted += [after] if isinstance(after, str) else after
    found: dict[str, Any] = {}
    hidden = [table for name, table in tables.items() if name in wanted]
    if hidden:
        found["check"] = hidden
    key = str(assignment.ask(check, "key", check.id))
    if check.kind == "answer" and key in bundle.answers:
        found["answers"] = {key: bundle.answers[key]}
    return found


def _nbgrader(
    assignment: Assignment,
    cells: list[dict[str, Any]],
    file: str,
    start: str,
    name: str,
    beside: Sequence[str],
) -> list[dict[str, Any]]:
    for number, cell in enumerate(cells):
        cell["metadata"] = {"nbgrader": {**_LOCKED, "grade_id": f"text-{number}"}}
    cells.append(_code("program", f"%%writefile {file}\n{start}"))
    for check in (check for check in assignment.checks if check.points):
        lines = ["from gosim.testing import points", ""]
        if check.visibility == "visible":
            lines.append(f'points("{file}", "{name}", "{check.id}")')
        else:
            lines.append("# Here more is checked when the notebook is graded.")
        told = _told_by_bundle(assignment, check)
        if told:
            line = f'points("{file}", "{name}", "{check.id}", hidden={told!r})'
            lines += ["### BEGIN HIDDEN TESTS", line, "### END HIDDEN TESTS"]
        meta = {**_LOCKED, "grade_id": check.id, "grade": True, "points": check.points}
        cells.append(_code(check.id, "\n".join(lines), {"nbgrader": meta}))
    return cells


_LOCKED: Final = {
    "schema_version": 3,
    "grade": False,
    "solution": False,
    "locked": True,
    "task": False,
}


def _otter(
    assignment: Assignment,
    cells: list[dict[str, Any]],
    file: str,
    start: str,
    name: str,
    beside: Sequence[str],
) -> list[dict[str, Any]]:
    """Return the master notebook of otter assign.

    Tests raise exceptions: the other form compares what is printed, and would take a report for a
    wrong answer.  A check that has points for what is not proven becomes two tests.  There is no
    solution in it, which otter would run against the tests: it would have to hide it as well.
    """
    head = [
        "# ASSIGNMENT CONFIG",
        f"name: {assignment.name}",
        "generate: true",
        "run_tests: false",
        "tests:",
        "  ok_format: false",
        "export_cell:",
        "  pdf: false",
        f"requirements: [{json.dumps(f'gosim=={version()}')}]",
        f"files: {json.dumps(list(beside))}",
    ]
    cells.insert(0, _raw("config", "\n".join(head)))
    cells.append(_code("program", f"%%writefile {file}\n{start}"))
    for check in (check for check in assignment.checks if check.points):
        question = check.id.replace("-", "_")
        line = f'assert_points("{file}", "{name}", "{check.id}", '
        told = _told_by_bundle(assignment, check)
        shares = (
            [check.unproven, check.points - check.unproven] if check.unproven else [check.points]
        )
        tests: list[tuple[str, int, bool]] = []
        for number, share in enumerate(shares):
            least = sum(shares[: number + 1])
            if told:
                if check.visibility == "visible" and not number:
                    tests.append((f"{line}0)", 0, False))
                tests.append((f"{line}{least}, hidden={told!r})", share, True))
            else:
                tests.append((f"{line}{least})", share, check.visibility != "visible"))
        cells += [
            _raw(
                f"{check.id}-q",
                f"# BEGIN QUESTION\nname: {question}\npoints: {[p for _, p, _ in tests]}",
            ),
            _markdown(f"{check.id}-t", f"**{check.title}** ({check.points} points)"),
            _raw(f"{check.id}-b", "# BEGIN TESTS"),
        ]
        for number, (body, share, hidden) in enumerate(tests):
            text = (
                f'""" # BEGIN TEST CONFIG\npoints: {share}\nhidden: {str(hidden).lower()}\n'
                f'""" # END TEST CONFIG\ndef test_{question}_{number}():\n'
                f"    from gosim.testing import assert_points\n    {body}\n"
            )
            cells.append(_code(f"{check.id}-{number}", text))
        cells += [_raw(f"{check.id}-e", "# END TESTS"), _raw(f"{check.id}-z", "# END QUESTION")]
    return cells


def _cell(kind: str, name: str, text: str, meta: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "cell_type": kind,
        "id": f"{kind}-{name}"[:60],
        "metadata": meta or {},
        "source": text.splitlines(keepends=True),
    }


def _markdown(name: str, text: str) -> dict[str, Any]:
    return _cell("markdown", name, text)


def _raw(name: str, text: str) -> dict[str, Any]:
    return _cell("raw", name, text)


def _code(name: str, text: str, meta: dict[str, Any] | None = None) -> dict[str, Any]:
    return {**_cell("code", name, text, meta), "execution_count": None, "outputs": []}
