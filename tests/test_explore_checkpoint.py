"""Laws of the file from which an exploration goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from gosim.explore import parallel
from gosim.explore.checkpoint import SCHEMA, digest
from gosim.explore.exploration import Exploration
from gosim.explore.optimal import Optimal
from gosim.explore.search import Progress, Trial, explore
from gosim.explore.walk import Walk
from gosim.runtime.errors import LoadError, UsageError
from gosim.runtime.program import File, Function
from tests.explore_lab import Main, mutexes, philosophers, random_program

ROOT = Path(__file__).parent.parent


def kept(main: Main, file: Path, **options: Any) -> Exploration:
    options.setdefault("minimise", 0)
    return explore(Function(main), checkpoint=str(file), **options)


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_exploration_goes_on_where_its_budget_ended(tmp_path: Path, jobs: int) -> None:
    file = tmp_path / "state"
    whole = explore(Function(mutexes(5)), minimise=0)
    for most in (1, 30, 31, 90):
        part = kept(mutexes(5), file, max_schedules=most, jobs=jobs)
        assert (part.schedules, part.complete) == (most, False)
    assert kept(mutexes(5), file, jobs=jobs) == whole
    # And the file now tells the verdict at once.
    told: list[Progress] = []
    assert kept(mutexes(5), file, progress=told.append) == whole
    assert told == []


def test_random_schedules_go_on(tmp_path: Path) -> None:
    file, main = tmp_path / "state", random_program(5)
    part = kept(main, file, strategy=Walk(120, seed=3), max_schedules=70)
    assert part.schedules == 70
    whole = explore(Function(main), strategy=Walk(120, seed=3), minimise=0)
    assert kept(main, file, strategy=Walk(120, seed=3), jobs=2) == whole


class Broken(Exception):
    pass


@pytest.mark.parametrize("after", [1, 3, 6])
def test_what_breaks_off_in_the_middle_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    """Whatever ends the leader: Ctrl-C, or an error of its own."""
    file = tmp_path / "state"
    monkeypatch.setattr(parallel, "SLICE", 0.01)
    whole = explore(Function(mutexes(5)), minimise=0)
    calls = 0

    def breaks(progress: Progress) -> None:
        nonlocal calls
        calls += 1
        if calls == after:
            raise error()

    error: type[BaseException]
    for error_, jobs in ((KeyboardInterrupt, 1), (Broken, 2), (KeyboardInterrupt, 2)):
        calls, error = 0, error_
        trial = Trial(Function(mutexes(5)))
        try:
            part = parallel.explore(
                trial,
                strategy=Optimal(),
                max_schedules=1000,
                progress=breaks,
                checkpoint=str(file),
                jobs=jobs,
                slice_=0.01,
                minimise=0,
            )
            if part.complete:
                break
            assert part.bound == "stopped by Ctrl-C"
            assert 0 < part.schedules < whole.schedules
        except Broken:
            pass
    assert kept(mutexes(5), file) == whole


def test_a_file_that_is_damaged_or_of_something_else_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "state"
    kept(mutexes(4), file, max_schedules=5)
    good = file.read_text()
    assert json.loads(good)["schema"] == SCHEMA
    for bad in (good[:-30], good.replace('"executed":5', '"executed":6'), "[]", "", "{", "7"):
        file.write_text(bad)
        with pytest.raises(LoadError, match="no checkpoint of gosim, or it is damaged") as found:
            kept(mutexes(4), file)
        assert str(file) in str(found.value)
        assert file.read_text() == bad
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(LoadError, match="cannot be read"):
        kept(mutexes(4), file)
    file.write_text(good.replace(SCHEMA, "gosim.checkpoint/9"))
    with pytest.raises(LoadError, match=r"of the kind 'gosim.checkpoint/9'; this gosim"):
        kept(mutexes(4), file)
    with pytest.raises(LoadError, match="cannot be read: Is a directory"):
        kept(mutexes(4), tmp_path)

    file.write_text(good)
    for what, changed in (
        ("the program is not", {"main": mutexes(5)}),
        ("the program is not", {"main": philosophers(4)}),
        ("the strategy is not", {"main": mutexes(4), "strategy": Walk()}),
        ("the options are not", {"main": mutexes(4), "timers": "late"}),
        ("the options are not", {"main": mutexes(4), "output": "unordered"}),
        ("the options are not", {"main": mutexes(4), "go": "1.22"}),
    ):
        with pytest.raises(UsageError, match=f"of another exploration: {what} the same"):
            kept(file=file, **changed)  # type: ignore[arg-type]
    assert kept(mutexes(4), file).complete


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written: No such file or directory"):
        kept(mutexes(3), tmp_path / "nowhere" / "state")


def test_nothing_is_left_beside_the_file(tmp_path: Path) -> None:
    kept(mutexes(4), tmp_path / "state", jobs=2)
    assert [path.name for path in tmp_path.iterdir()] == ["state"]


def test_a_program_is_told_from_others_by_what_it_does(tmp_path: Path) -> None:
    one, two = tmp_path / "one.py", tmp_path / "two.py"
    one.write_text("n = 3\nasync def main():\n    print(n, {1, 2, 3} & {n}, n in {'a', 'b'})\n")
    two.write_text(one.read_text().replace("n = 3", "n = 4"))
    programs = [File(str(one)), File(str(two)), File(str(one), {"n": 4})]
    assert len({digest(program) for program in programs}) == 3
    assert digest(File(str(one))) == digest(File(str(one)))
    assert digest(Function(mutexes(3))) == digest(Function(mutexes(3)))
    assert digest(Function(mutexes(3))) != digest(Function(mutexes(4)))
    # Sets of strings are in another order in each process.
    script = (
        "from gosim.explore.checkpoint import digest\nfrom gosim.runtime.program import File\n"
        f"print(digest(File({str(one)!r})))"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert told == {digest(File(str(one)))}


PROGRAM = """
from gosim import go, sync

n = 6

async def main():
    mu = sync.Mutex()

    async def locks():
        await mu.lock()
        await mu.unlock()

    for _ in range(n):
        go(locks)
"""


def command(file: Path, state: Path, *more: str) -> list[str]:
    return [
        *(sys.executable, "-m", "gosim", "explore", str(file), "--strategy", "optimal"),
        *("--jobs", "2", "--json", "--checkpoint", str(state), *more),
    ]


def test_the_command_is_stopped_by_ctrl_c_and_goes_on(tmp_path: Path) -> None:
    file, state = tmp_path / "locks.py", tmp_path / "state"
    file.write_text(PROGRAM)
    options: dict[str, Any] = {
        "cwd": ROOT,
        "stdout": subprocess.PIPE,
        "stderr": subprocess.PIPE,
        "stdin": subprocess.DEVNULL,
        "text": True,
    }
    running = subprocess.Popen(command(file, state), **options, start_new_session=True)
    until = time.monotonic() + 60
    while not state.exists() and time.monotonic() < until:
        time.sleep(0.02)
    time.sleep(0.3)  # written when the workers begin; 720 schedules take longer
    os.killpg(running.pid, signal.SIGINT)  # as the terminal does: to all of them
    out, err = running.communicate(timeout=60)
    first = json.loads(out)
    assert "Traceback" not in err
    if not first["complete"]:  # a machine may be that fast
        assert first["bound"] == "stopped by Ctrl-C"
        assert first["schedules"] < 720
        assert state.exists()
    out, err = subprocess.Popen(command(file, state), **options).communicate(timeout=120)
    second = json.loads(out)
    assert (second["schedules"], second["complete"], second["blocked"]) == (720, True, 0)
    assert second["verdict"] == "never leaks, deadlocks or panics in 720 schedules; complete"
