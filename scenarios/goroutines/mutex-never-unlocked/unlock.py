"""Ten visitors, one key, and everybody gives it back."""

import gosim as gs
from gosim import go

n = 10


async def visit(i, key):
    await key.lock()
    print("visitor", i, "has the key")
    await key.unlock()  # the next visitor in the queue may go on


async def main():
    key = gs.sync.Mutex()
    for i in range(n):
        go(visit, i, key)
    await gs.time.sleep(20 * gs.time.Millisecond)  # let everybody try
    print("visitors still at the door:", gs.runtime.num_goroutine() - 1)
