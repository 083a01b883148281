"""The collector, step by step: for lessons.  Go has no such package.

``begin`` starts a collection, ``step`` lets it look into some grey objects, ``finish`` ends it; in
between the program goes on, as it does beside Go's concurrent collector.  Every change of colour is
an event for observers (``gc_grey``, ``gc_black``), and ``step`` returns those that it made.
``barrier(False)`` switches the write barrier off, to see an object get lost that way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gosim.runtime.current import current_world
from gosim.runtime.mgc import Shade

if TYPE_CHECKING:
    from gosim.runtime.forms import Operation

__all__ = ["Shade", "barrier", "begin", "colour", "finish", "step"]


def begin() -> Operation[list[Shade]]:
    """Start a collection: the roots turn grey.  Return the changes of colour."""
    memory = current_world("tricolor.begin()").memory_of()
    return memory.awaited(memory.at_safe_point(memory.begin_by_hand), "begin")


def step(n: int = 1) -> Operation[list[Shade]]:
    """Look into up to `n` grey objects; return the changes of colour, none if no grey was left."""
    memory = current_world("tricolor.step()").memory_of()
    return memory.awaited(memory.at_safe_point(lambda: memory.step_by_hand(n)), "step")


def finish() -> Operation[list[Shade]]:
    """End the collection: mark what is left, free what is white.  Return the changes of colour."""
    memory = current_world("tricolor.finish()").memory_of()
    return memory.awaited(memory.at_safe_point(memory.finish_by_hand), "finish")


def barrier(on: bool) -> None:
    """Switch the write barrier on or off for the collections begun from now on."""
    current_world("tricolor.barrier()").memory_of().write_barrier = on


def colour(obj: object) -> str:
    """Return ``white``, ``grey`` or ``black``; without a collection going on, ``white``."""
    return current_world("tricolor.colour()").memory_of().colour(obj)
