"""Channels (Go: ``chan.go``).

Invariants
----------
- At least one of ``sendq`` and ``recvq`` holds no live waiter, except for a ``select`` that waits
  on both sides of one unbuffered channel.
- For a buffered channel: values in the buffer mean that nobody waits to receive, and room in the
  buffer means that nobody waits to send.
- A closed channel has no waiters; its buffer can still be drained.
- A waiter that was handed its value (or ``CLOSED``) is in no queue and is runnable.
- Waiters leave a queue first in, first out.  Tombstones of decided selects may stand between them;
  at most half of a queue longer than ``_SCAN`` is tombstones.

The order of cases in each operation is Go's: nil, closed, waiting partner, buffer, park.  Only
"closed" comes behind "waiting partner", which is the same, as a closed channel has none.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterable, Iterator
from types import CodeType
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from gosim.runtime.current import current_world
from gosim.runtime.errors import UsageError
from gosim.runtime.forms import OBSERVED, Op, operation, two_forms
from gosim.runtime.g import CHOICE, CLOSED, PARK, G, Select
from gosim.runtime.panic import plain_error

if TYPE_CHECKING:
    from gosim.memory.heap import Block
    from gosim.runtime.proc import World
    from gosim.runtime.time import Timer

T = TypeVar("T")

_ZERO = object()  # "give the zero value", the answer of a closed channel
_SCAN = 32  # a queue this short is searched; in a longer one a loser becomes a tombstone

_ZEROS: dict[Any, Any] = {int: 0, float: 0.0, str: "", bool: False, bytes: b"", complex: 0j}


def zero_value(elem: Any) -> Any:
    """Return the zero value of an element type; None for every type that is not a basic one.

    Examples
    --------
    >>> zero_value(int), zero_value(str), zero_value(list)
    (0, '', None)
    """
    zero = _ZEROS.get(elem)
    if zero is None and isinstance(elem, type) and issubclass(elem, int):
        return elem()  # Duration and other named integers
    return zero


@two_forms
class Chan(Generic[T]):
    """A channel of Go.  Make one with :func:`chan`.

    Attributes
    ----------
    cap_ : int
        Room in the buffer; 0 for an unbuffered channel.
    closed : bool
    elem
        The element type given to :func:`chan`.
    """

    __slots__ = (
        "__weakref__",
        "blocks",
        "buf",
        "cap_",
        "closed",
        "dead",
        "elem",
        "made_code",
        "made_lasti",
        "recvq",
        "sendq",
        "timer",
        "world",
    )

    Fast: ClassVar[type[Chan[Any]]]
    is_nil: ClassVar[bool] = False

    def __init__(self, world: World, elem: Any, cap: int) -> None:
        self.world = world
        self.elem = elem
        self.cap_ = cap
        self.closed = False
        # Queues and buffer are made when first used: an idle channel stays small.
        self.buf: deque[T] | None = None
        self.recvq: deque[G | Select] | None = None
        self.sendq: deque[G | Select] | None = None
        self.dead = 0  # tombstones in both queues
        self.timer: Timer | None = None  # the timer that feeds this channel, if one does
        self.made_code: CodeType | None = None
        self.made_lasti = 0
        # Its bytes on the heap, where memory is simulated.
        self.blocks: tuple[Block, ...] = ()
        if world.memory is not None and not self.is_nil:
            self.blocks = world.memory.channel(elem, cap)
        if OBSERVED and world.policy is not None:
            world.policy.made(self)

    # -- operations ---------------------------------------------------------------------------

    @operation
    def send(self, value: T) -> Op:
        """Send `value`; waits while no receiver is there and the buffer is full.

        Raises
        ------
        Panic
            "send on closed channel", also when the channel is closed while the sender waits.
        """
        w = self.world
        if OBSERVED:
            if w.policy is not None:  # must_announce(), without the call
                if w.announced:
                    w.announced = False
                elif w.runq or w.policy.every_step:
                    w.g.pending = ("send", self)
                    yield CHOICE
        recvq = self.recvq
        while recvq:
            sg = recvq.popleft()
            if type(sg) is G:
                sg.elem = value
                if OBSERVED and w.observers:
                    w.ready(sg)
                else:  # the same, without a call
                    previous = w.runnext
                    w.runnext = sg
                    if previous is not None:
                        w.runqput(previous)
            elif sg.fired < 0:
                sg.elem = value
                sg.fire(self, False)
                w.ready(sg.g)
            else:
                self.dead -= 1
                continue
            if OBSERVED and w.observers:
                w.emit("channel_sent", self, value, goroutine(sg))
            return
        if self.closed:
            if OBSERVED and w.observers:
                w.emit("accessed", self, "send")
            raise plain_error("send on closed channel")
        cap = self.cap_
        if cap:
            buf = self.buf
            if buf is None:
                buf = self.buf = deque()
            if len(buf) < cap:
                buf.append(value)
                if OBSERVED and w.observers:
                    w.emit("channel_sent", self, value, None)
                return
        g = w.g
        if g is None:
            w.misused(self, "send")
        g.elem = value
        g.waiting = self
        g.wait_reason = "chan send"
        if self.sendq is None:
            self.sendq = deque((g,))
        else:
            self.sendq.append(g)
        if OBSERVED and w.observers:
            w.emit("goroutine_parked", g, "chan send", self)
        yield PARK
        if g.elem is CLOSED:
            g.elem = None
            raise plain_error("send on closed channel")

    @operation
    def send_beside(self, value: T) -> Op:
        """Send a value that lies in the same block of memory as the reference to this channel.

        Compiled Go calls this where gc sends from the closure, or the struct, that leads to the
        channel: while the sender is blocked Go's leak profile takes that block for reachable, and
        overlooks it (``sudog.elem`` is a root of its marking).
        """
        yield from self.send(value)

    @operation
    def recv(self, _closed: Any = _ZERO) -> Op:
        """Receive a value; the zero value at once when the channel is closed and drained."""
        w = self.world
        if OBSERVED:
            if w.policy is not None:  # must_announce(), without the call
                if w.announced:
                    w.announced = False
                elif w.runq or w.policy.every_step:
                    w.g.pending = ("recv", self)
                    yield CHOICE
        timer = self.timer
        if timer is not None:
            timer.maybe_run()
        buf = self.buf
        sendq = self.sendq
        while sendq:
            sg = sendq.popleft()
            if type(sg) is G:
                value = sg.elem
                sg.elem = None
                if OBSERVED and w.observers:
                    w.ready(sg)
                else:  # the same, without a call
                    previous = w.runnext
                    w.runnext = sg
                    if previous is not None:
                        w.runqput(previous)
            elif sg.fired < 0:
                value = sg.fire(self, True)
                w.ready(sg.g)
            else:
                self.dead -= 1
                continue
            if buf:
                # The queue is full: take its head, and the sender's value moves in at the tail.
                buf.append(value)
                value = buf.popleft()
            if OBSERVED and w.observers:
                w.emit("channel_received", self, value, goroutine(sg), True)
            return value
        if buf:
            if OBSERVED and w.observers:
                w.emit("channel_received", self, buf[0], None, True)
            return buf.popleft()
        if self.closed:
            if OBSERVED and w.observers:
                w.emit("channel_received", self, None, None, False)
            return zero_value(self.elem) if _closed is _ZERO else _closed
        g = w.g
        if g is None:
            w.misused(self, "receive")
        g.waiting = self
        g.wait_reason = "chan receive"
        if self.recvq is None:
            self.recvq = deque((g,))
        else:
            self.recvq.append(g)
        if timer is not None:
            timer.block()
        if OBSERVED and w.observers:
            w.emit("goroutine_parked", g, "chan receive", self)
        yield PARK
        if timer is not None:
            timer.unblock()
        value = g.elem
        g.elem = None
        if value is CLOSED:
            return zero_value(self.elem) if _closed is _ZERO else _closed
        return value

    @operation
    def recv_ok(self) -> Op:
        """Receive ``(value, True)``, or ``(zero value, False)`` from a closed, drained channel."""
        value = yield from self.recv(CLOSED)
        if value is CLOSED:
            return zero_value(self.elem), False
        return value, True

    @operation
    def close(self) -> Op:
        """Close the channel: receivers get the zero value, blocked senders panic.

        Raises
        ------
        Panic
            "close of closed channel".
        """
        w = self.world
        if OBSERVED:
            if w.policy is not None and w.must_announce():
                w.g.pending = ("close", self)
                yield CHOICE
        if self.closed:
            raise plain_error("close of closed channel")
        self.closed = True
        queues = self.recvq, self.sendq
        self.recvq = self.sendq = None
        self.dead = 0
        waiters: list[G] = []
        for sending, queue in enumerate(queues):
            for sg in queue or ():
                if type(sg) is G:
                    waiters.append(sg)
                elif sg.fired < 0:
                    sg.fire(self, bool(sending))
                    waiters.append(sg.g)
                else:
                    continue
                sg.elem = CLOSED
        if OBSERVED and w.observers:
            w.emit("channel_closed", self, tuple(waiters))
        # Go readies them from a stack: the last in line first.
        for g in reversed(waiters):
            w.ready(g)
        return
        yield

    def __iter__(self) -> Iterator[T]:
        raise UsageError("a channel is received from with `async for v in ch`", *caller())

    def __aiter__(self) -> Chan[T]:
        """``async for v in ch`` is Go's ``for v := range ch``: until closed and drained."""
        return self

    @operation
    def __anext__(self) -> Op:
        value = yield from self.recv(CLOSED)
        if value is CLOSED:
            raise StopAsyncIteration
        return value

    # -- what select needs ----------------------------------------------------------------------

    def discard(self, queue: deque[G | Select], sg: Select) -> None:
        """Take a sudog that lost its select out of a queue, or leave it as a tombstone."""
        if len(queue) <= _SCAN:
            queue.remove(sg)
            return
        self.dead += 1
        if self.dead * 2 > len(queue):
            live = [s for s in queue if type(s) is G or s.fired < 0]
            self.dead -= len(queue) - len(live)
            queue.clear()
            queue.extend(live)

    def can_recv(self) -> bool:
        """Whether a receive would complete at once."""
        if self.timer is not None:
            self.timer.maybe_run()
        if self.buf or self.closed:
            return True
        return bool(self.sendq) and (not self.dead or any(_live(self.sendq)))

    def can_send(self) -> bool:
        """Whether a send would complete at once (or panic)."""
        if self.closed or (self.cap_ and len(self.buf or ()) < self.cap_):
            return True
        return bool(self.recvq) and (not self.dead or any(_live(self.recvq)))

    # -- inspection -----------------------------------------------------------------------------

    def __len__(self) -> int:
        """Go's ``len``: values in the buffer; always 0 for a timer channel since Go 1.23."""
        if self.timer is not None:
            return self.timer.channel_len()
        if OBSERVED:
            if self.world.policy is not None:
                self.world.policy.looked(self)
        return len(self.buf) if self.buf else 0

    def __bool__(self) -> bool:
        return True

    @property
    def cap(self) -> int:
        """Go's ``cap``: room in the buffer; 0 for a timer channel since Go 1.23."""
        if self.timer is not None:
            return self.timer.channel_cap()
        return self.cap_

    def waiting_senders(self) -> Iterator[G]:
        """Yield the goroutines blocked in a send, first in line first."""
        return _live(self.sendq)

    def waiting_receivers(self) -> Iterator[G]:
        """Yield the goroutines blocked in a receive, first in line first."""
        return _live(self.recvq)

    def statistics(self) -> dict[str, Any]:
        """Return len, cap, closed and the IDs of the waiting goroutines, in queue order."""
        return {
            "len": len(self),
            "cap": self.cap,
            "closed": self.closed,
            "senders": [g.id for g in self.waiting_senders()],
            "receivers": [g.id for g in self.waiting_receivers()],
        }

    def send_only(self) -> SendOnly[T]:
        """Return the ``chan<- T`` view of this channel."""
        return SendOnly(self)

    def recv_only(self) -> RecvOnly[T]:
        """Return the ``<-chan T`` view of this channel."""
        return RecvOnly(self)

    def __gosim_referents__(self) -> Iterable[Any]:
        yield from self.blocks
        if self.timer is not None:
            yield self.timer
        if self.buf:
            yield from self.buf

    def __repr__(self) -> str:
        return f"chan {getattr(self.elem, '__name__', self.elem)}"


def goroutine(sg: G | Select) -> G:
    """Return the goroutine behind an entry of a queue."""
    return sg if type(sg) is G else sg.g


def _live(queue: deque[G | Select] | None) -> Iterator[G]:
    for sg in queue or ():
        if type(sg) is G:
            yield sg
        elif sg.fired < 0:
            yield sg.g


@two_forms
class NilChan(Chan[T]):
    """A nil channel: both sides block for ever, closing it panics, a select never chooses it."""

    __slots__ = ()

    is_nil: ClassVar[bool] = True

    def __init__(self, world: World, elem: Any) -> None:
        super().__init__(world, elem, 0)

    @operation
    def send(self, value: T) -> Op:
        """Block for ever."""
        return (yield from self._forever("chan send (nil chan)"))

    @operation
    def recv(self, _closed: Any = _ZERO) -> Op:
        """Block for ever."""
        return (yield from self._forever("chan receive (nil chan)"))

    def __gosim_referents__(self) -> Iterable[Any]:
        return ()

    def can_recv(self) -> bool:
        """Return False: nothing ever comes out of a nil channel."""
        return False

    def can_send(self) -> bool:
        """Return False: nothing ever goes into a nil channel."""
        return False

    def _forever(self, reason: str) -> Op:
        w = self.world
        g = w.g
        if g is None:
            w.misused(self, "block")
        g.waiting = self
        g.wait_reason = reason
        if OBSERVED and w.observers:
            w.emit("goroutine_parked", g, reason, self)
        yield PARK

    @operation
    def close(self) -> Op:
        """Panic with "close of nil channel"."""
        raise plain_error("close of nil channel")
        yield

    def __repr__(self) -> str:
        return f"nil {super().__repr__()}"


class _View(Generic[T]):
    """One direction of a channel; compares equal to every view of the same channel."""

    __slots__ = ("ch",)

    def __init__(self, ch: Chan[T]) -> None:
        self.ch = ch

    def __len__(self) -> int:
        return len(self.ch)

    def __bool__(self) -> bool:
        return True

    @property
    def cap(self) -> int:
        """Go's ``cap`` of the channel."""
        return self.ch.cap

    def __eq__(self, other: object) -> bool:
        return bare(other) is self.ch

    def __hash__(self) -> int:
        return hash(self.ch)

    def _wrong(self, what: str) -> UsageError:
        from gosim.runtime.panic import caller_line

        return UsageError(f"cannot {what} {self!r}", *caller_line())


class SendOnly(_View[T]):
    """``chan<- T``: send and close only."""

    __slots__ = ()

    def send(self, value: T) -> Any:
        """Send, see :meth:`Chan.send`."""
        return self.ch.send(value)

    def close(self) -> Any:
        """Close, see :meth:`Chan.close`."""
        return self.ch.close()

    def recv(self) -> Any:
        """Raise an error: Go's compiler refuses to receive from a send-only channel."""
        raise self._wrong("receive from")

    def __aiter__(self) -> Any:
        raise self._wrong("range over")

    def __repr__(self) -> str:
        return f"send-only {self.ch!r}".replace("chan", "chan<-", 1)


class RecvOnly(_View[T]):
    """``<-chan T``: receive only."""

    __slots__ = ()

    def recv(self) -> Any:
        """Receive, see :meth:`Chan.recv`."""
        return self.ch.recv()

    def recv_ok(self) -> Any:
        """Receive with ok, see :meth:`Chan.recv_ok`."""
        return self.ch.recv_ok()

    def __aiter__(self) -> Chan[T]:
        return self.ch

    def send(self, value: T) -> Any:
        """Raise an error: Go's compiler refuses to send on a receive-only channel."""
        raise self._wrong("send to")

    def close(self) -> Any:
        """Raise an error: Go's compiler refuses to close a receive-only channel."""
        raise self._wrong("close")

    def __repr__(self) -> str:
        return f"receive-only <-{self.ch!r}"


def bare(ch: Any) -> Any:
    """Return the channel behind a directional view; anything else as it is."""
    return ch.ch if isinstance(ch, _View) else ch


def chan(elem: Any = None, cap: int = 0) -> Chan[Any]:
    """Make a channel, Go's ``make(chan T, cap)``.

    Parameters
    ----------
    elem
        The element type; decides the zero value a closed channel gives.
    cap : int
        Room in the buffer, 0 for an unbuffered channel.

    Raises
    ------
    Panic
        "makechan: size out of range" for a negative or absurd size.
    UsageError
        When no run is going on, or `cap` is not an integer.
    """
    world = current_world("chan()")
    if type(cap) is not int:
        raise UsageError(
            f"chan(T, cap): cap is a number of values, not {type(cap).__name__}", *caller()
        )
    if not 0 <= cap < 1 << 47:
        raise plain_error("makechan: size out of range")
    ch = world.Chan(world, elem, cap)
    frame = sys._getframe(1)
    ch.made_code = frame.f_code
    ch.made_lasti = frame.f_lasti
    return ch


def nil_chan(elem: Any = None) -> Chan[Any]:
    """Return a nil channel, Go's ``var ch chan T``."""
    world = current_world("nil_chan()")
    ch = world.NilChan(world, elem)
    frame = sys._getframe(1)
    ch.made_code = frame.f_code
    ch.made_lasti = frame.f_lasti
    return ch


def cap(ch: Any) -> int:
    """Return Go's built-in ``cap`` of a channel, a slice or an array.

    Raises
    ------
    UsageError
        For anything else.
    """
    size = getattr(ch, "cap", None)
    if size is None:
        what = "None" if ch is None else type(ch).__name__
        raise UsageError(f"cap wants a channel, a slice or an array, not {what}", *caller())
    return int(size() if callable(size) else size)


def caller() -> tuple[str, int]:
    """Return file and line of the user's code that called the calling function."""
    from gosim.runtime.panic import caller_line

    return caller_line(2)
