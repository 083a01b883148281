"""Go's own parsers as judges of gosim's: two small Go programs, and the same dumps of our trees."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from gosim.golang import ast
from gosim.golang.errors import ErrorList
from gosim.golang.parser import parse_file
from gosim.golang.position import FileSet, SourceFile
from gosim.oracle.toolchain import Toolchain, cache_dir

HERE = Path(__file__).resolve().parent

#: Fields of ours that go/ast does not have, or that are not compared.
_OURS = {("RangeStmt", "extra"), ("File", "imports"), ("File", "directives")}
#: Fields that are places.
_PLACES = {
    (kind.__name__, field.name)
    for kind in vars(ast).values()
    if isinstance(kind, type) and dataclasses.is_dataclass(kind)
    for field in dataclasses.fields(kind)
    if field.type == "int" and field.name != "dir"
}


def build(toolchain: Toolchain, program: str) -> Path:
    """Build ``tree`` or ``syntaxerrors`` of this directory; return the executable."""
    source = HERE / f"{program}.go"
    target = cache_dir() / f"{program}-{toolchain.full}-{source.stat().st_mtime_ns:x}"
    if target.is_file():
        return target
    toolchain.make_executable()
    with tempfile.TemporaryDirectory() as scratch:
        built = Path(scratch) / "program"
        command = [str(toolchain.go), "build", "-o", str(built)]
        where = toolchain.goroot / "src"
        if program == "syntaxerrors":
            inside = where / "cmd" / "compile" / "gosimsyntax" / "main.go"
            overlay = Path(scratch) / "overlay.json"
            overlay.write_text(json.dumps({"Replace": {str(inside): str(source)}}))
            command += ["-overlay", str(overlay), "cmd/compile/gosimsyntax"]
        else:
            command.append(str(source))
        env = toolchain.environment()
        done = subprocess.run(command, env=env, cwd=where, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        os.replace(_beside(built, target), target)
    return target


def _beside(built: Path, target: Path) -> Path:
    """Copy to the target's file system under a name of this process, so that renaming is atomic."""
    copy = target.with_name(f"{target.name}.{os.getpid()}")
    copy.write_bytes(built.read_bytes())
    copy.chmod(0o755)
    return copy


def ask(program: Path, names: Iterable[Path]) -> Iterator[tuple[str, str]]:
    """Yield for each file what `program` printed: the header line and the rest."""
    asked = "".join(f"{name}\n" for name in names).encode()
    done = subprocess.run([str(program)], input=asked, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    for part in ("\n" + done.stdout.decode("utf-8", "surrogateescape")).split("\n=== ")[1:]:
        head, _, rest = part.partition("\n")
        yield head, rest.strip("\n")


def dump(tree: ast.File, file: SourceFile) -> str:
    """Print a tree as ``tree.go`` does."""
    out: list[str] = []
    starts = file.line_starts
    ascii_only = file.raw.isascii()

    def place(pos: int) -> str:
        if not pos:
            return " -"
        if ascii_only:
            line = file.line(pos)
            return f" {line}:{pos - file.base - starts[line - 1] + 1}"
        at = file.position(pos)
        return f" {at.line}:{at.column}"

    def put(value: object) -> None:
        match value:
            case None:
                out.append(" nil")
            case bool():
                out.append(f" {str(value).lower()}")
            case int():
                out.append(f" {value}")
            case str():
                out.append(" '" + value.replace("\r", "").replace("\n", "\\n") + "'")
            case list():
                out.append(" [")
                for each in value:
                    put(each)
                out.append("]")
            case _:
                assert dataclasses.is_dataclass(value)
                kind = type(value).__name__
                out.append(f"\n({kind}")
                for field in dataclasses.fields(value):
                    known = (kind, field.name)
                    inner = getattr(value, field.name)
                    if known in _PLACES:
                        out.append(place(inner))
                    elif known == ("CaseClause", "list"):
                        put(inner or [])
                    elif known not in _OURS:
                        put(inner)
                out.append(")")

    put(tree)
    return "".join(out).strip("\n")


def errors_of(name: str, source: bytes) -> list[str]:
    """Our parser's errors, every one, as ``syntaxerrors.go`` prints them."""
    files = FileSet()
    errors = ErrorList(files)
    parse_file(files.add("x.go", source), errors)
    return [
        f"{e.position.line}:{e.position.column}: " + e.message.replace("\n", "\\n")
        for e in errors.all
    ]


def parsed(path: Path) -> tuple[ast.File | None, SourceFile, ErrorList]:
    """Parse a file where it lies."""
    files = FileSet()
    errors = ErrorList(files)
    file = files.add(str(path), path.read_bytes())
    return parse_file(file, errors), file, errors
