"""Laws of explorations on a Dask cluster."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gosim.explore import parallel
from gosim.explore.search import Progress, explore
from gosim.explore.walk import Walk
from gosim.runtime.errors import UsageError
from gosim.runtime.program import Function
from tests.explore_lab import mutexes, philosophers

ROOT = Path(__file__).parent.parent
SCENARIO = ROOT / "scenarios" / "goroutines" / "first-answer-wins" / "leak.go"


def test_a_package_that_is_missing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.setattr(parallel._Lead, "_explore", at_once)
    with pytest.raises(UsageError, match=r"--dask needs the package distributed: pip install"):
        explore(Function(mutexes(3)), dask="tcp://127.0.0.1:1")


_explore = parallel._Lead._explore


def at_once(self: Any, hire: Any, seconds: float | None) -> str | None:
    """Leave out what the leader does alone."""
    return None if seconds is not None else _explore(self, hire, seconds)


class Machines:
    """A scheduler and workers, each in a process of its own."""

    def __init__(self, folder: Path, workers: int, port: int = 0) -> None:
        self.folder = folder
        self.processes: list[subprocess.Popen[bytes]] = []
        file = folder / "scheduler.json"
        self.scheduler = self._start(
            *("scheduler", "--host", "127.0.0.1", "--port", str(port)),
            *("--scheduler-file", str(file), "--no-dashboard"),
        )
        until = time.monotonic() + 60
        while not file.exists() and time.monotonic() < until:
            time.sleep(0.1)
        import json

        self.address: str = json.loads(file.read_text())["address"]
        self.workers = [
            self._start(
                *("worker", self.address, "--no-nanny", "--nthreads", "2", "--no-dashboard"),
                *("--local-directory", str(folder)),
            )
            for _ in range(workers)
        ]
        from distributed import Client

        with Client(self.address, timeout=60, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=60)

    def _start(self, *words: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-m", "distributed.cli.dask_" + words[0], *words[1:]],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.processes.append(process)
        return process

    def close(self) -> None:
        for process in self.processes:
            process.kill()
        for process in self.processes:
            process.wait()


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[Machines]:
    pytest.importorskip("distributed", reason="no dask: pip install 'gosim[cluster]'")
    made = Machines(tmp_path, 2)
    yield made
    made.close()


def test_a_cluster_has_the_verdict_of_one_process(
    machines: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parallel._Lead, "_explore", at_once)
    monkeypatch.setattr(parallel, "SLICE", 0.1)
    on = machines.address
    for main in (philosophers(4), mutexes(5)):  # functions of this file go there by value
        program = Function(main)
        assert explore(program, dask=on, minimise=0) == explore(program, minimise=0)
    from gosim.golang.program import GoProgram

    go = GoProgram(str(SCENARIO))
    assert explore(go, dask=on, minimise=0) == explore(go, minimise=0)
    walk = explore(Function(mutexes(4)), strategy=Walk(120), minimise=0)
    assert explore(Function(mutexes(4)), strategy=Walk(120), dask=on, minimise=0) == walk

    # A worker goes in the middle.
    def kill(progress: Progress) -> None:
        if machines.workers[0].poll() is None:
            machines.workers[0].send_signal(signal.SIGKILL)

    found = explore(Function(mutexes(5)), dask=on, minimise=0, progress=kill)
    assert machines.workers[0].wait(10) == -signal.SIGKILL
    assert found == explore(Function(mutexes(5)), minimise=0)

    # The scheduler goes: what is done is in the file, and one process ends it.
    state = machines.folder / "state"

    def kill_scheduler(progress: Progress) -> None:
        machines.scheduler.send_signal(signal.SIGKILL)

    part = explore(
        Function(mutexes(6)), dask=on, minimise=0, progress=kill_scheduler, checkpoint=str(state)
    )
    assert part.bound == f"the Dask scheduler {on} is gone"
    assert 0 < part.schedules < 720
    whole = explore(Function(mutexes(6)), minimise=0, checkpoint=str(state))
    assert (whole.schedules, whole.complete, whole.blocked) == (720, True, 0)
    with pytest.raises(UsageError, match="no Dask scheduler answers there"):
        explore(Function(mutexes(3)), dask=on, minimise=0)
