"""Run every Go telling under real Go and keep what it did in ``recorded.json`` beside it.

``python -m tests.record_scenarios [SCENARIO ...]``

Needs the toolchains that the scenarios name (see ``tests.toolchains``).  A program whose output is
said to be exact is run until three runs in a row print the same: real sleeps come late now and
then, and a late one is not what the program does.
"""

from __future__ import annotations

import sys

from gosim.oracle import BuildError, find_toolchain, run_go
from gosim.oracle.recorded import forget, save_recorded
from tests.scenario_cases import Variant, cases, folders, load, variants

ATTEMPTS = 5


def record(variant: Variant, version: str) -> str:
    """Measure and store one variant; return what to tell the user."""
    toolchain = find_toolchain(version)
    if toolchain is None:
        return f"no Go {version} here: skipped"
    timeout = 2.0 if variant.hangs(version) else 10.0
    for _ in range(ATTEMPTS):
        try:
            result = run_go(variant.go_file, toolchain=toolchain, runs=3, timeout=timeout)
        except BuildError as error:
            save_recorded(variant.folder, variant.name, variant.go_file, error)
            return "does not compile"
        if result.steady_stdout or variant.table["stdout"] != "exact":
            save_recorded(variant.folder, variant.name, variant.go_file, result)
            return f"exit code {result.exit_code}, {len(result.goroutines)} left"
    return "NOT RECORDED: prints something else each time"


def main(names: list[str]) -> int:
    failed = 0
    for case in cases("go"):
        variant, version = case.values
        if names and variant.folder.name not in names:
            continue
        told = record(variant, version)
        failed += told.startswith("NOT")
        print(f"{variant.id} {version}: {told}", flush=True)
    for folder in folders():
        keep = {v.name: v.go_file for v in variants() if v.folder == folder and load(folder)}
        forget(folder, keep)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
