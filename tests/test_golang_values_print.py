"""``println`` writes numbers as each version's runtime does (Go: ``runtime/print.go``)."""

from __future__ import annotations

import pytest

from gosim.golang.program import GoProgram
from gosim.leaks.run import execute

SOURCE = """package main

func main() {
	println(1.5, 1e100, float32(0.1), 0.1, 1e21, 123456789.0, 2i, 1e-7)
	var z float64
	println(z, -z, 1/z, -1/z, z/z)
}
"""
# Recorded from Go 1.24.11, 1.26.6 and 1.27.3.
EXPONENTS = (
    "+1.500000e+000 +1.000000e+100 +1.000000e-001 +1.000000e-001 +1.000000e+021 +1.234568e+008 "
    "(+0.000000e+000+2.000000e+000i) +1.000000e-007\n"
    "+0.000000e+000 -0.000000e+000 +Inf -Inf NaN\n"
)
PLAIN = "1.5 1e+100 0.1 0.1 1e+21 1.23456789e+08 (0+2i) 1e-07\n0 -0 +Inf -Inf NaN\n"


@pytest.mark.parametrize(
    ("version", "expected"), [("1.24", EXPONENTS), ("1.26", PLAIN), ("1.27", PLAIN)]
)
def test_floats_are_printed_as_the_version_does(version: str, expected: str) -> None:
    run = execute(GoProgram("print.go", source=SOURCE, go=version), go=version)
    assert run.stderr == expected
