"""A run: one execution of a program, and the record of it.

``execute`` makes a world, lets main run, lets the world live on without main as a server would,
asks for the verdicts, and takes the world down.  The :class:`Run` that comes out holds plain data
only: no coroutine, no channel, nothing that could run again.
"""

from __future__ import annotations

import gc
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

from gosim.leaks.judge import Goroutine, Judgement, Leak, Snapshot, judge, snapshot
from gosim.leaks.messages import Source, about
from gosim.leaks.timers import MemoryLeak, forgotten
from gosim.memory.errors import Throw
from gosim.runtime.current import activate
from gosim.runtime.errors import GosimError, OutOfTime, UsageError, WallClock
from gosim.runtime.g import G
from gosim.runtime.netpoll import IO_WAIT, Descriptor
from gosim.runtime.observer import Observer
from gosim.runtime.panic import Panic, print_panics, print_running_panics
from gosim.runtime.policy import Policy
from gosim.runtime.proc import World
from gosim.runtime.program import Program, Stdout
from gosim.runtime.sigqueue import SYSCALL, hears
from gosim.runtime.token import decode, encode, make_policy
from gosim.runtime.traceback import (
    Frame,
    creation,
    dump,
    dump_one,
    frames,
    panic_frames,
    user_place,
)
from gosim.runtime.version import LATEST, resolve

if TYPE_CHECKING:
    import networkx
    import simpy

    from gosim.leaks.alive import Alive
    from gosim.leaks.memory import Keepsake, Watch
    from gosim.leaks.multigraph import MultiGraph
    from gosim.leaks.recording import Recorder, Recording
    from gosim.memory.samples import MemoryRecord
    from gosim.views.memory import Memory
    from gosim.views.steps import Steps
    from gosim.views.timeline import Timeline

DAY_NS: Final = 24 * 3600 * 1_000_000_000
AFTER_STEPS: Final = 100_000
AFTER_WALL_S: Final = 2.0
_PYTHON_STACK: Final = 12_000
"""Python frames allowed: awaits use the C stack, which holds about 20 000 of them."""
_DEEP_STACK: Final = 150_000
_DEEP_BYTES: Final = 112 << 20
"""The same where the C stack can grow: some 300 bytes for each await."""
_SHORT_STEPS: Final = 5_000
"""A run that took at most so many steps is done once more for the picture of who waits for whom."""


@dataclass
class AfterLife:
    """What happened after main returned: virtual time passed, picks, and a panic if one came."""

    virtual_ns: int = 0
    steps: int = 0
    panic: str | None = None


@dataclass
class Run:
    """The record of one execution.

    Attributes
    ----------
    program, variant : str
        What ran.
    go, go_line : str
        Simulated toolchain and language version.
    seed : int
    policy : str
    schedule : str
        Replay token.
    outcome : str
        ``limit``, ``fatal``, ``panic``, ``deadlock``, ``exit``, ``leak`` or ``ok``.
    exit_code : int or None
        Of the simulated process; None when a budget ended it.
    stdout, stderr : str
        What the process printed until main returned.
    virtual_ns, steps : int
        Virtual time and scheduler picks until main returned.
    after_main : AfterLife
    goroutines : list
        Those alive when the after-life ended (main left out once it has returned).
    leaks : list
        The findings, grouped like pprof's goroutine profile.
    source : str
        What the program is written in, ``python`` or ``go``.
    limit : str or None
        The budget that ended the run.
    notes : list of str
        What a reader should know about this run.
    timers : list of MemoryLeak
        What was found about memory when main returned: timers that nobody could stop or read any
        more, and bytes that are kept because something smaller shares their store.
    memory_record : MemoryRecord or None
        Heap, stacks and RSS over time, and who holds what; None when the run used no memory of
        the simulated kind and none was asked for.
    pinned : list of dict
        The stores of which more is kept than is in sight.
    retained : list of dict
        What each root (variable, goroutine, timers) keeps alive alone, the largest first.
    recorded : Recording or None
        All events, when the run was recorded; `recording` has them also when it was not.
    proof : Alive or None
        Why things are alive, when that was asked for; `alive` has it also when it was not.
    again : callable or None
        Runs the program once more, for `recording` and `alive`; None when it cannot be done again.
    """

    program: str
    variant: str
    go: str
    go_line: str
    seed: int
    policy: str
    schedule: str
    outcome: str
    exit_code: int | None
    stdout: str
    stderr: str
    virtual_ns: int
    steps: int
    after_main: AfterLife
    judgement: Judgement
    file: str = ""
    source: Source = "python"
    limit: str | None = None
    notes: list[str] = field(default_factory=list)
    timers: list[MemoryLeak] = field(default_factory=list)
    memory_record: MemoryRecord | None = None
    pinned: list[dict[str, Any]] = field(default_factory=list)
    retained: list[dict[str, Any]] = field(default_factory=list)
    recorded: Recording | None = None
    proof: Alive | None = field(default=None, repr=False, compare=False)
    again: Callable[..., Run] | None = field(default=None, repr=False, compare=False)

    @property
    def goroutines(self) -> list[Any]:
        """The goroutines alive at the end."""
        return self.judgement.goroutines

    @property
    def leaks(self) -> list[Any]:
        """The findings: goroutines, then timers that only the runtime still knows."""
        return [*self.judgement.leaks, *self.timers]

    def dump(self) -> str:
        """Return the goroutine dump in Go's format (``/debug/pprof/goroutine?debug=2``)."""
        return "\n".join(
            dump_one(
                g.id,
                g.wait_reason or g.state,
                g.stack or _of_library(g),
                g.created_by,
                g.created_by.goroutine if g.created_by is not None else 0,
            )
            for g in self.goroutines
        )

    def memory(self) -> dict[str, Any]:
        """Return the bytes at main's return: of the whole process where memory was simulated.

        Otherwise those that goroutines cost: stacks, descriptors, queue entries.
        """
        record = self.memory_record
        if record is None:
            return self.judgement.memory
        stats = record.stats
        return {
            "heap_live": stats.get("heap_alloc", 0),
            "heap_inuse": stats.get("heap_inuse", 0),
            "stack_inuse": stats.get("stack_inuse", 0),
            "sys": stats.get("sys", 0),
            "rss": stats.get("rss", 0),
            "num_gc": stats.get("num_gc", 0),
            "pinned": self.pinned,
            "retained": self.retained,
        }

    def recording(self) -> Recording:
        """Return every event of the run (see `gosim.leaks.recording`).

        A run that was not recorded is done once more, and compared.

        Raises
        ------
        UsageError
            When it cannot be done again, or comes out otherwise.
        """
        if self.recorded is None:
            recorder = _recorder()
            self._once_more("record it from the start: run(main, record=True)", recorder)
            self.recorded = recorder.recording
        return self.recorded

    def alive(self) -> Alive:
        """Return what keeps alive what goroutines wait for (see `gosim.leaks.alive`).

        A run of which it was not asked is done once more, and compared.

        Raises
        ------
        UsageError
            When it cannot be done again, or comes out otherwise.
        """
        if self.proof is None:
            other = self._once_more("ask from the start: run(main, why=True)", why=True)
            self.proof = other.proof
        assert self.proof is not None
        return self.proof

    def _once_more(self, remedy: str, recorder: Recorder | None = None, why: bool = False) -> Run:
        """Run the program again; what cannot be had so has to be asked for from the start."""
        if self.again is None:
            raise UsageError(
                "this run cannot be done again (its scheduler, clock or observers are the "
                f"caller's); {remedy}"
            )
        other = self.again(recorder, why)
        if other.digest() != self.digest():
            raise UsageError(
                f"the program is not repeatable: done again, it came out otherwise; {remedy}"
            )
        return other

    def why(self) -> Any:
        """Return why things are alive, or why nobody can help, as a picture that shows itself.

        Raises
        ------
        UsageError
            As `alive`.
        """
        found = self.alive()
        return found if explained is None else explained(self, found)

    def digest(self) -> tuple[Any, ...]:
        """Return what two runs of the same program, seed and version have in common."""
        return (
            self.outcome,
            self.exit_code,
            self.stdout,
            self.virtual_ns,
            self.steps,
            self.after_main,
            tuple((g.id, g.wait_reason, g.at) for g in self.goroutines),
        )

    def graph(self) -> networkx.MultiDiGraph:
        """Return who waits for whom (see :func:`gosim.leaks.graph.wait_graph`)."""
        from gosim.leaks.graph import shown

        return shown(self.plain_graph())

    def plain_graph(self) -> MultiGraph:
        """Return the same graph without networkx.

        Whether somebody who could have helped has ever lived is in no plain run: a short one is
        done once more and recorded when that is the question.
        """
        from gosim.leaks.graph import mysteries, plain_graph, solve

        graph = plain_graph(self.judgement)
        short = self.again is not None and self.steps <= _SHORT_STEPS
        if (self.recorded is not None or short) and mysteries(graph):
            # Not repeatable: then it stays unknown.
            with suppress(UsageError):
                solve(graph, self.recording())
        return graph

    def timeline(self, title: str = "", scale: Literal["events", "time"] = "events") -> Timeline:
        """Return who was in which state when (see :class:`gosim.views.timeline.Timeline`).

        Raises
        ------
        UsageError
            When the run was not recorded and cannot be done again.
        """
        if timeline is None:
            raise UsageError("timelines are drawn once gosim itself is imported: import gosim")
        return timeline(self, title, scale)

    def memory_view(self, fixed: Run | None = None, title: str = "") -> Memory:
        """Return the memory of the run as a picture (see :class:`gosim.views.memory.Memory`).

        Parameters
        ----------
        fixed : Run, optional
            The repaired program's, drawn beside it on the same scale.
        title : str
            Left out, the verdict.

        Raises
        ------
        UsageError
            When the program used no memory that is counted; then ask ``run(main, memory=True)``.
        """
        if memory_view is None:
            raise UsageError("pictures are drawn once gosim itself is imported: import gosim")
        return memory_view(self, fixed, title)

    def stepper(self, title: str = "") -> Steps:
        """Return the run as steps to go through, forwards and backwards.

        See :class:`gosim.views.steps.Steps`; in a notebook they show themselves.

        Raises
        ------
        UsageError
            When the run was not recorded and cannot be done again.
        """
        if stepper is None:
            raise UsageError("steps are made once gosim itself is imported: import gosim")
        return stepper(self, title)

    def to_dict(self) -> dict[str, Any]:
        """Return the run as ``run --json`` prints it, schema ``gosim.run/1``."""
        return {
            "schema": "gosim.run/1",
            "program": self.program,
            "variant": self.variant,
            "source": self.source,
            "go": self.go,
            "go_line": self.go_line,
            "seed": self.seed,
            "policy": self.policy,
            "schedule": self.schedule,
            "outcome": self.outcome,
            "exit_code": self.exit_code,
            "limit": self.limit,
            "notes": self.notes,
            "stdout": self.stdout,
            "stderr": self.stderr,
            "virtual_ns": self.virtual_ns,
            "steps": self.steps,
            "after_main": {
                "virtual_ns": self.after_main.virtual_ns,
                "steps": self.after_main.steps,
                "panic": self.after_main.panic,
            },
            "goroutines": [g.to_dict() for g in self.goroutines],
            "leaks": [leak.to_dict() for leak in self.leaks],
            "memory": self.memory(),
        }

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        if shown is None:
            return {"text/plain": repr(self)}
        return shown(self, include, exclude)

    def __repr__(self) -> str:
        return f"<Run {self.program} {self.variant}: {self.outcome}, {len(self.goroutines)} left>"


shown: Callable[[Run, Any, Any], dict[str, str]] | None = None
"""Shows a run in a notebook.  ``gosim.doors`` puts it here: pictures are made on a higher floor."""

timeline: Callable[[Run, str, Any], Timeline] | None = None
"""Makes a run's timeline.  ``gosim.doors`` puts it here, too."""

memory_view: Callable[[Run, Run | None, str], Memory] | None = None
"""Makes the picture of a run's memory.  ``gosim.doors`` puts it here, too."""

stepper: Callable[[Run, str], Steps] | None = None
"""Makes a run's steps.  ``gosim.doors`` puts it here, too."""

explained: Callable[[Run, Alive], Any] | None = None
"""Makes of why things are alive a picture that shows itself.  ``gosim.doors`` puts it here."""


def execute(
    program: Program,
    *,
    variant: str = "main",
    go: str = LATEST,
    go_line: str | None = None,
    seed: int = 0,
    policy: str | Policy = "go",
    replay: str | None = None,
    procs: int = 1,
    until: int = DAY_NS,
    ignore: Sequence[str] = (),
    observers: Sequence[Observer] = (),
    env: simpy.Environment | None = None,
    max_goroutines: int = 1_000_000,
    max_steps: int = 10_000_000,
    wall: float | None = None,
    args: Sequence[str] = (),
    tee: Callable[[str], Any] | None = None,
    memory: bool = False,
    gogc: str | None = None,
    memlimit: str | None = None,
    record: bool = False,
    why: bool = False,
) -> Run:
    """Run a program once.

    Parameters
    ----------
    program : Program
    variant : str
        For the record.
    go, go_line : str
        Toolchain and language version to simulate.
    seed : int
        Seeds every random choice.
    policy : str or Policy
        ``go`` (a process with GOMAXPROCS=1), ``fifo``, ``random``, ``paced``, or one of your own.
    replay : str, optional
        A token; decides seed and policy.
    procs : int
        Processors on which ``work`` burns time.
    until : int
        Virtual ns after which the after-life (or an endless main) is ended.
    ignore : sequence of str
        Functions whose goroutines are meant to stay.
    observers : sequence of Observer
    env : simpy.Environment, optional
        A calendar shared with a simpy model.
    max_goroutines, max_steps : int
        Budgets.
    wall : float, optional
        Seconds of real time after which the run is ended; none in the API.
    args : sequence of str
        ``os.args`` behind the program's name.
    tee : callable, optional
        Gets every piece of stdout at once.
    memory : bool
        Simulate heap, stacks and collector although the program uses no value of gosim.memory.
    gogc, memlimit : str, optional
        The environment variables ``GOGC`` and ``GOMEMLIMIT`` of the simulated process.
    record : bool
        Write down every event (``Run.recording``).
    why : bool
        Write down what keeps things alive at the end (``Run.alive``).

    Raises
    ------
    GosimError
        When the program cannot be loaded or misuses gosim.
    """
    from gosim.runtime import current

    if current.world is not None:
        raise UsageError(
            "a run is already going on: gosim.run() cannot be called inside a program that gosim "
            "runs; put it under `if __name__ == '__main__':` or run the file with python"
        )
    decisions: Any = None
    if replay is not None:
        schedule = decode(replay)
        policy, seed, decisions = schedule.mode, schedule.seed, schedule.decisions
        scheduler = schedule.policy()
    else:
        scheduler = policy if isinstance(policy, Policy) else make_policy(policy, seed)
    if procs < 1:
        raise UsageError(f"--procs {procs}: a machine has at least one processor")
    if procs > 1 and scheduler is None:
        policy = "fifo"
        scheduler = make_policy(policy, seed)
    again: Callable[..., Run] | None = None
    if env is None and not observers and not isinstance(policy, Policy):

        def again(recorder: Recorder | None = None, why: bool = False) -> Run:
            return execute(
                program,
                variant=variant,
                go=go,
                go_line=go_line,
                seed=seed,
                policy=policy,
                replay=replay,
                procs=procs,
                until=until,
                ignore=ignore,
                observers=() if recorder is None else (recorder,),
                max_goroutines=max_goroutines,
                max_steps=max_steps,
                wall=wall,
                args=args,
                memory=memory,
                gogc=gogc,
                memlimit=memlimit,
                why=why,
            )

    policy = policy if isinstance(policy, str) else policy.name
    if isinstance(scheduler, Observer) and scheduler not in observers:
        observers = [scheduler, *observers]  # it listens to the run it decides about
    recorder = _recorder() if record else None
    if recorder is not None:
        observers = [*observers, recorder]
    if memory:
        program.count_memory()
    tracked = program.discards_operations()
    world = World(
        resolve(go, go_line or program.go_line),
        seed=seed,
        policy=scheduler,
        procs=procs,
        observers=observers,
        env=env,
        max_goroutines=max_goroutines,
        max_steps=max_steps,
        tracked=tracked,
        counted=memory or program.uses_memory(),
        gogc=gogc,
        memlimit=memlimit,
    )
    world.counted_out = scheduler is not None and program.counts_goroutines()
    world.args = [program.name, *args]
    world.horizon = world.started_at + until
    with interpreter(world, program, wall, tee) as (complaints, alarm):
        life = _Life(world, program, variant, policy, seed, decisions, ignore, alarm)
        life.why = why
        if replay is not None and schedule.payload is not None:
            life.schedule = replay
        try:
            with about(program.written_in):
                run = life.live(complaints)
            run.again = again
            run.recorded = recorder.recording if recorder is not None else None
            return run
        except (GosimError, KeyboardInterrupt) as error:
            setattr(error, "printed", "".join(world.out))  # noqa: B010 - one has no such field
            raise
        finally:
            world.close()
            program.finish()
            if scheduler is not None:
                scheduler.end(world)


def _keepsake(world: World, returned: bool = True, suspended: bool = True) -> Keepsake | None:
    """Return what is known of a world's memory now; None if it has used none."""
    if world.memory is None:
        return None  # and without loading that room, which takes as long as all of a small run
    from gosim.leaks.memory import Keepsake

    return Keepsake(world, returned, suspended)


def _recorder() -> Recorder:
    """Return a new recorder; a run that is not recorded does not load that room."""
    from gosim.leaks.recording import Recorder

    return Recorder()


def _of_library(g: Goroutine) -> tuple[Frame, ...]:
    """Return the one frame that is known of a goroutine of the library: the function it runs."""
    made = g.created_by
    if made is None or g.function.startswith("main."):
        return ()
    return (Frame(g.function, made.file, made.line),)


class _Life:
    """The life of one world, from the first goroutine to the verdict."""

    def __init__(
        self,
        world: World,
        program: Program,
        variant: str,
        policy: str,
        seed: int,
        decisions: Any,
        ignore: Sequence[str],
        alarm: _Alarm,
    ) -> None:
        self.world = world
        self.program = program
        self.variant = variant
        self.policy = policy
        self.seed = seed
        self.decisions = decisions
        self.ignore = ignore
        self.alarm = alarm
        self.place = ""
        self.notes: list[str] = []
        self.after = AfterLife()
        self.limit: str | None = None
        self.why = False
        self.schedule: str | None = None

    def live(self, complaints: list[GosimError]) -> Run:
        world = self.world
        if world.policy is not None:
            world.policy.begin(world)
        main, namespace = self.program.start()
        self.variant = self.program.variant or self.variant
        world.globals.append(namespace)
        g = world.main = G(1, main())
        world.allgs.add(g)
        if world.observers:
            world.emit("run_started", world)
            world.emit("goroutine_created", g, None)
        world.ready(g)
        how = self._loop(world.max_steps)
        if complaints or world.complaints:
            raise [*complaints, *(world.complaints or ())][0]
        virtual_ns, steps = world.now - world.started_at, world.steps
        outcome, exit_code, stderr = self._ended(how)
        at_return = None
        timers: list[MemoryLeak] = []
        if how == "main":
            world.mute = True
            if world.observers:
                world.emit("main_returned", world)
            at_return = snapshot(world)
            timers = forgotten(world)
            kept = _keepsake(world)
            self._after_life(at_return, None if kept is None else kept.watch)
        else:
            kept = _keepsake(world, returned=False, suspended=how in ("idle", "until"))
        if complaints or world.complaints:
            raise [*complaints, *(world.complaints or ())][0]
        self.alarm.stop()  # what comes now takes time of its own, and it ends
        courts: list[Any] = []
        judgement = judge(
            world,
            main_returned=how == "main",
            ignore=self.ignore,
            snapshot=at_return,
            idle=how == "idle" or self._idle_after,
            died=outcome in ("panic", "fatal", "exit") or how == "goroutines",
            witness=courts.append if self.why else None,
        )
        if kept is not None:
            timers += kept.settle(judgement)
            self.notes += kept.notes
        proof = None
        if self.why:
            from gosim.leaks.alive import inquire

            proof = inquire(next(iter(courts), None), how == "main")
        found: list[Leak] = [*judgement.leaks, *timers]
        if outcome == "ok" and any(leak.verdict in _BAD for leak in found):
            outcome = "leak"
        if world.spinning is not None:
            file, line = world.spinning
            self.notes.append(f"spinning: {file}:{line} polls without blocking; time was pushed on")
        if world.observers:
            world.emit("run_ended", world)
        version = world.version
        run = Run(
            program=self.program.name,
            variant=self.variant,
            go=version.go,
            go_line=version.go_line,
            seed=self.seed,
            policy=self.policy,
            schedule=self._token(),
            outcome=outcome,
            exit_code=exit_code,
            stdout="".join(world.out),
            stderr="".join(world.err) + stderr,
            virtual_ns=virtual_ns,
            steps=steps,
            after_main=self.after,
            judgement=judgement,
            file=self.program.file,
            source=self.program.written_in,
            limit=self.limit,
            notes=self.notes,
            timers=timers,
            proof=proof,
        )
        if kept is not None:
            run.memory_record, run.retained = kept.record, kept.retained
            run.pinned = [p.to_dict() for p in kept.pinned]
        return run

    def _token(self) -> str:
        if self.schedule is not None:
            return self.schedule
        decisions = getattr(self.world.policy, "decisions", self.decisions)
        if decisions is not None:
            return encode("steps", 0, decisions)
        return encode(self.policy, self.seed)

    def _loop(self, steps: int) -> str:
        try:
            return self.world.loop(steps)
        except KeyboardInterrupt as error:
            self._stopped_at(error)
            return "interrupt"
        except WallClock as error:
            self._stopped_at(error)
            return "wall"

    def _stopped_at(self, error: BaseException) -> None:
        """Remember the line at which the program was stopped from outside, if it was running."""
        file, line = user_place(panic_frames(error))
        self.place = "" if file is None else f" at {file}:{line}"

    def _ended(self, how: str) -> tuple[str, int | None, str]:
        """Return outcome, exit code and what the runtime prints on stderr."""
        world = self.world
        if how == "main":
            return "ok", 0, ""
        if how == "exit":
            return "exit", world.exit_code, ""
        if how == "panic":
            self._refuse_foreign()
            return "panic", 2, self._panic_text()
        if how == "fatal":
            return "fatal", 2, self._fatal_text()
        if how == "idle":
            return self._asleep()
        self.limit = how
        self.notes.append(_LIMITS[how].format(world=world, place=self.place, alarm=self.alarm))
        return "limit", None, ""

    def _refuse_foreign(self) -> None:
        """Say so when a panic is Python's answer to something that belongs to another world."""
        panic = self.world.panic
        assert panic is not None
        problem, error = "", panic.__cause__
        if isinstance(error, SystemExit):
            problem = (
                "sys.exit ends Python, not the Go process that is simulated; write "
                "`gosim.os.exit(code)`"
            )
        elif isinstance(error, RuntimeError) and "no running event loop" in str(error):
            problem = (
                "asyncio needs an event loop of its own, and a goroutine has none; use gosim's "
                "operations (`await gosim.time.sleep(d)`, channels, `go`)"
            )
        if problem:
            raise UsageError(problem, *user_place(panic_frames(panic)))

    def _asleep(self) -> tuple[str, int | None, str]:
        world = self.world
        waiting = [g for g in world.allgs if g.wait_reason in (IO_WAIT, SYSCALL)]
        if any(isinstance(g.waiting, Descriptor) for g in waiting):
            # Somebody outside might come: Go's detector of deadlocks says nothing.
            if world.main is not None and hears(world, world.main):
                self.notes.append("main waits for a signal, and a real process lives on")
                return "ok", None, ""
            if world.main in waiting:
                self.notes.append("main waits for the network, and a real process lives on")
                return "ok", None, ""
            self.notes.append(
                "the process hangs: main is blocked, and only what waits for the network or for "
                "signals keeps Go from noticing"
            )
            return "leak", None, ""
        if world.next_event() is not None:
            self.notes.append(
                "the process hangs: every goroutine is blocked, and only tickers that nobody reads "
                "keep it from noticing"
            )
            return "leak", None, ""
        if not world.allgs:
            return (
                "deadlock",
                2,
                "fatal error: no goroutines (main called runtime.Goexit) - deadlock!\n",
            )
        text = "fatal error: all goroutines are asleep - deadlock!\n\n" + dump(world, world.allgs)
        return "deadlock", 2, text

    def _panic_text(self) -> str:
        world = self.world
        panic, g = world.panic, world.panicked
        assert panic is not None and g is not None
        stack = panic_frames(panic)
        try:
            text = print_panics(panic, world.version) + "\n"
        except Panic as inner:  # from a method Error or String of the program
            what = inner.value
            told = what if isinstance(what, str) else f"type {_type_text(what)}"
            text = f"fatal error: panic while printing panic value: {told}\n\n"
        return text + dump_one(g.id, "running", stack, creation(g), g.parent)

    def _fatal_text(self) -> str:
        world = self.world
        text = f"fatal error: {world.fatal_text}\n"
        g = world.panicked
        beneath = 0
        if world.panic is not None:
            stated = world.panic.__cause__  # or else Python itself had no more room on the stack
            if isinstance(stated, Throw):
                text = stated.report() + text
            else:
                limit = world.version.stack_overflow_bytes
                text = f"runtime: goroutine stack exceeds {limit}-byte limit\n" + text
            stack = panic_frames(world.panic)
            # Only here Go counts its own frames, too: runtime.goexit, and runtime.main above it.
            beneath = 2 if g is world.main else 1
        elif g is not None:
            stack = frames(g)
        if g is None:
            return text
        text += "\n" + dump_one(g.id, "running", stack, creation(g), g.parent, beneath)
        if world.panicked is g and world.panic is None and world.version.fatal_prints_panics:
            text = print_running_panics(g, world.version) + text
        others = world.allgs - {g} if world.version.fatal_dumps_all else ()
        return f"{text}\n{dump(world, others)}" if others else text

    _idle_after = False

    def _after_life(self, at_return: Snapshot, watch: Watch | None) -> None:
        """Let the world live on without main until it is idle or a budget is used up."""
        world = self.world
        begun_ns, begun_steps = world.now, world.steps
        world.horizon = min(begun_ns + DAY_NS, max(world.horizon, begun_ns))
        deadline = time.monotonic() + AFTER_WALL_S
        left = AFTER_STEPS
        while left > 0:
            before = world.steps
            ended = len(at_return.roll.ended)
            how = self._loop(1 if watch is not None and watch.eager else min(2_000, left))
            if watch is not None:
                watch.look(at_return.roll.ended[ended:])
            left -= max(1, world.steps - before)
            if how in ("steps", "main") and time.monotonic() < deadline:
                continue
            break
        self._idle_after = how == "idle"
        if how == "panic":
            self.after.panic = self._panic_text()
            self.notes.append("after main returned, a goroutine panicked; a server would have died")
        elif how == "fatal":
            self.after.panic = self._fatal_text()
            self.notes.append("after main returned, a fatal error came; a server would have died")
        self.after.virtual_ns = world.now - begun_ns
        self.after.steps = world.steps - begun_steps


def _type_text(value: Any) -> str:
    """Return the Go type of a panic value."""
    kind = getattr(type(value), "__rtype__", None)
    return str(kind.text) if kind is not None else type(value).__name__


_BAD: Final = frozenset({"permanent", "unproven"})

_LIMITS: Final = {
    "steps": "stopped after {world.max_steps} steps (the budget); it may run for ever",
    "goroutines": "stopped: more than {world.max_goroutines} goroutines alive (the budget)",
    "until": "stopped at the end of the virtual time it was given (--until)",
    "wall": "stopped after {alarm.seconds:g} s of real time (--wall){place}; "
    "a loop without an operation never ends",
    "interrupt": "stopped by Ctrl-C{place}",
    "stop": "stopped by the policy",
}


def _room(deep: bool) -> int:
    """Return how many Python frames may stand on the stack, which is made larger if it can be."""
    if not deep or not sys.platform.startswith("linux"):
        return _PYTHON_STACK
    if threading.current_thread() is not threading.main_thread():
        return _PYTHON_STACK
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_STACK)
    if soft != resource.RLIM_INFINITY and soft < _DEEP_BYTES:
        if hard != resource.RLIM_INFINITY and hard < _DEEP_BYTES:
            return _PYTHON_STACK
        # The stack of the main thread grows as far as this says, up to what is mapped below it.
        resource.setrlimit(resource.RLIMIT_STACK, (_DEEP_BYTES, hard))
    return _DEEP_STACK


@contextmanager
def interpreter(
    world: World,
    program: Program,
    wall: float | None,
    tee: Callable[[str], Any] | None = None,
) -> Iterator[tuple[list[GosimError], _Alarm]]:
    """Make the interpreter fit for a run, and put everything back afterwards.

    Raises
    ------
    OutOfTime
        When the `wall` seconds are over between two stretches of the program, where nothing of it
        can be named.
    """
    complaints: list[GosimError] = []
    stdout, stderr, limit = sys.stdout, sys.stderr, sys.getrecursionlimit()
    thresholds, sleep = gc.get_threshold(), time.sleep
    thread = threading.get_ident()

    def no_sleep(seconds: float) -> None:
        if threading.get_ident() != thread or world.g is None:
            sleep(seconds)
            return
        frame = sys._getframe(1)
        raise UsageError(
            "time.sleep stops the whole interpreter, not one goroutine; write "
            "`await gosim.time.sleep(d)`",
            frame.f_code.co_filename,
            frame.f_lineno,
        )

    def warned(message: Any, category: Any, filename: str, lineno: int, *_: Any) -> None:
        text = str(message)
        if text.startswith("coroutine '") and "was never awaited" in text:
            name = text.split("'")[1]
            complaints.append(
                UsageError(
                    f"{name}(...) was called and never awaited, so it never ran; write "
                    f"`await {name}(...)`, or `go({name}, ...)` to start a goroutine",
                    filename,
                    lineno,
                )
            )

    previous = activate(world)
    # While many goroutines are made, Python's collector would look at all of them again and again.
    gc.set_threshold(100_000, 20, 100)
    sys.setrecursionlimit(max(limit, _room(program.deep)))
    time.sleep = no_sleep  # type: ignore[assignment]
    sys.stdout = Stdout(world, world.out, tee)
    sys.stderr = Stdout(world, world.err)
    alarm = _Alarm(wall)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.filterwarnings("always", message="coroutine .* was never awaited")
            warnings.showwarning = warned  # type: ignore[assignment]
            with alarm:
                yield complaints, alarm
    except WallClock:
        raise OutOfTime(f"stopped after {wall:g} s of real time (--wall)", program.file) from None
    finally:
        time.sleep = sleep
        sys.stdout, sys.stderr = stdout, stderr
        sys.setrecursionlimit(limit)
        gc.set_threshold(*thresholds)
        activate(previous)


class _Alarm:
    """Ends a run after some seconds of real time, even inside a loop without an operation."""

    def __init__(self, seconds: float | None) -> None:
        self.seconds = seconds
        self.timer: threading.Timer | None = None
        self.signal: Any = None

    def __enter__(self) -> None:
        if self.seconds is None:
            return
        import signal

        if threading.current_thread() is threading.main_thread() and hasattr(signal, "setitimer"):

            def ring(*_: Any) -> None:
                raise WallClock

            self.signal = signal.signal(signal.SIGALRM, ring)
            # It rings again, should the program swallow the first.
            signal.setitimer(signal.ITIMER_REAL, self.seconds, 0.5)
            return
        import ctypes

        target = ctypes.c_ulong(threading.get_ident())

        def raise_there() -> None:
            ctypes.pythonapi.PyThreadState_SetAsyncExc(target, ctypes.py_object(WallClock))

        self.timer = threading.Timer(self.seconds, raise_there)
        self.timer.daemon = True
        self.timer.start()

    def __exit__(self, *_: Any) -> None:
        self.stop()
        if self.signal is not None:
            import signal

            signal.signal(signal.SIGALRM, self.signal)

    def stop(self) -> None:
        """Ring no more."""
        if self.signal is not None:
            import signal

            signal.setitimer(signal.ITIMER_REAL, 0)
        if self.timer is not None:
            self.timer.cancel()
