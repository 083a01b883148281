"""Go programs are racy for gosim where Go's own race detector finds a race, and only there.

What that says is recorded in ``golang_race/verdicts.json`` (``record_races.py``), and asked again
by the slow test where Go and a C compiler are at hand.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import explore_lab as lab
import pytest
import record_races

from gosim import cli
from gosim.explore.control import Control
from gosim.explore.datarace import DataRaces
from gosim.explore.exploration import Exploration
from gosim.explore.search import explore
from gosim.golang.program import GoProgram
from gosim.leaks.run import execute
from gosim.oracle import find_toolchain

PROGRAMS = Path(__file__).parent / "golang_race"
VERDICTS: dict[str, Any] = json.loads((PROGRAMS / "verdicts.json").read_text())["programs"]

#: What Go's detector can see only in a schedule that real Go hardly comes to: an Add while Wait
#: waits. Here it is seen in all of them.
UNSEEN_BY_GO = {"add_inside"}


def explored(name: str, most: int = 40, **form: bool) -> Exploration:
    program = GoProgram(str(PROGRAMS / f"{name}.go"), cache=False, **form)
    return explore(program, watchers=[DataRaces], max_schedules=most, max_steps=2_000)


def lines_of(found: Exploration) -> set[tuple[int, int]]:
    pairs = set()
    for each in found.noticed:
        lines = [int(place.rpartition(":")[2]) for place in each.finding.at]
        pairs.add((min(lines), max(lines)))
    return pairs


def test_there_are_racy_and_clean_programs() -> None:
    assert sorted(VERDICTS) == sorted(path.stem for path in PROGRAMS.glob("*.go"))
    racy = sum(verdict["racy"] for verdict in VERDICTS.values())
    assert racy >= 25
    assert len(VERDICTS) - racy >= 20


@pytest.mark.parametrize("name", sorted(VERDICTS))
def test_programs_are_racy_where_gos_detector_says_so(name: str) -> None:
    verdict = VERDICTS[name]
    found = explored(name, races=True)
    assert bool(found.noticed) == (verdict["racy"] or name in UNSEEN_BY_GO)
    assert {tuple(pair) for pair in verdict["pairs"]} <= lines_of(found)


@pytest.mark.slow
def test_the_record_is_what_go_says(tmp_path: Path) -> None:
    go = find_toolchain()
    if go is None or shutil.which("gcc") is None:
        pytest.skip("needs Go and a C compiler")
    for name, verdict in VERDICTS.items():
        racy, pairs = record_races.detect(go, PROGRAMS / f"{name}.go", 6)
        if racy != verdict["racy"]:  # a race that this machine did not come to
            assert verdict["racy"], name
        assert {tuple(p) for p in pairs} <= {tuple(p) for p in verdict["pairs"]}, name


# ---- what is watched -----------------------------------------------------------------------------


def compiled(text: str, tmp_path: Path, **form: bool) -> GoProgram:
    file = tmp_path / "main.go"
    file.write_text(text)
    return GoProgram(str(file), cache=False, **form)


_PRINTS = """package main

import "fmt"

func main() {
	done := make(chan bool)
	for _, name := range []string{"a", "b"} {
		go func() {
			fmt.Println(name, 1)
			fmt.Println(name, 2)
			done <- true
		}()
	}
	<-done
	<-done
}
"""


def test_another_goroutine_may_print_between_two_prints(tmp_path: Path) -> None:
    found = explore(compiled(_PRINTS, tmp_path, explored=True))
    outputs = {case.run.stdout for case in found.cases}
    lines = {"a 1", "a 2", "b 1", "b 2"}
    assert len(outputs) == 6  # all ways to merge two sequences of two
    assert all(set(text.split("\n")) - {""} == lines for text in outputs)


_LOST_UPDATE = """package main

import "fmt"

var total int

func main() {
	done := make(chan bool)
	for range 2 {
		go func() {
			total++
			done <- true
		}()
	}
	<-done
	<-done
	fmt.Println(total)
}
"""


def test_what_is_read_in_between_is_explored_too(tmp_path: Path) -> None:
    plain = explore(compiled(_LOST_UPDATE, tmp_path, explored=True))
    raced = explore(compiled(_LOST_UPDATE, tmp_path, races=True))
    assert {case.run.stdout for case in plain.cases} == {"2\n"}
    assert {case.run.stdout for case in raced.cases} == {"1\n", "2\n"}


_UNWATCHED = """package main

type node struct {
	name string
	ch   chan int
	n    int
}

func fill(a []int) int {
	sum := 0
	for i := range 3 {
		sum += i
	}
	return sum
}

func main() {
	x := &node{name: "x", ch: make(chan int, 1)}
	local := 5
	local++
	done := func() int { return local }
	x.ch <- fill(nil) + len(x.name) + done()
	<-x.ch
}
"""


def test_what_nobody_else_reaches_or_changes_is_not_watched(tmp_path: Path) -> None:
    program = compiled(_UNWATCHED, tmp_path, races=True)
    names = {code.co_name for code in program.codes() if "go:read_field" in code.co_names}
    assert names <= {"main.main", "main.main.func1"}
    fields = [c for code in program.codes() for c in code.co_consts if c in ("x.name", "x.ch")]
    assert fields == []


def test_programs_compiled_without_it_have_nothing_of_it(tmp_path: Path) -> None:
    program = compiled(_LOST_UPDATE, tmp_path)
    for code in program.codes():
        assert not any(name.startswith(("go:read_", "go:write_")) for name in code.co_names)


def all_interleavings(name: str, most: int) -> tuple[set[Any], int] | None:
    """Return the outcomes of all interleavings and how many traces they are; None: too many."""
    program = GoProgram(str(PROGRAMS / f"{name}.go"), cache=False, races=True)
    every = lab.Every()
    outcomes, traces = set(), set()
    for _ in range(most):
        control = Control(every)
        run = execute(program, policy=control, observers=(control,), max_steps=2_000)
        outcomes.add((run.outcome, run.stdout))
        traces.add(lab.trace_of(control.steps))
        if not every.advance(control):
            return outcomes, len(traces)
    return None


def hold_against_all_interleavings(name: str, most: int) -> bool:
    wanted = all_interleavings(name, most)
    if wanted is None:
        return False
    found = explored(name, 2_000, races=True)
    assert ({(c.run.outcome, c.run.stdout) for c in found.cases}, found.schedules) == wanted
    assert found.complete
    return True


@pytest.mark.parametrize(
    "name", ["no_wait", "struct_copy", "map_race", "pointer_to_int", "atomics"]
)
def test_racy_programs_have_the_outcomes_that_all_interleavings_have(name: str) -> None:
    assert hold_against_all_interleavings(name, 300)


@pytest.mark.slow
def test_all_programs_have_the_outcomes_that_all_interleavings_have() -> None:
    assert sum(hold_against_all_interleavings(name, 251) for name in VERDICTS) >= 25


_FORMS = sorted(name for name in VERDICTS if name not in ("stopped_by_select", "ticker_counts"))


@pytest.mark.parametrize("name", _FORMS[::4])
def test_watched_programs_do_what_they_do_unwatched(name: str) -> None:
    outcomes = []
    for form in ({}, {"explored": True}, {"races": True}):
        run = execute(GoProgram(str(PROGRAMS / f"{name}.go"), cache=False, **form))
        outcomes.append((run.outcome, run.stdout, run.exit_code))
    assert outcomes[0] == outcomes[1] == outcomes[2]


# ---- gosim run --race ----------------------------------------------------------------------------


def test_a_run_with_the_detector_reports_and_fails(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["run", str(PROGRAMS / "counter.go"), "--race"]) == 1
    told = capsys.readouterr()
    assert told.out.startswith("2\n")
    assert "WARNING: DATA RACE" in told.err
    assert told.err.endswith("Found 1 data race(s)\n")
    assert cli.main(["run", str(PROGRAMS / "counter_mutex.go"), "--race"]) == 0
    assert "DATA RACE" not in capsys.readouterr().err


def test_races_are_in_the_json_of_a_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["run", str(PROGRAMS / "counter.go"), "--race", "--json"]) == 1
    (race,) = json.loads(capsys.readouterr().out)["races"]
    assert race["at"] == ["counter.go:15", "counter.go:15"]
