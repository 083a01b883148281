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
from gosim.runtime.chan import Chan, NilChan, RecvOnly, SendOnly, zero_value
from gosim.runtime.current import current_world
from gosim.runtime.errors import UsageError
from gosim.runtime.forms import OBSERVED, Op, operation, two_forms
from gosim.runtime.g import CHOICE, CLOSED, PARK, Select
from gosim.runtime.panic import caller_line, plain_error

Case = Any
"""A channel (receive from it), a pair of channel and value (send), or ``default``."""

_new_select = Select.__new__


class _Default:
    """The type of ``default``."""

    def __repr__(self) -> str:
        return "default"


default: Final = _Default()
"""The case that is taken when no other is ready."""


def recv(ch: Any) -> Case:
    """Return the select case ``case v, ok := <-ch``; `ch` may be None, a nil channel."""
    return ch  # a case that receives needs nothing but its channel


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
        if OBSERVED:
            cases = _resolved(w, cases)
            if w.policy is not None and w.must_announce():
                w.g.pending = ("select", *cases)
                yield CHOICE
        plain = w.Chan
        ready: list[int] | None = None
        fallback = chosen = i = -1
        for case in cases:
            i += 1
            kind = type(case)
            if kind is plain:
                if not (
                    case.buf
                    or (case.sendq and not case.dead)
                    or case.closed
                    or ((case.timer is not None or case.dead) and case.can_recv())
                ):
                    continue
            elif kind is tuple and len(case) == 2 and type(case[0]) is plain:
                if not case[0].can_send():
                    continue
            elif case is default:
                fallback = i
                continue
            elif kind is w.NilChan or (kind is tuple and type(case[0]) is w.NilChan):
                continue
            else:
                if OBSERVED:
                    raise AssertionError(case)  # they were resolved above
                return (yield from w.select(w, _resolved(w, cases)))
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
            case = cases[chosen]
            if OBSERVED:
                w.announced = True  # this step is the select's; its operation is not another one
            if type(case) is tuple:
                yield from case[0].send(case[1])
                return chosen, None, False
            value = yield from case.recv(CLOSED)
            if value is CLOSED:
                return chosen, zero_value(case.elem), False
            return chosen, value, True
        if fallback >= 0:
            if w.poll():
                w.gosched_prepare(w.g)
                yield PARK
            return fallback, None, False

        g = w.g
        sel = _new_select(Select)
        sel.g = g
        sel.cases = sel.stands = cases
        sel.fired = -1
        sel.elem = None
        timers = None
        twice = False
        for case in cases:
            if type(case) is plain:
                queue = case.recvq
                if queue is None:
                    queue = case.recvq = deque()
                if case.timer is not None:
                    case.timer.block()
                    timers = [*(timers or ()), case.timer]
            elif type(case) is tuple and type(case[0]) is plain:
                queue = case[0].sendq
                if queue is None:
                    queue = case[0].sendq = deque()
            else:
                continue
            if queue and queue[-1] is sel:
                twice = True
            else:
                queue.append(sel)
        if twice:
            sel.stands = _once(w, cases)
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
        case = cases[fired]
        if type(case) is tuple:
            if elem is CLOSED:
                raise plain_error("send on closed channel")
            return fired, None, False
        if elem is CLOSED:
            return fired, zero_value(case.elem), False
        return fired, elem, True


def _once(w: Any, cases: tuple[Case, ...]) -> tuple[Case, ...]:
    """Return the cases with only one left of those that do the same on the same channel.

    Any of them: Go queues them in the random order in which it polls, and the first is served.
    """
    alike: dict[tuple[int, bool], list[int]] = {}
    for i, case in enumerate(cases):
        sends = type(case) is tuple
        ch = case[0] if sends else case
        if type(ch) is w.Chan:
            alike.setdefault((id(ch), sends), []).append(i)
    stands: list[Case] = [None] * len(cases)
    for group in alike.values():
        i = group[w.choose(len(group), "select")] if len(group) > 1 else group[0]
        stands[i] = cases[i]
    return tuple(stands)


def _resolved(w: Any, cases: tuple[Case, ...]) -> tuple[Case, ...]:
    """Return the cases with the channels behind views and nil; refuse what is no case."""
    return tuple([_resolve(w, case) for case in cases])


def _resolve(w: Any, case: Case) -> Case:
    if case is default:
        return case
    sends = type(case) is tuple and len(case) == 2
    ch = case[0] if sends else case
    if ch is None:
        ch = w.nil_channel()
    elif isinstance(ch, SendOnly if sends else RecvOnly):
        ch = ch.ch
    elif not isinstance(ch, Chan):
        if isinstance(ch, SendOnly | RecvOnly):
            message = f"{'send' if sends else 'recv'}(...) in a select cannot use {ch!r}"
        else:
            message = (
                f"select(...) takes recv(ch), send(ch, value) and default, not {case!r}; an "
                "operation is written without calling it on the channel: recv(ch), not ch.recv()"
            )
        raise UsageError(message, *caller_line())
    elif type(ch) is not w.Chan and not isinstance(ch, NilChan):
        w.misused(ch, "select")
    return (ch, case[1]) if sends else ch
