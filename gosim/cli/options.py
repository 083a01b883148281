"""The options of each command.

Only this module knows argparse; values are checked here, before anything is loaded or run, so that
a mistyped option costs nothing.
"""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from gosim.cli import COMMANDS
from gosim.runtime.errors import UsageError

OUTCOMES = ("leak", "deadlock", "panic", "fatal")
STRATEGIES = ("portfolio", "optimal", "preemptions", "delays", "pct", "random")
GOALS = (*OUTCOMES, "ok")
FAULTS = (*OUTCOMES, "race", "lock-order", "livelock", "starvation")
PICTURES = (".png", ".svg", ".pdf", ".dot", ".graphml", ".json")
TRACES = (".json", ".trace", ".mmd")
PROFILES = ("goroutine", "goroutineleak", "heap", "allocs", "block", "mutex")
REPORTS = ("classroom50", "gradescope", "check50", "prairielearn", "classroom", "junit", "github")
VERDICTS = ("leak", "suspicious", "open")
CHARTS = (".png", ".svg", ".pdf")


class _Parser(argparse.ArgumentParser):
    """An argument parser whose complaints are one sentence of ours."""

    def error(self, message: str) -> NoReturn:
        missing = message.removeprefix("the following arguments are required: ")
        if missing != message:
            where = ": `gosim list` shows the scenarios" if "NAME" in missing else ""
            message = f"{self.prog} needs {missing}{where}"
        message = message.removeprefix("argument ")
        raise UsageError(f"{message}; see `{self.prog} --help`")

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse; name the option nearest to one that does not exist."""
        options, left = self.parse_known_args(args, namespace)
        if left:
            word = str(left[0])
            if not word.startswith("-"):
                self.error(f"one thing too many: {word!r}")
            from difflib import get_close_matches

            known = [o for o in self._option_string_actions if o.startswith("--")]
            close = get_close_matches(word.partition("=")[0], known, n=1, cutoff=0.6)
            self.error(
                f"there is no option {word}" + (f"; did you mean {close[0]}?" if close else "")
            )
        return options


def parser(command: str) -> argparse.ArgumentParser:
    """Return the parser of a command's arguments."""
    made = _Parser(prog=f"gosim {command}", description=COMMANDS[command], allow_abbrev=False)
    _ADD[command](made)
    made.add_argument("--json", action="store_true", help="print one JSON object on stdout")
    return made


def _list(p: argparse.ArgumentParser) -> None:
    p.add_argument("--article", action="store_true", help="ordered by the rows of the article")


def _show(p: argparse.ArgumentParser) -> None:
    _name(p, "NAME|FILE|DIR")
    _variant(p)
    p.add_argument("--source", choices=("python", "go"), help="default: python")


def _explain(p: argparse.ArgumentParser) -> None:
    _name(p, "NAME|FILE|DIR")
    _variant(p)
    _go(p)


def _compare(p: argparse.ArgumentParser) -> None:
    _name(p, "NAME|FILE.go|DIR")
    _variant(p)
    p.add_argument("--source", choices=("python", "go"),
                   help="which telling of a scenario gosim runs, default python")  # fmt: skip
    _go(p)
    p.add_argument("--go-line", metavar="VERSION", help="language version of the module")
    p.add_argument("--runs", type=_whole(1), default=1, metavar="N",
                   help="run both N times and count how they end")  # fmt: skip


def _program(p: argparse.ArgumentParser) -> None:
    """What is run or explored: a program, in one of its tellings, under a version of Go."""
    _name(p, "NAME|FILE.py|FILE.go|DIR")
    _telling(p, "python")


def _telling(p: argparse.ArgumentParser, source: str) -> None:
    """Which variant of it, in which language, under which version; `source` is the default."""
    _variant(p)
    p.add_argument("--source", choices=("python", "go"),
                   help=f"which telling of a scenario, default {source}")  # fmt: skip
    _go(p)
    p.add_argument("--go-line", metavar="VERSION", help="language version of the module")


def _run(p: argparse.ArgumentParser) -> None:
    _program(p)
    p.add_argument("--seed", type=_whole(), default=0, help="of every random choice, default 0")
    p.add_argument("--policy", default="go", help="scheduler: go (default), fifo, random, paced; "
                   "human: you")  # fmt: skip
    p.add_argument("--replay", metavar="TOKEN", help="repeat the schedule of another run")
    p.add_argument("--procs", type=_whole(1), default=1, metavar="N", help="processors for work()")
    p.add_argument("--until", metavar="TIME", type=_virtual_time, default=None,
                   help="virtual time to live: 10s, 2h; default 24h")  # fmt: skip
    p.add_argument("-p", dest="params", action="append", default=[], metavar="n=500",
                   type=_parameter, help="set a parameter of the program; n=1..50 makes a table of "
                   "runs")  # fmt: skip
    p.add_argument("--jobs", type=_whole(1), default=1, metavar="N",
                   help="processes for the runs of -p n=1..50, default 1")  # fmt: skip
    p.add_argument("--stub", dest="stub", action="append", default=[], metavar="PKG=FILE.go",
                   type=_stub, help="a model of a package that gosim does not have")  # fmt: skip
    p.add_argument("--ignore", action="append", default=[], metavar="FUNC",
                   help="a function whose goroutines are meant to stay")  # fmt: skip
    p.add_argument("--gogc", metavar="N|off",
                   help="GOGC of the process: percent by which the heap grows from one collection "
                   "to the next, default 100")  # fmt: skip
    p.add_argument("--memlimit", metavar="SIZE", type=_memory_limit,
                   help="GOMEMLIMIT of the process: 64MiB, 1GiB, default off")  # fmt: skip
    p.add_argument("--graph", metavar="FILE", type=_picture(PICTURES),
                   help=f"draw who waits for whom ({', '.join(PICTURES)})")  # fmt: skip
    p.add_argument("--why", metavar="FILE", type=_picture(CHARTS),
                   help="draw what leads from the roots to what goroutines wait for, or that "
                   f"nothing does: the leak proof ({', '.join(CHARTS)})")  # fmt: skip
    p.add_argument("--timeline", metavar="FILE", type=_picture(CHARTS),
                   help="draw who was in which state when, and who woke whom "
                   f"({', '.join(CHARTS)})")  # fmt: skip
    p.add_argument("--memory", metavar="FILE", type=_picture(CHARTS),
                   help="draw memory over time beside the repaired program's, and who holds it "
                   f"({', '.join(CHARTS)})")  # fmt: skip
    p.add_argument("--pprof", metavar="KIND=FILE", action="append", default=[], type=_profile,
                   help=f"write a profile for `go tool pprof`: {', '.join(PROFILES)}")  # fmt: skip
    p.add_argument("--trace", metavar="FILE", type=_picture(TRACES),
                   help=f"write what happened, step by step ({', '.join(TRACES)})")  # fmt: skip
    p.add_argument("--html", metavar="FILE", type=_picture((".html", ".htm")),
                   help="write one page with all: verdict, pictures, source, repair")  # fmt: skip
    p.add_argument("--out", metavar="DIR",
                   help="make a folder and write all pictures, dumps and JSON into it")  # fmt: skip
    p.add_argument("--step", action="store_true",
                   help="go through the run in the terminal, step by step, back too")  # fmt: skip
    p.add_argument("--dump", action="store_true", help="print the goroutine dump as Go does")
    p.add_argument("--race", action="store_true", help="tell data races, as go run -race does")
    p.add_argument("--fail-on", metavar="LIST", type=_outcomes,
                   help=f"outcomes that exit with 1: {','.join(OUTCOMES)}, or none")  # fmt: skip
    p.add_argument("--wall", type=_seconds, default=60.0, metavar="SECONDS",
                   help="real time after which the run is ended, default 60")  # fmt: skip
    p.add_argument("--max-goroutines", type=_whole(1), default=1_000_000, metavar="N",
                   help="alive at a time, default 1000000")  # fmt: skip
    p.add_argument("--max-steps", type=_whole(1), default=10_000_000, metavar="N",
                   help="picks of the scheduler, default 10000000")  # fmt: skip
    _load(p)
    p.epilog = "What follows -- is for the program: gosim run FILE -- ARGS"


def _load(p: argparse.ArgumentParser) -> None:
    """Add the options of a load; see `gosim docs load`."""
    # Else argparse would take -1/s for an option, and not say what is wrong with it.
    p._negative_number_matcher = re.compile(r"-\d+(?:\.\d*)?(?:/\w+)?$|-\.\d+$")
    p.add_argument("--load", metavar="RATE", help="calls arrive in virtual time, 100/s or 50/min: "
                   "the curve of top, what a call leaves behind, when memory is full; also "
                   "FILE.py:FUNCTION")  # fmt: skip
    p.add_argument("--for", dest="for_", metavar="TIME", type=_virtual_time, default=None,
                   help="virtual time that calls arrive for, default 10m")  # fmt: skip
    p.add_argument("--arrivals", metavar="HOW", default=None,
                   help="steady (default), poisson, bursts, or bursts:50")  # fmt: skip
    p.add_argument("--limit", metavar="SIZE", default=None,
                   help="memory at which the process is ended: 512MiB")  # fmt: skip
    p.add_argument("--limit-by", choices=("container", "address"), default=None,
                   help="the kernel ends it by what top shows (default), or the runtime when "
                   "address space is used up (ulimit -v)")  # fmt: skip
    p.add_argument("--no-fold", action="store_true",
                   help="run every call, also once all of them do the same")  # fmt: skip


def _explore(p: argparse.ArgumentParser) -> None:
    _program(p)
    p.add_argument("-p", dest="params", action="append", default=[], metavar="n=3",
                   type=_parameter, help="set a parameter of the program; scenarios have a size "
                   "of their own for this; n=1..5 makes a table of explorations")  # fmt: skip
    p.add_argument("--stub", dest="stub", action="append", default=[], metavar="PKG=FILE.go",
                   type=_stub, help="a model of a package that gosim does not have")  # fmt: skip
    p.add_argument("--ignore", action="append", default=[], metavar="FUNC",
                   help="a function whose goroutines are meant to stay")  # fmt: skip
    p.add_argument("--strategy", choices=STRATEGIES,
                   help="portfolio (default): drawn schedules, then each trace once; optimal: "
                   "that alone; preemptions, delays: those with the fewest first; pct, random: "
                   "drawn schedules")  # fmt: skip
    p.add_argument("--preemptions", type=_whole(0), metavar="N",
                   help="only schedules with at most N preemptions")  # fmt: skip
    p.add_argument("--delays", type=_whole(0), metavar="N",
                   help="only schedules with at most N delays of the default one")  # fmt: skip
    p.add_argument("--seed", type=_whole(), default=0, help="of every random choice, default 0")
    p.add_argument("--max-schedules", type=_whole(1), default=20_000, metavar="N",
                   help="default 20000")  # fmt: skip
    p.add_argument("--max-steps", type=_whole(1), default=10_000, metavar="N",
                   help="of one schedule, default 10000")  # fmt: skip
    p.add_argument("--wall", type=_seconds, default=60.0, metavar="SECONDS",
                   help="real time for all schedules, default 60")  # fmt: skip
    p.add_argument("--timers", choices=("any", "late"), default="any",
                   help="timers fire at any moment (default), or only when nothing else can "
                   "happen")  # fmt: skip
    p.add_argument("--early-ticks", type=_whole(0), default=8, metavar="N",
                   help="how often timers may fire in a schedule although somebody could run, "
                   "default 8")  # fmt: skip
    p.add_argument("--output", choices=("ordered", "unordered"), default="ordered",
                   help="whether the order of lines of stdout tells outcomes apart, default "
                   "ordered")  # fmt: skip
    p.add_argument("--race", action="store_true",
                   help="look for data races on shared variables, too")  # fmt: skip
    p.add_argument("--try", dest="repairs", action="store_true",
                   help="explore a scenario and its repairs: which one is worth it?")  # fmt: skip
    p.add_argument("--detectors", action="store_true",
                   help="say which detectors would have noticed, and why others not")  # fmt: skip
    p.add_argument("--alarm", type=_whole(1), default=10, metavar="N",
                   help="goroutines at once that set off the alarm of --detectors, default more "
                   "than 10")  # fmt: skip
    p.add_argument("--jobs", type=_whole(1), default=1, metavar="N",
                   help="processes on this machine, default 1")  # fmt: skip
    p.add_argument("--dask", metavar="ADDR", help="address of a Dask scheduler whose workers do it")
    p.add_argument("--checkpoint", metavar="FILE", type=_in_folder,
                   help="write down now and then how far it is; go on from there when the file is "
                   "there")  # fmt: skip
    p.add_argument("--html", metavar="FILE", type=_picture((".html", ".htm")),
                   help="write one page: verdict, outcomes, and for each its story, its graph, its "
                   "timeline")  # fmt: skip
    p.add_argument("--fail-on", metavar="LIST", type=_faults,
                   help=f"what exits with 1: {','.join(FAULTS)}, or none; default for a file: "
                   "deadlock,panic,fatal,race")  # fmt: skip
    p.epilog = "What follows -- is for the program: gosim explore FILE -- ARGS"


def _play(p: argparse.ArgumentParser) -> None:
    p.add_argument("name", metavar="LEVEL|NAME|FILE", nargs="?",
                   help="a level or its number, a scenario, a file; default: list")  # fmt: skip
    p.add_argument("--list", action="store_true", help="list the levels")
    _telling(p, "go")
    p.add_argument("-p", dest="params", action="append", default=[], metavar="n=3",
                   type=_parameter, help="set a parameter of the program")  # fmt: skip
    p.add_argument("--goal", choices=GOALS, help="what you want it to come to")
    p.add_argument("--from", dest="start", metavar="TOKEN", help="go on from where a token leads")
    p.add_argument("--at", type=_whole(0), metavar="STEP",
                   help="leave the way of --from after so many steps, choose otherwise, and "
                   "compare the two runs in the end")  # fmt: skip
    p.add_argument("--take", metavar="LIST",
                   help="take these choices first: 2,1,d,r (d is the default one, r the rest by "
                   "default)")  # fmt: skip
    p.add_argument("--every", action="store_true",
                   help="ask for every step, also where there is nothing to decide")  # fmt: skip
    p.add_argument("--timers", choices=("any", "late"), default="any",
                   help="timers fire at any moment (default), or only when nothing else can "
                   "happen")  # fmt: skip
    p.add_argument("--seed", type=_whole(), default=0, help="of the program's random numbers")
    p.add_argument("--html", metavar="FILE", type=_picture((".html", ".htm")),
                   help="write the whole game as one page, to be played offline")  # fmt: skip
    p.epilog = "What follows -- is for the program: gosim play FILE -- ARGS"


def _diagnose(p: argparse.ArgumentParser) -> None:
    p.add_argument("file", metavar="FILE",
                   help="a goroutine dump (debug=1, debug=2, of a panic), or a profile (.pb.gz) of "
                   "kind goroutine, goroutineleak or heap")  # fmt: skip
    p.add_argument("later", metavar="LATER", nargs="?",
                   help="the same some minutes later: what grows?")  # fmt: skip
    p.add_argument("--source", action="append", default=[], metavar="DIR",
                   help="where the program's text is, if not where the file says")  # fmt: skip
    p.add_argument("--graph", metavar="FILE", type=_picture(PICTURES),
                   help=f"draw who waits for what ({', '.join(PICTURES)})")  # fmt: skip
    p.add_argument("--html", metavar="FILE", type=_picture((".html", ".htm")),
                   help="write one page with all")  # fmt: skip
    p.add_argument("--fail-on", metavar="LIST", type=_verdicts, default=frozenset(),
                   help="verdicts that exit with 1: "
                   f"{','.join(VERDICTS)}; default none")  # fmt: skip


def _gallery(p: argparse.ArgumentParser) -> None:
    p.add_argument("folder", metavar="DIR", help="made when it is not there")
    p.add_argument("names", metavar="NAME", nargs="*", help="only these; default all scenarios")
    _go(p)


def _kernels(p: argparse.ArgumentParser) -> None:
    p.add_argument("names", metavar="NAME", nargs="*", help="only these; a part will do")
    p.add_argument("--seeds", type=_whole(), default=20, metavar="N",
                   help="random schedules for what the default run hides, default 20")  # fmt: skip
    p.add_argument("--explore", action="store_true",
                   help="explore the schedules of each instead")  # fmt: skip
    p.add_argument("--max-schedules", type=_whole(1), default=20_000, metavar="N",
                   help="with --explore: schedules of an entry, default 20000")  # fmt: skip
    p.add_argument("--wall", type=_seconds, default=60.0, metavar="S",
                   help="with --explore: seconds for an entry, default 60")  # fmt: skip
    p.add_argument("--copies", metavar="DIR",
                   help="with --explore: keep the programs with one instance here")  # fmt: skip
    p.add_argument("--log", metavar="FILE",
                   help="with --explore: write down each result; go on from there")  # fmt: skip


def _test(p: argparse.ArgumentParser) -> None:
    p.add_argument("folder", metavar="DIR", nargs="?", default=".", help="default: this one")
    _go(p)
    p.add_argument("--go-line", metavar="VERSION", help="language version of the module")
    p.add_argument("-v", dest="verbose", action="store_true", help="print every test")
    p.add_argument("--run", metavar="REGEXP", help="only the tests that match")
    p.add_argument("--bench", metavar="REGEXP", help="benchmarks that match, too")
    p.add_argument("--count", type=_whole(1), metavar="N", help="run each test N times")
    p.add_argument("--leaks", action="store_true", help="fail when goroutines are left behind")
    p.add_argument("--seed", type=_whole(), default=0, help="of every random choice, default 0")
    p.add_argument("--policy", default="go", help="scheduler: go (default), fifo, random, paced")
    p.add_argument("--wall", type=_seconds, default=60.0, metavar="SECONDS",
                   help="real time after which the run is ended, default 60")  # fmt: skip


def _vet(p: argparse.ArgumentParser) -> None:
    p.add_argument("path", metavar="FILE.go|DIR", nargs="?", default=".", help="default: this one")
    _go(p)
    p.add_argument("--go-line", metavar="VERSION", help="language version of the module")
    p.add_argument("--stub", dest="stub", action="append", default=[], metavar="PKG=FILE.go",
                   type=_stub, help="a model of a package that gosim does not have")  # fmt: skip


def _docs(p: argparse.ArgumentParser) -> None:
    p.add_argument("topic", metavar="TOPIC", nargs="?", help="a page; left out, which there are")


def _notebooks(p: argparse.ArgumentParser) -> None:
    p.add_argument("folder", metavar="DIR", help="where the files go")


def _check(p: argparse.ArgumentParser) -> None:
    p.add_argument("file", metavar="FILE", help="your solution: .py, .go, or answers.toml")
    _assignment(p)
    p.add_argument("--variant", metavar="ID", help="yours, as written in the program you got")
    p.add_argument("--only", action="append", default=[], metavar="CHECK",
                   help="this check, and those that have to pass first")  # fmt: skip
    p.add_argument("--hidden", action="store_true",
                   help="also the checks that only the bundle of the teacher has")  # fmt: skip
    p.add_argument("--format", choices=REPORTS, help="print the report for another tool")
    _sandbox(p)


def _grade(p: argparse.ArgumentParser) -> None:
    p.add_argument("folder", metavar="DIR",
                   help="STUDENT.py or .go, or a folder STUDENT with one such file")  # fmt: skip
    _assignment(p)
    p.add_argument("--csv", metavar="FILE", help="write the grades, a column for each check")
    p.add_argument("--canvas", metavar="FILE", help="write them as Canvas imports them")
    p.add_argument("--moodle", metavar="FILE", help="write them as Moodle imports them")
    p.add_argument("--roster", metavar="FILE.csv", help="students: columns id, name, email")
    p.add_argument("--secret", metavar="FILE", help="that of the handout, for variants")
    p.add_argument("--out", metavar="DIR",
                   help="results and feedback; default ASSIGNMENT-results")  # fmt: skip
    p.add_argument("--jobs", type=_whole(1), default=1, metavar="N",
                   help="submissions at a time, default 1")  # fmt: skip
    p.add_argument("--dask", metavar="ADDR", help="a dask scheduler for a large class")
    p.add_argument("--memory", type=_whole(1 << 28), default=2 << 30, metavar="BYTES",
                   help="of one submission, default 2 GiB")  # fmt: skip
    p.add_argument("--cpu", type=_whole(1), default=60, metavar="SECONDS",
                   help="of one submission, default 60; the budget counts schedules")  # fmt: skip
    p.add_argument("--reveal", action="store_true", help="show hidden checks in the feedback")
    p.add_argument("--retry", action="store_true",
                   help="check again what could not be checked: with more time, another "
                   "sandbox")  # fmt: skip
    _sandbox(p)


def _handout(p: argparse.ArgumentParser) -> None:
    p.add_argument("name", metavar="A", help="name of an assignment, or the folder of one")
    p.add_argument("--out", metavar="DIR", required=True, help="where the files go")
    p.add_argument("--roster", metavar="FILE.csv", help="students: a column id")
    p.add_argument("--secret", metavar="FILE", help="16 bytes or more that only you know")
    p.add_argument("--instructor", metavar="DIR", help="folder with the teacher's bundles")


def _new_assignment(p: argparse.ArgumentParser) -> None:
    p.add_argument("name", metavar="A", help="name of the new one; for a notebook, an assignment")
    p.add_argument("--out", metavar="DIR", default=".", help="where the files go, default here")
    p.add_argument("--form", choices=("gosim", "nbgrader", "otter"), default="gosim",
                   help="default gosim: an assignment to fill in; others: a notebook")  # fmt: skip
    p.add_argument("--source", choices=("python", "go"), help="language of a notebook")
    p.add_argument("--instructor", metavar="DIR", help="folder with the teacher's bundles")


def _assignment(p: argparse.ArgumentParser) -> None:
    p.add_argument("--assignment", metavar="A", required=True,
                   help="name of an assignment, or the folder of one")  # fmt: skip
    p.add_argument("--instructor", metavar="DIR",
                   help="folder with the teacher's bundles; default GOSIM_INSTRUCTOR")  # fmt: skip


def _sandbox(p: argparse.ArgumentParser) -> None:
    p.add_argument("--sandbox", choices=("auto", "bubblewrap", "landlock", "limits"),
                   default="auto",
                   help="what programs run in; default the best there is")  # fmt: skip


_ADD: dict[str, Callable[[argparse.ArgumentParser], None]] = {
    "list": _list,
    "show": _show,
    "explain": _explain,
    "run": _run,
    "explore": _explore,
    "play": _play,
    "compare": _compare,
    "diagnose": _diagnose,
    "gallery": _gallery,
    "kernels": _kernels,
    "vet": _vet,
    "test": _test,
    "check": _check,
    "grade": _grade,
    "handout": _handout,
    "new-assignment": _new_assignment,
    "notebooks": _notebooks,
    "docs": _docs,
}


def _name(p: argparse.ArgumentParser, metavar: str) -> None:
    p.add_argument("name", metavar=metavar, help="see `gosim list`")


def _go(p: argparse.ArgumentParser) -> None:
    p.add_argument("--go", default=None, metavar="VERSION", help="Go 1.21 to 1.27 (default)")


def _variant(p: argparse.ArgumentParser) -> None:
    group = p.add_mutually_exclusive_group()
    group.add_argument("--variant", metavar="NAME", help="a variant of the scenario")
    group.add_argument("--fixed", action="store_true", help="the repaired variant")


# -- values ----------------------------------------------------------------------------------------


def _whole(least: int | None = None) -> Callable[[str], int]:
    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number") from None
        if least is not None and number < least:
            raise argparse.ArgumentTypeError(f"{number} is too few; at least {least}")
        return number

    return read


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < 1e9:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds above 0")
    return seconds


def _virtual_time(text: str) -> int:
    """Read ``10s`` as Go does; ns."""
    from gosim.std.time.duration import parse_duration

    duration, error = parse_duration(text)
    if error is not None or duration <= 0:
        raise argparse.ArgumentTypeError(f"{text!r}: write a time such as 10s, 500ms or 2h")
    return int(duration)


def _parameter(text: str) -> tuple[str, Any]:
    """Read ``n=500``."""
    name, equals, value = text.partition("=")
    if not equals or not name.isidentifier():
        raise argparse.ArgumentTypeError(f"{text!r}: write a name and a value: -p n=500")
    for read in (int, float):
        try:
            return name, read(value)
        except ValueError:
            continue
    return name, value


def _stub(text: str) -> tuple[str, str]:
    """Read ``net/http=http.go``."""
    package, equals, file = text.partition("=")
    if not equals or not package or not os.path.exists(file):
        raise argparse.ArgumentTypeError(
            f"{text!r}: write an import path and a Go file or folder that is there: "
            "--stub net/http=http.go"
        )
    return package, file


def _picture(suffixes: tuple[str, ...]) -> Callable[[str], str]:
    def read(path: str) -> str:
        if not path.lower().endswith(suffixes):
            raise argparse.ArgumentTypeError(
                f"{path!r}: the name must end in {', '.join(suffixes)}"
            )
        return _in_folder(path)

    return read


def _in_folder(path: str) -> str:
    import os

    folder = os.path.dirname(path) or "."
    if not os.path.isdir(folder):
        raise argparse.ArgumentTypeError(f"{path!r}: there is no folder {folder}")
    return path


def _profile(text: str) -> tuple[str, str]:
    """Read ``goroutine=g.pb.gz``."""
    kind, _, path = text.partition("=")
    if kind not in PROFILES or not path:
        raise argparse.ArgumentTypeError(
            f"{text!r}: write a kind and a file: goroutine=FILE.pb.gz; there are "
            f"{', '.join(PROFILES)}"
        )
    return kind, _in_folder(path)


def _memory_limit(text: str) -> str:
    """Read ``64MiB`` as Go does; the text itself is what the process gets."""
    from gosim.memory.pacer import MalformedMemoryLimit, read_gomemlimit

    try:
        read_gomemlimit(text)
    except MalformedMemoryLimit:
        raise argparse.ArgumentTypeError(
            f"{text!r}: Go ends with `malformed GOMEMLIMIT`; write bytes such as 64MiB or 1GiB "
            "(B, KiB, MiB, GiB, TiB), or off"
        ) from None
    return text


def _words(known: Sequence[str]) -> Callable[[str], frozenset[str]]:
    def read(text: str) -> frozenset[str]:
        words = [w for w in text.split(",") if w and w != "none"]
        for word in words:
            if word not in known:
                raise argparse.ArgumentTypeError(f"{word!r}: gosim knows {', '.join(known)}, none")
        return frozenset(words)

    return read


_outcomes = _words(OUTCOMES)
_faults = _words(FAULTS)
_verdicts = _words(VERDICTS)
