"""Skeletons: a new assignment to fill in, and an assignment as a notebook of nbgrader or otter."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from gosim.course.assignment import SUFFIXES, Assignment
from gosim.course.handout import files
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


def notebook(assignment: Assignment, form: str, source: str) -> str:
    """Return an assignment as a notebook.

    The program is a cell that writes a file; each check is a cell whose value is its points.

    Parameters
    ----------
    form : {"nbgrader", "otter"}
    source : {"python", "go"}
    """
    if form not in NOTEBOOKS:
        raise UsageError(f"notebooks are made for {' and '.join(NOTEBOOKS)}, not for {form}")
    if assignment.kind != "repair":
        raise UsageError("only repairs are made into notebooks; others are answered in a file")
    name = f"solution{SUFFIXES[source]}"
    given = files(assignment)
    cells = [_markdown("text", given["README.md"]), _markdown("how", _HOW.format(name=name))]
    program = f"%%writefile {name}\n{assignment.starter(source)}"
    if form == "otter":
        head = f"# ASSIGNMENT CONFIG\ngenerate: true\nname: {assignment.name}\nfiles: []\n"
        cells.insert(0, _raw("config", head))
    cells.append(_code("program", program))
    checks = [check for check in assignment.checks if check.points]
    for check in checks:
        hidden = check.visibility != "visible"
        line = f'points("{name}", "{assignment.name}", "{check.id}")'
        if form == "nbgrader":
            body = f"from gosim.testing import points\n\n{line}"
            if hidden:
                body = (
                    "from gosim.testing import points\n\n### BEGIN HIDDEN TESTS\n"
                    f"{line}\n### END HIDDEN TESTS"
                )
            meta = {
                "schema_version": 3,
                "grade_id": check.id,
                "grade": True,
                "solution": False,
                "locked": True,
                "task": False,
                "points": check.points,
            }
            cells.append(_code(check.id, body, {"nbgrader": meta}))
            continue
        question = check.id.replace("-", "_")
        cells += [
            _raw(f"{check.id}-q", f"# BEGIN QUESTION\nname: {question}\npoints: {check.points}\n"),
            _markdown(f"{check.id}-t", f"**{check.title}**"),
            _raw(f"{check.id}-b", "# BEGIN TESTS"),
            _code(
                check.id,
                f'""" # BEGIN TEST CONFIG\npoints: {check.points}\nhidden: {str(hidden).lower()}\n'
                f'failure_message: {json.dumps(check.hint or check.title)}\n""" # END TEST CONFIG\n'
                f"from gosim.testing import points\nassert {line} == {check.points}",
            ),
            _raw(f"{check.id}-e", "# END TESTS"),
            _raw(f"{check.id}-z", "# END QUESTION"),
        ]
    book = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(book, indent=1, ensure_ascii=False) + "\n"


_HOW: Final = """\
The next cell writes the program into `{name}`: change it between `EDIT` and `END EDIT`, run it,
then run the checks below.
"""


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
