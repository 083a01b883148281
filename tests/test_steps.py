"""Steps show the states of the recording, whatever is folded and left out."""

from __future__ import annotations

import copy
import itertools
import re
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

import gosim as gs
from gosim import chan, go
from gosim.leaks.recording import Event, Recording, State
from gosim.leaks.telling import tell
from gosim.scenario import find
from gosim.views import steps as module
from gosim.views.steps import CELL, EMPTY, Steps, letter
from gosim.views.text import size
from tests.random_programs import main_of
from tests.scenario_cases import Variant, variants

GOROUTINES = [
    v for v in variants() if "python" in v.sources and v.folder.parent.name == "goroutines"
]


def snapshots(recording: Recording) -> list[State]:
    """The state after each event, to keep."""
    return [copy.deepcopy(state) for _, state in recording.states()]


def slots_of(steps: Steps) -> Iterator[dict[str, str]]:
    slots: dict[str, str] = {}
    for step in steps.steps:
        slots.update(step.changes)
        yield slots


def ids(chips: str) -> list[int]:
    return [int(chip[2:]) for chip in chips.split() if chip[0] != "+"]


def more(chips: str) -> int:
    return sum(int(chip[1:]) for chip in chips.split() if chip[0] == "+")


def check(steps: Steps) -> None:
    """Hold every slot of every step against the state of the recording."""
    recording = steps.recording
    states = snapshots(recording)
    of_thing = {n: place.key for place in steps.things for n in place.members}
    of_goroutine = {g: place.key for place in steps.goroutines for g in place.members}
    printed = list(itertools.accumulate(e.text for e in recording.events if e.kind == "print"))
    for step, slots in zip(steps.steps, slots_of(steps), strict=True):
        state = states[step.events[1]]
        check_queues(slots, state)
        check_places(steps, slots, state, step.actors == ())
        check_edges(slots, state, of_goroutine, of_thing)
        if steps.output == recording.stdout:
            shown = steps.output[: int(slots.get("out", "") or 0)]
            assert shown == (printed[state.printed - 1] if state.printed else "")


def check_chips(shown: str, real: list[int]) -> None:
    assert ids(shown) == real[: len(ids(shown))]
    assert len(ids(shown)) + more(shown) == len(real)
    assert len(ids(shown)) >= min(2, len(real))


def check_queues(slots: dict[str, str], state: State) -> None:
    assert ids(slots.get("run", "")) == ([state.running] if state.running else [])
    assert ids(slots.get("next", "")) == ([state.runnext] if state.runnext else [])
    queue = slots.get("queue", "")
    check_chips(queue, state.runq)
    sleeping = sorted(
        (standing.until, g)
        for g, standing in state.goroutines.items()
        if standing.state == "waiting" and standing.until >= 0
    )
    shown = [int(g) for g in re.findall(r" G(\d+)", slots.get("timers", ""))]
    assert shown == [g for _, g in sleeping if g in shown]
    if slots.get("timers", "").count(CELL) < module.MOST_CHIPS - 1:
        assert len(shown) == len(sleeping)


def check_places(steps: Steps, slots: dict[str, str], state: State, judged: bool) -> None:
    for place in steps.goroutines:
        value = slots.get(place.key, "")
        standings = [state.goroutines[g] for g in place.members if g in state.goroutines]
        if not standings:
            assert not value
            continue
        if judged and value[0] in "poe":
            assert any(s.state == "waiting" for s in standings)
        elif place.many:
            counts = Counter(map(letter, standings))
            assert counts[value[0]] == max(counts.values())
            numbers = list(map(int, re.findall(r"\b(\d+) ", value)))
            assert sum(numbers) == len(standings) or value.startswith(f"{value[0]} all ")
        else:
            assert value[0] == letter(standings[0])
            if standings[0].state == "waiting":
                assert (standings[0].value[:15] in value) and (
                    standings[0].reason in value or "asleep" in value
                )
    for place in steps.things:
        if place.many or not slots.get(place.key):
            continue
        queues = state.things.get(place.members[0])
        buffer = queues.buffer if queues else []
        if 0 < place.cap <= module.MOST_CELLS:
            cells = slots[f"{place.key}.buffer"].split(CELL)
            assert len(cells) == place.cap
            filled = [cell for cell in cells if cell != EMPTY]
            for cell, text in zip(filled, buffer, strict=True):
                assert cell == text or (cell[-1] == "…" and text.startswith(cell[:-1]))
        elif place.cap > 0:
            assert slots[f"{place.key}.buffer"].startswith(f"{len(buffer)} of {place.cap}")
        if queues is not None:
            assert (slots[place.key] == "k closed") == queues.closed
            for name, real in (("sendq", queues.sendq), ("recvq", queues.recvq)):
                shown = slots.get(f"{place.key}.{name}", "")
                check_chips(shown, real)


def check_edges(
    slots: dict[str, str], state: State, of_goroutine: dict[int, str], of_thing: dict[int, str]
) -> None:
    waits = {
        (of_goroutine[g], of_thing[abs(n)])
        for g, standing in state.goroutines.items()
        for n in standing.things
    }
    holds = {
        (of_goroutine[g], of_thing[n]) for n, queues in state.things.items() for g in queues.holders
    }
    shown = {tuple(slot.split(">")): value for slot, value in slots.items() if ">" in slot}
    assert {edge for edge, value in shown.items() if "w" in value} == waits
    assert {edge for edge, value in shown.items() if "h" in value} == holds


@pytest.mark.parametrize("variant", GOROUTINES, ids=lambda v: v.id)
def test_steps_of_every_scenario_are_the_states_of_its_recording(variant: Variant) -> None:
    run = gs.run(str(variant.py_file))
    if len(run.recording().events) < 2500:
        check(Steps(run.recording(), run))


@pytest.mark.parametrize("policy", ["go", "fifo", "random"])
def test_steps_of_random_programs_are_the_states_of_their_recordings(policy: str) -> None:
    for seed in range(25):
        run = gs.run(main_of(seed), policy=policy, seed=seed)
        check(Steps(run.recording(), run))


def test_folded_and_cut_steps_are_still_the_states(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, least in (
        ("HEAD", 3), ("TAIL", 12), ("MOST_GOROUTINES", 3), ("MOST_THINGS", 2), ("MOST_CHIPS", 2),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, least)
    folded = cut = 0
    for seed in range(40):
        run = gs.run(main_of(seed), policy="random", seed=seed)
        steps = Steps(run.recording(), run)
        folded += any(place.many for place in (*steps.goroutines, *steps.things))
        cut += bool(steps.note)
        check(steps)
    assert folded > 10 and cut > 10


def test_every_event_is_in_one_step_and_is_told() -> None:
    for seed in range(30):
        recording = gs.run(main_of(seed)).recording()
        steps = Steps(recording)
        seen = [n for step in steps.steps for n in range(step.events[0], step.events[1] + 1)]
        assert seen == list(range(len(recording.events)))
        for step in steps.steps:
            events = recording.events[step.events[0] : step.events[1] + 1]
            for event in events:
                silent = event.kind == "ready" or (event.kind == "timer" and len(events) > 1)
                assert silent or tell(event, recording) in step.text
            assert step.text.endswith(".")
            if len(events) > 1:
                assert any(event.kind == "ready" for event in events)


def test_who_is_made_runnable_belongs_to_what_made_it_so() -> None:
    async def main() -> None:
        ch = chan(int)

        async def send() -> None:
            await ch.send(1)
            await gs.time.sleep(5)

        go(send)
        await ch.recv()

    steps = gs.run(main).stepper()
    kinds = [
        tuple(e.kind for e in steps.recording.events[s.events[0] : s.events[1] + 1])
        for s in steps.steps[:-1]
    ]
    assert kinds == [
        ("go", "ready"), ("run",), ("go", "ready"), ("park",), ("run",), ("ready", "send"),
        ("park",), ("run",), ("end",), ("return",), ("timer", "ready"), ("run",), ("end",),
    ]  # fmt: skip
    assert "hands 1 over ch straight to G1" in steps.steps[5].text
    assert "makes G1 (main.main) runnable" in steps.steps[5].text.replace(
        "main.test_who_is_made_runnable_belongs_to_what_made_it_so.", "main."
    )


async def leak(count: int) -> None:
    results = chan(int)
    mu = gs.sync.Mutex()

    async def worker(i: int) -> None:
        if i == count // 2:
            await mu.lock()
        await results.send(i)

    for i in range(count):
        go(worker, i)
    await results.recv()
    await gs.time.sleep(1)


def test_who_holds_a_lock_is_never_folded() -> None:
    steps = gs.run(leak, 60).stepper()
    holder = next(e.g for e in steps.recording.events if e.kind == "lock")
    alone = {place.members[0] for place in steps.goroutines if not place.many}
    assert {1, holder} <= alone
    assert len(steps.goroutines) <= module.MOST_GOROUTINES
    members = [g for place in steps.goroutines for g in place.members]
    assert sorted(members) == sorted(steps.recording.goroutines)
    check(steps)


def test_the_end_tells_the_verdicts() -> None:
    steps = gs.run(leak, 3).stepper()
    assert steps.steps[-1].text == "The run is over: 2 goroutines are stuck for good."
    end = steps.at(len(steps) - 1)
    stuck = [slot for slot, value in end.items() if value.startswith("p stuck: chan send")]
    assert len(stuck) == 2
    assert "stuck" not in "".join(steps.at(len(steps) - 2).values())


def test_a_long_run_keeps_what_leads_to_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "HEAD", 10)
    monkeypatch.setattr(module, "TAIL", 20)
    run = gs.run(leak, 50)
    whole = len(list(module._groups(run.recording().events)))
    steps = run.stepper()
    assert len(steps) == 31  # and the verdict
    assert steps.note == (
        f"Of {whole + 1} steps the first 10 and the last 21 are here; the {whole - 30} between "
        "them are left out."
    )
    check(steps)
    assert steps.to_text(most=5).count("\n…") == 1


def test_one_gap_grows_until_little_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "HEAD", 40)
    monkeypatch.setattr(module, "TAIL", 50)
    steps = gs.run(leak, 60).stepper()
    texts = [step.text for step in steps.steps]
    whole = len(steps) + steps.left_out[1]
    for count in (1, 7, 30, 2, 1, 40, 3):
        before = len(steps)
        steps.drop(count)
        assert len(steps) == max(2, before - count)
        head, left_out = steps.left_out
        assert len(steps) + left_out == whole
        now = [step.text for step in steps.steps]
        assert now == texts[:head] + texts[len(texts) - len(now) + head :]
        check(steps)


@pytest.mark.parametrize("count", [1, 5, 17, 1000])
def test_leaving_out_more_changes_nothing_but_the_middle(count: int) -> None:
    steps = gs.run(leak, 20).stepper()
    before = [steps.at(n) for n in range(len(steps))]
    whole = len(steps)
    steps.drop(count)
    dropped = min(count, whole - len(steps))
    assert dropped == whole - len(steps) > 0
    head = steps.left_out[0]
    kept = before[:head] + before[head + dropped :]
    assert [steps.at(n) for n in range(len(steps))] == kept
    steps.drop(2)
    assert steps.at(len(steps) - 1) == before[-1]
    check(steps)


def test_the_next_step_of_a_goroutine_is_found() -> None:
    steps = gs.run(leak, 3).stepper()
    for g in steps.recording.goroutines:
        found: list[int] = []
        while (at := steps.next_of(g, found[-1] if found else -1)) is not None:
            found.append(at)
        expected = [
            n
            for n, step in enumerate(steps.steps[:-1])
            if any(
                g in (e.g, e.other)
                for e in steps.recording.events[step.events[0] : step.events[1] + 1]
            )
        ]
        assert found == expected


def test_pending_timers_are_told_until_they_fire() -> None:
    async def main() -> None:
        await gs.select(
            gs.recv(gs.time.after(3 * gs.time.Millisecond)),
            gs.recv(gs.time.after(7 * gs.time.Millisecond)),
        )
        await gs.time.sleep(2 * gs.time.Millisecond)
        await gs.time.sleep(50 * gs.time.Millisecond)

    steps = gs.run(main, go="1.22").stepper()
    seen = dict.fromkeys(slots.get("timers", "") for slots in slots_of(steps))
    assert [re.sub(r" timer \d", " timer", s).split(CELL) for s in seen] == [
        [""], ["3ms timer", "7ms timer"], ["7ms timer"], ["5ms G1", "7ms timer"],
        ["7ms timer", "55ms G1"], ["55ms G1"],
    ]  # fmt: skip


def test_a_goroutine_that_has_just_begun_stands_where_it_first_does_something() -> None:
    steps = gs.run(leak, 1).stepper()
    begun = next(n for n, s in enumerate(steps.steps) if s.changes.get("run") == "rG7")
    slots = steps.at(begun)
    row = next(slot for slot, value in slots.items() if value.startswith("rG7") and "line" in slot)
    assert "await mu.lock()" in steps.rows[int(row.split()[1])].text


def test_the_heap_is_the_newest_sample() -> None:
    run = gs.run(str(find("subslice-keeps-array").first.file("python")))
    recording = run.recording()
    steps = Steps(recording, run)
    states = snapshots(recording)
    values = set()
    for step, slots in zip(steps.steps, slots_of(steps), strict=True):
        at = states[step.events[1]].at
        sample = [s for s in recording.samples if s.at <= at][-1]
        assert slots["heap"].startswith(f"{size(sample.heap_live)} live, {sample.num_gc} coll")
        values.add(slots["heap"])
    assert len(values) > 30
    assert "heap" not in gs.run(leak, 3).stepper().at(5)


def test_source_that_is_long_or_not_there() -> None:
    def rows(*events: tuple[str, int]) -> list[Any]:
        recording = Recording(
            events=[Event("print", 0, 0, 1, file, line, text="x") for file, line in events]
        )
        return module._rows(recording)

    here = __file__
    shown = rows((here, 100), (here, 3))
    numbers = [row.number for row in shown]
    assert numbers == [*range(1, 8), 0, *range(96, 105), 0]
    lines = open(here, encoding="utf-8").read().split("\n")  # noqa: SIM115
    assert all(row.text == lines[row.number - 1] for row in shown if row.number)
    assert [(row.number, row.text) for row in rows(("<gone>", 9), ("<gone>", 4))] == [
        (4, "(no source at hand)"), (9, "(no source at hand)"),
    ]  # fmt: skip


def test_a_long_output_is_cut_in_its_middle() -> None:
    async def main() -> None:
        for i in range(3000):
            print("line", i)

    run = gs.run(main)
    steps = run.stepper()
    assert len(steps.output) < 17_000
    assert steps.output.startswith("line 0\n") and steps.output.endswith("line 2999\n")
    assert "characters are left out" in steps.output
    seen = [int(slots["out"]) for slots in slots_of(steps) if slots.get("out")]
    assert seen == sorted(seen) and seen[-1] == len(steps.output)
    at = next(n for n, s in enumerate(steps.steps) if '"line 2990"' in s.text)
    assert steps.output[: int(steps.at(at)["out"])].endswith("line 2990\n")


def test_a_run_shows_its_steps_as_text_and_html() -> None:
    steps = gs.run(leak, 3).stepper()
    bundle = steps._repr_mimebundle_()
    assert sorted(bundle) == ["text/html", "text/plain"]
    lines = bundle["text/plain"].splitlines()
    assert len(lines) == len(steps)
    assert lines[0] == "   1  The process starts; main is G1 (main.leak)."
    assert list(steps._repr_mimebundle_(include=["text/plain"])) == ["text/plain"]
    assert list(steps._repr_mimebundle_(exclude=["text/plain"])) == ["text/html"]


def test_ten_thousand_goroutines_are_few_places_and_quick() -> None:
    run = gs.run(leak, 10_000)
    recording = run.recording()
    best = 1e9
    for _ in range(3):
        began = time.process_time()
        steps = Steps(recording, run)
        html = steps.to_html()
        best = min(best, time.process_time() - began)
    assert best < 2.0  # 0.6 s on an idle machine
    assert len(html.encode()) < 200_000
    assert len(steps.goroutines) <= module.MOST_GOROUTINES
    last = steps.at(len(steps) - 1)
    assert any("stuck: " in value for value in last.values())
