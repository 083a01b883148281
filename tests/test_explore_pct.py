"""Schedules by priorities keep the probability that they promise."""

from __future__ import annotations

import pytest

import gosim as gs
from gosim.explore.pct import PCT
from tests.explore_lab import Main, lastzero, once, philosophers, trace_of


def outcomes(main: Main, search: PCT) -> list[str]:
    found = []
    while True:
        control, run = once(main, search)
        found.append(run.outcome)
        if not search.advance(control):
            return found


def in_order(depth: int) -> Main:
    """A bug of a depth: `depth` goroutines have to take their only step in their order."""

    async def main() -> None:
        turn = gs.atomic.Int64()

        async def steps(i: int) -> None:
            if await turn.compare_and_swap(i, i + 1) and i + 1 == depth:
                gs.panic("all of them in order")

        for i in reversed(range(depth)):
            gs.go(steps, i)

    return main


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_a_bug_is_found_as_often_as_promised(depth: int) -> None:
    search = PCT(250, seed=5, depth=depth)
    found = outcomes(in_order(depth), search)[1:]
    # Three standard deviations are allowed for chance.
    promised = search.chance * len(found)
    assert found.count("panic") >= promised - 3 * promised**0.5
    assert found.count("panic") > 0


def test_the_philosophers_are_caught() -> None:
    assert "leak" in outcomes(philosophers(3), PCT(100))  # main has returned by then


def test_the_bound_is_said_with_its_numbers() -> None:
    search = PCT(30, depth=2)
    outcomes(philosophers(2), search)
    n, k = search.goroutines, search.steps
    assert search.chance == 1 / (n * k)
    assert search.bound is not None
    assert f"n = {n} goroutines and k = {k} steps" in search.bound
    assert f"probability 1/(n·k^(d−1)) = 1/({n}·{k}) at least" in search.bound


def test_the_first_schedule_is_the_default_one_and_gives_the_size() -> None:
    search = PCT(1)
    control, _ = once(philosophers(2), search)
    assert search.bound is None
    assert not search.advance(control)
    assert (search.goroutines, search.steps) == (3, len(control.steps))


def test_samples_depend_on_seed_and_number_alone() -> None:
    def traces(search: PCT) -> list[object]:
        found = []
        while True:
            control, _ = once(lastzero(3), search)
            found.append(trace_of(control.steps))
            if not search.advance(control):
                return found

    size = {"goroutines": 5, "steps": 30}
    whole = traces(PCT(10, 7, **size))
    assert whole == traces(PCT(4, 7, **size)) + traces(PCT(6, 7, first=4, **size))
    assert whole != traces(PCT(10, 8, **size))
