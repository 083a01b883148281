"""Programs with net/http, as services are written: gosim does with them what real Go did.

``python -m tests.test_golang_http`` records anew what real Go does with ``tests/http_programs``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from gosim.golang.program import GoProgram
from gosim.leaks.run import Run, execute
from gosim.oracle import find_toolchain, run_go
from gosim.oracle.compare import differences
from gosim.oracle.recorded import look_up, save_recorded

HERE = Path(__file__).resolve().parent / "http_programs"
PROGRAMS = sorted(HERE.glob("*.go"))
VERSIONS = ("1.22", "1.27")

#: What stays, and whether that is a leak.
OUTCOMES = {
    "goroutine_per_request": "leak",
    "no_timeout": "leak",
    "proxy": "leak",
    "timeouts": "leak",
}


def simulated(program: Path, version: str) -> Run:
    found = GoProgram(str(program), go=version)
    return execute(found, go=version, go_line=version)


CASES = [
    pytest.param(p, version, id=f"{p.stem}-{version}")
    for version in VERSIONS
    for p in PROGRAMS
    if version == "1.27" or p.stem in ("goroutine_per_request", "proxy", "raw", "timeouts")
]


@pytest.mark.parametrize(("program", "version"), CASES)
def test_output_and_goroutines_are_those_of_real_go(program: Path, version: str) -> None:
    """And a server at rest is no leak, but a handler that is stuck is one."""
    go = look_up(HERE, program.stem, version, program)
    assert go is not None, "python -m tests.test_golang_http"
    run = simulated(program, version)
    found = differences(run.to_dict(), go, telling="go")
    assert [str(d) for d in found] == []
    assert run.stdout == go.stdout
    assert run.outcome == OUTCOMES.get(program.stem, "ok")


def main() -> None:
    for version in VERSIONS:
        toolchain = find_toolchain(version)
        assert toolchain is not None, version
        for program in PROGRAMS:
            result = run_go(program, toolchain=toolchain, runs=3, timeout=20)
            assert result.steady_stdout, program
            save_recorded(HERE, program.stem, program, result)
            print(version, program.stem, result.exit_code, len(result.goroutines), flush=True)


if __name__ == "__main__":
    main()
