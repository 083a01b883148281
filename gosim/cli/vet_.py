"""``gosim vet``: what is suspicious in a Go program, although it compiles."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from gosim.cli import FAILED, OK
from gosim.runtime.errors import UsageError
from gosim.runtime.program import is_go
from gosim.runtime.version import LATEST

if TYPE_CHECKING:
    import argparse


def command(options: argparse.Namespace) -> int:
    """Print what is found, a line each; 1 when there is something."""
    path = options.path
    if os.path.exists(path) and not is_go(path):
        raise UsageError("gosim vet takes a Go file, or a folder with Go files", path)
    from gosim.golang.packages import load
    from gosim.golang.vet import vet
    from gosim.runtime.version import resolve

    version = resolve(options.go or LATEST, options.go_line)
    build = load(
        path,
        go=version.go,
        go_line=options.go_line,
        stubs=dict(options.stub),
        tests=os.path.isdir(path) and any(n.endswith("_test.go") for n in os.listdir(path)),
        library=True,
    )
    found = vet(build)
    left_out = [(os.path.normpath(file), why) for file, why in build.left_out]
    if options.json:
        import json

        rows = [
            {
                "file": os.path.normpath(each.position.filename),
                "line": each.position.line,
                "column": each.position.column,
                "check": each.check,
                "message": each.message,
            }
            for each in found
        ]
        left = [{"file": file, "why": why} for file, why in left_out]
        made = {"schema": "gosim.vet/1", "program": path, "findings": rows, "left_out": left}
        print(json.dumps(made, ensure_ascii=False))
        return FAILED if found else OK
    for file, why in left_out:
        print(f"left out: {file}: {why}", file=sys.stderr)
    sys.stderr.flush()
    for each in found:
        print(str(each).removeprefix("./"))
    return FAILED if found else OK
