"""The parser against Go's own two: trees of go/parser, errors of the gc compiler.

Go's files are read where they lie, in the installed toolchain.
"""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gosim.golang import ast
from gosim.golang.errors import CompileError
from gosim.golang.parser import parse_source
from gosim.oracle.toolchain import Toolchain
from tests.golang import ask, build, dump, errors_of, parsed
from tests.golang.mutants import mutants


def told(source: str) -> list[str]:
    """The errors of a body of declarations, from its own first line on."""
    _, _, errors = parse_source("a.go", "package p; " + source)
    return [f"{e.position.line}: {e.message}" for e in errors]


def only_expr(source: str) -> ast.Expr:
    tree, _, errors = parse_source("a.go", f"package p\nvar _ = {source}\n")
    assert tree is not None
    assert not errors
    decl = tree.decls[0]
    assert isinstance(decl, ast.GenDecl)
    spec = decl.specs[0]
    assert isinstance(spec, ast.ValueSpec)
    return spec.values[0]


def shape(x: ast.Expr) -> str:
    """Spell an expression with all its parentheses."""
    match x:
        case ast.BinaryExpr():
            return f"({shape(x.x)}{x.op}{shape(x.y)})"
        case ast.UnaryExpr():
            return f"({x.op}{shape(x.x)})"
        case ast.StarExpr():
            return f"(*{shape(x.x)})"
    return ast.source_of(x)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a+b*c-d", "((a+(b*c))-d)"),
        ("a||b&&c==d", "(a||(b&&(c==d)))"),
        ("-a.b*<-c", "((-a.b)*(<-c))"),
        ("!a&&*p==^x&^y", "((!a)&&((*p)==((^x)&^y)))"),
        ("a<<1+b|c", "(((a<<1)+b)|c)"),
    ],
)
def test_operators_bind_as_the_spec_says(source: str, expected: str) -> None:
    assert shape(only_expr(source)) == expected


@pytest.mark.parametrize(
    "source",
    [
        "func(a, b int, c ...string) (n int, err error) {…}",
        "map[string][]*T{…}",
        "x[1:2:3]",
        "x[:]",
        "f[int, string](a, b...)",
        "x.(<-chan int)",
        "[...]int{…}",
        "struct{a, b int; T}{}",
        "(<-chan int)(x)",
        "interface{M(x int) error; ~int | string}(nil)",
        "(*T).M",
    ],
)
def test_messages_spell_expressions_as_gc_does(source: str) -> None:
    assert ast.source_of(only_expr(source.replace("{…}", "{ 1 }"))) == source


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("[N]int", ast.ArrayType),
        ("[P *T]int", ast.ArrayType),
        ("[P *T,] int", None),
        ("[P *[]int] int", None),
        ("[P any] int", None),
        ("[P (T)]int", ast.ArrayType),
        ("[P *T|~int] int", None),
        ("[]int", ast.ArrayType),
    ],
)
def test_brackets_after_a_type_name_are_a_length_or_parameters(
    source: str, kind: type[ast.Expr] | None
) -> None:
    tree, _, errors = parse_source("a.go", f"package p\ntype T {source}\n")
    assert tree is not None
    assert not errors
    decl = tree.decls[0]
    assert isinstance(decl, ast.GenDecl)
    spec = decl.specs[0]
    assert isinstance(spec, ast.TypeSpec)
    if kind is None:
        assert spec.type_params is not None
        assert isinstance(spec.type, ast.Ident)
    else:
        assert spec.type_params is None
        assert isinstance(spec.type, kind)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("func f() { if x == T{} { } }", "1: syntax error: cannot parse"),
        ("func f() { if x == (T{}) { } }", ""),
        ("func f() { for range T{}.x { } }", "1: syntax error"),
        ("func f() { switch f(T{}) { } }", ""),
        ("func f() { if a[T{}] == b { } }", ""),
        ("func f() { for _, x := range []int{1} { _ = x } }", ""),
        ("func f() { switch x := y.(type) { case int: _ = x } }", ""),
        ("func f() { for range 10 { }; for i := range f { _ = i } }", ""),
    ],
)
def test_a_brace_in_a_header_begins_the_block(source: str, expected: str) -> None:
    assert bool(told(source)) == bool(expected)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("func f() {\n\tx := \n}\n", ["3: syntax error: unexpected }, expected expression"]),
        ("func f()\n{\n}\n", ["2: syntax error: unexpected semicolon or newline before {"]),
        ("x := 1\n", ["1: syntax error: non-declaration statement outside function body"]),
        (
            "func f() {\n\tif x = 1 {\n\t}\n}\n",
            ["2: syntax error: cannot use assignment x = 1 as value"],
        ),
        (
            "func f() {\n\tf(1\n}\n",
            ["2: syntax error: unexpected newline in argument list; possibly missing comma or )"],
        ),
        ("func f() {\nL:\n\tfor {\n\t}\n}\n", ["2: label L defined and not used"]),
        ("func f() {\n\tgoto L\n}\n", ["2: label L not defined"]),
        ("func f() { break }\n", ["1: break is not in a loop, switch, or select"]),
        (
            "func f() {\n\tgoto L\n\tx := 1\nL:\n\t_ = x\n}\n",
            ["2: goto L jumps over declaration of x at a.go:3:4"],
        ),
        (
            "func f() { switch { case true: fallthrough } }\n",
            ["1: cannot fallthrough final case in switch"],
        ),
        ("func f(a int, b) {}\n", ["1: syntax error: missing parameter type"]),
        (
            "import 5\nfunc f() { defer (f()) }\n",
            [
                "1: syntax error: import path must be a string",
                "2: expression in defer must not be parenthesized",
            ],
        ),
    ],
)
def test_errors_read_as_those_of_gc(source: str, expected: list[str]) -> None:
    assert told(source) == expected


def test_after_ten_errors_the_compiler_gives_up() -> None:
    _, _, errors = parse_source("a.go", "package p\n" + "func f() { x := }\n" * 12)
    printed, stopped_at = errors.report()
    assert len(printed) == 10
    assert str(stopped_at) == "a.go:11:17"
    with pytest.raises(CompileError, match=r"a\.go:11:17: too many errors$"):
        errors.raise_if_any()
    assert len(errors.all) == 12


@pytest.mark.parametrize(
    "source",
    [
        "var x = " + "(" * 1_000_000,
        "var x " + "chan " * 200_000 + "int",
        "func f() " + "{" * 100_000,
        "var x = " + "func() { _ = " * 50_000,
        "var x = " + "-x" * 20_000 + " -" * 100_000,
    ],
    ids=["parentheses", "channels", "blocks", "functions", "signs"],
)
def test_nesting_without_bound_is_an_error_and_no_crash(source: str) -> None:
    _, _, errors = parse_source("a.go", "package p\n" + source)
    printed, _ = errors.report()
    assert printed[-1].message == "syntax error: nesting too deep"


@pytest.mark.parametrize(
    "source",
    [
        "var x = " + "+".join("a" for _ in range(50_000)),
        "func f() {" + "if x {} else " * 10_000 + "{} }",
        "func f[P " + "|".join("~int" for _ in range(50_000)) + "]()",
        "var x = " + "f" + "(1)" * 50_000,
    ],
    ids=["sum", "else", "union", "calls"],
)
def test_what_is_only_long_is_no_nesting(source: str) -> None:
    tree, _, errors = parse_source("a.go", "package p\n" + source)
    assert tree is not None
    assert not errors
    assert sum(1 for _ in ast.walk(tree)) > 10_000
    assert tree.decls[0].pos > 0


WORDS = [
    "x",
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    ",",
    ";",
    ":",
    ".",
    "...",
    "=",
    ":=",
    "+",
    "*",
    "&",
    "<-",
    "++",
    "x",
    "y",
    "1",
    "if",
    "for",
    "func",
    "range",
    "switch",
    "case",
    "type",
]


@given(st.lists(st.sampled_from(WORDS), max_size=30))
def test_any_tokens_are_parsed_or_refused(words: list[str]) -> None:
    tree, _, errors = parse_source("a.go", "package p\nfunc f() {\n" + " ".join(words) + "\n}\n")
    assert tree is not None
    for error in errors:
        assert error.position.line >= 1
    assert all(isinstance(node, ast.Node) for node in ast.walk(tree))


# -- against real Go -------------------------------------------------------------------------------


def go_files(toolchain: Toolchain, *places: str) -> list[Path]:
    found: list[Path] = []
    for place in places:
        found += (toolchain.goroot / "src" / place).rglob("*.go")
    return sorted(path for path in found if path.is_file())


def unequal_trees(toolchain: Toolchain, files: list[Path]) -> Iterator[str]:
    """Compare with go/parser every file that both parsers of Go accept."""
    judge = build(toolchain, "syntaxerrors")
    accepted = [Path(name) for name, errors in ask(judge, files) if not errors]
    assert len(accepted) > len(files) / 2
    for head, theirs in ask(build(toolchain, "tree"), accepted):
        name, _, refused = head.rpartition(" ")
        if refused == "true":
            continue
        tree, file, errors = parsed(Path(name))
        if errors or tree is None:
            yield f"{name}: {errors.all[:1]}"
            continue
        ours = dump(tree, file)
        if ours != theirs:
            pairs = zip(ours.split("\n"), theirs.split("\n"), strict=False)
            first = next(((a, b) for a, b in pairs if a != b), ("shorter", "or longer"))
            yield f"{name}: {first[0][:200]} against {first[1][:200]}"


def unequal_errors(toolchain: Toolchain, files: list[Path]) -> tuple[list[str], int]:
    """Return where our errors are not gc's, and how many files have any."""
    different = []
    with_errors = 0
    for name, told_by_go in ask(build(toolchain, "syntaxerrors"), files):
        theirs = told_by_go.split("\n") if told_by_go else []
        with_errors += bool(theirs)
        # Go walks the labels of a function in the random order of a map.
        ours = sorted(errors_of(name, Path(name).read_bytes()))
        if ours != sorted(theirs):
            odd = sorted(set(ours) ^ set(theirs))
            different.append(f"{name}: {odd[:2]}")
    return different, with_errors


@pytest.mark.go
def test_trees_are_those_of_go_parser(go_toolchain: Toolchain) -> None:
    files = go_files(go_toolchain, "sync", "slices", "runtime/testdata", "go/parser", "maps")
    assert len(files) > 150
    assert list(unequal_trees(go_toolchain, files)) == []


@pytest.mark.go
@pytest.mark.slow
def test_trees_of_half_a_thousand_more(go_toolchain: Toolchain) -> None:
    places = ("internal/types/testdata", "go", "time", "net/http", "reflect", "fmt", "testing")
    files = go_files(go_toolchain, *places)
    assert len(files) > 500
    assert list(unequal_trees(go_toolchain, files)) == []


@pytest.mark.go
def test_the_errors_of_gos_own_tests_of_syntax(go_toolchain: Toolchain) -> None:
    places = ("cmd/compile/internal/syntax/testdata", "internal/types/testdata/check")
    different, with_errors = unequal_errors(go_toolchain, go_files(go_toolchain, *places))
    assert different == []
    assert with_errors > 20


# Of several comments before one token only the last counts.
ERROR = re.compile(rb"/\* ERROR ((?:(?!\*/).)*) \*/(?!\s*/\* ERROR)|// ERROR (.*)")


@pytest.mark.go
def test_every_error_that_the_31_files_declare_is_found(go_toolchain: Toolchain) -> None:
    files = go_files(go_toolchain, "cmd/compile/internal/syntax/testdata")
    assert len(files) >= 31
    for path in files:
        declared: dict[int, list[str]] = {}
        for number, line in enumerate(path.read_bytes().split(b"\n"), 1):
            if line.startswith(b"// ") and not line.startswith(b"// ERROR"):
                continue  # prose about such comments
            for found in ERROR.finditer(line):
                pattern = (found[1] or found[2]).decode().strip()
                declared.setdefault(number, []).append(pattern)
        ours: dict[int, list[str]] = {}
        for error in errors_of(path.name, path.read_bytes()):
            line_number, _, message = error.split(":", 2)
            ours.setdefault(int(line_number), []).append(message)
        for number, patterns in declared.items():
            for pattern in patterns:
                # A comment at the end of a line may belong to the first token of the next.
                near = ours.get(number, []) + ours.get(number + 1, [])
                assert any(re.search(pattern, text) for text in near), (path, number, pattern)


@pytest.mark.go
def test_damaged_programs_are_refused_in_gcs_words(go_toolchain: Toolchain, tmp_path: Path) -> None:
    different, with_errors = compare_mutants(go_toolchain, tmp_path, 400, seed=7)
    assert different == []
    assert with_errors > 200


@pytest.mark.go
@pytest.mark.slow
def test_thousands_of_damaged_programs(go_toolchain: Toolchain, tmp_path: Path) -> None:
    different, with_errors = compare_mutants(go_toolchain, tmp_path, 6_000, seed=11)
    assert different == []
    assert with_errors > 3_000


def compare_mutants(
    toolchain: Toolchain, into: Path, count: int, seed: int
) -> tuple[list[str], int]:
    places = ("runtime/testdata", "internal/types/testdata", "slices", "sync", "container")
    originals = [p for p in go_files(toolchain, *places) if p.stat().st_size < 12_000]
    written = mutants(originals, count, seed, into)
    # A byte that is skipped inside `//` or `:=`: Go sees one token, we see two.
    ours = [p for p in written if not re.search(rb"[^\w\s][\x00\x80-\xff]+[^\w\s]", p.read_bytes())]
    return unequal_errors(toolchain, ours)


@pytest.mark.go
@pytest.mark.parametrize(
    "source",
    [
        "func f() { x := }\n" * 12,
        "func f() {\n\tgoto L\n\tx := 1\nL:\n\t_ = x + 08 +\n}\nvar 'ab'\n",
        "func f(a int, b) { a = = b; c d }\nfunc g() { if a := 1 { } }\n",
        "var s = \"abc\nvar t = '\\q'\nvar u = )\n",
    ],
    ids=["many", "goto", "same line", "literals"],
)
def test_what_is_printed_is_what_the_compiler_prints(
    go_toolchain: Toolchain, tmp_path: Path, source: str
) -> None:
    path = tmp_path / "a.go"
    path.write_text("package p\n" + source)
    command = [str(go_toolchain.go), "tool", "compile", "-p", "p", "-o", "a.o", "a.go"]
    env = go_toolchain.environment()
    done = subprocess.run(command, env=env, cwd=tmp_path, capture_output=True, text=True)
    _, _, errors = parse_source("a.go", path.read_bytes())
    assert errors.has_syntax_errors
    with pytest.raises(CompileError) as refused:
        errors.raise_if_any()
    assert str(refused.value) == done.stdout.strip()


@pytest.mark.go
@pytest.mark.slow
def test_all_of_gos_source_is_parsed(go_toolchain: Toolchain) -> None:
    """Every file outside testdata, 2.9 million lines, and fast enough for large programs."""
    lines = count = 0
    refused = []
    began = time.process_time()
    for path in go_files(go_toolchain, "."):
        if "testdata" in path.parts:
            continue
        tree, file, errors = parsed(path)
        count += 1
        lines += file.raw.count("\n")
        if errors or tree is None:
            refused.append(str(errors.all[0]))
    speed = lines / (time.process_time() - began)
    assert refused == []
    assert count > 6_000
    assert speed > 10_000, f"{speed:.0f} lines/s"
