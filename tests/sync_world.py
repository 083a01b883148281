"""A bare world for the tests of ``sync`` and ``atomic``: no after-life, no verdicts."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from gosim.runtime.current import activate
from gosim.runtime.g import G
from gosim.runtime.panic import Panic, print_panics
from gosim.runtime.policy import Policy
from gosim.runtime.proc import World
from gosim.runtime.version import resolve


@dataclass
class Outcome:
    """How a world ended: why its loop stopped, what was said, and who is left."""

    how: str
    said: str
    world: World
    left: list[G]

    @property
    def reasons(self) -> list[str]:
        """Wait reasons of the goroutines left, main first."""
        return [g.wait_reason for g in self.left]

    @property
    def panic(self) -> str:
        """Text of the panic that ended it."""
        assert self.world.panic is not None
        return str(self.world.panic.value)


@contextmanager
def world(**options: Any) -> Iterator[World]:
    """Make a world and let it be the current one."""
    options["version"] = resolve(options.pop("go", "1.27"))
    w = World(**options)
    before = activate(w)
    try:
        yield w
    finally:
        w.close()
        activate(before)


def drive(
    main: Callable[..., Coroutine[Any, Any, None]],
    *,
    policy: Policy | None = None,
    steps: int = 1_000_000,
    **options: Any,
) -> Outcome:
    """Run ``main(say)`` until it returns or nothing can go on; ``say(x)`` collects output."""
    said: list[str] = []

    def say(*values: object, end: str = " ") -> None:
        said.append(" ".join(map(go_text, values)) + end)

    with world(policy=policy, **options) as w:
        w.main = w.spawn(main(say))
        how = w.loop(steps)
        left = sorted(w.allgs, key=lambda g: g.id)
        return Outcome(how, "".join(said), w, left)


def go_text(value: object) -> str:
    """Return a value as fmt.Println prints it."""
    if value is None:
        return "<nil>"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return " ".join(map(go_text, value))
    if callable(getattr(value, "error", None)):
        return str(value.error())  # type: ignore[attr-defined]
    return str(value)


async def caught(f: Callable[[], Any]) -> str:
    """Call ``f`` and return the text of its panic."""
    try:
        await f()
    except Panic as panic:
        return go_text(panic.value)
    return "no panic"


def result(outcome: Outcome) -> dict[str, Any]:
    """Return an outcome in the terms of the record of real Go (``record_sync_rows``)."""
    w = outcome.world
    return {
        "stdout": outcome.said.rstrip(),
        "exit": 2 if outcome.how in ("fatal", "panic") else 0,
        "died": print_panics(w.panic, w.version)[7:-1] if w.panic else w.fatal_text,
    }
