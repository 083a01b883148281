"""The index of many reports: a page that leads to each lesson."""

from __future__ import annotations

import os
from collections.abc import Sequence
from html import escape
from typing import Final, NamedTuple

from gosim.views.report import document
from gosim.views.text import plural, went_wrong


class Lesson(NamedTuple):
    """One report.

    Attributes
    ----------
    title, family : str
    rows : tuple of str
        Rows of the article.
    file : str
        Address of the page, from the index.
    outcome, verdict : str
        Of the program as it is.
    repaired : str
        Verdict on the repaired program; ``""`` when there is none.
    repair : str
        Address of the repaired program's page; ``""`` when there is none.
    """

    title: str
    family: str
    rows: tuple[str, ...]
    file: str
    outcome: str
    verdict: str
    repaired: str
    repair: str = ""


_CSS: Final = """
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,330px),1fr));gap:14px}
.card{position:relative;padding:12px 14px;border:1px solid var(--gs-grid);border-radius:6px;
border-left:6px solid var(--gs-select)}
.card a{color:inherit;text-decoration:none}
.card b a::after{content:"";position:absolute;inset:0}
.card.bad{border-left-color:var(--gs-permanent)}
.card:hover,.card:focus-within{border-color:var(--gs-cycle)}
.card b{display:block;font-size:1.02rem;margin-bottom:2px}
.card span{display:block;font-size:.9rem}
.card .rows{color:var(--gs-muted);font-size:.8rem;float:right;margin-left:8px}
.card .then{color:var(--gs-calm)}
.card .then a{position:relative;text-decoration:underline;text-underline-offset:2px}
"""

_FAMILIES: Final = {
    "goroutines": "Goroutines that never end",
    "memory": "Memory that stays",
    "production": "Leaks of services in production",
}


def index(lessons: Sequence[Lesson]) -> str:
    """Return the page."""
    families = dict.fromkeys(lesson.family for lesson in lessons)
    parts = [
        "<h1>How a Go program leaks</h1>",
        f'<p class="sub">{plural(len(lessons), "lesson")}, each simulated by gosim, '
        "the program beside its repair</p>",
    ]
    for family in families:
        cards = "".join(_card(lesson) for lesson in lessons if lesson.family == family)
        heading = _FAMILIES.get(family, family)
        parts.append(f'<h2>{escape(heading)}</h2><div class="cards">{cards}</div>')
    body = "\n".join(parts)
    return document("gosim: how a Go program leaks", body, _CSS)


def save_index(path: str | os.PathLike[str], lessons: Sequence[Lesson]) -> None:
    """Write the page into a file."""
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(index(lessons))


def _card(lesson: Lesson) -> str:
    bad = went_wrong(lesson.outcome)
    repaired = f"repaired: {escape(lesson.repaired.removeprefix('ok: '))}"
    if lesson.repair:
        repaired = f'<a href="{escape(lesson.repair)}">{repaired}</a>'
    then = f'<span class="then">✓ {repaired}</span>'
    return (
        f'<div class="card{" bad" * bad}"><span class="rows">{escape(" ".join(lesson.rows))}</span>'
        f'<b><a href="{escape(lesson.file)}">{escape(lesson.title)}</a></b>'
        f"<span>{'✗' if bad else '✓'} {escape(lesson.verdict)}</span>"
        f"{then if lesson.repaired else ''}</div>"
    )
