"""A Dask cluster as the crew of an exploration: ``--dask ADDR``, extra ``cluster``.

A task goes to any worker and comes back after its time slice, so that a worker or the scheduler can
go at any moment without more being lost than what was under way. Workers need gosim and the same
version of Python; the program is sent to them.
"""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING, Any, Final

from gosim.explore.parallel import Gone, Heard, Order, Result, Work
from gosim.runtime.errors import UsageError

if TYPE_CHECKING:
    from types import ModuleType

__all__ = ["Cluster"]

_TIMEOUT: Final = 10
"""Seconds in which a scheduler has to answer."""

_one_at_a_time = threading.Lock()
"""A process runs one program at a time, however many threads the worker has."""


def _do(packed: bytes, order: Order) -> Result:
    """Carry out a task on a worker."""
    import cloudpickle

    job: Work = cloudpickle.loads(packed)
    with _one_at_a_time:
        return job.do(order, lambda: False)


class Cluster:
    """The workers of a Dask scheduler.

    Parameters
    ----------
    job : Work
    address : str
        ``tcp://HOST:PORT`` of the scheduler.

    Raises
    ------
    UsageError
        When ``distributed`` is not installed, nobody answers, there is no worker, or the program
        cannot be sent.
    """

    def __init__(self, job: Work, address: str) -> None:
        distributed = _distributed()
        self._address = address
        import cloudpickle

        try:
            packed = cloudpickle.dumps(job)
        except Exception as problem:
            raise UsageError(f"--dask: {job.name} cannot be sent to workers: {problem}") from None
        try:
            self._client = distributed.Client(address, timeout=_TIMEOUT, set_as_default=False)
        except (OSError, ValueError) as problem:
            raise UsageError(
                f"--dask {address}: no Dask scheduler answers there ({problem})"
            ) from None
        workers = self._client.scheduler_info(n_workers=-1)["workers"]
        if not workers:
            self._client.close()
            raise UsageError(f"--dask {address}: the scheduler has no workers")
        self.size = len(workers)
        self._packed = self._client.scatter(packed, broadcast=True, direct=False)
        self._futures: dict[int, Any] = {}
        self._heard: queue.SimpleQueue[tuple[int, Any]] = queue.SimpleQueue()

    @property
    def idle(self) -> int:
        """How many workers have nothing to do."""
        return self.size - len(self._futures)

    def give(self, order: Order) -> None:
        """Submit it."""
        future = self._client.submit(_do, self._packed, order, pure=False, retries=0)
        self._futures[order.number] = future
        future.add_done_callback(lambda done: self._heard.put((order.number, done)))

    def wait(self, seconds: float) -> list[Heard]:
        """Return what has come in.

        Raises
        ------
        Gone
            When the scheduler is gone.
        """
        heard = []
        block = True
        while True:
            try:
                number, future = self._heard.get(block, seconds if block else None)
            except queue.Empty:
                break
            block = False
            if self._futures.pop(number, None) is None:
                continue
            heard.append(self._result(number, future))
        if not heard and self._client.status != "running":
            raise Gone(f"the Dask scheduler {self._address} is gone")
        return heard

    def _result(self, number: int, future: Any) -> Heard:
        if future.status == "finished":
            return Heard(number, future.result())
        if future.status == "error":
            error = future.exception()
            if type(error).__name__ == "KilledWorker":
                return Heard(number)
            return Heard(number, error=error)
        # Cancelled or lost: of those that were given up nobody hears.
        raise Gone(f"the Dask scheduler {self._address} is gone")

    def hurry(self) -> None:
        """Tasks on a cluster come back by themselves."""

    def close(self) -> None:
        """Give up what is under way."""
        futures, self._futures = list(self._futures.values()), {}
        if self._client.status == "running":
            self._client.cancel(futures, force=True)
        self._client.close(timeout=_TIMEOUT)


def _distributed() -> ModuleType:
    try:
        import distributed
    except ImportError:
        raise UsageError(
            "--dask needs the package distributed: pip install 'gosim[cluster]'"
        ) from None
    module: ModuleType = distributed
    return module
