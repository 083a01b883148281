"""Random programs about values do under gosim what they do under real Go.

``GOSIM_RANDOM_VALUES=N`` tries N programs instead of the few that a test run has time for.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

import gosim
from gosim.oracle.run import build_go
from gosim.oracle.toolchain import find_toolchain
from tests.golang.random_values import program

COUNT = int(os.environ.get("GOSIM_RANDOM_VALUES", "5"))


def test_a_seed_makes_the_same_program_everywhere() -> None:
    assert program(1) == program(1)
    assert program(1) != program(2)


@pytest.mark.parametrize("seed", range(COUNT))
def test_does_what_go_does(seed: int, tmp_path: Path) -> None:
    toolchain = find_toolchain("1.27")
    if toolchain is None:
        pytest.skip("no Go 1.27 here to compare with")
    source = tmp_path / "random.go"
    source.write_text(program(seed), encoding="utf-8")
    binary = build_go(source, toolchain=toolchain, wrap=False)
    env = {**os.environ, "GOMAXPROCS": "1"}
    real = subprocess.run([binary], capture_output=True, env=env, timeout=60, check=False)
    run = gosim.run(str(source))
    assert run.stdout == real.stdout.decode("utf-8", "surrogateescape")
    assert run.exit_code == real.returncode
    told = real.stderr.decode("utf-8", "surrogateescape").splitlines()[:1]
    assert run.stderr.splitlines()[:1] == told
