"""Forty jobs are in the list, and all but ten are cut off. Are they gone?"""

import gosim as gs

n = 40


@gs.struct
class Job:
    data: gs.types.array_type(gs.types.BYTE, 1 << 20)


def new_job():
    job = gs.new(Job)
    for i in range(0, len(job.data), 4096):
        job.data[i] = 1  # top counts a page when it is first written to
    return job


jobs = gs.nil_slice(gs.ptr(Job))


async def live_mib():
    await gs.runtime.gc()
    return (gs.runtime.read_mem_stats().heap_alloc + (1 << 19)) >> 20


async def main():
    global jobs
    for _ in range(n):
        jobs = gs.append(jobs, new_job())
        await gs.time.sleep(10 * gs.time.Millisecond)
    print(len(jobs), "jobs:", await live_mib(), "MiB live")
    jobs = jobs[:10]  # Notice: the array behind the list still points at forty
    await gs.time.sleep(100 * gs.time.Millisecond)
    print(len(jobs), "jobs:", await live_mib(), "MiB live")
    await gs.time.sleep(100 * gs.time.Millisecond)
