"""What is told of an outcome is the schedule with the fewest deviations, and of those the shortest.

Compared with all interleavings of programs that have 200 at most.
"""

from __future__ import annotations

import pytest

import gosim as gs
from gosim.explore.exploration import Case
from gosim.explore.minimise import minimise
from gosim.explore.outcome import Outcome
from gosim.explore.search import Trial, explore
from gosim.explore.strategy import Strategy
from gosim.explore.walk import Walk
from gosim.explore.way import Recorded
from gosim.runtime.program import Function
from tests.explore_lab import Every, Main, philosophers, random_program

MOST = 200
SMALL = (0, 4, 5, 9, 16, 19, 23, 25, 33, 40, 45, 52, 62, 64)


def least(main: Main) -> dict[Outcome, tuple[int, int]]:
    """Return deviations and steps of the best schedule of each outcome, of all interleavings."""
    trial = Trial(Function(main))
    recorded = Recorded(Every())
    best: dict[Outcome, tuple[int, int]] = {}
    for _ in range(MOST):
        control, run = trial.once(recorded)
        outcome = Outcome.of(run)
        way = recorded.way.count, recorded.way.steps
        best[outcome] = min(best.get(outcome, way), way)
        if not recorded.inner.advance(control):
            return best
    pytest.skip("more interleavings than this test is for")


def minimal(main: Main, strategy: Strategy | None = None, **options: int) -> list[Case]:
    cases = explore(Function(main), strategy=strategy, minimise=0).cases
    minimise(Trial(Function(main)), cases, **options)
    return cases


@pytest.mark.parametrize("seed", SMALL)
def test_nothing_among_all_interleavings_is_better(seed: int) -> None:
    main = random_program(seed)
    expected = least(main)
    cases = minimal(main)
    assert {case.outcome: (case.way.count, case.way.steps) for case in cases} == expected
    assert all(case.fewest for case in cases)


@pytest.mark.parametrize("seed", SMALL[::3])
def test_a_bad_schedule_is_improved_as_far(seed: int) -> None:
    main = random_program(seed)
    expected = least(main)
    for case in minimal(main, Walk(30, seed=seed)):
        assert (case.way.count, case.way.steps) == expected[case.outcome]
        assert case.fewest


def test_the_run_is_that_of_the_schedule() -> None:
    main = philosophers(3)
    for case in minimal(main):
        _, run = Trial(Function(main)).follow(case.way)
        assert run.to_dict() == {**case.run.to_dict(), "schedule": run.schedule}
        assert Outcome.of(run) == case.outcome


def test_what_a_small_budget_has_not_proven_is_not_said() -> None:
    main = philosophers(4)
    for budget, fewest in ((1000, True), (30, False)):
        leak = next(c for c in minimal(main, budget=budget) if c.outcome.kind == "leak")
        assert leak.fewest == fewest
        assert leak.way.count >= 2
        if fewest:
            assert (leak.way.count, leak.way.steps) == (2, 10)


def test_another_order_of_the_same_trace_halves_the_deviations() -> None:
    main = philosophers(6)
    cases = explore(Function(main), minimise=0).cases
    leak = next(case for case in cases if case.outcome.kind == "leak")
    found = leak.way.count
    assert minimise(Trial(Function(main)), [leak], budget=6) <= 8
    assert leak.way.count <= found // 2
    assert not leak.fewest


def test_the_budget_is_kept() -> None:
    main = philosophers(4)
    cases = explore(Function(main), minimise=0).cases
    assert minimise(Trial(Function(main)), cases, budget=25) <= 26
    assert minimise(Trial(Function(main)), cases, deadline=0.0) == 0


def test_deviations_are_left_out_where_there_are_too_many_to_try_all() -> None:
    """Switches to and fro, of which one matters."""

    async def main() -> None:
        cells = [gs.atomic.Int64() for _ in range(3)]
        last = gs.atomic.Int64()

        async def steps(i: int) -> None:
            for _ in range(6):
                await cells[i].add(1)

        async def waits() -> None:
            if await last.load() == 0:
                await gs.chan(int).recv()

        for i in range(3):
            gs.go(steps, i)
        gs.go(waits)
        await last.store(1)

    cases = explore(Function(main), strategy=Walk(12, seed=3), minimise=0).cases
    (leak,) = (case for case in cases if case.outcome.kind == "leak")
    found = leak.way.count
    assert minimise(Trial(Function(main)), [leak], budget=40) <= 40
    assert found > 10
    assert leak.way.count <= 3
    minimise(Trial(Function(main)), [leak])
    assert (leak.way.count, leak.fewest) == (1, True)


def test_one_outcome_needs_no_run() -> None:
    async def main() -> None:
        print("hello")

    cases = explore(Function(main), minimise=0).cases
    assert minimise(Trial(Function(main)), cases) <= 1
    assert (cases[0].way.count, cases[0].fewest) == (0, True)
