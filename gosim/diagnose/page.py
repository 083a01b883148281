"""A diagnosis as a page of HTML, and as what a notebook shows."""

from __future__ import annotations

import base64
from collections.abc import Collection
from html import escape
from typing import TYPE_CHECKING, Final

from gosim.diagnose.lessons import LESSONS, scenario_of
from gosim.diagnose.rules import LEAK, OPEN, SUSPICIOUS, Finding
from gosim.diagnose.text import folded, headline, heap_lesson, number, place, wait_text, what_file
from gosim.views.palette import value
from gosim.views.report import document, prose
from gosim.views.shown import asked
from gosim.views.text import size

if TYPE_CHECKING:
    from gosim.diagnose.diagnosis import Diagnosis
    from gosim.diagnose.heap import Site

__all__ = ["bundle", "page"]

_MOST: Final = 40
_FRAMES: Final = 24
_WORDS: Final = {LEAK: "leaks", SUSPICIOUS: "suspicious", OPEN: "cannot tell"}

_CSS: Final = """
.card{border:1px solid var(--gs-grid);border-left:8px solid var(--gs-faint);border-radius:4px;
padding:10px 16px;margin:12px 0}
.card.leak{border-left-color:var(--gs-permanent)}
.card.suspicious{border-left-color:var(--gs-unproven)}
.card p{margin:5px 0;max-width:90ch;overflow-wrap:anywhere}
.card h3{margin:2px 0 6px;overflow-wrap:anywhere}
.card .tag{font-weight:600;font-size:.85rem;color:var(--gs-muted);float:right;margin-left:1em}
.card.leak .tag,.card.suspicious .tag{color:var(--gs-alarm)}
.card pre{background:var(--gs-panel);padding:8px 12px;overflow-x:auto;border-radius:4px;
margin:6px 0}
.grew{color:var(--gs-alarm);font-weight:600}
.unsure{border-color:var(--gs-yellow);background:var(--gs-yellow-faint)}
"""


def page(d: Diagnosis) -> str:
    """Return the page."""
    parts = [
        f"<h1>{escape(_title(d))}</h1>",
        f'<p class="sub">{escape(_sub(d))}</p>',
        _verdict(d),
        *(f'<p class="note">{escape(note)}</p>' for note in d.snapshot.notes),
    ]
    if d.snapshot.headline:
        parts.append(f"<pre>{escape(d.snapshot.headline)}</pre>")
    if d.snapshot.kind == "heap":
        parts.append(_heap(d))
    else:
        parts += [_suspects(d), _graph(d), _open(d), _healthy(d)]
    parts += [_hidden(d), _next(d)]
    return document(f"{_title(d)} · gosim", "\n".join(p for p in parts if p), _CSS)


def _title(d: Diagnosis) -> str:
    names = [d.snapshot.name.replace("\\", "/").rpartition("/")[2]]
    if d.earlier is not None and d.earlier.name != d.snapshot.name:
        names.insert(0, d.earlier.name.replace("\\", "/").rpartition("/")[2])
    return "Diagnosis of " + " and ".join(names)


def _sub(d: Diagnosis) -> str:
    told = [what_file(d.snapshot).partition(": ")[2]]
    if d.earlier is not None:
        before = what_file(d.earlier).partition(": ")[2]
        told.append(f"before: {before.partition(', ')[2]}")
    return " · ".join(told)


def _verdict(d: Diagnosis) -> str:
    look, sign = {
        LEAK: ("bad", "✗"), SUSPICIOUS: ("bad", "✗"), OPEN: ("unsure", "?"),
    }.get(d.verdict, ("good", "✓"))  # fmt: skip
    return f'<p class="verdict {look}">{sign} {escape(headline(d))}</p>'


def _suspects(d: Diagnosis) -> str:
    return _cards(d.leaks, "What leaks, and why")


def _open(d: Diagnosis) -> str:
    return _cards(d.open, "What this file cannot tell")


def _cards(some: list[Finding], title: str) -> str:
    if not some:
        return ""
    parts = [f"<h2>{title}</h2>", *(_card(f) for f in some[:_MOST])]
    if len(some) > _MOST:
        count = sum(f.group.count for f in some[_MOST:])
        more = number(len(some) - _MOST, "group")
        parts.append(f'<p class="note">… and {more} more, {number(count, "goroutine")}</p>')
    return "\n".join(parts)


def _card(f: Finding) -> str:
    g = f.group
    name = f.at.function if f.at is not None else "(no stack)"
    grew = f' <span class="grew">{f.grew:+d}</span>' if f.grew else ""
    parts = [
        f'<div class="card {f.verdict}"><span class="tag">{_WORDS[f.verdict]}</span>',
        f"<h3>{g.count} × <code>{escape(name)}</code>{grew}</h3>",
        f"<p><code>[{escape(wait_text(f))}]</code> {escape(f.why)}</p>",
    ]
    if f.at is not None and f.at.file:
        text = f"\n    {f.text}" if f.text else ""
        parts.append(f"<pre>{escape(place(f.at) + text)}</pre>")
    created = g.created_by
    if created is not None:
        gone = {"returned": ", which is on no stack any more", "there": ", which is there still"}
        where = f"{created.file}:{created.line}"
        parts.append(
            f"<p>started by <code>{escape(created.function)}</code> at {escape(where)}"
            f"{gone.get(f.creator, '')}</p>"
        )
    parts += [f"<p>{escape(note)}</p>" for note in f.notes]
    if f.lesson:
        parts += _lesson(f)
    rows = "\n".join(f"{x.function}\n    {x.file}:{x.line}" for x in g.stack[:_FRAMES])
    more = len(g.stack) - _FRAMES
    rows += f"\n… {more} more frames" if more > 0 else ""
    parts.append(f"<details><summary>the stack</summary><pre>{escape(rows)}</pre></details></div>")
    return "".join(parts)


def _lesson(f: Finding) -> list[str]:
    lesson = LESSONS[f.lesson]
    name = scenario_of(f.lesson)
    rows = f" ({', '.join(lesson.rows)})" if lesson.rows else ""
    see = f": <code>gosim run {escape(name)}</code>" if name else ""
    word = "If they stay, the lesson is" if f.verdict == OPEN else "Lesson:"
    parts = [f"<p>{word} <b>{escape(lesson.title)}</b>{rows}{see}</p>"]
    parts.append(f"<p>Who releases it: {prose(lesson.releases)}.</p>")
    if f.verdict != OPEN:
        parts.append(f'<p class="fix"><b>Repair:</b> {prose(lesson.repair)}.</p>')
    if f.others:
        names = ", ".join(
            LESSONS[o].title + (f" ({', '.join(LESSONS[o].rows)})" if LESSONS[o].rows else "")
            for o in f.others
        )
        parts.append(f'<p class="note">In this file these look the same: {escape(names)}.</p>')
    return parts


def _picture(d: Diagnosis) -> tuple[str, str]:
    """Return the graph as SVG and in words; twice nothing when there is nobody in it."""
    from gosim.leaks.graph import text_graph
    from gosim.views import svg
    from gosim.views.graph import sheet

    graph = d.plain_graph()
    if not graph.nodes:
        return "", ""
    return svg.to_svg(sheet(graph, headline(d)), "page"), text_graph(graph)


def _graph(d: Diagnosis) -> str:
    picture, words = _picture(d)
    if not picture:
        return ""
    return (
        "<h2>Who waits for what</h2>"
        f'<div class="pic" role="img" aria-label="{escape(words)}">{picture}</div>'
        f"<details><summary>in words</summary><pre>{escape(words)}</pre></details>"
    )


def _healthy(d: Diagnosis) -> str:
    if not d.healthy:
        return ""
    rows = "".join(
        f'<tr><td class="n">{count}</td><td>{escape(why)}</td><td>{escape(names.strip(" ()"))}'
        "</td></tr>"
        for count, why, names in folded(d.healthy)
    )
    head = '<tr><th class="n">count</th><th>why it is healthy</th><th>where</th></tr>'
    return f'<h2>Healthy</h2><div class="wide"><table>{head}{rows}</table></div>'


def _hidden(d: Diagnosis) -> str:
    told = "".join(f"<li>{prose(text)}</li>" for text in d.hidden)
    return f"<h2>What this file cannot show</h2><ul>{told}</ul>"


def _next(d: Diagnosis) -> str:
    seen: list[str] = []
    for lesson in dict.fromkeys([f.lesson for f in d.leaks] + [s.lesson for s in d.sites[:3]]):
        if lesson and (name := scenario_of(lesson)):
            seen.append(f"gosim run {name} --step    # {LESSONS[lesson].title}")
    if not seen:
        return ""
    lines = "\n".join(dict.fromkeys(seen))
    return f"<footer><p>See the same happen, step by step:</p><pre>{escape(lines)}</pre></footer>"


# -- heap ------------------------------------------------------------------------------------------


def _heap(d: Diagnosis) -> str:
    growing = [s for s in d.sites if s.growing]
    some = growing or d.sites
    title = "The places that grow" if growing else "The largest places"
    parts = [f"<h2>{title}</h2>", *(_heap_card(s) for s in some[:_MOST])]
    rest = some[_MOST:]
    if rest:
        amount = size(sum(s.bytes for s in rest))
        parts.append(f'<p class="note">… and {number(len(rest), "site")} more, {amount}</p>')
    return "\n".join(parts)


def _heap_card(s: Site) -> str:
    name = s.at.function if s.at is not None else "the runtime itself"
    grew = ""
    if s.grew is not None:
        sign = "+" if s.grew >= 0 else "-"
        grew = f' <span class="grew">{sign}{size(abs(s.grew))}</span>'
    look = "suspicious" if s.growing else ""
    parts = [
        f'<div class="card {look}"><h3>{size(s.bytes)} <code>{escape(name)}</code>{grew}</h3>',
        f"<p>{number(s.objects, 'object')} in use; {size(s.allocated)} allocated in all</p>",
    ]
    if s.at is not None:
        text = f"\n    {s.text}" if s.text else ""
        parts.append(f"<pre>{escape(place(s.at) + text)}</pre>")
    if s.lesson:
        lesson = LESSONS[s.lesson]
        parts.append(f"<p>{escape(heap_lesson(s))}</p>")
        if s.growing:
            parts.append(f"<p>Who frees it: {prose(lesson.releases)}.</p>")
            parts.append(f'<p class="fix"><b>Repair:</b> {prose(lesson.repair)}.</p>')
    rows = "\n".join(f"{x.function}\n    {x.file}:{x.line}" for x in s.stack[:_FRAMES])
    parts.append(f"<details><summary>the stack</summary><pre>{escape(rows)}</pre></details></div>")
    return "".join(parts)


# -- notebooks -------------------------------------------------------------------------------------


def bundle(
    d: Diagnosis,
    include: Collection[str] | None = None,
    exclude: Collection[str] | None = None,
) -> dict[str, str]:
    """Return a diagnosis as text and as HTML, for ``_repr_mimebundle_``."""
    return asked(
        {"text/plain": lambda: d.to_text(), "text/html": lambda: _fragment(d)}, include, exclude
    )


def _fragment(d: Diagnosis) -> str:
    """Return a piece of HTML that survives where style sheets and SVG are dropped."""
    color, sign = {LEAK: ("permanent", "✗"), SUSPICIOUS: ("permanent", "✗"),
                   OPEN: ("yellow", "?")}.get(d.verdict, ("select", "✓"))  # fmt: skip
    parts = [
        f'<p style="border-left:6px solid {value(color)};padding:4px 10px;margin:6px 0">'
        f"<b>{sign} {escape(headline(d))}</b><br><small>{escape(_sub(d))}</small></p>"
    ]
    left = ' style="text-align:left"'
    if d.snapshot.kind == "heap":
        some = [s for s in d.sites if s.growing] or d.sites
        rows = "".join(
            f"<tr><td>{size(s.bytes)}</td><td>{'' if s.grew is None else size(s.grew)}</td>"
            f"<td{left}>{escape(place(s.at) if s.at else 'the runtime')}</td>"
            f"<td{left}>{escape(heap_lesson(s) if s.lesson else '')}</td></tr>"
            for s in some[:12]
        )
        head = f"<th>in use</th><th>grew</th><th{left}>where</th><th{left}>lesson</th>"
    else:
        some_f = [*d.leaks, *d.open]
        rows = "".join(
            f"<tr><td>{f.group.count}</td><td>{'' if f.grew is None else f'{f.grew:+d}'}</td>"
            f"<td{left}>{escape(wait_text(f))}</td>"
            f"<td{left}>{escape(place(f.at) if f.at else '')}</td>"
            f"<td{left}>{_WORDS[f.verdict]}</td>"
            f"<td{left}>{escape(LESSONS[f.lesson].title if f.lesson else '')}</td></tr>"
            for f in some_f[:12]
        )
        head = (
            f"<th>count</th><th>grew</th><th{left}>wait</th><th{left}>where</th>"
            f"<th{left}>verdict</th><th{left}>lesson</th>"
        )
    if rows:
        parts.append(f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>")
    if d.snapshot.kind != "heap":
        from gosim.leaks.graph import text_graph
        from gosim.views import svg
        from gosim.views.graph import sheet

        graph = d.plain_graph()
        if graph.nodes:
            words = text_graph(graph)
            picture = svg.to_svg(sheet(graph, headline(d)))
            address = base64.b64encode(picture.encode()).decode()
            parts.append(
                f'<img alt="{escape(words)}" style="max-width:100%" '
                f'src="data:image/svg+xml;base64,{address}">'
            )
    text = f'<pre style="font-size:13px">{escape(d.to_text())}</pre>'
    parts.append(f"<details><summary>all of it, in words</summary>{text}</details>")
    return "\n".join(parts)
