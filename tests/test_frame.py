"""The door `frame`: functions and stretches of code that take a stated part of their stack."""

from __future__ import annotations

import inspect

import pytest

import gosim as gs
from gosim import chan, defers, go
from gosim.runtime.current import current_world
from gosim.runtime.errors import UsageError
from gosim.std.frame import frame
from gosim.std.runtime import goexit, read_mem_stats

MB = 1_000_000


def used() -> int:
    """Bytes that the frames of the running goroutine use beyond those that every one has."""
    world = current_world()
    return world.memory_of().stacks.used(world.g) - 64


def in_main(body) -> gs.Run:
    """Run a coroutine function as main; raise what went wrong there."""

    async def main() -> None:
        await body()

    result = gs.run(main)
    assert result.exit_code == 0, result.stderr
    return result


def test_a_frame_is_open_while_the_function_runs() -> None:
    seen: list[int] = []

    @frame(1000)
    async def outer() -> int:
        seen.append(used())
        inner()
        seen.append(used())
        return 7

    @frame(args=200, temps=100)
    def inner() -> None:
        seen.append(used())

    async def body() -> None:
        assert await outer() == 7
        seen.append(used())

    in_main(body)
    assert seen == [1016, 1016 + 316, 1016, 0]


def test_a_block_may_await_and_each_goroutine_has_its_own() -> None:
    seen: list[int] = []
    shared = frame(500)

    async def worker(ch: gs.Chan, n: int) -> None:
        with shared, frame(1000, times=n):
            await ch.recv()
            seen.append(used())
        assert used() == 0

    async def body() -> None:
        ch = chan(int)
        for n in (1, 2, 3):
            go(worker, ch, n)
        for _ in range(3):
            await ch.send(0)
        await gs.time.sleep(1)

    in_main(body)
    assert sorted(seen) == [516 + 1016 * n for n in (1, 2, 3)]


def test_a_frame_ends_with_a_panic_and_with_goexit() -> None:
    seen: list[int] = []

    @frame(5000)
    async def fails(how) -> None:
        how()

    async def recovers() -> None:
        async with defers() as defer:
            defer(lambda: (defer.recover(), seen.append(used())))
            await fails(lambda: gs.panic("boom"))

    async def exits() -> None:
        async with defers() as defer:
            defer(lambda: seen.append(used()))
            await fails(goexit)

    async def body() -> None:
        await recovers()
        seen.append(used())
        go(exits)
        await gs.time.sleep(1)

    in_main(body)
    assert seen == [0, 0, 0]


def test_a_leaking_goroutine_keeps_its_stack_and_the_end_of_the_run_closes_it() -> None:
    @frame(8 * MB)
    async def waits(ch) -> None:
        await ch.recv()

    async def main() -> None:
        go(waits, chan(int))
        await gs.time.sleep(1)
        print(read_mem_stats().stack_inuse > 8 * MB)

    result = gs.run(main)
    assert (result.stdout, result.outcome) == ("True\n", "leak")


def test_the_function_keeps_its_name_and_kind_and_no_trace_shows_the_door() -> None:
    async def plain(ch) -> None:
        await ch.recv()

    decorated = frame(100)(plain)
    assert decorated.__name__ == "plain"
    assert decorated.__qualname__ == plain.__qualname__
    assert inspect.iscoroutinefunction(decorated)
    assert not inspect.iscoroutinefunction(frame(100)(lambda: None))

    def leak_of(worker) -> tuple:
        async def main() -> None:
            go(worker, chan(int))
            await gs.time.sleep(1)

        (leaked,) = gs.run(main).goroutines
        return [(f.function, f.line) for f in leaked.stack]

    assert leak_of(decorated) == leak_of(plain)


def test_a_variable_that_is_too_large_lies_on_the_heap() -> None:
    """go-facts §5.3: up to 10 MiB on the stack, since 1.24 only up to 128 KiB."""

    def figures(version: str) -> tuple[int, int]:
        seen: list[int] = []

        async def main() -> None:
            before = read_mem_stats()
            with frame(variables=[8 * MB, 100]):
                during = read_mem_stats()
            seen.append(during.stack_inuse - before.stack_inuse)
            seen.append(during.total_alloc - before.total_alloc)

        gs.run(main, go=version)
        return seen[0], seen[1]

    assert figures("1.23") == (8 << 20, 0)
    stack, heap = figures("1.24")
    assert (stack, heap) == (0, 8_003_584)  # whole pages


def test_a_stack_overflow_ends_the_process_with_gos_text_and_runs_nothing_more() -> None:
    async def down(n: int) -> None:
        async with defers() as defer:
            defer(lambda: print("deferred", defer.recover()))
            with frame(args=8 * MB):
                if n:
                    await down(n - 1)

    async def main() -> None:
        try:
            await down(100)
        except Exception:
            print("caught")

    result = gs.run(main)
    lines = result.stderr.splitlines()
    assert (result.outcome, result.exit_code, result.stdout) == ("fatal", 2, "")
    assert lines[0] == "runtime: goroutine stack exceeds 1000000000-byte limit"
    assert lines[1].startswith("runtime: sp=0x")
    assert lines[2] == "fatal error: stack overflow"


@pytest.mark.parametrize("wrong", [-1, "8MB", 1.5])
def test_a_size_that_is_none_is_refused(wrong) -> None:
    with pytest.raises(UsageError, match="frame\\(\\) takes bytes, at least 0, not"):
        frame(wrong)


def test_what_cannot_have_a_frame_is_refused() -> None:
    with pytest.raises(UsageError, match="does not run it"):

        @frame(100)
        def generator():
            yield 1

    with pytest.raises(UsageError, match="belongs above a function"):
        frame(100)(7)
    with pytest.raises(UsageError, match="while no run is going on"), frame(100):
        pass


@pytest.mark.parametrize("written", ["async with frame(n)", "async with frame", "with frame"])
def test_a_frame_with_async_or_without_parentheses_is_explained(written: str) -> None:
    space = {"frame": frame, "n": 100}
    exec(f"async def main():\n    {written}:\n        pass\n", space)
    with pytest.raises(UsageError) as caught:
        gs.run(space["main"])
    assert str(caught.value).endswith(f"write `with frame(n)`, not `{written}`")
