"""A deadlocked Go program's dump is Go's: wait reasons, functions of the library, lines.

The texts beside the programs in ``golang_lib/crashes`` were recorded from real Go 1.27.3 with
GOMAXPROCS=1 (``python -m tests.test_golang_lib_crashes GO``), without what differs from machine to
machine: arguments, offsets, folders. Places in Go's own sources are compared where gosim knows
them: functions of a model have their line in the model.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import gosim

PROGRAMS = sorted((Path(__file__).with_name("golang_lib") / "crashes").glob("*.go"))
#: Functions that Go's sources and the models have in different places.
_MODELS = re.compile(r"^(created by )?(log|sync\.OnceFunc|context|time\.goFunc)\b")


def stable(text: str) -> list[str]:
    """The lines of a dump without arguments, offsets and folders."""
    lines: list[str] = []
    model = False
    for line in text.splitlines():
        line = re.sub(r" \+0x[0-9a-f]+$", "", line)
        if line.startswith("\t"):
            line = "\t" + line.strip().rsplit("/", 1)[-1]
            line = "\t-" if model else line
        elif line.endswith(")"):
            line = line[: line.rindex("(")]
        model = bool(_MODELS.match(line))
        lines.append(line)
    return lines


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda p: p.stem)
def test_dump_is_gos(program: Path) -> None:
    result = gosim.run(str(program))
    assert result.exit_code == 2
    assert stable(result.stderr) == program.with_suffix(".err").read_text().splitlines()


def record(go: str) -> None:
    """Write the expected dumps."""
    env = {**os.environ, "GOMAXPROCS": "1", "GOTOOLCHAIN": "local"}
    for program in PROGRAMS:
        built = program.with_suffix(".exe")
        subprocess.run([go, "build", "-o", str(built), str(program)], env=env, check=True)
        done = subprocess.run([built], env=env, capture_output=True, text=True, check=False)
        built.unlink()
        program.with_suffix(".err").write_text("\n".join(stable(done.stderr)) + "\n")


if __name__ == "__main__":
    record(sys.argv[1])
