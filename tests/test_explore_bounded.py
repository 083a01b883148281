"""Bounded search runs exactly the traces that can be had for a price."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from gosim.explore.bounded import Bounded, Cost
from gosim.explore.control import Control
from gosim.explore.default import Order
from gosim.explore.step import CLOCK, Label, Step
from tests.explore_lab import (
    Every,
    Main,
    Trace,
    mutexes,
    once,
    philosophers,
    random_program,
    trace_of,
)

MOST = 300
COSTS: tuple[Cost, ...] = ("preemptions", "delays", "deviations")


class Priced(Every):
    """Every interleaving, and what it costs."""

    def __init__(self, cost: Cost) -> None:
        super().__init__()
        self.cost = cost
        self.price = 0

    def begin(self, control: Control) -> None:
        self.price = 0
        self.order = Order()

    def choose(self, enabled: Sequence[Label]) -> Label:
        label = super().choose(enabled)
        first = self.order.first(enabled)
        if label == first:
            return label
        if self.cost == "deviations":
            self.price += 1
        elif self.cost == "delays":
            # Those who run, in turn; then who was let in to meet them; the clock waits for all.
            turn = [self.order.running, *self.order.queue[::-1]]
            late = len(turn)
            place = {name: i for i, name in enumerate(turn)}
            ranked = sorted(
                enabled,
                key=lambda e: (
                    e != first,
                    e.who == CLOCK,
                    place.get(e.who, late),
                    enabled.index(e),
                ),
            )
            self.price += ranked.index(label)
        elif label.who == CLOCK or any(self.order.running in e.goroutines for e in enabled):
            self.price += self.order.running not in label.goroutines
        return label

    def took(self, step: Step) -> None:
        self.order.took(step)


def prices(main: Main, cost: Cost) -> dict[Trace, int] | None:
    """Return the least price of every trace; None when there are too many interleavings."""
    every = Priced(cost)
    least: dict[Trace, int] = {}
    for _ in range(MOST):
        control, _ = once(main, every)
        trace = trace_of(control.steps)
        least[trace] = min(least.get(trace, every.price), every.price)
        if not every.advance(control):
            return least
    return None


def searched(main: Main, search: Bounded) -> set[Trace]:
    met = set()
    while True:
        control, _ = once(main, search)
        if not search.cut:
            met.add(trace_of(control.steps))
        if not search.advance(control):
            return met


SMALL = (0, 4, 9, 16, 19, 40, 62, 64)


@pytest.mark.parametrize("cost", COSTS)
def test_a_bound_covers_what_does_not_cost_more(cost: Cost) -> None:
    compared = 0
    for main in (*map(random_program, SMALL), philosophers(2)):
        least = prices(main, cost)
        if least is None:
            continue
        compared += 1
        for limit in (0, 1, 2):
            search = Bounded(limit, cost)
            met = searched(main, search)
            assert met == {trace for trace, price in least.items() if price <= limit}
            assert len(search.traces) == len(met)
            if search.bound is None:
                assert met == set(least)
    assert compared >= 7


def test_without_a_limit_the_search_is_complete() -> None:
    for cost in COSTS:
        search = Bounded(None, cost)
        assert len(searched(philosophers(2), search)) == 3
        assert search.bound is None


def test_a_bound_is_said() -> None:
    search = Bounded(1)
    assert search.bound == "not even all schedules without preemptions were run"
    searched(mutexes(3), search)
    assert search.bound == "complete up to 1 preemption"
    search = Bounded(2, "delays")
    searched(mutexes(3), search)
    assert search.bound == "complete up to 2 delays"


def test_executions_come_in_the_order_of_their_prices() -> None:
    search = Bounded(2, "deviations")
    lengths = []
    while True:
        control, _ = once(mutexes(3), search)
        lengths.append(len(search.way))
        if not search.advance(control):
            break
    assert lengths == sorted(lengths)
    assert (lengths[0], lengths[-1]) == (0, 2)
