"""What a file tells: goroutines folded by equal stacks, or the sites of a heap profile.

A `Snapshot` is the same whatever it was read from; what the format leaves out is empty there, and
``hides`` says so.  Nothing here judges.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from gosim.oracle.dump import CreatedBy, Frame

__all__ = ["Frame", "Group", "HeapSite", "Snapshot", "is_runtime", "visible"]

DUMP: Final = "debug=2"
GROUPED: Final = "debug=1"
PROTOBUF: Final = "protobuf"


@dataclass(slots=True)
class Group:
    """Goroutines with one identical stack that wait for the same reason.

    Attributes
    ----------
    count : int
    stack : tuple of Frame
        The innermost call first; without the frames of package runtime where the file has none.
    reason : str
        Go's own text, ``chan receive (nil chan)``; empty when the file hides it.
    created_by : CreatedBy or None
        The ``go`` statement; only dumps have it.
    minutes : int
        The longest wait; 0 when the file says nothing of it.
    leaked : int
        How many of them Go's leak-finding collection marked.
    ids : tuple of int
        The first goroutines of the group; empty when the file has no numbers.
    parents : tuple of int
        Some of the goroutines that started them.
    locks : dict of str to int
        Addresses of what they wait for, where the dump shows them, and how many wait for each.
    knows : tuple of (str, frozenset of str)
        Of some members the address they wait for, and the other addresses on their stacks.
    labels : dict
        Those that all members have in common.
    hidden : int
        Of a ``debug=1`` text: how many frames of the runtime it left out at the top; -1 unknown.
    """

    count: int
    stack: tuple[Frame, ...]
    reason: str = ""
    created_by: CreatedBy | None = None
    minutes: int = 0
    leaked: int = 0
    ids: tuple[int, ...] = ()
    parents: tuple[int, ...] = ()
    locks: dict[str, int] = field(default_factory=dict)
    knows: tuple[tuple[str, frozenset[str]], ...] = ()
    labels: dict[str, str] = field(default_factory=dict)
    hidden: int = -1
    locked: bool = False

    @property
    def seen(self) -> tuple[Frame, ...]:
        """The stack without the runtime's own frames on top of it and below it."""
        return visible(self.stack)

    @property
    def functions(self) -> tuple[str, ...]:
        """The names of the functions on the stack, innermost first."""
        return tuple([frame.function for frame in self.stack])


@dataclass(frozen=True, slots=True)
class HeapSite:
    """What one place in the program has allocated: objects and bytes, of them those in use.

    The figures are as the file has them, scaled up from the samples (``runtime/pprof`` does it).
    """

    stack: tuple[Frame, ...]
    inuse_objects: int
    inuse_bytes: int
    alloc_objects: int
    alloc_bytes: int


@dataclass(slots=True)
class Snapshot:
    """A file, read.

    Attributes
    ----------
    name : str
        The file as it was named.
    kind : str
        ``goroutine``, ``goroutineleak`` or ``heap``.
    format : str
        ``debug=2``, ``debug=1`` or ``protobuf``.
    groups : list of Group
        The largest first.
    sites : list of HeapSite
    total : int
        Goroutines in all; of a truncated file, those that were read.
    headline : str
        What the process said before it died: ``panic: …``, ``fatal error: …``.
    notes : list of str
        What is odd about the file, in sentences.
    time_ns : int
        When it was taken (Unix time), where the file says so.
    """

    name: str
    kind: str
    format: str
    groups: list[Group] = field(default_factory=list)
    sites: list[HeapSite] = field(default_factory=list)
    total: int = 0
    headline: str = ""
    notes: list[str] = field(default_factory=list)
    time_ns: int = 0
    program: str = ""
    earlier: Snapshot | None = None
    """An earlier dump in the same file."""
    cut: bool = False
    """Whether the end of the file is missing."""


def is_runtime(function: str) -> bool:
    """Whether a function is the runtime's own, which Go's texts leave out at the top."""
    return function.startswith(("runtime.", "internal/runtime/")) and not (
        function.startswith("runtime.") and function[8:9].isupper()
    )


def visible(stack: Sequence[Frame]) -> tuple[Frame, ...]:
    """Return a stack without the runtime's frames at its top and its bottom."""
    low, high = 0, len(stack)
    while low < high and is_runtime(stack[low].function):
        low += 1
    while high > low and is_runtime(stack[high - 1].function):
        high -= 1
    return tuple(stack[low:high])
