"""``gosim explore``: run all schedules of a program that differ, and say what they lead to."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING, Any

from gosim.cli import FAILED, LIMIT, OK
from gosim.cli.run_ import draws_blocks, limited_memory, show_notices
from gosim.cli.target import Target, resolve
from gosim.explore.named import make_strategy
from gosim.explore.search import Progress, explore
from gosim.explore.watching import make_watchers
from gosim.runtime.version import LATEST

if TYPE_CHECKING:
    import argparse

    from gosim.explore.exploration import Exploration

_FILE_FAILS = frozenset({"deadlock", "panic", "fatal", "race"})
_KIND_OF_FAULT = {"data race": "race"}
_EVERY = 5.0
"""Seconds between two lines of progress where nobody sees a bar."""


def command(options: argparse.Namespace) -> int:
    """Explore, and print the verdict."""
    target = resolve(options.name, options.variant, options.fixed, options.source)
    fail_on = options.fail_on
    if fail_on is None:
        fail_on = frozenset() if target.scenario is not None else _FILE_FAILS
    exploration = perform(options, target, told=True)
    if options.json:
        import json

        print(json.dumps(exploration.to_dict(), ensure_ascii=False))
    else:
        show(exploration, typed(options, target))
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
    strategy = make_strategy(
        options.strategy,
        preemptions=options.preemptions,
        delays=options.delays,
        seed=options.seed,
    )
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
    teller = Teller() if told else None
    with limited_memory(program):
        try:
            return explore(
                program,
                strategy=strategy,
                variant=target.variant.name if target.variant is not None else "main",
                max_schedules=options.max_schedules,
                max_steps=options.max_steps,
                wall=options.wall,
                timers=options.timers,
                early_ticks=options.early_ticks,
                output=options.output,
                watchers=make_watchers(race=options.race),
                progress=teller,
                go=options.go or LATEST,
                go_line=options.go_line,
                ignore=options.ignore,
                args=options.args,
            )
        finally:
            if teller is not None:
                teller.close()


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
    words += [f"-p {name}={value}" for name, value in target.size(dict(options.params)).items()]
    for option in ("go", "go_line"):
        if value := getattr(options, option):
            words.append(f"--{option.replace('_', '-')} {quote(value)}")
    words += [f"--stub {quote('='.join(stub))}" for stub in options.stub]
    words += [f"--ignore {quote(function)}" for function in options.ignore]
    return " ".join(words)


def show(exploration: Exploration, name: str) -> None:
    """Print the report."""
    from gosim.views.exploration import report
    from gosim.views.text import terminal_width

    text = report(
        exploration,
        name,
        color=sys.stdout.isatty() and "NO_COLOR" not in os.environ,
        width=terminal_width(),
        plain=not draws_blocks(sys.stdout),
    )
    print(text, flush=True)


class Teller:
    """Says on stderr how far an exploration has come: a bar in a terminal, lines elsewhere."""

    def __init__(self) -> None:
        self._begun = self._last = time.monotonic()
        self._live: Any = None
        self._bar = sys.stderr.isatty()

    def __call__(self, progress: Progress) -> None:
        """Hear of another execution."""
        now = time.monotonic()
        if now - self._last < (0.2 if self._bar else _EVERY):
            return
        self._last = now
        text = told(progress)
        if not self._bar:
            print(text, file=sys.stderr, flush=True)
            return
        if self._live is None:
            from rich.console import Console

            self._live = Console(stderr=True).status(text)
            self._live.start()
        self._live.update(text)

    def close(self) -> None:
        """Leave the terminal as it was."""
        if self._live is not None:
            self._live.stop()


def told(progress: Progress) -> str:
    """Return in a line how far it has come."""
    counts = ", ".join(f"{n} {kind}" for kind, n in progress.outcomes.items())
    text = f"{progress.seconds:.0f} s: {progress.schedules} schedules"
    if progress.blocked:
        text += f", {progress.blocked} given up as known"
    return f"{text}; {counts}" if counts else text
