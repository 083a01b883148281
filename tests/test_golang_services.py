"""Small programs as services write them, with database/sql, pipes, signals and tickers.

Each does under gosim what it did under real Go: output, exit code, last words, goroutines that are
left with their wait reasons, and place in the leak profile. What real Go did is recorded beside the
programs: ``python -m tests.test_golang_services``.
"""

from __future__ import annotations

import functools
import sys
from pathlib import Path
from typing import Any

import pytest

import gosim
from gosim.oracle import find_toolchain, run_go
from gosim.oracle.compare import differences
from gosim.oracle.recorded import look_up, save_recorded
from tests.scenario_cases import waits

HERE = Path(__file__).with_name("golang_services")
PROGRAMS = sorted(HERE.glob("*.go"))
VERSIONS = ("1.22", "1.27")
#: What is left when the process has died is not shown by real Go.
DIES = {"graceful_stop", "rows_with_context"}
LEAVES = {
    "graceful_stop": [],
    "ping_and_close": [],
    "pipe_abandoned": ["permanent"],
    "pipe_errors": [],
    "prepared": [],
    "query_row": [],
    "rows_early_return": ["permanent", "permanent"],
    "rows_with_context": [],
    "signals_unheard": ["permanent"],
    "tick_in_a_function": ["permanent"],
    "tx_not_ended": ["permanent", "permanent", "permanent", "permanent"],
    "wait_with_deadline": [],
}


@functools.cache
def simulated(program: Path, version: str = VERSIONS[-1]) -> Any:
    return gosim.run(str(program), go=version)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda p: p.stem)
def test_it_does_what_it_did_under_real_go(program: Path, version: str) -> None:
    run = simulated(program, version)
    go = look_up(HERE, program.stem, version, program)
    assert go is not None, "record it: python -m tests.test_golang_services"
    assert run.stdout == go.stdout
    assert [str(d) for d in differences(run.to_dict(), go, telling="go")] == []
    if program.stem not in DIES:
        assert waits(run.goroutines) == waits(go.goroutines)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda p: p.stem)
def test_its_twin_in_python_does_the_same(program: Path, version: str) -> None:
    run = simulated(program.with_suffix(".py"), version)
    go = look_up(HERE, program.stem, version, program)
    assert go is not None
    assert run.stdout == go.stdout
    assert [str(d) for d in differences(run.to_dict(), go, telling="python")] == []
    if program.stem not in DIES:
        assert waits(run.goroutines) == waits(go.goroutines)
    compiled = simulated(program, version)
    names = [[g.function for g in r.goroutines if not g.stack] for r in (run, compiled)]
    assert names[0] == names[1]


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda p: p.stem)
def test_what_is_left_for_good_is_told(program: Path) -> None:
    run = simulated(program)
    stuck = [g.leak for g in run.goroutines if g.leak == "permanent"]
    assert stuck == LEAVES[program.stem]
    for leak in run.leaks:
        assert leak.explanation and leak.fix


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("rows_early_return", ["2 of 2 are in use", "2 by rows of the query at", ":14"]),
        ("tx_not_ended", ["2 by a transaction begun at", ":14", "neither committed nor"]),
        ("signals_unheard", ["hands on signals", "no leak"]),
    ],
)
def test_who_has_the_connections_is_said(program: str, words: list[str]) -> None:
    run = simulated(HERE / f"{program}.go")
    said = " ".join(f"{leak.explanation} {leak.fix}" for leak in run.leaks)
    assert [word for word in words if word not in said] == []


def record() -> None:
    """Write down what real Go does."""
    for program in PROGRAMS:
        for version in VERSIONS:
            toolchain = find_toolchain(version)
            assert toolchain is not None, version
            for _ in range(5):  # a real sleep may come late
                result = run_go(program, toolchain=toolchain, runs=3)
                if result.steady_stdout:
                    break
            assert result.steady_stdout, program
            save_recorded(HERE, program.stem, program, result)
            print(program.stem, version, result.exit_code, len(result.goroutines))


if __name__ == "__main__":
    sys.exit(record())
