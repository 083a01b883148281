"""Every event can be told in a sentence that names who, what and where."""

from __future__ import annotations

import re

import pytest

import gosim as gs
from gosim import chan, go
from gosim.leaks.telling import tell
from tests.random_programs import main_of
from tests.scenario_cases import Variant, variants

GOROUTINES = [
    v for v in variants() if "python" in v.sources and v.folder.parent.name == "goroutines"
]


def sentences(run: gs.Run) -> list[str]:
    recording = run.recording()
    return [tell(event, recording) for event in recording.events]


@pytest.mark.parametrize("variant", GOROUTINES, ids=lambda v: v.id)
def test_every_event_of_every_scenario_is_told(variant: Variant) -> None:
    for text in sentences(gs.run(str(variant.py_file))):
        assert re.fullmatch(r"\S.*\.", text, re.DOTALL), text
        assert "None" not in text and "  " not in text.split('"')[0], text


@pytest.mark.parametrize("policy", ["go", "fifo", "random"])
def test_every_event_of_random_programs_is_told(policy: str) -> None:
    for seed in range(30):
        sentences(gs.run(main_of(seed), policy=policy, seed=seed))


def test_a_leak_reads_like_a_story() -> None:
    async def main() -> None:
        answers = chan(str)

        async def ask(server: str) -> None:
            await answers.send(server)

        go(ask, "a")
        go(ask, "b")
        print(await answers.recv())

    told = [re.sub(r":\d+", ":N", text) for text in sentences(gs.run(main))]
    here = "test_telling.py:N"
    assert told[7].endswith(f"waits at {here} to receive from answers: nothing is there.")
    assert told[8].endswith("became runnable last, and the newest goes first (Go's runnext).")
    assert 'hands "b" over answers straight to G1' in told[10]
    assert told[-1].endswith(
        f'waits at {here}: it wants to send "a" on answers, and no receiver is there.'
    )
