"""The frames of Go's own library below which a goroutine waits.

A profile has no wait reasons: what a goroutine waits for can only be told from the functions in
which it stands, ``runtime.chansend1`` or ``sync.(*Mutex).Lock``.  gosim's stacks hold functions of
the program only, so these are put in front; each of them was read off profiles that real Go wrote
(``tests/test_pprof.py`` does it again).  Their files are named as ``go build -trimpath`` does it,
and their line is 0: it differs from release to release, and no such file is run here.

Where Go's tools show which of them the compiler has inlined, that a receive had a second result
(``chanrecv2``), or that a wait is inside ``golang.org/x/sync``, this says nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from gosim.runtime.traceback import Frame
from gosim.runtime.version import Version

_SEMAPHORE: Final = ("runtime.gopark", "runtime.goparkunlock", "runtime.semacquire1")

_WAITS: Final = {
    "chan send": ("runtime.gopark", "runtime.chansend", "runtime.chansend1"),
    "chan send (nil chan)": ("runtime.gopark", "runtime.chansend", "runtime.chansend1"),
    "chan receive": ("runtime.gopark", "runtime.chanrecv", "runtime.chanrecv1"),
    "chan receive (nil chan)": ("runtime.gopark", "runtime.chanrecv", "runtime.chanrecv1"),
    "select": ("runtime.gopark", "runtime.selectgo"),
    "select (no cases)": ("runtime.gopark", "runtime.block"),
    "sleep": ("runtime.gopark", "time.Sleep"),
    "sync.Cond.Wait": (
        "runtime.gopark",
        "runtime.goparkunlock",
        "sync.runtime_notifyListWait",
        "sync.(*Cond).Wait",
    ),
    "sync.RWMutex.RLock": (*_SEMAPHORE, "sync.runtime_SemacquireRWMutexR", "sync.(*RWMutex).RLock"),
    "sync.RWMutex.Lock": (*_SEMAPHORE, "sync.runtime_SemacquireRWMutex", "sync.(*RWMutex).Lock"),
    "sync.WaitGroup.Wait": (
        *_SEMAPHORE,
        "sync.runtime_SemacquireWaitGroup",
        "sync.(*WaitGroup).Wait",
    ),
    # That of WaitGroup.Wait up to Go 1.23.
    "semacquire": (*_SEMAPHORE, "sync.runtime_Semacquire", "sync.(*WaitGroup).Wait"),
}

_MUTEX: Final = {
    False: (
        *_SEMAPHORE,
        "sync.runtime_SemacquireMutex",
        "sync.(*Mutex).lockSlow",
        "sync.(*Mutex).Lock",
    ),
    True: (
        *_SEMAPHORE,
        "internal/sync.runtime_SemacquireMutex",
        "internal/sync.(*Mutex).lockSlow",
        "internal/sync.(*Mutex).Lock",
        "sync.(*Mutex).Lock",
    ),
}

_OUTER: Final = {
    # Of the writers of a RWMutex only one gets past its mutex.
    ("sync.Mutex.Lock", "rwmutex"): ("sync.(*RWMutex).Lock",),
    ("sync.Mutex.Lock", "once"): ("sync.(*Once).doSlow", "sync.(*Once).Do"),
}
"""What types of the library add that are made of others, by wait reason and kind."""

#: What the block profile leaves of a stack: it begins with the function that was called.
_CALLED: Final = {
    "chan send": "runtime.chansend1",
    "chan receive": "runtime.chanrecv1",
    "select": "runtime.selectgo",
    "sync.Cond.Wait": "sync.(*Cond).Wait",
    "sync.RWMutex.RLock": "sync.(*RWMutex).RLock",
    "sync.RWMutex.Lock": "sync.(*RWMutex).Lock",
    "sync.WaitGroup.Wait": "sync.(*WaitGroup).Wait",
    "semacquire": "sync.(*WaitGroup).Wait",
    "sync.Mutex.Lock": "sync.(*Mutex).Lock",
}
BLOCKING: Final = frozenset(_CALLED)
"""Wait reasons that the block profile knows; a sleep is none, and no wait without end either."""

_UNLOCKS: Final = {
    ("sync.RWMutex.RLock", "rwmutex"): ("sync.(*RWMutex).Unlock",),
    ("sync.RWMutex.Lock", "rwmutex"): ("sync.(*RWMutex).RUnlock",),
    ("sync.Mutex.Lock", "rwmutex"): ("sync.(*Mutex).Unlock", "sync.(*RWMutex).Unlock"),
    ("sync.Mutex.Lock", "once"): (
        "sync.(*Mutex).Unlock",
        "sync.(*Once).doSlow",
        "sync.(*Once).Do",
    ),
}
CONTENDED: Final = frozenset({"sync.Mutex.Lock", "sync.RWMutex.Lock", "sync.RWMutex.RLock"})
"""Wait reasons that the mutex profile knows."""

_FILES: Final = {
    "runtime.gopark": "runtime/proc.go",
    "runtime.main": "runtime/proc.go",
    "runtime.mallocgc": "runtime/malloc.go",
    "runtime.chan": "runtime/chan.go",
    "runtime.block": "runtime/select.go",
    "runtime.selectgo": "runtime/select.go",
    "runtime.semacquire1": "runtime/sema.go",
    "sync.runtime_": "runtime/sema.go",
    "internal/sync.runtime_": "runtime/sema.go",
    "internal/sync.(*Mutex)": "internal/sync/mutex.go",
    "sync.(*Mutex)": "sync/mutex.go",
    "sync.(*RWMutex)": "sync/rwmutex.go",
    "sync.(*WaitGroup)": "sync/waitgroup.go",
    "sync.(*Cond)": "sync/cond.go",
    "sync.(*Once)": "sync/once.go",
    "time.Sleep": "runtime/time.go",
}
"""Where functions with these beginnings are."""


def _frames(names: Iterable[str]) -> tuple[Frame, ...]:
    return tuple(
        Frame(name, next(f for begin, f in _FILES.items() if name.startswith(begin)), 0)
        for name in names
    )


RUNTIME_MAIN: Final = _frames(["runtime.main"])[0]
ALLOCATED: Final = _frames(["runtime.mallocgc"])
"""The stack of what the runtime allocates on nobody's behalf."""


def parked(reason: str, kind: str, version: Version) -> tuple[Frame, ...]:
    """Return the frames of a goroutine that waits, innermost first.

    Parameters
    ----------
    reason : str
        Go's wait reason.
    kind : str
        Of the thing it waits for, as in JSON: ``mutex``, ``once`` …
    version : Version
    """
    if reason == "sync.Mutex.Lock":
        names = _MUTEX[version.internal_sync]
    else:
        names = _WAITS.get(reason, ("runtime.gopark",))
    return _frames([*names, *_OUTER.get((reason, kind), ())])


def called(reason: str, kind: str) -> tuple[Frame, ...]:
    """Return the frames with which the block profile begins."""
    return _frames([_CALLED[reason], *_OUTER.get((reason, kind), ())])


def unlocking(reason: str, kind: str) -> tuple[Frame, ...]:
    """Return the frames with which the mutex profile begins: those of who let the waiter go."""
    return _frames(_UNLOCKS.get((reason, kind), ("sync.(*Mutex).Unlock",)))


def whole(stack: Iterable[Any], is_main: bool) -> tuple[Any, ...]:
    """Return a stack down to where Go's end: main's was called by the runtime."""
    frames = tuple(stack)
    return (*frames, RUNTIME_MAIN) if is_main else frames
