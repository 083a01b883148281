"""``gosim test``: the tests of a Go package as ``go test`` runs them, and what they leave."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from gosim.cli import FAILED, LIMIT, OK
from gosim.cli.run_ import show_notices
from gosim.leaks.run import DAY_NS, execute
from gosim.runtime.errors import UsageError
from gosim.runtime.version import LATEST

if TYPE_CHECKING:
    import argparse

    from gosim.leaks.run import Run


def command(options: argparse.Namespace) -> int:
    """Run the tests; 1 when one fails, or goroutines leak and ``--leaks`` was given."""
    if not os.path.isdir(options.folder):
        raise UsageError("gosim test takes the folder of a Go package", options.folder)
    from gosim.golang.packages import import_path
    from gosim.golang.program import GoProgram

    version = options.go or LATEST
    program = GoProgram(options.folder, go=version, go_line=options.go_line, tests=True)
    program.name = import_path(options.folder)
    show_notices(program)
    flags = ["-test.paniconexit0", *(["-test.v"] if options.verbose else [])]
    flags += [f"-test.{name}={value}" for name, value in _asked(options)]
    run = execute(
        program,
        go=version,
        go_line=options.go_line,
        seed=options.seed,
        policy=options.policy,
        until=DAY_NS,
        wall=options.wall,
        args=[*flags, *options.args],
    )
    passed = run.exit_code == 0 and run.outcome in ("ok", "exit", "leak")
    if options.json:
        import json

        print(json.dumps({**run.to_dict(), "passed": passed}, ensure_ascii=False))
    else:
        _show(run, passed)
    if run.outcome == "limit":
        return LIMIT
    return OK if passed and not (options.leaks and run.leaks) else FAILED


def _asked(options: argparse.Namespace) -> list[tuple[str, str]]:
    given = (("run", options.run), ("bench", options.bench), ("count", options.count))
    return [(name, str(value)) for name, value in given if value is not None]


def _show(run: Run, passed: bool) -> None:
    """Print what the tests printed, how it ended, and the goroutines that are left."""
    from gosim.views.text import findings, plural, terminal_width

    sys.stdout.write(run.stdout)
    sys.stdout.flush()
    sys.stderr.write(run.stderr)
    for note in run.notes:
        print(f"note: {note}", file=sys.stderr)
    took = f"{run.virtual_ns / 1e9:.3f}s of virtual time"
    print(f"ok  \t{run.program}\t{took}" if passed else f"FAIL\t{run.program}\t{took}\nFAIL")
    left = sum(leak.count for leak in run.leaks if leak.kind == "goroutine")
    if left and run.outcome not in ("panic", "fatal", "limit"):
        print(f"\n{plural(left, 'goroutine')} left behind by the tests:\n")
        print(findings(run, terminal_width()))
