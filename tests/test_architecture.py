"""The plan of the house (design §2): who may import whom, and three promises that go with it."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import networkx
import pytest

ROOT = Path(__file__).resolve().parent.parent
HOUSE = ROOT / "gosim"

#: Which other rooms a room may import; what is not here, it may not. From the ground up.
MAY_IMPORT: dict[str, set[str]] = {}
for _floor in (
    {"memory"},
    {"runtime"},
    {"std"},
    {"golang", "leaks"},
    {"explore", "traffic"},
    {"views", "export", "oracle"},
    {"course", "scenario"},
    {"diagnose"},
    {"levels"},
    {"cli", "doors", "lesson", "notebook", "testing", "pytest_plugin"},
):
    _below = set(MAY_IMPORT)
    MAY_IMPORT.update(dict.fromkeys(_floor, _below))
# The doors may use each other: the package is what the command line opens.
DOORS = {"cli", "doors", "lesson", "notebook", "testing", "pytest_plugin", "", "__main__"}
for _door in DOORS:
    MAY_IMPORT[_door] = set(MAY_IMPORT) | DOORS

#: Packages that cost a noticeable part of a second: loaded by who needs them, when they do.
HEAVY = {"networkx", "matplotlib", "rich", "numpy", "IPython", "pygraphviz", "distributed"}

#: The one place that may compare version numbers.
VERSION_FILE = HOUSE / "runtime" / "version.py"


def sources() -> list[Path]:
    return sorted(HOUSE.rglob("*.py"))


def name_of(path: Path) -> str:
    """The dotted module name of a file."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(module: str) -> str:
    """``gosim.std.sync`` → ``std``; the package's own door is ``""``."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def is_type_checking(node: ast.AST) -> bool:
    """Whether `node` is ``if TYPE_CHECKING:``, which never runs."""
    if not isinstance(node, ast.If):
        return False
    test = node.test
    return (isinstance(test, ast.Name) and test.id == "TYPE_CHECKING") or (
        isinstance(test, ast.Attribute) and test.attr == "TYPE_CHECKING"
    )


def running(node: ast.AST, *, functions: bool) -> Iterator[ast.AST]:
    """All nodes below `node` that can run; without `functions`, those that run at import."""
    for child in ast.iter_child_nodes(node):
        if is_type_checking(child):
            assert isinstance(child, ast.If)
            for other in child.orelse:
                yield other
                yield from running(other, functions=functions)
            continue
        if not functions and isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        yield child
        yield from running(child, functions=functions)


def imports(tree: ast.AST, package: str, *, functions: bool = True) -> Iterator[tuple[str, int]]:
    """The modules that code in `package` imports, as far as they can be read off, with the line."""
    for node in running(tree, functions=functions):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            parts = package.split(".")
            base = parts[: len(parts) - node.level + 1] if node.level else []
            stem = ".".join([*base, *filter(None, [node.module])])
            for alias in node.names:
                # `from gosim import runtime` names a room, `from gosim import go` the door itself.
                inner = ROOT.joinpath(*stem.split("."), alias.name)
                is_module = inner.is_dir() or inner.with_suffix(".py").is_file()
                yield (f"{stem}.{alias.name}" if is_module else stem), node.lineno
        elif isinstance(node, ast.Call) and node.args:
            # importlib.import_module("gosim.…"), the lazy way in.
            function, first = node.func, node.args[0]
            called = getattr(function, "attr", getattr(function, "id", ""))
            if called in ("import_module", "__import__") and (
                isinstance(first, ast.Constant) and isinstance(first.value, str)
            ):
                yield first.value, node.lineno


def imported(path: Path, *, functions: bool = True) -> Iterator[tuple[str, int]]:
    module = name_of(path)
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    return imports(tree_of(path), package, functions=functions)


def within_the_house(path: Path) -> Iterator[tuple[str, int]]:
    for module, line in imported(path):
        if module == "gosim" or module.startswith("gosim."):
            yield module, line


@pytest.mark.parametrize("path", sources(), ids=name_of)
def test_imports_go_downwards_only(path: Path) -> None:
    room = room_of(name_of(path))
    assert room in MAY_IMPORT, f"design §2 knows no room {room!r}"
    upwards = [
        f"{path.relative_to(ROOT)}:{line}: {room or 'gosim'} imports {module}"
        for module, line in within_the_house(path)
        if room_of(module) != room and room_of(module) not in MAY_IMPORT[room]
    ]
    assert not upwards, "\n".join(upwards)


def test_no_circles_between_rooms() -> None:
    rooms: networkx.DiGraph[str] = networkx.DiGraph()
    for path in sources():
        here = room_of(name_of(path))
        if here in DOORS:
            continue
        for module, _ in within_the_house(path):
            if room_of(module) != here:
                rooms.add_edge(here, room_of(module))
    circles = list(networkx.simple_cycles(rooms))
    assert not circles, f"rooms import each other: {circles}"


@pytest.mark.parametrize("path", sources(), ids=name_of)
def test_heavy_packages_are_loaded_only_when_needed(path: Path) -> None:
    heavy = [
        f"{path.relative_to(ROOT)}:{line}: {module}"
        for module, line in imported(path, functions=False)
        if module.partition(".")[0] in HEAVY
    ]
    assert not heavy, "import these inside the functions that use them:\n" + "\n".join(heavy)


#: ``"1.23"``, ``"go1.21"``, ``"1."``: what a version looks like as text.
VERSION_TEXT = re.compile(r"^(go)?1\.(\d+(\.\d+)?)?$")
ORDER = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)


def looks_like_a_go_version(node: ast.AST) -> bool:
    """``(1, 23)`` or ``"1.23"``, with or without a patch number."""
    if isinstance(node, ast.Tuple) and len(node.elts) in (2, 3):
        numbers = [e.value for e in node.elts if isinstance(e, ast.Constant)]
        return (
            len(numbers) == len(node.elts)
            and all(type(n) is int for n in numbers)
            and numbers[0] == 1
            and numbers[1] >= 18
        )
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and bool(VERSION_TEXT.match(node.value))
    )


def version_comparisons(tree: ast.AST) -> Iterator[int]:
    """Lines that compare something with a Go version."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            # `version.minor >= 23`
            by_part = any(isinstance(op, ORDER) for op in node.ops) and any(
                isinstance(side, ast.Attribute) and side.attr in ("minor", "go_minor", "family")
                for side in sides
            )
            if by_part or any(looks_like_a_go_version(side) for side in sides):
                yield node.lineno
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in ("startswith", "endswith")
            and any(looks_like_a_go_version(argument) for argument in node.args)
        ):
            yield node.lineno


#: What compiles Go compares versions that stand in source: build tags, the go line of a module,
#: since when a model has a declaration.
IN_SOURCE = {HOUSE / "golang" / f"{name}.py" for name in ("constraint", "packages")}

#: The oracle deals with *installed* Go distributions, not with the simulated version: which of
#: them can write a leak profile is a fact about that binary.
REAL_TOOLCHAINS = HOUSE / "oracle"


@pytest.mark.parametrize(
    "path",
    [
        p
        for p in sources()
        if p not in {VERSION_FILE, *IN_SOURCE} and REAL_TOOLCHAINS not in p.parents
    ],
    ids=name_of,
)
def test_versions_are_compared_in_one_place_only(path: Path) -> None:
    lines = sorted(set(version_comparisons(tree_of(path))))
    assert not lines, (
        f"{path.relative_to(ROOT)}, lines {lines}: ask the Version record for a named feature; "
        "comparing belongs in gosim/runtime/version.py"
    )


@pytest.mark.parametrize(
    "code",
    [
        "w.version >= (1, 23)",
        "(1, 21) <= v < (1, 24)",
        "v == '1.22'",
        "v.startswith('1.')",
        "toolchain.startswith('go1.21')",
        "w.version.minor < 23",
    ],
)
def test_a_version_comparison_is_recognised(code: str) -> None:
    assert list(version_comparisons(ast.parse(code))) == [1]


@pytest.mark.parametrize(
    "code", ["w.version.timer_channels_sync", "x == (1, 2)", "n >= 1", "s == '1.5s'", "s == '1'"]
)
def test_other_comparisons_are_left_alone(code: str) -> None:
    assert list(version_comparisons(ast.parse(code))) == []


IMPORTS = """
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from gosim.cli import main
def f():
    import networkx
    from ..std import sync
    importlib.import_module("gosim.leaks")
"""


def test_imports_in_functions_count_and_those_for_type_checking_do_not() -> None:
    found = {module for module, _ in imports(ast.parse(IMPORTS), "gosim.runtime")}
    assert found - {"gosim.std", "gosim.std.sync"} == {"typing", "networkx", "gosim.leaks"}
    assert {room_of(module) for module in found} >= {"std", "leaks"}


def test_only_imports_outside_functions_run_when_a_module_is_loaded() -> None:
    found = imports(ast.parse(IMPORTS), "gosim.runtime", functions=False)
    assert {module for module, _ in found} == {"typing"}


def test_the_package_says_that_it_is_typed() -> None:
    assert (HOUSE / "py.typed").is_file()


# -- memory: who knows what ------------------------------------------------------------------------

PLAN = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def test_the_plan_names_every_file_of_the_room_of_memory() -> None:
    section = PLAN[PLAN.index("## Memory: who knows what") : PLAN.index("## Rules that hold")]
    rows = re.findall(r"^\| ((?:`[\w/]+`(?:, )?)+) \|", section, re.MULTILINE)
    named = [name for row in rows for name in re.findall(r"`([\w/]+)`", row)]
    there = [
        path.stem if path.is_file() else f"{path.name}/"
        for path in (HOUSE / "memory").iterdir()
        if path.name not in ("__init__.py", "__pycache__")
    ]
    assert sorted(named) == sorted(there)


def test_the_room_of_memory_needs_nothing_but_python() -> None:
    """What compiled Go will use one day; no run, no world, nothing of anybody else's."""
    ours = {"gosim.memory", *sys.stdlib_module_names}
    foreign = [
        f"{path.relative_to(ROOT)}:{line}: {module}"
        for path in sorted((HOUSE / "memory").rglob("*.py"))
        for module, line in imported(path)
        if module.partition(".")[0] not in ours and not module.startswith("gosim.memory")
    ]
    assert not foreign


def test_reading_go_source_needs_nothing_but_python() -> None:
    """So that it runs wherever Python does, in a browser too, and without a world."""
    reading = ("ast", "branches", "collector", "errors", "parser", "position", "scanner", "token")
    foreign = [
        f"gosim/golang/{name}.py:{line}: {module}"
        for name in reading
        for module, line in imported(HOUSE / "golang" / f"{name}.py")
        if module.partition(".")[0] not in sys.stdlib_module_names
        and module.removeprefix("gosim.golang.") not in reading
    ]
    assert not foreign


def test_the_parts_of_the_compiler_import_upwards_in_their_table_only() -> None:
    section = PLAN[PLAN.index("## Go source: who knows what") : PLAN.index("## Memory: who")]
    rows = re.findall(r"^\| ((?:`[\w/]+`(?:, )?)+) \|", section, re.MULTILINE)
    rank = {
        name.rstrip("/"): i for i, row in enumerate(rows) for name in re.findall(r"`([\w/]+)`", row)
    }
    golang = HOUSE / "golang"
    there = {path.relative_to(golang).parts[0].removesuffix(".py") for path in golang.rglob("*.py")}
    assert sorted(rank) == sorted(there - {"__init__"})
    below = [
        f"{path.relative_to(ROOT)}:{line}: {module}"
        for path in sorted(golang.rglob("*.py"))
        if path.parent != golang or path.stem != "__init__"
        for module, line in imported(path)
        if module.startswith("gosim.golang.")
        and rank[module.split(".")[2]] > rank[path.relative_to(golang).parts[0].removesuffix(".py")]
        and path != golang / "values" / "link.py"
    ]
    assert not below, "\n".join(below)


def test_the_picture_of_memory_is_drawn_from_the_record_alone() -> None:
    seen = {
        module
        for name in ("memory", "memory_chart", "heap_picture", "scales")
        for module, _ in within_the_house(HOUSE / "views" / f"{name}.py")
    }
    worlds = {m for m in seen if room_of(m) in ("runtime", "std")} - {"gosim.runtime.errors"}
    assert not worlds
    assert "gosim.memory.samples" in seen


def test_only_the_world_has_a_third_form() -> None:
    """`if MEMORY` means nothing in a class that is not folded for it."""
    using = {
        name_of(path)
        for path in sources()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Name) and node.id in ("MEMORY", "three_forms")
    } - {"gosim.runtime.forms"}
    assert using == {"gosim.runtime.proc"}
    decorated = [
        node.name
        for node in ast.walk(tree_of(HOUSE / "runtime" / "proc.py"))
        if isinstance(node, ast.ClassDef)
        and any(isinstance(d, ast.Name) and d.id == "three_forms" for d in node.decorator_list)
    ]
    assert decorated == ["World"]
