"""``gosim explore``: run all schedules of a program that differ, and say what they lead to."""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from gosim.cli import FAILED, LIMIT, OK
from gosim.cli.run_ import draws_blocks, limited_memory, show_notices
from gosim.cli.sweep_ import table_of, wanted
from gosim.cli.target import Target, resolve
from gosim.explore.named import make_strategy
from gosim.explore.search import Progress, explore
from gosim.explore.watching import make_watchers
from gosim.runtime.errors import LoadError, UsageError
from gosim.runtime.version import LATEST
from gosim.views.exploration import ascii_only, bad_cases, replay

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator

    from gosim.explore.exploration import Exploration
    from gosim.explore.strategy import Strategy

_FILE_FAILS = frozenset({"deadlock", "panic", "fatal", "race"})
_KIND_OF_FAULT = {"data race": "race", "lock order": "lock-order"}
_EVERY, _OFTEN = 5.0, 0.2
"""Seconds between two lines of progress; the same for a bar that moves."""


def command(options: argparse.Namespace) -> int:
    """Explore, and print the verdict."""
    target = resolve(options.name, options.variant, options.fixed, options.source)
    if options.repairs:
        return try_repairs(options, target)
    fail_on = options.fail_on
    if fail_on is None:
        fail_on = frozenset() if target.scenario is not None else _FILE_FAILS
    if wanted(options):
        return table_of(options, target, fail_on, exploring=True)
    exploration = perform(options, target, told=True)
    detection = None
    if options.detectors:
        from gosim.explore.detectors import summed_up

        detection = summed_up(exploration, options.alarm)
    name = typed(options, target)
    if options.json:
        print_json((detection or exploration).to_dict())
        write_page(exploration, options, target, name)
    else:
        try:
            show(exploration, name)
            if detection is not None:
                from gosim.views.workbench import detectors_text

                print_table(detectors_text, detection)
        finally:  # also when the reader of the report goes away: `| head`
            write_page(exploration, options, target, name)
        if target.scenario is not None and detection is None:
            print(what_next(exploration, target, name), file=sys.stderr)
    if not fail_on.isdisjoint(faults(exploration)):
        return FAILED
    if not exploration.complete and (fail_on or exploration.clean):
        return LIMIT  # nothing was found, and nothing is proven
    return OK


def perform(options: argparse.Namespace, target: Target, *, told: bool = False) -> Exploration:
    """Explore a program as the options say.

    Parameters
    ----------
    options : argparse.Namespace
    target : Target
    told : bool
        Say on stderr how far it has come, and what is suspicious in a file.
    """
    strategy = strategy_of(options)
    program = target.program(
        target.size(dict(options.params)),
        options.go,
        options.go_line,
        dict(options.stub),
        explored=True,
        races=options.race,
    )
    if told and target.scenario is None:
        show_notices(program)
    watchers = make_watchers(race=options.race)
    if options.detectors:
        from functools import partial

        from gosim.explore.detectors import Panel

        watchers.append(partial(Panel, options.alarm))
    with limited_memory(program), telling(told) as teller:
        exploration = explore(
            program,
            strategy=strategy,
            variant=target.variant.name if target.variant is not None else "main",
            max_schedules=options.max_schedules,
            watchers=watchers,
            progress=teller,
            go_line=options.go_line,
            args=options.args,
            **budgets(options),
            **many(options),
        )
    if teller is not None and not exploration.complete:
        teller.tell_the_rest()
    return exploration


def strategy_of(options: argparse.Namespace) -> Strategy:
    """Return the strategy that is asked for."""
    return make_strategy(
        options.strategy,
        preemptions=options.preemptions,
        delays=options.delays,
        seed=options.seed,
        schedules=options.max_schedules,
        seconds=options.wall,
        divided=bool(many(options)),
    )


def budgets(options: argparse.Namespace) -> dict[str, Any]:
    """Return what holds for every exploration that the options ask for."""
    return {
        "max_steps": options.max_steps,
        "wall": options.wall,
        "timers": options.timers,
        "early_ticks": options.early_ticks,
        "output": options.output,
        "go": options.go or LATEST,
        "seed": options.seed,
        "ignore": options.ignore,
    }


def many(options: argparse.Namespace) -> dict[str, Any]:
    """Return who does it, where that is not this process alone."""
    asked: dict[str, Any] = {}
    if options.jobs > 1:
        asked["jobs"] = options.jobs
    if options.dask is not None:
        asked["dask"] = options.dask
    if options.checkpoint is not None:
        asked["checkpoint"] = options.checkpoint
    return asked


def try_repairs(options: argparse.Namespace, target: Target) -> int:
    """Explore a scenario and its repairs, and print a row for each."""
    from gosim.explore import workbench

    scenario = target.scenario
    if scenario is None:
        raise UsageError("--try is for scenarios: they offer repairs", options.name)
    if options.variant or options.fixed:
        raise UsageError("--try takes all variants: leave --variant and --fixed out")
    for option in ("strategy", "preemptions", "delays", "checkpoint", "html"):
        if getattr(options, option) is not None:
            raise UsageError(f"--try and --{option}: choose one of them")
    for option in ("detectors", "race"):
        if getattr(options, option):
            raise UsageError(f"--try and --{option}: choose one of them")
    bench = workbench.try_repairs(
        scenario,
        source="go" if target.source == "go" else "python",
        params={**scenario.explore, **dict(options.params)},
        max_schedules=options.max_schedules,
        told=lambda variant: print(f"exploring {variant} …", file=sys.stderr, flush=True),
        **budgets(options),
        **many(options),
    )
    if options.json:
        print_json(bench.to_dict())
    else:
        from gosim.views.workbench import workbench_text

        print_table(workbench_text, bench)
    return OK


def faults(exploration: Exploration) -> set[str]:
    """Return what ``--fail-on`` may name and was found."""
    kinds = set(exploration.outcomes)
    kinds.update(_KIND_OF_FAULT.get(n.finding.kind, n.finding.kind) for n in exploration.noticed)
    return kinds


def typed(options: argparse.Namespace, target: Target) -> str:
    """Return what to type behind ``gosim run`` for the same program."""
    from shlex import quote

    scenario, variant = target.scenario, target.variant
    words = [scenario.name if scenario is not None else quote(options.name)]
    if scenario is not None and variant is not None and variant is not scenario.first:
        words.append(f"--variant {variant.name}")
    elif scenario is None and (options.variant or options.fixed):
        words.append(f"--variant {quote(options.variant)}" if options.variant else "--fixed")
    if options.source == "go" and scenario is not None:
        words.append("--source go")
    own = target.own_values()
    size = target.size(dict(options.params)).items()
    words += [f"-p {name}={value}" for name, value in size if own.get(name) != value]
    for option in ("go", "go_line"):
        if value := getattr(options, option):
            words.append(f"--{option.replace('_', '-')} {quote(value)}")
    words += [f"--stub {quote('='.join(stub))}" for stub in options.stub]
    words += [f"--ignore {quote(function)}" for function in options.ignore]
    if options.args:
        words += ["--", *map(quote, options.args)]
    return " ".join(words)


def page_of_text() -> dict[str, Any]:
    """Return how to write on this stdout."""
    from gosim.views.text import terminal_width

    return {
        "color": sys.stdout.isatty() and "NO_COLOR" not in os.environ,
        "width": terminal_width(),
        "plain": not draws_blocks(sys.stdout),
    }


def print_json(data: dict[str, Any]) -> None:
    """Print the one object."""
    import json

    print(json.dumps(data, ensure_ascii=False))


def show(exploration: Exploration, name: str) -> None:
    """Print the report."""
    from gosim.views.exploration import report

    print(report(exploration, name, **page_of_text()), flush=True)


def print_table(told: Callable[..., str], what: Any) -> None:
    """Print a table of the workbench or of the detectors."""
    page = page_of_text()
    text = told(what, page["width"], page["color"])
    print("\n" + (ascii_only(text) if page["plain"] else text), flush=True)


def write_page(
    exploration: Exploration, options: argparse.Namespace, target: Target, name: str
) -> None:
    """Write the page of ``--html``."""
    if options.html is None:
        return
    from gosim.views.exploration_page import save

    scenario, variant = target.scenario, target.variant
    heading = about = ""
    if scenario is not None and variant is not None:
        heading = scenario.title
        about = scenario.story if variant is scenario.first else variant.summary
    try:
        save(options.html, exploration, name, heading, about)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise LoadError(f"cannot write this file: {reason}", options.html) from None
    if not options.json:
        print(f"wrote {options.html}", file=sys.stderr)


def what_next(exploration: Exploration, target: Target, name: str) -> str:
    """Return commands worth trying now."""
    scenario, variant = target.scenario, target.variant
    assert scenario is not None and variant is not None
    tries = []
    case = next(iter(bad_cases(exploration)), None)
    if case is not None and case.token:
        tries.append((replay(name, case.token, "--step"), "go through it"))
    if variant is scenario.first:
        if any(v.extra.get("repair") for v in scenario.variants):
            tries.append((f"gosim explore {scenario.name} --try", "all repairs, side by side"))
        tries.append((f"gosim explore {scenario.name} --detectors", "who would have noticed"))
    else:
        tries.append((f"gosim explore {scenario.name}", "the program as it was"))
    width = max(len(line) for line, _ in tries)
    return "\ntry next:\n" + "\n".join(f"  {line:{width}}  {why}" for line, why in tries)


@contextmanager
def telling(told: bool) -> Iterator[Teller | None]:
    """Say how far it has come, if it is wanted; leave the terminal as it was."""
    teller = Teller() if told else None
    try:
        yield teller
    finally:
        if teller is not None:
            teller.close()


class Teller:
    """Says on stderr how far an exploration has come: a bar in a terminal, lines elsewhere."""

    def __init__(self) -> None:
        self._last = time.monotonic()
        self._bar: Any = None
        self._terminal = sys.stderr.isatty()
        self._heard: Progress | None = None

    def __call__(self, progress: Progress) -> None:
        """Hear of another execution."""
        self._heard = progress
        now = time.monotonic()
        if now - self._last < (_OFTEN if self._terminal else _EVERY):
            return
        self._last = now
        if not self._terminal:
            print(told(progress), file=sys.stderr, flush=True)
            return
        if self._bar is None:
            self._bar = made_bar()
            self._bar.add_task("", total=None)
            self._bar.start()
        done = progress.schedules + progress.blocked
        whole = None if progress.total is None else min(progress.total, progress.most)
        self._bar.update(0, description=told(progress), completed=done, total=whole)

    def tell_the_rest(self) -> None:
        """Say how much there would have been, where that can be estimated."""
        heard = self._heard
        if heard is None or heard.total is None:
            return
        done = heard.schedules + heard.blocked
        if heard.total > done:
            rate = done / max(heard.seconds, 1e-3)
            text = f"note: all of it would be about {rounded(heard.total)} executions or more"
            text += f", of which {done} were done at {rounded(rate)} a second"
            print(text, file=sys.stderr, flush=True)

    def close(self) -> None:
        """Leave the terminal as it was."""
        if self._bar is not None:
            self._bar.stop()


def made_bar() -> Any:
    """Return a bar of rich, which goes away when it is over."""
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    return Bar(BarColumn(20), TextColumn("{task.description}"), console=console, transient=True)


def told(progress: Progress) -> str:
    """Return in a line how far it has come, and what remains as far as that can be told."""
    done = progress.schedules + progress.blocked
    text = f"{progress.seconds:.0f} s: {progress.schedules} schedules"
    if progress.total is not None:
        about = max(progress.total, done)
        left = (about - done) * progress.seconds / max(1, done)
        text += f" of about {rounded(about)}"
        text += f", about {rounded(left)} s left" if left >= 1 else ""
        if about > progress.most:
            text += f" (the budget is {progress.most})"
    if progress.blocked:
        text += f"; {progress.blocked} given up as known"
    counts = ", ".join(f"{n} {kind}" for kind, n in progress.outcomes.items())
    return f"{text}; {counts}" if counts else text


def rounded(number: float) -> str:
    """Return an estimate without digits that it does not have: two of them."""
    if number < 100:
        return str(round(number))
    if number >= 1e9:
        return f"{number:.1g}"
    zeros = len(str(int(number))) - 2
    return str(round(number / 10**zeros) * 10**zeros)
