"""Every outcome that real Go has had is among those that exploration finds.

``tests/outcomes.json`` says what 200 runs of each of 50 programs have led to (`record_outcomes`).
"""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import pytest

from gosim.explore.exploration import Exploration
from gosim.explore.search import explore
from gosim.golang.program import GoProgram
from gosim.oracle.toolchain import Toolchain
from tests.record_outcomes import FOLDER, RECORD, RUNS, names, outcome, run_built

PROGRAMS: dict[str, list[dict[str, Any]]] = json.loads(RECORD.read_text())["programs"]
#: Explored in full these take a second or more each where nobody else computes.
LONG: tuple[str, ...] = ()
NAMES = [pytest.param(n, marks=[pytest.mark.slow] if n in LONG else []) for n in PROGRAMS]

Outcome = tuple[str, int | None, str]


@functools.cache
def explored(name: str) -> Exploration:
    program = GoProgram(str(FOLDER / f"{name}.go"), explored=True)
    return explore(program, minimise=0)


def of_go(name: str) -> set[Outcome]:
    return {(o["stdout"], o["exit"], o["stderr"]) for o in PROGRAMS[name]}


def of_gosim(name: str) -> set[Outcome]:
    runs = [case.run for case in explored(name).cases]
    return {outcome(run.stdout, run.exit_code, run.stderr) for run in runs}


def test_fifty_programs_are_recorded() -> None:
    assert list(PROGRAMS) == names() and len(PROGRAMS) >= 50
    for name, outcomes in PROGRAMS.items():
        assert sum(o["runs"] for o in outcomes) == sum(RUNS.values()) == 200, name
        assert len(outcomes) > 1, f"{name} has had one outcome only"


@pytest.mark.parametrize("name", NAMES)
def test_what_real_go_did_is_explored(name: str) -> None:
    assert of_go(name) <= of_gosim(name)


@pytest.mark.parametrize("name", NAMES)
def test_exploration_is_complete_and_optimal(name: str) -> None:
    found = explored(name)
    assert found.complete and found.blocked == 0


def test_what_is_not_possible_is_not_explored() -> None:
    """Outcomes of which Go's rules say that there are no others."""
    impossible = {
        "atomic_store_buffer": "0 0\n",  # sequential consistency of atomics
        "buffer_of_one_two_producers": "a2 a1 b1 b2\n",  # one sender's values keep their order
        "mutex_lost_update": "0\n",
        "select_drain": "[2 1 3 4]\n",
        "rwmutex_reader_sees": "3\n",
    }
    for name, text in impossible.items():
        assert text not in {stdout for stdout, _, _ in of_gosim(name)}, name
    assert {s for s, _, _ in of_gosim("select_drain")} == {
        "[1 2 3 4]\n", "[1 3 2 4]\n", "[1 3 4 2]\n", "[3 1 2 4]\n", "[3 1 4 2]\n", "[3 4 1 2]\n",
    }  # fmt: skip


@pytest.mark.slow
def test_go_today_does_what_is_explored(go_toolchain: Toolchain, tmp_path: Path) -> None:
    """Real Go of this machine, too, stays within what is explored."""
    for name in PROGRAMS:
        seen = run_built(name, go_toolchain, tmp_path, {1: 2, 2: 4, 4: 4})
        assert set(seen) <= of_gosim(name), name


def test_who_is_seen_waiting_for_a_timer_is_still_woken_by_it() -> None:
    source = """package main
import ("runtime"; "time")
func main() {
	done := make(chan bool)
	go func() {
		select {
		case <-time.After(time.Millisecond):
		case <-done:
		}
		done <- true
	}()
	runtime.Stack(make([]byte, 1000), true)
	<-done
}
"""
    found = explore(GoProgram("waits.go", source=source, explored=True))
    assert found.outcomes == {"ok": found.schedules} and found.complete and found.blocked == 0
