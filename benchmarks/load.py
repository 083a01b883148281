"""An hour under load: ``python -m benchmarks.load`` prints what docs/load.md says of it."""

from __future__ import annotations

import os
import resource
import time

import gosim as gs
from gosim import chan, go


async def _work(results: object) -> None:
    await results.send(1)  # type: ignore[attr-defined]


async def handle() -> None:
    """Lose one goroutine."""
    go(_work, chan(int))


def main() -> None:
    """Put it under load, once with the books and for a minute without them."""
    for time_, fold in (("1h", True), ("1m", False)):
        wall, processor = time.perf_counter(), time.process_time()
        load = gs.load(handle, rate="1000/s", for_=time_, fold=fold)
        wall, processor = time.perf_counter() - wall, time.process_time() - processor
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{time_} at 1000/s: {load.calls} calls, {load.simulated} of them ran, "
            f"{load.goroutines} goroutines; {processor:.1f} s of processor time, {wall:.1f} s on "
            f"the wall at a load average of {os.getloadavg()[0]:.1f}, {memory:.0f} MiB resident, "
            f"{processor / load.simulated * 1e6:.0f} µs per call that ran"
        )


if __name__ == "__main__":
    main()
