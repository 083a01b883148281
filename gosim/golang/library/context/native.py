"""What package context needs of Python: Go's names for the contexts of gosim.std.context, and a
coat for a program's own contexts in which that finds its way around.
"""

from __future__ import annotations

import sys
from collections.abc import Coroutine
from typing import Any

from gosim.golang.values.interfaces import uncomparable
from gosim.golang.values.rtype import rtype
from gosim.golang.values.strings import decode, encode
from gosim.runtime import current
from gosim.runtime.chan import NilChan
from gosim.runtime.errors import UsageError
from gosim.runtime.forms import in_form
from gosim.runtime.panic import caller_line, gopanic
from gosim.std import context
from gosim.std.context import (
    _AfterFunc,
    _CancelCauseFunc,
    _CancelFunc,
    _Derived,
    _Empty,
    _make_cancel,
    _make_deadline,
    _Stop,
    _world,
)
from gosim.std.time import Time

Background = context.background
TODO = context.todo


def canceled() -> Any:
    """``context.Canceled``."""
    return context.Canceled


def deadlineExceeded() -> Any:
    """``context.DeadlineExceeded``."""
    return context.DeadlineExceeded


def deadlineExceededError_Error(e: Any) -> str:
    """The text."""
    return "context deadline exceeded"


# ---- a program's own contexts --------------------------------------------------------------------


def _at_once(result: Any) -> Any:
    """The result of a method that may be a coroutine function but must not wait."""
    if not isinstance(result, Coroutine):
        return result
    try:
        result.send(None)
    except StopIteration as done:
        return done.value
    raise UsageError(
        "a method of a context of your own waits for something while package context asks it; "
        "this is not simulated",
        *caller_line(),
    )


class Own:
    """A program's own context, as gosim.std.context sees it."""

    __slots__ = ("go",)

    def __init__(self, go: Any) -> None:
        self.go = go

    def deadline(self) -> tuple[Time, bool]:
        """Ask it."""
        found: tuple[Time, bool] = _at_once(self.go.Deadline())
        return found

    def done(self) -> Any:
        """Ask it."""
        ch = _at_once(self.go.Done())
        return ch if ch is not None else current.current_world("ctx.Done").nil_channel()

    def err(self) -> Any:
        """Ask it."""
        return _at_once(self.go.Err())

    def value(self, key: Any) -> Any:
        """Ask it."""
        return _at_once(self.go.Value(key))

    def string(self) -> str:
        """Its own text, or its type."""
        if hasattr(self.go, "String"):
            return decode(_at_once(self.go.String()))
        t = rtype(type(self.go))
        return t.text if t is not None else ""


def seen(ctx: Any) -> Any:
    """Return a context as gosim.std takes it."""
    if ctx is None or isinstance(ctx, _Derived | _Empty):
        return ctx
    return Own(ctx)


# ---- making contexts -----------------------------------------------------------------------------


def withCancel(parent: Any) -> tuple[Any, Any]:
    """Make a context that the caller of Go's function can cancel."""
    ctx = _make_cancel(seen(parent), "WithCancel", sys._getframe(2))
    return ctx, in_form(_CancelFunc, ctx.world)(ctx)


def withCancelCause(parent: Any) -> tuple[Any, Any]:
    """Make one that can be cancelled for a reason."""
    ctx = _make_cancel(seen(parent), "WithCancelCause", sys._getframe(2))
    return ctx, in_form(_CancelCauseFunc, ctx.world)(ctx)


def withDeadline(parent: Any, d: Time, cause: Any) -> tuple[Any, Any]:
    """Make one that ends by itself."""
    ctx, cancel = _make_deadline(seen(parent), d, cause, "WithDeadline", sys._getframe(2))
    return ctx, cancel


def WithValue(parent: Any, key: Any, val: Any) -> Any:
    """``context.WithValue``."""
    t = rtype(type(key))
    if parent is not None and t is not None and uncomparable(t):
        gopanic("key is not comparable")
    return context.with_value(seen(parent), key, val)


def WithoutCancel(parent: Any) -> Any:
    """``context.WithoutCancel``."""
    return context.without_cancel(seen(parent))


def Cause(c: Any) -> Any:
    """``context.Cause``."""
    return context.cause(seen(c))


def afterFunc(ctx: Any, f: Any) -> Any:
    """Arrange for a function to be called when the context ends."""
    w = _world(ctx, "AfterFunc")
    follower = _AfterFunc(w, sys._getframe(2), f)
    follower.follow(seen(ctx))
    return in_form(_Stop, w)(follower)


# ---- methods -------------------------------------------------------------------------------------


def _Deadline(c: Any) -> tuple[Time, bool]:
    found: tuple[Time, bool] = c.deadline()
    return found


def _Done(c: Any) -> Any:
    ch = c.done()
    return None if isinstance(ch, NilChan) else ch


def _Err(c: Any) -> Any:
    return c.err()


def _Value(c: Any, key: Any) -> Any:
    return c.value(key)


def _String(c: Any) -> str:
    return encode(c.string())


for _kind in ("emptyCtx", "cancelCtx", "timerCtx", "valueCtx", "withoutCancelCtx"):
    globals().update(
        {
            f"{_kind}_Deadline": _Deadline,
            f"{_kind}_Done": _Done,
            f"{_kind}_Err": _Err,
            f"{_kind}_Value": _Value,
            f"{_kind}_String": _String,
        }
    )
