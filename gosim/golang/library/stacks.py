"""Dumps of goroutines as Go's runtime and its profiles print them.

gosim's own stacks hold functions of the program; what stands above them in Go, the functions of the
standard library in which a goroutine waits, is told from its wait reason.  Which goroutines the
last ``goroutineleak`` profile found leaked is remembered, as Go keeps it in their status.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from types import CodeType, FrameType
from typing import Any, Final

from gosim.runtime.g import G, Select
from gosim.runtime.gostacks import line_in_library, parked
from gosim.runtime.leakmark import mark, module_roots, sends_beside, waits_on
from gosim.runtime.netpoll import Descriptor
from gosim.runtime.proc import World
from gosim.runtime.program import program_namespaces
from gosim.runtime.time import Entry, Wakeup
from gosim.runtime.traceback import _GO_NAMES, Frame, creation, dump_one, function_name
from gosim.runtime.version import Version
from gosim.std.strconv import quote

__all__ = [
    "dump", "find_leaks", "in_crash", "labels", "leaked", "order", "pc_of", "place_of",
    "running_stack", "set_labels", "to_the_end", "whole_stack",
]  # fmt: skip

_PLACES: Final = "gosim.golang.library.places"
_LABELS: Final = "gosim.golang.library.labels"
_LEAKED: Final = "gosim.golang.library.leaked"
_GOROOT: Final = "/usr/local/go/src/"


def leaked(world: World) -> dict[int, None]:
    """IDs of the goroutines that the last leak profile found."""
    found: dict[int, None] = world.__dict__.setdefault(_LEAKED, {})
    return found


def find_leaks(world: World, caller: G) -> None:
    """Do what the collection of a leak profile does; every goroutine must be suspended.

    `caller` asks for it, so it is alive whatever it seems to wait for.
    """
    running = {caller, *world.runnable()}
    sleeping: set[G] = set()
    timers: list[object] = []
    for item in world.env._queue:
        event: Any = item[3]
        if type(event) is Entry:
            if event.timer is not None:
                timers.append(event.timer)
        elif type(event) is Wakeup:
            sleeping.add(event.g)
        else:
            timers.append(event)
    roots: list[object] = list(timers)
    for namespace in program_namespaces(world.globals):
        roots += module_roots(namespace).values()
    alive = sorted(world.allgs, key=lambda g: g.id)
    roots += [g.waiting for g in alive if sends_beside(g)]
    free = [g for g in alive if g in running or g in sleeping]
    result = mark(alive, roots, wakeable=_released_by, runnable=free)
    found = leaked(world)
    found.clear()
    for g in result.leaked:
        # That main waits for ever is meant.
        if g.id != 1 or g.wait_reason != "select (no cases)":
            found[g.id] = None


def _released_by(g: Any) -> Any:
    return None if g.wait_reason in ("sleep", "IO wait", "syscall", "") else waits_on(g)


def order(world: World, first: G | None = None) -> list[G]:
    """The goroutines as Go lists them: `first`, then by their places in ``allgs``."""
    rest = sorted((g for g in world.allgs if g is not first), key=lambda g: (g.slot, g.id))
    return rest if first is None else [first, *rest]


def state(world: World, g: G, runnable: set[G]) -> str:
    """What stands in the brackets of a goroutine's header."""
    text = "running" if g is world.g else "runnable" if g in runnable else g.wait_reason
    text = text or "runnable"
    return f"{text} (leaked)" if g.id in leaked(world) else text


def _kind(waiting: Any) -> str:
    if isinstance(waiting, Select):
        return "select"
    if isinstance(waiting, Descriptor):
        return waiting.waits_to()
    for cls in type(waiting).__mro__:
        if cls.__name__ in ("Once", "RWMutex"):
            return cls.__name__.lower()
    return ""


def _frame(code: CodeType, line: int) -> Frame | None:
    """A function of Go, the program's or the library's; None for one of Python's."""
    if not code.co_filename.endswith(".go") and code not in _GO_NAMES:
        return None
    return Frame(function_name(code), code.co_filename, line)


def running_stack(frame: FrameType | None) -> list[Frame]:
    """The stack of the running goroutine, the library's functions included, from a frame on."""
    found: list[Frame] = []
    while frame is not None:
        made = _frame(frame.f_code, frame.f_lineno)
        if made is not None:
            found.append(made)
        frame = frame.f_back
    return found


def _once() -> frozenset[CodeType]:
    """``Once.do`` in both forms: it stands below the function that it calls."""
    from gosim.std.sync import Once

    return frozenset((Once.do.__code__, Once.Fast.do.__code__))  # type: ignore[attr-defined]


def suspended_stack(g: G, version: Version) -> list[Frame]:
    """The stack of a suspended goroutine, the library's functions included."""
    once = _once()
    found: list[Frame] = []
    beneath: list[Frame] = []
    awaitable: Any = g.coro
    while awaitable is not None:
        frame = getattr(awaitable, "cr_frame", None)
        if frame is not None:
            inner = awaitable.cr_await
        else:
            frame = getattr(awaitable, "gi_frame", None)
            inner = getattr(awaitable, "gi_yieldfrom", None)
        if frame is None:
            break
        made = _frame(frame.f_code, frame.f_lineno)
        if made is not None:
            found += [*beneath, made]
            beneath = []
        elif frame.f_code in once:
            # It is there if it has called a function of the program; else it waits itself.
            for name in ("sync.(*Once).Do", "sync.(*Once).doSlow"):
                line = line_in_library(name, version)
                beneath.append(Frame(name, _GOROOT + "sync/once.go", line))
        awaitable = inner
    found.reverse()
    return found


def whole_stack(world: World, g: G, own: Sequence[Frame] | None, runtime: bool) -> list[Frame]:
    """The stack of a goroutine, innermost first, with the frames of the library it waits in.

    `own` is that of the running goroutine; `runtime` keeps the frames of package runtime.
    """
    if own is not None:
        return list(own)
    found = suspended_stack(g, world.version)
    if g is world.g or not g.wait_reason or g in world.runnable():
        return found
    above = parked(g.wait_reason, _kind(g.waiting), world.version)
    if not runtime:
        above = tuple(f for f in above if not f.function.startswith("runtime."))
    return [*(Frame(f.function, _GOROOT + f.file, f.line) for f in above), *found]


def in_crash(world: World, g: G) -> list[Frame]:
    """The stack of a goroutine when the process dies; for `gosim.runtime.traceback.dump`."""
    return whole_stack(world, g, None, False)


def to_the_end(world: World, g: G, stack: Sequence[Frame]) -> list[Frame]:
    """A stack with what is below the first function of a goroutine."""
    found = list(stack)
    if g is world.main:
        found.append(_in_runtime("runtime.main", "proc.go", world))
    found.append(_in_runtime("runtime.goexit", "asm_amd64.s", world))
    return found


def _in_runtime(function: str, file: str, world: World) -> Frame:
    return Frame(function, f"{_GOROOT}runtime/{file}", line_in_library(function, world.version))


def set_labels(world: World, values: tuple[str, ...]) -> None:
    """Give the running goroutine labels (package pprof): keys and values in turn."""
    changes: dict[int, list[tuple[int, tuple[str, ...]]]]
    changes = world.__dict__.setdefault(_LABELS, {})
    changes.setdefault(world.g.id, []).append((world.next_goid, values))


def labels(world: World, g: G) -> tuple[str, ...]:
    """The labels of a goroutine: its own, else those that its parent had when it started it."""
    changes: dict[int, list[tuple[int, tuple[str, ...]]]] = world.__dict__.get(_LABELS, {})
    if not changes:
        return ()
    alive = {each.id: each for each in world.allgs}
    asked: G | None = g
    before = world.next_goid
    while asked is not None:
        for goid, values in reversed(changes.get(asked.id, ())):
            if goid <= before:
                return values
        parent, before = asked.parent, asked.id
        asked = alive.get(parent)
        if asked is None and parent in changes:
            # It is gone, and what its own parent had with it.
            return next((v for goid, v in reversed(changes[parent]) if goid <= before), ())
    return ()


def _told(world: World, g: G) -> str:
    """The labels of a goroutine as they stand in its header."""
    values = labels(world, g)
    if not values or not world.version.dump_tells_labels:
        return ""
    told = [v if _PLAIN.fullmatch(v) else quote(v) for v in values]
    pairs = zip(told[::2], told[1::2], strict=True)
    return " {" + ", ".join(f"{k}: {v}" for k, v in pairs) + "}"


_PLAIN: Final = re.compile(r"[a-zA-Z0-9./_]*")


def dump(world: World, goroutines: Sequence[G], own: Sequence[Frame]) -> str:
    """The text of ``runtime.Stack``; `own` is the stack of the running goroutine."""
    runnable = set(world.runnable())
    texts = []
    for g in goroutines:
        stack = whole_stack(world, g, own if g is world.g else None, False)
        text = dump_one(g.id, state(world, g, runnable), stack, creation(g), g.parent)
        told = _told(world, g)
        texts.append(text.replace("]:", f"]{told}:", 1) if told else text)
    return "\n".join(texts)


# ---- program counters ----------------------------------------------------------------------------

_TEXT: Final = 0x401000
_FUNCTION: Final = 0x1000


def _places(world: World) -> tuple[dict[str, int], dict[int, Frame]]:
    """Where functions begin, by name, and what stands at a program counter."""
    places: tuple[dict[str, int], dict[int, Frame]]
    places = world.__dict__.setdefault(_PLACES, ({}, {}))
    return places


def pc_of(world: World, frame: Frame) -> int:
    """A program counter for a place; there is none in Python, so each place gets one when asked.

    A function begins where `place_of` says; a line lies so many bytes behind.
    """
    entries, at = _places(world)
    entry = entries.setdefault(frame.function, _TEXT + _FUNCTION * len(entries))
    pc = entry + 1 + frame.line % (_FUNCTION - 1)
    at[pc] = frame
    return pc


def place_of(world: World, pc: int) -> tuple[Frame, int] | None:
    """The place of a program counter, and where its function begins."""
    entries, at = _places(world)
    frame = at.get(pc)
    return None if frame is None else (frame, entries[frame.function])
