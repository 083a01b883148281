"""What package weak needs of Python."""

from __future__ import annotations

from typing import Any

from gosim.std import weak

make_ = weak.make


def value(u: weak.Pointer[Any]) -> Any:
    """Return the pointer, nil when its object is gone."""
    return u.value()
