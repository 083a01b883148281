"""The command line: ``gosim list | show | explain | run | …``.

This file dispatches and reports errors; options are in ``options.py``, and each command has a
module of its own, imported when it is used, so that ``gosim --help`` starts fast.  Data goes to
stdout, narration to stderr; exit codes are those of ``docs/contracts.md``.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False  # `typing` takes as long to import as all of `gosim --help`
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

OK, FAILED, USAGE, LIMIT, INTERNAL = 0, 1, 2, 3, 4

COMMANDS = {
    "list": "List the scenarios.",
    "show": "Show the code of a scenario, leaking against fixed.",
    "explain": "Tell the story of a scenario: what happens, why, and the repair.",
    "run": "Run a scenario, a Go program or a Python file, and say what leaks.",
    "explore": "Run all schedules of a program that differ: does it always leak, sometimes, never?",
    "play": "Be the scheduler: pick who goes next, undo, make it leak; levels with a goal.",
    "compare": "Run the same program under real Go and set both side by side.",
    "diagnose": "Read a dump or profile of a real Go process: what leaks, why, which lesson it is.",
    "gallery": "Write the reports of all scenarios into a folder, with an index: a web site.",
    "test": "Run the tests of a Go package, and say which goroutines they leave behind.",
    "check": "Check a solution of an assignment: what happened, where, a hint, a replay.",
    "grade": "Grade the solutions of a class: table, a page for each student, CSV.",
    "handout": "Write what students get of an assignment, each with a variant of their own.",
    "new-assignment": "Write the skeleton of an assignment, or a notebook of one.",
    "notebooks": "Write the notebooks of the course into a folder, for Jupyter.",
    "docs": "Print a page of the documentation: `gosim docs supported` says what of Go runs.",
    "vet": "Say what is suspicious in a Go program, as go vet does: locks copied, cancels lost.",
    "kernels": "Run the leak suite of Go's own tests and print the score.",
}

HELP = """\
usage: gosim COMMAND [OPTIONS]

Watch a Go program leak: a simulation of the Go runtime on a virtual clock.

commands:
{commands}

options:
  -h, --help  show this help; `gosim COMMAND --help` shows the options of a command
  --version   print the version

NAME is a scenario (gosim list), the beginning of its name, or a row of the article (C6).
Start with:  gosim run first-answer-wins
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    argv : sequence of str, optional
        Arguments without the program's name; those of the process when left out.

    Returns
    -------
    int
        The exit code: 0; 1 the program failed in a way that ``--fail-on`` names; 2 usage;
        3 nothing ran, or a budget ended it; 4 an error of gosim's own.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    program_args: list[str] = []
    if "--" in arguments:
        cut = arguments.index("--")
        arguments, program_args = arguments[:cut], arguments[cut + 1 :]
    json_wanted = "--json" in arguments
    _make_streams_usable()
    try:
        code = _dispatch(arguments, program_args)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        # The reader of our output has gone (`| head`): that is no error of ours.
        _discard_output(sys.stdout, sys.stderr)
        return OK
    except KeyboardInterrupt as error:
        _show_printed(error, json_wanted)
        return _complain("load", "stopped by Ctrl-C", json_wanted, LIMIT)
    except Exception as error:
        return _failed(error, json_wanted)


def _make_streams_usable() -> None:
    """See to it that printing cannot fail for a reason that has nothing to do with the run."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # its descriptor is closed: `gosim list >&-`
            stream = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - until the end
            setattr(sys, name, stream)
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")  # a terminal that has no × or ─


def _discard_output(*streams: TextIO) -> None:
    """Send what is still buffered nowhere, so that Python does not complain at its exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in streams:
        try:
            os.dup2(nowhere, stream.fileno())
        except (OSError, ValueError):
            pass  # a stream without a descriptor (a test, a notebook) buffers nothing of the kind


def _dispatch(arguments: list[str], program_args: list[str]) -> int:
    first = arguments[0] if arguments else "--help"
    if first == "help":
        first = "--help"
        if arguments[1:2] and arguments[1] in COMMANDS:
            arguments = [arguments[1], "--help"]
            first = arguments[0]
    if first in ("-h", "--help"):
        width = max(map(len, COMMANDS))
        rows = "\n".join(f"  {name:{width}}  {text}" for name, text in COMMANDS.items())
        print(HELP.format(commands=rows), end="")
        return OK
    if first == "--version":
        from gosim import __version__

        print(f"gosim {__version__}")
        return OK
    if first not in COMMANDS:
        raise _unknown_command(first)
    from importlib import import_module

    from gosim.cli.options import parser

    options = parser(first).parse_args(arguments[1:])
    options.args = program_args
    if program_args and first not in ("run", "explore", "play", "compare", "test"):
        from gosim.runtime.errors import UsageError

        raise UsageError(
            "arguments behind -- are for a program that is run: gosim run NAME -- ARGS"
        )
    code: int = import_module(f"gosim.cli.{first.replace('-', '_')}_").command(options)
    return code


def _unknown_command(word: str) -> Exception:
    from difflib import get_close_matches

    from gosim.runtime.errors import UsageError

    known = ", ".join(COMMANDS)
    if word.startswith("-"):
        return UsageError(f"{word}: write the command first ({known}), then its options")
    from gosim.scenario import find

    try:
        name = word if word.endswith(".py") else find(word).name
    except UsageError:
        close = get_close_matches(word, COMMANDS, n=1, cutoff=0.5)
        meant = f"did you mean {close[0]}?" if close else f"gosim knows {known}"
        return UsageError(f"there is no command {word!r}; {meant}")
    return UsageError(f"there is no command {word!r}; did you mean `gosim run {name}`?")


def _failed(error: Exception, json_wanted: bool) -> int:
    from gosim.runtime.errors import GosimError

    if isinstance(error, GosimError):
        code = LIMIT if error.kind == "load" else USAGE
        _show_printed(error, json_wanted)
        return _complain(
            error.kind, error.message, json_wanted, code, error.file, error.line, error.whole
        )
    if isinstance(error, OSError) and error.filename is None and error.errno is not None:
        _discard_output(sys.stdout)
        reason = (error.strerror or str(error)).lower()
        return _complain("load", f"cannot write the output: {reason}", json_wanted, LIMIT)
    import traceback

    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{os.path.basename(last.filename)}:{last.lineno}"
    what = f"gosim itself failed at {place}: {type(error).__name__}: {error}"
    return _complain("internal", f"{what}; please report it", json_wanted, INTERNAL)


def _show_printed(error: BaseException, json_wanted: bool) -> None:
    """Print what the program had printed before it was ended by `error`."""
    printed: str = getattr(error, "printed", "")
    if printed and not json_wanted:
        print(printed, end="" if printed.endswith("\n") else "\n", flush=True)


def _complain(
    kind: str,
    message: str,
    json_wanted: bool,
    code: int,
    file: str | None = None,
    line: int | None = None,
    whole: str = "",
) -> int:
    try:
        if json_wanted:
            import json

            error = {
                "schema": "gosim.error/1",
                "kind": kind,
                "message": message,
                "file": file,
                "line": line,
            }
            print(json.dumps(error, ensure_ascii=False), flush=True)
            return code
        sys.stdout.flush()
        if file is not None:
            from gosim.views.text import relative

            file = relative(file)
        where = "" if file is None else f"{file}: " if line is None else f"{file}:{line}: "
        print(whole or f"gosim: {where}{message}", file=sys.stderr, flush=True)
    except OSError:
        _discard_output(
            sys.stdout, sys.stderr
        )  # nobody can read what we have to say; the exit code says it
    return code
