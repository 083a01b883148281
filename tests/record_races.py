"""Record what Go's race detector says of the programs in ``golang_race``.

``python -m tests.record_races`` writes ``tests/golang_race/verdicts.json``. It needs a C compiler,
because ``-race`` links with one.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from gosim.oracle import Toolchain, find_toolchain

HERE = Path(__file__).parent
PROGRAMS = HERE / "golang_race"
RECORD = PROGRAMS / "verdicts.json"
#: Exit code of a program in which races were found.
RACES = 66

_ACCESS = re.compile(r"^(?:Previous )?(?:atomic )?(?:read|write) at 0x", re.IGNORECASE)
_PLACE = re.compile(r"^      (\S+):(\d+) ")


def pairs(output: str, name: str) -> set[tuple[int, int]]:
    """Return the pairs of lines of a program that its reports name."""
    found: set[tuple[int, int]] = set()
    for report in output.split("WARNING: DATA RACE")[1:]:
        lines: list[int] = []
        seeking = False
        for line in report.splitlines():
            if _ACCESS.match(line):
                seeking = True
            elif not line:
                seeking = False
            elif seeking and (place := _PLACE.match(line)):
                if place[1].endswith(f"/{name}"):
                    lines.append(int(place[2]))
                    seeking = False
        if len(lines) == 2:
            found.add((min(lines), max(lines)))
    return found


def detect(go: Toolchain, program: Path, runs: int) -> tuple[bool, list[list[int]]]:
    """Return whether Go's detector finds races in a program, and where."""
    env = go.environment() | {"CGO_ENABLED": "1", "GORACE": "atexit_sleep_ms=0"}
    found: set[tuple[int, int]] = set()
    racy = False
    with tempfile.TemporaryDirectory() as folder:
        binary = os.path.join(folder, "program")
        command = [str(go.go), "build", "-race", "-o", binary, str(program)]
        subprocess.run(command, env=env, check=True)
        for i in range(runs):
            run = subprocess.run(
                [binary],
                env={**env, "GOMAXPROCS": str((1, 2, 4)[i % 3])},
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
            racy = racy or run.returncode == RACES
            found |= pairs(run.stderr, program.name)
    return racy, sorted(map(list, found))


def main() -> None:
    """Record all programs."""
    go = find_toolchain()
    assert go is not None, "no Go here"
    programs: dict[str, Any] = {}
    for program in sorted(PROGRAMS.glob("*.go")):
        racy, places = detect(go, program, 12)
        programs[program.stem] = {"racy": racy, "pairs": places}
        print(program.stem, racy, places)
    RECORD.write_text(json.dumps({"go": go.version, "programs": programs}, indent=1) + "\n")


if __name__ == "__main__":
    main()
