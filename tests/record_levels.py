"""Explore every level of ``gosim play`` and write ``gosim/levels/recorded.json``.

``python -m tests.record_levels [NAME ...]``; those of Go's kernels need a toolchain.
"""

from __future__ import annotations

import hashlib
import json
import sys
from typing import Any

from gosim.explore.search import explore
from gosim.levels import HERE, Level, levels

FILE = HERE / "recorded.json"


def text_sum(level: Level) -> str:
    """Return what tells whether the text of a level's program is still the same."""
    trial = level.trial()
    with open(trial.program.file, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()[:16]


def known_of(level: Level) -> dict[str, Any]:
    """Explore a level."""
    trial = level.trial()
    found = explore(
        trial.program,
        variant=trial.variant,
        timers=trial.timers,
        early_ticks=trial.early_ticks,
        wall=120.0,
        **trial.options,
    )
    cases = [case for case in found.cases if case.outcome.kind == level.goal]
    best = min(cases, key=lambda case: case.way) if cases else None
    return {
        "schedules": found.schedules,
        "reaching": sum(case.schedules for case in cases),
        "complete": found.complete,
        "deviations": None if best is None else best.way.count,
        "steps": None if best is None else best.way.steps,
        "token": "" if best is None else best.token,
        "sum": text_sum(level),
    }


def main(wanted: list[str]) -> None:
    """Record the levels that are wanted, or all."""
    known = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    known = {level.name: known[level.name] for level in levels() if level.name in known}
    for level in levels():
        if wanted and level.name not in wanted:
            continue
        known[level.name] = known_of(level)
        print(level.name, known[level.name], flush=True)
    text = json.dumps(dict(sorted(known.items())), indent=1, ensure_ascii=False)
    FILE.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
