"""The frames of Go's own library below which a goroutine waits.

A profile has no wait reasons: what a goroutine waits for can only be told from the functions in
which it stands, ``runtime.chansend1`` or ``sync.(*Mutex).Lock``.  gosim's stacks hold functions of
the program only, so these are put in front; each of them was read off profiles that real Go wrote
(``tests/test_pprof.py`` does it again).  Their files are named as ``go build -trimpath`` does it.
Their lines differ from release to release and are those of one of each family; where none was there
to be asked, the line is 0.

Where Go's tools show which of them the compiler has inlined, that a receive had a second result
(``chanrecv2``), or that a wait is inside ``golang.org/x/sync``, this says nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from gosim.runtime.traceback import Frame
from gosim.runtime.version import SUPPORTED, Version

_SEMAPHORE: Final = ("runtime.gopark", "runtime.goparkunlock", "runtime.semacquire1")

_WAITS: Final = {
    "chan send": ("runtime.gopark", "runtime.chansend", "runtime.chansend1"),
    "chan send (nil chan)": ("runtime.gopark", "runtime.chansend", "runtime.chansend1"),
    "chan receive": ("runtime.gopark", "runtime.chanrecv", "runtime.chanrecv1"),
    "chan receive (nil chan)": ("runtime.gopark", "runtime.chanrecv", "runtime.chanrecv1"),
    "select": ("runtime.gopark", "runtime.selectgo"),
    "select (no cases)": ("runtime.gopark", "runtime.block"),
    "sleep": ("runtime.gopark", "time.Sleep"),
    "syscall": ("os/signal.signal_recv",),
    "sync.Cond.Wait": (
        "runtime.gopark",
        "runtime.goparkunlock",
        "sync.runtime_notifyListWait",
        "sync.(*Cond).Wait",
    ),
    "IO wait": (
        "runtime.gopark",
        "runtime.netpollblock",
        "internal/poll.runtime_pollWait",
        "internal/poll.(*pollDesc).wait",
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
    ("IO wait", "accept"): ("internal/poll.(*pollDesc).waitRead", "internal/poll.(*FD).Accept"),
    ("IO wait", "read"): ("internal/poll.(*pollDesc).waitRead", "internal/poll.(*FD).Read"),
    ("IO wait", "write"): ("internal/poll.(*pollDesc).waitWrite", "internal/poll.(*FD).Write"),
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
    "runtime.goexit": "runtime/asm_amd64.s",
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
    "os/signal.signal_recv": "runtime/sigqueue.go",
    "runtime.netpollblock": "runtime/netpoll.go",
    "internal/poll.runtime_": "runtime/netpoll.go",
    "internal/poll.(*pollDesc)": "internal/poll/fd_poll_runtime.go",
    "internal/poll.(*FD)": "internal/poll/fd_unix.go",
}
"""Where functions with these beginnings are."""


# fmt: off
_LINES: Final = {
    #                                                  1.21  1.22  1.23  1.24  1.25  1.26  1.27
    "runtime.gopark":                               ( 398,  402,  424,  435,    0,  462,  474),
    "runtime.goparkunlock":                         ( 404,  408,  430,  441,    0,  468,  480),
    "runtime.semacquire1":                          ( 160,  160,  178,  188,    0,  192,  192),
    "runtime.chansend":                             ( 259,  259,  270,  283,  283,  283,  283),
    "runtime.chansend1":                            ( 145,  145,  156,  161,  161,  161,  161),
    "runtime.chanrecv":                             ( 583,  583,  639,  664,    0,  667,  667),
    "runtime.chanrecv1":                            ( 442,  442,  489,  506,    0,  509,  509),
    "runtime.selectgo":                             ( 327,  327,  335,  351,  351,  351,  351),
    "runtime.block":                                ( 103,  103,  103,  104,  104,  104,  104),
    "runtime.main":                                 ( 267,  271,  272,  283,    0,  290,  302),
    "runtime.goexit":                               (1650, 1695, 1700, 1700,    0, 1771, 1264),
    "time.Sleep":                                   ( 195,  195,  300,  338,    0,  363,  368),
    "sync.runtime_notifyListWait":                  ( 527,  569,  587,  597,    0,  617,  617),
    "sync.(*Cond).Wait":                            (  70,   70,   71,   71,   71,   71,   71),
    "sync.runtime_Semacquire":                      (  62,   62,   71,    0,    0,    0,    0),
    "sync.runtime_SemacquireMutex":                 (  77,   77,   95,    0,    0,    0,    0),
    "sync.runtime_SemacquireRWMutexR":              (  82,   82,  100,  100,  100,  100,  100),
    "sync.runtime_SemacquireRWMutex":               (  87,   87,  105,  105,  105,  105,  105),
    "sync.runtime_SemacquireWaitGroup":             (   0,    0,    0,  110,    0,  114,  114),
    "sync.(*RWMutex).RLock":                        (  71,   70,   72,   74,   74,   74,   74),
    "sync.(*RWMutex).Lock":                         ( 152,  151,  153,  155,  155,  155,  155),
    "sync.(*WaitGroup).Wait":                       ( 116,  116,  118,  118,    0,  206,  206),
    "sync.(*Mutex).lockSlow":                       ( 171,  171,  173,    0,    0,    0,    0),
    "sync.(*Mutex).Lock":                           (  90,   90,   92,   46,   46,   46,   46),
    "internal/sync.runtime_SemacquireMutex":        (   0,    0,    0,   95,   95,   95,   95),
    "internal/sync.(*Mutex).lockSlow":              (   0,    0,    0,  149,  149,  149,  149),
    "internal/sync.(*Mutex).Lock":                  (   0,    0,    0,   70,   70,   70,   70),
    "runtime.netpollblock":                         ( 564,  573,  575,  575,  575,  575,  575),
    "internal/poll.runtime_pollWait":               ( 343,  345,  351,  351,  351,  351,  351),
    "internal/poll.(*pollDesc).wait":               (  84,   84,   84,   84,   84,   84,   84),
    "internal/poll.(*pollDesc).waitRead":           (  89,   89,   89,   89,   89,   89,   89),
    "internal/poll.(*pollDesc).waitWrite":          (  93,   93,   93,   93,   93,   93,   93),
    "internal/poll.(*FD).Accept":                   ( 611,  611,  620,  620,    0,  613,  618),
    "internal/poll.(*FD).Read":                     ( 164,  164,  165,  165,  165,  165,  170),
    "internal/poll.(*FD).Write":                    ( 388,  388,  397,  397,    0,  390,  395),
    "os/signal.signal_recv":                        ( 152,  152,  152,  152,  152,  152,  152),
    "sync.(*Once).doSlow":                          (  74,   74,   76,   78,   78,   78,   78),
    "sync.(*Once).Do":                              (  65,   65,   67,   69,   69,   69,   69),
}
# fmt: on
"""Lines in which these functions stand when a goroutine waits, in Go 1.21.13, 1.22.10, 1.23.9,
1.24.11, 1.25 (where 1.24 and 1.26 are the same), 1.26.6 and 1.27.3. Of two, the later: in
`RWMutex.Lock` that of who waits for readers, in `Once.doSlow` that of who calls the function.
"""

_EARLIER: Final = {"sync.(*RWMutex).Lock": -5, "sync.(*Once).doSlow": -4}
"""How much further up these two stand when they wait for the mutex inside."""


def line_in_library(function: str, version: Version, earlier: bool = False) -> int:
    """Return the line in which a function stands while a goroutine waits in it; 0 if unknown."""
    lines = _LINES.get(function)
    line = lines[SUPPORTED.index(version.go)] if lines is not None else 0
    return line + _EARLIER.get(function, 0) if earlier and line else line


def _frames(
    names: Iterable[str], version: Version | None = None, mutex: bool = False
) -> tuple[Frame, ...]:
    return tuple(
        Frame(
            name,
            next(f for begin, f in _FILES.items() if name.startswith(begin)),
            0 if version is None else line_in_library(name, version, mutex),
        )
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
    mutex = reason == "sync.Mutex.Lock"
    return _frames([*names, *_OUTER.get((reason, kind), ())], version, mutex)


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
