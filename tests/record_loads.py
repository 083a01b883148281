"""Record what real Go costs per call: ``GOSIM_GO_PATH=/opt/gos python -m tests.record_loads``.

Writes ``tests/load-recorded.json``: each of `LOADS` under the newest toolchain, in real time.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Final, NamedTuple

from gosim.oracle.load import load_go
from gosim.oracle.toolchain import find_toolchain
from gosim.scenario import find

FILE: Final = Path(__file__).resolve().parent / "load-recorded.json"
MS: Final = 1_000_000


class Case(NamedTuple):
    """One comparison: so many calls, one each `every_ns`."""

    scenario: str
    variant: str
    function: str
    calls: int
    every_ns: int


LOADS: Final = (
    Case("first-answer-wins", "leak", "firstAnswer", 2000, 2 * MS),
    Case("first-answer-wins", "buffer-n", "firstAnswer", 2000, 2 * MS),
    Case("forgotten-cancel", "leak", "readThree", 2000, 2 * MS),
    Case("growing-service", "leak", "handle", 200, 10 * MS),
    Case("growing-service", "fixed", "handle", 200, 10 * MS),
    Case("out-of-memory", "leak", "handle", 200, 10 * MS),
    Case("double-send-after-error", "leak", "main", 2000, 2 * MS),
    Case("range-never-closed", "leak", "main", 2000, 2 * MS),
    Case("waitgroup-without-done", "leak", "main", 2000, 2 * MS),
    Case("mutex-never-unlocked", "leak", "main", 1000, 4 * MS),
    Case("nil-channel", "leak", "main", 2000, 2 * MS),
    Case("cost-of-a-goroutine", "leak", "main", 200, 10 * MS),
)


def name(case: Case) -> str:
    """Return the key of a case."""
    return f"{case.scenario} {case.variant}"


def main() -> int:
    """Record all."""
    toolchain = find_toolchain("1.27")
    if toolchain is None:
        print("no toolchain: set GOSIM_GO_PATH", file=sys.stderr)
        return 2
    found = {}
    for case in LOADS:
        path = find(case.scenario).variant(case.variant).file("go")
        real = load_go(path, case.function, toolchain, calls=case.calls, every_ns=case.every_ns)
        found[name(case)] = real.to_dict()
        print(name(case), real, flush=True)
    FILE.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
