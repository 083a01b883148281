"""Package runtime as programs see it: goroutines counted, stacks, Goexit, processors."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bare import run

import gosim as gs
from gosim import chan, defers, go
from gosim.oracle import run_go
from gosim.oracle.toolchain import Toolchain
from gosim.std import runtime, time


def test_main_and_blocked_goroutines_count() -> None:
    async def blocked() -> None:
        await chan(int).recv()

    async def short() -> None: ...

    async def main() -> None:
        print(runtime.num_goroutine())
        for _ in range(3):
            go(blocked)
        go(short)
        print(runtime.num_goroutine())
        await gs.gosched()
        print(runtime.num_goroutine())

    assert run(main).stdout.split() == ["1", "5", "4"]


def test_goexit_runs_deferred_calls_and_ends_only_its_goroutine() -> None:
    async def worker() -> None:
        async with defers() as defer:
            defer(print, "deferred")
            runtime.goexit()
        print("never")

    async def main() -> None:
        go(worker)
        await time.sleep(1)
        print(runtime.num_goroutine())

    assert run(main).lines == ["deferred", "1"]


def test_after_goexit_main_is_no_goroutine_any_more() -> None:
    async def last() -> None:
        await time.sleep(1)
        print(runtime.num_goroutine())
        gs.os.exit(0)

    async def main() -> None:
        go(last)
        runtime.goexit()

    assert run(main).stdout == "1\n"


GO = """package main

import (
	"fmt"
	"os"
	"runtime"
)

func stack(all bool) string {
	buf := make([]byte, 1<<16)
	return string(buf[:runtime.Stack(buf, all)])
}

func inner(all bool) string { return stack(all) }

func blocked(ch chan int) { <-ch }

func main() {
	ch := make(chan int)
	go blocked(ch)
	go func() { select {} }()
	done := make(chan string)
	runtime.Gosched()
	go func() { done <- inner(os.Args[1] == "all") }()
	fmt.Print(<-done)
}
"""


def _names(text: str) -> list[str]:
    """Headers and function names of a dump, one notation for both languages."""
    lines = []
    for line in text.splitlines():
        if line and not line.startswith("\t"):
            line = re.sub(r"\(.*\)$", "", line)
            line = re.sub(r"^(created by )?main\.[\w.]*?\.?main\.", r"\1main.main.", line)
            lines.append(line)
    return lines


@pytest.mark.go
@pytest.mark.parametrize("everybody", [False, True])
def test_stack_shows_what_real_go_shows(
    everybody: bool, go_toolchain: Toolchain, tmp_path: Path
) -> None:
    """Same goroutines in the same order, same headers, same functions; the caller first."""
    source = tmp_path / "stack.go"
    source.write_text(GO)
    args = ["all" if everybody else "one"]
    real = run_go(source, toolchain=go_toolchain, args=args, wrap=False)
    assert real.exit_code == 0, real.stderr

    found: list[str] = []

    async def blocked(ch: Any) -> None:
        await ch.recv()

    def stack() -> str:
        return runtime.stack(everybody)

    def inner() -> str:
        return stack()

    async def main() -> None:
        ch, done = chan(int), chan(str)

        async def func1() -> None:
            await gs.select()

        async def func2() -> None:
            await done.send(inner())

        go(blocked, ch)
        go(func1)
        await gs.gosched()
        go(func2)
        found.append(await done.recv())

    assert run(main).how == "main"
    # The test's own function is around everything; closures of it are Go's functions of main.
    own = "test_stack_shows_what_real_go_shows."
    told = found[0].replace(own, "")
    assert _names(told) == _names(real.stdout)


def test_the_stack_of_the_caller_ends_where_the_goroutine_begins() -> None:
    async def main() -> None:
        print(runtime.stack())

    lines = run(main).lines
    assert lines[0] == "goroutine 1 [running]:"
    assert [line for line in lines if line[:1] > " "][1:] == [
        "main.test_the_stack_of_the_caller_ends_where_the_goroutine_begins.main(...)"
    ]
    assert f"{__file__}:" in lines[2]


def test_processors_are_those_of_the_run() -> None:
    async def main() -> None:
        print(runtime.num_cpu(), runtime.gomaxprocs(), runtime.gomaxprocs(4))
        print(runtime.gomaxprocs(0), runtime.gomaxprocs(-1), runtime.num_cpu())

    assert run(main).lines == ["1 1 1", "4 4 1"]
    assert gs.run(main, procs=2).stdout == "2 2 2\n4 4 2\n"


def test_gc_calls_who_asked_for_it() -> None:
    async def main() -> None:
        world = gs.runtime.current.current_world()
        world.gc_hooks.append(lambda: print("collected"))
        await runtime.gc()

    assert run(main).stdout == "collected\n"


def test_a_runtime_error_can_be_told_from_other_panics() -> None:
    async def caught(f: Callable[[], Any]) -> Any:
        async with defers() as defer:

            def look() -> None:
                print(isinstance(defer.recover(), runtime.Error), end=" ")

            defer(look)
            f()

    async def main() -> None:
        await caught(lambda: chan(int, -1))
        await caught(lambda: gs.panic("boom"))

    assert run(main).stdout.split() == ["True", "False"]


def test_version_and_system() -> None:
    async def main() -> None:
        print(runtime.version(), runtime.GOOS, runtime.GOARCH, runtime.keep_alive(1))

    assert run(main, go="1.23").stdout == "go1.23 linux amd64 None\n"


def test_gs_runtime_is_the_same_package() -> None:
    for name in set(runtime.__all__) - {"version"}:
        assert getattr(gs.runtime, name) is getattr(runtime, name)
    with pytest.raises(AttributeError, match="package runtime has no"):
        gs.runtime.nonsense
