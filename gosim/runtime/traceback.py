"""Stacks of goroutines, and the text of Go's dumps (Go: ``traceback.go``).

Python has no program counters to print, so the ``+0x25`` at the end of a line is left out; parsers
of dumps treat it as optional.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from inspect import CO_COROUTINE, CO_GENERATOR
from types import CodeType, FrameType
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

if TYPE_CHECKING:
    from gosim.runtime.g import G
    from gosim.runtime.proc import World

F = TypeVar("F", bound=Callable[..., Any])

_HOME = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
_PROC = _HOME + os.path.join("runtime", "proc.py")
_SUSPENDS = CO_COROUTINE | CO_GENERATOR
_SCENARIOS = _HOME + "scenarios" + os.sep


class Call(Protocol):
    """A place in a function."""

    @property
    def function(self) -> str:
        """Its name."""

    @property
    def file(self) -> str:
        """Its file."""

    @property
    def line(self) -> int:
        """The line."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One function call on a goroutine's stack."""

    function: str
    file: str
    line: int


@lru_cache(maxsize=4096)
def is_runtime_file(filename: str) -> bool:
    """Whether a file is gosim's own (its frames are not shown); shipped scenarios are not."""
    if filename.startswith(("<frozen", "<gosim")):
        return True
    return filename.startswith(_HOME) and not filename.startswith(_SCENARIOS)


_LIBRARY: Final = os.path.dirname(os.__file__) + os.sep


def user_place(stack: Sequence[Frame]) -> tuple[str | None, int | None]:
    """Return file and line of the innermost frame that is not in Python's own library."""
    for frame in stack:
        if not frame.file.startswith(_LIBRARY):
            return frame.file, frame.line
    return (stack[0].file, stack[0].line) if stack else (None, None)


@lru_cache(maxsize=65536)
def line_of(code: CodeType, lasti: int) -> int:
    """Return the line of an instruction."""
    for start, end, line in code.co_lines():
        if start <= lasti < end and line is not None:
            return line
    return code.co_firstlineno


_GO_NAMES: dict[CodeType, str] = {}


def go_name(name: str) -> Callable[[F], F]:
    """Give a function of gosim's own the name that Go's counterpart has in dumps.

    Its frames are shown, as Go shows those of its library (``time.goFunc``).
    """

    def register(function: F) -> F:
        _GO_NAMES[function.__code__] = name
        return function

    return register


_LIBRARY_NAMES: dict[CodeType, str] = {}


def library_name(name: str) -> Callable[[F], F]:
    """Give a function of gosim's own the name that Go's counterpart has.

    Its frames are not shown; goroutines that it starts, or that start with it, are named by it.
    """

    def register(function: F) -> F:
        _LIBRARY_NAMES[function.__code__] = name
        return function

    return register


def in_library(code: CodeType) -> bool:
    """Whether a function is one of Go's library that `library_name` names."""
    return code in _LIBRARY_NAMES


@lru_cache(maxsize=16384)
def function_name(code: CodeType) -> str:
    """Return ``main.`` and the qualified name without ``<locals>``, as dumps show it."""
    name = _GO_NAMES.get(code) or _LIBRARY_NAMES.get(code)
    if name is not None:
        return name
    if "." in code.co_name:
        return code.co_name  # compiled from Go, under the name that gc gives it
    return "main." + code.co_qualname.replace("<locals>.", "").replace("<lambda>", "func1")


def frames(g: G) -> list[Frame]:
    """Return the stack of a suspended goroutine, innermost first, without gosim's own frames."""
    found: list[Frame] = []
    awaitable: Any = g.coro
    while awaitable is not None:
        frame = getattr(awaitable, "cr_frame", None)
        if frame is not None:
            inner = awaitable.cr_await
        else:
            frame = getattr(awaitable, "gi_frame", None)
            if frame is not None:
                inner = awaitable.gi_yieldfrom
            else:
                frame = getattr(awaitable, "ag_frame", None)
                inner = getattr(awaitable, "ag_await", None)
        if frame is None:
            break
        code = frame.f_code
        if code in _GO_NAMES or not is_runtime_file(code.co_filename):
            found.append(Frame(function_name(code), code.co_filename, frame.f_lineno))
        awaitable = inner
    found.reverse()
    return found


def running_frames(frame: FrameType | None) -> list[Frame]:
    """Return the stack of the running goroutine, innermost first, from one of its frames on."""
    found: list[Frame] = []
    while frame is not None:
        code = frame.f_code
        if code.co_filename == _PROC and not code.co_flags & _SUSPENDS:
            break  # the scheduler's loop: what called that is no goroutine
        if code in _GO_NAMES or not is_runtime_file(code.co_filename):
            found.append(Frame(function_name(code), code.co_filename, frame.f_lineno))
        frame = frame.f_back
    return found


def creation(g: G) -> Frame | None:
    """Return where the ``go`` statement of `g` stands; None for main."""
    code = g.go_code
    if code is None:
        return None
    return Frame(function_name(code), code.co_filename, line_of(code, g.go_lasti))


_INNER: Final = 50
_OUTER: Final = 50
"""So many frames of a stack are printed, counted from the inside and from the outside."""


def dump_one(
    id: int,
    state: str,
    stack: Sequence[Frame],
    created: Call | None,
    parent: int,
    beneath: int = 0,
) -> str:
    """Return the text of one goroutine in Go's format.

    `beneath` counts frames of the runtime below the stack, which are not in this text but in
    Go's; they matter where a long stack is told in part (``tracebackWithRuntime``).
    """
    lines = [f"goroutine {id} [{state}]:"]
    elided = max(0, len(stack) + beneath - _INNER - _OUTER)
    for i, frame in enumerate(stack):
        if elided and i == _INNER:
            lines.append(f"...{elided} frames elided...")
        if _INNER <= i < _INNER + elided:
            continue
        arguments = "" if frame.function == "main.main" else "..."
        lines += [f"{frame.function}({arguments})", f"\t{_shown(frame.file)}:{frame.line}"]
    if created is not None:
        by = f" in goroutine {parent}" if parent else ""  # a timer is no goroutine
        lines += [f"created by {created.function}{by}", f"\t{_shown(created.file)}:{created.line}"]
    return "\n".join(lines) + "\n"


_GOSIM: Final = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_STD: Final = os.path.join(_GOSIM, "std", "")
_MODELS_OF_GO: Final = os.path.join(_GOSIM, "golang", "library", "")


def _shown(file: str) -> str:
    """Return a file of gosim's models of Go's packages as Go's own.

    Where gosim is installed is no part of what a program prints.
    """
    if file.startswith(_STD):
        return "gosim/std/" + file[len(_STD) :].replace(os.sep, "/")
    if not file.startswith(_MODELS_OF_GO):
        return file
    return "/usr/local/go/src/" + file[len(_MODELS_OF_GO) :].replace(os.sep, "/")


def dump(world: World, goroutines: Iterable[G]) -> str:
    """Return the dump of some goroutines in the order of Go's ``allgs``, as a fatal error does.

    That is main first, then by age, but a goroutine may stand in the place of one that is dead.
    """
    texts = []
    runnable = set(world.runnable())
    # A Go program has the functions of its library on the stack, too.
    whole = world.__dict__.get("whole_stack")
    for g in sorted(goroutines, key=lambda g: (g.slot, g.id)):
        state = "running" if g is world.g else "runnable" if g in runnable else g.wait_reason
        stack = frames(g) if whole is None else whole(world, g)
        texts.append(dump_one(g.id, state or "runnable", stack, creation(g), g.parent))
    return "\n".join(texts)


_unwinders: set[CodeType] = set()


def unwinder(function: F) -> F:
    """Mark what runs deferred calls for a function that a panic passes through.

    That function stands in the traceback as it waits for them, and again as it was when the panic
    came, which is what Go shows.
    """
    _unwinders.add(function.__code__)
    return function


def panic_frames(error: BaseException) -> list[Frame]:
    """Return the stack of a panic, innermost first, without gosim's own frames."""
    return [shown for _, shown in reversed(_frames_of(error, {}))]


_Stack = list[tuple[FrameType, Frame]]


def _frames_of(error: BaseException, known: dict[int, _Stack]) -> _Stack:
    """Return the calls on the stack when a panic came, outermost first.

    A deferred call that a panic runs stands, in Go, on top of the calls that the panic came from:
    they are found in the traceback of that panic. `known`: the stacks of panics seen before.
    """
    found = known.get(id(error))
    if found is not None:
        return found
    found = known[id(error)] = []
    tb = error.__traceback__
    waiting = False
    while tb is not None:
        frame = tb.tb_frame
        code = frame.f_code
        if code in _unwinders:
            waiting = True
        elif not is_runtime_file(code.co_filename):
            if waiting and found:
                at = found.pop()
                if at[0] is not frame:
                    found += _inside(error, at[0], known) or [at]
            elif waiting and (earlier := getattr(error, "earlier", None)) is not None:
                found += _frames_of(earlier, known)  # caught where the deferred calls run
            waiting = False
            found.append((frame, Frame(function_name(code), code.co_filename, tb.tb_lineno)))
        tb = tb.tb_next
    if waiting and found:  # the deferred call is gosim's own, as that of testing.tRunner is
        at = found.pop()
        found += _inside(error, at[0], known) or [at]
    elif waiting and (earlier := getattr(error, "earlier", None)) is not None:
        found += _frames_of(earlier, known)
    return found


def _inside(error: BaseException, frame: FrameType, known: dict[int, _Stack]) -> _Stack:
    """Return a call that ran deferred calls when `error` came, and what had panicked inside it."""
    earlier = getattr(error, "earlier", None)
    while earlier is not None:
        stack = _frames_of(earlier, known)
        for i, (each, _) in enumerate(stack):
            if each is frame:
                return stack[i:]
        earlier = getattr(earlier, "earlier", None)
    return []
