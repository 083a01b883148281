"""Where something stands in the source: one integer per place, as in Go's ``go/token``.

A `Pos` is an integer that names a file and a character of it at once: every `SourceFile` of a
`FileSet` owns the numbers ``base … base + size``. 0 (`NO_POS`) is no place. Syntax trees store
nothing else; line and column are computed when somebody asks. Columns count bytes of the UTF-8
source from 1, as Go prints them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

__all__ = ["BOM", "NO_POS", "FileSet", "Position", "SourceFile"]

#: The position of what is not in any file.
NO_POS = 0

#: Stands in `SourceFile.text` for what is skipped.
BOM = "\ufeff"
_NEWLINE = re.compile("\n")
# What Go's reader of source files complains about and skips.
_UNREADABLE = re.compile("[\0\ufeff\udc80-\udcff]")


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place for people: file, line from 1, column in bytes from 1."""

    filename: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.filename}:{self.line}:{self.column}"


@dataclass(slots=True, eq=False)
class SourceFile:
    """One Go file as it was read.

    Parameters
    ----------
    name
        The name that errors print.
    raw
        The text as decoded; a byte that is no UTF-8 stands as a lone surrogate.
    base
        The `Pos` of the first character.

    Attributes
    ----------
    text
        `raw` with a byte order mark wherever Go's reader skips something, so that every index means
        the same place in both and the scanner has one character to skip.
    unreadable
        The complaints: (index, Go's text).
    """

    name: str
    raw: str
    base: int = 1
    text: str = field(init=False)
    unreadable: list[tuple[int, str]] = field(init=False)
    _starts: list[int] | None = field(init=False, default=None, repr=False)

    def __post_init__(self) -> None:
        self.unreadable = []
        self.text = self.raw
        if not self.raw.isascii() or "\0" in self.raw:
            for found in _UNREADABLE.finditer(self.raw):
                if found[0] == "\0":
                    self.unreadable.append((found.start(), "invalid NUL character"))
                elif found[0] != BOM:
                    self.unreadable.append((found.start(), "invalid UTF-8 encoding"))
                elif found.start() > 0:
                    why = "invalid BOM in the middle of the file"
                    self.unreadable.append((found.start(), why))
            self.text = _UNREADABLE.sub(BOM, self.raw)

    @property
    def size(self) -> int:
        """The number of characters."""
        return len(self.raw)

    @property
    def line_starts(self) -> list[int]:
        """The index of the first character of each line."""
        if self._starts is None:
            self._starts = [0, *(found.end() for found in _NEWLINE.finditer(self.raw))]
        return self._starts

    def line(self, pos: int) -> int:
        """Return the line of `pos`, from 1."""
        return bisect_right(self.line_starts, pos - self.base)

    def position(self, pos: int) -> Position:
        """Return file, line and column of `pos`."""
        offset = pos - self.base
        line = bisect_right(self.line_starts, offset)
        before = self.raw[self.line_starts[line - 1] : offset]
        if before.isascii():
            column = len(before)
        else:
            column = len(before.encode("utf-8", "surrogateescape"))
        return Position(self.name, line, column + 1)

    def line_text(self, line: int) -> str:
        """Return the text of a line, without its end."""
        starts = self.line_starts
        end = starts[line] - 1 if line < len(starts) else len(self.raw)
        return self.raw[starts[line - 1] : end]


class FileSet:
    """The files of a program; gives each its range of positions.

    >>> files = FileSet()
    >>> file = files.add("a.go", "package a\\nvar ä, x int\\n")
    >>> str(files.position(file.base + file.text.index("x")))
    'a.go:2:9'
    """

    __slots__ = ("_bases", "files")

    def __init__(self) -> None:
        self.files: list[SourceFile] = []
        self._bases: list[int] = []

    def add(self, name: str, source: str | bytes) -> SourceFile:
        """Take in a file; `source` is its text, or its bytes as they are on disk."""
        if isinstance(source, bytes):
            source = source.decode("utf-8", "surrogateescape")
        base = 1
        if self.files:
            last = self.files[-1]
            base = last.base + last.size + 1
        file = SourceFile(name, source, base)
        self.files.append(file)
        self._bases.append(base)
        return file

    def file(self, pos: int) -> SourceFile:
        """Return the file `pos` lies in.

        Raises
        ------
        LookupError
            `pos` is `NO_POS` or lies behind the last file.
        """
        at = bisect_right(self._bases, pos) - 1
        if at < 0 or pos > self.files[at].base + self.files[at].size:
            raise LookupError(f"no file holds position {pos}")
        return self.files[at]

    def position(self, pos: int) -> Position:
        """Return file, line and column of `pos`."""
        return self.file(pos).position(pos)

    def line(self, pos: int) -> int:
        """Return the line of `pos` in its file."""
        return self.file(pos).line(pos)
