"""Programs of statements, deferred calls and goroutines do what they do under real Go 1.27.

``golang/programs.json`` has what each printed there at GOMAXPROCS=1, with its exit code; stacks are
compared too, function by function and line by line, without the calls inside Go's own packages. It
was recorded with ``python tests/test_golang_program_recorded.py GO``.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from gosim.golang.program import GoProgram
from gosim.leaks.run import execute

FOLDER = Path(__file__).parent / "golang" / "programs"
RECORD = FOLDER.with_suffix(".json")
PROGRAMS = sorted(p.stem for p in FOLDER.glob("*.go"))
#: Programs of modules with ``go 1.21``, whose loops have one variable for all turns.
OLD = FOLDER.with_name("programs_1_21")
OLD_PROGRAMS = sorted(p.stem for p in OLD.glob("*.go"))
#: Modules of several packages.
MODULES = FOLDER.with_name("modules")
MODULE_NAMES = sorted(p.name for p in MODULES.iterdir())


def without_library(stderr: str) -> str:
    """Leave out of a stack what differs: addresses, arguments, Go's own packages."""
    kept: list[str] = []
    hidden = False
    for line in stderr.splitlines():
        if line.startswith("\t/") or (line.startswith("\t") and ".go:" in line):
            if not hidden:
                kept.append("\t" + re.sub(r" \+0x.*", "", line.split("/")[-1]).strip())
            continue
        call = re.match(r"([\w./*()\[\]…-]+?)\((?:[^()]|\{.*\})*\)$", line)
        hidden = bool(
            re.match(r"(sync|internal|runtime|time|os|fmt)[./].*\(", line)
            or line.startswith("panic(")
        )
        if not hidden:
            line = re.sub(r"0xc[0-9a-f]+|pc=0x[0-9a-f]+|addr=0x[0-9a-f]+", "0x", line)
            kept.append(call[1] if call is not None else line)
    return "\n".join(kept)


def shortened(stderr: str) -> str:
    """The beginning of a stack overflow, whose stack Go prints in part."""
    return stderr if "stack overflow" not in stderr else stderr.split("\n")[0]


@pytest.mark.parametrize("name", PROGRAMS)
def test_does_what_it_does_in_go(name: str) -> None:
    want = json.loads(RECORD.read_text("utf-8"))[name]
    run = execute(GoProgram(str(FOLDER / f"{name}.go"), cache=False))
    assert run.stdout.splitlines() == want["stdout"].splitlines()
    assert run.stdout == want["stdout"]
    ours = without_library(shortened(run.stderr))
    assert ours.splitlines() == want["stderr"].splitlines()
    assert run.exit_code == want["exit"]


@pytest.mark.parametrize("name", OLD_PROGRAMS)
def test_the_language_version_is_that_of_go_mod(name: str, tmp_path: Path) -> None:
    (tmp_path / "go.mod").write_text("module old\n\ngo 1.21\n")
    (tmp_path / "main.go").write_bytes((OLD / f"{name}.go").read_bytes())
    want = json.loads(RECORD.read_text("utf-8"))[f"1.21 {name}"]
    program = GoProgram(str(tmp_path), cache=False)
    assert program.go_line == "1.21"
    assert execute(program, go_line="1.21").stdout == want["stdout"]
    newer = GoProgram(str(tmp_path), go_line="1.27", cache=False)
    assert execute(newer).stdout != want["stdout"]


@pytest.mark.parametrize("name", MODULE_NAMES)
def test_packages_of_a_module_belong_together(name: str) -> None:
    want = json.loads(RECORD.read_text("utf-8"))[f"module {name}"]
    found = execute(GoProgram(str(MODULES / name), cache=False))
    assert found.stdout.splitlines() == want["stdout"].splitlines()
    assert found.exit_code == want["exit"]


def record(go: str) -> None:
    """Run every program with real Go."""
    env = {**os.environ, "GOMAXPROCS": "1", "GOTOOLCHAIN": "local"}
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in PROGRAMS:
            exe = os.path.join(folder, name)
            source = str(FOLDER / f"{name}.go")
            subprocess.run([go, "build", "-o", exe, source], env=env, check=True)
            done = subprocess.run([exe], env=env, capture_output=True, check=False, timeout=60)
            found[name] = {
                "exit": done.returncode,
                "stdout": done.stdout.decode("utf-8", "surrogateescape"),
                "stderr": without_library(shortened(done.stderr.decode())),
            }
        for name in OLD_PROGRAMS:
            Path(folder, "go.mod").write_text("module old\n\ngo 1.21\n")
            Path(folder, "main.go").write_bytes((OLD / f"{name}.go").read_bytes())
            done = subprocess.run(
                [go, "run", "."], cwd=folder, env=env, capture_output=True, check=True, timeout=120
            )
            found[f"1.21 {name}"] = {"stdout": done.stdout.decode()}
    for name in MODULE_NAMES:
        done = subprocess.run(
            [go, "run", "."],
            cwd=MODULES / name,
            env=env,
            capture_output=True,
            check=False,
            timeout=120,
        )
        found[f"module {name}"] = {"exit": done.returncode, "stdout": done.stdout.decode()}
    RECORD.write_text(json.dumps(found, indent=1, ensure_ascii=True) + "\n", "utf-8")


if __name__ == "__main__":
    record(sys.argv[1])
