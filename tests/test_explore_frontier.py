"""Laws of divided search: whoever explores which part, the executions are the same."""

from __future__ import annotations

import json
import random
from collections import Counter
from typing import Any

import pytest

from gosim.explore.frontier import Frontier, Part, Task
from tests.explore_lab import (
    Main,
    explored,
    filesystem,
    indexer,
    lastzero,
    mutexes,
    once,
    philosophers,
    random_program,
    readers,
    trace_of,
)


def slice_of(main: Main, task: Task, most: int) -> tuple[list[Any], int, Any]:
    """Run at most so many executions of a part; return their traces and what is left."""
    part = Part(task)
    traces = []
    for _ in range(most):
        control, _ = once(main, part)
        if not part.cut:
            traces.append(trace_of(control.steps))
        if not part.advance(control):
            break
    return traces, part.blocked, part.rest()


def divided(
    main: Main, seed: int, workers: int, most: int, saved: bool = False
) -> tuple[list[Any], int]:
    """Explore with workers that end in any order, some of them without an answer."""
    rnd = random.Random(seed)
    frontier = Frontier()
    busy: list[tuple[int, Any]] = []
    traces: list[Any] = []
    blocked = 0
    while True:
        while len(busy) < workers:
            frontier.divide(workers - len(busy))
            if not frontier.waiting:
                break
            task = frontier.give()
            busy.append((task.number, slice_of(main, task, rnd.randint(1, most))))
        if not busy:
            break
        number, (new, cut, rest) = busy.pop(rnd.randrange(len(busy)))
        if rnd.random() < 0.1:
            frontier.again(number)
            continue
        traces += new
        blocked += cut
        assert frontier.accept(number, json.loads(json.dumps(rest)))
        if saved and rnd.random() < 0.2:
            frontier = Frontier(json.loads(json.dumps(frontier.to_plain())))
            busy.clear()
    assert frontier.complete
    return traces, blocked


def check(main: Main, seed: int) -> int:
    whole, cut, _ = explored(main)
    for workers, most, saved in ((1, 3, False), (2, 1, False), (3, 4, True), (5, 9, False)):
        traces, blocked = divided(main, seed, workers, most, saved)
        assert Counter(traces) == Counter(whole)
        assert blocked == cut
    return len(whole)


@pytest.mark.parametrize(
    ("main", "traces"),
    [
        (mutexes(4), 24),
        (philosophers(4), 15),
        (philosophers(4, ordered=True), 14),
        (readers(4), 16),
        (lastzero(4), 28),
        (indexer(12), 8),
    ],
    ids=["mutexes", "philosophers", "ordered", "readers", "lastzero", "indexer"],
)
def test_a_divided_search_runs_each_trace_once(main: Main, traces: int) -> None:
    assert check(main, 1) == traces


@pytest.mark.parametrize("seed", range(20))
def test_a_divided_search_of_a_random_program_runs_what_one_process_runs(seed: int) -> None:
    check(random_program(seed), seed)


@pytest.mark.slow
def test_divided_searches_of_many_random_programs_run_what_one_process_runs() -> None:
    assert sum(check(random_program(seed), seed) >= 5 for seed in range(20, 120)) >= 20


@pytest.mark.slow
@pytest.mark.parametrize(
    ("main", "traces"),
    [
        (mutexes(6), 720),
        (philosophers(6), 63),
        (philosophers(6, ordered=True), 62),
        (readers(8), 256),
        (lastzero(7), 320),
        (indexer(13), 64),
        (filesystem(16), 8),
        (filesystem(18), 32),
    ],
    ids=["mutexes", "philosophers", "ordered", "readers", "lastzero", "indexer", "fs16", "fs18"],
)
def test_a_divided_search_of_a_large_program_runs_each_trace_once(main: Main, traces: int) -> None:
    found, blocked = divided(main, 5, 4, 30)
    assert (len(found), len(set(found)), blocked) == (traces, traces, 0)
