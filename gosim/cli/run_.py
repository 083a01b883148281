"""``gosim run``: run a program, say what leaks and why."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from gosim.cli import FAILED, LIMIT, OK
from gosim.cli.target import Target, resolve
from gosim.leaks.run import DAY_NS, Run, execute
from gosim.runtime.errors import LoadError, UsageError
from gosim.runtime.version import LATEST

if TYPE_CHECKING:
    import argparse

_FILE_FAILS = frozenset({"deadlock", "panic", "fatal"})


def command(options: argparse.Namespace) -> int:
    """Run, write the files that were asked for, and print the report."""
    if options.source == "go":
        raise UsageError(
            "this version of gosim does not run Go source; `gosim compare NAME` runs the Go file "
            "of a scenario under real Go, and `gosim run NAME` its Python telling"
        )
    target = resolve(options.name, options.variant, options.fixed)
    fail_on = options.fail_on
    if fail_on is None:
        fail_on = frozenset() if target.scenario is not None else _FILE_FAILS
    out = made_folder(options.out)
    run = execute(
        target.program(dict(options.params)),
        variant=target.variant.name if target.variant is not None else "main",
        go=options.go or LATEST,
        go_line=options.go_line,
        seed=options.seed,
        policy=options.policy,
        replay=options.replay,
        procs=options.procs,
        until=options.until or DAY_NS,
        ignore=options.ignore,
        max_goroutines=options.max_goroutines,
        max_steps=options.max_steps,
        wall=options.wall,
        args=options.args,
    )
    if options.json:
        import json

        write_files(run, options.graph, out)
        print(json.dumps(run.to_dict(), ensure_ascii=False))
    else:
        show(run, target, options.dump)
        for file in write_files(run, options.graph, out):
            print(f"wrote {file}", file=sys.stderr)
        if target.scenario is not None:
            print(what_next(run, target), file=sys.stderr)
    if run.outcome == "limit":
        return LIMIT
    return FAILED if run.outcome in fail_on else OK


def show(run: Run, target: Target, dump: bool) -> None:
    """Print what the program printed, then the report."""
    from gosim.views.text import report, terminal_width

    sys.stdout.write(run.stdout)
    if run.stdout and not run.stdout.endswith("\n"):
        sys.stdout.write("\n")
    sys.stdout.flush()
    sys.stderr.write(run.stderr)
    sys.stderr.flush()
    if dump:
        print(run.dump(), end="")
    color = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    print(report(run, target.scenario, color=color, width=terminal_width()), flush=True)


def what_next(run: Run, target: Target) -> str:
    """Return commands worth trying now."""
    scenario, variant = target.scenario, target.variant
    assert scenario is not None and variant is not None
    name = scenario.name
    tries = []
    if variant is scenario.first:
        others = [v for v in scenario.variants[1:] if "python" in v.sources]
        tries += [(f"gosim run {name} --variant {v.name}", v.summary) for v in others[:2]]
        tries += [(f"gosim explain {name}", "the story, the cause, the repair")]
    else:
        tries += [(f"gosim run {name}", scenario.first.summary)]
        tries += [(f"gosim show {name} --variant {variant.name}", "the code")]
    compare = f"gosim compare {name}"
    if variant is not scenario.first:
        compare += f" --variant {variant.name}"
    tries += [(compare, "beside real Go")]
    width = max(len(line) for line, _ in tries)
    return "\ntry next:\n" + "\n".join(f"  {line:{width}}  {why}" for line, why in tries)


# -- files -----------------------------------------------------------------------------------------


def made_folder(path: str | None) -> str | None:
    """Make the folder of ``--out`` before anything runs."""
    if path is not None:
        try:
            os.makedirs(path, exist_ok=True)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise UsageError(f"--out {path}: cannot make this folder: {reason}") from None
    return path


def write_files(run: Run, picture: str | None, out: str | None) -> list[str]:
    """Write what was asked for; return the files."""
    files = [picture] if picture is not None else []
    if out is not None:
        files += [os.path.join(out, name) for name in ("graph.svg", "goroutines.txt", "run.json")]
    for file in files:
        try:
            if file.endswith("goroutines.txt"):
                _write(file, run.dump())
            elif file.endswith("run.json"):
                import json

                _write(file, json.dumps(run.to_dict(), ensure_ascii=False, indent=1) + "\n")
            else:
                draw(run, file)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise LoadError(f"cannot write this file: {reason}", file) from None
    return files


def _write(file: str, text: str) -> None:
    with open(file, "w", encoding="utf-8", errors="backslashreplace") as f:
        f.write(text)


def draw(run: Run, file: str) -> None:
    """Draw who waits for whom."""
    from gosim.views.draw import save
    from gosim.views.text import headline

    # A variant called `leak` of which the verdict says that it leaks: once is enough.
    name = run.program if run.variant in ("main", "leak") else f"{run.program} · {run.variant}"
    save(run.graph(), file, title=f"{name}: {headline(run).removeprefix('leak: ')}")
