"""Package os: exit, arguments, the simulated environment, output."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bare import run

import gosim as gs
from gosim import defers, go
from gosim.oracle import run_go
from gosim.oracle.toolchain import Toolchain
from gosim.std import fmt, os, time


@pytest.mark.parametrize(("code", "seen"), [(0, 0), (3, 3), (-1, 255), (256, 0), (1000, 232)])
def test_exit_ends_the_process_at_once(code: int, seen: int) -> None:
    async def other() -> None:
        print("another goroutine ran")

    async def main() -> None:
        go(other)
        async with defers() as defer:
            defer(print, "deferred")
            print("before")
            os.exit(code)

    ended = run(main)
    assert (ended.how, ended.exit_code, ended.stdout) == ("exit", seen, "before\n")


def test_exit_from_another_goroutine_ends_it_too() -> None:
    async def other() -> None:
        os.exit(7)

    async def main() -> None:
        go(other)
        await time.sleep(time.Hour)

    ended = run(main)
    assert (ended.how, ended.exit_code, ended.ns) == ("exit", 7, 0)


def test_exit_wants_a_number() -> None:
    async def main() -> None:
        os.exit("1")  # type: ignore[arg-type]

    with pytest.raises(gs.UsageError, match="code is a number"):
        run(main)


def test_the_environment_is_empty_and_belongs_to_the_run() -> None:
    async def main() -> None:
        print(os.environ(), repr(os.getenv("HOME")), os.lookup_env("PATH"))
        print(os.setenv("b", "2"), os.setenv("a", "1=1"), os.setenv("c", ""))
        print(os.environ(), os.lookup_env("c"), os.getenv("a"))
        print(os.unsetenv("b"), os.unsetenv("x"), os.environ())
        os.clearenv()
        print(os.environ())

    for _ in range(2):
        assert run(main).lines == [
            "[] '' ('', False)",
            "None None None",
            "['b=2', 'a=1=1', 'c='] ('', True) 1=1",
            "None None ['a=1=1', 'c=']",
            "[]",
        ]


def test_arguments_are_those_of_the_run() -> None:
    async def main() -> None:
        print(os.args)

    def prepare(world: Any) -> None:
        world.args = ["prog", "-x", "7"]

    assert run(main, prepare=prepare).stdout == "['prog', '-x', '7']\n"
    with pytest.raises(gs.UsageError, match="no run is going on"):
        os.args
    with pytest.raises(AttributeError):
        os.nonsense  # type: ignore[attr-defined]


def test_both_streams_take_texts_and_bytes() -> None:
    async def main() -> None:
        print(os.stdout.write("é\n"), os.stdout.write(b"x\xff\n"), os.stderr.write_string("e\n"))
        fmt.fprintf(os.stdout, "%d%%\n", 5)
        fmt.fprintln(os.stderr, "oops")
        print(os.stdout.fd(), os.stderr.name(), os.stdout)

    ended = run(main)
    assert (
        ended.stdout == "é\nx\udcff\n(3, None) (3, None) (2, None)\n5%\n1 /dev/stderr /dev/stdout\n"
    )
    assert ended.stderr == "e\noops\n"


GO = """package main

import (
	"fmt"
	"os"
)

func main() {
	defer fmt.Println("deferred")
	fmt.Println(os.Setenv("", "x"), os.Setenv("a=b", "x"), os.Setenv("a\\x00", "x"))
	fmt.Println(os.Setenv("a", "x\\x00"), os.Setenv("a", "="), os.Unsetenv("nothing"))
	v, ok := os.LookupEnv("a")
	fmt.Println(v, ok, os.Getenv("nothing") == "")
	n, err := os.Stdout.Write([]byte("é\\n"))
	fmt.Println(n, err, os.Stdout.Fd(), os.Stdout.Name())
	os.Clearenv()
	fmt.Println(os.Environ())
	os.Exit(300)
}
"""


@pytest.mark.go
@pytest.mark.parametrize("version", ["1.22", "1.27"])
def test_real_go_does_the_same(
    version: str, go_version: Callable[[str], Toolchain], tmp_path: Path
) -> None:
    async def main() -> None:
        async with defers() as defer:
            defer(fmt.println, "deferred")
            fmt.println(os.setenv("", "x"), os.setenv("a=b", "x"), os.setenv("a\0", "x"))
            fmt.println(os.setenv("a", "x\0"), os.setenv("a", "="), os.unsetenv("nothing"))
            v, ok = os.lookup_env("a")
            fmt.println(v, ok, os.getenv("nothing") == "")
            n, err = os.stdout.write(b"\xc3\xa9\n")
            fmt.println(n, err, os.stdout.fd(), os.stdout.name())
            os.clearenv()
            fmt.println(os.environ())
            os.exit(300)

    source = tmp_path / "env.go"
    source.write_text(GO)
    real = run_go(source, toolchain=go_version(version), wrap=False)
    ended = run(main, go=version)
    assert (ended.stdout, ended.exit_code) == (real.stdout, real.exit_code)
