"""Edit regions: the parts of a program that a student may change.

A region begins with a comment line ``# EDIT``, perhaps with more words, and ends with ``# END
EDIT`` (in Go ``// EDIT`` and ``// END EDIT``).  Imports may change everywhere: a repair needs
packages.  A marker that has become part of a string or of a longer comment marks nothing.
"""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_BEGIN: Final = re.compile(r"^\s*(?:#|//)\s*EDIT\b")
_END: Final = re.compile(r"^\s*(?:#|//)\s*END EDIT\b")
_GO_IMPORT: Final = re.compile(r"^import\s+[\w.]*\s*\"[^\";]*\"\s*(//.*)?$")
_GO_IMPORTED: Final = re.compile(r"^\s*([\w.]*\s*\"[^\";]*\"\s*)?(//.*)?$")
_PY_IMPORT: Final = re.compile(r"^(import|from)\s[\w., \t]*(import[\w., \t*]*)?(#.*)?$")
_PY_OPEN: Final = re.compile(r"^from\s+[\w.]+\s+import\s*\((#.*)?$")
_PY_IMPORTED: Final = re.compile(r"^[\w, \t]*(#.*)?$")
#: What a Go scanner has to skip to find the comments that count.
_GO_SKIPPED: Final = re.compile(
    r"`[^`]*`|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|/\*.*?(?:\*/|\Z)|(?P<comment>//[^\n]*)",
    re.DOTALL,
)


@dataclass(frozen=True)
class Change:
    """A line outside of the regions that is not as it was given out.

    Attributes
    ----------
    line : int
        In the submission; 0 when it lacks something at its end.
    was, now : str
    """

    line: int
    was: str
    now: str


def marked(text: str) -> bool:
    """Whether a program has regions."""
    return any(_BEGIN.match(line) for line in text.splitlines())


def _comments(text: str, go: bool) -> set[int]:
    """Return the numbers of the lines that have a line comment."""
    if go:
        return {
            text.count("\n", 0, found.start()) + 1
            for found in _GO_SKIPPED.finditer(text)
            if found["comment"]
        }
    lines: set[int] = set()
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                lines.add(token.start[0])
    except (tokenize.TokenError, SyntaxError):
        pass  # it does not load: another check says so, and what was read counts here
    return lines


def _fixed(text: str, go: bool) -> Iterator[tuple[int, str]]:
    """Yield the lines outside of regions and imports that say something, with their numbers."""
    comments = _comments(text, go)
    inside = imports = False
    for number, line in enumerate(text.split("\n"), 1):
        line = line.rstrip()
        said = number in comments
        if inside:
            if not (said and _END.match(line)):
                continue
            inside = False
        elif said and _BEGIN.match(line):
            inside = True
        if imports:
            imports = (_GO_IMPORTED if go else _PY_IMPORTED).match(line) is not None
            if imports or line == ")":
                imports = imports and line != ")"
                continue
        elif (line == "import (") if go else _PY_OPEN.match(line):
            imports = True
            continue
        elif (_GO_IMPORT if go else _PY_IMPORT).match(line):
            continue
        if line:
            yield number, line
    if inside:
        yield 0, "the end of a region"


def editable(text: str, go: bool) -> frozenset[int]:
    """Return the numbers of the lines that stand in regions."""
    fixed = {number for number, _ in _fixed(text, go)}
    begun = next((n for n in sorted(fixed) if _BEGIN.match(text.split("\n")[n - 1])), 0)
    lines = range(begun, text.count("\n") + 2) if begun else ()
    return frozenset(n for n in lines if n not in fixed)


def changed(given: str, submitted: str, go: bool) -> Change | None:
    """Return the first change outside of the regions; None when there is none."""
    before, after = list(_fixed(given, go)), list(_fixed(submitted, go))
    for (_, was), (number, now) in zip(before, after, strict=False):
        if was != now:
            return Change(number, was, now)
    if len(after) > len(before):
        number, now = after[len(before)]
        return Change(number, "", now)
    if len(before) > len(after):
        return Change(0, before[len(after)][1], "")
    return None
