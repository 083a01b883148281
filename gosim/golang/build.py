"""From source to code that can be run: load, check, compile."""

from __future__ import annotations

import gc
import os
from collections.abc import Mapping
from typing import Any

from gosim.golang.compile.package import compile_program
from gosim.golang.errors import Unsupported
from gosim.golang.packages import Build, load
from gosim.golang.vet import vet
from gosim.runtime.errors import LoadError

__all__ = ["build_and_compile"]

#: Packages that import os, in Go (our models may import more or less).
_WITH_OS = frozenset(
    [
        "fmt",
        "golang.org/x/sync/errgroup",
        "golang.org/x/sync/singleflight",
        "log",
        "net",
        "os",
        "os/signal",
        "runtime/debug",
        "runtime/pprof",
        "testing",
        "testing/synctest",
    ]
)


def _extra_goroutines(build: Build) -> int:
    """How many goroutines run before main, compared with a program that uses os.

    Measured with Go 1.21 to 1.27: the initialization of os starts one, that of os/signal another.
    """
    direct = {
        each.path
        for unit in build.packages
        if not unit.standard
        for each in unit.imports
        if each.standard
    }
    return (not direct.isdisjoint(_WITH_OS)) - 1 + ("os/signal" in direct)


def _notices(build: Build) -> list[str]:
    """What people should hear before the program runs: a line for each thing."""
    lines = [f"left out: {os.path.normpath(file)}: {why}" for file, why in build.left_out]
    try:
        lines += [f"vet: {str(each).removeprefix('./')}" for each in vet(build)]
    except Exception:
        pass  # advice: the program runs without it
    return lines


def build_and_compile(
    path: str,
    go: str,
    go_line: str | None,
    stubs: Mapping[str, str] | None,
    source: str | None,
    tests: bool = False,
    counts: bool = False,
    races: bool = False,
) -> tuple[Any, list[str]]:
    """Return a program as `gosim.golang.program` keeps it, and the files it was made of.

    `counts`: its code says what it allocates, although it asks for no figures of the heap.
    `races`: accesses to shared variables are steps of their own.
    """
    # Nothing of the trees is garbage before the end: Python's collector would walk through all of
    # them again and again, for 40 % of the time.
    collecting = gc.isenabled()
    gc.disable()
    try:
        build = load(path, go=go, go_line=go_line, stubs=stubs, source=source, tests=tests)
        try:
            linked = compile_program(build, counts, races)
        except Unsupported as error:
            at = build.files.position(error.pos)
            raise LoadError(error.text, at.filename, at.line) from None
        except (RecursionError, SyntaxError):
            raise LoadError(
                "the program is nested too deeply for Python's compiler", path
            ) from None
        notices = _notices(build)
    finally:
        if collecting:
            gc.enable()
    files: list[str] = []
    for unit in build.packages:
        if unit.standard:
            continue
        names = [build.files.file(tree.package).name for tree in unit.files]
        files += [n for n in names if source is None or n != path]
        if os.path.isdir(path) or unit is not build.main:
            files.append(unit.folder or ".")
    files += [name for name, _ in build.left_out]
    folder = path if os.path.isdir(path) else os.path.dirname(path) or "."
    files.append(os.path.join(folder, "go.mod"))
    found = (
        linked.codes,
        linked.natives,
        linked.start,
        build.go_line,
        linked.classes,
        linked.counts,
        _extra_goroutines(build),
        notices,
    )
    return found, files
