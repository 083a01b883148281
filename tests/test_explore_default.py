"""The default schedule is the one of Go with one processor, told in steps."""

from __future__ import annotations

import pytest

from gosim.explore.search import Trial
from gosim.explore.sized import sized
from gosim.explore.way import Way
from gosim.leaks.run import execute
from gosim.scenario import scenarios

#: It asks how many values wait in a buffer: where a sender that has to wait stands in Go's queue,
#: and its value moves up at once, exploring lets it send after the receive.
_LOOKS_INTO_BUFFERS = {"channel-tour/tour", "channel-tour/unbuffered"}

VARIANTS = {
    f"{scenario.name}/{variant.name}": (scenario, variant)
    for scenario in scenarios()
    for variant in scenario.variants
    if "python" in variant.sources and scenario.family == "goroutines"
}


@pytest.mark.parametrize("name", sorted(set(VARIANTS) - _LOOKS_INTO_BUFFERS))
def test_the_default_schedule_ends_as_a_run_does(name: str) -> None:
    run = execute(sized(*VARIANTS[name]))
    _, followed = Trial(sized(*VARIANTS[name])).follow(Way.of((), 0))
    assert (followed.outcome, followed.stdout) == (run.outcome, run.stdout)
    if run.outcome == "panic":
        return  # in a process that is dead nobody is left
    assert [(g.function, g.wait_reason, g.at) for g in followed.goroutines] == [
        (g.function, g.wait_reason, g.at) for g in run.goroutines
    ]
