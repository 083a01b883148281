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
}
_PACKAGES = frozenset(
    [
        "atomic",
        "bytes",
        "context",
        "debug",
        "errgroup",
        "errors",
        "fmt",
        "maps",
        "os",
        "rand",
        "runtime",
        "semaphore",
        "slices",
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
__all__ = sorted([*_HOMES, *_PACKAGES])

if TYPE_CHECKING:
    from gosim.doors import run as run
    from gosim.leaks.run import Run as Run
    from gosim.runtime.chan import cap as cap
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


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name in _HOMES:
        value = getattr(import_module(_HOMES[name]), name)
    elif name in _PACKAGES:
        value = import_module(f"gosim.std.{name}")
    else:
        raise AttributeError(f"gosim has no {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
