"""Panics, fatal errors, defer, recover, Goexit: Go's texts and exit codes (go-facts section 3)."""

from __future__ import annotations

from typing import Any

import pytest

import gosim as gs
from gosim import chan, default, defers, go, nil_chan, panic, recv, select, send
from tests.facts import Programs, facts, measured_in

MS = 1_000_000
sync, time, context = gs.sync, gs.time, gs.context

program = Programs()


@program
async def close_nil() -> None:
    await nil_chan(int).close()


@program
async def close_twice() -> None:
    ch = chan(int)
    await ch.close()
    await ch.close()


@program
async def cond_copied() -> None:
    import copy

    cond = sync.Cond(sync.Mutex())
    await cond.signal()
    await copy.copy(cond).signal()


@program
async def ctx_nil_parent() -> None:
    context.with_cancel(None)


@program
async def ctx_withvalue_nil() -> None:
    context.with_value(context.background(), None, 1)


@program
async def goexit_main() -> None:
    gs.runtime.goexit()


@program
async def goexit_main_others_finish() -> None:
    async def other() -> None:
        await time.sleep(MS)

    go(other)
    gs.runtime.goexit()


@program
async def len_cap_nil_chan() -> None:
    print(len(nil_chan(int)), gs.cap(nil_chan(int)))


@program
async def main_exits_kills_goroutines() -> None:
    async def other() -> None:
        print("never")

    go(other)
    print("main returns")


@program
async def makechan_size() -> None:
    chan(int, -1)


@program
async def mutex_unlock_recover() -> None:
    async with defers() as defer:
        defer(lambda: print("recovered", defer.recover()))
        await sync.Mutex().unlock()


@program
async def mutex_unlock_unlocked() -> None:
    await sync.Mutex().unlock()


@program
async def newticker_neg() -> None:
    time.new_ticker(-1)


@program
async def newticker_zero() -> None:
    time.new_ticker(0)


@program
async def once_panics() -> None:
    once = sync.Once()

    async def careless() -> None:
        async with defers() as defer:
            defer(lambda: defer.recover())
            await once.do(lambda: panic("once"))

    await careless()
    await once.do(lambda: print("again"))
    print("once not retried")


@program
async def os_exit_3() -> None:
    async with defers() as defer:
        defer(print, "deferred")
        gs.os.exit(3)


class Code:
    """An error with a number."""

    def error(self) -> str:
        return "code 7"


class Stringer:
    """A value that prints itself."""

    def string(self) -> str:
        return "I am a Stringer"


@program
async def panic_custom() -> None:
    panic(Code())


@program
async def panic_error() -> None:
    panic(gs.errors.new("bad thing"))


@program
async def panic_float() -> None:
    panic(1.5)


async def _panics() -> None:
    panic("in goroutine")


@program
async def panic_in_goroutine() -> None:
    go(_panics)
    await time.sleep(MS)


@program
async def panic_in_goroutine_main_recover() -> None:
    async with defers() as defer:
        defer(lambda: print("recovered", defer.recover()))
        go(_panics)
        await time.sleep(MS)


@program
async def panic_int() -> None:
    panic(42)


@program
async def panic_multiline() -> None:
    panic("line1\nline2")


@program
async def panic_nil() -> None:
    panic(None)


@program
async def panic_string() -> None:
    panic("boom")


@program
async def panic_stringer() -> None:
    panic(Stringer())


@program
async def panic_while_panic() -> None:
    async with defers() as defer:
        defer(panic, "second")
        panic("first")


@program
async def pool_nil_new() -> None:
    print("Get on empty pool without New:", gs.fmt.sprint(await sync.Pool().get()))


@program
async def recovered() -> None:
    async with defers() as defer:
        defer(lambda: print("got", defer.recover()))
        panic("x")


@program
async def recv_closed() -> None:
    ch = chan(int)
    await ch.close()
    v, ok = await ch.recv_ok()
    gs.fmt.println(v, ok)


@program
async def recv_closed_drain() -> None:
    ch = chan(int, 3)
    await ch.send(1)
    await ch.send(2)
    await ch.close()
    a, b = await ch.recv(), await ch.recv()
    v, ok = await ch.recv_ok()
    gs.fmt.println(a, b, v, ok, len(ch), gs.cap(ch))


@program
async def repanic() -> None:
    async with defers() as defer:
        defer(lambda: panic(defer.recover()))
        panic("first")


@program
async def repanic_other() -> None:
    def other() -> None:
        defer.recover()
        panic("second")

    async with defers() as defer:
        defer(other)
        panic("first")


@program
async def rwmutex_runlock_unlocked() -> None:
    await sync.RWMutex().runlock()


@program
async def rwmutex_runlock_while_wlocked() -> None:
    rw = sync.RWMutex()
    await rw.lock()
    await rw.runlock()


@program
async def rwmutex_unlock_unlocked() -> None:
    await sync.RWMutex().unlock()


@program
async def select_send_closed() -> None:
    ch = chan(int)
    await ch.close()
    await select(send(ch, 1), default)


@program
async def send_on_closed() -> None:
    ch = chan(int)
    await ch.close()
    await ch.send(1)


@program
async def send_on_closed_buffered() -> None:
    ch = chan(int, 1)
    await ch.close()
    await ch.send(1)


@program
async def sender_blocked_then_close() -> None:
    ch = chan(int)

    async def sender() -> None:
        await ch.send(1)

    go(sender)
    await time.sleep(MS)
    await ch.close()
    await time.sleep(MS)


@program
async def stack_overflow() -> None:
    async def deeper(n: int) -> int:
        return await deeper(n + 1) + 1

    await deeper(0)


@program
async def ticker_reset_zero() -> None:
    await time.new_ticker(MS).reset(0)


@program
async def ticker_zero_value_reset() -> None:
    await time.Ticker().reset(MS)


@program
async def ticker_zero_value_stop() -> None:
    await time.Ticker().stop()
    print("no panic")


@program
async def time_tick_zero() -> None:
    gs.fmt.println("Tick(0) is nil:", "nil chan" in repr(time.tick(0)))


@program
async def timer_zero_value_reset() -> None:
    await time.Timer().reset(MS)


@program
async def timer_zero_value_stop() -> None:
    await time.Timer().stop()


@program
async def wg_add_negative() -> None:
    await sync.WaitGroup().add(-1)


@program
async def wg_negative() -> None:
    await sync.WaitGroup().done()


VALUES = "needs slices, maps, structs or interfaces: the issue on memory, and compiled Go"
OUTSIDE = {
    **dict.fromkeys(
        [
            "array_index",
            "compare_uncomparable",
            "div_zero",
            "hash_of_unhashable",
            "index_negative",
            "index_out_of_range",
            "makeslice_cap",
            "makeslice_huge",
            "makeslice_len",
            "nil_deref",
            "nil_func",
            "nil_iface_method",
            "nil_map_read",
            "nil_map_write",
            "nil_slice_index",
            "panic_struct",
            "slice3",
            "slice_hi",
            "slice_lo_hi",
            "slice_string",
            "slice_to_array",
            "string_index",
            "type_assert",
            "type_assert_iface",
            "type_assert_nil",
        ],
        VALUES,
    ),
    **dict.fromkeys(
        ["concurrent_map_iter_write", "concurrent_map_rw", "concurrent_map_write"],
        "a data race of several processors",
    ),
    **dict.fromkeys(["wg_add_concurrent_with_wait", "wg_reused"], "a race of several processors"),
    "bytes_buffer_neg": "package bytes is not simulated yet",
    "strings_repeat_neg": "package strings is not simulated yet",
    "setgomaxprocs": "the number of processors is an option of the run",
}


def test_every_row_is_told_or_named_as_outside() -> None:
    assert set(program) | set(OUTSIDE) == set(facts("panics"))


@pytest.mark.parametrize("version", ["1.21", "1.22", "1.23", "1.25", "1.26", "1.27"])
@pytest.mark.parametrize("name", list(program))
def test_text_and_exit_code_are_those_of_go(name: str, version: str) -> None:
    row = measured_in(facts("panics")[name], version)
    run = gs.run(program[name], go=version)
    assert run.stdout == row["stdout"]
    assert run.exit_code == row["exit_code"]
    first = row["stderr_first"]
    if name == "stack_overflow":
        first = "runtime: goroutine stack exceeds 1000000000-byte limit"
        assert "fatal error: stack overflow" in run.stderr
    assert run.stderr[: len(first)] == first
    assert not first or run.stderr[len(first)] == "\n"


def test_a_panic_prints_only_the_goroutine_that_panicked() -> None:
    async def main() -> None:
        async def blocked() -> None:
            await chan().recv()

        go(blocked)
        await time.sleep(MS)
        go(_panics)
        await time.sleep(MS)

    run = gs.run(main)
    assert run.stderr.count("goroutine ") == 2  # its header, and "created by ... in goroutine 1"
    assert "main._panics()\n\t" in run.stderr.replace("(...)", "()")
    assert "created by main." in run.stderr


def test_deferred_calls_run_last_in_first_out_with_arguments_of_then() -> None:
    async def main() -> None:
        i = 0
        async with defers() as defer:
            for i in range(3):
                defer(print, i, end=" ")
            i = 10

    assert gs.run(main).stdout == "2 1 0 "


def test_deferred_calls_run_on_goexit_and_recover_gives_none() -> None:
    async def main() -> None:
        async def leaving() -> None:
            async with defers() as defer:
                defer(lambda: print("deferred", defer.recover()))
                gs.runtime.goexit()

        go(leaving)
        await time.sleep(MS)
        print("main lives")

    run = gs.run(main)
    assert run.stdout == "deferred None\nmain lives\n"
    assert run.outcome == "ok"


def test_recover_stops_the_panic_and_later_defers_still_run() -> None:
    async def f() -> str:
        async with defers() as defer:
            defer(print, "first in, last out")
            defer(lambda: print("recovered", defer.recover()))
            panic("x")
        return "went on behind the block"

    async def main() -> None:
        print(await f())

    assert gs.run(main).stdout == ("recovered x\nfirst in, last out\nwent on behind the block\n")


def test_deferred_unlock_is_awaited() -> None:
    async def main() -> None:
        mu = sync.Mutex()

        async def careful() -> None:
            async with defers() as defer:
                await mu.lock()
                defer(mu.unlock)
                panic("x")

        async def outer() -> None:
            async with defers() as defer:
                defer(lambda: defer.recover())
                await careful()

        await outer()
        print(await mu.try_lock())

    assert gs.run(main).stdout == "True\n"


def test_a_python_exception_surfaces_as_a_panic_with_its_line() -> None:
    async def main() -> None:
        {}["missing"]  # type: ignore[index]

    run = gs.run(main)
    assert run.outcome == "panic"
    assert run.stderr.splitlines()[0] == "panic: KeyError: 'missing'"
    assert "test_panic.py:" in run.stderr


def test_except_exception_does_not_catch_a_panic() -> None:
    async def main() -> None:
        try:
            panic("boom")
        except Exception:
            print("caught")

    assert gs.run(main).outcome == "panic"


def test_a_fatal_error_cannot_be_caught_by_anything() -> None:
    async def main() -> None:
        try:
            await sync.Mutex().unlock()
        except BaseException:
            print("caught")
        finally:
            print("finally")

    run = gs.run(main)
    assert (run.outcome, run.exit_code, run.stdout) == ("fatal", 2, "")


def test_defer_of_a_call_instead_of_a_function_is_explained() -> None:
    async def main() -> None:
        async with defers() as defer:
            mu: Any = sync.Mutex()
            await mu.lock()
            defer(mu.unlock())

    with pytest.raises(gs.UsageError, match=r"defer\(mu.unlock\), not defer\(mu.unlock\(\)\)"):
        gs.run(main)


@pytest.mark.parametrize("written", ["with defers()", "with defers", "async with defers"])
def test_defers_without_async_or_parentheses_is_explained(written: str) -> None:
    space: dict[str, Any] = {"defers": defers}
    exec(f"async def main():\n    {written}:\n        pass\n", space)
    with pytest.raises(gs.UsageError) as caught:
        gs.run(space["main"])
    expected = f"write `async with defers() as defer`, not `{written}`"
    assert str(caught.value).endswith(expected)


def test_recv_case_is_no_operation() -> None:
    async def main() -> None:
        await recv(chan(int))

    with pytest.raises(gs.UsageError, match=r"test_panic.py:\d+: .*write await ch.recv\(\)"):
        gs.run(main)


@pytest.mark.parametrize(
    ("value", "go", "expected"),
    [
        ("p1", "1.25", ""),
        ("p1", "1.26", "panic: p1\n\t"),
        (3, "1.27", "panic: 3\n\t"),
        (gs.errors.new("e"), "1.27", "panic: (*errors.errorString) 0xc000012120\n\t"),
        (None, "1.27", "\t"),  # Goexit
    ],
)
def test_a_fatal_error_in_a_deferred_call_names_the_panic_since_1_26(
    value: Any, go: str, expected: str
) -> None:
    """``printPreFatalDeferPanic``; errors by type, since a dying runtime calls no methods."""

    async def main() -> None:
        async with gs.defers() as defer:
            defer(gs.sync.Mutex().unlock)
            if value is None:
                gs.runtime.goexit()
            gs.panic(value)

    fatal = "fatal error: sync: unlock of unlocked mutex\n"
    assert gs.run(main, go=go).stderr.startswith(expected + fatal)
