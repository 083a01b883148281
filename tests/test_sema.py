"""Semaphores and notification lists: the order of queues, tickets, and no lost wake-up."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gosim.runtime.current import current_world
from gosim.runtime.forms import Op, operation
from gosim.runtime.proc import go, gosched
from gosim.runtime.sema import (
    TICKET,
    NotifyList,
    Semaphore,
    notify_list_add,
    notify_list_notify_all,
    notify_list_notify_one,
    notify_list_wait,
    semacquire,
    semrelease,
    semrelease_handoff,
)
from tests.sync_rows import sleep_ms
from tests.sync_world import drive


@operation
def acquire(sema: Semaphore, lifo: bool = False) -> Op:
    """Take one unit."""
    yield from semacquire(current_world(), sema, sema, "semacquire", lifo)


@operation
def release(sema: Semaphore, handoff: bool = False) -> Op:
    """Give one unit."""
    if handoff:
        yield from semrelease_handoff(current_world(), sema)
    else:
        semrelease(current_world(), sema)


@operation
def sleep_on(notify_list: NotifyList, ticket: int) -> Op:
    """Wait for a ticket."""
    yield from notify_list_wait(current_world(), notify_list, ticket, notify_list)


def test_a_unit_that_is_there_is_taken_without_a_switch() -> None:
    async def main(say: Any) -> None:
        sema = Semaphore()
        await release(sema)
        go(say, "other")
        await acquire(sema)
        say("main", sema.count, sema.queue)

    assert drive(main).said == "main 0 <nil> "


def test_waiters_are_served_first_in_first_out_and_lifo_ones_before_them() -> None:
    async def main(say: Any) -> None:
        sema = Semaphore()

        async def waiter(i: int, lifo: bool) -> None:
            await acquire(sema, lifo)
            say(i)

        for i in range(6):
            go(waiter, i, i >= 4)
            await gosched()
        assert [g.elem for g in sema.waiters()] == [None] * 6
        for _ in range(6):
            await release(sema)
            await gosched()

    assert drive(main).said == "5 4 0 1 2 3 "


def test_without_handoff_the_running_goroutine_can_take_the_unit_back() -> None:
    async def main(say: Any) -> None:
        sema = Semaphore()

        async def waiter() -> None:
            await acquire(sema)
            say("waiter")

        go(waiter)
        await gosched()
        await release(sema)
        await acquire(sema)  # barges in before the woken one runs
        await gosched()
        say(len(sema.waiters()), sema.count)
        await release(sema)
        await gosched()

    assert drive(main).said == "1 0 waiter "


def test_a_handoff_runs_the_waiter_at_once_and_gives_it_the_unit() -> None:
    async def main(say: Any) -> None:
        sema = Semaphore()

        async def waiter() -> None:
            await acquire(sema)
            say("waiter", sema.count, current_world().g.elem is not TICKET)  # type: ignore[union-attr]

        go(waiter)
        await gosched()
        go(say, "other")
        await release(sema, handoff=True)
        say("main")
        await release(sema, handoff=True)  # nobody waits: the unit is kept
        say(sema.count)

    assert drive(main).said == "waiter 0 true other main 1 "


def test_a_ticket_called_before_its_owner_sleeps_is_not_lost() -> None:
    async def main(say: Any) -> None:
        w, tickets = current_world(), NotifyList()
        first, second = notify_list_add(tickets), notify_list_add(tickets)
        notify_list_notify_one(w, tickets)
        await sleep_on(tickets, first)
        say("first")
        go(sleep_on, tickets, second)
        await gosched()
        say(len(tickets.waiters()))
        notify_list_notify_one(w, tickets)
        await gosched()
        say(len(tickets.waiters()))
        notify_list_notify_one(w, tickets)  # nobody: not kept for later
        say(tickets.notify == tickets.wait)

    assert drive(main).said == "first 1 0 true "


def test_notification_follows_tickets_not_the_order_of_going_to_sleep() -> None:
    async def main(say: Any) -> None:
        w, tickets = current_world(), NotifyList()
        drawn = [notify_list_add(tickets) for _ in range(3)]

        async def sleeper(ticket: int) -> None:
            await sleep_on(tickets, ticket)
            say(ticket)

        for ticket in reversed(drawn):
            go(sleeper, ticket)
            await gosched()
        assert [g.id for g in tickets.waiters()] == sorted(
            (g.id for g in tickets.waiters()), reverse=True
        )
        for _ in range(2):
            notify_list_notify_one(w, tickets)
            await gosched()
        notify_list_notify_all(w, tickets)
        await gosched()

    assert drive(main).said == "0 1 2 "


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from(["acquire", "lifo", "release", "handoff", "yield", "sleep"])),
    st.integers(0, 3),
)
def test_units_are_neither_lost_nor_made(ops: list[str], start: int) -> None:
    async def main(say: Any) -> None:
        sema = Semaphore()
        taken = 0
        given_ = start
        for _ in range(start):
            await release(sema)

        async def taker(lifo: bool) -> None:
            nonlocal taken
            await acquire(sema, lifo)
            taken += 1

        takers = 0
        for op in ops:
            if op in ("acquire", "lifo"):
                go(taker, op == "lifo")
                takers += 1
            elif op in ("release", "handoff"):
                given_ += 1
                await release(sema, op == "handoff")
            elif op == "yield":
                await gosched()
            else:
                await sleep_ms(1)
        await sleep_ms(1)
        assert taken == min(takers, given_)
        assert sema.count == given_ - taken and len(sema.waiters()) == takers - taken
        assert not sema.count or not sema.waiters()

    outcome = drive(main)
    assert outcome.how == "main", outcome.world.panic


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(["wait", "add", "sleep", "one", "all", "yield"]), max_size=25))
def test_every_notification_wakes_exactly_the_lowest_ticket(ops: list[str]) -> None:
    async def main(say: Any) -> None:
        w, tickets = current_world(), NotifyList()
        called, pending, woken = 0, [], set()  # type: ignore[var-annotated]

        async def sleeper(ticket: int) -> None:
            await sleep_on(tickets, ticket)
            woken.add(ticket)

        asleep = []
        for op in ops:
            if op == "wait":
                asleep.append(notify_list_add(tickets))
                go(sleeper, asleep[-1])
            elif op == "add":
                pending.append(notify_list_add(tickets))
            elif op == "sleep" and pending:
                asleep.append(pending.pop())
                go(sleeper, asleep[-1])
            elif op == "one":
                called = min(called + 1, tickets.wait)
                notify_list_notify_one(w, tickets)
            elif op == "all":
                called = tickets.wait
                notify_list_notify_all(w, tickets)
            else:
                await gosched()
        await sleep_ms(1)
        assert woken == {ticket for ticket in asleep if ticket < called}
        assert len(tickets.waiters()) == len(asleep) - len(woken)

    outcome = drive(main)
    assert outcome.how == "main", outcome.world.panic
