"""``gosim explain``: the story of a scenario, what its run shows, and the repair."""

from __future__ import annotations

import argparse
import json

from gosim.leaks.run import execute
from gosim.runtime.program import File
from gosim.runtime.version import LATEST
from gosim.scenario import find


def command(options: argparse.Namespace) -> int:
    """Run the first variant and tell what it shows."""
    scenario = find(options.name)
    variant = next(v for v in scenario.variants if "python" in v.sources)
    program = File(str(variant.file("python")))
    program.name = scenario.name
    run = execute(program, variant=variant.name, go=options.go or LATEST)
    if options.json:
        print(
            json.dumps(
                {
                    "name": scenario.name,
                    "title": scenario.title,
                    "rows": list(scenario.rows),
                    "story": scenario.story,
                    "outcome": run.outcome,
                    "explanations": [leak.explanation for leak in run.leaks],
                    "fixes": [leak.fix for leak in run.leaks],
                    "fix": scenario.fix,
                    "variants": {v.name: v.summary for v in scenario.variants},
                }
            )
        )
        return 0
    from gosim.views.text import findings, wrap

    print(f"{scenario.title}  ({', '.join(scenario.rows)})\n")
    for paragraph in scenario.story.split("\n\n"):
        print("\n".join(wrap(line) for line in paragraph.splitlines()) + "\n")
    shown = findings(run)
    if shown:
        print(f"What a run of `{variant.name}` shows\n")
        print(shown + "\n")
    if scenario.fix:
        print("The repair\n")
        print(wrap(scenario.fix) + "\n")
    print("Variants\n")
    for v in scenario.variants:
        print(f"  {v.name:20} {v.summary}")
    return 0
