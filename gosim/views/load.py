"""A load in words: the table, what is left, how it ended; and as a page."""

from __future__ import annotations

import os
from collections.abc import Sequence
from html import escape
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from gosim.runtime.errors import UsageError
from gosim.traffic.result import SETTLED, Load, Loads
from gosim.views import load_chart, svg
from gosim.views.load_chart import about, name_of
from gosim.views.report import _table, document
from gosim.views.shown import asked
from gosim.views.text import WIDTH, plural, relative, size, sparkline, table, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["bundle", "headline", "page", "plot", "save", "text"]

_CURVE: Final = 48
_ENDS: Final = {
    "wall": "stopped after the real time it was given (--wall)",
    "steps": "stopped after the steps it was given (--max-steps)",
    "goroutines": "stopped: more goroutines alive than it was given (--max-goroutines)",
    "interrupt": "stopped by Ctrl-C",
}


def number(n: float) -> str:
    """Return a count or a mean as people read it."""
    if abs(n - round(n)) < 0.005 and (n == 0 or round(n)):
        return f"{round(n):,}".replace(",", " ")
    return f"{n:.2g}" if abs(n) < 1 else f"{n:.2f}"


def each(n: float) -> str:
    """Return bytes per call: what is below one is nothing."""
    return size(round(n)) if n >= SETTLED / 2 else "0 B"


def headline(loads: Sequence[Load]) -> str:
    """Return what the load has shown, in one sentence."""
    first = loads[0]
    cost = first.cost
    if first.ended in ("panic", "fatal", "exit"):
        return f"{_name(first)}: {_ending(first)}"
    if not first.grows and cost.goroutines < 0.01:
        return f"{_name(first)}: nothing is left by a call; top stays at {size(first.rss)}"
    count = number(cost.goroutines)
    goroutines = f"{count} goroutine{'' if count == '1' else 's'}"
    said = f"{_name(first)}: a call leaves {goroutines} and {each(cost.bytes)} behind"
    until = _until(first)
    if first.how in ("measured", "extrapolated"):
        full = f"{size(first.limit or 0)} are full"
        said += f"; {full if first.limit_by == 'container' else 'no address space is left'}"
        said += f" after {until}"
    return said


def _name(load: Load) -> str:
    return (
        load.program
        if load.variant in ("main", load.program)
        else (f"{load.program} {load.variant}")
    )


def _until(load: Load) -> str:
    """Return the cell of the table that says when the limit comes."""
    if load.limit is None:
        return ""
    until = load.until_limit
    if until is None:
        return {"never": "never: the curve is level", "": f"{load.ended} before"}.get(
            load.how, load.how
        )
    return about(until) if load.how == "measured" else f"{about(until)} (extrapolated)"


def _subject(loads: Sequence[Load]) -> str:
    first = loads[0]
    said = f"{first.program} under load: {first.arrivals}, for {about(first.duration_ns)}"
    functions = dict.fromkeys(load.function for load in loads)
    said += f"; each call runs {' or '.join(functions)}"
    if first.limit is not None:
        kind = "container" if first.limit_by == "container" else "ulimit -v"
        said += f"; limit {size(first.limit)} ({kind})"
    if first.memlimit:
        said += f"; GOMEMLIMIT={first.memlimit}"
    return f"{said}; Go {first.go}, seed {first.seed}"


def rows(loads: Sequence[Load]) -> tuple[list[str], list[list[str]]]:
    """Return head and rows of the table."""
    head = ["variant", "calls", "goroutines", "stack", "heap", "in all", "top"]
    limited = loads[0].limit is not None
    if limited:
        head.append(f"until {size(loads[0].limit or 0)}")
    found = []
    for load in loads:
        cost = load.cost
        row = [
            name_of(load),
            number(load.calls),
            number(cost.goroutines),
            each(cost.stack),
            each(cost.heap),
            each(cost.bytes),
            size(load.rss),
        ]
        found.append([*row, _until(load)] if limited else row)
    return head, found


def text(loads: Sequence[Load], width: int = WIDTH, plain: bool = False) -> str:
    """Return the load for a terminal.

    Parameters
    ----------
    loads : sequence of Load
    width : int
        Columns of the page.
    plain : bool
        Write ASCII only.
    """
    head, lines = rows(loads)
    parts = [
        wrap(headline(loads), "", width),
        wrap(_subject(loads), "", width),
        "",
        "what a call leaves behind, and what top shows at the end",
        table([*lines], "  ", width, head, right=range(1, 7)),
        "",
        _curves(loads, width, plain),
    ]
    left = _left(loads, width)
    if left:
        parts += ["", "goroutines left", left]
    notes = notes_of(loads)
    if notes:
        parts += ["", *(wrap(note, "  ", width, "  ") for note in notes)]
    for load in loads:
        if load.stderr:
            parts += ["", f"{name_of(load)}: the last words", _indented(load.stderr)]
    said = "\n".join(parts)
    return said.replace("×", "x").replace("→", "->") if plain else said


def _indented(said: str) -> str:
    return "\n".join(f"  {line}".rstrip() for line in said.rstrip("\n").splitlines()[:12])


def _curves(loads: Sequence[Load], width: int, plain: bool) -> str:
    top = max(load.peak for load in loads)
    last = max(1, *(load.virtual_ns for load in loads))
    names = max(len(name_of(load)) for load in loads)
    columns = max(8, min(_CURVE, width - names - 28))
    lines = [f"top over {about(last)}"]
    for load in loads:
        if len(load.samples) < 2:
            continue
        share = max(1, columns * load.virtual_ns // last)
        curve = sparkline(load.samples, attrgetter("rss"), share, top, plain)
        ends = f"{size(load.samples[0].rss)} → {size(load.rss)}"
        cross = "×" if load.ended == "limit" else " "
        lines.append(f"  {name_of(load):{names}}  {curve}{cross}{' ' * (columns - share)} {ends}")
    return "\n".join(lines)


def _left(loads: Sequence[Load], width: int) -> str:
    rows = []
    for load in loads:
        for left in load.left[:3]:
            verdict = "for good: nothing that still runs can release them" if left.proof else ""
            if left.wait_reason == "sleep":
                verdict = "a timer wakes them"
            file, _, line = left.at.rpartition(":")
            rows.append(
                [
                    name_of(load),
                    f"{number(left.count)} × {left.function}",
                    left.wait_reason,
                    f"{os.path.basename(relative(file))}:{line}" if file else "",
                    verdict,
                ]
            )
    return table(rows, "  ", width)


def _ending(load: Load) -> str:
    """Return how a process ended, in a sentence."""
    at = f"after {about(load.virtual_ns)}, at call {number(load.calls)}"
    if load.ended == "limit" and load.limit_by == "container":
        return (
            f"the kernel ends the process {at}: top shows {size(load.rss)}. It is a SIGKILL, exit "
            f"code {load.exit_code} in a shell; Go prints nothing"
        )
    if load.ended == "limit":
        return f"no address space is left {at}; the runtime ends the process, exit code 2"
    if load.ended == "exit":
        return f"the program ends the process {at}, exit code {load.exit_code}"
    if load.ended in ("panic", "fatal"):
        return f"a {load.ended} ends the process {at}, exit code 2"
    return _ENDS.get(load.ended, "")


def notes_of(loads: Sequence[Load]) -> list[str]:
    """Return what has to be said besides."""
    notes = []
    for load in loads:
        if load.ended != "time":
            notes.append(f"{name_of(load)}: {_ending(load)}.")
        if load.how == "extrapolated":
            notes.append(
                f"{name_of(load)}: the limit was not reached in {about(load.virtual_ns)}; the time "
                "is extrapolated from the second half of the curve."
            )
        if load.folded:
            notes.append(
                f"{name_of(load)}: {number(load.simulated)} calls ran; each left {load.folded}, so "
                f"the other {number(load.calls - load.simulated)} are on the books (--no-fold runs "
                "them all)."
            )
        if load.asleep:
            notes.append(
                f"{name_of(load)}: {plural(load.asleep, 'goroutine')} still asleep "
                f"{about(load.settled_ns)} after the last call: a call's cost counts them."
            )
        gcs = _collections(load)
        if gcs:
            notes.append(f"{name_of(load)}: {gcs}")
        notes += [f"{name_of(load)}: {note}" for note in load.notes]
    return notes


def _collections(load: Load) -> str:
    """Say how the collector worked under a memory limit."""
    cycles = load.record.cycles
    by_limit = [c for c in cycles if c.kind == "limit"]
    if not load.memlimit or not cycles:
        return ""
    if not by_limit:
        return f"{plural(len(cycles), 'collection')}, none of them because of GOMEMLIMIT."
    rest = load.virtual_ns - by_limit[0].at
    often = about(max(1, rest // len(by_limit)))
    said = (
        f"{plural(len(cycles) - len(by_limit), 'collection')} at the usual pace, then "
        f"{number(len(by_limit))} because of GOMEMLIMIT from {about(by_limit[0].at)} on, one every "
        f"{often}"
    )
    if load.memlimit and load.grows:
        said += "; what is reachable stays all the same: a soft limit frees nothing"
    return said + "."


# -- pictures --------------------------------------------------------------------------------------


def plot(loads: Sequence[Load], ax: Axes | None = None) -> Axes:
    """Draw the chart with matplotlib; return the axes, whose units are points, y downwards."""
    from gosim.views.plot import figure, paint

    page = load_chart.sheet(loads, headline(loads))
    return figure(page).axes[0] if ax is None else paint(page, ax)


def save(loads: Sequence[Load], path: str | os.PathLike[str]) -> None:
    """Write the chart (PNG, SVG, PDF) or the page (HTML), by the suffix of the name.

    Raises
    ------
    UsageError
        For another suffix.
    """
    name = os.fspath(path)
    if name.lower().endswith((".html", ".htm")):
        with open(name, "w", encoding="utf-8", newline="\n") as file:
            file.write(page(loads))
        return
    if not name.lower().endswith((".png", ".svg", ".pdf")):
        raise UsageError(f"{name}: a chart is .png, .svg or .pdf, a page .html")
    from gosim.views.plot import save as save_sheet

    save_sheet(load_chart.sheet(loads, headline(loads)), name)


def page(loads: Sequence[Load], heading: str = "", story: str = "") -> str:
    """Return the load as a page of HTML."""
    from gosim.views.report import prose

    chart = svg.to_svg(load_chart.sheet(loads), "page")
    bad = loads[0].grows or loads[0].ended in ("panic", "fatal")
    parts = [
        f"<h1>{escape(heading or loads[0].program)} under load</h1>",
        f'<p class="sub">{escape(_subject(loads))}</p>',
        f'<p class="verdict {"bad" if bad else "good"}">{escape(headline(loads))}</p>',
        *(f"<p>{prose(p)}</p>" for p in story.split("\n\n") if p.strip()),
        f'<div class="pic">{chart}</div>',
        "<h2>What a call leaves behind</h2>",
        _table(*rows(loads), numbers=range(1, 7)),
    ]
    left = [
        [name_of(load), number(x.count), x.function, x.wait_reason, relative(x.at)]
        for load in loads
        for x in load.left[:5]
    ]
    if left:
        parts.append("<h2>Goroutines left</h2>")
        parts.append(_table(["variant", "count", "function", "waits for", "where"], left, (1,)))
    notes = notes_of(loads)
    if notes:
        parts.append("<h2>How it went</h2>")
        parts.append("<ul>" + "".join(f"<li>{escape(note)}</li>" for note in notes) + "</ul>")
    for load in loads:
        if load.stderr:
            parts.append(f"<h2>{escape(name_of(load))}: the last words</h2>")
            parts.append(f"<pre>{escape(load.stderr)}</pre>")
    return document(f"{loads[0].program} under load · gosim", "\n".join(parts))


def bundle(loads: Loads, include: Any = None, exclude: Any = None) -> dict[str, str]:
    """Return what loads show of themselves in a notebook."""
    import base64

    def html() -> str:
        picture = svg.to_svg(load_chart.sheet(loads, headline(loads)))
        address = base64.b64encode(picture.encode()).decode()
        words = escape(load_chart.told(loads))
        return (
            f'<img alt="{words}" src="data:image/svg+xml;base64,{address}">'
            f"<details><summary>as text</summary><pre>{escape(text(loads))}</pre></details>"
        )

    return asked({"text/plain": lambda: text(loads), "text/html": html}, include, exclude)
