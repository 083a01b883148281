"""The globals that every compiled program begins with."""

from __future__ import annotations

from typing import Any

from gosim.golang.values import calls, helpers

__all__ = ["globals_of"]

_made: dict[str, Any] = {}


def globals_of(counts: bool = False) -> dict[str, Any]:
    """Return a new dict with all helpers under the names that generated code has for them.

    `counts`: those that take from the simulated heap.
    """
    if not _made:
        for source in (helpers.HELPERS, calls.HELPERS):
            for name, value in source.items():
                _made["go:" + name] = value
        # A lower floor, which knows values, gives what the library needs.
        from gosim.golang import library

        _made["go:native_class"] = library.zero_class
    made = dict(_made)
    if counts:
        from gosim.golang.values import heap

        for name, value in heap.HELPERS.items():
            made["go:" + name] = value
    return made
