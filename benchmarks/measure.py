"""What every contender measures with: one clock, one gauge of memory."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from typing import NamedTuple

#: Processor time of this process in ns, not time on the wall: on a shared machine the other
#: processes do not count. Go's side reads the same from getrusage.
clock = time.process_time_ns


class Measured(NamedTuple):
    """What one execution of one row took."""

    spent: int  #: ns of processor time for all operations
    bytes_each: float = 0.0  #: resident bytes per goroutine, in the rows that ask for it


#: The programs of one contender, by the key of their row; each is given the number of operations.
Programs = dict[str, Callable[[int], Measured]]


def resident() -> int:
    """Resident memory of this process in bytes; 0 where the system does not tell (no /proc)."""
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


#: Goroutines in the row "sleeps".
SLEEPERS = 1000
#: Goroutines in the row "mutex".
LOCKERS = 10
#: Length of the chain in the row "sieve", and the prime that comes out of its end.
PRIMES, LAST_PRIME = 200, 1223


def naps(n: int) -> list[list[int]]:
    """The sleeps of each goroutine in ns: `n` in all, up to a millisecond, always the same."""
    random_ = random.Random(1)
    return [[random_.randint(1, 1_000_000) for _ in range(n // SLEEPERS)] for _ in range(SLEEPERS)]


def check(got: object, want: object) -> None:
    """A contender that did other work than asked for has not been measured."""
    if got != want:
        raise AssertionError(f"wrong result: {got!r}, not {want!r}")
