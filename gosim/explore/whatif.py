"""What if: a run that is known is left at a step, and the two are compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gosim.explore.position import Ending, Position

__all__ = ["Comparison", "compare"]


@dataclass(frozen=True)
class Comparison:
    """Two schedules of one program.

    Attributes
    ----------
    step : int or None
        The first one in which they differ, from 0; None when they do not.
    theirs, mine : str
        What each does there.
    before, after : Position
        How the recorded one ends, and how the other one does.
    """

    step: int | None
    theirs: str
    mine: str
    before: Position
    after: Position

    def rows(self) -> list[tuple[str, str, str]]:
        """Return what is compared: a word, the recorded run's, the other one's."""
        a, b = self.before.ending or Ending("unfinished"), self.after.ending or Ending("unfinished")
        rows = [
            ("outcome", a.outcome, b.outcome),
            ("steps", str(len(self.before.taken)), str(len(self.after.taken))),
            ("output", _lines(self.before.output), _lines(self.after.output)),
            ("left over", _left(a), _left(b)),
        ]
        if a.headline or b.headline:
            rows.append(("stderr", a.headline or "–", b.headline or "–"))
        return rows

    @property
    def same(self) -> bool:
        """They come out the same: outcome, output, who is left."""
        return self.before.ending == self.after.ending and self.before.output == self.after.output

    def to_dict(self) -> dict[str, Any]:
        """Return it as ``play --json`` prints it."""
        return {
            "step": self.step,
            "recorded": self.theirs,
            "yours": self.mine,
            "same": self.same,
            "rows": [list(row) for row in self.rows()],
        }


def compare(before: Position, after: Position) -> Comparison:
    """Compare two ways of one program; both positions have a sentence for each step."""
    step = next(
        (i for i, (a, b) in enumerate(zip(before.taken, after.taken, strict=False)) if a != b), None
    )
    if step is None and len(before.taken) != len(after.taken):
        step = min(len(before.taken), len(after.taken))
    if step is None:
        return Comparison(None, "", "", before, after)
    return Comparison(step, _told(before, step), _told(after, step), before, after)


def _told(position: Position, step: int) -> str:
    if step >= len(position.taken):
        return "is over"
    return position.told[step] or position.taken[step]


def _lines(output: str) -> str:
    return " ⏎ ".join(output.splitlines()) or "–"


def _left(ending: Ending) -> str:
    return "; ".join(ending.left) or "–"
