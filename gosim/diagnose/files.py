"""Find out what a file is, and read it into a snapshot.

What is no dump and no profile is named as what it looks like, with the way to get a right one.
"""

from __future__ import annotations

import os
import re
import stat
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Final

from gosim.diagnose.dumps import (
    Source,
    looks_like_dump,
    looks_like_profile,
    ordered,
    read_dump,
    read_profile,
)
from gosim.diagnose.heap import heap_of_profile, read_heap_text
from gosim.diagnose.snapshot import PROTOBUF, Frame, Group, Snapshot
from gosim.diagnose.waits import nil_channel
from gosim.export.pprof_reader import MOST_BYTES, Decoded, decode
from gosim.runtime.errors import LoadError, UsageError

__all__ = ["read"]

_START: Final = 4 << 20
_MOST_TEXT: Final = 1 << 34
"""Unpacked text is read piece by piece; a packed file that becomes larger is no dump."""
_SEARCHED: Final = 64 << 20
"""So much of a log may stand before the first goroutine."""

_CUT: Final = "the file is cut off: its packed data has no end; fetch it again"
_FETCH: Final = "fetch http://HOST/debug/pprof/goroutine?debug=2"


class _Unpacked:
    """A packed file, unpacked while it is read."""

    def __init__(self, file: Source) -> None:
        self.file = file
        self.unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
        self.size = 0
        self.packed = 0
        self.cut = False
        self.waiting = b""

    def read(self, size: int, /) -> bytes:
        while True:
            if not self.waiting:
                self.waiting = self.file.read(1 << 20)
                self.packed += len(self.waiting)
            data, self.waiting = self.waiting, b""
            if not data:
                self.cut = self.cut or not self.unpacker.eof
                return b""
            if self.unpacker.eof:
                if not data.startswith(b"\x1f\x8b"):
                    return b""
                self.unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
            try:
                out = self.unpacker.decompress(data, size)
            except zlib.error as error:
                raise LoadError(f"the file is damaged: it cannot be unpacked ({error})") from None
            self.waiting = self.unpacker.unconsumed_tail or self.unpacker.unused_data
            self.size += len(out)
            if self.size > _MOST_TEXT or (self.size > 1 << 25 and self.size > 300 * self.packed):
                raise LoadError(
                    f"{self.packed} bytes unpack to more than {self.size - 1}: no dump repeats "
                    "itself so often; this file is made to fill a machine"
                )
            if out:
                return out


def read(path: str | os.PathLike[str]) -> Snapshot:
    """Read a dump or a profile.

    Parameters
    ----------
    path : path-like

    Raises
    ------
    UsageError
        When there is no such file.
    LoadError
        When it is not what gosim diagnoses.
    """
    name = os.fspath(path)
    try:
        kind = os.stat(name).st_mode
        if stat.S_ISDIR(kind):
            raise UsageError(
                "this is a folder: name a goroutine dump or a profile in it", name
            )
        with open(name, "rb") as file:
            return _named(lambda: _read(file, name), name)
    except FileNotFoundError:
        raise UsageError("there is no such file", name) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise LoadError(f"cannot read this file: {reason.lower()}", name) from None


def _named(read: Callable[[], Snapshot], name: str) -> Snapshot:
    """Say of a complaint which file it is about."""
    try:
        return read()
    except LoadError as error:
        if error.file is None:
            raise LoadError(error.message, name) from None
        raise


def _read(file: Source, name: str) -> Snapshot:
    start = file.read(_START)
    if not start:
        raise LoadError("the file is empty")
    opened: Source = file
    packed = start.startswith(b"\x1f\x8b")
    if packed:
        opened = _Unpacked(_Rewound(start, file))
        start = opened.read(_START)
        if not start:
            raise LoadError("the file is cut off: nothing can be unpacked from it; fetch it again")
    if _is_text(start):
        try:
            made = _text(start, opened, name)
        except LoadError:
            if isinstance(opened, _Unpacked) and opened.cut:
                raise LoadError(_CUT) from None
            raise
        if isinstance(opened, _Unpacked) and opened.cut:
            made.cut = True
            made.notes.append(
                "the packed file is cut off: it was read as far as it goes; fetch it again"
            )
        return made
    _refuse(start)
    whole = bytearray(start)
    while piece := opened.read(_START):
        whole += piece
        if len(whole) > MOST_BYTES:
            raise LoadError(
                f"the file holds more than {MOST_BYTES >> 20} MiB and is no text: no profile is "
                "so large"
            )
    if isinstance(opened, _Unpacked) and opened.cut:
        raise LoadError(_CUT)
    return _profile(decode(bytes(whole)), name)


class _Rewound:
    """A file that begins again with what was read of it."""

    def __init__(self, start: bytes, file: Source) -> None:
        self.start, self.file = start, file

    def read(self, size: int, /) -> bytes:
        """Return what comes next."""
        if self.start:
            data, self.start = self.start[:size], self.start[size:]
            return data
        return self.file.read(size)


# -- text ------------------------------------------------------------------------------------------


def _is_text(start: bytes) -> bool:
    """Whether a file is text: binary logs have a goroutine's first line in them nevertheless."""
    if looks_like_dump(start) or looks_like_profile(start) or start.startswith(b"heap profile: "):
        return True
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True  # UTF-16, which is half zeros
    sample = start[:65536]
    odd = sum(sample.count(bytes([b])) for b in (*range(9), *range(14, 27), *range(28, 32)))
    return odd * 50 < len(sample)


def _text(start: bytes, opened: Source, name: str) -> Snapshot:
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _utf_16(start, opened, name)
    if start.lstrip()[:14] == b"heap profile: ":
        rest = bytearray(start)
        while piece := opened.read(_START):
            rest += piece
            if len(rest) > MOST_BYTES:
                raise LoadError("this heap profile is larger than any Go program writes")
        return read_heap_text(bytes(rest), name)
    searched = len(start)
    while True:
        if looks_like_profile(start) and not looks_like_dump(start):
            made = read_profile(opened, start, name)
        elif looks_like_dump(start):
            made = read_dump(opened, start, name)
        else:
            more = opened.read(_START)
            if not more or searched > _SEARCHED:
                raise LoadError(_what_text(start))
            # A long log before the dump: its last lines may be the beginning.
            start = start[-65536:] + more
            searched += len(more)
            continue
        if not made.total and made.kind == "goroutine":
            raise LoadError(f"there is no goroutine in this file: {_FETCH}")
        return made


def _utf_16(start: bytes, opened: Source, name: str) -> Snapshot:
    """Read what a shell on Windows has redirected into a file."""
    whole = bytearray(start)
    while piece := opened.read(_START):
        whole += piece
        if len(whole) > MOST_BYTES:
            raise LoadError("this file is too large for text in UTF-16")
    text = bytes(whole).decode("utf-16", "replace").encode()
    return _text(text, BytesIO(), name)


_OTHER_TEXT: Final = (
    (re.compile(rb"^(?:threadcreate|mutex|contention)\b.*profile|^--- (?:mutex|contention)", re.M),
     "this is a profile of threads or of contention, which says nothing of leaks"),
    (re.compile(rb"^\s*<(?:!doctype|html)", re.I),
     "this is a page of HTML"),
    (re.compile(rb"^\s*(?:404 page not found|Unknown profile|unknown profile)", re.I),
     "the server answered that it has no such profile (import _ \"net/http/pprof\"; the profile "
     "goroutineleak is there from Go 1.27 on)"),
    (re.compile(rb"^\s*[{\[]"), "this is JSON"),
    (re.compile(rb"^flat +flat%", re.M), "this is a report of `go tool pprof`, not its file"),
)  # fmt: skip


def _what_text(start: bytes) -> str:
    for pattern, what in _OTHER_TEXT:
        if pattern.search(start[:65536]):
            return f"{what}; {_FETCH}"
    return f"there is no goroutine dump and no profile in this file; {_FETCH}"


_MAGIC: Final = (
    (b"go 1.", "an execution trace: `go tool trace` opens it"),
    (b"\x7fELF", "a program or a core dump: `dlv core` opens it"),
    (b"PK\x03\x04", "a zip file: unpack it first"),
    (b"BZh", "packed with bzip2: unpack it first"),
    (b"\xfd7zXZ", "packed with xz: unpack it first"),
    (b"\x28\xb5\x2f\xfd", "packed with zstd: unpack it first"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"go1.", "a heap dump of debug.WriteHeapDump, whose format gosim does not read"),
)


def _refuse(start: bytes) -> None:
    for magic, what in _MAGIC:
        if start.startswith(magic):
            raise LoadError(f"this is {what}; {_FETCH}")


# -- protobuf --------------------------------------------------------------------------------------


_OTHER_PROFILES: Final = {
    "samples": "of the processor",
    "cpu": "of the processor",
    "contentions": "of contention (block or mutex), which holds only waits that have ended",
    "delay": "of contention (block or mutex), which holds only waits that have ended",
    "threadcreate": "of threads",
}


def _profile(decoded: Decoded, name: str) -> Snapshot:
    profile = decoded.profile
    columns = [column.type for column in profile.sample_types]
    if "inuse_space" in columns or "alloc_space" in columns:
        return heap_of_profile(decoded, name)
    kind = next((c for c in columns if c in ("goroutine", "goroutineleak")), "")
    if not kind:
        for what in columns:
            if what in _OTHER_PROFILES:
                raise LoadError(f"this is a profile {_OTHER_PROFILES[what]}; {_FETCH}")
        shown = ", ".join(columns[:4])
        raise LoadError(f"gosim does not know this kind of profile (columns {shown}); {_FETCH}")
    column = columns.index(kind)
    merged: dict[object, Group] = {}
    for sample in profile.samples:
        count = sample.values[column]
        if count <= 0:
            continue
        reason = nil_channel(sample.stack, decoded.starts)
        key = sample.stack, reason
        labels = {label[0]: str(label[1]) for label in sample.labels}
        group = merged.get(key)
        if group is None:
            stack = tuple([Frame(f.function, f.file, f.line) for f in sample.stack])
            merged[key] = Group(count, stack, reason, labels=labels)
        else:
            group.count += count
            group.labels = {k: v for k, v in group.labels.items() if labels.get(k) == v}
    made = Snapshot(name, kind, PROTOBUF, ordered(list(merged.values())))
    made.total = sum(g.count for g in made.groups)
    made.time_ns = profile.time_ns
    made.program = profile.program
    if kind == "goroutineleak":
        for group in made.groups:
            group.leaked = group.count
    elif not made.total:
        raise LoadError("there is no goroutine in this profile")
    return made
