"""A bare world with standard output, for tests of ``std``: no after-life, no verdicts."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from gosim.runtime.current import activate
from gosim.runtime.g import G
from gosim.runtime.panic import print_panics
from gosim.runtime.proc import EPOCH_NS, World
from gosim.runtime.program import Stdout
from gosim.runtime.traceback import dump
from gosim.runtime.version import resolve


@dataclass
class Ended:
    """How a world ended, as gosim's own loop says, and what it left."""

    how: str
    stdout: str
    stderr: str
    ns: int
    reasons: dict[int, str]
    dump: str
    panic: str
    exit_code: int | None
    world: World

    @property
    def lines(self) -> list[str]:
        return self.stdout.splitlines()


def run(
    main: Callable[[], Coroutine[Any, Any, None]],
    *,
    go: str = "1.27",
    go_line: str | None = None,
    steps: int = 1_000_000,
    prepare: Callable[[World], None] | None = None,
    **options: Any,
) -> Ended:
    """Run `main` in a new world until it returns, or nothing can go on."""
    w = World(resolve(go, go_line), **options)
    if prepare is not None:
        prepare(w)
    before = activate(w)
    try:
        with (
            contextlib.redirect_stdout(Stdout(w, w.out)),
            contextlib.redirect_stderr(Stdout(w, w.err)),
        ):
            w.main = G(1, main())
            w.allgs.add(w.main)
            w.ready(w.main)
            how = w.loop(steps)
            left = sorted(w.allgs, key=lambda g: g.id)
            return Ended(
                how,
                "".join(w.out),
                "".join(w.err),
                w.now - EPOCH_NS,
                {g.id: g.wait_reason for g in left},
                dump(w, left),
                print_panics(w.panic, w.version) if w.panic is not None else "",
                w.exit_code,
                w,
            )
    finally:
        w.close()
        activate(before)
