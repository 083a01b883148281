"""The Go runtime on a virtual clock: goroutines, scheduler, channels, select, timers, panics.

Read it beside Go's own ``src/runtime``: the files carry the same names.  For programs this package
is also Go's package ``runtime``: ``gosim.runtime.num_goroutine()`` and the like come from
``package.py``.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_PACKAGE = (
    "GOARCH",
    "GOOS",
    "Error",
    "gc",
    "goexit",
    "gomaxprocs",
    "gosched",
    "keep_alive",
    "num_cpu",
    "num_goroutine",
    "read_mem_stats",
    "set_finalizer",
    "stack",
)  # and not version(): a file of this room has that name; it is in gosim.std.runtime


def __getattr__(name: str) -> Any:
    if name in _PACKAGE:
        return getattr(import_module("gosim.runtime.package"), name)
    raise AttributeError(f"package runtime has no {name!r}; it has {', '.join(_PACKAGE)}")
