"""Goroutine dumps as text, folded while they are read.

A dump of 100 000 goroutines is 100 MB of text in which a few stacks occur again and again.  The
text is read in pieces; what differs between equal stacks (arguments, the creator's number) is cut
out by one regular expression, and only a stack that was not seen before is parsed, by
`gosim.oracle.dump`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final, Protocol

from gosim.diagnose.snapshot import DUMP, GROUPED, Group, Snapshot
from gosim.oracle.dump import CreatedBy, Frame, GoGoroutine, parse_dump, parse_header, parse_profile

__all__ = ["looks_like_dump", "looks_like_profile", "read_dump", "read_profile"]

_PIECE: Final = 4 << 20
_MOST_BLOCK: Final = 8 << 20
"""A goroutine's text is never so long: Go prints 100 frames of a stack."""
_LONGEST_LINE: Final = 1 << 20
_KEPT: Final = 64
"""So many members of a group are looked at one by one."""


class Source(Protocol):
    """An open file."""

    def read(self, size: int, /) -> bytes:
        """Return some bytes, and none at the end."""


_HEAD: Final = re.compile(rb"^goroutine \d+(?: \w+=\S+)* \[[^\]\n]*\][^\n]*:\r?$", re.M)
_LOOSE_HEAD: Final = re.compile(
    rb"^(?P<prefix>[^\n]{1,200}?)goroutine \d+(?: \w+=\S+)* \[[^\]\n]*\][^\n]*:\r?$", re.M
)
#: The same, where there are thousands: a pattern with a fixed beginning is found fast.
_NEXT: Final = re.compile(rb"\ngoroutine \d+ [^\n]*:(?=\n)")
_GROUPED_HEAD: Final = re.compile(rb"^(goroutine\w*) profile: total \d+\r?$", re.M)
_ENTRY: Final = re.compile(rb"^(\d+) @((?: 0x[0-9a-f]+)*)$", re.M)
#: Who copies from a terminal leaves the last end of line behind.
_WHOLE_LINE: Final = re.compile(rb"(?:\n| \+0x[0-9a-f]{2,}|exit status \d+)\Z")
_DEATH: Final = re.compile(
    rb"^(?:panic: |fatal error: |SIG[A-Z0-9]+: )[^\n]{0,500}", re.M
)
#: What differs between goroutines with the same stack: arguments, the creator's number, addresses.
_VARIES: Final = re.compile(rb"\([0{][^\n]*")
_REGISTERS: Final = re.compile(rb" fp=0x[^\n]*")
_PARENT: Final = re.compile(rb"^created by [^\n]* in goroutine (\d+)$", re.M)
#: Calls of the library that are given the address of what is waited for.
_WAITED: Final = re.compile(
    rb"^(?:runtime\.chan(?:send1|recv1|recv2)|sync\.runtime_\w+|internal/sync\.runtime_\w+"
    rb"|(?:internal/)?sync\.\(\*Mutex\)\.lockSlow|sync\.runtime_notifyListWait"
    rb"|sync\.\(\*WaitGroup\)\.Wait|sync\.\(\*Cond\)\.Wait)\((0x[0-9a-f]+)", re.M)
_BASE: Final = re.compile(
    rb"^(?:internal/)?sync\.\(\*Mutex\)\.lockSlow\((0x[0-9a-f]+)", re.M
)
_ADDRESS: Final = re.compile(rb"0x[0-9a-f]{6,}")


def looks_like_dump(start: bytes) -> bool:
    """Whether the beginning of a text has the first line of a goroutine in it."""
    return _HEAD.search(start) is not None or _LOOSE_HEAD.search(start) is not None


def looks_like_profile(start: bytes) -> bool:
    """Whether a text begins as a goroutine profile with ``debug=1`` does."""
    return _GROUPED_HEAD.search(start) is not None


# -- in pieces -------------------------------------------------------------------------------------


def _lines_without_prefix(first: bytes) -> re.Pattern[bytes] | None:
    """Return what a log wrote in front of each line of the dump; None when it did not."""
    if _HEAD.search(first) is not None:
        return None
    found = _LOOSE_HEAD.search(first)
    if found is None:
        return None
    prefix = found.group("prefix")
    # Numbers count up, and names of months change: `Nov 23 21:44:21 host service[812]: `.
    shape = re.sub(rb"\d+", rb"\\d+", re.escape(prefix))
    return re.compile(rb"^" + shape, re.M)


def _pieces(file: Source, first: bytes) -> Iterator[bytes]:
    """Yield the text in pieces that end with a line, without what logs put in front of lines."""
    rest = b""
    piece = first
    prefix: re.Pattern[bytes] | None = None
    known = False
    while piece:
        text = rest + piece
        end = text.rfind(b"\n") + 1
        if not end and len(text) > _LONGEST_LINE:
            # No line of Go's is so long: nothing of it is looked at.
            text, end = text[-1024:], 0
        rest, whole = text[end:], text[:end]
        if whole:
            if b"\r\n" in whole:
                whole = whole.replace(b"\r\n", b"\n")
            if not known and looks_like_dump(whole):
                known, prefix = True, _lines_without_prefix(whole)
            yield whole if prefix is None else prefix.sub(b"", whole)
        piece = file.read(_PIECE)
    if rest:
        rest = rest.rstrip(b"\r")
        yield rest if prefix is None else prefix.sub(b"", rest)


# -- debug=2, panics, SIGQUIT ----------------------------------------------------------------------


@dataclass(slots=True)
class _Shape:
    """A stack that was parsed once."""

    stack: tuple[Frame, ...]
    created: CreatedBy | None
    addressed: bool
    elided: int
    truncated: bool


@dataclass(slots=True)
class _Members:
    """The goroutines of a group while it is read."""

    count: int = 0
    minutes: int = 0
    leaked: int = 0
    ids: list[int] = field(default_factory=list)
    parents: dict[int, None] = field(default_factory=dict)
    locks: dict[str, int] = field(default_factory=dict)
    knows: list[tuple[str, frozenset[str]]] = field(default_factory=list)
    labels: dict[str, str] | None = None
    locked: bool = False


class _Folder:
    """Folds the goroutines of one dump; what was parsed of the dump before is known."""

    def __init__(self, before: _Folder | None = None) -> None:
        self.members: dict[tuple[str, int], _Members] = {}
        self.shapes: list[_Shape] = before.shapes if before else []
        self.known: dict[bytes, int] = before.known if before else {}
        self.index: dict[object, int] = before.index if before else {}
        self.heads: dict[bytes, GoGoroutine | None] = before.heads if before else {}
        self.total = 0
        self.first_id: int | None = None
        self.cut = False

    def add(self, head: bytes, body: bytes) -> None:
        number, _, status = head[10:].partition(b" ")
        known = self.heads.get(status, self)
        if known is self:
            known = parse_header(head.decode("utf-8", "replace"))
            if len(self.heads) < 10_000:
                self.heads[status] = known
        if known is None:
            return
        assert isinstance(known, GoGoroutine)
        id = int(number)
        if id == 0:
            return  # no goroutine, but the stack of a thread
        if self.first_id is None:
            self.first_id = id
        self.total += 1
        key = _VARIES.sub(b"(", body)
        creator = key.rfind(b" in goroutine ")
        if creator >= 0:
            end = key.find(b"\n", creator)
            key = key[:creator] + (key[end:] if end >= 0 else b"")
        if b" fp=0x" in key:
            key = _REGISTERS.sub(b"", key)
        number_of_shape = self.known.get(key)
        if number_of_shape is None:
            number_of_shape = self.parse(body)
            if len(self.known) < 200_000:
                self.known[key] = number_of_shape
        shape = self.shapes[number_of_shape]
        group = self.members.setdefault((known.wait_reason, number_of_shape), _Members())
        group.count += 1
        if known.minutes > group.minutes:
            group.minutes = known.minutes
        group.leaked += known.leaked
        group.locked = group.locked or known.locked
        if group.labels is None:
            group.labels = dict(known.labels)
        elif group.labels and group.labels != known.labels:
            group.labels = {k: v for k, v in group.labels.items() if known.labels.get(k) == v}
        group.ids.append(id)
        if group.count <= _KEPT and (parent := _PARENT.search(body)) is not None:
            group.parents[int(parent.group(1))] = None
        if shape.addressed and group.count <= 4 * _KEPT:
            waited = _BASE.search(body) or _WAITED.search(body)
            if waited is not None:
                lock = waited.group(1).decode()
                group.locks[lock] = group.locks.get(lock, 0) + 1
                if len(group.knows) < _KEPT:
                    others = frozenset(a.decode() for a in _ADDRESS.findall(body)) - {lock}
                    group.knows.append((lock, others))

    def parse(self, body: bytes) -> int:
        text = body.decode("utf-8", "replace")
        g = next(parse_dump(f"goroutine 1 [x]:\n{text}"), None)
        stack = g.stack if g is not None else ()
        created = g.created_by if g is not None else None
        if created is not None:
            created = replace(created, goroutine=None)
        cut = g.truncated if g is not None else False
        whole = stack, created
        found = self.index.get(whole)
        if found is None:
            found = self.index[whole] = len(self.shapes)
            addressed = _WAITED.search(body) is not None
            self.shapes.append(
                _Shape(stack, created, addressed, g.elided if g is not None else 0, cut)
            )
        return found

    def seen(self) -> list[_Shape]:
        """Return the stacks of this dump."""
        return [self.shapes[number] for _, number in self.members]

    def groups(self) -> list[Group]:
        made = []
        for (reason, number), m in self.members.items():
            shape = self.shapes[number]
            made.append(
                Group(
                    m.count, shape.stack, reason, shape.created, m.minutes, m.leaked, tuple(m.ids),
                    tuple(m.parents), m.locks, tuple(m.knows), m.labels or {}, locked=m.locked,
                )
            )  # fmt: skip
        return ordered(made)


def ordered(groups: list[Group]) -> list[Group]:
    """Return groups with the largest first, and equal ones in an order of their own."""
    return sorted(
        groups,
        key=lambda g: (-g.count, g.reason, [(f.function, f.file, f.line) for f in g.stack]),
    )


def read_dump(file: Source, first: bytes, name: str) -> Snapshot:
    """Read a goroutine dump: of ``runtime.Stack``, ``debug=2``, SIGQUIT, a panic, a fatal error.

    Text in front of, between and behind goroutines is skipped; of several dumps in one file the
    last is the snapshot, and the first is in `Snapshot.earlier`.
    """
    dumps: list[_Folder] = []
    headlines: list[str] = []
    ended = 0
    folder = _Folder()
    said = ""
    rest = b""
    complete = True

    def take(text: bytes, start: int, end: int) -> None:
        nonlocal folder, ended
        block = text[start:end]
        head, _, body = block.partition(b"\n")
        blank = body.find(b"\n\n")
        if blank >= 0:
            body = body[: blank + 1]
        elif body.startswith(b"\n"):
            body = b""
        if folder.first_id is not None and head.startswith(b"goroutine %d " % folder.first_id):
            ended += 1
            if not dumps:  # of all the others only the last is told of
                dumps.append(folder)
                headlines.append(said)
            folder = _Folder(folder)
        folder.add(head, body)

    for piece in _pieces(file, first):
        text = rest + piece
        starts = [found.start() + 1 for found in _NEXT.finditer(text)]
        if text.startswith(b"goroutine "):
            starts.insert(0, 0)
        if not starts:
            for death in _DEATH.finditer(text):
                said = death.group().decode("utf-8", "replace")
            if rest and len(text) > _MOST_BLOCK:
                take(text, 0, len(text))
                text = b""
            # Without a goroutine begun, only the last line can be the beginning of something.
            rest = text if rest else b""
            continue
        if starts[0] > 0 or not rest:
            for death in _DEATH.finditer(text, 0, starts[0]):
                said = death.group().decode("utf-8", "replace")
        for start, end in zip(starts, [*starts[1:], -1], strict=True):
            if end < 0:
                rest = text[start:]
                break
            take(text, start, end)
            between = text.find(b"\n\n", start, end)
            if between >= 0 and end - between > 3:
                for death in _DEATH.finditer(text, between, end):
                    said = death.group().decode("utf-8", "replace")
    if rest:
        complete = _WHOLE_LINE.search(rest) is not None
        take(rest, 0, len(rest))
    dumps.append(folder)
    headlines.append(said)
    snapshots = []
    for each, headline in zip((dumps[0], dumps[-1]), (headlines[0], headlines[-1]), strict=True):
        made = Snapshot(name, "goroutine", DUMP, each.groups(), total=each.total, headline=headline)
        snapshots.append(made)
    last = snapshots[-1]
    if len(dumps) > 1:
        last.notes.append(f"the file holds {ended + 1} dumps: the first and the last are compared")
        last.earlier = snapshots[0]
    last.cut = not complete or any(s.truncated for s in dumps[-1].seen())
    if last.cut:
        last.notes.append(
            "the file ends in the middle of a goroutine: it was cut off, and what came after is "
            "not counted"
        )
    elif last.total and _round(last, dumps[-1]):
        last.notes.append(
            "the dump may be cut off: runtime.Stack writes no more than its buffer holds"
        )
    if any(s.elided for s in dumps[-1].seen()):
        last.notes.append("of very deep stacks Go printed the first and last 50 frames")
    return last


def _round(snapshot: Snapshot, folder: _Folder) -> bool:
    """Whether the last goroutine of a dump has a stack without an end."""
    return any(not s.stack for s in folder.seen())


# -- debug=1 ---------------------------------------------------------------------------------------


def read_profile(file: Source, first: bytes, name: str) -> Snapshot:
    """Read a goroutine profile with ``debug=1``, in which equal stacks are one entry."""
    kind, total = "goroutine", -1
    merged: dict[object, Group] = {}
    rest = b""

    def take(block: bytes) -> None:
        head = _ENTRY.match(block)
        if head is None:
            return
        blank = block.find(b"\n\n")
        if blank >= 0:
            block = block[: blank + 1]
        found = parse_profile(block.decode("utf-8", "replace"))
        if not found:
            return
        entry = found[0]
        addresses = head.group(2).split()
        hidden = -1
        symbol = re.search(rb"^#\t(0x[0-9a-f]+)", block, re.M)
        if symbol is not None:
            # A stack holds the addresses to return to; the text has those of the calls.
            back = int(symbol.group(1), 16) + 1
            places = [i for i, a in enumerate(addresses) if int(a, 16) in (back, back - 1)]
            hidden = places[0] if places else -1
        key = entry.stack, hidden
        group = merged.get(key)
        if group is None:
            merged[key] = Group(entry.count, entry.stack, labels=dict(entry.labels), hidden=hidden)
        else:
            group.count += entry.count
            group.labels = {k: v for k, v in group.labels.items() if entry.labels.get(k) == v}

    for piece in _pieces(file, first):
        text = rest + piece
        if total < 0 and (found := _GROUPED_HEAD.search(text)) is not None:
            kind = found.group(1).decode()
            total = int(found.group().split()[-1])
        starts = [found.start() for found in _ENTRY.finditer(text)]
        if not starts:
            rest = text if len(text) < _MOST_BLOCK else text[-1024:]
            continue
        for start, end in pairwise(starts):
            take(text[start:end])
        rest = text[starts[-1] :]
    complete = rest.endswith(b"\n") or not rest
    take(rest)
    made = Snapshot(name, kind, GROUPED, ordered(list(merged.values())))
    made.total = sum(g.count for g in made.groups)
    if kind == "goroutineleak":
        for group in made.groups:
            group.leaked = group.count
    made.cut = made.total < total or not complete
    if made.cut:
        made.notes.append(
            f"the file is cut off: it begins with {total} goroutines in all, and {made.total} of "
            "them are there"
        )
    return made
