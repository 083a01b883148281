"""An exploration as HTML: in a notebook, and as a page with every outcome's run.

What a notebook gets survives where the reader has not trusted it: tables, ``<details>`` and
pictures in an ``<img>``.  The page needs nothing but itself.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Collection
from html import escape
from typing import TYPE_CHECKING, Final

from gosim.leaks.graph import fold, merge_things, plain_graph, text_graph
from gosim.runtime.errors import UsageError
from gosim.views import outcomes, svg
from gosim.views.exploration import (
    BAD,
    assumptions,
    bad_cases,
    facts,
    far,
    heading,
    noticed,
    often,
    percent,
    replay,
    report,
    rows,
    said,
    seen,
    share,
    shown_cases,
    story,
    title,
    verdict_looks,
)
from gosim.views.graph import sheet as graph_sheet
from gosim.views.palette import value
from gosim.views.report import document, prose
from gosim.views.shown import asked, pre
from gosim.views.text import headline, plural, relative

if TYPE_CHECKING:
    from gosim.explore.exploration import Case, Exploration, Noticed
    from gosim.leaks.run import Run
    from gosim.views.sheet import Sheet

__all__ = ["bundle", "html", "page", "save"]

_SIGNS: Final = {"bad": "✗", "good": "✓", "open": "?"}
_COLORS: Final = {"bad": "permanent", "good": "select", "open": "send"}
_MANY: Final = 20
_MOST_OUTPUT: Final = 4_000
_MOST_FOLDED: Final = 12
_MOST_IN_FULL: Final = 6
_HEAD: Final = ("schedules", "share", "outcome", "deviations", "what is seen")


# -- in a notebook ---------------------------------------------------------------------------------


def bundle(
    exploration: Exploration,
    include: Collection[str] | None = None,
    exclude: Collection[str] | None = None,
) -> dict[str, str]:
    """Return the exploration as text and as HTML, for ``_repr_mimebundle_``.

    Parameters
    ----------
    exploration : Exploration
    include, exclude : collection of str, optional
        The kinds wanted or not, as IPython passes them.
    """
    makers = {
        "text/plain": lambda: report(exploration).lstrip("\n"),
        "text/html": lambda: html(exploration),
    }
    return asked(makers, include, exclude)


def html(exploration: Exploration) -> str:
    """Return the exploration as a piece of HTML."""
    look = verdict_looks(exploration)
    parts = [
        f'<p style="border-left:6px solid {value(_COLORS[look])};padding:4px 10px;margin:6px 0">'
        f"<b>{_SIGNS[look]} {escape(exploration.verdict())}</b><br>"
        f"<small>{escape(title(exploration))} · {escape(facts(exploration))}</small></p>",
        _img(outcomes.sheet(exploration), outcomes.words(exploration)),
        _table(exploration, _LEFT, _RIGHT),
    ]
    for case in _told_first(exploration, _MOST_FOLDED):
        parts.append(_folded_case(exploration, case))
    if exploration.noticed:
        rows = "".join(f"<li>{_noticed(each, exploration)}</li>" for each in exploration.noticed)
        parts.append(f"<p><b>noticed on the way</b></p><ul>{rows}</ul>")
    parts += [f"<p><small>{escape(note)}</small></p>" for note in assumptions(exploration)]
    return "\n".join(parts)


_LEFT: Final = ' style="text-align:left;padding:2px 10px"'
_RIGHT: Final = ' style="text-align:right;padding:2px 10px"'


def _told_first(exploration: Exploration, most: int) -> list[Case]:
    """Return some cases: those of the faults that are told, then the others in their order."""
    told = bad_cases(exploration)
    first = {id(case) for case in told}
    others = [c for c in shown_cases(exploration, most) if id(c) not in first]
    return [*told, *others][:most]


def _img(sheet: Sheet, words: str) -> str:
    address = base64.b64encode(svg.to_svg(sheet).encode()).decode()
    return (
        f'<img alt="{escape(words)}" style="max-width:100%" '
        f'src="data:image/svg+xml;base64,{address}">'
    )


def _table(exploration: Exploration, left: str, right: str) -> str:
    """Return the distinct outcomes; `left` and `right` are what makes a cell stand there."""
    sides = (right, right, left, right, left)
    head = "".join(f"<th{side}>{word}</th>" for side, word in zip(sides, _HEAD, strict=True))
    lines = []
    shown, hidden = rows(exploration)
    for row in shown:
        cells = (
            str(row.schedules),
            percent(share(row.schedules, exploration)),
            outcomes.LOOKS[row.case.outcome.kind].word,
            far(row.case),
            row.told,
        )
        line = "".join(
            f"<td{side}>{escape(text)}</td>" for side, text in zip(sides, cells, strict=True)
        )
        lines.append(f"<tr>{line}</tr>")
    more = f"<p><small>… and {plural(hidden, 'more outcome')}</small></p>" if hidden else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>{more}"


def _folded_case(exploration: Exploration, case: Case) -> str:
    """Return a case behind its headline; the first one of each fault stands open."""
    words = _headline(exploration, case)
    parts = [f"<p>{prose(sentence)}</p>" for sentence in story(case)]
    graph = plain_graph(case.run.judgement, folded=len(case.run.goroutines) > _MANY)
    if in_words := text_graph(fold(merge_things(graph))):
        parts.append(_img(graph_sheet(graph, headline(case.run)), in_words))
        parts.append(
            f"<details><summary>who waits for whom, in words</summary>{pre(in_words)}</details>"
        )
    parts.append(_printed(case))
    if case.token:
        parts.append(
            f"<p>replay it: <code>--replay {escape(case.token)}</code>, or "
            f"<code>gosim.run(main, replay=…)</code></p>"
        )
    opened = " open" if any(case is told for told in bad_cases(exploration)) else ""
    return f"<details{opened}><summary>{escape(words)}</summary>{''.join(parts)}</details>"


def _headline(exploration: Exploration, case: Case) -> str:
    if case.outcome.kind in BAD:
        return heading(exploration, case)
    n = case.way.count
    where = f"with {plural(n, 'deviation')}" if n else "in the default schedule"
    return f"{outcomes.LOOKS[case.outcome.kind].word}: {where}"


def _printed(case: Case) -> str:
    parts = []
    for stream, text in (("stdout", case.run.stdout), ("stderr", case.run.stderr)):
        if text:
            if len(text) > _MOST_OUTPUT:
                text = f"{text[:_MOST_OUTPUT]}\n… {len(text) - _MOST_OUTPUT} characters left out"
            parts.append(f"<details><summary>{stream}</summary>{pre(text)}</details>")
    return "".join(parts)


def _noticed(each: Noticed, exploration: Exploration) -> str:
    first, *others = said(each) or [""]
    rest = "\n".join(others).rstrip()
    more = pre(rest) if rest else ""
    token = f"<br><code>--replay {escape(each.token)}</code>" if each.token else ""
    kind = escape(each.finding.kind)
    return f"<b>{kind}</b> {often(each, exploration)}: {prose(first)}{more}{token}"


# -- a page ----------------------------------------------------------------------------------------

_NUMBER: Final = ' class="n"'
_CSS: Final = """
.open{border-color:var(--gs-send);background:var(--gs-send-faint)}
.case h2{margin-top:28px}
.wide th.n{text-align:right}
.say{max-width:78ch}
"""


def save(
    path: str | os.PathLike[str],
    exploration: Exploration,
    name: str = "",
    heading: str = "",
    about: str = "",
) -> None:
    """Write the page into a file; see `page`."""
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(page(exploration, name, heading, about))


def page(exploration: Exploration, name: str = "", heading: str = "", about: str = "") -> str:
    """Return the exploration as a page of HTML.

    Parameters
    ----------
    exploration : Exploration
    name : str
        What to type behind ``gosim run``; left out, the file of the program.
    heading : str
        What the program is about; left out, its name.
    about : str
        A few sentences before the verdict, of a scenario.
    """
    look = verdict_looks(exploration)
    file = exploration.cases[0].run.file if exploration.cases else ""
    name = name or relative(file)
    told = "".join(f"<p>{prose(p)}</p>" for p in about.split("\n\n") if p.strip())
    strip = svg.to_svg(outcomes.sheet(exploration), "page")
    parts = [
        f"<h1>{escape(heading or exploration.program)}</h1>",
        f'<p class="sub">{escape(title(exploration))} · {escape(facts(exploration))}</p>',
        f'<p class="verdict {look}">{_SIGNS[look]} {escape(exploration.verdict())}</p>',
        told,
        f'<div class="pic">{strip}</div>',
        f'<div class="wide">{_table(exploration, "", _NUMBER)}</div>',
    ]
    if exploration.noticed:
        parts.append("<h2>Noticed on the way</h2>")
        parts.append(f"<pre>{escape(noticed(exploration, name))}</pre>")
    for case in _told_first(exploration, _MOST_IN_FULL):
        parts.append(_section(exploration, case, name))
    notes = "".join(f'<p class="note">{escape(note)}</p>' for note in assumptions(exploration))
    parts.append(
        f"<footer>{notes}<p>The same exploration again:</p>"
        f"<pre>{escape(f'gosim explore {name}')}</pre></footer>"
    )
    return document(f"{heading or exploration.program}: every schedule · gosim", _body(parts), _CSS)


def _body(parts: list[str]) -> str:
    return "\n".join(part for part in parts if part)


def _section(exploration: Exploration, case: Case, name: str) -> str:
    run = case.run
    count = f"{case.schedules} of {plural(exploration.schedules, 'schedule')}"
    words = _headline(exploration, case)
    parts = [
        f"<h2>{escape(words[:1].upper() + words[1:])}</h2>",
        f'<p class="note">{count}: {escape("; ".join(seen(case)) or "nothing is left behind")}</p>',
        *(f'<p class="say">{prose(sentence)}</p>' for sentence in story(case)),
        _graph(run),
        *_replayed(run),
        _printed(case),
    ]
    if case.token:
        parts.append(f"<pre>{escape(replay(name, case.token))}</pre>")
    return f'<section class="case">{_body(parts)}</section>'


def _graph(run: Run) -> str:
    graph = plain_graph(run.judgement, folded=len(run.goroutines) > _MANY)
    words = text_graph(fold(merge_things(graph)))
    if not words:
        return ""
    picture = svg.to_svg(graph_sheet(graph, headline(run)), "page")
    return (
        f'<div class="pic" role="img" aria-label="{escape(words)}">{picture}</div>'
        f"<details><summary>who waits for whom, in words</summary>"
        f"<pre>{escape(words)}</pre></details>"
    )


def _replayed(run: Run) -> list[str]:
    """Return what is drawn of every event of the run, if it can be done again."""
    from gosim.views.stepper import fragment
    from gosim.views.steps import steps
    from gosim.views.timeline import timeline

    try:
        run.recording()
    except UsageError:
        return []
    return [
        f'<div class="pic">{timeline(run, headline(run)).to_svg("page")}</div>',
        f"<details><summary>step by step</summary>{fragment(steps(run))}</details>",
    ]
