"""A run as text: the verdict, a table, one sentence per finding, the fix, memory, who waits."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from gosim.leaks.messages import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from gosim.leaks.judge import Goroutine, Leak
    from gosim.leaks.run import Run
    from gosim.memory.samples import Holding, MemoryRecord, Sample

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


def size(n: int) -> str:
    """Return bytes as people read them: ``512 B``, ``7.9 MiB``, ``112 MiB``."""
    amount, unit = float(abs(n)), 0
    # What would be written as 1024 of a unit is 1 of the next.
    while amount >= (1023.5 if unit else 1024) and unit < len(_UNITS) - 1:
        amount /= 1024
        unit += 1
    # A GiB is much: its hundredths are told, too.
    places = 0 if amount >= 99.95 else 2 if unit > 2 and amount < 9.995 else 1
    digits = f"{amount:.{places}f}"
    if places:
        digits = digits.rstrip("0").rstrip(".")
    return f"{'-' if n < 0 else ''}{digits} {_UNITS[unit]}"


_UNITS = ("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB")


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
_PINNED = {
    "permanent": "kept for good that nobody sees",
    "temporary": "kept for a while that nobody sees",
}
_LEAST_KEPT = 64 << 10
_LEAST_UNSEEN = 2048
_LEAST_FOR_A_WHILE = 1 << 20
_MANY_DEAD = 1 << 20
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
    kept: dict[str, int] = {}
    both: dict[str, int] = {}  # what is kept by goroutines, and pinned
    told = run.memory_record is not None
    for leak in [*run.leaks, *run.judgement.temporary]:
        # Timers are counted, all other memory is weighed.
        pinned = leak.kind == "memory" and leak.holder != say("forgotten.holder")
        key = leak.verdict, "pinned" if pinned else leak.kind
        counts[key] = counts.get(key, 0) + (leak.bytes if pinned else leak.count)
        kept[leak.verdict] = kept.get(leak.verdict, 0) + leak.retained_bytes
        if pinned:
            both[leak.verdict] = both.get(leak.verdict, 0) + leak.counted
    bad: list[str] = []
    mild: list[str] = []
    for verdict in _STATES:
        for (of, kind), n in counts.items():
            if of == verdict:
                shared = both.get(verdict, 0) if told and kept[verdict] >= _LEAST_KEPT else 0
                if kind == "pinned" and shared:
                    if n - shared < _LEAST_UNSEEN:
                        continue
                    part = f"another {_counted(n - shared, verdict, kind)}"
                else:
                    part = _counted(n, verdict, kind)
                if kind == "goroutine" and told and kept[verdict] >= _LEAST_KEPT:
                    part += f" and keep{'s' if n == 1 else ''} {size(kept[verdict])} alive"
                    part += f" ({size(shared)} of it nobody sees)" if shared else ""
                (bad if verdict in ("permanent", "unproven") else mild).append(part)
    if bad:
        return f"leak: {', '.join(bad)}" + (f"; {', '.join(mild)}" if mild else "")
    if run.outcome == "leak":
        return "leak: the process hangs"
    record = run.memory_record
    if record is not None and (text := for_a_while(record) or stacks_for_a_while(record)):
        mild.append(f"temporary: {text}")
    dead = sum(h.bytes for h in record.holdings if h.kind == "dead") if record is not None else 0
    if dead >= _MANY_DEAD:
        mild.append(f"the runtime keeps {size(dead)} of dead goroutines")
    return f"ok: nothing leaks; {', '.join(mild)}" if mild else "ok: nothing is left behind"


def for_a_while(record: MemoryRecord) -> str:
    """Return what was alive at one time and is not any more; empty when that is little.

    Garbage is not alive: what counts is what a collection has left.
    """
    left = (record.stats_after_gc or record.stats).get("heap_alloc", 0)
    most = max(record.cycles, key=lambda cycle: cycle.after, default=None)
    if most is None or most.after - left < max(_LEAST_FOR_A_WHILE, most.after // 2):
        return ""
    low = (most.after + left) // 2
    until = next((c.at for c in record.cycles if c.at > most.at and c.after <= low), None)
    text = f"{size(most.after - left)} of heap were alive at {duration(most.at)} and were freed "
    return text + (f"by {duration(until)}" if until is not None else "later")


def stacks_for_a_while(record: MemoryRecord) -> str:
    """Return what stacks took at one time and do not any more; empty when that is little."""
    left = (record.stats_after_gc or record.stats).get("stack_inuse", 0)
    most = max(record.samples, key=attrgetter("stack_inuse"), default=None)
    if most is None or most.stack_inuse - left < max(_LEAST_FOR_A_WHILE, most.stack_inuse // 2):
        return ""
    low = (most.stack_inuse + left) // 2
    later = (s.at for s in record.samples if s.at > most.at and s.stack_inuse <= low)
    until = next(later, None)
    text = f"{size(most.stack_inuse - left)} of stacks were in use at {duration(most.at)} and were "
    return text + (f"given back by {duration(until)}" if until is not None else "given back later")


def _counted(n: int, verdict: str, kind: str) -> str:
    if kind == "goroutine":
        return f"{plural(n, 'goroutine')} {_STATES[verdict][n != 1]}"
    if kind == "pinned":
        return f"{size(n)} {_PINNED[verdict]}"
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
        elif thing.kind == "pool":
            text += f" ({thing.len} of {thing.cap} in use)"
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


def went_wrong(outcome: str) -> bool:
    """Return whether a run ended as no program should."""
    return outcome not in ("ok", "exit")


def what(leak: Leak) -> str:
    """Return what leaks, and what it waits for, in a few words."""
    reason = f" [{leak.wait_reason}]" if leak.wait_reason else ""
    return f"{leak.function or leak.kind}{reason}"


def _row(run: Run, leak: Leak) -> tuple[str, ...]:
    found = [run.judgement.goroutine(id) for id in leak.goroutines]
    listed = sum(1 for g in found if g is not None and g.in_profile)
    profile = ""
    if leak.kind == "goroutine":
        some = f"{listed} of {leak.count}" if listed else "no"
        profile = "yes" if listed == leak.count else some
    waits = _waits(found[0] if found else None)
    return (str(leak.count), what(leak), short(leak.at), waits, leak.verdict, profile)


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


def report(
    run: Run,
    scenario: Any = None,
    *,
    color: bool = False,
    width: int = WIDTH,
    plain: bool = False,
) -> str:
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
    plain : bool
        Draw the curves of memory with ASCII, for a terminal that has nothing else.
    """
    bold, red, green, dim, off = (_BOLD, _RED, _GREEN, _DIM, _OFF) if color else ("",) * 5
    shade = red if went_wrong(run.outcome) else green
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
    used = memory(run.memory_record, width, plain) if run.memory_record is not None else ""
    if used:
        lines += ["", used]
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
    total = sum(leak.retained_bytes - leak.heap_bytes for leak in stuck)
    share = f", {_exactly(total // count)} each" if count > 1 else ""
    return wrap(
        f"kept in Go {run.go}: {_exactly(total)} of stack, descriptor and queue entry{share}",
        "  ",
        width,
        "  ",
    )


def _exactly(n: int) -> str:
    """Return bytes to the last one, unless they are a million and more."""
    return f"{n} bytes" if n < 1_000_000 else size(n)


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


# -- memory ----------------------------------------------------------------------------------------

_CURVES: tuple[tuple[str, str, str], ...] = (
    ("live heap", "heap_live", "heap_alloc"),
    ("heap in use", "heap_inuse", "heap_inuse"),
    ("stacks", "stack_inuse", "stack_inuse"),
    ("RSS, what top shows", "rss", "rss"),
)
"""Title, field of `Sample`, field of the statistics."""

_CAUSES = {
    "heap": "at the heap's goal",
    "limit": "for the memory limit",
    "forced": "forced after two minutes",
    "runtime.GC": "by runtime.GC",
}
_NO_GOAL = 1 << 60
"""With the collector off, Go's NextGC is a number near 2**63 or 2**64."""
_LONGEST_CURVE = 60
_MOST_HOLDERS = 5


def memory(record: MemoryRecord, width: int = WIDTH, plain: bool = False) -> str:
    """Return what a run says about its memory, or nothing when it used none.

    Parameters
    ----------
    record : MemoryRecord
    width : int
        Columns of the page.
    plain : bool
        Write ASCII only.
    """
    if not any(peak(record, field, key) for _, field, key in _CURVES):
        return ""
    parts = [memory_table(record, width)]
    counted = collections(record)
    goal = record.stats.get("next_gc", 0)
    if counted:
        more = f"; the next one at {size(goal)} of live heap" if 0 < goal < _NO_GOAL else ""
        parts.append(wrap(f"{counted}{more}", "  ", width, "  "))
    parts.append(_curves(record, width, plain))
    if record.holdings:
        parts.append(f"who holds it when {record.moment}\n{holdings_table(record.holdings, width)}")
    text = "\n".join(part for part in parts if part)
    return text.replace("×", "x").replace("→", "->").replace("…", "...") if plain else text


def peak(record: MemoryRecord, field: str, key: str) -> int:
    """Return the most that a curve reached; bytes."""
    values: list[int] = [getattr(s, field) for s in record.samples] or [record.stats.get(key, 0)]
    if field == "heap_live":
        values += [cycle.before for cycle in record.cycles]
    return max(values)


def memory_table(record: MemoryRecord, width: int = WIDTH) -> str:
    """Return live heap, heap in use, stacks and RSS at three moments as a table."""
    narrow = width < 60
    brief = "return" if record.moment == "main returns" else "end"
    heads = ["peak", brief, "after GC"] if narrow else ["at its peak", record.moment]
    columns = [record.stats]
    if record.stats_after_gc:
        heads[2:] = ["after GC" if narrow else "after a GC"]
        columns.append(record.stats_after_gc)
    rows = [["memory", *heads[: 1 + len(columns)]]]
    for title, field, key in _CURVES:
        highest = max(peak(record, field, key), record.stats.get(key, 0))
        if highest:
            name = title.partition(",")[0] if narrow else title
            rows.append([f"  {name}", size(highest), *(size(c.get(key, 0)) for c in columns)])
    first, *widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    gap = " " if narrow else "  "
    return "\n".join(
        gap.join([row[0].ljust(first), *map(str.rjust, row[1:], widths)]) for row in rows
    )


def collections(record: MemoryRecord) -> str:
    """Return how often the collector ran and why: ``3 collections: 2 at the heap's goal, …``."""
    count = len(record.cycles) or record.stats.get("num_gc", 0)
    if not count:
        return ""
    causes = [cycle.kind for cycle in record.cycles]
    parts = [
        f"{causes.count(cause)} {_CAUSES.get(cause, cause)}" for cause in dict.fromkeys(causes)
    ]
    if len(parts) == 1 and count == 1:
        parts = [parts[0].removeprefix("1 ")]
    return plural(count, "collection") + (f": {', '.join(parts)}" if parts else "")


def stays(record: MemoryRecord, longest: int = 1000) -> str:
    """Return the verdict on the memory in a line: what stays, who keeps it, what nobody sees.

    Parameters
    ----------
    record : MemoryRecord
    longest : int
        Characters of the holder's name at most.
    """
    live = peak(record, "heap_live", "heap_alloc")
    stack = peak(record, "stack_inuse", "stack_inuse")
    after = record.stats_after_gc or record.stats
    when = "after a collection" if record.stats_after_gc else f"when {record.moment}"
    text = f"{size(after.get('heap_alloc', 0))} of heap {when}"
    if live > after.get("heap_alloc", 0) * 1.1:
        text += f", {size(live)} at the peak"
    if stack > live:
        text += f"; {size(after.get('stack_inuse', 0))} of stacks"
    held = [h for h in record.holdings if h.kind != "idle"]
    if held:
        top = max(held, key=lambda h: h.bytes)
        name = top.holder
        if len(name) > longest:
            name = name[: longest - 1] + "…"
        text += f"; {name} keeps {size(top.bytes)}"
        hidden = sum(h.hidden for h in record.holdings)
        if hidden >= _LEAST_UNSEEN:
            text += f"; {size(hidden)} of the heap nobody can see"
    return text


def time_moves(samples: Sequence[Sample]) -> bool:
    """Return whether virtual time can be the horizontal axis.

    Code that computes takes no virtual time: when nearly all samples share a few moments, a curve
    over time would be a wall, and the number of the sample says more.
    """
    moments = len({s.at for s in samples})
    return moments > 1 and len(samples) <= 8 * moments


def _curves(record: MemoryRecord, width: int, plain: bool) -> str:
    """Return the curves of RSS and live heap, in one scale."""
    samples = record.samples
    if len(samples) < 2:
        return ""
    chosen = [c for c in (_CURVES[3], _CURVES[0]) if any(getattr(s, c[1]) for s in samples)]
    names = [title.partition(",")[0] for title, _, _ in chosen]
    top = max(getattr(s, field) for s in samples for _, field, _ in chosen)
    ends = [size(getattr(samples[-1], field)) for _, field, _ in chosen]
    # Two columns before the name, two behind it, two behind the curve.
    room = width - 6 - max(map(len, names)) - max(map(len, ends))
    columns = max(8, min(_LONGEST_CURVE, room))
    lines = []
    for name, (_, field, _), end in zip(names, chosen, ends, strict=True):
        curve = sparkline(samples, attrgetter(field), columns, top, plain)
        lines.append(f"  {name:{max(map(len, names))}}  {curve}  {end}")
    first, last = samples[0].at, samples[-1].at
    over = (
        f"{duration(first)} to {duration(last)} of virtual time"
        if time_moves(samples)
        else f"{plural(len(samples), 'sample')}, one after the other: virtual time stands still"
    )
    lines.append(wrap(f"{over}; the top of the scale is {size(top)}", "  ", width, "  "))
    return "\n".join(lines)


_BLOCKS, _ASCII = "▁▂▃▄▅▆▇█", "_.-~=+*#"


def sparkline(
    samples: Sequence[Sample],
    value: Callable[[Sample], int],
    columns: int,
    top: int,
    plain: bool = False,
) -> str:
    """Return a curve as a line of blocks, the highest value within each column.

    Parameters
    ----------
    samples : sequence of Sample
    value : callable
        What to draw of a sample.
    columns : int
        At most so many characters; a curve of few samples over no time is shorter.
    top : int
        The value of a full block.
    plain : bool
        Use ASCII characters.
    """
    marks = _ASCII if plain else _BLOCKS
    if time_moves(samples):
        first, span = samples[0].at, max(1, samples[-1].at - samples[0].at)
        places = [(s.at - first) * columns // span for s in samples]
    else:
        columns = min(columns, len(samples))
        places = [i * columns // len(samples) for i in range(len(samples))]
    highest: list[int | None] = [None] * columns
    inherited = list(highest)
    for place, sample in zip(places, samples, strict=True):
        place = min(place, columns - 1)
        highest[place] = max(value(sample), highest[place] or 0)
        inherited[place] = value(sample)
    line, level = "", 0
    for high, last in zip(highest, inherited, strict=True):
        shown = level if high is None else high
        level = level if last is None else last
        line += marks[min(7, shown * 8 // max(1, top))]
    return line


def in_order(holding: Holding) -> tuple[bool, int]:
    """Return the key by which holders are sorted: the largest first, pages in no use last."""
    return holding.kind == "idle", -holding.bytes


def holdings_table(
    holdings: Sequence[Holding], width: int = WIDTH, most: int = _MOST_HOLDERS
) -> str:
    """Return who holds what, the largest first, pages in no use last.

    What is left out is the smallest, and counted.

    Parameters
    ----------
    holdings : sequence of Holding
    width : int
        Columns of the page.
    most : int
        So many holders at most.
    """
    ordered = sorted(holdings, key=lambda h: -h.bytes)
    shown, rest = sorted(ordered[:most], key=in_order), ordered[most:]
    pinned = any(h.hidden for h in shown)
    head = ("bytes", *(("nobody sees",) if pinned else ()), "held by", "what")
    rows = []
    for h in shown:
        what = f"{h.what}, from {_from(h)}" if h.at else h.what
        unseen = (size(h.hidden) if h.hidden else "",) if pinned else ()
        rows.append((size(h.bytes), *unseen, h.holder, what))
    fixed = sum(
        max(map(len, column)) + 2 for column in zip(head[:-1], *(r[:-1] for r in rows), strict=True)
    )
    if 2 + fixed + 24 <= width:
        text = table(rows, "  ", width, head, right=range(2 if pinned else 1))
    else:
        text = "\n".join(_holding(h, width) for h in shown)
    if rest:
        others = f"… and {plural(len(rest), 'more holder')} of {size(sum(h.bytes for h in rest))}"
        text += "\n" + wrap(others, "  ", width)
    return text


def _from(holding: Holding) -> str:
    """Return where most of it was allocated, and how many other places there are."""
    others = holding.places - 1
    return short(holding.at) + (f" and {plural(others, 'other place')}" if others > 0 else "")


def _holding(holding: Holding, width: int) -> str:
    """Return a holder as a sentence, for a page too narrow for columns."""
    text = f"{size(holding.bytes)}: {holding.holder}: {holding.what}"
    text += f", from {_from(holding)}" if holding.at else ""
    text += f"; {size(holding.hidden)} of it nobody sees" if holding.hidden else ""
    return wrap(text, "  ", width, "    ")


def heap_dump(record: MemoryRecord) -> str:
    """Return everything that is known about a run's memory: all holders, collections, figures."""
    parts = [memory(record) or "the program used no memory"]
    if len(record.holdings) > _MOST_HOLDERS:
        every = holdings_table(record.holdings, most=len(record.holdings))
        parts.append(f"all that is held\n{every}")
    if record.cycles:
        head = ("at", "live before", "after", "next goal", "why")
        rows = [
            (
                duration(cycle.at),
                size(cycle.before),
                size(cycle.after),
                size(cycle.goal) if cycle.goal < _NO_GOAL else "none",
                _CAUSES.get(cycle.kind, cycle.kind),
            )
            for cycle in record.cycles
        ]
        parts.append(f"collections\n{table(rows, '  ', WIDTH, head, right=range(4))}")
    if record.stats:
        names = [*record.stats, *(k for k in record.stats_after_gc if k not in record.stats)]
        columns = [record.stats, record.stats_after_gc]
        rows_of = [(k, *(str(c[k]) if k in c else "" for c in columns), "") for k in names]
        head_of = ("runtime.MemStats", record.moment, "after GCs", "")
        parts.append(table(rows_of, "  ", WIDTH, head_of, right=(1, 2)))
    return "\n\n".join(parts)
