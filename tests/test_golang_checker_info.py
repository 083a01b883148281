"""What the checker records of every expression and name is what go/types records."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from gosim.oracle.toolchain import Toolchain
from tests.golang import build
from tests.golang.checker import InfoDump, go_types, import_config, importer, source_root

_NIL = re.compile(r" value,nil, .*")
#: gosim's parser deals with labels, and instances of the same type have one name.
_LABEL = re.compile(r"[DU] \d+ Label ")


def unequal(toolchain: Toolchain, files: list[Path]) -> tuple[list[str], int]:
    """Return what differs in `files`, and how many of them Go accepts."""
    standard = importer(source_root(toolchain))
    program = build(toolchain, "typeinfo")
    accepted = 0
    different = []
    for path, theirs in zip(files, go_types(program, import_config(toolchain), files), strict=True):
        if any(line.startswith("ERROR") for line in theirs):
            continue
        accepted += 1
        dump = InfoDump(standard, path)
        assert dump.errors == [], path
        # nil has its type in gc's checker, and in ours, but not in go/types.
        want = Counter(_NIL.sub(" nil", line) for line in theirs if not _LABEL.match(line))
        got = Counter(_NIL.sub(" nil", line) for line in dump.lines())
        odd = [*(want - got).elements(), *(got - want).elements()]
        if odd:
            different.append(f"{path}: {odd[:4]}")
    return different, accepted


def examples(root: Path, *packages: str) -> list[Path]:
    return [path for each in packages for path in sorted((root / each).glob("example*_test.go"))]


@pytest.mark.go
def test_types_values_and_objects(go_toolchain: Toolchain) -> None:
    root = source_root(go_toolchain)
    files = examples(root, "sort", "container/heap", "container/list", "errors", "slices")
    files += sorted((root / "internal/types/testdata/spec").glob("*.go"))
    files += sorted((root / "internal/types/testdata/examples").glob("*.go"))
    files += sorted((root / "runtime/testdata/testgoroutineleakprofile").glob("*.go"))
    different, accepted = unequal(go_toolchain, files)
    assert different == []
    assert accepted > 10


@pytest.mark.go
@pytest.mark.slow
def test_types_values_and_objects_of_hundreds_of_files(go_toolchain: Toolchain) -> None:
    root = source_root(go_toolchain)
    files = examples(root, "strings", "sync", "context", "fmt", "maps", "time", "strconv", "bytes")
    for folder in ("runtime/testdata/testgoroutineleakprofile", "internal/types/testdata"):
        files += sorted((root / folder).rglob("*.go"))
    for folder in ("container", "unicode", "strings", "text"):
        files += sorted((root / folder).rglob("*.go"))
    odd = {"cycles1.go", "issue50276.go"}
    different, accepted = unequal(go_toolchain, [f for f in files if f.name not in odd])
    assert different == []
    assert accepted > 120
