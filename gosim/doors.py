"""The ways in for Python programs and notebooks: ``gosim.run`` and ``gosim.explore``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import gosim.explore as exploring
from gosim.explore import exploration as explorations
from gosim.leaks import graph as waits
from gosim.leaks import run as runs
from gosim.leaks.run import DAY_NS, Run, execute
from gosim.runtime.observer import Observer
from gosim.runtime.policy import Policy
from gosim.runtime.program import File, Function, Program, is_go
from gosim.runtime.version import LATEST
from gosim.traffic import result as loads

if TYPE_CHECKING:
    import networkx
    import simpy

    from gosim.explore.detectors import Detection
    from gosim.explore.exploration import Exploration
    from gosim.explore.outcome import Output
    from gosim.explore.search import Progress
    from gosim.explore.strategy import Strategy
    from gosim.explore.workbench import Workbench
    from gosim.leaks.alive import Alive
    from gosim.levels.playing import Play
    from gosim.traffic.arrivals import Source
    from gosim.traffic.result import Load, Loads
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


def _verdict(exploration: Exploration, include: Any, exclude: Any) -> dict[str, str]:
    """Return what an exploration shows of itself in a notebook."""
    from gosim.views.exploration_page import bundle

    return bundle(exploration, include, exclude)


def _saved(exploration: Exploration, path: Any) -> None:
    """Write the page of an exploration."""
    from gosim.views.exploration_page import save

    save(path, exploration)


def _detected(detection: Detection, include: Any, exclude: Any) -> dict[str, str]:
    """Return what the detectors said, as a notebook shows it."""
    from gosim.views.workbench_page import detectors_bundle

    return detectors_bundle(detection, include, exclude)


def _tried(bench: Workbench, include: Any, exclude: Any) -> dict[str, str]:
    """Return the repairs of a scenario, as a notebook shows them."""
    from gosim.views.workbench_page import workbench_bundle

    return workbench_bundle(bench, include, exclude)


def _loaded(loads: Loads, include: Any, exclude: Any) -> dict[str, str]:
    """Return what a load shows of itself in a notebook."""
    from gosim.views.load import bundle

    return bundle(loads, include, exclude)


def _load_saved(loads: Loads, path: Any) -> None:
    """Write the chart or the page of a load."""
    from gosim.views.load import save

    save(loads, path)


def _load_drawn(loads: Loads, ax: Any) -> Any:
    """Draw the chart of a load."""
    from gosim.views.load import plot

    return plot(loads, ax)


def _load_told(loads: Loads) -> str:
    """Return the table of a load."""
    from gosim.views.load import text

    return text(loads)


waits.dressed = _displayed
runs.shown = _shown
explorations.shown = _verdict
explorations.saved = _saved
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
    policy : {"go", "fifo", "random", "paced"} or Policy
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
        from gosim.explore.replay import Ticket, install

        install()
    program: Program
    if not isinstance(main, str):
        program = Function(main, args)
    elif is_go(main):
        from gosim.golang.program import GoProgram

        ticket = Ticket.read(replay) if replay is not None else None
        program = GoProgram(
            main,
            go=go,
            go_line=go_line,
            explored=ticket is not None and ticket.explored,
            races=ticket is not None and ticket.races,
        )
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


def explore(
    main: Callable[..., Any] | str,
    *args: Any,
    variant: str | None = None,
    source: str | None = None,
    params: Mapping[str, Any] | None = None,
    strategy: str | Strategy | None = None,
    preemptions: int | None = None,
    delays: int | None = None,
    seed: int = 0,
    max_schedules: int = 20_000,
    max_steps: int = 10_000,
    wall: float | None = None,
    timers: str = "any",
    early_ticks: int = 8,
    output: Output = "ordered",
    race: bool = False,
    ignore: Sequence[str] = (),
    go: str = LATEST,
    go_line: str | None = None,
    jobs: int = 1,
    dask: str | None = None,
    checkpoint: str | None = None,
    progress: Callable[[Progress], Any] | None = None,
) -> Exploration:
    """Run a program in all its schedules that differ, and return the verdict.

    Parameters
    ----------
    main : coroutine function or str
        As for `run`, or the name of a scenario, which is explored at its size for that.
    *args
        Arguments for main.
    variant, source : str, optional
        Of a scenario or a file: which variant, ``"fixed"`` for the repaired one; ``"python"`` or
        ``"go"``.
    params : mapping, optional
        Parameters of a scenario or of a Python file.
    strategy : str or Strategy, optional
        ``portfolio`` (some drawn schedules, then every trace; the default), ``optimal`` (every
        trace once), ``preemptions``, ``delays``, ``pct``, ``random``.
    preemptions, delays : int, optional
        Only schedules with at most so many.
    seed : int
        Of what strategies draw, and of the program's own random numbers.
    max_schedules, max_steps, wall
        Budgets: executions, steps of one, seconds of real time for all.
    timers : {"any", "late"}
        Timers fire at any moment, or only when nothing else can happen.
    early_ticks : int
        How often timers may fire in a schedule although something else could happen.
    output : {"ordered", "unordered"}
        Whether the order of lines of stdout tells outcomes apart.
    race : bool
        Look for data races on shared variables, too.
    ignore : sequence of str
        Functions whose goroutines are meant to stay.
    go, go_line : str
        Go toolchain and language version to simulate.
    jobs : int
        Processes on this machine.
    dask : str, optional
        Address of a Dask scheduler whose workers do it.
    checkpoint : str, optional
        A file that says how far it has come, and from which it goes on if it is there.
    progress : callable, optional
        Told after each execution how far it has come.

    Returns
    -------
    Exploration

    Raises
    ------
    LoadError, UsageError
        One sentence that names the place.

    Examples
    --------
    >>> import gosim as gs
    >>> async def ask(answers):
    ...     await answers.send("here")
    >>> async def main():
    ...     answers = gs.chan(str)
    ...     gs.go(ask, answers)
    ...     await gs.select(gs.recv(answers), gs.default)
    >>> gs.explore(main).verdict()
    'leaks in 1 of 2 schedules; complete'
    """
    from gosim.explore.search import explore as search
    from gosim.explore.watching import make_watchers

    program, chosen = _asked(main, args, variant, source, params, go, go_line, race)
    if strategy is None or isinstance(strategy, str):
        from gosim.explore.named import make_strategy

        strategy = make_strategy(
            strategy,
            preemptions=preemptions,
            delays=delays,
            seed=seed,
            schedules=max_schedules,
            seconds=wall,
            divided=jobs > 1 or dask is not None or checkpoint is not None,
        )
    return search(
        program,
        strategy=strategy,
        variant=chosen,
        max_schedules=max_schedules,
        max_steps=max_steps,
        wall=wall,
        timers=timers,
        early_ticks=early_ticks,
        output=output,
        watchers=make_watchers(race=race),
        progress=progress,
        jobs=jobs,
        dask=dask,
        checkpoint=checkpoint,
        seed=seed,
        ignore=ignore,
        go=go,
        go_line=go_line,
        args=args if isinstance(main, str) else (),
    )


def detect(
    main: Callable[..., Any] | str,
    *args: Any,
    variant: str | None = None,
    source: str | None = None,
    params: Mapping[str, Any] | None = None,
    alarm: int = 10,
    go: str = LATEST,
    go_line: str | None = None,
    **options: Any,
) -> Detection:
    """Explore a program, and ask in each schedule which detectors would have noticed.

    Parameters
    ----------
    main, *args, variant, source, params, go, go_line
        As for `explore`.
    alarm : int
        More goroutines than that at once set off the count alarm.
    **options
        Budgets and what else `gosim.explore.search.explore` takes.

    Returns
    -------
    Detection

    Raises
    ------
    LoadError, UsageError
        One sentence that names the place.
    """
    from gosim.explore import detectors

    detectors.shown = _detected
    program, chosen = _asked(main, args, variant, source, params, go, go_line, False)
    return detectors.detect(program, alarm=alarm, go=go, go_line=go_line, variant=chosen, **options)


def play(
    main: Callable[..., Any] | str,
    *args: Any,
    goal: str | None = None,
    variant: str | None = None,
    source: str | None = None,
    params: Mapping[str, Any] | None = None,
    timers: str = "any",
    every: bool = False,
    start: str | None = None,
    at: int | None = None,
    seed: int = 0,
    go: str = LATEST,
    go_line: str | None = None,
) -> Play:
    """Play the scheduler of a program: pick who goes next, take it back, reach a goal.

    Parameters
    ----------
    main : coroutine function or str
        As for `explore`, or the name of a level (``gosim play`` lists them).
    *args
        Arguments for main.
    goal : {"leak", "deadlock", "panic", "fatal", "ok"}, optional
        What you want it to come to; a level has one.
    variant, source, params
        Of a scenario, as for `explore`.
    timers : {"any", "late"}
        Timers fire at any moment, or only when nothing else can happen.
    every : bool
        Ask for every step, also where there is nothing to decide.
    start : str, optional
        A token, from whose end to go on.
    at : int, optional
        How many steps of `start` to take.
    seed : int
        Of the program's random numbers.
    go, go_line : str
        Go toolchain and language version to simulate.

    Returns
    -------
    Play
        In a notebook it shows itself: as a page to click on where the program is small.

    Raises
    ------
    LoadError, UsageError
        One sentence that names the place.
    """
    from gosim.explore.game import Game, steps_of
    from gosim.explore.search import Trial
    from gosim.levels import find as level_of
    from gosim.levels.playing import Play
    from gosim.views.play_page import Sheet

    level = level_of(main) if isinstance(main, str) else None
    if level is not None:
        trial, goal = level.trial(source), goal or level.goal
        sheet = Sheet(
            level.title, level.text, goal, level.target, level.again, level.asks, level.hints
        )
    else:
        program, chosen = _asked(main, args, variant, source, params, go, go_line, False)
        options = {"go": go, "seed": seed, "args": args if isinstance(main, str) else ()}
        trial = Trial(program, variant=chosen, timers=timers, options=options)
        named = main if isinstance(main, str) else program.name
        sheet = Sheet(program.name, "", goal or "", named)
    game = Game(trial, goal or "", auto=not every)
    if start is not None:
        game.open_at(steps_of(trial, start)[:at])
    return Play(game, replace(sheet, texts=game.texts))


def try_repairs(
    name: str,
    *,
    source: str = "python",
    params: Mapping[str, Any] | None = None,
    go: str = LATEST,
    **options: Any,
) -> Workbench:
    """Explore a scenario and each of its repairs.

    Parameters
    ----------
    name : str
        Of a scenario.
    source : {"python", "go"}
    params : mapping, optional
        The size; left out, the one that the scenario declares.
    go : str
        Go toolchain to simulate.
    **options
        Budgets and what else `gosim.explore.search.explore` takes.

    Returns
    -------
    Workbench

    Raises
    ------
    UsageError
        When there is no such scenario, or it offers no repairs.
    """
    from gosim.explore import workbench
    from gosim.scenario import find

    workbench.shown = _tried
    return workbench.try_repairs(
        find(name), source="go" if source == "go" else "python", params=params, go=go, **options
    )


def load(
    handler: Callable[..., Any] | str,
    *args: Any,
    rate: str | float | None = None,
    arrivals: str | Source = "steady",
    for_: str | int = "10m",
    limit: str | int | None = None,
    limit_by: str = "container",
    variant: str | None = None,
    source: str | None = None,
    params: Mapping[str, Any] | None = None,
    go: str = LATEST,
    go_line: str | None = None,
    seed: int = 0,
    gogc: str | None = None,
    memlimit: str | None = None,
    fold: bool = True,
    wall: float | None = None,
    max_goroutines: int = 1_000_000,
) -> Load | Loads:
    """Let calls arrive, and see how the memory of the process grows.

    Parameters
    ----------
    handler : coroutine function or str
        What each call runs, in a goroutine of its own; a function with one parameter gets the
        number of the call. Or the name of a scenario, or a file, or ``FILE.py:function``.
    *args
        For `handler`.
    rate : str or float, optional
        ``"100/s"``, ``"50/min"``; a number is calls per second. Not with a process of your own.
    arrivals : str or callable
        ``steady``, ``poisson``, ``bursts``, ``bursts:50``; or a simpy process ``def source(env,
        call)`` that calls ``call()`` whenever a call arrives; its unit of time is ns.
    for_ : str or int
        Virtual time: ``"10m"``, or ns.
    limit : str or int, optional
        Memory at which the process is ended: ``"512MiB"``, or bytes.
    limit_by : {"container", "address"}
        The kernel ends it by resident memory, or the runtime for want of address space.
    variant, source, params
        Of a scenario; without `variant` its repair is put under the same load beside it.
    go, go_line, seed, gogc, memlimit
        As for `run`.
    fold : bool
        Once every call does the same, go on on the books.
    wall : float, optional
        Seconds of real time after which it is ended.
    max_goroutines : int
        Budget of what is run.

    Returns
    -------
    Load
        Of a function or file; of a scenario `Loads`, the leak and its repair, which shows both in
        one chart. ``save("load.png")`` writes the chart, ``save("load.html")`` the page.

    Raises
    ------
    LoadError, UsageError
        One sentence that says what is wrong.

    Examples
    --------
    >>> import gosim as gs
    >>> async def handle():
    ...     answers = gs.chan(int)
    ...     gs.go(answers.send, 1)
    >>> gs.load(handler=handle, rate="100/s", for_="10s").cost.goroutines
    1.0
    """
    from gosim.traffic.arrivals import Arrivals
    from gosim.traffic.handler import served
    from gosim.traffic.limits import parse_limit
    from gosim.traffic.result import Loads
    from gosim.traffic.service import serve

    process = arrivals if callable(arrivals) else None
    coming = Arrivals(rate, "steady" if callable(arrivals) else arrivals, source=process, seed=seed)
    most = None if limit is None else parse_limit(limit, limit_by)
    options: dict[str, Any] = {
        "limit": most,
        "go": go,
        "go_line": go_line,
        "seed": seed,
        "gogc": gogc,
        "memlimit": memlimit,
        "fold": fold,
        "wall": wall,
        "max_goroutines": max_goroutines,
    }
    time = _virtual_time(for_)
    if not isinstance(handler, str):
        return serve(served(Function(handler, args)), coming, time, **options)
    from gosim.cli.load_ import function_of, split_function, targets
    from gosim.cli.target import FIXED, resolve

    name, function = split_function(handler)
    fixed = variant == FIXED
    target = resolve(name, None if fixed else variant, fixed, source)
    found = Loads()
    for each in targets(target, function, go):
        called = function_of(each, function)
        program = served(each.program(dict(params or {}), go, go_line), called)
        told = each.variant.name if each.variant is not None else "main"
        found.append(serve(program, coming, time, variant=told, **options))
        if target.scenario is None and found[0].variant == "main":
            break
    return found if len(found) > 1 else found[0]


def _virtual_time(time: str | int) -> int:
    """Read ``10m`` as Go does; ns."""
    if isinstance(time, int) and not isinstance(time, bool):
        return time
    from gosim.runtime.errors import UsageError
    from gosim.std.time.duration import parse_duration

    duration, error = parse_duration(str(time))
    if error is not None or duration <= 0:
        raise UsageError(f"{time!r}: write a time such as 10s, 500ms or 2h")
    return int(duration)


def _asked(
    main: Callable[..., Any] | str,
    args: tuple[Any, ...],
    variant: str | None,
    source: str | None,
    params: Mapping[str, Any] | None,
    go: str,
    go_line: str | None,
    races: bool,
) -> tuple[Program, str]:
    """Return the program to explore, and the name of its variant."""
    if not isinstance(main, str):
        return Function(main, args), "main"
    from gosim.cli.target import FIXED, resolve

    fixed = variant == FIXED
    target = resolve(main, None if fixed else variant, fixed, source)
    size = target.size(params)
    program = target.program(size, go, go_line, explored=True, races=races)
    return program, target.variant.name if target.variant is not None else "main"


exploring.door = explore
loads.shown, loads.saved = _loaded, _load_saved
loads.drawn, loads.told = _load_drawn, _load_told
