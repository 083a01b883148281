"""Laws of channels: the invariants of ``chan.go``, FIFO, hand-off, close, nil, direction."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gosim as gs
from gosim import chan, default, go, nil_chan, recv, select, send
from gosim.runtime.chan import Chan, zero_value
from gosim.runtime.observer import Observer


class Invariants(Observer):
    """Checks the invariants at the head of ``chan.py`` at every event."""

    def __init__(self) -> None:
        self.channels: list[Chan[Any]] = []
        self.checks = 0

    def check(self) -> None:
        for ch in self.channels:
            self.checks += 1
            senders, receivers = list(ch.waiting_senders()), list(ch.waiting_receivers())
            both = set(senders) & set(receivers)
            if not both:
                assert not (senders and receivers), ch.statistics()
            assert len(ch) <= ch.cap
            if ch.cap:
                assert not (len(ch) and receivers), "values in the buffer, and a receiver waits"
                assert not (len(ch) < ch.cap and senders), "room in the buffer, and a sender waits"
            if ch.closed:
                assert not senders and not receivers

    def goroutine_picked(self, g: Any) -> None:
        self.check()

    goroutine_parked = lambda self, g, reason, on: None  # noqa: E731


Op = tuple[str, int, int]

operations = st.lists(
    st.tuples(
        st.sampled_from(["send", "recv", "close", "select", "try", "sleep", "gosched"]),
        st.integers(0, 2),
        st.integers(0, 2),
    ),
    max_size=8,
)
programs = st.lists(operations, min_size=1, max_size=5)
capacities = st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 1))


def run_random(
    program: list[list[Op]], caps: tuple[int, ...], observer: Invariants, **options: Any
) -> tuple[list[str], gs.Run]:
    """Run goroutines that do the given operations; return what they saw, in order."""
    seen: list[str] = []
    observers = options.pop("observers", (observer,) if observer is not None else ())

    async def actor(name: int, ops: list[Op], channels: list[Chan[int]]) -> None:
        for step, (what, a, b) in enumerate(ops):
            ch, other = channels[a], channels[b]
            value = name * 100 + step
            if what == "send":
                await ch.send(value)
                seen.append(f"{name} sent {value} on {a}")
            elif what == "recv":
                seen.append(f"{name} got {await ch.recv_ok()} from {a}")
            elif what == "close":
                await ch.close()
                seen.append(f"{name} closed {a}")
            elif what == "select":
                seen.append(f"{name} selected {await select(recv(ch), send(other, value))}")
            elif what == "try":
                seen.append(f"{name} tried {await select(send(ch, value), recv(other), default)}")
            elif what == "sleep":
                await gs.time.sleep(a)
            else:
                await gs.gosched()

    async def main() -> None:
        channels = [chan(int, cap) for cap in caps]
        if observer is not None:
            observer.channels = channels
        for name, ops in enumerate(program):
            go(actor, name, ops, channels)
        await gs.time.sleep(1000)

    return seen, gs.run(main, observers=observers, **options)


@settings(max_examples=150, deadline=None)
@given(programs, capacities)
def test_invariants_of_chan_go_hold_at_every_step(
    program: list[list[Op]], caps: tuple[int, ...]
) -> None:
    observer = Invariants()
    run_random(program, caps, observer)
    assert observer.checks


@settings(max_examples=100, deadline=None)
@given(programs, capacities, st.integers(0, 5))
def test_invariants_hold_under_a_random_scheduler(
    program: list[list[Op]], caps: tuple[int, ...], seed: int
) -> None:
    run_random(program, caps, Invariants(), policy="random", seed=seed)


@settings(max_examples=150, deadline=None)
@given(programs, capacities)
def test_the_fast_form_equals_the_full_form(program: list[list[Op]], caps: tuple[int, ...]) -> None:
    full, observed = run_random(program, caps, Invariants())
    fast, plain = run_random(program, caps, None)  # type: ignore[arg-type]
    assert full == fast
    assert observed.to_dict() == plain.to_dict()


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 5), st.integers(1, 4), st.integers(1, 4), st.integers(1, 6), st.integers(0, 9)
)
def test_values_of_each_sender_arrive_in_order_and_once(
    cap: int, senders: int, receivers: int, each: int, seed: int
) -> None:
    got: list[tuple[int, int]] = []

    async def main() -> None:
        ch = chan(None, cap)
        wg = gs.sync.WaitGroup()

        async def sender(s: int) -> None:
            for i in range(each):
                await ch.send((s, i))
            await wg.done()

        async def receiver() -> None:
            async for v in ch:
                got.append(v)

        for _ in range(receivers):
            go(receiver)
        await wg.add(senders)
        for s in range(senders):
            go(sender, s)
        await wg.wait()
        await ch.close()

    run = gs.run(main, policy="random", seed=seed)
    assert run.outcome == "ok"
    assert sorted(got) == [(s, i) for s in range(senders) for i in range(each)]
    if receivers == 1:
        for s in range(senders):
            assert [i for t, i in got if t == s] == list(range(each))


def test_blocked_receivers_are_served_first_in_first_out() -> None:
    async def main() -> None:
        ch = chan(int)
        got = {}

        async def receiver(i: int) -> None:
            got[i] = await ch.recv()

        for i in range(50):
            go(receiver, i)
            await gs.gosched()
        for i in range(50):
            await ch.send(i)
        await gs.time.sleep(1)
        assert got == {i: i for i in range(50)}
        print("checked")

    assert gs.run(main).stdout == "checked\n"


def test_losers_of_decided_selects_do_not_pile_up() -> None:
    """A select in a loop on a quiet channel leaves no more tombstones than live waiters."""

    async def main() -> None:
        quiet, busy = chan(int), chan(int)

        async def waiter() -> None:
            await select(recv(quiet), recv(quiet))

        async def feeder() -> None:
            for i in range(500):
                await busy.send(i)

        for _ in range(40):
            go(waiter)
        await gs.gosched()
        go(feeder)
        for _ in range(500):
            await select(recv(quiet), recv(busy))
        assert quiet.recvq is not None
        assert len(quiet.recvq) <= 2 * 40 + 2, len(quiet.recvq)
        assert len(list(quiet.waiting_receivers())) == 40
        print("checked")

    assert gs.run(main).stdout == "checked\n"


@pytest.mark.parametrize("others", [0, 100])
def test_a_channel_in_several_cases_of_a_select_is_left_once(others: int) -> None:
    async def main() -> None:
        a, b = chan(int), chan(int)

        async def waiter() -> None:
            await a.recv()

        async def selecting() -> None:
            print(await select(recv(a), recv(b), recv(a), send(b, 1), send(b, 2), recv(None)))

        for _ in range(2):
            go(selecting)
            await gs.gosched()
            for _ in range(others):
                go(waiter)
            await gs.gosched()
            await b.send(7)
            await gs.gosched()
            assert a.dead in (0, 1)
            assert len(list(a.waiting_receivers())) == others
            for _ in range(others):
                await a.send(0)
            await gs.gosched()

    assert gs.run(main).stdout == "(1, 7, True)\n" * 2


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("close nil", "panic: close of nil channel"),
        ("close twice", "panic: close of closed channel"),
        ("send closed", "panic: send on closed channel"),
        ("send blocked", "panic: send on closed channel"),
        ("select closed", "panic: send on closed channel"),
        ("select default closed", "panic: send on closed channel"),
        ("select blocked", "panic: send on closed channel"),
        ("negative", "panic: makechan: size out of range"),
    ],
)
def test_misuse_panics_as_in_go(what: str, text: str) -> None:
    async def main() -> None:
        ch = chan(int)
        if what == "close nil":
            await nil_chan(int).close()
        elif what == "close twice":
            await ch.close()
            await ch.close()
        elif what == "negative":
            chan(int, -1)
        elif what in ("send blocked", "select blocked"):

            async def closer() -> None:
                await gs.time.sleep(1)
                await ch.close()

            go(closer)
            await (ch.send(1) if what == "send blocked" else select(send(ch, 1), recv(chan(int))))
        else:
            await ch.close()
            if what == "send closed":
                await ch.send(1)
            elif what == "select closed":
                await select(send(ch, 1), recv(chan(int)))
            else:
                await select(send(ch, 1), default)

    run = gs.run(main)
    assert run.outcome == "panic"
    assert run.exit_code == 2
    assert run.stderr.splitlines()[0] == text
    assert "goroutine 1 [running]:" in run.stderr
    assert "main.test_misuse_panics_as_in_go.main()" in run.stderr.replace("(...)", "()")


def test_closed_channel_gives_its_values_then_zero() -> None:
    async def main() -> None:
        for elem, zero in ((int, 0), (str, ""), (bool, False), (list, None)):
            ch = chan(elem, 2)
            await ch.send("x")
            await ch.close()
            assert await ch.recv_ok() == ("x", True)
            assert await ch.recv_ok() == (zero, False)
            assert await ch.recv() == zero
            assert (await select(recv(ch)))[1:] == (zero, False)
        print("checked")

    assert gs.run(main).stdout == "checked\n"


def test_len_and_cap() -> None:
    async def main() -> None:
        ch = chan(int, 3)
        await ch.send(1)
        print(len(ch), gs.cap(ch), len(nil_chan(int)), gs.cap(nil_chan(int)))

    assert gs.run(main).stdout == "1 3 0 0\n"


def test_direction_is_enforced_with_the_line() -> None:
    async def main() -> None:
        await chan(int, 1).recv_only().send(1)  # type: ignore[call-arg]

    with pytest.raises(
        gs.UsageError, match=r"test_chan.py:\d+: cannot send to receive-only <-chan int"
    ):
        gs.run(main)


def test_views_work_in_their_direction() -> None:
    async def main() -> None:
        ch = chan(int, 1)
        out, into = ch.send_only(), ch.recv_only()
        await out.send(5)
        print(await into.recv(), out == ch.send_only(), out == into, len(into), into.cap)
        await select(send(out, 6))
        print((await select(recv(into)))[1])
        await out.close()
        async for _ in into:
            raise AssertionError

    assert gs.run(main).stdout == "5 True True 0 1\n6\n"


@pytest.mark.parametrize("bad", ["a", 1.5, None, True], ids=["text", "float", "none", "bool"])
def test_capacity_must_be_a_number(bad: Any) -> None:
    async def main() -> None:
        chan(int, bad)

    with pytest.raises(gs.UsageError, match="cap is a number of values"):
        gs.run(main)


@pytest.mark.parametrize(
    ("thing", "what"), [(3, "int"), ("abc", "str"), (None, "None"), ({}, "dict")]
)
def test_cap_says_what_has_one(thing: Any, what: str) -> None:
    async def main() -> None:
        gs.cap(thing)

    with pytest.raises(gs.UsageError) as caught:
        gs.run(main)
    assert str(caught.value).endswith(f": cap wants a channel, a slice or an array, not {what}")


def test_zero_values() -> None:
    assert [zero_value(t) for t in (int, float, str, bool, bytes)] == [0, 0.0, "", False, b""]


def test_a_channel_outside_a_run_names_the_line() -> None:
    with pytest.raises(gs.UsageError, match=r"test_chan.py:\d+: chan\(\) was called while no run"):
        chan(int)


def kept() -> Iterator[Chan[int]]:
    """Two runs share one channel."""
    box: list[Chan[int]] = []

    async def main() -> None:
        if not box:
            box.append(chan(int))
        go(main_sender)
        await box[0].recv()

    async def main_sender() -> None:
        await box[0].send(1)

    gs.run(main)
    gs.run(main)
    yield from box


def test_a_channel_of_another_run_is_refused() -> None:
    with pytest.raises(gs.UsageError, match=r"made at .*test_chan.py:\d+: it belongs to another"):
        list(kept())


def test_a_blocked_select_that_is_released_by_a_receiver_reports_its_send() -> None:
    got: list[Any] = []

    async def offers(a: Any, b: Any) -> None:
        got.append(await select(send(a, 7), recv(b)))

    async def main() -> None:
        a, b = chan(int), chan(int)
        go(offers, a, b)
        await gs.time.sleep(1)
        got.append(await a.recv())
        await gs.time.sleep(1)

    assert gs.run(main).outcome == "ok"
    assert got == [7, (0, None, False)]


@pytest.mark.parametrize("sends", [False, True])
def test_a_blocked_select_may_take_any_of_its_cases_with_the_same_channel(sends: bool) -> None:
    """``selectgo`` queues them in its poll order, which is random."""
    taken = []

    async def main() -> None:
        ch = chan(int)

        async def partner() -> None:
            await (ch.recv() if sends else ch.send(1))

        for _ in range(600):
            go(partner)
            cases = [send(ch, n) if sends else recv(ch) for n in range(3)]
            i, _, _ = await select(*cases)
            taken.append(i)

    gs.run(main)
    assert all(150 < taken.count(i) < 250 for i in range(3)), taken
