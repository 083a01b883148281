"""``gosim list``: the scenarios, a line each."""

from __future__ import annotations

import argparse
import json

from gosim.scenario import Scenario, scenarios


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


def command(options: argparse.Namespace) -> int:
    """Print the list."""
    everything = list(scenarios())
    if options.json:
        print(json.dumps([as_dict(s) for s in everything], indent=1))
        return 0
    if options.article:
        rows = sorted({row for s in everything for row in s.rows})
        for row in rows:
            for s in everything:
                if row in s.rows:
                    print(f"{row:4} {s.name:26} {s.title}")
        return 0
    for s in everything:
        print(f"{s.name:26} {','.join(s.rows):8} {s.title}")
    return 0
