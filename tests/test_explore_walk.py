"""Random walks, and the numbers by which they tell traces apart."""

from __future__ import annotations

import pytest

from gosim.explore.step import Label, Step
from gosim.explore.trace import trace_hash
from gosim.explore.walk import Walk
from tests.explore_lab import (
    Every,
    Main,
    Trace,
    lastzero,
    once,
    philosophers,
    random_program,
    trace_of,
)


def drawn(main: Main, walk: Walk) -> list[Trace]:
    """Run what a walk draws; return the traces in order."""
    traces = []
    while True:
        control, _ = once(main, walk)
        traces.append(trace_of(control.steps))
        if not walk.advance(control):
            return traces


@pytest.mark.parametrize("seed", range(12))
def test_two_executions_have_the_same_number_when_they_are_of_one_trace(seed: int) -> None:
    every = Every()
    numbers: dict[Trace, int] = {}
    for _ in range(120):
        control, _ = once(random_program(seed), every)
        number = trace_hash(control.steps)
        assert numbers.setdefault(trace_of(control.steps), number) == number
        if not every.advance(control):
            break
    assert len(set(numbers.values())) == len(numbers)


def test_the_number_of_a_trace_is_the_same_in_every_process() -> None:
    lock, unlock = ("main#1", ("lock",)), ("main#1", ("unlock",))
    a, b = Label("main/1"), Label("main/2", 0, "main", -1)
    steps = [
        Step(a, a.goroutines, (lock,), before=0b1),
        Step(a, a.goroutines, (unlock,), before=0b11),
        Step(b, b.goroutines, (lock,), before=0b111),
        Step(Label("main/3"), ("main/3",), before=0b1000),
    ]
    assert trace_hash(steps) == 2833983646120396695
    assert trace_hash([]) == 0


def test_a_walk_meets_every_trace_of_a_small_program() -> None:
    for main, traces in ((philosophers(2), 3), (lastzero(2), 5)):
        walk = Walk(100, seed=1)
        met = drawn(main, walk)
        assert len(met) == walk.drawn == 100
        assert len(set(met)) == len(walk.traces) == traces
        assert walk.bound == f"100 schedules drawn at random, {traces} of them different"


def test_a_walk_is_drawn_by_its_seed_and_can_be_split() -> None:
    main = lastzero(4)
    whole = drawn(main, Walk(12, seed=3))
    assert whole == drawn(main, Walk(12, seed=3))
    assert whole == drawn(main, Walk(5, seed=3)) + drawn(main, Walk(7, seed=3, first=5))
    assert whole != drawn(main, Walk(12, seed=4))


def test_a_walk_says_when_it_has_met_a_trace_again() -> None:
    main = philosophers(2)
    walk = Walk(40)
    met: set[Trace] = set()
    again = []
    for _ in range(40):
        control, _ = once(main, walk)
        again.append(walk.met == (trace_of(control.steps) in met))
        walk.advance(control)
        met.add(trace_of(control.steps))
    assert all(again)
    assert walk.distinct == len(met)
