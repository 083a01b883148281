"""What package weak needs of Python."""

from __future__ import annotations

from typing import Any

from gosim.runtime.current import current_world
from gosim.std import weak


def make_(ptr: Any) -> weak.Pointer[Any]:
    """Return the weak pointer to something, the same for all who ask."""
    memory = current_world("weak.Make").memory_of()
    made: weak.Pointer[Any] = memory.weak_to(ptr, weak.Pointer, typed=True)
    return made


def value(u: weak.Pointer[Any]) -> Any:
    """Return the pointer, nil when its object is gone."""
    return u.value()
