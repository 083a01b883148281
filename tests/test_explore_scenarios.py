"""Every scenario at its exploration size: what leaks is shown to leak, what is repaired never does.

In Python and in Go, in every schedule. Those that take long are marked slow; together they are to
stay under a minute each.
"""

from __future__ import annotations

import re
from typing import Any, Literal

import pytest

from gosim.explore.exploration import Exploration
from gosim.explore.search import explore
from gosim.explore.sized import parameters, sized
from gosim.runtime.errors import UsageError
from gosim.scenario import Scenario, Variant, find, scenarios
from tests.scenario_cases import ROOT

SECONDS = 60
"""What the exploration of a repair may take."""

#: These take more than a second or two.
LONG = {
    "cond-signal-missed/broadcast",
    "cond-signal-missed/one-signal-for-five",
    "defer-in-loop/leak",
    "first-answer-wins/buffer-n",
    "first-answer-wins/context",
    "goroutine-burst/burst",
    "map-never-shrinks/fixed",
    "map-set/compared",
    "mutex-never-unlocked/defer",
    "mutex-never-unlocked/early-return",
    "mutex-never-unlocked/unlock",
    "object-pool/emptied",
    "one-sender-ten-receivers/close",
    "one-sender-ten-receivers/send-to-each",
    "retry-storm/context",
    "rows-not-closed/close",
    "rwmutex-recursive-read/lock-once",
    "semaphore-token-lost/defer-release",
    "semaphore-token-lost/leak",
    "shutdown-that-hangs/base-context",
    "shutdown-that-hangs/close",
    "ten-senders-buffer-of-four/buffer-n",
    "ten-senders-buffer-of-four/drain",
    "ten-senders-buffer-of-four/leak",
    "ten-senders-one-receiver/buffer-n",
    "ten-senders-one-receiver/close",
    "ten-senders-one-receiver/default",
    "ticker-never-stopped/stop",
    "ticker-never-stopped/leak",
    "waitgroup-without-done/defer-done",
    "waitgroup-without-done/leak",
    "worker-pool-not-closed/close",
    "worker-pool-not-closed/leak",
}

#: Of compiled programs gosim does not tell yet what is pinned (see tests/test_golang_scenarios.py).
PINNED = {"pointers-cut-off", "shared-buffer", "subslice-keeps-array", "substring-keeps-string"}

#: Each step of a compiled net/http costs more than the whole of a small program.
NETWORK = {"handler-outlives-request", "retry-storm", "shutdown-that-hangs", "unclosed-body"}

Told = Literal["python", "go"]


def repairs(scenario: Scenario, variant: Variant) -> bool:
    """Whether a variant is meant to do no harm."""
    return variant.expect == "ok" and bool(variant.extra.get("repairs", True))


def told(wanted: str) -> list[Any]:
    """Every variant in each of its languages: those that ``repair``, ``fail`` or ``hide``."""
    found = []
    for scenario in scenarios():
        for variant in scenario.variants:
            good = repairs(scenario, variant)
            kind = "repair" if good else "fail" if variant.expect != "ok" else "hide"
            if kind != wanted or variant.expect == "compile-error":
                continue
            for source in variant.sources:
                name = f"{scenario.name}/{variant.name}"
                slow = name in LONG or (source == "go" and scenario.family == "memory")
                slow = slow or (source == "go" and scenario.name in NETWORK)
                marks = [pytest.mark.slow] if slow else []
                case = pytest.param(scenario, variant, source, id=f"{name}-{source}", marks=marks)
                found.append(case)
    return found


def explored(scenario: Scenario, variant: Variant, source: Told, **options: Any) -> Exploration:
    program = sized(scenario, variant, source)
    wall = SECONDS * (3 if source == "go" and scenario.name in NETWORK else 1)
    return explore(program, variant=variant.name, wall=wall, minimise=0, **options)


@pytest.mark.parametrize(("scenario", "variant", "source"), told("repair"))
def test_what_is_repaired_never_fails(scenario: Scenario, variant: Variant, source: Told) -> None:
    exploration = explored(scenario, variant, source)
    assert exploration.complete, exploration.bound
    assert exploration.clean, exploration.verdict()
    assert exploration.schedules > 0


@pytest.mark.parametrize(("scenario", "variant", "source"), told("fail"))
def test_what_leaks_is_shown_to_leak(scenario: Scenario, variant: Variant, source: Told) -> None:
    exploration = explored(scenario, variant, source)
    if source == "go" and scenario.name in PINNED:
        assert exploration.complete and exploration.clean
        return
    assert exploration.complete, exploration.bound
    assert exploration.outcomes.get(variant.expect, 0) > 0, exploration.verdict()


@pytest.mark.parametrize(("scenario", "variant", "source"), told("hide"))
def test_what_only_hides_it_fails_in_some_schedule(
    scenario: Scenario, variant: Variant, source: Told
) -> None:
    """A plain run is well; some other schedule is not."""
    exploration = explored(scenario, variant, source)
    assert exploration.complete, exploration.bound
    first = exploration.cases[0]
    assert (first.outcome.kind, first.way.count) == ("ok", 0)
    assert not exploration.clean


@pytest.mark.parametrize("scenario", scenarios(), ids=lambda s: s.name)
def test_every_scenario_says_at_which_size_it_is_explored(scenario: Scenario) -> None:
    text = (scenario.folder / "scenario.toml").read_text("utf-8")
    assert re.search(r"^explore = ", text, re.M) or ROOT not in scenario.folder.parents
    has = {
        name
        for variant in scenario.variants
        for source in ("python", "go")
        if source in variant.sources
        for name in parameters(variant, "go" if source == "go" else "python")
    }
    assert set(scenario.explore) <= has, "a size that no program has"
    for variant in scenario.variants:
        if {"python", "go"} <= set(variant.sources):
            python, go = parameters(variant), parameters(variant, "go")
            assert {k: python[k] for k in python if k in scenario.explore} == {
                k: go[k] for k in go if k in scenario.explore
            }


def test_a_program_has_the_size_that_is_asked_for() -> None:
    scenario = find("mutex-never-unlocked")
    for source in ("python", "go"):
        for n in (1, 2):
            program = sized(
                scenario, scenario.first, "go" if source == "go" else "python", {"n": n}
            )
            exploration = explore(program, minimise=0)
            kind = "leak" if n > 1 else "ok"
            assert set(exploration.outcomes) == {kind}
            left = {case.outcome.left[0].number for case in exploration.cases if case.outcome.left}
            assert left == ({n - 1} if n > 1 else set())
    with pytest.raises(UsageError, match="ticker-range-after-stop as-printed is told in Go only"):
        sized(find("ticker-range"), find("ticker-range").variant("as-printed"))
