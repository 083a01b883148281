"""The detector lab: who would have noticed in each schedule, and why the others would not."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

import gosim as gs
from gosim import chan, default, go, recv, select, send
from gosim.explore.detectors import DETECTORS, END_CHECK_NS, Detection, detect
from gosim.explore.sized import sized
from gosim.explore.walk import Walk
from gosim.runtime.program import Function
from gosim.scenario import find
from gosim.views.workbench import detectors_text
from tests.record_detectors import RECORDED, chosen

REAL: dict[str, dict[str, str]] = json.loads(RECORDED.read_text("utf-8"))


def lab(name: str, **options: Any) -> Detection:
    """Return what the detectors say of a variant of a scenario, or of a coroutine function."""
    name, _, wanted = name.partition("/")
    scenario = find(name)
    variant = scenario.variant(wanted) if wanted else scenario.first
    return detect(sized(scenario, variant), variant=variant.name, **options)


def tried(main: Callable[[], Any], **options: Any) -> Detection:
    return detect(Function(main), **options)


def reasons(detection: Detection, name: str) -> list[str]:
    return [miss.reason for miss in detection[name].misses]


@pytest.mark.parametrize(
    "name",
    [
        "ab-ba-deadlock",
        "all-asleep",
        "all-asleep/main-lives-on",
        "cond-signal-missed",
        "first-answer-wins/buffer-1",
        "nil-channel",
        "range-never-closed",
        "ticker-range-after-stop/one-way-out",
    ],
)
def test_every_bad_schedule_is_noticed_or_has_a_reason(name: str) -> None:
    detection = lab(name)
    assert detection.bad > 0
    assert [each.name for each in detection.detectors] == list(DETECTORS)
    for each in detection.detectors:
        assert each.bad == detection.bad
        assert each.noticed + sum(miss.schedules for miss in each.misses) == each.bad
        assert bool(each.says) == bool(each.noticed or each.otherwise)
        assert all(miss.reason for miss in each.misses)
    assert detection["every schedule"].noticed == detection.bad
    assert max(map(len, detectors_text(detection, 80).splitlines())) <= 80


def test_the_runtime_sees_that_all_are_asleep_only_if_main_is_too() -> None:
    asleep, alive = lab("all-asleep"), lab("all-asleep/main-lives-on")
    assert (asleep["all asleep"].noticed, alive["all asleep"].noticed) == (1, 0)
    assert (asleep["end check"].noticed, alive["end check"].noticed) == (0, 1)
    assert (asleep["leak profile"].noticed, alive["leak profile"].noticed) == (0, 1)
    assert reasons(asleep, "end check") == [
        "main itself is stuck, so the check at its end never runs"
    ]
    assert reasons(asleep, "leak profile") == [
        "main is stuck as well: nobody is left to ask for the profile"
    ]
    assert reasons(alive, "all asleep") == [
        "main only sleeps, which counts as being awake, and then the process is over"
    ]


def test_the_order_of_locks_is_seen_in_schedules_that_go_well() -> None:
    detection = lab("ab-ba-deadlock")
    order = detection["lock order"]
    assert (order.noticed, order.bad) == (1, 1)
    assert order.otherwise == detection.exploration.outcomes["ok"] == 6
    assert "in both orders" in order.says
    repaired = lab("ab-ba-deadlock/ordered")
    assert (repaired.bad, repaired["lock order"].otherwise) == (0, 0)
    assert "there is nothing to notice" in detectors_text(repaired)


def test_a_lock_that_is_asked_for_twice_is_seen() -> None:
    async def main() -> None:
        mu = gs.sync.Mutex()
        await mu.lock()
        await mu.lock()

    detection = tried(main)
    assert detection["lock order"].says.startswith("recursive locking")
    assert detection["all asleep"].noticed == 1
    lonely = lab("mutex-never-unlocked")
    assert lonely["lock order"].noticed == 0
    assert reasons(lonely, "lock order") == [
        "the locks are in order: who has this one is gone, and took it with it"
    ]


kept: list[Any] = []


def test_the_profile_misses_what_a_global_still_reaches() -> None:
    async def main() -> None:
        queue = chan(int)
        go(queue.recv)

    async def main_with_global() -> None:
        kept[:] = [chan(int)]
        go(kept[0].recv)
        await gs.time.sleep(1)

    assert tried(main)["leak profile"].noticed == 1
    detection = tried(main_with_global)
    assert detection["leak profile"].noticed == 0 < detection.bad
    [reason] = reasons(detection, "leak profile")
    assert "can still be reached from the global variable kept, so it might" in reason
    assert detection["end check"].noticed == detection.bad
    kept.clear()


def test_not_every_go_has_the_profile() -> None:
    detection = lab("nil-channel", go="1.22")
    assert detection["leak profile"].noticed == 0
    assert reasons(detection, "leak profile") == ["Go 1.22 has no such profile"]


@pytest.mark.parametrize(("later", "complains"), [(-1, 0), (1, 1)])
def test_the_end_check_waits_so_long_and_no_longer(later: int, complains: int) -> None:
    async def main() -> None:
        go(gs.time.sleep, END_CHECK_NS + later)

    assert END_CHECK_NS == 431_071_000
    detection = tried(main, timers="late")
    assert (detection.bad, detection["end check"].otherwise) == (0, complains)


def test_the_alarm_rings_when_there_are_more() -> None:
    detection = lab("cost-of-a-goroutine", alarm=3)
    assert detection["count alarm"].noticed == detection.bad > 0
    assert detection["count alarm"].says == "4 goroutines at once, more than 3"
    detection = lab("cost-of-a-goroutine", alarm=4)
    assert detection["count alarm"].noticed == 0
    assert reasons(detection, "count alarm") == [
        "goroutines at once: never more than 4, not above 4"
    ]


def test_the_usual_run_is_not_known_where_it_was_not_run() -> None:
    detection = lab("ab-ba-deadlock", strategy=Walk(3, seed=2))
    assert all(case.way.count for case in detection.exploration.cases)
    assert detection.ordinary == "" and not any(each.ordinary for each in detection.detectors)
    assert detection.bad == 2
    assert "it is not among those" in " ".join(detectors_text(detection).split())


def test_what_dies_of_a_panic_is_seen_by_nobody_else() -> None:
    async def main() -> None:
        ch = chan(int)
        go(ch.recv)
        await ch.close()
        await ch.close()

    detection = tried(main)
    assert detection.bad == detection.exploration.schedules
    for name in ("all asleep", "end check", "lock order", "leak profile"):
        assert detection[name].noticed == 0
        assert all("a panic ends the process" in reason for reason in reasons(detection, name))


def test_memory_that_leaks_is_no_goroutine() -> None:
    detection = lab("map-never-shrinks")
    assert detection.bad == 1
    for name in ("all asleep", "end check", "lock order", "leak profile"):
        assert reasons(detection, name) == ["no goroutine is left over: what is lost is memory"]


def test_the_usual_run_may_show_nothing() -> None:
    async def main() -> None:
        ch = chan(int)
        ready = chan(int, 1)

        async def late() -> None:
            await ch.recv()

        go(late)
        await ready.send(1)
        await select(send(ch, 1), recv(ready))

    detection = tried(main)
    assert (detection.exploration.outcomes["leak"], detection.ordinary) == (detection.bad, "leak")

    async def other() -> None:
        done = chan(int, 1)

        async def offer() -> None:
            i, _, _ = await select(send(done, 1), default)
            if i != 0:
                await chan(int).recv()

        go(offer)
        i, _, _ = await select(recv(done), recv(gs.time.after(1)))
        if i == 1:
            await done.send(2)

    detection = tried(other)
    assert detection.ordinary == "ok" and detection.bad > 0
    assert not any(each.ordinary for each in detection.detectors)
    assert "all goes well" in " ".join(detectors_text(detection).split())


@pytest.mark.parametrize("name", sorted(REAL))
def test_the_real_tools_say_the_same_of_an_ordinary_run(name: str) -> None:
    """goleak 1.2.0 and go-deadlock 0.3.1 under real Go (``python -m tests.record_detectors``)."""
    scenario = find(name.partition("/")[0])
    variant = scenario.variant(name.partition("/")[2])
    size = scenario.explore if scenario.params.get("n", 0) > 100 else {}
    program = sized(scenario, variant, "go", size)
    detection = detect(program, variant=variant.name, max_schedules=1)
    end, order = detection["end check"], detection["lock order"]
    assert end.ordinary == (REAL[name]["goleak"] == "true")
    assert order.says.partition(" ")[0] == REAL[name]["go-deadlock"]


def test_every_program_was_shown_to_the_real_tools() -> None:
    assert set(REAL) == {variant.id for variant in chosen()}


@pytest.mark.slow
def test_two_processes_ask_the_same_detectors() -> None:
    detection = lab("ten-senders-one-receiver/default")
    assert lab("ten-senders-one-receiver/default", jobs=2).to_dict() == detection.to_dict()
