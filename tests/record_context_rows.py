"""Run the rows of ``tests/go/context_rows.go`` under real Go and write down what they print.

``python -m tests.record_context_rows`` writes ``tests/go/context_rows.json``; tests compare it with
gosim everywhere and with real Go where there is one.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from gosim.oracle import Toolchain, find_toolchain, run_go

SOURCE = Path(__file__).parent / "go" / "context_rows.go"
RECORD = SOURCE.with_suffix(".json")
VERSIONS = ("1.22", "1.27")


def real(toolchain: Toolchain) -> dict[str, str]:
    """Return what each row prints under real Go."""
    result = run_go(SOURCE, toolchain=toolchain, wrap=False, leaks=False)
    assert result.exit_code == 0, result.stderr
    parts = re.split(r"^== (\w+)\n", result.stdout, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def main() -> None:
    """Record with an old toolchain and the newest."""
    record = {}
    for version in VERSIONS:
        toolchain = find_toolchain(version)
        assert toolchain is not None, f"no Go {version}"
        record[version] = real(toolchain)
    RECORD.write_text(json.dumps(record, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
