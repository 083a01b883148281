"""The way in for Python programs and notebooks: ``gosim.run``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from gosim.leaks import graph as waits
from gosim.leaks import run as runs
from gosim.leaks.run import DAY_NS, Run, execute
from gosim.runtime.observer import Observer
from gosim.runtime.policy import Policy
from gosim.runtime.program import File, Function, Program, is_go
from gosim.runtime.version import LATEST

if TYPE_CHECKING:
    import networkx
    import simpy

    from gosim.leaks.alive import Alive
    from gosim.views.alive import Why
    from gosim.views.memory import Memory
    from gosim.views.steps import Steps
    from gosim.views.timeline import Timeline


def _displayed(graph: networkx.MultiDiGraph) -> networkx.MultiDiGraph:
    """Return a wait-for graph as one that shows itself in a notebook."""
    from gosim.export.graphs import dot
    from gosim.views.display import displayed

    return displayed(graph, dot)


def _shown(run: Run, include: Any, exclude: Any) -> dict[str, str]:
    """Return what a run shows of itself in a notebook."""
    from gosim.views.notebook import bundle

    return bundle(run, include, exclude)


def _timeline(run: Run, title: str, scale: Any) -> Timeline:
    """Return the timeline of a run."""
    from gosim.views.timeline import timeline

    return timeline(run, title, scale)


def _memory_view(run: Run, fixed: Run | None, title: str) -> Memory:
    """Return the picture of a run's memory."""
    from gosim.views.memory import of_runs

    return of_runs(run, fixed, title)


def _stepper(run: Run, title: str) -> Steps:
    """Return the steps of a run."""
    from gosim.views.steps import steps

    return steps(run, title)


def _explained(run: Run, found: Alive) -> Why:
    """Return why things are alive as a picture that shows itself."""
    from gosim.views.alive import Why
    from gosim.views.text import headline

    return Why(found, f"{run.program}: {headline(run)}")


waits.dressed = _displayed
runs.shown = _shown
runs.explained = _explained
runs.timeline = _timeline
runs.memory_view = _memory_view
runs.stepper = _stepper


def run(
    main: Callable[..., Any] | str,
    *args: Any,
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
    memory: bool = False,
    gogc: str | None = None,
    memlimit: str | None = None,
    record: bool = False,
    why: bool = False,
) -> Run:
    """Run a program and return the record of the run.

    Parameters
    ----------
    main : coroutine function or str
        ``async def main()``, or the path of a Python file that has one, of a Go file, or of a
        folder with the Go files of a program.
    *args
        Arguments for main.
    go, go_line : str
        Go toolchain and language version to simulate, ``"1.21"`` to ``"1.27"``.
    seed : int
        Seeds every random choice; same program, seed and version give the same run.
    policy : {"go", "fifo", "random"} or Policy
        The scheduler; ``go`` does what a real process with GOMAXPROCS=1 does.
    replay : str, optional
        A token from ``Run.schedule``, or of an explored schedule.
    procs : int
        Processors for ``work``.
    until : int
        Virtual ns after which an endless program is ended (default 24 h).
    ignore : sequence of str
        Functions whose goroutines are meant to stay.
    observers : sequence of Observer
        Hear what happens.
    env : simpy.Environment, optional
        The calendar of a simpy model to share.
    max_goroutines, max_steps, wall
        Budgets; `wall` in seconds of real time.
    memory : bool
        Simulate heap, stacks and collector although the program uses no value of gosim.memory.
    gogc, memlimit : str, optional
        ``GOGC`` and ``GOMEMLIMIT`` of the simulated process, as text: ``"50"``, ``"off"``,
        ``"64MiB"``.
    record : bool
        Write down every event while it happens; otherwise ``Run.recording()`` runs the program
        once more.
    why : bool
        Write down at the end what keeps things alive; otherwise ``Run.why()`` runs the program
        once more.

    Returns
    -------
    Run

    Raises
    ------
    LoadError, UsageError
        One sentence that names the place.

    Examples
    --------
    >>> import gosim as gs
    >>> async def main():
    ...     ch = gs.chan(int)
    ...     await ch.recv()
    >>> gs.run(main).outcome
    'deadlock'
    """
    if replay is not None:
        from gosim.explore.replay import install

        install()
    program: Program
    if not isinstance(main, str):
        program = Function(main, args)
    elif is_go(main):
        from gosim.golang.program import GoProgram

        program = GoProgram(main, go=go, go_line=go_line)
    else:
        program = File(main)
    return execute(
        program,
        go=go,
        go_line=go_line,
        seed=seed,
        policy=policy,
        replay=replay,
        procs=procs,
        until=until,
        ignore=ignore,
        observers=observers,
        env=env,
        max_goroutines=max_goroutines,
        max_steps=max_steps,
        wall=wall,
        memory=memory,
        gogc=gogc,
        memlimit=memlimit,
        record=record,
        why=why,
    )
