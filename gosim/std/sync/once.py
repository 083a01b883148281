"""Doing something once (Go: ``sync/once.go``, ``sync/oncefunc.go``)."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import Any

from gosim.runtime.forms import OBSERVED, Op, invoke, operation, two_forms
from gosim.runtime.g import CHOICE
from gosim.runtime.panic import GoExit, Panic, as_panic, gopanic
from gosim.runtime.proc import World
from gosim.runtime.sema import semrelease_handoff
from gosim.std.primitive import Hold, Primitive, repanic
from gosim.std.sync.mutex import Mutex

_getframe = sys._getframe


@two_forms
class Once(Primitive):
    """Calls a function once (``src/sync/once.go``).

    Others wait until that call has returned; calling `do` from inside it waits for ever.
    """

    __slots__ = ("done", "m")

    def __init__(self) -> None:
        self.done = False
        self.m = Mutex()
        self.m.made_like(self)

    def __copy__(self) -> Once:
        made = Once()
        made.made_like(self)
        made.done, made.m = self.done, self.m.__copy__()
        return made

    @operation
    def do(self, f: Callable[[], Any]) -> Op:
        """Call ``f`` (a function or a coroutine function) unless a call was made before.

        A call that panics or ends its goroutine counts as made.
        """
        w = self.world
        if w.g is None:
            w.misused(self, "do")
        if OBSERVED:
            if w.policy is not None and w.must_announce():
                w.g.pending = ("once do", self)
                yield CHOICE
        if self.done:
            if OBSERVED and w.observers:
                w.emit("acquired", self, "once")
            return
        m = self.m
        if OBSERVED:
            if w.policy is not None and w.must_announce():
                w.g.pending = ("once lock", self)
                yield CHOICE
        if m.locked or m.starving:
            if OBSERVED:
                w.announced = w.policy is not None  # it was announced as ours
            yield from m.lock(self)
        else:
            m.locked = True
            m.holder = w.g
        frame = _getframe(1)
        m.locked_code = frame.f_code
        m.locked_lasti = frame.f_lasti
        if OBSERVED and w.observers:
            w.emit("acquired", self, "lock")
            w.emit("lock_changed", self)
        if not self.done:
            try:
                yield from invoke(f)
            except GeneratorExit:
                raise
            except BaseException:
                self.done = True
                yield from self._unlock(w)
                raise
            self.done = True
        yield from self._unlock(w)

    def _unlock(self, w: World) -> Op:
        m = self.m
        if OBSERVED and w.observers:
            w.emit("released", self, "lock")
        m.locked = False
        m.holder = None
        if m.waiters and m.wake(w):
            yield from semrelease_handoff(w, m.sema)
        if OBSERVED and w.observers:
            w.emit("lock_changed", self)

    def holders(self) -> tuple[Hold, ...]:
        """Who is inside `do` (nobody or one)."""
        return self.m.holders()

    def statistics(self) -> dict[str, Any]:
        """Return done, and the IDs of the goroutine inside `do` and of those that wait for it."""
        inside = self.m.statistics()
        return {"done": self.done, "holder": inside["holder"], "waiters": inside["waiters"]}

    def __gosim_blocks__(self, kind: str) -> str | None:
        """Return the wait reason if an operation of this kind would have to wait now."""
        if kind == "once lock" and (self.m.locked or self.m.starving):
            return "sync.Mutex.Lock"
        return None


class _OnceCall:
    """What `once_func` and its relatives return: a call made once, its result kept."""

    __slots__ = ("_f", "_keep", "_once", "_panic", "_result", "_valid")

    def __init__(self, f: Callable[[], Any], keep: bool = True) -> None:
        self._f: Callable[[], Any] | None = f
        self._keep = keep
        self._once = Once()
        self._valid = False
        self._panic: Any = None
        self._result: Any = None

    def __call__(self) -> Op:
        return self._call()

    @operation
    def _call(self) -> Op:
        yield from self._once.do(self._first)
        if not self._valid:
            gopanic(self._panic)
        return self._result

    @operation
    def _first(self) -> Op:
        f, self._f = self._f, None
        assert f is not None
        try:
            result = yield from invoke(f)
        except GoExit:
            gopanic(None)  # nothing to recover, and no result either
        except Panic as panic:
            self._panic = panic.value
            raise repanic(panic) from panic
        except Exception as error:
            raised = as_panic(error)
            self._panic = raised.value
            raise repanic(raised) from error
        if self._keep:
            self._result = result
        self._valid = True

    def __gosim_referents__(self) -> Iterable[object]:
        return (self._f, self._panic, self._result)


def once_func(f: Callable[[], Any]) -> Callable[[], Any]:
    """Return a function that calls ``f`` the first time and does nothing later.

    If ``f`` panics, every call panics with the same value (``src/sync/oncefunc.go``).
    """

    return _OnceCall(f, keep=False)


def once_value(f: Callable[[], Any]) -> Callable[[], Any]:
    """Return a function that returns what ``f`` returned the first time."""
    return _OnceCall(f)


def once_values(f: Callable[[], tuple[Any, Any]]) -> Callable[[], Any]:
    """Return a function that returns the pair that ``f`` returned the first time."""
    return _OnceCall(f)
