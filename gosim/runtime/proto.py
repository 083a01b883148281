"""The file format of pprof: ``profile.proto``, gzipped.

Only what a Go program writes is here, which is a few messages; the protobuf library would be the
heaviest import of gosim.  Equal profiles give equal bytes: nothing depends on the hour or the
machine.

Read beside it: ``runtime/pprof/proto.go`` and ``protobuf.go``; the messages are documented in
``github.com/google/pprof/proto/profile.proto``.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from gosim.runtime.traceback import Call

FIRST_ADDRESS: Final = 0x400000
"""Where programs begin on Linux.  Python has no addresses; every place gets one of its own."""
_STEP: Final = 16


class ValueType(NamedTuple):
    """What a column of numbers counts, and in which unit."""

    type: str
    unit: str


class Label(NamedTuple):
    """A number that belongs to a sample, such as the size of its objects."""

    key: str
    number: int


class TextLabel(NamedTuple):
    """A text that belongs to a sample: a label that the program gave its goroutine."""

    key: str
    text: str


class Sample(NamedTuple):
    """A stack, innermost first, and one number for each column."""

    stack: tuple[Call, ...]
    values: tuple[int, ...]
    labels: tuple[Label | TextLabel, ...] = ()


@dataclass(slots=True)
class Profile:
    """What is in a file.

    Attributes
    ----------
    sample_types : sequence of ValueType
        The columns.
    period_type, period
        What was sampled, and one in how many of it.
    samples : list of Sample
    default_sample_type : str
        The column that tools show first; the last one when empty.
    time_ns : int
        When it was taken, Unix time.
    program : str
        The name tools print behind ``File:``.
    comments : sequence of str
        ``go tool pprof -comments`` prints them.
    """

    sample_types: Sequence[ValueType]
    period_type: ValueType
    period: int = 1
    samples: list[Sample] = field(default_factory=list)
    default_sample_type: str = ""
    time_ns: int = 0
    program: str = ""
    comments: Sequence[str] = ()

    def encode(self) -> bytes:
        """Return the file."""
        return gzip(_Writer().profile(self))


class _Writer:
    """Numbers strings, functions and places in order of first use, and writes the messages."""

    def __init__(self) -> None:
        self.strings: dict[str, int] = {"": 0}
        self.functions: dict[tuple[str, str], int] = {}
        self.locations: dict[tuple[str, str, int], int] = {}

    def profile(self, p: Profile) -> bytes:
        out = bytearray()
        for column in p.sample_types:
            out += _message(1, self.value_type(column))
        for sample in p.samples:
            out += _message(2, self.sample(sample))
        out += _message(3, self.mapping(p.program))
        for (function, file, line), number in self.locations.items():
            of = self.functions.setdefault((function, file), len(self.functions) + 1)
            address = FIRST_ADDRESS + number * _STEP
            where = _int(1, of) + _int(2, line)
            out += _message(4, _int(1, number) + _int(2, 1) + _int(3, address) + _message(4, where))
        for (function, file), number in self.functions.items():
            name = self.string(function)
            text = _int(1, number) + _int(2, name) + _int(3, name) + _int(4, self.string(file))
            out += _message(5, text)
        out += _int(9, p.time_ns)
        out += _message(11, self.value_type(p.period_type))
        out += _int(12, p.period)
        for comment in p.comments:
            out += _int(13, self.string(comment))
        out += _int(14, self.string(p.default_sample_type))
        # The table of strings is complete only now; fields may come in any order.
        for text_ in self.strings:
            out += _message(6, text_.encode("utf-8", "backslashreplace"))
        return bytes(out)

    def string(self, text: str) -> int:
        return self.strings.setdefault(text, len(self.strings))

    def value_type(self, column: ValueType) -> bytes:
        return _int(1, self.string(column.type)) + _int(2, self.string(column.unit))

    def sample(self, sample: Sample) -> bytes:
        places = [
            self.locations.setdefault((f.function, f.file, f.line), len(self.locations) + 1)
            for f in sample.stack
        ]
        out = _packed(1, places) + _packed(2, sample.values)
        for label in sample.labels:
            if isinstance(label, TextLabel):
                what = _int(2, self.string(label.text))
            else:
                what = _int(3, label.number)
            out += _message(3, _int(1, self.string(label.key)) + what)
        return out

    def mapping(self, program: str) -> bytes:
        # Says that functions, files and lines are all there, so that no tool looks for a binary.
        limit = FIRST_ADDRESS + (len(self.locations) + 1) * _STEP
        text = _int(1, 1) + _int(2, FIRST_ADDRESS) + _int(3, limit) + _int(5, self.string(program))
        return text + _int(7, 1) + _int(8, 1) + _int(9, 1)


# -- the wire format ------------------------------------------------------------------------------


def varint(n: int) -> bytes:
    """Return an integer in base 128, low digits first; negative ones as 64 bits."""
    n &= 0xFFFF_FFFF_FFFF_FFFF
    out = bytearray()
    while n > 0x7F:
        out.append(n & 0x7F | 0x80)
        n >>= 7
    out.append(n)
    return bytes(out)


def _int(tag: int, n: int) -> bytes:
    """Return a number field; a zero is left out, as everywhere in protobuf."""
    return varint(tag << 3) + varint(n) if n else b""


def _message(tag: int, content: bytes) -> bytes:
    return varint(tag << 3 | 2) + varint(len(content)) + content


def _packed(tag: int, numbers: Iterable[int]) -> bytes:
    content = b"".join(map(varint, numbers))
    return _message(tag, content) if content else b""


def gzip(data: bytes) -> bytes:
    """Return `data` compressed, without an hour and a name in the header."""
    # Not gzip.compress: what it says of the operating system changed between Python versions.
    squeezed = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    body = squeezed.compress(data) + squeezed.flush()
    tail = struct.pack("<II", zlib.crc32(data), len(data) & 0xFFFF_FFFF)
    return b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff" + body + tail
