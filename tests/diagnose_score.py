"""How often ``gosim diagnose`` names the right lesson, and how often it cries wolf.

    python -m tests.diagnose_score            # the table
    python -m tests.diagnose_score --write    # into docs/diagnose.md
    python -m tests.diagnose_score 1.27 -v    # what is not right

The files are those of ``tests/record_diagnose.py``. Which groups leak is not asked of gosim: of
scenarios and kernels it is what Go 1.27's own leak profile lists, of the programs in
``tests/diagnose/leaky`` (most of them leak what that profile cannot prove) it is written below.
Which lesson is right is the scenario's own row; of kernels it is their published class of bug (the
``README.md`` of GoKer, which comes with Go 1.27), read together with what a goroutine waits for.
"""

from __future__ import annotations

import lzma
import re
import sys
import tarfile
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final

from gosim.diagnose.diagnosis import Diagnosis, diagnose
from gosim.diagnose.files import read
from gosim.diagnose.heap import of_library
from gosim.diagnose.lessons import LESSONS
from gosim.diagnose.rules import HEALTHY, LEAK, OPEN, SUSPICIOUS, Finding
from gosim.diagnose.snapshot import Group
from gosim.scenario import scenarios

HERE: Final = Path(__file__).resolve().parent / "diagnose"
PAGE: Final = HERE.parent.parent / "docs" / "diagnose.md"
VERSIONS: Final = ("1.21", "1.22", "1.24", "1.27")

#: Name of a form, and the files it is made of.
FORMS: Final = {
    "two dumps, debug=2": ("one.2.txt", "two.2.txt"),
    "two profiles, protobuf": ("one.pb", "two.pb"),
    "two profiles, debug=1": ("one.1.txt", "two.1.txt"),
    "leak profile, protobuf": ("leak.pb",),
    "leak profile, debug=1": ("leak.1.txt",),
    "dump after a leak profile": ("leak.2.txt",),
    "one dump, debug=2": ("two.2.txt",),
}

#: Lessons whose own point is another than the wait that they show.
ALSO: Final = {
    "cost-of-a-goroutine": {"C4"},
    "two-kinds": {"C4"},
    # Its workers select on a stop channel that nobody closes.
    "worker-pool-without-shutdown": {"C4", "C6"},
    "subscription-never-cancelled": {"C4", "C6"},
    "errgroup-without-context": {"C4", "C6", "C2"},
    "cache-without-eviction": {"C4"},
    # One program, two faults: the late senders, and a receiver that nobody serves.
    "all-asleep": {"C4"},
    # Two goroutines on a channel that was never made, as the article prints it.
    "ten-senders-one-receiver": {"C3"},
    # The goroutine waits in a select on the ticker and a reply: a deadlock that a ticker hides.
    "ticker-never-stopped": {"C4", "C6"},
    "waitgroup-without-done": {"C1"},
    "forgotten-cancel": {"C4"},
}

#: Of programs whose leak Go's profile does not list: functions that leak, and right lessons.
LEAKY: Final = {
    "body-not-closed": {r"readLoop|writeLoop": {"http-body"}},
    "context-watcher": {r"main\.watch": {"C6"}},
    "errgroup-no-context": {r"main\.part": {"C4", "C6"}, r"main\.all|Wait": {"errgroup"}},
    "group-waits": {r"main\.fetch": {"C4", "C6"}, r"main\.collect": {"C2"}},
    "handler-blocked": {r"main\.handle": {"C1"}},
    "handler-outlives-request": {r"main\.handle\.func1": {"C6", "C4"}},
    "pipe-reader-gone": {r"main\.export": {"io-pipe"}},
    "retry-storm": {r"main\.deliver": {"retry-storm"}},
    "rows-not-closed": {r"main\.first": {"sql-rows"}},
    "subscription": {r"main\.page": {"C4"}},
    "ticker-loop": {r"main\.heartbeat": {"C5"}},
}

_LOCKS: Final = {"mutex", "rwmutex read", "rwmutex write"}
_CHANNELS: Final = {"chan send", "chan receive", "channel", "select", "channel or select"}

#: Published class of bug (lower case) and what a lock's waiter in it has to learn.
LOCK_ROWS: Final = {
    "ab-ba": {"C2"}, "double locking": {"C1"}, "rwr": {"C2"}, "channel & lock": {"C1"},
    "missing unlock": {"C1"}, "": {"C1"},
}  # fmt: skip


@cache
def files(version: str) -> dict[str, bytes]:
    """Return what real Go of a version has written, by name."""
    raw = lzma.decompress((HERE / f"go{version}.tar.xz").read_bytes())
    with tarfile.open(fileobj=BytesIO(raw)) as archive:
        found = {}
        for member in archive:
            file = archive.extractfile(member)
            assert file is not None
            found[member.name] = file.read()
        return found


def programs(version: str) -> list[str]:
    """Return the programs of a version: ``first-answer-wins/leak``, ``kernels/NilSend`` …"""
    return sorted({name.rpartition("/")[0] for name in files(version) if "/" in name})


@cache
def classes() -> dict[str, str]:
    """Return the published class of bug of each kernel, all in lower case."""
    table = HERE / "goker.txt"
    return dict(line.split(": ") for line in table.read_text("utf-8").splitlines())


def place(group: Group) -> tuple[str, int]:
    """Return function and line of the innermost frame that is the program's own."""
    for frame in group.seen:
        if not of_library(frame):
            return frame.function, frame.line
    return "", 0


@cache
def leaking(program: str) -> dict[tuple[str, int], bool]:
    """Return where Go's leak profile says goroutines are lost, and if at a nil channel."""
    for name in ("leak.2.txt", "leak.1.txt"):
        data = files("1.27").get(f"{program}/{name}")
        if data:
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / name
                path.write_bytes(data)
                return {place(g): "nil chan" in g.reason for g in read(path).groups if g.leaked}
    return {}


def wanted(program: str, finding: Finding) -> set[str] | None:
    """Return rows or lessons that are right for a group; None when it does not leak."""
    kind, _, name = program.partition("/")
    names = " ".join(finding.group.functions)
    if kind == "healthy":
        return None
    if kind == "leaky":
        for pattern, right in LEAKY[name].items():
            if re.search(pattern, names) and finding.wait.kind not in ("running", "io"):
                return right
        return None
    if place(finding.group) not in leaking(program) or not finding.wait.blocks:
        return None
    if leaking(program)[place(finding.group)]:
        return {"C3"}
    if kind != "kernels":
        scenario = next((s for s in scenarios() if s.name == kind), None)
        rows = set(scenario.rows) if scenario is not None else set()
        return rows | ALSO.get(kind, set())
    published = next((c for n, c in classes().items() if n == name.lower()), "")
    if finding.wait.kind in _LOCKS:
        rows = next(r for c, r in LOCK_ROWS.items() if c in published)
        if finding.wait.kind != "mutex" or "sync.(*RWMutex)" in names:
            # Whether a second read lock or a lost unlock: both are double locking of a RWMutex.
            return rows | {"C2", "C1"} if "double" in published or not published else rows
        return rows | {"C1"} if "rwr" in published else rows
    if finding.wait.kind in _CHANNELS:
        return {"C3"} if finding.wait.nil else {"C4", "C6"}
    return {"C2"}


def named(lesson: str) -> set[str]:
    """Return what a lesson counts as: its rows and its own name."""
    return {lesson, *LESSONS[lesson].rows} if lesson else set()


@dataclass
class Score:
    """Counts of groups."""

    first: int = 0
    among: int = 0
    open: int = 0
    wrong: int = 0
    missed: int = 0
    healthy: int = 0
    alarms: int = 0
    questions: int = 0
    told: list[str] = field(default_factory=list)

    @property
    def leaking(self) -> int:
        """How many groups leak."""
        return self.first + self.among + self.open + self.wrong + self.missed

    def add(self, other: Score) -> None:
        """Count another's, too."""
        for name in ("first", "among", "open", "wrong", "missed", "healthy", "alarms",
                     "questions"):  # fmt: skip
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.told += other.told


def diagnosed(version: str, program: str, form: str, source: bool) -> Diagnosis | None:
    """Diagnose the recorded files of a program; None when they were not recorded."""
    texts = [files(version).get(f"{program}/{name}") for name in FORMS[form]]
    if not all(texts):
        return None
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for name, text in zip(FORMS[form], texts, strict=True):
            path = Path(folder) / name
            path.write_bytes(text or b"")
            paths.append(path)
        try:
            return diagnose(*paths, source=list(map(str, sources_of(program))) if source else ())
        except Exception as error:
            if "there is no goroutine" in str(error):
                return None
            raise


def sources_of(program: str) -> Iterator[Path]:
    """Yield the folders in which a program's text is."""
    kind, _, _ = program.partition("/")
    if kind in ("healthy", "leaky"):
        yield HERE / kind
    for scenario in scenarios():
        if scenario.name == kind:
            yield scenario.folder


def judged(version: str, program: str, form: str, source: bool = False) -> Score:
    """Score one program."""
    found = diagnosed(version, program, form, source)
    score = Score()
    if found is None:
        return score
    kind = program.partition("/")[0]
    repaired = kind == "healthy" or _repaired(program)
    for f in found.findings:
        right = wanted(program, f)
        if right is None:
            if repaired or f.verdict == HEALTHY:
                score.healthy += 1
                score.alarms += f.verdict in (LEAK, SUSPICIOUS)
                score.questions += f.verdict == OPEN
                if f.verdict in (LEAK, SUSPICIOUS):
                    score.told.append(f"{version} {program} {form}: FALSE ALARM {_words(f)}")
            continue
        what = _what(f, right)
        setattr(score, what, getattr(score, what) + 1)
        if what not in ("first",):
            score.told.append(f"{version} {program} {form}: {what}, right {sorted(right)} "
                              f"{_words(f)}")  # fmt: skip
    return score


def _what(f: Finding, right: set[str]) -> str:
    also = set().union(*map(named, f.others)) if f.others else set()
    if f.verdict in (LEAK, SUSPICIOUS):
        if right & named(f.lesson):
            return "first"
        return "among" if right & also else "wrong"
    if f.verdict == OPEN:
        return "open" if right & (named(f.lesson) | also) else "wrong"
    return "missed"


def _words(f: Finding) -> str:
    return (f"{f.verdict} {f.group.count} [{f.group.reason or f.wait.kind}] {place(f.group)} "
            f"{f.lesson} {f.others} {f.why}")  # fmt: skip


@cache
def _repaired(program: str) -> bool:
    kind, _, variant = program.partition("/")
    for scenario in scenarios():
        if scenario.name == kind:
            return any(v.name == variant and v.expect == "ok" for v in scenario.variants)
    return False


def total(version: str, form: str, family: str, source: bool = False) -> Score:
    """Score all programs of a family: ``scenarios``, ``kernels``, ``leaky``, ``healthy``."""
    score = Score()
    for program in programs(version):
        kind = program.partition("/")[0]
        of = kind if kind in ("kernels", "leaky", "healthy") else "scenarios"
        if of == family:
            score.add(judged(version, program, form, source))
    return score


def table(versions: tuple[str, ...] = VERSIONS) -> tuple[str, list[str]]:
    """Return the table of scores in Markdown, and what was not right."""
    lines = [
        "| file | programs | leaking groups | lesson named first | among those named | open | "
        "wrong | missed | false alarms |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    told: list[str] = []
    everything = Score()
    for form in FORMS:
        for family in ("scenarios", "kernels", "leaky", "healthy"):
            for source in (False, True) if family != "kernels" else (False,):
                score = Score()
                for version in versions:
                    score.add(total(version, form, family, source))
                if not score.leaking + score.healthy:
                    continue
                told += score.told
                if not source and form != "one dump, debug=2":
                    everything.add(score)
                lines.append(_row(form, family + (", with --source" if source else ""), score))
    lines.append(_row("**all but one dump, without source**", "", everything))
    return "\n".join(lines), told


def _row(form: str, family: str, s: Score) -> str:
    n = s.leaking
    share = f" ({100 * s.first / n:.0f} %)" if n else ""
    both = f" ({100 * (s.first + s.among) / n:.0f} %)" if n else ""
    healthy = f"{s.alarms} of {s.healthy}"
    return (f"| {form} | {family} | {n} | {s.first}{share} | {s.first + s.among}{both} | {s.open} "
            f"| {s.wrong} | {s.missed} | {healthy} |")  # fmt: skip


def main() -> None:
    words = [w for w in sys.argv[1:] if not w.startswith("-")]
    text, told = table(tuple(words) or VERSIONS)
    print(text)
    if "-v" in sys.argv:
        print(Counter(t.split(": ")[1].split(",")[0].split(" ")[0] for t in told))
        print("\n".join(told))
    if "--write" in sys.argv:
        page = PAGE.read_text("utf-8")
        low, high = page.index("<!-- score -->"), page.index("<!-- /score -->")
        PAGE.write_text(f"{page[:low]}<!-- score -->\n{text}\n{page[high:]}", "utf-8")


if __name__ == "__main__":
    main()
