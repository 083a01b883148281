"""Run every row of ``tests/go/sync_rows.go`` under real Go and write down what it printed.

``python -m tests.record_sync_rows`` writes ``tests/go/sync_rows.json``; tests compare it with gosim
everywhere and with real Go where there is one.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from gosim.oracle import Toolchain, find_toolchain, run_go

SOURCE = Path(__file__).parent / "go" / "sync_rows.go"
RECORD = SOURCE.with_suffix(".json")


def names() -> list[str]:
    """Return the rows of the Go program."""
    return re.findall(r'^\t"(\w+)": +func', SOURCE.read_text(), re.M)


def real(name: str, toolchain: Toolchain) -> dict[str, Any]:
    """Return what one row does under real Go."""
    result = run_go(SOURCE, toolchain=toolchain, args=[name], wrap=False, leaks=False)
    fatal = re.search(r"^fatal error: (.*)", result.stderr, re.M)
    return {
        "stdout": result.stdout.rstrip(),
        "exit": result.exit_code,
        "fatal": fatal.group(1) if fatal else None,
    }


def main() -> None:
    """Record with the newest toolchain."""
    toolchain = find_toolchain("1.27")
    assert toolchain is not None
    record = {
        "go": toolchain.version,
        "rows": {name: real(name, toolchain) for name in names()},
    }
    RECORD.write_text(json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    main()
