"""What a program may ask of the runtime and tell it (Go: package ``runtime``).

This is what ``gosim.runtime`` is to a program; the other files of this room are the runtime itself.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from gosim.runtime.current import current_world
from gosim.runtime.panic import RuntimeError_
from gosim.runtime.proc import goexit, gosched
from gosim.runtime.traceback import creation, dump, dump_one, running_frames

if TYPE_CHECKING:
    from gosim.runtime.proc import World

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
    "stack",
    "version",
]

GOOS: Final = "linux"
GOARCH: Final = "amd64"

Error = RuntimeError_
"""Go's interface ``runtime.Error``: ``isinstance(value, runtime.Error)`` for a recovered value."""


def num_goroutine() -> int:
    """Return how many goroutines are alive, the caller and blocked ones included."""
    return len(current_world("runtime.num_goroutine()").allgs)


def stack(all: bool = False) -> str:
    """Return the stack of the calling goroutine, or first that and then all others.

    Go: ``runtime.Stack``; there the text is written to a buffer.
    """
    w = current_world("runtime.stack()")
    g = w.g
    text = dump_one(g.id, "running", running_frames(sys._getframe(1)), creation(g), g.parent)
    others = w.allgs - {g} if all else ()
    return f"{text}\n{dump(w, others)}" if others else text


def gc() -> None:
    """Run a collection, as far as something listens for it (``sync.Pool`` does)."""
    for hook in current_world("runtime.gc()").gc_hooks:
        hook()


def num_cpu() -> int:
    """Return the number of processors of the simulated machine (``run(main, procs=...)``)."""
    return current_world("runtime.num_cpu()").procs


_settings: WeakKeyDictionary[World, int] = WeakKeyDictionary()


def gomaxprocs(n: int = 0) -> int:
    """Return GOMAXPROCS, and remember `n` as its new value if that is at least 1.

    The machine stays what ``run(main, procs=...)`` made it: the new value is only what the next
    call returns.
    """
    w = current_world("runtime.gomaxprocs()")
    old = _settings.get(w, w.procs)
    if n >= 1:
        _settings[w] = n
    return old


def keep_alive(x: Any) -> None:
    """Mark `x` as used up to here: what it leads to is no garbage before (``KeepAlive``)."""


def version() -> str:
    """Return the simulated Go version, such as ``go1.27``."""
    return f"go{current_world('runtime.version()').version.go}"
