"""A run as text: the verdict, a table, one sentence per finding, the fix, who waits for whom."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gosim.leaks.judge import Goroutine
    from gosim.leaks.run import Run

WIDTH = 100
_BOLD, _RED, _GREEN, _DIM, _OFF = "\033[1m", "\033[31m", "\033[32m", "\033[2m", "\033[0m"

_VERDICTS = {
    "ok": "ok: nothing is left behind",
    "leak": "leak",
    "deadlock": "deadlock: all goroutines are asleep; Go ends the process with exit code 2",
    "panic": "panic: the process died with exit code 2",
    "fatal": "fatal error: the process died with exit code 2",
}


def wrap(text: str, indent: str = "") -> str:
    """Return `text` as lines that fit the page."""
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def duration(ns: int) -> str:
    """Return virtual time as Go prints a Duration."""
    from gosim.std.time.duration import Duration

    return str(Duration(ns))


def short(place: str) -> str:
    """Return ``file:line`` with the path relative to the working directory if that is shorter."""
    file, _, line = place.rpartition(":")
    try:
        relative = os.path.relpath(file)
    except ValueError:
        return place
    return f"{relative if len(relative) < len(file) else file}:{line}"


def short_places(text: str) -> str:
    """Return a sentence with the long paths in it made short."""
    words = text.split(" ")
    return " ".join(short(w) if w.startswith(os.sep) and ":" in w else w for w in words)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return rows in aligned columns."""
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (head, *rows)
    ]
    return "\n".join(lines)


def headline(run: Run) -> str:
    """Return the verdict in a line."""
    if run.outcome == "exit":
        return f"exit: the program ended the process with exit code {run.exit_code}"
    if run.outcome == "limit":
        return f"limit: {run.notes[0] if run.notes else run.limit}"
    if run.outcome != "leak":
        return _VERDICTS[run.outcome]
    counts: dict[str, int] = {}
    kinds: dict[str, str] = {}
    for leak in run.leaks:
        if leak.verdict in ("permanent", "unproven"):
            counts[leak.verdict] = counts.get(leak.verdict, 0) + leak.count
            kinds[leak.verdict] = "goroutine" if leak.kind == "goroutine" else "timer"
    parts = [
        f"{n} {kinds[verdict]}{'s' if n > 1 else ''} {_STATE[verdict]}"
        for verdict, n in counts.items()
    ]
    return "leak: " + ", ".join(parts)


_STATE = {"permanent": "stuck for good (permanent)", "unproven": "blocked at the end (unproven)"}


def _waits(goroutine: Goroutine | None) -> str:
    if goroutine is None:
        return ""
    names = []
    for wait in goroutine.waits:
        thing = wait.thing
        text = thing.name or thing.kind
        if thing.kind in ("chan", "timer") and thing.cap is not None:
            text += f" ({thing.len}/{thing.cap})" if thing.cap else " (unbuffered)"
        elif thing.name and thing.kind != "nil chan":
            text += f" ({thing.kind})"
        elif thing.kind == "nil chan" and thing.name:
            text += " (nil)"
        if text not in names:
            names.append(text)
    return ", ".join(names)


def findings_table(run: Run) -> str:
    """Return the findings as a table, grouped like a goroutine profile."""
    rows = []
    for leak in run.leaks:
        example = run.judgement.goroutine(leak.goroutines[0]) if leak.goroutines else None
        listed = sum(
            1
            for id in leak.goroutines
            if (g := run.judgement.goroutine(id)) is not None and g.in_profile
        )
        rows.append(
            (
                str(leak.count),
                leak.function or leak.kind,
                f"[{leak.wait_reason}]" if leak.wait_reason else "",
                short(leak.at) if leak.at else "",
                _waits(example),
                leak.verdict,
                ("yes" if listed == leak.count else f"{listed} of {leak.count}" if listed else "no")
                if leak.kind == "goroutine"
                else "",
            )
        )
    head = ("count", "what", "wait reason", "at", "waits for", "verdict", "in Go's leak profile")
    return table(head, rows)


def findings(run: Run) -> str:
    """Return one sentence and one repair for each finding."""
    parts = []
    for leak in [*run.leaks, *run.judgement.temporary]:
        lines = [wrap(short_places(leak.explanation), "  ")]
        if leak.fix:
            lines.append(wrap(f"Fix: {short_places(leak.fix)}", "  "))
        lines += [wrap(note, "  ") for note in leak.notes]
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def report(run: Run, scenario: Any = None, *, color: bool = False) -> str:
    """Return what ``gosim run`` prints behind the program's own output.

    Parameters
    ----------
    run : Run
    scenario : Scenario, optional
        For the title line.
    color : bool
        Emphasise the verdict with ANSI colours.
    """
    bold, red, green, dim, off = (_BOLD, _RED, _GREEN, _DIM, _OFF) if color else ("",) * 5
    name = run.program if scenario is None else f"{run.program} · {run.variant}"
    shade = green if run.outcome in ("ok", "exit") else red
    facts = [f"Go {run.go}", f"{duration(run.virtual_ns)} of virtual time", f"{run.steps} steps"]
    if run.go_line != run.go:
        facts[0] += f" (go line {run.go_line})"
    if run.policy != "go":
        facts.append(f"schedule {run.schedule}")
    lines = [
        "",
        f"{dim}── {name} ── {', '.join(facts)}{off}",
        f"{bold}{shade}{headline(run)}{off}",
    ]
    if run.leaks:
        lines += ["", findings_table(run)]
    shown = findings(run)
    if shown:
        lines += ["", shown]
    if run.goroutines and any(g.waits for g in run.goroutines):
        from gosim.leaks.graph import text_graph

        lines += ["", "who waits for whom", textwrap.indent(text_graph(run.graph()), "  ")]
    lines += [wrap(f"note: {note}") for note in run.notes if run.outcome != "limit"]
    if run.after_main.panic:
        lines += ["", textwrap.indent(run.after_main.panic.rstrip(), "  ")]
    if run.exit_code == 0 and (run.goroutines or run.judgement.temporary):
        lines.append(f"{dim}main returned; judged as if the process lived on{off}")
    return "\n".join(lines)

