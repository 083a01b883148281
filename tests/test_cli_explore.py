"""``gosim explore``: what it prints, its exit codes, and one clear sentence for each mistake."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from gosim.cli import main
from gosim.cli.explore_ import Teller, rounded, told
from gosim.cli.options import STRATEGIES, parser
from gosim.explore import named
from gosim.explore.named import make_strategy
from gosim.explore.search import Progress
from gosim.runtime.errors import UsageError

ROOT = Path(__file__).parent.parent


class Said(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one object on stdout."""
        return json.loads(self.out)


Say = Callable[..., Said]
Write = Callable[..., str]


@pytest.fixture
def say(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Say:
    """Run `gosim explore` in this process."""
    monkeypatch.setenv("COLUMNS", "80")

    def explore(*arguments: object) -> Said:
        capfd.readouterr()
        code = main(["explore", *map(str, arguments)])
        said = capfd.readouterr()
        assert "Traceback" not in said.out + said.err
        return Said(code, said.out, said.err)

    return explore


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Write a program into the working directory and return its name."""
    monkeypatch.chdir(tmp_path)

    def write(text: str, name: str = "prog.py") -> str:
        (tmp_path / name).write_text(text)
        return name

    return write


#: Leaks in the schedules in which main looks before the answer is there.
SOMETIMES = """
from gosim import chan, default, go, recv, select

async def ask(answers):
    await answers.send("here")

async def main():
    answers = chan(str)
    go(ask, answers)
    i, answer, ok = await select(recv(answers), default)
    print(answer)
"""
DEADLOCK = """
from gosim import go, sync

async def philosopher(first, second):
    await first.lock()
    await second.lock()
    await second.unlock()
    await first.unlock()

async def main():
    a, b, done = sync.Mutex(), sync.Mutex(), sync.WaitGroup()
    async def dine(first, second):
        await philosopher(first, second)
        await done.done()
    await done.add(2)
    go(dine, a, b)
    go(dine, b, a)
    await done.wait()
"""
CLEAN = """
from gosim import chan, go

async def ask(answers):
    await answers.send("here")

async def main():
    answers = chan(str, 1)
    go(ask, answers)
    print(await answers.recv())
"""
MANY = """
from gosim import go, sync

async def work(mu, done):
    await mu.lock()
    await mu.unlock()
    await done.done()

async def main():
    mu, done = sync.Mutex(), sync.WaitGroup()
    await done.add(9)
    for _ in range(9):
        go(work, mu, done)
    await done.wait()
"""
GO = """package main

import "fmt"

func main() {
	answers := make(chan string)
	go func() { answers <- "here" }()
	select {
	case answer := <-answers:
		fmt.Println(answer)
	default:
	}
}
"""


RACE = """package main

import (
	"fmt"
	"sync"
)

func main() {
	var wg sync.WaitGroup
	count := 0
	for range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			c := count
			count = c + 1
		}()
	}
	wg.Wait()
	fmt.Println(count)
}
"""


# -- verdicts --------------------------------------------------------------------------------------


def test_the_verdict_stands_first_and_each_outcome_has_a_row(say: Say, program: Write) -> None:
    said = say(program(SOMETIMES))
    lines = said.out.splitlines()
    assert lines[3] == "leaks in 1 of 2 schedules; complete"
    rows = [line.split() for line in lines if line[:13].strip().isdigit()]
    assert sorted(row[3] for row in rows) == ["leak", "ok"]
    assert "main.ask [chan send] at prog.py:5" in " ".join(said.out.split())
    assert said.code == 0  # a leak is no failure of a file unless --fail-on says so


def test_a_program_in_go_has_the_same_verdict(say: Say, program: Write) -> None:
    said = say(program(GO, "prog.go"))
    assert "\nleaks in 1 of 2 schedules; complete\n" in said.out
    assert "main.main.func1 [chan send] at prog.go:7" in " ".join(said.out.split())


def test_a_scenario_runs_at_its_size_for_explorations(say: Say) -> None:
    out = say("first-answer-wins", "--json").json
    assert out["program"] == "first-answer-wins" and out["variant"] == "leak"
    assert out["complete"] and out["outcomes"] == {"leak": out["schedules"]}
    smaller = say("first-answer-wins", "-p", "n=2", "--json").json
    assert smaller["schedules"] < out["schedules"]


def test_repairs_and_detectors_are_tables_and_objects(say: Say) -> None:
    tried = say("ab-ba-deadlock", "--try")
    assert "one order of locks" in tried.out and "exploring leak" in tried.err
    data = say("ab-ba-deadlock", "--try", "--json").json
    assert data["schema"] == "gosim.try/1"
    assert data["attempts"][0]["variant"] == "leak"
    assert "--fixed out" in say("ab-ba-deadlock", "--try", "--fixed").err
    noticed = say("ab-ba-deadlock", "--detectors")
    assert "\nleaks in 1 of " in noticed.out and "count alarm" in noticed.out
    assert say("ab-ba-deadlock", "--detectors", "--json").json["schema"] == "gosim.detectors/1"


def test_try_is_for_scenarios(say: Say, program: Write) -> None:
    said = say(program(CLEAN), "--try")
    assert said.code == 2 and "--try is for scenarios" in said.err


def test_a_token_replays_a_go_program_in_the_form_in_which_it_was_explored(
    say: Say, program: Write, capfd: pytest.CaptureFixture[str]
) -> None:
    file = program(RACE, "race.go")
    said = say(file, "--race", "--json")
    assert said.code == 1  # a data race is a fault of a file
    assert {each["kind"] for each in said.json["findings"]} == {"data race"}
    assert {case["stdout"] for case in said.json["distinct"]} == {"1\n", "2\n"}
    for case in said.json["distinct"]:
        assert main(["run", file, "--replay", case["token"]]) == 0
        assert capfd.readouterr().out.startswith(case["stdout"])
    assert say(file, "--fail-on", "race").code == 0  # unless it is looked for


def test_a_page_is_written_beside_the_report(say: Say, program: Write, tmp_path: Path) -> None:
    file = program(SOMETIMES)
    said = say(file, "--html", "all.html")
    assert "wrote all.html" in said.err
    assert "leaks in 1 of 2 schedules" in (tmp_path / "all.html").read_text(encoding="utf-8")
    assert say(file, "--html", "no/all.html").code == 2
    (tmp_path / "dir.html").mkdir()
    said = say(file, "--html", "dir.html")
    assert said.code == 3 and "cannot write this file" in said.err


def test_several_processes_and_a_checkpoint_come_to_the_same_verdict(
    say: Say, program: Write, tmp_path: Path
) -> None:
    file = program(DEADLOCK)
    alone = say(file, "--strategy", "optimal", "--json").json
    several = say(file, "--jobs", 2, "--json").json
    assert several == alone
    part = say(file, "--checkpoint", "so.far", "--max-schedules", 1, "--json").json
    assert part["schedules"] == 1 and not part["complete"] and (tmp_path / "so.far").exists()
    rest = say(file, "--checkpoint", "so.far", "--json").json
    assert rest == alone


def test_the_repair_of_a_scenario_never_leaks(say: Say) -> None:
    said = say("first-answer-wins", "-p", "n=2", "--fixed")
    assert said.code == 0
    assert "never leaks, deadlocks or panics in " in said.out and "; complete" in said.out


def test_every_strategy_finds_the_leak(say: Say, program: Write) -> None:
    file = program(SOMETIMES)
    for strategy in STRATEGIES:
        out = say(file, "--strategy", strategy, "--max-schedules", 20, "--json").json
        assert set(out["outcomes"]) == {"leak", "ok"}, strategy


def test_a_bound_names_its_strategy_and_stands_in_the_verdict(say: Say, program: Write) -> None:
    out = say(program(DEADLOCK), "--preemptions", 0, "--json").json
    assert out["strategy"] == "preemptions" and not out["complete"]
    assert "preemption" in out["bound"] and "deadlock" not in out["outcomes"]
    found = say("prog.py", "--preemptions", 1, "--json").json
    assert "deadlock" in found["outcomes"]


def test_the_names_of_strategies_are_those_of_the_package() -> None:
    assert tuple(STRATEGIES) == tuple(named.STRATEGIES)
    for name in STRATEGIES:
        assert make_strategy(name).name == name


# -- exit codes ------------------------------------------------------------------------------------


def test_a_deadlock_of_a_file_in_any_schedule_exits_with_1(say: Say, program: Write) -> None:
    said = say(program(DEADLOCK))
    assert said.code == 1
    assert "deadlocks in 1 of " in said.out and "; complete" in said.out
    assert say("prog.py", "--fail-on", "none").code == 0


def test_fail_on_says_what_fails(say: Say, program: Write) -> None:
    file = program(SOMETIMES)
    assert say(file, "--fail-on", "leak").code == 1
    assert say(file, "--fail-on", "deadlock").code == 0
    said = say(file, "--fail-on", "leeks")
    assert said.code == 2 and "leeks" in said.err


def test_a_clean_file_exits_with_0_only_when_that_is_proven(say: Say, program: Write) -> None:
    file = program(CLEAN)
    assert say(file).code == 0
    said = say(file, "--strategy", "random", "--max-schedules", 1)
    assert said.code == 3
    assert "no fault found in 1 schedule; not complete: " in said.out


def test_a_budget_ends_it_and_the_verdict_says_which(say: Say, program: Write) -> None:
    said = say(program(MANY), "--max-schedules", 3)
    assert said.code == 3
    assert "no fault found in 3 schedules; not complete: " in said.out
    assert "--max-schedules" in said.out
    said = say("prog.py", "--wall", 0.3)
    assert said.code == 3 and "--wall" in said.out
    said = say("prog.py", "--max-schedules", 1, "--max-steps", 5, "--json")
    assert said.code == 3 and said.json["outcomes"] == {"limit": 1}


# -- what scripts read -----------------------------------------------------------------------------


def test_json_is_one_object_of_the_schema(say: Say, program: Write) -> None:
    said = say(program(SOMETIMES), "--json")
    out = said.json
    assert out["schema"] == "gosim.explore/1"
    assert out["schedules"] == 2 and out["complete"] is True and out["bound"] is None
    assert out["outcomes"] == {"leak": 1, "ok": 1} and len(out["distinct"]) == 2
    (leak,) = [case for case in out["distinct"] if case["outcome"] == "leak"]
    assert leak["leaks"][0]["function"] == "main.ask"
    assert not said.err


def test_json_has_the_fields_of_the_contract(say: Say, program: Write) -> None:
    contracts = (ROOT / "docs" / "contracts.md").read_text(encoding="utf-8")
    (block,) = re.findall(
        r"```json\n(\{\"schema\":\"gosim.explore/1\".*?)```", contracts, re.DOTALL
    )
    example = json.loads(block)
    out = say(program(RACE, "race.go"), "--race", "--json").json
    assert list(out) == list(example)
    assert list(out["distinct"][0]) == list(example["distinct"][0])
    assert list(out["findings"][0]) == list(example["findings"][0])


def test_the_contract_names_every_option() -> None:
    contracts = (ROOT / "docs" / "contracts.md").read_text(encoding="utf-8")
    start = contracts.index("| option of `explore`")
    table = contracts[start : contracts.index("\n\n", start)]
    for action in parser("explore")._actions:
        assert any(option in table for option in action.option_strings or ["-"]) or (
            action.dest in ("help", "json")
        ), action.dest


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nothing-of-that-name"], "nothing-of-that-name"),
        (["missing.py"], "missing.py"),
        (["prog.py", "--strategy", "luck"], "luck"),
        (["prog.py", "--preemptions", "1", "--delays", "1"], "choose one"),
        (["prog.py", "--preemptions", "1", "--strategy", "pct"], "not of pct"),
        (["prog.py", "--preemptions", "-1"], "too few"),
        (["prog.py", "--max-shedules", "1"], "did you mean --max-schedules?"),
        (["prog.py", "-p", "m=1"], "no variable m"),
        (["text.txt"], "text.txt"),
        (["wrong.go"], "wrong.go"),
    ],
    ids=lambda value: value[-1] if isinstance(value, list) else "",
)
def test_a_mistake_is_one_sentence(
    say: Say, program: Write, arguments: list[str], words: str
) -> None:
    program(CLEAN)
    program("no program", "text.txt")
    program("package main\n\nfunc main() { x := 1 }\n", "wrong.go")
    said = say(*arguments)
    assert said.code in (2, 3) and not said.out
    assert words in said.err and len(said.err.strip().splitlines()) <= 2
    error = say(*arguments, "--json").json
    assert error["schema"] == "gosim.error/1" and words in (error["message"] + str(error["file"]))


def test_a_bound_out_of_place_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="choose one of them"):
        make_strategy(preemptions=1, delays=1)


# -- progress --------------------------------------------------------------------------------------


def test_progress_tells_what_remains() -> None:
    found = {"ok": 30, "leak": 10}
    assert told(Progress(40, 0, found, 4.0, 1000)) == "4 s: 40 schedules; 30 ok, 10 leak"
    line = told(Progress(30, 10, found, 4.0, 1000, 438.0))
    assert line.startswith("4 s: 30 schedules of about 440, about 40 s left; 10 given up as known")
    assert "(the budget is 1000)" in told(Progress(40, 0, {}, 4.0, 1000, 123456.0))
    assert "left" not in told(Progress(40, 0, {}, 4.0, 1000, 40.0))
    assert [rounded(n) for n in (7.4, 99, 438, 12345, 2.3e12)] == [
        "7", "99", "440", "12000", "2e+12",
    ]  # fmt: skip


def test_what_a_budget_left_out_is_estimated(say: Say, program: Write) -> None:
    said = say(program(MANY), "--strategy", "optimal", "--max-schedules", 30)
    (note,) = re.findall(r"note: all of it would be about (\d+) executions", said.err)
    assert int(note) > 100
    assert "note:" not in say(program(CLEAN)).err


def test_progress_is_a_line_now_and_then_where_there_is_no_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    teller = Teller()
    for _ in range(120):
        now[0] += 0.1
        teller(Progress(1, 0, {}, 1.0, 9))
    teller.close()
    assert capsys.readouterr().err == "1 s: 1 schedules\n" * 2


def test_progress_is_a_bar_in_a_terminal_and_goes_away() -> None:
    pty = pytest.importorskip("pty")
    here, there = pty.openpty()
    code = (
        "import time; from gosim.cli.explore_ import Teller; from gosim.explore.search import "
        "Progress\nteller = Teller()\n"
        "for i in range(6): time.sleep(0.1); teller(Progress(i, 0, {}, 1.0, 9, 6.0))\n"
        "teller.close()"
    )
    process = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "80"},
        stderr=there,
        stdout=subprocess.PIPE,
    )
    os.close(there)
    text = os.read(here, 100_000).decode()
    assert process.returncode == 0 and not process.stdout
    assert "schedules of about 6" in text and text.rstrip().endswith("\033[2K")  # wiped


# -- in the shell ----------------------------------------------------------------------------------


def shell(*arguments: str, **options: Any) -> subprocess.Popen[str]:
    """Start the command in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "gosim", "explore", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "80"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def test_ctrl_c_ends_with_the_verdict_so_far(program: Write, tmp_path: Path) -> None:
    # Every execution runs the file, so that one of them is the sign that it goes on.
    process = shell(program(f"open('begun', 'a').write('.')\n{MANY}"), "--max-schedules", "1000000")
    for _ in range(600):
        if (tmp_path / "begun").exists() and (tmp_path / "begun").stat().st_size > 30:
            break
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert "not complete: stopped by Ctrl-C" in out and "Traceback" not in err
    assert process.returncode == 3


def test_a_reader_that_goes_away_is_no_error(program: Write) -> None:
    process = shell(program(SOMETIMES))
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == "" and process.wait(30) == 0
    process.stderr.close()


def test_help_and_the_start_are_light() -> None:
    code = (
        "import sys; from gosim.cli import main\n"
        "try: main(['explore', '--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'networkx', 'matplotlib', 'rich', 'simpy', 'gosim.explore.search'}\n"
        "print(sorted(heavy.intersection(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.stdout.splitlines()[-1] == "[]" and not done.stderr
