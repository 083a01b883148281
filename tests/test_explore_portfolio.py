"""The portfolio gives the verdict of the exhaustive search where it comes to it, and divides."""

from __future__ import annotations

import pytest

import gosim as gs
from gosim.explore import portfolio as room
from gosim.explore.bounded import Bounded
from gosim.explore.exploration import Exploration
from gosim.explore.optimal import Optimal
from gosim.explore.portfolio import Portfolio
from gosim.explore.search import explore
from gosim.explore.strategy import Strategy
from gosim.runtime.program import Function
from tests.explore_lab import Main, lastzero, mutexes, once, philosophers, random_program


def verdict(main: Main, strategy: Strategy, most: int = 2000) -> Exploration:
    return explore(Function(main), strategy=strategy, max_schedules=most, minimise=0)


def names(search: Portfolio) -> list[str]:
    return [stage.name for stage in (*search.done, search.stage)]


@pytest.mark.parametrize(
    "main",
    [philosophers(3), mutexes(3), lastzero(3), *map(random_program, (0, 4, 5, 9, 23, 52))],
)
def test_the_verdict_is_that_of_the_exhaustive_search(main: Main) -> None:
    search = Portfolio(2000)
    found, every = verdict(main, search), verdict(main, Optimal())
    assert found.complete
    assert found.verdict() == every.verdict()
    assert (found.schedules, found.outcomes) == (every.schedules, every.outcomes)
    assert found.traces == found.schedules == search.distinct
    assert {case.outcome for case in found.cases} == {case.outcome for case in every.cases}


def test_a_program_without_choices_needs_no_draws() -> None:
    async def main() -> None:
        print("hello")

    search = Portfolio()
    assert verdict(main, search).complete
    assert names(search) == ["replay", "optimal"]


def test_draws_take_a_third_of_the_budget_of_a_large_program() -> None:
    search = Portfolio(240)
    found = verdict(lastzero(8), search, 240)
    assert names(search) == ["replay", "random", "pct", "preemptions", "optimal"]
    _, walk, pct, bounded, _ = [*search.done, search.stage]
    assert (walk.drawn, pct.drawn) == (39, 40)  # type: ignore[attr-defined]
    assert isinstance(bounded, Bounded)
    assert not found.complete
    assert found.bound == (
        "the budget of 240 schedules (--max-schedules); 39 schedules drawn (random); "
        "40 schedules drawn (pct)"
    )


def test_a_program_that_is_soon_known_is_explored_at_once() -> None:
    search = Portfolio(20_000)
    verdict(philosophers(2), search)
    assert names(search) == ["replay", "random", "pct", "optimal"]
    assert search._executions < 100


def test_seconds_are_divided_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr(room.time, "monotonic", lambda: clock[0])
    search = Portfolio(10_000, seconds=60)
    began: dict[str, float] = {}
    while clock[0] < 60:
        control, _ = once(lastzero(6), search)
        began.setdefault(search.stage.name, clock[0])
        clock[0] += 0.5
        if not search.advance(control):
            break
    assert began["random"] <= 1
    assert 9 <= began["pct"] <= 12
    assert 18 <= began["preemptions"] <= 22
    assert 38 <= began["optimal"] <= 42


def test_every_stage_adds_to_the_outcomes() -> None:
    """A leak that only the exhaustive search is sure to find: one order of many."""

    async def main() -> None:
        turn = gs.atomic.Int64()

        async def steps(i: int) -> None:
            if await turn.compare_and_swap(i, i + 1) and i == 3:
                await gs.chan(int).recv()

        for i in range(4):
            gs.go(steps, i)

    found = verdict(main, Portfolio(3000), 3000)
    assert found.outcomes["leak"] == 1
    assert found.complete
