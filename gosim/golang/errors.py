"""Errors in Go source, counted, sorted and printed as the gc compiler does.

What Go does with them is in ``cmd/compile/internal/base/print.go``: one syntax error a line, equal
other errors on a line once, sorted by place, and after the tenth no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gosim.golang.position import FileSet, Position, SourceFile

__all__ = ["LIMIT", "CompileError", "Diagnostic", "ErrorList", "Unsupported"]

# gc has eight bits for a column; what does not fit is not printed.
_COLUMNS = 255

#: After so many errors the compiler stops.
LIMIT = 10


def _place(position: Position) -> str:
    if position.column < _COLUMNS:
        return str(position)
    return f"{position.filename}:{position.line}"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One complaint: a place and the compiler's words."""

    position: Position
    message: str

    def __str__(self) -> str:
        return f"{_place(self.position)}: {self.message}"


class CompileError(Exception):
    """The source is no Go program; ``str()`` is what ``go tool compile`` prints."""

    def __init__(
        self, diagnostics: Iterable[Diagnostic], *, stopped_at: Position | None = None
    ) -> None:
        self.diagnostics = tuple(diagnostics)
        #: The place of the tenth error, where the compiler gave up; None when it went on.
        self.stopped_at = stopped_at
        super().__init__(self.diagnostics)

    def __str__(self) -> str:
        lines = [str(d) for d in self.diagnostics]
        if self.stopped_at is not None:
            lines.append(f"{_place(self.stopped_at)}: too many errors")
        return "\n".join(lines)


class ErrorList:
    """The errors of one compilation in the order they were found.

    Iteration and `report` give them as printed; `has_syntax_errors` says that Go's compiler would
    stop before it checks types (other errors of the parser, such as an unused label, let it go on).
    """

    __slots__ = ("_files", "_found")

    def __init__(self, files: FileSet) -> None:
        self._files = files
        self._found: list[tuple[int, str]] = []

    def add(self, pos: int, message: str) -> None:
        """Note an error at `pos`."""
        self._found.append((pos, message))

    def __bool__(self) -> bool:
        return bool(self._found)

    @property
    def all(self) -> list[Diagnostic]:
        """Every error in the order of reporting, nothing left out."""
        return [Diagnostic(self._files.position(pos), text) for pos, text in self._found]

    @property
    def has_syntax_errors(self) -> bool:
        """Whether one of them is a syntax error."""
        return any(text.startswith("syntax error") for _, text in self._found)

    def report(self, limit: int | None = LIMIT) -> tuple[list[Diagnostic], Position | None]:
        """Return what the compiler prints, and where it gave up after `limit` errors, if so."""
        syntax: tuple[SourceFile, int] | None = None
        other: tuple[SourceFile, int, str] | None = None
        kept: list[tuple[int, int, Diagnostic]] = []
        # gc sorts the files of a package by when it first complains about them.
        rank: dict[SourceFile, int] = {}
        stopped_at = None
        for pos, text in self._found:
            file = self._files.file(pos)
            line = file.line(pos)
            order = rank.setdefault(file, len(rank))
            if text.startswith("syntax error"):
                if syntax == (file, line):
                    continue
                syntax = (file, line)
            else:
                if other == (file, line, text):
                    continue
                other = (file, line, text)
            at = file.position(pos)
            kept.append((order, pos, Diagnostic(at, text)))
            if limit is not None and len(kept) >= limit:
                stopped_at = at
                break
        kept.sort(key=lambda each: each[:2])
        printed: list[Diagnostic] = []
        for _, _, diagnostic in kept:
            if not printed or diagnostic != printed[-1]:
                printed.append(diagnostic)
        return printed, stopped_at

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(self.report()[0])

    def raise_if_any(self) -> None:
        """Raise `CompileError` when anything was noted."""
        if self._found:
            printed, stopped_at = self.report()
            raise CompileError(printed, stopped_at=stopped_at)


class Unsupported(Exception):
    """A part of Go that gosim does not simulate; `pos` is where the program uses it."""

    def __init__(self, pos: int, text: str) -> None:
        super().__init__(text)
        self.pos = pos
        self.text = text
