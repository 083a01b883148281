"""A recording tells what happened, and its states are those the world was in."""

from __future__ import annotations

from typing import Any

import pytest

import gosim as gs
from gosim import chan, go
from gosim.leaks.recording import Recorder, State, brief
from gosim.runtime.chan import Chan, goroutine
from tests.random_programs import main_of
from tests.scenario_cases import Variant, variants

MOST = 500
PYTHON = [v for v in variants() if "python" in v.sources]


class Mirror(Recorder):
    """Compares the state that its events give with the world, whenever a goroutine is chosen."""

    def __init__(self) -> None:
        super().__init__()
        self.state = State()
        self.compared = 0
        self.applied = 0

    def goroutine_picked(self, g: Any) -> None:
        super().goroutine_picked(g)
        world, state = self._world, self.state
        for event in self._events[self.applied :]:
            state.apply(event)
        self.applied = len(self._events)
        if not g.id:
            return
        if self.compared == MOST or len(world.allgs) > 300:
            return  # what holds for the first ones holds for the next, and time is short
        self.compared += 1
        assert state.running == g.id
        queue = [state.runnext] * bool(state.runnext) + state.runq
        assert sorted(queue) == sorted(g.id for g in world.runnable() if g.id)
        assert {i for i, at in state.goroutines.items() if at.state != "gone"} == {
            other.id for other in world.allgs
        }
        for other in world.allgs:
            if other is not g and other.id not in queue:
                at = state.goroutines[other.id]
                assert (at.state, at.reason) == ("waiting", other.wait_reason)
        for key, number in self._numbers.items():
            ch = self._refs[key]()
            if isinstance(ch, Chan) and not ch.is_nil:  # nobody stands in a queue of nil
                queues = state.thing(number)
                assert queues.buffer == [brief(value) for value in ch.buf or ()]
                assert queues.closed == ch.closed
                assert queues.sendq == waiters(ch.sendq)
                assert queues.recvq == waiters(ch.recvq)


def waiters(queue: Any) -> list[int]:
    return [goroutine(sg).id for sg in queue or () if getattr(sg, "fired", -1) < 0]


@pytest.mark.parametrize("variant", PYTHON, ids=lambda v: v.id)
def test_states_are_the_worlds_in_every_scenario(variant: Variant) -> None:
    mirror = Mirror()
    gs.run(str(variant.py_file), observers=[mirror])
    assert mirror.compared


@pytest.mark.parametrize("policy", ["go", "fifo", "random"])
def test_states_are_the_worlds_in_random_programs(policy: str) -> None:
    for seed in range(60):
        mirror = Mirror()
        gs.run(main_of(seed), policy=policy, seed=seed, observers=[mirror])
        assert mirror.compared


async def two_answers() -> None:
    answers = chan(str)

    async def ask(server: str) -> None:
        await answers.send(server)

    go(ask, "a")
    go(ask, "b")
    print("first:", await answers.recv())


def kinds(run: gs.Run) -> list[tuple[Any, ...]]:
    return [(e.kind, e.g, e.other, e.text, e.value) for e in run.recording().events]


def test_a_recording_tells_who_did_what() -> None:
    run = gs.run(two_answers)
    assert kinds(run) == [
        ("go", 0, 1, "", ""),
        ("ready", 0, 1, "", ""),
        ("run", 1, 0, "only", ""),
        ("go", 1, 7, "", ""),
        ("ready", 1, 7, "", ""),
        ("go", 1, 8, "", ""),
        ("ready", 1, 8, "", ""),
        ("park", 1, 0, "chan receive", ""),
        ("run", 8, 0, "runnext", ""),
        ("ready", 8, 1, "", ""),
        ("send", 8, 1, "", '"b"'),
        ("end", 8, 0, "returned", ""),
        ("run", 1, 0, "runnext", ""),
        ("print", 1, 0, "first: b\n", ""),
        ("end", 1, 0, "returned", ""),
        ("return", 0, 0, "", ""),
        ("run", 7, 0, "only", ""),
        ("park", 7, 0, "chan send", '"a"'),
    ]
    things = run.recording().things
    assert [(t.kind, t.name, t.cap) for t in things.values()] == [("chan", "answers", 0)]


def test_recording_while_it_runs_is_the_same_as_running_again() -> None:
    again = gs.run(two_answers)
    at_once = gs.run(two_answers, record=True)
    assert at_once.recorded is not None and again.recorded is None
    assert at_once.recording().events == again.recording().events
    assert at_once.to_dict() == again.to_dict()


def test_a_program_that_is_not_repeatable_is_told_so() -> None:
    times = []

    async def main() -> None:
        times.append(1)
        print(len(times))

    run = gs.run(main)
    with pytest.raises(gs.UsageError, match=r"not repeatable.*record=True"):
        run.recording()


def test_a_run_on_somebody_elses_terms_must_be_recorded_at_once() -> None:
    run = gs.run(two_answers, observers=[gs.Observer()])
    with pytest.raises(gs.UsageError, match=r"cannot be done again.*record=True"):
        run.recording()


def test_a_recording_keeps_no_object_of_the_program() -> None:
    async def main() -> None:
        for _ in range(3):
            await gs.chan(int, 1).send(1)

    run = gs.run(main, record=True)
    assert len(run.recording().things) == 3, "one identity after the other, three channels"


def test_recording_changes_nothing_about_memory() -> None:
    for variant in PYTHON:
        if variant.folder.parent.name == "memory" and variant.name == "leak":
            plain = gs.run(str(variant.py_file))
            recorded = gs.run(str(variant.py_file), record=True)
            assert plain.to_dict() == recorded.to_dict(), variant.id


def test_a_recorder_stops_at_its_limit() -> None:
    recorder = Recorder(most=10)
    gs.run(two_answers, observers=[recorder])
    assert recorder.recording.cut
    assert len(recorder.recording.events) == 10
    list(recorder.recording.states())


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "nil"),
        (True, "true"),
        (3, "3"),
        (10**40, "1" + "0" * 23 + "…"),
        ("a\nb", '"a\\nb"'),
        ("x" * 40, '"' + "x" * 24 + '…"'),
        ((), "{}"),
        ([1], "a list"),
        (print, "a function"),
    ],
)
def test_values_are_brief(value: Any, text: str) -> None:
    assert brief(value) == text


def test_records_are_named_in_a_line() -> None:
    run = gs.run(two_answers, record=True, memory=True, why=True)
    assert repr(run.recording()) == "<Recording: 18 events of 3 goroutines>"
    assert repr(run.alive()) == "<Alive: the roots reach all but 1 of 1>"
    assert "bytes live when main returns" in repr(run.memory_record)
