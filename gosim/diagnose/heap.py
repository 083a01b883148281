"""Heap profiles: which sites hold the memory, which grow, and which memory lesson that may be.

A heap profile says where memory was *allocated*; who holds it is in no profile.  So a site is
never proof of a lesson, only of where to look: the rules ask what the functions on the stack do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from gosim.diagnose.snapshot import GROUPED, PROTOBUF, Frame, HeapSite, Snapshot, visible
from gosim.export.pprof_reader import Decoded
from gosim.runtime.errors import LoadError

__all__ = ["Site", "heap_of_profile", "read_heap_text", "sites"]

_SMALL: Final = 64 << 10
"""Fewer bytes than these are no growth: the profile is made of samples of 512 KiB."""


def heap_of_profile(decoded: Decoded, name: str) -> Snapshot:
    """Return the sites of a heap profile."""
    profile = decoded.profile
    columns = {column.type: i for i, column in enumerate(profile.sample_types)}
    merged: dict[tuple[Frame, ...], list[int]] = {}
    wanted = ("inuse_objects", "inuse_space", "alloc_objects", "alloc_space")
    for sample in profile.samples:
        stack = tuple([Frame(f.function, f.file, f.line) for f in sample.stack])
        sums = merged.setdefault(stack, [0, 0, 0, 0])
        for i, column in enumerate(wanted):
            if column in columns:
                sums[i] += sample.values[columns[column]]
    made = Snapshot(name, "heap", PROTOBUF, time_ns=profile.time_ns, program=profile.program)
    made.sites = _ordered(merged)
    return made


_HEAP_ENTRY: Final = re.compile(r"^(-?\d+): (-?\d+) \[(-?\d+): (-?\d+)\] @")
_HEAP_FRAME: Final = re.compile(r"^#\t0x[0-9a-f]+\t+(\S.*?)\+0x[0-9a-f]+\t+(.*):(\d+)$")
_RATE: Final = re.compile(r"^heap profile: .*@ heap/(\d+)")


def read_heap_text(data: bytes, name: str) -> Snapshot:
    """Read a heap profile with ``debug=1``, whose figures are scaled up as pprof does it."""
    from math import exp

    merged: dict[tuple[Frame, ...], list[int]] = {}
    numbers: list[int] | None = None
    stack: list[Frame] = []
    rate = 1

    def finish() -> None:
        if numbers is None:
            return
        sums = merged.setdefault(tuple(stack), [0, 0, 0, 0])
        for at in (0, 2):
            count, size = numbers[at], numbers[at + 1]
            # Of small objects only some are in the samples: runtime/pprof, scaleHeapSample.
            scale = 1.0
            if count > 0 and size > 0 and rate > 1:
                scale = 1 / (1 - exp(-(size / count) / rate))
            sums[at] += int(count * scale)
            sums[at + 1] += int(size * scale)

    for line in data.decode("utf-8", "replace").splitlines():
        if (found := _RATE.match(line)) is not None:
            rate = int(found.group(1)) // 2  # the text says twice the rate
        elif (found := _HEAP_ENTRY.match(line)) is not None:
            finish()
            numbers, stack = [int(n) for n in found.groups()], []
        elif (found := _HEAP_FRAME.match(line)) is not None and numbers is not None:
            stack.append(Frame(found.group(1), found.group(2), int(found.group(3))))
        elif line.startswith("# runtime.MemStats"):
            break
    finish()
    if not merged:
        raise LoadError("there is no allocation in this heap profile")
    made = Snapshot(name, "heap", GROUPED)
    made.sites = _ordered(merged)
    return made


def _ordered(merged: dict[tuple[Frame, ...], list[int]]) -> list[HeapSite]:
    found = [HeapSite(stack, *sums) for stack, sums in merged.items()]
    return sorted(
        found,
        key=lambda s: (-s.inuse_bytes, -s.alloc_bytes, [(f.function, f.line) for f in s.stack]),
    )


# -- judging ---------------------------------------------------------------------------------------


@dataclass(slots=True)
class Site:
    """A place that allocates: its bytes in use, how they grew, and the lesson that may be.

    Attributes
    ----------
    bytes, objects : int
        In use, in the later snapshot where there are two.
    grew : int or None
        Bytes in use that came between the snapshots; None when there is one.
    at : Frame or None
        The innermost frame of the program itself.
    lesson : str
        Key in `gosim.diagnose.lessons.LESSONS`; empty when no rule fits.
    growing : bool
    """

    bytes: int
    objects: int
    allocated: int
    grew: int | None
    stack: tuple[Frame, ...]
    at: Frame | None
    lesson: str = ""
    growing: bool = False
    text: str = ""
    why: str = ""
    others: tuple[str, ...] = field(default=())


#: What a function on the stack says of the memory: the first that is found, innermost first.
_TELLING: Final = (
    (re.compile(r"^runtime\.(?:malg|newproc1?|allocm|gfget|acquireSudog)$"), "goroutines"),
    (re.compile(r"^time\.(?:After|NewTimer|newTimer|AfterFunc|Tick|NewTicker)$"), "timers"),
    (re.compile(r"^context\.(?:with|With|propagate|\(\*cancelCtx\))"), "contexts"),
    (re.compile(r"^net/http\.\(\*Transport\)\.(?:dial|getConn|queueForDial)|persistConn"), "body"),
    (re.compile(r"^database/sql\.\(\*DB\)\.(?:conn|query|openNewConnection)"), "rows"),
    (re.compile(r"^os\.(?:newFile|OpenFile|Open|Create)$|^net\.newFD$"), "files"),
    (re.compile(r"^sync\.\(\*Pool\)\.(?:Get|pin|pinSlow)"), "pool"),
    (re.compile(r"^(?:internal/)?runtime/maps\.|^runtime\.(?:mapassign|hashGrow|makemap|evacuate)"
                r"|^runtime\.makeBucketArray|^sync\.\(\*Map\)|^internal/sync\.\(\*HashTrieMap"),
     "map"),
    (re.compile(r"^runtime\.growslice$|^bytes\.growSlice$|^bytes\.\(\*Buffer\)\.grow"
                r"|^strings\.\(\*Builder\)"), "append"),
    (re.compile(r"^(?:io|os)\.(?:ReadAll|ReadFile)$|^strings\.Repeat$|^bufio\.NewReaderSize$"
                r"|^strings\.(?:Join|Map|Replace)"), "whole text"),
)  # fmt: skip

_LESSON_OF: Final = {
    "goroutines": "goroutine-cost",
    "timers": "timer",
    "contexts": "forgotten-cancel",
    "body": "http-body",
    "rows": "sql-rows",
    "files": "defer-in-loop",
    "pool": "pool",
    "map": "map",
    "append": "growing",
    "whole text": "piece-of-text",
}

_ASSIGNS_MAP: Final = re.compile(r"\w[\w.]*(?:\[[^\]]+\])+\s*(?:[-+|*/&^]|<<|>>)?=(?!=)|\+\+|--")
_APPENDS: Final = re.compile(r"\bappend\(")
_MAKES_MAP: Final = re.compile(r"\bmake\(map\[|map\[[^\]]+\][\w*\[\].]+\{")


def sites(first: Snapshot, later: Snapshot | None, line_of: object = None) -> list[Site]:
    """Return the sites of one heap profile, or how they changed to another.

    Parameters
    ----------
    first, later : Snapshot
    line_of : callable, optional
        Gives the text of a line of the program for a frame, or ``""``.
    """
    before = {site.stack: site for site in first.sites}
    shown = first if later is None else later
    found = []
    everything = sum(site.inuse_bytes for site in shown.sites)
    grown = 0
    for site in shown.sites:
        grew = None
        if later is not None:
            old = before.get(site.stack)
            grew = site.inuse_bytes - (old.inuse_bytes if old is not None else 0)
            grown += max(0, grew)
        own = visible(site.stack)
        at = next((f for f in own if not of_library(f)), own[0] if own else None)
        found.append(
            Site(site.inuse_bytes, site.inuse_objects, site.alloc_bytes, grew, site.stack, at)
        )
    for each in found:
        if each.grew is not None:
            each.growing = each.grew > max(_SMALL, grown // 50) and 10 * each.grew >= each.bytes
        if each.at is not None and callable(line_of):
            each.text = line_of(each.at)
        if each.growing or (each.grew is None and each.bytes > max(_SMALL, everything // 20)):
            each.lesson, each.why = _lesson(each)
    return sorted(
        found, key=lambda s: (not s.growing, -(s.grew or 0) if s.growing else 0, -s.bytes)
    )


def of_library(frame: Frame) -> bool:
    """Whether a frame belongs to Go's library: its import path has no dot and it is not main."""
    package = frame.function.partition("(")[0]
    head, slash, _ = package.partition("/")
    if not slash:
        head = head.partition(".")[0]
        return head != "main" and not _own_file(frame.file)
    return "." not in head and not _own_file(frame.file)


def _own_file(file: str) -> bool:
    return bool(file) and "/src/" not in f"/{file}" and not _TRIMMED.match(file)


#: With ``-trimpath`` files of the library begin with their package.
_TRIMMED: Final = re.compile(
    r"(?:archive|bufio|bytes|compress|container|context|crypto|database|embed|encoding|errors|expvar"
    r"|flag|fmt|hash|html|image|internal|io|iter|log|maps|math|mime|net|os|path|plugin|reflect"
    r"|regexp|runtime|slices|sort|strconv|strings|sync|syscall|testing|text|time|unicode|unique"
    r"|unsafe|weak)/[\w/.]+\.go$"
)


def _lesson(site: Site) -> tuple[str, str]:
    for frame in site.stack:
        for pattern, what in _TELLING:
            if pattern.search(frame.function):
                return _LESSON_OF[what], frame.function
        if site.at is not None and frame is site.at:
            break
    if site.text:
        if _APPENDS.search(site.text):
            return "growing", "append"
        if _MAKES_MAP.search(site.text) or _ASSIGNS_MAP.search(site.text):
            return "map", "an entry of a map"
    return "growing", ""
