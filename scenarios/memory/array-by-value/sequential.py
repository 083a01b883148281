"""A hundred calls one after the other, each with a copy of eight megabytes. How much at once?"""

import gosim as gs

numbers = gs.array(int, 1_000_000)  # 8 MB, outside of heap and stacks


@gs.frame(8_000_000)  # the array is its argument
def search(values, wanted):
    return values[0] == wanted


async def call_often(times):
    for _ in range(times):
        search(numbers.copy(), 3)  # Notice: every call writes its copy to the same place
        await gs.time.sleep(5 * gs.time.Millisecond)


def stack_mib():
    return (gs.runtime.read_mem_stats().stack_inuse + (1 << 19)) >> 20


async def main():
    print("before:", stack_mib(), "MiB of stacks")
    await call_often(100)
    print("after 100 calls:", stack_mib(), "MiB of stacks")
    for i in range(1, 5):
        await gs.runtime.gc()  # a collection halves a stack that is hardly used
        print("collection", i, "later:", stack_mib(), "MiB of stacks")
        await gs.time.sleep(50 * gs.time.Millisecond)
