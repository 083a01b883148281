"""``gosim run``: run a program, say what leaks and why."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from gosim.cli import FAILED, LIMIT, OK
from gosim.cli.target import FIXED, Target, resolve
from gosim.leaks.run import DAY_NS, Run, execute
from gosim.runtime.errors import GosimError, LoadError, UsageError
from gosim.runtime.version import LATEST

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator
    from typing import TextIO

    from gosim.explore.datarace import DataRaces, Race
    from gosim.export.profiler import Profiler
    from gosim.runtime.program import Program

#: So many lines about what is suspicious stand before a run.
_NOTICES = 10
_FILE_FAILS = frozenset({"deadlock", "panic", "fatal"})


def command(options: argparse.Namespace) -> int:
    """Run, write the files that were asked for, and print the report."""
    if options.load is not None:
        from gosim.cli.load_ import command as load

        return load(options)
    refuse_load_options(options)
    if options.step and options.json:
        raise UsageError("--step is for reading along, --json for programs: choose one of them")
    target = resolve(options.name, options.variant, options.fixed, options.source)
    fail_on = options.fail_on
    if fail_on is None:
        fail_on = frozenset() if target.scenario is not None else _FILE_FAILS
    if any(isinstance(value, str) and ".." in value for _, value in options.params):
        from gosim.cli.sweep_ import table_of, wanted

        if wanted(options):
            return table_of(options, target, fail_on, exploring=False)
    if options.jobs > 1:
        raise UsageError("--jobs is for many runs: -p n=1..50")
    no_file_twice(options)
    out = made_folder(options.out)
    note_gogc(options.gogc)
    profiler = made_profiler(options)
    detector = made_detector(options)
    tell = target.scenario is None
    if options.policy == "human":
        from gosim.cli.play_ import schedule

        options.replay = schedule(options, target)
    run = perform(options, target, options.replay, profiler, detector, tell=tell)
    races = [] if detector is None else detector.races
    if options.json:
        import json

        write_files(run, options, target, out, profiler)
        found = {} if detector is None else {"races": [race.to_dict() for race in races]}
        print(json.dumps(run.to_dict() | found, ensure_ascii=False))
    else:
        try:
            if options.step:
                walk_through(run)
            else:
                show(run, target, options.dump)
        finally:  # also when the reader of the report goes away: `| head`
            for file in write_files(run, options, target, out, profiler):
                print(f"wrote {file}", file=sys.stderr)
        show_races(races)
        if target.scenario is not None and not options.step:
            print(what_next(run, target), file=sys.stderr)
    if run.outcome == "limit":
        return LIMIT
    racy = bool(races) and (target.scenario is None or "race" in fail_on)
    return FAILED if racy or run.outcome in fail_on else OK


def refuse_load_options(options: argparse.Namespace) -> None:
    """Refuse options that mean something only where calls arrive."""
    asked = {
        "--for": options.for_,
        "--arrivals": options.arrivals,
        "--limit": options.limit,
        "--limit-by": options.limit_by,
        "--no-fold": options.no_fold or None,
    }
    for option, value in asked.items():
        if value is not None:
            raise UsageError(f"{option} is for a load: gosim run NAME --load 100/s {option} …")


def made_detector(options: argparse.Namespace) -> DataRaces | None:
    """Return what looks for data races, if they are asked for."""
    if not options.race:
        return None
    from gosim.explore.datarace import DataRaces

    return DataRaces()


def show_races(races: list[Race]) -> None:
    """Report races on stderr, as Go's detector does."""
    for race in races:
        print(race.text, file=sys.stderr)
    if races:
        print(f"Found {len(races)} data race(s)", file=sys.stderr)


def no_file_twice(options: argparse.Namespace) -> None:
    """Refuse to write two things into one file."""
    options_of_one = ("--graph", "--why", "--timeline", "--memory", "--trace", "--html")
    asked = [(option, getattr(options, option[2:])) for option in options_of_one]
    asked += [("--pprof", file) for _, file in options.pprof]
    of: dict[str, str] = {}
    for option, file in asked:
        if file is None:
            continue
        first = of.setdefault(os.path.realpath(file), option)
        if first is not option:
            raise UsageError(f"{file}: {first} and {option} need a file each")
    if len(of) < sum(file is not None for _, file in asked):
        raise UsageError("--pprof: every profile needs a file of its own")


def made_profiler(options: argparse.Namespace) -> Profiler | None:
    """Return what has to watch the run for the profiles that were asked for."""
    kinds = {kind for kind, _ in options.pprof}
    if not kinds:
        return None
    from gosim.export.profiler import PROFILED, Profiler

    return Profiler(kinds) if kinds.intersection(PROFILED) else None


def perform(
    options: argparse.Namespace,
    target: Target,
    replay: str | None,
    profiler: Profiler | None = None,
    detector: DataRaces | None = None,
    *,
    tell: bool = False,
) -> Run:
    """Run a program as the options say; `tell` what is suspicious in it on stderr."""
    ticket = None
    if replay is not None:
        from gosim.explore.replay import Ticket

        ticket = Ticket.read(replay)
    program = target.program(
        dict(options.params),
        options.go,
        options.go_line,
        dict(options.stub),
        explored=ticket is not None and ticket.explored,
        races=detector is not None or (ticket is not None and ticket.races),
    )
    if tell:
        show_notices(program)
    of_memory = profiler is not None and not profiler.kinds.isdisjoint(("heap", "allocs"))
    with limited_memory(program):
        return execute(
            program,
            variant=target.variant.name if target.variant is not None else "main",
            go=options.go or LATEST,
            go_line=options.go_line,
            seed=options.seed,
            policy=options.policy,
            replay=replay,
            procs=options.procs,
            until=options.until or DAY_NS,
            ignore=options.ignore,
            max_goroutines=options.max_goroutines,
            max_steps=options.max_steps,
            wall=options.wall,
            args=options.args,
            observers=[each for each in (profiler, detector) if each is not None],
            # What needs events has them from the start: the run need not be done again for them.
            record=any((options.timeline, options.step, options.html, options.out, options.trace))
            or (profiler is not None and bool(options.graph)),
            memory=bool(options.memory) or of_memory,
            gogc=options.gogc,
            memlimit=options.memlimit,
            why=bool(options.why or options.html or options.out),
        )


def show_notices(program: Program) -> None:
    """Say on stderr what was found before the program runs; of much, the beginning."""
    shown = program.notices[:_NOTICES]
    for line in shown:
        print(line, file=sys.stderr)
    more = len(program.notices) - len(shown)
    if more:
        print(f"vet: {more} more: gosim vet {program.file}", file=sys.stderr)
    if shown:
        sys.stderr.flush()


_MOST_MEMORY = 10 << 30
"""Bytes of address space for a Go program that asks for more and more, and for all of gosim."""


@contextmanager
def limited_memory(program: Program) -> Iterator[None]:
    """See to it that a Go program cannot take the memory of the whole machine."""
    try:
        import resource
    except ImportError:  # on Windows
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    unlimited = resource.RLIM_INFINITY
    if program.written_in != "go" or (soft != unlimited and soft <= _MOST_MEMORY):
        yield
        return
    most = _MOST_MEMORY if hard == unlimited else min(hard, _MOST_MEMORY)
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def note_gogc(text: str | None) -> None:
    """Say so where Go would take a value of ``GOGC`` that is none for 100, without a word."""
    if not text:  # an empty variable is none
        return
    from gosim.memory.pacer import read_gogc

    if read_gogc(text) == 100 and text.lstrip("+0") != "100":
        print(f"note: --gogc {text!r} is no percentage: Go takes it for 100", file=sys.stderr)


def repaired(run: Run, options: argparse.Namespace, target: Target) -> Run | None:
    """Run the repaired variant of a program that leaks; None where there is nothing to repair."""
    if target.scenario is None and run.variant == "main":
        return None
    fixed = repaired_target(target, options.go or LATEST)
    if fixed is None:
        return None
    try:
        # A token belongs to one program: the repair runs in the order of its own.
        return perform(options, fixed, None)
    except GosimError as error:
        print(f"note: the repaired program did not run beside it: {error}", file=sys.stderr)
        return None


def repaired_target(target: Target, go: str) -> Target | None:
    """Return the repaired variant of a program that leaks; None where there is nothing to repair.

    Of a file without variants it is a target that cannot be run.
    """
    scenario, variant = target.scenario, target.variant
    if scenario is None or variant is None:
        if target.source == "go" or target.wanted:
            return None  # a file without variants, or one of them was asked for
        return Target(target.path, wanted=FIXED)
    if variant is not scenario.first and variant.expected(go) == "ok":
        return None
    try:
        repair = scenario.fixed
    except UsageError:
        return None  # a tour
    if repair is variant:
        return None
    if target.source not in repair.sources:
        return None
    return Target(str(repair.file(target.source)), scenario, repair, source=target.source)


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
    text = report(
        run,
        target.scenario,
        color=color,
        width=terminal_width(),
        plain=not draws_blocks(sys.stdout),
    )
    print(text, flush=True)


def walk_through(run: Run) -> None:
    """Let the user go through the run, step by step."""
    from gosim.cli.step import walk
    from gosim.views.steps import steps

    walk(steps(run))


def draws_blocks(stream: TextIO) -> bool:
    """Return whether a stream can print the blocks of which curves are made."""
    try:
        "▁█×→…".encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def what_next(run: Run, target: Target) -> str:
    """Return commands worth trying now."""
    scenario, variant = target.scenario, target.variant
    assert scenario is not None and variant is not None
    name = scenario.name
    tries = []
    if variant is scenario.first:
        others = [v for v in scenario.variants[1:] if "python" in v.sources]
        tries += [(f"gosim run {name} --variant {v.name}", v.summary) for v in others[:2]]
        if run.memory_record is not None:
            tries.append((f"gosim run {name} --memory memory.svg", "the curves, beside the repair"))
        tries += [(f"gosim explain {name}", "the story, the cause, the repair")]
        tries += [(f"gosim explore {name}", "always, sometimes or never? every schedule")]
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


def made_folder(path: str | None, option: str = "--out") -> str | None:
    """Make the folder of ``--out`` before anything runs."""
    if path is not None:
        try:
            os.makedirs(path, exist_ok=True)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise UsageError(f"{option} {path}: cannot make this folder: {reason}") from None
    return path


def write_files(
    run: Run,
    options: argparse.Namespace,
    target: Target,
    out: str | None,
    profiler: Profiler | None = None,
) -> list[str]:
    """Write what was asked for; return the files."""
    files: dict[str, Callable[[str], None]] = {}

    def in_folder(name: str, write: Callable[[str], None]) -> None:
        if out is not None:
            files[os.path.join(out, name)] = write

    if options.graph is not None:
        files[options.graph] = lambda file: draw(run, file)
    if options.timeline is not None:
        files[options.timeline] = lambda file: draw_timeline(run, file)
    if options.why is not None:
        files[options.why] = lambda file: draw_why(run, file)
    for kind, name in options.pprof:
        files[name] = partial(_write_profile, run, kind, profiler)
    in_folder("graph.svg", lambda file: draw(run, file))
    in_folder("timeline.svg", lambda file: draw_timeline(run, file))
    in_folder("why.svg", lambda file: draw_why(run, file))
    in_folder("goroutines.txt", lambda file: _write(file, run.dump()))
    in_folder("run.json", lambda file: _write(file, _json(run)))
    fixed = repaired(run, options, target) if options.memory or options.html or out else None
    record = run.memory_record
    if record is None:
        if options.memory:
            words = "nothing is known of the memory of this run"
            print(f"note: {options.memory} is not drawn: {words}", file=sys.stderr)
    elif options.memory or out:
        if options.memory:
            files[options.memory] = lambda file: draw_memory(run, fixed, file)
        in_folder("memory.svg", lambda file: draw_memory(run, fixed, file))
        in_folder("heap.txt", lambda file: _write(file, _heap(run)))
    if options.html is not None:
        files[options.html] = lambda file: write_report(run, fixed, target, file)
    in_folder("report.html", lambda file: write_report(run, fixed, target, file))
    if options.trace is not None:  # the last: it may be refused
        files[options.trace] = lambda file: write_trace(run, file)
    for file, write in files.items():
        try:
            write(file)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise LoadError(f"cannot write this file: {reason}", file) from None
    return list(files)


def _json(run: Run) -> str:
    import json

    return json.dumps(run.to_dict(), ensure_ascii=False, indent=1) + "\n"


def _heap(run: Run) -> str:
    from gosim.views.text import heap_dump

    assert run.memory_record is not None
    return f"{_title(run)}\n\n{heap_dump(run.memory_record)}\n"


def _write(file: str, text: str) -> None:
    with open(file, "w", encoding="utf-8", errors="backslashreplace") as f:
        f.write(text)


def _title(run: Run) -> str:
    from gosim.views.text import headline

    # A variant called `leak` of which the verdict says that it leaks: once is enough.
    name = run.program if run.variant in ("main", "leak") else f"{run.program} · {run.variant}"
    return f"{name}: {headline(run).removeprefix('leak: ').removeprefix('ok: ')}"


def draw(run: Run, file: str) -> None:
    """Draw who waits for whom, or write it as a graph that other tools open."""
    from gosim.export.graphs import SUFFIXES

    if file.lower().endswith(SUFFIXES):
        from gosim.export.graphs import write

        write(run, file, title=_title(run))
        return
    from gosim.views.graph import save

    save(run.plain_graph(), file, title=_title(run))


def draw_why(run: Run, file: str) -> None:
    """Draw what leads to what goroutines wait for, or that nothing does."""
    from gosim.views.alive import save

    save(run.alive(), file, title=_title(run))


def write_report(run: Run, fixed: Run | None, target: Target, file: str, **links: str) -> None:
    """Write the page that has everything; `links` to others are those of `gosim.views.report`."""
    from gosim.views.report import save

    scenario, variant = target.scenario, target.variant
    name = story = ""
    if scenario is not None and variant is not None:
        name, story = scenario.name, scenario.story
        if variant is not scenario.first:
            name += f" --variant {variant.name}"
            story = variant.summary  # the story is about the program as it was
    save(
        file,
        run,
        fixed,
        title=scenario.title if scenario is not None else "",
        story=story,
        name=name,
        compared="" if variant is None or "go" not in variant.sources else name,
        **links,
    )


def draw_timeline(run: Run, file: str) -> None:
    """Draw who was in which state when."""
    from gosim.views.timeline import timeline

    timeline(run, _title(run)).save(file)


def write_trace(run: Run, file: str) -> None:
    """Write what happened, step by step; the suffix says for whom."""
    suffix = os.path.splitext(file)[1].lower()
    if suffix == ".trace":
        from gosim.export.exectrace import trace as execution_trace

        content = execution_trace(run)
        with open(file, "wb") as f:
            f.write(content)
    elif suffix == ".json":
        from gosim.export.perfetto import trace

        _write(file, trace(run, title=_title(run)))
    else:
        from gosim.export.mermaid import sequence

        _write(file, sequence(run, title=_title(run)))


def _write_profile(run: Run, kind: str, profiler: Profiler | None, file: str) -> None:
    from gosim.export.pprof import write

    write(run, kind, file, profiler)


def draw_memory(run: Run, fixed: Run | None, file: str) -> None:
    """Draw memory over time and who holds it, beside the repaired program's."""
    from gosim.views.memory import save

    assert run.memory_record is not None
    other = fixed.memory_record if fixed is not None else None
    repair = "" if fixed is None or fixed.variant == "fixed" else f": {fixed.variant}"
    names = (run.variant, f"fixed{repair}")
    save(run.memory_record, file, other, title=_title(run), names=names)
