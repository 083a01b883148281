"""What package os/signal needs of the runtime."""

from __future__ import annotations

import sys
from typing import Any

from gosim.golang.values.rtype import unbox
from gosim.runtime.current import current_world
from gosim.runtime.netpoll import works_for
from gosim.runtime.sigqueue import Signals, signals


def _signals() -> Signals:
    return signals(current_world("os/signal"))


def enableSignal(n: int) -> None:
    found = _signals()
    found.wanted.add(n)
    found.ignored.discard(n)


def disableSignal(n: int) -> None:
    found = _signals()
    found.wanted.discard(n)
    found.ignored.discard(n)


def ignoreSignal(n: int) -> None:
    found = _signals()
    found.wanted.discard(n)
    found.ignored.add(n)


def signalIgnored(n: int) -> bool:
    return n in _signals().ignored


def hear(c: Any) -> None:
    _signals().heard[unbox(c)] = None


def forget(c: Any) -> None:
    _signals().heard.pop(unbox(c), None)


async def settle() -> None:
    await _signals().settle()


async def signal_recv() -> Any:
    return await _signals().recv()


def worksFor() -> None:
    world = current_world("os/signal")
    works_for(world, sys._getframe(1), world.next_goid)
