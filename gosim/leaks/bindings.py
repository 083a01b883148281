"""Which object a variable of a suspended frame holds, asked at the very end of a world.

The text of a function says ``outbox.send(v)``; whether `outbox` of *this* goroutine is the channel
in question, only its frame knows.  Up to Python 3.12 reading ``f_locals`` leaves a snapshot in the
frame that keeps objects alive, so this must never be done while a world lives: marking would see
them.  Here the verdict is found, the coroutines are about to be closed, and the snapshot is emptied
at once.
"""

from __future__ import annotations

from types import CodeType, CoroutineType, FrameType, GeneratorType, MemberDescriptorType
from typing import Any, Final

from gosim.leaks.bytecode import Expr
from gosim.runtime.chan import Chan, bare
from gosim.runtime.traceback import is_runtime_file

UNKNOWN: Final = object()


def frame_of(coro: Any, code: CodeType) -> FrameType | None:
    """Return the outermost frame of a suspended coroutine that runs `code`."""
    while coro is not None:
        kind = type(coro)
        if kind is CoroutineType:
            frame, coro = coro.cr_frame, coro.cr_await
        elif kind is GeneratorType:
            frame, coro = coro.gi_frame, coro.gi_yieldfrom
        else:
            frame, coro = getattr(coro, "ag_frame", None), getattr(coro, "ag_await", None)
        if frame is None:
            return None
        if frame.f_code is code:
            return frame  # type: ignore[no-any-return]
    return None


def method_frame(coro: Any, method: str) -> FrameType | None:
    """Return the outermost frame of a suspended coroutine that runs a method of gosim's own.

    It is known by its qualified name: each method exists in two forms, with code of its own.
    """
    while coro is not None:
        kind = type(coro)
        if kind is CoroutineType:
            code, frame, coro = coro.cr_code, coro.cr_frame, coro.cr_await
        elif kind is GeneratorType:
            code, frame, coro = coro.gi_code, coro.gi_frame, coro.gi_yieldfrom
        else:
            return None
        if code.co_qualname == method and is_runtime_file(code.co_filename):
            return frame  # type: ignore[no-any-return]
    return None


def value_of(frame: FrameType, expr: Expr) -> Any:
    """Return the value of a variable, an attribute or an item, without running any code.

    `UNKNOWN` for what is unbound, computed, or behind a property.
    """
    if expr is None:
        return UNKNOWN
    kind = expr[0]
    if kind == "global":
        return frame.f_globals.get(expr[1], UNKNOWN)
    if kind == "name":
        variables: Any = frame.f_locals
        value = variables.get(expr[1], UNKNOWN)
        if type(variables) is dict and variables is not frame.f_globals:
            variables.clear()
        return value
    if kind not in ("attr", "item"):
        return UNKNOWN
    base = value_of(frame, expr[1])
    if base is UNKNOWN:
        return UNKNOWN
    if kind == "attr":
        values = getattr(type(base), "__dictoffset__", 0) and vars(base)
        if isinstance(values, dict) and expr[2] in values:
            return values[expr[2]]
        for cls in type(base).__mro__:
            slot = cls.__dict__.get(expr[2])
            if slot is not None:
                is_slot = isinstance(slot, MemberDescriptorType)
                return getattr(base, expr[2], UNKNOWN) if is_slot else UNKNOWN
        return UNKNOWN
    key = expr[2]
    if type(base) in (dict, list, tuple) and key is not None and key[0] == "const":
        try:
            return base[key[1]]
        except (LookupError, TypeError):
            return UNKNOWN
    return UNKNOWN


def binds(coro: Any, code: CodeType, expr: Expr, obj: Any) -> bool:
    """Whether `expr` in the frame of `code` may be `obj`: False if it is surely another one."""
    frame = frame_of(coro, code)
    if frame is None:
        return True
    value = bare(value_of(frame, expr))
    if value is obj or value is UNKNOWN:
        return True
    # Only another object of the same family proves anything: a wrapper may lead to this one.
    return not (isinstance(obj, Chan) and isinstance(value, Chan)) and type(value) is not type(obj)
