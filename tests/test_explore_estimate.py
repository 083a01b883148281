"""The estimate of what remains, against searches that were run to their end."""

from __future__ import annotations

import pytest

from gosim.explore.estimate import Estimator
from gosim.explore.optimal import Optimal
from gosim.explore.portfolio import Portfolio
from gosim.explore.search import Progress, explore
from gosim.explore.walk import Walk
from gosim.runtime.program import Function
from tests.explore_lab import (
    Main,
    indexer,
    lastzero,
    mutexes,
    once,
    philosophers,
    random_program,
    readers,
)


def curve(main: Main) -> list[float]:
    """Return the estimate after each execution."""
    search, estimator = Optimal(), Estimator()
    assert estimator.total is None
    told = []
    while True:
        control, _ = once(main, search)
        more = search.advance(control)
        estimator.advanced(search)
        assert estimator.total is not None
        assert 0 < estimator.part <= 1
        told.append(estimator.total)
        if not more:
            assert estimator.part == 1
            return told


#: Benchmarks of 12 to 144 executions.
PROGRAMS: dict[str, Main] = {
    "philosophers": philosophers(5),
    "lastzero": lastzero(5),
    "mutexes": mutexes(4),
    "readers": readers(5),
    "indexer": indexer(13),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_estimate_comes_near_and_ends_at_the_count(name: str) -> None:
    told = curve(PROGRAMS[name])
    n = len(told)
    assert told[-1] == n
    assert all(0.4 * n <= each <= 1.7 * n for each in told[n // 4 :])
    assert all(0.8 * n <= each <= 1.7 * n for each in told[n // 2 :])


def test_the_estimate_never_is_less_than_what_was_run() -> None:
    for seed in range(20):
        told = curve(random_program(seed))
        assert all(each >= i - 1e-6 for i, each in enumerate(told, 1))
        assert told[-1] == len(told)


def test_only_the_exhaustive_stage_of_a_portfolio_is_estimated() -> None:
    search, estimator = Portfolio(1000), Estimator()
    more = True
    while more:
        control, _ = once(mutexes(3), search)
        drawing = not isinstance(search.stage, Optimal)
        more = search.advance(control)
        if drawing and not isinstance(search.stage, Optimal):
            estimator.advanced(search)
            assert estimator.total is None
        elif not drawing:
            estimator.advanced(search)
    assert estimator.total == 6


def test_draws_have_no_estimate() -> None:
    search, estimator = Walk(2), Estimator()
    control, _ = once(mutexes(2), search)
    search.advance(control)
    estimator.advanced(search)
    assert estimator.total is None


def test_progress_has_the_estimate() -> None:
    told: list[Progress] = []
    explore(Function(mutexes(4)), progress=told.append, minimise=0)
    assert told[-1].total == 24
    assert all(each.total is not None and each.total >= each.schedules for each in told)
