"""What package runtime needs of Python."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from gosim.golang.library.stacks import dump, order, pc_of, place_of, running_stack, to_the_end
from gosim.golang.values.rtype import unbox
from gosim.golang.values.slices import Slice
from gosim.golang.values.strings import encode
from gosim.runtime import current, package
from gosim.runtime.forms import Op, operation
from gosim.runtime.panic import RuntimeError_
from gosim.runtime.proc import gosched
from gosim.runtime.traceback import Frame

GOMAXPROCS = package.gomaxprocs
Goexit = package.goexit
NumCPU = package.num_cpu
count = package.num_goroutine
Version = package.version
Gosched = gosched


def runtimeError_Error(e: RuntimeError_) -> str:
    """The text of a panic of the runtime."""
    return encode(e.text)


def runtimeError_RuntimeError(e: RuntimeError_) -> None:
    """Mark it as one."""


PanicNilError_Error = runtimeError_Error
PanicNilError_RuntimeError = runtimeError_RuntimeError
TypeAssertionError_Error = runtimeError_Error
TypeAssertionError_RuntimeError = runtimeError_RuntimeError


async def GC() -> None:
    """``runtime.GC``."""
    await package.gc()


def KeepAlive(x: Any) -> None:
    """``runtime.KeepAlive``."""


def LockOSThread() -> None:
    """``runtime.LockOSThread``: a goroutine has no thread here."""


UnlockOSThread = LockOSThread
SetDefaultGOMAXPROCS = LockOSThread


def SetFinalizer(obj: Any, finalizer: Any) -> None:
    """``runtime.SetFinalizer``."""
    package.set_finalizer(unbox(obj), unbox(finalizer))


def figures() -> Slice:
    """Return the figures of the heap, in the order in which ``ReadMemStats`` takes them."""
    m = package.read_mem_stats()
    values = [
        m.alloc, m.total_alloc, m.sys, m.mallocs, m.frees,
        m.heap_alloc, m.heap_sys, m.heap_idle, m.heap_inuse,
        m.heap_released, m.heap_objects, m.stack_inuse, m.stack_sys,
        m.mspan_inuse, m.mspan_sys, m.mcache_inuse, m.mcache_sys,
        m.buck_hash_sys, m.gc_sys, m.other_sys, m.next_gc, m.last_gc,
        m.pause_total_ns, m.num_gc, m.num_forced_gc,
    ]  # fmt: skip
    for size in m.by_size:
        values += [size.size, size.mallocs, size.frees]
    return Slice(values, 0, len(values), len(values))


# ---- stacks --------------------------------------------------------------------------------------


@operation
def look() -> Op:
    """Tell an exploring policy that the goroutines are looked at: a choice point."""
    w = current.current_world("runtime.Stack")
    if w.policy is not None:
        yield from w.announce("look")


@operation
def look_at_number() -> Op:
    """Tell an exploring policy that the goroutines are counted: a choice point."""
    w = current.current_world("runtime.NumGoroutine")
    if w.policy is not None:
        yield from w.announce("count")


def stack(all: bool) -> str:
    """Return the text of ``runtime.Stack``."""
    w = current.current_world("runtime.Stack")
    # The caller is Go's own function, which is not in its text.
    own = running_stack(sys._getframe(2))
    return encode(dump(w, order(w, w.g) if all else [w.g], own))


def stack_of_caller(depth: int) -> list[Frame]:
    """Return the stack of the running goroutine down to where Go's end, without `depth` frames."""
    w = current.current_world("runtime.Callers")
    return to_the_end(w, w.g, running_stack(sys._getframe(depth + 1)))


def Caller(skip: int) -> tuple[int, str, int, bool]:
    """``runtime.Caller``."""
    found = stack_of_caller(1)
    if not 0 <= skip < len(found):
        return 0, "", 0, False
    frame = found[skip]
    w = current.current_world("runtime.Caller")
    return pc_of(w, frame), encode(frame.file), frame.line, True


def callers(skip: int) -> Slice:
    """Return the program counters for ``runtime.Callers``; frame 0 is that function itself."""
    w = current.current_world("runtime.Callers")
    found = [Frame("runtime.Callers", "/usr/local/go/src/runtime/extern.go", 0)]
    found += stack_of_caller(2)
    values = [pc_of(w, frame) for frame in found[max(skip, 0) :]]
    return Slice(values, 0, len(values), len(values))


def place(pc: int) -> tuple[str, str, int, int]:
    """Return function, file, line and beginning of the function of a program counter."""
    found = place_of(current.current_world("runtime.Frames"), pc)
    if found is None:
        return "", "", 0, 0
    frame, entry = found
    return encode(frame.function), encode(frame.file), frame.line, entry


# ---- cleanups ------------------------------------------------------------------------------------


def addCleanup(ptr: Any, f: Callable[[], Any]) -> int:
    """Add a cleanup to what an interface value points at; return its number."""
    memory = current.current_world("runtime.AddCleanup").memory_of()
    return memory.add_cleanup(unbox(ptr), f)


def stopCleanup(id: int) -> None:
    """Take a cleanup back."""
    current.current_world("runtime.Cleanup.Stop").memory_of().stop_cleanup(id)
