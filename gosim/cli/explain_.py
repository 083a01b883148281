"""``gosim explain``: the story of a program, what its run shows, and the repair."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gosim.cli import OK
from gosim.cli.target import Target, resolve
from gosim.leaks.run import Run, execute
from gosim.runtime.version import LATEST
from gosim.scenario import Scenario

if TYPE_CHECKING:
    import argparse


def command(options: argparse.Namespace) -> int:
    """Run the program and tell what it shows."""
    target = resolve(options.name, options.variant, options.fixed)
    run, story = None, ""
    if target.path:
        program = target.program()
        story = program.story
        variant = target.variant.name if target.variant is not None else "main"
        run = execute(program, variant=variant, go=options.go or LATEST, wall=60.0)
    scenario = target.scenario
    if options.json:
        import json

        print(json.dumps(as_dict(target, run, story), ensure_ascii=False))
    elif scenario is not None:
        _tell(scenario, target, run)
    else:
        title, _, rest = story.partition("\n\n")
        _paragraphs(f"{title}\n\n{rest}" if title else options.name)
        _shown(run, "the program")
    return OK


def as_dict(target: Target, run: Run | None, story: str) -> dict[str, object]:
    """Return what ``explain --json`` prints, schema ``gosim.explain/1``."""
    scenario = target.scenario
    leaks = run.leaks if run is not None else []
    said: dict[str, object] = {
        "schema": "gosim.explain/1",
        "name": scenario.name if scenario is not None else target.path,
        "title": scenario.title if scenario is not None else story.partition("\n")[0],
        "rows": list(scenario.rows) if scenario is not None else [],
        "story": scenario.story if scenario is not None else story,
        "outcome": run.outcome if run is not None else None,
        "explanations": [leak.explanation for leak in leaks],
        "fixes": [leak.fix for leak in leaks],
        "fix": scenario.fix if scenario is not None else "",
        "variants": {v.name: v.summary for v in scenario.variants} if scenario is not None else {},
    }
    return said


def _tell(scenario: Scenario, target: Target, run: Run | None) -> None:
    from gosim.views.text import table, terminal_width, wrap

    assert target.variant is not None
    rows = f"  (article: {', '.join(scenario.rows)})" if scenario.rows else ""
    print(f"{scenario.title}{rows}\n")
    _paragraphs(scenario.story)
    _shown(run, f"`{target.variant.name}`")
    if scenario.fix:
        print("The repair\n")
        print(wrap(scenario.fix, "  ", terminal_width()) + "\n")
    print("Variants (gosim run NAME --variant VARIANT)\n")
    print(table([(v.name, v.summary) for v in scenario.variants], "  ", terminal_width()))


def _paragraphs(text: str) -> None:
    """Print text whose empty lines part paragraphs."""
    from gosim.views.text import terminal_width, wrap

    for paragraph in text.strip().split("\n\n"):
        print(wrap(paragraph, width=terminal_width()) + "\n")


def _shown(run: Run | None, what: str) -> None:
    """Print what a run of the program shows."""
    from gosim.views.text import findings, headline, terminal_width

    if run is None:
        return
    print(f"What a run of {what} shows\n")
    print(f"  {headline(run)}\n")
    found = findings(run, width=terminal_width())
    if found:
        print(found + "\n")
