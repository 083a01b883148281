"""What is told apart when schedules are compared: how each one ends."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from gosim.leaks.run import Run

__all__ = ["Left", "Outcome", "Output"]

Output = Literal["ordered", "unordered"]


class Left(NamedTuple):
    """Goroutines that are left over in one place.

    Attributes
    ----------
    function, wait_reason, at : str
    verdict : str
        As in the run's leaks; empty for one that was to be ignored.
    number : int
    """

    function: str
    wait_reason: str
    at: str
    verdict: str
    number: int


class Outcome(NamedTuple):
    """How an execution ended.

    Attributes
    ----------
    kind : str
        The outcome of the run.
    exit_code : int or None
    output : str
        Stdout; its lines sorted where their order does not count.
    error : str
        The first line of stderr: what ended the process, or what it wrote there first.
    after : str
        The first line of the panic that came after main had returned.
    left : tuple of Left
        Who is left over.
    kept : tuple of (str, str)
        Findings about memory: place and verdict.
    """

    kind: str
    exit_code: int | None
    output: str
    error: str
    after: str
    left: tuple[Left, ...]
    kept: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, run: Run, output: Output = "ordered") -> Outcome:
        """Return the outcome of a run."""
        text = run.stdout
        if output == "unordered":
            text = "".join(sorted(text.splitlines(keepends=True)))
        died = run.outcome in ("panic", "fatal", "exit")  # then nobody is left
        alive = () if died else run.goroutines
        left = Counter((g.function, g.wait_reason, g.at, g.leak or "") for g in alive)
        return cls(
            run.outcome,
            run.exit_code,
            text,
            _first_line(run.stderr),
            _first_line(run.after_main.panic or ""),
            tuple(Left(*what, n) for what, n in sorted(left.items())),
            tuple(sorted((leak.at, leak.verdict) for leak in run.timers)),
        )


def _first_line(text: str) -> str:
    return text.partition("\n")[0]
