"""Operations that remember whether anybody awaited them.

``ch.send(1)`` without ``await`` does nothing, and Python says nothing.  Programs in which some line
calls an operation and drops the result (seen in the bytecode) run in this form; all others pay
nothing for it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Iterator
from functools import lru_cache, wraps
from inspect import CO_ITERABLE_COROUTINE
from types import FunctionType
from typing import Any

from gosim.runtime.errors import UsageError
from gosim.runtime.forms import operation_codes
from gosim.runtime.traceback import is_runtime_file


class _Tracked:
    """An operation and the line that made it."""

    __slots__ = ("complain", "name", "operation", "started", "where")

    def __init__(self, operation: Generator[Any, Any, Any], name: str, complain: Any) -> None:
        self.operation = operation
        self.name = name
        self.complain = complain
        self.started = False
        frame = sys._getframe(2)
        while frame.f_back is not None and is_runtime_file(frame.f_code.co_filename):
            frame = frame.f_back
        self.where = frame.f_code.co_filename, frame.f_lineno

    def __await__(self) -> Iterator[Any]:
        self.started = True
        return self.operation

    __iter__ = __await__

    def __del__(self) -> None:
        if not self.started:
            self.complain(
                UsageError(
                    f"{self.name}(...) was called and never awaited, so it did nothing; write "
                    f"`await ….{self.name}(...)`",
                    *self.where,
                )
            )


def watch(operation: Generator[Any, Any, Any], name: str, world: Any) -> _Tracked:
    """Track an operation that is not the method of a runtime object."""
    return _Tracked(_delegate(operation), name, world.complain)


def _delegate(operation: Generator[Any, Any, Any]) -> Generator[Any, Any, Any]:
    return (yield from operation)


def _wrap(function: FunctionType, name: str) -> Callable[..., Any]:
    # Python refuses an ``__await__`` that returns an awaitable generator: take the flag off.
    code = function.__code__
    plain = FunctionType(
        code.replace(co_flags=code.co_flags & ~CO_ITERABLE_COROUTINE),
        function.__globals__,
        function.__name__,
        function.__defaults__,
        function.__closure__,
    )
    plain.__kwdefaults__ = function.__kwdefaults__

    @wraps(function)
    def tracked(self: Any, *args: Any, **kwargs: Any) -> _Tracked:
        return _Tracked(plain(self, *args, **kwargs), name, self.world.complain)

    return tracked


@lru_cache(maxsize=256)
def tracked_form(cls: type) -> type:
    """Return a subclass of `cls` whose operations are tracked."""
    body: dict[str, Any] = {"__slots__": (), "__module__": cls.__module__}
    for base in cls.__mro__:
        for name, value in vars(base).items():
            code = getattr(value, "__code__", None)
            if code in operation_codes and not name.startswith("_") and name not in body:
                body[name] = _wrap(getattr(cls, name), name)
    return type(cls.__name__, (cls,), body)
