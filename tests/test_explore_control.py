"""Every blocking operation under exploration: the schedules that are, and no others."""

from __future__ import annotations

from typing import Any

import explore_lab as lab
import pytest

import gosim as gs
from gosim.explore.step import Label
from gosim.golang.program import GoProgram
from gosim.runtime.program import Program

MS = gs.time.Millisecond


def told(main: lab.Main | Program, most: int = 120, **options: Any) -> tuple[int, set[Any]]:
    """Explore, and hold it against all interleavings if they are few; return traces and outcomes.

    Returns
    -------
    tuple
        How many traces there are, and the pairs of outcome and stdout.
    """
    traces, blocked, runs = lab.explored(main, **options)
    assert (len(set(traces)), blocked) == (len(traces), 0)
    n, classes = lab.interleavings(main, most, **options)
    assert classes <= set(traces)
    if n < most:
        assert classes == set(traces)
    return len(traces), {(run.outcome, run.stdout) for run in runs}


# ---- sync ----


def test_a_signal_wakes_any_waiter() -> None:
    async def main() -> None:
        mu = gs.sync.Mutex()
        cond = gs.sync.Cond(mu)
        ready = gs.chan(int, 2)

        async def waits(name: str) -> None:
            await mu.lock()
            await ready.send(1)
            await cond.wait()
            print(name)
            await mu.unlock()

        gs.go(waits, "a")
        gs.go(waits, "b")
        await ready.recv()
        await ready.recv()
        await mu.lock()
        await cond.signal()
        await mu.unlock()
        await gs.time.sleep(MS)

    assert told(main)[1] == {("leak", "a\n"), ("leak", "b\n"), ("leak", "")}


def test_a_broadcast_wakes_all_and_a_signal_without_a_waiter_is_lost() -> None:
    async def main() -> None:
        mu = gs.sync.Mutex()
        cond = gs.sync.Cond(mu)
        wg = gs.sync.WaitGroup()

        async def waits() -> None:
            await mu.lock()
            await cond.wait()
            await mu.unlock()
            await wg.done()

        await wg.add(1)
        gs.go(waits)
        await cond.broadcast()
        await wg.wait()

    assert told(main)[1] == {("ok", ""), ("deadlock", "")}


def test_once_is_done_by_whoever_comes_first_and_the_others_wait() -> None:
    async def main() -> None:
        once = gs.sync.Once()
        cell = gs.atomic.Int64()

        async def does(i: int) -> None:
            await once.do(lambda: cell.store(i))
            print(await cell.load())

        gs.go(does, 1)
        await does(2)

    _, outcomes = told(main)
    printed = {text for _, text in outcomes}
    assert printed == {"1\n", "2\n", "1\n1\n", "2\n2\n"}


def test_two_callers_of_an_empty_once_are_two_traces() -> None:
    async def main() -> None:
        once = gs.sync.Once()

        async def does() -> None:
            await once.do(lambda: None)

        gs.go(does)
        gs.go(does)

    assert told(main)[0] == 2


def test_a_writer_that_waits_keeps_new_readers_out() -> None:
    async def main() -> None:
        rw = gs.sync.RWMutex()
        done = gs.chan(int)

        async def reads_twice() -> None:
            await rw.rlock()
            await rw.rlock()
            await rw.runlock()
            await rw.runlock()
            await done.send(1)

        gs.go(reads_twice)
        await rw.lock()
        await rw.unlock()
        await done.recv()

    assert told(main) == (5, {("ok", ""), ("deadlock", "")})


def test_a_semaphore_is_acquired_in_any_order() -> None:
    async def main() -> None:
        sem = gs.semaphore.Weighted(1)
        bg = gs.context.background()

        async def uses(i: int) -> None:
            await sem.acquire(bg, 1)
            print(i)
            await sem.release(1)

        gs.go(uses, 0)
        gs.go(uses, 1)
        await gs.time.sleep(MS)
        await sem.acquire(bg, 1)

    _, outcomes = told(main)
    assert {text for _, text in outcomes} >= {"", "0\n", "1\n", "0\n1\n", "1\n0\n"}


def test_either_error_of_a_group_may_be_the_first() -> None:
    async def main() -> None:
        group = gs.errgroup.Group()

        async def fails(text: str) -> Any:
            return gs.errors.new(text)

        await group.go(fails, "a")
        await group.go(fails, "b")
        print(await group.wait())

    assert {text for _, text in told(main)[1]} == {"a\n", "b\n"}


def test_a_group_at_its_limit_refuses() -> None:
    async def main() -> None:
        group = gs.errgroup.Group()
        group.set_limit(1)

        async def works() -> None:
            pass

        await group.go(works)
        print(await group.try_go(works))
        await group.wait()

    assert told(main)[1] == {("ok", "True\n"), ("ok", "False\n")}


def test_trylock_sees_the_lock_taken_or_free() -> None:
    async def main() -> None:
        mu = gs.sync.Mutex()

        async def locks() -> None:
            await mu.lock()
            await mu.unlock()

        gs.go(locks)
        print(await mu.try_lock())

    _, outcomes = told(main)
    assert {text for _, text in outcomes} == {"True\n", "False\n"}


@pytest.mark.parametrize(("n", "count"), [(1, 1), (2, 1), (4, 1)])
def test_who_is_done_last_makes_no_difference(n: int, count: int) -> None:
    async def main() -> None:
        wg = gs.sync.WaitGroup()
        await wg.add(n)
        for _ in range(n):
            gs.go(wg.done)
        await wg.wait()

    traces, blocked, _ = lab.explored(main)
    assert (len(traces), blocked) == (count, 0)


def test_a_counter_that_gets_negative_is_anybodys_panic() -> None:
    async def main() -> None:
        wg = gs.sync.WaitGroup()
        await wg.add(1)
        gs.go(wg.done)
        gs.go(wg.done)
        await wg.wait()
        await gs.time.sleep(MS)

    assert {outcome for outcome, _ in told(main)[1]} == {"panic", "ok"}


def test_a_map_and_a_pool_give_what_is_there() -> None:
    async def main() -> None:
        m, pool = gs.sync.Map(), gs.sync.Pool()

        async def stores() -> None:
            await m.store("k", 1)
            await pool.put("spare")

        gs.go(stores)
        print(await pool.get(), await m.load("k"))

    assert {text for _, text in told(main)[1]} == {
        "None (None, False)\n",
        "None (1, True)\n",
        "spare (1, True)\n",
    }


def test_two_increments_of_a_plain_variable_may_be_one() -> None:
    async def main() -> None:
        x = gs.Shared(0)
        wg = gs.sync.WaitGroup()

        async def adds() -> None:
            await x.set(await x.get() + 1)
            await wg.done()

        await wg.add(2)
        gs.go(adds)
        gs.go(adds)
        await wg.wait()
        print(await x.get())

    assert told(main) == (4, {("ok", "1\n"), ("ok", "2\n")})


# ---- the end of goroutines and of the process ----


def test_prints_come_in_any_order_and_main_may_return_before() -> None:
    async def main() -> None:
        async def says(i: int) -> None:
            print(i)

        gs.go(says, 1)
        gs.go(says, 2)

    assert {text for _, text in told(main)[1]} == {"", "1\n", "2\n", "1\n2\n", "2\n1\n"}


def test_both_sides_of_a_meeting_may_print_first() -> None:
    async def main() -> None:
        ch = gs.chan(int)
        wg = gs.sync.WaitGroup()

        async def sends() -> None:
            await ch.send(1)
            print("sent")
            await wg.done()

        await wg.add(1)
        gs.go(sends)
        await ch.recv()
        print("received")
        await wg.wait()

    assert told(main) == (2, {("ok", "sent\nreceived\n"), ("ok", "received\nsent\n")})


def test_lines_that_are_not_ordered_make_one_trace() -> None:
    async def main() -> None:
        wg = gs.sync.WaitGroup()

        async def says(i: int) -> None:
            print(i)
            await wg.done()

        await wg.add(3)
        for i in range(3):
            gs.go(says, i)
        await wg.wait()

    assert len(lab.explored(main, output="unordered")[0]) == 1
    assert len(lab.explored(main)[0]) == 6


def test_a_panic_may_come_before_or_after_what_others_print() -> None:
    async def main() -> None:
        async def fails() -> None:
            raise ValueError("boom")

        gs.go(fails)
        print("main")

    assert told(main)[1] == {("panic", ""), ("panic", "main\n"), ("ok", "main\n")}


def test_recover_and_goexit_end_nothing_but_their_goroutine() -> None:
    async def main() -> None:
        ch = gs.chan(int, 2)

        async def recovers() -> None:
            async with gs.defers() as defer:

                async def rescue() -> None:
                    defer.recover()
                    await ch.send(1)

                defer(rescue)
                gs.panic("x")

        async def leaves() -> None:
            async with gs.defers() as defer:
                defer(ch.send, 2)
                gs.runtime.goexit()

        gs.go(recovers)
        gs.go(leaves)
        print(await ch.recv(), await ch.recv())

    assert told(main) == (2, {("ok", "1 2\n"), ("ok", "2 1\n")})


def test_exit_ends_the_process_at_any_moment() -> None:
    async def main() -> None:
        async def leaves() -> None:
            gs.os.exit(3)

        gs.go(leaves)
        print("main")

    assert told(main)[1] == {("exit", ""), ("exit", "main\n"), ("ok", "main\n")}


def test_how_many_goroutines_there_are_depends_on_the_schedule() -> None:
    async def main() -> None:
        async def nothing() -> None:
            pass

        gs.go(nothing)
        gs.go(nothing)
        print(gs.runtime.num_goroutine())

    assert {text for _, text in told(main)[1]} == {"3\n"}  # counted before anybody could run

    async def later() -> None:
        async def nothing() -> None:
            pass

        gs.go(nothing)
        gs.go(nothing)
        await gs.gosched()
        print(gs.runtime.num_goroutine())

    assert {text for _, text in told(later)[1]} == {"1\n", "2\n", "3\n"}


# ---- contexts and timers ----


def test_a_cancel_and_a_value_may_both_be_ready() -> None:
    async def main() -> None:
        ctx, cancel = gs.context.with_cancel(gs.context.background())
        values = gs.chan(int, 1)

        async def works() -> None:
            await values.send(1)
            await cancel()

        gs.go(works)
        i, _, _ = await gs.select(gs.recv(values), gs.recv(ctx.done()))
        print(i, ctx.err())

    assert {text for _, text in told(main)[1]} == {
        "0 None\n",
        "0 context canceled\n",
        "1 context canceled\n",
    }


def test_a_far_deadline_races_with_computation() -> None:
    async def main() -> None:
        ctx, cancel = gs.context.with_timeout(gs.context.background(), 10 * gs.time.Second)
        done = gs.chan(int, 1)

        async def works() -> None:
            await done.send(1)

        gs.go(works)
        i, _, _ = await gs.select(gs.recv(done), gs.recv(ctx.done()))
        print(i)
        await cancel()

    assert {text for _, text in told(main)[1]} == {"0\n", "1\n"}
    _, _, runs = lab.explored(main, timers="late")
    assert {run.stdout for run in runs} == {"0\n"}


def test_after_and_a_value() -> None:
    async def main() -> None:
        ch = gs.chan(int)

        async def sends() -> None:
            await ch.send(1)

        gs.go(sends)
        i, _, _ = await gs.select(gs.recv(ch), gs.recv(gs.time.after(MS)))
        print(i)

    assert told(main) == (2, {("ok", "0\n"), ("leak", "1\n")})
    assert told(main, timers="late") == (1, {("ok", "0\n")})


def test_who_is_late_finds_two_deadlines_in_one_select() -> None:
    async def main() -> None:
        late, early = gs.time.after(2 * MS), gs.time.after(MS)
        i, _, _ = await gs.select(gs.recv(late), gs.recv(early))
        print(i)

    assert told(main) == (2, {("ok", "0\n"), ("ok", "1\n")})


def test_who_meets_at_the_deadline_of_another_case_is_met_or_finds_the_timer() -> None:
    async def main() -> None:
        timer, values = gs.time.new_timer(2 * MS), gs.chan(int)

        async def sends() -> None:
            await gs.time.sleep(2 * MS)
            await values.send(1)

        gs.go(sends)
        i, _, _ = await gs.select(gs.recv(timer.C), gs.recv(values))
        print(i)

    assert told(main) == (2, {("leak", "0\n"), ("ok", "1\n")})


def test_a_timer_that_acts_comes_before_later_ones() -> None:
    async def main() -> None:
        timer = gs.time.after_func(MS, lambda: None)
        await gs.time.sleep(2 * MS)
        print(await timer.stop())

    assert told(main) == (1, {("ok", "False\n")})


def test_a_timer_is_stopped_before_or_after_it_has_fired() -> None:
    async def main() -> None:
        fired = gs.chan(int, 1)
        timer = gs.time.after_func(MS, lambda: fired.send(1))
        if await timer.stop():
            print("stopped")
        else:
            print("fired", await fired.recv())

    assert told(main)[1] == {("ok", "stopped\n"), ("ok", "fired 1\n")}


def test_reset_starts_a_timer_anew() -> None:
    async def main() -> None:
        timer = gs.time.new_timer(MS)
        await timer.stop()
        i, _, _ = await gs.select(gs.recv(timer.C), gs.default)
        await timer.reset(MS)
        await timer.C.recv()
        print(i, gs.time.since(gs.time.unix(946_684_800, 0)))

    assert told(main) == (1, {("ok", "1 1ms\n")})


@pytest.mark.parametrize("timers", ["any", "late"])
@pytest.mark.parametrize("go", ["1.22", "1.27"])
def test_a_value_and_a_timer_in_old_and_new_versions(go: str, timers: str) -> None:
    async def main() -> None:
        ch = gs.chan(int, 1)

        async def sends() -> None:
            await gs.time.sleep(MS)
            await ch.send(1)

        gs.go(sends)
        timer = gs.time.new_timer(2 * MS)
        i, _, _ = await gs.select(gs.recv(ch), gs.recv(timer.C))
        print(i)

    found = set()
    for _, run in lab.executions(main, timers=timers, go=go):
        found.add(run.stdout)
    assert found == ({"0\n", "1\n"} if timers == "any" else {"0\n"})


@pytest.mark.parametrize("n", [1, 3, 6])
@pytest.mark.parametrize("timers", ["any", "late"])
def test_sleepers_that_have_nothing_to_do_with_each_other_are_one_trace(
    n: int, timers: str
) -> None:
    async def main() -> None:
        wg = gs.sync.WaitGroup()

        async def sleeps(i: int) -> None:
            await gs.time.sleep(i * MS)
            await wg.done()

        await wg.add(n)
        for i in range(n):
            gs.go(sleeps, i)
        await wg.wait()

    traces, blocked, runs = lab.explored(main, timers=timers)
    assert (len(traces), blocked) == (1, 0)
    assert runs[0].virtual_ns == (n - 1) * MS


def test_sleepers_print_in_any_order() -> None:
    async def main() -> None:
        wg = gs.sync.WaitGroup()

        async def sleeps(i: int) -> None:
            await gs.time.sleep(i * MS)
            print(i)
            await wg.done()

        await wg.add(2)
        gs.go(sleeps, 2)
        gs.go(sleeps, 1)
        await wg.wait()

    assert told(main) == (2, {("ok", "1\n2\n"), ("ok", "2\n1\n")})
    assert told(main, timers="late") == (1, {("ok", "1\n2\n")})


@pytest.mark.parametrize(("ticks", "most"), [(2, 3), (3, 4)])
def test_a_ticker_overtakes_so_many_times(ticks: int, most: int) -> None:
    async def main() -> None:
        ticker, done = gs.time.new_ticker(gs.time.Second), gs.chan(int, 1)

        async def works() -> None:
            await done.send(1)

        gs.go(works)
        n = 0
        while True:
            i, _, _ = await gs.select(gs.recv(ticker.C), gs.recv(done))
            if i == 1:
                break
            n += 1
        print(n)
        await ticker.stop()

    found = list(lab.executions(main, early_ticks=ticks))
    assert {run.stdout for _, run in found} == {f"{n}\n" for n in range(most)}
    assert any(control.ticks_cut for control, _ in found)


# ---- compiled Go ----


def test_compiled_go() -> None:
    source = """package main

import (
	"fmt"
	"sync"
	"sync/atomic"
)

func main() {
	var n int32
	var wg sync.WaitGroup
	for i := 0; i < 2; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if atomic.LoadInt32(&n) == 0 {
				atomic.AddInt32(&n, 1)
			}
		}()
	}
	wg.Wait()
	fmt.Println(n)
}
"""
    program = GoProgram("twice.go", source=source, cache=False)
    assert told(program) == (5, {("ok", "1\n"), ("ok", "2\n")})


# ---- loops ----


def outcomes(main: lab.Main, most: int = 500) -> tuple[set[str], list[dict[str, Any]]]:
    """Explore to the end; return how executions ended, and what was found in them."""
    ends: set[str] = set()
    findings = []
    for n, (control, run) in enumerate(lab.executions(main)):
        assert n < most
        ends.add(control.stopped or run.outcome)
        findings += control.progress.findings
    return ends, findings


def polls(sets: bool, gives_way: bool) -> lab.Main:
    async def main() -> None:
        flag = gs.atomic.Int64()

        async def setter() -> None:
            await flag.store(1)

        if sets:
            gs.go(setter)
        while await flag.load() == 0:
            if gives_way:
                await gs.gosched()

    return main


@pytest.mark.parametrize("gives_way", [False, True])
def test_a_flag_that_somebody_sets(gives_way: bool) -> None:
    assert outcomes(polls(True, gives_way)) == ({"ok"}, [])


@pytest.mark.parametrize("gives_way", [False, True])
def test_a_flag_that_nobody_sets(gives_way: bool) -> None:
    ends, findings = outcomes(polls(False, gives_way))
    assert ends == {"livelock"}
    (found,) = findings
    assert (found["kind"], found["goroutine"]) == ("livelock", "main")
    assert found["text"].startswith("main goes round for ever: ")
    assert "atomic load (line " in found["text"]


@pytest.mark.parametrize(("sends", "ends"), [(True, {"ok"}), (False, {"livelock"})])
def test_a_poll_loop_with_default(sends: bool, ends: set[str]) -> None:
    async def main() -> None:
        ch = gs.chan(int)

        async def sender() -> None:
            await ch.send(1)

        if sends:
            gs.go(sender)
        while True:
            i, _, _ = await gs.select(gs.recv(ch), gs.default)
            if i == 0:
                return

    assert outcomes(main)[0] == ends


def test_two_who_give_way_to_each_other() -> None:
    async def main() -> None:
        a, b = gs.sync.Mutex(), gs.sync.Mutex()

        async def takes(first: Any, second: Any) -> None:
            while True:
                await first.lock()
                if await second.try_lock():
                    await second.unlock()
                    await first.unlock()
                    return
                await first.unlock()

        gs.go(takes, a, b)
        await takes(b, a)

    ends, findings = outcomes(main)
    assert ends == {"ok", "livelock"}
    assert {found["goroutine"] for found in findings} == {"main", "main/1"}


def test_two_who_keep_what_the_other_one_tries_to_get() -> None:
    async def main() -> None:
        a, b, both = gs.sync.Mutex(), gs.sync.Mutex(), gs.chan(int)

        async def first() -> None:
            await a.lock()
            await both.send(1)
            while not await b.try_lock():
                await gs.gosched()

        gs.go(first)
        await b.lock()
        await both.recv()
        while not await a.try_lock():
            await gs.gosched()

    assert outcomes(main)[0] == {"livelock"}


def test_a_bounded_number_of_attempts_is_explored_to_its_end() -> None:
    async def main() -> None:
        mu = gs.sync.Mutex()

        async def holds() -> None:
            await mu.lock()
            await mu.unlock()

        gs.go(holds)
        for _ in range(3):
            if await mu.try_lock():
                print("got it")
                return
        print("gave up")

    assert {text for _, text in told(main)[1]} == {"got it\n", "gave up\n"}


@pytest.mark.parametrize(("sets", "ends"), [(True, {"ok"}), (False, {"endless"})])
def test_a_loop_that_locks_and_sleeps(sets: bool, ends: set[str]) -> None:
    async def main() -> None:
        mu, ready = gs.sync.Mutex(), [False]

        async def setter() -> None:
            await mu.lock()
            ready[0] = True
            await mu.unlock()

        if sets:
            gs.go(setter)
        while True:
            await mu.lock()
            done = ready[0]
            await mu.unlock()
            if done:
                return
            await gs.time.sleep(MS)

    assert outcomes(main) == (ends, [])


def test_one_who_takes_a_lock_again_and_again() -> None:
    async def main() -> None:
        mu = gs.sync.Mutex()

        async def greedy() -> None:
            while True:
                await mu.lock()
                await mu.unlock()

        gs.go(greedy)
        await mu.lock()

    _, findings = outcomes(main)
    assert {(found["kind"], found["goroutine"]) for found in findings} == {("starvation", "main")}


def test_a_loop_that_looks_at_the_clock_sees_time_pass() -> None:
    async def main() -> None:
        begun = gs.time.now()
        while gs.time.since(begun) < 100 * MS:
            await gs.gosched()

    assert outcomes(main) == ({"ok"}, [])


@pytest.mark.parametrize("counts", [False, True])
def test_what_wakes_for_ever_ends_soon_after_main(counts: bool) -> None:
    async def main() -> None:
        async def wakes() -> None:
            n = 0
            while True:
                n += counts
                await gs.time.sleep(gs.time.Second)

        gs.go(wakes)

    found = list(lab.executions(main))
    assert all(len(control.steps) < 40 for control, _ in found)
    assert {run.outcome for _, run in found} == {"ok"}
    (run,) = {id(run): run for _, run in found}.values()
    assert [g.leak for g in run.goroutines] == ["endless"]


# ---- labels ----


@pytest.mark.parametrize(
    "label",
    [
        Label("main"),
        Label("main/1", -2),
        Label("main", 0, "main/2/1", 3),
        Label("clock:main#3", -1, "main", 1),
        Label("clock"),
    ],
)
def test_a_label_is_the_text_that_it_is_written_as(label: Label) -> None:
    assert Label.parse(str(label)) == label
    assert label.timer == label.who.startswith("clock")
