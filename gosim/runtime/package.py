"""What a program may ask of the runtime and tell it (Go: package ``runtime``).

This is what ``gosim.runtime`` is to a program; the other files of this room are the runtime itself.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from gosim.runtime.current import current_world
from gosim.runtime.panic import RuntimeError_
from gosim.runtime.proc import goexit, gosched
from gosim.runtime.traceback import creation, dump, dump_one, running_frames

if TYPE_CHECKING:
    from gosim.memory.memstats import MemStats
    from gosim.runtime.forms import Operation
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
    "read_mem_stats",
    "set_finalizer",
    "stack",
    "version",
]

GOOS: Final = "linux"
GOARCH: Final = "amd64"

Error = RuntimeError_
"""Go's interface ``runtime.Error``: ``isinstance(value, runtime.Error)`` for a recovered value."""


def num_goroutine() -> int:
    """Return how many goroutines are alive, the caller and blocked ones included."""
    w = current_world("runtime.num_goroutine()")
    if w.policy is not None:
        w.policy.looked("goroutines")
    return len(w.allgs) - (w.memory.of_runtime if w.memory is not None else 0)


def stack(all: bool = False) -> str:
    """Return the stack of the calling goroutine, or first that and then all others.

    Go: ``runtime.Stack``; there the text is written to a buffer.
    """
    w = current_world("runtime.stack()")
    g = w.g
    text = dump_one(g.id, "running", running_frames(sys._getframe(1)), creation(g), g.parent)
    others = w.allgs - {g} if all else ()
    return f"{text}\n{dump(w, others)}" if others else text


def gc() -> Operation[None]:
    """Run a whole collection: ``await runtime.gc()`` (Go: ``runtime.GC``).

    It sees every goroutine suspended, the caller too, and takes no virtual time.  Goroutines that
    are runnable run before it, and finalizers have run when it returns, as in Go.
    """
    w = current_world("runtime.gc()")
    memory = w.memory_of()
    return memory.awaited(memory.whole_collection(lambda: memory.collect("runtime.GC")), "gc")


def read_mem_stats() -> MemStats:
    """Return the figures of the heap at this moment (Go: ``runtime.ReadMemStats``).

    Bytes and counts under Go's names in Python's spelling (``heap_alloc``, ``num_gc``, …), and
    ``rss``, what ``top`` shows, which a Go program does not get from its runtime.
    """
    return current_world("runtime.read_mem_stats()").memory_of().read()


def set_finalizer(obj: Any, f: Callable[[Any], Any] | None) -> None:
    """Call `f(obj)` once a collection has found `obj` unreachable (Go: ``SetFinalizer``).

    All finalizers run in one goroutine of the runtime's own.  `f` may be a coroutine function; None
    takes an earlier finalizer back.  The object is freed by the next collection after that, if `f`
    did not store it somewhere.  What is no pointer, and a second finalizer, end the process.
    """
    current_world("runtime.set_finalizer()").memory_of().set_finalizer(obj, f)


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
