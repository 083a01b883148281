"""The plug-in of pytest: the assertions of `gosim.testing` as fixtures.

>>> def test_the_pool(never_leaks):  # doctest: +SKIP
...     never_leaks("pool.go")

A test that is marked ``@pytest.mark.gosim(max_schedules=500)`` passes these options on.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from gosim import testing


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known."""
    config.addinivalue_line(
        "markers", "gosim(**options): options for the explorations of this test's fixtures"
    )


def _with_options(function: Callable[..., Any], request: pytest.FixtureRequest) -> Any:
    mark = request.node.get_closest_marker("gosim")
    return partial(function, **(mark.kwargs if mark is not None else {}))


@pytest.fixture
def explore(request: pytest.FixtureRequest) -> Any:
    """`gosim.testing.explore`."""
    return _with_options(testing.explore, request)


@pytest.fixture
def never_leaks(request: pytest.FixtureRequest) -> Any:
    """`gosim.testing.assert_never_leaks`."""
    return _with_options(testing.assert_never_leaks, request)


@pytest.fixture
def never_deadlocks(request: pytest.FixtureRequest) -> Any:
    """`gosim.testing.assert_never_deadlocks`."""
    return _with_options(testing.assert_never_deadlocks, request)


@pytest.fixture
def never_panics(request: pytest.FixtureRequest) -> Any:
    """`gosim.testing.assert_never_panics`."""
    return _with_options(testing.assert_never_panics, request)


@pytest.fixture
def always_terminates(request: pytest.FixtureRequest) -> Any:
    """`gosim.testing.assert_always_terminates`."""
    return _with_options(testing.assert_always_terminates, request)
