"""An exploration as text: the verdict, a table of outcomes, the shortest way to each fault."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from gosim.views.text import (
    WIDTH,
    plural,
    relative,
    short,
    short_places,
    wrap,
)

if TYPE_CHECKING:
    from gosim.explore.exploration import Case, Exploration, Noticed

__all__ = ["ascii_only", "bad_cases", "briefly", "replay", "report", "rows", "seen", "share"]

_BOLD, _RED, _GREEN, _YELLOW, _DIM, _OFF = (
    "\033[1m",
    "\033[31m",
    "\033[32m",
    "\033[33m",
    "\033[2m",
    "\033[0m",
)
_MOST_CASES: Final = 12
_MOST_NOTICED: Final = 8
_IN_FULL: Final = 2
_LONGEST_OUTPUT: Final = 60
_BAR: Final = 10
_BLOCKS: Final = " ▏▎▍▌▋▊▉█"

BAD: Final = ("leak", "deadlock", "panic", "fatal", "limit")
"""Kinds of outcomes that are told with the way that leads there."""

HOW: Final = {
    "leak": "how it leaks",
    "deadlock": "how it deadlocks",
    "panic": "how it panics",
    "fatal": "how it dies",
    "limit": "how it goes on without end",
}


# -- words -----------------------------------------------------------------------------------------


def bad_cases(exploration: Exploration) -> list[Case]:
    """Return the first case of each kind of fault: those that are told as stories."""
    first: dict[str, Case] = {}
    for case in exploration.cases:
        if case.outcome.kind in BAD:
            first.setdefault(case.outcome.kind, case)
    return list(first.values())


def title(exploration: Exploration) -> str:
    """Return the name of what was explored."""
    variant = exploration.variant
    name = exploration.program
    return name if variant in ("main", "", name) else f"{name} · {variant}"


def share(schedules: int, exploration: Exploration) -> float:
    """Return which part of all schedules some are, 0 to 1."""
    return schedules / max(1, exploration.schedules)


def percent(part: float) -> str:
    """Return a share as people write it; what is not nothing is not 0 %, nor almost all 100 %."""
    rounded = round(100 * part)
    if rounded == 0 and part > 0:
        return "<1%"
    if rounded == 100 and part < 1:
        return ">99%"
    return f"{rounded}%"


def verdict_looks(exploration: Exploration) -> str:
    """Return ``bad``, ``good``, or ``open`` where nothing was found and nothing is proven."""
    if exploration.noticed or any(case.outcome.kind in BAD for case in exploration.cases):
        return "bad"
    return "good" if exploration.complete else "open"


def _brief_output(text: str, others: Sequence[str]) -> str:
    """Return in a line what a program printed, as far as it tells it from other outcomes."""
    lines = text.splitlines()
    if not lines:
        return "prints nothing"
    head = tail = 0
    if others:
        split = [other.splitlines() for other in others]
        shortest = min(len(lines), *map(len, split))
        while head < shortest and all(other[head] == lines[head] for other in split):
            head += 1
        while tail < shortest - head and all(o[-1 - tail] == lines[-1 - tail] for o in split):
            tail += 1
    kept = lines[head : len(lines) - tail] or lines[-1:]
    told = " ⏎ ".join(line.strip() for line in kept)
    if len(told) > _LONGEST_OUTPUT:
        told = told[: _LONGEST_OUTPUT - 1].rstrip() + "…"
    before = "… " if head and kept != lines else ""
    after = " …" if tail and kept != lines else ""
    return f"prints {before}{told}{after}"


def briefly(exploration: Exploration) -> list[str]:
    """Return for each case in a few words what it prints; all empty where all print the same."""
    texts = [case.outcome.output for case in exploration.cases]
    if len(set(texts)) < 2:
        return [""] * len(texts)
    return [_brief_output(text, [t for t in texts if t != text]) for text in texts]


def seen(case: Case) -> list[str]:
    """Return what a case leaves behind, or dies of: a few words for each thing."""
    outcome = case.outcome
    told = [outcome.error] if outcome.error else []
    if outcome.after:
        told.append(f"after main returned: {outcome.after}")
    for left in outcome.left:
        reason = f" [{left.wait_reason}]" if left.wait_reason else ""
        times = f"{left.number} × " if left.number > 1 else ""
        # Whom nobody can help stands there without a word; the others say what becomes of them.
        end = f" ({left.verdict})" if left.verdict not in ("permanent", "") else ""
        told.append(f"{times}{left.function}{reason} at {short(left.at)}{end}")
    told += [f"memory kept at {short(at)} ({verdict})" for at, verdict in outcome.kept]
    if outcome.kind == "exit":
        told.append(f"exit code {outcome.exit_code}")
    return told


def far(case: Case) -> str:
    """Return how far the way of a case is from the default schedule."""
    n = case.way.count
    return "default" if not n else str(n)


def bar(part: float, plain: bool = False) -> str:
    """Return a share as a bar of at most ten characters."""
    if plain:
        return "#" * max(1, round(part * _BAR))
    eighths = max(1, round(part * _BAR * 8))
    return "█" * (eighths // 8) + _BLOCKS[eighths % 8].strip()


# -- tables ----------------------------------------------------------------------------------------


class Row(NamedTuple):
    """A row of the table of outcomes.

    Attributes
    ----------
    case : Case
        The first one that it stands for.
    cases, schedules : int
        How many it stands for.
    told : str
        What is seen.
    """

    case: Case
    cases: int
    schedules: int
    told: str


def rows(exploration: Exploration) -> tuple[list[Row], int]:
    """Return the rows of the table of outcomes, and how many outcomes are left out.

    Of many outcomes, those that differ only in what they print share a row; of many rows, the
    first of each kind stay, then faults, then the others in their order.
    """
    outputs = dict(zip(map(id, exploration.cases), briefly(exploration), strict=True))
    many = len(exploration.cases) > _MOST_CASES
    groups: dict[object, list[Case]] = {}
    for case in exploration.cases:
        key = (case.outcome.kind, *seen(case)) if many else id(case)
        groups.setdefault(key, []).append(case)
    made = []
    for cases in groups.values():
        first = cases[0]
        words = [*seen(first), outputs[id(first)]]
        if len(cases) > 1:
            words[-1] = f"prints {len(cases)} different texts"
        told = "; ".join(word for word in words if word) or "nothing is left behind"
        made.append(Row(first, len(cases), sum(case.schedules for case in cases), told))
    kept = shown_cases(exploration, _MOST_CASES, [row.case for row in made])
    shown = [row for row in made if any(row.case is case for case in kept)]
    return shown, len(exploration.cases) - sum(row.cases for row in shown)


def shown_cases(
    exploration: Exploration, most: int = _MOST_CASES, among: list[Case] | None = None
) -> list[Case]:
    """Return some cases in their order: the first of each kind, then faults, then the others."""
    cases = exploration.cases if among is None else among
    if len(cases) <= most:
        return cases
    firsts: dict[str, Case] = {}
    for case in cases:
        firsts.setdefault(case.outcome.kind, case)
    faults = [case for case in cases if case.outcome.kind in BAD]
    wanted = {id(case) for case in [*firsts.values(), *faults, *cases][:most]}
    for case in cases:
        if len(wanted) >= most:
            break
        wanted.add(id(case))
    return [case for case in cases if id(case) in wanted]


def outcomes_table(exploration: Exploration, width: int = WIDTH, plain: bool = False) -> str:
    """Return the distinct outcomes as a table, the default schedule's first."""
    head = ("schedules", "share", "outcome", "deviations", "what is seen")
    shown, hidden = rows(exploration)
    lines = [
        (
            str(row.schedules),
            f"{percent(part):>4} {bar(part, plain)}",
            row.case.outcome.kind,
            far(row.case),
            row.told,
        )
        for row in shown
        for part in [share(row.schedules, exploration)]
    ]
    text = _columns(lines, head, width)
    if hidden:
        rest = exploration.schedules - sum(row.schedules for row in shown)
        others = f"… and {plural(hidden, 'more outcome')} of {plural(rest, 'schedule')}"
        text += "\n" + wrap(f"{others}: --json has all", "  ", width, "    ")
    return text


def _columns(rows: Sequence[tuple[str, ...]], head: tuple[str, ...], width: int) -> str:
    everything = [head, *rows]
    widths = [max(len(row[i]) for row in everything) for i in range(len(head))]
    last = 2 + sum(w + 2 for w in widths[:-1])
    if last + 24 > width:  # a narrow page has lines instead of columns
        lines = []
        for count, part, kind, away, told in rows:
            where = "the default schedule" if away == "default" else f"{away} deviations"
            lines.append(wrap(f"{count} × {kind} ({part.split()[0]}, {where})", "  ", width, "  "))
            lines.append(wrap(told, "      ", width))
        return "\n".join(lines)
    lines = []
    for row in everything:
        cells = [
            cell.rjust(w) if i in (0, 3) else cell.ljust(w)
            for i, (cell, w) in enumerate(zip(row[:-1], widths[:-1], strict=True))
        ]
        first = "  " + "  ".join([*cells, ""])
        lines.append((first + wrap(row[-1], " " * last, width).lstrip(" ")).rstrip())
    return "\n".join(lines)


# -- the report ------------------------------------------------------------------------------------


def report(
    exploration: Exploration,
    name: str = "",
    *,
    color: bool = False,
    width: int = WIDTH,
    plain: bool = False,
) -> str:
    """Return what ``gosim explore`` prints.

    Parameters
    ----------
    exploration : Exploration
    name : str
        What to type behind ``gosim run``; left out, the file of the program.
    color : bool
        Emphasise with ANSI colours.
    width : int
        Columns of the page.
    plain : bool
        Write bars in ASCII, for a terminal that has nothing else.
    """
    bold, dim, off = (_BOLD, _DIM, _OFF) if color else ("", "", "")
    shades = {"bad": _RED, "good": _GREEN, "open": _YELLOW}
    shade = shades[verdict_looks(exploration)] if color else ""
    lines = [
        "",
        dim + wrap(f"── {title(exploration)} ── {facts(exploration)}", "", width, "   ") + off,
    ]
    file = exploration.cases[0].run.file if exploration.cases else ""
    if file:
        lines.append(f"{dim}   {relative(file)}{off}")
    lines.append(bold + shade + wrap(exploration.verdict(), "", width, "  ") + off)
    if exploration.cases:
        lines += ["", outcomes_table(exploration, width, plain)]
    name = name or relative(file)
    for case in bad_cases(exploration):
        lines += ["", bold + wrap(heading(exploration, case), "", width, "  ") + off]
        lines += [wrap(short_places(text), "  ", width, "  ") for text in story(case)]
        if case.token:
            lines.append(f"  replay it: {replay(name, case.token)}")
    if exploration.noticed:
        lines += ["", f"{bold}noticed on the way{off}", noticed(exploration, name, width)]
    notes = assumptions(exploration)
    if notes:
        lines += ["", *(wrap(f"note: {note}", "", width, "      ") for note in notes)]
    text = "\n".join(lines)
    return ascii_only(text) if plain else text


_ASCII: Final = str.maketrans(
    {"×": "x", "→": "->", "←": "<-", "…": "...", "⏎": "/", "─": "-", "–": "-", "·": "-"}
    | {"▶": ">", "■": "#", "“": '"', "”": '"'}
)


def ascii_only(text: str) -> str:
    """Return a text of ours for a terminal that has nothing else."""
    return text.translate(_ASCII)


def facts(exploration: Exploration) -> str:
    """Return in a line how the exploration was done."""
    parts = [f"Go {exploration.go}", f"{plural(exploration.schedules, 'schedule')} explored"]
    if exploration.traces != exploration.schedules:
        parts[-1] += f", {exploration.traces} of them different"
    if exploration.blocked:
        parts.append(f"{exploration.blocked} given up as known")
    parts.append(f"strategy {exploration.strategy}")
    return ", ".join(parts)


def heading(exploration: Exploration, case: Case) -> str:
    """Return what stands over the story of a case."""
    words = HOW[case.outcome.kind]
    if not case.way.count:
        if case.story:
            return words  # the story begins with it
        return f"{words}: in the default schedule"
    n = plural(case.way.count, "deviation")
    fewest = "the fewest" if case.fewest else "the fewest found"
    return f"{words}: {n} from the default schedule ({fewest})"


def story(case: Case) -> list[str]:
    """Return the sentences about a case; without a story, what the run says of itself."""
    if case.story:
        return case.story
    told = [leak.explanation for leak in case.run.leaks]
    if case.outcome.error:
        told.insert(0, case.outcome.error)
    if case.outcome.kind == "limit" and case.run.notes:
        told += case.run.notes
    return told


def replay(name: str, token: str, option: str = "") -> str:
    """Return the command that replays a schedule; arguments of the program stay at its end."""
    name, dashes, arguments = name.partition(" -- ")
    words = ["gosim run", name, "--replay", token, option]
    return " ".join(filter(None, words)) + dashes + arguments


def noticed(exploration: Exploration, name: str = "", width: int = WIDTH) -> str:
    """Return what was noticed beside the outcomes: the first ones in full, then their places."""
    parts = [
        _noticed(each, exploration, name, width, full=i < _IN_FULL)
        for i, each in enumerate(exploration.noticed)
    ]
    more = len(parts) - _MOST_NOTICED
    if more > 0:
        parts[_MOST_NOTICED:] = [f"  … and {more} more: --json has all"]
    return "\n".join(parts)


def often(each: Noticed, exploration: Exploration) -> str:
    """Return in how many schedules something was noticed."""
    return f"in {each.schedules} of {plural(exploration.schedules, 'schedule')}"


def said(each: Noticed) -> list[str]:
    """Return the lines of a finding, without the rules above and below them."""
    lines = [line.rstrip() for line in short_places(each.finding.text).splitlines()]
    return [line for line in lines if line.strip("=") or not line]


def _noticed(each: Noticed, exploration: Exploration, name: str, width: int, *, full: bool) -> str:
    finding = each.finding
    heads = f"{finding.kind} {often(each, exploration)}"
    text = said(each)
    if len(text) == 1:
        lines = [wrap(f"{heads}: {text[0]}", "  ", width, "  ")]
    elif not full:
        lines = [wrap(f"{heads}: {', '.join(map(short, finding.at))}", "  ", width, "  ")]
    else:
        lines = [f"  {heads}"]
        for line in text:
            indent = "    " + " " * (len(line) - len(line.lstrip()))
            lines.append(wrap(line, indent, width, "  ").rstrip())
    if each.token and name:
        lines.append(f"  replay it: {replay(name, each.token)}")
    return "\n".join(lines)


def assumptions(exploration: Exploration) -> list[str]:
    """Return what holds for the verdict."""
    notes = list(exploration.assumed)
    outcomes = exploration.outcomes
    judged = any(case.run.exit_code == 0 and case.outcome.left for case in exploration.cases)
    if judged and outcomes.get("leak"):
        notes.append("main returned; judged as if the process lived on")
    return notes
