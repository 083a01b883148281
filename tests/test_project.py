"""What surrounds the code says the same thing everywhere: README, CI, packaging, lint, types."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

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


def test_lint() -> None:
    done = tool("ruff", "check", "--quiet", ".")
    assert done.returncode == 0, done.stdout + done.stderr


def test_types() -> None:
    done = tool("mypy")
    assert done.returncode == 0, done.stdout + done.stderr
