"""What gosim vet says is what the real go vet says, letter by letter."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from golang_vet import RECORDED, programs, real, write

from gosim.cli import main
from gosim.golang.packages import load
from gosim.golang.vet import vet

PROGRAMS = programs()


def ours(path: Path) -> list[str]:
    found = vet(load(str(path), library=True))
    at = f"{path if path.is_dir() else path.parent}{os.sep}"
    return "\n".join(map(str, found)).replace(at, "").splitlines()


@pytest.mark.parametrize("name", PROGRAMS)
def test_findings_are_those_of_go_vet(name: str, tmp_path: Path) -> None:
    write(tmp_path, *PROGRAMS[name])
    assert ours(tmp_path) == json.loads(RECORDED.read_text())[name]


@pytest.mark.skipif("GOSIM_GO_PATH" not in os.environ, reason="asks the real go vet")
@pytest.mark.parametrize("name", ["assignments", "last statements", "lost"])
def test_what_was_recorded_is_what_go_vet_says(name: str, tmp_path: Path) -> None:
    write(tmp_path, *PROGRAMS[name])
    assert sorted(real(str(tmp_path))) == sorted(json.loads(RECORDED.read_text())[name])


SOURCE = """package main

import "sync"

type T struct{ mu sync.Mutex }

func main() {
	var t T
	u := t
	u.mu.Lock()
}
"""
LOCKED = "command-line-arguments.T contains sync.Mutex"
COPIED = f"prog.go:9:7: assignment copies lock value to u: {LOCKED}"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GOSIM_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    (folder / "prog.go").write_text(SOURCE)
    return folder


def test_a_file_alone_is_called_as_the_go_command_calls_it(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["vet", "prog.go"]) == 1
    assert capsys.readouterr().out == COPIED + "\n"
    (here / "prog.go").write_text("package main\n\nfunc main() {}\n")
    assert main(["vet", "./prog.go"]) == 0
    assert capsys.readouterr() == ("", "")


def test_findings_for_programs(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "a_windows.go").write_text("package main\n")
    assert main(["vet", "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert said["left_out"] == [{"file": "a_windows.go", "why": "its name says windows"}]
    assert said["findings"] == [
        {
            "file": "prog.go",
            "line": 9,
            "column": 7,
            "check": "copylocks",
            "message": f"assignment copies lock value to u: {LOCKED}",
        }
    ]


def test_a_program_that_does_not_compile_is_not_looked_at(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "prog.go").write_text("package main\n\nfunc main() { x }\n")
    assert main(["vet", "prog.go"]) == 3
    assert capsys.readouterr() == ("", "prog.go:3:15: undefined: x\n")


def test_a_run_says_it_on_stderr_from_cache_too(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        assert main(["run", "prog.go"]) == 0
        said = capsys.readouterr()
        assert said.err.startswith(f"vet: {COPIED}\n")
        assert "vet" not in said.out
        # Nothing of the compiler is used the second time.
        monkeypatch.setattr("gosim.golang.build.build_and_compile", None)


def test_files_left_out_are_named_until_they_are_not(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "prog.go").write_text("package main\n\nfunc main() {}\n")
    (here / "b.go").write_text(
        '//go:build ignore\n\npackage main\n\nfunc init() { println("b") }\n'
    )
    for _ in range(2):
        assert main(["run", "."]) == 0
        said = capsys.readouterr()
        assert said.err.startswith('left out: b.go: its build constraint is "ignore"\n')
    (here / "b.go").write_text('package main\n\nfunc init() { println("b") }\n')
    assert main(["run", "."]) == 0
    said = capsys.readouterr()
    assert "left out" not in said.err
    assert "b\n" in said.out + said.err


def test_of_many_findings_a_run_shows_the_first(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "prog.go").write_text(SOURCE.replace("\tu := t\n", "\tu := t\n" + "\tu = t\n" * 20))
    assert main(["run", "prog.go"]) == 0
    lines = capsys.readouterr().err.splitlines()
    assert [line[:4] for line in lines].count("vet:") == 11
    assert lines[10] == "vet: 11 more: gosim vet prog.go"


def test_advice_that_fails_is_not_given(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> None:
        raise RecursionError

    monkeypatch.setattr("gosim.golang.build.vet", fail)
    assert main(["run", "prog.go"]) == 0
    assert "vet" not in capsys.readouterr().err


def test_tests_of_a_package(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "prog_test.go").write_text(
        'package main\n\nimport "testing"\n\n'
        "func Test(t *testing.T) {\n\tvar x T\n\ty := x\n\t_ = &y\n}\n"
    )
    said = f"prog_test.go:7:7: assignment copies lock value to y: {LOCKED}\n"
    assert main(["vet"]) == 1
    assert said in capsys.readouterr().out
    assert main(["test"]) == 0
    assert "vet: " + said in capsys.readouterr().err


def test_packages_of_a_module(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A function of another package that never returns is known."""
    (here / "go.mod").write_text("module example.com/m\n\ngo 1.27\n")
    (here / "die").mkdir()
    (here / "die" / "die.go").write_text(
        'package die\n\nimport "os"\n\nfunc Now() { os.Exit(1) }\n\nfunc Maybe() {}\n'
    )
    text = (
        'package main\n\nimport (\n\t"context"\n\n\t"example.com/m/die"\n)\n\n'
        "func f(x int) {\n\t_, cancel := context.WithCancel(context.Background())\n"
        "\tif x > 1 {\n\t\tdie.Now()\n\t} else {\n\t\tcancel()\n\t}\n}\n\nfunc main() { f(1) }\n"
    )
    (here / "prog.go").write_text(text)
    assert main(["vet", "."]) == 0
    assert capsys.readouterr().out == ""
    (here / "prog.go").write_text(text.replace("Now", "Maybe"))
    assert main(["vet", "."]) == 1
    assert capsys.readouterr().out == (
        "prog.go:10:2: the cancel function is not used on all paths (possible context leak)\n"
        "prog.go:16:1: this return statement may be reached without using the cancel var defined "
        "on line 10\n"
    )
