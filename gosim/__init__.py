"""gosim: watch a Go program leak, on a virtual clock.

>>> import gosim as gs
>>> from gosim import chan, go
>>> async def worker(results):
...     await results.send("answer")
>>> async def main():
...     results = chan(str)
...     for _ in range(3):
...         go(worker, results)
...     print(await results.recv())
>>> run = gs.run(main)
>>> run.outcome, run.stdout, len(run.goroutines)
('leak', 'answer\\n', 2)
"""

from __future__ import annotations

TYPE_CHECKING = False  # `typing` takes as long to import as all of `gosim --help`
if TYPE_CHECKING:
    from typing import Any

__version__ = "0.1.0"

# Everything is imported when it is first asked for: `gosim --help` needs none of it.
_HOMES = {
    "chan": "gosim.runtime.chan",
    "nil_chan": "gosim.runtime.chan",
    "select": "gosim.runtime.select",
    "recv": "gosim.runtime.select",
    "send": "gosim.runtime.select",
    "default": "gosim.runtime.select",
    "go": "gosim.runtime.proc",
    "work": "gosim.runtime.proc",
    "event": "gosim.runtime.proc",
    "gosched": "gosim.runtime.proc",
    "defers": "gosim.runtime.panic",
    "panic": "gosim.runtime.panic",
    "Panic": "gosim.runtime.panic",
    "Observer": "gosim.runtime.observer",
    "Policy": "gosim.runtime.policy",
    "GosimError": "gosim.runtime.errors",
    "UsageError": "gosim.runtime.errors",
    "LoadError": "gosim.runtime.errors",
    "Run": "gosim.leaks.run",
    "run": "gosim.doors",
    "detect": "gosim.doors",
    "play": "gosim.doors",
    "load": "gosim.doors",
    "try_repairs": "gosim.doors",
    "Diagnosis": "gosim.diagnose.diagnosis",
    "Exploration": "gosim.explore.exploration",
    "Load": "gosim.traffic.result",
    "Loads": "gosim.traffic.result",
    "append": "gosim.std.builtin",
    "append_slice": "gosim.std.builtin",
    "array": "gosim.std.builtin",
    "array_from": "gosim.std.builtin",
    "cap": "gosim.std.builtin",
    "clear": "gosim.std.builtin",
    "concat": "gosim.std.builtin",
    "copy": "gosim.std.builtin",
    "delete": "gosim.std.builtin",
    "field_pointer": "gosim.std.builtin",
    "literal": "gosim.std.builtin",
    "make_map": "gosim.std.builtin",
    "make_slice": "gosim.std.builtin",
    "new": "gosim.std.builtin",
    "nil_map": "gosim.std.builtin",
    "nil_slice": "gosim.std.builtin",
    "ptr": "gosim.std.builtin",
    "slice_of": "gosim.std.builtin",
    "string": "gosim.std.builtin",
    "struct": "gosim.std.builtin",
    "to_bytes": "gosim.std.builtin",
    "frame": "gosim.std.frame",
    "Shared": "gosim.std.shared",
}
_PACKAGES = frozenset(
    [
        "atomic",
        "bufio",
        "bytes",
        "context",
        "debug",
        "errgroup",
        "errors",
        "fmt",
        "http",
        "io",
        "maps",
        "net",
        "os",
        "rand",
        "runtime",
        "semaphore",
        "signal",
        "slices",
        "sql",
        "strconv",
        "strings",
        "sync",
        "time",
        "tricolor",
        "types",
        "unsafe",
        "weak",
    ]
)
__all__ = sorted([*_HOMES, *_PACKAGES, "diagnose", "explore"])

if TYPE_CHECKING:
    from gosim.diagnose.diagnosis import Diagnosis as Diagnosis
    from gosim.diagnose.diagnosis import diagnose as diagnose
    from gosim.doors import detect as detect
    from gosim.doors import explore as explore
    from gosim.doors import load as load
    from gosim.doors import play as play
    from gosim.doors import run as run
    from gosim.doors import try_repairs as try_repairs
    from gosim.explore.exploration import Exploration as Exploration
    from gosim.leaks.run import Run as Run
    from gosim.runtime.chan import chan as chan
    from gosim.runtime.chan import nil_chan as nil_chan
    from gosim.runtime.errors import GosimError as GosimError
    from gosim.runtime.errors import LoadError as LoadError
    from gosim.runtime.errors import UsageError as UsageError
    from gosim.runtime.observer import Observer as Observer
    from gosim.runtime.panic import Panic as Panic
    from gosim.runtime.panic import defers as defers
    from gosim.runtime.panic import panic as panic
    from gosim.runtime.policy import Policy as Policy
    from gosim.runtime.proc import event as event
    from gosim.runtime.proc import go as go
    from gosim.runtime.proc import gosched as gosched
    from gosim.runtime.proc import work as work
    from gosim.runtime.select import default as default
    from gosim.runtime.select import recv as recv
    from gosim.runtime.select import select as select
    from gosim.runtime.select import send as send
    from gosim.std import atomic as atomic
    from gosim.std import bufio as bufio
    from gosim.std import bytes as bytes
    from gosim.std import context as context
    from gosim.std import debug as debug
    from gosim.std import errgroup as errgroup
    from gosim.std import errors as errors
    from gosim.std import fmt as fmt
    from gosim.std import http as http
    from gosim.std import io as io
    from gosim.std import maps as maps
    from gosim.std import net as net
    from gosim.std import os as os
    from gosim.std import rand as rand
    from gosim.std import runtime as runtime
    from gosim.std import semaphore as semaphore
    from gosim.std import signal as signal
    from gosim.std import slices as slices
    from gosim.std import sql as sql
    from gosim.std import strconv as strconv
    from gosim.std import strings as strings
    from gosim.std import sync as sync
    from gosim.std import time as time
    from gosim.std import tricolor as tricolor
    from gosim.std import types as types
    from gosim.std import unsafe as unsafe
    from gosim.std import weak as weak
    from gosim.std.builtin import append as append
    from gosim.std.builtin import append_slice as append_slice
    from gosim.std.builtin import array as array
    from gosim.std.builtin import array_from as array_from
    from gosim.std.builtin import cap as cap
    from gosim.std.builtin import clear as clear
    from gosim.std.builtin import concat as concat
    from gosim.std.builtin import copy as copy
    from gosim.std.builtin import delete as delete
    from gosim.std.builtin import field_pointer as field_pointer
    from gosim.std.builtin import literal as literal
    from gosim.std.builtin import make_map as make_map
    from gosim.std.builtin import make_slice as make_slice
    from gosim.std.builtin import new as new
    from gosim.std.builtin import nil_map as nil_map
    from gosim.std.builtin import nil_slice as nil_slice
    from gosim.std.builtin import ptr as ptr
    from gosim.std.builtin import slice_of as slice_of
    from gosim.std.builtin import string as string
    from gosim.std.builtin import struct as struct
    from gosim.std.builtin import to_bytes as to_bytes
    from gosim.std.frame import frame as frame
    from gosim.std.shared import Shared as Shared
    from gosim.traffic.result import Load as Load
    from gosim.traffic.result import Loads as Loads

else:  # a type checker shall not take a mistyped name for one of these

    def __getattr__(name: str) -> Any:
        from importlib import import_module

        if name in _HOMES:
            value = getattr(import_module(_HOMES[name]), name)
        elif name in _PACKAGES:
            value = import_module(f"gosim.std.{name}")
        elif name in ("diagnose", "explore"):  # rooms that can be called
            value = import_module(f"gosim.{name}")
        elif name.startswith("__"):  # Python asks for such, and nobody mistypes them
            raise AttributeError(f"gosim has no {name!r}", name=name)
        else:
            from difflib import get_close_matches

            near = get_close_matches(name, __all__, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            # With the name, and without the object, Python does not add a suggestion of its own.
            raise AttributeError(f"gosim has no {name!r}{hint}", name=name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]


def load_ipython_extension(shell: Any) -> None:
    """Make ``%%gosim`` known in a notebook: ``%load_ext gosim``."""
    from gosim.notebook import load_ipython_extension

    load_ipython_extension(shell)
