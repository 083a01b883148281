"""``gosim gallery``: the reports of all scenarios as a web site in a folder."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

from gosim.cli import OK
from gosim.cli.options import parser
from gosim.cli.run_ import made_folder, perform, repaired, write_report
from gosim.cli.target import resolve
from gosim.runtime.errors import LoadError
from gosim.scenario import Scenario, find, scenarios

if TYPE_CHECKING:
    import argparse


def command(options: argparse.Namespace) -> int:
    """Run every scenario and its repair, write a page for each, and the index."""
    from gosim.views.gallery import Lesson, save_index
    from gosim.views.text import headline

    chosen = list({s.name: s for s in map(find, options.names)}.values()) or list(scenarios())
    chosen = [s for s in chosen if "python" in s.first.sources]
    folder = made_folder(options.folder, "gallery")
    assert folder is not None
    lessons = []
    for i, scenario in enumerate(chosen, 1):
        print(f"{i:3} of {len(chosen)}  {scenario.name}", file=sys.stderr)
        file, repair = f"{scenario.name}.html", ""
        target = resolve(scenario.name)
        asked = _as_run(scenario, options.go, file)
        run = perform(asked, target, None)
        fixed = repaired(run, asked, target)
        about = {"home": "index.html"}
        try:
            if fixed is not None:
                repair = f"{scenario.name}.{fixed.variant}.html"
                back = {"beside": file, "beside_words": f"as it was: {run.variant}"}
                its = resolve(scenario.name, fixed.variant)
                write_report(fixed, None, its, os.path.join(folder, repair), **about, **back)
                about |= {"beside": repair, "beside_words": f"repaired: {fixed.variant}"}
            write_report(run, fixed, target, os.path.join(folder, file), **about)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise LoadError(f"cannot write this file: {reason}", file) from None
        after = headline(fixed) if fixed is not None else ""
        lessons.append(
            Lesson(
                scenario.title,
                scenario.family,
                tuple(scenario.rows),
                file,
                run.outcome,
                headline(run),
                after,
                repair,
            )
        )
    index = os.path.join(folder, "index.html")
    save_index(index, lessons)
    pages = len(lessons) + sum(bool(lesson.repair) for lesson in lessons)
    if options.json:
        print(json.dumps({"schema": "gosim.gallery/1", "index": index, "pages": pages}))
    else:
        print(f"wrote {index} and {pages} pages")
    return OK


def _as_run(scenario: Scenario, go: str | None, file: str) -> argparse.Namespace:
    """Return the options of `gosim run` for one scenario."""
    words = [scenario.name, "--html", file] + (["--go", go] if go else [])
    options = parser("run").parse_args(words)
    options.args = []
    return options
