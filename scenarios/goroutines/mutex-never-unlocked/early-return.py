"""The key is given back, but not on every way out."""

import gosim as gs
from gosim import go

n = 10


async def visit(i, key):
    await key.lock()
    print("visitor", i, "has the key")
    if i == 2:
        return  # Notice: this way out goes past the unlock
    await key.unlock()


async def main():
    key = gs.sync.Mutex()
    for i in range(n):
        go(visit, i, key)
    await gs.time.sleep(20 * gs.time.Millisecond)  # let everybody try
    print("visitors still at the door:", gs.runtime.num_goroutine() - 1)
