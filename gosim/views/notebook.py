"""What a run shows of itself in a notebook: the verdict, why, and the picture.

It has to survive in notebooks that the reader has not trusted: these keep tables, ``<details>`` and
pictures in an ``<img>``, and drop style sheets, SVG and scripts.
"""

from __future__ import annotations

import base64
from collections.abc import Collection
from html import escape
from typing import TYPE_CHECKING

from gosim.leaks.graph import fold, merge_things, plain_graph, text_graph
from gosim.views import svg
from gosim.views.graph import sheet
from gosim.views.palette import value
from gosim.views.report import prose
from gosim.views.shown import asked, pre
from gosim.views.text import findings, headline, report, short, went_wrong, what

if TYPE_CHECKING:
    from gosim.leaks.run import Run

_MANY = 20


def bundle(
    run: Run,
    include: Collection[str] | None = None,
    exclude: Collection[str] | None = None,
) -> dict[str, str]:
    """Return the run as text and as HTML, for ``_repr_mimebundle_``.

    Parameters
    ----------
    run : Run
    include, exclude : collection of str, optional
        The kinds wanted or not, as IPython passes them.
    """
    makers = {"text/plain": lambda: run.stdout + report(run), "text/html": lambda: html(run)}
    return asked(makers, include, exclude)


def html(run: Run) -> str:
    """Return the run as a piece of HTML."""
    color, sign = ("permanent", "✗") if went_wrong(run.outcome) else ("select", "✓")
    parts = []
    if run.stdout:
        parts.append(pre(run.stdout))
    if run.stderr:
        parts.append(_folded("stderr, as Go prints it", run.stderr))
    parts.append(
        f'<p style="border-left:6px solid {value(color)};padding:4px 10px;margin:6px 0">'
        f"<b>{sign} {escape(headline(run))}</b></p>"
    )
    found = [*run.leaks, *run.judgement.temporary]
    rows = "".join(
        f'<tr><td style="text-align:right">{leak.count}</td>'
        f'<td style="text-align:left">{escape(what(leak))}'
        f'</td><td style="text-align:left">{escape(short(leak.at))}</td>'
        f'<td style="text-align:left">{escape(leak.verdict)}</td></tr>'
        for leak in found
    )
    if rows:
        left = ' style="text-align:left"'
        head = f"<th>count</th><th{left}>what</th><th{left}>where</th><th{left}>verdict</th>"
        parts.append(f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>")
    parts += [f"<p>{prose(leak.explanation)}</p>" for leak in found]
    graph = plain_graph(run.judgement, folded=len(run.goroutines) > _MANY)
    words = text_graph(fold(merge_things(graph)))
    if words:
        picture = svg.to_svg(sheet(graph, headline(run)))
        address = base64.b64encode(picture.encode()).decode()
        parts.append(
            f'<img alt="{escape(words)}" style="max-width:100%" '
            f'src="data:image/svg+xml;base64,{address}">'
        )
        parts.append(_folded("who waits for whom, in words", words))
    if any(leak.fix for leak in found):
        parts.append(_folded("the repair, and what Go promises", findings(run)))
    return "\n".join(parts)


def _folded(title: str, text: str) -> str:
    return f"<details><summary>{escape(title)}</summary>{pre(text)}</details>"
