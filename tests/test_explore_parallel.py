"""Laws of explorations by several processes: same verdict as by one."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path
from typing import Any

import pytest

import gosim as gs
from gosim.explore import parallel
from gosim.explore.bounded import Bounded
from gosim.explore.exploration import Exploration
from gosim.explore.optimal import Optimal
from gosim.explore.parallel import Heard, Job, Order, Processes, Ranges, Result
from gosim.explore.pct import PCT
from gosim.explore.search import Progress, Trial, explore
from gosim.explore.walk import Walk
from gosim.runtime.errors import GosimError, LoadError, UsageError
from gosim.runtime.program import File, Function, Program
from tests.explore_lab import Main, indexer, mutexes, philosophers, random_program


def by_many(
    program: Program | Main, jobs: int = 2, slice_: float = 0.02, **options: Any
) -> Exploration:
    """Explore with processes from the first moment on: slices are short, so is the head start."""
    if not isinstance(program, Program):
        program = Function(program)
    options.setdefault("strategy", Optimal())
    options.setdefault("max_schedules", 20_000)
    return parallel.explore(Trial(program), jobs=jobs, slice_=slice_, **options)


@pytest.mark.parametrize(
    "main",
    [mutexes(5), philosophers(3), philosophers(3, ordered=True), indexer(12)],
    ids=["mutexes", "philosophers", "ordered", "indexer"],
)
def test_the_verdict_is_that_of_one_process_whatever_the_split(main: Main) -> None:
    alone = explore(Function(main))
    assert alone.complete and alone.blocked == 0
    for jobs, slice_ in ((1, 0.01), (2, 0.02), (3, 0.001)):
        assert by_many(main, jobs, slice_) == alone


@pytest.mark.parametrize("seed", range(8))
def test_random_programs_have_the_same_verdict(seed: int) -> None:
    main = random_program(seed)
    assert by_many(main, 2, 0.004) == explore(Function(main))


def test_random_schedules_are_those_that_one_process_draws() -> None:
    main = random_program(5)
    alone = explore(Function(main), strategy=Walk(120, seed=3), minimise=40)
    for jobs in (1, 2, 3):
        assert by_many(main, jobs, strategy=Walk(120, seed=3), minimise=40) == alone
    budget = explore(Function(main), strategy=Walk(seed=3), max_schedules=70, minimise=40)
    assert by_many(main, 2, strategy=Walk(seed=3), max_schedules=70, minimise=40) == budget


def test_schedules_drawn_by_priorities_do_not_depend_on_the_split() -> None:
    main = random_program(5)
    some = by_many(main, 1, 0.01, strategy=PCT(130, seed=2), minimise=40)
    assert (some.schedules, some.strategy) == (130, "pct")
    for jobs, slice_ in ((1, 0.2), (2, 0.02), (3, 0.001)):
        assert by_many(main, jobs, slice_, strategy=PCT(130, seed=2), minimise=40) == some


def test_a_range_that_was_drawn_in_part_is_drawn_to_its_end() -> None:
    ranges = Ranges(Walk(70))
    ranges.divide(5)
    number, task = ranges.give()
    assert task == (0, 50, (0, 0))
    other, task = ranges.give()
    assert task == (50, 20, (0, 0))
    assert ranges.accept(Result(number, None, 0, 30, [], (0, 0), 30, None))
    assert not ranges.accept(Result(number, None, 0, 30, [], (0, 0), 30, None))
    ranges.again(other)
    assert sorted(ranges.to_plain()[1]) == [(30, 20, (0, 0)), (50, 20, (0, 0))]


def test_a_budget_of_schedules_is_used_up_and_not_more() -> None:
    for jobs in (1, 2):
        found = by_many(mutexes(5), jobs, max_schedules=50)
        assert (found.schedules, found.complete) == (50, False)
        assert found.bound == "the budget of 50 schedules (--max-schedules)"


def test_a_budget_of_time_ends_it() -> None:
    found = by_many(mutexes(7), wall=1.0, minimise=0)
    assert found.bound == "1 s of real time (--wall)"
    assert found.schedules > 0 and found.seconds < 10


def test_a_budget_of_time_ends_an_execution_that_does_not_end() -> None:
    async def main() -> None:
        gs.go(nothing)
        while True:
            pass

    async def nothing() -> None:
        pass

    found = by_many(main, 2, wall=0.5)
    assert found.bound is not None and "--wall" in found.bound


def test_progress_is_told() -> None:
    told: list[Progress] = []
    found = by_many(mutexes(5), 2, progress=told.append)
    assert told[-1].schedules == found.schedules == 120
    assert [p.schedules for p in told] == sorted(p.schedules for p in told)
    assert told[-1].outcomes == {"ok": 120} and told[-1].most == 20_000
    totals = [p.total for p in told]
    assert totals[-1] == 120
    assert all(total is not None and 1 <= total < 1000 for total in totals)


def test_errors_come_out_of_workers_as_they_are(tmp_path: Path) -> None:
    file = tmp_path / "wrong.py"
    file.write_text("async def main():\n    1 / 0 if False else open('/nowhere/at/all')\n")
    alone = explore(File(str(file)))
    assert by_many(File(str(file)), 2) == alone

    async def wrong() -> None:
        gs.sync.WaitGroup().wait()

    job = Job(Trial(Function(wrong)), Optimal(), "ordered")
    with pytest.raises(GosimError) as here:
        explore(Function(wrong))
    crew = Processes(job, 2)
    try:
        plan = parallel.plan_for(Optimal())
        number, task = plan.give()
        crew.give(Order(number, task, 10, 0.0, 1.0, None))
        (heard,) = crew.wait(20)
    finally:
        crew.close()
    assert type(heard.error) is type(here.value) and str(heard.error) == str(here.value)
    assert isinstance(heard.error, GosimError) and heard.error.line == here.value.line


_explore = parallel._Lead._explore


def _at_once(self: Any, hire: Any, seconds: float | None) -> str | None:
    """Leave out what the leader does alone."""
    return None if seconds is not None else _explore(self, hire, seconds)


class Shot(Processes):
    """A crew of which somebody is killed now and then."""

    shots = 0

    def give(self, order: Order) -> None:
        super().give(order)
        if order.number % 3 == 2 and self.shots < 4:
            self.shots += 1
            pid = next(w.process.pid for w in self._workers if w.order is order)
            assert pid is not None
            threading.Timer(0.005 * self.shots, os.kill, (pid, signal.SIGKILL)).start()


def test_workers_that_are_killed_lose_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    crews: list[Shot] = []
    monkeypatch.setattr(parallel._Lead, "_explore", _at_once)

    def crew(job: Job, jobs: int, dask: str | None) -> Shot:
        crews.append(Shot(job, jobs))
        return crews[-1]

    monkeypatch.setattr(parallel, "_crew", crew)
    found = by_many(mutexes(5), 2, 0.03)
    assert crews[0].shots > 0
    assert found == explore(Function(mutexes(5)))


def test_a_program_that_kills_its_process_is_told_after_a_few_tries(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    me = os.getpid()

    async def main() -> None:
        if os.getpid() != me:
            os._exit(3)
        gs.go(nothing)

    async def nothing() -> None:
        pass

    monkeypatch.setattr(parallel._Lead, "_explore", _at_once)
    with pytest.raises(GosimError, match=r"3 worker processes in a row were killed while they ran"):
        by_many(main, 2)


def test_processes_end_with_the_exploration() -> None:
    crew = Processes(Job(Trial(Function(mutexes(3))), Optimal(), "ordered"), 2)
    pids = crew.pids
    crew.close()
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_spawned_processes_get_a_program_in_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "two.py"
    file.write_text(
        "from gosim import chan, go\n"
        "async def main():\n"
        "    c = chan(int, 1)\n"
        "    for i in range(3):\n"
        "        go(c.send, i)\n"
        "    await c.recv()\n"
    )
    monkeypatch.setattr(parallel, "_FORKS", False)
    context, job = parallel._context(Job(Trial(File(str(file))), Optimal(), "ordered"))
    assert context.get_start_method() == "spawn" and isinstance(job, bytes)
    monkeypatch.setattr(parallel._Lead, "_explore", _at_once)
    assert by_many(File(str(file)), 1) == explore(File(str(file)))
    crew = Processes(Job(Trial(File(str(file))), Optimal(), "ordered"), 1)
    try:
        plan = parallel.plan_for(Optimal())
        number, task = plan.give()
        crew.give(Order(number, task, 1000, 10.0, 10.0, None))
        (heard,) = crew.wait(60)
    finally:
        crew.close()
    assert isinstance(heard, Heard) and heard.result is not None
    assert heard.result.executed == explore(File(str(file))).schedules


def test_a_function_that_cannot_be_sent_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "_FORKS", False)
    monkeypatch.setattr(parallel.multiprocessing, "get_all_start_methods", lambda: ["spawn"])
    with pytest.raises(UsageError, match="cannot be sent to another process; write it to a file"):
        Processes(Job(Trial(Function(mutexes(3))), Optimal(), "ordered"), 2)


def test_what_cannot_be_divided_is_refused() -> None:
    with pytest.raises(UsageError, match="preemptions is done by one process in one go"):
        by_many(mutexes(3), 2, strategy=Bounded(1))
    with pytest.raises(UsageError, match="--jobs 0: at least one process"):
        by_many(mutexes(3), 0)


def test_a_program_that_is_not_there_is_told() -> None:
    with pytest.raises(LoadError):
        by_many(File("/nowhere.py"))
