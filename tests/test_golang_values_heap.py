"""Go programs that read figures of the heap print what they print under real Go.

The scenarios about memory carry real Go's output; their Go files are run as they are.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import gosim

SCENARIOS = Path(__file__).parent.parent / "scenarios" / "memory"


def _cases() -> list[tuple[str, str, str]]:
    found = []
    for record in sorted(SCENARIOS.glob("*/recorded.json")):
        for version, variants in sorted(json.loads(record.read_text()).items()):
            if version == "schema":
                continue
            for variant, told in sorted(variants.items()):
                source = record.parent / f"{variant}.go"
                if told["steady_stdout"] and source.exists():
                    found.append((record.parent.name, variant, version))
    return found


@pytest.mark.parametrize(("scenario", "variant", "version"), _cases())
def test_prints_the_figures_of_real_go(scenario: str, variant: str, version: str) -> None:
    folder = SCENARIOS / scenario
    told = json.loads((folder / "recorded.json").read_text())[version][variant]
    run = gosim.run(str(folder / f"{variant}.go"), go=version, go_line=told["go_line"])
    assert run.stdout == told["stdout"]
    assert run.exit_code == told["exit_code"]
