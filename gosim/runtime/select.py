"""The select statement (Go: ``select.go``).

``i, v, ok = await select(recv(a), send(b, 1), default)`` gives the index of the case that was
taken, the received value and its ok (None and False for a send or the default).

Go looks at the cases in a random order and takes the first that is ready: a uniform choice among
the ready ones, which is what is done here, from the run's own stream of random numbers.  Nil
channels are never ready.  A ready case always beats ``default``.
"""

from __future__ import annotations

from collections import deque
from typing import Any, Final

from gosim.runtime import current
from gosim.runtime.chan import Chan, RecvOnly, SendOnly, zero_value
from gosim.runtime.current import current_world
from gosim.runtime.errors import UsageError
from gosim.runtime.forms import OBSERVED, Op, operation, two_forms
from gosim.runtime.g import CHOICE, CLOSED, PARK, RECV, Select
from gosim.runtime.panic import caller_line, plain_error

Case = tuple[Any, Any]

_new_select = Select.__new__

_DEFAULT: Final = object()
default: Final[Case] = (None, _DEFAULT)
"""The case that is taken when no other is ready."""


def recv(ch: Any) -> Case:
    """Return the select case ``case v, ok := <-ch``; `ch` may be None, a nil channel."""
    return ch, RECV


def send(ch: Any, value: Any) -> Case:
    """Return the select case ``case ch <- value``; `ch` may be None, a nil channel."""
    return ch, value


def select(*cases: Case) -> Any:
    """Wait until one of the cases can go on, and take it.

    Parameters
    ----------
    *cases
        ``recv(ch)``, ``send(ch, value)`` and at most one ``default``.

    Returns
    -------
    tuple
        Index of the case, value received, ok.  Await it.

    Raises
    ------
    Panic
        "send on closed channel", also when the channel is closed while the select waits.
    """
    w = current.world or current_world("select()")
    return w.select(w, cases)


@two_forms
class Selector:
    """Holder of the select operation, so that it has two forms."""

    Fast: Any

    @staticmethod
    @operation
    def select(w: Any, cases: tuple[Case, ...]) -> Op:
        """Do a select of `cases` in world `w`."""
        plain = w.Chan
        for case in cases:
            if type(case) is not tuple or case[0].__class__ is not plain:
                cases = tuple([_resolved(case) for case in cases])
                break
        if OBSERVED:
            if w.policy is not None and w.must_announce():
                w.g.pending = ("select", *[ch for ch, _ in cases if ch is not None])
                yield CHOICE
        ready: list[int] | None = None
        fallback = chosen = i = -1
        for ch, value in cases:
            i += 1
            if ch is None:
                if value is _DEFAULT:
                    fallback = i
            elif (
                (ch.sendq or ch.buf or ch.closed or ch.timer is not None) and ch.can_recv()
                if value is RECV
                else (ch.recvq or ch.cap_ or ch.closed) and ch.can_send()
            ):
                if chosen < 0:
                    chosen = i
                elif ready is None:
                    ready = [chosen, i]
                else:
                    ready.append(i)
        if ready is not None:
            chosen = ready[w.choose(len(ready), "select")]
        if chosen < 0 and len(cases) == 1 and fallback < 0:
            chosen = 0  # the compiler makes a plain operation of a select with one case
        if chosen >= 0:
            ch, value = cases[chosen]
            if ch is None:
                ch = w.nil_channel()
            if OBSERVED:
                w.announced = True  # this step is the select's; its operation is not another one
            if value is not RECV:
                yield from ch.send(value)
                return chosen, None, False
            value = yield from ch.recv(CLOSED)
            if value is CLOSED:
                return chosen, zero_value(ch.elem), False
            return chosen, value, True
        if fallback >= 0:
            if w.poll():
                w.gosched_prepare(w.g)
                yield PARK
            return fallback, None, False

        g = w.g
        sel = _new_select(Select)
        sel.g = g
        sel.cases = cases
        sel.fired = -1
        sel.elem = None
        timers = None
        for ch, value in cases:
            if ch is None or ch.is_nil:
                continue
            if value is RECV:
                queue = ch.recvq
                if queue is None:
                    queue = ch.recvq = deque()
                if ch.timer is not None:
                    ch.timer.block()
                    timers = [*(timers or ()), ch.timer]
            else:
                queue = ch.sendq
                if queue is None:
                    queue = ch.sendq = deque()
            if not queue or queue[-1] is not sel:  # once only
                queue.append(sel)
        g.waiting = sel
        g.wait_reason = "select" if cases else "select (no cases)"
        if OBSERVED and w.observers:
            w.emit("goroutine_parked", g, g.wait_reason, sel)
        yield PARK
        if timers is not None:
            for timer in timers:
                timer.unblock()
        g.waiting = None
        fired, elem = sel.fired, sel.elem
        ch, value = cases[fired]
        if value is not RECV:
            if elem is CLOSED:
                raise plain_error("send on closed channel")
            return fired, None, False
        if elem is CLOSED:
            return fired, zero_value(ch.elem), False
        return fired, elem, True


def _resolved(case: Case) -> Case:
    """Return a case with the channel behind a view; refuse what is no case."""
    if type(case) is not tuple or len(case) != 2:
        raise UsageError(
            "select(...) takes recv(ch), send(ch, value) and default, not "
            f"{case!r}; a function is written without calling it: default",
            *caller_line(),
        )
    ch, value = case
    if ch is None or isinstance(ch, Chan):
        return case
    if isinstance(ch, RecvOnly if value is RECV else SendOnly):
        return ch.ch, value
    what = "recv" if value is RECV else "send"
    raise UsageError(f"{what}(...) in a select needs a channel, not {ch!r}", *caller_line())
