"""Package ``sync``: locks, groups, once, conditions, a concurrent map and a pool.

Differences from Go that are meant:

- Everything that touches shared state is awaited, ``unlock``, ``add`` and ``done`` included; under
  an exploring policy each of them is a point where another goroutine may come first.
- A goroutine never spins before it queues for a mutex.  Go spins only with several processors, so
  with ``GOMAXPROCS=1``, which the default scheduler reproduces, this is exactly Go.
- Locks remember who took them and where.  Go does not; explanations need it.
- The order in which `Map.range` visits entries is the order in which their keys were first stored;
  Go promises none.

Copying a value of this package copies its state and none of its waiters (``copy.copy``), which is
the bug that ``go vet`` calls "passes lock by value".

Go's counterpart: ``src/sync``, ``src/internal/sync/mutex.go``.
"""

from __future__ import annotations

from gosim.std.primitive import Hold, Locker
from gosim.std.sync.cond import Cond, new_cond
from gosim.std.sync.map import Map
from gosim.std.sync.mutex import Mutex
from gosim.std.sync.once import Once, once_func, once_value, once_values
from gosim.std.sync.pool import Pool
from gosim.std.sync.rwmutex import RLocker, RWMutex
from gosim.std.sync.waitgroup import WaitGroup

__all__ = [
    "Cond",
    "Hold",
    "Locker",
    "Map",
    "Mutex",
    "Once",
    "Pool",
    "RLocker",
    "RWMutex",
    "WaitGroup",
    "new_cond",
    "once_func",
    "once_value",
    "once_values",
]
