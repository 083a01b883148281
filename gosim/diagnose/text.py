"""A diagnosis in words, for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from textwrap import wrap
from typing import TYPE_CHECKING, Final

from gosim.diagnose.lessons import LESSONS, scenario_of
from gosim.diagnose.rules import LEAK, OPEN, SUSPICIOUS, Finding
from gosim.views.text import size

if TYPE_CHECKING:
    from gosim.diagnose.diagnosis import Diagnosis
    from gosim.diagnose.heap import Site
    from gosim.diagnose.snapshot import Frame, Snapshot

__all__ = ["headline", "number", "place", "report", "size", "taught", "what_file"]

_MOST: Final = 12
"""So many groups of a kind are told in full."""
_BOLD, _RED, _YELLOW, _GREEN, _DIM, _OFF = (
    "\x1b[1m", "\x1b[31m", "\x1b[33m", "\x1b[32m", "\x1b[2m", "\x1b[0m",
)  # fmt: skip
_WORDS: Final = {
    LEAK: "leaks",
    SUSPICIOUS: "suspicious",
    OPEN: "cannot be told from this file",
}
_SHOWN_WAITS: Final = {
    "channel": "channel operation",
    "channel or select": "channel operation or select",
    "mutex": "lock",
    "waitgroup": "WaitGroup.Wait",
    "cond": "Cond.Wait",
    "io": "IO wait",
    "rwmutex read": "RWMutex.RLock",
    "rwmutex write": "RWMutex.Lock",
    "semaphore": "semacquire",
}


def report(d: Diagnosis, width: int = 100, color: bool = False) -> str:
    """Return the report."""
    page = _Page(width, color)
    page.lines += [what_file(d.snapshot)]
    if d.earlier is not None:
        earlier = d.earlier
        first = "its first dump" if earlier.name == d.snapshot.name else earlier.name
        page.lines[0] += f"; compared with {first} ({_amount(earlier)})"
    if d.snapshot.headline:
        page.lines.append(page.look(d.snapshot.headline, _BOLD))
    look = {LEAK: _RED, SUSPICIOUS: _RED, OPEN: _YELLOW}.get(d.verdict, _GREEN)
    page.lines.append(page.look(headline(d), _BOLD + look))
    for note in d.snapshot.notes:
        page.say(f"note: {note}")
    if d.snapshot.kind == "heap":
        _heap(d, page)
    else:
        _goroutines(d, page)
    page.lines.append("")
    page.lines.append(page.look("What this file cannot show", _BOLD))
    for text in d.hidden:
        page.say(text, "  - ", "    ")
    return "\n".join(line.rstrip() for line in page.lines)


class _Page:
    """Lines of a report."""

    def __init__(self, width: int, color: bool) -> None:
        self.width = max(40, width)
        self.color = color
        self.lines: list[str] = []

    def look(self, text: str, look: str) -> str:
        return f"{look}{text}{_OFF}" if self.color else text

    def say(self, text: str, first: str = "", rest: str | None = None) -> None:
        """Add a paragraph; `first` stands in front of its first line."""
        rest = " " * len(first) if rest is None else rest
        self.lines += wrap(
            text, self.width, initial_indent=first, subsequent_indent=rest,
            break_long_words=False, break_on_hyphens=False,
        ) or [first]  # fmt: skip


# -- goroutines ------------------------------------------------------------------------------------


def _goroutines(d: Diagnosis, page: _Page) -> None:
    for findings, verdict in ((d.leaks, SUSPICIOUS), (d.open, OPEN)):
        if not findings:
            continue
        page.lines.append("")
        title = "Suspicious" if verdict == SUSPICIOUS else "Cannot be told from this file"
        page.lines.append(page.look(title, _BOLD))
        for f in findings[:_MOST]:
            _finding(f, page)
        if len(findings) > _MOST:
            more = findings[_MOST:]
            count = sum(f.group.count for f in more)
            page.lines.append(f"  … and {number(len(more), 'group')} more ({count} goroutines)")
    if d.healthy:
        page.lines.append("")
        page.lines.append(page.look("Healthy", _BOLD))
        for count, why, place_ in folded(d.healthy):
            page.say(f"{why}{place_}", f"  {count:>6} × ", " " * 11)


def folded(healthy: Iterable[Finding]) -> Iterator[tuple[int, str, str]]:
    """Yield healthy groups: number, why, and the place where there is one."""
    together: dict[str, list[Finding]] = {}
    for f in healthy:
        together.setdefault(f.why, []).append(f)
    for why, some in together.items():
        names = dict.fromkeys(f.at.function for f in some if f.at is not None)
        shown = ", ".join(list(names)[:3]) + (", …" if len(names) > 3 else "")
        yield sum(f.group.count for f in some), why, f" ({shown})" if shown else ""


def _finding(f: Finding, page: _Page) -> None:
    g = f.group
    name = f.at.function if f.at is not None else "(no stack)"
    head = f"  {g.count:>6} × {name}  [{wait_text(f)}]"
    if f.grew:
        head += f"  {f.grew:+d}"
    look = {LEAK: _RED, SUSPICIOUS: _RED}.get(f.verdict, _YELLOW)
    page.lines.append(page.look(head, look))
    indent = " " * 11
    if f.at is not None and f.at.file:
        page.lines.append(f"{indent}at {place(f.at)}")
        if f.text:
            page.lines.append(f"{indent}   {page.look(f.text[: page.width - 16], _DIM)}")
    created = g.created_by
    if created is not None:
        gone = {"returned": ", which is on no stack any more", "there": ", which is there still"}
        started = f"started by {created.function} at {created.file}:{created.line}"
        page.say(started + gone.get(f.creator, ""), indent)
    if g.labels:
        labels = ", ".join(f"{k}: {v}" for k, v in list(g.labels.items())[:4])
        page.say(f"labels {{{labels}}}", indent)
    page.say(f"{_SAYS[f.verdict]}: {f.why}", indent)
    for note in f.notes:
        page.say(note, indent)
    if f.lesson:
        page.say(taught(f), indent)
        lesson = LESSONS[f.lesson]
        page.say(f"who releases it: {lesson.releases}", indent, indent + "  ")
        if f.verdict != OPEN:
            page.say(f"repair: {lesson.repair}", indent, indent + "  ")


_SAYS: Final = {LEAK: "leaks", SUSPICIOUS: "suspicious", OPEN: "open"}


def wait_text(f: Finding) -> str:
    """Return a wait as Go writes it, as far as the file tells."""
    text = f.group.reason or _SHOWN_WAITS.get(f.wait.kind, f.wait.kind)
    if f.group.leaked:
        text += " (leaked)"
    if f.group.minutes:
        text += f", {f.group.minutes} minutes"
    return text


def taught(f: Finding) -> str:
    """Return which lesson it is, and how to see it."""
    lesson = LESSONS[f.lesson]
    rows = f" ({', '.join(lesson.rows)})" if lesson.rows else ""
    name = scenario_of(f.lesson)
    see = f": gosim run {name}" if name else ""
    word = "lesson" if f.verdict != OPEN else "if they stay, the lesson is"
    text = f"{word}: {lesson.title}{rows}{see}" if word == "lesson" else (
        f"{word} {lesson.title}{rows}{see}"
    )
    if f.others:
        others = ", ".join(
            LESSONS[o].title + (f" ({', '.join(LESSONS[o].rows)})" if LESSONS[o].rows else "")
            for o in f.others
        )
        text += f"; looks the same here: {others}"
    return text


# -- heap ------------------------------------------------------------------------------------------


def _heap(d: Diagnosis, page: _Page) -> None:
    growing = [s for s in d.sites if s.growing]
    some = growing or d.sites
    page.lines.append("")
    title = "Sites that grow" if growing else "The largest sites"
    page.lines.append(page.look(title, _BOLD))
    for site in some[:_MOST]:
        _heap_site(site, page)
    if len(some) > _MOST:
        rest = sum(s.bytes for s in some[_MOST:])
        page.lines.append(f"  … and {number(len(some) - _MOST, 'site')} more ({size(rest)})")


def _heap_site(s: Site, page: _Page) -> None:
    name = s.at.function if s.at is not None else "the runtime itself"
    head = f"  {size(s.bytes):>9}  {name}  in {number(s.objects, 'object')}"
    if s.grew is not None:
        head += f"  {'+' if s.grew >= 0 else '-'}{size(abs(s.grew))}"
    page.lines.append(page.look(head, _RED if s.growing else ""))
    indent = " " * 13
    if s.at is not None:
        page.lines.append(f"{indent}at {place(s.at)}")
        if s.text:
            page.lines.append(f"{indent}   {page.look(s.text[: page.width - 18], _DIM)}")
    if s.lesson:
        page.say(heap_lesson(s), indent)
        if s.growing:
            lesson = LESSONS[s.lesson]
            page.say(f"who frees it: {lesson.releases}", indent, indent + "  ")
            page.say(f"repair: {lesson.repair}", indent, indent + "  ")


def heap_lesson(s: Site) -> str:
    """Return which memory lesson may fit a site."""
    lesson = LESSONS[s.lesson]
    rows = f" ({', '.join(lesson.rows)})" if lesson.rows else ""
    name = scenario_of(s.lesson)
    see = f": gosim run {name}" if name else ""
    because = f", for {s.why} allocates here" if s.why else ""
    return f"lesson that may fit: {lesson.title}{rows}{see}{because}"


# -- small things ----------------------------------------------------------------------------------


def headline(d: Diagnosis) -> str:
    """Return the verdict in one sentence."""
    if d.snapshot.kind == "heap":
        growing = [s for s in d.sites if s.growing]
        if d.earlier is None:
            return "what is in use, by the place that allocated it; growth needs a second snapshot"
        if not growing:
            return "no site grows"
        grew = sum(s.grew or 0 for s in growing)
        verb = "grows" if len(growing) == 1 else "grow"
        return f"{number(len(growing), 'site')} {verb}, by {size(grew)} together"
    leaks = d.leaks
    if not d.findings:
        return "Go's leak profile is empty: no goroutine is lost for good"
    if leaks:
        count = sum(f.group.count for f in leaks)
        proven = all(f.verdict == LEAK for f in leaks)
        verb = ("leaks" if count == 1 else "leak") if proven else (
            "is suspicious" if count == 1 else "are suspicious"
        )
        groups = f", in {number(len(leaks), 'group')}" if len(leaks) > 1 else ""
        return f"{number(count, 'goroutine')} {verb}{groups}"
    if d.open:
        count = sum(f.group.count for f in d.open)
        verb = "waits" if count == 1 else "wait"
        if d.earlier is not None:
            more = any((f.grew or 0) > 0 for f in d.open)
            so_far = "nothing is wrong for certain" if more else "nothing grows"
            return f"{so_far}; of {number(count, 'goroutine')} the files cannot tell"
        return (
            f"nothing is wrong for certain: {number(count, 'goroutine')} {verb}, and one snapshot "
            "cannot tell whether for good"
        )
    if d.snapshot.cut:
        return "nobody waits for good in the part of the file that is there: it is cut off"
    return "healthy: nobody waits for good" + (" and nothing grows" if d.earlier else "")


def what_file(snapshot: Snapshot) -> str:
    """Say what a file is."""
    kind = {
        "goroutine": "goroutine dump" if snapshot.format == "debug=2" else "goroutine profile",
        "goroutineleak": "goroutine leak profile",
        "heap": "heap profile",
    }[snapshot.kind]
    return f"{snapshot.name}: {kind} ({snapshot.format}), {_amount(snapshot)}"


def _amount(snapshot: Snapshot) -> str:
    if snapshot.kind == "heap":
        total = sum(site.inuse_bytes for site in snapshot.sites)
        return f"{size(total)} in use at {number(len(snapshot.sites), 'site')}"
    return (
        f"{number(snapshot.total, 'goroutine')} in {number(len(snapshot.groups), 'group')}"
    )


def place(frame: Frame) -> str:
    """Return file and line."""
    return f"{frame.file}:{frame.line}"


def number(n: int, what: str) -> str:
    """Return ``1 goroutine``, ``2 goroutines``, ``100 000 goroutines``."""
    digits = f"{n:,}".replace(",", " ") if abs(n) >= 10_000 else str(n)
    return f"{digits} {what}{'' if n == 1 else 's'}"

