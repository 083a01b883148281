"""One exploration by several processes: same verdict as by one, whatever the split.

A `Plan` knows what is left to do and divides it into tasks: parts of one search tree
(`gosim.explore.frontier`), or ranges of random schedules. A `Crew` carries tasks to workers and
their results back: processes of this machine here, a Dask cluster in `gosim.explore.cluster`, or
this process itself. A task ends after a time slice, and what is left of it goes back to the plan;
when somebody has nothing to do, the others are asked to come back at once. A task whose worker is
gone is given to another one: what counts is what came back.
"""

from __future__ import annotations

import copy
import gc
import io
import marshal
import multiprocessing
import multiprocessing.connection
import pickle
import signal
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import CodeType
from typing import TYPE_CHECKING, Any, Final, Protocol

from gosim.explore.checkpoint import Checkpoint
from gosim.explore.frontier import Frontier, Part, Task
from gosim.explore.minimise import BUDGET
from gosim.explore.optimal import Optimal
from gosim.explore.pct import PCT
from gosim.explore.sampling import Sampling
from gosim.explore.search import (
    Progress,
    Search,
    Trial,
    Watcher,
    concluded,
    out_of_schedules,
    out_of_time,
)
from gosim.explore.strategy import Strategy
from gosim.explore.tally import Tally
from gosim.explore.way import Recorded
from gosim.runtime.errors import GosimError, OutOfTime, UsageError

if TYPE_CHECKING:
    from gosim.explore.exploration import Exploration
    from gosim.explore.outcome import Output

__all__ = [
    "Crew",
    "Gone",
    "Inline",
    "Job",
    "Plan",
    "Processes",
    "Result",
    "Work",
    "explore",
    "plan_for",
]

SLICE: Final = 0.5
"""Seconds after which a worker comes back."""
_LONGEST: Final = 2.0
"""The same where an exploration takes long."""
_FEW: Final = 20
"""So few executions are not worth sharing."""
SAVE_EVERY: Final = 5.0
"""Seconds between two checkpoints."""
_PATIENCE: Final = 5.0
"""Seconds in which workers have to end when they are asked to."""
_DEATHS: Final = 3
"""So many workers may die of one task."""
_FORKS: Final = sys.platform == "linux"
"""A fork takes all along; elsewhere it is not safe, and what can be sent is sent."""
_RANGE: Final = 50
"""Random schedules in a task."""


# ---- what a worker does ----


@dataclass(frozen=True)
class Order:
    """A task and its limits.

    Attributes
    ----------
    number : int
    task : Task or (int, int, (int, int))
        A part of the tree; or the first random schedule, how many, and the size of the program as
        it is known by then (`PCT` draws for it).
    most : int
        Executions.
    least, seconds : float
        After so many it comes back when it is asked to, and by itself.
    wall : float or None
        After so many even an execution that goes on is ended.
    """

    number: int
    task: Any
    most: int
    least: float
    seconds: float
    wall: float | None


@dataclass(frozen=True)
class Result:
    """What came of a task.

    Attributes
    ----------
    number : int
    tally : plain
    blocked, executed : int
    traces : list of int
        Numbers of the traces met, by strategies that keep them.
    size : (int, int)
        Goroutines and steps of the program, as `PCT` knows them.
    rest : plain
        What is left of the task; None when it has to be done again.
    ended : str or None
        What interrupted an execution: ``wall`` or ``interrupt``.
    """

    number: int
    tally: Any
    blocked: int
    executed: int
    traces: list[int]
    size: tuple[int, int]
    rest: Any
    ended: str | None


class Work(Protocol):
    """What the workers of a crew can do.

    Attributes
    ----------
    name : str
        The program, for people.
    """

    @property
    def name(self) -> str:
        """The program, for people."""

    def do(self, order: Order, hurried: Callable[[], bool]) -> Result:
        """Carry out a task; look now and then whether it is `hurried`."""


@dataclass(frozen=True)
class Job:
    """What all tasks of an exploration have in common."""

    trial: Trial
    strategy: Strategy
    output: Output
    watchers: Sequence[Callable[[], Watcher]] = ()

    @property
    def name(self) -> str:
        """The program, for people."""
        return self.trial.program.name

    def do(self, order: Order, hurried: Callable[[], bool]) -> Result:
        """Carry out a task."""
        strategy = self._strategy(order.task)
        recorded = Recorded(strategy, self.trial.max_steps)
        search = Search(self.trial, recorded, 0, None, self.output, self.watchers, None)
        begun = time.monotonic()
        executed = 0
        ended: str | None = None
        while executed < order.most:
            spent = time.monotonic() - begun
            if executed and spent >= order.least and (spent >= order.seconds or hurried()):
                break
            left = None
            if order.wall is not None:
                left = max(0.001, order.wall - spent)
                if executed and left < 2 * spent / executed:
                    break  # rather than to be interrupted
            try:
                ended = search.once(left)
            except OutOfTime:
                ended = "wall"
            if ended is not None:
                break
            executed += 1
            if not search.more:
                break
        return Result(
            order.number,
            search.tally.to_plain(),
            strategy.blocked,
            executed,
            sorted(getattr(strategy, "traces", ())),
            _size(strategy),
            self._rest(strategy, executed, ended),
            ended,
        )

    @staticmethod
    def _rest(strategy: Strategy, executed: int, ended: str | None) -> Any:
        if not isinstance(strategy, Part):
            return executed
        return None if ended is not None else strategy.rest()

    def _strategy(self, task: Any) -> Strategy:
        if isinstance(task, Task):
            return Part(task)
        first, samples, size = task
        return _drawing(self.strategy, first, samples, size)


def _drawing(strategy: Strategy, first: int, samples: int, size: tuple[int, int]) -> Sampling:
    """Return a strategy that draws some of the schedules of another one."""
    if isinstance(strategy, PCT):
        return PCT(samples, strategy.seed, strategy.depth, first, *size)
    strategy = copy.copy(strategy)
    assert isinstance(strategy, Sampling)
    strategy.first, strategy.samples = first, samples
    strategy.drawn, strategy.blocked, strategy.traces = 0, 0, set()
    return strategy


def _size(strategy: Strategy) -> tuple[int, int]:
    return (strategy.goroutines, strategy.steps) if isinstance(strategy, PCT) else (0, 0)


# ---- what is left to do ----


class Plan(Protocol):
    """What is left to do of an exploration, and how to divide it."""

    @property
    def waiting(self) -> int:
        """How many tasks could be given now."""

    @property
    def part(self) -> float:
        """How much of it is done, as far as one can tell; 0 to 1."""

    def divide(self, wanted: int) -> None:
        """Make so many tasks wait, if that can be."""

    def give(self) -> tuple[int, Any]:
        """Return a number, and a task for `Job.do`."""

    def accept(self, result: Result) -> bool:
        """Take back what is left of a task; False when it has been given to somebody else."""

    def again(self, number: int) -> None:
        """Take back a task of which nothing was heard."""

    def to_plain(self) -> Any:
        """Return what is left, in plain form."""


class Tree:
    """Every trace once: the parts of one search tree."""

    def __init__(self, plain: Any = None) -> None:
        self._frontier = Frontier(plain)

    @property
    def waiting(self) -> int:
        """How many tasks could be given now."""
        return self._frontier.waiting

    @property
    def part(self) -> float:
        """How large a part of the tree is done."""
        return self._frontier.part

    def divide(self, wanted: int) -> None:
        """Split parts in two."""
        self._frontier.divide(wanted)

    def give(self) -> tuple[int, Any]:
        """Return a part."""
        task = self._frontier.give()
        return task.number, task

    def accept(self, result: Result) -> bool:
        """Put the rest of a part into the tree."""
        return self._frontier.accept(result.number, result.rest)

    def again(self, number: int) -> None:
        """Take a part back as it was."""
        self._frontier.again(number)

    def to_plain(self) -> Any:
        """Return the tree."""
        return self._frontier.to_plain()


class Ranges:
    """Random schedules by their numbers.

    All ranges have the same length, whoever draws them and when. The size of the program is that of
    the default schedule at the beginning of each, so that what is drawn depends on its number only.
    """

    def __init__(self, strategy: Sampling, plain: Any = None) -> None:
        self.strategy = strategy
        self._next = strategy.first
        self._end = None if strategy.samples is None else self._next + strategy.samples
        self._left: list[tuple[int, int, tuple[int, int]]] = []
        self._size: tuple[int, int] | None = _size(strategy)
        if isinstance(strategy, PCT) and not strategy.steps:
            self._size = None
        self._largest = (0, 0)
        self._fair = 0
        if plain is not None:
            self._next, left, size, largest, self._fair = plain
            self._left = [(start, n, tuple(known)) for start, n, known in left]
            self._size = None if size is None else tuple(size)
            self._largest = tuple(largest)
        self._given: dict[int, tuple[int, int, tuple[int, int]]] = {}
        self._numbers = 0

    @property
    def waiting(self) -> int:
        """How many tasks could be given now."""
        return len(self._left)

    @property
    def part(self) -> float:
        """Nothing is known of what has not been drawn."""
        return 0.0

    def divide(self, wanted: int) -> None:
        """Make ranges."""
        while len(self._left) < wanted and (self._end is None or self._next < self._end):
            if self._size is None and (self._given or self._left):
                return  # the first schedule tells how large the program is
            n = _RANGE if self._size is not None else 1
            if self._end is not None:
                n = min(n, self._end - self._next)
            self._left.append((self._next, n, self._size or (0, 0)))
            self._next += n

    def give(self) -> tuple[int, Any]:
        """Return a range."""
        self._numbers += 1
        task = self._given[self._numbers] = self._left.pop(0)
        return self._numbers, task

    def accept(self, result: Result) -> bool:
        """Take back what was not drawn."""
        if result.number not in self._given:
            return False
        first, n, size = self._given.pop(result.number)
        if self._size is None and result.executed:
            self._size = result.size
        if result.size[0] > self._largest[0] or result.size[1] > self._largest[1]:
            self._largest = (
                max(self._largest[0], result.size[0]),
                max(self._largest[1], result.size[1]),
            )
            self._fair = 0
        if size == result.size == self._largest:
            self._fair += result.executed
        if result.rest < n:
            self._left.insert(0, (first + result.rest, n - result.rest, result.size))
        return True

    def again(self, number: int) -> None:
        """Take back a range."""
        self._left.insert(0, self._given.pop(number))

    def told(self, drawn: int, traces: set[int]) -> str:
        """Return what was drawn in words."""
        sum_ = _drawing(self.strategy, self.strategy.first, drawn, self._largest)
        sum_.drawn, sum_.traces = drawn, traces
        if isinstance(sum_, PCT):
            sum_.fair = self._fair
        return sum_.told()

    def to_plain(self) -> Any:
        """Return what is left."""
        left = sorted([*self._left, *self._given.values()])
        return [self._next, left, self._size, self._largest, self._fair]


def plan_for(strategy: Strategy, plain: Any = None) -> Plan:
    """Return a plan for a strategy.

    Raises
    ------
    UsageError
        When it is one that cannot be divided.
    """
    if type(strategy) is Optimal:
        return Tree(plain)
    if isinstance(strategy, Sampling):
        return Ranges(strategy, plain)
    raise UsageError(
        f"--jobs, --dask and --checkpoint are for the exhaustive search and for random schedules; "
        f"{strategy.name} is done by one process in one go"
    )


# ---- who does it ----


@dataclass(frozen=True)
class Heard:
    """What a crew tells of one of its workers.

    Attributes
    ----------
    number : int
        Of the task.
    result : Result or None
    error : BaseException or None
        What the program or its use of gosim raised. With neither, the worker is gone.
    """

    number: int
    result: Result | None = None
    error: BaseException | None = None


class Gone(Exception):
    """All workers are out of reach, for the reason that it tells."""


class Crew(Protocol):
    """Workers."""

    size: int

    @property
    def idle(self) -> int:
        """How many have nothing to do."""

    def give(self, order: Order) -> None:
        """Let one that is idle do something."""

    def wait(self, seconds: float) -> list[Heard]:
        """Return what was heard, within so many seconds at most.

        Raises
        ------
        Gone
            When nothing will be heard any more.
        """

    def hurry(self) -> None:
        """Ask all that are busy to come back with what they have."""

    def close(self) -> None:
        """Let all go; what they do is lost."""


class Inline:
    """This process, as a crew of one."""

    size = 1

    def __init__(self, job: Work) -> None:
        self._job = job
        self._order: Order | None = None

    @property
    def idle(self) -> int:
        """One, until it is given something."""
        return int(self._order is None)

    def give(self, order: Order) -> None:
        """Remember it."""
        self._order = order

    def wait(self, seconds: float) -> list[Heard]:
        """Do it."""
        order = self._order
        if order is None:
            return []
        self._order = None
        return [Heard(order.number, self._job.do(order, lambda: False))]

    def hurry(self) -> None:
        """It never does anything while it could be asked."""

    def close(self) -> None:
        """Nothing to do."""
        self._order = None


class _Worker:
    def __init__(self, process: Any, pipe: Any) -> None:
        self.process = process
        self.pipe = pipe
        self.order: Order | None = None
        self.hurried = False


class Processes:
    """Processes on this machine.

    Parameters
    ----------
    job : Work
    size : int

    Raises
    ------
    UsageError
        When processes cannot be forked here and the program cannot be sent to them.
    """

    def __init__(self, job: Work, size: int) -> None:
        self.size = size
        self._context, self._job = _context(job)
        self._workers: list[_Worker] = []
        try:
            for _ in range(size):
                self._workers.append(self._hired())
        except BaseException:
            self.close()
            raise

    def _hired(self) -> _Worker:
        mine, its = self._context.Pipe()
        inherited = []
        if self._context.get_start_method() == "fork":
            inherited = [mine, *(worker.pipe for worker in self._workers)]
        process = self._context.Process(
            target=_serve, args=(its, self._job, inherited), daemon=True, name="gosim-explore"
        )
        with warnings.catch_warnings():
            # Nothing of gosim's holds a lock in another thread.
            warnings.simplefilter("ignore", DeprecationWarning)
            process.start()
        its.close()
        return _Worker(process, mine)

    @property
    def pids(self) -> list[int]:
        """Process ids, those of busy workers first."""
        workers = sorted(self._workers, key=lambda worker: worker.order is None)
        return [worker.process.pid for worker in workers]

    @property
    def idle(self) -> int:
        """How many have nothing to do."""
        return sum(worker.order is None for worker in self._workers)

    def give(self, order: Order) -> None:
        """Send it to one that is idle."""
        worker = next(worker for worker in self._workers if worker.order is None)
        worker.order, worker.hurried = order, False
        try:
            worker.pipe.send(order)
        except OSError:
            pass  # it is gone, as `wait` will find

    def wait(self, seconds: float) -> list[Heard]:
        """Return what has come in."""
        busy = [worker for worker in self._workers if worker.order is not None]
        if not busy:
            return []
        waited: list[Any] = [worker.pipe for worker in busy]
        waited += [worker.process.sentinel for worker in busy]
        ready = multiprocessing.connection.wait(waited, seconds)
        heard = []
        for worker in busy:
            order = worker.order
            assert order is not None
            if worker.pipe not in ready and worker.process.sentinel not in ready:
                continue
            try:
                # What it had sent before it died counts.
                result = worker.pipe.recv() if worker.pipe.poll() else None
            except (EOFError, OSError, pickle.UnpicklingError):
                result = None
            if isinstance(result, Result):
                heard.append(Heard(order.number, result))
            else:
                heard.append(Heard(order.number, error=result))
            worker.order = None
            if result is None:
                self._workers.remove(worker)
                _end(worker)
                self._workers.append(self._hired())
        return heard

    def hurry(self) -> None:
        """Ask all that are busy to come back."""
        for worker in self._workers:
            if worker.order is not None and not worker.hurried:
                worker.hurried = True
                try:
                    worker.pipe.send(worker.order.number)
                except OSError:
                    pass

    def close(self) -> None:
        """Kill them."""
        for worker in self._workers:
            _end(worker)
        self._workers = []


def _end(worker: _Worker) -> None:
    worker.process.kill()
    worker.process.join()
    worker.process.close()
    worker.pipe.close()


def _context(job: Work) -> tuple[Any, Any]:
    """Return how to make processes, and the job in the form in which they get it."""
    methods = multiprocessing.get_all_start_methods()
    if _FORKS:
        return multiprocessing.get_context("fork"), job
    try:
        return multiprocessing.get_context("spawn"), _packed(job)
    except Exception:
        if "fork" in methods:
            return multiprocessing.get_context("fork"), job
        raise UsageError(
            f"--jobs: {job.name} cannot be sent to another process; write it to a "
            "file, or use one job"
        ) from None


class _Packer(pickle.Pickler):
    """Writes code objects, too: both ends run the same Python."""

    def reducer_override(self, thing: Any) -> Any:
        if isinstance(thing, CodeType):
            return marshal.loads, (marshal.dumps(thing),)
        return NotImplemented


def _packed(job: Work) -> bytes:
    buffer = io.BytesIO()
    _Packer(buffer).dump(job)
    return buffer.getvalue()


def _serve(pipe: Any, job: Any, inherited: Sequence[Any]) -> None:
    """Do what comes through a pipe, until its other end is closed."""
    for other in inherited:
        other.close()  # or nobody would see the leader's end
    # Ctrl-C goes to all processes of a terminal; the one that started this one decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if isinstance(job, bytes):
        job = pickle.loads(job)
    gc.freeze()  # what was there is not looked through again and again
    try:
        while True:
            order = pipe.recv()
            if not isinstance(order, Order):
                continue  # asked to hurry with what it had just finished

            def hurried(order: Order = order) -> bool:
                asked = False
                while pipe.poll():
                    asked = pipe.recv() == order.number or asked
                return asked

            try:
                result = job.do(order, hurried)
            except (EOFError, BrokenPipeError, ConnectionResetError):
                return
            except BaseException as error:
                pipe.send(_sendable(error))
                continue
            pipe.send(result)
    except (EOFError, OSError):
        return


def _sendable(error: BaseException) -> BaseException:
    """Return an error as one that comes out of a pipe as it went in."""
    try:
        found = pickle.loads(pickle.dumps(error))
        if type(found) is type(error) and str(found) == str(error):
            return error
    except Exception:
        pass
    if isinstance(error, GosimError):
        plain = type(error)(error.message, error.file, error.line)
        plain.printed, plain.whole = error.printed, error.whole
        return plain
    return RuntimeError(f"{type(error).__name__}: {error}")


# ---- who leads ----


def explore(
    trial: Trial,
    *,
    strategy: Strategy,
    max_schedules: int,
    wall: float | None = None,
    output: Output = "ordered",
    watchers: Sequence[Callable[[], Watcher]] = (),
    progress: Callable[[Progress], Any] | None = None,
    minimise: int = BUDGET,
    jobs: int = 1,
    dask: str | None = None,
    checkpoint: str | None = None,
    slice_: float = SLICE,
) -> Exploration:
    """Explore with several processes, or so that it can be taken up again.

    Parameters
    ----------
    trial : Trial
    strategy : Strategy
        One that has not begun: `Optimal`, or one that draws schedules (`Sampling`).
    max_schedules, wall, output, watchers, progress, minimise
        As in `gosim.explore.search.explore`.
    jobs : int
        Processes on this machine; with one, this process does it.
    dask : str, optional
        Address of the scheduler of a Dask cluster, whose workers do it.
    checkpoint : str, optional
        A file to which the state is written every few seconds and at the end, and from which the
        exploration goes on if it is there.
    slice_ : float
        Seconds after which workers come back.

    Raises
    ------
    GosimError
        When the program cannot be loaded or misuses gosim, when the file is damaged or is of
        another exploration, when the strategy cannot be divided.
    """
    if jobs < 1:
        raise UsageError(f"--jobs {jobs}: at least one process has to do it")
    job = Job(trial, strategy, output, watchers)
    lead = _Lead(job, max_schedules, wall, progress, checkpoint, slice_)
    lead.minimise = minimise
    return lead.explore(lambda: _crew(job, jobs, dask))


def _crew(job: Job, jobs: int, dask: str | None) -> Crew:
    if dask is not None:
        from gosim.explore.cluster import Cluster

        return Cluster(job, dask)
    return Inline(job) if jobs == 1 else Processes(job, jobs)


class _Lead:
    """Gives tasks to a crew and folds what comes back."""

    def __init__(
        self,
        job: Job,
        max_schedules: int,
        wall: float | None,
        progress: Callable[[Progress], Any] | None,
        checkpoint: str | None,
        slice_: float,
    ) -> None:
        self.job = job
        self.max_schedules = max_schedules
        self.wall = wall
        self.progress = progress
        self.slice = slice_
        self.least = slice_ / 10
        self.minimise = BUDGET
        self.tally = Tally()
        self.blocked = 0
        self.executed = 0
        self.traces: set[int] = set()
        self.before = 0.0
        self.file = None if checkpoint is None else Checkpoint(checkpoint, job)
        plain = None if self.file is None else self.file.load()
        if plain is None:
            self.plan = plan_for(job.strategy)
        else:
            self._restore(plain)
        self.given: dict[int, Order] = {}
        self.deaths = 0
        self.begun = self.saved = time.monotonic()

    @property
    def seconds(self) -> float:
        return self.before + time.monotonic() - self.begun

    def explore(self, hire: Callable[[], Crew]) -> Exploration:
        # Most explorations have ended before others could help.
        bound = self._explore(lambda: Inline(self.job), self.slice / 2)
        if bound is None:
            self._save()
            bound = self._explore(hire, None)
        self._save()
        self.plan.divide(1)
        finished = not self.plan.waiting
        if not finished and bound is None:
            bound = out_of_schedules(self.max_schedules)
        if finished:
            bound = None
        strategy = self.job.strategy
        if isinstance(self.plan, Ranges):
            told = self.plan.told(self.executed, self.traces)
            bound = told if bound is None else f"{bound}; {told}"
        return concluded(
            self.job.trial,
            self.tally,
            strategy.name,
            blocked=self.blocked,
            traces=len(self.traces) if self.traces else self.tally.schedules,
            bound=bound,
            output=self.job.output,
            seconds=self.seconds,
            minimise=self.minimise,
            deadline=None if self.wall is None else self.begun + self.wall,
        )

    def _explore(self, hire: Callable[[], Crew], seconds: float | None) -> str | None:
        """Go on with a crew, for some seconds; return what ended it too early."""
        self.plan.divide(1)
        if not self.plan.waiting or self.executed >= self.max_schedules:
            return None
        crew = hire()
        try:
            return self._lead(crew, seconds)
        except KeyboardInterrupt:
            self._come_back(crew, _PATIENCE)
            return "stopped by Ctrl-C"
        except Gone as reason:
            return str(reason)
        finally:
            crew.close()
            for number in list(self.given):
                self._forget(number)
            if sys.exc_info()[0] is not None:
                self._save()

    def _lead(self, crew: Crew, seconds: float | None) -> str | None:
        until = None if seconds is None else time.monotonic() + seconds
        while True:
            if until is not None and time.monotonic() >= until:
                return None
            if self.wall is not None and time.monotonic() - self.begun >= self.wall:
                self._come_back(crew, _PATIENCE)
                return out_of_time(self.wall)
            self._give(crew, seconds)
            if not self.given:
                return None
            if crew.idle and any(order.most > _FEW for order in self.given.values()):
                crew.hurry()
            for each in crew.wait(self.slice):
                if self._hear(each) == "interrupt":
                    self._come_back(crew, _PATIENCE)
                    return "stopped by Ctrl-C"
            if self.file is not None and time.monotonic() - self.saved >= SAVE_EVERY:
                self._save()

    def _give(self, crew: Crew, seconds: float | None) -> None:
        """Give every idle worker something to do, if there is something."""
        idle = crew.idle
        left = self.max_schedules - self.executed - sum(o.most for o in self.given.values())
        if seconds is None:
            # The longer it takes, the less often they need to come back.
            seconds = max(self.slice, min(_LONGEST, self.seconds / 20))
        if idle and left > 0:
            self.plan.divide(idle)
            # Who cannot be divided need not be asked again so soon.
            shared = self.plan.waiting >= idle
            self.least = self.slice / 10 if shared else min(self.slice, 2 * self.least)
        while idle and left > 0 and self.plan.waiting:
            number, task = self.plan.give()
            # So that the last ones of a budget are shared, too.
            share = left if crew.size == 1 else max(_FEW, -(-left // (2 * crew.size)))
            most = min(left, share)
            wall = None
            if self.wall is not None:
                wall = max(0.001, self.wall - (time.monotonic() - self.begun))
            order = Order(number, task, most, min(self.least, seconds), seconds, wall)
            self.given[number] = order
            crew.give(order)
            left -= most
            idle -= 1

    def _hear(self, heard: Heard) -> str | None:
        order = self.given.get(heard.number)
        if order is None:
            return None
        if heard.error is not None:
            raise heard.error
        result = heard.result
        if result is None:
            self._forget(heard.number)
            self.deaths += 1
            if self.deaths >= _DEATHS:
                raise GosimError(
                    f"{self.deaths} worker processes in a row were killed while they ran "
                    f"{self.job.trial.program.name}: it ends them, or they need too much memory"
                )
            return None
        if result.rest is None:
            self._forget(heard.number)
            return result.ended
        del self.given[heard.number]
        if not self.plan.accept(result):
            return None
        self.deaths = 0
        self.tally.add(Tally.of_plain(result.tally))
        self.blocked += result.blocked
        self.executed += result.executed
        self.traces.update(result.traces)
        if self.progress is not None:
            tally, part = self.tally, self.plan.part
            self.progress(
                Progress(
                    tally.schedules,
                    self.blocked,
                    tally.outcomes,
                    self.seconds,
                    self.max_schedules,
                    self.executed / part if part else None,
                )
            )
        return result.ended

    def _forget(self, number: int) -> None:
        del self.given[number]
        self.plan.again(number)

    def _come_back(self, crew: Crew, patience: float) -> None:
        """Ask for what has been done so far, and wait for it."""
        crew.hurry()
        until = time.monotonic() + patience
        try:
            while self.given and crew.idle < crew.size and time.monotonic() < until:
                for each in crew.wait(max(0.0, until - time.monotonic())):
                    self._hear(each)
        except (KeyboardInterrupt, Gone):
            return

    # ---- keeping ----

    def _save(self) -> None:
        self.saved = time.monotonic()
        if self.file is not None:
            self.file.save(
                {
                    "left": self.plan.to_plain(),
                    "tally": self.tally.to_plain(),
                    "blocked": self.blocked,
                    "executed": self.executed,
                    "traces": sorted(self.traces),
                    "seconds": self.seconds,
                }
            )

    def _restore(self, plain: Any) -> None:
        self.plan = plan_for(self.job.strategy, plain["left"])
        self.tally = Tally.of_plain(plain["tally"])
        self.blocked, self.executed = plain["blocked"], plain["executed"]
        self.traces = set(plain["traces"])
        self.before = plain["seconds"]
