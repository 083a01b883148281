"""Programs of values and expressions print what real Go 1.27 printed.

``golang/expr/NAME.out`` is the standard output of ``NAME.go`` under the real toolchain at
``GOMAXPROCS=1``; `test_recorded_output_is_gos` holds the records against it where it is installed.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

import gosim
from gosim.oracle.run import build_go
from gosim.oracle.toolchain import find_toolchain

FOLDER = Path(__file__).parent / "golang" / "expr"
PROGRAMS = sorted(p.stem for p in FOLDER.glob("*.go"))


def recorded(name: str) -> str:
    return (FOLDER / f"{name}.out").read_bytes().decode("utf-8", "surrogateescape")


@pytest.mark.parametrize("name", PROGRAMS)
def test_prints_what_go_prints(name: str) -> None:
    assert gosim.run(str(FOLDER / f"{name}.go")).stdout == recorded(name)


@pytest.mark.parametrize("name", PROGRAMS)
def test_recorded_output_is_gos(name: str) -> None:
    toolchain = find_toolchain("1.27")
    if toolchain is None:
        pytest.skip("no Go 1.27 here to compare with")
    binary = build_go(FOLDER / f"{name}.go", toolchain=toolchain, wrap=False)
    env = {**os.environ, "GOMAXPROCS": "1"}
    done = subprocess.run([binary], capture_output=True, env=env, timeout=60, check=False)
    assert done.stdout.decode("utf-8", "surrogateescape") == recorded(name)
