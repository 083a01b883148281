"""Strategies by the names that they have on the command line and in the API."""

from __future__ import annotations

from typing import Final

from gosim.explore.strategy import Strategy
from gosim.runtime.errors import UsageError

__all__ = ["STRATEGIES", "make_strategy"]

STRATEGIES: Final = ("portfolio", "optimal", "preemptions", "delays", "pct", "random")


def make_strategy(
    name: str | None = None,
    *,
    preemptions: int | None = None,
    delays: int | None = None,
    seed: int = 0,
    schedules: int = 20_000,
    seconds: float | None = None,
    divided: bool = False,
) -> Strategy:
    """Return a strategy.

    Parameters
    ----------
    name : str, optional
        One of `STRATEGIES`; left out, the one that a bound is of, or ``portfolio``.
    preemptions, delays : int, optional
        Only schedules with at most so many.
    seed : int
        Of those that draw.
    schedules : int
    seconds : float, optional
        The budget, for those that divide it.
    divided : bool
        Several processes will do it, or one after the other: left out, the name is ``optimal``,
        which can be divided.

    Raises
    ------
    UsageError
        For a name that is none, or a bound that does not go with it.
    """
    bounds = {"preemptions": preemptions, "delays": delays}
    given = [bound for bound, limit in bounds.items() if limit is not None]
    if len(given) > 1:
        raise UsageError("--preemptions and --delays are two bounds: choose one of them")
    if name is None:
        name = given[0] if given else "optimal" if divided else "portfolio"
    if given and given[0] != name:
        raise UsageError(f"--{given[0]} is a bound of --strategy {given[0]}, not of {name}")
    if name in bounds:
        from gosim.explore.bounded import Bounded

        return Bounded(bounds[name], "preemptions" if name == "preemptions" else "delays")
    if name == "portfolio":
        from gosim.explore.portfolio import Portfolio

        return Portfolio(schedules, seconds, seed)
    if name == "optimal":
        from gosim.explore.optimal import Optimal

        return Optimal()
    if name == "pct":
        from gosim.explore.pct import PCT

        return PCT(seed=seed)
    if name == "random":
        from gosim.explore.walk import Walk

        return Walk(seed=seed)
    raise UsageError(f"--strategy {name}: gosim knows {', '.join(STRATEGIES)}")
