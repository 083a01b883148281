"""``gosim list``: the scenarios, a line each."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from gosim.cli import OK
from gosim.scenario import Scenario, problems, scenarios

if TYPE_CHECKING:
    import argparse


def as_dict(scenario: Scenario) -> dict[str, object]:
    """Return what ``list --json`` says of a scenario."""
    sources = {source for variant in scenario.variants for source in variant.sources}
    return {
        "name": scenario.name,
        "family": scenario.family,
        "rows": list(scenario.rows),
        "title": scenario.title,
        "sources": [s for s in ("python", "go") if s in sources],
        "variants": [v.name for v in scenario.variants],
        "expect": scenario.expect,
    }


def by_row(row: str) -> tuple[str, int]:
    """Order rows as the article does: C2 before C10."""
    return row[:1], int(row[1:]) if row[1:].isdigit() else 0


def command(options: argparse.Namespace) -> int:
    """Print the list."""
    everything = scenarios()
    if options.json:
        import json

        print(json.dumps([as_dict(s) for s in everything], ensure_ascii=False))
    elif options.article:
        rows = sorted({row for s in everything for row in s.rows}, key=by_row)
        _print([(row, s.name, s.title) for row in rows for s in everything if row in s.rows])
    else:
        families = dict.fromkeys(s.family for s in everything)
        for family in families:
            if len(families) > 1:
                print(f"{family}:")
            _print([(s.name, ",".join(s.rows), s.title) for s in everything if s.family == family])
    for problem in problems():
        print(f"gosim: {problem}", file=sys.stderr)
    return OK


def _print(rows: list[tuple[str, str, str]]) -> None:
    from gosim.views.text import table, terminal_width

    print(table(rows, width=terminal_width()))
