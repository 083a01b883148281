"""Semaphores and notification lists, the sleep-and-wake-up primitives below package ``sync``.

Go keeps the goroutines that sleep on a semaphore in a table keyed by its address.  Values have no
addresses here, so each `Semaphore` carries its own queue; the order inside it is Go's: first in,
first out, except that a goroutine which lost the race for a mutex after it was woken queues again
at the front (``lifo``).

Go's counterpart: ``src/runtime/sema.go``.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from gosim.runtime.g import PARK

if TYPE_CHECKING:
    from gosim.runtime.g import G
    from gosim.runtime.proc import World

#: What `semrelease` leaves in ``g.elem`` of a goroutine that was handed the semaphore directly:
#: it owns the count already and must not compete for it.
TICKET = "semaphore ticket"


class Semaphore:
    """A counting semaphore whose every sleep is paired with one wake-up.

    Invariant: a goroutine is in the queue exactly while it is parked in `semacquire`; the count
    is positive while somebody is queued only between a `semrelease` and the moment the goroutine
    it woke runs (that is the window in which another one may barge in).
    """

    __slots__ = ("count", "queue")

    def __init__(self) -> None:
        self.count = 0
        # Made when first needed: most locks are never contended.
        self.queue: deque[G] | None = None

    def waiters(self) -> tuple[G, ...]:
        """The goroutines asleep on this semaphore, next one to be woken first."""
        return tuple(self.queue or ())


def semacquire(
    w: World, sema: Semaphore, on: object, reason: str, lifo: bool = False
) -> Generator[Any, Any, None]:
    """Take one unit of ``sema``, sleeping until there is one.

    Parameters
    ----------
    w
        The world running now.
    sema
        The semaphore.
    on
        The object a reader of the wait-for graph should see the goroutine wait for (the mutex,
        not its semaphore).
    reason
        Go's wait reason, as printed in goroutine dumps.
    lifo
        Queue in front of the goroutines already waiting.
    """
    if sema.count:
        sema.count -= 1
        return
    g = w.g
    if g is None:
        w.misused(on, "block")
    while True:
        queue = sema.queue
        if queue is None:
            queue = sema.queue = deque()
        if lifo:
            queue.appendleft(g)
        else:
            queue.append(g)
        g.elem = None
        g.wait_reason = reason
        g.waiting = on
        if w.observers:
            w.emit("goroutine_parked", g, reason, on)
        yield PARK
        if g.elem is TICKET:
            g.elem = None
            return
        # Woken without a ticket: whoever ran since then may have taken the unit.
        if sema.count:
            sema.count -= 1
            return


def semrelease(w: World, sema: Semaphore) -> None:
    """Give one unit back and make the first waiter runnable; the caller runs on."""
    sema.count += 1
    queue = sema.queue
    if queue:
        g = queue.popleft()
        w.ready(g)


def semrelease_handoff(w: World, sema: Semaphore) -> Generator[Any, Any, None]:
    """Give one unit to the first waiter itself and let it run at once.

    The caller goes to the tail of the local run queue, so the woken goroutine, which `World.ready`
    has put into the ``runnext`` slot, is the next one to run and nobody can barge in between.
    Without a waiter this is `semrelease`.
    """
    queue = sema.queue
    if not queue:
        sema.count += 1
        return
    woken = queue.popleft()
    woken.elem = TICKET
    w.ready(woken)
    w.goyield_prepare(w.g)
    yield PARK


class NotifyList:
    """The ticket queue of a ``sync.Cond``.

    A waiter draws a ticket *before* it unlocks and sleeps only if its ticket has not been called
    in the meantime; so no notification sent after the unlock is lost.

    Invariant: tickets in ``queue`` are a subset of ``notify .. wait - 1``, in rising order unless
    an unlock yielded between drawing and sleeping.
    """

    __slots__ = ("wait", "notify", "queue")

    def __init__(self) -> None:
        self.wait = 0  # ticket of the next waiter
        self.notify = 0  # ticket of the next waiter to be notified
        self.queue: deque[tuple[int, G]] | None = None

    def waiters(self) -> tuple[G, ...]:
        """The goroutines asleep on this list, next one to be notified first."""
        return tuple(g for _, g in sorted(self.queue or (), key=lambda entry: entry[0]))


def notify_list_add(notify_list: NotifyList) -> int:
    """Draw a ticket; the caller must pass it to `notify_list_wait` later."""
    ticket = notify_list.wait
    notify_list.wait += 1
    return ticket


def notify_list_wait(
    w: World, notify_list: NotifyList, ticket: int, on: object
) -> Generator[Any, Any, None]:
    """Sleep until ``ticket`` is notified; return at once if it has been already."""
    if ticket < notify_list.notify:
        return
    g = w.g
    if g is None:
        w.misused(on, "wait")
    if notify_list.queue is None:
        notify_list.queue = deque()
    notify_list.queue.append((ticket, g))
    g.elem = None
    g.wait_reason = "sync.Cond.Wait"
    g.waiting = on
    if w.observers:
        w.emit("goroutine_parked", g, g.wait_reason, on)
    yield PARK


def notify_list_notify_all(w: World, notify_list: NotifyList) -> None:
    """Wake every goroutine that has drawn a ticket so far, in the order they went to sleep."""
    queue, notify_list.queue = notify_list.queue, None
    notify_list.notify = notify_list.wait
    for _, g in queue or ():
        w.ready(g)


def notify_list_notify_one(w: World, notify_list: NotifyList) -> None:
    """Call the lowest ticket not called yet; without one this does nothing.

    If its owner is not asleep yet, it will notice in `notify_list_wait`.
    """
    ticket = notify_list.notify
    if ticket == notify_list.wait:
        return
    notify_list.notify += 1
    queue = notify_list.queue or deque()
    # The one sought stands in front unless an unlock yielded between drawing and sleeping.
    for i, (drawn, g) in enumerate(queue):
        if drawn == ticket:
            del queue[i]
            w.ready(g)
            return
