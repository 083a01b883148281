"""Exploration runs each Mazurkiewicz trace once, and none in vain."""

from __future__ import annotations

import math

import explore_lab as lab
import pytest


@pytest.mark.parametrize("n", range(1, 5))
def test_goroutines_on_one_mutex_have_n_factorial_traces(n: int) -> None:
    traces, blocked, _ = lab.explored(lab.mutexes(n))
    assert (len(traces), len(set(traces)), blocked) == (math.factorial(n), math.factorial(n), 0)


@pytest.mark.parametrize("n", range(2, 5))
def test_philosophers_have_one_deadlock(n: int) -> None:
    traces, blocked, runs = lab.explored(lab.philosophers(n))
    assert (len(traces), blocked) == (2**n - 1, 0)
    assert [len(run.goroutines) for run in runs if run.goroutines] == [n]


@pytest.mark.parametrize("n", range(2, 5))
def test_ordered_forks_never_deadlock(n: int) -> None:
    traces, blocked, runs = lab.explored(lab.philosophers(n, ordered=True))
    assert (len(traces), blocked) == (2**n - 2, 0)
    assert not any(run.goroutines for run in runs)


@pytest.mark.parametrize("n", range(1, 6))
def test_readers_have_two_to_the_n_traces(n: int) -> None:
    traces, blocked, _ = lab.explored(lab.readers(n))
    assert (len(traces), blocked) == (2**n, 0)


@pytest.mark.parametrize(("n", "count"), [(1, 2), (2, 5), (3, 12), (4, 28)])
def test_lastzero_has_its_traces(n: int, count: int) -> None:
    traces, blocked, _ = lab.explored(lab.lastzero(n))
    assert (len(traces), blocked) == (count, 0)


@pytest.mark.parametrize(("n", "count"), [(11, 1), (12, 8)])
def test_the_indexer_has_its_traces(n: int, count: int) -> None:
    traces, blocked, _ = lab.explored(lab.indexer(n))
    assert (len(traces), blocked) == (count, 0)


@pytest.mark.parametrize(("n", "count"), [(13, 1), (14, 2), (16, 8)])
def test_the_filesystem_has_its_traces(n: int, count: int) -> None:
    traces, blocked, _ = lab.explored(lab.filesystem(n))
    assert (len(traces), len(set(traces)), blocked) == (count, count, 0)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("main", "count"),
    [
        *((lab.mutexes(n), math.factorial(n)) for n in (5, 6)),
        *((lab.philosophers(n), 2**n - 1) for n in (5, 6)),
        *((lab.philosophers(n, ordered=True), 2**n - 2) for n in (5, 6)),
        *((lab.readers(n), 2**n) for n in (6, 7, 8, 9, 10)),
        *((lab.lastzero(n), (n + 3) * 2 ** (n - 2)) for n in (5, 6, 7, 8)),
        *((lab.indexer(n), 8 ** (n - 11)) for n in (13, 14, 15)),
        *((lab.filesystem(n), 2 ** (n - 13)) for n in (18, 19)),
    ],
    ids=[
        *("mutexes-5", "mutexes-6", "philosophers-5", "philosophers-6", "ordered-5", "ordered-6"),
        *(f"readers-{n}" for n in (6, 7, 8, 9, 10)),
        *(f"lastzero-{n}" for n in (5, 6, 7, 8)),
        *(f"indexer-{n}" for n in (13, 14, 15)),
        *("filesystem-18", "filesystem-19"),
    ],
)
def test_large_programs_have_their_traces(main: lab.Main, count: int) -> None:
    traces, blocked, _ = lab.explored(main)
    assert (len(traces), blocked) == (count, 0)


def compare(seed: int, most: int) -> bool:
    """Hold a random program's exploration against all interleavings; False if they are too many."""
    main = lab.random_program(seed)
    n, all_traces = lab.interleavings(main, most)
    if n == most:
        return False
    traces, _, _ = lab.explored(main)
    assert len(traces) == len(set(traces)), "a trace was run twice"
    assert set(traces) == all_traces
    return True


@pytest.mark.parametrize("seed", range(40))
def test_random_programs_have_the_traces_that_all_interleavings_have(seed: int) -> None:
    compare(seed, 150)


@pytest.mark.slow
def test_many_random_programs_have_the_traces_that_all_interleavings_have() -> None:
    assert sum(compare(seed, 4000) for seed in range(40, 400)) >= 200
