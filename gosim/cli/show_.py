"""``gosim show``: the code of a scenario, leaking against fixed."""

from __future__ import annotations

import argparse
import difflib
import json

from gosim.runtime.errors import UsageError
from gosim.scenario import Variant, find


def command(options: argparse.Namespace) -> int:
    """Print one variant, or the leak and what its first repair changes."""
    scenario = find(options.name)
    source = options.source
    chosen: list[Variant]
    if options.variant:
        chosen = [scenario.variant(options.variant)]
    elif options.fixed:
        chosen = [scenario.fixed]
    else:
        repairs = [v for v in scenario.variants[1:] if v.expect == "ok"]
        chosen = [scenario.first, *repairs[:1]]
    missing = [v.name for v in chosen if source not in v.sources]
    if missing:
        raise UsageError(f"{scenario.name} {missing[0]} is not told in {source}")
    codes = {v.name: v.file(source).read_text(encoding="utf-8") for v in chosen}
    if options.json:
        print(json.dumps({"name": scenario.name, "source": source, "code": codes}))
        return 0
    first, *rest = chosen
    print(f"── {scenario.name}: {first.name} ── {first.summary}\n")
    print(codes[first.name].rstrip())
    for variant in rest:
        print(f"\n── what {variant.name} changes ── {variant.summary}\n")
        lines = difflib.unified_diff(
            codes[first.name].splitlines(), codes[variant.name].splitlines(), lineterm="", n=2
        )
        print("\n".join(list(lines)[2:]))
    others = [v.name for v in scenario.variants if v not in chosen]
    if others:
        print(f"\nother variants (--variant NAME): {', '.join(others)}")
    return 0
