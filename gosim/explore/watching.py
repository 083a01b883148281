"""Watchers by what they look for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gosim.explore.search import Watcher

__all__ = ["make_watchers"]


def make_watchers(*, race: bool = False) -> list[Callable[[], Watcher]]:
    """Return what listens to each execution of an exploration: for the order of locks, always.

    Parameters
    ----------
    race : bool
        Look for data races on shared variables.
    """
    from gosim.explore.lockorder import LockOrder

    found: list[Callable[[], Watcher]] = [LockOrder]
    if race:
        from gosim.explore.datarace import DataRaces

        found.append(DataRaces)
    return found
