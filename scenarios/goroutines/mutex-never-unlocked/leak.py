"""Ten visitors, one key. Whoever gets the key walks away with it."""

import gosim as gs
from gosim import go

n = 10


async def visit(i, key):
    await key.lock()  # nine visitors stop here and never get any further
    print("visitor", i, "has the key")
    # Notice: no key.unlock(). The goroutine ends, the lock stays locked.


async def main():
    key = gs.sync.Mutex()
    for i in range(n):
        go(visit, i, key)
    await gs.time.sleep(20 * gs.time.Millisecond)  # let everybody try
    print("visitors still at the door:", gs.runtime.num_goroutine() - 1)
