"""Programs of Go's own, damaged at random: every error of gc's is ours, word for word."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from gosim.oracle.toolchain import Toolchain
from tests.golang.checker import errors_of, gc_errors, importer, source_root
from tests.golang.type_mutants import type_mutants


def different(
    toolchain: Toolchain, originals: Sequence[Path], count: int, seed: int, into: Path
) -> tuple[list[str], int]:
    """Return what differs, and how many mutants came to the type checker."""
    standard = importer(source_root(toolchain))
    compared = 0
    odd = []
    for path in type_mutants(originals, count, seed, into):
        theirs = gc_errors(toolchain, [path])
        if any("syntax error" in line or "could not import" in line for line in theirs):
            continue
        compared += 1
        ours = errors_of(standard, [path])
        if ours != theirs:
            odd.append(f"{path}: {sorted(set(ours) ^ set(theirs))[:3]}")
    return odd, compared


def originals(root: Path, *folders: str) -> list[Path]:
    return [path for each in folders for path in sorted((root / each).rglob("*.go"))]


@pytest.mark.go
def test_errors_of_damaged_programs(go_toolchain: Toolchain, tmp_path: Path) -> None:
    root = source_root(go_toolchain)
    files = originals(root, "internal/types/testdata/spec", "internal/types/testdata/examples")
    files += sorted((root / "runtime/testdata/testgoroutineleakprofile").glob("*.go"))
    files += sorted((root / "sort").glob("example*_test.go"))
    odd, compared = different(go_toolchain, files, 80, 1, tmp_path)
    assert odd == []
    assert compared > 30


@pytest.mark.go
@pytest.mark.slow
def test_errors_of_a_thousand_damaged_programs(go_toolchain: Toolchain, tmp_path: Path) -> None:
    root = source_root(go_toolchain)
    files = originals(root, "internal/types/testdata", "runtime/testdata/testgoroutineleakprofile")
    for each in ("strings", "sync", "context", "fmt", "slices", "maps", "time", "bytes"):
        files += sorted((root / each).glob("example*_test.go"))
    # Constants of a hundred million digits are refused early.
    files = [f for f in files if f.name not in ("issue20583.go", "issue78346.go")]
    odd, compared = different(go_toolchain, files, 1000, 2, tmp_path)
    assert odd == []
    assert compared > 400
