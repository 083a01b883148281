"""The world that runs now: one at a time per process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gosim.runtime.errors import UsageError

if TYPE_CHECKING:
    from gosim.runtime.proc import World

world: World | None = None


def current_world(what: str = "this") -> World:
    """Return the world that runs now.

    Raises
    ------
    UsageError
        When no run is going on.
    """
    if world is None:
        from gosim.runtime.panic import caller_line

        raise UsageError(
            f"{what} was called while no run is going on: make channels, locks and timers inside "
            "main (or in a file that `gosim run` executes), and start main with gosim.run(main)",
            *caller_line(),
        )
    return world


def activate(new: World | None) -> World | None:
    """Make `new` the world that runs; return the previous one."""
    global world
    previous, world = world, new
    return previous
