"""semaphore.Weighted: first come first served, nothing lost when contexts end.

The rows of ``tests/go/group_rows.go`` about it are compared in test_errgroup.py.
"""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gosim.runtime.current import current_world
from gosim.runtime.policy import Fifo, Policy, Random
from gosim.runtime.proc import go, gosched
from gosim.std import context, semaphore, sync, time
from tests.sync_world import drive

MS = time.Millisecond


def test_who_waits_stands_in_select_and_the_semaphore_knows_who_holds() -> None:
    kept: list[semaphore.Weighted] = []

    async def taker(s: semaphore.Weighted, n: int) -> None:
        await s.acquire(context.background(), n)  # the line that is named

    async def main(say: Any) -> None:
        s = semaphore.Weighted(2)
        kept.append(s)
        go(taker, s, 2)
        await gosched()
        go(taker, s, 1)
        await gosched()
        say(s.statistics()["held"], len(s.statistics()["waiters"]))

    outcome = drive(main)
    assert outcome.said == "2 1 " and outcome.reasons == ["select"]
    (hold,) = kept[0].holders()
    assert hold.g not in outcome.left and hold.code is taker.__code__
    assert hold.line == taker.__code__.co_firstlineno + 1
    assert kept[0].statistics()["waiters"] == [g.id for g in outcome.left]


def test_a_release_by_another_goroutine_frees_the_oldest_hold() -> None:
    async def main(say: Any) -> None:
        s, ctx = semaphore.Weighted(5), context.background()

        async def taker(n: int) -> None:
            await s.acquire(ctx, n)

        for n in (2, 3):
            go(taker, n)
            await gosched()
        first, second = s.statistics()["holders"]
        await s.release(1)
        assert s.statistics()["holders"] == [first, second]
        await s.release(1)
        assert s.statistics()["holders"] == [second]
        say(s.statistics()["held"])

    assert drive(main).said == "3 "


@settings(max_examples=120, deadline=None)
@given(
    size=st.integers(1, 4),
    requests=st.lists(
        st.tuples(
            st.integers(1, 4),  # units
            st.integers(0, 3),  # ms to wait before
            st.integers(0, 3),  # ms to hold them
            st.sampled_from([0, 1, 3]),  # ms until the context ends, 0: never
            st.booleans(),  # only try
        ),
        max_size=7,
    ),
    policy=st.one_of(st.none(), st.builds(Fifo), st.integers(0, 999).map(Random)),
)
def test_units_are_never_exceeded_and_never_lost(
    size: int, requests: list[tuple[int, int, int, int, bool]], policy: Policy | None
) -> None:
    async def main(say: Any) -> None:
        s, wg = semaphore.Weighted(size), sync.WaitGroup()
        held = 0

        async def run(n: int, before: int, during: int, timeout: int, tries: bool) -> None:
            nonlocal held
            ctx: Any = context.background()
            await time.sleep(before * MS)
            if timeout:
                ctx, cancel = context.with_timeout(ctx, timeout * MS)
            elif n > size:
                return
            start = current_world().now
            if tries:
                ok = await s.try_acquire(n)
            else:
                err = await s.acquire(ctx, n)
                ok = err is None
                assert ok or (err is ctx.err() and current_world().now >= start + timeout * MS)
            if ok:
                held += n
                assert held <= size
                await time.sleep(during * MS)
                held -= n
                await s.release(n)
            if timeout:
                await cancel()

        for request in requests:
            await wg.go(run, *request)
        await wg.wait()
        assert s.statistics() == {"size": size, "held": 0, "holders": [], "waiters": []}

    outcome = drive(main, policy=policy)
    assert outcome.how == "main", outcome.world.panic


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 4), st.lists(st.integers(1, 4), min_size=1, max_size=7))
def test_nobody_overtakes(size: int, wanted: list[int]) -> None:
    async def main(say: Any) -> None:
        s, ctx = semaphore.Weighted(size), context.background()
        wanted_here = [min(n, size) for n in wanted]
        order: list[int] = []

        async def taker(i: int, n: int) -> None:
            await s.acquire(ctx, n)
            order.append(i)
            await time.sleep(MS)
            await s.release(n)

        await s.acquire(ctx, size)
        for i, n in enumerate(wanted_here):
            go(taker, i, n)
            await gosched()
        assert not await s.try_acquire(1)
        granted = [g.id for g in (w.hold.g for w in s._waiters)]
        assert granted == sorted(granted)
        await s.release(size)
        await time.sleep(100 * MS)
        # Granted together, run in any order; otherwise in the order of asking.
        free, batch, expected = size, [], []  # type: ignore[var-annotated]
        for i, n in enumerate(wanted_here):
            if n > free:
                break
            free -= n
            batch.append(i)
        expected = sorted(order[: len(batch)])
        assert expected == batch and sorted(order) == list(range(len(wanted)))

    outcome = drive(main)
    assert outcome.how == "main", outcome.world.panic
