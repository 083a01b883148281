"""Groups of goroutines that work on one task and may fail (Go: ``golang.org/x/sync/errgroup``).

A task returns an error or None.  A task that panics crashes the process, as any goroutine does.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import Any

from gosim.runtime.chan import Chan
from gosim.runtime.errors import UsageError
from gosim.runtime.forms import Op, invoke, operation
from gosim.runtime.panic import caller_line, gopanic
from gosim.runtime.select import default, select, send
from gosim.std import context, errors
from gosim.std.primitive import Primitive
from gosim.std.sync import Once, WaitGroup

__all__ = ["Group", "with_context"]


class Group(Primitive):
    """A set of goroutines of which the first error is kept.

    A new group has no limit and cancels nothing; `with_context` makes one that does.
    """

    __slots__ = ("_cancel", "_err", "_once", "_sem", "_wg")

    package = "errgroup"

    def __init__(self) -> None:
        self._cancel: Callable[[Any], Any] | None = None
        self._wg = WaitGroup()
        self._wg.made_like(self)
        self._once = Once()
        self._once.made_like(self)
        self._sem: Chan[Any] | None = None
        self._err: Any = None

    @operation
    def wait(self) -> Op:
        """Wait until all tasks have returned; return the first error, or None.

        Cancels the context of the group.
        """
        yield from self._wg.wait()
        if self._cancel is not None:
            yield from invoke(self._cancel, self._err)
        return self._err

    @operation
    def go(self, f: Callable[..., Any], *args: Any) -> Op:
        """Call ``f(*args)`` in a new goroutine; wait first while the group is at its limit.

        The first task that returns an error cancels the context of the group.
        """
        if self._sem is not None:
            yield from self._sem.send(None)
        frame = sys._getframe(1)
        yield from self._wg.add(1)
        self.world.spawn(_run_task(self, f, args), frame.f_code, frame.f_lasti)

    @operation
    def try_go(self, f: Callable[..., Any], *args: Any) -> Op:
        """Do the same unless the group is at its limit; return whether the task was started."""
        sem = self._sem
        if sem is not None:
            chosen, _, _ = yield from select(send(sem, None), default)
            if chosen == 1:
                return False
        frame = sys._getframe(1)
        yield from self._wg.add(1)
        self.world.spawn(_run_task(self, f, args), frame.f_code, frame.f_lasti)
        return True

    def set_limit(self, n: int) -> None:
        """Let at most ``n`` tasks run at a time; a negative ``n`` lifts the limit.  Not awaited.

        Panics when tasks are running under an earlier limit.
        """
        if n < 0:
            self._sem = None
            return
        active = len(self._sem) if self._sem is not None else 0
        if active:
            gopanic(
                errors.new(
                    f"errgroup: modify limit while {active} goroutines in the group are still "
                    "active"
                )
            )
        sem = self._sem = self.world.Chan(self.world, "struct {}", n)
        sem.made_code, sem.made_lasti = self.made_code, self.made_lasti

    @operation
    def _failed(self, err: Any) -> Op:
        self._err = err
        if self._cancel is not None:
            yield from invoke(self._cancel, err)

    def statistics(self) -> dict[str, Any]:
        """Return the number of tasks that have not returned, the limit, and the first error."""
        return {
            "counter": self._wg.counter,
            "limit": self._sem.cap if self._sem is not None else None,
            "error": self._err,
        }

    def __gosim_referents__(self) -> Iterable[object]:
        return (self._wg, self._once, self._sem, self._cancel, self._err)


async def _run_task(group: Any, f: Callable[..., Any], args: tuple[Any, ...]) -> None:
    try:
        err: Any = await _call(f, args)
        if err is not None:
            if not callable(getattr(err, "error", None)) and not isinstance(err, Exception):
                raise UsageError(
                    f"a task of an errgroup returned {err!r}: return an error, or None for success",
                    *_place(f),
                )
            await group._once.do(lambda: group._failed(err))
    except GeneratorExit:
        raise
    except BaseException:
        # A panic or Goexit: what Go's deferred call does.
        await _leave(group)
        raise
    await _leave(group)


@operation
def _call(f: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    return (yield from invoke(f, *args))


@operation
def _leave(group: Group) -> Any:
    if group._sem is not None:
        yield from group._sem.recv()
    yield from group._wg.done()


def _place(f: Callable[..., Any]) -> tuple[str, int]:
    code = getattr(f, "__code__", None)
    return (code.co_filename, code.co_firstlineno) if code is not None else caller_line()


def with_context(ctx: context.Context) -> tuple[Group, context.Context]:
    """Return a group and a context that ends with its first error, or when `Group.wait` returns."""
    derived, cancel = context.with_cancel_cause(ctx)
    group = Group()
    frame = sys._getframe(1)
    group.made_code, group.made_lasti = frame.f_code, frame.f_lasti
    group._wg.made_like(group)
    group._cancel = cancel
    return group, derived
