"""Read profiles that Go programs, and gosim, have written: ``profile.proto``, gzipped or not.

What a stranger sends may be anything.  Every length, number and reference is checked before it is
used, and what does not fit is a `LoadError` of one sentence; unknown fields are skipped, as
protobuf wants it.  Nothing here calls itself: a file cannot nest deeper than the format does.

Read beside it: ``github.com/google/pprof/proto/profile.proto`` and ``runtime/pprof/proto.go``.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from gosim.runtime.errors import LoadError
from gosim.runtime.proto import Label, Profile, Sample, TextLabel, ValueType
from gosim.runtime.traceback import Frame

__all__ = ["MOST_BYTES", "Decoded", "decode", "inflate"]

MOST_BYTES: Final = 1 << 29
"""Unpacked, a profile is never so large: a stack takes some hundred bytes, and there are as many
as a program has places that block or allocate."""

_GZIP: Final = b"\x1f\x8b"
_DEEPEST: Final = 10_000


@dataclass(slots=True)
class Decoded:
    """A profile, and what gosim's own do not have.

    Attributes
    ----------
    profile : Profile
    starts : dict
        The line at which a function begins, by name and file; Go writes it since 1.20.
    duration_ns : int
        How long the profile was collected.
    """

    profile: Profile
    starts: dict[tuple[str, str], int] = field(default_factory=dict)
    duration_ns: int = 0


def inflate(data: bytes, most: int = MOST_BYTES) -> bytes:
    """Unpack gzip; what is not packed is returned as it is.

    Raises
    ------
    LoadError
        When it is cut off or damaged, or becomes larger than `most` bytes.
    """
    if not data.startswith(_GZIP):
        return data
    out = bytearray()
    while data.startswith(_GZIP):
        unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
        try:
            out += unpacker.decompress(data, most + 1 - len(out))
        except zlib.error as error:
            raise LoadError(f"the file is damaged: it cannot be unpacked ({error})") from None
        if len(out) > most:
            raise LoadError(
                f"the file unpacks to more than {most >> 20} MiB: no profile is so large"
            )
        if not unpacker.eof:
            raise LoadError("the file is cut off: its packed data has no end; fetch it again")
        data = unpacker.unused_data
    return bytes(out)


def decode(data: bytes) -> Decoded:
    """Read a profile.

    Parameters
    ----------
    data : bytes
        The file, packed or not.

    Raises
    ------
    LoadError
        When it is none.
    """
    raw = inflate(data)
    if not raw:
        raise LoadError("the file is empty")
    return _Reader(raw).decoded()


class _Bad(Exception):
    """What is read is no profile."""


def _varint(data: bytes, at: int, end: int) -> tuple[int, int]:
    """Return a number in base 128, and where it ends."""
    if at < end and (byte := data[at]) < 0x80:
        return byte, at + 1
    value = shift = 0
    while at < end:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value & 0xFFFF_FFFF_FFFF_FFFF, at
        shift += 7
        if shift > 63:
            raise _Bad("a number is longer than 64 bits")
    raise _Bad("it ends inside a number")


def _signed(n: int) -> int:
    return n - (1 << 64) if n >> 63 else n


class _Reader:
    """Reads the messages of one file."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def fields(self, at: int, end: int) -> Iterator[tuple[int, int, int, int]]:
        """Yield the fields of a message: number, value, and the place of what has a length.

        A field with a number of its own has that as value, and -1 as place.
        """
        data = self.data
        while at < end:
            key, at = _varint(data, at, end)
            number, wire = key >> 3, key & 7
            if number == 0:
                raise _Bad("a field has the number 0")
            if wire == 0:
                value, at = _varint(data, at, end)
                yield number, value, -1, -1
            elif wire == 2:
                size, at = _varint(data, at, end)
                if size > end - at:
                    raise _Bad(f"a field of {size} bytes goes beyond the end")
                yield number, 0, at, at + size
                at += size
            elif wire in (1, 5):
                size = 8 if wire == 1 else 4
                if size > end - at:
                    raise _Bad("it ends inside a number")
                at += size  # the format has no such field: one of a later version
            else:
                raise _Bad(f"there is no wire type {wire}")

    def decoded(self) -> Decoded:
        try:
            return self._decoded()
        except _Bad as bad:
            raise LoadError(f"this is not a pprof profile: {bad}") from None

    def _decoded(self) -> Decoded:
        texts: list[tuple[int, int]] = []
        columns: list[tuple[int, int]] = []
        samples: list[tuple[int, int]] = []
        places: list[tuple[int, int]] = []
        functions: list[tuple[int, int]] = []
        mappings: list[tuple[int, int]] = []
        comments: list[int] = []
        numbers = {9: 0, 10: 0, 12: 0, 14: 0}
        period: tuple[int, int] | None = None
        lists = {1: columns, 2: samples, 3: mappings, 4: places, 5: functions, 6: texts}
        for number, value, low, high in self.fields(0, len(self.data)):
            if number in lists and low >= 0:
                lists[number].append((low, high))
            elif number == 11 and low >= 0:
                period = low, high
            elif number == 13:
                comments += [value] if low < 0 else self.packed(low, high)
            elif number in numbers and low < 0:
                numbers[number] = value
        if not columns or not texts:
            raise _Bad("it has no columns of numbers")
        self.strings = [self.data[a:b].decode("utf-8", "replace") for a, b in texts]
        types = [self.value_type(*place) for place in columns]
        self.starts: dict[tuple[str, str], int] = {}
        named = dict(self.function(*place) for place in functions)
        frames = dict(self.location(*place, named) for place in places)
        profile = Profile(types, self.value_type(*period) if period else ValueType("", ""))
        profile.period = _signed(numbers[12])
        profile.time_ns = _signed(numbers[9])
        profile.default_sample_type = self.text(numbers[14])
        profile.comments = [self.text(n) for n in comments]
        profile.program = self.mapping(*mappings[0]) if mappings else ""
        profile.samples = [self.sample(*place, frames, len(types)) for place in samples]
        return Decoded(profile, self.starts, _signed(numbers[10]))

    def text(self, n: int) -> str:
        if n >= len(self.strings):
            raise _Bad(f"string {n} is not in its table")
        return self.strings[n]

    def packed(self, at: int, end: int) -> list[int]:
        found = []
        while at < end:
            value, at = _varint(self.data, at, end)
            found.append(value)
        return found

    def value_type(self, at: int, end: int) -> ValueType:
        type = unit = ""
        for number, value, _, _ in self.fields(at, end):
            if number == 1:
                type = self.text(value)
            elif number == 2:
                unit = self.text(value)
        return ValueType(type, unit)

    def mapping(self, at: int, end: int) -> str:
        name = ""
        for number, value, low, _ in self.fields(at, end):
            if number == 5 and low < 0:
                name = self.text(value)
        return name

    def function(self, at: int, end: int) -> tuple[int, tuple[str, str]]:
        id = name = file = start = 0
        for number, value, _, _ in self.fields(at, end):
            if number == 1:
                id = value
            elif number == 2:
                name = value
            elif number == 4:
                file = value
            elif number == 5:
                start = value
        found = self.text(name), self.text(file)
        if start:
            self.starts[found] = start
        return id, found

    def location(
        self, at: int, end: int, functions: dict[int, tuple[str, str]]
    ) -> tuple[int, tuple[Frame, ...]]:
        id = address = 0
        lines = []
        for number, value, low, high in self.fields(at, end):
            if number == 1:
                id = value
            elif number == 3:
                address = value
            elif number == 4 and low >= 0:
                lines.append((low, high))
        frames = []
        for low, high in lines[:_DEEPEST]:
            function = line = 0
            for number, value, _, _ in self.fields(low, high):
                if number == 1:
                    function = value
                elif number == 2:
                    line = value
            if function not in functions:
                raise _Bad(f"function {function} is not in its table")
            frames.append(Frame(*functions[function], _signed(line)))
        if not frames and address:
            frames = [Frame(f"{address:#x}", "", 0)]  # nobody has looked up its symbols
        return id, tuple(frames)

    def sample(
        self, at: int, end: int, places: dict[int, tuple[Frame, ...]], columns: int
    ) -> Sample:
        stack: list[Frame] = []
        values: list[int] = []
        labels: list[Label | TextLabel] = []
        for number, value, low, high in self.fields(at, end):
            if number == 1:
                for id in [value] if low < 0 else self.packed(low, high):
                    if id not in places:
                        raise _Bad(f"place {id} is not in its table")
                    if len(stack) < _DEEPEST:
                        stack += places[id]
            elif number == 2:
                values += [value] if low < 0 else self.packed(low, high)
            elif number == 3 and low >= 0:
                labels.append(self.label(low, high))
        if len(values) != columns:
            raise _Bad(f"a sample has {len(values)} numbers for {columns} columns")
        return Sample(tuple(stack), tuple(map(_signed, values)), tuple(labels))

    def label(self, at: int, end: int) -> Label | TextLabel:
        key = text = amount = 0
        for number, value, _, _ in self.fields(at, end):
            if number == 1:
                key = value
            elif number == 2:
                text = value
            elif number == 3:
                amount = _signed(value)
        if text:
            return TextLabel(self.text(key), self.text(text))
        return Label(self.text(key), amount)
