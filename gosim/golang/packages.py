"""From a path to checked packages: which files make up a program, what they import, in which order
they are checked (Go: ``cmd/go/internal/load``).

A file is a package ``main`` of its own; a folder is all its ``.go`` files without tests. The
nearest ``go.mod`` upwards names the module and the language version; without one the folder is a
module called ``main``. An import is found in the module, among the models that ``--stub`` brings,
or among the standard packages that gosim has (`gosim.golang.library`); others are refused.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from gosim.golang import ast, library
from gosim.golang.constraint import excluded
from gosim.golang.directives import directives
from gosim.golang.errors import CompileError, Diagnostic, ErrorList, Unsupported
from gosim.golang.parser import parse_file
from gosim.golang.position import FileSet
from gosim.golang.testmain import Found, found_in, test_main
from gosim.golang.types.check import Config, check_package
from gosim.golang.types.info import Info
from gosim.golang.types.objects import Package
from gosim.golang.types.universe import UNSAFE
from gosim.runtime.errors import LoadError, UsageError
from gosim.runtime.version import LATEST

__all__ = ["Build", "GoErrors", "Loaded", "import_path", "load"]

_MODULE = re.compile(r"^module\s+(\S+)", re.MULTILINE)
_GO_LINE = re.compile(r"^go\s+(\d+\.\d+)", re.MULTILINE)
_OLDEST = "1.21"
#: More source than any program that somebody wants to watch; the front end needs some seconds
#: for each megabyte.
_LARGEST = 4 << 20


class GoErrors(LoadError):
    """The source is no Go program: the compiler's words, a line each.

    Attributes
    ----------
    diagnostics : tuple of Diagnostic
        What is wrong, in the order printed.
    """

    def __init__(self, error: CompileError) -> None:
        self.diagnostics: tuple[Diagnostic, ...] = error.diagnostics
        first = error.diagnostics[0].position
        super().__init__(str(error), first.filename, first.line)
        self.whole = str(error)

    def __str__(self) -> str:
        return self.message


@dataclass(eq=False)
class Loaded:
    """A package of the program, checked.

    Attributes
    ----------
    path, name : str
        Import path, and the name after ``package``; the path of the program's own is ``main``.
    folder : str
        Where its files are.
    files : list of File
        The syntax trees.
    standard : bool
        It is one of gosim's own models.
    package, info
        What the type checker found out.
    imports : list of Loaded
        What it imports itself, in the order met.
    """

    path: str
    name: str
    folder: str
    files: list[ast.File]
    standard: bool
    package: Package
    info: Info
    imports: list[Loaded] = field(default_factory=list)


@dataclass(eq=False)
class Build:
    """A program that can be compiled.

    Attributes
    ----------
    files : FileSet
        All its source files; a file's name is as errors print it, relative to where gosim stands.
    packages : list of Loaded
        Every package behind all that it imports; the program's own is the last.
    go, go_line : str
        Toolchain and language version.
    left_out : list of (str, str)
        Files of the folder that are not part of the build, and why.
    import_path : str
        What the go command calls the program's own package.
    """

    files: FileSet
    packages: list[Loaded]
    go: str
    go_line: str
    left_out: list[tuple[str, str]]
    import_path: str

    @property
    def main(self) -> Loaded:
        """The program's own package."""
        return self.packages[-1]


def load(
    path: str,
    *,
    go: str = LATEST,
    go_line: str | None = None,
    stubs: Mapping[str, str] | None = None,
    source: str | None = None,
    tests: bool = False,
    library: bool = False,
) -> Build:
    """Read, parse and check a program.

    Parameters
    ----------
    path : str
        A Go file or a folder.
    go : str
        The toolchain.
    go_line : str, optional
        The language version; that of ``go.mod``, or the toolchain's, when left out.
    stubs : mapping of str to str
        Models of packages: import path to a Go file or a folder.
    source : str, optional
        The text of the file, where it is not on disk: a notebook's cell.
    tests : bool
        Take the ``_test.go`` files of the folder in, too; the package need not be ``main``.
    library : bool
        The package need not be a program.

    Raises
    ------
    GoErrors
        For what the compiler refuses.
    LoadError
        For what cannot be read, and for what gosim does not simulate.
    """
    return _Loader(path, go, go_line, stubs or {}, tests).build(source, library)


class _Loader:
    def __init__(
        self, path: str, go: str, go_line: str | None, stubs: Mapping[str, str], tests: bool
    ) -> None:
        self.path = path
        self.go = go
        self.minor = int(go.removeprefix("go").split(".")[1])
        self.stubs = stubs
        self.tests = tests
        self.files = FileSet()
        self.done: dict[str, Loaded] = {}
        self.underway: list[str] = []
        self.left_out: list[tuple[str, str]] = []
        self.read = 0
        folder = path if os.path.isdir(path) else os.path.dirname(path)
        self.root, self.module, line = _module(folder or ".")
        if line is not None and go_line is None and int(line.split(".")[1]) > self.minor:
            raise UsageError(
                f"{os.path.join(self.root, 'go.mod')}: go.mod requires go >= {line} (running "
                f"go {go}); choose another toolchain with --go"
            )
        self.go_line = go_line or line or go

    def build(self, source: str | None, library: bool) -> Build:
        if self.tests:
            return self.build_tests()
        if source is not None:
            texts = [(self.path, source)]
        elif os.path.isdir(self.path):
            texts = self.folder(self.path, own=True)
        else:
            texts = [(self.path, self.text(self.path))]
        main = self.package("main", os.path.dirname(texts[0][0]), texts, standard=False)
        called = import_path(self.path) if os.path.isdir(self.path) else _FILES
        if library and main.name != "main":
            return self.made(called)
        if main.name != "main":
            first = main.files[0]
            raise LoadError(
                f"this is package {main.name}, and a program is package main",
                *self.place(first.name.pos),
            )
        if "main" not in main.package.scope.names():
            raise GoErrors(
                CompileError([Diagnostic(self.files.position(main.files[0].pos), _NO_MAIN)])
            )
        return self.made(called)

    def made(self, called: str) -> Build:
        """Put together what was loaded; `called` is the import path of the program's package."""
        loaded = list(self.done.values())
        return Build(self.files, loaded, self.go, self.go_line, self.left_out, called)

    def build_tests(self) -> Build:
        """Make the program that runs the tests of a folder."""
        texts = self.folder(self.path, own=True)
        errors = ErrorList(FileSet())
        scratch = FileSet()
        trees = [parse_file(scratch.add(name, text), errors) for name, text in texts]
        own: list[tuple[str, str]] = []
        beside: list[tuple[str, str]] = []
        for (name, text), tree in zip(texts, trees, strict=True):
            outside = (
                tree is not None and name.endswith("_test.go") and tree.name.name.endswith("_test")
            )
            (beside if outside else own).append((name, text))
        if not any(name.endswith("_test.go") for name, _ in texts):
            raise LoadError("there are no _test.go files in this folder", self.path)
        path = import_path(self.path)
        found = []
        for where, some in ((path, own), (f"{path}_test", beside)):
            if not some:
                found.append(Found())
                continue
            loaded = self.package(where, self.path, some, standard=False)
            pairs = zip(loaded.files, (text for _, text in some), strict=True)
            tests = [
                (tree, text)
                for (tree, text), (name, _) in zip(pairs, some, strict=True)
                if name.endswith("_test.go")
            ]
            found.append(found_in(tests))
        if not own:
            raise LoadError("there is no package beside these tests", self.path)
        source = test_main(path, *found)
        self.package("main", self.path, [("_testmain.go", source)], standard=False)
        return self.made(f"{path}.test")

    # ---- files ----

    def text(self, path: str) -> str:
        """The text of a file, a byte that is no UTF-8 as a lone surrogate."""
        try:
            with open(path, "rb") as f:
                raw = f.read(_LARGEST + 1)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise LoadError(f"cannot read the program: {reason}", path) from None
        self.read += len(raw)
        if self.read > _LARGEST:
            raise LoadError(
                f"this program has more than {_LARGEST >> 20} MB of source; gosim is made for "
                "programs that a person reads",
                path,
            )
        if b"\0" in raw[:1024]:
            raise LoadError("this is not a Go file: it contains a zero byte", path)
        return raw.decode("utf-8", "surrogateescape")

    def folder(self, path: str, *, own: bool, wanted: bool = True) -> list[tuple[str, str]]:
        """Names and texts of the files of a package in a folder."""
        names = sorted(n for n in os.listdir(path) if n.endswith(".go") and n[0] not in "._")
        if not (own and self.tests):
            names = [n for n in names if not n.endswith("_test.go")]
        texts = []
        for name in names:
            file = os.path.join(path, name)
            text = self.text(file)
            why = excluded(name, text, self.minor)
            if why is None:
                texts.append((file, text))
            else:
                self.left_out.append((file, why))
        if not texts and wanted:
            raise LoadError("there are no Go files of a program in this folder", path)
        return texts

    def place(self, pos: int) -> tuple[str, int]:
        """File and line of a position."""
        where = self.files.position(pos)
        return where.filename, where.line

    # ---- packages ----

    def package(
        self, path: str, folder: str, texts: Iterable[tuple[str, str]], *, standard: bool
    ) -> Loaded:
        """Parse and check a package, and before it what it imports."""
        errors = ErrorList(self.files)
        trees = []
        for name, text in texts:
            tree = parse_file(self.files.add(name, text), errors)
            if tree is not None:
                if standard:
                    self.drop_newer(tree, text)
                trees.append(tree)
        if errors.has_syntax_errors or (errors and not trees):
            self.fail(errors)
        for tree in trees[1:]:
            if tree.name.name.removesuffix("_test") != trees[0].name.name.removesuffix("_test"):
                first, other = trees[0], tree
                raise LoadError(
                    f"found packages {first.name.name} ({self.base(first)}) and "
                    f"{other.name.name} ({self.base(other)}) in {folder or '.'}",
                    *self.place(other.name.pos),
                )
        self.underway.append(path)
        imports: dict[str, Loaded] = {}
        for tree in trees:
            for spec in tree.imports:
                wanted = _import_path(spec)
                if wanted and wanted != "unsafe" and wanted not in imports:
                    imports[wanted] = self.imported(wanted, spec.path.pos, standard)
        self.underway.pop()

        def importer(wanted: str) -> Package:
            return UNSAFE if wanted == "unsafe" else imports[wanted].package

        language = LATEST if standard else self.go_line
        config = Config(
            importer=importer,
            go_version=language,
            files=self.files,
            complete=not standard,
        )
        try:
            package, info, found = check_package(path, trees, config)
        except Unsupported as error:
            raise LoadError(error.text, *self.place(error.pos)) from None
        for each in found:
            if not (standard and _allowed_in_models(each.text)):
                errors.add(each.pos, each.text)
        if errors:
            self.fail(errors)
        if standard:
            package.absent = library.absent(path)
        loaded = Loaded(
            path, trees[0].name.name, folder, trees, standard, package, info, [*imports.values()]
        )
        self.done[path] = loaded
        return loaded

    def is_newer(self, path: str) -> bool:
        """Whether gosim has a package that the toolchain does not have yet."""
        folder = library.find(path)
        if folder is None or self.go == LATEST:
            return False
        for file in Path(folder).glob("*.go"):
            head, package, _ = file.read_text("utf-8").partition("\npackage ")
            words = directives(head + package).get(head.count("\n") + 2, {})
            if int(words.get("since", "1.0").split(".")[1]) > self.minor:
                return True
        return False

    def drop_newer(self, tree: ast.File, text: str) -> None:
        """Leave out of a model what the toolchain does not have yet."""
        newer = {
            line
            for line, words in directives(text).items()
            if ("since" in words and int(words["since"].split(".")[1]) > self.minor)
            or ("until" in words and int(words["until"].split(".")[1]) < self.minor)
        }
        if not newer:
            return
        line = self.files.line
        kept = [decl for decl in tree.decls if line(decl.pos) not in newer]
        for decl in kept:
            if isinstance(decl, ast.GenDecl):
                decl.specs[:] = [spec for spec in decl.specs if line(spec.pos) not in newer]
                for spec in decl.specs:
                    if isinstance(spec, ast.TypeSpec) and isinstance(spec.type, ast.InterfaceType):
                        methods = spec.type.methods.list
                        methods[:] = [m for m in methods if line(m.pos) not in newer]
        tree.decls[:] = kept

    def fail(self, errors: ErrorList) -> None:
        try:
            errors.raise_if_any()
        except CompileError as error:
            raise GoErrors(error) from None

    def base(self, tree: ast.File) -> str:
        """The name of a file, without folders."""
        return os.path.basename(self.files.file(tree.name.pos).name)

    def imported(self, path: str, pos: int, by_standard: bool) -> Loaded:
        """The package that an import names."""
        if not by_standard and path not in self.stubs and self.is_newer(path):
            raise LoadError(
                f"package {path} is not in std: Go {self.go} does not have it yet",
                *self.place(pos),
            )
        if path in self.done:
            return self.done[path]
        if path in self.underway:
            ring = [*self.underway[self.underway.index(path) :], path]
            lines = [f"package {ring[0]}", *(f"\timports {each}" for each in ring[1:])]
            raise LoadError("import cycle not allowed\n" + "\n".join(lines), *self.place(pos))
        stub = self.stubs.get(path)
        if stub is not None:
            texts = self.folder(stub, own=False) if os.path.isdir(stub) else None
            texts = texts or [(stub, self.text(stub))]
            return self.package(path, os.path.dirname(texts[0][0]), texts, standard=False)
        folder = library.find(path)
        if folder is not None:
            names = sorted(str(p) for p in Path(folder).glob("*.go"))
            texts = [(n, Path(n).read_text("utf-8")) for n in names]
            return self.package(path, str(folder), texts, standard=True)
        inside = path.removeprefix(self.module) if _within(path, self.module) else None
        if inside is not None and not by_standard:
            own = os.path.join(self.root, *inside.strip("/").split("/"))
            if os.path.isdir(own):
                shown = os.path.relpath(own)
                loaded = self.package(path, own, self.folder(shown, own=False), standard=False)
                if loaded.name == "main":
                    raise LoadError(
                        f'import "{path}" is a program, not an importable package',
                        *self.place(pos),
                    )
                return loaded
            raise LoadError(f"package {path} is not in {own}", *self.place(pos))
        close = get_close_matches(path, library.known(), n=1, cutoff=0.8)
        meant = f"did you mean {close[0]}?" if close else "see `gosim docs supported`"
        raise LoadError(f"package {path} is not simulated; {meant}", *self.place(pos))


def _allowed_in_models(text: str) -> bool:
    """Whether an error is none in a package of the library.

    A generic function may be Python's, which is the same for all types; and what imports a package
    may have been left out because the toolchain is too old for it.
    """
    return text == "generic function is missing function body" or text.endswith(
        "imported and not used"
    )


#: What the go command calls a package that consists of files named one by one.
_FILES = "command-line-arguments"
_NO_MAIN = "function main is undeclared in the main package"


def _import_path(spec: ast.ImportSpec) -> str:
    return spec.path.value[1:-1]


def _within(path: str, module: str) -> bool:
    return path == module or path.startswith(module + "/")


def import_path(folder: str) -> str:
    """Return the import path of the package in a folder, after the module that it lies in.

    Without a module it is what the go command calls files that are named one by one.
    """
    root, module, _ = _module(folder)
    inside = os.path.relpath(os.path.abspath(folder), root)
    if inside == ".":
        return _FILES if module == "main" else module
    return f"{module}/{inside.replace(os.sep, '/')}"


def _module(folder: str) -> tuple[str, str, str | None]:
    """Root, path and language version of the module that a folder lies in."""
    here = os.path.abspath(folder)
    while True:
        try:
            text = Path(here, "go.mod").read_text("utf-8", "replace")
        except OSError:
            above = os.path.dirname(here)
            if above == here:
                return os.path.abspath(folder), "main", None
            here = above
            continue
        module, line = _MODULE.search(text), _GO_LINE.search(text)
        oldest = line[1] if line else _OLDEST
        if int(oldest.split(".")[1]) < int(_OLDEST.split(".")[1]):
            oldest = _OLDEST
        return here, module[1].strip('"') if module else "main", oldest
