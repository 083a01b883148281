"""An exploration ends with what it knows, whatever ends it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import explore_lab as lab
import pytest

from gosim.explore.search import explore
from gosim.runtime.errors import OutOfTime, WallClock
from gosim.runtime.program import Function


class _Slow(Function):
    """A program that takes too long to load, once."""

    loads = 0
    first = 2

    def start(self) -> tuple[Callable[[], Any], dict[str, Any]]:
        self.loads += 1
        if self.loads == self.first:
            raise WallClock
        return super().start()


def test_time_that_ends_while_the_program_is_loaded_again_is_a_bound() -> None:
    found = explore(_Slow(lab.mutexes(3)), wall=60.0)
    assert (found.schedules, found.complete) == (1, False)
    assert found.bound is not None and "60 s of real time (--wall)" in found.bound


def test_time_that_ends_before_the_program_has_run_is_an_error() -> None:
    program = _Slow(lab.mutexes(3))
    program.first = 1
    with pytest.raises(OutOfTime, match="stopped after 60 s"):
        explore(program, wall=60.0)


def test_the_budget_of_schedules_is_named() -> None:
    found = explore(Function(lab.mutexes(3)), max_schedules=2)
    assert (found.schedules, found.complete) == (2, False)
    assert found.bound is not None and "--max-schedules" in found.bound


def test_an_exploration_without_bound_is_complete() -> None:
    found = explore(Function(lab.mutexes(3)))
    assert found.complete and found.clean
    assert found.verdict() == "never leaks, deadlocks or panics in 6 schedules; complete"
