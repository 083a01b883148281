"""Cancellation, deadlines and values across goroutines (Go: ``context.go``).

As in Go, a context that can be cancelled makes its ``done`` channel when it is first asked for, is
told of its parent's end by being in the parent's set of children, and starts a helper goroutine
only below a parent of somebody else's making.  That helper waits in ``[select]`` for either of the
two to end, and leaks when neither does.

Differences from Go that are meant:

- Cancelling is awaited: ``await cancel()``, or ``defer(cancel)``.  Under an exploring policy each
  context that is cancelled on the way is a point where another goroutine may come first.
- Children are cancelled in the order in which they were made.  Go's set of children is a map: it
  promises no order.
- ``done()`` of a context that is never cancelled is a nil channel, not None, so that
  ``await ctx.done().recv()`` works; it blocks for ever.

A context of your own needs the methods ``deadline()``, ``done()``, ``err()`` and ``value(key)``;
:class:`Context` may be its base class, but need not.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING, Any, Final, Protocol

from gosim.runtime import current
from gosim.runtime.chan import NilChan, bare
from gosim.runtime.current import current_world
from gosim.runtime.errors import UsageError
from gosim.runtime.forms import Op, in_form, invoke, operation
from gosim.runtime.panic import Panic, caller_line, gopanic
from gosim.runtime.select import recv, select
from gosim.runtime.traceback import go_name
from gosim.std import errors, iface, reflect
from gosim.std.time.instant import Time
from gosim.std.time.timer import coroutine_of, now, start_func, until

if TYPE_CHECKING:
    from gosim.runtime.chan import Chan
    from gosim.runtime.proc import World
    from gosim.runtime.time import Timer

__all__ = [
    "Canceled",
    "Context",
    "DeadlineExceeded",
    "after_func",
    "background",
    "cause",
    "todo",
    "with_cancel",
    "with_cancel_cause",
    "with_deadline",
    "with_deadline_cause",
    "with_timeout",
    "with_timeout_cause",
    "with_value",
    "without_cancel",
]

_getframe = sys._getframe

CancelFunc = Callable[[], Any]
"""``await cancel()``; further calls do nothing."""
CancelCauseFunc = Callable[[Any], Any]
"""``await cancel(cause)``; `cause` is an error or None."""


class Context(Protocol):
    """Go's interface ``context.Context``."""

    def deadline(self) -> tuple[Time, bool]:
        """Return when it will be cancelled, and whether there is such a time."""
        ...

    def done(self) -> Any:
        """Return a channel that is closed when it is cancelled; a nil channel if it never is."""
        ...

    def err(self) -> Any:
        """Return None before it is cancelled, then :data:`Canceled` or :data:`DeadlineExceeded`."""
        ...

    def value(self, key: Any) -> Any:
        """Return the value stored under `key`, or None."""
        ...


Canceled: Final = errors.new("context canceled")
"""The error of a context that was cancelled."""


class DeadlineExceededError(errors.Error):
    """The error of a context whose deadline has passed."""

    __slots__ = ()
    __go_type__ = "context.deadlineExceededError"

    def error(self) -> str:
        """Return Go's text."""
        return "context deadline exceeded"

    def timeout(self) -> bool:
        """Return True, as the errors of the ``net`` package that are timeouts do."""
        return True

    def temporary(self) -> bool:
        """Return True."""
        return True


DeadlineExceeded: Final = DeadlineExceededError()
"""The error of a context whose deadline has passed."""


# -- contexts that are never cancelled ------------------------------------------------------------


class _Empty:
    """``background()`` and ``todo()``: never cancelled, no values, no deadline."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def deadline(self) -> tuple[Time, bool]:
        """Return no deadline."""
        return Time(), False

    def done(self) -> NilChan[Any]:
        """Return a nil channel."""
        return _never()

    def err(self) -> None:
        """Return None."""

    def value(self, key: Any) -> None:
        """Return None."""

    def string(self) -> str:
        """Return ``context.Background`` or ``context.TODO``."""
        return self.name

    __str__ = __repr__ = string


_background: Final = _Empty("context.Background")
_todo: Final = _Empty("context.TODO")


def _never() -> NilChan[Any]:
    ch = (current.world or current_world("ctx.done()")).nil_channel()
    # Verdicts tell it from a nil channel of the program by the place where it was made.
    ch.made_code, ch.made_lasti = _never.__code__, 0
    return ch


def background() -> Context:
    """Return the root of all contexts (``context.Background``)."""
    return _background


def todo() -> Context:
    """Return a context for where it is not clear yet which one to use (``context.TODO``)."""
    return _todo


class _Derived:
    """A context with a parent; what it does not override is the parent's."""

    __slots__ = ("__weakref__", "parent")

    def __init__(self, parent: Any) -> None:
        self.parent = parent

    def deadline(self) -> tuple[Time, bool]:
        """Return the parent's deadline."""
        return self.parent.deadline()  # type: ignore[no-any-return]

    def done(self) -> Any:
        """Return the parent's channel."""
        return self.parent.done()

    def err(self) -> Any:
        """Return the parent's error."""
        return self.parent.err()

    def value(self, key: Any) -> Any:
        """Return the nearest ancestor's value for `key`."""
        return _value(self, key)

    def string(self) -> str:
        """Return how it was made, as Go prints a context."""
        raise NotImplementedError

    def __str__(self) -> str:
        return self.string()

    __repr__ = __str__


class _WithoutCancel(_Derived):
    __slots__ = ()

    def deadline(self) -> tuple[Time, bool]:
        return Time(), False

    def done(self) -> NilChan[Any]:
        return _never()

    def err(self) -> None:
        return None

    def string(self) -> str:
        return _name(self.parent) + ".WithoutCancel"


class _Value(_Derived):
    __slots__ = ("key", "val")

    def __init__(self, parent: Any, key: Any, val: Any) -> None:
        self.parent = parent
        self.key = key
        self.val = val

    def string(self) -> str:
        if current_world("ctx.string()").version.context_prints_values:
            return f"{_name(self.parent)}.WithValue({_text(self.key)}, {_text(self.val)})"
        kind = reflect.type_name(self.key)
        val = self.val if isinstance(self.val, str) or _stringer(self.val) else "<not Stringer>"
        return f"{_name(self.parent)}.WithValue(type {kind}, val {_text(val)})"


_CANCEL_KEY: Final = object()
"""The key under which a context that can be cancelled returns itself."""


def _value(ctx: Any, key: Any) -> Any:
    while True:
        if isinstance(ctx, _Value):
            if key is not _CANCEL_KEY and iface.equal(key, ctx.key):
                return ctx.val
        elif isinstance(ctx, _Cancel):
            if key is _CANCEL_KEY:
                return ctx
        elif isinstance(ctx, _WithoutCancel):
            if key is _CANCEL_KEY:
                return None  # so that the cause of an ancestor's end is not this one's
        elif isinstance(ctx, _Empty):
            return None
        elif not isinstance(ctx, _Stoppable):
            return ctx.value(key)
        ctx = ctx.parent


def _name(ctx: Any) -> str:
    return str(ctx.string()) if _stringer(ctx) else reflect.type_name(ctx)


def _stringer(v: Any) -> bool:
    return callable(getattr(type(v), "string", None))


def _text(v: Any) -> str:
    if _stringer(v):
        return str(v.string())
    if isinstance(v, str):
        return v
    return "<nil>" if v is None else reflect.type_name(v)


# -- contexts that can be cancelled ---------------------------------------------------------------


class _Cancel(_Derived):
    """A context that can be cancelled (``cancelCtx``).

    Invariants: `error` is not None exactly when the context is cancelled, and then the channel, if
    there is one, is closed and `children` is empty.
    """

    __slots__ = ("cause", "channel", "children", "error", "made_code", "made_lasti", "world")

    def __init__(self, world: World, frame: FrameType) -> None:
        self.world = world
        self.parent: Any = None
        self.channel: Chan[Any] | None = None
        self.children: dict[_Cancel, None] | None = None
        self.error: Any = None
        self.cause: Any = None
        self.made_code = frame.f_code
        self.made_lasti = frame.f_lasti
        if world.policy is not None:
            self.done()  # who asks for it first, and so names it, must not matter

    def done(self) -> Chan[Any]:
        """Return the channel that is closed when the context is cancelled."""
        ch = self.channel
        if ch is None:
            ch = self.channel = self.world.Chan(self.world, "struct {}", 0)
            ch.closed = self.error is not None
            ch.made_code = self.made_code
            ch.made_lasti = self.made_lasti
        return ch

    def err(self) -> Any:
        """Return why it was cancelled, None if it was not."""
        w = self.world
        if w.policy is not None:
            w.policy.looked(self.done())
        if self.error is None:
            w.poll()
        elif w.observers:
            w.emit("acquired", self, "context")
        return self.error

    def string(self) -> str:
        return _name(self.parent) + ".WithCancel"

    def __gosim_referents__(self) -> Any:
        yield self.parent
        if self.channel is not None:
            yield self.channel
        yield from self.children or ()

    # -- cancelling -----------------------------------------------------------------------------

    def end_now(self, err: Any, cause: Any) -> bool:
        """Cancel a context nobody knows of yet, or start to; False if it was cancelled before."""
        if self.error is not None:
            return False
        if self.world.observers and self.world.g is not None:
            self.world.emit("released", self, "context")
        self.error = err
        self.cause = err if cause is None else cause
        return True

    def cancel(self, leave: bool, err: Any, cause: Any) -> Op:
        """Cancel it and all below it; `leave` the parent's set of children.

        Use with ``yield from``.
        """
        w = self.world
        if w.policy is not None:
            yield from w.announce("context cancel", self.done())
        if self.end_now(err, cause):
            ch = self.channel
            if ch is not None and not ch.closed:
                w.announced = w.policy is not None  # closing it is not another step
                yield from ch.close()
            children, self.children = self.children, None
            for child in children or ():
                yield from child.cancel(False, err, self.cause)
            if leave:
                yield from self.leave_parent()

    def leave_parent(self) -> Op:
        """Leave the parent's children (``removeChild``)."""
        parent = self.parent
        if isinstance(parent, _Stoppable):
            yield from invoke(parent.stop)
            return
        above = _cancel_parent(parent)
        if above is not None:
            if self.world.policy is not None:
                self.world.policy.looked(above.done())
            if above.children is not None:
                above.children.pop(self, None)

    # -- being told -----------------------------------------------------------------------------

    @go_name("context.(*cancelCtx).propagateCancel")
    def follow(self, parent: Any) -> None:
        """Arrange to be cancelled when `parent` is (``propagateCancel``)."""
        self.parent = parent
        done = bare(parent.done())
        if done is None or isinstance(done, NilChan):
            return  # never cancelled
        if self.world.policy is not None:
            self.world.policy.looked(done)
        if done.can_recv():
            self.parent_ended(parent)
            return
        above = _cancel_parent(parent)
        if above is not None:
            if above.error is not None:
                self.end_now(above.error, above.cause)
                self.ended()
                return
            if above.children is None:
                above.children = {}
            above.children[self] = None
            return
        with_func = getattr(parent, "after_func", None)
        if callable(with_func):
            stop = with_func(lambda: self.told_by(parent))
            self.parent = _Stoppable(parent, stop)
            return
        code = _Cancel.follow.__code__
        self.world.spawn(_helper(parent, self), code, sys._getframe().f_lasti)

    def parent_ended(self, parent: Any) -> None:
        """Be cancelled at once: the parent was before this one was made."""
        err = parent.err()
        if self.end_now(err, cause(parent)):
            self.ended()

    def ended(self) -> None:
        """Do what follows from being cancelled while it is made."""
        if self.channel is not None:
            self.channel.closed = True

    @operation
    def told_by(self, parent: Any) -> Op:
        """Be cancelled because `parent` is."""
        yield from self.cancel(False, parent.err(), cause(parent))


class _Stoppable(_Derived):
    """A parent that called back by itself (it has ``after_func``), and how to call that off."""

    __slots__ = ("stop",)

    def __init__(self, parent: Any, stop: Callable[[], Any]) -> None:
        self.parent = parent
        self.stop = stop

    def string(self) -> str:
        return _name(self.parent)


@go_name("context.(*cancelCtx).propagateCancel.func2")
async def _helper(parent: Any, child: _Cancel) -> None:
    index, _, _ = await select(recv(parent.done()), recv(child.done()))
    if index == 0:
        told: Any = child.told_by(parent)
        await told


def _cancel_parent(parent: Any) -> _Cancel | None:
    """Return the nearest ancestor that is ours and can be cancelled (``parentCancelCtx``).

    None if somebody's own context in between has another done channel.
    """
    above = parent.value(_CANCEL_KEY)
    if isinstance(above, _Cancel) and bare(parent.done()) is above.channel:
        return above
    return None


class _Deadline(_Cancel):
    """A context that ends by itself (``timerCtx``)."""

    __slots__ = ("at", "timer")

    def __init__(self, world: World, frame: FrameType, at: Time) -> None:
        super().__init__(world, frame)
        self.at = at
        self.timer: Timer | None = None

    def deadline(self) -> tuple[Time, bool]:
        return self.at, True

    def string(self) -> str:
        return f"{_name(self.parent)}.WithDeadline({self.at} [{until(self.at)}])"

    def cancel(self, leave: bool, err: Any, cause: Any) -> Op:
        """Cancel it and stop its timer."""
        yield from _Cancel.cancel(self, False, err, cause)
        if leave:
            yield from self.leave_parent()
        if self.timer is not None:
            self.timer.stop()
            self.timer = None

    def __gosim_referents__(self) -> Any:
        yield from super().__gosim_referents__()
        if self.timer is not None:
            yield self.timer


class _AfterFunc(_Cancel):
    """Starts a goroutine when it is cancelled (``afterFuncCtx``).

    Invariant: `f` is None as soon as it was started or stopped from starting.
    """

    __slots__ = ("f",)

    def __init__(self, world: World, frame: FrameType, f: Callable[[], Any]) -> None:
        super().__init__(world, frame)
        self.f: Callable[[], Any] | None = f

    def cancel(self, leave: bool, err: Any, cause: Any) -> Op:
        """Cancel it and start the function, if that was not stopped."""
        yield from _Cancel.cancel(self, False, err, cause)
        if leave:
            yield from self.leave_parent()
        self.ended()

    @go_name("context.(*afterFuncCtx).cancel.func1")
    def ended(self) -> None:
        """Start the function once."""
        super().ended()
        f, self.f = self.f, None
        if f is not None:
            code = _AfterFunc.ended.__code__
            self.world.spawn(coroutine_of(f), code, sys._getframe().f_lasti)

    def __gosim_referents__(self) -> Any:
        yield from super().__gosim_referents__()
        if self.f is not None:
            yield self.f


# -- making them ----------------------------------------------------------------------------------


def _world(parent: Any, what: str) -> World:
    if parent is None:
        gopanic("cannot create context from nil parent")
    if not hasattr(parent, "done"):
        raise UsageError(
            f"context.{what}(parent, ...): the parent must be a context, such as "
            f"context.background(), not {parent!r}",
            *caller_line(),
        )
    return current.world or current_world(f"context.{what}()")


def _make_cancel(parent: Any, what: str, frame: FrameType) -> _Cancel:
    ctx = _Cancel(_world(parent, what), frame)
    ctx.follow(parent)
    return ctx


class _CancelFunc:
    """``await cancel()`` cancels a context; calling it again does nothing."""

    __slots__ = ("ctx", "leave", "world")

    def __init__(self, ctx: _Cancel, leave: bool = True) -> None:
        self.ctx = ctx
        self.leave = leave
        self.world = ctx.world

    def __call__(self) -> Any:
        return self.cancel()

    @operation
    def cancel(self) -> Op:
        """Cancel the context."""
        yield from self.ctx.cancel(self.leave, Canceled, None)

    def __repr__(self) -> str:
        return f"cancel of {self.ctx}"


class _CancelCauseFunc(_CancelFunc):
    """``await cancel(cause)`` cancels a context for a reason, an error or None."""

    __slots__ = ()

    def __call__(self, cause: Any) -> Any:  # type: ignore[override]  # Go's type is another one, too
        return self.cancel(cause)

    @operation
    def cancel(self, cause: Any) -> Op:  # type: ignore[override]  # see above
        """Cancel the context."""
        yield from self.ctx.cancel(self.leave, Canceled, cause)


class _Stop:
    """``await stop()`` calls off what :func:`after_func` arranged."""

    __slots__ = ("ctx", "world")

    def __init__(self, ctx: _AfterFunc) -> None:
        self.ctx = ctx
        self.world = ctx.world

    def __call__(self) -> Any:
        return self.stop()

    @operation
    def stop(self) -> Op:
        """Keep the function from being started; True if that did."""
        w, ctx = self.world, self.ctx
        if w.policy is not None:
            yield from w.announce("context stop", ctx.done())
            w.announced = True
        stopped = ctx.f is not None
        ctx.f = None
        if stopped:
            yield from ctx.cancel(True, Canceled, None)
        return stopped


def _made(ctx: _Cancel, leave: bool = True) -> tuple[Context, CancelFunc]:
    return ctx, in_form(_CancelFunc, ctx.world)(ctx, leave)


def with_cancel(parent: Context) -> tuple[Context, CancelFunc]:
    """Return a context and the function that cancels it (``context.WithCancel``).

    Raises
    ------
    Panic
        "cannot create context from nil parent".

    Examples
    --------
    ``ctx, cancel = context.with_cancel(parent)``, then ``await cancel()`` or ``defer(cancel)``.
    """
    return _made(_make_cancel(parent, "with_cancel", _getframe(1)))


def with_cancel_cause(parent: Context) -> tuple[Context, CancelCauseFunc]:
    """Return a context and a function that cancels it for a reason (``context.WithCancelCause``).

    ``await cancel(err)`` makes `err` what :func:`cause` returns; ``err()`` stays :data:`Canceled`.
    """
    ctx = _make_cancel(parent, "with_cancel_cause", _getframe(1))
    return ctx, in_form(_CancelCauseFunc, ctx.world)(ctx)


def with_deadline(parent: Context, d: Time) -> tuple[Context, CancelFunc]:
    """Return a context that ends at `d` with :data:`DeadlineExceeded` (``context.WithDeadline``).

    Until then, or until it is cancelled, it holds a timer.
    """
    return _make_deadline(parent, d, None, "with_deadline", _getframe(1))


def with_deadline_cause(parent: Context, d: Time, cause: Any) -> tuple[Context, CancelFunc]:
    """Do the same with a cause for when the deadline passes (``context.WithDeadlineCause``)."""
    return _make_deadline(parent, d, cause, "with_deadline_cause", _getframe(1))


def with_timeout(parent: Context, timeout: int) -> tuple[Context, CancelFunc]:
    """Return a context that ends after `timeout` ns (``context.WithTimeout``)."""
    at = _after(timeout, "with_timeout")
    return _make_deadline(parent, at, None, "with_timeout", _getframe(1))


def with_timeout_cause(parent: Context, timeout: int, cause: Any) -> tuple[Context, CancelFunc]:
    """Do the same with a cause for when the time is over (``context.WithTimeoutCause``)."""
    at = _after(timeout, "with_timeout_cause")
    return _make_deadline(parent, at, cause, "with_timeout_cause", _getframe(1))


def _after(timeout: int, what: str) -> Time:
    if not isinstance(timeout, int):
        raise UsageError(
            f"context.{what}: durations are whole nanoseconds, not {timeout!r}; write "
            "500 * time.Millisecond",
            *caller_line(),
        )
    return now().add(int(timeout))


def _make_deadline(
    parent: Any, at: Time, cause: Any, what: str, frame: FrameType
) -> tuple[Context, CancelFunc]:
    w = _world(parent, what)
    if not isinstance(at, Time):
        raise UsageError(
            f"context.{what}(parent, t): t is a time.Time, such as time.now().add(time.Second), "
            f"not {at!r}",
            *caller_line(),
        )
    earlier, ok = parent.deadline()
    if ok and earlier.before(at):
        # The parent ends first: no timer is needed.
        return _made(_make_cancel(parent, what, frame))
    ctx = _Deadline(w, frame, at)
    ctx.follow(parent)
    left = int(until(at))
    if left <= 0:
        ctx.end_now(DeadlineExceeded, cause)
        ctx.ended()
        # A parent of somebody else's that called back by itself may call back in vain.
        above = _cancel_parent(parent)
        if above is not None and above.children is not None:
            above.children.pop(ctx, None)
        return _made(ctx, False)
    if ctx.error is None:
        ctx.timer = start_func(w, left, _Expiry(ctx, cause), frame)
    return _made(ctx)


class _Expiry:
    """What the timer of a context with a deadline does."""

    __slots__ = ("cause", "ctx")

    def __init__(self, ctx: _Deadline, cause: Any) -> None:
        self.ctx = ctx
        self.cause = cause

    @operation
    def __call__(self) -> Op:
        yield from self.ctx.cancel(True, DeadlineExceeded, self.cause)


def with_value(parent: Context, key: Any, val: Any) -> Context:
    """Return a context in which `key` has the value `val` (``context.WithValue``).

    Raises
    ------
    Panic
        "cannot create context from nil parent", "nil key", "key is not comparable".
    """
    _world(parent, "with_value")
    if key is None:
        gopanic("nil key")
    try:
        iface.map_key(key)
    except Panic:
        gopanic("key is not comparable")
    return _Value(parent, key, val)


def without_cancel(parent: Context) -> Context:
    """Return a context with the parent's values that the parent's end does not end.

    Go: ``context.WithoutCancel``.
    """
    _world(parent, "without_cancel")
    return _WithoutCancel(parent)


def cause(ctx: Context) -> Any:
    """Return why `ctx` was cancelled: the cause that was given, else its error (``context.Cause``).

    None if it was not cancelled.
    """
    err = ctx.err()
    if err is None:
        return None
    above = ctx.value(_CANCEL_KEY)
    if isinstance(above, _Cancel) and above.cause is not None:
        return above.cause
    return err


def after_func(ctx: Context, f: Callable[[], Any]) -> Callable[[], Any]:
    """Call `f` in a goroutine of its own when `ctx` is cancelled (``context.AfterFunc``).

    Parameters
    ----------
    ctx : Context
    f
        A plain or a coroutine function without parameters.

    Returns
    -------
    callable
        ``await stop()`` calls it off; true if that kept `f` from being started.
    """
    w = current.world or current_world("context.after_func()")
    if not callable(f):
        if hasattr(f, "close"):
            f.close()
        raise UsageError(
            "context.after_func(ctx, f) takes the function, not the result of calling it",
            *caller_line(),
        )
    follower = _AfterFunc(w, _getframe(1), f)
    follower.follow(ctx)
    return in_form(_Stop, w)(follower)  # type: ignore[no-any-return]
