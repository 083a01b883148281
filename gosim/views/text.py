"""A run as text: the verdict, a table, one sentence per finding, the fix, who waits for whom."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gosim.leaks.judge import Goroutine, Leak
    from gosim.leaks.run import Run

WIDTH = 100
"""Columns of a page when no terminal says otherwise; wider lines are hard to read."""

_NARROWEST = 40
_BOLD, _RED, _GREEN, _DIM, _OFF = "\033[1m", "\033[31m", "\033[32m", "\033[2m", "\033[0m"


# -- words and lines -------------------------------------------------------------------------------


def terminal_width() -> int:
    """Return the columns to write in: those of the terminal, between 40 and 100."""
    try:
        columns = int(os.environ.get("COLUMNS") or os.get_terminal_size(1).columns)
    except (OSError, ValueError):
        columns = WIDTH
    return max(_NARROWEST, min(columns, WIDTH)) if columns > 0 else WIDTH


def wrap(text: str, indent: str = "", width: int = WIDTH, hanging: str = "") -> str:
    """Return `text` as lines that fit the page; all but the first are indented by `hanging`, too.

    Code between back-quotes and wait reasons in brackets stay on one line where they fit.
    """
    words = re.findall(r"(?:`[^`]*`|\[[^]`]*\]|\S)+", text)
    lines, line, room = [], indent, width
    for word in words:
        empty = not line.strip()
        if not empty and len(line) + 1 + len(word) > room:
            lines.append(line)
            line, empty = indent + hanging, True
        line += word if empty else f" {word}"
    return "\n".join([*lines, line])


def plural(n: int, noun: str) -> str:
    """Return ``1 step``, ``2 steps``."""
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def duration(ns: int) -> str:
    """Return virtual time as Go prints a Duration."""
    from gosim.std.time.duration import Duration

    return str(Duration(ns))


def relative(file: str) -> str:
    """Return the path as seen from the working directory, if that is shorter."""
    try:
        near = os.path.relpath(file)
    except (ValueError, OSError):
        return file
    return near if len(near) < len(file) else file


def short(place: str) -> str:
    """Return ``file:line`` without the folder."""
    return place.rpartition("/")[2] if os.sep == "/" else os.path.basename(place)


def short_places(text: str) -> str:
    """Return a sentence with the absolute paths in it made relative."""
    return re.sub(r"(?<![\w/.])/[^\s:,;()]+(?=:\d+)", lambda m: relative(m.group()), text)


def table(
    rows: Sequence[Sequence[str]],
    indent: str = "",
    width: int = WIDTH,
    head: Sequence[str] = (),
    right: Iterable[int] = (),
) -> str:
    """Return rows in aligned columns; the last column is wrapped, the others never.

    Where the last column would become too narrow to read, each row turns into a few lines.

    Parameters
    ----------
    head : sequence of str
        Titles of the columns.
    right : iterable of int
        Columns to align on the right.
    """
    everything = [head, *rows] if head else list(rows)
    if not everything:
        return ""
    aligned = set(right)
    columns = len(everything[0])
    widths = [max(len(row[i]) for row in everything) for i in range(columns)]
    last = len(indent) + sum(w + 2 for w in widths[:-1])
    if last + min(widths[-1], 24) > width:
        return _stacked(rows, indent, width, head)
    lines = []
    for row in everything:
        cells = [
            c.rjust(w) if i in aligned else c.ljust(w)
            for i, (c, w) in enumerate(zip(row[:-1], widths[:-1], strict=True))
        ]
        first = indent + "  ".join([*cells, ""])
        rest = wrap(row[-1], " " * last, width).lstrip(" ")
        lines.append((first + rest).rstrip())
    return "\n".join(lines)


def _stacked(rows: Sequence[Sequence[str]], indent: str, width: int, head: Sequence[str]) -> str:
    """Return each row as lines of its own, for a page too narrow for columns."""
    blocks = []
    for row in rows:
        if head:
            cells = [f"{title}: {c}" for title, c in zip(head, row, strict=True) if c]
            blocks.append("\n".join(wrap(c, indent, width, "  ") for c in cells))
        else:
            first = wrap("  ".join(row[:-1]), indent, width)
            blocks.append(f"{first}\n{wrap(row[-1], indent + '    ', width)}")
    return ("\n\n" if head else "\n").join(blocks)


# -- the verdict -----------------------------------------------------------------------------------

_VERDICTS = {
    "deadlock": "deadlock: all goroutines are asleep, and Go ends the process",
    "panic": "panic: it was not recovered, and Go ends the process",
    "fatal": "fatal error: Go ends the process",
}
_STATES = {
    "permanent": ("is stuck for good", "are stuck for good"),
    "unproven": ("is blocked at the end (unproven)", "are blocked at the end (unproven)"),
    "endless": ("goes on for ever", "go on for ever"),
    "temporary": ("outlived main and ended by itself", "outlived main and ended by themselves"),
}
_TIMERS = ("keeps memory that nobody can use", "keep memory that nobody can use")


def headline(run: Run) -> str:
    """Return the verdict in a line."""
    if run.outcome == "exit":
        return f"exit: the program ended the process with exit code {run.exit_code}"
    if run.outcome == "limit":
        return f"limit: {short_places(run.notes[0]) if run.notes else run.limit}"
    if run.outcome in _VERDICTS:
        return f"{_VERDICTS[run.outcome]} (exit code {run.exit_code})"
    counts: dict[tuple[str, str], int] = {}
    for leak in [*run.leaks, *run.judgement.temporary]:
        key = leak.verdict, leak.kind
        counts[key] = counts.get(key, 0) + leak.count
    bad: list[str] = []
    mild: list[str] = []
    for verdict in _STATES:
        for (of, kind), n in counts.items():
            if of == verdict:
                part = _counted(n, verdict, kind)
                (bad if verdict in ("permanent", "unproven") else mild).append(part)
    if bad:
        return f"leak: {', '.join(bad)}" + (f"; {', '.join(mild)}" if mild else "")
    if run.outcome == "leak":
        return "leak: the process hangs"
    return f"ok: nothing leaks; {', '.join(mild)}" if mild else "ok: nothing is left behind"


def _counted(n: int, verdict: str, kind: str) -> str:
    if kind == "goroutine":
        return f"{plural(n, 'goroutine')} {_STATES[verdict][n != 1]}"
    return f"{plural(n, 'timer')} {_TIMERS[n != 1]}"


def _waits(goroutine: Goroutine | None) -> str:
    if goroutine is None:
        return ""
    from gosim.leaks.explain import label

    texts = []
    for wait in goroutine.waits:
        thing = wait.thing
        text = label(thing)
        if thing.kind == "chan" and thing.cap is not None:
            text += f" ({thing.len} of {thing.cap})" if thing.cap else " (unbuffered)"
        elif thing.kind == "nil chan" and thing.name:
            text += " (nil)"
        elif thing.kind == "waitgroup" and thing.counter is not None:
            text += f" (counter {thing.counter})"
        elif thing.name and thing.kind in ("mutex", "rwmutex", "cond", "once", "semaphore"):
            text += f" ({thing.kind})"
        texts.append(text)
    return ", ".join(dict.fromkeys(texts))


def findings_table(run: Run, width: int = WIDTH) -> str:
    """Return the findings as a table, grouped like a goroutine profile.

    On a page too narrow for it, each finding is a line or two.
    """
    head = ("count", "what", "at", "waits for", "verdict", "in Go's profile")
    rows = [_row(run, leak) for leak in run.leaks]
    room = 2 + sum(max(map(len, column)) + 2 for column in zip(head, *rows, strict=True)) - 2
    if room <= width:
        return table(rows, "  ", width, head, right=[0])
    lines = []
    for count, what, at, waits, verdict, listed in rows:
        text = f"{count} × {what} at {at}"
        text += f", waiting for {waits}" if waits else ""
        text += f": {verdict}"
        text += f"; in Go's leak profile: {listed}" if listed else ""
        lines.append(wrap(text, "  ", width, "    "))
    return "\n".join(lines)


def _row(run: Run, leak: Leak) -> tuple[str, ...]:
    found = [run.judgement.goroutine(id) for id in leak.goroutines]
    listed = sum(1 for g in found if g is not None and g.in_profile)
    what = (
        f"{leak.function or leak.kind} [{leak.wait_reason}]" if leak.wait_reason else leak.function
    )
    profile = ""
    if leak.kind == "goroutine":
        some = f"{listed} of {leak.count}" if listed else "no"
        profile = "yes" if listed == leak.count else some
    waits = _waits(found[0] if found else None)
    return (str(leak.count), what or leak.kind, short(leak.at), waits, leak.verdict, profile)


def findings(run: Run, width: int = WIDTH) -> str:
    """Return one sentence and one repair for each finding; what Go promises is said once."""
    parts = []
    said: set[str] = set()
    for leak in [*run.leaks, *run.judgement.temporary]:
        lines = [wrap(short_places(leak.explanation), "  ", width)]
        if leak.fix:
            lines.append(wrap(f"Fix: {short_places(leak.fix)}", "  ", width, "     "))
        notes = [note for note in leak.notes if note not in said]
        said.update(notes)
        lines += [wrap(short_places(note), "  ", width, "  ") for note in notes]
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def report(run: Run, scenario: Any = None, *, color: bool = False, width: int = WIDTH) -> str:
    """Return what ``gosim run`` prints behind the program's own output.

    Parameters
    ----------
    run : Run
    scenario : Scenario, optional
        None for a file of the user's own.
    color : bool
        Emphasise the verdict with ANSI colours.
    width : int
        Columns of the page.
    """
    bold, red, green, dim, off = (_BOLD, _RED, _GREEN, _DIM, _OFF) if color else ("",) * 5
    shade = green if run.outcome in ("ok", "exit") else red
    title = run.program if run.variant in ("main", "") else f"{run.program} · {run.variant}"
    facts = [
        f"Go {run.go}",
        f"{duration(run.virtual_ns)} of virtual time",
        plural(run.steps, "step"),
    ]
    if run.go_line != run.go:
        facts[0] += f" (go line {run.go_line})"
    if run.policy != "go":
        facts.append(f"schedule {run.schedule}")
    lines = [
        "",
        dim + wrap(f"── {title} ── {', '.join(facts)}", "", width, "   ") + off,
        dim + f"   {relative(run.file)}" + off,
        bold + shade + wrap(headline(run), "", width, "  ") + off,
    ]
    if run.leaks:
        lines += ["", findings_table(run, width)]
        costs = cost(run, width)
        if costs:
            lines += ["", costs]
    shown = findings(run, width)
    if shown:
        lines += ["", shown]
    waiting = who_waits(run, width)
    if waiting:
        lines += ["", "who waits for whom", waiting]
    notes = [note for note in run.notes if run.outcome != "limit" or note is not run.notes[0]]
    if run.exit_code == 0 and (run.goroutines or run.judgement.temporary):
        notes.append("main returned; judged as if the process lived on")
    if notes:
        lines += ["", *(wrap(f"note: {short_places(note)}", "", width, "      ") for note in notes)]
    if run.after_main.panic:
        lines += ["", *(f"  {line}" for line in run.after_main.panic.rstrip().splitlines())]
    return "\n".join(lines)


def cost(run: Run, width: int = WIDTH) -> str:
    """Return in a line what the goroutines that are stuck keep for themselves."""
    stuck = [leak for leak in run.leaks if leak.kind == "goroutine" and leak.retained_bytes]
    count = sum(leak.count for leak in stuck)
    if not count:
        return ""
    total = sum(leak.retained_bytes for leak in stuck)
    share = f", {total // count} each" if count > 1 else ""
    return wrap(
        f"kept in Go {run.go}: {total} bytes of stack, descriptor and queue entry{share}",
        "  ",
        width,
        "  ",
    )


def who_waits(run: Run, width: int = WIDTH) -> str:
    """Return who waits for whom as lines of text, equal goroutines folded."""
    if not any(g.waits for g in run.goroutines):
        return ""
    from gosim.leaks.graph import plain_graph, text_graph

    lines = text_graph(plain_graph(run.judgement, folded=True)).splitlines()
    return "\n".join(_fit(line, width) for line in lines)


def _fit(line: str, width: int) -> str:
    """Wrap a line of the graph, keeping the depth at which it stands."""
    depth = len(line) - len(line.lstrip(" "))
    indent = "  " + " " * min(depth, 8)
    return wrap(line.strip(), indent, width, "    ")
