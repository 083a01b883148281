"""Go's package ``runtime``, beside the other packages; it is one with ``gosim.runtime``."""

from __future__ import annotations

from gosim.runtime.package import (
    GOARCH,
    GOOS,
    Error,
    gc,
    goexit,
    gomaxprocs,
    gosched,
    keep_alive,
    num_cpu,
    num_goroutine,
    read_mem_stats,
    set_finalizer,
    stack,
    version,
)

__all__ = [
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
    "version",
]
