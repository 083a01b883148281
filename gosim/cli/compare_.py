"""``gosim compare``: the same program under real Go, side by side."""

from __future__ import annotations

import argparse
import json

from gosim.cli.run_ import choose
from gosim.leaks.run import execute
from gosim.oracle.compare import compare
from gosim.oracle.recorded import real_or_recorded
from gosim.oracle.run import BuildError, OracleError
from gosim.runtime.errors import LoadError, UsageError
from gosim.runtime.program import File
from gosim.runtime.version import LATEST, resolve
from gosim.scenario import find


def command(options: argparse.Namespace) -> int:
    """Run the Python telling here and the Go telling under real Go, and print both."""
    if options.name.endswith((".go", ".py")):
        raise UsageError(
            "compare takes a scenario, which is told in Python and in Go; this version of gosim "
            "does not run Go source yet"
        )
    scenario = find(options.name)
    variant = choose(scenario, options)
    version = resolve(options.go or LATEST).go
    if "go" not in variant.sources:
        raise UsageError(f"{scenario.name} {variant.name} is told in Python only")
    try:
        real = real_or_recorded(variant.file("go"), version=version, timeout=20)
    except BuildError as error:
        print(f"Go {version} does not compile {variant.name}.go:\n{error.output.strip()}")
        return 0
    except OracleError as error:
        raise LoadError(str(error)) from None
    if "python" not in variant.sources:
        raise UsageError(f"{scenario.name} {variant.name} is told in Go only")
    program = File(str(variant.file("python")))
    program.name = scenario.name
    run = execute(program, variant=variant.name, go=version)
    how = {"exact": "exact", "unordered": "sorted", "free": "ignore"}[variant.stdout]
    rows = compare(run.to_dict(), real, stdout=how, telling="python")  # type: ignore[arg-type]
    differ = [row for row in rows if row.same is False]
    origin = f"real Go {real.full_version}" + (", recorded" if real.recorded else "")
    if options.json:
        print(
            json.dumps(
                {
                    "schema": "gosim.compare/1",
                    "program": scenario.name,
                    "variant": variant.name,
                    "go": real.full_version,
                    "recorded": real.recorded,
                    "agrees": not differ,
                    "rows": [
                        {"aspect": r.aspect, "gosim": r.gosim, "go": r.go, "same": r.same, "note": r.note}
                        for r in rows
                    ],
                }
            )
        )
        return 0
    from gosim.views.text import table

    print(f"{scenario.name} · {variant.name}: gosim (Go {version}) beside {origin}\n")
    marks = {True: "same", False: "DIFFERS", None: "–"}
    print(
        table(
            ("", "gosim", "real Go", ""),
            [(r.aspect, _cell(r.gosim), _cell(r.go), marks[r.same] + (f" ({r.note})" if r.note else "")) for r in rows],
        )
    )
    print(f"\n{'they agree' if not differ else 'they differ: ' + ', '.join(r.aspect for r in differ)}")
    return 0


def _cell(text: str) -> str:
    lines = text.splitlines() or [""]
    return lines[0] if len(lines) == 1 else f"{lines[0]} … ({len(lines)} lines)"
