"""The command line: ``gosim list | show | explain | run | compare``.

This file parses and dispatches; each command has a module of its own, imported when it is used, so
that ``gosim --help`` starts fast.  Data goes to stdout, narration to stderr; exit codes are those
of ``docs/contracts.md``.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import NoReturn

OK, FAILED, USAGE, LIMIT, INTERNAL = 0, 1, 2, 3, 4

_EPILOG = """\
NAME is a scenario (gosim list), the beginning of its name, or a row of the article (C6).
Start with:  gosim run first-answer-wins
"""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        from gosim.runtime.errors import UsageError

        raise UsageError(f"{message}; see `{self.prog} --help`")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="gosim",
        description="Watch a Go program leak: a simulation of the Go runtime on a virtual clock.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="store_true", help="print the version and exit")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser)

    def command(name: str, text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text, allow_abbrev=False)
        sub.add_argument("--json", action="store_true", help="print one JSON object on stdout")
        return sub

    sub = command("list", "List the scenarios.")
    sub.add_argument("--article", action="store_true", help="ordered by the rows of the article")

    sub = command("show", "Show the code of a scenario, leaking against fixed.")
    sub.add_argument("name", metavar="NAME")
    _variant(sub)
    sub.add_argument("--source", choices=("python", "go"), default="go", help="default: go")

    sub = command("explain", "Tell the story of a scenario: what happens, why, and the repair.")
    sub.add_argument("name", metavar="NAME")
    sub.add_argument("--go", default=None, metavar="VERSION", help="Go version, default 1.27")

    sub = command("run", "Run a scenario or a Python file and say what leaks.")
    sub.add_argument("name", metavar="NAME|FILE.py")
    _variant(sub)
    sub.add_argument("--source", choices=("python", "go"), default="python", help=argparse.SUPPRESS)
    sub.add_argument("--go", default=None, metavar="VERSION", help="toolchain, 1.21 to 1.27")
    sub.add_argument("--go-line", metavar="VERSION", help="language version of the module")
    sub.add_argument("--seed", type=int, default=0, help="of every random choice, default 0")
    sub.add_argument("--policy", default="go", help="scheduler: go (default), fifo, random")
    sub.add_argument("--replay", metavar="TOKEN", help="repeat the schedule of another run")
    sub.add_argument("--procs", type=int, default=1, metavar="N", help="processors for work()")
    sub.add_argument("--until", metavar="TIME", help="virtual time to live, 10s or 2h, default 24h")
    sub.add_argument("-p", dest="params", action="append", default=[], metavar="n=500",
                     help="set a parameter of the program")  # fmt: skip
    sub.add_argument("--ignore", action="append", default=[], metavar="FUNC",
                     help="a function whose goroutines are meant to stay")  # fmt: skip
    sub.add_argument("--graph", metavar="FILE", help="draw who waits for whom (.png, .svg, .pdf)")
    sub.add_argument("--out", metavar="DIR", help="write graph, dump and JSON into a folder")
    sub.add_argument("--dump", action="store_true", help="print the goroutine dump as Go does")
    sub.add_argument("--fail-on", metavar="LIST",
                     help="outcomes that exit with 1: leak,deadlock,panic,fatal")  # fmt: skip
    sub.add_argument("--wall", type=float, default=60.0, metavar="SECONDS",
                     help="real time after which the run is ended, default 60")  # fmt: skip
    sub.add_argument("--max-goroutines", type=int, default=1_000_000, metavar="N")
    sub.add_argument("--max-steps", type=int, default=10_000_000, metavar="N")

    sub = command("compare", "Run the same program under real Go and set both side by side.")
    sub.add_argument("name", metavar="NAME")
    _variant(sub)
    sub.add_argument("--go", default=None, metavar="VERSION", help="Go version, default 1.27")
    return parser


def _variant(parser: argparse.ArgumentParser) -> None:
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--variant", metavar="NAME", help="a variant of the scenario")
    group.add_argument("--fixed", action="store_true", help="the repaired variant")


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
    try:
        return _dispatch(arguments, program_args)
    except BrokenPipeError:
        # The reader of our output has gone (`| head`): that is no error of ours.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except KeyboardInterrupt:
        return _complain("usage", "stopped by Ctrl-C", json_wanted, LIMIT)
    except Exception as error:
        return _failed(error, json_wanted)


def _dispatch(arguments: list[str], program_args: list[str]) -> int:
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.version:
        from gosim import __version__

        print(f"gosim {__version__}")
        return OK
    if options.command is None:
        parser.print_help()
        return OK
    options.args = program_args
    if program_args and options.command != "run":
        parser.error("arguments behind -- are for a program that is run")
    command: Callable[[argparse.Namespace], int] = import_module(
        f"gosim.cli.{options.command}_"
    ).command
    code = command(options)
    sys.stdout.flush()
    return code


def _failed(error: Exception, json_wanted: bool) -> int:
    from gosim.runtime.errors import GosimError

    if isinstance(error, GosimError):
        code = LIMIT if error.kind == "load" else USAGE
        return _complain(error.kind, error.message, json_wanted, code, error.file, error.line)
    import traceback

    last = traceback.extract_tb(error.__traceback__)[-1]
    return _complain(
        "internal",
        f"gosim itself failed: {type(error).__name__}: {error} (at {os.path.basename(last.filename)}"
        f":{last.lineno}); please report it with the command you gave",
        json_wanted,
        INTERNAL,
    )


def _complain(
    kind: str,
    message: str,
    json_wanted: bool,
    code: int,
    file: str | None = None,
    line: int | None = None,
) -> int:
    if json_wanted:
        import json

        print(
            json.dumps(
                {
                    "schema": "gosim.error/1",
                    "kind": kind,
                    "message": message,
                    "file": file,
                    "line": line,
                }
            )
        )
        sys.stdout.flush()
        return code
    where = "" if file is None else f"{file}: " if line is None else f"{file}:{line}: "
    sys.stdout.flush()
    print(f"gosim: {where}{message}", file=sys.stderr)
    return code
