"""What ends a process: the kernel at a container's limit, or the runtime without address space."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from gosim.memory.sizeclass import PAGE_SIZE
from gosim.runtime.errors import UsageError

__all__ = ["KINDS", "Limit", "address_pages", "parse_limit"]

KINDS: Final = ("container", "address")
_ARENA: Final = 64 << 20
_FORM: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([KMGT]?)(i?)(B?)", re.IGNORECASE)

#: Address space in MiB that a process has before its first arena: measured with the last release of
#: each version (linux/amd64, no cgo), but for 1.25, of which there was none.
_BASE: Final = {
    "1.21": 1133,
    "1.22": 1132,
    "1.23": 1132,
    "1.24": 1132,
    "1.25": 1134,
    "1.26": 1134,
    "1.27": 1134,
}


@dataclass(frozen=True)
class Limit:
    """What ends the process.

    Attributes
    ----------
    bytes : int
    kind : str
        ``container``: resident memory, the process is killed; ``address``: ``ulimit -v``, the
        runtime gives up.
    """

    bytes: int
    kind: str = "container"


def parse_limit(text: str | int, kind: str = "container") -> Limit:
    """Read ``512MiB`` (also ``512M`` and ``1.5GiB``; units of 1024).

    Raises
    ------
    UsageError
        With one sentence that says how to write it.

    Examples
    --------
    >>> parse_limit("512MiB").bytes, parse_limit("1.5G").bytes
    (536870912, 1610612736)
    """
    if kind not in KINDS:
        raise UsageError(f"a limit is of a {KINDS[0]} or of {KINDS[1]} space, not {kind!r}")
    if isinstance(text, int):
        size = text
    else:
        found = _FORM.fullmatch(text.strip())
        if found is None:
            raise UsageError(f"{text!r} is no size: write 512MiB, 2GiB or bytes")
        size = int(float(found[1]) * (1 << 10 * " KMGT".index(found[2].upper() or " ")))
    if size <= 0:
        raise UsageError(f"{text!r}: a process needs memory; write 512MiB, 2GiB or bytes")
    return Limit(size, kind)


def address_pages(limit: int, go: str) -> int:
    """Return the pages of heap and stacks that fit into so much address space.

    The runtime takes address space in arenas of 64 MiB, after what it reserves for its own tables.

    Raises
    ------
    UsageError
        When the process could not even start.
    """
    base = _BASE[go] << 20
    if limit < base + _ARENA:
        raise UsageError(
            f"with {limit >> 20} MiB of address space Go {go} does not start: it needs "
            f"{(base + _ARENA) >> 20} MiB for its own tables and the first 64 MiB of heap"
        )
    return (limit - base) // _ARENA * _ARENA // PAGE_SIZE
