"""Exploration: every schedule of a program that differs from the others, and one verdict.

The package can be called: ``gosim.explore(main)`` is `gosim.doors.explore`, whether or not one of
its modules has been imported before.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

door: Callable[..., Any] | None = None
"""What is called.  ``gosim.doors`` puts it here."""


class _Package(ModuleType):
    """A package that can be called."""

    def __call__(self, *args: Any, **options: Any) -> Any:
        """Explore a program; see `gosim.doors.explore`."""
        if door is None:
            # The doors stand on a floor above; the package opens them when it is asked for one.
            _ = sys.modules["gosim"].run
        assert door is not None
        return door(*args, **options)


sys.modules[__name__].__class__ = _Package
