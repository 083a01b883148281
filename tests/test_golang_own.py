"""The tests of Go's own packages pass with gosim's models of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from golang_own import program

import gosim
from gosim.oracle.toolchain import Toolchain

PACKAGES = {
    "io": (["io_test.go", "pipe_test.go"], []),
    "bufio": (["bufio_test.go", "scan_test.go"], []),
    "fmt": (["fmt_test.go", "state_test.go", "stringer_test.go", "errors_test.go"], []),
    "strconv": (["quote_test.go"], []),
    # Those left out try every character or every short slice.
    "strings": (
        ["strings_test.go", "reader_test.go", "compare_test.go", "iter_test.go", "builder_test.go"],
        ["TestCaseConsistency", "TestMap"],
    ),
    "bytes": (
        ["buffer_test.go", "bytes_test.go", "reader_test.go", "compare_test.go"],
        [
            *("TestNotEqual", "TestEqualExhaustive", "TestCompareBytes"),
            *("TestLargeStringWrites", "TestLargeByteWrites"),
        ],
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", PACKAGES)
def test_gos_own_tests_pass(name: str, go_toolchain: Toolchain, tmp_path: Path) -> None:
    files, skipped = PACKAGES[name]
    source = Path(go_toolchain.goroot) / "src" / name
    result = gosim.run(str(program(source, files, skipped, tmp_path / name)))
    assert result.stdout.endswith("PASS\n"), result.stdout[-3000:] + result.stderr[-3000:]
