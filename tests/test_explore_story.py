"""Stories say what a schedule does otherwise, as the dump of its run calls things."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import gosim as gs
from gosim.explore.minimise import minimise
from gosim.explore.search import Trial, explore
from gosim.explore.story import Telling
from gosim.golang.program import GoProgram
from gosim.leaks import messages
from gosim.leaks.run import Run
from gosim.runtime.program import Function, Program
from tests.explore_lab import Main, random_program


def stories(program: Program | Main, **options: Any) -> dict[str, tuple[list[str], Run]]:
    """Return the first story of each kind of outcome, and its run."""
    if not isinstance(program, Program):
        program = Function(program)
    trial = Trial(program, **options)
    cases = explore(program, **options).cases
    minimise(trial, cases)
    told = {}
    for case in sorted(cases, key=lambda case: case.way):
        telling = Telling(case.way)
        _, run = trial.once(telling, [telling])
        told.setdefault(case.outcome.kind, (telling.story(run, program.written_in), run))
    return told


def here(line: str) -> str:
    """Return the place of a line of this file, as ``file:number``."""
    text = Path(__file__).read_text(encoding="utf-8").splitlines()
    (number,) = (i for i, each in enumerate(text, 1) if each.strip().endswith(f"# {line}"))
    return f"{Path(__file__).name}:{number}"


def test_no_deviation_is_the_default_schedule() -> None:
    async def main() -> None:
        await gs.chan(int).recv()

    (story, _) = stories(main)["deadlock"]
    assert story[0] == "The default schedule does it."
    assert story[1].startswith("main waits at ")


def test_who_comes_before_whom_and_why_it_is_stuck() -> None:
    async def main() -> None:
        mu, done = gs.sync.Mutex(), gs.chan(int)  # made

        async def helper() -> None:
            await mu.lock()
            await done.send(1)  # stuck
            await mu.unlock()

        gs.go(helper)
        await mu.lock()  # locks
        await mu.unlock()
        await gs.select(gs.recv(done), gs.default)

    told = stories(main)
    story, run = told["leak"]
    (left,) = run.goroutines
    name = "main.test_who_comes_before_whom_and_why_it_is_stuck.main"
    assert story[0] == "The default schedule does it."
    assert f"waits at {here('stuck')} to send on done" in story[1]
    deadlock, _ = told["deadlock"]
    assert deadlock[0] == (
        f"The default schedule, except that at step 2 G{left.id} ({name}.helper) starts before "
        f"G1 ({name}) locks mu at {here('locks')}."
    )
    assert [text.partition(" wait")[0] for text in deadlock[1:]] == [
        "main",
        f"goroutine {left.id} ({name}.helper)",
    ]


def test_another_case_is_told_as_what_is_done_instead() -> None:
    async def main() -> None:
        a, b, never = gs.chan(int, 1), gs.chan(int, 1), gs.chan(int)
        await a.send(1)
        await b.send(1)
        i, _, _ = await gs.select(gs.recv(a), gs.recv(b))  # select
        if i == 1:
            await never.recv()

    story, _ = stories(main)["deadlock"]
    who = "G1 (main.test_another_case_is_told_as_what_is_done_instead.main)"
    case = f"{who} takes the case of the select at {here('select')} that receives from"
    assert story[0] == (
        f"The default schedule, except that at step 4 {case} b, where by default {case} a."
    )


def test_a_panic_is_told_with_its_place() -> None:
    async def main() -> None:
        ch = gs.chan(int, 1)

        async def closes() -> None:
            await ch.close()

        gs.go(closes)
        await ch.send(1)  # send

    story, _ = stories(main)["panic"]
    assert story[-1] == f"It ends at {here('send')}: panic: send on closed channel."


def test_who_wakes_and_what_comes_after_main() -> None:
    async def main() -> None:
        ch = gs.chan(int, 1)

        async def late() -> None:
            await gs.time.sleep(10)  # sleep
            await ch.send(1)  # late

        gs.go(late)
        await gs.time.sleep(20)  # main
        await ch.close()

    told = stories(main)
    name = "main.test_who_wakes_and_what_comes_after_main.main"
    story, _ = told["ok"]
    assert story == ["The default schedule does it."]
    story, _ = told["panic"]
    assert f" G1 ({name}) wakes at {here('main')} before G7 ({name}.late) " in story[0]
    assert story[-1] == f"It ends at {here('late')}: panic: send on closed channel."


def test_only_who_has_not_run_yet_starts() -> None:
    async def main() -> None:
        async def ticks() -> None:
            ticker = gs.time.new_ticker(10)
            for _ in range(2):
                await ticker.C.recv()
                print("tick")

        gs.go(ticks)
        await gs.time.sleep(15)

    cases = explore(Function(main), early_ticks=3).cases
    assert len(cases) >= 3
    for case in cases:
        text = " ".join(case.story)
        assert len(re.findall(r"G7 \S+ starts", text)) <= 1
        assert "G7 (main.test_only_who_has_not_run_yet_starts.main.ticks) returns, and" not in text


def test_a_schedule_without_end_says_so() -> None:
    async def main() -> None:
        count = gs.atomic.Int64()
        while True:
            await count.add(1)

    ((story, run),) = stories(main, max_steps=30).values()
    assert run.outcome == "limit"
    assert story[1:] == ["It has not ended after 30 steps."]


def test_a_loop_that_changes_nothing_is_called_one() -> None:
    async def main() -> None:
        while True:
            await gs.gosched()

    ((story, _),) = stories(main).values()
    assert story[1].endswith(" on it goes round in a loop that changes nothing.")


GO = """package main

import (
	"fmt"
	"time"
)

func worker(results chan<- int, i int) {
	results <- i
}

func main() {
	results := make(chan int)
	done := time.After(time.Second)
	go worker(results, 1)
	select {
	case v := <-results:
		fmt.Println(v)
	case <-done:
	}
}
"""


def test_a_program_in_go_is_told_in_its_words(tmp_path: Path) -> None:
    file = tmp_path / "late.go"
    file.write_text(GO, encoding="utf-8")
    story, run = stories(GoProgram(str(file)))["leak"]
    (left,) = run.goroutines
    assert story == [
        "The default schedule, except that at step 2 the timer of done fires for G1 (main.main) at "
        f"late.go:16 before G{left.id} (main.worker) starts.",
        f"goroutine {left.id} (main.worker) waits at late.go:9 to send on results (unbuffered, "
        "made at late.go:13): main.main, which receives from it at late.go:16, has returned.",
    ]


def test_every_goroutine_of_a_story_is_in_the_run() -> None:
    """And every place is one of this laboratory's file."""
    told = 0
    for seed in (4, 9, 23, 33, 40, 52):
        for story, run in stories(random_program(seed)).values():
            if run.goroutines:
                known = {g.id for g in run.goroutines} | {1}
                stuck = {int(n) for n in re.findall(r"goroutine (\d+)", " ".join(story[1:]))}
                assert stuck <= known
            told += len(story)
            assert {file for file, _ in re.findall(r"(\S+\.py):(\d+)", story[0])} <= {
                "explore_lab.py"
            }
    assert told > 15


def test_stories_speak_other_languages() -> None:
    async def main() -> None:
        await gs.chan(int).recv()

    messages.use({"story.default": "So läuft es von selbst."})
    try:
        assert stories(main)["deadlock"][0][0] == "So läuft es von selbst."
    finally:
        messages.use(None)
