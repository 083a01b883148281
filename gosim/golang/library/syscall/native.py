"""What package syscall needs of the runtime: a process may send signals to itself."""

from __future__ import annotations

from gosim.runtime.current import current_world
from gosim.runtime.errors import UsageError
from gosim.runtime.panic import caller_line
from gosim.runtime.sigqueue import signals, stops


async def send(number: int) -> None:
    if stops(number):
        raise UsageError(
            f"signal {number} would stop the process, and nobody is there to let it go on",
            *caller_line(),
        )
    await signals(current_world("syscall.Kill")).send(number)
