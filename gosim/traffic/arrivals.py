"""When calls arrive: evenly, at random, in bursts, or as a simpy process of one's own says."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from gosim.runtime.errors import UsageError

if TYPE_CHECKING:
    import simpy

__all__ = ["BURST", "KINDS", "Arrivals", "Rate", "Source", "parse_rate"]

SECOND: Final = 1_000_000_000
_UNITS: Final = {"s": SECOND, "m": 60 * SECOND, "min": 60 * SECOND, "h": 3600 * SECOND}
_FORM: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*/\s*(s|min|m|h)")
_MOST: Final = 1_000_000
"""Calls per second at most: above that the ns of the clock are too coarse."""
KINDS: Final = ("steady", "poisson", "bursts")
BURST: Final = 10
"""Calls of a burst when nobody says how many."""

Source: TypeAlias = "Callable[[simpy.Environment, Callable[[], None]], Generator[Any, Any, Any]]"
"""A simpy process that decides when calls arrive: ``def source(env, call)``."""


@dataclass(frozen=True)
class Rate:
    """Calls per time.

    Attributes
    ----------
    calls : Fraction
        So many
    unit : int
        in so many ns.
    text : str
        As it was written.
    """

    calls: Fraction
    unit: int
    text: str

    @property
    def per_second(self) -> float:
        """Calls per second of virtual time."""
        return float(self.calls * SECOND / self.unit)

    def at(self, n: int) -> int:
        """Return when call `n` comes, in ns, if they come evenly from 0 on."""
        return int(n * self.unit / self.calls)

    def within(self, duration: int) -> int:
        """Return how many calls come in `duration` ns."""
        return -int(-(duration * self.calls) // self.unit)


def parse_rate(rate: str | float) -> Rate:
    """Read ``100/s``, ``6000/min`` or ``2.5/h``; a number is calls per second.

    Raises
    ------
    UsageError
        With one sentence that says how to write it.

    Examples
    --------
    >>> parse_rate("90/min").per_second, parse_rate(100).text
    (1.5, '100/s')
    """
    text = str(rate)
    how = "write calls and a unit of time: 100/s, 100/min, 5/h"
    if isinstance(rate, int | float) and not isinstance(rate, bool):
        text = f"{rate:g}/s" if rate < 1e6 else f"{rate}/s"
    found = _FORM.fullmatch(text.strip())
    if found is None:
        if re.fullmatch(r"[0-9.]+", text):
            how = f"100 what? {how}" if text == "100" else f"{text} in which time? {how}"
        raise UsageError(f"{text!r} is no rate: {how}")
    read = Rate(Fraction(found[1]), _UNITS[found[2]], text.strip().replace(" ", ""))
    if not read.calls:
        raise UsageError(f"{text!r}: without calls there is no load; {how}")
    if read.calls * SECOND > _MOST * read.unit:
        raise UsageError(f"{text!r}: at most {_MOST} calls per second")
    return read


class Arrivals:
    """When calls arrive.

    Parameters
    ----------
    rate : str or float, optional
        ``"100/s"``; a number is calls per second. None only for a `source` of one's own.
    kind : str
        ``steady``, ``poisson`` (random and independent of each other), ``bursts`` or ``bursts:50``
        (so many at one moment; the rate is the same).
    source : callable, optional
        ``def source(env, call)``: a simpy process in the world's own calendar, whose unit is ns.
    seed : int
        Of ``poisson``.

    Raises
    ------
    UsageError
        For a rate or a kind that there is not.

    Examples
    --------
    >>> [at // 1_000_000 for at in Arrivals("4/s").instants(1_000_000_000)]
    [0, 250, 500, 750]
    >>> [at // 1_000_000 for at in Arrivals("4/s", "bursts:2").instants(1_000_000_000)]
    [0, 0, 500, 500]
    """

    def __init__(
        self,
        rate: str | float | None,
        kind: str = "steady",
        *,
        source: Source | None = None,
        seed: int = 0,
    ) -> None:
        self.source = source
        self.seed = seed
        self.rate = None if rate is None else parse_rate(rate)
        if self.rate is None and source is None:
            raise UsageError("a load needs a rate: rate='100/s'")
        name, colon, size = kind.partition(":")
        if name not in KINDS or (colon and name != "bursts"):
            raise UsageError(f"calls arrive {', '.join(KINDS[:-1])} or in bursts:N, not {kind!r}")
        self.kind = name
        self.burst = BURST
        if colon:
            if not size.isdigit() or not 1 <= int(size) <= 1_000_000:
                raise UsageError(f"{kind!r}: write how many calls come at once: bursts:50")
            self.burst = int(size)

    @property
    def told(self) -> str:
        """What arrives how, in words: ``100/s, evenly``."""
        if self.rate is None:
            return "as a process of its own says"
        how = {
            "steady": "evenly",
            "poisson": f"at random (Poisson, seed {self.seed})",
            "bursts": f"{self.burst} at a time",
        }
        return f"{self.rate.text}, {how[self.kind]}"

    def expected(self, duration: int) -> int | None:
        """Return about how many calls come in `duration` ns; None if nobody knows."""
        return None if self.rate is None else self.rate.within(duration)

    def instants(self, duration: int) -> Iterator[int]:
        """Yield when calls arrive, in ns from the beginning, up to `duration` (exclusive)."""
        rate = self.rate
        if rate is None:
            return
        if self.kind == "poisson":
            draw = random.Random(f"arrivals/{self.seed}").expovariate
            mean, at = rate.unit / float(rate.calls), 0.0
            while (at := at + draw(1.0) * mean) < duration:
                yield int(at)
            return
        each = self.burst if self.kind == "bursts" else 1
        calls, unit = rate.calls.numerator, rate.unit * rate.calls.denominator * each
        n = 0
        while (instant := n * unit // calls) < duration:
            for _ in range(each):
                yield instant
            n += 1
