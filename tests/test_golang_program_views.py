"""What is told of a run is told of Go programs, too, in the names and lines of their source."""

from __future__ import annotations

from pathlib import Path

import pytest

import gosim
from gosim.golang.program import GoProgram
from gosim.leaks.run import execute

SCENARIOS = Path(__file__).parent.parent / "scenarios" / "goroutines"


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("ten-senders-one-receiver/leak.go", ["main.send", "leak.go:13", "to send on ch"]),
        ("worker-pool-not-closed/leak.go", ["main.worker", "range at leak.go:15 over jobs"]),
        ("mutex-never-unlocked/leak.go", ["main.visit", "leak.go:14 to lock key"]),
    ],
)
def test_a_leak_is_explained_in_the_program_s_names(file: str, words: list[str]) -> None:
    found = gosim.run(str(SCENARIOS / file))
    assert found.outcome in ("leak", "deadlock")
    explained = " ".join(leak.explanation for leak in found.leaks)
    for word in words:
        assert word in explained, explained


def test_every_view_can_be_made() -> None:
    found = gosim.run(str(SCENARIOS / "ten-senders-one-receiver" / "leak.go"))
    for view in (
        found.recording,
        found.alive,
        found.why,
        found.graph,
        found.timeline,
        found.stepper,
    ):
        assert view() is not None
    assert found.to_dict()["outcome"] == "leak"
    assert "created by main.main in goroutine 1" in found.dump()


def test_a_variable_of_a_loop_that_closures_share_keeps_its_name() -> None:
    source = (
        "package main\n\nfunc main() {\n\tfor i := range 2 {\n\t\tdone := make(chan int)\n"
        "\t\tgo func() {\n\t\t\tdone <- i\n\t\t}()\n"
        "\t\tif i == 5 {\n\t\t\tdone = nil\n\t\t}\n\t}\n\tselect {}\n}\n"
    )
    found = execute(GoProgram("loop.go", source=source, cache=False))
    assert any("done (made at loop.go:5)" in leak.explanation for leak in found.leaks)


def test_a_temporary_is_no_name() -> None:
    source = "package main\n\nfunc main() {\n\t<-make(chan int)\n}\n"
    found = execute(GoProgram("unnamed.go", source=source, cache=False))
    assert "from a channel (unbuffered, made at unnamed.go:4)" in found.leaks[0].explanation


@pytest.mark.parametrize("policy", ["go", "fifo", "random"])
def test_a_run_can_be_repeated(policy: str) -> None:
    program = GoProgram(str(SCENARIOS / "first-answer-wins" / "leak.go"), cache=False)
    first = execute(program, policy=policy, seed=3)
    assert execute(program, policy=policy, seed=3).digest() == first.digest()
