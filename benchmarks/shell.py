"""What a person waits for at the shell: time on the wall, from the start of the process."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Wait:
    """One command: the median of its times on the wall, and what is asked of it, in seconds."""

    command: str
    seconds: float
    at_most: float | None = None
    why: str = ""

    @property
    def kept(self) -> bool:
        return self.at_most is None or self.seconds <= self.at_most


#: Seconds from the shell for a small lesson, text only.
RUN_AT_MOST = 0.25
#: ``--help`` against the bare interpreter.
HELP_AT_MOST = 3


def seconds(arguments: list[str], rounds: int) -> float:
    """Return the median time of ``python ARGUMENTS``; one start before that fills the caches."""
    times = []
    for turn in range(rounds + 1):
        start = time.perf_counter()
        subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env={k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
        )
        if turn:
            times.append(time.perf_counter() - start)
    return statistics.median(times)


def measure(rounds: int) -> list[Wait]:
    bare = seconds(["-c", "pass"], rounds)
    return [
        Wait("python -c pass", bare),
        Wait(
            "python -m gosim --help",
            seconds(["-m", "gosim", "--help"], rounds),
            HELP_AT_MOST * bare,
            f"{HELP_AT_MOST} × the bare interpreter",
        ),
        Wait(
            "python -m gosim run first-answer-wins",
            seconds(["-m", "gosim", "run", "first-answer-wins"], rounds),
            RUN_AT_MOST,
        ),
    ]


def as_markdown(waits: list[Wait]) -> str:
    """The table, readable in a terminal too."""
    rows = ["| command | time on the wall | at most | |", "|---|---:|---:|---|"]
    for wait in waits:
        bound = "–" if wait.at_most is None else f"{wait.at_most * 1000:.0f} ms"
        if wait.why:
            bound += f" ({wait.why})"
        verdict = "" if wait.at_most is None else "kept" if wait.kept else "missed"
        rows.append(f"| `{wait.command}` | {wait.seconds * 1000:.0f} ms | {bound} | {verdict} |")
    return "\n".join(rows)
