"""Cells of large arrays, which come into being when they are written.

Go asks the system for pages and gets zeros; nothing is there until somebody writes. A Python list
of a hundred million zeros would take a gigabyte at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from gosim.memory.errors import FatalError

__all__ = ["BUDGET", "LAZY", "Sparse", "check_budget"]

LAZY = 1 << 22
"""So many cells and more are kept in chunks."""

BUDGET = 8 << 30
"""Bytes of address space that a simulated process has, as in `gosim.runtime.mgc`."""

_SHIFT = 12
_CHUNK = 1 << _SHIFT
_MASK = _CHUNK - 1


def check_budget(size: int) -> None:
    """Stop the process, as the runtime does, if the system has not so many bytes."""
    if size > BUDGET:
        # Address space is there, but the system does not back so much of it (``sysMapOS``).
        raise FatalError("runtime: out of memory")


class Sparse:
    """Cells like a list's; `make` makes the zero of each, `zero` is it where it is shared."""

    __slots__ = ("__weakref__", "allocated", "chunks", "make", "n", "site", "span", "zero")
    part_held = False
    tells_writes = False

    def __init__(self, n: int, zero: Any, make: Callable[[], Any] | None) -> None:
        self.n = n
        self.zero = zero
        self.make = make
        self.chunks: dict[int, list[Any]] = {}

    def __len__(self) -> int:
        return self.n

    def __gosim_referents__(self) -> Iterable[object]:
        return list(self.chunks.values())

    def _chunk(self, number: int) -> list[Any]:
        chunk = self.chunks.get(number)
        if chunk is None:
            make = self.make
            if make is None:
                chunk = [self.zero] * _CHUNK
            else:
                chunk = [make() for _ in range(_CHUNK)]
            self.chunks[number] = chunk
        return chunk

    def __getitem__(self, i: Any) -> Any:
        if type(i) is slice:
            start, stop, _ = i.indices(self.n)
            if stop - start >= LAZY:
                return self._copied(start, stop)
            return [self[at] for at in range(start, stop)]
        chunk = self.chunks.get(i >> _SHIFT)
        if chunk is None:
            if self.make is None:
                return self.zero
            chunk = self._chunk(i >> _SHIFT)
        return chunk[i & _MASK]

    def _copied(self, start: int, stop: int) -> Sparse:
        """Return a part that is large itself; what can be changed in place is not copied."""
        made = Sparse(stop - start, self.zero, self.make)
        for number in self.chunks:
            first = number << _SHIFT
            for i in range(max(first, start), min(first + _CHUNK, stop)):
                made[i - start] = self.chunks[number][i & _MASK]
        return made

    def __setitem__(self, i: Any, value: Any) -> None:
        if type(i) is slice:
            start, _, _ = i.indices(self.n)
            if isinstance(value, Sparse):
                for number, chunk in value.chunks.items():
                    for at, each in enumerate(chunk, (number << _SHIFT) + start):
                        if at < self.n:
                            self[at] = each
                return
            for at, each in enumerate(value, start):
                self[at] = each
            return
        self._chunk(i >> _SHIFT)[i & _MASK] = value

    def __iter__(self) -> Iterator[Any]:
        for i in range(self.n):
            yield self[i]

    def append(self, value: Any) -> None:
        """Add a cell."""
        self.n += 1
        self[self.n - 1] = value

    def extend(self, values: Iterable[Any]) -> None:
        """Add cells."""
        if isinstance(values, Sparse) and not values.chunks:
            self.n += values.n
            return
        for value in values:
            self.append(value)
