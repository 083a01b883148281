"""Every command and program of the README and of docs/memory.md works as it stands there."""

from __future__ import annotations

import inspect
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import gosim as gs
from gosim.cli import main
from gosim.memory.collector import OVERWRITTEN, REFERENCE, RESCANNED, WRITTEN
from gosim.memory.collector import ROOT as ROOT_SET
from gosim.oracle.toolchain import find_toolchain

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
TOUR = README[README.index("## Five minutes") : README.index("## Honest limits")]
COMMANDS = [line.partition("#")[0].strip() for line in TOUR.splitlines() if line[:6] == "gosim "]
PROGRAMS = re.findall(r"```python\n(.*?)```", TOUR, re.DOTALL)
#: Programs in Go by their files, which the first lines name.
GO_PROGRAMS = {
    text.partition("\n")[0].removeprefix("// "): text
    for text in re.findall(r"```go\n(.*?)```", TOUR, re.DOTALL)
}
QUEUE = ROOT / "tests" / "golang_testing" / "queue"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with the README's own programs in it, and a package with tests."""
    monkeypatch.chdir(tmp_path)
    for name, text in GO_PROGRAMS.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "queue").mkdir()
    for name in ("go.mod", "queue.go", "x_test.go"):
        (tmp_path / "queue" / name).write_text((QUEUE / name).read_text())
    (tmp_path / "three.py").write_text(PROGRAMS[0])
    for name, dump in (("before.txt", "first.txt"), ("after.txt", "later.txt")):
        (tmp_path / name).write_text((ROOT / "notebooks" / "mystery" / dump).read_text())
    return tmp_path


def given_out(folder: Path) -> None:
    """What a student has got, and what the teacher gets back."""
    for place in ("work", "submissions/ann"):
        assert main(["handout", "ticket-office", "--out", str(folder / place)]) == 0
    for file in ("README.md", "starter.py"):
        (folder / "submissions" / "ann" / file).unlink()


def test_the_tour_is_there() -> None:
    assert len(COMMANDS) >= 8 and len(PROGRAMS) == 2


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_tour_works(
    folder: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if ".go --runs" in command and find_toolchain("1.27") is None:
        pytest.skip("no Go 1.27 here")
    if command.startswith(("gosim check", "gosim grade")):
        given_out(folder)
        capsys.readouterr()
    # The starter of an assignment is there to be repaired.
    assert main(shlex.split(command)[1:]) == command.startswith("gosim check")
    said = capsys.readouterr()
    if command.startswith("gosim vet"):
        assert not said.out and not said.err  # it has nothing to say
        return
    assert said.out and "gosim:" not in said.err


def test_the_tour_shows_what_its_comments_promise(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def outcome(*arguments: str) -> str:
        assert main(["run", *arguments]) == 0
        return capsys.readouterr().out

    assert "leak: 499 goroutines" in outcome("first-answer-wins", "-p", "n=500")
    assert "leak: 1 goroutine is" in outcome("first-answer-wins", "--variant", "buffer-1")
    assert "ok: nothing is left" in outcome("first-answer-wins", "--fixed")
    assert "leak: " in outcome("ticker-never-stopped", "--go", "1.22")
    assert "ok: " in outcome("ticker-never-stopped")
    assert "leak: 2 goroutines" in outcome("three.py")
    assert "leak: 2 goroutines" in outcome("leak.go")
    assert "40 MiB kept for good" in outcome("substring-keeps-string", "--memory", "memory.svg")
    assert (folder / "memory.svg").read_text(encoding="utf-8").count("heap in use") >= 2


def test_the_tour_shows_what_an_exploration_prints(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    (shown,) = re.findall(r"```text\n(.*?)```", TOUR, re.DOTALL)
    assert main(["explore", "maybe.go"]) == 0
    assert capsys.readouterr().out.strip() == shown.strip()
    token = re.findall(r"--replay (\S+)", shown)[0]
    assert main(["run", "maybe.go", "--replay", token]) == 0
    assert "leak: 1 goroutine is stuck for good" in capsys.readouterr().out
    assert main(["explore", "cond-signal-missed", "--fixed"]) == 0
    assert "\nnever leaks, deadlocks or panics in " in capsys.readouterr().out


def test_the_program_that_uses_the_package_runs(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAMS[1]],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "2 goroutines (main.ask) wait" in done.stdout
    verdict = re.findall(r"verdict\(\)\)  # (.*)", PROGRAMS[1])[0]
    assert done.stdout.splitlines()[-1] == verdict


def test_the_picture_is_the_one_the_tool_draws_now(tmp_path: Path) -> None:
    name = re.findall(r"!\[[^]]*\]\((docs/[^)]+)\)", README)[0]
    drawn = tmp_path / "now.png"
    assert main(["run", "first-answer-wins", "--graph", str(drawn)]) == 0
    # Rasterising differs between versions of matplotlib by a pixel's shade; the size does not.
    assert (ROOT / name).read_bytes()[16:24] == drawn.read_bytes()[16:24]


def test_the_lesson_in_the_contracts_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (ROOT / "docs" / "contracts.md").read_text(encoding="utf-8")
    (lesson,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    Path("letter.py").write_text(lesson)
    assert main(["run", "letter.py"]) == 0
    assert "leak: 1 goroutine is stuck for good" in capsys.readouterr().out
    assert main(["run", "letter.py", "--fixed"]) == 0
    assert "ok: nothing is left behind" in capsys.readouterr().out
    assert main(["explain", "letter.py"]) == 0
    assert capsys.readouterr().out.startswith("Who reads the letter?\n")


# -- docs/memory.md --------------------------------------------------------------------------------

MEMORY = (ROOT / "docs" / "memory.md").read_text(encoding="utf-8")
#: Each program of the page: its file, its text, and what it prints ("" where the page is silent).
MEMORY_PROGRAMS = [
    (match[1], match[0], match[2] or "")
    for match in re.finditer(
        r"```python\n(?P<text># (?P<file>\w+\.py)\n.*?)```(?:\n\n```text\n(?P<out>.*?)```)?",
        MEMORY,
        re.DOTALL,
    )
    for match in [(match["text"], match["file"], match["out"])]
]


def lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.splitlines()]


def test_no_program_of_the_memory_page_is_left_out() -> None:
    assert len(MEMORY_PROGRAMS) == MEMORY.count("```python") >= 7
    assert sum(bool(out) for _, _, out in MEMORY_PROGRAMS) == MEMORY.count("```text") >= 5


@pytest.mark.parametrize(
    ("file", "text", "out"), MEMORY_PROGRAMS, ids=[name for name, _, _ in MEMORY_PROGRAMS]
)
def test_a_program_of_the_memory_page_prints_what_stands_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, text: str, out: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, body, _ in MEMORY_PROGRAMS:
        Path(name).write_text(body)
    if "gs.run(" in text:
        done = subprocess.run(
            [sys.executable, file],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        assert lines(done.stdout) == lines(out)
        return
    run = gs.run(file)
    assert run.exit_code == 0, run.stderr
    if out:
        assert lines(run.stdout) == lines(out)


def test_the_first_program_of_the_memory_page_leaks_and_its_picture_has_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    name, body, _ = MEMORY_PROGRAMS[0]
    Path(name).write_text(body)
    commands = re.findall(r"^gosim (run ids\.py.*?)(?:  +#.*)?$", MEMORY, re.MULTILINE)
    assert len(commands) == 3
    said = []
    for command in commands:
        assert main(shlex.split(command)) == 0
        said.append(capsys.readouterr().out)
    assert "leak: 40 MiB kept for good that nobody sees" in said[0]
    assert "`strings.clone(ids[39])`" in said[0]
    assert "ok: nothing is left behind" in said[1]
    assert "leak: " in said[2] and "Go 1.22" in said[2]
    picture = Path("ids.svg").read_text(encoding="utf-8")
    labels = re.findall(r"<text[^>]*>(.*?)</text>", picture)
    for words in ("RSS, what top shows", "goal of the next GC", "heap in use"):
        assert sum(words in label for label in labels) == 2, words  # the repair stands beside it
    assert "Who holds what when main returns" in labels


CONTRACTS = (ROOT / "docs" / "contracts.md").read_text(encoding="utf-8")


def test_the_json_of_a_run_with_memory_has_the_fields_that_the_contract_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    name, body, _ = MEMORY_PROGRAMS[0]
    Path(name).write_text(body)
    run = gs.run(name).to_dict()
    examples = [
        json.loads(example)
        for block in re.findall(r"```json\n(.*?)```", CONTRACTS, re.DOTALL)
        for example in re.split(r"\n(?=\{)", block.strip())
        if "|" not in example and "0.0" not in example
    ]

    def example(**fields: object) -> dict[str, object]:
        found = [e for e in examples if isinstance(e, dict) and fields.items() <= e.items()]
        assert len(found) == 1, fields
        return found[0]

    whole = example(schema="gosim.run/1")
    assert set(run) == set(whole)
    assert set(run["memory"]) == set(whole["memory"])  # type: ignore[call-overload]
    (leak,) = run["leaks"]
    assert set(leak) == set(example(kind="memory"))
    (pinned,) = run["memory"]["pinned"]
    told = example(kind="string")
    assert set(pinned) == set(told)
    for field in ("count", "bytes", "seen", "hidden", "out_of_reach", "behind", "path", "holder"):
        assert pinned[field] == told[field]
    assert pinned["seen"] + pinned["hidden"] + pinned["out_of_reach"] == pinned["bytes"]
    assert set(run["memory"]["retained"][0]) == set(example(kind="global"))
    for field in pinned:
        assert f"`{field}`" in CONTRACTS, field


def test_observers_hear_of_the_collector_what_the_contract_names() -> None:
    table = CONTRACTS[CONTRACTS.index("## Observers") : CONTRACTS.index("## Lessons of your own")]
    named = {
        match[1]: match[2].split(", ")
        for match in re.finditer(r"^\| `(gc_\w+)\((.*?)\)`", table, re.M)
    }
    assert named == {
        method: list(inspect.signature(getattr(gs.Observer, method)).parameters)[1:]
        for method in dir(gs.Observer)
        if method.startswith("gc_")
    }
    for why in (ROOT_SET, REFERENCE, OVERWRITTEN, WRITTEN, RESCANNED):
        assert f"`{why}`" in table
