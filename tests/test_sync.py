"""Package sync: Go's orders, wait reasons, texts, and the laws of its types on random programs."""

from __future__ import annotations

import copy
import gc
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gosim as gs
from gosim import go
from gosim.oracle import Toolchain, run_go
from gosim.runtime.current import current_world
from gosim.runtime.errors import UsageError
from gosim.runtime.observer import Observer
from gosim.runtime.panic import Panic
from gosim.runtime.policy import Fifo, Policy, Random
from gosim.runtime.proc import goexit, gosched
from gosim.std import atomic, sync
from tests.record_sync_rows import SOURCES, names, real, recorded
from tests.sync_rows import rows, sleep_ms
from tests.sync_world import caught, drive, result, world

SOURCE = SOURCES[0]
RECORDED = recorded(SOURCE)


# -- the same as real Go, row by row


def test_every_row_is_told_twice_and_recorded() -> None:
    assert sorted(rows) == sorted(names(SOURCE)) == sorted(RECORDED)


@pytest.mark.parametrize("name", sorted(rows))
def test_row_prints_what_real_go_printed(name: str) -> None:
    assert result(drive(rows[name])) == RECORDED[name]


@pytest.mark.parametrize("name", sorted(rows))
@pytest.mark.parametrize(
    "form", [{"observers": [Observer()]}, {"tracked": True}], ids=["full", "tracked"]
)
def test_every_form_of_the_operations_does_the_same(name: str, form: dict[str, Any]) -> None:
    assert result(drive(rows[name], **form)) == RECORDED[name]


@pytest.mark.go
@pytest.mark.parametrize("name", sorted(rows))
def test_the_record_is_what_real_go_prints(name: str, go_toolchain: Toolchain) -> None:
    assert RECORDED[name] in real(SOURCE, name, go_toolchain, 5)


# -- who is left, and what it waits for


async def reader_never_unlocks(say: Any) -> None:
    rw = sync.RWMutex()
    await rw.rlock()
    for _ in range(3):
        go(rw.lock)
    await gosched()
    for _ in range(2):
        go(rw.rlock)


async def recursive_rlock(say: Any) -> None:
    rw = sync.RWMutex()

    async def reader() -> None:
        await rw.rlock()
        await sleep_ms(2)
        await rw.rlock()

    go(reader)
    await sleep_ms(1)
    go(rw.lock)


async def mutex_never_unlocked(say: Any) -> None:
    mu = sync.Mutex()
    for _ in range(10):
        go(mu.lock)


async def abba(say: Any) -> None:
    a, b = sync.Mutex(), sync.Mutex()

    async def both(x: sync.Mutex, y: sync.Mutex) -> None:
        await x.lock()
        await gosched()
        await y.lock()

    go(both, a, b)
    go(both, b, a)


async def once_recursive(say: Any) -> None:
    once = sync.Once()

    async def outer() -> None:
        await once.do(lambda: once.do(lambda: None))

    go(outer)


async def cond_signal_not_broadcast(say: Any) -> None:
    c = sync.Cond(sync.Mutex())

    async def waiter() -> None:
        await c.L.lock()
        await c.wait()
        await c.L.unlock()

    for _ in range(5):
        go(waiter)
    await sleep_ms(1)
    await c.signal()


async def cond_missed_signal(say: Any) -> None:
    c = sync.Cond(sync.Mutex())
    await c.signal()
    await c.L.lock()
    go(c.wait)


async def waitgroup_missing_done(say: Any) -> None:
    wg = sync.WaitGroup()
    await wg.add(2)
    await wg.done()
    go(wg.wait)


@pytest.mark.parametrize(
    ("main", "reasons"),
    [
        (
            reader_never_unlocks,
            ["sync.Mutex.Lock"] * 2 + ["sync.RWMutex.Lock"] + ["sync.RWMutex.RLock"] * 2,
        ),
        (recursive_rlock, ["sync.RWMutex.Lock", "sync.RWMutex.RLock"]),
        (mutex_never_unlocked, ["sync.Mutex.Lock"] * 9),
        (abba, ["sync.Mutex.Lock"] * 2),
        (once_recursive, ["sync.Mutex.Lock"]),
        (cond_signal_not_broadcast, ["sync.Cond.Wait"] * 4),
        (cond_missed_signal, ["sync.Cond.Wait"]),
        (waitgroup_missing_done, ["sync.WaitGroup.Wait"]),
    ],
    ids=lambda x: getattr(x, "__name__", ""),
)
def test_goroutines_left_wait_as_in_go(main: Any, reasons: list[str]) -> None:
    async def and_wait(say: Any) -> None:
        await main(say)
        await sleep_ms(10)

    with_main = drive(and_wait)
    assert with_main.how == "main"
    assert sorted(with_main.reasons) == reasons


@pytest.mark.parametrize(
    ("version", "reason"),
    [("1.21", "semacquire"), ("1.23", "semacquire"), ("1.24", "sync.WaitGroup.Wait")],
)
def test_waitgroup_has_its_own_wait_reason_since_1_24(version: str, reason: str) -> None:
    async def main(say: Any) -> None:
        wg = sync.WaitGroup()
        await wg.add(1)
        await wg.wait()

    outcome = drive(main, go=version)
    assert (outcome.how, outcome.reasons) == ("idle", [reason])


def test_a_goroutine_is_seen_waiting_for_the_lock_not_for_its_semaphore() -> None:
    locks: list[Any] = []

    async def main(say: Any) -> None:
        rw, mu, wg, once = sync.RWMutex(), sync.Mutex(), sync.WaitGroup(), sync.Once()
        locks.extend([rw, mu, wg, once])
        await rw.lock()
        await mu.lock()
        await wg.add(1)
        for f in (rw.lock, rw.rlock, mu.lock, wg.wait):
            go(f)
        go(once.do, lambda: once.do(print))
        await sleep_ms(1)

    outcome = drive(main)
    assert {id(g.waiting) for g in outcome.left} == {id(lock) for lock in locks}


# -- who holds what


def test_a_lock_knows_its_holder_and_the_line_even_when_that_goroutine_is_gone() -> None:
    kept: list[sync.Mutex] = []

    async def forgets(mu: sync.Mutex) -> None:
        await mu.lock()  # line of the lock

    async def main(say: Any) -> None:
        mu = sync.Mutex()
        kept.append(mu)
        go(forgets, mu)
        await gosched()
        go(mu.lock)
        await gosched()

    outcome = drive(main)
    (hold,) = kept[0].holders()
    assert hold.role == "holder" and hold.g not in outcome.left
    assert hold.code is forgets.__code__ and hold.line == forgets.__code__.co_firstlineno + 1
    (waiter,) = outcome.left
    assert kept[0].statistics() == {
        "locked": True,
        "starving": False,
        "holder": hold.g.id,
        "waiters": [waiter.id],
    }
    assert kept[0].made_code is main.__code__


def test_the_block_of_async_with_is_where_it_was_locked() -> None:
    async def main(say: Any) -> None:
        mu, rw = sync.Mutex(), sync.RWMutex()
        async with mu:
            async with rw.rlocker():
                say(mu.holders()[0].line, rw.holders()[0].line)
        assert mu.holders() == rw.holders() == ()

    first = main.__code__.co_firstlineno
    assert drive(main).said.split() == [str(first + 2), str(first + 3)]


@pytest.mark.parametrize("kind", ["mutex", "write", "read"])
def test_after_a_cond_the_lock_is_held_since_the_wait(kind: str) -> None:
    async def main(say: Any) -> None:
        rw = sync.RWMutex()
        lock: Any = {"mutex": sync.Mutex(), "write": rw, "read": rw.rlocker()}[kind]
        c = sync.Cond(lock)

        async def waiter() -> None:
            await lock.lock()
            await c.wait()
            (hold,) = (rw if kind == "read" else lock).holders()
            say(hold.line - waiter.__code__.co_firstlineno, hold.code is waiter.__code__)
            await lock.unlock()

        go(waiter)
        await sleep_ms(1)
        await c.signal()
        await sleep_ms(1)

    assert drive(main).said == "2 true "


@pytest.mark.parametrize("broadcast", [False, True])
def test_a_loop_of_signals_that_nobody_waits_for_lets_others_run(broadcast: bool) -> None:
    async def main(say: Any) -> None:
        c = sync.Cond(sync.Mutex())
        done = False

        async def other() -> None:
            nonlocal done
            await sleep_ms(1)
            done = True

        go(other)
        while not done:
            await (c.broadcast() if broadcast else c.signal())
        say("over")

    assert drive(main).said == "over "


def test_a_goroutine_that_is_only_a_lock_took_it_at_its_go_statement() -> None:
    async def main(say: Any) -> None:
        mu, rw = sync.Mutex(), sync.RWMutex()
        go(mu.lock)
        go(rw.rlock)
        await gosched()
        for lock in (mu, rw):
            (hold,) = lock.holders()
            say(hold.line - main.__code__.co_firstlineno, hold.code is main.__code__)

    assert drive(main).said == "2 true 3 true "


def test_an_rwmutex_knows_its_readers_and_its_pending_writer() -> None:
    async def main(say: Any) -> None:
        rw = sync.RWMutex()
        await rw.rlock()
        await rw.rlock()
        go(rw.rlock)
        await gosched()
        go(rw.lock)
        await gosched()
        go(rw.rlock)
        await gosched()
        say([h.role for h in rw.holders()])
        s = rw.statistics()
        say([len(s[key]) for key in ("readers", "waiting_readers", "waiting_writers")])
        say(s["pending"])
        await rw.runlock()
        await rw.runlock()
        await rw.runlock()  # for the other goroutine
        await gosched()
        say([h.role for h in rw.holders()])

    assert drive(main).said == (
        "['pending writer', 'reader', 'reader', 'reader'] [3, 1, 0] true ['writer'] "
    )


def test_the_collector_follows_values_but_neither_waiters_nor_holders() -> None:
    async def main(say: Any) -> None:
        mu, c, m, p = sync.Mutex(), sync.Cond(sync.Mutex()), sync.Map(), sync.Pool(list)
        key, value, spare = ("key",), ["value"], ["spare"]
        await mu.lock()
        go(mu.lock)
        await gosched()
        await m.store(key, value)
        await p.put(spare)
        assert list(mu.__gosim_referents__()) == []
        assert list(sync.WaitGroup().__gosim_referents__()) == []
        assert list(c.__gosim_referents__()) == [c.L]
        assert list(m.__gosim_referents__()) == [key, value]
        assert [x for x in p.__gosim_referents__() if x is not None] == [list, spare]
        rw = sync.RWMutex()
        assert list(rw.rlocker().__gosim_referents__()) == [rw]
        say("done")

    assert drive(main).said == "done "


# -- blocks, once, callbacks


def test_async_with_unlocks_after_a_panic_and_after_goexit() -> None:
    async def main(say: Any) -> None:
        mu = sync.Mutex()

        async def panics() -> None:
            async with mu:
                gs.panic("boom")

        async def leaves() -> None:
            async with mu:
                goexit()

        say(await caught(panics), mu.locked)
        go(leaves)
        await gosched()
        say(mu.locked)

    assert drive(main).said == "boom false false "


def test_once_waits_for_a_callback_that_blocks_and_unlocks_after_its_panic() -> None:
    async def main(say: Any) -> None:
        once = sync.Once()

        async def slow() -> None:
            await sleep_ms(5)
            gs.panic("late")

        async def second() -> None:
            await once.do(slow)
            say("second", current_world().now - start)

        start = current_world().now
        go(second)
        go(lambda: None)
        say(await caught(lambda: once.do(slow)))
        await sleep_ms(1)
        say(once.statistics()["done"], once.holders())

    assert drive(main).said == "late second 5000000 true  "


def test_once_func_drops_its_function_and_keeps_the_panic_value() -> None:
    async def main(say: Any) -> None:
        calls: list[int] = []

        class Big:
            def __call__(self) -> None:
                calls.append(1)
                gs.panic("boom")

        alive = len([o for o in gc.get_objects() if isinstance(o, Big)])
        f = sync.once_func(Big())
        first, second = await caught(f), await caught(f)
        say(first, second, calls)
        gc.collect()
        say(len([o for o in gc.get_objects() if isinstance(o, Big)]) - alive)

    assert drive(main).said == "boom boom [1] 0 "


def test_once_func_returns_nothing_and_once_value_what_a_coroutine_function_returned() -> None:
    async def main(say: Any) -> None:
        async def answer() -> int:
            await gosched()
            return 42

        say(await sync.once_func(answer)(), await sync.once_value(answer)())

    assert drive(main).said == "<nil> 42 "


def test_cond_takes_any_locker() -> None:
    async def main(say: Any) -> None:
        rw = sync.RWMutex()
        c = sync.Cond(rw.rlocker())

        async def waiter(i: int) -> None:
            await c.L.lock()
            await c.wait()
            say(i, len(rw.statistics()["readers"]))
            await c.L.unlock()

        for i in range(2):
            go(waiter, i)
        await sleep_ms(1)
        async with rw:
            await c.broadcast()
        await sleep_ms(1)

    assert drive(main).said == "0 1 1 1 "


def test_waitgroup_go_counts_the_task_until_it_ends_also_by_goexit() -> None:
    async def main(say: Any) -> None:
        wg = sync.WaitGroup()

        async def task(i: int) -> None:
            await sleep_ms(i)
            say(i)
            if i == 2:
                goexit()

        for i in (3, 1, 2):
            await wg.go(task, i)
        await wg.go(say, "plain")
        await wg.wait()
        say(wg.counter)

    assert drive(main).said == "plain 1 2 3 0 "


PANICKING_TASK = """
package main

import "sync"

func main() {
	var wg sync.WaitGroup
	wg.Go(func() { panic("boom") })
	wg.Wait()
	println("not reached")
}
"""


@pytest.mark.go
def test_a_panicking_task_crashes_as_in_go(go_toolchain: Toolchain, tmp_path: Any) -> None:
    async def main() -> None:
        wg = gs.sync.WaitGroup()
        await wg.go(gs.panic, "boom")
        await wg.wait()
        print("not reached")

    source = tmp_path / "main.go"
    source.write_text(PANICKING_TASK)
    theirs = run_go(source, toolchain=go_toolchain, wrap=False)
    ours = gs.run(main)
    assert ours.stderr.splitlines()[0] == theirs.stderr.splitlines()[0]
    assert ours.exit_code == theirs.exit_code == 2


def test_a_deep_copy_is_a_copy() -> None:
    async def main(say: Any) -> None:
        rw = sync.RWMutex()
        await rw.rlock()
        pair = copy.deepcopy([rw, sync.Once(), sync.Map(), sync.Pool()])
        await rw.runlock()
        say(await pair[0].try_lock(), await rw.try_lock())

    assert drive(main).said == "false true "


def test_map_range_sees_no_key_twice_and_no_deleted_one() -> None:
    async def main(say: Any) -> None:
        m = sync.Map()
        for i in range(5):
            await m.store(i, i)

        async def visit(k: int, v: int) -> bool:
            say(f"{k}={v}")
            await m.delete(3)
            await m.store(4, 40)
            await m.store(k, -1)
            await m.store(k + 100, 0)
            return True

        await m.range(visit)
        await m.clear()
        say(m.statistics()["len"])

    assert drive(main).said == "0=0 1=1 2=2 4=40 0 "


def test_map_keys_are_compared_as_go_compares_interfaces() -> None:
    class Node:
        def __eq__(self, other: object) -> bool:
            return True

    async def main(say: Any) -> None:
        m = sync.Map()
        a, b = Node(), Node()
        for key in (1, True, 1.0, "1", (1,), (True,), a, b, None):
            await m.store(key, key)
        say(m.statistics()["len"])
        say((await m.load((1,)))[0], (await m.load(a))[0] is a, (await m.load(b))[0] is b)
        say(await caught(lambda: m.load((1, [2]))))
        say(await caught(lambda: m.load(print)))

    assert drive(main).said == (
        "9 1 true true runtime error: hash of unhashable type []int "
        "runtime error: hash of unhashable type func() "
    )


def test_pool_loses_what_two_collections_saw() -> None:
    async def main(say: Any) -> None:
        p = sync.Pool(lambda: "made")
        for i in range(3):
            await p.put(i + 1)
        p.gc()
        say(p.statistics())
        say(await p.get())
        p.gc()
        say(p.statistics(), await p.get())

    assert drive(main).said == "{'fresh': 0, 'victims': 3} 1 {'fresh': 0, 'victims': 0} made "


# -- bad input


@pytest.mark.parametrize(
    "use",
    [
        lambda o: o["mu"].lock(),
        lambda o: o["mu"].unlock(),
        lambda o: o["rw"].rlock(),
        lambda o: o["wg"].done(),
        lambda o: o["once"].do(print),
        lambda o: o["m"].load(1),
        lambda o: o["n"].load(),
    ],
)
def test_an_object_of_another_run_is_refused_and_names_its_line(use: Callable[[Any], Any]) -> None:
    kept: dict[str, Any] = {}

    async def first(say: Any) -> None:
        kept.update(mu=sync.Mutex(), rw=sync.RWMutex(), wg=sync.WaitGroup(), once=sync.Once())
        kept.update(m=sync.Map(), n=atomic.Int32())

    async def second(say: Any) -> None:
        await use(kept)

    drive(first)
    with pytest.raises(UsageError, match=r"belongs to another run") as caught_error:
        drive(second)
    assert f"test_sync.py:{first.__code__.co_firstlineno + 1}" in str(caught_error.value) or (
        f"test_sync.py:{first.__code__.co_firstlineno + 2}" in str(caught_error.value)
    )


def test_a_lock_outside_a_run_is_refused() -> None:
    with pytest.raises(UsageError, match=r"sync\.Mutex\(\) was called while no run is going on"):
        sync.Mutex()
    with pytest.raises(UsageError, match=r"atomic\.Int64\(\) was called while no run is going on"):
        atomic.Int64()


def test_a_world_that_ends_inside_a_locked_block_is_closed_in_silence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async def main(say: Any) -> None:
        mu, once = sync.Mutex(), sync.Once()

        async def holds() -> None:
            async with mu:
                await once.do(forever)

        async def forever() -> None:
            try:
                await sync.Cond(mu).wait()
            finally:
                await mu.unlock()
                await mu.lock()

        go(holds)
        await gosched()

    assert drive(main).how == "main"
    gc.collect()
    assert capsys.readouterr() == ("", "")


def test_an_operation_nobody_awaited_is_noticed_with_its_line() -> None:
    async def main(say: Any) -> None:
        wg = sync.WaitGroup()
        wg.done()

    with world(tracked=True) as w:
        w.main = w.spawn(main(None))
        w.loop(100)
        assert w.complaints is not None
        (complaint,) = w.complaints
    assert "done(...) was called and never awaited" in str(complaint)
    assert complaint.line == main.__code__.co_firstlineno + 2


# -- laws on random programs

Script = list[list[tuple[str, int]]]


def policies() -> st.SearchStrategy[Policy | None]:
    """Go's own scheduler, first come first served, and random ones."""
    return st.one_of(
        st.none(),
        st.builds(Fifo),
        st.integers(0, 2**32).map(Random),
    )


def scripts(actions: Sequence[str]) -> st.SearchStrategy[Script]:
    """Up to six goroutines with up to six steps, each an action and a pause inside or after it."""
    step = st.tuples(st.sampled_from(list(actions)), st.integers(0, 4))
    return st.lists(st.lists(step, max_size=6), min_size=1, max_size=6)


async def pause(n: int) -> None:
    """Give way in one of several ways."""
    if n == 1:
        await gosched()
    elif n > 1:
        await sleep_ms(n - 2)


@settings(max_examples=150, deadline=None)
@given(scripts(["lock", "try"]), policies())
def test_a_mutex_excludes_and_loses_no_wakeup(script: Script, policy: Policy | None) -> None:
    async def main(say: Any) -> None:
        mu, wg = sync.Mutex(), sync.WaitGroup()
        inside = 0

        async def run(steps: list[tuple[str, int]]) -> None:
            nonlocal inside
            for action, n in steps:
                if action == "lock":
                    await mu.lock()
                elif not await mu.try_lock():
                    continue
                inside += 1
                assert inside == 1 and mu.holders()[0].g is current_world().g
                await pause(n)
                assert inside == 1
                inside -= 1
                await mu.unlock()

        for steps in script:
            await wg.go(run, steps)
        await wg.wait()
        assert mu.statistics() == {
            "locked": False,
            "starving": False,
            "holder": None,
            "waiters": [],
        }
        assert not mu.woken and not mu.waiters and not mu.sema.count

    outcome = drive(main, policy=policy)
    assert outcome.how == "main", outcome.world.panic


@settings(max_examples=150, deadline=None)
@given(scripts(["read", "write", "tryread", "trywrite"]), policies())
def test_an_rwmutex_excludes_and_loses_no_wakeup(script: Script, policy: Policy | None) -> None:
    async def main(say: Any) -> None:
        rw, wg = sync.RWMutex(), sync.WaitGroup()
        readers = writers = 0

        async def run(steps: list[tuple[str, int]]) -> None:
            nonlocal readers, writers
            for action, n in steps:
                if action == "read" or (action == "tryread" and await rw.try_rlock()):
                    if action == "read":
                        await rw.rlock()
                    readers += 1
                    assert writers == 0
                    await pause(n)
                    assert writers == 0
                    readers -= 1
                    await rw.runlock()
                elif action == "write" or (action == "trywrite" and await rw.try_lock()):
                    if action == "write":
                        await rw.lock()
                    writers += 1
                    assert (readers, writers) == (0, 1)
                    await pause(n)
                    assert (readers, writers) == (0, 1)
                    writers -= 1
                    await rw.unlock()

        for steps in script:
            await wg.go(run, steps)
        await wg.wait()
        s = rw.statistics()
        assert s["readers"] == s["waiting_readers"] == s["waiting_writers"] == []
        assert s["writer"] is None and not s["pending"]
        assert rw.reader_count == rw.reader_wait == rw.w.waiters == 0

    outcome = drive(main, policy=policy)
    assert outcome.how == "main", outcome.world.panic


@settings(max_examples=100, deadline=None)
@given(scripts(["task"]), st.integers(1, 4), policies())
def test_a_waitgroup_releases_all_waiters_when_all_is_done_and_not_before(
    script: Script, waiters: int, policy: Policy | None
) -> None:
    async def main(say: Any) -> None:
        wg, gone = sync.WaitGroup(), sync.WaitGroup()
        tasks = sum(map(len, script))
        finished = 0

        async def run(steps: list[tuple[str, int]]) -> None:
            nonlocal finished
            for _, n in steps:
                await pause(n)
                finished += 1
                await wg.done()

        async def waiter() -> None:
            await wg.wait()
            assert finished == tasks and wg.counter == 0

        await wg.add(tasks)
        for _ in range(waiters):
            await gone.go(waiter)
        for steps in script:
            go(run, steps)
        await gone.wait()
        assert wg.statistics() == {"counter": 0, "waiters": []} and not wg.sema.count

    outcome = drive(main, policy=policy)
    assert outcome.how == "main", outcome.world.panic


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 4), max_size=8), st.integers(1, 4), st.booleans(), policies())
def test_a_queue_on_a_cond_delivers_everything_once(
    items: list[int], consumers: int, broadcast: bool, policy: Policy | None
) -> None:
    async def main(say: Any) -> None:
        c, wg = sync.Cond(sync.Mutex()), sync.WaitGroup()
        queue: list[int] = []
        taken: list[int] = []
        closed = False

        async def consume() -> None:
            while True:
                async with c.L:
                    while not queue and not closed:
                        await c.wait()
                    if not queue:
                        return
                    taken.append(queue.pop(0))

        for _ in range(consumers):
            await wg.go(consume)
        for i, n in enumerate(items):
            await pause(n)
            async with c.L:
                queue.append(i)
            await (c.broadcast() if broadcast else c.signal())
        await pause(1)
        async with c.L:
            closed = True
        await c.broadcast()
        await wg.wait()
        assert taken == list(range(len(items)))
        assert c.statistics() == {"waiters": []}

    outcome = drive(main, policy=policy)
    assert outcome.how == "main", outcome.world.panic


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 4), min_size=1, max_size=6), st.booleans(), policies())
def test_once_runs_once_and_nobody_gets_past_it_before_it_is_over(
    pauses: list[int], panics: bool, policy: Policy | None
) -> None:
    async def main(say: Any) -> None:
        once, wg = sync.Once(), sync.WaitGroup()
        runs, over, thrown = 0, False, 0

        async def first() -> None:
            nonlocal runs, over
            runs += 1
            await pause(pauses[0])
            over = True
            if panics:
                gs.panic("once")

        async def run(n: int) -> None:
            nonlocal thrown
            await pause(n)
            try:
                await once.do(first)
            except Panic:
                thrown += 1
            assert over

        for n in pauses:
            await wg.go(run, n)
        await wg.wait()
        assert (runs, thrown) == (1, int(panics))

    outcome = drive(main, policy=policy)
    assert outcome.how == "main", outcome.world.panic


@settings(max_examples=60, deadline=None)
@given(scripts(["lock", "try", "read", "write", "wait"]), st.sampled_from(["go", "fifo", "random"]))
def test_both_forms_make_the_same_steps(script: Script, policy: str) -> None:
    async def main(say: Any) -> None:
        mu, rw, wg = sync.Mutex(), sync.RWMutex(), sync.WaitGroup()

        async def run(i: int, steps: list[tuple[str, int]]) -> None:
            for action, n in steps:
                if action == "try" and not await mu.try_lock():
                    say(i, "no")
                    continue
                if action == "lock":
                    await mu.lock()
                elif action == "read":
                    await rw.rlock()
                elif action == "write":
                    await rw.lock()
                say(i, action, current_world().now)
                await pause(n)
                if action in ("lock", "try"):
                    await mu.unlock()
                elif action == "read":
                    await rw.runlock()
                elif action == "write":
                    await rw.unlock()

        for i, steps in enumerate(script):
            await wg.go(run, i, steps)
        await wg.wait()

    def outcome(**options: Any) -> tuple[str, str, int]:
        made = {"go": None, "fifo": Fifo(), "random": Random(7)}[policy]
        o = drive(main, policy=made, **options)
        return o.how, o.said, o.world.steps

    assert outcome() == outcome(observers=[Observer()])


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                [
                    "store",
                    "load",
                    "load_or_store",
                    "swap",
                    "delete",
                    "load_and_delete",
                    "cas",
                    "cad",
                    "clear",
                ]
            ),
            st.sampled_from([1, True, 1.0, "1", None]),
            st.integers(0, 2),
            st.integers(0, 2),
        ),
        max_size=30,
    )
)
def test_map_does_what_a_dict_with_typed_keys_does(ops: list[tuple[str, Any, int, int]]) -> None:
    async def main(say: Any) -> None:
        m = sync.Map()
        model: dict[Any, int] = {}

        def found(key: Any, default: Any = None) -> tuple[Any, bool]:
            return model.get(key, default), key in model

        for op, k, a, b in ops:
            key = (type(k), k)
            before = found(key)
            if op == "store":
                await m.store(k, a)
                model[key] = a
            elif op == "load":
                assert await m.load(k) == before
            elif op == "load_or_store":
                assert await m.load_or_store(k, a) == found(key, a)
                model.setdefault(key, a)
            elif op == "swap":
                assert await m.swap(k, a) == before
                model[key] = a
            elif op == "delete":
                await m.delete(k)
                model.pop(key, None)
            elif op == "load_and_delete":
                assert await m.load_and_delete(k) == before
                model.pop(key, None)
            elif op == "cas":
                assert await m.compare_and_swap(k, a, b) == (before == (a, True))
                if before == (a, True):
                    model[key] = b
            elif op == "cad":
                assert await m.compare_and_delete(k, a) == (before == (a, True))
                if before == (a, True):
                    del model[key]
            else:
                await m.clear()
                model.clear()
        seen: dict[Any, Any] = {}
        await m.range(lambda k, v: seen.__setitem__((type(k), k), v) or True)
        assert seen == model

    assert drive(main).how == "main"


# -- pollers and exploring modes


def test_a_loop_of_try_lock_lets_the_holder_run() -> None:
    async def main(say: Any) -> None:
        mu = sync.Mutex()

        async def holder() -> None:
            await mu.lock()
            await sleep_ms(3)
            await mu.unlock()

        go(holder)
        await gosched()
        while not await mu.try_lock():
            pass
        say("ours")

    assert drive(main).said == "ours "


def test_a_lock_says_whether_an_operation_would_wait() -> None:
    async def main(say: Any) -> None:
        mu, rw, once = sync.Mutex(), sync.RWMutex(), sync.Once()
        say(mu.__gosim_blocks__("mutex lock"), once.__gosim_blocks__("once lock"))
        await mu.lock()
        say(mu.__gosim_blocks__("mutex lock"), mu.__gosim_blocks__("mutex unlock"))
        await rw.rlock()
        say(rw.__gosim_blocks__("rwmutex lock"), rw.__gosim_blocks__("rwmutex rlock"))
        go(rw.lock)
        await gosched()
        say(rw.__gosim_blocks__("rwmutex lock"))
        await once.do(lambda: say(once.__gosim_blocks__("once lock")))

    assert drive(main).said == (
        "<nil> <nil> sync.Mutex.Lock <nil> <nil> <nil> sync.Mutex.Lock sync.Mutex.Lock "
    )
