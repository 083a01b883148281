"""What surrounds the code says the same thing everywhere: README, CI, packaging, lint, types."""

from __future__ import annotations

import ast
import importlib.util
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import gosim
from gosim.cli import main

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def tool(*command: str) -> subprocess.CompletedProcess[str]:
    """Run a tool of this Python environment on the repository."""
    if importlib.util.find_spec(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed: pip install -e '.[dev]'")
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )


def commands_of_the_readme() -> list[str]:
    """The lines that set up a virtual environment: one runs, one tests."""
    return [line for line in README.splitlines() if line.startswith("python3 -m venv ")]


def test_the_readme_has_one_line_to_run_and_one_line_to_test() -> None:
    run, test = commands_of_the_readme()
    assert "run first-answer-wins --graph first-answer-wins.png" in run
    assert "pytest" in test


def test_ci_runs_the_test_command_of_the_readme_to_the_letter() -> None:
    _, test = commands_of_the_readme()
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert f"\n{test} </dev/null" in script
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_the_pictures_and_pages_that_the_documents_link_to_exist() -> None:
    missing = []
    for page in [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]:
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8")):
            if "://" not in target and not (page.parent / target).exists():
                missing.append(f"{page.relative_to(ROOT)} → {target}")
    assert not missing


def test_version_and_changelog_agree() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"\n## {PROJECT['project']['version']}" in changelog


def names_for_type_checkers() -> dict[str, str]:
    """What ``if TYPE_CHECKING:`` of the package imports: name, and the module it comes from."""
    tree = ast.parse((ROOT / "gosim" / "__init__.py").read_text(encoding="utf-8"))
    return {
        alias.name: str(node.module)
        for block in tree.body
        if isinstance(block, ast.If)
        for node in block.body
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("gosim")
        for alias in node.names
        if alias.asname == alias.name  # `import x as x` is what makes it public there
    }


def test_type_checkers_and_dir_see_all_the_names_that_the_package_has() -> None:
    packages = dict.fromkeys(gosim._PACKAGES, "gosim.std")
    # These can be called, and their modules can be imported.
    rooms = {"explore": "gosim.doors", "diagnose": "gosim.diagnose.diagnosis"}
    assert names_for_type_checkers() == {**gosim._HOMES, **packages, **rooms}
    assert set(dir(gosim)) == {*gosim.__all__, "__version__"}
    for name in dir(gosim):
        assert getattr(gosim, name) is not None


@pytest.mark.parametrize(
    ("written", "meant"), [("make_slise", "make_slice"), ("goo", "go"), ("String", "string")]
)
def test_a_mistyped_name_of_the_package_suggests_the_right_one(written: str, meant: str) -> None:
    with pytest.raises(AttributeError, match=rf"^gosim has no '{written}'; did you mean {meant}.$"):
        getattr(gosim, written)


def test_a_name_like_no_other_has_no_suggestion() -> None:
    assert not hasattr(gosim, "qqqqq")
    with pytest.raises(AttributeError, match=r"^gosim has no 'qqqqq'$"):
        gosim.qqqqq


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("import gosim as gs\nasync def main():\n    gs.make_slise(int, 3)\n", 2),
        ("from gosim import make_slise\nasync def main():\n    make_slise(int, 3)\n", 3),
    ],
    ids=["attribute", "import"],
)
def test_a_program_with_a_mistyped_name_hears_the_right_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], body: str, code: int
) -> None:
    (tmp_path / "typo.py").write_text(body)
    assert main(["run", str(tmp_path / "typo.py")]) == code
    said = capsys.readouterr().err
    assert "did you mean make_slice?" in said and "report it" not in said


def test_lint() -> None:
    done = tool("ruff", "check", "--quiet", ".")
    assert done.returncode == 0, done.stdout + done.stderr


def test_types() -> None:
    done = tool("mypy")
    assert done.returncode == 0, done.stdout + done.stderr
