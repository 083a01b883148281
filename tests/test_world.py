"""Laws of the world: the clock, computing, pollers, budgets, observers, a shared calendar."""

from __future__ import annotations

from typing import Any

import pytest
import simpy

import gosim as gs
from gosim import chan, default, go, recv, select
from gosim.runtime.proc import EPOCH_NS

MS = 1_000_000
SECOND = 1000 * MS


def test_computing_costs_no_time_and_sleeping_costs_exactly_its_own() -> None:
    async def main() -> None:
        start = gs.time.now()
        for _ in range(1000):
            pass
        print(gs.time.since(start))
        await gs.time.sleep(1500 * MS)
        print(gs.time.since(start))

    run = gs.run(main)
    assert run.stdout == "0s\n1.5s\n"
    assert run.virtual_ns == 1500 * MS


def test_the_clock_starts_in_the_year_2000() -> None:
    async def main() -> None:
        print(gs.time.now())

    assert gs.run(main).stdout == "2000-01-01 00:00:00 +0000 UTC\n"
    assert EPOCH_NS == 946_684_800 * SECOND


def test_everything_due_at_one_instant_fires_before_any_goroutine_runs() -> None:
    async def main() -> None:
        ch = chan(int, 10)

        async def sleeper(i: int) -> None:
            await gs.time.sleep(MS)
            await ch.send(i)
            if i == 3:  # the last one readied runs first, and all others are runnable by then
                print(gs.runtime.num_goroutine(), len(ch))

        for i in range(5):
            go(sleeper, i)
        await gs.time.sleep(2 * MS)

    assert gs.run(main).stdout == "6 1\n"


def test_work_burns_processor_time_and_preempts_after_ten_milliseconds() -> None:
    async def main() -> None:
        start = gs.time.now()

        async def busy() -> None:
            await gs.work(50 * MS)
            print("busy", gs.time.since(start))

        go(busy)
        await gs.time.sleep(MS)
        print("slept", gs.time.since(start))

    run = gs.run(main)
    assert run.stdout == "slept 10ms\n"  # main had to wait for the end of a slice
    assert run.after_main.virtual_ns == 40 * MS


@pytest.mark.parametrize(("procs", "expected"), [(1, "80ms"), (2, "40ms"), (4, "20ms")])
def test_work_is_shared_by_the_processors(procs: int, expected: str) -> None:
    async def main() -> None:
        wg = gs.sync.WaitGroup()
        start = gs.time.now()

        async def worker() -> None:
            await gs.work(20 * MS)
            await wg.done()

        await wg.add(4)
        for _ in range(4):
            go(worker)
        await wg.wait()
        print(gs.time.since(start))

    assert gs.run(main, procs=procs).stdout == expected + "\n"


def test_work_takes_whole_nanoseconds() -> None:
    async def main() -> None:
        await gs.work(0.5)  # type: ignore[arg-type]

    with pytest.raises(gs.UsageError, match=r"test_world.py:\d+: work\(d\): durations are integer"):
        gs.run(main)


def test_a_loop_that_only_looks_at_the_clock_ends_and_is_noted() -> None:
    async def main() -> None:
        start = gs.time.now()
        gs.time.after_func(SECOND, lambda: None)
        while gs.time.since(start) < SECOND:
            await gs.gosched()
        print("over")

    run = gs.run(main)
    assert run.stdout == "over\n"
    assert any("spinning" in note and "test_world.py:" in note for note in run.notes)


def test_a_poller_lets_others_work() -> None:
    async def main() -> None:
        ch = chan(int)

        async def slow() -> None:
            await gs.time.sleep(SECOND)
            await ch.send(7)

        go(slow)
        while True:
            i, v, _ = await select(recv(ch), default)
            if i == 0:
                break
        print(v)

    assert gs.run(main).stdout == "7\n"


def test_a_poller_that_waits_for_nothing_ends_by_the_step_budget() -> None:
    async def main() -> None:
        ch = chan(int)
        while True:
            await select(recv(ch), default)

    run = gs.run(main, max_steps=200_000)
    assert (run.outcome, run.limit, run.exit_code) == ("limit", "steps", None)
    assert "steps (the budget)" in run.notes[0]


def test_a_loop_without_an_operation_ends_by_the_wall_budget() -> None:
    async def main() -> None:
        print("before")
        while True:
            pass

    run = gs.run(main, wall=0.3)
    assert (run.outcome, run.limit, run.stdout) == ("limit", "wall", "before\n")


def test_the_wall_budget_holds_in_a_thread_too() -> None:
    import threading

    async def main() -> None:
        while True:
            pass

    runs: list[gs.Run] = []
    thread = threading.Thread(target=lambda: runs.append(gs.run(main, wall=0.3)))
    thread.start()
    thread.join(20)
    assert runs[0].limit == "wall"


def test_spawning_without_end_ends_by_the_goroutine_budget() -> None:
    async def main() -> None:
        async def again() -> None:
            await chan().recv()

        while True:
            go(again)

    run = gs.run(main, max_goroutines=1000)
    assert (run.outcome, run.limit) == ("limit", "goroutines")
    assert "1000 goroutines" in run.notes[0]


def test_an_endless_service_is_cut_at_until() -> None:
    async def main() -> None:
        async for _ in gs.time.new_ticker(SECOND).C:
            pass

    run = gs.run(main, until=10 * SECOND)
    assert (run.outcome, run.limit, run.virtual_ns) == ("limit", "until", 10 * SECOND)


def test_daemons_and_ignored_functions_are_left_out_of_the_verdict() -> None:
    async def background() -> None:
        await chan().recv()

    async def main() -> None:
        go(background, daemon=True)

    async def other() -> None:
        go(background)

    assert gs.run(main).outcome == "ok"
    assert gs.run(other).outcome == "leak"
    ignoring = gs.run(
        other,
        ignore=["main.test_daemons_and_ignored_functions_are_left_out_of_the_verdict.background"],
    )
    assert ignoring.outcome == "ok"


def test_main_that_returns_ends_the_process_but_not_the_judgement() -> None:
    async def main() -> None:
        async def late() -> None:
            await gs.time.sleep(SECOND)
            print("never seen")

        go(late)
        print("bye")

    run = gs.run(main)
    assert (run.stdout, run.exit_code, run.outcome) == ("bye\n", 0, "ok")
    assert run.virtual_ns == 0
    assert run.after_main.virtual_ns == SECOND


def test_a_panic_after_main_is_reported_apart() -> None:
    async def main() -> None:
        async def late() -> None:
            await gs.time.sleep(SECOND)
            gs.panic("late")

        go(late)

    run = gs.run(main)
    assert run.exit_code == 0
    assert run.after_main.panic is not None
    assert run.after_main.panic.startswith("panic: late\n")


def test_a_simpy_model_shares_the_calendar() -> None:
    env = simpy.Environment()
    seen: list[Any] = []

    def machine() -> Any:
        yield env.timeout(5 * MS)
        seen.append(("machine", env.now))
        return "part"

    process = env.process(machine())

    async def main() -> None:
        await gs.time.sleep(3 * MS)
        seen.append(("main", env.now))
        seen.append(await gs.event(process))
        await gs.time.sleep(MS)
        seen.append(("main", env.now))

    run = gs.run(main, env=env)
    assert run.outcome == "ok"
    assert seen == [("main", 3 * MS), ("machine", 5 * MS), "part", ("main", 6 * MS)]


def test_stopped_timers_are_swept_from_the_calendar() -> None:
    env = simpy.Environment()
    longest = 0

    async def main() -> None:
        nonlocal longest
        for _ in range(10_000):
            timer = gs.time.after_func(SECOND, lambda: None)
            await timer.stop()
            longest = max(longest, len(env._queue))

    run = gs.run(main, env=env)
    assert longest < 200
    assert run.virtual_ns == 0


def test_goroutine_ids_are_those_of_go() -> None:
    async def main() -> None:
        for _ in range(3):
            go(blocked)

    async def blocked() -> None:
        await chan().recv()

    assert [g.id for g in gs.run(main, go="1.22").goroutines] == [6, 7, 8]
    assert [g.id for g in gs.run(main, go="1.27").goroutines] == [7, 8, 9]


def test_a_run_inside_a_run_is_refused() -> None:
    async def inner() -> None:
        pass

    async def main() -> None:
        gs.run(inner)

    with pytest.raises(gs.UsageError, match="a run is already going on"):
        gs.run(main)
    assert gs.run(inner).outcome == "ok"


def test_abandoned_coroutines_neither_print_nor_complain(capfd: pytest.CaptureFixture[str]) -> None:
    async def main() -> None:
        ch = chan(int)

        async def stubborn() -> None:
            try:
                await ch.recv()
            finally:
                print("finally")
                await ch.recv()

        go(stubborn)

    run = gs.run(main)
    assert run.stdout == ""
    import gc

    gc.collect()
    captured = capfd.readouterr()
    assert (captured.out, captured.err) == ("", "")


def test_nothing_is_left_changed_in_the_interpreter() -> None:
    import gc
    import sys
    import time

    before = (sys.stdout, sys.stderr, time.sleep, gc.get_threshold(), sys.getrecursionlimit())

    async def main() -> None:
        {}["x"]  # type: ignore[index]

    gs.run(main)
    after = (sys.stdout, sys.stderr, time.sleep, gc.get_threshold(), sys.getrecursionlimit())
    assert before == after


def test_observers_hear_a_value_change_hands() -> None:
    class Ears(gs.Observer):
        def __init__(self) -> None:
            self.heard: list[str] = []

        def goroutine_parked(self, g: Any, reason: str, on: Any) -> None:
            self.heard.append(f"{g} parked: {reason}")

        def channel_sent(self, ch: Any, value: Any, to: Any) -> None:
            self.heard.append(f"sent {value} to {to}")

        def printed(self, text: str) -> None:
            self.heard.append(f"printed {text!r}")

    async def main() -> None:
        ch = chan(str)

        async def sender() -> None:
            await ch.send("x")

        go(sender)
        print(await ch.recv())

    ears = Ears()
    gs.run(main, observers=(ears,))
    assert ears.heard == [
        "G1 parked: chan receive",
        "sent x to G1",
        "printed 'x'",
        "printed '\\n'",
    ]


def test_whatever_can_be_called_is_called_later() -> None:
    import functools

    async def asynchronous(text: str) -> None:
        await gs.time.sleep(MS)
        print(text)

    class Thing:
        def __call__(self) -> None:
            print("object")

    async def main() -> None:
        ch = chan(int)
        go(print, "builtin")
        go(functools.partial(asynchronous, "partial"))
        go(Thing())
        go(ch.send, 5)
        go(lambda: ch.send(6))
        print("first")
        print(await ch.recv(), await ch.recv())
        await gs.time.sleep(2 * MS)

    run = gs.run(main)
    assert run.stdout.splitlines()[0] == "first"
    words = ["first", "builtin", "object", "partial", "5", "6"]
    assert sorted(run.stdout.split()) == sorted(words)
    assert run.outcome == "ok"


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("for", "received from with `async for v in ch`"),
        ("with", "held with `async with`"),
        ("add", r"gosim's \w+\(\) failed with TypeError"),
        ("arity", r"run\(main, \*args\): .* missing 1 required"),
    ],
)
def test_python_used_wrongly_on_gosim_is_explained_with_the_line(what: str, text: str) -> None:
    async def main(*args: Any) -> None:
        if what == "for":
            for _ in chan(int):  # type: ignore[attr-defined]
                pass
        elif what == "with":
            with gs.sync.Mutex():
                pass
        else:
            await gs.sync.WaitGroup().add("x")  # type: ignore[arg-type]

    async def needs_one(n: int) -> None:
        pass

    with pytest.raises(gs.UsageError, match=text) as caught:
        gs.run(needs_one if what == "arity" else main)
    if what != "arity":
        assert caught.value.file is not None
        assert caught.value.file.endswith("test_world.py")


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: gs.bytes.new_buffer(3), "new_buffer: 3 is no slice; make_slice and"),  # type: ignore[arg-type]
        (lambda: gs.bytes.Buffer("ab"), "Buffer: 'ab' is no slice; make_slice and"),  # type: ignore[arg-type]
        (lambda: gs.types.draw(3), "draw: 3 is no Go type; use int,"),
    ],
    ids=["function", "constructor", "type"],
)
def test_what_gosim_itself_says_of_an_argument_is_the_message(call: Any, text: str) -> None:
    async def main() -> None:
        call()

    with pytest.raises(gs.UsageError) as caught:
        gs.run(main)
    assert f": {text}" in str(caught.value) and "failed with" not in str(caught.value)


@pytest.mark.parametrize("main", [None, 3, lambda: None])
def test_what_is_no_main_is_refused(main: Any) -> None:
    with pytest.raises(gs.UsageError, match=r"coroutine function"):
        gs.run(main)
