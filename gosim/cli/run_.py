"""``gosim run``: run a program, say what leaks and why."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

from gosim.cli import FAILED, LIMIT, OK
from gosim.leaks.run import DAY_NS, Run, execute
from gosim.runtime.errors import LoadError, UsageError
from gosim.runtime.program import File
from gosim.runtime.version import LATEST
from gosim.scenario import Scenario, Variant, find

_FAIL_ON = ("leak", "deadlock", "panic", "fatal")
_FILE_FAILS = frozenset({"deadlock", "panic", "fatal"})


def looks_like_a_file(name: str) -> bool:
    """Whether NAME means a file or folder rather than a scenario."""
    return os.sep in name or name.endswith((".py", ".go")) or os.path.exists(name)


def target(options: argparse.Namespace) -> tuple[str, str, Scenario | None]:
    """Return path, variant and scenario of what is to be run."""
    name = options.name
    if options.source == "go" or name.endswith(".go") or os.path.isdir(name):
        raise UsageError(
            "this version of gosim does not run Go source yet; `gosim compare NAME` runs the Go "
            "file of a scenario under real Go, and `gosim run NAME` its Python telling"
        )
    if looks_like_a_file(name):
        if options.variant or options.fixed:
            raise UsageError("--variant and --fixed are for scenarios, not for a file")
        return name, "main", None
    scenario = find(name)
    variant = choose(scenario, options)
    if "python" not in variant.sources:
        raise UsageError(
            f"{scenario.name} {variant.name} is told in Go only; `gosim show {scenario.name} "
            f"--variant {variant.name}` shows it and `gosim compare` runs it under real Go"
        )
    return str(variant.file("python")), variant.name, scenario


def choose(scenario: Scenario, options: argparse.Namespace) -> Variant:
    """Return the variant that the options name."""
    if options.variant:
        return scenario.variant(options.variant)
    return scenario.fixed if options.fixed else scenario.first


def parameters(texts: list[str]) -> dict[str, Any]:
    """Read ``-p n=500``."""
    params: dict[str, Any] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name.isidentifier():
            raise UsageError(f"-p {text}: write a name and a value, for example -p n=500")
        for read in (int, float, str):
            try:
                params[name] = read(value.replace("_", "") if read is int else value)
                break
            except ValueError:
                continue
    return params


def virtual_time(text: str | None) -> int:
    """Read ``10s`` as Go does."""
    if text is None:
        return DAY_NS
    from gosim.std.time.duration import parse_duration

    duration, error = parse_duration(text)
    if error is not None or duration <= 0:
        raise UsageError(f"--until {text}: write a time such as 10s, 500ms or 2h")
    return int(duration)


def failing(options: argparse.Namespace, scenario: Scenario | None) -> frozenset[str]:
    """Return the outcomes for which the exit code is 1."""
    if options.fail_on is None:
        return frozenset() if scenario is not None else _FILE_FAILS
    wanted = frozenset(x for x in options.fail_on.split(",") if x)
    unknown = wanted.difference(_FAIL_ON)
    if unknown:
        raise UsageError(f"--fail-on {sorted(unknown)[0]}: gosim knows {', '.join(_FAIL_ON)}")
    return wanted


def command(options: argparse.Namespace) -> int:
    """Run, write the files that were asked for, and print the report."""
    path, variant, scenario = target(options)
    fail_on = failing(options, scenario)
    picture = checked_picture(options.graph)
    program = File(path, parameters(options.params))
    if scenario is not None:
        program.name = scenario.name
    run = execute(
        program,
        variant=variant,
        go=options.go or LATEST,
        go_line=options.go_line,
        seed=options.seed,
        policy=options.policy,
        replay=options.replay,
        procs=options.procs,
        until=virtual_time(options.until),
        ignore=options.ignore,
        max_goroutines=options.max_goroutines,
        max_steps=options.max_steps,
        wall=options.wall,
        args=options.args,
    )
    written = write_files(run, picture, options.out)
    if options.json:
        print(json.dumps(run.to_dict(), ensure_ascii=False))
    else:
        from gosim.views.text import report

        sys.stdout.write(run.stdout)
        sys.stdout.flush()
        sys.stderr.write(run.stderr)
        sys.stderr.flush()
        if options.dump:
            print(run.dump(), end="")
        print(report(run, scenario, color=sys.stdout.isatty() and "NO_COLOR" not in os.environ))
        sys.stdout.flush()
        for file in written:
            print(f"wrote {file}", file=sys.stderr)
        if scenario is not None:
            print(what_next(run, scenario), file=sys.stderr)
    if run.outcome == "limit":
        return LIMIT
    return FAILED if run.outcome in fail_on else OK


def what_next(run: Run, scenario: Scenario) -> str:
    """Return a line with commands worth trying now."""
    name = scenario.name
    tries = []
    if run.variant == scenario.first.name:
        tries += [f"gosim run {name} --variant {v.name}" for v in scenario.variants[1:2]]
        tries += [f"gosim explain {name}"]
    else:
        tries += [f"gosim run {name}", f"gosim show {name} --variant {run.variant}"]
    tries += [f"gosim compare {name} --variant {run.variant}"]
    return "try next: " + "\n          ".join(tries)


_PICTURES = (".png", ".svg", ".pdf", ".dot")


def checked_picture(path: str | None) -> Path | None:
    """Return the path for the picture, or say what is wrong with it before anything runs."""
    if path is None:
        return None
    picture = Path(path)
    if picture.suffix.lower() not in _PICTURES:
        raise UsageError(f"--graph {path}: the name must end in {', '.join(_PICTURES)}")
    if not picture.parent.is_dir():
        raise UsageError(f"--graph {path}: there is no folder {picture.parent}")
    return picture


def write_files(run: Run, picture: Path | None, out: str | None) -> list[Path]:
    """Write what was asked for; return the files."""
    written: list[Path] = []
    try:
        if picture is not None:
            draw(run, picture)
            written.append(picture)
        if out is not None:
            folder = Path(out)
            folder.mkdir(parents=True, exist_ok=True)
            draw(run, folder / "graph.svg")
            (folder / "run.json").write_text(json.dumps(run.to_dict(), indent=1), encoding="utf-8")
            (folder / "goroutines.txt").write_text(run.dump(), encoding="utf-8")
            written += [folder / "graph.svg", folder / "run.json", folder / "goroutines.txt"]
    except OSError as error:
        raise LoadError(
            f"cannot write: {error.strerror or error}", str(error.filename or "")
        ) from None
    return written


def draw(run: Run, file: Path) -> None:
    """Draw who waits for whom."""
    from gosim.views.draw import save

    save(run.graph(), file, title=f"{run.program}: {run.variant}")
