"""The text of a compiled Go program says what the same program in Python says."""

from __future__ import annotations

from pathlib import Path

import pytest

import gosim.doors  # noqa: F401 - timelines are drawn
from gosim.golang.program import GoProgram
from gosim.leaks.goforms import made_by, snake
from gosim.leaks.run import Run, execute

HEAD = 'package main\n\nimport (\n\t"context"\n\t"sync"\n\t"time"\n)\n'
USED = "var _, _, _ = context.Background, time.Now, sync.OnceFunc\n"


def go(tmp_path: Path, body: str, more: str = "", record: bool = False) -> Run:
    """Run a main with this body; it waits a moment before it returns."""
    file = tmp_path / "x.go"
    text = f"{HEAD}{USED}{more}func main() {{\n{body}\n\ttime.Sleep(time.Second)\n}}\n"
    file.write_text(text, "utf-8")
    return execute(GoProgram(str(file), cache=False), record=record)


@pytest.mark.parametrize(
    ("body", "sentence", "fix"),
    [
        (
            "ch := make(chan int); go func() { for range ch {} }(); ch <- 1",
            "ranges at x.go:10 over ch (unbuffered, made at x.go:10), which ends only when it is "
            "closed: nothing in the program closes it; main.main, which sends on it at x.go:10, "
            "has returned.",
            "`close(ch)`",
        ),
        (
            "var wg sync.WaitGroup; wg.Add(2)\ngo func() { defer wg.Done() }()\n"
            "go func() { wg.Wait() }()",
            "for wg (made at x.go:10), whose counter is still 1: main.main.func1 calls Done at "
            "x.go:11, and no goroutine is in it now.",
            "`defer wg.Done()`",
        ),
        (
            "ctx, cancel := context.WithCancel(context.Background())\n_ = cancel\n"
            "go func() { <-ctx.Done() }()",
            "to receive from ctx.Done() (made at x.go:10): nothing in the program cancels it.",
            "`defer cancel()`",
        ),
        (
            "ticker := time.NewTicker(time.Hour); ticker.Stop()\n"
            "go func() { for range ticker.C {} }()",
            "over ticker.C (made at x.go:10), which ends only when it is closed: the ticker is "
            "stopped, and stopping it does not close its channel.",
            "instead of (or beside) `Stop`",
        ),
        (
            "a := make(chan int); b := make(chan int)\n"
            "go func() { select { case a <- 1: case v := <-b: _ = v } }()",
            "in the select at x.go:11 for sending on a (unbuffered, made at x.go:10) and receiving "
            "from b (unbuffered, made at x.go:10): a: nothing in the program receives from it; b: "
            "nothing in the program sends on it or closes it.",
            "for example with `defer`",
        ),
        (
            "var ch chan int; go func() { ch <- 1 }(); go func() { <-ch }()",
            "sends at x.go:10 on ch, which is nil: that blocks for ever.",
            "`ch = make(chan T)`",
        ),
        (
            "s := &struct{ mu sync.Mutex }{}; s.mu.Lock(); go func() { s.mu.Lock() }()",
            "to lock s.mu: main locked it at x.go:10 and ended without unlocking it.",
            "`defer s.mu.Unlock()`",
        ),
    ],
)
def test_operations_of_go_are_found_in_its_text(
    tmp_path: Path, body: str, sentence: str, fix: str
) -> None:
    leak = go(tmp_path, body).leaks[0]
    assert sentence in leak.explanation
    assert fix in leak.fix


def test_what_a_program_calls_done_itself_is_no_method_of_a_wait_group(tmp_path: Path) -> None:
    run = go(
        tmp_path,
        "c := crew{}; go func() { c.wg.Add(1); c.wg.Wait() }(); c.Done()",
        "type crew struct { wg sync.WaitGroup }\nfunc (c *crew) Done() {}\n",
    )
    assert "calls Done" in run.leaks[0].explanation


def test_names_of_go_in_python() -> None:
    assert [snake(n) for n in ("Lock", "TryRLock", "RUnlock", "TryAcquire", "Do")] == [
        "lock",
        "try_rlock",
        "runlock",
        "try_acquire",
        "do",
    ]
    assert made_by("time.NewTicker") == "new_ticker"
    assert made_by("class:golang.org/x/sync/errgroup.Group") == "Group"
    assert made_by("golang.org/x/sync/errgroup.WithContext") == "with_context"


def test_goroutines_that_cannot_block_have_the_names_that_go_gives_them(tmp_path: Path) -> None:
    run = go(
        tmp_path,
        """
        for i := range 2 { go func() { println(i) }() }
        var wg sync.WaitGroup
        wg.Go(func() { println("group") })
        go hello(1)
        go crew{}.work()
        f := func() { println("f") }
        go f()
        time.AfterFunc(1, func() { println("later") })
        """,
        "type crew struct{}\nfunc (crew) work() {}\nfunc hello(i int) {}\n",
        record=True,
    )
    rows = [line.split() for line in run.timeline().to_text().splitlines()]
    assert [row[1] for row in rows if row and row[0].isdigit()] == [
        "main.main",
        "main.main.func1",
        "main.main.func1",
        "sync.(*WaitGroup).Go.func1",
        "main.hello",
        "main.crew.work",
        "main.main.func3",
        "main.main.func4",
    ]
