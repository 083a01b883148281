"""A way, and its token, bring the program back to exactly where it was."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import gosim as gs
from gosim.explore.exploration import Case
from gosim.explore.replay import Marked, Ticket
from gosim.explore.search import Trial, explore
from gosim.explore.walk import Walk
from gosim.explore.way import Deviation, Way
from gosim.runtime.errors import NotRepeatable, UsageError
from gosim.runtime.program import Function
from gosim.runtime.token import decode
from tests.explore_lab import Main, philosophers, random_program
from tests.explore_replays import digest, recorded, replayed
from tests.test_determinism import other_pythons, said

ROOT = Path(__file__).parent.parent


def answers() -> Any:
    """Three workers, one answer is read: who is left over depends on the schedule."""

    async def main() -> None:
        results = gs.chan(int)

        async def worker(i: int) -> None:
            await results.send(i)

        for i in range(3):
            gs.go(worker, i)
        print("first:", await results.recv())

    return main


def token_of(main: Main, way: Way, **options: Any) -> str:
    trial = Trial(Function(main), **options)
    marked = Marked(way)
    trial.once(marked)
    return marked.ticket(trial.timers, trial.early_ticks).token()


def cases(main: Main, **options: Any) -> list[Case]:
    return explore(Function(main), **options).cases


@pytest.mark.parametrize("make", [answers, lambda: philosophers(3), lambda: random_program(52)])
def test_a_token_replays_the_run_that_was_explored(make: Callable[[], Main]) -> None:
    main = make()
    found = cases(main)
    assert len(found) > 1
    for case in found:
        token = token_of(main, case.way)
        run = gs.run(main, replay=token)
        assert run.to_dict() == {**case.run.to_dict(), "schedule": token}
        assert run.dump() == case.run.dump()


def test_output_is_fixed_when_main_returns_and_the_others_live_on() -> None:
    async def main() -> None:
        async def late() -> None:
            print("heard at times")

        gs.go(late)
        print("main")

    found = cases(main)
    assert {case.run.stdout for case in found} == {
        "main\n",
        "main\nheard at times\n",
        "heard at times\nmain\n",
    }
    for case in found:
        run = gs.run(main, replay=token_of(main, case.way))
        assert (run.outcome, run.stdout, run.exit_code) == ("ok", case.run.stdout, 0)
        assert run.goroutines == []


def test_a_panic_is_the_end_for_who_looks_from_outside() -> None:
    async def main() -> None:
        ch = gs.chan(int, 1)

        async def closes() -> None:
            await ch.close()

        gs.go(closes)
        await ch.send(1)
        print("sent")

    panics = next(case for case in cases(main) if case.outcome.kind == "panic")
    run = gs.run(main, replay=token_of(main, panics.way))
    assert (run.outcome, run.exit_code, run.stdout) == ("panic", 2, "")
    assert run.stderr.startswith("panic: send on closed channel\n\ngoroutine 1 [running]:\n")


def test_a_replayed_run_can_be_recorded_and_drawn() -> None:
    main = answers()
    for case in cases(main):
        run = gs.run(main, replay=token_of(main, case.way))
        assert [event.kind for event in run.recording().events].count("print") == 1
        assert run.timeline() is not None
        assert run.stepper() is not None
        assert run.alive() is not None
        assert len(run.graph()) > 0


def test_a_ticket_is_its_token() -> None:
    for stopped in (False, True):
        for timers in ("any", "late"):
            deviations = (Deviation(0, 1), Deviation(130, 2), Deviation(70_000, 300))
            way = Way.of(deviations, 70_001, stopped)
            ticket = Ticket(way, (0, 7, 255), 0xFFFE, timers, 200)
            read = decode_explore(ticket.token(seed=-5))
            assert (read.seed, Ticket.of(read.payload or b"")) == (-5, ticket)
    with pytest.raises(UsageError, match="ends too early"):
        Ticket.of(b"\x10\0")
    with pytest.raises(UsageError, match="made by another version of gosim"):
        Ticket.of(b"\0\0")


@given(
    st.lists(st.tuples(st.integers(1, 10**6), st.integers(1, 10**5), st.integers(0, 255))),
    st.integers(-(10**9), 10**9),
    st.integers(0, 0xFFFF),
)
def test_every_way_has_its_token(parts: list[tuple[int, int, int]], seed: int, end: int) -> None:
    at, deviations = -1, []
    for distance, choice, _ in parts:
        at += distance
        deviations.append(Deviation(at, choice))
    ticket = Ticket(Way.of(deviations, at + 1), tuple(mark for _, _, mark in parts), end)
    read = decode_explore(ticket.token(seed))
    assert (read.seed, Ticket.of(read.payload or b"")) == (seed, ticket)


def test_timers_are_replayed_as_they_were_explored() -> None:
    async def main() -> None:
        async def ticks() -> None:
            ticker = gs.time.new_ticker(10)
            for _ in range(2):
                await ticker.C.recv()
                print("tick")

        gs.go(ticks)
        await gs.time.sleep(15)
        print("main")

    told: dict[str, set[str]] = {}
    for timers in ("any", "late"):
        for case in cases(main, timers=timers, early_ticks=3):
            run = gs.run(main, replay=case.token)
            assert run.to_dict() == case.run.to_dict()
            told.setdefault(timers, set()).add(run.stdout)
    assert told["late"] == {"tick\nmain\n"}
    assert len(told["any"]) > 1


def decode_explore(token: str) -> Any:
    from gosim.explore.replay import install

    install()
    return decode(token)


def test_tokens_are_short() -> None:
    main = philosophers(5)
    found = cases(main, strategy=Walk(60), minimise=0)
    assert max(len(token_of(main, case.way)) - 6 * case.way.count for case in found) < 40


def test_a_token_of_another_program_is_noticed() -> None:
    main = philosophers(3)
    for case in cases(main):
        token = token_of(main, case.way)
        for other in (philosophers(4), philosophers(2), philosophers(3, ordered=True)):
            with pytest.raises(NotRepeatable, match="another program, variant or version of Go"):
                gs.run(other, replay=token)


def test_a_step_that_is_not_there_is_noticed() -> None:
    with pytest.raises(NotRepeatable, match="step 2 chose number 8 of 3 steps"):
        Trial(Function(philosophers(2))).follow(Way.of([Deviation(1, 7)], 5))


def test_an_execution_that_was_stopped_stops_again() -> None:
    async def main() -> None:
        count = gs.atomic.Int64()
        while True:
            await count.add(1)

    (case,) = cases(main, max_steps=20)
    assert case.way.stopped
    token = token_of(main, case.way)
    run = gs.run(main, replay=token)
    assert run.to_dict() == {**case.run.to_dict(), "schedule": token}


def test_the_seed_of_the_program_is_in_the_token() -> None:
    async def main() -> None:
        print(gs.rand.int_n(1_000_000))

    trial = Trial(Function(main), options={"seed": 7})
    marked = Marked(Way.of((), 0))
    _, run = trial.once(marked)
    way = Way.of((), marked.length)
    marked = Marked(way)
    trial.once(marked)
    again = gs.run(main, replay=marked.ticket("any", 8).token(seed=7))
    assert (again.stdout, again.seed) == (run.stdout, 7)


PROGRAM = """
import gosim as gs

async def worker(results, i):
    await results.send(i)

async def main():
    results = gs.chan(int)
    done = gs.time.after(5)
    for i in range(3):
        gs.go(worker, results, i)
    i, v, ok = await gs.select(gs.recv(results), gs.recv(done))
    print("first:", i, v)
"""


def test_a_token_replays_from_the_command_line(tmp_path: Path) -> None:
    from gosim.runtime.program import File

    file = tmp_path / "answers.py"
    file.write_text(PROGRAM, encoding="utf-8")
    found = explore(File(str(file))).cases
    assert len(found) > 3
    for case in found[:4]:
        trial = Trial(File(str(file)))
        marked = Marked(case.way)
        trial.once(marked)
        token = marked.ticket(trial.timers, trial.early_ticks).token()
        drawn = {"timeline": "t.svg", "graph": "g.dot", "html": "p.html", "trace": "t.json"}
        options = [f"--{what}={tmp_path / name}" for what, name in drawn.items()]
        done = subprocess.run(
            [sys.executable, "-m", "gosim", "run", file, "--json", "--replay", token, *options],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["stdout"] == case.run.stdout
        assert json.loads(done.stdout)["outcome"] == case.outcome.kind
        assert token in (tmp_path / "p.html").read_text(encoding="utf-8")


def test_replays_have_the_events_that_were_written_down() -> None:
    """Every Python compares with what was written down once: ``tests/explore_replays.py``."""
    assert len(recorded()) >= 15
    assert replayed() == recorded()


@pytest.mark.slow
def test_replays_have_the_same_events_on_every_python() -> None:
    pythons = other_pythons()
    if not pythons:
        pytest.skip("no other supported Python is installed")
    code = "from tests.explore_replays import digest; print(digest())"
    mine = digest()
    assert {python: said(python, code) for python in pythons} == dict.fromkeys(pythons, mine)
