"""A game as one page of HTML: all positions of a small program, to be played without gosim.

The page holds the whole graph of positions; its script only walks on it.  Nothing is loaded.
"""

from __future__ import annotations

import html
import json
import linecache
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from gosim.explore.atlas import MOST, Atlas, TooLarge, atlas
from gosim.runtime.errors import UsageError
from gosim.views.play import ENDINGS, GOALS
from gosim.views.report import document
from gosim.views.text import plural

if TYPE_CHECKING:
    from gosim.explore.position import Position
    from gosim.explore.search import Trial

__all__ = ["Sheet", "frame", "page", "save"]

_SMALLER: Final = (
    "play it in the terminal (gosim play without --html), or make it smaller: fewer goroutines or "
    "turns (-p n=2 for a scenario), --timers late, or a later start (--from TOKEN)"
)


@dataclass(frozen=True)
class Sheet:
    """What stands on the page beside the positions.

    Attributes
    ----------
    title, text : str
        What is played, and what the player is told.
    goal : str
        An outcome; empty if there is none.
    named : str
        The program as it stands behind ``gosim run``.
    again : str
        What stands behind ``gosim play``; left out, the same.
    asks : bool
        Perhaps it cannot be done.
    hints : sequence of str
    texts : mapping
        Lines of files whose text is not the one on disk.
    way : Position or None
        Where a recorded way leads, which is taken when the page is opened.
    """

    title: str
    text: str = ""
    goal: str = ""
    named: str = ""
    again: str = ""
    asks: bool = False
    hints: Sequence[str] = ()
    texts: Mapping[str, Sequence[str]] | None = None
    way: Position | None = None


def save(
    path: str | os.PathLike[str],
    trial: Trial,
    sheet: Sheet,
    most: int = MOST,
    progress: Callable[[int], Any] | None = None,
) -> str:
    """Write the page into a file; return what is in it, in words.

    `progress` is told how many positions there are so far.

    Raises
    ------
    UsageError
        When the program has too many positions for a page.
    """
    found = surveyed(trial, most, progress)
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(page(found, sheet))
    ends = sum(found.outcomes.values())
    many = f"{plural(len(found.places), 'position')}, {plural(ends, 'schedule')} that differ"
    return many if sheet.asks else f"{many}: {_kinds(found)}"


def _kinds(found: Atlas) -> str:
    """Return how many schedules there are of each outcome."""
    return ", ".join(f"{n} × {kind}" for kind, n in sorted(found.outcomes.items()))


def surveyed(trial: Trial, most: int = MOST, progress: Callable[[int], Any] | None = None) -> Atlas:
    """Return all positions.

    Raises
    ------
    UsageError
        When there are too many of them, or they have no end.
    """
    try:
        return atlas(trial, most, progress=progress)
    except TooLarge as error:
        raise UsageError(
            f"{trial.program.name} has {error}, which is too much for one page; {_SMALLER}"
        ) from None


def page(found: Atlas, sheet: Sheet) -> str:
    """Return the page."""
    return document(
        f"{sheet.title} · you are the scheduler · gosim", fragment(found, sheet), _beside("css")
    )


def frame(found: Atlas, sheet: Sheet, height: int = 900) -> str:
    """Return the page as a frame for a notebook."""
    inner = html.escape(page(found, sheet), quote=True)
    return (
        f'<iframe srcdoc="{inner}" sandbox="allow-scripts" title="{html.escape(sheet.title)}" '
        f'style="width:100%;height:{height}px;border:1px solid #8884;border-radius:6px"></iframe>'
    )


def fragment(found: Atlas, sheet: Sheet) -> str:
    """Return what stands in the page's body."""
    data = json.dumps(_data(found, sheet), ensure_ascii=False, separators=(",", ":"))
    data = data.replace("</", "<\\/")  # the element must not end early
    goal = GOALS.get(sheet.goal, "")
    if goal and sheet.asks:
        goal += " Or show that nobody can."
    first = found.places[found.start].position
    return "\n".join(
        [
            '<div class="gosim-play">',
            f"<h1>{html.escape(sheet.title)}</h1>",
            f'<p class="sub">You are the scheduler. {html.escape(sheet.text)}</p>',
            f'<p class="goal"><b>Goal</b> {html.escape(goal)}</p>' if goal else "",
            '<div class="end" role="status" aria-live="polite" hidden></div>',
            '<div class="cols"><div class="now">',
            '<h2 class="what">What comes next?</h2><ol class="choices"></ol>',
            '<p class="bar no-print"></p><p class="said" role="status"></p>',
            '<h2>Who waits for whom</h2><div class="map"></div><p class="circle"></p>',
            _LEGEND,
            '<div class="pair"></div></div>',
            '<div class="seen"><h2>Where they stand</h2><div class="src"></div>',
            '<h2>Printed so far</h2><pre class="out"></pre>',
            '<h2>Your steps</h2><ol class="story"></ol></div></div>',
            "<noscript><p>This page needs its script to be played. It begins so:</p><ul>",
            *(f"<li>{html.escape(choice.does)}</li>" for choice in first.choices),
            "</ul></noscript>",
            f"<footer><p>{plural(len(found.places), 'position')}; "
            f"{plural(sum(found.outcomes.values()), 'schedule')} that differ"
            f"{'' if sheet.asks else f' ({_kinds(found)})'}. The same in a terminal:</p>"
            f"<pre>{html.escape(f'gosim play {sheet.again or sheet.named}')}</pre></footer>",
            f'<script type="application/json">{data}</script>',
            f"<script>{_beside('js')}</script></div>",
        ]
    )


def _beside(suffix: str) -> str:
    """Return the page's style or its script, which lie beside this file."""
    return Path(__file__).with_suffix(f".{suffix}").read_text(encoding="utf-8")


def _data(found: Atlas, sheet: Sheet) -> dict[str, Any]:
    """Return the positions as plain data; what many of them have in common stands there once."""
    numbers = {key: number for number, key in enumerate(found.places)}
    rows, things, texts = _Pool(), _Pool(), _Pool()
    files: list[str] = []
    places = []
    for place in found.places.values():
        position = place.position
        for g in position.goroutines:
            if g.file and g.file not in files:
                files.append(g.file)
        record: dict[str, Any] = {
            "g": [
                rows(
                    [
                        g.name,
                        g.function,
                        files.index(g.file) if g.file else -1,
                        g.line,
                        ("ready", "waits", "sleeps").index(g.state),
                        texts(g.words),
                        [list(on) for on in g.on],
                    ]
                )
                for g in position.goroutines
            ],
            "t": [
                things(
                    [
                        thing.key,
                        thing.name,
                        thing.kind,
                        thing.words,
                        [[hold.who, hold.role] for hold in thing.holders],
                    ]
                )
                for thing in position.things
            ],
            "o": texts(position.output),
            "k": place.token,
        }
        if position.returned:
            record["r"] = 1
        if position.ending is not None:
            record["e"] = _ending(position)
        else:
            record["c"] = [
                [
                    [texts(text) for text in move.told],
                    numbers[move.to],
                    choice.at,
                    int(choice.usual),
                    list(choice.who),
                ]
                for choice, move in zip(position.choices, place.moves, strict=True)
                if move is not None
            ]
        places.append(record)
    return {
        "start": numbers[found.start],
        "before": found.before,
        "goal": sheet.goal,
        "asks": sheet.asks,
        "hints": list(sheet.hints),
        "named": sheet.named,
        "again": sheet.again or sheet.named,
        "whole": not found.cut,
        "way": [] if sheet.way is None else found.way_to(sheet.way) or [],
        "files": [[os.path.basename(file), _lines(file, sheet)] for file in files],
        "rows": rows.all,
        "things": things.all,
        "texts": texts.all,
        "places": places,
    }


def _ending(position: Position) -> dict[str, Any]:
    assert position.ending is not None
    end = position.ending
    return {
        "kind": end.outcome,
        "text": ENDINGS.get(end.outcome, end.outcome),
        "head": end.headline if end.outcome != "deadlock" else "",
        "told": [_short(text) for text in end.told],
        "left": list(end.left),
    }


def _short(text: str) -> str:
    from gosim.views.text import short_places

    return short_places(text)


def _lines(file: str, sheet: Sheet) -> list[str]:
    text = (sheet.texts or {}).get(file) or linecache.getlines(file)
    return [line.rstrip("\n").expandtabs(4) for line in text]


class _Pool:
    """Values, each once."""

    def __init__(self) -> None:
        self.all: list[Any] = []
        self.known: dict[str, int] = {}

    def __call__(self, value: Any) -> int:
        key = json.dumps(value)
        if key not in self.known:
            self.known[key] = len(self.all)
            self.all.append(value)
        return self.known[key]


_LEGEND: Final = (
    '<p class="legend"><span><i class="s0">▶</i>can go on</span>'
    '<span><i class="s1">■</i>waits</span><span><i class="s2">z</i>sleeps</span>'
    '<span><svg width="34" height="12" aria-hidden="true"><path class="w" d="M2 6H26"/>'
    '<path class="wt" d="M26 2l7 4-7 4z"/></svg>waits for</span>'
    '<span><svg width="34" height="12" aria-hidden="true"><path class="h" d="M8 6H32"/>'
    '<path class="ht" d="M8 2l-7 4 7 4z"/></svg>is held by</span>'
    '<span><svg width="34" height="12" aria-hidden="true"><path class="n" d="M2 6H32"/></svg>'
    "is about to use</span></p>"
)
