"""Every function of a model that has no body is Python's, and has Go's colour and names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gosim.golang import ast, library
from gosim.golang.library.binding import _signature, _snake
from gosim.golang.parser import parse_source


def bodiless(path: str) -> list[str]:
    """The functions (``F``) and methods (``T.M``) of a package without a body."""
    folder = library.find(path)
    assert folder is not None
    found = []
    for file in sorted(Path(folder).glob("*.go")):
        tree, _, errors = parse_source(str(file), file.read_text("utf-8"))
        assert not list(errors), list(errors)
        assert tree is not None
        for decl in tree.decls:
            if isinstance(decl, ast.FuncDecl) and decl.body is None:
                name = decl.name.name
                if decl.recv is not None:
                    of: Any = decl.recv.list[0].type
                    while not isinstance(of, ast.Ident):
                        of = of.x
                    name = f"{of.name}.{name}"
                found.append(name)
    return found


@pytest.mark.parametrize("path", library.known())
def test_something_stands_behind_every_declaration(path: str) -> None:
    for name in bodiless(path):
        assert callable(library.bind(path, name).python), name


def test_packages_are_found_by_their_import_path_only() -> None:
    assert library.find("sync") is not None
    assert library.find("golang.org/x/sync/errgroup") is not None
    for path in ("", ".", "..", "sync/", "/sync", "../library/sync", "golang.org", "net/smtp"):
        assert library.find(path) is None, path
    assert library.known() == sorted(library.known())


def test_operations_block_and_plain_functions_do_not() -> None:
    assert library.bind("sync", "Mutex.Lock").blocks
    assert library.bind("sync/atomic", "AddInt64").blocks
    assert library.bind("time", "Sleep").blocks
    assert not library.bind("time", "Now").blocks
    assert not library.bind("time", "After").blocks
    assert library.bind("time", "AfterFunc").later


def test_operations_have_a_form_for_worlds_that_nobody_observes() -> None:
    lock = library.bind("sync", "Mutex.Lock")
    assert lock.form(True) is not lock.form(False)
    from gosim.std.sync import Mutex

    assert lock.form(True) is Mutex.lock
    assert lock.form(False) is Mutex.Fast.lock


def test_a_declaration_with_nothing_behind_it_is_an_error() -> None:
    with pytest.raises(LookupError, match="nothing stands behind Nothing"):
        library.bind("sync", "Nothing")


def test_classes_have_gos_names() -> None:
    cls = library.zero_class("sync", "RWMutex")
    assert cls is not None
    for form in (cls, cls.Fast):  # type: ignore[attr-defined]  # two forms have it
        for name in ("Lock", "RLock", "TryRLock", "RUnlock", "RLocker", "copy", "assign"):
            assert callable(getattr(form, name)), name
    assert library.zero_class("sync", "Locker") is None


@pytest.mark.parametrize(
    ("go", "python"),
    [
        ("TryRLock", "try_rlock"),
        ("RUnlock", "runlock"),
        ("LoadOrStore", "load_or_store"),
        ("UnixNano", "unix_nano"),
        ("ISOWeek", "iso_week"),
        ("L", "l"),
    ],
)
def test_names_in_pythons_spelling(go: str, python: str) -> None:
    assert _snake(go) == python


@pytest.mark.parametrize(
    ("line", "params", "results"),
    [
        ("func F()", [], []),
        ("func F(a, b string) string", ["string", "string"], ["string"]),
        ("func F(string, ...int) (int, error)", ["string", "...int"], ["int", "error"]),
        ("func (t *T[K]) M(f func(a, b int) bool, m map[string]int) (x, y T)",
         ["func(a, b int) bool", "map[string]int"], ["T", "T"]),
        ("func F[T any](c <-chan T) (n int, err error) {", ["<-chan T"], ["int", "error"]),
    ],
)  # fmt: skip
def test_signatures_are_read(line: str, params: list[str], results: list[str]) -> None:
    assert _signature(line) == (params, results)
