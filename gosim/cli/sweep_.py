"""``-p n=1..50``: a table of runs or explorations, a row for each size."""

from __future__ import annotations

import copy
import json
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

from gosim.cli import FAILED, LIMIT, OK
from gosim.explore.sweep import Row, Values, explored, is_range, ran, sweep
from gosim.runtime.errors import UsageError

if TYPE_CHECKING:
    import argparse

    from gosim.cli.target import Target

__all__ = ["table_of", "wanted"]

_OF_ONE = (
    *("graph", "why", "timeline", "memory", "pprof", "trace", "html", "out", "step", "dump"),
    *("replay", "repairs", "detectors", "checkpoint"),
)
"""Options that show one run or one exploration."""
_NAMES = {"data race": "race", "lock order": "lock-order"}
"""What ``--fail-on`` calls kinds of findings."""


def wanted(options: argparse.Namespace) -> bool:
    """Return whether a parameter stands for several values."""
    return any(is_range(value) for _, value in options.params)


def table_of(
    options: argparse.Namespace, target: Target, fail_on: frozenset[str], exploring: bool
) -> int:
    """Run or explore one size after the other, and print the table."""
    for name in _OF_ONE:
        if getattr(options, name, None):
            told = "try" if name == "repairs" else name
            raise UsageError(f"--{told} is for one size: write -p with one number")
    params = dict(options.params)
    if exploring:
        params = target.size(params)
    one = partial(_explored if exploring else _ran, options, target)
    progress = None if not sys.stderr.isatty() else _tell
    name = target.scenario.name if target.scenario is not None else options.name
    dask = getattr(options, "dask", None)
    table = sweep(name, params, one, jobs=options.jobs, dask=dask, progress=progress)
    if progress is not None:
        print(file=sys.stderr)
    if options.json:
        print(json.dumps(table.to_dict(), ensure_ascii=False, allow_nan=False))
    else:
        print(table.report(), flush=True)
    if any(row.error for row in table.rows):
        return FAILED
    if any(not fail_on.isdisjoint(_NAMES.get(x, x) for x in row.faults) for row in table.rows):
        return FAILED
    if table.bound is not None or not all(row.complete for row in table.rows):
        return LIMIT
    return OK


def _tell(done: int, of: int) -> None:
    print(f"\r{done} of {of}", end="", file=sys.stderr, flush=True)


def _at(options: argparse.Namespace, values: Values) -> Any:
    here = copy.copy(options)
    here.params = list(values.items())
    here.jobs, here.dask = 1, None
    return here


def _explored(options: argparse.Namespace, target: Target, values: Values) -> Row:
    from gosim.cli.explore_ import perform

    return explored(values, perform(_at(options, values), target))


def _ran(options: argparse.Namespace, target: Target, values: Values) -> Row:
    from gosim.cli.run_ import perform

    return ran(values, perform(_at(options, values), target, None))
