"""What package testing needs of Python."""

from __future__ import annotations

import re
import sys
from functools import lru_cache
from typing import Any

from gosim.golang.values.strings import decode, encode
from gosim.runtime.current import current_world
from gosim.runtime.errors import UsageError

_KEPT = "gosim.golang.library.testing"


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def found(pattern: str, name: str) -> bool:
    """Tell whether a regular expression is found in a name."""
    try:
        return _compiled(decode(pattern)).search(decode(name)) is not None
    except re.error as error:
        raise UsageError(f"-run {decode(pattern)}: {error}") from None


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
