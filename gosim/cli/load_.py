"""``gosim run --load``: calls arrive, and memory is watched."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, Final

from gosim.cli import FAILED, LIMIT, OK
from gosim.cli.run_ import draws_blocks, limited_memory, made_folder, repaired_target, show_notices
from gosim.cli.target import Target, resolve
from gosim.runtime.errors import UsageError
from gosim.runtime.version import LATEST

if TYPE_CHECKING:
    import argparse

    from gosim.traffic.arrivals import Arrivals
    from gosim.traffic.limits import Limit
    from gosim.traffic.result import Load, Loads

MINUTE: Final = 60_000_000_000
_DEFAULT: Final = 10 * MINUTE
_BUDGETS: Final = frozenset({"wall", "steps", "goroutines", "interrupt"})
_DIED: Final = frozenset({"panic", "fatal", "limit"})
_NOT_HERE: Final = (
    "graph",
    "why",
    "timeline",
    "trace",
    "step",
    "dump",
    "race",
    "replay",
    "until",
    "ignore",
    "pprof",
)


def command(options: argparse.Namespace) -> int:
    """Put the program under load, its repair too, and print the table."""
    from gosim.traffic.arrivals import Arrivals
    from gosim.traffic.limits import parse_limit
    from gosim.traffic.result import Loads

    _refuse(options)
    arrivals = Arrivals(options.load, options.arrivals or "steady", seed=options.seed)
    limit = None
    if options.limit is not None:
        limit = parse_limit(options.limit, options.limit_by or "container")
    elif options.limit_by is not None:
        raise UsageError("--limit-by says what --limit is of: --limit 512MiB")
    out = made_folder(options.out)
    name, function = split_function(options.name)
    target = resolve(name, options.variant, options.fixed, options.source)
    loads = Loads()
    for each in targets(target, function, options.go or LATEST):
        loads.append(_one(options, each, function, arrivals, limit, first=not loads))
        lonely = target.scenario is None and loads[0].variant == "main"  # it has no variants
        if lonely or loads[-1].ended == "interrupt":
            break
    _show(options, target, loads, out)
    endings = {load.ended for load in loads}
    if endings & _BUDGETS:
        return LIMIT
    fail_on = options.fail_on
    if fail_on is None:
        fail_on = frozenset() if target.scenario is not None else frozenset({"panic", "fatal"})
    first = loads[0]
    failed = (first.ended in _DIED and bool(fail_on & {"panic", "fatal"})) or (
        "leak" in fail_on and first.grows
    )
    return FAILED if failed else OK


def _refuse(options: argparse.Namespace) -> None:
    """Refuse options of a single run."""
    asked = [name for name in _NOT_HERE if getattr(options, name)]
    asked += ["policy"] if options.policy != "go" else []
    asked += ["procs"] if options.procs != 1 else []
    asked += ["jobs"] if options.jobs != 1 else []
    if asked:
        raise UsageError(
            f"--{asked[0]} is for a single run, not for a load; a load writes --memory FILE, "
            "--html FILE, --out DIR and --json"
        )
    if any(isinstance(value, str) and ".." in value for _, value in options.params):
        raise UsageError("-p n=1..50 makes a table of runs; a load is of one size")


def split_function(name: str) -> tuple[str, str | None]:
    """Return what stands before and behind the colon of ``FILE.py:function``."""
    path, colon, function = name.rpartition(":")
    if (
        colon
        and (path.endswith((".py", ".go")) or os.path.isdir(path))
        and not os.path.exists(name)
    ):
        if not function.isidentifier():
            raise UsageError(f"{name}: write a function behind the colon: {path}:handle")
        return path, function
    return name, None


def targets(target: Target, function: str | None, go: str) -> list[Target]:
    """Return what is put under load: what was asked for, and its repair."""
    fixed = repaired_target(target, go) if function is None else None
    return [target] if fixed is None else [target, fixed]


def function_of(target: Target, function: str | None) -> str:
    """Return the function that each call runs.

    Raises
    ------
    UsageError
        When the scenario says why there is none.
    """
    if function is not None:
        return function
    scenario = target.scenario
    if scenario is None or target.variant is None:
        return "main"
    if scenario.no_load:
        raise UsageError(f"{scenario.name} takes no load: {scenario.no_load}")
    name = str(target.variant.extra.get("load", scenario.load))
    if target.source == "go":
        first, *rest = name.split("_")
        return first + "".join(word.title() for word in rest)
    return name


def _one(
    options: argparse.Namespace,
    target: Target,
    function: str | None,
    arrivals: Arrivals,
    limit: Limit | None,
    *,
    first: bool,
) -> Load:
    """Put one variant under load."""
    from gosim.traffic.handler import served
    from gosim.traffic.service import serve

    called = function_of(target, function)
    program = target.program(dict(options.params), options.go, options.go_line, dict(options.stub))
    if first and target.scenario is None:
        show_notices(program)
    more: dict[str, Any] = {}
    if options.max_steps != 10_000_000:  # a load takes more than a run
        more["max_steps"] = options.max_steps
    with limited_memory(program):
        return serve(
            served(program, called),
            arrivals,
            options.for_ or _DEFAULT,
            limit=limit,
            variant=target.variant.name if target.variant is not None else "main",
            go=options.go or LATEST,
            go_line=options.go_line,
            seed=options.seed,
            gogc=options.gogc,
            memlimit=options.memlimit,
            fold=not options.no_fold,
            wall=options.wall,
            max_goroutines=options.max_goroutines,
            **more,
        )


def _show(options: argparse.Namespace, target: Target, loads: Loads, out: str | None) -> None:
    """Print the table or JSON, and write the files."""
    from gosim.views import load as view
    from gosim.views.text import terminal_width

    try:
        if options.json:
            import json

            print(json.dumps(loads.to_dict(), ensure_ascii=False), flush=True)
        else:
            plain = not draws_blocks(sys.stdout)
            print(view.text(loads, terminal_width(), plain), flush=True)
    finally:
        for file in _write(options, target, loads, out):
            print(f"wrote {file}", file=sys.stderr)
    if target.scenario is not None and not options.json:
        print(_next(options, target), file=sys.stderr)


def _write(options: argparse.Namespace, target: Target, loads: Loads, out: str | None) -> list[str]:
    """Write the files that were asked for; return their names."""
    from gosim.views import load as view

    asked = [options.memory, options.html]
    if out is not None:
        asked += [os.path.join(out, name) for name in ("load.svg", "load.html")]
    written = [file for file in asked if file is not None]
    scenario = target.scenario
    for file in written:
        try:
            if file.lower().endswith((".html", ".htm")) and scenario is not None:
                page = view.page(loads, scenario.title, scenario.story)
                with open(file, "w", encoding="utf-8", newline="\n") as stream:
                    stream.write(page)
            else:
                view.save(loads, file)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise UsageError(f"{file}: cannot write it: {reason}") from None
    if out is not None:
        import json

        file = os.path.join(out, "load.json")
        with open(file, "w", encoding="utf-8") as stream:
            json.dump(loads.to_dict(), stream, ensure_ascii=False, indent=1)
        written.append(file)
    return written


def _next(options: argparse.Namespace, target: Target) -> str:
    """Return commands worth trying now."""
    assert target.scenario is not None
    name, rate = target.scenario.name, options.load
    tries = [(f"gosim run {name} --load {rate} --memory load.svg", "the curves in one chart")]
    if options.limit is None:
        tries.append((f"gosim run {name} --load {rate} --limit 512MiB", "when is memory full?"))
    tries.append((f"gosim run {name}", "one run, and who waits for whom"))
    tries.append(("gosim docs load", "what a call is, and how far this is real Go"))
    width = max(len(line) for line, _ in tries)
    return "\ntry next:\n" + "\n".join(f"  {line:{width}}  {why}" for line, why in tries)
