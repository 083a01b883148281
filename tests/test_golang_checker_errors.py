"""The words of the gc compiler: what our checker says of wrong programs is what gc prints."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from gosim.golang.errors import ErrorList
from gosim.golang.parser import parse_file
from gosim.golang.position import FileSet
from gosim.golang.types.check import Config, check_package
from gosim.golang.types.objects import Package
from gosim.oracle.toolchain import Toolchain
from tests.golang.checker import errors_of, gc_errors, importer, source_root

WRONG = Path(__file__).parent / "golang" / "wrong.txt"
_BLOCK = re.compile(
    r"^=== (\S+)(?: \[(\S+)\])?\n(.*?)^--- errors\n(.*?)(?=^=== |\Z)", re.DOTALL | re.MULTILINE
)


@dataclass
class Wrong:
    """A program and what gc 1.27 prints about it with ``-e``."""

    name: str
    language: str
    source: str
    printed: list[str]


CASES = [
    Wrong(m[1], m[2] or "1.27", m[3], m[4].splitlines())
    for m in _BLOCK.finditer(WRONG.read_text(encoding="utf-8"))
]
ALONE = [case for case in CASES if "import" not in case.source]


def told(*sources: str, language: str = "1.27", limit: int | None = None) -> list[str]:
    """Check files of one package that import nothing; return what is printed."""
    files = FileSet()
    found = ErrorList(files)
    trees = []
    for name, source in zip("abc", sources, strict=False):
        tree = parse_file(files.add(f"{name}.go", source), found)
        assert tree is not None
        trees.append(tree)
    config = Config(None, language, files=files, error=lambda e: found.add(e.pos, e.text))
    check_package("main", trees, config)
    diagnostics, stopped = found.report(limit)
    lines = [line for each in diagnostics for line in str(each).split("\n")]
    return [*lines, f"{stopped}: too many errors"] if stopped else lines


def test_there_are_hundreds_of_errors() -> None:
    assert len(CASES) > 30
    assert sum(len(case.printed) for case in CASES) > 800


@pytest.mark.parametrize("case", ALONE, ids=[case.name for case in ALONE])
def test_errors_of_programs_without_imports(case: Wrong) -> None:
    assert told(case.source, language=case.language) == case.printed


@pytest.mark.go
def test_errors_of_all_programs_are_gcs_own(go_toolchain: Toolchain, tmp_path: Path) -> None:
    standard = importer(source_root(go_toolchain))
    for case in CASES:
        path = tmp_path / "a.go"
        path.write_text(case.source, encoding="utf-8")
        assert gc_errors(go_toolchain, [path], case.language) == case.printed, case.name
        assert errors_of(standard, [path], case.language) == case.printed, case.name


def test_the_compiler_stops_after_ten() -> None:
    body = "".join(f"\tv{n} := {n}\n" for n in range(20))
    lines = told(f"package main\n\nfunc main() {{\n{body}}}\n", limit=10)
    assert len(lines) == 11
    assert lines[0] == "a.go:4:2: declared and not used: v0"
    assert lines[-1] == "a.go:13:2: too many errors"


def test_files_of_a_package_see_each_other() -> None:
    first = "package main\n\nvar a = b\n\nfunc main() { f(c) }\n"
    second = 'package main\n\nvar b = "x"\n\nconst c = 1\n\nfunc f(s string) {}\n'
    assert told(first, second) == [
        "a.go:5:17: cannot use c (untyped int constant 1) as string value in argument to f"
    ]
    third = "package other\n"
    assert told(second.replace("f(s string)", "main()"), third) == [
        "b.go:1:1: package other; expected package main"
    ]


def test_files_come_in_the_order_of_their_first_errors() -> None:
    # Types are checked before functions: gc prints the second file first.
    first = "package p\n\nfunc f() { x() }\n"
    second = "package p\n\ntype t undefined1\n\nfunc g() { y() }\n"
    assert told(first, second) == [
        "b.go:3:8: undefined: undefined1",
        "b.go:5:12: undefined: y",
        "a.go:3:12: undefined: x",
    ]


@pytest.mark.go
def test_gc_prints_files_in_that_order(go_toolchain: Toolchain, tmp_path: Path) -> None:
    first, second = tmp_path / "a.go", tmp_path / "b.go"
    first.write_text("package p\n\nfunc f() { x() }\n")
    second.write_text("package p\n\ntype t undefined1\n\nfunc g() { y() }\n")
    printed = gc_errors(go_toolchain, [first, second])
    assert [line.partition(":")[0] for line in printed] == ["b.go", "b.go", "a.go"]
    assert errors_of(importer(source_root(go_toolchain)), [first, second]) == printed


def test_functions_of_programs_need_bodies() -> None:
    source = "package p\n\ntype T int\n\nfunc (T) m()\n\n//go:linkname g x\nfunc g()\nfunc f()\n"
    files = FileSet()
    tree = parse_file(files.add("a.go", source), ErrorList(files))
    assert tree is not None
    for complete, expected in ((False, []), (True, [5, 9])):
        _, _, found = check_package("p", [tree], Config(files=files, complete=complete))
        assert [files.line(e.pos) for e in found] == expected
        assert {e.text for e in found} <= {"missing function body"}


def test_a_redeclaration_names_the_other_file() -> None:
    assert told("package p\n\nfunc f() {}\n", "package p\n\ntype f int\n") == [
        "b.go:3:6: f redeclared in this block",
        "\ta.go:3:6: other declaration of f",
    ]


def test_an_import_that_fails_is_one_error() -> None:
    def fail(path: str) -> Package:
        raise ImportError("no such thing")

    files = FileSet()
    errors = ErrorList(files)
    source = 'package p\n\nimport "a/b"\n\nvar x b.T = b.F(1).y\n'
    tree = parse_file(files.add("a.go", source), errors)
    assert tree is not None
    _, _, found = check_package("p", [tree], Config(fail, files=files))
    assert [e.text for e in found] == ["could not import a/b (no such thing)"]


@pytest.mark.parametrize(
    ("build", "given", "allowed"),
    [
        ("", "1.21", False),
        ("", "1.22", True),
        ("//go:build go1.22\n\n", "1.21", True),
        ("//go:build go1.21\n\n", "1.24", False),
        ("//go:build go1.22 || linux\n\n", "1.21", False),
        ("//go:build go1.23 && !windows\n\n", "1.21", True),
    ],
)
def test_the_build_line_changes_the_language(build: str, given: str, allowed: bool) -> None:
    source = f"{build}package main\n\nfunc main() {{\n\tfor range 3 {{\n\t}}\n}}\n"
    lines = told(source, language=given)
    assert (lines == []) is allowed
    if not allowed:
        assert "requires go1.22 or later" in lines[0]


def test_versions_that_do_not_exist_yet() -> None:
    assert told("package main\n\nfunc main() {}\n", language="1.28") == [
        "a.go:1:1: package requires newer Go version go1.28 (application built with go1.27)"
    ]


def test_long_programs_do_not_overflow() -> None:
    sums = " + ".join(["1"] * 5000)
    nested = "(" * 2000 + "1" + ")" * 2000
    deep = "{" * 1000 + "}" * 1000
    assert told(f"package main\n\nvar a = {sums}\nvar b = {nested}\nfunc main() {deep}\n") == []
