"""Frames of a stated size: what a function takes of its goroutine's stack.

Python has no stack frames of Go's, so a program says how many bytes a function, or a stretch of
code, has there: arguments of the calls it makes, locals, temporaries. The goroutine's stack then
grows, is copied, shrinks and overflows as Go's does (`gosim.memory.stack`); all other code costs no
stack beyond the 2 KiB that every goroutine has.

What lies in a frame
--------------------
An array that is passed by value lies in the *caller's* frame, where it was put for the call; it
makes no difference for the stack if the called function states it instead, which reads better.

- ``f(a)``, `a` a variable: one copy, ``args``.
- ``f(*p)``: the compiler first copies ``*p`` to a temporary: ``args`` and as much in ``temps``.
- ``for i, v := range *p``: one copy, ``temps``.
- ``a := f()``: the result is returned in ``args`` and copied to the variable ``a``.
- ``var a [n]T``, ``a := …``: ``variables``. One that is larger than Go allows there (10 MiB, since
  1.24 128 KiB) lies on the heap instead, as long as the frame is open, without a word in the
  program. Parameters of a function that the compiler inlines are variables too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from inspect import CO_ASYNC_GENERATOR, CO_COROUTINE, CO_GENERATOR, CO_ITERABLE_COROUTINE
from types import TracebackType
from typing import Any, NoReturn, TypeVar

from gosim.memory.heap import Block
from gosim.memory.stack import BLOCKED
from gosim.runtime import current
from gosim.runtime.current import current_world
from gosim.runtime.errors import UsageError
from gosim.runtime.panic import caller_line

__all__ = ["frame"]

F = TypeVar("F", bound=Callable[..., Any])


class _Frames(type):
    """`frame` itself: says what is wrong where its parentheses are forgotten."""

    def __enter__(cls) -> NoReturn:
        _not_with("with frame")

    def __exit__(cls, *_: object) -> None:
        """Be a context manager, for the error of ``__enter__``."""

    def __aenter__(cls) -> NoReturn:
        _not_with("async with frame")

    async def __aexit__(cls, *_: object) -> None:
        """Be a context manager, for the error of ``__aenter__``."""


def _not_with(written: str) -> NoReturn:
    raise UsageError(f"write `with frame(n)`, not `{written}`", *caller_line())


class frame(metaclass=_Frames):
    """A frame on the stack of the running goroutine.

    Parameters
    ----------
    size : int
        Bytes of the frame, if it is not worth telling what they are.
    args : int
        Bytes of arguments and results.
    temps : int
        Bytes of values that have no name in the program.
    variables : int or sequence of int
        Bytes of each variable.
    times : int
        So many such frames one below the other: a recursion that is not worth doing in Python,
        which itself cannot go as deep.

    Raises
    ------
    UsageError
        For a negative number, or one that is none.

    Notes
    -----
    Use it as a decorator of a function, ``async`` or plain, or in a ``with`` statement, which may
    await inside. A frame ends when the function or block is left in whatever way: by returning, by
    a panic, by ``runtime.goexit()``.

    A stack that had to be larger than 1 GB (``debug.set_max_stack``) ends the process: ``fatal
    error: stack overflow``. No deferred function runs, and nothing can recover.

    Examples
    --------
    >>> import gosim as gs
    >>> from gosim.std.frame import frame
    >>> @frame(args=8_000_000)
    ... async def total(array):
    ...     return sum(array)
    >>> async def main():
    ...     with frame(1024, times=100):
    ...         print(await total([1, 2, 3]))
    >>> gs.run(main).stdout
    '6\\n'
    """

    __slots__ = ("_open", "_size", "_times", "_variables")

    def __init__(
        self,
        size: int = 0,
        *,
        args: int = 0,
        temps: int = 0,
        variables: int | Sequence[int] = 0,
        times: int = 1,
    ) -> None:
        if isinstance(variables, int):
            variables = (variables,)
        for n in (size, args, temps, times, *variables):
            if not isinstance(n, int) or n < 0:
                raise UsageError(f"frame() takes bytes, at least 0, not {n!r}", *caller_line())
        self._size = size + args + temps
        self._variables = tuple(variables)
        self._times = times
        self._open: list[tuple[Any, int, list[Block]]] = []

    def __enter__(self) -> frame:
        world = current_world("frame()")
        self._open.append(_enter(world, self._size, self._variables, self._times))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        # Of several goroutines in one frame object, or of several times the same, the last of this.
        world = current.world
        g = None if world is None else world.g
        for i in range(len(self._open) - 1, -1, -1):
            if self._open[i][0] is g or g is None:
                _leave(self._open.pop(i), self._times)
                return

    def __aenter__(self) -> NoReturn:
        _not_with("async with frame(n)")

    async def __aexit__(self, *_: object) -> None:
        """Be a context manager, for the error of ``__aenter__``."""

    def __call__(self, function: F) -> F:
        """Give `function` this frame."""
        if not callable(function) or isinstance(function, type):
            raise UsageError(
                f"@frame(n) belongs above a function, not {function!r}", *caller_line()
            )
        size, variables, times = self._size, self._variables, self._times
        flags = getattr(getattr(function, "__code__", None), "co_flags", 0)
        if flags & (CO_GENERATOR | CO_ASYNC_GENERATOR) and not flags & CO_ITERABLE_COROUTINE:
            raise UsageError(
                f"calling the generator {function.__name__}() does not run it: write `with "
                "frame(n):` inside it instead of @frame(n)",
                *caller_line(),
            )
        if flags & (CO_COROUTINE | CO_ITERABLE_COROUTINE):

            @wraps(function)
            async def call_async(*args: Any, **kwargs: Any) -> Any:
                opened = _enter(current_world("frame()"), size, variables, times)
                try:
                    return await function(*args, **kwargs)
                finally:
                    _leave(opened, times)

            return call_async  # type: ignore[return-value]

        @wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            opened = _enter(current_world("frame()"), size, variables, times)
            try:
                return function(*args, **kwargs)
            finally:
                _leave(opened, times)

        return call  # type: ignore[return-value]


def _enter(
    world: Any, size: int, variables: tuple[int, ...], times: int
) -> tuple[Any, int, list[Block]]:
    """Open frames of the running goroutine; return it, their size, and its moved variables."""
    g = world.g
    if g is None:
        world.misused("a stack", "use a frame")
    memory = world.memory_of()
    heap, stacks = memory.heap, memory.stacks
    limit = heap.features.stack_variable_limit
    size += sum(n for n in variables if n <= limit)
    entered = 0
    try:
        while entered < times:
            entered += 1
            stacks.enter(g, size, leaf=BLOCKED if entered == times else 0)
        moved = [heap.malloc(n, True) for n in variables if n > limit for _ in range(times)]
    except BaseException:
        for _ in range(entered - 1):
            stacks.leave(g, size)
        raise
    return g, size, moved


def _leave(opened: tuple[Any, int, list[Block]], times: int) -> None:
    g, size, moved = opened
    moved.clear()
    world = current.world
    if world is not None and world.memory is not None:
        stacks = world.memory.stacks
        for _ in range(times):
            stacks.leave(g, size)
