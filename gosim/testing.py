"""Assertions for tests: what holds in every schedule of a program.

>>> from gosim import chan, go
>>> from gosim.testing import assert_never_leaks
>>> async def ask(answers):
...     await answers.send(1)
>>> async def main():
...     answers = chan(int, 2)
...     for _ in range(2):
...         go(ask, answers)
...     await answers.recv()
>>> assert_never_leaks(main).complete
True

`main` is a coroutine function, the path of a Python or Go file (a `Path`, too), or a folder of Go
files.  The
fixtures of the same names (``never_leaks``, …) come with the plug-in, which pytest finds by itself.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from gosim.runtime.errors import LoadError
from gosim.runtime.program import File, Function, Program, is_go
from gosim.runtime.version import LATEST

if TYPE_CHECKING:
    from gosim.explore.exploration import Case, Exploration

__all__ = [
    "assert_always_prints",
    "assert_always_terminates",
    "assert_never_deadlocks",
    "assert_never_leaks",
    "assert_never_panics",
    "assert_points",
    "explore",
    "points",
]

Main = Callable[..., Any] | str | os.PathLike[str]


def _program(main: Main, args: Sequence[Any], go: str) -> Program:
    if not isinstance(main, str | os.PathLike):
        return Function(main, tuple(args))
    path = os.fspath(main)
    if is_go(path):
        from gosim.golang.program import GoProgram

        return GoProgram(path, go=go, explored=True)
    return File(path)


def explore(main: Main, *args: Any, go: str = LATEST, **options: Any) -> Exploration:
    """Explore all schedules of a program.

    Parameters
    ----------
    main : coroutine function or str
    *args
        Arguments for main.
    go : str
        The toolchain to simulate.
    **options
        As for `gosim.explore.search.explore`: ``max_schedules``, ``timers``, ``strategy``, ….
    """
    __tracebackhide__ = True
    from gosim.explore.search import explore as search

    try:
        program = _program(main, args, go)
    except LoadError as error:  # said by itself, without the way through gosim's rooms
        plain = LoadError(error.message, error.file, error.line)
        plain.whole = error.whole
        raise plain from None
    return search(program, go=go, **options)


def _shown_by(main: Main, args: Sequence[Any], token: str) -> str:
    """Return the command, or the call, that shows a schedule."""
    if isinstance(main, str | os.PathLike):
        return shlex.join(["gosim", "run", os.fspath(main), "--replay", token])
    name = getattr(main, "__name__", "main")
    return f"gosim.run({name}{', ...' if args else ''}, replay={token!r})"


def _told(exploration: Exploration, case: Case, what: str, main: Main, args: Sequence[Any]) -> str:
    """Return a message that shows the story and the token."""
    lines = [f"{exploration.program} {what}: {exploration.verdict()}"]
    lines += [f"  - {sentence}" for sentence in case.story]
    lines += [f"  {leak.explanation}" for leak in case.run.leaks[:4] if not case.story]
    error = case.outcome.error or case.outcome.after
    if error:
        lines.append(f"  {error}")
    if case.token:
        lines.append(f"  see it: {_shown_by(main, args, case.token)}")
    return "\n".join(lines)


def _never(
    what: str, kinds: Sequence[str], main: Main, args: Sequence[Any], partly: bool, options: Any
) -> Exploration:
    __tracebackhide__ = True
    found = explore(main, *args, **options)
    for case in found.cases:
        if case.outcome.kind in kinds:
            raise AssertionError(_told(found, case, what, main, args))
    if not found.complete and not partly:
        raise AssertionError(
            f"{found.program}: no fault was found in {found.schedules} "
            f"schedule{'s' * (found.schedules != 1)}, and that is not all of them ({found.bound}); "
            "partly=True takes that for enough"
        )
    return found


_BAD = ("deadlock", "panic", "fatal", "limit")


def assert_never_leaks(main: Main, *args: Any, partly: bool = False, **options: Any) -> Exploration:
    """Assert that in no schedule a goroutine or memory is left over, or the program dies.

    Parameters
    ----------
    main : coroutine function or str
    *args
        Arguments for main.
    partly : bool
        A search that ended before it had seen everything is enough.
    **options
        As for `explore`.

    Raises
    ------
    AssertionError
        With the story of a schedule, and the token that replays it.
    """
    __tracebackhide__ = True
    return _never("leaks", ("leak", *_BAD), main, args, partly, options)


def assert_never_deadlocks(
    main: Main, *args: Any, partly: bool = False, **options: Any
) -> Exploration:
    """Assert that no schedule ends with all goroutines asleep; as `assert_never_leaks`."""
    __tracebackhide__ = True
    return _never("deadlocks", ("deadlock",), main, args, partly, options)


def assert_never_panics(
    main: Main, *args: Any, partly: bool = False, **options: Any
) -> Exploration:
    """Assert that no schedule ends in a panic or a fatal error; as `assert_never_leaks`."""
    __tracebackhide__ = True
    return _never("panics", ("panic", "fatal"), main, args, partly, options)


def assert_always_terminates(
    main: Main, *args: Any, partly: bool = False, **options: Any
) -> Exploration:
    """Assert that main returns in every schedule; as `assert_never_leaks`."""
    __tracebackhide__ = True
    return _never("does not end well", _BAD, main, args, partly, options)


def assert_always_prints(
    main: Main, *args: Any, expected: str | Sequence[str], partly: bool = False, **options: Any
) -> Exploration:
    """Assert that every schedule prints one of some texts; as `assert_never_leaks`."""
    __tracebackhide__ = True
    allowed = [expected] if isinstance(expected, str) else list(expected)
    found = _never("does not end well", _BAD, main, args, partly, options)
    for case in found.cases:
        if case.run.stdout not in allowed:
            said = f"prints {case.run.stdout!r}"
            raise AssertionError(_told(found, case, said, main, args))
    return found


def points(file: str, assignment: str, only: str | Sequence[str] = (), **options: Any) -> float:
    """Return the points of a submission for some checks, as notebooks that are graded want them.

    What happened is printed on stdout; nothing is written to stderr, which would cost all points.

    Parameters
    ----------
    file : str
    assignment : str
        Name or folder.
    only : str or sequence of str
        Checks; all when left out.
    **options
        ``variant``, ``sandbox``, ``hidden``, ``seconds``: see `gosim.course.hosts.reported`.
    """
    total, lines = _points(file, assignment, only, options)
    print("\n".join(lines))
    return float(total)


def assert_points(
    file: str, assignment: str, only: str | Sequence[str], least: int, **options: Any
) -> None:
    """Assert that a submission gets at least so many points for some checks; as `points`.

    Raises
    ------
    AssertionError
        With what happened.
    """
    __tracebackhide__ = True
    total, lines = _points(file, assignment, only, options)
    if total < least:
        raise AssertionError("\n".join(lines))


def _points(
    file: str, assignment: str, only: str | Sequence[str], options: dict[str, Any]
) -> tuple[int, list[str]]:
    from gosim.course.formats import told
    from gosim.course.hosts import reported

    wanted = [only] if isinstance(only, str) else list(only)
    report = reported(file, assignment, wanted, **options)
    total = 0
    lines: list[str] = []
    for result in report.results:
        asked = not wanted or result.id in wanted
        total += result.score if asked else 0
        if asked or result.status != "pass":
            lines.append(f"{':)' if result.status == 'pass' else ':('} {result.title}")
            if result.status != "pass":
                lines.append("   " + told(result, report.submission).replace("\n", "\n   "))
    return total, lines
