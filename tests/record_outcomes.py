"""Run the programs of ``tests/outcomes`` under real Go and write down every outcome it has.

``python -m tests.record_outcomes [NAME ...]`` writes ``tests/outcomes.json``. Each program is built
once and run 200 times, under one, two and four processors; before that it has to be clean for
``go vet`` and, ten times, for the race detector (which needs a C compiler).
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gosim.oracle import Toolchain, find_toolchain

HERE = Path(__file__).parent
FOLDER = HERE / "outcomes"
RECORD = HERE / "outcomes.json"

#: How often under how many processors: 200 in all.
RUNS = {1: 40, 2: 80, 4: 80}
#: How often with the race detector.
RACES = 10


def names() -> list[str]:
    """Return the programs."""
    return sorted(path.stem for path in FOLDER.glob("*.go"))


def outcome(stdout: str, code: int | None, stderr: str) -> tuple[str, int | None, str]:
    """Return what is compared of a process: output, exit code, first line of stderr.

    Where Go's runtime ends the process the first line of stderr is its reason; numbers of
    goroutines in it, which depend on how many the library has started, are left out.
    """
    first = next((line for line in stderr.splitlines() if line.strip()), "")
    return stdout, code, re.sub(r"goroutine \d+", "goroutine N", first)


def run_built(
    name: str, go: Toolchain, scratch: Path, how_often: dict[int, int]
) -> Counter[tuple[str, int | None, str]]:
    """Build a program and run it so often under so many processors."""
    source, binary = FOLDER / f"{name}.go", scratch / name
    _tool([str(go.go), "build", "-o", str(binary), str(source)], _environment(go))
    seen: Counter[tuple[str, int | None, str]] = Counter()
    for processors, runs in how_often.items():
        environment = _environment(go) | {"GOMAXPROCS": str(processors)}
        for _ in range(runs):
            seen[_run(binary, environment)] += 1
    binary.unlink()
    return seen


def real(name: str, go: Toolchain, scratch: Path) -> list[dict[str, Any]]:
    """Return the outcomes of a program under real Go, the most frequent first."""
    source, binary, environment = FOLDER / f"{name}.go", scratch / name, _environment(go)
    _tool([str(go.go), "vet", str(source)], environment)
    if shutil.which("gcc"):
        environment["CGO_ENABLED"] = "1"
        _tool([str(go.go), "build", "-race", "-o", str(binary), str(source)], environment)
        for _ in range(RACES):
            complaints = _complaints(binary, environment)
            assert "DATA RACE" not in complaints, f"{name}: {complaints}"
        binary.unlink()
    seen = run_built(name, go, scratch, RUNS)
    return [
        {"stdout": stdout, "exit": code, "stderr": stderr, "runs": runs}
        for (stdout, code, stderr), runs in sorted(seen.items(), key=lambda item: (-item[1], item))
    ]


def _environment(go: Toolchain) -> dict[str, str]:
    return go.environment() | {"GOFLAGS": "", "CGO_ENABLED": "0", "GO111MODULE": "off"}


def _complaints(binary: Path, environment: dict[str, str]) -> str:
    """Return stderr; a deadlock is not noticed in a process with threads of C, and is ended."""
    process = subprocess.Popen(
        [binary], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=environment
    )
    try:
        return process.communicate(timeout=3)[1]
    except subprocess.TimeoutExpired:
        process.kill()
        return process.communicate()[1]


def _run(binary: Path, environment: dict[str, str]) -> tuple[str, int | None, str]:
    done = subprocess.run([binary], capture_output=True, text=True, timeout=60, env=environment)
    return outcome(done.stdout, done.returncode, done.stderr)


def _tool(command: Sequence[str], environment: dict[str, str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr


def main(argv: Sequence[str]) -> None:
    """Record the programs named, or all of them."""
    go = find_toolchain("1.27")
    assert go is not None
    go.make_executable()
    record: dict[str, Any] = {"go": go.full, "runs": RUNS, "programs": {}}
    if argv and RECORD.exists():
        record["programs"] = json.loads(RECORD.read_text())["programs"]
    with tempfile.TemporaryDirectory() as scratch:
        for name in argv or names():
            record["programs"][name] = found = real(name, go, Path(scratch))
            print(f"{name:24} {len(found)}  " + " ".join(str(o["runs"]) for o in found), flush=True)
            record["programs"] = {
                n: record["programs"][n] for n in names() if n in record["programs"]
            }
            RECORD.write_text(json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    os.nice(10)
    main(sys.argv[1:])
