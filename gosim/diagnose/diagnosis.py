"""What a file says of leaks, as an object: words, JSON, a graph, a page."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from gosim.diagnose.files import read
from gosim.diagnose.heap import Site, sites
from gosim.diagnose.lessons import lesson_dict
from gosim.diagnose.rules import HEALTHY, LEAK, OPEN, SUSPICIOUS, Finding, findings
from gosim.diagnose.snapshot import DUMP, GROUPED, PROTOBUF, Frame, Snapshot
from gosim.diagnose.source import Sources
from gosim.runtime.errors import UsageError

if TYPE_CHECKING:
    import networkx

    from gosim.leaks.multigraph import MultiGraph

__all__ = ["Diagnosis", "diagnose"]

@dataclass(slots=True)
class Diagnosis:
    """A dump or a profile, judged; in a notebook it shows itself.

    Attributes
    ----------
    snapshot : Snapshot
        The file; the later one of two.
    earlier : Snapshot or None
    findings : list of Finding
        Groups of goroutines, the worst first; empty for a heap profile.
    sites : list of Site
        Of a heap profile, those that grow first.
    """

    snapshot: Snapshot
    earlier: Snapshot | None
    findings: list[Finding] = field(default_factory=list)
    sites: list[Site] = field(default_factory=list)
    sources: Sources = field(default_factory=Sources)

    @property
    def leaks(self) -> list[Finding]:
        """The groups that leak or are suspected of it."""
        return [f for f in self.findings if f.verdict in (LEAK, SUSPICIOUS)]

    @property
    def open(self) -> list[Finding]:
        """The groups of which this file cannot tell."""
        return [f for f in self.findings if f.verdict == OPEN]

    @property
    def healthy(self) -> list[Finding]:
        """The groups that are as they should be."""
        return [f for f in self.findings if f.verdict == HEALTHY]

    @property
    def verdict(self) -> str:
        """The worst verdict of all: ``leak``, ``suspicious``, ``open`` or ``healthy``."""
        if self.snapshot.kind == "heap":
            return SUSPICIOUS if any(site.growing for site in self.sites) else OPEN
        return self.findings[0].verdict if self.findings else HEALTHY

    @property
    def hidden(self) -> list[str]:
        """What the file cannot show, in sentences."""
        return limits(self)

    def graph(self) -> networkx.MultiDiGraph:
        """Return who waits for what, as ``Run.graph`` does; it shows itself in a notebook.

        Raises
        ------
        UsageError
            For a heap profile, in which nobody waits.
        """
        from gosim.export.graphs import dot
        from gosim.views.display import displayed

        return displayed(self.plain_graph().to_networkx(), dot)

    def plain_graph(self) -> MultiGraph:
        """Return the same graph without networkx."""
        from gosim.diagnose.picture import graph_of

        if self.snapshot.kind == "heap":
            raise UsageError("a heap profile knows no goroutines: there is no graph to draw")
        return graph_of(self)

    def to_text(self, width: int = 100, color: bool = False) -> str:
        """Return the report for a terminal."""
        from gosim.diagnose.text import report

        return report(self, width, color)

    def to_html(self) -> str:
        """Return the report as one page."""
        from gosim.diagnose.page import page

        return page(self)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the page into a file."""
        with open(path, "w", encoding="utf-8", newline="\n") as file:
            file.write(self.to_html())

    def to_dict(self) -> dict[str, Any]:
        """Return all of it as plain data, schema ``gosim.diagnose/1``."""
        return {
            "schema": "gosim.diagnose/1",
            "file": _about(self.snapshot),
            "earlier": None if self.earlier is None else _about(self.earlier),
            "verdict": self.verdict,
            "headline": self.snapshot.headline,
            "groups": [_finding(f) for f in self.findings],
            "sites": [_site(s) for s in self.sites],
            "cannot_show": self.hidden,
            "notes": list(self.snapshot.notes),
        }

    def __str__(self) -> str:
        return self.to_text()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        from gosim.diagnose.page import bundle

        return bundle(self, include, exclude)


def diagnose(
    file: str | os.PathLike[str],
    later: str | os.PathLike[str] | None = None,
    *,
    source: str | os.PathLike[str] | Sequence[str | os.PathLike[str]] = (),
) -> Diagnosis:
    """Read what real Go has written, and say what leaks, why, and how to repair it.

    Parameters
    ----------
    file : path-like
        A goroutine dump (``debug=1``, ``debug=2``, of a panic or SIGQUIT) or a profile
        (``.pb.gz``) of kind goroutine, goroutineleak or heap.
    later : path-like, optional
        The same of the same process, some minutes of load later: what grew?
    source : path-like or sequence, optional
        Folders with the program's text, where it is not at the place that the file names.

    Returns
    -------
    Diagnosis

    Raises
    ------
    UsageError
        When there is no such file, or the two cannot be compared.
    LoadError
        When a file is none of these, or damaged.

    Examples
    --------
    >>> import gosim as gs
    >>> found = gs.diagnose("before.txt", "after.txt")  # doctest: +SKIP
    >>> found.leaks[0].lesson, found.leaks[0].grew  # doctest: +SKIP
    ('first-answer', 980)
    """
    folders = [source] if isinstance(source, str | os.PathLike) else list(source)
    for folder in folders:
        if not os.path.isdir(folder):
            raise UsageError("--source: there is no such folder", os.fspath(folder))
    sources = Sources([os.fspath(folder) for folder in folders])
    first = read(file)
    if later is None:
        return _of(first, first.earlier, sources)
    second = read(later)
    if ("heap" in (first.kind, second.kind)) and first.kind != second.kind:
        raise UsageError(
            f"a {first.kind} profile and a {second.kind} profile cannot be compared: take the same "
            "one twice"
        )
    second.earlier = None
    if first.time_ns and second.time_ns and second.time_ns < first.time_ns:
        first, second = second, first
        second.notes.append("the second file is the older one: growth is told from old to new")
    if first.format != second.format:
        second.notes.append(
            f"the first file is {first.format}, the second {second.format}: their stacks are "
            "compared, which goroutines stayed is not known"
        )
    return _of(second, first, sources)


def _of(snapshot: Snapshot, earlier: Snapshot | None, sources: Sources) -> Diagnosis:
    if snapshot.kind == "heap":
        if earlier is None:
            found = sites(snapshot, None, lambda f: sources.text(f.file, f.line))
        else:
            found = sites(earlier, snapshot, lambda f: sources.text(f.file, f.line))
        return Diagnosis(snapshot, earlier, sites=found, sources=sources)
    if earlier is not None and earlier.kind != snapshot.kind:
        snapshot.notes.append(
            "one of the files is the leak profile, which lists leaked goroutines only: what grew "
            "is not told"
        )
        earlier = None
    return Diagnosis(snapshot, earlier, findings(snapshot, earlier, sources), sources=sources)


_FETCH: Final = "/debug/pprof/goroutine?debug=2"


def limits(d: Diagnosis) -> list[str]:
    """Say what a file of this kind does not hold."""
    snapshot = d.snapshot
    said: list[str] = []
    if snapshot.kind == "heap":
        said.append(
            "a heap profile shows where memory was allocated, not who holds it: the line that "
            "keeps a piece of it may be elsewhere"
        )
        said.append(
            "stacks of goroutines, memory outside the heap and pages not yet returned are not in "
            "it: `top` shows more (compare Sys and HeapReleased of runtime.MemStats)"
        )
        if d.earlier is None:
            said.append("one snapshot cannot show growth: take a second one under load")
        return said
    if snapshot.format == GROUPED:
        said.append(
            f"debug=1 hides the wait reason: a nil and a live channel look alike, and so do send "
            f"and receive; fetch {_FETCH} for the reason"
        )
        said.append("nor does it say how long they wait, and who started them")
    elif snapshot.format == PROTOBUF:
        said.append(
            "the protobuf keeps the blocking call, not how long it waits nor who started the "
            f"goroutine; fetch {_FETCH} for that"
        )
        said.append(
            "nil-ness is not in it; where gosim says `nil chan` it has that from the line at which "
            "the runtime parks the goroutine"
        )
    elif snapshot.format == DUMP:
        said.append(
            "a dump does not say which channel somebody waits for, nor who holds a lock: gosim "
            "names who usually does"
        )
        if not any(f.group.minutes for f in d.findings):
            said.append(
                "no minutes are in it: Go prints them from the second collection after a wait "
                "began, so these waits are short or the process has hardly collected"
            )
    if d.earlier is None and snapshot.kind == "goroutine":
        said.append(
            "one snapshot cannot tell workers at rest from a leak: take a second one some minutes "
            "later, `gosim diagnose FILE LATER`"
        )
    if snapshot.kind == "goroutine" and not any(f.group.leaked for f in d.findings):
        said.append("Go 1.27 proves leaks itself: /debug/pprof/goroutineleak")
    return said


def _about(snapshot: Snapshot) -> dict[str, Any]:
    return {
        "name": snapshot.name,
        "kind": snapshot.kind,
        "format": snapshot.format,
        "goroutines": snapshot.total,
        "groups": len(snapshot.groups),
        "inuse_bytes": sum(site.inuse_bytes for site in snapshot.sites),
    }


def _finding(f: Finding) -> dict[str, Any]:
    g = f.group
    named = f.verdict in (LEAK, SUSPICIOUS) and f.lesson
    return {
        "verdict": f.verdict,
        "count": g.count,
        "before": f.before,
        "stayed": f.stayed,
        "wait": f.wait.kind,
        "nil": f.wait.nil,
        "wait_reason": g.reason or None,
        "minutes": g.minutes,
        "leaked": g.leaked,
        "why": f.why,
        "lesson": lesson_dict(f.lesson) if named else None,
        "if_it_stays": f.lesson if f.verdict == OPEN and f.lesson else None,
        "look_alikes": list(f.others),
        "at": _place(f.at, f.text),
        "created_by": None if g.created_by is None else {
            "function": g.created_by.function, "file": g.created_by.file,
            "line": g.created_by.line,
            "goroutines": list(g.parents), "still_there": {"there": True, "returned": False}.get(
                f.creator),
        },
        "goroutines": list(g.ids[:100]),
        "labels": g.labels,
        "notes": list(f.notes),
        "stack": [{"function": x.function, "file": x.file, "line": x.line} for x in g.stack],
    }  # fmt: skip


def _place(at: Frame | None, text: str) -> dict[str, Any] | None:
    if at is None:
        return None
    return {"function": at.function, "file": at.file, "line": at.line, "text": text}


def _site(s: Site) -> dict[str, Any]:
    return {
        "bytes": s.bytes,
        "objects": s.objects,
        "allocated": s.allocated,
        "grew": s.grew,
        "growing": s.growing,
        "lesson": lesson_dict(s.lesson) if s.lesson else None,
        "at": _place(s.at, s.text),
        "stack": [{"function": x.function, "file": x.file, "line": x.line} for x in s.stack],
    }  # fmt: skip
