"""Go's own suite for type checkers, read in the installed toolchain: the score never falls."""

from __future__ import annotations

import pytest

from gosim.oracle.toolchain import Toolchain
from tests.golang.checker import importer, source_root
from tests.types_score import Result, score, table

#: Folders whose packages import little.
QUICK = ("examples/", "spec/", "check/const", "check/stmt", "check/expr", "check/decls")

#: gc's words for labels differ from go/types', and its parser reports these.
GC_DIFFERS = {"check/labels.go", "check/gotos.go", "check/stmt0.go"}


def wrong(results: list[Result]) -> list[str]:
    return [r.name for r in results if not r.texts_right and r.name not in GC_DIFFERS]


@pytest.mark.go
def test_a_slice_of_the_suite_is_right_to_the_letter(go_toolchain: Toolchain) -> None:
    results = score(source_root(go_toolchain), *QUICK)
    assert len(results) > 30
    assert wrong(results) == []


@pytest.mark.go
@pytest.mark.slow
def test_the_score_of_the_whole_suite(go_toolchain: Toolchain) -> None:
    results = score(source_root(go_toolchain))
    print(table(results))
    clean = [r for r in results if not r.expected]
    faulty = [r for r in results if r.expected]
    assert len(clean) > 80
    assert len(faulty) > 280
    assert [r.name for r in clean if r.wrong or r.crash] == []
    assert sum(r.lines_right for r in faulty) >= 284
    assert sum(r.texts_right for r in faulty) >= 281


@pytest.mark.go
def test_packages_of_the_library_are_accepted(go_toolchain: Toolchain) -> None:
    standard = importer(source_root(go_toolchain))
    for path in ("sort", "strconv", "container/list", "maps", "sync", "unicode/utf8"):
        assert standard.check(path)[2] == [], path


@pytest.mark.go
@pytest.mark.slow
def test_more_packages_of_the_library_are_accepted(go_toolchain: Toolchain) -> None:
    standard = importer(source_root(go_toolchain))
    for path in ("fmt", "net/http", "encoding/json", "go/types", "reflect", "runtime", "time"):
        assert standard.check(path)[2] == [], path
    assert standard.errors == {}
