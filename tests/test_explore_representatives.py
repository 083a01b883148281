"""Every outcome has its schedule, which says why and can be taken again."""

from __future__ import annotations

import time

import pytest

import gosim as gs
from gosim.explore import representatives as room
from gosim.explore.exploration import Case
from gosim.explore.search import Trial, explore
from gosim.runtime.errors import UsageError
from gosim.runtime.program import Function
from tests.explore_lab import philosophers, random_program


def plain(main: object) -> list[Case]:
    return explore(Function(main), minimise=0).cases  # type: ignore[arg-type]


def test_each_outcome_has_a_token_that_comes_out_so() -> None:
    main = random_program(52)
    found = explore(Function(main))
    assert len(found.cases) > 2
    assert len({case.token for case in found.cases}) == len(found.cases)
    for case in found.cases:
        run = gs.run(main, replay=case.token)
        assert run.to_dict() == case.run.to_dict()
        assert case.story
        assert case.run.schedule == case.token


def test_the_representative_run_can_be_drawn() -> None:
    for case in explore(Function(philosophers(3))).cases:
        assert case.run.recording().events
        assert case.run.alive() is not None
        assert len(case.run.graph()) or not case.run.goroutines


def test_findings_have_tokens_too() -> None:
    async def main() -> None:
        a, b = gs.sync.Mutex(), gs.sync.Mutex()

        async def both(one: gs.sync.Mutex, other: gs.sync.Mutex) -> None:
            await one.lock()
            await other.lock()
            await other.unlock()
            await one.unlock()

        gs.go(both, a, b)
        gs.go(both, b, a)

    found = gs.explore(main)
    assert found.noticed
    for each in found.noticed:
        assert gs.run(main, replay=each.token).stdout == ""


def test_without_time_the_first_of_each_kind_is_told() -> None:
    cases = plain(random_program(52))
    for case in cases:
        case.token, case.story = "", []
    trial = Trial(Function(random_program(52)))
    room.represent(trial, cases, deadline=time.monotonic() - 100)
    told = [case.outcome.kind for case in cases if case.token]
    assert told == list(dict.fromkeys(case.outcome.kind for case in cases))


def test_a_program_that_is_not_repeatable_is_called_so() -> None:
    """Its outcome depends on how often it has run."""
    runs = []

    async def main() -> None:
        runs.append(1)
        print(len(runs))

    (case,) = explore(Function(main)).cases
    assert case.token == ""
    assert "not repeatable" in case.story[0]


def test_a_token_that_lost_its_program_says_so() -> None:
    with pytest.raises(UsageError, match="not a whole token"):
        gs.run(philosophers(2), replay="g1.explore.AAg")
