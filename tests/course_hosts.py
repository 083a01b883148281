"""Install the tools that grade notebooks, each in an environment of its own.

``python -m tests.course_hosts [nbgrader|otter ...]``

They go to ``GOSIM_HOSTS``, or ``gosim-hosts`` in the folder for temporary files, with this gosim as
a wheel. What is already there stays, except gosim, which is installed again. Then

``python -m pytest tests/test_course_hosts.py``

runs an assignment through each of them; where they cannot be installed the tests skip and say so.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import venv
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = {
    "nbgrader": ["nbgrader==0.9.6"],
    "otter": ["otter-grader==7.0.0", "ipykernel"],
}


def place() -> Path:
    """Where the environments are."""
    return Path(os.environ.get("GOSIM_HOSTS") or Path(tempfile.gettempdir(), "gosim-hosts"))


@cache
def installed(name: str) -> Path:
    """Return the folder with a host's programs.

    Raises
    ------
    subprocess.CalledProcessError
        When pip cannot install it; its ``stderr`` says why.
    """
    folder = place() / name
    bin_ = folder / ("Scripts" if os.name == "nt" else "bin")
    pip = [str(bin_ / "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    if not (folder / "complete").exists():
        venv.create(folder, with_pip=True, clear=True)
        _run([*pip, *PACKAGES[name], str(ROOT)])
        (folder / "complete").touch()
    _run([*pip, "--no-deps", "--force-reinstall", str(ROOT)])
    return bin_


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, capture_output=True, text=True, timeout=1200)


if __name__ == "__main__":
    for wanted in sys.argv[1:] or PACKAGES:
        print(f"{wanted}: {installed(wanted)}")
