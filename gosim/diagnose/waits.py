"""What a goroutine waits for, as far as its file tells.

A dump says it in words.  A protobuf has the frames of the runtime, `runtime.chansend1`; and of the
line at which ``chansend`` parks it shows even whether the channel is nil, for that case stands at
the head of the function.  A text with ``debug=1`` has left those frames out: how many there were
tells a channel operation from a select, and no more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from gosim.diagnose.snapshot import Group
from gosim.runtime.traceback import Call

__all__ = ["Wait", "nil_channel", "wait_of"]

_NIL_WITHIN: Final = 30
"""So many lines behind the head of ``chansend`` and ``chanrecv`` stands the case of a nil channel
(5 to 15 in Go 1.21 to 1.27), and much further down the ordinary one (80 to 150)."""


@dataclass(frozen=True, slots=True)
class Wait:
    """What is waited for.

    Attributes
    ----------
    kind : str
        ``chan send``, ``chan receive``, ``channel`` (one of the two), ``select``, ``mutex``,
        ``rwmutex read``, ``rwmutex write``, ``waitgroup``, ``cond``, ``semaphore``, ``sleep``,
        ``io``, ``syscall``, ``running``, ``runnable``, ``runtime``, ``unknown``.
    nil : bool or None
        Whether the channel is nil, or a select has no cases; None when the file does not say.
    """

    kind: str
    nil: bool | None = None

    @property
    def blocks(self) -> bool:
        """Whether somebody else in the program has to end it."""
        return self.kind in _BLOCKS


_BLOCKS: Final = frozenset(
    {"chan send", "chan receive", "channel", "channel or select", "select", "mutex",
     "rwmutex read", "rwmutex write", "waitgroup", "cond", "semaphore"}
)  # fmt: skip

_REASONS: Final = {
    "chan send": Wait("chan send", False),
    "chan send (durable)": Wait("chan send", False),
    "chan send (synctest)": Wait("chan send", False),
    "chan send (nil chan)": Wait("chan send", True),
    "chan receive": Wait("chan receive", False),
    "chan receive (durable)": Wait("chan receive", False),
    "chan receive (synctest)": Wait("chan receive", False),
    "chan receive (nil chan)": Wait("chan receive", True),
    "select": Wait("select", False),
    "select (durable)": Wait("select", False),
    "select (synctest)": Wait("select", False),
    "select (no cases)": Wait("select", True),
    "sync.Mutex.Lock": Wait("mutex"),
    "sync.RWMutex.RLock": Wait("rwmutex read"),
    "sync.RWMutex.Lock": Wait("rwmutex write"),
    "sync.WaitGroup.Wait": Wait("waitgroup"),
    "sync.WaitGroup.Wait (durable)": Wait("waitgroup"),
    "sync.Cond.Wait": Wait("cond"),
    "sync.Cond.Wait (durable)": Wait("cond"),
    "semacquire": Wait("semaphore"),
    "sleep": Wait("sleep"),
    "sleep (durable)": Wait("sleep"),
    "IO wait": Wait("io"),
    "syscall": Wait("syscall"),
    "running": Wait("running"),
    "runnable": Wait("runnable"),
    "waiting": Wait("unknown"),
    "copystack": Wait("running"),
    "preempted": Wait("runnable"),
    "idle": Wait("runtime"),
    "coroutine": Wait("unknown"),
    "panicwait": Wait("runtime"),
    "finalizer wait": Wait("runtime"),
    "cleanup wait": Wait("runtime"),
    "force gc (idle)": Wait("runtime"),
    "debug call": Wait("runtime"),
    "dumping heap": Wait("runtime"),
}

#: Functions that wait, innermost first; the first one on a stack decides.
_FUNCTIONS: Final = {
    "runtime.chansend1": Wait("chan send"),
    "runtime.chansend": Wait("chan send"),
    "reflect.chansend": Wait("chan send"),
    "reflect.chansend0": Wait("chan send"),
    "runtime.chanrecv1": Wait("chan receive"),
    "runtime.chanrecv2": Wait("chan receive"),
    "runtime.chanrecv": Wait("chan receive"),
    "reflect.chanrecv": Wait("chan receive"),
    "runtime.selectgo": Wait("select", False),
    "reflect.rselect": Wait("select", False),
    "runtime.block": Wait("select", True),
    "sync.(*RWMutex).RLock": Wait("rwmutex read"),
    "sync.runtime_SemacquireRWMutexR": Wait("rwmutex read"),
    "sync.runtime_SemacquireRWMutex": Wait("rwmutex write"),
    "sync.(*RWMutex).Lock": Wait("rwmutex write"),
    "sync.(*Mutex).lockSlow": Wait("mutex"),
    "internal/sync.(*Mutex).lockSlow": Wait("mutex"),
    "sync.(*Mutex).Lock": Wait("mutex"),
    "sync.runtime_SemacquireWaitGroup": Wait("waitgroup"),
    "sync.(*WaitGroup).Wait": Wait("waitgroup"),
    "sync.(*Cond).Wait": Wait("cond"),
    "sync.runtime_notifyListWait": Wait("cond"),
    "time.Sleep": Wait("sleep"),
    "internal/poll.runtime_pollWait": Wait("io"),
    "runtime.netpollblock": Wait("io"),
    "syscall.Syscall": Wait("syscall"),
    "syscall.Syscall6": Wait("syscall"),
    "syscall.syscall": Wait("syscall"),
    "internal/runtime/syscall.Syscall6": Wait("syscall"),
    "internal/runtime/syscall/linux.Syscall6": Wait("syscall"),
    "runtime/internal/syscall.Syscall6": Wait("syscall"),
    "os/signal.signal_recv": Wait("syscall"),
    "runtime.gcBgMarkWorker": Wait("runtime"),
}
_DEEPEST: Final = 8
"""Below so many frames no wait begins."""


def nil_channel(stack: Sequence[Call], starts: Mapping[tuple[str, str], int]) -> str:
    """Return the wait reason of a goroutine at a nil channel; ``""`` when it is at none.

    Parameters
    ----------
    stack : sequence
        Of a protobuf: with the runtime's frames, and their lines.
    starts : mapping
        Where functions begin.
    """
    for frame in stack[:4]:
        if frame.function in ("runtime.chansend", "runtime.chanrecv"):
            start = starts.get((frame.function, frame.file))
            if start and 0 <= frame.line - start <= _NIL_WITHIN:
                what = "send" if frame.function.endswith("send") else "receive"
                return f"chan {what} (nil chan)"
    return ""


def wait_of(group: Group, format: str) -> Wait:
    """Return what the goroutines of a group wait for."""
    named = _REASONS.get(group.reason)
    if group.reason and named is None:
        known = group.reason.startswith(("GC ", "GOMAXPROCS ", "trace ", "stopping ", "wait for"))
        return Wait("runtime" if known else "unknown")
    by_stack = _by_stack(group)
    if named is not None:
        if named.kind in ("semaphore", "mutex") and by_stack is not None:
            # Up to Go 1.23 a WaitGroup has the semaphore's reason; a RWMutex waits for its Mutex.
            return by_stack if by_stack.blocks else named
        return named
    if by_stack is not None:
        if format == "protobuf" and by_stack.kind in ("chan send", "chan receive"):
            return Wait(by_stack.kind, False)
        return by_stack
    if format == "debug=1":
        # gopark, selectgo; gopark, chanrecv, chanrecv1: these are not in the text.
        if group.hidden == 2:
            return Wait("select")
        if group.hidden == 3:
            return Wait("channel")
        if group.hidden > 0:
            return Wait("channel or select")
        return Wait("runnable")
    return Wait("runnable" if format == "protobuf" else "unknown")


def _by_stack(group: Group) -> Wait | None:
    for frame in group.stack[:_DEEPEST]:
        found = _FUNCTIONS.get(frame.function)
        if found is not None:
            return found
        if frame.function.startswith("main."):
            break
    return None
