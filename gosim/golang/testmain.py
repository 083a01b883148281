"""The program that ``go test`` makes of a package and its tests
(Go: ``cmd/go/internal/load/test.go``).

It is a package main that imports the package under test, and the one beside it whose name ends in
``_test``, and hands their functions to package testing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from gosim.golang import ast

__all__ = ["Found", "found_in", "test_main"]

_OUTPUT = re.compile(r"(?i)^[ \t]*//[ \t]*(unordered )?output:[ \t]*(.*)$")


@dataclass
class Found:
    """What of a package ``go test`` runs: names, by kind.

    Attributes
    ----------
    main : bool
        It has a ``TestMain`` of its own.
    """

    tests: list[str] = field(default_factory=list)
    benchmarks: list[str] = field(default_factory=list)
    examples: list[tuple[str, str, bool]] = field(default_factory=list)
    main: bool = False

    def __bool__(self) -> bool:
        return bool(self.tests or self.benchmarks or self.examples or self.main)


def found_in(files: Iterable[tuple[ast.File, str]]) -> Found:
    """Return what there is to run in test files, in their order.

    Parameters
    ----------
    files : iterable of (File, str)
        Trees and texts.
    """
    found = Found()
    for tree, text in files:
        for decl in tree.decls:
            if not isinstance(decl, ast.FuncDecl) or decl.recv is not None:
                continue
            name = decl.name.name
            takes = len(decl.type.params.list)
            if name == "TestMain" and takes == 1 and _of(decl, "M"):
                found.main = True
            elif _named(name, "Test") and takes == 1:
                found.tests.append(name)
            elif _named(name, "Benchmark") and takes == 1:
                found.benchmarks.append(name)
            elif _named(name, "Example") and not takes:
                output = _expected(text, name)
                if output is not None:
                    found.examples.append((name, *output))
    return found


def _named(name: str, prefix: str) -> bool:
    """Whether `name` is ``TestX``, not ``Testify``."""
    rest = name.removeprefix(prefix)
    return rest != name and not rest[:1].islower() if rest else name == prefix


def _of(decl: ast.FuncDecl, name: str) -> bool:
    kind = decl.type.params.list[0].type
    return (
        isinstance(kind, ast.StarExpr)
        and isinstance(kind.x, ast.SelectorExpr)
        and kind.x.sel.name == name
    )


def _expected(text: str, name: str) -> tuple[str, bool] | None:
    """What the comment at the end of an example says that it prints; None if there is none."""
    body = re.search(rf"^func {name}\(\) \{{\n(.*?)^\}}", text, re.MULTILINE | re.DOTALL)
    if body is None:
        return None
    lines = body[1].splitlines()
    start = len(lines)
    while start and lines[start - 1].strip().startswith("//"):
        start -= 1
    comment = lines[start:]
    for i, line in enumerate(comment):
        head = _OUTPUT.match(line)
        if head is not None:
            rest = [each.strip()[2:].removeprefix(" ") for each in comment[i + 1 :]]
            return "\n".join([head[2], *rest]).strip(), head[1] is not None
    return None


def test_main(path: str, own: Found, beside: Found) -> str:
    """Return the source of the program.

    Parameters
    ----------
    path : str
        The import path of the package under test; that of the one beside it ends in ``_test``.
    own, beside : Found
        What there is to run in the two.
    """
    sides = [(own, "_test"), (beside, "_xtest")]
    imports = [f'\t_test "{path}"' if own else f'\t_ "{path}"']
    if beside:
        imports.append(f'\t_xtest "{path}_test"')

    def entries(kind: str) -> str:
        return "".join(
            f'\t\t{{"{name}", {alias}.{name}}},\n'
            for found, alias in sides
            for name in getattr(found, kind)
        )

    examples = "".join(
        f'\t\t{{"{name}", {alias}.{name}, {_quoted(output)}, {str(unordered).lower()}}},\n'
        for found, alias in sides
        for name, output, unordered in found.examples
    )
    # main returns when all is well, so that what the tests leave behind is judged.
    run = "if code := m.Run(); code != 0 {\n\t\tos.Exit(code)\n\t}"
    for found, alias in sides:
        if found.main:
            # In Go, too, the process ends with the code of m.Run() when TestMain returns.
            run = f"{alias}.TestMain(m)\n\tif code != 0 {{\n\t\tos.Exit(code)\n\t}}"
    return "\n".join(
        [
            "package main",
            "",
            "import (",
            '\t"os"',
            '\t"testing"',
            "",
            *imports,
            ")",
            "",
            "func main() {",
            f"\ttests := []testing.InternalTest{{\n{entries('tests')}\t}}",
            f"\tbenchmarks := []testing.InternalBenchmark{{\n{entries('benchmarks')}\t}}",
            f"\texamples := []testing.InternalExample{{\n{examples}\t}}",
            "\tcode := 0",
            "\tm := testing.MainStart(&code, tests, benchmarks, nil, examples)",
            f"\t{run}",
            "}",
            "",
        ]
    )


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
