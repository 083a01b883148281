"""The index of many reports: a page that leads to each lesson."""

from __future__ import annotations

import os
from collections.abc import Sequence
from html import escape
from typing import Final, NamedTuple

from gosim.views import svg
from gosim.views.report import BASE_CSS
from gosim.views.text import plural


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
    """

    title: str
    family: str
    rows: tuple[str, ...]
    file: str
    outcome: str
    verdict: str
    repaired: str


_CSS: Final = """
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,330px),1fr));gap:14px}
.card{display:block;padding:12px 14px;border:1px solid var(--gs-grid);border-radius:6px;
border-left:6px solid var(--gs-select);color:inherit;text-decoration:none}
.card.bad{border-left-color:var(--gs-permanent)}
.card:hover,.card:focus{border-color:var(--gs-cycle);outline:none}
.card b{display:block;font-size:1.02rem;margin-bottom:2px}
.card span{display:block;font-size:.9rem}
.card .rows{color:var(--gs-muted);font-size:.8rem;float:right;margin-left:8px}
.card .then{color:var(--gs-calm)}
"""

_FAMILIES: Final = {"goroutines": "Goroutines that never end", "memory": "Memory that stays"}


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
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
        f"<title>gosim: how a Go program leaks</title>\n<style>{svg.css()}{BASE_CSS}{_CSS}</style>"
        f"\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def save_index(path: str | os.PathLike[str], lessons: Sequence[Lesson]) -> None:
    """Write the page into a file."""
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(index(lessons))


def _card(lesson: Lesson) -> str:
    bad = lesson.outcome not in ("ok", "exit")
    then = f'<span class="then">✓ repaired: {escape(lesson.repaired)}</span>'
    return (
        f'<a class="card{" bad" * bad}" href="{escape(lesson.file)}">'
        f'<span class="rows">{escape(" ".join(lesson.rows))}</span><b>{escape(lesson.title)}</b>'
        f"<span>{'✗' if bad else '✓'} {escape(lesson.verdict)}</span>"
        f"{then if lesson.repaired else ''}</a>"
    )
