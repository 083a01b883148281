"""A number for a trace: executions that differ in the order of independent steps have the same.

The name of a step is its label, how many steps its goroutines had taken before, and what it
touched; the number of a step is made of its name and of the numbers of those that happen directly
before it; the number of a trace is their sum. Nothing in it depends on the order in which
independent steps were taken, on the process or on the version of Python.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from typing import Final

from gosim.explore.step import Step

__all__ = ["Hasher", "trace_hash"]

_BYTES: Final = 8
_MASK: Final = (1 << 8 * _BYTES) - 1


class Hasher:
    """Computes the number of an execution while it goes on.

    Attributes
    ----------
    value : int
        The number of what was taken so far, 64 bits.
    """

    __slots__ = ("_before", "_numbers", "_taken", "value")

    def __init__(self) -> None:
        self.value = 0
        self._numbers: list[int] = []
        self._before: list[int] = []
        self._taken: dict[str, int] = {}

    def add(self, step: Step) -> None:
        """Take in the next step."""
        taken = self._taken
        counts = []
        for who in step.who:
            n = taken.get(who, 0)
            counts.append(n)
            taken[who] = n + 1
        # A step that nobody precedes is before it only through others: skip what those bring.
        rest = step.before & ~(1 << len(self._numbers))
        direct = 0
        while rest:
            last = rest.bit_length() - 1
            direct += self._numbers[last]
            rest &= ~self._before[last]
        text = f"{tuple(step.label)}{counts}{step.accesses}{direct & _MASK}"
        number = int.from_bytes(blake2b(text.encode(), digest_size=_BYTES).digest(), "big")
        self._numbers.append(number)
        self._before.append(step.before)
        self.value = self.value + number & _MASK


def trace_hash(steps: Iterable[Step]) -> int:
    """Return the number of the trace that an execution belongs to.

    Parameters
    ----------
    steps : iterable of Step
        Of one execution, in order, from its beginning.

    Returns
    -------
    int
        64 bits; 0 for no steps.
    """
    hasher = Hasher()
    for step in steps:
        hasher.add(step)
    return hasher.value
