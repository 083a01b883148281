"""Laws of parameter sweeps: one row for each point, the same table from any number of processes."""

from __future__ import annotations

import json
import os
import signal
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import gosim as gs
from gosim.cli import main
from gosim.explore.search import explore
from gosim.explore.sweep import Row, Sweep, Values, explored, is_range, points, ran, sweep
from gosim.leaks.run import execute
from gosim.runtime.errors import GosimError, UsageError
from gosim.runtime.program import File, Function
from tests.explore_lab import philosophers

PROGRAM = """
from gosim import chan, go

n = 3


async def sends(results, i):
    await results.send(i)


async def main():
    results = chan(int)
    for i in range(n):
        go(sends, results, i)
    await results.recv()
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "answers.py"
    path.write_text(PROGRAM)
    return path


def test_ranges_and_points() -> None:
    assert points({"n": "1..3", "k": 7}) == [{"n": n, "k": 7} for n in (1, 2, 3)]
    assert points({"a": "-1..0", "b": "0..10..5"}) == [
        {"a": a, "b": b} for a in (-1, 0) for b in (0, 5, 10)
    ]
    assert points({"a": "x..y"}) == [{"a": "x..y"}]
    assert [is_range(x) for x in ("1..2", "1..", 3, "1..2..3", "a1..2")] == [
        *(True, False, False, True, False)
    ]
    for wrong in ("3..1", "1..5..0"):
        with pytest.raises(UsageError, match="a range goes up"):
            points({"n": wrong})
    with pytest.raises(UsageError, match="more than 10000 values"):
        points({"n": "1..10001"})
    with pytest.raises(UsageError, match="10201 points are too many"):
        points({"a": "0..100", "b": "0..100"})


def philosophers_at(values: Values) -> Row:
    return explored(values, explore(Function(philosophers(values["n"])), minimise=0))


def test_the_table_is_the_same_from_any_number_of_processes() -> None:
    tables = [sweep("philosophers", {"n": "2..5"}, philosophers_at, jobs=j) for j in (1, 2, 3)]
    assert tables[0] == tables[1] == tables[2]
    rows = tables[0].rows
    # All forks are locked for good when everybody has one: a leak, for main has returned.
    assert [row.figures["schedules"] for row in rows] == [2**n - 1 for n in (2, 3, 4, 5)]
    assert [row.figures["leaks"] for row in rows] == [1, 1, 1, 1]
    assert tables[0].report().splitlines()[:2] == [
        "n  schedules  leaks  verdict",
        "2          3      1  leaks in 1 of 3 schedules; complete",
    ]


def run_at(file: Path, values: Values) -> Row:
    return ran(values, execute(File(str(file), values)))


def test_runs_are_counted(file: Path) -> None:
    table = sweep("answers", {"n": "1..4"}, partial(run_at, file))
    assert [row.figures["leaked"] for row in table.rows] == [0, 1, 2, 3]
    assert [row.verdict for row in table.rows] == ["ok", "leak", "leak", "leak"]
    assert [row.bad for row in table.rows] == [False, True, True, True]


def test_a_point_that_cannot_be_done_is_a_row() -> None:
    me = os.getpid()

    def one(values: Values) -> Row:
        if values["n"] == 2:
            raise GosimError("two is too many")
        if values["n"] == 3 and os.getpid() != me:
            os.kill(os.getpid(), signal.SIGKILL)
        return Row(values, "ok", figures={"leaked": 0})

    table = sweep("some", {"n": "1..4"}, one, jobs=2)
    assert [row.error.split(":")[0] for row in table.rows] == [
        *("", "two is too many", "its process was killed each time", "")
    ]
    assert "two is too many" in table.report()
    assert json.loads(json.dumps(table.to_dict()))["rows"][1]["error"] == "two is too many"


def test_a_worker_that_dies_once_loses_nothing(tmp_path: Path) -> None:
    died = tmp_path / "died"

    def one(values: Values) -> Row:
        if values["n"] == 2 and not died.exists():
            died.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return Row(values, "ok")

    table = sweep("some", {"n": "1..4"}, one, jobs=2)
    assert died.exists()
    assert [row.verdict for row in table.rows] == ["ok"] * 4


def test_ctrl_c_leaves_the_rows_that_are_done() -> None:
    def one(values: Values) -> Row:
        return Row(values, "ok")

    def stops(done: int, of: int) -> None:
        assert of == 5
        if done == 3:
            raise KeyboardInterrupt

    table = sweep("some", {"n": "1..5"}, one, progress=stops)
    assert table.bound == "stopped by Ctrl-C after 3 of 5 points"
    assert [row.values for row in table.rows] == [{"n": n} for n in (1, 2, 3)]
    assert table.report().endswith("not complete: stopped by Ctrl-C after 3 of 5 points")


def test_there_is_no_nan() -> None:
    table = Sweep("some", ["x"], [Row({"x": float("nan")}, "ok"), Row({"x": float("inf")}, "ok")])
    text = json.dumps(table.to_dict(), allow_nan=False)
    assert [row["params"]["x"] for row in json.loads(text)["rows"]] == ["nan", "inf"]

    async def endless() -> None:
        while True:
            await gs.time.sleep(1)

    row = ran({}, execute(Function(endless), max_steps=100))
    assert "exit_code" not in row.figures and not row.complete
    json.dumps(row.to_dict(), allow_nan=False)


def told(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, Any]:
    code = main([*words, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_the_commands(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, table = told(capsys, "run", str(file), "-p", "n=1..3", "--jobs", "2")
    assert (code, table["schema"], table["params"]) == (0, "gosim.sweep/1", ["n"])
    assert [row["leaked"] for row in table["rows"]] == [0, 1, 2]
    code, table = told(capsys, "explore", str(file), "-p", "n=1..3", "--fail-on", "leak")
    assert code == 1
    assert [(row["schedules"], row["leaks"]) for row in table["rows"]] == [(1, 0), (2, 2), (3, 3)]
    code, one = told(capsys, "explore", str(file), "-p", "n=3")
    assert one["verdict"] == table["rows"][2]["verdict"]
    assert main(["explore", str(file), "-p", "n=1..2", "--html", "x.html"]) == 2
    assert "--html is for one size: write -p with one number" in capsys.readouterr().err
    assert main(["run", str(file), "--jobs", "2"]) == 2
    assert "--jobs is for many runs: -p n=1..50" in capsys.readouterr().err
    assert main(["run", str(file), "-p", "n=5..1"]) == 2
    assert "a range goes up" in capsys.readouterr().err
