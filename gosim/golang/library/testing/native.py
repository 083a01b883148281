"""What package testing needs of Python."""

from __future__ import annotations

import re
import sys
from functools import lru_cache
from typing import Any

from gosim.golang.values.strings import decode, encode
from gosim.runtime.current import current_world

_KEPT = "gosim.golang.library.testing"


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def matches(pattern: str, name: str) -> bool:
    """Tell whether a regular expression is found in a name."""
    return _compiled(decode(pattern)).search(decode(name)) is not None


def _split(pattern: str) -> list[str]:
    """Cut at slashes that are not in brackets or parentheses."""
    parts, depth, square = [""], 0, 0
    escaped = False
    for c in pattern:
        if not escaped and c == "[":
            square += 1
        elif not escaped and c == "]" and square:
            square -= 1
        elif not escaped and not square:
            depth += (c == "(") - (c == ")" and depth > 0)
        if c == "/" and not square and not depth and not escaped:
            parts.append("")
            continue
        escaped = c == "\\" and not escaped
        parts[-1] += c
    return parts


def matchAny(pattern: str, name: str, partial: bool) -> bool:
    """Match the levels of a name against those of a pattern, of which there may be several."""
    names = decode(name).split("/")
    whole = decode(pattern)
    # Alternatives of several levels are only told apart where no group could hold a "|".
    for each in [whole] if set("([") & set(whole) else whole.split("|"):
        parts = [part.replace(" ", "_") for part in _split(each)]
        if len(names) < len(parts) and not partial:
            continue
        if all(_compiled(p).search(n) for p, n in zip(parts, names, strict=False)):
            return True
    return False


def testing() -> bool:
    """Tell whether the run is one of ``gosim test``, which says so among its arguments."""
    return any(arg.startswith("-test.") for arg in current_world("testing.Testing").args)


class _Tee:
    """Keeps what an example prints."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self.kept: list[str] = []

    def write(self, text: str) -> int:
        """Keep a text."""
        self.kept.append(text)
        return len(text)


def begin() -> None:
    """Catch what is printed from now on."""
    sys.stdout = _Tee(sys.stdout)


def taken() -> str:
    """Return what was printed since, and catch no more."""
    tee: Any = sys.stdout
    sys.stdout = tee.stream
    return encode("".join(tee.kept))
