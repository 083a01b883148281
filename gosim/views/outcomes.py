"""The outcomes of an exploration as one bar: how many schedules end how."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from gosim.views.exploration import percent, seen, share
from gosim.views.metrics import cut, text_width
from gosim.views.palette import STATES
from gosim.views.sheet import Rect, Sheet, Text
from gosim.views.text import plural

if TYPE_CHECKING:
    from gosim.explore.exploration import Case, Exploration

__all__ = ["LOOKS", "Look", "sheet", "words"]


class Look(NamedTuple):
    """How a kind of outcome looks.

    Attributes
    ----------
    state : str
        Whose colours: a name of `gosim.views.palette.STATES`.
    hatch : str
    word : str
        For the legend.
    """

    state: str
    hatch: str
    word: str


LOOKS: Final = {
    "ok": Look("select", "", "ends well"),
    "exit": Look("running", "", "ends by exit"),
    "leak": Look("permanent", ".", "leaks"),
    "deadlock": Look("lock", "|", "deadlocks"),
    "panic": Look("unproven", "/", "panics"),
    "fatal": Look("wait", "+", "dies of a fatal error"),
    "limit": Look("runnable", "-", "does not end"),
}
"""Kinds of outcomes, in the order of the bar."""

_WIDTH: Final = 720.0
_EDGE: Final = 10.0
_BAR: Final = 26.0
_LEAST: Final = 3.0


def sheet(exploration: Exploration) -> Sheet:
    """Return the bar, a piece for each distinct outcome, and a legend.

    Pieces are as long as their outcome is frequent, but so long at least that they can be seen.
    """
    cases = sorted(exploration.cases, key=lambda case: list(LOOKS).index(case.outcome.kind))
    made = Sheet(_WIDTH, 0, title=exploration.verdict(), description=words(exploration))
    if not cases:
        made.height = 24.0
        made.add(Text(_EDGE, 16, "no schedule has ended", color="muted"))
        return made
    x, y = _EDGE, 10.0
    for case, length in zip(cases, _lengths(cases, exploration), strict=True):
        look = LOOKS[case.outcome.kind]
        state = STATES[look.state]
        tip = f"{plural(case.schedules, 'schedule')}: {look.word}"
        if left := seen(case):
            tip += f"; {'; '.join(left)}"
        made.add(
            Rect(
                x,
                y,
                length,
                _BAR,
                fill=state.color,
                stroke="paper",
                thickness=1.2,
                hatch=look.hatch,
                hatch_color=state.hatch_color,
                tip=tip,
            )
        )
        number = str(case.schedules)
        if text_width(number, 8.5) + 4 <= length:
            made.add(
                Text(x + length / 2, y + _BAR + 11, number, 8.5, color="muted", anchor="middle")
            )
        x += length
    _legend(made, exploration, y + _BAR + 32)
    return made


def _lengths(cases: list[Case], exploration: Exploration) -> list[float]:
    """Return how long each piece is; together they fill the bar."""
    room = _WIDTH - 2 * _EDGE
    least = min(_LEAST, room / len(cases))
    parts = [share(case.schedules, exploration) for case in cases]
    free = room - least * len(cases)
    return [least + free * part / sum(parts) for part in parts]


def _legend(made: Sheet, exploration: Exploration, y: float) -> None:
    x = _EDGE
    outcomes = exploration.outcomes
    for kind, look in LOOKS.items():
        if kind not in outcomes:
            continue
        state = STATES[look.state]
        n = outcomes[kind]
        distinct = sum(case.outcome.kind == kind for case in exploration.cases)
        text = f"{look.word}: {n} of {exploration.schedules}"
        text += f" ({percent(n / max(1, exploration.schedules))}"
        text += f", {distinct} different outcomes)" if distinct > 1 else ")"
        text = cut(text, _WIDTH - 3 * _EDGE - 16, 9.5)
        length = 20 + text_width(text, 9.5) + 22
        if x > _EDGE and x + length - 22 > _WIDTH - _EDGE:
            x, y = _EDGE, y + 18
        made.add(
            Rect(
                x,
                y - 10,
                14,
                12,
                fill=state.color,
                stroke=state.border,
                hatch=look.hatch,
                hatch_color=state.hatch_color,
            ),
            Text(x + 20, y, text, 9.5),
        )
        x += length
    made.height = y + 12


def words(exploration: Exploration) -> str:
    """Return the bar in words."""
    parts = [
        f"{LOOKS[case.outcome.kind].word} in {case.schedules} of "
        f"{plural(exploration.schedules, 'schedule')}"
        + (f" ({'; '.join(left)})" if (left := seen(case)) else "")
        for case in exploration.cases
    ]
    return ". ".join([exploration.verdict(), *parts])
