"""Go's own type checkers as judges of gosim's: the gc compiler for errors, go/types for types."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import cache
from pathlib import Path

from gosim.golang import ast
from gosim.golang.constraint import excluded
from gosim.golang.errors import ErrorList
from gosim.golang.parser import parse_file
from gosim.golang.position import FileSet
from gosim.golang.types.check import Config, check_package
from gosim.golang.types.constant import Complex
from gosim.golang.types.info import Info
from gosim.golang.types.objects import Const, Object, Package, Var
from gosim.golang.types.operand import CONSTANT
from gosim.golang.types.selection import selection_type
from gosim.golang.types.types import Type
from gosim.golang.types.typestring import type_string
from gosim.golang.types.universe import UNSAFE
from gosim.oracle.toolchain import Toolchain, cache_dir

#: What the programs of the tests import.
_NAMES = (
    "bufio bytes cmp container/heap container/list container/ring context encoding/binary "
    "encoding/json errors flag fmt go/ast go/parser go/token hash/fnv io iter log maps math "
    "math/big math/bits math/cmplx math/rand math/rand/v2 net/http os os/signal reflect "
    "regexp runtime runtime/debug runtime/pprof slices sort strconv strings sync sync/atomic "
    "syscall testing text/tabwriter text/template time unicode unicode/utf16 unicode/utf8 "
    "unique weak "
)
IMPORTABLE = _NAMES.split()

#: Language version of a file of Go's own suite.
LANG = re.compile(r"^//[ \t]*-lang=go1\.(\d+)", re.MULTILINE)


class SourceImporter:
    """Imports packages of the standard library from their Go source, without bodies.

    All lie in one `FileSet`, `files`, to which the programs that import them should be added.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.files = FileSet()
        self.known: dict[str, Package] = {"unsafe": UNSAFE}
        self.errors: dict[str, list[str]] = {}

    def __call__(self, path: str) -> Package:
        found = self.known.get(path)
        if found is not None:
            return found
        if not (self.root / path).is_dir() and not (self.root / "vendor" / path).is_dir():
            # gc's words for a package that it was not told about.
            raise ImportError("open : no such file or directory")
        package, _, errors = self.check(path, ignore_func_bodies=True)
        self.known[path] = package
        if errors:
            self.errors[path] = errors
        return package

    def check(
        self, path: str, *, ignore_func_bodies: bool = False
    ) -> tuple[Package, Info, list[str]]:
        """Check a package of the library."""
        folder = self.root / path
        if not folder.is_dir():
            folder = self.root / "vendor" / path
        errors = ErrorList(self.files)
        trees = []
        for file in sorted(folder.glob("*.go")):
            text = file.read_text(encoding="utf-8", errors="surrogateescape")
            if file.name.endswith("_test.go") or excluded(file.name, text, 27):
                continue
            tree = parse_file(self.files.add(str(file), text), errors)
            if tree is not None:
                trees.append(tree)
        config = Config(
            self,
            "",
            ignore_func_bodies=ignore_func_bodies,
            files=self.files,
            error=lambda e: errors.add(e.pos, e.text),
        )
        package, info, _ = check_package(path, trees, config)
        return package, info, [str(e) for e in errors.report(None)[0]]


@cache
def importer(root: Path) -> SourceImporter:
    """Return the importer of a toolchain's library (`root` is its ``src``)."""
    return SourceImporter(root)


def source_root(toolchain: Toolchain) -> Path:
    """Return where the sources of a toolchain's library lie."""
    return toolchain.goroot / "src"


def errors_of(importer: SourceImporter, files: Iterable[Path], language: str = "1.27") -> list[str]:
    """Return what the compiler prints about a package, every error, by our front end."""
    found = ErrorList(importer.files)
    trees = []
    for path in files:
        tree = parse_file(importer.files.add(path.name, path.read_bytes()), found)
        if tree is not None:
            trees.append(tree)
    if not found.has_syntax_errors:
        config = Config(
            importer, language, files=importer.files, error=lambda e: found.add(e.pos, e.text)
        )
        check_package("main", trees, config)
    return [line for each in found.report(None)[0] for line in str(each).split("\n")]


@cache
def import_config(toolchain: Toolchain) -> Path:
    """Return a file that tells gc where the export data of `IMPORTABLE` are."""
    target = cache_dir() / f"importcfg-{toolchain.full}"
    known = target.read_text().split() if target.is_file() else []
    if all(Path(word.partition("=")[2]).is_file() for word in known if "=" in word) and known:
        return target
    form = "{{if .Export}}packagefile {{.ImportPath}}={{.Export}}{{end}}"
    command = [str(toolchain.go), "list", "-export", "-f", form, *IMPORTABLE]
    done = subprocess.run(
        command, env=toolchain.environment(), cwd=cache_dir(), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    with tempfile.NamedTemporaryFile("w", dir=target.parent, delete=False) as scratch:
        scratch.write(done.stdout)
    os.replace(scratch.name, target)
    return target


@cache
def _compiler(toolchain: Toolchain) -> str:
    command = [str(toolchain.go), "tool", "-n", "compile"]
    done = subprocess.run(command, env=toolchain.environment(), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def gc_errors(toolchain: Toolchain, files: Iterable[Path], language: str = "1.27") -> list[str]:
    """Return what real gc prints about a package, every error."""
    paths = [path.resolve() for path in files]
    folder = paths[0].parent
    command = [_compiler(toolchain), "-e", "-p", "main", f"-lang=go{language}"]
    command += ["-importcfg", str(import_config(toolchain))]
    with tempfile.TemporaryDirectory() as into:
        # After an error the compiler deletes its output: for root that would be /dev/null itself.
        command += ["-o", f"{into}/main.a"]
        command += [str(path.relative_to(folder)) for path in paths]
        done = subprocess.run(
            command, cwd=folder, env=toolchain.environment(), capture_output=True, text=True
        )
    printed = (done.stdout + done.stderr).replace(f"{folder}{os.sep}", "")
    return printed.replace("$GOROOT", str(toolchain.goroot)).splitlines()


# --- what go/types finds out, as typeinfo.go prints it


def exact(value: object) -> str:
    """Spell a constant without loss."""
    match value:
        case None:
            return "unknown"
        case bool():
            return "true" if value else "false"
        case str():
            return value.encode("latin-1").hex()
        case Complex():
            return f"({exact(value.re)} + {exact(value.im)}i)"
        case Fraction() | int():
            return str(value)
    raise TypeError(value)


class InfoDump:
    """Prints `Info` as ``typeinfo.go`` does."""

    def __init__(self, importer: SourceImporter, path: Path) -> None:
        errors = ErrorList(importer.files)
        self.source = importer.files.add(path.name, path.read_bytes())
        tree = parse_file(self.source, errors)
        assert tree is not None
        self.tree = tree
        config = Config(
            importer, "1.27", files=importer.files, error=lambda e: errors.add(e.pos, e.text)
        )
        self.package, self.info, _ = check_package("main", [tree], config)
        self.errors = [str(e) for e in errors.report(None)[0]]

    def offset(self, pos: int) -> int:
        """Return the byte of a position, -1 for none."""
        if not pos:
            return -1
        before = self.source.raw[: pos - self.source.base]
        if before.isascii():
            return len(before)
        return len(before.encode("utf-8", "surrogateescape"))

    def type(self, t: Type | None) -> str:
        """Spell a type."""
        if t is None:
            return "<nil>"
        return type_string(t, lambda p: "" if p is self.package else p.path)

    def object(self, o: Object | None) -> str:
        """Spell an object."""
        if o is None:
            return "<nil>"
        kind = type(o).__name__
        if kind in ("PkgName", "Builtin", "Nil"):
            return f"{kind} {o.name}"
        if isinstance(o, Var):
            kind = "Field" if o.is_field else kind
            kind = "Embedded" if o.embedded else kind
        value = "=" + exact(o.val) if isinstance(o, Const) else ""
        pos = self.offset(o.pos) if o.pkg is self.package else -1
        return f"{kind} {o.name}@{pos} {self.type(o.type)}{value}"

    def lines(self) -> Iterator[str]:
        """Yield one line for every finding."""
        info = self.info
        seen: set[ast.Node] = set()
        for n in ast.walk(self.tree):
            if n in seen:
                continue
            seen.add(n)
            kind = type(n).__name__
            if isinstance(n, ast.Expr) and n in info.types:
                yield self._expression(n, kind)
            if isinstance(n, ast.Ident):
                at = self.offset(n.pos)
                if n in info.defs:
                    yield f"D {at} {self.object(info.defs[n])}"
                if n in info.uses:
                    yield f"U {at} {self.object(info.uses[n])}"
                if n in info.instances:
                    instance = info.instances[n]
                    targs = "".join(self.type(t) + ";" for t in instance.type_args)
                    yield f"I {at} {targs} {self.type(instance.type)}"
            if n in info.implicits:
                yield f"M {self.offset(n.pos)} {kind} {self.object(info.implicits[n])}"
            if isinstance(n, ast.SelectorExpr) and n in info.selections:
                s = info.selections[n]
                number = ("field", "method", "methodexpr").index(s.kind)
                path = f"[{' '.join(map(str, s.index))}]"
                shown = f"{self.type(s.recv)} {path} {str(s.indirect).lower()}"
                chosen = f"{self.object(s.obj)} -> {self.type(selection_type(s))}"
                yield f"S {self.offset(n.pos)} {number} {shown} {chosen}"
        for each in info.init_order:
            yield f"O {''.join(v.name + ',' for v in each.lhs)} {self.offset(each.rhs.pos)}"

    def _expression(self, n: ast.Expr, kind: str) -> str:
        tv = self.info.types[n]
        flags = {
            "void": tv.is_void(),
            "type": tv.is_type(),
            "builtin": tv.is_builtin(),
            "value": tv.is_value(),
            "nil": tv.is_nil(),
            "addr": tv.addressable(),
            "assignable": tv.assignable(),
            "ok": tv.has_ok(),
        }
        mode = "".join(f"{name}," for name, holds in flags.items() if holds)
        head = f"T {self.offset(n.pos)} {kind} {mode}"
        if tv.is_void():
            return head
        value = "=" + exact(tv.value) if tv.mode == CONSTANT else ""
        return f"{head} {self.type(tv.type)}{value}"


def go_types(program: Path, config: Path, files: list[Path]) -> list[list[str]]:
    """Return the lines ``typeinfo.go`` prints about each file."""
    asked = "".join(f"{path}\n" for path in files)
    command = [str(program), str(config)]
    done = subprocess.run(command, input=asked, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return [part.splitlines() for part in done.stdout.split("END\n")][:-1]
