"""Package sync/atomic: wrap-around, one step per operation, and pollers that let others run."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gosim.runtime.current import current_world
from gosim.runtime.errors import UsageError
from gosim.runtime.observer import Observer
from gosim.runtime.policy import Fifo, Policy, Random
from gosim.runtime.proc import go, gosched
from gosim.std import atomic, sync
from tests.sync_rows import sleep_ms
from tests.sync_world import drive

# The rows "integers" and "value" of tests/go/sync_rows.go are compared in test_sync.py.

INTEGERS = {
    "Int32": (32, True),
    "Int64": (64, True),
    "Uint32": (32, False),
    "Uint64": (64, False),
    "Uintptr": (64, False),
}


def wrapped(value: int, bits: int, signed: bool) -> int:
    """Return ``value`` as an integer of that width, the slow way."""
    low = -(1 << (bits - 1)) if signed else 0
    return (value - low) % (1 << bits) + low


@pytest.mark.parametrize("observed", [False, True])
@pytest.mark.parametrize("name", INTEGERS)
@settings(max_examples=40, deadline=None)
@given(
    ops=st.lists(
        st.tuples(
            st.sampled_from(["add", "store", "swap", "and", "or", "cas", "load"]),
            st.one_of(st.integers(-3, 3), st.integers(-(2**65), 2**65)),
            st.integers(-(2**33), 2**33),
        ),
        max_size=12,
    )
)
def test_an_integer_wraps_around_at_its_width(
    name: str, observed: bool, ops: list[tuple[str, int, int]]
) -> None:
    bits, signed = INTEGERS[name]

    async def main(say: Any) -> None:
        n, model = getattr(atomic, name)(), 0
        for op, a, b in ops:
            wa = wrapped(a, bits, signed)
            if op == "add":
                model = wrapped(model + a, bits, signed)
                assert await n.add(a) == model
            elif op == "store":
                assert await n.store(a) is None
                model = wa
            elif op == "swap":
                assert await n.swap(a) == model
                model = wa
            elif op == "and":
                assert await n.and_(a) == model
                model = wrapped(model & wa, bits, signed)
            elif op == "or":
                assert await n.or_(a) == model
                model = wrapped(model | wa, bits, signed)
            elif op == "cas":
                assert await n.compare_and_swap(a, b) == (model == wa)
                if model == wa:
                    model = wrapped(b, bits, signed)
            assert await n.load() == model

    outcome = drive(main, observers=[Observer()] if observed else [])
    assert outcome.how == "main", outcome.world.panic


@pytest.mark.parametrize("policy", [None, Fifo(), Random(1), Random(2)])
def test_an_addition_is_one_step(policy: Policy | None) -> None:
    async def main(say: Any) -> None:
        n, wg = atomic.Int64(), sync.WaitGroup()

        async def worker() -> None:
            for _ in range(20):
                await n.add(1)

        for _ in range(5):
            await wg.go(worker)
        await wg.wait()
        say(await n.load())

    assert drive(main, policy=policy).said == "100 "


def test_a_load_and_a_store_are_two_steps() -> None:
    """The lost update of ``x = x + 1`` shows under some schedule."""

    async def main(say: Any) -> None:
        n, wg = atomic.Int64(), sync.WaitGroup()

        async def worker() -> None:
            for _ in range(5):
                await n.store(await n.load() + 1)

        for _ in range(3):
            await wg.go(worker)
        await wg.wait()
        say(await n.load())

    counts = {int(drive(main, policy=Random(seed)).said) for seed in range(20)}
    assert max(counts) <= 15 and min(counts) < 15


@pytest.mark.parametrize("policy", [None, Fifo(), Random(3)])
def test_a_spin_of_loads_lets_the_others_run_and_time_pass(policy: Policy | None) -> None:
    async def main(say: Any) -> None:
        flag, ready = atomic.Bool(), atomic.Int32()

        async def setter() -> None:
            await ready.add(1)
            await sleep_ms(7)
            await flag.store(True)

        start = current_world().now
        go(setter)
        while not await flag.load():
            pass
        say(await ready.load(), current_world().now - start)

    # A slice of 10 ms until the spinning goroutine is preempted, then the sleep of the other one.
    assert drive(main, policy=policy).said == "1 17000000 "


def test_a_spin_of_failing_swaps_lets_the_others_run() -> None:
    async def main(say: Any) -> None:
        lock = atomic.Int32(1)

        async def owner() -> None:
            await lock.store(0)

        go(owner)
        while not await lock.compare_and_swap(0, 1):
            pass
        say("taken")

    assert drive(main).said == "taken "


def test_a_pointer_compares_by_identity_and_a_value_by_equality() -> None:
    async def main(say: Any) -> None:
        p, v = atomic.Pointer(), atomic.Value()
        a, b = (1, 2), tuple([1, 2])  # noqa: C409 - a second, equal object
        await p.store(a)
        await v.store(a)
        say(await p.compare_and_swap(b, None), await v.compare_and_swap(b, (3,)))
        say(await p.compare_and_swap(a, None), await p.load())
        say(list(v.__gosim_referents__()), v.statistics())

    assert drive(main).said == "false true true <nil> [(3,)] {'value': (3,)} "


@pytest.mark.parametrize(
    ("make", "value", "text"),
    [
        (atomic.Int32, "one", "atomic.Int32 holds an int, not 'one'"),
        (atomic.Bool, 1, "atomic.Bool holds True or False, not 1"),
    ],
)
def test_what_does_not_fit_the_type_is_refused_by_name_and_line(
    make: Any, value: Any, text: str
) -> None:
    async def main(say: Any) -> None:
        await make().store(value)

    with pytest.raises(UsageError, match=text) as caught:
        drive(main)
    assert caught.value.file == __file__


def test_a_copy_is_a_value_of_its_own() -> None:
    async def main(say: Any) -> None:
        n = atomic.Int32(5)
        m = copy.copy(n)
        await n.add(1)
        say(await m.load(), await n.load(), type(m) is type(n))
        await gosched()

    assert drive(main).said == "5 6 true "
