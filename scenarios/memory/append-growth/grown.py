"""A hundred thousand numbers, appended one by one. How many arrays does that take?"""

import gosim as gs

count = 100_000

numbers = gs.nil_slice(int)
steps = []  # what we found out


async def main():
    global numbers
    await gs.runtime.gc()  # what the runtime needs for itself is made here,
    await gs.time.sleep(10 * gs.time.Millisecond)  # and not counted below
    start = gs.runtime.read_mem_stats()
    for i in range(count):
        before = gs.cap(numbers)
        numbers = gs.append(numbers, i)  # Notice: now and then this copies everything
        if gs.cap(numbers) != before:
            steps.append(gs.cap(numbers))
            await gs.time.sleep(10 * gs.time.Millisecond)
    end = gs.runtime.read_mem_stats()
    print(f"capacities: [{' '.join(map(str, steps))}]")
    print("arrays made:", len(steps))
    print("allocated in all:", (end.total_alloc - start.total_alloc + 512) >> 10, "KiB")
    print("needed:          ", (8 * count + 512) >> 10, "KiB")
