"""Go programs that use the library print what they print under real Go.

The expected output stands beside each program in ``golang_lib/programs``; it was recorded with
``python -m tests.test_golang_lib_programs`` (Go 1.27.3, GOMAXPROCS=1, empty standard input).
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

import gosim

PROGRAMS = sorted((Path(__file__).with_name("golang_lib") / "programs").glob("*.go"))


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda p: p.stem)
def test_output_is_real_gos(program: Path) -> None:
    result = gosim.run(str(program))
    want = program.with_suffix(".out").read_bytes().decode("utf-8", "surrogateescape")
    assert result.stdout.splitlines() == want.splitlines()
    assert result.stdout == want


def record(go: str) -> None:
    """Write the expected outputs; `go` is the go command of a toolchain."""
    env = {**os.environ, "GOMAXPROCS": "1", "GOTOOLCHAIN": "local"}
    for program in PROGRAMS:
        done = subprocess.run(
            [go, "run", str(program)],
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            check=False,
        )
        program.with_suffix(".out").write_bytes(done.stdout)


if __name__ == "__main__":
    import sys

    record(sys.argv[1])
