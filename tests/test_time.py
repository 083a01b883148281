"""Timers, tickers and the virtual clock: what was measured with real Go, and laws of time."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
import simpy
from bare import Ended, run
from hypothesis import given, settings
from hypothesis import strategies as st

import gosim as gs
from gosim import cap, chan, go, recv, select
from gosim.oracle import run_go
from gosim.oracle.toolchain import Toolchain
from gosim.runtime import time as rtime
from gosim.runtime.g import G
from gosim.runtime.observer import Observer
from gosim.runtime.policy import Fifo
from gosim.runtime.proc import EPOCH_NS, World
from gosim.std import time
from tests.facts import facts

ms = time.Millisecond
Main = Callable[[], Coroutine[Any, Any, None]]

BOTH = pytest.mark.parametrize("version", ["1.22", "1.23", "1.27"])


def said(main: Main, version: str = "1.27", **options: Any) -> str:
    ended = run(main, go=version, **options)
    assert ended.how == "main", ended.panic or ended.dump
    return ended.stdout.rstrip()


def panic_of(main: Main) -> str:
    ended = run(main)
    assert ended.how == "panic"
    return ended.panic.strip()


def low(value: bool) -> str:
    return str(value).lower()


# --------------------------------------------------------- go-facts.md 4.2, every row, all versions


async def cap_len_before() -> list[str]:
    t, k = time.new_timer(20 * ms), time.new_ticker(20 * ms)
    return [f"{cap(t.C)} {len(t.C)}", f"{cap(k.C)} {len(k.C)}"]


async def cap_len_fired_unread() -> list[str]:
    t, k = time.new_timer(20 * ms), time.new_ticker(20 * ms)
    await time.sleep(50 * ms)
    return [f"{cap(t.C)} {len(t.C)}", f"{cap(k.C)} {len(k.C)}"]


async def stop_after_expiry_unread() -> list[str]:
    t = time.new_timer(20 * ms)
    await time.sleep(50 * ms)
    stopped = await t.stop()
    i, _, _ = await select(recv(t.C), gs.default)
    return [low(stopped), low(i == 0)]


async def reset_after_expiry_unread() -> list[str]:
    t = time.new_timer(20 * ms)
    await time.sleep(50 * ms)
    pending = await t.reset(60 * ms)
    start = time.now()
    await t.C.recv()
    return [low(pending), str(int(time.since(start) // ms))]


async def after_read() -> list[str]:
    t = time.new_timer(20 * ms)
    await t.C.recv()
    stopped, reset = await t.stop(), await t.reset(time.Hour)
    return [low(stopped), low(reset), low(await t.stop())]


async def ticks_readable_after_stop() -> str:
    k = time.new_ticker(20 * ms)
    await time.sleep(50 * ms)
    await k.stop()
    n = 0
    while (await select(recv(k.C), gs.default))[0] == 0:
        n += 1
    return str(n)


async def ticker_reset_pending() -> str:
    k = time.new_ticker(20 * ms)
    await time.sleep(50 * ms)
    await k.reset(80 * ms)
    start = time.now()
    await k.C.recv()
    return str(int(time.since(start) // ms))


async def stopped_C() -> str:
    k = time.new_ticker(20 * ms)
    await k.stop()
    i, _, ok = await select(recv(k.C), recv(time.after(time.Second)))
    return "blocks (not closed)" if i == 1 else f"receives, {ok}"


async def sleepers_wake_order() -> str:
    order: list[int] = []

    async def sleeper(i: int) -> None:
        await time.sleep(20 * ms)
        order.append(i)

    for i in range(5):
        go(sleeper, i)
    await time.sleep(100 * ms)
    return " ".join(map(str, order))


ROWS = [
    cap_len_before,
    cap_len_fired_unread,
    stop_after_expiry_unread,
    reset_after_expiry_unread,
    after_read,
    ticks_readable_after_stop,
    ticker_reset_pending,
    stopped_C,
    sleepers_wake_order,
]


def builds() -> list[str]:
    return sorted(facts("timers_semantics"))


def version_of(build: str) -> dict[str, str]:
    toolchain, _, line = build.partition("+line")
    return {"go": toolchain, "go_line": line} if line else {"go": toolchain}


@pytest.mark.parametrize("build", builds())
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.__name__)
def test_timers_do_what_was_measured_in_go(row: Callable[[], Any], build: str) -> None:
    found: list[Any] = []

    async def main() -> None:
        found.append(await row())

    assert run(main, **version_of(build)).how == "main"
    assert found[0] == facts("timers_semantics")[build][row.__name__]


def test_every_row_of_the_facts_is_told_again() -> None:
    measured = {key for build in facts("timers_semantics").values() for key in build}
    assert measured - {row.__name__ for row in ROWS} == {"abandoned_10k_tickers_cpu_ms_in_2s"}


@BOTH
def test_a_slow_receiver_gets_the_oldest_tick_and_stays_on_the_grid(version: str) -> None:
    fact = facts("ticker_slow_receiver")
    carried: list[int] = []
    received: list[int] = []

    async def main() -> None:
        start = time.now()
        ticker = time.new_ticker(fact["period_ms"] * ms)
        for _ in fact["tick_values_ms"]:
            tick = await ticker.C.recv()
            carried.append(int(tick.sub(start) // ms))
            received.append(int(time.since(start) // ms))
            await time.sleep(fact["work_ms"] * ms)

    said(main, version)
    assert carried == fact["tick_values_ms"]
    assert received[:5] == [20, 70, 120, 170, 220]


@BOTH
def test_a_first_read_that_comes_late_gets_the_first_tick(version: str) -> None:
    async def main() -> None:
        start = time.now()
        ticker = time.new_ticker(20 * ms)
        await time.sleep(110 * ms)
        for _ in range(3):
            print(int((await ticker.C.recv()).sub(start) // ms), end=" ")

    assert said(main, version).split() == ["20", "120", "140"]


@BOTH
def test_a_timer_sends_its_expiry_time_however_late_it_is_read(version: str) -> None:
    async def main() -> None:
        start = time.now()
        timer = time.new_timer(20 * ms)
        await time.sleep(100 * ms)
        print((await timer.C.recv()).sub(start))

    assert said(main, version) == "20ms"


def test_the_old_way_to_drain_a_stopped_timer_does_not_hang_in_the_new_one() -> None:
    async def main() -> None:
        timer = time.new_timer(20 * ms)
        await time.sleep(50 * ms)
        if not await timer.stop():
            await timer.C.recv()
        print("drained")

    assert said(main, "1.22") == said(main, "1.27") == "drained"


# ------------------------------------------------------------------------------------ panics, nil


async def uninitialized_stop() -> None:
    await time.Timer().stop()


async def uninitialized_reset() -> None:
    await time.Timer().reset(1)


async def uninitialized_ticker_reset() -> None:
    await time.Ticker().reset(1)


async def new_ticker_of_nothing() -> None:
    time.new_ticker(0)


async def ticker_reset_to_nothing() -> None:
    await time.new_ticker(1).reset(-1)


@pytest.mark.parametrize(
    ("main", "text"),
    [
        (uninitialized_stop, "time: Stop called on uninitialized Timer"),
        (uninitialized_reset, "time: Reset called on uninitialized Timer"),
        (uninitialized_ticker_reset, "time: Reset called on uninitialized Ticker"),
        (new_ticker_of_nothing, "non-positive interval for NewTicker"),
        (ticker_reset_to_nothing, "non-positive interval for Ticker.Reset"),
    ],
)
def test_misuse_panics_with_the_words_of_go(main: Main, text: str) -> None:
    assert panic_of(main) == f"panic: {text}"
    assert f"panic: {text}" in str(facts("panic_strings")) + str(facts("panics"))


def test_a_zero_ticker_may_be_stopped_and_a_tick_of_nothing_is_a_nil_channel() -> None:
    async def main() -> None:
        await time.Ticker().stop()
        await time.tick(0).recv()

    ended = run(main)
    assert (ended.how, ended.reasons) == ("idle", {1: "chan receive (nil chan)"})


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        (0.5, "500 * time.Millisecond"),
        (2.0, "2 * time.Second"),
        (0.00025, "250 * time.Microsecond"),
        (1e-9, "1 * time.Nanosecond"),
        (0.0, "500 * time.Millisecond"),
        ("1s", "500 * time.Millisecond"),
    ],
)
def test_a_duration_that_is_no_whole_number_is_refused_at_its_line(value: Any, hint: str) -> None:
    calls: list[Callable[[], Any]] = [
        lambda: time.sleep(value),
        lambda: time.after(value),
        lambda: time.new_timer(value),
        lambda: time.new_ticker(value),
        lambda: time.tick(value),
        lambda: time.after_func(value, print),
    ]
    for call in calls:

        async def main(call: Callable[[], Any] = call) -> None:
            call()

        with pytest.raises(gs.UsageError) as caught:
            run(main)
        assert hint in str(caught.value)
        assert caught.value.file == __file__
        assert caught.value.line == call.__code__.co_firstlineno


def test_reset_refuses_a_float_too() -> None:
    async def main() -> None:
        await time.new_timer(1).reset(0.5)  # type: ignore[arg-type]

    with pytest.raises(gs.UsageError, match="whole nanoseconds"):
        run(main)


def test_outside_a_run_there_is_no_clock() -> None:
    for call in (time.now, lambda: time.after(1), lambda: time.new_timer(1)):
        with pytest.raises(gs.UsageError, match="no run is going on"):
            call()


def test_a_sleep_that_nobody_awaits_is_reported() -> None:
    async def main() -> None:
        time.sleep(1)

    with pytest.raises(gs.UsageError, match=r"sleep\(\.\.\.\) was called and never awaited"):
        gs.run(main)


# ------------------------------------------------------------------------------------- after_func


def test_after_func_starts_a_goroutine_that_no_goroutine_created() -> None:
    """Real Go: ``created by time.goFunc`` with no ``in goroutine N``."""

    async def blocked() -> None:
        await chan(int).recv()

    async def main() -> None:
        time.after_func(ms, blocked)
        await time.sleep(2 * ms)
        await chan(int).recv()

    dump = run(main).dump
    assert "main.test_after_func_starts_a_goroutine_that_no_goroutine_created.blocked(...)" in dump
    assert "\ncreated by time.goFunc\n" in dump


def test_after_func_takes_plain_functions_methods_and_awaitables() -> None:
    class Counter:
        n = 0

        async def add(self) -> None:
            await time.sleep(1)
            self.n += 1

    async def main() -> None:
        counter = Counter()
        done = chan(int, 1)
        time.after_func(3 * ms, counter.add)
        time.after_func(3 * ms, lambda: print("plain"))
        time.after_func(3 * ms, lambda: done.send(7))
        await time.sleep(4 * ms)
        print(counter.n, await done.recv())

    assert said(main).split() == ["plain", "1", "7"]


def test_after_func_wants_a_function() -> None:
    async def f() -> None: ...

    async def main() -> None:
        time.after_func(1, f())  # type: ignore[arg-type]

    with pytest.raises(gs.UsageError, match="not the result of calling it"):
        run(main)


@BOTH
def test_a_stopped_after_func_never_runs_and_can_be_restarted(version: str) -> None:
    async def main() -> None:
        start = time.now()
        timer = time.after_func(10 * ms, lambda: print("ran at", time.since(start)))
        print(await timer.stop(), await timer.stop())
        await time.sleep(20 * ms)
        print(await timer.reset(5 * ms))
        await time.sleep(10 * ms)
        print(await timer.stop())

    assert said(main, version).splitlines() == ["True False", "False", "ran at 25ms", "False"]


@BOTH
def test_a_timer_without_delay_fires_before_anybody_else_runs(version: str) -> None:
    async def main() -> None:
        time.after_func(0, lambda: print("now", end=" "))
        await gs.gosched()
        i, _, _ = await select(recv(time.after(-1)), gs.default)
        print(i)

    assert said(main, version) == "now 0"


# ---------------------------------------------------------- deadlock and timers nobody waits for


async def forgotten_ticker() -> None:
    time.new_ticker(20 * ms)
    await chan(int).recv()


async def loser_in_a_finished_select() -> None:
    ready = chan(int, 1)
    await ready.send(1)
    await select(recv(ready), recv(time.after(time.Hour)))
    await chan(int).recv()


async def stopped_ticker() -> None:
    await time.new_ticker(20 * ms).stop()
    await chan(int).recv()


async def fired_unread() -> None:
    time.new_timer(20 * ms)
    await time.sleep(30 * ms)
    await chan(int).recv()


@pytest.mark.parametrize(
    ("main", "old", "new"),
    [
        (forgotten_ticker, True, False),
        (loser_in_a_finished_select, True, False),
        (stopped_ticker, False, False),
        (fired_unread, False, False),
    ],
)
def test_what_is_pending_hides_a_deadlock_only_in_the_old_way(
    main: Main, old: bool, new: bool
) -> None:
    """go-facts §2: the process hangs, or says that all goroutines are asleep."""
    for version, hides in (("1.22", old), ("1.27", new)):
        pending: list[int] = []

        async def watched(pending: list[int] = pending) -> None:
            go(look, pending)
            await main()

        async def look(pending: list[int]) -> None:
            await time.sleep(40 * ms)
            w = gs.runtime.current.current_world()
            live = [item for item in w.env._queue if not rtime.is_tombstone(item[3])]
            pending.append(len(live))

        run(watched, go=version)
        assert bool(pending[0]) is hides


@BOTH
def test_a_ticker_that_somebody_waits_for_keeps_ticking(version: str) -> None:
    async def main() -> None:
        ticker = time.new_ticker(20 * ms)
        async for tick in ticker.C:
            if tick.ns - EPOCH_NS == 100 * ms:
                break
        print("five")

    assert said(main, version) == "five"


# -------------------------------------------------------------------------- several at one channel


@BOTH
def test_two_receivers_share_one_ticker_first_in_line_first(version: str) -> None:
    async def main() -> None:
        ticker = time.new_ticker(10 * ms)

        async def reader(name: str) -> None:
            for _ in range(2):
                tick = await ticker.C.recv()
                print(name, int((tick.ns - EPOCH_NS) // ms), end=" ")

        go(reader, "b")
        go(reader, "a")
        await time.sleep(45 * ms)

    assert said(main, version) == "a 10 b 20 a 30 b 40"


@BOTH
def test_reset_moves_the_deadline_of_who_is_waiting(version: str) -> None:
    async def main() -> None:
        start = time.now()
        timer = time.new_timer(50 * ms)

        async def waiter() -> None:
            await timer.C.recv()
            print(time.since(start), end=" ")

        go(waiter)
        await time.sleep(10 * ms)
        print(await timer.reset(10 * ms), end=" ")
        await time.sleep(30 * ms)
        go(waiter)
        await time.sleep(ms)
        print(await timer.reset(ms), await timer.stop(), await timer.reset(ms), end=" ")
        await time.sleep(10 * ms)

    assert said(main, version) == "True 20ms False True False 42ms"


@BOTH
def test_a_select_that_ends_otherwise_leaves_the_timer_alone(version: str) -> None:
    async def main() -> None:
        start = time.now()
        timer = time.new_timer(50 * ms)
        for _ in range(4):
            i, _, _ = await select(recv(timer.C), recv(time.after(10 * ms)))
            assert i == 1
        i, at, ok = await select(recv(timer.C), recv(timer.C), recv(chan(int)))
        print(i in (0, 1), at.sub(start), ok)

    assert said(main, version) == "True 50ms True"


# ------------------------------------------------------------------------------ laws of the clock

spans = st.integers(min_value=-5, max_value=40)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(spans, max_size=5), max_size=8), st.sampled_from(["1.21", "1.27"]))
def test_every_sleep_ends_when_it_should_and_the_clock_is_where_the_last_one_ended(
    plans: list[list[int]], version: str
) -> None:
    woke: list[tuple[int, int]] = []

    async def sleeper(plan: list[int]) -> None:
        due = EPOCH_NS
        for d in plan:
            await time.sleep(d)
            due += max(d, 0)
            woke.append((time.now().ns, due))

    async def main() -> None:
        for plan in plans:
            go(sleeper, plan)
        await chan(int).recv()

    ended = run(main, go=version)
    assert all(at == due for at, due in woke)
    assert [at for at, _ in woke] == sorted(at for at, _ in woke)
    assert ended.ns == max((sum(max(d, 0) for d in plan) for plan in plans), default=0)


class _Model:
    """A timer of Go 1.23 as its documentation has it: it holds at most one value."""

    def __init__(self, now: int, d: int, period: int) -> None:
        self.set(now, d, period)

    def set(self, now: int, d: int, period: int) -> None:
        self.next: int | None = now + max(d, 0)
        self.period = period
        self.value: int | None = None

    def look(self, now: int) -> None:
        while self.next is not None and self.next <= now:
            if self.value is None:
                self.value = self.next
            self.next = self.next + self.period if self.period else None

    def stop(self, now: int) -> bool:
        self.look(now)
        active = self.next is not None or self.value is not None
        self.next = self.value = None
        return active

    def take(self, now: int) -> int | None:
        self.look(now)
        value, self.value = self.value, None
        return value


steps = st.lists(
    st.one_of(
        st.tuples(st.just("sleep"), st.integers(0, 25)),
        st.tuples(st.just("stop"), st.just(0)),
        st.tuples(st.just("reset"), st.integers(1, 20)),
        st.tuples(st.just("poll"), st.just(0)),
        st.tuples(st.just("wait"), st.integers(1, 30)),
    ),
    max_size=12,
)


@settings(max_examples=150, deadline=None)
@given(st.integers(1, 20), st.booleans(), steps, st.booleans())
def test_a_new_timer_is_what_the_documentation_says(
    d: int, ticker: bool, plan: list[tuple[str, int]], observed: bool
) -> None:
    """Stop and Reset leave nothing stale; a value waits until it is looked for, whoever looks."""

    async def main() -> None:
        now = time.now().ns
        t: Any = time.new_ticker(d) if ticker else time.new_timer(d)
        model = _Model(now, d, d if ticker else 0)
        for step, n in plan:
            now = time.now().ns
            if step == "sleep":
                await time.sleep(n)
            elif step == "stop":
                stopped, expected = await t.stop(), model.stop(now)
                assert ticker or stopped is expected
            elif step == "reset":
                pending, expected = await t.reset(n), model.stop(now)
                assert ticker or pending is expected
                model.set(now, n, n if ticker else 0)
            elif step == "poll":
                i, value, _ = await select(recv(t.C), gs.default)
                taken = model.take(now)
                assert (value.ns if i == 0 else None) == taken
            else:
                i, value, _ = await select(recv(t.C), recv(time.after(n)))
                model.look(now)
                if model.value is None and model.next is not None and model.next < now + n:
                    now = model.next
                taken = model.take(now)
                if i == 0:
                    assert value.ns in (taken, now + n)
                else:
                    assert taken is None
                    assert time.now().ns == now + n
                if i == 0 and taken is None:  # both were due at the same instant
                    assert model.take(now + n) == value.ns
            assert len(t.C) == cap(t.C) == 0

    ended = run(main, observers=[Observer()] if observed else [])
    assert ended.how == "main", (ended.panic, ended.dump)


@pytest.mark.parametrize("version", ["1.22", "1.27"])
def test_stopped_timers_are_swept_and_move_no_clock(version: str) -> None:
    async def main() -> None:
        w = gs.runtime.current.current_world()
        keep = time.after_func(time.Second, lambda: None)
        for i in range(2000):
            timer = time.after_func(time.Hour + i, lambda: None)
            assert await timer.stop()
        print(len(w.env._queue) < 200, w.tombstones < 200)
        await keep.stop()
        await chan(int).recv()

    ended = run(main, go=version)
    assert ended.stdout == "True True\n"
    assert ended.ns == 0


def test_the_calendar_never_holds_a_timer_twice() -> None:
    """A ticker that is read again and again costs one entry, and leaves no tombstones behind."""

    async def main() -> None:
        w = gs.runtime.current.current_world()
        ticker = time.new_ticker(ms)
        for _ in range(500):
            await ticker.C.recv()
            assert len(w.env._queue) <= 1
        print(w.tombstones)

    assert said(main) == "0"


def test_the_clock_ends_where_go_s_does() -> None:
    async def main() -> None:
        await time.sleep((1 << 63) - 1)
        print(time.now().ns == (1 << 63) - 1)
        time.new_ticker(time.Hour)
        await time.sleep(5)
        print("and stands still")

    assert said(main, "1.22") == "True\nand stands still"


def test_a_loop_that_only_reads_the_clock_ends_and_is_noted() -> None:
    async def main() -> None:
        time.after_func(5 * ms, lambda: None)
        start = time.now()
        while time.since(start) < 5 * ms:
            pass
        print(time.since(start))

    ended = run(main)
    assert ended.stdout == "5ms\n"
    assert ended.world.spinning is not None
    assert ended.world.spinning[0] == __file__


def test_a_loop_that_only_reads_the_clock_ends_without_any_timer() -> None:
    async def main() -> None:
        start = time.now()
        while time.since(start) < 35 * ms:
            await gs.gosched()
        print(time.since(start))

    assert run(main).stdout == "40ms\n"


def test_until_is_the_opposite_of_since() -> None:
    async def main() -> None:
        start = time.now()
        await time.sleep(3)
        print(time.since(start), time.until(start))

    assert said(main) == "3ns -3ns"


@BOTH
def test_timers_fire_while_a_goroutine_computes(version: str) -> None:
    async def main() -> None:
        start = time.now()
        time.after_func(5 * ms, lambda: print("f at", time.since(start)))
        timer = time.new_timer(7 * ms)
        await gs.work(8 * ms)
        print((await timer.C.recv()).sub(start), time.since(start))

    assert said(main, version).splitlines()[-1] == "7ms 8ms"


# ---------------------------------------------------------------------------- forms and observers


class _Heard(Observer):
    def __init__(self) -> None:
        self.events: list[str] = []

    def timer_fired(self, timer: Any) -> None:
        self.events.append(f"fired {type(timer).__name__}")

    def channel_sent(self, ch: Any, value: Any, to: G | None) -> None:
        self.events.append(f"sent to {to}")

    def goroutine_parked(self, g: G, reason: str, on: Any) -> None:
        self.events.append(f"parked {reason}")


@BOTH
def test_observers_hear_of_timers_and_what_they_send(version: str) -> None:
    async def main() -> None:
        await time.after(ms).recv()
        await time.sleep(ms)
        timer = time.new_timer(ms)
        await time.sleep(2 * ms)
        await timer.C.recv()

    heard = _Heard()
    said(main, version, observers=[heard])
    assert heard.events[:6] == [
        "parked chan receive",
        "fired Timer",
        "sent to G1",
        "parked sleep",
        "fired Wakeup",
        "parked sleep",
    ]
    assert sorted(heard.events[6:]) == ["fired Timer", "fired Wakeup", "sent to None"]


@BOTH
@pytest.mark.parametrize("row", ROWS[:-1], ids=lambda row: row.__name__)
def test_both_forms_and_other_schedulers_agree(row: Callable[[], Any], version: str) -> None:
    found: list[Any] = []

    async def main() -> None:
        found.append(await row())

    for options in ({}, {"observers": [Observer()]}, {"policy": Fifo()}):
        assert run(main, go=version, **options).how == "main"
    assert found[0] == found[1] == found[2]


def test_stop_and_reset_are_choice_points() -> None:
    class Noting(Fifo):
        every_step = True

        def __init__(self) -> None:
            self.kinds: list[str] = []

        def pick(self, runnable: Any, timer: Any) -> Any:
            if runnable and runnable[0].pending:
                self.kinds.append(runnable[0].pending[0])
            return super().pick(runnable, timer)

    async def main() -> None:
        timer, ticker = time.new_timer(1), time.new_ticker(1)
        await timer.stop()
        await timer.reset(1)
        await ticker.reset(1)
        await ticker.stop()

    policy = Noting()
    said(main, policy=policy)
    for kind in ("timer stop", "timer reset", "ticker reset", "ticker stop"):
        assert kind in policy.kinds


# ----------------------------------------------------------------------- a calendar that is shared


def test_a_simpy_model_and_goroutines_share_one_clock() -> None:
    env = simpy.Environment(initial_time=EPOCH_NS)
    log: list[tuple[str, int]] = []

    def model() -> Any:
        for _ in range(3):
            yield env.timeout(10)
            log.append(("simpy", int(env.now) - EPOCH_NS))

    async def main() -> None:
        for _ in range(3):
            await time.sleep(15)
            log.append(("gosim", time.now().ns - EPOCH_NS))

    env.process(model())
    said(main, env=env)
    assert log == [
        ("simpy", 10),
        ("gosim", 15),
        ("simpy", 20),
        ("simpy", 30),
        ("gosim", 30),
        ("gosim", 45),
    ]


def test_an_environment_of_one_s_own_class_steps_itself() -> None:
    class Counting(simpy.Environment):
        steps = 0

        def step(self) -> None:
            self.steps += 1
            super().step()

    env = Counting(initial_time=EPOCH_NS)

    async def main() -> None:
        timer = time.new_timer(ms)
        await timer.stop()
        time.after_func(5, lambda: print("f"))
        await time.sleep(5)
        await time.after(5).recv()
        print(time.now().ns - EPOCH_NS)

    assert said(main, env=env).split() == ["f", "10"]
    assert env.steps == 3


# --------------------------------------------------------------------------------------- real Go

GO = """package main

import (
	"fmt"
	"time"
)

const u = 60 * time.Millisecond

var start time.Time

// Each step has a clock of its own, so that delays of a busy machine do not add up.
func step()                   { start = time.Now() }
func of(t time.Time) int      { return int((t.Sub(start) + u/2) / u) }
func since() int              { return of(time.Now()) }

func main() {
	step()
	t := time.NewTimer(2 * u)
	fmt.Println(cap(t.C), len(t.C), t.Stop(), t.Stop(), t.Reset(2*u))
	at := <-t.C
	fmt.Println(of(at), since(), t.Stop())
	step()
	fmt.Println(t.Reset(u))
	time.Sleep(3 * u)
	fmt.Println(len(t.C), t.Reset(2*u))
	at = <-t.C
	fmt.Println(of(at), since())
	step()
	f := time.AfterFunc(u, func() { fmt.Println("f", since()) })
	time.Sleep(2 * u)
	fmt.Println(f.Stop(), f.C == nil)
	step()
	k := time.NewTicker(2 * u)
	time.Sleep(5 * u)
	k.Reset(3 * u)
	at = <-k.C
	fmt.Println(of(at), since())
	k.Stop()
	step()
	select {
	case <-k.C:
		fmt.Println("tick")
	case <-time.After(4 * u):
		fmt.Println("no tick", since())
	}
	step()
	done := make(chan bool)
	go func() {
		for range time.Tick(2 * u) {
			fmt.Println("tick", since())
			done <- true
		}
	}()
	<-done
	<-done
	fmt.Println(time.Tick(0) == nil, time.Until(start.Add(time.Hour)) < time.Hour)
}
"""


async def the_same_in_python() -> None:
    u = 60 * ms

    def step() -> None:
        nonlocal start
        start = time.now()

    def of(t: time.Time) -> int:
        return int(t.sub(start) // u)

    def since() -> int:
        return of(time.now())

    def say(*values: Any) -> None:
        print(*(low(v) if isinstance(v, bool) else v for v in values))

    def is_nil(ch: Any) -> bool:
        return isinstance(ch, type(gs.nil_chan()))

    start = time.now()
    t = time.new_timer(2 * u)
    say(cap(t.C), len(t.C), await t.stop(), await t.stop(), await t.reset(2 * u))
    at = await t.C.recv()
    say(of(at), since(), await t.stop())
    step()
    say(await t.reset(u))
    await time.sleep(3 * u)
    say(len(t.C), await t.reset(2 * u))
    at = await t.C.recv()
    say(of(at), since())
    step()
    f = time.after_func(u, lambda: say("f", since()))
    await time.sleep(2 * u)
    say(await f.stop(), is_nil(f.C))
    step()
    k = time.new_ticker(2 * u)
    await time.sleep(5 * u)
    await k.reset(3 * u)
    at = await k.C.recv()
    say(of(at), since())
    await k.stop()
    step()
    i, _, _ = await select(recv(k.C), recv(time.after(4 * u)))
    say(*(["tick"] if i == 0 else ["no tick", since()]))
    step()
    done = chan(bool)

    async def ticking() -> None:
        async for _ in time.tick(2 * u):
            say("tick", since())
            await done.send(True)

    go(ticking)
    await done.recv()
    await done.recv()
    say(is_nil(time.tick(0)), time.until(start.add(time.Hour)) < time.Hour)


@pytest.mark.go
@pytest.mark.parametrize("version", ["1.22", "1.27"])
def test_a_tour_of_the_package_in_real_go(
    version: str, go_version: Callable[[str], Toolchain], tmp_path: Path
) -> None:
    source = tmp_path / "tour.go"
    source.write_text(GO)
    real = run_go(source, toolchain=go_version(version), wrap=False)
    assert real.exit_code == 0, real.stderr
    ended: Ended = run(the_same_in_python, go=version)
    assert ended.stdout == real.stdout


def test_world_is_the_only_owner_of_its_calendar() -> None:
    """Two runs in a row: nothing of the first one's timers is left for the second."""

    async def main() -> None:
        time.new_ticker(ms)
        time.after_func(time.Hour, lambda: None)

    ended = run(main, go="1.21")
    assert isinstance(ended.world, World)
    assert ended.world.env._queue == []
