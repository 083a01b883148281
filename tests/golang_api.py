"""What the packages of gosim's library export, beside real Go's (recorded from every toolchain).

``python tests/golang_api.py GO [GO ...]`` records anew.
"""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from gosim.golang import library, packages
from gosim.golang.types.objects import Const, Func, TypeName, Var
from gosim.golang.types.types import Interface, Named, Pointer, Signature, Struct
from gosim.golang.types.typestring import type_string

HERE = Path(__file__).resolve().parent
RECORD = HERE / "golang_lib" / "api.json.gz"


@cache
def recorded() -> dict[str, dict[str, list[str]]]:
    """What real Go exports: version to import path to lines."""
    with gzip.open(RECORD, "rt", encoding="utf-8") as f:
        found: dict[str, dict[str, list[str]]] = json.load(f)
    return found


def paths() -> list[str]:
    """The packages of the library that are Go's."""
    return [p for p in library.known() if not p.startswith(("internal", "golang.org", "syscall"))]


@cache
def _all_checked(version: str) -> dict[str, Any]:
    imports = "".join(f'import _ "{p}"\n' for p in paths() if p in recorded()[version])
    source = f"package main\n\n{imports}\nfunc main() {{}}\n"
    build = packages.load("api.go", go=version, source=source)
    return {unit.path: unit.package for unit in build.packages}


def checked(version: str, path: str) -> Any:
    """A package of the library, checked for a toolchain."""
    return _all_checked(version)[path]


def exported(version: str, path: str) -> list[str]:
    """What a package of the library exports, in the same lines."""
    package = checked(version, path)

    def qualifier(other: Any) -> str:
        return "" if other is package else str(other.path)

    lines: list[str] = []
    for name in package.scope.names():
        if not name[0].isupper():
            continue
        lines += _lines(name, package.scope.lookup(name), qualifier)
    return sorted(line.replace("interface{}", "any") for line in lines)


def constant(version: str, path: str, name: str) -> str | None:
    """The value of a constant as go/constant spells it; None if there is no such constant."""
    obj = checked(version, path).scope.lookup(name)
    if not isinstance(obj, Const):
        return None
    value = obj.val
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _lines(name: str, obj: Any, q: Any) -> Iterator[str]:
    match obj:
        case Const():
            yield f"const {name} {type_string(obj.type, q)}"
        case Var():
            yield f"var {name} {type_string(obj.type, q)}"
        case Func():
            yield f"func {name}{_signature(obj.type, q)}"
        case TypeName() if obj.is_alias():
            yield f"type {name} ="
        case TypeName():
            yield from _type(name, obj.type, q)


def _type(name: str, named: Named, q: Any) -> Iterator[str]:
    under = named.underlying()
    match under:
        case Struct():
            fields = [f"{f.name} {type_string(f.type, q)}" for f in under.fields if f.exported]
            text = "struct{" + "; ".join(fields) + "}"
        case Interface():
            text = "interface"
            for m in under.type_set().methods:
                if m.exported:
                    yield f"method {name}.{m.name}{_signature(m.type, q)}"
        case Signature():
            text = "func" + _signature(under, q)
        case _:
            text = type_string(under, q)
    params = [f"{p.obj.name} {type_string(p.bound, q)}" for p in named.type_params or ()]
    yield f"type {name}{'[' + ', '.join(params) + ']' if params else ''} {text}"
    for m in named.methods:
        if m.exported:
            star = "*" if isinstance(m.type.recv.type, Pointer) else ""
            yield f"method {star}{name}.{m.name}{_signature(m.type, q)}"


def _signature(s: Any, q: Any) -> str:
    params = [f"{p.obj.name} {type_string(p.bound, q)}" for p in s.type_params or ()]
    types = [type_string(v.type, q) for v in s.params.vars]
    if s.variadic:
        types[-1] = "..." + types[-1].removeprefix("[]")
    results = [type_string(v.type, q) for v in s.results.vars]
    text = f"{'[' + ', '.join(params) + ']' if params else ''}({', '.join(types)})"
    if len(results) == 1:
        return f"{text} {results[0]}"
    return f"{text} ({', '.join(results)})" if results else text


def unvalued(lines: list[str]) -> list[str]:
    """Leave the values of constants away."""
    return sorted(re.sub(r"^(const .*?) = .*", r"\1", line) for line in lines)


def main(tools: list[str]) -> None:
    """Record."""
    found: dict[str, dict[str, list[str]]] = {}
    for go in tools:
        version = subprocess.run([go, "version"], text=True, capture_output=True, check=True)
        match = re.search(r"go(1\.\d+)", version.stdout)
        assert match is not None
        source = str(HERE / "golang_lib" / "api.go")
        run = subprocess.run([go, "run", source, *paths()], text=True, capture_output=True)
        assert run.returncode == 0, run.stderr
        each = found[match[1]] = {}
        for line in run.stdout.splitlines():
            path, _, text = line.partition("\t")
            each.setdefault(path, []).append(text)
    with gzip.GzipFile(RECORD, "wb", mtime=0) as f:
        f.write(json.dumps(found, indent=0, sort_keys=True).encode())


if __name__ == "__main__":
    main(sys.argv[1:])
