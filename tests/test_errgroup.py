"""errgroup.Group: the first error, limits, contexts; the same lines as real Go prints."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gosim.oracle import Toolchain
from gosim.runtime.errors import UsageError
from gosim.runtime.observer import Observer
from gosim.runtime.policy import Fifo, Policy, Random
from gosim.runtime.proc import gosched
from gosim.std import context, errgroup, errors, time
from tests.group_rows import rows
from tests.record_sync_rows import SOURCES, names, real, recorded
from tests.sync_world import drive, result

SOURCE = SOURCES[1]
RECORDED = recorded(SOURCE)


def test_every_row_is_told_twice_and_recorded() -> None:
    assert sorted(rows) == sorted(names(SOURCE)) == sorted(RECORDED)


@pytest.mark.parametrize("name", sorted(rows))
@pytest.mark.parametrize(
    "form", [{}, {"observers": [Observer()]}, {"tracked": True}], ids=["fast", "full", "tracked"]
)
def test_row_prints_what_real_go_printed(name: str, form: dict[str, Any]) -> None:
    assert result(drive(rows[name], **form)) == RECORDED[name]


@pytest.mark.go
@pytest.mark.parametrize("name", sorted(rows))
def test_the_record_is_what_real_go_prints(name: str, go_toolchain: Toolchain) -> None:
    assert RECORDED[name] in real(SOURCE, name, go_toolchain, 5)


def test_a_task_that_returns_no_error_is_refused_with_its_line() -> None:
    async def main(say: Any) -> None:
        g = errgroup.Group()

        async def task() -> int:
            return 3

        await g.go(task)
        await g.wait()

    with pytest.raises(UsageError, match="returned 3: return an error, or None") as refused:
        drive(main)
    assert refused.value.line == main.__code__.co_firstlineno + 3


def test_a_group_waits_with_the_reasons_of_its_parts() -> None:
    async def main(say: Any) -> None:
        g = errgroup.Group()
        g.set_limit(1)

        async def waits() -> None:
            await context.background().done().recv()

        await g.go(waits)
        await g.go(waits)

    outcome = drive(main)
    assert (outcome.how, outcome.reasons) == (
        "idle",
        ["chan send", "chan receive (nil chan)"],
    )


@settings(max_examples=80, deadline=None)
@given(
    tasks=st.lists(st.tuples(st.integers(0, 3), st.booleans(), st.booleans()), max_size=8),
    limit=st.integers(-1, 4),
    policy=st.one_of(st.none(), st.builds(Fifo), st.integers(0, 999).map(Random)),
)
def test_the_limit_holds_and_the_first_error_wins(
    tasks: list[tuple[int, bool, bool]], limit: int, policy: Policy | None
) -> None:
    async def main(say: Any) -> None:
        g, ctx = errgroup.with_context(context.background())
        if limit:
            g.set_limit(limit)
        active = started = 0
        failures: list[Any] = []

        async def task(i: int, pause: int, fails: bool) -> Any:
            nonlocal active
            active += 1
            assert limit <= 0 or active <= limit
            if pause == 1:
                await gosched()
            elif pause:
                await time.sleep(pause * time.Millisecond)
            active -= 1
            if not fails:
                return None
            failures.append(errors.new(f"error of {i}"))
            return failures[-1]

        for i, (pause, fails, tries) in enumerate(tasks):
            if tries:
                started += await g.try_go(task, i, pause, fails)
            else:
                await g.go(task, i, pause, fails)
                started += 1
        err = await g.wait()
        assert active == 0 and g.statistics()["counter"] == 0
        assert (err in failures) == bool(failures) and (err is None) == (not failures)
        assert ctx.err() is context.Canceled
        assert context.cause(ctx) is (err if failures else context.Canceled)
        if policy is None and failures:
            assert err is failures[0]

    outcome = drive(main, policy=policy)
    assert outcome.how == "main", outcome.world.panic
