"""One run as one page of HTML: readable without a script, without a network, in the dark, on paper.

Everything is inside the file: pictures as SVG that take their colours from the page, source with
its lines marked, the same program repaired beside it, the stepper.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING, Any, Final

from gosim.leaks.graph import fold, merge_things, plain_graph, text_graph
from gosim.runtime.errors import UsageError
from gosim.views import svg
from gosim.views.graph import sheet as graph_sheet
from gosim.views.text import (
    duration,
    headline,
    plural,
    relative,
    short,
    short_places,
    went_wrong,
    what,
)

if TYPE_CHECKING:
    from gosim.leaks.run import Run

_DIED: Final = frozenset({"deadlock", "panic", "fatal"})
_MOST_LINES: Final = 400
_MOST_OUTPUT: Final = 8_000
_MOST_DUMPED: Final = 20

BASE_CSS: Final = """
:root{color-scheme:light dark}
*{box-sizing:border-box}
body{margin:0;background:var(--gs-paper);color:var(--gs-ink);
font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
main{max-width:1180px;margin:0 auto;padding:24px 20px 48px}
h1{font-size:1.75rem;line-height:1.2;margin:0 0 4px}
h2{font-size:1.15rem;margin:36px 0 10px;padding-top:12px;border-top:1px solid var(--gs-grid)}
h3{font-size:1rem;margin:18px 0 6px}
main>p{margin:8px 0;max-width:78ch;overflow-wrap:anywhere}
.wide td:nth-child(2){overflow-wrap:anywhere;min-width:8em}
.sub{color:var(--gs-muted);font-size:.9rem;margin:0 0 14px}
.verdict{border-left:8px solid;padding:10px 14px;font-size:1.15rem;font-weight:600;
border-radius:4px;margin:14px 0}
.bad{border-color:var(--gs-permanent);background:var(--gs-permanent-faint)}
.good{border-color:var(--gs-select);background:var(--gs-select-faint)}
.fix{border-left:3px solid var(--gs-select);padding-left:12px}
.note{color:var(--gs-muted);font-size:.92rem}
.pic{overflow-x:auto;margin:8px 0}
.pic svg{max-width:100%;height:auto;min-width:600px}
.wide table{border-collapse:collapse;font-size:.92rem;margin:8px 0}
.wide th,.wide td{text-align:left;padding:4px 14px 4px 0;border-bottom:1px solid var(--gs-grid);
vertical-align:top}
.wide th{color:var(--gs-muted);font-weight:600}
.wide .n{text-align:right}
code,pre,.listing{font-family:"DejaVu Sans Mono",Menlo,Consolas,monospace;font-size:.84rem}
main>pre,details>pre,footer pre{background:var(--gs-panel);padding:10px 12px;overflow-x:auto;
border-radius:4px;margin:6px 0}
.wide{overflow-x:auto}
.two{display:grid;grid-template-columns:1fr;gap:18px}
@media(min-width:900px){.two{grid-template-columns:1fr 1fr}}
.two>div{min-width:0}
.listing{background:var(--gs-panel);border-radius:4px;overflow-x:auto;padding:6px 0;
line-height:1.45}
.listing ol{list-style:none;margin:0;padding:0}
.listing li{padding:0 12px 0 5.4em;text-indent:-2.2em;white-space:pre-wrap;overflow-wrap:anywhere;
position:relative;min-height:1.45em}
.listing .ln{position:absolute;left:0;width:2.8em;text-align:right;text-indent:0;
color:var(--gs-faint);user-select:none}
.listing .stuck{background:var(--gs-permanent-faint);box-shadow:inset 5px 0 var(--gs-permanent)}
.listing .made{background:var(--gs-orange-faint);box-shadow:inset 5px 0 var(--gs-orange)}
.listing .new{background:var(--gs-select-faint);box-shadow:inset 5px 0 var(--gs-select)}
.listing .tag{font-size:.78rem;font-style:italic;color:var(--gs-muted);padding-left:1.5em}
.listing .stuck .tag{color:var(--gs-alarm);font-weight:600}
details{margin:8px 0}
summary{cursor:pointer}
footer{margin-top:40px;color:var(--gs-muted);font-size:.88rem}
a{color:var(--gs-cycle)}
@media print{main{max-width:none;padding:0}h2{break-after:avoid}
.pic,.listing,table{break-inside:avoid}
.no-print{display:none}body{font-size:11pt}}
"""


def page(
    run: Run,
    fixed: Run | None = None,
    *,
    title: str = "",
    story: str = "",
    name: str = "",
    compared: str = "",
    home: str = "",
    beside: str = "",
    beside_words: str = "",
) -> str:
    """Return the report of a run as a page of HTML.

    Parameters
    ----------
    run : Run
    fixed : Run, optional
        The repaired program's, shown beside it.
    title : str
        What the program is about; left out, its name.
    story : str
        A few sentences before the verdict, of a scenario.
    name : str
        What to type after ``gosim run``; left out, the program's file.
    compared : str
        What to type after ``gosim compare``, for a program that is told in Go, too.
    home : str
        Address of an index to lead back to.
    beside, beside_words : str
        Address of the page of the same program, repaired or not, and what to call it.
    """
    heading = title or run.program
    repeatable = _repeatable(run)
    parts = [
        _head(run, heading, ((home, "all lessons"), (beside, beside_words))),
        _verdict(run, story),
        _findings(run),
        _graph(run, fixed),
        _alive(run),
        _when(run) if repeatable else "",
        _memory(run, fixed),
        _sources(run, fixed),
        _steps(run) if repeatable else "",
        _output(run, fixed),
        _foot(run, name or relative(run.file) or run.program, compared),
    ]
    body = "\n".join(part for part in parts if part)
    return document(f"{heading} · gosim", body)


def document(title: str, body: str, style: str = "") -> str:
    """Return a whole page of HTML that looks like all of ours."""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{svg.css()}{BASE_CSS}{style}</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def save(path: str | os.PathLike[str], run: Run, fixed: Run | None = None, **about: str) -> None:
    """Write the report of a run into a file; see `page`."""
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(page(run, fixed, **about))


# -- sections --------------------------------------------------------------------------------------


def _head(run: Run, heading: str, links: Sequence[tuple[str, str]]) -> str:
    variant = "" if run.variant in ("main", run.program) else f" · {run.variant}"
    facts = [
        f"Go {run.go}",
        f"{duration(run.virtual_ns)} of virtual time",
        f"{plural(run.steps, 'pick')} of the scheduler",
        f"policy {run.policy}" + (f", seed {run.seed}" if run.seed else ""),
    ]
    ways = " · ".join(f'<a href="{escape(to)}">{escape(words)}</a>' for to, words in links if to)
    back = f'<p class="note no-print">{ways}</p>' if ways else ""
    return (
        f"{back}<h1>{escape(heading)}</h1>"
        f'<p class="sub">{escape(run.program + variant)} · {escape(" · ".join(facts))}</p>'
    )


def _verdict(run: Run, story: str) -> str:
    look, sign = ("bad", "✗") if went_wrong(run.outcome) else ("good", "✓")
    told = "".join(f"<p>{prose(p)}</p>" for p in story.split("\n\n") if p.strip())
    return f'<p class="verdict {look}">{sign} {escape(headline(run))}</p>{_last_words(run)}{told}'


def _last_words(run: Run) -> str:
    """Return what Go printed first when it ended the process."""
    if run.outcome not in _DIED:
        return ""
    words = _cut(run.stderr.split("\n\n")[0].strip())
    place = _place_of_death(run)
    where = f'<p class="note">at {escape(short(f"{run.file}:{place}"))}</p>' if place else ""
    return f"<pre>{escape(words)}</pre>{where}" if words else ""


def _place_of_death(run: Run) -> int:
    """Return the line of the program at which a panic or a fatal error ended it, or 0."""
    if run.outcome not in ("panic", "fatal"):
        return 0
    for line in run.stderr.partition("\ngoroutine ")[2].splitlines():
        if not line:
            break  # the first goroutine is the one that ended it
        file, _, rest = line.strip().rpartition(":")
        number = rest.split(" ")[0]
        if file == run.file and number.isdigit():
            return int(number)
    return 0


def _findings(run: Run) -> str:
    found = [*run.leaks, *run.judgement.temporary]
    if not found:
        return ""
    parts = ["<h2>What is left behind, and why</h2>"]
    said: set[str] = set()
    for leak in found:
        parts.append(f"<p>{prose(leak.explanation)}</p>")
        if leak.fix:
            parts.append(f'<p class="fix"><b>Repair:</b> {prose(leak.fix)}</p>')
        for note in leak.notes:
            if note not in said:
                said.add(note)
                parts.append(f'<p class="note">{prose(note)}</p>')
    rows = [
        (
            str(leak.count),
            what(leak),
            short(leak.at),
            leak.verdict,
        )
        for leak in found
    ]
    parts.append(_table(("count", "what", "where", "verdict"), rows, numbers=(0,)))
    return "\n".join(parts)


def _graph(run: Run, fixed: Run | None) -> str:
    plain = plain_graph(run.judgement, folded=len(run.goroutines) > _MOST_DUMPED)
    text = text_graph(fold(merge_things(plain)))
    if not text:
        nobody = "Nobody: no goroutine is left."
        return "" if run.goroutines else f"<h2>Who waits for whom</h2><p>{nobody}</p>"
    picture = svg.to_svg(graph_sheet(plain, headline(run)), "page")
    after = ""
    if fixed is not None:
        left = len(fixed.goroutines)
        rest = "nobody is left" if not left else f"{plural(left, 'goroutine')} left"
        after = f'<p class="note">Repaired ({escape(fixed.variant)}): {rest}.</p>'
    return (
        "<h2>Who waits for whom</h2>"
        f'<div class="pic" role="img" aria-label="{escape(text)}">{picture}</div>{after}'
        f"<details><summary>in words</summary><pre>{escape(text)}</pre></details>"
    )


def _alive(run: Run) -> str:
    """Return what leads from the roots to what goroutines wait for, or that nothing does."""
    if not run.goroutines or run.outcome in ("panic", "fatal", "exit"):
        return ""  # nobody is left for whom somebody could do something
    try:
        found = run.alive()
    except UsageError:
        return ""  # not repeatable, and not asked for from the start
    from gosim.views.alive import conclusion, sheet, text

    words = text(found)
    heading = "Why nobody can help any more" if found.never else "Why it counts as alive"
    picture = svg.to_svg(sheet(found, conclusion(found)), "page")
    return (
        f"<h2>{heading}: the marking, round by round</h2>"
        f'<div class="pic" role="img" aria-label="{escape(words)}">{picture}</div>'
        f"<details><summary>in words</summary><pre>{escape(words)}</pre></details>"
    )


def _repeatable(run: Run) -> bool:
    """Whether there is a recording; a program that comes out otherwise each time has none."""
    try:
        run.recording()
    except UsageError:
        return False
    return True


def _when(run: Run) -> str:
    from gosim.views.timeline import timeline

    return (
        "<h2>Who ran when, and who waited</h2>"
        f'<div class="pic">{timeline(run, headline(run)).to_svg("page")}</div>'
    )


def _memory(run: Run, fixed: Run | None) -> str:
    record = run.memory_record
    if record is None or not record.samples:
        return ""
    from gosim.views.memory import sheet

    other = fixed.memory_record if fixed is not None else None
    names = (run.variant, f"repaired: {fixed.variant}" if fixed is not None else "")
    picture = svg.to_svg(sheet(record, other, headline(run), names), "page")
    return f'<h2>The memory it takes, and who holds it</h2><div class="pic">{picture}</div>'


def _steps(run: Run) -> str:
    from gosim.views.stepper import fragment
    from gosim.views.steps import steps

    return f"<h2>Step by step</h2>{fragment(steps(run))}"


def _output(run: Run, fixed: Run | None) -> str:
    parts = ["<h2>What it printed</h2>"]
    for each, label in ((run, "stdout"), (fixed, "stdout of the repaired program")):
        if each is not None:
            text = each.stdout or "(nothing)\n"
            parts.append(f'<p class="note">{label}</p><pre>{escape(_cut(text))}</pre>')
    if run.stderr:
        parts.append(f'<p class="note">stderr</p><pre>{escape(_cut(run.stderr))}</pre>')
    if run.goroutines:
        dump = _dump(run)
        parts.append(
            "<details><summary>goroutine dump, as Go prints it "
            f"(<code>/debug/pprof/goroutine?debug=2</code>)</summary><pre>{escape(dump)}</pre>"
            "</details>"
        )
    return "\n".join(parts)


def _foot(run: Run, name: str, compared: str) -> str:
    notes = "".join(f'<p class="note">{escape(short_places(note))}</p>' for note in run.notes)
    commands = [f"gosim run {name}" + (f" --replay {run.schedule}" if run.schedule else "")]
    if compared:
        commands.append(f"gosim compare {compared}")
    lines = "\n".join(commands)
    return f"<footer>{notes}<p>The same run again:</p><pre>{escape(lines)}</pre></footer>"


# -- source ----------------------------------------------------------------------------------------


def _sources(run: Run, fixed: Run | None) -> str:
    text = _read(run.file)
    if not text:
        return ""
    marks = _marks(run)
    repaired = _read(fixed.file) if fixed is not None and fixed.file != run.file else []
    parts = ["<h2>The program</h2>"]
    if not repaired:
        parts.append(_source(text, marks, set()))
        return "\n".join(parts)
    assert fixed is not None
    matcher = difflib.SequenceMatcher(None, text, repaired, autojunk=False)
    changed = {
        line + 1
        for op, _, _, low, high in matcher.get_opcodes()
        if op in ("replace", "insert")
        for line in range(low, high)
    }
    parts.append(
        f'<div class="two"><div><h3>{escape(short(run.file))}</h3>'
        f"{_source(text, marks, set())}</div>"
        f"<div><h3>repaired: {escape(short(fixed.file))}</h3>"
        f"{_source(repaired, {}, changed)}</div></div>"
    )
    return "\n".join(parts)


def _marks(run: Run) -> dict[int, tuple[str, str]]:
    """Return look and words for the lines at which goroutines are stuck and things were made."""
    marks: dict[int, tuple[str, str]] = {}
    for thing in run.judgement.things:
        if thing.made is not None and thing.made.file == run.file:
            marks[thing.made.line] = "made", f"{thing.name or thing.kind} is made here"
    stuck: dict[int, list[int]] = {}
    for g in run.goroutines:
        if g.leak in ("permanent", "unproven") or run.outcome == "deadlock":
            for frame in g.stack:
                if frame.file == run.file:
                    stuck.setdefault(frame.line, []).append(g.id)
                    break
    for line, ids in stuck.items():
        who = ", ".join(f"G{id}" for id in ids[:3]) + (f" and {len(ids) - 3} more" * (len(ids) > 3))
        marks[line] = "stuck", f"{who} wait{'s' if len(ids) == 1 else ''} here"
    if place := _place_of_death(run):
        marks[place] = "stuck", f"{run.outcome}: here it ended"
    return marks


def _source(lines: Sequence[str], marks: dict[int, tuple[str, str]], changed: Iterable[int]) -> str:
    changed = set(changed)
    rows = []
    for number, line in enumerate(lines[:_MOST_LINES], 1):
        look, words = marks.get(number, ("new" if number in changed else "", ""))
        cls = f' class="{look}"' if look else ""
        tag = f'<span class="tag">← {escape(words)}</span>' if words else ""
        rows.append(f'<li{cls}><span class="ln">{number}</span>{escape(line)}{tag}</li>')
    if len(lines) > _MOST_LINES:
        rows.append(f"<li>… {len(lines) - _MOST_LINES} more lines</li>")
    return f'<div class="listing"><ol>{"".join(rows)}</ol></div>'


def _read(file: str) -> list[str]:
    try:
        with open(file, encoding="utf-8") as f:
            return f.read().splitlines()
    except (OSError, UnicodeDecodeError, ValueError):
        return []


# -- small things ----------------------------------------------------------------------------------


def prose(text: str) -> str:
    """Return a sentence of ours, what stands between backticks as code."""
    pieces = escape(short_places(text)).split("`")
    if len(pieces) % 2 == 0:
        return "`".join(pieces)
    return "".join(f"<code>{p}</code>" if i % 2 else p for i, p in enumerate(pieces))


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[int] = ()) -> str:
    def cells(row: Sequence[Any], tag: str) -> str:
        looks = [' class="n"' if i in numbers else "" for i in range(len(row))]
        return "".join(
            f"<{tag}{look}>{escape(str(cell))}</{tag}>"
            for look, cell in zip(looks, row, strict=True)
        )

    body = "".join(f"<tr>{cells(row, 'td')}</tr>" for row in rows)
    return f'<div class="wide"><table><tr>{cells(head, "th")}</tr>{body}</table></div>'


def _cut(text: str) -> str:
    if len(text) <= _MOST_OUTPUT:
        return text
    half = _MOST_OUTPUT // 2
    return f"{text[:half]}\n… {len(text) - 2 * half} characters left out …\n{text[-half:]}"


def _dump(run: Run) -> str:
    stacks = run.dump().split("\n\n")
    more = len(stacks) - _MOST_DUMPED
    rest = [f"… and {more} more goroutines"] if more > 0 else []
    return "\n\n".join([*stacks[:_MOST_DUMPED], *rest])
