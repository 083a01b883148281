"""A timer that only the runtime still knows is kept up to Go 1.22 and collected since 1.23."""

from __future__ import annotations

from typing import Any

import pytest

import gosim as gs
from gosim import chan, go, recv, select

OLD_MODE = [("1.21", None), ("1.22", None), ("1.23", "1.21"), ("1.26", "1.22")]
NEW_MODE = [("1.23", None), ("1.27", None), ("1.27", "1.21")]


def memory(run: Any) -> list[tuple[int, int, str]]:
    """Count, bytes and verdict of the findings about memory."""
    return [(k.count, k.bytes, k.verdict) for k in run.leaks if k.kind == "memory"]


async def forget_tickers() -> None:
    for _ in range(3):
        gs.time.new_ticker(gs.time.Hour)


async def forget_timers() -> None:
    values = chan(int, 1)
    for i in range(5):
        await values.send(i)
        await select(recv(values), recv(gs.time.after(gs.time.Minute)))


@pytest.mark.parametrize(("version", "line"), OLD_MODE)
def test_old_timers_are_kept_by_the_runtimes_list(version: str, line: str | None) -> None:
    each = 210 if line is None else 265  # go-facts 4.1, measured with 100 000 of them
    run = gs.run(forget_tickers, go=version, go_line=line)
    assert run.outcome == "leak"
    assert memory(run) == [(3, 3 * each, "permanent")]
    run = gs.run(forget_timers, go=version, go_line=line)
    assert run.outcome == "ok", "what goes away by itself is no leak"
    assert memory(run) == [(5, 5 * each, "temporary")]
    assert "1m" in run.leaks[0].explanation


@pytest.mark.parametrize(("version", "line"), NEW_MODE)
def test_new_timers_are_collected(version: str, line: str | None) -> None:
    for main in (forget_tickers, forget_timers):
        run = gs.run(main, go=version, go_line=line)
        assert (run.outcome, memory(run)) == ("ok", [])


def test_a_stopped_timer_is_not_kept() -> None:
    async def main() -> None:
        ticker, timer = gs.time.new_ticker(gs.time.Hour), gs.time.new_timer(gs.time.Hour)
        await ticker.stop()
        await timer.stop()

    assert memory(gs.run(main, go="1.22")) == []


def test_a_timer_that_somebody_still_holds_is_not_forgotten() -> None:
    """By a goroutine that works with it, by one that is stuck for good, by a closure of those."""

    async def listener(ticker: Any, done: Any) -> None:
        await select(recv(ticker.C), recv(done))

    async def stuck(ticker: Any, never: Any) -> None:
        await never.recv()
        await ticker.stop()

    async def main() -> None:
        go(listener, gs.time.new_ticker(gs.time.Hour), chan())
        go(stuck, gs.time.new_ticker(gs.time.Hour), chan())

    assert memory(gs.run(main, go="1.22")) == []


def test_a_dead_variable_holds_nothing() -> None:
    """Liveness counts, not scope, as for goroutines."""

    async def stuck(never: Any) -> None:
        ticker = gs.time.new_ticker(gs.time.Hour)
        print(ticker.C is not None)
        await never.recv()  # ticker is not used again

    async def main() -> None:
        go(stuck, chan())
        await gs.time.sleep(1)

    assert memory(gs.run(main, go="1.22")) == [(1, 210, "permanent")]


def test_what_after_func_made_has_something_to_do() -> None:
    async def main() -> None:
        gs.time.after_func(gs.time.Hour, lambda: None)

    assert memory(gs.run(main, go="1.22")) == []


def test_findings_are_grouped_by_the_place_and_tickers_come_first() -> None:
    async def main() -> None:
        for _ in range(4):
            gs.time.after(gs.time.Hour)
        for _ in range(2):
            gs.time.new_ticker(gs.time.Hour)
        gs.time.new_ticker(gs.time.Hour)

    run = gs.run(main, go="1.22")
    assert memory(run) == [(2, 420, "permanent"), (1, 210, "permanent"), (4, 840, "temporary")]
    lines = [int(leak.at.rpartition(":")[2]) for leak in run.leaks]
    first = main.__code__.co_firstlineno
    assert [line - first for line in lines] == [4, 5, 2]
    assert all(leak.holder and leak.fix and leak.explanation for leak in run.leaks)
    assert "tickers" in run.leaks[0].explanation and "a ticker" in run.leaks[1].explanation
    assert run.to_dict()["leaks"][0]["bytes"] == 420
