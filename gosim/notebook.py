"""Notebooks: ``%load_ext gosim``, then ``%%gosim`` before a program, or ``%gosim NAME``.

The program is Python or Go; ``%%go`` is for Go alone, and ``%go NAME`` shows the Go telling of a
scenario and runs it. What a shell says about programs, such as ``gosim explain NAME``, ``%gosim
explain NAME`` says here.

>>> import gosim.notebook
>>> gosim.notebook.options_of("--go 1.22 -p n=5").go
'1.22'
"""

from __future__ import annotations

import os
import re
import shlex
import sys
import tempfile
from typing import TYPE_CHECKING, Any

import gosim.doors  # noqa: F401 - what is run here has to show itself
from gosim.cli.options import parser
from gosim.cli.run_ import perform
from gosim.cli.target import Target, resolve
from gosim.runtime.errors import GosimError, UsageError

if TYPE_CHECKING:
    import argparse

    from gosim.explore.exploration import Exploration
    from gosim.leaks.run import Run

_FILES = ("graph", "why", "timeline", "memory", "pprof", "trace", "html", "out")
_SHELL = {
    "step": "goes through a run in a terminal",
    "json": "prints for programs",
    "dump": "prints in a shell",
    "fail_on": "sets an exit code",
}
_TELLING = ("compare", "docs", "explain", "list", "show")
#: What `go_magic` asks `magic` for: no option, and nobody's word.
_BOTH = "\0"
_CELL, _GO_CELL = "cell.py", "cell.go"
#: The first word of a Go file, behind comments and empty lines; no Python program begins so.
_GO = re.compile(r"(?:\s|//[^\n]*\n|/\*.*?\*/)*package\s+\w+\s*(?:$|[\n;/])", re.DOTALL)
_folder: tempfile.TemporaryDirectory[str] | None = None
_cells = 0


def load_ipython_extension(shell: Any) -> None:
    """Make ``%%gosim``, ``%gosim``, ``%%go`` and ``%go`` known; by ``%load_ext gosim``."""
    shell.register_magic_function(magic, magic_kind="line_cell", magic_name="gosim")
    shell.register_magic_function(go_magic, magic_kind="line_cell", magic_name="go")


def magic(line: str, cell: str | None = None) -> Run | Exploration | None:
    """Run the program in a cell, or a scenario by its name; the options are those of `gosim run`.

    With ``--explore`` all its schedules are explored; the options are those of `gosim explore`.

    Parameters
    ----------
    line : str
        ``NAME --variant fixed`` without a cell, options alone before one. ``--as NAME`` gives the
        record a name for the cells behind.
    cell : str, optional
        A Go program, or a Python program with ``async def main()``.

    Returns
    -------
    Run, Exploration or None
        None when it could not run; then one sentence on stdout says why.  (Graders take anything
        on stderr for a failure.)
    """
    try:
        if cell is None and _tells(line.split()):
            tell(line)
            return None
        line, name = _named(line)
        if cell is None and _BOTH in line:
            line = line.replace(_BOTH, "", 1)
            _tell_both(line)
        run = run_named(line) if cell is None else run_cell(line, cell)
        if name:
            _keep(name, run)
        return run
    except GosimError as error:
        _say(error)
        return None
    except SystemExit:  # --help has been printed
        return None


def go_magic(line: str, cell: str | None = None) -> Run | Exploration | None:
    """Run the Go program in a cell; as `magic`, and a cell without ``package main`` gets it.

    ``-p n=5`` gives a constant of the program another value: ``-p n={n}``, where a cell before has
    ``n = 5``. Without a cell, show the Go telling of a scenario, the Python one folded, and run it.
    """
    if cell is None:
        if _tells(line.split()):
            return magic(line)
        mine, ends, args = line.partition(" -- ")
        return magic(f"{mine} --source go {_BOTH}{ends}{args}")
    if not _GO.match(cell):
        cell = f"package main; {cell.lstrip()}" if cell.strip() else "package main"
    return magic(line, cell)


def _named(line: str) -> tuple[str, str]:
    """Take ``--as NAME`` off a line."""
    found = re.search(r"(?:^|\s)--as(?:\s+|=)(\S+)", line)
    if found is None:
        return line, ""
    name = found[1]
    if not name.isidentifier():
        raise UsageError(f"--as {name}: this is no name of a variable")
    return line[: found.start()] + line[found.end() :], name


def _tell_both(line: str) -> None:
    """Show the program of a scenario: in Go, and in Python behind a line that opens it."""
    from IPython.display import display  # type: ignore[attr-defined,unused-ignore]

    from gosim.lesson import telling

    words, command = _command(_words(line))
    if not words or words[0].startswith("-"):
        return  # `run_named` says what is missing
    options = _parsed(words, command)
    target = resolve(options.name, options.variant, options.fixed, options.source)
    if target.scenario is None or target.variant is None:
        return
    for source in sorted(target.variant.sources):  # Go first
        display(telling(target.scenario.name, target.variant.name, source))  # type: ignore[no-untyped-call,unused-ignore]


def _keep(name: str, value: Any) -> None:
    """Give a value a name in the notebook."""
    from IPython import get_ipython  # type: ignore[attr-defined,unused-ignore]

    shell = get_ipython()
    if shell is not None:
        shell.user_ns[name] = value


def _say(error: GosimError) -> None:
    if error.whole:  # what a compiler has to say, with its own places
        folder = "" if _folder is None else _folder.name + os.sep
        print(re.sub(re.escape(folder) + r"\d+" + re.escape(os.sep), "", error.whole))
        return
    where = "" if error.file is None else f"{os.path.basename(error.file)}:{error.line or 1}: "
    print(f"gosim: {where}{error.message}")


def _tells(words: list[str]) -> bool:
    """Whether a line asks for words, not for a record."""
    tables = words[:1] == ["explore"] and not {"--try", "--detectors"}.isdisjoint(words)
    return tables or (bool(words) and words[0] in _TELLING)


def tell(line: str) -> None:
    """Print what a command of the shell says; all of it on stdout."""
    from contextlib import redirect_stderr

    from gosim.cli import main

    with redirect_stderr(sys.stdout):
        main(_words(line))


def run_named(line: str) -> Run | Exploration:
    """Run what a line names: a scenario, or a file; explore it behind ``--explore``."""
    words, command = _command(_words(line))
    if not words or words[0].startswith("-"):
        raise UsageError(
            "which one? write %gosim NAME, see `gosim list`; or %%gosim over a program"
        )
    options = _parsed(words, command)
    target = resolve(options.name, options.variant, options.fixed, options.source)
    return _performed(options, target, command)


def run_cell(line: str, cell: str) -> Run | Exploration:
    """Run the program that stands in a cell, or explore it."""
    global _folder, _cells
    options = options_of(line)
    if options.variant or options.fixed:
        raise UsageError("a cell has one program: --variant and --fixed choose among a scenario's")
    if _folder is None:
        _folder = tempfile.TemporaryDirectory(prefix="gosim-")
    # A folder for each: a Run names the lines of its own cell, also when the next one has run.
    _cells += 1
    folder = os.path.join(_folder.name, str(_cells))
    os.mkdir(folder)
    file = os.path.join(folder, _GO_CELL if _GO.match(cell) else _CELL)
    if options.params and _GO.match(cell):
        cell, options.params = _with_constants(cell, dict(options.params)), []
    with open(file, "w", encoding="utf-8") as f:
        f.write(cell)
    return _performed(options, resolve(file), _command(_words(line))[1])


def _with_constants(cell: str, values: dict[str, Any]) -> str:
    """Return a Go program whose whole constants have other values."""
    from gosim.explore.sized import with_values

    has = re.findall(r"^const ([A-Za-z]\w*) = -?[\d_]+(?=\s|$)", cell, re.MULTILINE)
    for name, wanted in values.items():
        if name not in has or not isinstance(wanted, int):
            known = (
                f"it has {', '.join(has)}" if has else "write `const n = 5` on a line of its own"
            )
            raise UsageError(
                f"-p {name}={wanted}: the program has no whole constant {name}; {known}"
            )
    return with_values(cell, values)


def _performed(options: argparse.Namespace, target: Target, command: str) -> Run | Exploration:
    if command == "run":
        return perform(options, target, options.replay)
    from gosim.cli.explore_ import perform as explore

    return explore(options, target)


def options_of(line: str) -> argparse.Namespace:
    """Return the options that stand behind ``%%gosim``."""
    words, command = _command(_words(line))
    if words and not words[0].startswith("-"):
        raise UsageError(
            f"{words[0]}: over a cell stand options only; to run a scenario write %gosim {words[0]}"
        )
    return _parsed([_CELL, *words], command)


def _command(words: list[str]) -> tuple[list[str], str]:
    """Take ``--explore``, or the command ``explore``, off the words; say what is to be done."""
    end = words.index("--") if "--" in words else len(words)
    mine = [word for word in words[:end] if word != "--explore"]
    if mine[:1] == ["explore"]:
        del mine[0]
    return [*mine, *words[end:]], "run" if len(mine) == end else "explore"


def _words(line: str) -> list[str]:
    try:
        return shlex.split(line)
    except ValueError as error:
        raise UsageError(f"%gosim {line}: {error}".lower()) from None


def _parsed(words: list[str], command: str = "run") -> argparse.Namespace:
    args: list[str] = []
    if "--" in words:
        at = words.index("--")
        words, args = words[:at], words[at + 1 :]
    options = parser(command).parse_args(words)
    options.args = args
    here = "use the Run's own methods" if command == "run" else "use the Exploration's own methods"
    for name in _FILES:
        if getattr(options, name, None) not in (None, []):
            raise UsageError(f"--{name} writes files from a shell; here {here}")
    for name, does in _SHELL.items():
        if getattr(options, name, None):
            option = name.replace("_", "-")
            raise UsageError(f"--{option} {does}; here {here}")
    return options
