"""Run the rows of ``tests/go/*_rows.go`` under real Go and write down what they printed.

``python -m tests.record_sync_rows`` writes ``tests/go/*_rows.json``; tests compare it with gosim
everywhere and with real Go where there is one.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

from gosim.oracle import Toolchain, find_toolchain, run_go

HERE = Path(__file__).parent / "go"
SOURCES = (HERE / "sync_rows.go", HERE / "group_rows.go")


def names(source: Path) -> list[str]:
    """Return the rows of a Go program."""
    return re.findall(r'^\t"(\w+)": +func', source.read_text(), re.M)


def recorded(source: Path) -> dict[str, dict[str, Any]]:
    """Return what was recorded, row by row."""
    rows: dict[str, dict[str, Any]] = json.loads(source.with_suffix(".json").read_text())["rows"]
    return rows


def real(source: Path, name: str, toolchain: Toolchain, runs: int = 1) -> list[dict[str, Any]]:
    """Return what one row does under real Go in each of some runs, the most frequent first.

    A busy machine makes sleeps overlap and takes the processor from a process that prints, so a
    run in some may differ.
    """
    result = run_go(source, toolchain=toolchain, args=[name], wrap=False, leaks=False, runs=runs)
    seen = Counter(
        (one.stdout.rstrip(), one.exit_code, _how_it_died(one.stderr))
        for one in (result, *result.repeats)
    )
    return [
        {"stdout": stdout, "exit": code, "died": died}
        for (stdout, code, died), _ in seen.most_common()
    ]


def _how_it_died(stderr: str) -> str | None:
    died = re.search(r"^(?:fatal error|panic): (.*)", stderr, re.M)
    return died.group(1) if died else None


def main() -> None:
    """Record with the newest toolchain."""
    toolchain = find_toolchain("1.27")
    assert toolchain is not None
    for source in SOURCES:
        record = {
            "go": toolchain.full,
            "rows": {name: real(source, name, toolchain, 15)[0] for name in names(source)},
        }
        source.with_suffix(".json").write_text(json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    main()
