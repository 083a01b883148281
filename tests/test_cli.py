"""The command line: what it prints, its exit codes, and one clear sentence for each mistake."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from gosim.cli import COMMANDS, main
from gosim.scenario import scenarios

ROOT = Path(__file__).parent.parent


class Said(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one object on stdout."""
        return json.loads(self.out)


Say = Callable[..., Said]


@pytest.fixture
def say(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Say:
    """Run a command line in this process."""
    monkeypatch.setenv("COLUMNS", "100")

    def run(*arguments: object) -> Said:
        capfd.readouterr()
        code = main([str(a) for a in arguments])
        said = capfd.readouterr()
        assert "Traceback" not in said.out + said.err
        return Said(code, said.out, said.err)

    return run


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Write a program into the working directory and return its name."""
    monkeypatch.chdir(tmp_path)

    def write(text: str, name: str = "prog.py") -> str:
        (tmp_path / name).write_text(text)
        return name

    return write


# -- the commands ----------------------------------------------------------------------------------


def test_help_names_every_command_and_where_to_start(say: Say) -> None:
    for arguments in ((), ("--help",), ("-h",), ("help",)):
        said = say(*arguments)
        assert said.code == 0 and not said.err
        assert all(f"  {command} " in said.out for command in COMMANDS)
        assert "gosim run first-answer-wins" in said.out


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_and_takes_json(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main([command, "--help"])
    assert end.value.code == 0
    out = capsys.readouterr().out
    assert out.startswith(f"usage: gosim {command}") and "--json" in out


def test_version(say: Say) -> None:
    from gosim import __version__

    assert say("--version").out == f"gosim {__version__}\n"


def test_list_has_a_line_for_every_scenario(say: Say) -> None:
    words = [line.split()[0] for line in say("list").out.splitlines()]
    families = list(dict.fromkeys(s.family for s in scenarios()))
    assert [w.removesuffix(":") for w in words if w.endswith(":")] == families
    named = [w for w in words if not w.endswith(":")]
    assert named == [s.name for f in families for s in scenarios() if s.family == f]


def test_list_by_article_row_is_ordered(say: Say) -> None:
    rows = [line.split()[0] for line in say("list", "--article").out.splitlines()]
    assert rows == sorted(rows) and {"A2", "C0", "C6", "D1", "E3"} <= set(rows)


def test_list_json_has_the_fields_of_the_contract(say: Say) -> None:
    everything = say("list", "--json").json
    first = next(s for s in everything if s["name"] == "first-answer-wins")
    assert first == {
        "name": "first-answer-wins",
        "family": "goroutines",
        "rows": ["C6"],
        "title": "The first answer wins",
        "sources": ["python", "go"],
        "variants": ["leak", "buffer-1", "buffer-n", "context"],
        "expect": ["leak"],
    }
    assert next(s for s in everything if s["name"] == "channel-tour")["expect"] == []
    by_version = next(s for s in everything if s["name"] == "ticker-never-stopped")
    assert by_version["expect"] == ["deadlock", "leak"]


def test_show_sets_the_leak_beside_what_the_repair_changes(say: Say) -> None:
    out = say("show", "first-answer-wins").out
    assert "answers = chan(str)\n" in out
    assert "\n-    answers = chan(str)\n" in out and "\n+    answers = chan(str, n)" in out
    assert "other variants (--variant NAME): buffer-1, context" in out
    go = say("show", "first-answer-wins", "--source", "go").out
    assert "make(chan string)" in go


def test_show_takes_a_single_variant_and_json(say: Say) -> None:
    shown = say("show", "first", "--variant", "buffer_1", "--json").json
    assert shown["source"] == "python" and list(shown["code"]) == ["buffer-1"]


def test_show_prints_a_go_only_variant_in_go(say: Say) -> None:
    out = say("show", "ticker-range-after-stop", "--variant", "as-printed").out
    assert "package main" in out


def test_explain_tells_story_cause_and_repair(say: Say) -> None:
    out = say("explain", "first-answer-wins").out
    assert out.startswith("The first answer wins  (article: C6)\n")
    assert "\nWhat a run of `leak` shows\n\n  leak: 2 goroutines are stuck for good\n" in out
    assert "\nThe repair\n" in out and "buffer-n  A place for every answer." in out
    told = say("explain", "first-answer-wins", "--json").json
    assert told["schema"] == "gosim.explain/1" and told["outcome"] == "leak"
    assert len(told["explanations"]) == 1 and told["fix"]


def test_run_prints_output_verdict_table_sentence_fix_and_graph_in_this_order(say: Say) -> None:
    said = say("run", "first-answer-wins")
    assert said.code == 0
    parts = [
        "first: answer of server 0\n",
        "leak: 2 goroutines are stuck for good",
        "count  what",
        "2 goroutines (main.ask) wait at leak.py:11 to send on answers",
        "Fix: ",
        "who waits for whom",
    ]
    places = [said.out.index(part) for part in parts]
    assert places == sorted(places)
    assert "try next:" in said.err and "gosim explain first-answer-wins" in said.err
    assert "\033[" not in said.out


@pytest.mark.parametrize("name", ["first-answer-wins", "first_answer_wins", "first", "C6", "c6"])
def test_a_name_may_be_a_prefix_a_row_or_have_underscores(say: Say, name: str) -> None:
    assert say("run", name, "--json").json["program"] == "first-answer-wins"


def test_run_json_is_one_object_with_the_fields_of_the_contract(say: Say) -> None:
    run = say("run", "first-answer-wins", "--json").json
    fields = (
        "schema program variant go go_line seed policy schedule outcome exit_code stdout stderr "
        "virtual_ns steps after_main goroutines leaks memory"
    )
    assert set(fields.split()) <= set(run)
    assert (run["schema"], run["outcome"], run["exit_code"]) == ("gosim.run/1", "leak", 0)
    assert len(run["goroutines"]) == 2
    goroutine = run["goroutines"][0]
    assert goroutine["wait_reason"] == "chan send" and goroutine["leak"] == "permanent"
    assert goroutine["waits_for"][0]["name"] == "answers"


def test_parameters_variants_and_versions_reach_the_program(say: Say) -> None:
    assert len(say("run", "first", "-p", "n=50", "--json").json["goroutines"]) == 49
    assert say("run", "first", "--fixed", "--json").json["variant"] == "buffer-n"
    assert say("run", "first", "--variant", "context", "--json").json["outcome"] == "ok"
    old = say("run", "ticker-never-stopped", "--go", "1.22", "--json").json
    assert (old["go"], old["outcome"]) == ("1.22", "leak")
    assert say("run", "ticker-never-stopped", "--json").json["outcome"] == "ok"


def test_a_token_repeats_the_schedule(say: Say) -> None:
    run = say("run", "ten-senders-one", "--policy", "random", "--seed", "7", "--json").json
    again = say("run", "ten-senders-one", "--replay", run["schedule"], "--json").json
    assert again["stdout"] == run["stdout"] and again["seed"] == 7


def test_what_follows_two_dashes_is_for_the_program(say: Say, program: Callable[..., str]) -> None:
    name = program("import gosim as gs\nasync def main():\n    print(gs.os.args[1:])\n")
    assert say("run", name, "--", "--json", "x").out.startswith("['--json', 'x']\n")


def test_ignored_functions_are_no_leak(say: Say) -> None:
    assert say("run", "first", "--ignore", "ask", "--json").json["outcome"] == "ok"


def test_until_limits_the_after_life(say: Say, program: Callable[..., str]) -> None:
    name = program(
        "import gosim as gs\n"
        "async def tick():\n"
        "    while True:\n"
        "        await gs.time.sleep(gs.time.Second)\n"
        "async def main():\n"
        "    gs.go(tick)\n"
        "    await gs.gosched()\n"
    )
    run = say("run", name, "--until", "10s", "--json").json
    assert run["after_main"]["virtual_ns"] <= 10_000_000_000
    assert run["goroutines"][0]["leak"] == "endless" and run["outcome"] == "ok"


def test_the_dump_is_gos(say: Say) -> None:
    out = say("run", "first", "--dump").out
    assert "goroutine 8 [chan send]:\nmain.ask(...)\n\t" in out


def test_out_writes_all_files_under_fixed_names(say: Say, tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    said = say("run", "first", "--out", folder)
    names = sorted(p.name for p in folder.iterdir())
    pictures = ["graph.svg", "timeline.svg", "why.svg"]
    assert names == sorted(["goroutines.txt", "report.html", "run.json", *pictures])
    assert json.loads((folder / "run.json").read_text())["outcome"] == "leak"
    assert said.err.count("wrote ") == len(names)


def test_the_graph_is_drawn_into_the_file_named(say: Say, tmp_path: Path) -> None:
    picture = tmp_path / "who.png"
    assert say("run", "first", "--graph", picture, "--json").json["outcome"] == "leak"
    assert picture.read_bytes().startswith(b"\x89PNG")


@pytest.fixture
def executed(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Give every run a record of memory made by hand; return what each was asked for."""
    from gosim.cli import run_
    from tests.test_views_memory import MIB, record_of

    asked: list[dict[str, Any]] = []
    execute = run_.execute

    def recorded(program: Any, **options: Any) -> Any:
        asked.append(options)
        environment = {"gogc": None, "memlimit": None}
        run = execute(program, **options | environment)
        run.memory_record = record_of(most=None if run.variant == "leak" else MIB)
        return run

    monkeypatch.setattr(run_, "execute", recorded)
    return asked


@pytest.mark.parametrize(("suffix", "head"), [("png", b"\x89PNG"), ("SVG", b"<svg")])
def test_memory_is_drawn_beside_the_repaired_program(
    say: Say, tmp_path: Path, executed: list[dict[str, Any]], suffix: str, head: bytes
) -> None:
    picture = tmp_path / f"memory.{suffix}"
    token = say("run", "first", "--seed", "7", "--json").json["schedule"]
    executed.clear()
    said = say("run", "first", "--memory", picture, "--seed", "7", "--replay", token)
    assert picture.read_bytes().startswith(head) and f"wrote {picture}\n" in said.err
    assert [(run["variant"], run["seed"]) for run in executed] == [("leak", 7), ("buffer-n", 7)]
    # A token belongs to one program.
    assert [run["replay"] for run in executed] == [token, None]


@pytest.mark.parametrize(
    ("arguments", "runs"),
    [
        (("first", "--fixed"), ["buffer-n"]),
        (("first", "--variant", "buffer-1"), ["buffer-1", "buffer-n"]),
        (("first", "--variant", "context"), ["context"]),
        (("channel-tour",), ["tour"]),
    ],
)
def test_only_what_leaks_is_drawn_beside_its_repair(
    say: Say,
    tmp_path: Path,
    executed: list[dict[str, Any]],
    arguments: tuple[str, ...],
    runs: list[str],
) -> None:
    assert say("run", *arguments, "--memory", tmp_path / "a.svg").code == 0
    assert [run["variant"] for run in executed] == runs


def test_a_file_with_variants_is_drawn_beside_its_second_one(
    say: Say, program: Callable[..., str], executed: list[dict[str, Any]]
) -> None:
    name = program(LESSON)
    assert say("run", name, "--memory", "a.svg").code == 0
    assert len(executed) == 2
    assert say("run", name, "--fixed", "--memory", "a.svg").code == 0
    assert say("run", name, "--variant", "leak", "--memory", "a.svg").code == 0
    assert len(executed) == 4
    assert say("run", program("async def main(): pass\n"), "--memory", "a.svg").code == 0
    assert len(executed) == 5


def test_a_repair_that_does_not_run_is_told_and_the_leak_is_drawn(
    say: Say, program: Callable[..., str], executed: list[dict[str, Any]]
) -> None:
    name = program(LESSON.replace("    ch = chan(str)\n", "    ch = chan(str)\n    await 42\n"))
    said = say("run", name, "--memory", "a.svg")
    assert said.code == 0 and Path("a.svg").exists()
    assert "note: the repaired program did not run beside it: " in said.err


def test_the_report_tells_memory_behind_the_fix_and_before_who_waits(
    say: Say, executed: list[dict[str, Any]]
) -> None:
    said = say("run", "first")
    assert "  gosim run first-answer-wins --memory memory.svg " in said.err
    out = said.out
    parts = ["Fix: ", "memory  ", "RSS, what top shows", "█", "global cache", "who waits for whom"]
    places = [out.index(part) for part in parts]
    assert places == sorted(places)


def test_out_has_memory_too_where_there_is_some(
    say: Say, tmp_path: Path, executed: list[dict[str, Any]]
) -> None:
    said = say("run", "first", "--out", tmp_path / "all")
    written = sorted(p.name for p in (tmp_path / "all").iterdir())
    assert {"goroutines.txt", "graph.svg", "heap.txt", "memory.svg", "run.json"} < set(written)
    assert said.err.count("wrote ") == len(written)
    text = (tmp_path / "all" / "heap.txt").read_text()
    assert text.startswith("first-answer-wins: 2 goroutines are stuck for good\n\nmemory ")
    assert "stack_inuse" in text and "string text, 100 times" in text


def test_the_process_gets_gogc_and_gomemlimit_as_they_were_written(
    say: Say, executed: list[dict[str, Any]]
) -> None:
    say("run", "first", "--gogc", "-1", "--memlimit", "64MiB", "--json")
    say("run", "first", "--gogc=abc", "--json")
    say("run", "first", "--json")
    settings = [(run["gogc"], run["memlimit"]) for run in executed]
    assert settings == [("-1", "64MiB"), ("abc", None), (None, None)]


def test_memory_is_drawn_of_a_program_that_uses_none_of_its_values(
    say: Say, tmp_path: Path
) -> None:
    assert say("run", "first", "--memory", tmp_path / "a.svg").code == 0
    assert (tmp_path / "a.svg").stat().st_size > 10_000


def test_a_percentage_that_is_none_is_100_and_the_reader_hears_of_it(say: Say) -> None:
    said = say("run", "substring-keeps-string", "-p", "n=2", "--gogc", "abc", "--json")
    assert "note: --gogc 'abc' is no percentage: Go takes it for 100\n" in said.err
    assert said.code == 0
    assert (
        json.loads(said.out)["memory"]
        == json.loads(say("run", "substring-keeps-string", "-p", "n=2", "--json").out)["memory"]
    )
    for good in ("100", "+100", "off", "-3", "50", ""):
        assert "note" not in say("run", "first", "--gogc", good, "--json").err


@pytest.mark.parametrize("text", ["1X", "-5", "10MB", "MiB", "9223372036854775808"])
def test_a_memory_limit_that_is_none_is_refused_before_anything_runs(say: Say, text: str) -> None:
    said = say("run", "first", "--memlimit", text)
    assert said.code == 2 and not said.out
    assert said.err.startswith(f"gosim: --memlimit: {text!r}: Go ends with `malformed GOMEMLIMIT`")


def test_one_file_cannot_hold_two_pictures(say: Say, tmp_path: Path) -> None:
    said = say("run", "first", "--memory", tmp_path / "a.svg", "--graph", tmp_path / "a.svg")
    assert said.code == 2 and said.err.endswith("a.svg: --graph and --memory need a file each\n")
    assert not (tmp_path / "a.svg").exists()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("all-asleep",), 0),
        (("all-asleep", "--fail-on", "deadlock"), 1),
        (("all-asleep", "--fail-on", "leak,panic"), 0),
        (("first", "--fail-on", "leak"), 1),
        (("first", "--fixed", "--fail-on", "leak"), 0),
    ],
)
def test_a_lesson_exits_with_0_unless_asked_otherwise(
    say: Say, arguments: tuple[str, ...], code: int
) -> None:
    assert say("run", *arguments).code == code
    assert say("run", *arguments, "--json").code == code


DEADLOCK = "from gosim import chan\nasync def main():\n    await chan(int).recv()\n"
PANIC = "async def main():\n    raise ValueError('no')\n"
LEAK = (
    "from gosim import chan, go, gosched\n"
    "async def main():\n    go(chan(int).recv)\n    await gosched()\n"
)
EXIT = "import gosim\nasync def main():\n    await gosim.os.exit(3)\n"


@pytest.mark.parametrize(
    ("text", "arguments", "code"),
    [
        (DEADLOCK, (), 1),
        (DEADLOCK, ("--fail-on", "none"), 0),
        (PANIC, (), 1),
        (PANIC, ("--fail-on", "deadlock"), 0),
        (LEAK, (), 0),
        (LEAK, ("--fail-on", "leak,panic"), 1),
    ],
)
def test_a_file_exits_with_1_on_panic_fatal_or_deadlock(
    say: Say, program: Callable[..., str], text: str, arguments: tuple[str, ...], code: int
) -> None:
    assert say("run", program(text), *arguments).code == code


def test_the_programs_own_exit_code_is_in_the_record(say: Say, program: Callable[..., str]) -> None:
    said = say("run", program(EXIT), "--json")
    assert said.code == 0 and said.json["outcome"] == "exit" and said.json["exit_code"] == 3
    assert "exit: the program ended the process with exit code 3" in say("run", "prog.py").out


def test_compare_sets_real_go_beside_the_run(say: Say) -> None:
    said = say("compare", "first-answer-wins")
    # Sys and RSS are the machine's, and may be named as what differs for a reason.
    assert said.code == 0 and said.out.splitlines()[-1].startswith("they agree")
    assert "goroutines left  same  2x [chan send]  2x [chan send]\n" in said.out
    compared = say("compare", "first", "--variant", "buffer-1", "--json").json
    assert compared["schema"] == "gosim.compare/1" and compared["agrees"] is True


def test_compare_fits_a_narrow_page(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    say("list")
    monkeypatch.setenv("COLUMNS", "60")
    out = say("compare", "all-asleep").out
    assert "  goroutines left: same\n    gosim    2x [chan receive], " in out
    assert max(map(len, out.splitlines())) <= 60


def test_compare_says_that_go_refuses_a_program(say: Say) -> None:
    said = say("compare", "ticker-range-after-stop", "--variant", "as-printed")
    assert said.code == 0 and "does not compile as-printed.go" in said.out


# -- mistakes --------------------------------------------------------------------------------------

LESSON = '''\
"""Who reads the letter?

Nobody does, at first.
"""
from gosim import chan, go, gosched

async def write(ch):
    await ch.send("letter")

async def leak():
    go(write, chan(str))
    await gosched()

async def repaired():
    ch = chan(str)
    go(write, ch)
    print(await ch.recv())

variants = {"leak": leak, "repaired": repaired}
'''

# What is wrong with a file, the exit code, kind, line, and words of the sentence.
FILES: dict[str, tuple[str | bytes | None, int, str, int | None, str]] = {
    "missing": (None, 3, "load", None, "cannot read the program: no such file or directory"),
    "not python": ("this is no ( python\n", 3, "load", 1, "this is not valid Python: "),
    "binary": (b"\x7fELF\xff\xfe\x00\x01", 3, "load", None, "not a Python file: it is not text"),
    "zero byte": ("x = 1\0\n", 3, "load", None, "not a Python file: it contains a zero byte"),
    "empty": ("", 3, "load", None, "there is no `async def main()` in this file"),
    "no main": ("x = 1\n", 3, "load", None, "there is no `async def main()` in this file"),
    "plain main": (
        "\ndef main():\n    pass\n",
        3,
        "load",
        2,
        "main must be a coroutine function: write `async def main()`",
    ),
    "main with arguments": (
        "async def main(n):\n    pass\n",
        3,
        "load",
        1,
        "main is started without arguments",
    ),
    "an import that fails": (
        "\nimport no_such_module\nasync def main(): pass\n",
        3,
        "load",
        2,
        "an import failed: No module named 'no_such_module'",
    ),
    "a body that fails": (
        "x = 1\ny = x / 0\nasync def main(): pass\n",
        3,
        "load",
        2,
        "the file failed before main could start: ZeroDivisionError: division by zero",
    ),
    "a run inside a run": (
        "import gosim\nasync def main(): pass\ngosim.run(main)\n",
        2,
        "usage",
        3,
        "a run is already going on",
    ),
    "a coroutine never awaited": (
        "async def work(): pass\nasync def main():\n    work()\n",
        2,
        "usage",
        3,
        "work(...) was called and never awaited, so it never ran; write `await work(...)`, or "
        "`go(work, ...)`",
    ),
    "an operation never awaited": (
        "from gosim import chan\nasync def main():\n    ch = chan(int, 1)\n    ch.send(1)\n",
        2,
        "usage",
        4,
        "send(...) was called and never awaited, so it did nothing",
    ),
    "asyncio.sleep": (
        "import asyncio\nasync def main():\n    await asyncio.sleep(1)\n",
        2,
        "usage",
        3,
        "asyncio needs an event loop of its own",
    ),
    "asyncio.sleep(0)": (
        "import asyncio\nasync def main():\n    await asyncio.sleep(0)\n",
        2,
        "usage",
        3,
        "awaited something that is not gosim's",
    ),
    "a value awaited": (
        "async def main():\n    await 42\n",
        2,
        "usage",
        2,
        "this call is done when it returns; write it without await",
    ),
    "a case awaited": (
        "from gosim import chan, recv\nasync def main():\n    ch = chan(int)\n    await recv(ch)\n",
        2,
        "usage",
        4,
        "recv(ch) and send(ch, v) are cases for select; write await ch.recv()",
    ),
    "time.sleep": (
        "import time\nasync def main():\n    time.sleep(0.01)\n",
        2,
        "usage",
        3,
        "time.sleep stops the whole interpreter, not one goroutine; write "
        "`await gosim.time.sleep(d)`",
    ),
    "sys.exit": (
        "import sys\nasync def main():\n    sys.exit(1)\n",
        2,
        "usage",
        3,
        "sys.exit ends Python, not the Go process",
    ),
    "go of a call": (
        "from gosim import go\nasync def f(): pass\nasync def main():\n    go(f())\n",
        2,
        "usage",
        4,
        "go(f, x) takes the function and its arguments",
    ),
    "seconds as a float": (
        "import gosim\nasync def main():\n    await gosim.time.sleep(0.5)\n",
        2,
        "usage",
        3,
        "durations are whole nanoseconds, not 0.5",
    ),
}


@pytest.mark.parametrize("as_json", [False, True])
@pytest.mark.parametrize("what", FILES)
def test_a_bad_file_gets_one_sentence_that_names_the_place(
    say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, as_json: bool
) -> None:
    text, code, kind, line, words = FILES[what]
    monkeypatch.chdir(tmp_path)
    if isinstance(text, bytes):
        Path("bad.py").write_bytes(text)
    elif text is not None:
        Path("bad.py").write_text(text)
    said = say("run", "bad.py", *(["--json"] if as_json else []))
    assert said.code == code
    if as_json:
        error = said.json
        assert (error["schema"], error["kind"]) == ("gosim.error/1", kind)
        assert os.path.basename(error["file"]) == "bad.py" and error["line"] == line
        assert words in error["message"] and not said.err
    else:
        where = "bad.py" if line is None else f"bad.py:{line}"
        assert said.err.startswith(f"gosim: {where}: ") and words in said.err
        assert said.err.count("\n") == 1 and not said.out


def test_a_folder_is_refused_by_every_way_to_write_it(
    say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sub").mkdir()
    (tmp_path / "dir.py").mkdir()
    for name in ("sub", "sub/", "./sub", "dir.py"):
        said = say("run", name)
        assert said.code == 3 and "this folder has no Go files" in said.err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(say: Say, program: Callable[..., str]) -> None:
    name = program("async def main(): pass\n")
    os.chmod(name, 0)
    said = say("run", name)
    assert said.code == 3 and "cannot read the program: permission denied" in said.err


def test_an_unreadable_file_whoever_asks(
    say: Say, program: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import tokenize

    def refuse(path: str) -> Any:
        raise PermissionError(13, "Permission denied", path)

    name = program("async def main(): pass\n")
    monkeypatch.setattr(tokenize, "open", refuse)
    said = say("run", name)
    assert said.code == 3
    assert said.err == "gosim: prog.py: cannot read the program: permission denied\n"


def test_a_negative_capacity_is_gos_panic_with_the_line(
    say: Say, program: Callable[..., str]
) -> None:
    said = say("run", program("from gosim import chan\nasync def main():\n    chan(int, -1)\n"))
    assert said.code == 1
    assert said.err.startswith("panic: makechan: size out of range\n\ngoroutine 1 [running]:\n")
    assert "prog.py:3" in said.err


def test_an_exception_in_a_goroutine_is_a_panic_and_what_was_printed_stays(
    say: Say, program: Callable[..., str]
) -> None:
    text = (
        "from gosim import go, gosched\n"
        "async def f():\n    return {}['missing']\n"
        "async def main():\n    print('before')\n    go(f)\n    await gosched()\n"
    )
    said = say("run", program(text))
    assert said.code == 1
    assert said.out.startswith("before\n")
    assert said.err.startswith("panic: KeyError: 'missing'\n\ngoroutine 7 [running]:\n")
    assert "prog.py:3" in said.err and "created by main.main in goroutine 1" in said.err
    assert "panic: it was not recovered" in said.out
    run = say("run", "prog.py", "--json").json
    # The process is dead: main, which could have gone on, is no finding.
    assert run["outcome"] == "panic" and run["leaks"] == [] and run["exit_code"] == 2


def test_what_was_printed_before_a_mistake_is_shown(say: Say, program: Callable[..., str]) -> None:
    said = say(
        "run", program("import time\nasync def main():\n    print('x')\n    time.sleep(1)\n")
    )
    assert said.out == "x\n" and said.code == 2


SPAWN = (
    "from gosim import chan, go\n"
    "async def f(ch):\n    await ch.recv()\n"
    "async def main():\n    ch = chan(int)\n    print('start')\n"
    "    while True:\n        go(f, ch)\n"
)
POLL = (
    "from gosim import chan, default, recv, select\n"
    "async def main():\n    ch = chan(int)\n    print('start')\n"
    "    while True:\n        await select(recv(ch), default)\n"
)
ROUND = "async def main():\n    print('start')\n    while True:\n        pass\n"


@pytest.mark.parametrize(
    ("text", "option", "words"),
    [
        (SPAWN, ("--max-goroutines", "500"), "stopped: more than 500 goroutines alive"),
        (POLL, ("--max-steps", "30000"), "stopped after 30000 steps (the budget)"),
        (ROUND, ("--wall", "0.5"), "stopped after 0.5 s of real time (--wall) at prog.py:"),
    ],
)
def test_a_budget_ends_a_run_with_3_and_keeps_what_was_printed(
    say: Say, program: Callable[..., str], text: str, option: tuple[str, ...], words: str
) -> None:
    said = say("run", program(text), *option)
    assert said.code == 3
    assert said.out.startswith("start\n") and f"\nlimit: {words[:30]}" in said.out
    said = say("run", "prog.py", *option, "--json")
    assert said.code == 3
    run = said.json
    assert (run["outcome"], run["exit_code"], run["stdout"]) == ("limit", None, "start\n")
    assert words.replace("prog.py:", "") in run["notes"][0].replace(f"{Path.cwd()}/prog.py:", "")


def test_a_poller_is_named_with_its_line(say: Say, program: Callable[..., str]) -> None:
    said = say("run", program(POLL), "--max-steps", "30000")
    assert "spinning: prog.py:6 polls without blocking" in said.out


def test_a_body_that_does_not_end_is_ended_by_the_wall_clock(
    say: Say, program: Callable[..., str]
) -> None:
    said = say("run", program("while True:\n    pass\n"), "--wall", "0.5")
    assert said.code == 3 and "prog.py: the body of the file does not end" in said.err


def test_a_channel_kept_from_an_earlier_run_is_refused_with_its_line(
    program: Callable[..., str],
) -> None:
    import gosim as gs
    from gosim.runtime.errors import UsageError

    name = program(
        "from gosim import chan\n"
        "kept = []\n"
        "async def main():\n"
        "    if not kept:\n"
        "        kept.append(chan(int, 1))\n"
        "    await kept[0].send(1)\n"
        "    print(await kept[0].recv())\n"
    )
    namespace: dict[str, Any] = {"__name__": "kept_channel"}
    exec(compile(Path(name).read_text(), name, "exec"), namespace)
    assert gs.run(namespace["main"]).stdout == "1\n"
    with pytest.raises(UsageError, match=r"prog\.py:6: cannot send on .*prog\.py:5.*another run"):
        gs.run(namespace["main"])
    # A file starts from nothing each time.
    assert [gs.run(name).stdout for _ in range(2)] == ["1\n", "1\n"]


# What is written, the words of the sentence: all of them are usage, exit code 2.
USAGE = {
    ("rum",): "there is no command 'rum'; did you mean run?",
    ("first",): "there is no command 'first'; did you mean `gosim run first-answer-wins`?",
    ("--frob",): "--frob: write the command first (list, show, explain, run, explore, play, ",
    ("run",): "gosim run needs NAME|FILE.py",
    ("run", "first-anser-wins"): "there is no scenario 'first-anser-wins' (did you mean "
    "first-answer-wins?)",
    ("run", "zzzz"): "there is no scenario 'zzzz'; `gosim list` shows all",
    ("run", "ticker"): "'ticker' could be any of ticker-never-stopped, ticker-range-after-stop",
    ("run", ""): "there is no scenario ''",
    ("run", "first", "more"): "one thing too many: 'more'",
    ("run", "first", "--variant", "contxt"): "first-answer-wins has no variant 'contxt' (did you "
    "mean context?); it has leak, buffer-1, buffer-n, context",
    ("run", "channel-tour", "--fixed"): "channel-tour is a tour: it has nothing to repair",
    ("run", "first", "--fixed", "--variant", "leak"): "not allowed with argument",
    ("run", "ticker-range", "--variant", "as-printed"): "as-printed is told in Go only",
    ("run", "first", "--grahp", "x.png"): "there is no option --grahp; did you mean --graph?",
    ("run", "first", "--graph", "x.jpg"): "--graph: 'x.jpg': the name must end in .png, .svg",
    ("run", "first", "--graph", "no/x.png"): "--graph: 'no/x.png': there is no folder no",
    ("run", "first", "--memory", "x.dot"): "--memory: 'x.dot': the name must end in .png, .svg",
    ("run", "first", "--memory", "no/x.png"): "--memory: 'no/x.png': there is no folder no",
    ("run", "first", "--out", "/dev/null/x"): "--out /dev/null/x: cannot make this folder: not a",
    ("run", "first", "--seed", "x"): "--seed: 'x' is not a whole number",
    ("run", "first", "--procs", "0"): "--procs: 0 is too few; at least 1",
    ("run", "first", "--max-steps", "0"): "--max-steps: 0 is too few; at least 1",
    ("run", "first", "--wall", "never"): "--wall: 'never' is no number of seconds above 0",
    ("run", "first", "--wall", "0"): "--wall: '0' is no number of seconds above 0",
    ("run", "first", "--until", "10"): "--until: '10': write a time such as 10s, 500ms or 2h",
    ("run", "first", "--go", "1.99"): "--go 1.99: gosim knows Go 1.21 to 1.27",
    ("run", "first", "--go-line", "x"): "--go-line x: gosim knows Go 1.21 to 1.27",
    ("run", "first", "--policy", "best"): "--policy best: gosim knows go, fifo, random",
    ("run", "first", "--replay", "g1.x"): "--replay: 'g1.x' is not a whole token",
    ("run", "first", "--fail-on", "oops"): "--fail-on: 'oops': gosim knows leak, deadlock, panic",
    ("run", "first", "-p", "n"): "-p: 'n': write a name and a value: -p n=500",
    ("run", "first", "-p", "m=5"): "-p m=5: the program has no variable m; it has n",
    ("run", "first", "-p", "n=many"): "-p n=many: n is a whole number in this program",
    ("show", "first", "--source", "rust"): "--source: invalid choice: 'rust'",
    ("show", "ticker-range", "--source", "python", "--variant", "as-printed"): "told in Go only",
    ("compare", "prog.py"): "compare takes a scenario",
    ("explain", "first", "--", "x"): "arguments behind -- are for a program that is run",
}


@pytest.mark.parametrize("as_json", [False, True])
@pytest.mark.parametrize("arguments", USAGE, ids=" ".join)
def test_wrong_usage_is_one_sentence_and_exit_code_2(
    say: Say,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    as_json: bool,
) -> None:
    monkeypatch.chdir(tmp_path)
    words = USAGE[arguments]
    written = list(arguments)
    if as_json:
        written.insert(1, "--json")
    said = say(*written)
    assert said.code == 2
    if as_json:
        error = said.json
        assert (error["schema"], error["kind"]) == ("gosim.error/1", "usage")
        assert words in error["message"] and not said.err
    else:
        assert said.err.startswith("gosim: ") and words in said.err
        assert said.err.count("\n") == 1 and not said.out
    assert not list(tmp_path.iterdir())


def test_an_error_of_gosims_own_is_one_sentence_and_exit_code_4(
    say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gosim.cli import list_

    def broken() -> Any:
        raise RuntimeError("oh no")

    monkeypatch.setattr(list_, "scenarios", broken)
    said = say("list")
    assert said.code == 4 and said.err.startswith("gosim: gosim itself failed at test_cli.py:")
    assert "RuntimeError: oh no; please report it" in said.err
    error = say("list", "--json").json
    assert (error["schema"], error["kind"]) == ("gosim.error/1", "internal")


# -- a file of the user's own that is a lesson -----------------------------------------------------


def test_a_file_may_hold_variants_and_a_story(say: Say, program: Callable[..., str]) -> None:
    name = program(LESSON, "letter.py")
    assert say("run", name, "--json").json["variant"] == "leak"
    fixed = say("run", name, "--fixed", "--json").json
    assert (fixed["variant"], fixed["outcome"], fixed["stdout"]) == ("repaired", "ok", "letter\n")
    assert say("run", name, "--variant", "repaired", "--json").json["outcome"] == "ok"
    out = say("explain", name).out
    assert out.startswith("Who reads the letter?\n\nNobody does, at first.\n")
    assert "leak: 1 goroutine is stuck for good" in out
    told = say("explain", name, "--json").json
    assert told["title"] == "Who reads the letter?" and told["outcome"] == "leak"
    assert say("show", name).out == LESSON


def test_a_variant_that_a_file_lacks(say: Say, program: Callable[..., str]) -> None:
    said = say("run", program(LESSON), "--variant", "repared")
    assert said.code == 2
    assert said.err == (
        "gosim: prog.py: this file has no variant 'repared' (did you mean repaired?); it has leak, "
        "repaired\n"
    )
    said = say("run", program("async def main(): pass\n"), "--fixed")
    assert said.code == 2 and "this file has no variants, so there is no 'fixed'" in said.err


# -- as a process ----------------------------------------------------------------------------------


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "gosim", *arguments]


@pytest.fixture
def environment() -> Iterator[dict[str, str]]:
    yield {**os.environ, "PYTHONPATH": str(ROOT)}


@pytest.mark.parametrize("as_json", [False, True])
def test_ctrl_c_shows_what_was_printed_and_one_sentence(
    tmp_path: Path, environment: dict[str, str], as_json: bool
) -> None:
    ready = tmp_path / "ready"
    text = (
        "import pathlib\nasync def main():\n    print('one')\n    print('two')\n"
        f"    pathlib.Path({str(ready)!r}).touch()\n    while True:\n        pass\n"
    )
    (tmp_path / "prog.py").write_text(text)
    process = subprocess.Popen(
        command("run", "prog.py", *(["--json"] if as_json else [])),
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    patience = time.monotonic() + 60
    while not ready.exists() and time.monotonic() < patience:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 3 and not err
    if as_json:
        run = json.loads(out)
        assert (run["outcome"], run["stdout"]) == ("limit", "one\ntwo\n")
        assert run["notes"][0].startswith("stopped by Ctrl-C at ")
    else:
        assert out.startswith("one\ntwo\n")
        assert "\nlimit: stopped by Ctrl-C at prog.py:" in out


def test_a_reader_that_goes_away_is_no_error(environment: dict[str, str]) -> None:
    line = f"{' '.join(command('show', 'first-answer-wins'))} | head -1; echo ${{PIPESTATUS[0]}}"
    for shell in (line, line.replace("show", "run").replace("| head", "2>&1 | head")):
        done = subprocess.run(
            ["bash", "-c", shell], capture_output=True, text=True, env=environment, cwd=ROOT
        )
        assert done.stdout.splitlines()[-1] == "0" and not done.stderr


def test_pictures_are_written_although_the_reader_of_the_report_goes_away(
    environment: dict[str, str], tmp_path: Path
) -> None:
    picture = tmp_path / "g.dot"
    line = f"{' '.join(command('run', 'first-answer-wins', '--graph', str(picture)))} | head -1"
    subprocess.run(["bash", "-c", f"{line} | true"], env=environment, cwd=ROOT, check=True)
    assert picture.read_text().startswith("digraph")


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_closed_streams_are_no_error(environment: dict[str, str], closed: str) -> None:
    for arguments in (("list",), ("run", "first-answer-wins"), ("--help",)):
        done = subprocess.run(
            ["bash", "-c", f"{' '.join(command(*arguments))} {closed}"],
            capture_output=True,
            text=True,
            env=environment,
            cwd=ROOT,
        )
        assert done.returncode == 0
        assert "gosim:" not in done.stderr and "Traceback" not in done.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full")
def test_a_full_disk_is_one_sentence(environment: dict[str, str]) -> None:
    for arguments in (("list",), ("run", "first-answer-wins", "--json"), ("--help",)):
        with open("/dev/full", "w") as full:
            done = subprocess.run(
                command(*arguments),
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                env=environment,
                cwd=ROOT,
            )
        assert done.returncode == 3
        if "--json" not in arguments:
            assert done.stderr == "gosim: cannot write the output: no space left on device\n"


def test_a_terminal_without_our_characters_gets_others(environment: dict[str, str]) -> None:
    environment["PYTHONIOENCODING"] = "ascii"
    done = subprocess.run(
        command("run", "mutex"), capture_output=True, text=True, env=environment, cwd=ROOT
    )
    assert done.returncode == 0 and "stuck for good" in done.stdout


#: What a run that uses no memory, and of which no picture is asked, must not pay for.
NOT_FOR_A_PLAIN_RUN = [
    "asyncio",
    "difflib",
    "gosim.export",
    "gosim.leaks.memory",
    "gosim.leaks.recording",
    "gosim.leaks.telling",
    "gosim.memory.features",
    "gosim.memory.heap",
    "gosim.memory.pinned",
    "gosim.memory.samples",
    "gosim.memory.slice",
    "gosim.memory.types",
    "gosim.oracle",
    "gosim.runtime.mgc",
    "gosim.std.builtin",
    "gosim.std.values",
    "gosim.views.graph",
    "gosim.views.memory",
    "gosim.views.sheet",
    "gosim.views.steps",
    "gosim.views.timeline",
    "json",
    "matplotlib",
    "networkx",
    "numpy",
    "rich",
]

LOADED = """\
import sys
from gosim.cli import main
main({arguments})
print(*sorted(sys.modules), file=sys.stderr)
"""


@pytest.mark.parametrize(
    ("arguments", "absent"),
    [
        (["--help"], ["argparse", "typing", "simpy", "networkx", "matplotlib", "json", "inspect"]),
        (["run", "ab-ba"], ["networkx", "matplotlib", "rich", "numpy"]),
        (["run", "first-answer-wins"], NOT_FOR_A_PLAIN_RUN),
        (["run", "first", "--json"], ["networkx", "matplotlib", "rich", "numpy"]),
        (["list"], ["simpy", "networkx", "matplotlib", "rich"]),
    ],
)
def test_what_a_command_does_not_need_is_not_loaded(
    environment: dict[str, str], arguments: list[str], absent: list[str]
) -> None:
    done = subprocess.run(
        [sys.executable, "-S", "-c", LOADED.format(arguments=arguments)],
        capture_output=True,
        text=True,
        env={
            **environment,
            "PYTHONPATH": os.pathsep.join([str(ROOT), *(p for p in sys.path if "site-pack" in p)]),
        },
        cwd=ROOT,
    )
    assert done.returncode == 0
    loaded = done.stderr.splitlines()[-1].split()
    assert sorted(set(absent) & set(loaded)) == []


def test_ctrl_c_while_a_run_is_judged_keeps_what_was_printed(
    say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gosim.leaks import run

    def interrupted(*_: Any, **__: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(run, "judge", interrupted)
    said = say("run", "first")
    assert said == (
        3,
        "first: answer of server 0\ngoroutines left over: 2\n",
        "gosim: stopped by Ctrl-C\n",
    )
    assert say("run", "first", "--json").json["kind"] == "load"


def test_a_go_file_is_shown_and_explained(tmp_path: Path, say: Say) -> None:
    file = tmp_path / "stuck.go"
    file.write_text("package main\n\nfunc main() {\n\t<-make(chan int)\n}\n")
    assert file.read_text() in say("show", str(file)).out
    said = say("explain", str(file))
    assert said.code == 0 and "deadlock" in said.out
    assert say("show", str(tmp_path / "none.go")).code == 3
