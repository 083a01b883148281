"""What was compiled is kept, and used as long as nothing that it was made of has changed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gosim.golang.program import GoProgram
from gosim.leaks.run import execute

SOURCE = 'package main\n\nimport "fmt"\n\nfunc main() { fmt.Println("one") }\n'


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("GOSIM_CACHE", str(folder))
    return folder


def output(path: Path, **options: str) -> str:
    return execute(GoProgram(str(path), **options)).stdout  # type: ignore[arg-type]


def test_a_change_of_the_file_is_seen(tmp_path: Path) -> None:
    file = tmp_path / "prog.go"
    file.write_text(SOURCE)
    assert output(file) == "one\n"
    file.write_text(SOURCE.replace("one", "two"))
    assert output(file) == "two\n"


def test_a_new_file_in_a_folder_is_seen(tmp_path: Path) -> None:
    folder = tmp_path / "prog"
    folder.mkdir()
    (folder / "main.go").write_text(SOURCE)
    assert output(folder) == "one\n"
    text = 'package main\n\nimport "fmt"\n\nfunc init() { fmt.Println("init") }\n'
    (folder / "other.go").write_text(text)
    assert output(folder) == "init\none\n"


def test_a_change_of_go_mod_is_seen(tmp_path: Path) -> None:
    (tmp_path / "go.mod").write_text("module m\n\ngo 1.27\n")
    file = tmp_path / "prog.go"
    file.write_text(
        "package main\n\nfunc main() {\n\tvar fs []func()\n"
        "\tfor i := 0; i < 2; i++ {\n\t\tfs = append(fs, func() { println(i) })\n\t}\n"
        "\tfor _, f := range fs {\n\t\tf()\n\t}\n}\n"
    )
    assert execute(GoProgram(str(file))).stderr == "0\n1\n"
    (tmp_path / "go.mod").write_text("module m\n\ngo 1.21\n")
    assert execute(GoProgram(str(file))).stderr == "2\n2\n"


def test_a_damaged_entry_is_made_anew(tmp_path: Path, cache: Path) -> None:
    file = tmp_path / "prog.go"
    file.write_text(SOURCE)
    assert output(file) == "one\n"
    for entry in cache.iterdir():
        entry.write_bytes(b"junk")
    assert output(file) == "one\n"


def test_a_folder_that_cannot_be_written_is_no_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "prog.go"
    file.write_text(SOURCE)
    monkeypatch.setenv("GOSIM_CACHE", str(file / "below"))
    assert output(file) == "one\n"


def test_from_the_cache_neither_parser_nor_checker_is_loaded(tmp_path: Path) -> None:
    file = tmp_path / "prog.go"
    file.write_text(SOURCE)
    script = (
        "import sys\n"
        "from gosim.golang.program import GoProgram\n"
        "from gosim.leaks.run import execute\n"
        f"print(execute(GoProgram({str(file)!r})).stdout, end='')\n"
        "loaded = [m for m in sys.modules if m.startswith('gosim.golang')]\n"
        "bad = ('parser', 'types', 'compile', 'packages')\n"
        "print([m for m in loaded if m.split('.')[2:3] and m.split('.')[2] in bad])\n"
    )
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    texts = [
        subprocess.run(
            [sys.executable, "-c", script], env=env, capture_output=True, text=True, check=True
        ).stdout
        for _ in range(2)
    ]
    assert texts[0].startswith("one\n") and "gosim.golang.parser" in texts[0]
    assert texts[1] == "one\n[]\n"
