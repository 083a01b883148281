"""``%%gosim`` and ``%gosim`` in IPython, and what a run shows of itself."""

from __future__ import annotations

import base64
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from typing import Any

import pytest

import gosim as gs
from gosim.notebook import go_magic, magic
from gosim.views.notebook import html
from tests.scenario_cases import Variant, variants

FIRST = [v for v in variants() if "python" in v.sources and v.name == "leak"]
CELL = """
from gosim import chan, go

async def main():
    results = chan(int)
    for i in range(n):
        go(ask, i, results)
    print(await results.recv())

async def ask(i, results):
    await results.send(i)

n = 3
"""


@pytest.fixture
def shell() -> Any:
    interactive = pytest.importorskip("IPython.core.interactiveshell", reason="no IPython here")
    interactive.InteractiveShell.clear_instance()
    made = interactive.InteractiveShell.instance()
    made.run_line_magic("load_ext", "gosim")
    yield made
    interactive.InteractiveShell.clear_instance()


def test_a_cell_is_run_and_names_its_own_lines(shell: Any, capfd: Any) -> None:
    run = shell.run_cell_magic("gosim", "-p n=5", CELL)
    assert run.outcome == "leak"
    assert len(run.goroutines) == 4
    assert run.leaks[0].at.endswith("cell.py:11")
    assert capfd.readouterr().err == ""


def test_a_cell_that_has_run_is_still_there_when_the_next_one_has(shell: Any) -> None:
    first = shell.run_cell_magic("gosim", "", CELL)
    shell.run_cell_magic("gosim", "", "async def main():\n    pass\n")
    assert [e.kind for e in first.recording().events][-1] == "park"


def test_a_scenario_is_run_by_its_name(shell: Any) -> None:
    assert shell.run_line_magic("gosim", "first-answer-wins").outcome == "leak"
    assert shell.run_line_magic("gosim", "C6 --fixed").outcome == "ok"


@pytest.mark.parametrize(
    ("line", "cell", "words"),
    [
        ("", None, "write %gosim NAME"),
        ("first-anser-wins", None, "first-answer-wins"),
        ("first-answer-wins", CELL, "write %gosim first-answer-wins"),
        ("--sed 3", CELL, "did you mean --seed?"),
        ("--graph g.svg", CELL, "here use the Run's own methods"),
        ("--fixed", CELL, "a cell has one program"),
        ('"', None, "no closing quotation"),
        ("", "async def main(:\n", "cell.py:1: "),
        ("", "def main(): pass\n", "async def main()"),
        ("", "x = 1\n", "main"),
    ],
)
def test_what_cannot_run_says_so_on_stdout(
    line: str, cell: str | None, words: str, capfd: Any
) -> None:
    assert magic(line, cell) is None
    out, err = capfd.readouterr()
    assert out.startswith("gosim: ") and out.count("\n") == 1
    assert words in out
    assert err == ""


def test_help_is_help(capfd: Any) -> None:
    assert magic("--help", CELL) is None
    assert "--seed" in capfd.readouterr().out


@pytest.mark.parametrize("variant", FIRST, ids=lambda v: v.id)
def test_a_run_shows_itself_without_what_untrusted_notebooks_drop(variant: Variant) -> None:
    run = gs.run(str(variant.py_file))
    shown = run._repr_mimebundle_()
    assert set(shown) == {"text/plain", "text/html"}
    assert not re.search(r"<(script|style|svg)", shown["text/html"])
    for address in re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', shown["text/html"]):
        ET.fromstring(base64.b64decode(address))
    for leak in run.leaks:
        assert leak.verdict in shown["text/html"]


def test_only_what_is_wanted_is_given() -> None:
    async def main() -> None:
        print("<b>")

    run = gs.run(main)
    assert set(run._repr_mimebundle_(include=["text/plain"])) == {"text/plain"}
    assert set(run._repr_mimebundle_(exclude=["text/plain"])) == {"text/html"}
    assert "&lt;b&gt;" in html(run)


@pytest.mark.parametrize(
    "option",
    [
        *("--graph g.svg", "--why w.svg", "--timeline t.svg", "--memory m.svg", "--trace t.json"),
        *("--pprof goroutine=g.pb.gz", "--html r.html", "--out folder"),
        *("--step", "--json", "--dump", "--fail-on leak"),
    ],
)
def test_no_option_of_the_shell_is_taken_and_then_forgotten(option: str, capfd: Any) -> None:
    assert magic(option, CELL) is None
    out, err = capfd.readouterr()
    assert out.startswith(f"gosim: {option.split()[0]} ") and "Run's own methods" in out
    assert err == ""


def test_a_notebook_that_only_loads_the_extension_shows_the_picture() -> None:
    pytest.importorskip("IPython", reason="no IPython here")
    program = f"""
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
shell.run_line_magic("load_ext", "gosim")
run = shell.run_cell_magic("gosim", "", {CELL!r})
shown, _ = shell.display_formatter.format(run)
assert "data:image/svg+xml" in shown["text/html"], shown
assert "stuck for good" in shown["text/plain"], shown
shown, _ = shell.display_formatter.format(run.graph())
assert "data:image/svg+xml" in shown["text/html"], shown
"""
    # A process of its own: nothing else may have imported what shows it.
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""


GO_CELL = """// Three answers, one question.
package main

import "fmt"

func main() {
	answers := make(chan int)
	for i := range 3 {
		go func() { answers <- i }()
	}
	fmt.Println(<-answers)
}
"""


def test_a_cell_may_be_go() -> None:
    run = magic("", GO_CELL)
    assert run is not None
    assert (run.stdout, run.outcome) == ("2\n", "leak")
    (leak,) = run.leaks
    assert leak.at.endswith("cell.go:9")
    old = go_magic("--go-line 1.21", GO_CELL.replace("range 3", "range make([]int, 3)"))
    assert old is not None and old.outcome == "leak"


def test_a_go_cell_needs_no_package_clause() -> None:
    run = go_magic("-- x", 'import "os"\n\nfunc main() { println(os.Args[1]) }\n')
    assert run is not None and run.stderr == "x\n"


def test_what_the_compiler_says_names_lines_of_the_cell(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert go_magic("", "package main\n\nfunc main() {\n\tx := 1\n}\n") is None
    said = capsys.readouterr()
    assert said.out == "cell.go:4:2: declared and not used: x\n" and not said.err


def test_a_constant_of_a_go_cell_takes_a_value_of_a_cell_before(shell: Any, capsys: Any) -> None:
    cell = "package main\n\nconst n = 3\n\nfunc main() {\n\tprintln(n)\n}\n"
    shell.user_ns["n"] = 4
    run = shell.run_cell("%%go -p n={n}\n" + cell).result
    assert run.stderr == "4\n"
    assert shell.run_cell_magic("go", "-p m=4", cell) is None
    assert "has no whole constant m; it has n" in capsys.readouterr().out
    without = cell.replace("const n = 3", "var n = 3")
    assert shell.run_cell_magic("go", "-p n=4", without) is None
    assert "write `const n = 5` on a line of its own" in capsys.readouterr().out


def test_a_scenario_is_told_in_go_and_folded_in_python(shell: Any, capsys: Any) -> None:
    run = shell.run_line_magic("go", "first-answer-wins --variant buffer-1 --as one")
    said = capsys.readouterr().out
    assert said.index("func firstAnswer()") < said.index("async def first_answer()")
    assert shell.user_ns["one"] is run and run.leaks[0].at.endswith("buffer-1.go:14")
    assert shell.run_line_magic("go", "collector-steps") is None
    assert "is told in Python only" in capsys.readouterr().out
    assert shell.run_line_magic("go", "") is None
    assert "which one?" in capsys.readouterr().out
    assert shell.run_line_magic("go", "explain first-answer-wins") is None
    assert "The repair" in capsys.readouterr().out
